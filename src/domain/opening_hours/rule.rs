//! One rule of an `opening_hours` text: on which days it applies, and what it then states.

use chrono::{Datelike as _, NaiveDate, TimeDelta, Weekday};
use opening_hours::{OpeningHours, RuleKind};
use opening_hours_syntax::rules::day::{DaySelector, HolidayKind, WeekDayRange};
use opening_hours_syntax::rules::{RuleOperator, RuleSequence};

use super::answer::OpenState;
use super::slot::{Slot, slots_of};
use crate::domain::work_calendar::{DayKind, WorkCalendar};

/// A selector that the grammar allows and that cannot be evaluated, as text.
#[derive(Debug)]
pub(super) struct UnsupportedSelector(pub String);

/// Whether a rule applies to a day, when some of what that depends on may not be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Applies {
    No,
    Maybe,
    Yes,
}

impl From<bool> for Applies {
    fn from(applies: bool) -> Self {
        if applies { Self::Yes } else { Self::No }
    }
}

/// One way to read a date: what it is taken for.
#[derive(Debug, Clone, Copy)]
pub(super) struct DayReading<'a> {
    pub date: NaiveDate,
    /// The day of the week it is worked as, on a make-up workday; `None` for its own.
    pub worked_as: Option<Weekday>,
    /// Whether it is a statutory day off.
    pub is_day_off: bool,
    /// For the neighbours of the date, in rules such as `PH -1 day`.
    pub calendar: &'a WorkCalendar,
}

/// A rule, ready to evaluate.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub operator: RuleOperator,
    pub state: OpenState,
    /// What it states for a day it applies to; sorted, disjoint.
    pub slots: Box<[Slot]>,
    /// Tests for its years, its months and dates, and its week numbers; all must hold.
    wide: Box<[OpeningHours]>,
    weekdays: Box<[WeekdaySelector]>,
    /// Offsets in days of its `PH` selectors; `PH` itself is 0.
    holiday_offsets: Box<[i16]>,
    has_small_selectors: bool,
}

impl Rule {
    /// Compiles a parsed rule. `is_open_certain` is false for a rule that has a comment instead of a state.
    pub fn compile(sequence: &RuleSequence, is_open_certain: bool) -> Result<Self, UnsupportedSelector> {
        let days = &sequence.day_selector;
        let state = match sequence.kind {
            RuleKind::Open if is_open_certain => OpenState::Open,
            RuleKind::Closed => OpenState::Closed,
            RuleKind::Open | RuleKind::Unknown => OpenState::Unknown,
        };
        let mut weekdays = Vec::new();
        let mut holiday_offsets = Vec::new();
        for range in &days.weekday {
            match range {
                WeekDayRange::Fixed { .. } => weekdays.push(WeekdaySelector::compile(range)?),
                WeekDayRange::Holiday {
                    kind: HolidayKind::Public,
                    offset,
                } => holiday_offsets.push(*offset),
                // Nobody publishes school holidays for China, so the selector never applies.
                WeekDayRange::Holiday {
                    kind: HolidayKind::School,
                    ..
                } => {}
            }
        }
        Ok(Self {
            operator: sequence.operator,
            state,
            slots: slots_of(sequence, state),
            wide: wide_tests(days)?,
            weekdays: weekdays.into(),
            holiday_offsets: holiday_offsets.into(),
            has_small_selectors: !days.weekday.is_empty(),
        })
    }

    /// Whether the rule's years, months, dates and week numbers include `date`.
    pub fn covers_date(&self, date: NaiveDate) -> bool {
        self.wide.iter().all(|test| matches_date(test, date))
    }

    /// Whether the rule says something about public holidays themselves.
    pub fn mentions_holidays(&self) -> bool {
        self.holiday_offsets.contains(&0)
    }

    /// Whether the rule tells days of the week apart.
    pub fn tells_weekdays_apart(&self) -> bool {
        let every_day =
            |selector: &WeekdaySelector| selector.inexact.is_none() && selector.days == ALL_WEEKDAYS;
        !self.weekdays.is_empty() && !self.weekdays.iter().any(every_day)
    }

    /// Whether the rule applies to a day read in the given way.
    pub fn applies(&self, reading: &DayReading<'_>) -> Applies {
        if !self.covers_date(reading.date) {
            return Applies::No;
        }
        if !self.has_small_selectors {
            return Applies::Yes;
        }
        let weekdays = self.weekdays.iter().map(|selector| selector.applies(reading));
        let holidays = self
            .holiday_offsets
            .iter()
            .map(|&offset| holiday_applies(offset, reading));
        weekdays.chain(holidays).max().unwrap_or(Applies::No)
    }
}

