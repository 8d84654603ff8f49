//! Around every request: one log line without a person's coordinates, and the counters.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use chrono::Utc;

use super::access;
use super::routes::RoutePattern;
use super::state::ApiState;

/// Tells with every answer how old the data are when the store does not answer any more, seconds.
pub const STALE_SECONDS: &str = "yizhan-stale-seconds";

/// Lets in who may read, no oftener than they may, and says when the data cannot be renewed.
pub async fn let_in(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let state = request.app_data::<web::Data<ApiState>>().cloned();
    if let Some(state) = &state
        && request.path().starts_with("/v1/")
        && matches!(*request.method(), Method::GET | Method::HEAD)
    {
        state.gates(request.request()).read(request.request())?;
        access::may_read(request.request(), state).await?;
    }
    let mut answered = next.call(request).await?;
    let stale_since = state.and_then(|state| state.register().ok()?.stale_since());
    if let Some(since) = stale_since {
        let age_s = (Utc::now() - since).num_seconds().max(0);
        let name = HeaderName::from_static(STALE_SECONDS);
        answered.headers_mut().insert(name, HeaderValue::from(age_s));
    }
    Ok(answered)
}

/// Writes one line and counts. The query holds where somebody is, so neither it nor an id in a path is written.
pub async fn log_and_count(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let begun = Instant::now();
    let state = request.app_data::<web::Data<ApiState>>().cloned();
    let answered = next.call(request).await?;
    let (request, response) = (answered.request(), answered.response());
    let route = request
        .app_data::<RoutePattern>()
        .map_or("none", |pattern| &*pattern.0);
    let method = method_name(request.method());
    let (status, duration) = (response.status().as_u16(), begun.elapsed());
    if let Some(state) = state {
        state
            .metrics()
            .observe((method, route, status), duration.as_secs_f64());
    }
    let duration_ms = duration.as_secs_f64() * 1e3;
    tracing::info!(
        method,
        route,
        status,
        duration_ms,
        "Answered {method} {route} with {status}"
    );
    Ok(answered)
}

/// The method, if it is a usual one; a client cannot make up labels.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
