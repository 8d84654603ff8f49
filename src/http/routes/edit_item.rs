//! `POST /v1/collections/stations/items`, and `PUT`, `PATCH`, `DELETE` on one station: OGC API – Features, part 4.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Utc;
use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};

use crate::domain::datum::Datum;
use crate::domain::language::Language;
use crate::export::Style;
use crate::export::geojson::{self, Source};
use crate::http::access;
use crate::http::body::read_up_to;
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::respond::{self, Keep, Tagged};
use crate::http::state::ApiState;
use crate::register::duplicates::{SimilarStation, find_similar};
use crate::register::edit::{Document, DocumentOptions, EditError, Edited, Expected, read_new};
use crate::register::record::feature;
use crate::register::token::Role;

/// The query parameters of `POST`.
pub const POST_PARAMETERS: &[&[&str]] = &[&["coord", "force"]];
/// The query parameters of `PUT` and `PATCH`.
pub const PUT_PARAMETERS: &[&[&str]] = &[&["coord"]];
/// The query parameters of `DELETE`.
pub const DELETE_PARAMETERS: &[&[&str]] = &[];
/// The largest station, bytes.
pub const MAX_STATION_BYTES: usize = 262_144;

/// Writes a new station.
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), POST_PARAMETERS)?;
    let options = options(&params)?;
    let (keeper, identity) = access::require(&request, &state, Role::Editor).await?;
    let author = access::author(&request, identity)?;
    let document = read_station(&request, payload).await?;
    let station = read_new(&document, options).map_err(|error| refused(error, &document))?;
    if !params.flag("force")? {
        let candidates = find_similar(&state.published()?.snapshot, &station);
        if !candidates.is_empty() {
            return Err(ApiError::Similar {
                candidates: candidates.iter().map(candidate).collect(),
            });
        }
    }
    let edited = keeper
        .create(&station, &author)
        .await
        .map_err(|error| refused(error, &document))?;
    answer(&request, &state, &edited, StatusCode::CREATED)
}

/// Puts a document in the place of a station.
pub async fn put(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    change(&request, payload, &state, |bytes| Document::Whole(bytes)).await
}

/// Changes a station by a JSON merge patch.
pub async fn patch(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    change(&request, payload, &state, |bytes| Document::Patch(bytes)).await
}

async fn change(
    request: &HttpRequest,
    payload: web::Payload,
    state: &ApiState,
    document: impl FnOnce(&[u8]) -> Document<'_>,
) -> Result<HttpResponse, ApiError> {
    let options = options(&Params::parse(request.query_string(), PUT_PARAMETERS)?)?;
    let (keeper, identity) = access::require(request, state, Role::Editor).await?;
    let (id, expected) = (super::item::id_of(request), expected(request)?);
    let author = access::author(request, identity)?;
    let bytes = read_station(request, payload).await?;
    let edited = keeper
        .change((&id, expected), (document(&bytes), options), &author)
        .await;
    let edited = edited.map_err(|error| refused(error, &bytes))?;
    answer(request, state, &edited, StatusCode::OK)
}

/// Removes a station; the log of changes keeps a tombstone.
pub async fn delete(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    Params::parse(request.query_string(), DELETE_PARAMETERS)?;
    let (keeper, identity) = access::require(&request, &state, Role::Editor).await?;
    let (id, expected) = (super::item::id_of(&request), expected(&request)?);
    let author = access::author(&request, identity)?;
    let removed = keeper.remove(&id, expected, &author).await;
    removed.map_err(|error| refused(error, b"null"))?;
    Ok(HttpResponse::NoContent().finish())
}

fn candidate(similar: &SimilarStation) -> Value {
    json!({ "id": similar.id.as_str(), "name": similar.name, "distance_m": similar.distance.get(),
        "name_likeness": similar.likeness, "ground": similar.ground, "ground_zh": similar.ground.label(Language::Zh) })
}

fn options(params: &Params<'_>) -> Result<DocumentOptions, ApiError> {
    Ok(DocumentOptions {
        datum: params.word::<Datum>("coord")?,
    })
}

async fn read_station(request: &HttpRequest, payload: web::Payload) -> Result<web::Bytes, ApiError> {
    read_up_to(
        request,
        payload,
        (MAX_STATION_BYTES, "one station; many go through an import"),
    )
    .await
}

/// Which record the client saw, by the revision that every entity tag of this service begins with.
pub fn expected(request: &HttpRequest) -> Result<Expected, ApiError> {
    let header = request
        .headers()
        .get(IF_MATCH)
        .ok_or(ApiError::PreconditionRequired)?;
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(Expected::Any);
    }
    let tag = text.trim_start_matches("W/").trim_matches('"');
    let revision = tag.split('-').next().and_then(|revision| revision.parse().ok());
    revision
        .map(Expected::SeenAt)
        .ok_or_else(|| ApiError::invalid("If-Match", text, "one ETag of this service, or *"))
}

/// The station as it is now, with the entity tag that the next change of it brings back.
fn answer(
    request: &HttpRequest,
    state: &ApiState,
    edited: &Edited,
    status: StatusCode,
) -> Result<HttpResponse, ApiError> {
    let Some(record) = &edited.record else {
        return Ok(HttpResponse::NoContent().finish());
    };
    let published = state.published()?;
    let mut response = HttpResponse::build(status);
    let path = utf8_percent_encode(&record.id, respond::IN_SEGMENT);
    let url = format!(
        "{}/v1/collections/stations/items/{path}",
        respond::base_url(request)
    );
    response
        .insert_header((LOCATION, url.as_str()))
        .insert_header((CONTENT_TYPE, respond::GEO_JSON));
    let snapshot = &published.snapshot;
    let station = snapshot.find(&record.id);
    let is_this = |&station: &u32| {
        snapshot
            .stations()
            .get(station as usize)
            .is_some_and(|station| station.revision == record.revision)
    };
    let Some(station) = station.filter(is_this) else {
        // Somebody else was quicker than this answer, or the store broke off before the log was read.
        let tag = HeaderValue::from_str(&format!("W/\"{}-\"", edited.revision));
        if let Ok(tag) = tag {
            response.insert_header((ETAG, tag));
        }
        return Ok(response.body(feature(record).to_string()));
    };
    let tag = Tagged {
        published: &published,
        minute: None,
        keep: Keep::Public,
    };
    response.insert_header((ETAG, tag.etag(request)));
    let source = Source {
        snapshot: &published.snapshot,
        parts: &published.parts,
        now: Utc::now(),
    };
    let links = [respond::self_link(&url)];
    Ok(response.body(geojson::item(source, station, &Style::default(), &links)))
}

/// An edit that was not made, as its client hears of it.
pub fn refused(error: EditError, document: &[u8]) -> ApiError {
    let given = || serde_json::from_slice(document).unwrap_or(Value::Null);
    match error {
        EditError::NotFound(id) => ApiError::NotFound {
            what: "station",
            given: crate::http::error::shortened(&id),
            expected: "an id of /v1/collections/stations/items",
        },
        EditError::Taken(record) => ApiError::Taken {
            id: record.id.clone(),
            current: feature(&record),
        },
        EditError::Stale(stale) => ApiError::Stale {
            current: stale.found.as_ref().map_or(Value::Null, feature),
            id: stale.id,
            given: given(),
        },
        EditError::Refused(problems) => ApiError::BadStation { problems },
        EditError::NotAFeature(problem) => ApiError::InvalidBody {
            problem,
            expected: "a GeoJSON Feature with a Point and properties",
        },
        EditError::Storage(error) => ApiError::of_storage(&error),
    }
}
