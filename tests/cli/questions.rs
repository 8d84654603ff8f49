//! `nearest` and `along-route` give what the endpoints give, and the same errors in the words of flags.

use serde_json::Value;
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::http::{Published, offline};
use yizhan::import::{ImportFormat, ImportOptions, parse, parse_districts};
use yizhan::locator::{Clock, Reference, Snapshot};

use crate::{BAD_CSV, GOOD_CSV, ended, file, folder, program, run, shared_data, text};

pub fn demo() -> Published {
    let stations = include_bytes!("../../data/demo_city.geojson");
    let districts = include_bytes!("../../data/districts.geojson");
    let options = ImportOptions::default();
    let imported = parse(stations, "demo", Some(ImportFormat::GeoJson), &options).expect("the demo city");
    let reference = Reference {
        calendar: WorkCalendar::bundled().into(),
        clock: Clock::default(),
        districts: parse_districts(districts, "districts").expect("outlines").into(),
        standards: Vec::new().into(),
    };
    Published::new(Snapshot::build(imported.stations, reference, 1))
}

fn json(text: &str) -> Value {
    let mut answer: Value = serde_json::from_str(text).expect("JSON");
    answer["timeStamp"] = Value::Null;
    answer
}

const NEAR: [&str; 5] = ["nearest", "--lon", "109.51", "--lat", "18.25"];

fn nearest(more: &[&str]) -> crate::Ended {
    run(&[&NEAR, more].concat())
}

