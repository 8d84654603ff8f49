//! Moments: an instant together with the local wall-clock minute in which stations' hours are read.

use chrono::{DateTime, FixedOffset, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::domain::opening_hours::LocalMinute;

/// Where wall clocks stand in the register's time zone.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    zone: Tz,
}

impl Default for Clock {
    /// China Standard Time.
    fn default() -> Self {
        Self {
            zone: chrono_tz::Asia::Shanghai,
        }
    }
}

impl Clock {
    /// A clock in a time zone.
    pub const fn new(zone: Tz) -> Self {
        Self { zone }
    }

    /// The name of the time zone, for example `Asia/Shanghai`.
    pub fn zone_name(self) -> &'static str {
        self.zone.name()
    }

    /// The moment of an instant.
    pub fn moment(self, instant: DateTime<Utc>) -> Moment {
        let local = instant.with_timezone(&self.zone);
        Moment {
            instant,
            offset: local.offset().fix(),
            minute: LocalMinute::from_local(local.naive_local()),
        }
    }

    /// The instant at which a local minute begins, with its offset. A minute that summer time skips begins when the
    /// clock jumps over it; of one that comes twice, the first is meant.
    pub fn begin(self, minute: LocalMinute) -> DateTime<FixedOffset> {
        let local = minute.to_local();
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
    fn a_minute_that_summer_time_skips_begins_when_the_clock_jumps() {
        let clock = Clock::new(chrono_tz::Europe::Berlin);
        let skipped = LocalMinute::from_local("2026-03-29T02:30:00".parse().unwrap());
        assert_eq!(clock.begin(skipped).to_rfc3339(), "2026-03-29T03:30:00+02:00");
    }
}
