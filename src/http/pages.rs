//! The pages' files, built in by `build.rs`, with the headers that keep them safe and fast.

use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};

use super::base_map::BaseMap;
use super::respond;
use super::state::ApiState;

/// One file of the pages.
struct Page {
    /// Below the root, without a slash in front: `index.html`, `assets/…`.
    path: &'static str,
    content_type: &'static str,
    /// Weak: one for the file, however it is encoded.
    etag: &'static str,
    bytes: &'static [u8],
    /// The same under brotli, for files that gain by it. Compressed when they are built: a large one takes seconds.
    brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The form of the page for workers that other sites may put in a frame.
const EMBED: &str = "embed=1";

/// What is shown where the pages were left out of the build.
const LEFT_OUT: &str = "驿站 yizhan\n\n\
    网页未包含在此程序中（构建时没有 Node.js）。接口可用：/v1、/v1/nearest?lon=109.51&lat=18.25&f=txt\n\
    The pages were left out of this build (no Node.js). The API works: /v1, /v1/nearest?lon=109.51&lat=18.25&f=txt\n";

/// A page; where pages were left out, a few lines that say so.
pub fn page(request: &HttpRequest, path: &str) -> HttpResponse {
    file(request, path, "no-cache").unwrap_or_else(|| {
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
            .body(LEFT_OUT)
    })
}

/// A file that a page names. Names carry a hash of the content, so a copy is good for ever.
pub fn asset(request: &HttpRequest, path: &str) -> Option<HttpResponse> {
    let is_hashed = std::path::Path::new(path)
        .extension()
        .is_none_or(|ending| ending != "md");
    file(
        request,
        path,
        if is_hashed {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        },
    )
}

fn file(request: &HttpRequest, path: &str, keep: &'static str) -> Option<HttpResponse> {
    let position = PAGES.binary_search_by(|page| page.path.cmp(path)).ok()?;
    let page = PAGES.get(position)?;
    let is_known = respond::is_known(request, page.etag);
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((ETAG, page.etag))
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "no-referrer"))
        .insert_header(("content-security-policy", policy(request, path)));
    if is_known {
        return Some(response.finish());
    }
    response.insert_header((CONTENT_TYPE, page.content_type));
    if let Some(brotli) = page.brotli.filter(|_| accepts_brotli(request)) {
        response.insert_header((CONTENT_ENCODING, "br"));
        return Some(response.body(Bytes::from_static(brotli)));
    }
    Some(response.body(Bytes::from_static(page.bytes)))
}

/// Only our own files and the operator's base map, no inline script or style, and no frames around us but for the form
/// that is made for them.
fn policy(request: &HttpRequest, path: &str) -> String {
    let base_map = request
        .app_data::<web::Data<ApiState>>()
        .and_then(|state| state.base_map());
    let sources = base_map.map(BaseMap::sources).unwrap_or_default();
    let is_embedded = path == "index.html" && request.query_string().split('&').any(|pair| pair == EMBED);
    let ancestors = if is_embedded { "*" } else { "'none'" };
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{sources}; \
         worker-src 'self'; connect-src 'self'{sources}; base-uri 'none'; object-src 'none'; form-action 'self'; \
         frame-ancestors {ancestors}"
    )
}

/// Whether `Accept-Encoding` names brotli and does not give it the weight 0.
fn accepts_brotli(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(ACCEPT_ENCODING);
    let codings = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    codings.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("br")
            && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
