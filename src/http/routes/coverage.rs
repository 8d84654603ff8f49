//! `/v1/coverage`, `/v1/coverage/gaps`, `/v1/coverage/by-hour`: questions to the planner, by GET or with demand, districts
//! or changes in the body of a POST.

use std::sync::Arc;

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use chrono::Utc;

use super::super::plan::{PlanKind, PlanRequest};
use super::super::plan_body;
use super::super::plan_form::EVENT_STREAM;
use super::super::plan_report::ReportAsk;
use crate::http::error::ApiError;
use crate::http::long_work::{LongWork, Turn};
use crate::http::respond::{self, Keep, Tagged};
use crate::http::server::Limits;
use crate::http::state::ApiState;

/// Coverage.
pub async fn get(
    request: HttpRequest,
    state: Data<ApiState>,
    long_work: Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    read_only(PlanKind::Coverage, &request, (&state, &long_work)).await
}

/// Coverage of demand, districts or changes that come with the request.
pub async fn post(
    request: HttpRequest,
    payload: Payload,
    state: Data<ApiState>,
    long_work: Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    with_body(PlanKind::Coverage, &request, payload, (&state, &long_work)).await
}

/// Gaps.
pub async fn get_gaps(
    request: HttpRequest,
    state: Data<ApiState>,
    long_work: Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    read_only(PlanKind::Gaps, &request, (&state, &long_work)).await
}

/// Gaps of demand, districts or changes that come with the request.
pub async fn post_gaps(
    request: HttpRequest,
    payload: Payload,
    state: Data<ApiState>,
    long_work: Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    with_body(PlanKind::Gaps, &request, payload, (&state, &long_work)).await
}

/// Coverage by hour.
pub async fn get_by_hour(
    request: HttpRequest,
    state: Data<ApiState>,
    long_work: Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    read_only(PlanKind::ByHour, &request, (&state, &long_work)).await
}

/// Coverage by hour of demand, districts or changes that come with the request.
pub async fn post_by_hour(
    request: HttpRequest,
    payload: Payload,
    state: Data<ApiState>,
    long_work: Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    with_body(PlanKind::ByHour, &request, payload, (&state, &long_work)).await
}

/// Everything on one page.
pub async fn get_report(
    request: HttpRequest,
    state: Data<ApiState>,
    long_work: Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let (query, headers) = (request.query_string().to_owned(), request.headers().clone());
    let asked = super::off_thread(&request, move || ReportAsk::read(&query, &headers, &published)).await?;
    let limit = Limits::of(&request).request_timeout;
    let turn = long_work.turn().await?;
    let answer = turn.answer(limit, move |watch| asked.answer(watch)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, answer.media_type))
        .insert_header((CACHE_CONTROL, "public, max-age=60"))
        .insert_header((VARY, "Accept-Language, Accept-Encoding"))
        .body(answer.body))
}

async fn read_only(
    kind: PlanKind,
    request: &HttpRequest,
    (state, long_work): (&ApiState, &LongWork),
) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let (base, fingerprint) = {
        let own = Arc::clone(&published);
        let base = move || {
            own.plan_base()
                .map(|base| (Arc::clone(&base), base.fingerprint()))
        };
        super::off_thread(request, base).await?
    };
    let tag = Tagged {
        published: &published,
        // The ordinary week and `at=now` depend on the time of asking.
        minute: Some(published.snapshot.moment(Utc::now())),
        keep: Keep::Public,
    };
    let etag = tag.etag_beside(request, fingerprint);
    let asked = PlanRequest::read(
        kind,
        request.query_string(),
        request.headers(),
        (Arc::clone(&published), base, Vec::new()),
    )?;
    if wants_events(request, &asked)? {
        return Ok(long_work.turn().await?.events(move |watch| asked.answer(watch)));
    }
    if respond::is_known(request, &etag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, etag))
            .insert_header((CACHE_CONTROL, "public, max-age=60"))
            .finish());
    }
    let mut response = answer(request, long_work.turn().await?, asked).await?;
    if let Ok(etag) = etag.parse() {
        response.headers_mut().insert(ETAG, etag);
    }
    Ok(response)
}

async fn with_body(
    kind: PlanKind,
    request: &HttpRequest,
    payload: Payload,
    (state, long_work): (&ApiState, &LongWork),
) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let bytes = plan_body::receive(request, payload).await?;
    let (query, headers) = (request.query_string().to_owned(), request.headers().clone());
    // Reading a large body is long work, too.
    let turn = long_work.turn().await?;
    let (asked, turn) = super::off_thread(request, move || {
        let body = plan_body::read(&bytes, &published)?;
        let asked = PlanRequest::read(kind, &query, &headers, (published, body.base, body.changes))?;
        Ok((asked, turn))
    })
    .await?;
    if wants_events(request, &asked)? {
        return Ok(turn.events(move |watch| asked.answer(watch)));
    }
    let mut response = answer(request, turn, asked).await?;
    response.headers_mut().insert(
        CACHE_CONTROL,
        actix_web::http::header::HeaderValue::from_static("no-store"),
    );
    Ok(response)
}

async fn answer(request: &HttpRequest, turn: Turn, asked: PlanRequest) -> Result<HttpResponse, ApiError> {
    let limit = Limits::of(request).request_timeout;
    let answer = turn.answer(limit, move |watch| asked.answer(watch)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, answer.media_type))
        .insert_header((CACHE_CONTROL, "public, max-age=60"))
        .insert_header((VARY, "Accept, Accept-Language, Accept-Encoding"))
        .body(answer.body))
}

/// Whether the client asks for a stream of events, which is text.
fn wants_events(request: &HttpRequest, asked: &PlanRequest) -> Result<bool, ApiError> {
    let accept = request
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok());
    let wants = accept.is_some_and(|accept| {
        respond::weighted(accept).any(|(media_type, weight)| media_type == EVENT_STREAM && weight > 0.0)
    });
    if wants && asked.is_of_bytes() {
        return Err(ApiError::Contradictory {
            name: "f",
            detail: "`f=fgb` gives bytes, which a stream of events cannot hold; expected another form, or another `Accept`",
        });
    }
    Ok(wants)
}
