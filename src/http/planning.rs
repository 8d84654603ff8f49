//! The parameters that every question of the planner shares: what "covered" means, when, where, by which stations.

use chrono::{DateTime, NaiveDate, Utc};

use super::conditions;
use super::error::ApiError;
use super::params::Params;
use super::plan::PlanKind;
use super::plan_form::Form;
use crate::domain::district::District;
use crate::domain::filter::WordSet;
use crate::domain::opening_hours::LocalMinute;
use crate::domain::station::Status;
use crate::domain::units::{Meters, Travel};
use crate::locator::{Conditions, Moment, OpenAsk, Snapshot};
use crate::planner::base::PlanBase;
use crate::planner::counting::MAX_K;
use crate::planner::hours::{HourSpan, hour_name};
use crate::planner::question::PlanQuestion;
use crate::planner::reach::Reach;

/// The largest radius, metres. Coverage is about ways that people go, and discs of this size are still exact.
const MAX_RADIUS_M: f64 = 100_000.0;
/// The smallest radius, metres.
const MIN_RADIUS_M: f64 = 10.0;
/// The longest way, minutes.
const MAX_MINUTES: f64 = 240.0;
/// The shortest way, minutes.
const MIN_MINUTES: f64 = 1.0;
/// Minutes when nothing is said: the "15-minute service circle" that cities promise.
const DEFAULT_MINUTES: f64 = 15.0;
/// The most districts that an error names.
const NAMED_DISTRICTS: usize = 20;

/// The query parameters that every question has.
pub const SHARED: &[&str] = &[
    "radius_m",
    "minutes",
    "mode",
    "k",
    "facilities",
    "facilities_any",
    "hosts",
    "status",
    "district",
    "lang",
];

/// Reads what every question shares, and the time where the operation has one.
pub fn question(
    params: &Params<'_>,
    snapshot: &Snapshot,
    districts: &[District],
    now: DateTime<Utc>,
) -> Result<PlanQuestion, ApiError> {
    let filter = conditions::filter(params, WordSet::of_statuses(&[Status::Open]))?;
    let (open, hour_of_week) = match params.text("at") {
        None => (OpenAsk::Any, None),
        Some(text) => {
            let (moment, hour_of_week) = time(text, snapshot, now)?;
            (OpenAsk::At { moment, stay_min: 0 }, hour_of_week)
        }
    };
    Ok(PlanQuestion {
        conditions: Conditions {
            filter,
            districts: None,
            open,
        },
        hour_of_week,
        reach: reach(params)?,
        districts: asked_districts(params, districts)?,
        now,
    })
}

fn reach(params: &Params<'_>) -> Result<Reach, ApiError> {
    let (radius_m, minutes) = (
        params.number("radius_m", MIN_RADIUS_M, MAX_RADIUS_M)?,
        params.number("minutes", MIN_MINUTES, MAX_MINUTES)?,
    );
    let contradictory = |name, detail| Err(ApiError::Contradictory { name, detail });
    let (metres, minutes) = match (radius_m, minutes) {
        (Some(_), Some(_)) => {
            return contradictory(
                "radius_m",
                "parameters `radius_m` and `minutes` both say how far a station reaches; expected one of them",
            );
        }
        (Some(_), None) if params.text("mode").is_some() => {
            return contradictory(
                "mode",
                "parameter `mode` says how minutes become metres, and `radius_m` gives metres; expected one of them",
            );
        }
        (Some(metres), None) => (metres, None),
        (None, minutes) => {
            let (minutes, travel) = (minutes.unwrap_or(DEFAULT_MINUTES), conditions::travel(params)?);
            (metres_in(minutes, travel), Some((minutes, travel)))
        }
    };
    let k = whole(params, "k", 1, u32::from(MAX_K))?.unwrap_or(1);
    Ok(Reach {
        radius: Meters::new(metres)
            .map_err(|error| ApiError::invalid("radius_m", &error.0.to_string(), "a number of metres"))?,
        minutes,
        k: u8::try_from(k).unwrap_or(MAX_K),
    })
}

/// The straight line that a person can be away when the way takes so long.
fn metres_in(minutes: f64, travel: Travel) -> f64 {
    minutes * 60.0 * travel.speed_m_s / travel.detour_factor
}

