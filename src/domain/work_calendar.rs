//! The work calendar of mainland China: statutory days off and make-up workdays, with an explicit last known day.
//!
//! # Why
//! "Mo-Fr" in China means the days that people work. Which these are is decided once a year by a notice of the
//! State Council: holidays are widened by moving neighbouring weekends, and some Saturdays and Sundays are worked
//! in exchange. Before a notice is out nobody knows, so a day beyond the file is [`DayKind::NotPublished`], never
//! an ordinary day.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate, Weekday};
use serde::Deserialize;

/// The calendar that is part of the program, made by `data/make_work_calendar.py`.
const BUNDLED: &str = include_str!("../../data/work_calendar.json");

/// What kind of day a date is by the work calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// Monday to Friday, worked as always.
    Workday,
    /// Saturday or Sunday, free as always.
    Weekend,
    /// A day off by law or by exchange.
    StatutoryOff {
        /// Chinese name of the holiday.
        name: &'a Arc<str>,
    },
    /// A Saturday or Sunday that is worked in exchange for a day off.
    MakeUpWorkday {
        /// Chinese name of the holiday it is exchanged for.
        name: &'a Arc<str>,
    },
    /// Outside the range that the calendar knows.
    NotPublished,
}

/// Why a work calendar file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidCalendar {
    /// The file is not JSON of the expected form.
    #[error("work calendar is not readable: {0}")]
    Json(#[from] serde_json::Error),
    /// The known range is empty or backwards.
    #[error(
        "work calendar has first_day `{first_day}` after last_day `{last_day}`; expected first_day <= last_day"
    )]
    Range {
        /// First day of the range as stated.
        first_day: NaiveDate,
        /// Last day of the range as stated.
        last_day: NaiveDate,
    },
    /// An entry lies outside the known range.
    #[error(
        "work calendar entry `{date}` ({name}) is outside the known range; expected {first_day} to {last_day}"
    )]
    OutsideRange {
        /// The entry's date.
        date: NaiveDate,
        /// The entry's holiday name.
        name: String,
        /// First day of the range.
        first_day: NaiveDate,
        /// Last day of the range.
        last_day: NaiveDate,
    },
    /// Entries are out of order, or one date stands twice.
    #[error(
        "work calendar entry `{date}` ({name}) does not come after `{previous}`; expected ascending dates, each once"
    )]
    Order {
        /// The entry's date.
        date: NaiveDate,
        /// The entry's holiday name.
        name: String,
        /// The date of the entry before it.
        previous: NaiveDate,
    },
    /// A make-up workday that is not a Saturday or Sunday.
    #[error("work calendar entry `{date}` ({name}) is a make-up workday on a {weekday}; expected Sat or Sun")]
    MakeUpOnWeekday {
        /// The entry's date.
        date: NaiveDate,
        /// The entry's holiday name.
        name: String,
        /// The day of the week the date falls on.
        weekday: Weekday,
    },
}

/// Statutory days off and make-up workdays within a known range of dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkCalendar {
    first_day: NaiveDate,
    last_day: NaiveDate,
    special_days: BTreeMap<NaiveDate, SpecialDay>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct SpecialDay {
    kind: SpecialKind,
    name: Arc<str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SpecialKind {
    DayOff,
    MakeUpWorkday,
}

/// The file's form; other members (title, origin, licence, notices) are for readers.
#[derive(Deserialize)]
struct CalendarFile {
    first_day: NaiveDate,
    last_day: NaiveDate,
    days: Vec<FileEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    date: NaiveDate,
    kind: SpecialKind,
    name: String,
}

impl WorkCalendar {
    /// The calendar bundled with the program.
    pub fn bundled() -> Self {
        Self::from_json(BUNDLED).expect("the bundled calendar is checked by a test")
    }

    /// Reads a calendar from the text of a JSON file of the form of `data/work_calendar.json`.
    pub fn from_json(text: &str) -> Result<Self, InvalidCalendar> {
        let file: CalendarFile = serde_json::from_str(text)?;
        let mut calendar = Self::without_holidays(file.first_day, file.last_day)?;
        for entry in file.days {
            calendar.add(entry)?;
        }
        Ok(calendar)
    }

    /// A calendar that knows the days from `first_day` to `last_day`, both included, and that none is special.
    pub fn without_holidays(first_day: NaiveDate, last_day: NaiveDate) -> Result<Self, InvalidCalendar> {
        if first_day > last_day {
            return Err(InvalidCalendar::Range { first_day, last_day });
        }
        Ok(Self {
            first_day,
            last_day,
            special_days: BTreeMap::new(),
        })
    }

    /// First day that the calendar knows.
    pub fn first_day(&self) -> NaiveDate {
        self.first_day
    }

    /// Last day that the calendar knows.
    pub fn last_day(&self) -> NaiveDate {
        self.last_day
    }

    /// What kind of day `date` is. O(log n) in the number of special days.
    pub fn day_kind(&self, date: NaiveDate) -> DayKind<'_> {
        if !(self.first_day..=self.last_day).contains(&date) {
            return DayKind::NotPublished;
        }
        match self.special_days.get(&date) {
            Some(SpecialDay {
                kind: SpecialKind::DayOff,
                name,
            }) => DayKind::StatutoryOff { name },
            Some(SpecialDay {
                kind: SpecialKind::MakeUpWorkday,
                name,
            }) => DayKind::MakeUpWorkday { name },
            None if is_weekend(date) => DayKind::Weekend,
            None => DayKind::Workday,
        }
    }

    /// Adds the next entry, which must be in range and later than all entries before it.
    fn add(&mut self, entry: FileEntry) -> Result<(), InvalidCalendar> {
        let FileEntry { date, kind, name } = entry;
        if !(self.first_day..=self.last_day).contains(&date) {
            let (first_day, last_day) = (self.first_day, self.last_day);
            return Err(InvalidCalendar::OutsideRange {
                date,
                name,
                first_day,
                last_day,
            });
        }
        if let Some((&previous, _)) = self.special_days.last_key_value()
            && previous >= date
        {
            return Err(InvalidCalendar::Order { date, name, previous });
        }
        if kind == SpecialKind::MakeUpWorkday && !is_weekend(date) {
            return Err(InvalidCalendar::MakeUpOnWeekday {
                date,
                name,
                weekday: date.weekday(),
            });
        }
        self.special_days.insert(
            date,
            SpecialDay {
                kind,
                name: name.into(),
            },
        );
        Ok(())
    }
}

