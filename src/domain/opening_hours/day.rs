//! What one date states by the Chinese work calendar, from its midnight to the end of the next day.
//!
//! # Why: a night belongs to the day that opens it
//! `Fr 18:00-02:00` is open until Saturday 02:00, whatever Saturday says. By the letter of the OSM specification a
//! later rule for Saturday wipes that night, and engines that follow it show stations as closed after midnight that
//! are open. So each date is evaluated alone over 48 hours, and a day shows its own first 24 hours and, beneath
//! them, the second 24 hours of the day before: open beats unknown beats closed.
//!
//! # Why: readings
//! The syntax has no word for a Saturday that is worked, and beyond the calendar's last day nobody knows what a date
//! is. Such a date is evaluated in each way it could be read, and an answer is given for the minutes on which all
//! readings agree; elsewhere it is unknown.

use std::sync::Arc;

use chrono::NaiveDate;

use super::answer::{OpenReason, OpenState};
use super::readings::{Readings, unknown_slots};
use super::rule::{DayReading, Rule};
use super::slot::{DAY_END, SPILL_END, Slot};
use crate::domain::work_calendar::{DayKind, WorkCalendar, is_weekend};

/// State and reason from a minute on, until the next stretch begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Minutes since the day's midnight.
    pub from: u16,
    pub state: OpenState,
    pub reason: OpenReason,
}

/// How the readings of a date came about, which decides the reasons.
#[derive(Debug, Clone, Copy)]
enum Basis<'a> {
    AsStated,
    MakeUp(&'a Arc<str>),
    NotPublished,
}

/// What `date` alone states over its 48 hours; the first stretch begins at 0.
pub(super) fn own_day(rules: &[Rule], calendar: &WorkCalendar, date: NaiveDate) -> Vec<Stretch> {
    let ordinary = DayReading {
        date,
        worked_as: None,
        is_day_off: false,
        calendar,
    };
    let day_off = DayReading {
        is_day_off: true,
        ..ordinary
    };
    let covering = || rules.iter().filter(|rule| rule.covers_date(date));
    // Out of season, no holiday opens a place.
    let has_season = covering().any(|rule| rule.state != OpenState::Closed);
    let states_holidays = !has_season || covering().any(Rule::mentions_holidays);
    let tells_weekdays_apart = covering().any(Rule::tells_weekdays_apart);
    let mut readings = Readings::new(rules);
    let basis = match calendar.day_kind(date) {
        DayKind::StatutoryOff { .. } if states_holidays => {
            readings.add(&day_off);
            Basis::AsStated
        }
        DayKind::StatutoryOff { name } => return unstated_day_off(rules, date, name),
        DayKind::MakeUpWorkday { name } if tells_weekdays_apart => {
            readings.add_worked(&ordinary);
            Basis::MakeUp(name)
        }
        DayKind::Workday | DayKind::Weekend | DayKind::MakeUpWorkday { .. } => {
            readings.add(&ordinary);
            Basis::AsStated
        }
        DayKind::NotPublished => {
            readings.add(&ordinary);
            if states_holidays {
                readings.add(&day_off);
            } else {
                readings.add_unknown(date);
            }
            if tells_weekdays_apart && is_weekend(date) {
                readings.add_worked(&ordinary);
            }
            Basis::NotPublished
        }
    };
    agreement(readings.stated(), basis, calendar)
}

/// What a day shows: its own first 24 hours, and the night that the day before left open or unknown.
pub(super) fn shown_day(own: &[Stretch], previous: &[Stretch]) -> Vec<Stretch> {
    let own_cuts = own
        .iter()
        .map(|stretch| stretch.from)
        .filter(|&from| from < DAY_END);
    let spill_cuts = previous
        .iter()
        .filter_map(|stretch| stretch.from.checked_sub(DAY_END));
    let mut cuts: Vec<u16> = own_cuts.chain(spill_cuts).chain([0]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut shown = Vec::with_capacity(cuts.len());
    for from in cuts {
        let (Some(today), Some(night)) = (stretch_at(own, from), stretch_at(previous, from + DAY_END)) else {
            continue;
        };
        let stronger = if strength(night.state) > strength(today.state) {
            night
        } else {
            today
        };
        push_stretch(
            &mut shown,
            Stretch {
                from,
                ..stronger.clone()
            },
        );
    }
    shown
}

/// The stretch in which `minute` lies.
pub(super) fn stretch_at(stretches: &[Stretch], minute: u16) -> Option<&Stretch> {
    stretches.iter().rev().find(|stretch| stretch.from <= minute)
}

fn strength(state: OpenState) -> u8 {
    match state {
        OpenState::Closed => 0,
        OpenState::Unknown => 1,
        OpenState::Open => 2,
    }
}

/// Adds a stretch unless it continues the last one.
fn push_stretch(stretches: &mut Vec<Stretch>, stretch: Stretch) {
    let continues = |last: &Stretch| last.state == stretch.state && last.reason == stretch.reason;
    if !stretches.last().is_some_and(continues) {
        stretches.push(stretch);
    }
}

/// A day off about which the hours say nothing: unknown, and the nights that could follow it too.
fn unstated_day_off(rules: &[Rule], date: NaiveDate, name: &Arc<str>) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut reached = 0;
    for slot in unknown_slots(rules, date) {
        if slot.from > reached {
            push_stretch(&mut stretches, closed_from(reached));
        }
        let reason = OpenReason::HolidayNotStated {
            holiday: Arc::clone(name),
        };
        push_stretch(
            &mut stretches,
            Stretch {
                from: slot.from,
                state: OpenState::Unknown,
                reason,
            },
        );
        reached = slot.to;
    }
    if reached < SPILL_END {
        push_stretch(&mut stretches, closed_from(reached));
    }
    stretches
}

