//! `GET /healthz`, `/readyz`, `/metrics`: for the people and programs that keep the service running.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use chrono::Utc;
use serde_json::json;

use crate::http::error::ApiError;
use crate::http::state::ApiState;

/// Answers as long as the process does.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({ "status": "ok" }))
}

/// Answers with 200 once stations are loaded, with 503 before.
pub async fn readyz(state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let snapshot = &published.snapshot;
    let stale_since = state.register().ok().and_then(|register| register.stale_since());
    let body = json!({
        "status": "ready",
        "stations": snapshot.stations().len(),
        "revision": snapshot.revision(),
        "loaded_at": snapshot.loaded_at(),
        "calendar_last_day": snapshot.reference().calendar.last_day(),
        "time_zone": snapshot.reference().clock.zone_name(),
        "stale_seconds": stale_since.map(|since| (Utc::now() - since).num_seconds().max(0)),
    });
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(body))
}

/// Answers with what is counted, in Prometheus' text format.
pub async fn metrics(state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let text = state.metrics().text().map_err(|error| {
        tracing::error!(%error, "Metrics cannot be written");
        ApiError::Internal
    })?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text))
}
