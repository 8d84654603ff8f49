//! `GET /v1/openapi.yaml` and `.json`: the contract itself.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, web};

use super::no_parameters;
use super::ogc::{OPENAPI_JSON, OPENAPI_YAML};
use crate::http::error::ApiError;
use crate::http::respond;
use crate::http::state::ApiState;

/// The contract as it is kept in the project.
pub const YAML: &str = include_str!("../../../openapi.yaml");

/// The contract as JSON; a test reads it, so it can be turned.
static JSON: LazyLock<String> = LazyLock::new(|| {
    let document: Result<serde_json::Value, _> = serde_norway::from_str(YAML);
    document.map(|document| document.to_string()).unwrap_or_default()
});

/// Answers with the contract as JSON.
pub async fn json(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let published = state.published()?;
    respond::document(&request, &published, OPENAPI_JSON, || JSON.clone())
}

/// Answers with the contract as YAML.
pub async fn yaml(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let published = state.published()?;
    let tag = respond::Tagged {
        published: &published,
        minute: None,
        keep: respond::Keep::Public,
    };
    respond::tagged(&request, tag, OPENAPI_YAML, || Ok(YAML.to_owned()))
}
