//! `POST …/items/{id}/visits` counts one use of a station; `GET …/items/{id}/statistics` tells how many there were.

use std::collections::HashMap;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{Days, NaiveDate, Utc};
use serde_json::{Value, json};

use super::{item, no_parameters};
use crate::http::access::{self, PublicWrite};
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::state::{ApiState, Published};

/// The query parameters of the statistics.
pub const PARAMETERS: &[&[&str]] = &[&["from", "to"]];
/// Days of the statistics unless asked.
const DAYS: u64 = 30;
/// Days of the statistics at most.
const MAX_DAYS: i64 = 366;

/// Counts one use. It has no body, and nothing of who sends it is kept.
pub async fn post(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let keeper = state.register()?;
    access::may_send(&request, &state, PublicWrite::Visit).await?;
    let published = state.published()?;
    let station = item::id_before_last(&request);
    if published.snapshot.find(&station).is_none() {
        return Err(item::not_found(&station));
    }
    let counted = keeper.count_visit(&station, today(&published)).await;
    counted.map_err(|error| ApiError::of_storage(&error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Answers with the uses of a station day by day, and its tickets that are under way.
pub async fn get_statistics(
    request: HttpRequest,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let keeper = state.register()?;
    let published = state.published()?;
    let period = period(&params, today(&published))?;
    let station = item::id_before_last(&request);
    if published.snapshot.find(&station).is_none() {
        return Err(item::not_found(&station));
    }
    let statistics = keeper.statistics(&station, period).await;
    let statistics = statistics.map_err(|error| ApiError::of_storage(&error))?;
    let counted: HashMap<NaiveDate, u64> = statistics.days.iter().map(|day| (day.day, day.visits)).collect();
    let days: Vec<Value> = period
        .0
        .iter_days()
        .take_while(|day| *day <= period.1)
        .map(|day| json!({ "day": day, "visits": counted.get(&day).copied().unwrap_or(0) }))
        .collect();
    let body = json!({
        "station": station,
        "time_zone": published.snapshot.reference().clock.zone_name(),
        "from": period.0,
        "to": period.1,
        "visits": statistics.days.iter().map(|day| day.visits).sum::<u64>(),
        "visits_in_all": statistics.visits_in_all,
        "days": days,
        "tickets": { "open": statistics.open, "acknowledged": statistics.acknowledged },
    });
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-cache"))
        .json(body))
}

/// The day that it is where the stations are.
pub fn today(published: &Published) -> NaiveDate {
    let clock = published.snapshot.reference().clock;
    clock.moment(Utc::now()).minute.to_local().date()
}

/// The first and the last day that are asked about.
fn period(params: &Params<'_>, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), ApiError> {
    let to = day(params, "to")?.unwrap_or(today);
    let from = day(params, "from")?.or_else(|| to.checked_sub_days(Days::new(DAYS - 1)));
    let from = from.unwrap_or(to);
    let days = (to - from).num_days() + 1;
    if days < 1 {
        return Err(ApiError::Contradictory {
            name: "from",
            detail: "`from` is later than `to`, which is today when nothing is said; expected the same day or an earlier one",
        });
    }
    if days > MAX_DAYS {
        return Err(ApiError::invalid(
            "from",
            &from.to_string(),
            format!("at most {MAX_DAYS} days up to `to`"),
        ));
    }
    Ok((from, to))
}

fn day(params: &Params<'_>, name: &'static str) -> Result<Option<NaiveDate>, ApiError> {
    let Some(text) = params.text(name) else {
        return Ok(None);
    };
    // Years of four digits only, in the one form that sorts as days do.
    let day = text.parse::<NaiveDate>().ok();
    let day = day.filter(|day| day.to_string() == text && text.len() == 10);
    day.map(Some)
        .ok_or_else(|| ApiError::invalid(name, text, "a day such as 2026-11-02"))
}
