//! Around every request: one log line without a person's coordinates, and the counters.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, web};

use super::routes::RoutePattern;
use super::state::ApiState;

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
