//! `GET /v1/settings`: what a page must know about this service before it can work.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{changes, no_parameters};
use crate::http::BaseMap;
use crate::http::error::ApiError;
use crate::http::state::ApiState;
use crate::storage::LogPosition;

/// Answers with the revision, the place in the log of changes and the base map.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let published = state.published()?;
    let snapshot = &published.snapshot;
    let cursor = state
        .register()
        .ok()
        .map(|_register| changes::cursor(LogPosition::end_of(snapshot.revision())));
    let settings = json!({
        "revision": snapshot.revision(),
        "stations": snapshot.stations().len(),
        "zone": snapshot.reference().clock.zone_name(),
        "changes_cursor": cursor,
        "base_map": state.base_map().map(BaseMap::document),
    });
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-cache"))
        .json(settings))
}
