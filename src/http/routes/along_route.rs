//! `GET` and `POST /v1/along-route`: stations near a line, in the order of travel.

use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Utc;

use super::{OfflineAnswer, off_thread};
use crate::domain::coordinate::LonLat;
use crate::domain::facility::FacilitySet;
use crate::domain::filter::WordSet;
use crate::domain::geodesic;
use crate::domain::station::Status;
use crate::domain::units::Meters;
use crate::export::geojson::{Link, Source};
use crate::export::row::Row;
use crate::export::text::{self, TextSource};
use crate::export::{Style, csv, geojson};
use crate::http::body;
use crate::http::conditions::{self, Arrival};
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::respond::{self, Format, Keep, Tagged};
use crate::http::state::{ApiState, Published};
use crate::locator::{AlongRouteFound, AlongRouteQuery};

/// The most stations of an answer.
pub const MAX_LIMIT: usize = 1_000;
/// Stations of an answer when nothing is said.
const DEFAULT_LIMIT: usize = 100;
/// The most vertices of a line.
pub const MAX_VERTICES: usize = 10_000;
/// The longest line, metres.
pub const MAX_LENGTH_M: f64 = 5_000_000.0;
/// The farthest that a station may lie off the line, metres.
pub const MAX_DISTANCE_M: f64 = 50_000.0;
/// How far a station may lie off the line when nothing is said, metres.
const DEFAULT_DISTANCE_M: f64 = 500.0;

/// The query parameters of `GET`.
pub const PARAMETERS: &[&[&str]] = &[
    &["line", "polyline", "coord", "distance_m", "limit", "mode"],
    conditions::FILTERS,
    conditions::WRITING,
];
/// The query parameters of `POST`, whose line is in the body.
pub const POST_PARAMETERS: &[&[&str]] = &[
    &["coord", "distance_m", "limit", "mode"],
    conditions::FILTERS,
    conditions::WRITING,
];

/// Answers with the stations along the line in `line` or `polyline`.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let vertices = vertices(&params)?;
    answer(&request, &params, published, vertices).await
}

/// The same answer without a server, from a query string.
pub fn offline(query_string: &str, published: &Published) -> Result<OfflineAnswer, ApiError> {
    let params = Params::parse(query_string, PARAMETERS)?;
    let headers = HeaderMap::new();
    let (format, style) = (
        Format::of(&params, &headers)?,
        conditions::style(&params, &headers)?,
    );
    let query = query(&params, published, vertices(&params)?)?;
    let found = published.snapshot.along_route(&query);
    let text = write(published, &query, &found, (format, &style), None);
    Ok(OfflineAnswer {
        text,
        found: found.stations.len(),
    })
}

/// The line in `line` or `polyline`, checked, in WGS-84.
fn vertices(params: &Params<'_>) -> Result<Vec<LonLat>, ApiError> {
    let corners = match (params.text("line"), params.text("polyline")) {
        (Some(line), None) => ("line", corners_of_line(line)?),
        (None, Some(polyline)) => ("polyline", corners_of_polyline(polyline)?),
        (None, None) => {
            let expected = "`line=lon,lat;lon,lat` or an encoded `polyline`".to_owned();
            return Err(ApiError::MissingParameter {
                name: "line",
                expected,
            });
        }
        (Some(_), Some(_)) => {
            let detail = "parameters `line` and `polyline` each give a line; expected one of them";
            return Err(ApiError::Contradictory {
                name: "polyline",
                detail,
            });
        }
    };
    let (name, corners) = corners;
    let datum = conditions::datum(params)?;
    let places = corners
        .into_iter()
        .map(|[lon, lat]| conditions::place(lon, lat, datum, (name, name)));
    let vertices = places.collect::<Result<Vec<_>, _>>()?;
    check_line(&vertices)
        .map_err(|problem| ApiError::invalid(name, params.text(name).unwrap_or_default(), problem))?;
    Ok(vertices)
}

/// Answers with the stations along the GeoJSON `LineString` in the body.
pub async fn post(
    request: HttpRequest,
    state: web::Data<ApiState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let params = Params::parse(request.query_string(), POST_PARAMETERS)?;
    let datum = conditions::datum(&params)?;
    let bytes = body::read(&request, payload).await?;
    let vertices = body::line(&bytes, datum)?;
    check_line(&vertices).map_err(|problem| ApiError::InvalidBody {
        problem: "the line does not fit".to_owned() + ": expected " + &problem,
        expected: body::LINE_EXPECTED,
    })?;
    answer(&request, &params, published, vertices).await
}

async fn answer(
    request: &HttpRequest,
    params: &Params<'_>,
    published: Arc<Published>,
    vertices: Vec<LonLat>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(params, request.headers())?;
    let style = conditions::style(params, request.headers())?;
    let query = query(params, &published, vertices)?;
    let minute = Some(published.snapshot.moment(query.now));
    let (asked, own, self_url) = (query.clone(), Arc::clone(&published), respond::self_url(request));
    let text = off_thread(request, move || {
        let found = own.snapshot.along_route(&asked);
        Ok(write(&own, &asked, &found, (format, &style), Some(&self_url)))
    })
    .await?;
    let tag = Tagged {
        published: &published,
        minute,
        keep: Keep::Private,
    };
    if request.method() == actix_web::http::Method::POST {
        return Ok(respond::untagged(format.media_type(), text));
    }
    respond::tagged(request, tag, format.media_type(), || Ok(text))
}

