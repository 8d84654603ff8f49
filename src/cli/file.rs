//! Files that commands write.

use std::path::Path;

use anyhow::Context as _;

/// Writes a file; it is replaced as a whole or not at all.
pub fn replace(path: &Path, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let mut name = path.file_name().context("--out names no file")?.to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = std::fs::write(&part, bytes)
        .with_context(|| format!("cannot write {}", part.display()))
        .and_then(|()| {
            std::fs::rename(&part, path).with_context(|| format!("cannot replace {}", path.display()))
        });
    if written.is_err() {
        // What is half written is of no use; the error that matters is the first one.
        drop(std::fs::remove_file(&part));
    }
    written
}
