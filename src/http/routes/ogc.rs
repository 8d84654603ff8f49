//! The documents by which OGC clients (QGIS, GDAL, OWSLib) find their way: landing page, conformance, collections.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::no_parameters;
use crate::export::properties;
use crate::http::error::ApiError;
use crate::http::respond;
use crate::http::state::{ApiState, Published};

/// Conformance classes whose requirements the tests check.
pub const CONFORMS_TO: [&str; 3] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
];
/// Media type of the contract as JSON; OWSLib asks for exactly this.
pub const OPENAPI_JSON: &str = "application/vnd.oai.openapi+json;version=3.0";
/// Media type of the contract as YAML.
pub const OPENAPI_YAML: &str = "application/vnd.oai.openapi;version=3.0";
/// The coordinate reference system of everything that is stored: WGS-84, longitude first.
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
/// The temporal reference system of everything: the calendar of RFC 3339.
const GREGORIAN: &str = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
const SCHEMA_JSON: &str = "application/schema+json";

fn link(base: &str, path: &str, rel: &str, media_type: &str, title: &str) -> Value {
    json!({ "href": format!("{base}{path}"), "rel": rel, "type": media_type, "title": title })
}

fn answer(
    request: &HttpRequest,
    state: &ApiState,
    media_type: &'static str,
    write: impl FnOnce(&str, &Published) -> Value,
) -> Result<HttpResponse, ApiError> {
    no_parameters(request)?;
    let published = state.published()?;
    let base = respond::base_url(request);
    respond::document(request, &published, media_type, || {
        write(&base, &published).to_string()
    })
}

/// `GET /v1`
pub async fn landing_page(
    request: HttpRequest,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    answer(&request, &state, respond::JSON, |base, published| {
        json!({
            "title": "驿站 · yizhan",
            "description": "户外劳动者服务站点 · Service stations for outdoor workers",
            "revision": published.snapshot.revision(),
            "links": [
                link(base, "/v1", "self", respond::JSON, "This document"),
                link(base, "/v1/openapi.json", "service-desc", OPENAPI_JSON, "The contract, OpenAPI 3.0"),
                link(base, "/v1/openapi.yaml", "service-desc", OPENAPI_YAML, "The contract, OpenAPI 3.0, YAML"),
                link(base, "/docs", "service-doc", "text/html", "The contract for reading"),
                link(base, "/v1/conformance", "conformance", respond::JSON, "OGC conformance classes"),
                link(base, "/v1/conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance", respond::JSON, "OGC conformance classes"),
                link(base, "/v1/collections", "data", respond::JSON, "Collections"),
                link(base, "/v1/collections", "http://www.opengis.net/def/rel/ogc/1.0/data", respond::JSON, "Collections"),
                link(base, "/v1/nearest", "related", respond::GEO_JSON, "The nearest stations; needs lon and lat"),
            ],
        })
    })
}

/// `GET /v1/conformance`
pub async fn conformance(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    answer(
        &request,
        &state,
        respond::JSON,
        |_, _| json!({ "conformsTo": CONFORMS_TO }),
    )
}

/// `GET /v1/collections`
pub async fn collections(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    answer(&request, &state, respond::JSON, |base, published| {
        json!({
            "links": [link(base, "/v1/collections", "self", respond::JSON, "This document")],
            "collections": [stations(base, published)],
        })
    })
}

/// `GET /v1/collections/stations`
pub async fn collection(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    answer(&request, &state, respond::JSON, stations)
}

fn stations(base: &str, published: &Published) -> Value {
    let snapshot = &published.snapshot;
    let path = "/v1/collections/stations";
    let items = format!("{path}/items");
    let interval = [opened_first(published), None];
    let mut extent = json!({ "temporal": { "interval": [interval], "trs": GREGORIAN } });
    if let (Some(bounds), Some(extent)) = (snapshot.extent(), extent.as_object_mut()) {
        extent.insert(
            "spatial".to_owned(),
            json!({ "bbox": [bounds.edges_deg()], "crs": CRS84 }),
        );
    }
    json!({
        "id": "stations",
        "title": "驿站 · Stations",
        "description": "户外劳动者服务站点 · Service stations for outdoor workers",
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "extent": extent,
        "numberMatched": snapshot.stations().len(),
        "links": [
            link(base, path, "self", respond::JSON, "This collection"),
            link(base, &items, "items", respond::GEO_JSON, "Stations as GeoJSON"),
            link(base, &format!("{items}?f=csv"), "items", "text/csv", "Stations as CSV"),
            link(base, &format!("{path}/schema"), "describedby", SCHEMA_JSON, "JSON schema of a station"),
            link(base, &format!("{path}/schema"), "http://www.opengis.net/def/rel/ogc/1.0/schema", SCHEMA_JSON, "JSON schema of a station"),
            link(base, &format!("{path}/queryables"), "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA_JSON, "What can be asked"),
        ],
    })
}

/// The first day of service of any station, as a time.
fn opened_first(published: &Published) -> Option<String> {
    let first = published
        .snapshot
        .stations()
        .iter()
        .filter_map(|station| station.opened_on)
        .min();
    first.map(|day| format!("{day}T00:00:00Z"))
}

/// `GET /v1/collections/stations/queryables`
pub async fn queryables(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    answer(&request, &state, SCHEMA_JSON, |base, _| {
        properties::queryables(&format!("{base}/v1/collections/stations/queryables"))
    })
}

/// `GET /v1/collections/stations/schema`
pub async fn schema(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    answer(&request, &state, SCHEMA_JSON, |base, _| {
        properties::schema(&format!("{base}/v1/collections/stations/schema"))
    })
}
