//! `GET …/items/{id}/history`: what happened to one station, the latest revision first; also to one that was removed.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{item, off_thread};
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::state::ApiState;
use crate::register::history::field_changes;
use crate::storage::LoggedChange;

/// The query parameters.
pub const PARAMETERS: &[&[&str]] = &[&["cursor", "limit"]];
/// Revisions on one page: unless asked, and at most.
const LIMITS: (usize, usize) = (50, 200);

/// Answers with the changes of a station.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let keeper = state.register()?;
    let before = params.text("cursor").map(before).transpose()?;
    let limit = params.limit(LIMITS.0, LIMITS.1)?;
    let id = item::id_before_last(&request);
    // One more tells whether there is a next page.
    let asked = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let changes = keeper.history(&id, before, asked).await;
    let mut changes = changes.map_err(|error| ApiError::of_storage(&error))?;
    if changes.is_empty() && before.is_none() {
        return Err(item::not_found(&id));
    }
    let has_next = changes.len() > limit;
    changes.truncate(limit);
    let next = changes
        .last()
        .filter(|_| has_next)
        .map(|last| URL_SAFE_NO_PAD.encode(format!("h{}", last.position.revision)));
    let count = changes.len();
    // Two records are read for each revision.
    let entries = off_thread(&request, move || {
        let entries = changes.iter().map(entry);
        entries.collect::<Result<Vec<Value>, _>>()
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-cache"))
        .json(json!({ "station": id, "history": entries, "next": next, "numberReturned": count })))
}

fn entry(change: &LoggedChange) -> Result<Value, ApiError> {
    let what = match (&change.before, &change.after) {
        (None, _) => "created",
        (Some(_), Some(_)) => "changed",
        (Some(_), None) => "removed",
    };
    let changes = field_changes(change).map_err(|error| ApiError::of_storage(&error))?;
    Ok(json!({
        "revision": change.position.revision,
        "at": change.at,
        "who": change.who,
        "kind": change.kind,
        "why": change.why,
        "what": what,
        "changes": changes,
    }))
}

fn before(cursor: &str) -> Result<u64, ApiError> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor.trim()).ok()?;
        let number: u64 = String::from_utf8(bytes).ok()?.strip_prefix('h')?.parse().ok()?;
        i64::try_from(number).is_ok().then_some(number)
    };
    read().ok_or_else(|| ApiError::invalid("cursor", cursor, "the `next` of an earlier answer"))
}
