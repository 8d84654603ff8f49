//! Which hours a question is about: the 168 of an ordinary week, or the 24 of one date.

use chrono::{Datelike as _, Days, NaiveDate, Timelike as _, Weekday};

use super::counting::Bits;
use super::stations::{self, Certainty, PlanStations};
use crate::domain::filter::StationFilter;
use crate::domain::opening_hours::{LocalMinute, OpenState};
use crate::domain::work_calendar::{DayKind, WorkCalendar};
use crate::locator::Snapshot;

/// Hours in a week.
pub const WEEK_HOURS: usize = 168;
/// Hours in a day.
pub const DAY_HOURS: usize = 24;
/// Weeks that are looked through for an ordinary one.
const WEEKS_AHEAD: u64 = 60;

/// One bit for each hour of a span.
pub type HourBits = Bits<3>;

/// The days whose hours are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourSpan {
    /// The first day.
    pub first_day: NaiveDate,
    /// How many days: 7 or 1.
    pub days: u8,
}

impl HourSpan {
    /// The week that stands for every week: the first from `today` on, Monday to Sunday, in which no day is a statutory
    /// day off or a make-up workday. Where the calendar ends before there is one, the last such week that it knows; where
    /// it knows none at all, this week.
    pub fn ordinary_week(calendar: &WorkCalendar, today: NaiveDate) -> Self {
        let monday = monday_of(today);
        let is_ordinary = |monday: &NaiveDate| {
            monday
                .iter_days()
                .take(7)
                .all(|day| matches!(calendar.day_kind(day), DayKind::Workday | DayKind::Weekend))
        };
        let ahead = (0..WEEKS_AHEAD).filter_map(|weeks| monday.checked_add_days(Days::new(7 * weeks)));
        let last_known = monday_of(calendar.last_day().min(today));
        let behind = (0..WEEKS_AHEAD).filter_map(|weeks| last_known.checked_sub_days(Days::new(7 * weeks)));
        Self::week(ahead.chain(behind).find(is_ordinary).unwrap_or(monday))
    }

    /// The week, Monday to Sunday, that a date lies in.
    pub fn week(date: NaiveDate) -> Self {
        Self {
            first_day: monday_of(date),
            days: 7,
        }
    }

    /// One date.
    pub const fn day(date: NaiveDate) -> Self {
        Self {
            first_day: date,
            days: 1,
        }
    }

    /// How many hours these are.
    pub const fn hours(self) -> usize {
        self.days as usize * DAY_HOURS
    }

    /// The minute at which each hour begins.
    pub fn minutes(self) -> impl Iterator<Item = LocalMinute> {
        let first = LocalMinute::start_of(self.first_day);
        (0..i32::from(self.days) * 24).map(move |hour| first.plus_minutes(60 * hour))
    }

    /// The hour of the week, counted from Monday 00:00, of an hour of this span.
    pub fn hour_of_week(self, hour: usize) -> usize {
        (self.first_day.weekday().num_days_from_monday() as usize * DAY_HOURS + hour) % WEEK_HOURS
    }
}

/// The hour of the week that a minute lies in, counted from Monday 00:00.
pub fn hour_of_week(minute: LocalMinute) -> usize {
    let local = minute.to_local();
    local.weekday().num_days_from_monday() as usize * DAY_HOURS + local.hour() as usize
}

/// An hour of the week by name: `mo-00` to `su-23`.
pub fn hour_name(hour_of_week: usize) -> String {
    const DAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
    format!(
        "{}-{:02}",
        DAYS[hour_of_week / DAY_HOURS % 7],
        hour_of_week % DAY_HOURS
    )
}

fn monday_of(date: NaiveDate) -> NaiveDate {
    date.week(Weekday::Mon).checked_first_day().unwrap_or(date)
}

/// When a station is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenHours {
    /// Hours at whose beginning it surely matches and is surely open.
    pub sure: HourBits,
    /// Hours at whose beginning it matches and is open at least perhaps; holds `sure`.
    pub perhaps: HourBits,
}

/// The open hours of each station of a question whose conditions name no time.
pub fn open_hours(
    snapshot: &Snapshot,
    filter: &StationFilter,
    asked: &PlanStations,
    span: HourSpan,
) -> Vec<OpenHours> {
    let all = snapshot.stations();
    let minutes: Vec<LocalMinute> = span.minutes().collect();
    let window = minutes.first().map(|first| snapshot.hours().window(*first));
    let of = |ordinal: u32| {
        let mut open = OpenHours::default();
        for (hour, &minute) in minutes.iter().enumerate() {
            let state = window.as_deref().map_or(OpenState::Unknown, |window| {
                stations::open_state(snapshot, window, ordinal, minute)
            });
            match stations::certainty(filter, &all[ordinal as usize], state) {
                Some(Certainty::Sure) => {
                    open.sure.set(hour);
                    open.perhaps.set(hour);
                }
                Some(Certainty::Perhaps) => open.perhaps.set(hour),
                None => {}
            }
        }
        open
    };
    asked
        .stations()
        .iter()
        .map(|station| of(station.ordinal))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_ordinary_week_has_no_holiday_and_no_make_up_workday() {
        let calendar = WorkCalendar::bundled();
        // National Day 2026 is 1 to 7 October, with make-up workdays on 20 September and 10 October.
        for (today, monday) in [
            ("2026-11-22", "2026-11-16"),
            ("2026-09-17", "2026-10-12"),
            ("2026-10-05", "2026-10-12"),
        ] {
            assert_eq!(
                HourSpan::ordinary_week(&calendar, date(today)).first_day,
                date(monday),
                "{today}"
            );
        }
    }

    #[test]
    fn past_the_end_of_the_calendar_the_last_ordinary_week_stands_in() {
        let calendar = WorkCalendar::bundled();
        let week = HourSpan::ordinary_week(&calendar, date("2031-05-05"));
        assert!(week.first_day < calendar.last_day());
        assert!(week.first_day > calendar.last_day() - Days::new(21));
    }

    #[test]
    fn hours_have_names_from_monday_midnight() {
        assert_eq!(hour_name(0), "mo-00");
        assert_eq!(hour_name(167), "su-23");
        let saturday = HourSpan::day(date("2026-11-21"));
        assert_eq!(hour_name(saturday.hour_of_week(4)), "sa-04");
        assert_eq!(saturday.minutes().count(), saturday.hours());
    }
}
