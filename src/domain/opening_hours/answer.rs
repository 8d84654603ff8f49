//! Whether a station is open at a time, why, and until when.

use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};

use super::local_minute::LocalMinute;
use crate::domain::language::Language;

/// Whether a station is open; `Unknown` is never open and never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum OpenState {
    /// Surely open.
    Open = 0,
    /// Surely closed.
    Closed = 1,
    /// The record or the calendar does not say.
    Unknown = 2,
}

impl OpenState {
    /// The word in answers: `open`, `closed` or `unknown`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a station is open, closed or unknown at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenReason {
    /// The hours are the same at all times, as in `24/7`.
    AlwaysOpen,
    /// The time lies within the stated hours.
    WithinHours,
    /// The time lies outside the stated hours, for example in the noon break.
    OutsideHours,
    /// The record has no hours.
    HoursNotStated,
    /// The record has hours, but in words or in a form that cannot be read.
    HoursNotReadable,
    /// A statutory day off, and the hours do not say what happens on holidays.
    HolidayNotStated {
        /// Chinese name of the holiday.
        holiday: Arc<str>,
    },
    /// A Saturday or Sunday that is worked; the workday rules apply.
    MakeUpWorkday {
        /// Chinese name of the holiday it is exchanged for.
        holiday: Arc<str>,
    },
    /// A Saturday or Sunday that is worked, and the workday rules differ among themselves.
    MakeUpDayUnclear {
        /// Chinese name of the holiday it is exchanged for.
        holiday: Arc<str>,
    },
    /// The work calendar does not cover the day, and the hours depend on it.
    CalendarNotPublished {
        /// First day that the calendar covers.
        first_day: NaiveDate,
        /// Last day that the calendar covers.
        last_day: NaiveDate,
    },
    /// The hours themselves say that it is not certain.
    StatedUnknown {
        /// The comment in the hours, for example `by appointment`.
        comment: Option<Arc<str>>,
    },
    /// The station is planned and has not opened yet.
    StationPlanned,
    /// The station is suspended.
    StationSuspended,
    /// The station is closed for good.
    StationClosed,
}

impl OpenReason {
    /// The stable word in answers.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlwaysOpen => "always_open",
            Self::WithinHours => "within_hours",
            Self::OutsideHours => "outside_hours",
            Self::HoursNotStated => "hours_not_stated",
            Self::HoursNotReadable => "hours_not_readable",
            Self::HolidayNotStated { .. } => "holiday_not_stated",
            Self::MakeUpWorkday { .. } => "make_up_workday",
            Self::MakeUpDayUnclear { .. } => "make_up_day_unclear",
            Self::CalendarNotPublished { .. } => "calendar_not_published",
            Self::StatedUnknown { .. } => "stated_unknown",
            Self::StationPlanned => "station_planned",
            Self::StationSuspended => "station_suspended",
            Self::StationClosed => "station_closed",
        }
    }

    /// The reason as a short sentence without a full stop. Holiday names and comments stay as they are stated.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Zh => self.text_zh(),
            Language::En => self.text_en(),
        }
    }

    fn text_zh(&self) -> String {
        match self {
            Self::AlwaysOpen => "全天开放".to_owned(),
            Self::WithinHours => "在开放时间内".to_owned(),
            Self::OutsideHours => "不在开放时间内".to_owned(),
            Self::HoursNotStated => "未登记开放时间".to_owned(),
            Self::HoursNotReadable => "开放时间无法识别，请看原文".to_owned(),
            Self::HolidayNotStated { holiday } => format!("{holiday}放假，未说明节假日是否开放"),
            Self::MakeUpWorkday { holiday } => format!("{holiday}调休上班日，按工作日时间"),
            Self::MakeUpDayUnclear { holiday } => format!("{holiday}调休上班日，各工作日时间不同，无法确定"),
            Self::CalendarNotPublished { first_day, last_day } => {
                format!(
                    "放假安排只有{}至{}的，当天无法确定",
                    date_zh(*first_day),
                    date_zh(*last_day)
                )
            }
            Self::StatedUnknown { comment: None } => "开放时间注明不确定".to_owned(),
            Self::StatedUnknown {
                comment: Some(comment),
            } => format!("开放时间注明：{comment}"),
            Self::StationPlanned => "站点规划中，尚未开放".to_owned(),
            Self::StationSuspended => "站点暂停开放".to_owned(),
            Self::StationClosed => "站点已关闭".to_owned(),
        }
    }

    fn text_en(&self) -> String {
        match self {
            Self::AlwaysOpen => "open at all times".to_owned(),
            Self::WithinHours => "within opening hours".to_owned(),
            Self::OutsideHours => "outside opening hours".to_owned(),
            Self::HoursNotStated => "opening hours are not stated".to_owned(),
            Self::HoursNotReadable => {
                "opening hours are stated in words that cannot be read; see the original".to_owned()
            }
            Self::HolidayNotStated { holiday } => {
                format!("public holiday ({holiday}), and the hours do not mention holidays")
            }
            Self::MakeUpWorkday { holiday } => {
                format!("worked weekend day in exchange for {holiday}; workday hours apply")
            }
            Self::MakeUpDayUnclear { holiday } => {
                format!(
                    "worked weekend day in exchange for {holiday}, and hours differ from workday to workday"
                )
            }
            Self::CalendarNotPublished { first_day, last_day } => {
                format!("holidays are known from {first_day} to {last_day} only")
            }
            Self::StatedUnknown { comment: None } => "the hours say that it is not certain".to_owned(),
            Self::StatedUnknown {
                comment: Some(comment),
            } => format!("the hours say: {comment}"),
            Self::StationPlanned => "the station is planned and not open yet".to_owned(),
            Self::StationSuspended => "the station is suspended".to_owned(),
            Self::StationClosed => "the station is closed for good".to_owned(),
        }
    }
}

