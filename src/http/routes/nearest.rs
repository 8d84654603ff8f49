//! `GET /v1/nearest`: the nearest stations that match.

use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Utc;

use super::{OfflineAnswer, off_thread};
use crate::domain::filter::WordSet;
use crate::domain::station::Status;
use crate::domain::units::Meters;
use crate::export::geojson::{Link, NearestPage, Source};
use crate::export::row::Row;
use crate::export::text::{self, TextSource};
use crate::export::{Style, csv, geojson};
use crate::http::conditions::{self, Arrival};
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::respond::{self, Format, Keep, Tagged};
use crate::http::state::{ApiState, Published};
use crate::locator::{NearestFound, NearestQuery};

/// The most stations of an answer.
pub const MAX_LIMIT: usize = 100;
/// Stations of an answer when nothing is said.
const DEFAULT_LIMIT: usize = 10;
/// The largest radius: half the equator, metres.
const MAX_RADIUS_M: f64 = 20_037_508.0;
/// Above this many stations a question with filters may take longer than half a millisecond.
const INLINE_STATIONS: usize = 20_000;

/// The query parameters.
pub const PARAMETERS: &[&[&str]] = &[
    &["lon", "lat", "coord", "radius_m", "limit", "mode"],
    conditions::FILTERS,
    conditions::WRITING,
];

/// Answers with the nearest stations.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let format = Format::of(&params, request.headers())?;
    let style = conditions::style(&params, request.headers())?;
    let query = query(&params, &published)?;
    let tag = Tagged {
        published: &published,
        minute: Some(published.snapshot.moment(query.now)),
        keep: Keep::Private,
    };
    let is_quick = published.snapshot.stations().len() <= INLINE_STATIONS || is_plain(&query);
    if is_quick {
        return respond::tagged(&request, tag, format.media_type(), || {
            let found = find(&published, &query);
            Ok(write(
                &published,
                &query,
                &found,
                (format, &style),
                Some(&respond::self_url(&request)),
            ))
        });
    }
    let (asked, own) = (query.clone(), Arc::clone(&published));
    let found = off_thread(&request, move || Ok(find(&own, &asked))).await?;
    respond::tagged(&request, tag, format.media_type(), || {
        Ok(write(
            &published,
            &query,
            &found,
            (format, &style),
            Some(&respond::self_url(&request)),
        ))
    })
}

/// The same answer without a server, from a query string.
pub fn offline(query_string: &str, published: &Published) -> Result<OfflineAnswer, ApiError> {
    let params = Params::parse(query_string, PARAMETERS)?;
    let headers = HeaderMap::new();
    let (format, style) = (
        Format::of(&params, &headers)?,
        conditions::style(&params, &headers)?,
    );
    let query = query(&params, published)?;
    let found = find(published, &query);
    let text = write(published, &query, &found, (format, &style), None);
    Ok(OfflineAnswer {
        text,
        found: found.within.len(),
    })
}

/// The stations found, and where there are none within the radius, the nearest one beyond it.
struct Found {
    within: Vec<NearestFound>,
    beyond: Option<NearestFound>,
}

fn find(published: &Published, query: &NearestQuery) -> Found {
    let within = published.snapshot.nearest(query);
    let beyond = if within.is_empty() {
        published.snapshot.nearest_beyond(query)
    } else {
        None
    };
    Found { within, beyond }
}

/// Whether nothing but the status is asked, so that the walk through the tree is short.
fn is_plain(query: &NearestQuery) -> bool {
    let filter = query.conditions.filter;
    filter.facilities.is_empty()
        && filter.facilities_any.is_empty()
        && filter.hosts == WordSet::ALL
        && filter.statuses == WordSet::of_statuses(&[Status::Open])
        && query.conditions.districts.is_none()
        && query.conditions.open == crate::locator::OpenAsk::Any
}

fn query(params: &Params<'_>, published: &Published) -> Result<NearestQuery, ApiError> {
    let missing = |name| ApiError::MissingParameter {
        name,
        expected: "degrees, such as lon=109.51&lat=18.25".to_owned(),
    };
    let number = |name: &'static str| -> Result<f64, ApiError> {
        let text = params.text(name).ok_or_else(|| missing(name))?;
        let number = text
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite());
        number.ok_or_else(|| ApiError::invalid(name, text, "a number of degrees"))
    };
    let (lon, lat, datum) = (number("lon")?, number("lat")?, conditions::datum(params)?);
    let origin = conditions::place(lon, lat, datum, ("lon", "lat"))?;
    let radius = params.number("radius_m", 0.0, MAX_RADIUS_M)?;
    let radius = match radius {
        Some(0.0) => {
            return Err(ApiError::invalid(
                "radius_m",
                "0",
                format!("a number above 0, at most {MAX_RADIUS_M}"),
            ));
        }
        Some(metres) => Some(
            Meters::new(metres)
                .map_err(|error| ApiError::invalid("radius_m", &error.0.to_string(), "a number of metres"))?,
        ),
        None => None,
    };
    let now = Utc::now();
    let ask = (Arrival::Possible, WordSet::of_statuses(&[Status::Open]));
    Ok(NearestQuery {
        origin,
        limit: params.limit(DEFAULT_LIMIT, MAX_LIMIT)?,
        radius,
        conditions: conditions::conditions(params, &published.snapshot, now, ask)?,
        travel: conditions::travel(params)?,
        now,
    })
}

fn write(
    published: &Published,
    query: &NearestQuery,
    found: &Found,
    (format, style): (Format, &Style),
    self_url: Option<&str>,
) -> String {
    let snapshot = &published.snapshot;
    let rows = || found.within.iter().map(Row::nearest).collect::<Vec<_>>();
    match format {
        Format::GeoJson => {
            let links: Vec<Link> = self_url.map(respond::self_link).into_iter().collect();
            let source = Source {
                snapshot,
                parts: &published.parts,
                now: query.now,
            };
            let page = NearestPage {
                travel: query.travel,
                found: &found.within,
                beyond: found.beyond,
            };
            geojson::nearest(source, &page, style, &links)
        }
        Format::Csv => csv::found(snapshot, &published.parts, &rows(), style),
        Format::Text => {
            let filter = query.conditions.filter;
            let asked = crate::domain::facility::FacilitySet::from_bits(
                filter.facilities.bits() | filter.facilities_any.bits(),
            );
            let source = TextSource {
                snapshot,
                travel: Some(query.travel),
                asked,
                language: style.language,
            };
            let beyond = found.beyond.map(|beyond| Row::nearest(&beyond));
            text::lines(&source, &rows()) + &text::beyond(&source, beyond.as_ref())
        }
    }
}