fn closed_from(from: u16) -> Stretch {
    Stretch {
        from,
        state: OpenState::Closed,
        reason: OpenReason::OutsideHours,
    }
}

/// State and reason for each minute of the 48 hours: what all readings agree on, else unknown.
fn agreement(readings: &[Vec<Slot>], basis: Basis<'_>, calendar: &WorkCalendar) -> Vec<Stretch> {
    let bounds = readings.iter().flatten().flat_map(|slot| [slot.from, slot.to]);
    let mut cuts: Vec<u16> = bounds.chain([0]).filter(|&cut| cut < SPILL_END).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut stretches = Vec::with_capacity(cuts.len());
    for from in cuts {
        let mut stated = readings
            .iter()
            .map(|slots| slots.iter().find(|slot| (slot.from..slot.to).contains(&from)));
        let first = stated.next().flatten();
        let state = state_of(first);
        let (state, reason) = if stated.all(|slot| state_of(slot) == state) {
            (state, agreed_reason(state, first, basis))
        } else {
            (OpenState::Unknown, unclear_reason(basis, calendar))
        };
        push_stretch(&mut stretches, Stretch { from, state, reason });
    }
    stretches
}

/// Where nothing is stated, a place is closed.
fn state_of(slot: Option<&Slot>) -> OpenState {
    slot.map_or(OpenState::Closed, |slot| slot.state)
}

fn agreed_reason(state: OpenState, slot: Option<&Slot>, basis: Basis<'_>) -> OpenReason {
    match (state, basis) {
        (OpenState::Unknown, _) => OpenReason::StatedUnknown {
            comment: slot.and_then(|slot| slot.comment.clone()),
        },
        (_, Basis::MakeUp(name)) => OpenReason::MakeUpWorkday {
            holiday: Arc::clone(name),
        },
        (OpenState::Open, _) => OpenReason::WithinHours,
        (OpenState::Closed, _) => OpenReason::OutsideHours,
    }
}

