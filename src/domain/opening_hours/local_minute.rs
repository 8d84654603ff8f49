//! A minute of local wall-clock time, the unit in which hours are evaluated.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};

/// Minutes of a day.
pub(super) const MINUTES_PER_DAY: i32 = 24 * 60;

/// Minutes since 1970-01-01T00:00 of local wall-clock time; callers take care of time zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalMinute(pub i32);

impl LocalMinute {
    /// The minute in which `time` lies; seconds are dropped. Times beyond the years -2113 to 6053 become the
    /// nearest minute that the type can hold.
    pub fn from_local(time: NaiveDateTime) -> Self {
        let minutes = time.and_utc().timestamp().div_euclid(60);
        let limit = if minutes < 0 { i32::MIN } else { i32::MAX };
        Self(i32::try_from(minutes).unwrap_or(limit))
    }

    /// The wall-clock time at which the minute begins.
    pub fn to_local(self) -> NaiveDateTime {
        DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::minutes(self.0.into())
    }

    /// The date the minute belongs to.
    pub fn date(self) -> NaiveDate {
        self.to_local().date()
    }

    /// Midnight at the beginning of `date`.
    pub fn start_of(date: NaiveDate) -> Self {
        Self::from_local(date.into())
    }

    /// This time moved by `minutes`, staying within what the type can hold.
    #[must_use]
    pub fn plus_minutes(self, minutes: i32) -> Self {
        Self(self.0.saturating_add(minutes))
    }
}

impl From<NaiveDateTime> for LocalMinute {
    fn from(time: NaiveDateTime) -> Self {
        Self::from_local(time)
    }
}

impl From<LocalMinute> for NaiveDateTime {
    fn from(minute: LocalMinute) -> Self {
        minute.to_local()
    }
}

impl fmt::Display for LocalMinute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_local().format("%Y-%m-%dT%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_keeps_its_minute_and_loses_its_seconds() {
        let time: NaiveDateTime = "2026-11-21T18:02:59".parse().unwrap();
        let minute = LocalMinute::from(time);
        assert_eq!(minute.to_string(), "2026-11-21T18:02");
        assert_eq!(
            LocalMinute::start_of(minute.date()).to_string(),
            "2026-11-21T00:00"
        );
    }

    #[test]
    fn times_before_1970_round_down() {
        let time: NaiveDateTime = "1969-12-31T23:59:30".parse().unwrap();
        assert_eq!(LocalMinute::from(time), LocalMinute(-1));
    }

    #[test]
    fn the_ends_of_the_range_have_a_date() {
        for minute in [LocalMinute(i32::MIN), LocalMinute(i32::MAX)] {
            assert_eq!(LocalMinute::from_local(minute.to_local()), minute);
            assert_eq!(minute.plus_minutes(minute.0.signum()), minute);
        }
        assert_eq!(LocalMinute::from_local(NaiveDateTime::MAX), LocalMinute(i32::MAX));
    }
}
