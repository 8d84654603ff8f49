//! The real program as a person or a script uses it: what it prints, what it writes, and how it ends.

#[path = "../shared_data/mod.rs"]
mod shared_data;

mod audit;
mod backup;
mod check;
mod convert;
mod help;
mod imports;
mod plan;
mod questions;
mod register;
mod report;
mod small;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A register with a good row, a row with two mistakes and one with another.
const BAD_CSV: &str = "编号,名称,经度,纬度,设施\n1,甲,113.5,34.8,微波炉\n2,,34.8,113.5,微波炉\n3,丙,x,34.8,\n4,丁,113.6,34.9,桑拿\n";
/// A register without a mistake.
const GOOD_CSV: &str = "id,name,lon,lat,facilities\na,甲,113.5,34.8,microwave;toilet=no\nb,乙,113.6,34.9,\n";

/// How a run ended and what it said.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

/// The program, without settings of the person who runs the tests.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yizhan"));
    let settings = std::env::vars()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("YIZHAN_"));
    for name in settings {
        command.env_remove(name);
    }
    // Help is wrapped to the width of the terminal.
    command.env("COLUMNS", "100").args(args).stdin(Stdio::null());
    command
}

fn ended(command: &mut Command) -> Ended {
    let output = command.output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ended {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

fn run(args: &[&str]) -> Ended {
    ended(&mut program(args))
}

/// Runs the program with a text on standard input.
fn run_with_input(args: &[&str], input: &str) -> Ended {
    let mut child = program(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("the program reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    Ended {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn file(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a writable folder");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Runs the program and closes its standard output before it has said everything.
fn run_into_closed_pipe(args: &[&str]) -> Ended {
    let mut child = program(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    Ended {
        code: output.status.code(),
        out: String::new(),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}
