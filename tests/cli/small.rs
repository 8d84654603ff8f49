//! `datum` and `hours`: small questions without a register.

use crate::{run, run_with_input};

#[test]
fn coordinates_are_converted_from_arguments_and_back() {
    let there = run(&[
        "datum",
        "--from",
        "wgs84",
        "--to",
        "gcj02",
        "113.6254,34.7466",
        "-0.1276,51.5074",
    ]);
    assert_eq!((there.code, there.err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = there.out.lines().collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1], "-0.1276000,51.5074000");
    let back = run(&["datum", "--from", "gcj02", "--to", "wgs84", lines[0]]);
    assert_eq!(back.out, "113.6254000,34.7466000\n");
}

#[test]
fn a_bad_line_of_standard_input_is_named_and_the_rest_goes_on() {
    let input = "113.5,34.8\n\nnorth\n34.8,113.5\n113.6 , 34.9\n";
    let ended = run_with_input(&["datum", "--from", "wgs84", "--to", "wgs84"], input);
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (Some(2), "113.5000000,34.8000000\n113.6000000,34.9000000\n")
    );
    assert!(
        ended
            .err
            .contains("line 3: `north` is no coordinate; expected lon,lat in degrees"),
        "{}",
        ended.err
    );
    assert!(
        ended
            .err
            .contains("line 4: coordinate `34.8,113.5` has latitude first"),
        "{}",
        ended.err
    );
    let nothing = run_with_input(&["datum", "--from", "wgs84", "--to", "bd09"], "");
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(0), ""));
}

#[test]
fn hours_tell_a_make_up_saturday_from_an_ordinary_one() {
    let hours = "Mo-Fr 08:30-17:30; PH off";
    let make_up = run(&["hours", hours, "--at", "2026-02-14T10:00", "--lang", "en"]);
    assert_eq!(make_up.code, Some(0), "{}", make_up.err);
    let first = make_up.out.lines().next().unwrap_or_default();
    assert_eq!(
        first,
        "2026-02-14T10:00  open  worked weekend day in exchange for 春节; workday hours apply"
    );
    assert!(
        make_up.out.contains("2026-02-14T17:30  → closed\n"),
        "{}",
        make_up.out
    );
    let ordinary = run(&["hours", hours, "--at", "2026-11-21T10:00", "--lang", "en"]);
    assert_eq!(ordinary.code, Some(1));
    assert!(
        ordinary
            .out
            .starts_with("2026-11-21T10:00  closed  outside opening hours\n"),
        "{}",
        ordinary.out
    );
}

#[test]
fn hours_at_the_spring_festival_are_unknown_when_they_do_not_mention_holidays() {
    let zh = run(&["hours", "08:00-20:00", "--at", "2026-02-17 10:00"]);
    assert_eq!(zh.code, Some(1), "{}", zh.err);
    assert!(
        zh.out
            .starts_with("2026-02-17T10:00  不清楚  春节放假，未说明节假日是否开放\n"),
        "{}",
        zh.out
    );
    let stated = run(&[
        "hours",
        "08:00-20:00; PH 10:00-12:00",
        "--at",
        "2026-02-17T11:59:59",
    ]);
    assert_eq!(stated.code, Some(0), "{}", stated.out);
}

#[test]
fn hours_past_the_calendar_say_so() {
    let ended = run(&[
        "hours",
        "Mo-Fr 08:30-17:30; PH off",
        "--at",
        "2031-06-02",
        "--lang",
        "en",
    ]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended
            .out
            .contains("unknown  holidays are known from 2023-01-01 to "),
        "{}",
        ended.out
    );
    let always = run(&["hours", "24/7", "--at", "2031-06-02"]);
    assert_eq!(always.code, Some(0), "{}", always.out);
}

#[test]
fn hours_that_cannot_be_read_end_with_2_and_say_what_was_expected() {
    let ended = run(&["hours", "8点到18点"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
    assert!(
        ended.err.contains("opening hours `8点到18点`") && ended.err.contains("Mo-Fr 08:00-18:00"),
        "{}",
        ended.err
    );
    let missing = run(&["hours", "24/7", "--calendar", "/no/such/calendar.json"]);
    assert_eq!(missing.code, Some(3));
    assert!(
        missing.err.contains("cannot read /no/such/calendar.json"),
        "{}",
        missing.err
    );
}
