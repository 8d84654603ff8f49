//! `POST /v1/collections/stations/items/search`: stations inside the area of the body.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{items, off_thread};
use crate::http::body;
use crate::http::error::ApiError;
use crate::http::state::ApiState;

/// Answers with a page of the stations inside the area.
pub async fn post(
    request: HttpRequest,
    state: web::Data<ApiState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let bytes = body::read(&request, payload).await?;
    let area = off_thread(&request, move || body::area(&bytes)).await?;
    items::answer(&request, published, Some(area)).await
}
