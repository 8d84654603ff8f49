//! When stations are open in the coming days, as JSON: for a station's week, and for pages that work without a network.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

use crate::domain::language::Language;
use crate::domain::opening_hours::{HoursId, OpenState};
use crate::domain::opening_hours::{HoursInterval, LocalMinute, OpenAnswer, OpenReason};
use crate::domain::station::Status;
use crate::domain::work_calendar::{DayKind, WorkCalendar};
use crate::locator::Snapshot;

/// The most days of a timetable.
pub const MAX_DAYS: u64 = 14;

/// Which days, and in which language the reasons are.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// How many days, at most [`MAX_DAYS`].
    pub days: u64,
    /// The language of reasons.
    pub language: Language,
}

/// The members `from`, `days`, `timetables` and `stations` of the answer for some stations.
///
/// Stations with equal hours and status share a timetable: `stations` names its place in `timetables`. Costs some tens
/// of microseconds for each timetable.
pub fn timetable(snapshot: &Snapshot, stations: &[u32], period: Period) -> Map<String, Value> {
    let mut places: HashMap<(HoursId, Status), usize> = HashMap::new();
    let mut timetables = Vec::new();
    let mut by_station = Map::new();
    for &ordinal in stations {
        let service = snapshot.service(ordinal);
        let place = *places.entry(service).or_insert_with(|| {
            timetables.push(spans(snapshot, ordinal, period));
            timetables.len() - 1
        });
        if let Some(station) = snapshot.stations().get(ordinal as usize) {
            by_station.insert(station.id.as_str().to_owned(), json!(place));
        }
    }
    let dates = period
        .from
        .iter_days()
        .take(usize::try_from(period.days).unwrap_or(0));
    let calendar = snapshot.hours().calendar();
    let mut members = Map::new();
    members.insert("from".to_owned(), json!(period.from));
    members.insert("days".to_owned(), dates.map(|date| day(calendar, date)).collect());
    members.insert("timetables".to_owned(), timetables.into());
    members.insert("stations".to_owned(), by_station.into());
    members
}

/// What kind of day a date is.
fn day(calendar: &WorkCalendar, date: NaiveDate) -> Value {
    let (kind, holiday) = match calendar.day_kind(date) {
        DayKind::Workday => ("workday", None),
        DayKind::Weekend => ("weekend", None),
        DayKind::StatutoryOff { name } => ("statutory_off", Some(name)),
        DayKind::MakeUpWorkday { name } => ("make_up_workday", Some(name)),
        DayKind::NotPublished => ("not_published", None),
    };
    json!({ "date": date, "kind": kind, "holiday": holiday.map(|name| &**name) })
}

/// The spans of one station, which follow each other without gaps.
fn spans(snapshot: &Snapshot, ordinal: u32, period: Period) -> Value {
    let from = LocalMinute::start_of(period.from);
    let to = period.from.checked_add_days(Days::new(period.days));
    let to = LocalMinute::start_of(to.unwrap_or(period.from));
    let (hours, status) = snapshot.service(ordinal);
    let readable = snapshot
        .hours()
        .compiled(hours)
        .filter(|_| status == Status::Open);
    let intervals = if let Some(hours) = readable {
        hours.intervals(from, to)
    } else {
        // Neither status nor missing hours change by themselves.
        let window = snapshot.hours().window(from);
        let OpenAnswer { state, reason, .. } = snapshot.open_answer(&window, ordinal, from);
        vec![HoursInterval {
            from,
            to,
            state,
            reason,
        }]
    };
    intervals
        .into_iter()
        .map(|interval| span(snapshot, interval, period.language))
        .collect()
}

fn span(snapshot: &Snapshot, interval: HoursInterval, language: Language) -> Value {
    let HoursInterval {
        from,
        to,
        state,
        reason,
    } = interval;
    let clock = snapshot.reference().clock;
    let mut span = json!({
        "from": clock.begin(from).to_rfc3339(),
        "to": clock.begin(to).to_rfc3339(),
        "state": state.word(),
        "reason": reason.code(),
    });
    // Most spans need no words: they are what the hours say.
    let is_plain =
        state != OpenState::Unknown && matches!(reason, OpenReason::WithinHours | OpenReason::OutsideHours);
    span["reason_text"] = if is_plain {
        Value::Null
    } else {
        reason.text(language).into()
    };
    span
}
