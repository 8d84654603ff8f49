//! `/v1/imports`: a file becomes a dry run, a dry run gets decisions, and is committed as one revision.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Utc;
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;

use crate::domain::datum::Datum;
use crate::http::access;
use crate::http::body::{content_type, read_bytes, read_up_to};
use crate::http::error::{ApiError, shortened};
use crate::http::import_refused::ImportRefused;
use crate::http::import_work::{ImportWork, not_here, short, whole};
use crate::http::long_work::{LongWork, Turn};
use crate::http::params::Params;
use crate::http::plan::PlanAnswer;
use crate::http::plan_form::EVENT_STREAM;
use crate::http::respond;
use crate::http::server::Limits;
use crate::http::state::ApiState;
use crate::import::{Mapping, MappingError};
use crate::planner::watch::Watch;
use crate::register::decisions::{DecisionEntry, read_list};
use crate::register::dry_run::{Asked, new_id};
use crate::register::edit::Author;
use crate::register::row::Decisions;
use crate::register::token::Role;

/// The query parameters of `POST /v1/imports`.
pub const POST_PARAMETERS: &[&[&str]] = &[&["source", "filename", "coord", "mapping"]];
/// The query parameters of a commit.
pub const COMMIT_PARAMETERS: &[&[&str]] = &[&["version"]];
/// The largest file, bytes (64 MiB).
pub const MAX_FILE_BYTES: usize = 64 << 20;
/// The largest list of decisions, bytes (8 MiB).
pub const MAX_DECISIONS_BYTES: usize = 8 << 20;
/// Time for a file to arrive.
const UPLOAD_TIME: Duration = Duration::from_mins(10);
/// The longest name of a source or a file, characters.
const MAX_NAME_CHARS: usize = 200;
/// What a change of an import must be.
const CHANGE_EXPECTED: &str = "a JSON object with some of `decisions` (a list), `coord` (wgs84, gcj02 or bd09), `mapping` (a JSON \
                               merge patch of the import's `mapping`) and `version` (a number)";

/// Makes a dry run of the file in the body.
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
    long_work: web::Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), POST_PARAMETERS)?;
    let asked = asked(&params)?;
    let (work, author) = begin(&request, &state).await?;
    refuse_forms(&request)?;
    let seat = long_work.upload_seat()?;
    let larger = "a smaller one, or the command `yizhan import FILE --database …`, which reads larger ones";
    let bytes = read_bytes(payload, (MAX_FILE_BYTES, larger), UPLOAD_TIME).await?;
    make(&request, (work, author), (asked, (bytes, seat)), &long_work).await
}

/// Makes a dry run of a file, read as the source was read last time where nothing is said of that; the file has its seat
/// among large ones until then.
pub async fn make(
    request: &HttpRequest,
    (work, author): (ImportWork, Author),
    (mut asked, (bytes, seat)): (Asked, (Bytes, OwnedSemaphorePermit)),
    long_work: &LongWork,
) -> Result<HttpResponse, ApiError> {
    if asked.mapping.is_none() {
        let remembered = work.keeper.store().mapping(&asked.source).await;
        let remembered = remembered.map_err(|error| ApiError::of_storage(&error))?;
        asked.mapping = remembered.and_then(|text| Mapping::from_json(&text).ok());
    }
    let id = new_id();
    let location = format!("{}/v1/imports/{id}", respond::base_url(request));
    let turn = long_work.turn().await?;
    let mut response = reply(request, turn, StatusCode::CREATED, move |watch| {
        let made = work.make((id, author.name), (&asked, &bytes), watch);
        drop(seat);
        made
    })
    .await?;
    if let Ok(location) = location.parse() {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// The dry runs that have not expired, the newest first.
pub async fn list(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    super::no_parameters(&request)?;
    let (work, _author) = begin(&request, &state).await?;
    let entries = work.keeper.store().dry_runs(Utc::now()).await;
    let entries = entries.map_err(|error| ApiError::of_storage(&error))?;
    let revision = state.published()?.snapshot.revision();
    let imports: Vec<Map<String, Value>> = entries.iter().map(|entry| short(entry, revision)).collect();
    Ok(document(&json!({ "imports": imports, "revision": revision })))
}

/// One dry run.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    super::no_parameters(&request)?;
    let (work, _author) = begin(&request, &state).await?;
    let id = super::item::id_of(&request);
    let store = work.keeper.store();
    let failed = |error| ApiError::of_storage(&error);
    let entry = store.dry_run(&id, Utc::now()).await.map_err(failed)?;
    let entry = entry.ok_or_else(|| not_here(&id))?;
    let first = store.dry_run_page(&id, (0, u32::MAX)).await.map_err(failed)?;
    let revision = state.published()?.snapshot.revision();
    let first = first.map(|(_, page)| page);
    Ok(document(&Value::Object(whole(&entry, revision, first.as_ref()))))
}

/// Decides, corrects, or just works out anew.
pub async fn patch(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
    long_work: web::Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    super::no_parameters(&request)?;
    let (work, _author) = begin(&request, &state).await?;
    let id = super::item::id_of(&request);
    let body = read_up_to(
        &request,
        payload,
        (MAX_DECISIONS_BYTES, "fewer decisions at a time"),
    )
    .await?;
    let change = Change::read(&body)?;
    let turn = long_work.turn().await?;
    reply(&request, turn, StatusCode::OK, move |watch| {
        let seen = (id.as_str(), change.version);
        work.change(seen, |asked, used| change.make(asked, used), watch)
    })
    .await
}

/// Forgets a dry run. A revision that was committed stays.
pub async fn delete(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    super::no_parameters(&request)?;
    let (work, _author) = begin(&request, &state).await?;
    let id = super::item::id_of(&request);
    let is_gone = work.keeper.store().forget_dry_run(&id).await;
    if is_gone.map_err(|error| ApiError::of_storage(&error))? {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(not_here(&id))
}

/// Writes a dry run as one revision.
pub async fn commit(
    request: HttpRequest,
    state: web::Data<ApiState>,
    long_work: web::Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), COMMIT_PARAMETERS)?;
    let version = params.text("version").map(|text| {
        let version = text.parse::<u64>().ok();
        version.ok_or_else(|| ApiError::invalid("version", text, "the `version` of the import"))
    });
    let version = version.transpose()?;
    let (work, author) = begin(&request, &state).await?;
    let id = request.match_info().query("id").to_owned();
    let turn = long_work.turn().await?;
    reply(&request, turn, StatusCode::OK, move |watch| {
        work.commit((&id, version), &author, watch)
    })
    .await
}

