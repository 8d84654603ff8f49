//! Two times of day become a span: which half of the clock each is on, and whether the span passes midnight.
//!
//! # Why so many refusals
//! `9:00-5:00` may be typed for 17:00 or mean the next morning. Where both readings make sense, none is taken. A span
//! is certain when figures or words leave one reading only; it is inferred when one is by far the common one.

use super::note::Inference;
use super::token::{Clock, Form, Period};

/// Minutes of a day.
pub(super) const DAY: u16 = 24 * 60;
/// The longest span over midnight that is believed when only a leading zero speaks for it.
const LONGEST_NIGHT_MINUTES: u16 = 18 * 60;
/// Hours below this are night; without a part of the day they may be meant for the afternoon.
const FIRST_MORNING_HOUR: u16 = 5;

/// First minute and minute after the last, from the midnight of the day on which it begins; up to 2880.
pub(super) type Span = (u16, u16);

/// One end of a span with the words before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) clock: Clock,
    pub(super) period: Option<Period>,
    pub(super) next_day: bool,
}

impl End {
    fn period(self) -> Option<Period> {
        self.period.or(self.clock.period)
    }

    /// Figures that can only be of the 24-hour clock.
    pub(super) fn shows_24_hours(self) -> bool {
        self.clock.hour >= 13 || self.clock.hour == 0 || self.clock.form == Form::Padded
    }

    /// The minute by the part of the day; `None` where the two do not fit.
    fn minute_in(self, period: Period) -> Option<u16> {
        let Clock { hour, minute, .. } = self.clock;
        let afternoon = hour + 12;
        let hour = match (period, hour) {
            (Period::Am | Period::Dawn, 12) => 0,
            (Period::Pm, 0) => 12,
            (Period::Evening | Period::Night, 12 | 24) if minute == 0 => 24,
            (Period::Morning, 3..=12)
            | (Period::Am, 0..=11)
            | (Period::Dawn, 0..=6)
            | (Period::Noon, 11..=14)
            | (Period::Afternoon, 13..=23)
            | (Period::Pm, 12..=23)
            | (Period::Evening, 17..=23)
            | (Period::Night, 21..=23 | 0..=4) => hour,
            (Period::Noon, 1 | 2)
            | (Period::Afternoon | Period::Pm, 1..=11)
            | (Period::Evening, 5..=11)
            | (Period::Night, 9..=11) => afternoon,
            _ => return None,
        };
        minute_of_day(hour, minute)
    }

    fn minute(self) -> Option<u16> {
        minute_of_day(self.clock.hour, self.clock.minute)
    }
}

fn minute_of_day(hour: u16, minute: u16) -> Option<u16> {
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY).then_some(total)
}

/// The span from one end to another, and what was inferred. `all_24_hours` is whether some time of the text can only
/// be of the 24-hour clock.
pub(super) fn span(start: End, end: End, all_24_hours: bool) -> Option<(Span, Option<Inference>)> {
    if start.next_day || (start.clock.form == Form::Bare && start.period().is_none()) {
        return None;
    }
    match (start.period(), end.period()) {
        (Some(from), Some(to)) => {
            let span = over_midnight(start.minute_in(from)?, end.minute_in(to)?, end, to)?;
            let is_phrase = start.clock.form == Form::Bare || end.clock.form == Form::Bare;
            Some((span, is_phrase.then_some(Inference::SetPhrase)))
        }
        (Some(from), None) => Some((end_without_period(start, from, end)?, None)),
        (None, Some(to)) => {
            let (from, until) = (start.minute()?, end.minute_in(to)?);
            let is_certain = start.shows_24_hours();
            (is_certain || start.clock.hour >= FIRST_MORNING_HOUR).then_some(())?;
            let span = if is_certain {
                over_midnight(from, until, end, to)?
            } else {
                ascending(from, until, end)?
            };
            Some((span, (!is_certain).then_some(Inference::MorningStart)))
        }
        (None, None) => without_periods(start, end, all_24_hours),
    }
}

fn ascending(from: u16, until: u16, end: End) -> Option<Span> {
    if end.next_day {
        return next_day(from, until);
    }
    (from < until).then_some((from, until))
}

/// A span of at most 24 hours that ends on the next day.
fn next_day(from: u16, until: u16) -> Option<Span> {
    (until <= from && from < DAY).then_some((from, until + DAY))
}

/// Both ends are certain; an end in the morning before the start lies on the next day.
fn over_midnight(from: u16, until: u16, end: End, to: Period) -> Option<Span> {
    if from < until || end.next_day {
        return ascending(from, until, end);
    }
    let is_morning = matches!(to, Period::Dawn | Period::Morning | Period::Am | Period::Night);
    (is_morning && until < from)
        .then(|| next_day(from, until))
        .flatten()
}

/// `下午2:00-6:00`: the part of the day governs both ends where that makes sense.
fn end_without_period(start: End, period: Period, end: End) -> Option<Span> {
    let from = start.minute_in(period)?;
    if end.next_day {
        return next_day(from, end.minute()?);
    }
    if end.clock.form == Form::Named || end.shows_24_hours() {
        let until = end.minute()?;
        let until = if until == 0 { DAY } else { until };
        return (from < until).then_some((from, until));
    }
    if let Some(until) = end.minute_in(period)
        && from < until
    {
        return Some((from, until));
    }
    let until = end.minute()?;
    let is_colon = end.clock.form == Form::Colon;
    // The end cannot be of the afternoon, since that would lie before the start.
    (is_colon && start.clock.hour >= 13 && until + DAY / 2 <= from)
        .then(|| next_day(from, until))
        .flatten()
}

fn without_periods(start: End, end: End, all_24_hours: bool) -> Option<(Span, Option<Inference>)> {
    let (from, until) = (start.minute()?, end.minute()?);
    let has_units = start.clock.form == Form::Unit || end.clock.form == Form::Unit;
    (from < DAY && end.clock.form != Form::Bare).then_some(())?;
    if end.next_day {
        return Some((next_day(from, until)?, None));
    }
    let until = if until == 0 && from > 0 { DAY } else { until };
    if from < until {
        let is_early = (1..FIRST_MORNING_HOUR).contains(&start.clock.hour);
        let inferred = has_units && !all_24_hours;
        let may_be_afternoon = is_early && start.clock.form != Form::Padded && !(has_units && all_24_hours);
        return (!may_be_afternoon).then_some(((from, until), inferred.then_some(Inference::MorningStart)));
    }
    // `9:00-5:00`: an end in the afternoon would make sense too.
    let may_be_afternoon = until < DAY / 2 && until + DAY / 2 > from;
    if from == until || (may_be_afternoon && end.clock.form != Form::Padded) || has_units {
        return None;
    }
    let span = next_day(from, until)?;
    if !may_be_afternoon {
        return Some((span, None));
    }
    (span.1 - span.0 <= LONGEST_NIGHT_MINUTES).then_some((span, Some(Inference::LeadingZero)))
}
