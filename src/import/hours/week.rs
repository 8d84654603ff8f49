//! The statements about one part of the year become the hours of its days.

use super::day::{Hours, Spans};
use super::note::Inference;
use super::span::{DAY, Span};
use super::statement::{Body, Scope, Statement, WEEKEND, WORKDAYS};

/// The comment of hours that are not said.
pub(super) const NO_TIMES: &str = "未写明时间";
/// The comment of days that 节假日 may or may not include.
pub(super) const HOLIDAY: &str = "节假日";

/// The hours of each day of the week, Monday first, and of statutory days off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Week {
    pub(super) days: [Option<Hours>; 7],
    /// `None` when nothing is said.
    pub(super) holidays: Option<Hours>,
    /// The days whose hours were stated for them by name.
    pub(super) named: u8,
    /// All that is said is said of workdays.
    pub(super) only_workdays: bool,
}

impl Week {
    /// All different hours of the week joined, certain or not.
    pub(super) fn whole(&self) -> Spans {
        self.days
            .iter()
            .flatten()
            .fold(Vec::new(), |all, hours| super::day::union(&all, &hours.whole()))
    }

    /// The hours of all seven days, when they are the same.
    pub(super) fn uniform(&self) -> Option<&Hours> {
        let first = self.days.first()?.as_ref()?;
        self.days
            .iter()
            .all(|hours| hours.as_ref() == Some(first))
            .then_some(first)
    }

    fn put(&mut self, mask: u8, hours: &Hours) -> Option<()> {
        for (at, day) in self
            .days
            .iter_mut()
            .enumerate()
            .filter(|(at, _)| mask & (1 << at) != 0)
        {
            let is_named = self.named & (1 << at) != 0;
            *day = match day {
                Some(known) if is_named => Some(known.with(hours)?),
                _ => Some(hours.clone()),
            };
        }
        Some(())
    }
}

/// What holds on the days of a statement; `None` when it does not state hours of its own.
pub(super) fn hours_of(statement: &Statement, inferences: &mut Vec<Inference>) -> Option<Hours> {
    match &statement.body {
        Body::Times(spans) => Some(Hours::sure(spans.clone())),
        Body::Always => Some(Hours::sure(vec![(0, DAY)])),
        Body::AllDay if statement.scope.names_days() => {
            inferences.push(Inference::NoTimes);
            Some(Hours::unknown("全天"))
        }
        Body::AllDay => {
            inferences.push(Inference::AllDay);
            Some(Hours::sure(vec![(0, DAY)]))
        }
        Body::Opened => {
            inferences.push(Inference::NoTimes);
            Some(Hours::unknown(NO_TIMES))
        }
        Body::Off | Body::Usual | Body::Break(_) | Body::Lunch => None,
    }
}

/// Whether each span begins after the one before it has ended.
pub(super) fn ascends(spans: &[Span]) -> bool {
    spans
        .iter()
        .zip(spans.iter().skip(1))
        .all(|(one, next)| one.1 <= next.0)
}

/// The hours of a week by the statements of one part of the year. `None` when they contradict each other.
pub(super) fn week(stated: &[(&Scope, Hours)], inferences: &mut Vec<Inference>) -> Option<Week> {
    let mut week = Week::default();
    for (scope, hours) in stated.iter().filter(|(scope, _)| scope.days != 0) {
        week.put(scope.days, hours)?;
        week.named |= scope.days;
    }
    let is_named_first = stated.first().is_some_and(|(scope, _)| scope.names_days());
    let mut rest: Option<Hours> = None;
    for (scope, hours) in stated.iter().filter(|(scope, _)| !scope.names_days()) {
        // `周六9:00-12:00；8:00-18:00`: whether the second speaks of all days is not clear.
        if is_named_first && !scope.every_day {
            return None;
        }
        if scope.every_day && week.named != 0 {
            inferences.push(Inference::Overridden);
        }
        rest = Some(match rest {
            Some(known) => known.with(hours)?,
            None => hours.clone(),
        });
    }
    if let Some(hours) = &rest {
        (week.named != 0b111_1111).then_some(())?;
        week.put(!week.named & 0b111_1111, hours)?;
    }
    week.only_workdays = rest.is_none()
        && stated
            .iter()
            .all(|(scope, _)| scope.workdays && scope.days == WORKDAYS && !scope.speaks_of_holidays());
    holidays(&mut week, stated, inferences)?;
    Some(week)
}

/// The hours of statutory days off, and of weekends where 节假日 may include them.
fn holidays(week: &mut Week, stated: &[(&Scope, Hours)], inferences: &mut Vec<Inference>) -> Option<()> {
    for (scope, hours) in stated.iter().filter(|(scope, _)| scope.speaks_of_holidays()) {
        // One holiday alone, or the days around New Year, with hours of their own: no rule can say that.
        (scope.named_holidays.is_empty() && !scope.new_year).then_some(())?;
        week.holidays = Some(match &week.holidays {
            Some(known) => known.with(hours)?,
            None => hours.clone(),
        });
        if !scope.holidays || scope.statutory || week.named & WEEKEND != 0 {
            continue;
        }
        let beside_workdays = stated.iter().any(|(other, _)| other.workdays);
        let is_silent = week.days.iter().skip(5).all(Option::is_none);
        if beside_workdays && is_silent {
            inferences.push(Inference::Workdays);
            week.put(WEEKEND, hours)?;
            continue;
        }
        for day in week.days.iter_mut().skip(5) {
            let known = day.take().unwrap_or_default();
            let either = known.either(hours, HOLIDAY);
            if either != known {
                inferences.push(Inference::Weekends);
            }
            *day = Some(either);
        }
    }
    Some(())
}