/// A whole number between two limits.
pub fn whole(params: &Params<'_>, name: &'static str, low: u32, high: u32) -> Result<Option<u32>, ApiError> {
    let Some(text) = params.text(name) else {
        return Ok(None);
    };
    let number = text
        .parse::<u32>()
        .ok()
        .filter(|number| (low..=high).contains(number));
    let number =
        number.ok_or_else(|| ApiError::invalid(name, text, format!("a whole number from {low} to {high}")));
    number.map(Some)
}

fn asked_districts(params: &Params<'_>, districts: &[District]) -> Result<Option<Vec<u32>>, ApiError> {
    let Some(keys) = params.list("district")? else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for key in keys {
        let named = districts.iter().zip(0_u32..);
        let named =
            named.filter(|(district, _)| &*district.name == key || district.adcode.as_deref() == Some(key));
        let before = found.len();
        found.extend(named.map(|(_, position)| position));
        if found.len() == before {
            return Err(ApiError::invalid("district", key, known(districts)));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(Some(found))
}

fn known(districts: &[District]) -> String {
    if districts.is_empty() {
        return "no district, because no outlines are loaded (`--districts PATH`)".to_owned();
    }
    let names: Vec<&str> = districts
        .iter()
        .take(NAMED_DISTRICTS)
        .map(|district| &*district.name)
        .collect();
    let more = districts.len() - names.len();
    let names = names.join(", ");
    if more > 0 {
        format!("the name or code of one of: {names} and {more} more")
    } else {
        format!("the name or code of one of: {names}")
    }
}

/// Refuses parameters that the form of the answer has no use for, and covered areas where there are none.
pub fn check_form(
    params: &Params<'_>,
    (kind, form): (PlanKind, Form),
    question: &PlanQuestion,
    base: &PlanBase,
) -> Result<(), ApiError> {
    let refused = |name, detail| Err(ApiError::Contradictory { name, detail });
    let has_shape = match params.text("shape") {
        Some("area") => form == Form::Shapes,
        Some(_) => matches!(form, Form::Cells | Form::FlatGeobuf),
        None => true,
    };
    if !has_shape {
        return refused(
            "shape",
            "parameter `shape` is of no use to this form; expected `f=geojson`, or `f=fgb` with `shape=cells`",
        );
    }
    if params.text("table").is_some() && !matches!(form, Form::Csv(_)) {
        return refused(
            "table",
            "parameter `table` is of no use to this form; expected `f=csv`",
        );
    }
    if (kind, form) != (PlanKind::Coverage, Form::Shapes) {
        return Ok(());
    }
    if question.reach.k > 1 {
        return refused(
            "k",
            "covered areas are those of one station; expected `k=1`, or `shape=cells`",
        );
    }
    if base.districts.is_empty() {
        return refused(
            "shape",
            "covered areas need outlines of districts, and there are none; expected `shape=cells`",
        );
    }
    Ok(())
}

/// What `at` must be.
const TIME_EXPECTED: &str = "now, an RFC 3339 time such as 2026-02-14T04:00:00+08:00, or an hour of the ordinary week such as mo-04:00 or su-22:30";

fn time(text: &str, snapshot: &Snapshot, now: DateTime<Utc>) -> Result<(Moment, Option<String>), ApiError> {
    if text == "now" {
        return Ok((snapshot.moment(now), None));
    }
    if let Some(minute_of_week) = minute_of_week(text) {
        let span = ordinary_week(snapshot, now);
        let minute = LocalMinute::start_of(span.first_day).plus_minutes(minute_of_week);
        let instant = snapshot.reference().clock.begin(minute).with_timezone(&Utc);
        return Ok((snapshot.moment(instant), Some(text.to_ascii_lowercase())));
    }
    // A `+` that was not percent-encoded arrives as a blank, which no time has.
    let instant = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
    let instant = instant.map_err(|_invalid| ApiError::invalid("at", text, TIME_EXPECTED))?;
    Ok((snapshot.moment(instant.with_timezone(&Utc)), None))
}

/// Minutes from Monday 00:00 of a text such as `mo-04:00`.
fn minute_of_week(text: &str) -> Option<i32> {
    let (day, time) = text.split_once('-')?;
    let day = day.to_ascii_lowercase();
    let day = (0..7).find(|&number| hour_name(number * 24).split('-').next() == Some(day.as_str()))?;
    let (hour, minute) = time.split_once(':')?;
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) {
        return None;
    }
    let (hour, minute) = (hour.parse::<i32>().ok()?, minute.parse::<i32>().ok()?);
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute);
    is_time.then_some(i32::try_from(day).ok()? * 1440 + hour * 60 + minute)
}