/// Whether `date` is a Saturday or a Sunday.
pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn file(days: &str) -> String {
        format!(r#"{{"first_day":"2026-01-01","last_day":"2026-12-31","days":[{days}]}}"#)
    }

    fn problem(days: &str) -> String {
        WorkCalendar::from_json(&file(days)).unwrap_err().to_string()
    }

    #[test]
    fn the_bundled_calendar_has_the_days_of_each_notice() {
        let calendar = WorkCalendar::bundled();
        assert_eq!(calendar.first_day(), day("2023-01-01"));
        let count = |year: i32, kind: SpecialKind| {
            let of_year =
                |(date, special): &(&NaiveDate, &SpecialDay)| date.year() == year && special.kind == kind;
            calendar.special_days.iter().filter(of_year).count()
        };
        let years = [(2023, 26, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)];
        for (year, days_off, make_up) in years {
            assert_eq!(count(year, SpecialKind::DayOff), days_off, "days off of {year}");
            assert_eq!(
                count(year, SpecialKind::MakeUpWorkday),
                make_up,
                "make-up workdays of {year}"
            );
        }
    }

    #[test]
    fn the_spring_festival_of_2026_is_known_day_by_day() {
        let calendar = WorkCalendar::bundled();
        let spring: Arc<str> = "春节".into();
        assert_eq!(
            calendar.day_kind(day("2026-02-14")),
            DayKind::MakeUpWorkday { name: &spring }
        );
        assert_eq!(
            calendar.day_kind(day("2026-02-15")),
            DayKind::StatutoryOff { name: &spring }
        );
        assert_eq!(
            calendar.day_kind(day("2026-02-23")),
            DayKind::StatutoryOff { name: &spring }
        );
        assert_eq!(calendar.day_kind(day("2026-02-24")), DayKind::Workday);
        assert_eq!(
            calendar.day_kind(day("2026-02-28")),
            DayKind::MakeUpWorkday { name: &spring }
        );
        assert_eq!(calendar.day_kind(day("2026-03-01")), DayKind::Weekend);
    }

    #[test]
    fn a_day_outside_the_range_is_not_published() {
        let calendar = WorkCalendar::from_json(&file("")).unwrap();
        assert_eq!(calendar.day_kind(day("2025-12-31")), DayKind::NotPublished);
        assert_eq!(calendar.day_kind(day("2026-01-01")), DayKind::Workday);
        assert_eq!(calendar.day_kind(day("2026-12-31")), DayKind::Workday);
        assert_eq!(calendar.day_kind(day("2027-01-01")), DayKind::NotPublished);
    }

    #[test]
    fn a_bad_file_is_refused_and_the_entry_named() {
        let new_year = r#"{"date":"2026-01-01","kind":"day_off","name":"元旦"}"#;
        let worked_new_year = r#"{"date":"2026-01-01","kind":"make_up_workday","name":"元旦"}"#;
        let outside = r#"{"date":"2027-01-01","kind":"day_off","name":"元旦"}"#;
        assert!(problem(outside).contains("`2027-01-01` (元旦) is outside"));
        assert!(problem(&format!("{new_year},{new_year}")).contains("does not come after `2026-01-01`"));
        assert!(problem(worked_new_year).contains("make-up workday on a Thu"));
        assert!(problem(r#"{"date":"2026-02-30","kind":"day_off","name":"x"}"#).contains("not readable"));
        assert!(problem(r#"{"date":"2026-02-03","kind":"half_day","name":"x"}"#).contains("half_day"));
        let backwards = r#"{"first_day":"2026-01-02","last_day":"2026-01-01","days":[]}"#;
        assert!(
            WorkCalendar::from_json(backwards)
                .unwrap_err()
                .to_string()
                .contains("after last_day")
        );
    }

    #[test]
    fn a_date_cannot_be_off_and_worked() {
        let both = r#"{"date":"2026-01-04","kind":"day_off","name":"元旦"},
                      {"date":"2026-01-04","kind":"make_up_workday","name":"元旦"}"#;
        assert!(problem(both).contains("each once"));
    }
}
