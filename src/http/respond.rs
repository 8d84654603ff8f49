//! From an answer's text to a response: form by `f` or `Accept`, entity tag, 304, how long it may be kept.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, FORWARDED, HOST, HeaderMap, HeaderValue, IF_NONE_MATCH, LINK,
    VARY, X_FORWARDED_HOST, X_FORWARDED_PROTO,
};
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

use super::error::ApiError;
use super::params::Params;
use super::state::Published;
use crate::export::geojson::Link;
use crate::locator::Moment;

/// Media type of GeoJSON.
pub const GEO_JSON: &str = "application/geo+json";
/// Media type of plain JSON.
pub const JSON: &str = "application/json";

/// What is encoded in a segment of a path: all but the unreserved signs of RFC 3986.
pub const IN_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 7946.
    GeoJson,
    /// A table.
    Csv,
    /// A few short lines.
    Text,
}

impl Format {
    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => GEO_JSON,
            Self::Csv => "text/csv; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// The form that `f` names, else the one that `Accept` likes best, else GeoJSON.
    pub fn of(params: &Params<'_>, headers: &HeaderMap) -> Result<Self, ApiError> {
        match params.text("f") {
            // Many clients write `json` where they mean GeoJSON.
            Some("geojson" | "json") => Ok(Self::GeoJson),
            Some("csv") => Ok(Self::Csv),
            Some("txt") => Ok(Self::Text),
            Some(text) => Err(ApiError::invalid("f", text, "geojson, csv or txt")),
            None => Self::accepted(headers),
        }
    }

    fn accepted(headers: &HeaderMap) -> Result<Self, ApiError> {
        let Some(accept) = headers.get(ACCEPT).and_then(|value| value.to_str().ok()) else {
            return Ok(Self::GeoJson);
        };
        let mut best: Option<(f32, Self)> = None;
        for (media_type, weight) in weighted(accept) {
            let format = match media_type.as_str() {
                // Browsers ask for HTML and get what a person can read as well.
                GEO_JSON | JSON | "application/*" | "*/*" | "text/html" => Self::GeoJson,
                "text/csv" => Self::Csv,
                "text/plain" | "text/*" => Self::Text,
                _ => continue,
            };
            if weight > 0.0 && best.is_none_or(|(liked, _)| weight > liked) {
                best = Some((weight, format));
            }
        }
        best.map(|(_, format)| format)
            .ok_or_else(|| ApiError::NotAcceptable {
                given: super::error::shortened(accept),
                offered: "application/geo+json, text/csv, text/plain",
            })
    }
}

/// The entries of a header such as `Accept`, in lower case, each with its weight (1 when none is given).
pub fn weighted(header: &str) -> impl Iterator<Item = (String, f32)> {
    header.split(',').map(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        (
            name,
            weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0)),
        )
    })
}

/// How long an answer may be kept, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// By anybody for a minute: it depends on the data only, or on the data and a time that was asked for.
    Public,
    /// By the client for a few seconds: it tells where somebody is.
    Private,
}

/// What an entity tag stands for.
#[derive(Debug, Clone, Copy)]
pub struct Tagged<'a> {
    /// The data.
    pub published: &'a Published,
    /// The minute, for answers that depend on the time of asking.
    pub minute: Option<Moment>,
    /// How long it may be kept.
    pub keep: Keep,
}

impl Tagged<'_> {
    /// The weak entity tag: revision, records, question and, where it matters, the minute.
    pub fn etag(&self, request: &HttpRequest) -> String {
        self.etag_beside(request, 0)
    }

    /// The same of an answer that depends on something beside the register, too, told apart by its fingerprint.
    pub fn etag_beside(&self, request: &HttpRequest, fingerprint: u64) -> String {
        let mut hasher = DefaultHasher::new();
        fingerprint.hash(&mut hasher);
        self.published.fingerprint().hash(&mut hasher);
        request
            .uri()
            .path_and_query()
            .map(actix_web::http::uri::PathAndQuery::as_str)
            .hash(&mut hasher);
        for header in [ACCEPT, actix_web::http::header::ACCEPT_LANGUAGE] {
            request
                .headers()
                .get(header)
                .map(HeaderValue::as_bytes)
                .hash(&mut hasher);
        }
        self.minute.map(|moment| moment.minute).hash(&mut hasher);
        format!(
            "W/\"{}-{:016x}\"",
            self.published.snapshot.revision(),
            hasher.finish()
        )
    }
}