#[test]
fn nearest_gives_the_answer_of_the_endpoint() {
    let ended = nearest(&[
        "--limit",
        "4",
        "--mode",
        "ebike",
        "--facilities",
        "microwave,drinking_water",
        "--include-unknown",
        "--open",
        "2026-02-14T12:30:00+08:00",
        "--stay-min",
        "15",
        "--from-coord",
        "gcj02",
        "--out-coord",
        "bd09",
        "--district",
        "吉阳区,460204",
        "--lang",
        "en",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let query = "lon=109.51&lat=18.25&limit=4&mode=ebike&facilities=microwave,drinking_water&include_unknown=true\
        &open=2026-02-14T12:30:00%2B08:00&stay_min=15&coord=gcj02&out_coord=bd09&district=吉阳区,460204&lang=en";
    let answer = offline("/v1/nearest", query, &demo()).expect("an answer");
    assert_eq!(json(&ended.out), json(&answer.text));
    assert_eq!(answer.found, 4);
}

#[test]
fn along_route_gives_the_answer_of_the_endpoint() {
    let line = "109.48,18.25;109.53,18.27";
    let open = "2026-11-20T12:00:00+08:00";
    let ended = run(&[
        "along-route",
        "--line",
        line,
        "--distance-m",
        "800",
        "--limit",
        "5",
        "--open",
        open,
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let query = format!(
        "line={line}&distance_m=800&limit=5&open={}",
        open.replace('+', "%2B")
    );
    let answer = offline("/v1/along-route", &query, &demo()).expect("an answer");
    assert_eq!(json(&ended.out), json(&answer.text));
    assert!(answer.found > 0);
}

#[test]
fn the_other_forms_are_those_of_the_endpoint_too() {
    let time = ["--open", "2026-11-20T12:00:00+08:00", "--limit", "2"];
    let query = "lon=109.51&lat=18.25&limit=2&open=2026-11-20T12:00:00%2B08:00";
    for form in ["csv", "txt"] {
        let ended = nearest(&[&time[..], &["-f", form]].concat());
        let answer = offline("/v1/nearest", &format!("{query}&f={form}"), &demo()).expect("an answer");
        assert_eq!(ended.out.trim_end(), answer.text.trim_end());
    }
}

#[test]
fn nothing_found_ends_with_1_and_a_wrong_value_with_2() {
    let nothing = run(&[
        "nearest",
        "--lon",
        "1",
        "--lat",
        "-1",
        "--radius-m",
        "10",
        "-f",
        "txt",
    ]);
    assert_eq!((nothing.code, nothing.err.as_str()), (Some(1), ""));
    assert!(nothing.out.contains("没有符合条件的驿站"), "{}", nothing.out);
    for (more, expected) in [
        (
            &["--limit", "0"][..],
            "yizhan: `--limit` is `0`; expected a whole number from 1 to 100",
        ),
        (&["--limit", "-1"], "`--limit` is `-1`"),
        (
            &["--radius-m", "0"],
            "`--radius-m` is `0`; expected a number above 0",
        ),
        (
            &["--from-coord", "utm"],
            "`--from-coord` is `utm`; expected one of wgs84, gcj02, bd09",
        ),
        (
            &["--facilities", "sauna"],
            "`--facilities` is `sauna`; expected one of indoor_rest",
        ),
        (&["--district", "丙区"], "`--district` is `丙区`"),
        (&["--stay-min", "5"], "`--stay-min` says how long"),
        (
            &["--open", "tomorrow"],
            "`--open` is `tomorrow`; expected now, arrival, or",
        ),
        (&["-f", "xml"], "xml"),
    ] {
        let ended = nearest(more);
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (Some(2), ""),
            "{more:?}: {}",
            ended.err
        );
        assert!(ended.err.contains(expected), "{more:?}: {}", ended.err);
        assert!(!ended.err.contains("parameter"), "{more:?}: {}", ended.err);
    }
    let swapped = run(&["nearest", "--lon", "18.25", "--lat", "109.51"]);
    assert_eq!(swapped.code, Some(2));
    assert!(
        swapped.err.contains("did you mean `109.51` as longitude"),
        "{}",
        swapped.err
    );
}

#[test]
fn settings_of_the_environment_name_the_register_and_its_datum() {
    let folder = folder();
    let path = file(&folder, "register.csv", GOOD_CSV);
    let question = [
        "nearest",
        "--lon",
        "113.5",
        "--lat",
        "34.8",
        "--limit",
        "1",
        "--fields",
        "original,distance_m",
    ];
    let ask = |coord: &str| {
        let ended = ended(
            program(&question)
                .env("YIZHAN_STATIONS", &path)
                .env("YIZHAN_COORD", coord),
        );
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        json(&ended.out)["features"][0]["properties"].clone()
    };
    assert_eq!(
        (
            ask("wgs84")["distance_m"].as_f64(),
            &ask("wgs84")["original"]["datum"]
        ),
        (Some(0.0), &"wgs84".into())
    );
    let moved_m = ask("gcj02")["distance_m"].as_f64().expect("a distance");
    assert!((400.0..800.0).contains(&moved_m), "{moved_m}");
    assert_eq!(ask("gcj02")["original"]["datum"], "gcj02");
    // A flag counts more than the environment.
    let ended = ended(
        program(&question)
            .args(["--coord", "wgs84"])
            .env("YIZHAN_STATIONS", &path)
            .env("YIZHAN_COORD", "bd09"),
    );
    assert_eq!(json(&ended.out)["features"][0]["properties"]["distance_m"], 0.0);
}

#[test]
fn several_files_and_folders_are_one_register() {
    let (one, two) = (folder(), folder());
    let first = file(&one, "a.csv", GOOD_CSV);
    file(&two, "b.geojson", include_str!("../../data/demo_city.geojson"));
    file(&two, "notes.txt", "no register");
    let stations = [text(&first), text(two.path())];
    for paths in [
        vec![stations[0], stations[1]],
        vec![stations[0], "--stations", stations[1]],
    ] {
        let args = [
            &[
                "nearest",
                "--lon",
                "113.5",
                "--lat",
                "34.8",
                "--limit",
                "100",
                "-f",
                "csv",
                "--stations",
            ],
            &paths[..],
        ];
        let ended = run(&args.concat());
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        assert_eq!(ended.out.lines().count(), 1 + 2 + 68, "open ones of 2 and 74");
    }
}

#[test]
fn rows_that_are_wrong_are_left_out_with_a_word_and_refused_when_strict() {
    let folder = folder();
    let path = file(&folder, "bad.csv", BAD_CSV);
    let ask = [
        "nearest",
        "--lon",
        "113.5",
        "--lat",
        "34.8",
        "-f",
        "txt",
        "--stations",
        text(&path),
    ];
    let lenient = run(&ask);
    assert_eq!(
        (lenient.code, lenient.out.lines().count()),
        (Some(0), 2),
        "{}",
        lenient.err
    );
    assert!(
        lenient
            .err
            .contains("bad.csv:3: 纬度: `34.8,113.5` has latitude first"),
        "{}",
        lenient.err
    );
    for strict in [
        ended(program(&ask).arg("--strict")),
        ended(program(&ask).env("YIZHAN_STRICT", "1")),
    ] {
        assert_eq!(
            (strict.code, strict.out.as_str()),
            (Some(3), ""),
            "{}",
            strict.err
        );
        assert!(strict.err.contains("3 errors in"), "{}", strict.err);
    }
    assert_eq!(ended(program(&ask).env("YIZHAN_STRICT", "0")).code, Some(0));
}

#[test]
fn a_file_that_cannot_be_used_ends_with_3_and_is_named() {
    let folder = folder();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    let blank = file(&folder, "blank.csv", "\n\n");
    let no_columns = file(&folder, "people.csv", "first,last\na,b\n");
    let broken = file(
        &folder,
        "broken.geojson",
        r#"{"type":"FeatureCollection","features":[{"#,
    );
    for (path, expected) in [
        (folder.path().join("missing.csv"), "missing.csv` cannot be read"),
        (empty, "has no stations; expected at least one *.csv"),
        (blank, "blank.csv` is empty"),
        (no_columns, "people.csv` has no column"),
        (broken, "broken.geojson` is not GeoJSON at line 1"),
    ] {
        for args in [
            &["nearest", "--lon", "1", "--lat", "1", "--stations"][..],
            &["check"],
            &["convert"],
        ] {
            let ended = run(&[args, &[text(&path)]].concat());
            assert_eq!(
                (ended.code, ended.out.as_str()),
                (Some(3), ""),
                "{args:?} {}",
                ended.err
            );
            assert!(ended.err.contains(expected), "{args:?} {}", ended.err);
        }
    }
}

#[test]
fn the_real_register_of_zhengzhou_is_asked_as_the_readme_says() {
    let Some(path) = shared_data::path("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let ended = run(&[
        "nearest",
        "--stations",
        text(&path),
        "--coord",
        "gcj02",
        "--from-coord",
        "gcj02",
        "--lon",
        "113.564525",
        "--lat",
        "34.819187",
        "--limit",
        "3",
        "--fields",
        "name,distance_m,original",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let answer = json(&ended.out);
    let first = &answer["features"][0];
    assert_eq!(
        (first["id"].as_str(), first["properties"]["distance_m"].as_f64()),
        (Some("1"), Some(0.0))
    );
    assert_eq!(first["properties"]["original"]["datum"], "gcj02");
}
