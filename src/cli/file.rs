//! Files that commands write: each appears as a whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Writes a file; it is replaced as a whole or not at all.
pub fn replace(path: &Path, bytes: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let mut part = Part::for_all(path)?;
    let written = part.file.write_all(bytes.as_ref());
    written.with_context(|| format!("cannot write {}", part.unfinished.display()))?;
    part.finish()
}

/// A file on its way: it has another name until it is whole, and goes when it never is.
#[derive(Debug)]
pub struct Part {
    /// What is written.
    pub file: File,
    unfinished: PathBuf,
    path: PathBuf,
}

impl Part {
    /// A file that everybody may read whom the folder lets.
    pub fn for_all(path: &Path) -> anyhow::Result<Self> {
        Self::create(path, 0o666)
    }

    /// A file that nobody else may read.
    pub fn private(path: &Path) -> anyhow::Result<Self> {
        Self::create(path, 0o600)
    }

    fn create(path: &Path, mode: u32) -> anyhow::Result<Self> {
        let mut name = path
            .file_name()
            .with_context(|| format!("{} names no file", path.display()))?
            .to_owned();
        // Two programs that write the same file are not in each other's way; the later one stays.
        name.push(format!(".part-{}", std::process::id()));
        let part = path.with_file_name(name);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&part)
            .with_context(|| format!("cannot write {}", part.display()))?;
        Ok(Self {
            file,
            unfinished: part,
            path: path.to_owned(),
        })
    }

    /// The file is whole: it is made durable and gets its name.
    pub fn finish(self) -> anyhow::Result<()> {
        let synced = self.file.sync_all();
        synced.with_context(|| format!("cannot write {}", self.unfinished.display()))?;
        std::fs::rename(&self.unfinished, &self.path)
            .with_context(|| format!("cannot replace {}", self.path.display()))?;
        // The new name lasts once its folder is written. Where that cannot be asked for, the file is whole all the same.
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Ok(folder) = File::open(folder.unwrap_or_else(|| Path::new("."))) {
            drop(folder.sync_all());
        }
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After `finish` there is nothing under this name; before it, what is half written is of no use.
        drop(std::fs::remove_file(&self.unfinished));
    }
}