/// The ordinary week, seen from a moment.
pub fn ordinary_week(snapshot: &Snapshot, now: DateTime<Utc>) -> HourSpan {
    HourSpan::ordinary_week(&snapshot.reference().calendar, snapshot.moment(now).minute.date())
}

/// The days that by-hour is asked of: `date`, `week` or the ordinary week.
pub fn span(
    params: &Params<'_>,
    snapshot: &Snapshot,
    now: DateTime<Utc>,
) -> Result<(HourSpan, &'static str), ApiError> {
    let date = |name: &'static str| -> Result<Option<NaiveDate>, ApiError> {
        let Some(text) = params.text(name) else {
            return Ok(None);
        };
        let date = text.parse::<NaiveDate>();
        let date = date
            .ok()
            .filter(|date| text.len() == 10 && date.format("%Y-%m-%d").to_string() == text);
        date.map(Some)
            .ok_or_else(|| ApiError::invalid(name, text, "a date such as 2026-10-01"))
    };
    match (date("date")?, date("week")?) {
        (Some(_), Some(_)) => Err(ApiError::Contradictory {
            name: "date",
            detail: "parameters `date` and `week` both say which days are meant; expected one of them",
        }),
        (Some(date), None) => Ok((HourSpan::day(date), "date")),
        (None, Some(date)) => Ok((HourSpan::week(date), "week")),
        (None, None) => Ok((ordinary_week(snapshot, now), "ordinary_week")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::domain::work_calendar::WorkCalendar;
    use crate::locator::{Clock, Reference};
    use crate::planner::hours::WEEK_HOURS;

    fn read(query: &str) -> Result<PlanQuestion, ApiError> {
        let params = Params::parse(query, crate::http::plan::COVERAGE_PARAMETERS)?;
        let reference = Reference {
            calendar: Arc::new(WorkCalendar::bundled()),
            clock: Clock::default(),
            districts: Arc::new([]),
            standards: Arc::new([]),
        };
        question(
            &params,
            &Snapshot::build(Vec::new(), reference, 1),
            &[],
            Utc::now(),
        )
    }

    #[test]
    fn fifteen_minutes_on_foot_are_the_default_and_are_833_metres() {
        let reach = read("").unwrap().reach;
        assert!((reach.radius.get() - 833.333).abs() < 0.001);
        assert!((reach.minutes.unwrap().0 - 15.0).abs() < f64::EPSILON);
        assert_eq!(reach.k, 1);
    }

    #[test]
    fn what_cannot_be_a_reach_is_refused() {
        for (query, parameter) in [
            ("minutes=0", "minutes"),
            ("minutes=1000000000", "minutes"),
            ("minutes=-1", "minutes"),
            ("minutes=NaN", "minutes"),
            ("radius_m=0", "radius_m"),
            ("radius_m=100001", "radius_m"),
            ("radius_m=500&minutes=10", "radius_m"),
            ("radius_m=500&mode=walk", "mode"),
            ("k=0", "k"),
            ("k=6", "k"),
            ("k=1.5", "k"),
            ("district=x", "district"),
        ] {
            let error = read(query).unwrap_err().to_string();
            assert!(error.contains(&format!("`{parameter}`")), "{query}: {error}");
        }
    }

    #[test]
    fn hours_of_the_week_are_read_from_monday_on() {
        assert_eq!(minute_of_week("mo-00:00"), Some(0));
        assert_eq!(
            minute_of_week("SU-23:59"),
            i32::try_from(WEEK_HOURS).ok().map(|hours| hours * 60 - 1)
        );
        for bad in [
            "mo",
            "mo-24:00",
            "mo-4:00",
            "xx-04:00",
            "mo-04",
            "mo-04:60",
            "2026-11-22",
        ] {
            assert_eq!(minute_of_week(bad), None, "{bad}");
        }
    }
}
