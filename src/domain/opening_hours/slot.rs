//! What a rule states for one day, as stretches of minutes that may reach into the next day.

use std::sync::Arc;

use opening_hours_syntax::rules::RuleSequence;
use opening_hours_syntax::rules::time::{Time, TimeEvent, TimeSpan};

use super::answer::OpenState;

/// Midnight at the end of a day, in minutes.
pub(super) const DAY_END: u16 = 24 * 60;
/// The last minute that a day's own hours can reach: the end of the next day.
pub(super) const SPILL_END: u16 = 48 * 60;

/// A stretch of minutes from a day's midnight with what is stated for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// First minute, 0..2880.
    pub from: u16,
    /// Minute after the last, up to 2880.
    pub to: u16,
    pub state: OpenState,
    pub comment: Option<Arc<str>>,
}

/// The slots that `sequence` states for a day it applies to, sorted and disjoint.
///
/// An open end, as in `18:00+`, is unknown from there for as long as the reference implementation of OSM guesses.
/// Times that repeat, as in `10:00-16:00/01:30`, are single moments; between them nothing is certain.
pub(super) fn slots_of(sequence: &RuleSequence, state: OpenState) -> Box<[Slot]> {
    let comment = (!sequence.comment.is_empty()).then(|| Arc::clone(&sequence.comment));
    let spans = &sequence.time_selector.spans;
    let mut slots = Vec::new();
    for span in spans {
        let (from, to) = minutes_of(span);
        let is_certain = span.repeats.is_none() || state == OpenState::Closed;
        let span_state = if is_certain { state } else { OpenState::Unknown };
        // `18:00+` is parsed as 18:00 until midnight with an open end: all of it is open-ended.
        let is_all_open_end = span.open_end && to == DAY_END && state != OpenState::Closed;
        if !is_all_open_end {
            overlay(
                &mut slots,
                Slot {
                    from,
                    to,
                    state: span_state,
                    comment: comment.clone(),
                },
            );
        }
    }
    if state == OpenState::Closed {
        for slot in &mut slots {
            // A day that is off has no night of its own either.
            if (slot.from, slot.to) == (0, DAY_END) {
                slot.to = SPILL_END;
            }
        }
        return slots.into();
    }
    for span in spans.iter().filter(|span| span.open_end) {
        let (from, to) = minutes_of(span);
        let start = if to == DAY_END { from } else { to };
        let next_start = spans
            .iter()
            .map(|other| minutes_of(other).0)
            .filter(|&other| other > start)
            .min();
        let end = guessed_end(start).min(next_start.unwrap_or(SPILL_END));
        fill_gaps(&mut slots, start, end, comment.as_ref());
    }
    slots.into()
}

/// Puts `slot` over what is there; neighbours of the same state and comment stay separate.
pub(super) fn overlay(slots: &mut Vec<Slot>, slot: Slot) {
    let mut kept = Vec::with_capacity(slots.len() + 2);
    for old in slots.drain(..) {
        if old.from < slot.from {
            kept.push(Slot {
                to: old.to.min(slot.from),
                ..old.clone()
            });
        }
        if old.to > slot.to {
            kept.push(Slot {
                from: old.from.max(slot.to),
                ..old
            });
        }
    }
    kept.push(slot);
    kept.sort_unstable_by_key(|slot| slot.from);
    *slots = kept;
}

/// Adds unknown stretches where nothing is stated between `start` and `end`.
fn fill_gaps(slots: &mut Vec<Slot>, start: u16, end: u16, comment: Option<&Arc<str>>) {
    let stated = std::mem::take(slots);
    if start < end {
        overlay(
            slots,
            Slot {
                from: start,
                to: end,
                state: OpenState::Unknown,
                comment: comment.cloned(),
            },
        );
    }
    for slot in stated {
        overlay(slots, slot);
    }
}

/// When an open end is taken to be over: 8 hours after a start from 22:00 on, 10 hours after one from 17:00 on,
/// else midnight.
fn guessed_end(start: u16) -> u16 {
    let end = match start {
        0..1020 => DAY_END,
        1020..1320 => start + 10 * 60,
        _ => start.saturating_add(8 * 60),
    };
    end.min(SPILL_END)
}

/// First minute and minute after the last of a span, 0..=2880; an end at or before the start is on the next day.
fn minutes_of(span: &TimeSpan) -> (u16, u16) {
    let from = minute_of(span.range.start).min(SPILL_END);
    let end = minute_of(span.range.end);
    let to = if end > from { end } else { end + DAY_END };
    (from, to.min(SPILL_END))
}

/// A time in minutes after the day's midnight; events of the sun at the same fixed times as in the library.
fn minute_of(time: Time) -> u16 {
    match time {
        Time::Fixed(time) => time.mins_from_midnight(),
        Time::Variable(variable) => {
            let hour: i32 = match variable.event {
                TimeEvent::Dawn => 6,
                TimeEvent::Sunrise => 7,
                TimeEvent::Sunset => 19,
                TimeEvent::Dusk => 20,
            };
            let minute = hour * 60 + i32::from(variable.offset);
            u16::try_from(minute.max(0)).unwrap_or(SPILL_END).min(SPILL_END)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(text: &str) -> Vec<(u16, u16, OpenState)> {
        let expression = opening_hours_syntax::parse(text).unwrap();
        let sequence = expression.rules.first().unwrap();
        let state = match sequence.kind {
            opening_hours::RuleKind::Open => OpenState::Open,
            opening_hours::RuleKind::Closed => OpenState::Closed,
            opening_hours::RuleKind::Unknown => OpenState::Unknown,
        };
        slots_of(sequence, state)
            .iter()
            .map(|slot| (slot.from / 60, slot.to / 60, slot.state))
            .collect()
    }

    #[test]
    fn a_span_past_midnight_reaches_into_the_next_day() {
        use OpenState::{Closed, Open};
        assert_eq!(slots("18:00-02:00"), [(18, 26, Open)]);
        assert_eq!(slots("18:00-26:00"), [(18, 26, Open)]);
        assert_eq!(slots("10:00-10:00"), [(10, 34, Open)]);
        assert_eq!(slots("off"), [(0, 48, Closed)]);
    }

    #[test]
    fn an_open_end_is_unknown_until_the_guessed_end_or_the_next_span() {
        use OpenState::{Open, Unknown};
        assert_eq!(slots("18:00+"), [(18, 28, Unknown)]);
        assert_eq!(slots("13:00-17:00+"), [(13, 17, Open), (17, 27, Unknown)]);
        assert_eq!(slots("22:00-04:00+"), [(22, 28, Open), (28, 36, Unknown)]);
        assert_eq!(slots("07:00+,12:00-16:00"), [(7, 12, Unknown), (12, 16, Open)]);
    }

    #[test]
    fn events_beyond_two_days_are_cut() {
        assert_eq!(slots("(sunset+10:00)-26:00"), [(29, 48, OpenState::Open)]);
        assert_eq!(slots("(sunrise-10:00)-12:00"), [(0, 12, OpenState::Open)]);
    }
}
