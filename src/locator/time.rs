//! Moments: an instant together with the local wall-clock minute in which stations' hours are read.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::domain::opening_hours::LocalMinute;

/// Where wall clocks stand in the register's time zone.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    zone: Tz,
    /// The offset from UTC, where it is the same at all times in [`STEADY_YEARS`].
    steady: Option<FixedOffset>,
}

/// Years for which a zone's offset is looked up once. China's has not changed since 1991, and asking the zone's tables
/// for each of the thirty times in an answer took longer than the search itself.
const STEADY_YEARS: std::ops::Range<i32> = 1992..2100;

impl Default for Clock {
    /// China Standard Time.
    fn default() -> Self {
        Self::new(chrono_tz::Asia::Shanghai)
    }
}

impl Clock {
    /// A clock in a time zone.
    pub fn new(zone: Tz) -> Self {
        let noons = STEADY_YEARS
            .flat_map(|year| (1..=12).filter_map(move |month| NaiveDate::from_ymd_opt(year, month, 15)));
        let mut offsets = noons.map(|date| zone.offset_from_utc_date(&date).fix());
        let steady = offsets
            .next()
            .filter(|first| offsets.all(|offset| offset == *first));
        Self { zone, steady }
    }

    /// The name of the time zone, for example `Asia/Shanghai`.
    pub fn zone_name(self) -> &'static str {
        self.zone.name()
    }

    fn steady_in(self, year: i32) -> Option<FixedOffset> {
        self.steady.filter(|_| STEADY_YEARS.contains(&year))
    }

    /// The moment of an instant.
    pub fn moment(self, instant: DateTime<Utc>) -> Moment {
        let offset = self.steady_in(instant.year());
        let offset = offset.unwrap_or_else(|| instant.with_timezone(&self.zone).offset().fix());
        let local = instant.naive_utc() + offset;
        Moment {
            instant,
            offset,
            minute: LocalMinute::from_local(local),
        }
    }

    /// The instant at which a local minute begins, with its offset. A minute that summer time skips begins when the
    /// clock jumps over it; of one that comes twice, the first is meant.
    pub fn begin(self, minute: LocalMinute) -> DateTime<FixedOffset> {
        let local = minute.to_local();
        if let Some(offset) = self.steady_in(local.year()) {
            return DateTime::from_naive_utc_and_offset(local - offset, offset);
        }
        let found = self.zone.from_local_datetime(&local).earliest();
        let instant = found.map_or_else(
            || {
                let earlier = self
                    .zone
                    .from_local_datetime(&(local - TimeDelta::hours(3)))
                    .earliest();
                earlier.map_or_else(
                    || local.and_utc(),
                    |time| time.with_timezone(&Utc) + TimeDelta::hours(3),
                )
            },
            |time| time.with_timezone(&Utc),
        );
        instant.with_timezone(&instant.with_timezone(&self.zone).offset().fix())
    }
}

/// An instant and what a wall clock shows then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub instant: DateTime<Utc>,
    /// How far the wall clock is ahead of UTC.
    pub offset: FixedOffset,
    /// The minute that the wall clock shows.
    pub minute: LocalMinute,
}

impl Moment {
    /// The moment `seconds` later, by a clock that keeps its offset; exact except across a change to summer time.
    #[must_use]
    pub fn after_s(self, clock: Clock, seconds: u64) -> Self {
        // Beyond the end of time there is nothing to be open; 100 years is as good.
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX).min(3_155_760_000);
        clock.moment(self.instant + TimeDelta::seconds(seconds))
    }

    /// The instant with its offset, for showing.
    pub fn local(self) -> DateTime<FixedOffset> {
        self.instant.with_timezone(&self.offset)
    }
}

/// When a station must be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OpenAsk {
    /// Whenever: the open state is told and not asked for.
    #[default]
    Any,
    /// At a moment, and for `stay_min` minutes from then.
    At {
        /// The moment.
        moment: Moment,
        /// Minutes for which it must stay open.
        stay_min: u16,
    },
    /// On arrival by the query's mode of travel, and for `stay_min` minutes from then.
    OnArrival {
        /// Minutes for which it must stay open.
        stay_min: u16,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_in_china_is_eight_hours_ahead() {
        let moment = Clock::default().moment("2026-11-21T16:30:45Z".parse().unwrap());
        assert_eq!(moment.local().to_rfc3339(), "2026-11-22T00:30:45+08:00");
        assert_eq!(moment.minute.to_string(), "2026-11-22T00:30");
        assert_eq!(
            Clock::default().begin(moment.minute).to_rfc3339(),
            "2026-11-22T00:30:00+08:00"
        );
    }

    #[test]
    fn a_zone_with_summer_time_is_not_taken_for_steady_and_one_without_gives_the_zones_own_times() {
        assert!(Clock::new(chrono_tz::Europe::Berlin).steady.is_none());
        let clock = Clock::default();
        for text in [
            "1986-07-01T04:00:00Z",
            "1992-01-01T00:00:00Z",
            "2026-11-21T16:30:45Z",
            "2150-01-01T00:00:00Z",
        ] {
            let instant: DateTime<Utc> = text.parse().unwrap();
            let expected = instant.with_timezone(&chrono_tz::Asia::Shanghai);
            let moment = clock.moment(instant);
            assert_eq!(moment.local().to_rfc3339(), expected.fixed_offset().to_rfc3339());
            assert_eq!(moment.minute, LocalMinute::from_local(expected.naive_local()));
        }
    }

    #[test]
    fn a_minute_that_summer_time_skips_begins_when_the_clock_jumps() {
        let clock = Clock::new(chrono_tz::Europe::Berlin);
        let skipped = LocalMinute::from_local("2026-03-29T02:30:00".parse().unwrap());
        assert_eq!(clock.begin(skipped).to_rfc3339(), "2026-03-29T03:30:00+02:00");
    }
}
