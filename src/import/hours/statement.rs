//! What a text states: for which days, and what then holds.

use super::span::Span;
use super::token::MonthDay;

/// Saturday and Sunday.
pub(super) const WEEKEND: u8 = 0b110_0000;
/// Monday to Friday.
pub(super) const WORKDAYS: u8 = 0b001_1111;

/// Which days a statement speaks of; the default is all that nothing else speaks of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a word that the text has or has not"
)]
pub(super) struct Scope {
    /// Days of the week, Monday lowest.
    pub(super) days: u8,
    pub(super) every_day: bool,
    /// The days are those of the work calendar, so that a statutory day off is not among them.
    pub(super) workdays: bool,
    pub(super) statutory: bool,
    /// 节假日, which may include weekends.
    pub(super) holidays: bool,
    pub(super) named_holidays: Vec<String>,
    pub(super) new_year: bool,
    pub(super) season: String,
    pub(super) months: Vec<(MonthDay, MonthDay)>,
    pub(super) other_times: bool,
    /// 开放 was said.
    pub(super) opened: bool,
}

impl Scope {
    /// Whether nothing was said about days.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether days of the week or holidays are named.
    pub(super) fn names_days(&self) -> bool {
        self.days != 0 || self.speaks_of_holidays()
    }

    /// Whether holidays are named.
    pub(super) fn speaks_of_holidays(&self) -> bool {
        self.statutory || self.holidays || !self.named_holidays.is_empty() || self.new_year
    }
}

/// What holds on these days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    Times(Vec<Span>),
    Always,
    AllDay,
    /// Open at hours that are not said.
    Opened,
    Off,
    Usual,
    Break(Span),
    /// A break at noon without times.
    Lunch,
}

/// A statement and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) scope: Scope,
    pub(super) body: Body,
    /// Where its words begin in the plain text.
    pub(super) start: usize,
}

/// What the whole text says beside its statements.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a word that the text has or has not"
)]
pub(super) struct Remarks {
    pub(super) single_rest: bool,
    pub(super) double_rest: bool,
    pub(super) no_rest: bool,
    pub(super) appointment: bool,
}
