//! Each file: what its first line says, how long it is, and words that it must not hold.

use std::fs;

use crate::{assert_none, files, has_ending, root};

/// The longest file, lines; generated files are free.
const MAX_LINES: usize = 500;
const GENERATED: &str = "web/src/api.d.ts";

/// What is left for later. Cut in two, so that this file does not name them.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("db", "g!("),
];

/// Paths of one machine, and hosts that a package manager's own configuration names.
const PLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/tm", "p/"),
    concat!("static.cra", "tes.io"),
    concat!("index.cra", "tes.io"),
    concat!("registry.npm", "js.org"),
    concat!("py", "pi.org"),
    concat!("pythonho", "sted.org"),
    concat!("deb.deb", "ian.org"),
];

#[test]
fn each_file_begins_by_saying_what_it_is_for() {
    let mut problems = Vec::new();
    for (name, text) in files() {
        let first = text
            .lines()
            .find(|line| !line.starts_with("#!/"))
            .unwrap_or_default();
        let starts: &[&str] = if has_ending(&name, &["rs"]) {
            &["//! "]
        } else if has_ending(&name, &["ts", "mjs", "js"]) {
            &["// ", "/* ", "/**"]
        } else if has_ending(&name, &["py"]) {
            &["\"\"\"", "# "]
        } else if has_ending(&name, &["sh"]) || text.starts_with("#!") {
            &["# "]
        } else {
            continue;
        };
        if !starts.iter().any(|start| first.starts_with(start)) {
            problems.push(format!(
                "{name} begins with `{first}`; expected {starts:?} and a sentence"
            ));
        }
    }
    assert_none(&problems, "the first line says what a file is for");
}

#[test]
fn no_source_file_is_longer_than_the_cap() {
    let mut problems = Vec::new();
    for (name, text) in files() {
        let lines = text.lines().count();
        if has_ending(&name, &["rs", "ts", "mjs", "py"]) && lines > MAX_LINES && name != GENERATED {
            problems.push(format!(
                "{name} has {lines} lines; at most {MAX_LINES} are wanted"
            ));
        }
    }
    assert_none(&problems, "size of files");
}

#[test]
fn nothing_is_left_unfinished_and_no_file_names_a_machine() {
    let mut problems = Vec::new();
    for (name, text) in files() {
        for (line, number) in text.lines().zip(1..) {
            for found in UNFINISHED
                .iter()
                .chain(PLACES)
                .filter(|found| line.contains(**found))
            {
                problems.push(format!("{name}:{number}: `{found}`"));
            }
        }
    }
    assert_none(&problems, "words that must not stay in a file");
}

#[test]
fn every_fuzz_target_is_in_its_manifest_and_in_its_readme() {
    let read = |name: &str| fs::read_to_string(root().join("fuzz").join(name)).expect(name);
    let (manifest, readme) = (read("Cargo.toml"), read("README.md"));
    let mut targets = Vec::new();
    for (name, text) in files() {
        let Some(target) = name
            .strip_prefix("fuzz/fuzz_targets/")
            .and_then(|name| name.strip_suffix(".rs"))
        else {
            continue;
        };
        let bin = format!("[[bin]]\nname = \"{target}\"\npath = \"fuzz_targets/{target}.rs\"\n");
        assert!(manifest.contains(&bin), "{target} is not in fuzz/Cargo.toml");
        assert!(
            readme.contains(&format!("`{target}`")),
            "{target} is not in fuzz/README.md"
        );
        assert!(text.contains("fuzz_target!(|"), "{name} has no target");
        targets.push(target.to_owned());
    }
    assert_eq!(manifest.matches("[[bin]]").count(), targets.len(), "{targets:?}");
}
