//! `GET /v1/collections/stations/items/{id}`: one station.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Utc;
use percent_encoding::percent_decode_str;

use crate::domain::facility::FacilitySet;
use crate::export::geojson::{Link, Source};
use crate::export::row::Row;
use crate::export::text::{self, TextSource};
use crate::export::{csv, geojson};
use crate::http::conditions;
use crate::http::error::{ApiError, shortened};
use crate::http::params::Params;
use crate::http::respond::{self, Format, Keep, Tagged};
use crate::http::state::ApiState;

/// The query parameters.
pub const PARAMETERS: &[&[&str]] = &[conditions::WRITING];

/// Answers with the station whose id is in the path.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    answer(&request, &state, &id_of(&request))
}

/// The id in the path as it was sent: a slash in an id comes as %2F, and only here may it become one.
pub fn id_of(request: &HttpRequest) -> String {
    segment_from_end(request, 0)
}

/// The id in a path that goes on behind it, such as `…/items/{id}/history`.
pub fn id_before_last(request: &HttpRequest) -> String {
    segment_from_end(request, 1)
}

fn segment_from_end(request: &HttpRequest, index: usize) -> String {
    let raw = request.uri().path().rsplit('/').nth(index).unwrap_or_default();
    percent_decode_str(raw).decode_utf8_lossy().into_owned()
}

/// That no station has the id.
pub fn not_found(id: &str) -> ApiError {
    ApiError::NotFound {
        what: "station",
        given: shortened(id),
        expected: "an id of /v1/collections/stations/items",
    }
}

/// Answers with the station whose id is `search`.
pub async fn get_search(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    answer(&request, &state, "search")
}

fn answer(request: &HttpRequest, state: &ApiState, id: &str) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let format = Format::of(&params, request.headers())?;
    let style = conditions::style(&params, request.headers())?;
    let snapshot = &published.snapshot;
    let station = snapshot.find(id).ok_or_else(|| not_found(id))?;
    let tag = Tagged {
        published: &published,
        minute: None,
        keep: Keep::Public,
    };
    let links = links(request);
    let mut response = respond::tagged(request, tag, format.media_type(), || {
        let rows = [Row::item(station)];
        Ok(match format {
            Format::GeoJson => {
                let source = Source {
                    snapshot,
                    parts: &published.parts,
                    now: Utc::now(),
                };
                geojson::item(source, station, &style, &links)
            }
            Format::Csv => csv::items(snapshot, &published.parts, &rows, &style),
            Format::Text => {
                let source = TextSource {
                    snapshot,
                    travel: None,
                    asked: FacilitySet::EMPTY,
                    language: style.language,
                };
                text::lines(&source, &rows)
            }
        })
    })?;
    respond::add_links(&mut response, &links);
    Ok(response)
}

fn links(request: &HttpRequest) -> [Link; 2] {
    let link = |href, rel, media_type| Link {
        href,
        rel,
        media_type,
        title: None,
    };
    let collection = format!("{}/v1/collections/stations", respond::base_url(request));
    [
        link(respond::self_url(request), "self", respond::GEO_JSON),
        link(collection, "collection", respond::JSON),
    ]
}
