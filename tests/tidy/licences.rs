//! The licences of what the program is made from.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::{assert_none, root};

/// Licences that a dependency may be used under.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an SPDX expression lets its reader choose licences of [`LICENCES`] only. `/` is an old form of OR.
fn is_allowed(expression: &str) -> bool {
    fn any(words: &mut std::iter::Peekable<std::slice::Iter<'_, &str>>) -> bool {
        let mut is_good = all(words);
        while words.next_if(|word| **word == "OR").is_some() {
            // Both sides are read, whatever the first one says.
            is_good |= all(words);
        }
        is_good
    }
    fn all(words: &mut std::iter::Peekable<std::slice::Iter<'_, &str>>) -> bool {
        let mut is_good = one(words);
        while words.next_if(|word| **word == "AND").is_some() {
            is_good &= one(words);
        }
        is_good
    }
    fn one(words: &mut std::iter::Peekable<std::slice::Iter<'_, &str>>) -> bool {
        let Some(word) = words.next() else { return false };
        if *word == "(" {
            let is_good = any(words);
            return words.next_if(|word| **word == ")").is_some() && is_good;
        }
        // An exception only adds permissions.
        if words.next_if(|word| **word == "WITH").is_some() {
            words.next();
        }
        LICENCES.contains(word)
    }
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut words = words.iter().peekable();
    any(&mut words) && words.next().is_none()
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0 OR MIT",
        "(MIT OR GPL-2.0) AND BSD-3-Clause",
    ] {
        assert!(is_allowed(good), "{good}");
    }
    assert!(is_allowed("Apache-2.0 WITH LLVM-exception OR LGPL-2.1-or-later"));
    for bad in [
        "",
        "GPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "AGPL-3.0 OR LGPL-3.0",
        "(MIT",
        "MIT MIT",
    ] {
        assert!(!is_allowed(bad), "{bad}");
    }
}

/// The JSON that cargo prints about every crate of this platform; they are all on the machine once this test is built.
fn crates() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run = |arguments: &[&str]| {
        let output = Command::new(&cargo)
            .args(arguments)
            .current_dir(root())
            .output()
            .expect("cargo starts");
        let problem = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "cargo {arguments:?}: {problem}");
        output.stdout
    };
    let version = String::from_utf8(run(&["-vV"])).expect("cargo prints text");
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("cargo names its host");
    let printed = run(&[
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--offline",
        "--filter-platform",
        host,
    ]);
    serde_json::from_slice(&printed).expect("cargo prints JSON")
}

#[test]
fn each_dependency_has_a_licence_that_this_project_can_live_with() {
    let mut problems = Vec::new();
    for package in crates()["packages"].as_array().expect("packages") {
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_allowed(licence) {
            problems.push(format!("crate {}: licence `{licence}`", package["name"]));
        }
    }
    // Of npm, what ends up in the binary; tools that only build the pages stay outside of it.
    let lock = fs::read_to_string(root().join("web/package-lock.json")).expect("web/package-lock.json");
    let lock: Value = serde_json::from_str(&lock).expect("JSON");
    for (path, package) in lock["packages"].as_object().expect("packages") {
        let licence = package["license"].as_str().unwrap_or_default();
        if package["dev"] != true && !is_allowed(licence) {
            problems.push(format!("npm {path}: licence `{licence}`"));
        }
    }
    assert_none(&problems, "licences (LICENCES in tests/tidy)");
}
