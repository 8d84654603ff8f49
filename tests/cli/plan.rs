//! `yizhan coverage`, `gaps` and `by-hour` give what the endpoints give, as tables or as files.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;
use yizhan::domain::station::StationId;
use yizhan::http::plan::{PlanKind, PlanRequest};
use yizhan::planner::watch::Watch;
use yizhan::planner::what_if::Change;

use crate::questions::demo;
use crate::{Ended, file, folder, program, run, text};

/// People and riders at some corners of Sanya, one of them in the sea.
const DEMAND: &str = "id,lon,lat,population,riders\n\
    a,109.5117,18.2507,1200,30\nb,109.4731,18.2613,2400.5,12\nc,109.5530,18.2925,880,\n\
    d,109.1702,18.3601,4000,55\ne,109.7300,18.3400,600,8\nf,109.5016,18.2507,3100,90\n\
    g,109.9000,17.9000,50,1\n";

fn demand(folder: &TempDir) -> PathBuf {
    file(folder, "demand.csv", DEMAND)
}

/// The text without the time at which it was made and without the folder of the test.
fn settled(ended: &Ended, folder: Option<&TempDir>) -> String {
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let (first, rest) = ended.out.split_once('\n').expect("lines");
    let at = first.find("20").expect("a time");
    let (before, after) = (
        first.get(..at).expect("text"),
        first.get(at + 16..).expect("text"),
    );
    let text = format!("{before}<made>{after}\n{rest}");
    match folder {
        Some(folder) => text.replace(&format!("{}/", folder.path().display()), ""),
        None => text,
    }
}

#[test]
fn coverage_of_the_demo_city_reads_as_a_whole_in_chinese() {
    let ended = run(&[
        "coverage",
        "--facilities",
        "toilet",
        "--at",
        "2026-11-16T04:00:00+08:00",
    ]);
    insta::assert_snapshot!(settled(&ended, None));
}

#[test]
fn coverage_of_ones_own_demand_reads_as_a_whole_in_english() {
    let folder = folder();
    let demand = demand(&folder);
    let ended = run(&[
        "coverage",
        "--demand",
        text(&demand),
        "--k",
        "2",
        "--minutes",
        "20",
        "--lang",
        "en",
    ]);
    insta::assert_snapshot!(settled(&ended, Some(&folder)));
}

#[test]
fn gaps_read_as_a_whole_in_chinese() {
    let ended = run(&["gaps", "--minutes", "10", "--mode", "ebike", "--limit", "4"]);
    insta::assert_snapshot!(settled(&ended, None));
}

#[test]
fn gaps_of_ones_own_demand_read_as_a_whole_in_english() {
    let folder = folder();
    let demand = demand(&folder);
    let ended = run(&[
        "gaps",
        "--demand",
        text(&demand),
        "--facilities",
        "microwave",
        "--at",
        "2026-11-16T04:00:00+08:00",
        "--covered-from",
        "sure",
        "--lang",
        "en",
    ]);
    insta::assert_snapshot!(settled(&ended, Some(&folder)));
}

#[test]
fn a_week_reads_as_a_whole_in_chinese() {
    let folder = folder();
    let demand = demand(&folder);
    let ended = run(&[
        "by-hour",
        "--week",
        "2026-11-16",
        "--demand",
        text(&demand),
        "--limit",
        "4",
    ]);
    insta::assert_snapshot!(settled(&ended, Some(&folder)));
}

#[test]
fn a_holiday_reads_as_a_whole_in_english() {
    let ended = run(&[
        "by-hour",
        "--date",
        "2026-10-01",
        "--facilities",
        "toilet",
        "--district",
        "吉阳区",
        "--limit",
        "3",
        "--lang",
        "en",
    ]);
    insta::assert_snapshot!(settled(&ended, None));
}

#[test]
fn the_ordinary_week_is_named_by_its_hour_and_its_date() {
    let coverage = run(&["coverage", "--at", "mo-04:00"]);
    assert!(
        coverage.out.contains("时间：周一 04:00 开放（普通的一周，取 20"),
        "{}",
        coverage.out
    );
    let by_hour = run(&["by-hour", "--lang", "en"]);
    assert!(
        by_hour.out.contains("Time:     an ordinary week ("),
        "{}",
        by_hour.out
    );
    assert!(!by_hour.out.contains("not looked at"), "{}", by_hour.out);
}

