//! Reads the real data that lies beside a checkout, in `../shared/data`.
//!
//! On a user's machine the folder is usually missing and the test says that it was skipped; with `CI=true` that is a
//! failure, so that a skipped check never looks like a passed one.

use std::path::PathBuf;

/// The path of a file in the shared data, or `None` (with a line that says so) when it is not there.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub fn path(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "CI needs ../shared/data/{name}, which is missing"
    );
    eprintln!("skipped: ../shared/data/{name} is not on this machine");
    None
}

/// The text of a file in the shared data, or `None` when it is not there.
pub fn read(name: &str) -> Option<String> {
    path(name).map(|path| std::fs::read_to_string(path).expect("a readable file"))
}
