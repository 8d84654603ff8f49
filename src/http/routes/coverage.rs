//! `/v1/coverage`, `/v1/coverage/gaps`, `/v1/coverage/by-hour`: questions to the planner, by GET or with demand, districts
//! or changes in the body of a POST.

use std::sync::Arc;

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use chrono::Utc;

use super::super::plan::{EVENT_STREAM, PlanKind, PlanRequest};
use super::super::plan_body;
use super::super::plan_report::ReportAsk;
use crate::http::error::ApiError;
use crate::http::respond::{self, Keep, Tagged};
use crate::http::server::Limits;
use crate::http::state::ApiState;

/// Coverage.
pub async fn get(request: HttpRequest, state: Data<ApiState>) -> Result<HttpResponse, ApiError> {
    read_only(PlanKind::Coverage, &request, &state).await
}

/// Coverage of demand, districts or changes that come with the request.
pub async fn post(
    request: HttpRequest,
    payload: Payload,
    state: Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    with_body(PlanKind::Coverage, &request, payload, &state).await
}

/// Gaps.
pub async fn get_gaps(request: HttpRequest, state: Data<ApiState>) -> Result<HttpResponse, ApiError> {
    read_only(PlanKind::Gaps, &request, &state).await
}

/// Gaps of demand, districts or changes that come with the request.
pub async fn post_gaps(
    request: HttpRequest,
    payload: Payload,
    state: Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    with_body(PlanKind::Gaps, &request, payload, &state).await
}

/// Coverage by hour.
pub async fn get_by_hour(request: HttpRequest, state: Data<ApiState>) -> Result<HttpResponse, ApiError> {
    read_only(PlanKind::ByHour, &request, &state).await
}

/// Coverage by hour of demand, districts or changes that come with the request.
pub async fn post_by_hour(
    request: HttpRequest,
    payload: Payload,
    state: Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    with_body(PlanKind::ByHour, &request, payload, &state).await
}

/// Everything on one page.
pub async fn get_report(request: HttpRequest, state: Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let (query, headers) = (request.query_string().to_owned(), request.headers().clone());
    let asked = super::off_thread(&request, move || ReportAsk::read(&query, &headers, &published)).await?;
    let limit = Limits::of(&request).request_timeout;
    let answer = state
        .long_work()
        .answer(limit, move |watch| asked.answer(watch))
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, answer.media_type))
        .insert_header((CACHE_CONTROL, "public, max-age=60"))
        .insert_header((VARY, "Accept-Language, Accept-Encoding"))
        .body(answer.body))
}

async fn read_only(
    kind: PlanKind,
    request: &HttpRequest,
    state: &ApiState,
) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let base = {
        let own = Arc::clone(&published);
        super::off_thread(request, move || own.plan_base()).await?
    };
    let tag = Tagged {
        published: &published,
        // The ordinary week and `at=now` depend on the time of asking.
        minute: Some(published.snapshot.moment(Utc::now())),
        keep: Keep::Public,
    };
    let etag = tag.etag(request);
    let asked = PlanRequest::read(
        kind,
        request.query_string(),
        request.headers(),
        (Arc::clone(&published), base, Vec::new()),
    )?;
    if wants_events(request) {
        return state.long_work().events(move |watch| asked.answer(watch)).await;
    }
    if respond::is_known(request, &etag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, etag))
            .insert_header((CACHE_CONTROL, "public, max-age=60"))
            .finish());
    }
    let mut response = answer(request, state, asked).await?;
    if let Ok(etag) = etag.parse() {
        response.headers_mut().insert(ETAG, etag);
    }
    Ok(response)
}

async fn with_body(
    kind: PlanKind,
    request: &HttpRequest,
    payload: Payload,
    state: &ApiState,
) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let bytes = plan_body::receive(request, payload).await?;
    let (query, headers) = (request.query_string().to_owned(), request.headers().clone());
    let asked = super::off_thread(request, move || {
        let body = plan_body::read(&bytes, &published)?;
        PlanRequest::read(kind, &query, &headers, (published, body.base, body.changes))
    })
    .await?;
    if wants_events(request) {
        return state.long_work().events(move |watch| asked.answer(watch)).await;
    }
    let mut response = answer(request, state, asked).await?;
    response.headers_mut().insert(
        CACHE_CONTROL,
        actix_web::http::header::HeaderValue::from_static("no-store"),
    );
    Ok(response)
}

async fn answer(
    request: &HttpRequest,
    state: &ApiState,
    asked: PlanRequest,
) -> Result<HttpResponse, ApiError> {
    let limit = Limits::of(request).request_timeout;
    let answer = state
        .long_work()
        .answer(limit, move |watch| asked.answer(watch))
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, answer.media_type))
        .insert_header((CACHE_CONTROL, "public, max-age=60"))
        .insert_header((VARY, "Accept, Accept-Language, Accept-Encoding"))
        .body(answer.body))
}

fn wants_events(request: &HttpRequest) -> bool {
    let accept = request
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| {
        respond::weighted(accept).any(|(media_type, weight)| media_type == EVENT_STREAM && weight > 0.0)
    })
}
