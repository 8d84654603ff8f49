//! `POST /v1/revisions/{revision}/undo`: takes an edit, an import or another undo back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::imports::{begin, reply};
use crate::http::error::ApiError;
use crate::http::long_work::LongWork;
use crate::http::state::ApiState;

/// Takes a revision back, as a revision of its own.
pub async fn post(
    request: HttpRequest,
    state: web::Data<ApiState>,
    long_work: web::Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    super::no_parameters(&request)?;
    let text = request.match_info().query("revision");
    let revision = text
        .parse::<u64>()
        .ok()
        .filter(|revision| i64::try_from(*revision).is_ok());
    let revision = revision.ok_or_else(|| ApiError::invalid("revision", text, "the number of a revision"))?;
    let (work, author) = begin(&request, &state).await?;
    let turn = long_work.turn().await?;
    reply(&request, turn, StatusCode::OK, move |_watch| {
        work.undo(revision, &author)
    })
    .await
}