fn unclear_reason(basis: Basis<'_>, calendar: &WorkCalendar) -> OpenReason {
    match basis {
        Basis::MakeUp(name) => OpenReason::MakeUpDayUnclear {
            holiday: Arc::clone(name),
        },
        // As stated, only a neighbour of the calendar's ends is uncertain, in rules such as `PH -1 day`.
        Basis::AsStated | Basis::NotPublished => OpenReason::CalendarNotPublished {
            first_day: calendar.first_day(),
            last_day: calendar.last_day(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::opening_hours::osm::{Rules, parse};

    fn own(text: &str, date: &str) -> Vec<Stretch> {
        let Rules::ByDay(rules) = parse(text).unwrap() else {
            panic!("`{text}` is constant")
        };
        own_day(&rules, &WorkCalendar::bundled(), date.parse().unwrap())
    }

    /// Hours of change and the state from then on.
    fn states(text: &str, date: &str) -> Vec<(u16, OpenState)> {
        own(text, date)
            .into_iter()
            .map(|stretch| (stretch.from / 60, stretch.state))
            .collect()
    }

    use OpenState::{Closed, Open, Unknown};
    const FRIDAY: &str = "2026-11-20";
    const SPRING_FESTIVAL: &str = "2026-02-17";
    const MAKE_UP_SATURDAY: &str = "2026-02-14";

    #[test]
    fn an_unstated_day_off_is_unknown_until_its_possible_night_ends() {
        assert_eq!(
            states("Mo-Su 18:00-02:00", SPRING_FESTIVAL),
            [(0, Unknown), (26, Closed)]
        );
        assert_eq!(
            states("Mo-Fr 08:00-18:00", SPRING_FESTIVAL),
            [(0, Unknown), (24, Closed)]
        );
    }

    #[test]
    fn a_day_off_has_no_night() {
        assert_eq!(states("Mo-Su 18:00-02:00; Fr off", FRIDAY), [(0, Closed)]);
        assert_eq!(
            states("Mo-Su 18:00-02:00; PH off", SPRING_FESTIVAL),
            [(0, Closed)]
        );
    }

    #[test]
    fn a_holiday_rule_counts_only_on_dates_that_it_covers() {
        let only_in_october = "Mo-Su 08:00-18:00; Oct PH off";
        assert_eq!(states(only_in_october, "2026-10-01"), [(0, Closed)]);
        assert_eq!(
            states(only_in_october, SPRING_FESTIVAL),
            [(0, Unknown), (24, Closed)]
        );
    }

    #[test]
    fn a_summer_station_is_closed_in_the_spring_festival() {
        let text = "May-Sep Mo-Su 08:00-20:00";
        assert_eq!(states(text, SPRING_FESTIVAL), [(0, Closed)]);
        assert_eq!(states(text, "2026-06-19"), [(0, Unknown), (24, Closed)]);
        assert_eq!(states(text, "2027-02-01"), [(0, Closed)]);
    }

    #[test]
    fn a_fallback_speaks_for_the_minutes_that_are_left() {
        let text = "Mo-Th 08:00-21:00 || 20:00-04:00";
        assert_eq!(states(text, "2026-11-19"), [(0, Closed), (8, Open), (28, Closed)]);
        assert_eq!(states(text, FRIDAY), [(0, Closed), (20, Open), (28, Closed)]);
        let on_request = "Mo-Fr 08:00-18:00 || \"on request\"";
        assert_eq!(
            states(on_request, FRIDAY),
            [(0, Unknown), (8, Open), (18, Unknown), (24, Closed)]
        );
    }

    #[test]
    fn workdays_that_differ_make_a_make_up_day_unclear_where_they_differ() {
        let text = "Mo-Th 08:00-18:00; Fr 08:00-17:00; Sa 10:00-12:00";
        let expected = [(0, Closed), (8, Open), (17, Unknown), (18, Closed)];
        assert_eq!(states(text, MAKE_UP_SATURDAY), expected);
        let codes: Vec<_> = own(text, MAKE_UP_SATURDAY)
            .iter()
            .map(|stretch| stretch.reason.code())
            .collect();
        assert_eq!(
            codes,
            [
                "make_up_workday",
                "make_up_workday",
                "make_up_day_unclear",
                "make_up_workday"
            ]
        );
    }

    #[test]
    fn the_first_wednesday_is_unclear_on_a_make_up_day() {
        let text = "Mo-Fr 08:00-18:00; We[1] off";
        assert_eq!(
            states(text, MAKE_UP_SATURDAY),
            [(0, Closed), (8, Unknown), (18, Closed)]
        );
    }

    #[test]
    fn too_many_uncertain_rules_make_a_make_up_day_unclear() {
        let text =
            "Mo[1] 08:00-18:00, Mo[2] 08:00-18:00, Mo[3] 08:00-18:00, Mo[4] 08:00-18:00, Mo[5] 08:00-18:00";
        assert_eq!(states(text, MAKE_UP_SATURDAY), [(0, Unknown)]);
    }

    #[test]
    fn beyond_the_calendar_only_what_no_notice_can_change_is_known() {
        let monday = "2027-03-01";
        assert_eq!(
            states("Mo-Su,PH 08:00-20:00", monday),
            [(0, Closed), (8, Open), (20, Closed)]
        );
        assert_eq!(states("Mo-Fr 08:00-18:00", monday), [(0, Unknown), (24, Closed)]);
        let open_later = "Mo-Fr 08:00-18:00; PH 10:00-18:00";
        assert_eq!(
            states(open_later, monday),
            [(0, Closed), (8, Unknown), (10, Open), (18, Closed)]
        );
        let first = own("Mo-Fr 08:00-18:00", monday).remove(0);
        assert_eq!(first.reason.code(), "calendar_not_published");
    }

    #[test]
    fn the_day_before_the_first_unpublished_day_may_be_the_eve_of_a_holiday() {
        let text = "Mo-Su 08:00-20:00; PH -1 day 08:00-12:00; PH off";
        assert_eq!(
            states(text, "2026-12-31"),
            [(0, Closed), (8, Open), (12, Unknown), (20, Closed)]
        );
        assert_eq!(states(text, "2026-09-30"), [(0, Closed), (8, Open), (12, Closed)]);
    }

    #[test]
    fn the_night_before_stays_open_under_an_unknown_day() {
        let own_day_off = own("Mo-Su 18:00-02:00", "2026-02-15");
        let night_before = own("Mo-Su 18:00-02:00", MAKE_UP_SATURDAY);
        let shown = shown_day(&own_day_off, &night_before);
        let states: Vec<_> = shown
            .iter()
            .map(|stretch| (stretch.from / 60, stretch.state))
            .collect();
        assert_eq!(states, [(0, Open), (2, Unknown)]);
    }
}
