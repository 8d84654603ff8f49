//! Bodies of requests: read up to a limit, checked for their media type, GeoJSON lines and areas.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt as _;
use geo::MultiPolygon;
use geojson::{GeoJson, GeometryValue};

use super::conditions;
use super::error::ApiError;
use super::rings;
use super::server::Limits;
use crate::domain::coordinate::LonLat;
use crate::domain::datum::Datum;

/// The largest body that is read.
pub const MAX_BODY_BYTES: usize = 1_048_576;
/// The most vertices of an area over all its rings.
pub const MAX_AREA_VERTICES: usize = 10_000;
/// What a body with a line must be.
pub const LINE_EXPECTED: &str = "a GeoJSON LineString, or a Feature that has one, longitude first";
/// What a body with an area must be.
const AREA_EXPECTED: &str =
    "a GeoJSON Polygon or MultiPolygon, or a Feature that has one, with closed rings that do not cross";

/// Reads a body of GeoJSON, up to [`MAX_BODY_BYTES`].
pub async fn read(request: &HttpRequest, payload: Payload) -> Result<Bytes, ApiError> {
    read_up_to(request, payload, (MAX_BODY_BYTES, "a smaller one")).await
}

/// Reads a body of GeoJSON or JSON, up to a number of bytes; the text says what to do with a larger one.
pub async fn read_up_to(
    request: &HttpRequest,
    payload: Payload,
    limit: (usize, &'static str),
) -> Result<Bytes, ApiError> {
    let header = content_type(request);
    let media_type = header.split(';').next().unwrap_or_default().trim();
    if ![
        "application/geo+json",
        "application/json",
        "application/merge-patch+json",
    ]
    .iter()
    .any(|known| media_type.eq_ignore_ascii_case(known))
    {
        return Err(ApiError::UnsupportedMediaType {
            given: super::error::shortened(header),
            expected: "application/geo+json or application/json",
        });
    }
    read_bytes(payload, limit, Limits::of(request).request_timeout).await
}

/// The media type that the client names, with its parameters.
pub fn content_type(request: &HttpRequest) -> &str {
    let header = request.headers().get(CONTENT_TYPE);
    header.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Reads a body of anything, up to a number of bytes and for some time; the text says what to do with a larger one.
pub async fn read_bytes(
    mut payload: Payload,
    (limit_bytes, expected): (usize, &'static str),
    limit: Duration,
) -> Result<Bytes, ApiError> {
    let deadline = tokio::time::Instant::now() + limit;
    let mut bytes = BytesMut::new();
    // One time for the whole body: a client that sends a byte now and then is cut off, too.
    while let Some(chunk) = tokio::time::timeout_at(deadline, payload.next())
        .await
        .map_err(|_elapsed| ApiError::RequestTimeout {
            limit_s: limit.as_secs(),
        })?
    {
        let chunk = chunk.map_err(|error| ApiError::InvalidBody {
            problem: format!("it broke off after {} bytes ({error})", bytes.len()),
            expected: "a whole body",
        })?;
        if bytes.len() + chunk.len() > limit_bytes {
            return Err(ApiError::BodyTooLarge {
                limit_bytes,
                expected,
            });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// The vertices of a line in a body, in WGS-84.
pub fn line(bytes: &[u8], datum: Datum) -> Result<Vec<LonLat>, ApiError> {
    let GeometryValue::LineString { coordinates } = geometry(bytes, LINE_EXPECTED)? else {
        return Err(refused("it has no LineString", LINE_EXPECTED));
    };
    let places = coordinates
        .iter()
        .map(|position| place(position.as_slice(), datum, LINE_EXPECTED));
    places.collect()
}

/// The area in a body, WGS-84: valid, and within the limit of vertices.
pub fn area(bytes: &[u8]) -> Result<MultiPolygon<f64>, ApiError> {
    let polygons = match geometry(bytes, AREA_EXPECTED)? {
        GeometryValue::Polygon { coordinates } => vec![coordinates],
        GeometryValue::MultiPolygon { coordinates } => coordinates,
        _ => return Err(refused("it has no Polygon and no MultiPolygon", AREA_EXPECTED)),
    };
    let vertices: usize = polygons.iter().flatten().map(Vec::len).sum();
    if vertices == 0 || polygons.iter().any(Vec::is_empty) {
        return Err(refused("an area has no rings", AREA_EXPECTED));
    }
    if vertices > MAX_AREA_VERTICES {
        let problem = format!("its rings have {vertices} vertices, more than {MAX_AREA_VERTICES}");
        return Err(refused(&problem, AREA_EXPECTED));
    }
    let mut area = Vec::with_capacity(polygons.len());
    for rings in &polygons {
        let mut lines = rings.iter().map(|ring| ring_of(ring));
        let exterior = lines
            .next()
            .transpose()?
            .ok_or_else(|| refused("an area has no rings", AREA_EXPECTED))?;
        area.push(geo::Polygon::new(exterior, lines.collect::<Result<_, _>>()?));
    }
    let area = MultiPolygon::new(area);
    rings::check(&area).map_err(|problem| refused(&problem, AREA_EXPECTED))?;
    Ok(area)
}

fn ring_of(ring: &[geojson::Position]) -> Result<geo::LineString<f64>, ApiError> {
    let places = ring
        .iter()
        .map(|position| place(position.as_slice(), Datum::Wgs84, AREA_EXPECTED));
    let places = places.collect::<Result<Vec<_>, _>>()?;
    if places.len() < 4 || places.first() != places.last() {
        return Err(refused(
            "a ring has fewer than four positions or is not closed",
            AREA_EXPECTED,
        ));
    }
    Ok(places
        .iter()
        .map(|place| (place.lon_deg(), place.lat_deg()))
        .collect())
}

fn geometry(bytes: &[u8], expected: &'static str) -> Result<GeometryValue, ApiError> {
    let text = std::str::from_utf8(bytes).map_err(|_invalid| refused("it is not UTF-8", expected))?;
    let json = text
        .parse::<GeoJson>()
        .map_err(|error| refused(&super::error::shortened(&error.to_string()), expected))?;
    match json {
        GeoJson::Geometry(geometry) => Ok(geometry.value),
        GeoJson::Feature(feature) => {
            let geometry = feature
                .geometry
                .ok_or_else(|| refused("the Feature has no geometry", expected))?;
            Ok(geometry.value)
        }
        GeoJson::FeatureCollection(_) => Err(refused("it is a FeatureCollection", expected)),
    }
}

fn place(position: &[f64], datum: Datum, expected: &'static str) -> Result<LonLat, ApiError> {
    let &[lon, lat, ..] = position else {
        return Err(refused("a position has fewer than two numbers", expected));
    };
    conditions::place(lon, lat, datum, ("position", "position"))
        .map_err(|error| refused(&error.to_string(), expected))
}

fn refused(problem: &str, expected: &'static str) -> ApiError {
    ApiError::InvalidBody {
        problem: problem.to_owned(),
        expected,
    }
}
