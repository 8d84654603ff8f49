//! `GET /v1/standards[/{id}]`: facility standards as data.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::no_parameters;
use crate::http::error::{ApiError, shortened};
use crate::http::respond;
use crate::http::state::ApiState;

/// Answers with all standards.
pub async fn list(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let published = state.published()?;
    let own = respond::self_url(&request);
    respond::document(&request, &published, respond::JSON, || {
        let links = [json!({ "href": own, "rel": "self", "type": respond::JSON })];
        json!({ "standards": &*published.snapshot.reference().standards, "links": links }).to_string()
    })
}

/// Answers with the standard whose id is in the path.
pub async fn get(
    request: HttpRequest,
    state: web::Data<ApiState>,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let published = state.published()?;
    let standards = &published.snapshot.reference().standards;
    let standard = standards
        .iter()
        .find(|standard| *standard.id == *id.as_str())
        .ok_or_else(|| ApiError::NotFound {
            what: "standard",
            given: shortened(&id),
            expected: "an id of /v1/standards",
        })?;
    respond::document(&request, &published, respond::JSON, || {
        json!(standard).to_string()
    })
}
