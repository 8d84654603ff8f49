//! Each minute of 2025 and 2026, and single days on which hours went wrong elsewhere.

use std::sync::Arc;

use yizhan::domain::language::Language;
use yizhan::domain::opening_hours::{HoursTableBuilder, LocalMinute, OpenState};
use yizhan::domain::station::StatedHours;
use yizhan::domain::work_calendar::WorkCalendar;

use crate::oracle::states_of;
use crate::patterns::PATTERNS;
use crate::{DAY_MINUTES, compile, date, minute};

/// Compares a window's states with the simulation for each minute from `first` to `last`.
fn compare_days(first: &str, last: &str) {
    for pattern in &PATTERNS {
        let mut builder = HoursTableBuilder::new(Arc::new(WorkCalendar::bundled()));
        let id = builder.intern(&StatedHours {
            osm: Some(pattern.osm.into()),
            text: None,
        });
        let table = builder.build();
        for day in date(first).iter_days().take_while(|day| *day <= date(last)) {
            let midnight = LocalMinute::start_of(day);
            let window = table.window(midnight);
            for (offset, expected) in (0..).zip(states_of(pattern, day)) {
                let at = midnight.plus_minutes(offset);
                assert_eq!(window.state(id, at), expected, "`{}` at {at}", pattern.osm);
            }
        }
    }
}

#[test]
fn every_minute_of_2026_agrees_with_the_simulation() {
    compare_days("2026-01-01", "2026-12-31");
}

#[test]
fn every_minute_of_2025_agrees_with_the_simulation() {
    compare_days("2025-01-01", "2025-12-31");
}

#[test]
fn the_spring_festival_of_2026_agrees_when_each_time_is_evaluated_alone() {
    for pattern in &PATTERNS {
        let hours = compile(pattern.osm);
        for day in date("2026-02-13").iter_days().take(18) {
            let states = states_of(pattern, day);
            for (offset, &expected) in (0..).zip(&states).step_by(5) {
                let at = LocalMinute::start_of(day).plus_minutes(offset);
                assert_eq!(hours.state(at), expected, "`{}` at {at}", pattern.osm);
            }
        }
    }
}

#[test]
fn a_make_up_saturday_follows_the_workday_rule_and_says_so() {
    let answer = compile("Mo-Fr 08:00-18:00; PH off").answer(minute("2026-02-14T10:00"));
    assert_eq!(
        (answer.state, answer.reason.code()),
        (OpenState::Open, "make_up_workday")
    );
    assert_eq!(answer.closes_at(), Some(minute("2026-02-14T18:00")));
    assert_eq!(answer.reason.text(Language::Zh), "春节调休上班日，按工作日时间");
}

#[test]
fn weekend_hours_do_not_apply_on_a_make_up_sunday() {
    let answer = compile("Sa-Su 10:00-16:00").answer(minute("2026-01-04T11:00"));
    assert_eq!(
        (answer.state, answer.reason.code()),
        (OpenState::Closed, "make_up_workday")
    );
    assert_eq!(answer.opens_at, Some(minute("2026-01-10T10:00")));
}

#[test]
fn a_holiday_that_the_hours_do_not_mention_is_unknown_by_name() {
    let at = minute("2026-02-20T10:00");
    let answer = compile("Mo-Fr 08:00-18:00").answer(at);
    assert_eq!(
        (answer.state, answer.reason.code()),
        (OpenState::Unknown, "holiday_not_stated")
    );
    assert!(answer.reason.text(Language::En).contains("春节"));
    assert_eq!(answer.next_state, Some(OpenState::Closed));
    assert_eq!(answer.changes_at, Some(minute("2026-02-24T00:00")));
    assert_eq!(answer.opens_at, Some(minute("2026-02-24T08:00")));
    assert_eq!(answer.minutes_to_change(at), Some(3 * DAY_MINUTES + 14 * 60));
}

#[test]
fn round_the_clock_is_open_on_holidays_and_beyond_the_calendar() {
    let hours = compile("24/7");
    for at in [
        "2026-02-17T03:00",
        "2026-02-14T10:00",
        "2031-10-01T12:00",
        "1999-01-01T00:00",
    ] {
        let answer = hours.answer(minute(at));
        assert_eq!(
            (answer.state, answer.reason.code()),
            (OpenState::Open, "always_open")
        );
        assert_eq!(
            (answer.changes_at, answer.next_state, answer.opens_at),
            (None, None, None)
        );
    }
}

