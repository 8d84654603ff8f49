//! Who may use whom: the table of modules, and the crates that are kept to some of them.

use std::collections::BTreeSet;
use std::fs;

use crate::{assert_none, files, has_ending, root};

/// Each module of `src/` and the modules that it may use. `cli` may use every other, and nobody may use `cli`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("index", &["domain"]),
    ("import", &["domain"]),
    ("storage", &["domain"]),
    ("remote", &["domain"]),
    ("locator", &["domain", "index"]),
    ("planner", &["domain", "index", "locator"]),
    ("export", &["domain", "locator", "planner"]),
    ("telemetry", &[]),
    (
        "register",
        &[
            "domain", "index", "import", "storage", "remote", "locator", "export",
        ],
    ),
    (
        "http",
        &[
            "domain", "import", "storage", "locator", "planner", "export", "register",
        ],
    ),
    (
        "cli",
        &[
            "domain",
            "index",
            "import",
            "storage",
            "remote",
            "locator",
            "planner",
            "export",
            "register",
            "telemetry",
            "http",
        ],
    ),
];

/// Crates that are kept to some modules, by the beginning of their names.
const KEPT_TO: &[(&str, &[&str])] = &[
    ("rstar", &["index"]),
    ("actix_", &["http", "cli"]),
    ("anyhow", &["cli"]),
    ("clap", &["cli", "telemetry"]),
    ("governor", &["http"]),
    ("sqlx", &["storage"]),
    ("reqwest", &["remote"]),
    ("rustls", &["remote"]),
    ("indicatif", &["cli"]),
];

/// The module at the top that a file of `src/` belongs to; `None` for `lib.rs` and `main.rs`.
fn top_module(name: &str) -> Option<&str> {
    let inside = name.strip_prefix("src/")?;
    let top = inside.split('/').next()?.trim_end_matches(".rs");
    (top != "lib" && top != "main").then_some(top)
}

/// The modules at the top that a line of code names: `crate::x`, `crate::{x, y::z}`, or a `super` chain that ends there.
fn used_modules(line: &str, depth: usize) -> Vec<String> {
    let is_word = |sign: char| sign.is_alphanumeric() || sign == '_';
    let word = |text: &str| text.chars().take_while(|sign| is_word(*sign)).collect::<String>();
    let to_the_top = "super::".repeat(depth);
    let mut used = Vec::new();
    for start in ["crate::", to_the_top.as_str()] {
        for (at, _) in line.match_indices(start) {
            if line
                .get(..at)
                .is_some_and(|before| before.ends_with(|sign| is_word(sign) || sign == ':'))
            {
                continue;
            }
            let rest = line.get(at + start.len()..).unwrap_or_default();
            match rest.strip_prefix('{') {
                None => used.push(word(rest)),
                Some(group) => used.extend(group.split(',').map(|entry| word(entry.trim_start()))),
            }
        }
    }
    used.retain(|module| !module.is_empty() && module != "super");
    used
}

/// Lines of code with their numbers; comments left out.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn each_module_uses_only_what_the_table_allows() {
    let mut problems = Vec::new();
    for (name, text) in files() {
        let Some(top) = top_module(&name).filter(|_| has_ending(&name, &["rs"])) else {
            continue;
        };
        let Some((_, allowed)) = MAY_USE.iter().find(|(module, _)| *module == top) else {
            problems.push(format!("{name}: `{top}` is not in MAY_USE"));
            continue;
        };
        // How often `super::` leads from here to the top of the crate; once more inside `mod tests`.
        let mut depth = name.matches('/').count() - usize::from(name.ends_with("/mod.rs"));
        for (number, line) in code_lines(&text) {
            if line == "mod tests {" {
                depth += 1;
            }
            for used in used_modules(line, depth) {
                if used != top && !allowed.contains(&used.as_str()) {
                    problems.push(format!(
                        "{name}:{number}: `{top}` uses `{used}`; it may use {allowed:?}"
                    ));
                }
            }
            for (package, kept) in KEPT_TO {
                let is_named =
                    line.contains(&format!("use {package}")) || line.contains(&format!(" {package}::"));
                if is_named && !kept.contains(&top) {
                    problems.push(format!(
                        "{name}:{number}: `{top}` uses `{package}`; only {kept:?} may"
                    ));
                }
            }
        }
    }
    assert_none(&problems, "who may use whom (MAY_USE and KEPT_TO in tests/tidy)");
}

#[test]
fn the_table_and_the_code_map_name_the_same_modules() {
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let in_map: BTreeSet<&str> = map
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let in_table: BTreeSet<&str> = MAY_USE.iter().map(|(module, _)| *module).collect();
    assert_eq!(in_map, in_table, "src/lib.rs on the left, MAY_USE on the right");
}

#[test]
fn paths_to_modules_are_found_in_a_line() {
    assert_eq!(used_modules("use crate::domain::units::Meters;", 2), ["domain"]);
    assert_eq!(
        used_modules("use crate::{cli, index::Origin};", 2),
        ["cli", "index"]
    );
    assert_eq!(used_modules("let x = super::super::http::y();", 2), ["http"]);
    assert!(used_modules("use super::snapshot::Snapshot;", 2).is_empty());
}
