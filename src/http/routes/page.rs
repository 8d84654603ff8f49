//! `GET /`, `/plan`, `/keep`, `/docs`, `/sw.js`, `/manifest.webmanifest` and `/assets/…`: the pages, built into the binary.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::http::error::{ApiError, shortened};
use crate::http::pages;

/// The page for workers.
pub async fn find(request: HttpRequest) -> HttpResponse {
    pages::page(&request, "index.html")
}

/// The contract for reading, without any network.
pub async fn docs(request: HttpRequest) -> HttpResponse {
    pages::page(&request, "docs.html")
}

/// The script that keeps the page for workers when there is no network. Below the root, so that it may keep the root.
pub async fn worker(request: HttpRequest) -> HttpResponse {
    pages::page(&request, "sw.js")
}

/// What a phone needs to put the page beside its apps.
pub async fn manifest(request: HttpRequest) -> HttpResponse {
    pages::page(&request, "manifest.webmanifest")
}

/// The page for planners.
pub async fn plan(request: HttpRequest) -> HttpResponse {
    pages::page(&request, "plan.html")
}

/// The page for the staff.
pub async fn keep(request: HttpRequest) -> HttpResponse {
    pages::page(&request, "keep.html")
}

/// A script, a style or a picture of a page.
pub async fn asset(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, ApiError> {
    pages::asset(&request, &format!("assets/{name}")).ok_or_else(|| ApiError::NotFound {
        what: "asset",
        given: shortened(&name),
        expected: "a file that a page names",
    })
}
