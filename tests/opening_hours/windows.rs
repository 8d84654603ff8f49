//! A window gives the answers of direct evaluation, and the next change is the first minute of another state.

use std::sync::Arc;

use proptest::prelude::*;
use yizhan::domain::opening_hours::{
    CompiledHours, HORIZON_DAYS, HoursId, HoursTable, HoursTableBuilder, LocalMinute, OpenState,
};
use yizhan::domain::station::StatedHours;
use yizhan::domain::work_calendar::WorkCalendar;

use crate::DAY_MINUTES;
use crate::patterns::PATTERNS;

/// Texts beyond the typical ones: offsets, positions in the month, weeks, years, open ends, comments.
const UNUSUAL: [&str; 10] = [
    "Mo-Fr 08:00-18:00; We[1] off",
    "PH -1 day 08:00-12:00; PH off",
    "week 01-53/2 Mo-Fr 10:00-14:00",
    "2026-2027 Mo-Su,PH 08:00-18:00",
    "18:00+",
    "Mo-Fr 09:00-17:00 \"by appointment\"; PH unknown",
    "sunrise-sunset",
    "Mo-Fr 08:00-18:00 || \"ask\"",
    "Jan 15-Mar 15 08:00-18:00",
    "2030 08:00-18:00",
];

/// 2024-01-01 to 2028-12-31 in minutes; the calendar's end lies within.
const MINUTES: std::ops::Range<i32> = 19_723 * DAY_MINUTES..21_550 * DAY_MINUTES;

fn text() -> impl Strategy<Value = String> {
    let known: Vec<&str> = PATTERNS
        .iter()
        .map(|pattern| pattern.osm)
        .chain(UNUSUAL)
        .collect();
    let known = proptest::sample::select(known).prop_map(ToOwned::to_owned);
    prop_oneof![known, generated_text()]
}

/// Texts put together from parts, most of them unlike anything a person writes.
fn generated_text() -> impl Strategy<Value = String> {
    let days = proptest::sample::select(vec![
        "",
        "Mo-Fr ",
        "Sa,Su ",
        "Fr-Mo ",
        "PH ",
        "PH,We ",
        "Mo[1] ",
        "Su[-1] ",
        "Sa +1 day ",
        "PH +2 days ",
        "SH ",
        "Apr-Sep ",
        "Dec 20-Jan 05 ",
        "2026 ",
        "week 05-30 ",
        "easter -1 day ",
        "Feb 29 ",
        "Feb PH ",
        "Oct-Mar Tu-Th ",
    ]);
    let times = proptest::sample::select(vec![
        "08:00-18:00",
        "08:00-12:00,13:00-17:00",
        "20:00-06:00",
        "18:00-26:00",
        "00:00-24:00",
        "10:00+",
        "22:00-04:00+",
        "12:00-12:00",
        "sunset-sunrise",
        "(sunset+05:00)-26:00",
        "10:00-16:00/01:30",
        "23:59-48:00",
    ]);
    let states = proptest::sample::select(vec!["", " open", " off", " unknown", " \"ask\"", " off \"ask\""]);
    let separators = proptest::sample::select(vec!["; ", ", ", " || "]);
    let rule = (days, times, states).prop_map(|(days, times, state)| format!("{days}{times}{state}"));
    proptest::collection::vec((rule, separators), 1..5).prop_map(|rules| {
        let joined: String = rules
            .into_iter()
            .map(|(rule, separator)| rule + separator)
            .collect();
        joined.trim_end_matches([' ', ';', ',', '|']).to_owned()
    })
}

fn table_with(text: &str) -> Option<(CompiledHours, HoursTable, HoursId)> {
    let calendar = Arc::new(WorkCalendar::bundled());
    let hours = CompiledHours::parse(text, &calendar).ok()?;
    let mut builder = HoursTableBuilder::new(calendar);
    let id = builder.intern(&StatedHours {
        osm: Some(text.into()),
        text: None,
    });
    Some((hours, builder.build(), id))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_window_answers_as_direct_evaluation(text in text(), at in MINUTES, stay in 0..3000_i32, away in -20_000..20_000_i32) {
        let Some((hours, table, id)) = table_with(&text) else { return Ok(()) };
        let at = LocalMinute(at);
        let window = table.window(at);
        prop_assert!(window.start() <= at.plus_minutes(-DAY_MINUTES) && at.plus_minutes(2 * DAY_MINUTES) < window.end());
        let direct = hours.answer(at);
        prop_assert_eq!(window.state(id, at), direct.state, "{} at {}", text, at);
        prop_assert_eq!(window.answer(id, at), direct, "{} at {}", text, at);
        let until = at.plus_minutes(stay);
        prop_assert_eq!(window.state_during(id, at, until), hours.state_during(at, until), "{} at {} for {}", text, at, stay);
        let other = at.plus_minutes(away);
        prop_assert_eq!(window.state(id, other), hours.state(other), "{} at {}", text, other);
        prop_assert_eq!(window.answer(id, other), hours.answer(other), "{} at {}", text, other);
    }

    #[test]
    fn the_next_change_is_the_first_minute_of_another_state(text in text(), at in MINUTES) {
        let Some((hours, _, _)) = table_with(&text) else { return Ok(()) };
        let at = LocalMinute(at);
        let answer = hours.answer(at);
        let horizon = at.plus_minutes(HORIZON_DAYS * DAY_MINUTES);
        let intervals = hours.intervals(at, horizon.plus_minutes(1));
        let change = intervals.iter().find(|interval| interval.state != answer.state);
        prop_assert_eq!(answer.changes_at, change.map(|interval| interval.from));
        prop_assert_eq!(answer.next_state, change.map(|interval| interval.state));
        let opening = intervals.iter().find(|interval| interval.state == OpenState::Open);
        let expected = opening.map(|interval| interval.from).filter(|_| answer.state != OpenState::Open);
        prop_assert_eq!(answer.opens_at, expected);
        if let Some(change) = answer.changes_at {
            let first = change.0.saturating_sub(120).max(at.0);
            for before in first..change.0 {
                prop_assert_eq!(hours.state(LocalMinute(before)), answer.state, "{} at {}", text, LocalMinute(before));
            }
            prop_assert_eq!(Some(hours.state(change)), answer.next_state);
        }
    }

    #[test]
    fn staying_is_open_only_when_each_minute_is(text in text(), at in MINUTES, stay in 1..400_i32) {
        let Some((hours, _, _)) = table_with(&text) else { return Ok(()) };
        let minutes = (at..at + stay).map(|minute| hours.state(LocalMinute(minute)));
        let states: Vec<OpenState> = minutes.collect();
        let expected = if states.contains(&OpenState::Closed) {
            OpenState::Closed
        } else if states.contains(&OpenState::Unknown) {
            OpenState::Unknown
        } else {
            OpenState::Open
        };
        prop_assert_eq!(hours.state_during(LocalMinute(at), LocalMinute(at + stay)), expected);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[ -~驿站]{0,60}") {
        drop(table_with(&text));
    }
}

#[test]
fn the_ends_of_time_have_an_answer() {
    for pattern in &PATTERNS {
        let (hours, table, id) = table_with(pattern.osm).unwrap();
        for at in [LocalMinute(i32::MIN), LocalMinute(i32::MAX)] {
            assert_eq!(table.window(at).answer(id, at).state, hours.answer(at).state);
        }
    }
}
