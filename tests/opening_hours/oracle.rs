//! A second, plain evaluator: tables of hours by weekday written by hand, no parser, no library, a minute at a time.

use chrono::{Datelike as _, NaiveDate};
use yizhan::domain::opening_hours::OpenState;

use crate::date;

/// Opening spans in minutes from midnight; an end above 1440 is on the next day.
pub type Spans = &'static [(i32, i32)];

/// What a pattern says, written down without the syntax.
pub struct Pattern {
    /// The same in OSM syntax.
    pub osm: &'static str,
    /// Spans for Monday to Sunday in a month (1..=12).
    pub by_month: fn(u32) -> [Spans; 7],
    pub holidays: Holidays,
}

/// What a pattern says about statutory days off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Holidays {
    NotStated,
    Stated(Spans),
    /// The hours are constant, so that no holiday can matter.
    NoMatter,
}

/// First and last days of the statutory holidays of 2025 and 2026, from the notices.
const DAYS_OFF: [(&str, &str); 13] = [
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
];

/// The worked Saturdays and Sundays of 2025 and 2026, from the notices.
const MAKE_UP_WORKDAYS: [&str; 11] = [
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
];

/// The states of all minutes of `day`.
pub fn states_of(pattern: &Pattern, day: NaiveDate) -> Vec<OpenState> {
    let own = states_from(pattern, day);
    let night = states_from(pattern, day.pred_opt().expect("a day before"));
    own.iter()
        .zip(night.iter().skip(1440))
        .map(|(&today, &before)| stronger(today, before))
        .take(1440)
        .collect()
}

/// What `day` alone says for the 2880 minutes from its midnight.
fn states_from(pattern: &Pattern, day: NaiveDate) -> Vec<OpenState> {
    let week = (pattern.by_month)(day.month());
    let weekday = day.weekday().num_days_from_monday() as usize;
    let is_off = DAYS_OFF
        .iter()
        .any(|(first, last)| (date(first)..=date(last)).contains(&day));
    let is_worked = MAKE_UP_WORKDAYS.iter().any(|worked| date(worked) == day);
    let by_spans = |spans: Spans, minute| {
        let is_open = spans.iter().any(|&(from, to)| (from..to).contains(&minute));
        if is_open {
            OpenState::Open
        } else {
            OpenState::Closed
        }
    };
    let state_at = |minute: i32| match pattern.holidays {
        Holidays::Stated(spans) if is_off => by_spans(spans, minute),
        Holidays::NotStated if is_off => {
            let may_be_open = week
                .iter()
                .any(|&spans| by_spans(spans, minute) == OpenState::Open);
            if minute < 1440 || may_be_open {
                OpenState::Unknown
            } else {
                OpenState::Closed
            }
        }
        _ if is_worked => {
            let monday = by_spans(week[0], minute);
            let is_same = week[..5].iter().all(|&spans| by_spans(spans, minute) == monday);
            if is_same { monday } else { OpenState::Unknown }
        }
        _ => by_spans(week[weekday], minute),
    };
    (0..2880).map(state_at).collect()
}

fn stronger(one: OpenState, other: OpenState) -> OpenState {
    match (one, other) {
        (OpenState::Open, _) | (_, OpenState::Open) => OpenState::Open,
        (OpenState::Unknown, _) | (_, OpenState::Unknown) => OpenState::Unknown,
        (OpenState::Closed, OpenState::Closed) => OpenState::Closed,
    }
}
