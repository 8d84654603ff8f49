//! `GET /v1/timetable`: when stations are open in the coming days.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{NaiveDate, Utc};
use serde_json::json;

use super::off_thread;
use crate::domain::language::Language;
use crate::domain::opening_hours::LocalMinute;
use crate::export::timetable::{MAX_DAYS, Period, timetable};
use crate::http::conditions;
use crate::http::error::{ApiError, shortened};
use crate::http::params::Params;
use crate::http::respond::{self, Keep, Tagged};
use crate::http::state::{ApiState, Published};

/// The query parameters.
pub const PARAMETERS: &[&[&str]] = &[&["from", "days", "ids", "after", "limit", "lang"]];
/// Days unless asked.
const DEFAULT_DAYS: u64 = 7;
/// Stations on one page: unless asked, and at most.
const LIMITS: (usize, usize) = (1_000, 10_000);

/// Answers with the timetables of some stations, or of all, page by page.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let published = state.published()?;
    let snapshot = &published.snapshot;
    let period = period(
        &params,
        &published,
        conditions::language(&params, request.headers())?,
    )?;
    let (stations, next) = chosen(&params, &published)?;
    // What "today" is changes at midnight only, and so does the answer.
    let begin = snapshot
        .reference()
        .clock
        .begin(LocalMinute::start_of(period.from));
    let tagged = Tagged {
        published: &published,
        minute: Some(snapshot.moment(begin.to_utc())),
        keep: Keep::Public,
    };
    if respond::is_known(&request, &tagged.etag(&request)) {
        return respond::tagged(&request, tagged, respond::JSON, || Ok(String::new()));
    }
    let shared = std::sync::Arc::clone(&published);
    let members = off_thread(&request, move || {
        Ok(timetable(&shared.snapshot, &stations, period))
    })
    .await?;
    respond::tagged(&request, tagged, respond::JSON, || {
        let mut answer = json!({
            "revision": snapshot.revision(),
            "timeStamp": Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            "zone": snapshot.reference().clock.zone_name(),
            "next_after": next,
        });
        if let Some(answer) = answer.as_object_mut() {
            answer.extend(members);
        }
        Ok(answer.to_string())
    })
}

fn period(params: &Params<'_>, published: &Published, language: Language) -> Result<Period, ApiError> {
    let from = match params.text("from") {
        None => published.snapshot.moment(Utc::now()).minute.date(),
        Some(text) => date(text)
            .ok_or_else(|| ApiError::invalid("from", text, "a date from 1970-01-01 to 2100-01-01"))?,
    };
    let days = match params.text("days") {
        None => DEFAULT_DAYS,
        Some(text) => text
            .parse()
            .ok()
            .filter(|days| (1..=MAX_DAYS).contains(days))
            .ok_or_else(|| ApiError::invalid("days", text, format!("a whole number from 1 to {MAX_DAYS}")))?,
    };
    Ok(Period { from, days, language })
}

fn date(text: &str) -> Option<NaiveDate> {
    let known = NaiveDate::from_ymd_opt(1970, 1, 1)?..=NaiveDate::from_ymd_opt(2100, 1, 1)?;
    text.parse().ok().filter(|date| known.contains(date))
}

/// The stations that are asked for, in order of id, and the id after which the next page begins.
fn chosen(params: &Params<'_>, published: &Published) -> Result<(Vec<u32>, Option<String>), ApiError> {
    let snapshot = &published.snapshot;
    let limit = params.limit(LIMITS.0, LIMITS.1)?;
    if let Some(ids) = params.list("ids")? {
        for other in ["after", "limit"] {
            if params.text(other).is_some() {
                return Err(ApiError::Contradictory {
                    name: other,
                    detail: "stations are named by `ids`; expected no pages",
                });
            }
        }
        let find = |id: &&str| {
            snapshot.find(id).ok_or_else(|| ApiError::NotFound {
                what: "station",
                given: shortened(id),
                expected: "an id of /v1/collections/stations/items",
            })
        };
        return Ok((ids.iter().map(find).collect::<Result<_, _>>()?, None));
    }
    let after = params.text("after");
    let stations = snapshot.stations();
    let begin = after.map_or(0, |after| {
        stations.partition_point(|station| station.id.as_str() <= after)
    });
    let end = begin.saturating_add(limit).min(stations.len());
    let last = (end < stations.len())
        .then(|| stations.get(end.saturating_sub(1)))
        .flatten();
    let ordinals = (begin..end).filter_map(|ordinal| u32::try_from(ordinal).ok());
    Ok((
        ordinals.collect(),
        last.map(|station| station.id.as_str().to_owned()),
    ))
}
