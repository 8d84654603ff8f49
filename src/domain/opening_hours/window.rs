//! The changes of state of all hours in about two weeks, worked out when first asked for.

use std::sync::{Arc, OnceLock};

use super::answer::{OpenAnswer, OpenReason, OpenState};
use super::compiled::{CompiledHours, HORIZON_DAYS, weakest};
use super::local_minute::{LocalMinute, MINUTES_PER_DAY};
use super::table::{Entry, HoursId};

/// Days from one window's week to the next.
const WEEK_DAYS: i32 = 7;
/// Days before the week that a window also covers.
const DAYS_BEFORE: i32 = 2;
/// Days after the week that a window also covers.
const DAYS_AFTER: i32 = 5;
const WINDOW_DAYS: i32 = DAYS_BEFORE + WEEK_DAYS + DAYS_AFTER;

/// State of all hours of a table in one week and some days around it.
///
/// Within these days the state at a time costs some ten nanoseconds once a text has been asked for; the first time
/// costs an evaluation of the whole window, some tens of microseconds. Outside them answers are the same and slower.
#[derive(Debug)]
pub struct HoursWindow {
    entries: Arc<[Arc<Entry>]>,
    week: i32,
    start: LocalMinute,
    end: LocalMinute,
    slots: Box<[OnceLock<Arc<Filled>>]>,
}

/// What is known of one text within the window.
#[derive(Debug)]
struct Filled {
    /// Changes of state, ascending; the first is at the window's start.
    changes: Box<[Change]>,
    /// Changes of state or reason: minutes since the window's start, and the reason from then on.
    reasons: Box<[(u32, OpenReason)]>,
    /// The answer at the window's last minute, for what comes after it.
    last: OnceLock<OpenAnswer>,
}

/// A change of state: minutes since the window's start, and in the two lowest bits the state.
#[derive(Debug, Clone, Copy)]
struct Change(u32);

impl Change {
    fn new(offset: u32, state: OpenState) -> Self {
        Self(offset << 2 | u32::from(state as u8))
    }

    fn offset(self) -> u32 {
        self.0 >> 2
    }

    fn state(self) -> OpenState {
        match self.0 & 3 {
            0 => OpenState::Open,
            1 => OpenState::Closed,
            _ => OpenState::Unknown,
        }
    }
}

impl HoursWindow {
    /// The number of the week, Monday to Sunday, in which `at` lies.
    pub(super) fn week_of(at: LocalMinute) -> i32 {
        // 1970-01-01 was a Thursday.
        (at.0.div_euclid(MINUTES_PER_DAY) + 3).div_euclid(WEEK_DAYS)
    }

    pub(super) fn new(entries: Arc<[Arc<Entry>]>, week: i32) -> Self {
        let monday = week * WEEK_DAYS - 3;
        let start = LocalMinute((monday - DAYS_BEFORE).saturating_mul(MINUTES_PER_DAY));
        let end = start.plus_minutes(WINDOW_DAYS * MINUTES_PER_DAY);
        let slots = std::iter::repeat_with(OnceLock::new)
            .take(entries.len())
            .collect();
        Self {
            entries,
            week,
            start,
            end,
            slots,
        }
    }

    /// The same window over a table that has more entries at its end; what is known stays known.
    pub(super) fn extended(&self, entries: Arc<[Arc<Entry>]>) -> Self {
        let known = self.slots.iter().cloned();
        let slots = known.chain(std::iter::repeat_with(OnceLock::new));
        Self {
            slots: slots.take(entries.len()).collect(),
            entries,
            ..*self
        }
    }

    /// Whether the hours `id` were asked for already.
    #[cfg(test)]
    pub(super) fn knows(&self, id: HoursId) -> bool {
        self.slots[id.position()].get().is_some()
    }

    pub(super) fn week(&self) -> i32 {
        self.week
    }

    /// First minute of the window.
    pub fn start(&self) -> LocalMinute {
        self.start
    }

    /// Minute after the window's last.
    pub fn end(&self) -> LocalMinute {
        self.end
    }

    /// State of the hours `id` at `at`. No allocation and no parse once the text has been asked for.
    #[inline]
    pub fn state(&self, id: HoursId, at: LocalMinute) -> OpenState {
        match (self.offset_of(at), self.filled(id)) {
            (Some(offset), Some(filled)) => filled.state_at(offset),
            _ => self.hours(id).map_or(OpenState::Unknown, |hours| hours.state(at)),
        }
    }

    /// State, reason and next change of the hours `id` at `at`. No evaluation once the text has been asked for.
    pub fn answer(&self, id: HoursId, at: LocalMinute) -> OpenAnswer {
        let Some(hours) = self.hours(id) else {
            let entry = self
                .entries
                .get(id.0 as usize)
                .map_or(&Entry::NotStated, |entry| entry);
            return entry.without_hours().expect("only readable entries have hours");
        };
        match (self.offset_of(at), self.filled(id)) {
            (Some(offset), Some(filled)) => self.answer_from(hours, filled, offset),
            _ => hours.answer(at),
        }
    }

    /// Open when open throughout from `from` until before `to`, closed when closed at some minute of it, else
    /// unknown. An empty span is the minute `from`.
    pub fn state_during(&self, id: HoursId, from: LocalMinute, to: LocalMinute) -> OpenState {
        let last = to.plus_minutes(-1).max(from);
        match (self.offset_of(from), self.offset_of(last), self.filled(id)) {
            (Some(first), Some(last), Some(filled)) => filled.state_during(first, last),
            _ => self
                .hours(id)
                .map_or(OpenState::Unknown, |hours| hours.state_during(from, to)),
        }
    }