#[test]
fn a_grid_of_hours_has_at_most_100_columns() {
    for lang in ["zh", "en"] {
        let ended = run(&["by-hour", "--week", "2026-11-16", "--lang", lang]);
        let days = ended
            .out
            .lines()
            .filter(|line| line.starts_with("周") || line.starts_with("Mon "));
        let widths: Vec<usize> = days.map(yizhan::export::columns::width).collect();
        assert!(
            !widths.is_empty() && widths.iter().all(|width| *width == 100),
            "{widths:?}"
        );
    }
}

/// The endpoint's document without the time at which it was made.
fn document(kind: PlanKind, query: &str) -> Value {
    let asked = PlanRequest::offline(kind, query, Arc::new(demo())).expect("a question");
    json(&asked.answer(&Watch::default()).expect("an answer").body)
}

fn json(bytes: &[u8]) -> Value {
    let mut document: Value = serde_json::from_slice(bytes).expect("JSON");
    document["timeStamp"] = Value::Null;
    document
}

/// Runs a command line without quotes and blanks in values.
fn run_line(line: &str) -> Ended {
    run(&line.split_whitespace().collect::<Vec<_>>())
}

#[test]
fn json_is_the_document_of_the_endpoint() {
    let shared = "--facilities microwave --facilities-any toilet,meals --hosts union,bank_branch --status open,planned \
        --district 吉阳区,460204 --k 2 --minutes 20 --mode ebike --lang en -f json";
    let query = "facilities=microwave&facilities_any=toilet,meals&hosts=union,bank_branch&status=open,planned\
        &district=吉阳区,460204&k=2&minutes=20&mode=ebike&lang=en";
    for (kind, own, own_query) in [
        (PlanKind::Coverage, "coverage --at tu-12:30", "at=tu-12:30"),
        (
            PlanKind::Gaps,
            "gaps --at tu-12:30 --covered-from sure --limit 3",
            "at=tu-12:30&covered_from=sure&limit=3",
        ),
        (
            PlanKind::ByHour,
            "by-hour --date 2026-10-10 --limit 2",
            "date=2026-10-10&limit=2",
        ),
    ] {
        let ended = run_line(&format!("{own} {shared}"));
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        let expected = document(kind, &format!("{query}&{own_query}"));
        assert_eq!(json(ended.out.as_bytes()), expected, "{own:?}");
    }
    let radius = run_line("coverage --radius-m 500 -f json");
    let expected = document(PlanKind::Coverage, "radius_m=500");
    assert_eq!(json(radius.out.as_bytes()), expected);
}

#[test]
fn a_plan_in_words_says_what_was_what_is_and_what_it_changes() {
    let (published, headers) = (Arc::new(demo()), actix_web::http::header::HeaderMap::new());
    let base = published.plan_base().expect("an even grid");
    let removed = StationId::new("sy-051").expect("an id");
    let asked = PlanRequest::read(
        PlanKind::Coverage,
        "f=txt&lang=en&district=天涯区",
        &headers,
        (published, base, vec![Change::Remove(removed)]),
    );
    let answer = asked.expect("a question").answer(&Watch::default());
    let answer = answer.expect("an answer");
    assert_eq!(answer.media_type, "text/plain; charset=utf-8");
    let words = String::from_utf8(answer.body).expect("UTF-8");
    assert!(words.starts_with("What the plan changes\nDistrict"), "{words}");
    let change = words.lines().find(|line| line.starts_with("天涯区"));
    assert!(
        change.is_some_and(|line| line.matches(" -").count() == 3),
        "{words}"
    );
    assert!(words.contains("73 registered"), "{words}");
}