fn query(
    params: &Params<'_>,
    published: &Published,
    vertices: Vec<LonLat>,
) -> Result<AlongRouteQuery, ApiError> {
    let metres = params
        .number("distance_m", 0.0, MAX_DISTANCE_M)?
        .unwrap_or(DEFAULT_DISTANCE_M);
    let distance = Meters::new(metres);
    let distance =
        distance.map_err(|error| ApiError::invalid("distance_m", &error.0.to_string(), "metres"))?;
    let now = Utc::now();
    let ask = (Arrival::Possible, WordSet::of_statuses(&[Status::Open]));
    Ok(AlongRouteQuery {
        vertices,
        distance,
        limit: params.limit(DEFAULT_LIMIT, MAX_LIMIT)?,
        conditions: conditions::conditions(params, &published.snapshot, now, ask)?,
        travel: conditions::travel(params)?,
        now,
    })
}

/// Checks a line against the limits; the error is what is expected.
fn check_line(vertices: &[LonLat]) -> Result<(), String> {
    if vertices.len() < 2 || vertices.len() > MAX_VERTICES {
        return Err(format!("a line of 2 to {MAX_VERTICES} vertices"));
    }
    let mut length_m = 0.0;
    for leg in vertices.windows(2) {
        if let [from, to] = leg {
            length_m += geodesic::karney(*from, *to).get();
        }
    }
    if length_m > MAX_LENGTH_M {
        return Err(format!("a line of at most {MAX_LENGTH_M} m, not {length_m:.0} m"));
    }
    Ok(())
}

fn corners_of_line(text: &str) -> Result<Vec<[f64; 2]>, ApiError> {
    let refused = |given: &str| {
        ApiError::invalid(
            "line",
            given,
            "longitude,latitude;longitude,latitude;… in degrees",
        )
    };
    let corners = text.split(';').map(|corner| {
        let (lon, lat) = corner.split_once(',').ok_or_else(|| refused(corner))?;
        let number = |text: &str| {
            text.trim()
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())
        };
        match (number(lon), number(lat)) {
            (Some(lon), Some(lat)) => Ok([lon, lat]),
            _ => Err(refused(corner)),
        }
    });
    corners.take(MAX_VERTICES + 1).collect()
}

/// Decodes Google's encoded polyline, precision 5: zigzag differences in base 32, latitude first.
fn corners_of_polyline(text: &str) -> Result<Vec<[f64; 2]>, ApiError> {
    let refused = || ApiError::invalid("polyline", text, "an encoded polyline of precision 5");
    let mut numbers = Vec::new();
    let (mut value, mut shift) = (0_i64, 0_u32);
    for byte in text.bytes() {
        let digit = i64::from(
            byte.checked_sub(63)
                .filter(|digit| *digit < 64)
                .ok_or_else(refused)?,
        );
        if shift > 30 {
            return Err(refused());
        }
        value |= (digit & 31) << shift;
        shift += 5;
        if digit & 32 == 0 {
            numbers.push(if value & 1 == 1 { !(value >> 1) } else { value >> 1 });
            (value, shift) = (0, 0);
        }
    }
    if shift != 0 || numbers.len() % 2 != 0 {
        return Err(refused());
    }
    let (mut lat, mut lon) = (0_i64, 0_i64);
    let corners = numbers.chunks_exact(2).take(MAX_VERTICES + 1).filter_map(|pair| {
        let [north, east] = pair else { return None };
        lat += north;
        lon += east;
        Some([lon as f64 / 1e5, lat as f64 / 1e5])
    });
    Ok(corners.collect())
}

fn write(
    published: &Published,
    query: &AlongRouteQuery,
    found: &AlongRouteFound,
    (format, style): (Format, &Style),
    self_url: Option<&str>,
) -> String {
    let snapshot = &published.snapshot;
    let rows = || found.stations.iter().map(Row::along_route).collect::<Vec<_>>();
    match format {
        Format::GeoJson => {
            let links: Vec<Link> = self_url.map(respond::self_link).into_iter().collect();
            let source = Source {
                snapshot,
                parts: &published.parts,
                now: query.now,
            };
            geojson::along_route(source, query.travel, found, style, &links)
        }
        Format::Csv => csv::found(snapshot, &published.parts, &rows(), style),
        Format::Text => {
            let filter = query.conditions.filter;
            let asked = FacilitySet::from_bits(filter.facilities.bits() | filter.facilities_any.bits());
            let source = TextSource {
                snapshot,
                travel: Some(query.travel),
                asked,
                language: style.language,
            };
            text::lines(&source, &rows())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_of_an_encoded_polyline_is_decoded() {
        let corners = corners_of_polyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@").unwrap();
        assert_eq!(corners, [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]]);
    }

    #[test]
    fn what_is_no_polyline_or_line_is_refused() {
        for bad in ["驿站", "_p~iF~ps|U_", "~~~~~~~~~~", "_p~iF"] {
            assert_eq!(
                corners_of_polyline(bad).err().map(|error| error.code()),
                Some("invalid_parameter"),
                "{bad}"
            );
        }
        for bad in ["109.5", "109.5,18.2;", "a,b;c,d", "NaN,1;2,3"] {
            assert_eq!(
                corners_of_line(bad).err().map(|error| error.code()),
                Some("invalid_parameter"),
                "{bad}"
            );
        }
    }
}