    /// Minutes from the window's start to `at`, when `at` is in the window.
    #[inline]
    fn offset_of(&self, at: LocalMinute) -> Option<u32> {
        if at >= self.end {
            return None;
        }
        u32::try_from(at.0.checked_sub(self.start.0)?).ok()
    }

    fn hours(&self, id: HoursId) -> Option<&CompiledHours> {
        match &**self.entries.get(id.0 as usize)? {
            Entry::Readable(hours) => Some(hours),
            Entry::NotStated | Entry::NotReadable(_) => None,
        }
    }

    #[inline]
    fn filled(&self, id: HoursId) -> Option<&Filled> {
        let slot = self.slots.get(id.0 as usize)?;
        Some(slot.get_or_init(|| Arc::new(self.fill(id))))
    }

    #[cold]
    fn fill(&self, id: HoursId) -> Filled {
        let mut changes: Vec<Change> = Vec::new();
        let mut reasons = Vec::new();
        let intervals = self
            .hours(id)
            .map(|hours| hours.intervals(self.start, self.end))
            .unwrap_or_default();
        for interval in intervals {
            let offset = self
                .offset_of(interval.from)
                .expect("intervals lie in the window");
            if changes.last().is_none_or(|last| last.state() != interval.state) {
                changes.push(Change::new(offset, interval.state));
            }
            reasons.push((offset, interval.reason));
        }
        if changes.is_empty() {
            changes.push(Change::new(0, OpenState::Unknown));
        }
        Filled {
            changes: changes.into(),
            reasons: reasons.into(),
            last: OnceLock::new(),
        }
    }

    fn answer_from(&self, hours: &CompiledHours, filled: &Filled, offset: u32) -> OpenAnswer {
        let at = self.start.plus_minutes(offset.cast_signed());
        let mut answer = OpenAnswer::constant(filled.state_at(offset), filled.reason_at(offset));
        let time_of = |change: &Change| self.start.plus_minutes(change.offset().cast_signed());
        let later = filled.later_than(offset);
        if let Some(change) = later.first() {
            answer.changes_at = Some(time_of(change));
            answer.next_state = Some(change.state());
        }
        let is_open = answer.state == OpenState::Open;
        let opening = later.iter().find(|change| change.state() == OpenState::Open);
        answer.opens_at = opening.filter(|_| !is_open).map(time_of);
        let is_complete = answer.changes_at.is_some() && (is_open || answer.opens_at.is_some());
        if !is_complete {
            let last = filled
                .last
                .get_or_init(|| hours.answer(self.end.plus_minutes(-1)));
            let horizon = at.plus_minutes(HORIZON_DAYS * MINUTES_PER_DAY);
            if answer.changes_at.is_none() && last.changes_at.is_some_and(|change| change <= horizon) {
                answer.changes_at = last.changes_at;
                answer.next_state = last.next_state;
            }
            if !is_open && answer.opens_at.is_none() {
                answer.opens_at = last.opens_at.filter(|&opening| opening <= horizon);
            }
        }
        answer
    }
}

impl Filled {
    /// Number of changes up to and including `offset`; at least 1.
    #[inline]
    fn count_until(&self, offset: u32) -> usize {
        self.changes.partition_point(|change| change.offset() <= offset)
    }

    #[inline]
    fn state_at(&self, offset: u32) -> OpenState {
        let current = self.count_until(offset).saturating_sub(1);
        self.changes
            .get(current)
            .map_or(OpenState::Unknown, |change| change.state())
    }

    fn reason_at(&self, offset: u32) -> OpenReason {
        let current = self
            .reasons
            .partition_point(|(start, _)| *start <= offset)
            .saturating_sub(1);
        self.reasons
            .get(current)
            .map_or(OpenReason::HoursNotStated, |(_, reason)| reason.clone())
    }

    fn later_than(&self, offset: u32) -> &[Change] {
        self.changes.get(self.count_until(offset)..).unwrap_or_default()
    }

    fn state_during(&self, first: u32, last: u32) -> OpenState {
        let later = self
            .later_than(first)
            .iter()
            .take_while(|change| change.offset() <= last);
        weakest(std::iter::once(self.state_at(first)).chain(later.map(|change| change.state())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_its_time_and_state() {
        for state in [OpenState::Open, OpenState::Closed, OpenState::Unknown] {
            let change = Change::new(20_159, state);
            assert_eq!((change.offset(), change.state()), (20_159, state));
        }
    }

    #[test]
    fn a_window_covers_two_days_before_its_week_and_five_after() {
        let at = |text: &str| LocalMinute::from_local(text.parse().expect("a time"));
        let week = HoursWindow::week_of(at("2026-11-21T10:00:00"));
        let window = HoursWindow::new(Vec::new().into(), week);
        assert_eq!(window.start(), at("2026-11-14T00:00:00"));
        assert_eq!(window.end(), at("2026-11-28T00:00:00"));
        assert_eq!(HoursWindow::week_of(at("2026-11-16T00:00:00")), week);
        assert_eq!(HoursWindow::week_of(at("2026-11-22T23:59:00")), week);
        assert_eq!(HoursWindow::week_of(at("2026-11-15T23:59:00")), week - 1);
    }

    #[test]
    fn the_ends_of_time_have_a_window() {
        for at in [LocalMinute(i32::MIN), LocalMinute(i32::MAX)] {
            let window = HoursWindow::new(Vec::new().into(), HoursWindow::week_of(at));
            assert_eq!(window.state(HoursId(0), at), OpenState::Unknown);
        }
    }
}
