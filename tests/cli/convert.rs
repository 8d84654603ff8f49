//! `convert` writes whole files or none, and what it writes is read again.

use crate::{GOOD_CSV, ended, file, folder, program, run, run_into_closed_pipe, text};

fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_register_becomes_geojson_and_geojson_stays_as_it_is() {
    let folder = folder();
    let path = file(&folder, "good.csv", GOOD_CSV);
    let first = run(&["convert", text(&path), "--coord", "gcj02"]);
    assert_eq!(first.code, Some(0), "{}", first.err);
    assert!(
        first
            .out
            .contains(r#""original":{"lon":113.5,"lat":34.8,"datum":"gcj02"}"#),
        "{}",
        first.out
    );
    let written = file(&folder, "first.geojson", &first.out);
    let second = run(&["convert", text(&written)]);
    assert_eq!(second.out, first.out);
}

#[test]
fn the_demo_city_is_converted_when_no_file_is_named() {
    let geojson = run(&["convert"]);
    assert_eq!(geojson.code, Some(0), "{}", geojson.err);
    assert_eq!(geojson.out.matches(r#""type":"Feature","#).count(), 74);
    let csv = run(&["convert", "--to", "csv"]);
    assert_eq!((csv.code, csv.out.lines().count()), (Some(0), 75));
}

#[test]
fn a_table_is_written_in_the_datum_asked_for() {
    let folder = folder();
    let path = file(&folder, "good.csv", GOOD_CSV);
    let csv = run(&[
        "convert",
        text(&path),
        "--coord",
        "gcj02",
        "--to",
        "csv",
        "--out-coord",
        "gcj02",
    ]);
    let row = csv.out.lines().nth(1).unwrap_or_default();
    assert!(row.starts_with("a,甲,,,,,113.500000,34.800000,gcj02,"), "{row}");
    assert!(row.contains("microwave;toilet=no"), "{row}");
}

#[test]
fn a_file_is_written_whole_and_its_name_says_the_form() {
    let folder = folder();
    let path = file(&folder, "good.csv", GOOD_CSV);
    for (name, start) in [
        ("out.csv", "id,name,"),
        ("out.geojson", "{\"type\":\"FeatureCollection\""),
    ] {
        let out = folder.path().join(name);
        let ended = run(&["convert", text(&path), "--out", text(&out)]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "{}", ended.err);
        assert!(ended.err.contains("2 stations of 2 rows"), "{}", ended.err);
        let written = std::fs::read_to_string(&out).expect("a file");
        assert!(written.starts_with(start), "{written}");
    }
    // A second time over the first file.
    let out = folder.path().join("out.csv");
    assert_eq!(run(&["convert", "--out", text(&out)]).code, Some(0));
    assert_eq!(std::fs::read_to_string(&out).expect("a file").lines().count(), 75);
    assert_eq!(names(folder.path()), ["good.csv", "out.csv", "out.geojson"]);
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing_behind() {
    let folder = folder();
    let taken = folder.path().join("taken.csv");
    std::fs::create_dir(&taken).expect("a folder");
    let ended = run(&["convert", "--out", text(&taken)]);
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    assert!(ended.err.contains("cannot replace"), "{}", ended.err);
    assert_eq!(names(folder.path()), ["taken.csv"]);
    let nowhere = folder.path().join("no/such/out.csv");
    assert_eq!(run(&["convert", "--out", text(&nowhere)]).code, Some(3));
    // A source that is wrong leaves an existing file as it was.
    let kept = file(&folder, "kept.geojson", "kept");
    let source = file(&folder, "wrong.csv", "id,name,lon,lat\na,,1,1\n");
    assert_eq!(
        run(&["convert", text(&source), "--out", text(&kept)]).code,
        Some(3)
    );
    assert_eq!(std::fs::read_to_string(&kept).expect("a file"), "kept");
    assert_eq!(names(folder.path()), ["kept.geojson", "taken.csv", "wrong.csv"]);
}

#[test]
fn named_files_are_converted_and_not_those_of_the_environment() {
    let folder = folder();
    let (named, other) = (
        file(&folder, "a.csv", GOOD_CSV),
        file(&folder, "b.csv", "id,name,lon,lat\nz,丁,113,34\n"),
    );
    let csv = ["convert", "--to", "csv"];
    let both = ended(program(&csv).arg(&named).env("YIZHAN_STATIONS", &other));
    assert_eq!(both.out.lines().count(), 3, "{}", both.out);
    let only_environment = ended(program(&csv).env("YIZHAN_STATIONS", &other));
    assert_eq!(only_environment.out.lines().count(), 2);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    for args in [
        &["convert"][..],
        &["convert", "--to", "csv"],
        &["nearest", "--lon", "109.5", "--lat", "18.25"],
    ] {
        let ended = run_into_closed_pipe(args);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{args:?}");
    }
}