#[test]
fn a_friday_night_goes_on_into_a_saturday_with_its_own_rule() {
    let hours = compile("Mo-Fr 18:00-02:00; Sa 10:00-12:00; Su off");
    let answer = hours.answer(minute("2026-11-21T00:30"));
    assert_eq!(
        (answer.state, answer.reason.code()),
        (OpenState::Open, "within_hours")
    );
    assert_eq!(answer.closes_at(), Some(minute("2026-11-21T02:00")));
    assert_eq!(hours.state(minute("2026-11-22T00:30")), OpenState::Closed);
}

#[test]
fn the_night_before_a_holiday_is_still_open_and_the_night_after_is_unknown() {
    let hours = compile("Mo-Su 18:00-02:00");
    assert_eq!(
        hours.answer(minute("2026-10-01T01:59")).reason.code(),
        "within_hours"
    );
    assert_eq!(
        hours.answer(minute("2026-10-01T02:00")).reason.code(),
        "holiday_not_stated"
    );
    assert_eq!(
        hours.answer(minute("2026-10-08T01:59")).reason.code(),
        "holiday_not_stated"
    );
    assert_eq!(
        hours.answer(minute("2026-10-08T02:00")).reason.code(),
        "outside_hours"
    );
}

#[test]
fn beyond_the_last_published_day_the_answer_names_it() {
    let hours = compile("Mo-Fr 08:00-18:00");
    let calendar = WorkCalendar::bundled();
    let next_day = calendar.last_day().succ_opt().unwrap();
    let answer = hours.answer(LocalMinute::start_of(next_day).plus_minutes(600));
    assert_eq!(
        (answer.state, answer.reason.code()),
        (OpenState::Unknown, "calendar_not_published")
    );
    assert!(
        answer
            .reason
            .text(Language::En)
            .contains(&calendar.last_day().to_string())
    );
    let evening = LocalMinute::start_of(calendar.last_day()).plus_minutes(20 * 60);
    assert_eq!(hours.answer(evening).next_state, Some(OpenState::Unknown));
    let stated = compile("Mo-Su,PH 08:00-20:00").answer(LocalMinute::start_of(next_day).plus_minutes(600));
    assert_eq!(
        (stated.state, stated.reason.code()),
        (OpenState::Open, "within_hours")
    );
}

#[test]
fn doubt_in_the_hours_is_unknown_with_the_comment() {
    let at = minute("2026-11-20T10:00");
    let answer = compile(r#"Mo-Fr 09:00-17:00 "电话预约""#).answer(at);
    assert_eq!(
        (answer.state, answer.reason.code()),
        (OpenState::Unknown, "stated_unknown")
    );
    assert_eq!(answer.reason.text(Language::Zh), "开放时间注明：电话预约");
    assert_eq!(
        compile("Mo-Fr 09:00-17:00 unknown").answer(at).reason.code(),
        "stated_unknown"
    );
    assert_eq!(compile("09:00+").answer(at).reason.code(), "stated_unknown");
    assert_eq!(
        compile(r#"Mo-Fr 09:00-17:00 open "请按铃""#).state(at),
        OpenState::Open
    );
}

#[test]
fn a_change_more_than_a_year_ahead_is_none() {
    let at = minute("2026-11-20T10:00");
    let far = compile("2030 Mo-Su,PH 08:00-18:00").answer(at);
    assert_eq!(
        (far.state, far.changes_at, far.opens_at),
        (OpenState::Closed, None, None)
    );
    let next_year = compile("Nov 20 Mo-Su,PH 09:00-10:00").answer(at);
    assert_eq!(next_year.opens_at, Some(minute("2027-11-20T09:00")));
    let always = compile("Mo-Su,PH 00:00-24:00").answer(at);
    assert_eq!((always.state, always.changes_at), (OpenState::Open, None));
}

#[test]
fn a_week_is_listed_without_gaps() {
    let week = compile("Mo-Fr 08:00-12:00,14:00-18:00; PH off").week(date("2026-02-09"));
    assert_eq!(week.first().unwrap().from, minute("2026-02-09T00:00"));
    assert_eq!(week.last().unwrap().to, minute("2026-02-16T00:00"));
    assert!(week.windows(2).all(|pair| pair[0].to == pair[1].from));
    let open: i32 = week
        .iter()
        .filter(|span| span.state == OpenState::Open)
        .map(|span| span.to.0 - span.from.0)
        .sum();
    assert_eq!(open, 6 * 8 * 60, "Monday to Friday and the make-up Saturday");
}