#[test]
fn a_file_has_the_form_of_its_name() {
    let folder = folder();
    for (command, name, begins) in [
        ("coverage", "a.txt", "覆盖情况（"),
        ("coverage", "a.json", "{\"revision\":"),
        ("coverage", "a.csv", "district,adcode,places"),
        ("coverage", "a.geojson", "{\"coverage\":"),
        ("coverage", "a.fgb", "fgb\u{3}fgb"),
        ("gaps", "g.csv", "rank,districts,places"),
        ("gaps", "g.geojson", "{\"coverage\":"),
        ("gaps", "g.fgb", "fgb\u{3}fgb"),
        ("by-hour", "h.csv", "district,adcode,hour"),
        ("by-hour", "h.json", "{\"revision\":"),
    ] {
        let path = folder.path().join(name);
        let ended = run(&[command, "--out", text(&path)]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "{}", ended.err);
        assert!(ended.err.contains("68 stations match"), "{}", ended.err);
        let written = std::fs::read(&path).expect("a file");
        assert!(written.starts_with(begins.as_bytes()), "{name}");
    }
    let names = std::fs::read_dir(folder.path()).expect("a folder");
    assert_eq!(names.count(), 10, "nothing half written is left");
}

#[test]
fn tables_and_shapes_can_be_chosen() {
    let cells = run(&["coverage", "-f", "csv", "--table", "cells"]);
    assert!(
        cells.out.starts_with("lon,lat,id,district,adcode,cover"),
        "{}",
        cells.err
    );
    let facilities = run(&["coverage", "-f", "csv", "--table", "facilities"]);
    assert!(
        facilities.out.starts_with("facility,name,places"),
        "{}",
        facilities.err
    );
    let areas = run(&["coverage", "-f", "geojson"]);
    let shapes = run(&["coverage", "-f", "geojson", "--shape", "cells"]);
    assert!(shapes.out.len() > areas.out.len());
}

#[test]
fn the_same_question_gives_the_same_tables() {
    for command in ["coverage", "gaps", "by-hour"] {
        let [one, two] = [run(&[command]), run(&[command])].map(|ended| settled(&ended, None));
        assert_eq!(one, two, "{command}");
    }
}

#[test]
fn a_wrong_value_ends_with_2_and_names_its_flag() {
    for (line, expected) in [
        ("coverage --minutes 0", "`--minutes` is `0`; expected"),
        ("coverage --radius-m -5", "`--radius-m` is `-5`; expected"),
        (
            "coverage --k 9",
            "`--k` is `9`; expected a whole number from 1 to 5",
        ),
        (
            "coverage --minutes 5 --radius-m 100",
            "`--radius-m` and `--minutes` both say",
        ),
        ("coverage --mode fly", "`--mode` is `fly`"),
        ("coverage --at midnight", "`--at` is `midnight`; expected now"),
        ("coverage --facilities sauna", "`--facilities` is `sauna`"),
        ("coverage --district 丙区", "`--district` is `丙区`"),
        (
            "coverage --shape disc",
            "`--shape` is `disc`; expected area or cells",
        ),
        ("coverage --table x", "`--table` is `x`; expected districts"),
        (
            "coverage --out a.gpkg",
            "`--out` is `a.gpkg`; expected a name that ends in",
        ),
        ("gaps --covered-from maybe", "`--covered-from` is `maybe`"),
        ("gaps --limit 0", "`--limit` is `0`"),
        ("by-hour --date 1.10.2026", "`--date` is `1.10.2026`"),
        (
            "by-hour --date 2026-10-01 --week 2026-10-01",
            "`--date` and `--week` both say",
        ),
        (
            "by-hour -f geojson",
            "`--format` is `geojson`; expected table, json or csv",
        ),
        ("by-hour --out hours.fgb", "hours have no shapes"),
    ] {
        let ended = run_line(line);
        let said = (ended.code, ended.out.as_str());
        assert_eq!(said, (Some(2), ""), "{line}: {}", ended.err);
        assert!(ended.err.contains(expected), "{line}: {}", ended.err);
        assert!(!ended.err.contains("parameter"), "{line}: {}", ended.err);
    }
}

#[test]
fn no_station_ends_with_1_and_says_that_nothing_is_covered() {
    for command in ["coverage", "gaps", "by-hour"] {
        let ended = run(&[command, "--status", "closed"]);
        assert_eq!(ended.code, Some(1), "{command}: {}", ended.err);
        assert!(
            ended.out.contains("没有符合条件的站点"),
            "{command}: {}",
            ended.out
        );
    }
}

