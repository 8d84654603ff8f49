//! Opening hours that were read once and answer for any time.

use std::sync::Arc;

use chrono::NaiveDate;

use super::answer::{OpenAnswer, OpenReason, OpenState};
use super::day::{Stretch, own_day, shown_day};
use super::local_minute::{LocalMinute, MINUTES_PER_DAY};
use super::osm::{self, InvalidHours, Rules};
use super::rule::Rule;
use crate::domain::work_calendar::WorkCalendar;

/// How far ahead a change is looked for, in days; a year and its leap day, so that every season is seen.
pub const HORIZON_DAYS: i32 = 366;
/// [`HORIZON_DAYS`] in minutes.
const HORIZON_MINUTES: i32 = HORIZON_DAYS * MINUTES_PER_DAY;

/// A time span of one state and reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursInterval {
    /// First minute.
    pub from: LocalMinute,
    /// Minute after the last.
    pub to: LocalMinute,
    /// State in between.
    pub state: OpenState,
    /// Why.
    pub reason: OpenReason,
}

/// Opening hours in OSM syntax, read once, with the work calendar they are evaluated by.
///
/// ```
/// use std::sync::Arc;
/// use yizhan::domain::opening_hours::{CompiledHours, LocalMinute, OpenState};
/// use yizhan::domain::work_calendar::WorkCalendar;
///
/// let calendar = Arc::new(WorkCalendar::bundled());
/// let hours = CompiledHours::parse("Mo-Fr 08:00-12:00,14:00-18:00; PH off", &calendar)?;
/// let noon_break = LocalMinute::from_local("2026-11-20T12:30:00".parse()?);
/// let answer = hours.answer(noon_break);
/// assert_eq!(answer.state, OpenState::Closed);
/// assert_eq!(answer.minutes_to_change(noon_break), Some(90));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CompiledHours {
    rules: Rules,
    calendar: Arc<WorkCalendar>,
}

impl CompiledHours {
    /// Reads `text`, of at most [`MAX_HOURS_BYTES`](super::MAX_HOURS_BYTES).
    pub fn parse(text: &str, calendar: &Arc<WorkCalendar>) -> Result<Self, InvalidHours> {
        Ok(Self {
            rules: osm::parse(text)?,
            calendar: Arc::clone(calendar),
        })
    }

    /// State, reason and next change at `at`. Evaluates days until the change is found, some microseconds each.
    pub fn answer(&self, at: LocalMinute) -> OpenAnswer {
        let horizon = at.plus_minutes(HORIZON_MINUTES);
        let mut answer = self.constant().cloned().unwrap_or_else(|| self.now_at(at));
        for (start, stretch) in self.stretches(at.date(), HORIZON_DAYS + 1) {
            if start <= at {
                continue;
            }
            if start > horizon {
                break;
            }
            if answer.changes_at.is_none() && stretch.state != answer.state {
                answer.changes_at = Some(start);
                answer.next_state = Some(stretch.state);
            }
            if stretch.state == OpenState::Open && answer.state != OpenState::Open {
                answer.opens_at = Some(start);
                break;
            }
            if answer.state == OpenState::Open && answer.changes_at.is_some() {
                break;
            }
        }
        answer
    }

    /// State at `at`.
    pub fn state(&self, at: LocalMinute) -> OpenState {
        self.constant()
            .map_or_else(|| self.now_at(at).state, |answer| answer.state)
    }

    /// Open when open throughout from `from` until before `to`, closed when closed at some minute of it, else
    /// unknown. An empty span is the minute `from`.
    pub fn state_during(&self, from: LocalMinute, to: LocalMinute) -> OpenState {
        let to = to.max(from.plus_minutes(1));
        let states = self
            .intervals(from, to)
            .into_iter()
            .map(|interval| interval.state);
        weakest(states)
    }

    /// The intervals from `from` until `to`, without gaps. Evaluates each day in between.
    pub fn intervals(&self, from: LocalMinute, to: LocalMinute) -> Vec<HoursInterval> {
        let mut intervals: Vec<HoursInterval> = Vec::new();
        if from >= to {
            return intervals;
        }
        if let Some(OpenAnswer { state, reason, .. }) = self.constant() {
            return vec![HoursInterval {
                from,
                to,
                state: *state,
                reason: reason.clone(),
            }];
        }
        let days = (to.date() - from.date()).num_days() + 1;
        let days = i32::try_from(days).expect("32 bits of minutes are fewer days");
        for (start, Stretch { state, reason, .. }) in self.stretches(from.date(), days) {
            if start >= to {
                break;
            }
            let start = start.max(from);
            match intervals.last_mut() {
                Some(last) if last.state == state && last.reason == reason => continue,
                Some(last) if last.from == start => intervals.clear(),
                Some(last) => last.to = start,
                None => {}
            }
            intervals.push(HoursInterval {
                from: start,
                to,
                state,
                reason,
            });
        }
        intervals
    }

    /// The intervals of the seven days that begin with `first_day`.
    pub fn week(&self, first_day: NaiveDate) -> Vec<HoursInterval> {
        let from = LocalMinute::start_of(first_day);
        self.intervals(from, from.plus_minutes(7 * MINUTES_PER_DAY))
    }

    /// State and reason at `at`, without what comes next.
    pub(super) fn now_at(&self, at: LocalMinute) -> OpenAnswer {
        if let Some(answer) = self.constant() {
            return answer.clone();
        }
        let current = self
            .stretches(at.date(), 1)
            .take_while(|(start, _)| *start <= at)
            .last();
        let (state, reason) = current
            .map(|(_, stretch)| (stretch.state, stretch.reason))
            .expect("the stretches of a day begin at its midnight");
        OpenAnswer::constant(state, reason)
    }

    /// The answer for all times, when it is the same for all.
    fn constant(&self) -> Option<&OpenAnswer> {
        match &self.rules {
            Rules::Constant(answer) => Some(answer),
            Rules::ByDay(_) => None,
        }
    }

    /// The stretches of `days` days from `first_day` on with the minutes they begin at; none when constant.
    pub(super) fn stretches(
        &self,
        first_day: NaiveDate,
        days: i32,
    ) -> impl Iterator<Item = (LocalMinute, Stretch)> + '_ {
        let rules: &[Rule] = match &self.rules {
            Rules::Constant(_) => &[],
            Rules::ByDay(rules) => rules,
        };
        let day_count = if self.constant().is_some() { 0 } else { days };
        let mut previous = first_day
            .pred_opt()
            .map(|date| own_day(rules, &self.calendar, date))
            .unwrap_or_default();
        let dates = first_day.iter_days().zip(0..day_count).map(|(date, _)| date);
        dates.flat_map(move |date| {
            let own = own_day(rules, &self.calendar, date);
            let shown = shown_day(&own, &previous);
            previous = own;
            let midnight = LocalMinute::start_of(date);
            shown
                .into_iter()
                .map(move |stretch| (midnight.plus_minutes(stretch.from.into()), stretch))
        })
    }
}

/// Closed when any state is closed, else unknown when any is unknown, else open.
pub(super) fn weakest(states: impl Iterator<Item = OpenState>) -> OpenState {
    let mut weakest = OpenState::Open;
    for state in states {
        match state {
            OpenState::Closed => return OpenState::Closed,
            OpenState::Unknown => weakest = OpenState::Unknown,
            OpenState::Open => {}
        }
    }
    weakest
}
