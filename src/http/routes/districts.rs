//! `GET /v1/districts[/{adcode}]`: outlines of districts.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Utc;

use super::no_parameters;
use crate::export::geojson::{self, Link, Source};
use crate::http::error::{ApiError, shortened};
use crate::http::respond;
use crate::http::state::ApiState;

fn self_link(request: &HttpRequest) -> [Link; 1] {
    [respond::self_link(&respond::self_url(request))]
}

/// Answers with all districts.
pub async fn list(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let published = state.published()?;
    respond::document(&request, &published, respond::GEO_JSON, || {
        let source = Source {
            snapshot: &published.snapshot,
            parts: &published.parts,
            now: Utc::now(),
        };
        geojson::districts(source, &self_link(&request))
    })
}

/// Answers with the district whose code is in the path.
pub async fn get(
    request: HttpRequest,
    state: web::Data<ApiState>,
    adcode: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let published = state.published()?;
    let districts = &published.snapshot.reference().districts;
    let district = districts
        .iter()
        .find(|district| district.adcode.as_deref() == Some(adcode.as_str()));
    let district = district.ok_or_else(|| ApiError::NotFound {
        what: "district",
        given: shortened(&adcode),
        expected: "a code of /v1/districts",
    })?;
    respond::document(&request, &published, respond::GEO_JSON, || {
        let source = Source {
            snapshot: &published.snapshot,
            parts: &published.parts,
            now: Utc::now(),
        };
        geojson::district(source, district, &self_link(&request))
    })
}