#[test]
fn without_demand_there_is_an_even_grid_that_says_so() {
    let ended = run(&["coverage", "--lang", "en"]);
    assert!(
        ended.out.contains("Demand:   even grid, 16,729 places"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("- no demand was given"), "{}", ended.out);
    let own = folder();
    let register = file(&own, "register.csv", crate::GOOD_CSV);
    let ended = run(&["coverage", "--stations", text(&register)]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.out.contains("均匀网格"), "{}", ended.out);
}

#[test]
fn demand_that_cannot_be_used_ends_with_3() {
    let folder = folder();
    let elsewhere = file(&folder, "north.csv", "lon,lat,population\n113.5,34.8,5\n");
    let no_place = file(&folder, "no-place.csv", "name,population\na,5\n");
    let cells = file(&folder, "cells.csv", "h3,population\n89411c8a8a7ffff,3\n");
    let profile = file(&folder, "profile.csv", "hour,population\nmo-00,1\n");
    let good = demand(&folder);
    for (args, expected) in [
        (&["--demand", text(&elsewhere)][..], "lies in a district"),
        (&["--demand", text(&no_place)], "no columns for places"),
        (&["--demand", "no/such/file.csv"], "no/such/file.csv"),
        (
            &["--demand", text(&good), "--weights", "children"],
            "no weight `children`",
        ),
        (&["--demand", text(&good), text(&cells)], "expected `points`"),
        (&["--demand", text(&good), "--profile", text(&profile)], "167"),
    ] {
        let ended = run(&[&["coverage"], args].concat());
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (Some(3), ""),
            "{args:?}: {}",
            ended.err
        );
        assert!(ended.err.contains(expected), "{args:?}: {}", ended.err);
    }
    let alone = run(&["coverage", "--profile", text(&profile)]);
    assert_eq!(alone.code, Some(2), "{}", alone.err);
}

#[test]
fn several_files_of_demand_count_together_and_bad_rows_are_named() {
    let folder = folder();
    let one = demand(&folder);
    let two = file(
        &folder,
        "more.csv",
        "lon,lat,population\n109.60,18.30,100\n109.61,18.31,-4\n",
    );
    let ended = run(&[
        "coverage",
        "--demand",
        text(&one),
        text(&two),
        "--weights",
        "population",
        "-f",
        "json",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let answer = json(ended.out.as_bytes());
    assert_eq!(answer["demand"]["places"], 8);
    assert_eq!(answer["demand"]["weights"], serde_json::json!(["population"]));
    assert!(ended.err.contains("more.csv:3"), "{}", ended.err);
}

#[test]
fn whoever_interrupts_it_finds_a_whole_file_or_none() {
    let folder = folder();
    let mut register = "id,name,lon,lat,hours\n".to_owned();
    for number in 0..300 {
        let (lon, lat) = (
            109.2 + f64::from(number % 20) / 40.0,
            18.2 + f64::from(number / 20) / 80.0,
        );
        register.extend([format!("{number},站{number},{lon},{lat},24/7\n")]);
    }
    let register = file(&folder, "register.csv", register);
    let out = folder.path().join("hours.json");
    let mut child = program(&[
        "by-hour",
        "--stations",
        text(&register),
        "--radius-m",
        "100000",
        "--out",
        text(&out),
    ])
    .stderr(Stdio::piped())
    .spawn()
    .expect("the program starts");
    let pause = Command::new("sleep").arg("1").status().expect("sleep");
    assert!(pause.success());
    let signal = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(signal.is_ok());
    // 130 when the work was given up; before there is work, a signal ends the program as it ends any other.
    let code = child.wait().expect("the program ends").code();
    let expected = if code == Some(0) { 2 } else { 1 };
    assert!(matches!(code, Some(0 | 130) | None), "{code:?}");
    let names = std::fs::read_dir(folder.path()).expect("a folder");
    assert_eq!(
        names.count(),
        expected,
        "{code:?}: the register, and the file when it is whole"
    );
    if code == Some(0) {
        json(&std::fs::read(&out).expect("a file"));
    }
}