fn date_zh(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The answer to "is it open at this time?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAnswer {
    /// State at the time asked for.
    pub state: OpenState,
    /// Why.
    pub reason: OpenReason,
    /// First later minute at which the state differs; `None` when there is none within 366 days.
    pub changes_at: Option<LocalMinute>,
    /// State from `changes_at` on.
    pub next_state: Option<OpenState>,
    /// First later minute at which the station is open, when it is not open now; may lie beyond `changes_at`.
    /// `None` when open, and when there is none within 366 days.
    pub opens_at: Option<LocalMinute>,
}

impl OpenAnswer {
    /// An answer that stays the same for good.
    pub fn constant(state: OpenState, reason: OpenReason) -> Self {
        Self {
            state,
            reason,
            changes_at: None,
            next_state: None,
            opens_at: None,
        }
    }

    /// Minutes from `now` to the change of state, when there is one.
    pub fn minutes_to_change(&self, now: LocalMinute) -> Option<i32> {
        self.changes_at.map(|change| change.0.saturating_sub(now.0))
    }

    /// When the station stops being surely open; `None` when it is not open.
    pub fn closes_at(&self) -> Option<LocalMinute> {
        self.changes_at.filter(|_| self.state == OpenState::Open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_the_holiday_in_both_languages() {
        let reason = OpenReason::HolidayNotStated {
            holiday: "春节".into(),
        };
        assert_eq!(reason.code(), "holiday_not_stated");
        assert_eq!(reason.text(Language::Zh), "春节放假，未说明节假日是否开放");
        assert_eq!(
            reason.text(Language::En),
            "public holiday (春节), and the hours do not mention holidays"
        );
    }

    #[test]
    fn a_reason_names_the_last_known_day() {
        let first_day = "2023-01-01".parse().unwrap();
        let reason = OpenReason::CalendarNotPublished {
            first_day,
            last_day: "2026-12-31".parse().unwrap(),
        };
        assert!(reason.text(Language::Zh).contains("2026年12月31日"));
        assert!(reason.text(Language::En).contains("2026-12-31"));
    }

    #[test]
    fn only_an_open_station_closes() {
        let change = Some(LocalMinute(600));
        let mut answer = OpenAnswer::constant(OpenState::Open, OpenReason::WithinHours);
        answer.changes_at = change;
        assert_eq!(answer.closes_at(), change);
        assert_eq!(answer.minutes_to_change(LocalMinute(500)), Some(100));
        answer.state = OpenState::Closed;
        assert_eq!(answer.closes_at(), None);
    }
}