/// Whether the client has the answer already.
pub fn is_known(request: &HttpRequest, etag: &str) -> bool {
    let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let headers = request
        .headers()
        .get_all(IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok());
    let mut tags = headers.flat_map(|value| value.split(','));
    tags.any(|tag| tag.trim() == "*" || weak(tag) == weak(etag))
}

/// Answers with 304 when the client has the answer, else with the text that `write` makes.
pub fn tagged(
    request: &HttpRequest,
    tagged: Tagged<'_>,
    media_type: &'static str,
    write: impl FnOnce() -> Result<String, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let etag = tagged.etag(request);
    let is_known = is_known(request, &etag);
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    let keep = HeaderValue::from_static(match tagged.keep {
        Keep::Public => "public, max-age=60",
        Keep::Private => "private, max-age=15",
    });
    response
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((
            VARY,
            HeaderValue::from_static("Accept, Accept-Language, Accept-Encoding"),
        ));
    if is_known {
        return Ok(response.finish());
    }
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static(media_type)));
    Ok(response.body(write()?))
}

/// Adds the links of an answer as a header, for forms that have no room for them.
pub fn add_links(response: &mut HttpResponse, links: &[Link]) {
    let header = links.iter().map(|link| {
        format!(
            "<{}>; rel=\"{}\"; type=\"{}\"",
            link.href, link.rel, link.media_type
        )
    });
    if let Ok(value) = HeaderValue::from_str(&header.collect::<Vec<_>>().join(", ")) {
        response.headers_mut().insert(LINK, value);
    }
}

/// The address of the request, as the client wrote it: from the forwarding headers or `Host`.
pub fn base_url(request: &HttpRequest) -> String {
    // `connection_info` also writes out the addresses of client and server; most requests need neither.
    let headers = request.headers();
    let is_forwarded = [FORWARDED, X_FORWARDED_PROTO, X_FORWARDED_HOST]
        .iter()
        .any(|name| headers.contains_key(name));
    let is_plain = !is_forwarded && request.uri().scheme().is_none() && !request.app_config().secure();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    if let Some(host) = host.filter(|_| is_plain) {
        return ["http://", host].concat();
    }
    let info = request.connection_info();
    format!("{}://{}", info.scheme(), info.host())
}

/// The address of the request with its query.
pub fn self_url(request: &HttpRequest) -> String {
    let mut url = base_url(request);
    url.push_str(request.uri().path_and_query().map_or("", |whole| whole.as_str()));
    url
}

/// An answer to a POST, which nobody keeps.
pub fn untagged(media_type: &'static str, text: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CACHE_CONTROL, "private, max-age=15"))
        .insert_header((VARY, "Accept, Accept-Language, Accept-Encoding"))
        .body(text)
}

/// Answers with a JSON document that depends on the data only.
pub fn document(
    request: &HttpRequest,
    published: &Published,
    media_type: &'static str,
    write: impl FnOnce() -> String,
) -> Result<HttpResponse, ApiError> {
    let accept = request
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok());
    if let Some(accept) = accept.filter(|accept| !accepts_json(accept)) {
        let given = super::error::shortened(accept);
        return Err(ApiError::NotAcceptable {
            given,
            offered: "application/json",
        });
    }
    tagged(
        request,
        Tagged {
            published,
            minute: None,
            keep: Keep::Public,
        },
        media_type,
        || Ok(write()),
    )
}

fn accepts_json(accept: &str) -> bool {
    weighted(accept).any(|(media_type, weight)| {
        let is_json = matches!(media_type.as_str(), "*/*" | "application/*" | "text/html")
            || media_type.contains("json");
        is_json && weight > 0.0
    })
}

/// The link by which an answer names its own address.
pub fn self_link(url: &str) -> Link {
    Link {
        href: url.to_owned(),
        rel: "self",
        media_type: GEO_JSON,
        title: None,
    }
}
