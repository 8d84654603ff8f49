//! Opening hours against an independent simulation of whole years, against themselves, and against vectors of others.

#[path = "../shared_data/mod.rs"]
mod shared_data;

mod library;
mod oracle;
mod patterns;
mod vectors;
mod windows;
mod years;

use std::sync::Arc;

use chrono::NaiveDate;
use yizhan::domain::opening_hours::{CompiledHours, LocalMinute};
use yizhan::domain::work_calendar::WorkCalendar;

/// Minutes of a day.
const DAY_MINUTES: i32 = 24 * 60;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn minute(text: &str) -> LocalMinute {
    LocalMinute::from_local(format!("{text}:00").parse().expect("a time"))
}

fn compile(text: &str) -> CompiledHours {
    compile_with(text, &Arc::new(WorkCalendar::bundled()))
}

fn compile_with(text: &str, calendar: &Arc<WorkCalendar>) -> CompiledHours {
    CompiledHours::parse(text, calendar).expect("readable hours")
}

/// A calendar in which no day is special.
fn plain_calendar() -> Arc<WorkCalendar> {
    let calendar = WorkCalendar::without_holidays(date("1900-01-01"), date("2200-12-31"));
    Arc::new(calendar.expect("a range"))
}
