//! The README agrees with the program: endpoints, commands, flags, and the commands that it shows.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::root;

/// The rows of the first table below a heading, each as its cells.
fn table_below<'a>(readme: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let section = readme.split_once(heading).expect("the README has this heading").1;
    section
        .lines()
        .skip_while(|line| !line.starts_with("| ---"))
        .skip(1)
        .map_while(|line| line.strip_prefix("| "))
        .map(|row| {
            row.split(" | ")
                .map(|cell| cell.trim_matches([' ', '|']))
                .collect()
        })
        .collect()
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("README.md")
}

/// The words in backticks of a cell.
fn in_backticks(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn the_readme_lists_every_endpoint_and_no_other() {
    let readme = readme();
    let mut listed = BTreeSet::new();
    for row in table_below(&readme, "## Endpoints") {
        for entry in in_backticks(row[0]) {
            let (methods, path) = entry.split_once(' ').unwrap_or(("GET", entry));
            listed.extend(methods.split(',').map(|method| format!("{method} {path}")));
        }
    }
    let operations = yizhan::http::OPERATIONS.iter();
    let served: BTreeSet<String> = operations
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    assert_eq!(
        listed, served,
        "README on the left, yizhan::http::OPERATIONS on the right"
    );
}

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_yizhan"))
        .args(arguments)
        .arg("--help")
        .output()
        .expect("the program starts");
    String::from_utf8(output.stdout).expect("help is text")
}

#[test]
fn the_readme_lists_every_command_and_no_other() {
    let (readme, help) = (readme(), help(&[]));
    let rows = table_below(&readme, "## Command line");
    let listed: BTreeSet<&str> = rows.iter().flat_map(|row| in_backticks(row[0])).collect();
    let listed: BTreeSet<&str> = listed
        .iter()
        .filter_map(|entry| entry.split(' ').next())
        .collect();
    let commands = help.split_once("Commands:\n").expect("help has commands").1;
    let commands = commands.lines().take_while(|line| line.starts_with("  "));
    let offered: BTreeSet<&str> = commands
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert_eq!(
        listed, offered,
        "README on the left, `yizhan --help` on the right"
    );
}

#[test]
fn the_readme_lists_every_flag_of_serve_with_its_variable() {
    let (readme, help) = (readme(), help(&["serve"]));
    let rows = table_below(&readme, "## Configuration");
    let listed: BTreeSet<(&str, &str)> = rows
        .iter()
        .filter_map(|row| Some((in_backticks(row[0]).next()?, in_backticks(row[1]).next()?)))
        .collect();
    let flags = help.split("\n      --").skip(1).filter_map(|text| {
        let flag = text.split([' ', '\n']).next()?;
        let variable = text.split_once("[env: ")?.1.split(['=', ']']).next()?;
        Some((format!("--{flag}"), variable))
    });
    let offered: Vec<(String, &str)> = flags.collect();
    let offered: BTreeSet<(&str, &str)> = offered
        .iter()
        .map(|(flag, variable)| (flag.as_str(), *variable))
        .collect();
    assert_eq!(
        listed, offered,
        "README on the left, `yizhan serve --help` on the right"
    );
}

/// The text of the code blocks of a language.
fn blocks<'a>(readme: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    readme
        .split(&fence)
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .collect()
}

#[test]
fn the_commands_in_the_readme_do_what_it_says() {
    let readme = readme();
    let folder = tempfile::tempdir().expect("a folder");
    // The README's own table is the register that its commands read.
    let table = blocks(&readme, "csv")
        .first()
        .copied()
        .expect("a table in README");
    fs::write(folder.path().join("register.csv"), table).expect("written");
    let city = root().join("tests/import/fixtures/city.osm.pbf");
    fs::copy(city, folder.path().join("city.osm.pbf")).expect("copied");
    let mut tried = 0;
    for block in blocks(&readme, "sh") {
        for line in block
            .lines()
            .filter(|line| line.starts_with("yizhan ") && !line.starts_with("yizhan serve"))
        {
            let own = format!("\"{}\"", env!("CARGO_BIN_EXE_yizhan"));
            let output = Command::new("sh")
                .args(["-c", &line.replacen("yizhan", &own, 1)])
                .current_dir(folder.path())
                .output()
                .expect("sh starts");
            let printed = String::from_utf8_lossy(&output.stderr);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{line}\n{printed}");
            tried += 1;
        }
    }
    assert!(tried >= 5, "only {tried} commands were tried");
}