/// Lets an editor in.
pub async fn begin(request: &HttpRequest, state: &ApiState) -> Result<(ImportWork, Author), ApiError> {
    let (keeper, identity) = access::require(request, state, Role::Editor).await?;
    let author = access::author(request, identity)?;
    let work = ImportWork {
        state: state.clone(),
        keeper,
        handle: Handle::current(),
    };
    Ok((work, author))
}

/// Does the work and answers with it, or streams how far it is.
pub async fn reply(
    request: &HttpRequest,
    turn: Turn,
    status: StatusCode,
    work: impl FnOnce(&Watch) -> Result<PlanAnswer, ApiError> + Send + 'static,
) -> Result<HttpResponse, ApiError> {
    let accept = request
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok());
    let wants_events = accept.is_some_and(|accept| {
        respond::weighted(accept).any(|(media_type, weight)| media_type == EVENT_STREAM && weight > 0.0)
    });
    if wants_events {
        return Ok(turn.events(work));
    }
    let answer = turn.answer(Limits::of(request).request_timeout, work).await?;
    Ok(HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, answer.media_type))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(answer.body))
}

fn document(document: &Value) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(document)
}

/// A form is no file: its bytes have boundaries around them.
fn refuse_forms(request: &HttpRequest) -> Result<(), ApiError> {
    let given = content_type(request);
    if given.to_ascii_lowercase().starts_with("multipart/") {
        return Err(ApiError::UnsupportedMediaType {
            given: shortened(given),
            expected: "the bytes of the file itself, for example `curl --data-binary @file`",
        });
    }
    Ok(())
}

fn asked(params: &Params<'_>) -> Result<Asked, ApiError> {
    let name = |parameter: &'static str| match params.text(parameter).map(str::trim) {
        Some(text) if text.chars().count() > MAX_NAME_CHARS || text.chars().any(char::is_control) => {
            let expected = format!("at most {MAX_NAME_CHARS} characters, without control characters");
            Err(ApiError::invalid(parameter, text, expected))
        }
        text => Ok(text.map(str::to_owned)),
    };
    let source = name("source")?.ok_or_else(|| ApiError::MissingParameter {
        name: "source",
        expected: "who keeps the sheet; what it said last time is remembered under this name".to_owned(),
    })?;
    let mapping = params.text("mapping").map(Mapping::from_json).transpose();
    Ok(Asked {
        source,
        filename: name("filename")?.unwrap_or_else(|| "sheet".to_owned()),
        coord: params.word::<Datum>("coord")?,
        mapping: mapping.map_err(|error| bad_mapping(&error))?,
        decisions: Decisions::default(),
    })
}

fn bad_mapping(error: &MappingError) -> ApiError {
    ApiError::invalid(
        "mapping",
        &format!("{} = {}", error.member, error.value),
        error.expected.clone(),
    )
}

/// What is to be made of an import.
struct Change {
    version: Option<u64>,
    decisions: Vec<DecisionEntry>,
    /// Whether something is said of the datum, and what; `None` then: nobody states it.
    is_coord_given: bool,
    coord: Option<Datum>,
    mapping: Option<Map<String, Value>>,
}

impl Change {
    fn read(body: &[u8]) -> Result<Self, ApiError> {
        let refused = |problem: String| ApiError::InvalidBody {
            problem,
            expected: CHANGE_EXPECTED,
        };
        let body: Value = serde_json::from_slice(body).map_err(|error| refused(error.to_string()))?;
        let Value::Object(members) = body else {
            return Err(refused("it is no object".to_owned()));
        };
        let mut change = Self {
            version: None,
            decisions: Vec::new(),
            is_coord_given: false,
            coord: None,
            mapping: None,
        };
        for (name, value) in members {
            match (name.as_str(), value) {
                ("decisions", value) => {
                    change.decisions = read_list(&value).map_err(ImportRefused::BadDecisions)?;
                }
                ("coord", Value::Null) => change.is_coord_given = true,
                ("coord", Value::String(word)) => {
                    let datum = Datum::from_word(&word);
                    let datum = datum.ok_or_else(|| refused(format!("`coord` is `{}`", shortened(&word))))?;
                    (change.is_coord_given, change.coord) = (true, Some(datum));
                }
                ("mapping", Value::Object(patch)) => change.mapping = Some(patch),
                ("version", Value::Number(version)) if version.is_u64() => change.version = version.as_u64(),
                (_, _) => return Err(refused(format!("`{}` is not usable", shortened(&name)))),
            }
        }
        Ok(change)
    }

    fn make(self, asked: &mut Asked, used: &Value) -> Result<(), ApiError> {
        asked.decide(&self.decisions);
        if self.is_coord_given {
            asked.coord = self.coord;
        }
        if let Some(patch) = self.mapping {
            asked.correct(used, patch).map_err(|error| bad_mapping(&error))?;
        }
        Ok(())
    }
}
