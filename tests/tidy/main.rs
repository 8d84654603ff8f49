//! Rules about the project's own files: who may use whom, sizes, first lines, licences, names that must not appear,
//! and a README that agrees with the program.

mod files;
mod layers;
mod licences;
mod readme;

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that no file of the project is in.
const NOT_OURS: &[&str] = &[
    ".git",
    "target",
    "node_modules",
    "dist",
    "artefacts",
    "corpus",
    "artifacts",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the project: its path from the root, and its text where it is text.
fn files() -> Vec<(String, String)> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_file() {
                files.push(path);
            } else if !NOT_OURS.contains(&name.as_str()) {
                collect(&path, files);
            }
        }
    }
    let mut paths = Vec::new();
    collect(root(), &mut paths);
    paths.sort();
    let named = paths.into_iter().filter_map(|path| {
        let name = path.strip_prefix(root()).ok()?.to_str()?.replace('\\', "/");
        Some((name, fs::read_to_string(path).ok()?))
    });
    named.collect()
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.contains(&ending))
}

fn assert_none(problems: &[String], rule: &str) {
    assert!(problems.is_empty(), "{rule}:\n  {}", problems.join("\n  "));
}