/// A set of weekdays with one bit each, Monday lowest.
const ALL_WEEKDAYS: u8 = 0b111_1111;

/// A selector such as `Mo-Fr`, `We[1]` or `Sa +1 day`.
#[derive(Debug, Clone)]
struct WeekdaySelector {
    days: u8,
    /// Present when the position in the month or an offset matters: the test by date, and whether it is an offset.
    inexact: Option<(OpeningHours, bool)>,
}

impl WeekdaySelector {
    fn compile(range: &WeekDayRange) -> Result<Self, UnsupportedSelector> {
        let WeekDayRange::Fixed {
            range: days,
            offset,
            nth_from_start,
            nth_from_end,
        } = range
        else {
            return Ok(Self {
                days: 0,
                inexact: None,
            });
        };
        let mut mask = weekday_bit(*days.start());
        let mut day = *days.start();
        while day != *days.end() {
            day = day.succ();
            mask |= weekday_bit(day);
        }
        let is_any_week = nth_from_start.iter().chain(nth_from_end).all(|&wanted| wanted);
        let mut inexact = None;
        if *offset != 0 || !is_any_week {
            let selector = DaySelector {
                weekday: vec![range.clone()],
                ..DaySelector::default()
            };
            inexact = Some((date_test(&selector)?, *offset != 0));
        }
        Ok(Self { days: mask, inexact })
    }

    fn applies(&self, reading: &DayReading<'_>) -> Applies {
        let includes = |weekday: Weekday| self.days & weekday_bit(weekday) != 0;
        match (&self.inexact, reading.worked_as) {
            (None, worked_as) => includes(worked_as.unwrap_or_else(|| reading.date.weekday())).into(),
            (Some((test, _)), None) => matches_date(test, reading.date).into(),
            // Which of the month's Wednesdays a worked Saturday is, or what lies a day after it, is not defined.
            (Some((_, is_offset)), Some(weekday)) if *is_offset || includes(weekday) => Applies::Maybe,
            (Some(_), Some(_)) => Applies::No,
        }
    }
}

fn weekday_bit(weekday: Weekday) -> u8 {
    1 << weekday.num_days_from_monday()
}

fn holiday_applies(offset: i16, reading: &DayReading<'_>) -> Applies {
    if offset == 0 {
        return reading.is_day_off.into();
    }
    let Some(holiday) = reading.date.checked_sub_signed(TimeDelta::days(offset.into())) else {
        return Applies::No;
    };
    match reading.calendar.day_kind(holiday) {
        DayKind::StatutoryOff { .. } => Applies::Yes,
        DayKind::NotPublished => Applies::Maybe,
        DayKind::Workday | DayKind::Weekend | DayKind::MakeUpWorkday { .. } => Applies::No,
    }
}

/// One test for each kind of wide selector that the rule has.
fn wide_tests(days: &DaySelector) -> Result<Box<[OpeningHours]>, UnsupportedSelector> {
    let year = DaySelector {
        year: days.year.clone(),
        ..DaySelector::default()
    };
    let monthday = DaySelector {
        monthday: days.monthday.clone(),
        ..DaySelector::default()
    };
    let week = DaySelector {
        week: days.week.clone(),
        ..DaySelector::default()
    };
    let mut tests = Vec::new();
    for selector in [year, monthday, week] {
        if !selector.is_empty() {
            tests.push(date_test(&selector)?);
        }
    }
    Ok(tests.into())
}

/// An expression that is open all day on the days of `selector`, to ask the library about dates.
///
/// The library makes expressions from text only; the comparison guards against text that it reads differently.
fn date_test(selector: &DaySelector) -> Result<OpeningHours, UnsupportedSelector> {
    let unsupported = || UnsupportedSelector(selector.to_string());
    // A step of 0, as in `week 1-53/0`, would divide by zero in the library.
    let has_week_step_zero = selector.week.iter().any(|range| range.into_parts().1 == 0);
    let has_year_step_zero = selector.year.iter().any(|range| range.into_parts().1 == 0);
    if has_week_step_zero || has_year_step_zero {
        return Err(unsupported());
    }
    let Ok(test) = format!("{selector} 00:00-24:00").parse::<OpeningHours>() else {
        return Err(unsupported());
    };
    let expression = test.get_expression();
    let is_same = matches!(expression.rules.as_slice(), [rule] if rule.day_selector == *selector);
    if is_same { Ok(test) } else { Err(unsupported()) }
}

fn matches_date(test: &OpeningHours, date: NaiveDate) -> bool {
    !test.schedule_at(date).is_empty()
}
