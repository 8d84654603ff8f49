//! The pages' files, built in by `build.rs`, with the headers that keep them safe and fast.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::sync::{LazyLock, PoisonError, RwLock};

use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

use super::respond;

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Only our own files, no inline script or style, no frames around us.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self'; base-uri 'none'; object-src 'none'; \
    form-action 'self'; frame-ancestors 'none'";

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
    let position = PAGES.binary_search_by(|(known, ..)| (*known).cmp(path)).ok()?;
    let (_, content_type, bytes) = PAGES.get(position)?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let etag = format!("W/\"{:016x}\"", hasher.finish());
    let is_known = respond::is_known(request, &etag);
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "no-referrer"))
        .insert_header(("content-security-policy", CONTENT_SECURITY_POLICY));
    if is_known {
        return Some(response.finish());
    }
    response.insert_header((CONTENT_TYPE, *content_type));
    let accepted = request
        .headers()
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if accepted.contains("br") && bytes.len() > 1024 {
        response.insert_header((CONTENT_ENCODING, "br"));
        return Some(response.body(compressed(path, bytes)));
    }
    Some(response.body(Bytes::from_static(bytes)))
}

/// The file under brotli, compressed the first time it is asked for; the largest takes a second once, not each time.
fn compressed(path: &str, bytes: &[u8]) -> Bytes {
    static COMPRESSED: LazyLock<RwLock<HashMap<String, Bytes>>> = LazyLock::new(RwLock::default);
    if let Some(known) = COMPRESSED
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(path)
    {
        return known.clone();
    }
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 9, 22);
    // Writing to memory cannot fail.
    drop(writer.write_all(bytes));
    let compressed = Bytes::from(writer.into_inner());
    COMPRESSED
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(path.to_owned(), compressed.clone());
    compressed
}
