//! `GET /v1/changes` and `GET /v1/events`: what changed since a client last asked, as pages and as a stream.
//!
//! A client that applies every change in order, from no cursor on, ends with the stations of `items`. Nothing in the log is
//! ever rewritten, so a cursor is good for ever.

use core::time::Duration;
use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;

use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::state::ApiState;
use crate::register::keeper::Keeper;
use crate::register::record::feature;
use crate::storage::{LogPosition, LoggedChange, Record};

/// The query parameters of `/v1/changes`.
pub const PARAMETERS: &[&[&str]] = &[&["since", "limit"]];
/// The query parameters of `/v1/events`.
pub const EVENT_PARAMETERS: &[&[&str]] = &[&["since"]];
/// Changes on one page: unless asked, and at most.
const LIMITS: (usize, usize) = (1_000, 5_000);
/// Changes that a stream sends in one piece.
const EVENT_PAGE: u32 = 200;
/// Time without a change after which a stream says that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Answers with the changes after a cursor.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let keeper = state.register()?;
    let since = params
        .text("since")
        .map_or(Ok(LogPosition::default()), position)?;
    let limit = params.limit(LIMITS.0, LIMITS.1)?;
    let changes = page(&keeper, since, u32::try_from(limit).unwrap_or(EVENT_PAGE)).await?;
    let last = changes.last().map_or(since, |change| change.position);
    let body = json!({
        "changes": changes.iter().map(document).collect::<Vec<_>>(),
        "next": cursor(last),
        "is_complete": changes.len() < limit,
        "numberReturned": changes.len(),
    });
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-cache"))
        .json(body))
}

/// Streams the changes after a cursor, or from now on, as they come.
pub async fn events(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), EVENT_PARAMETERS)?;
    let keeper = state.register()?;
    let resumed = request.headers().get("Last-Event-ID");
    let resumed = resumed.and_then(|value| value.to_str().ok());
    let from = match resumed.or_else(|| params.text("since")) {
        Some(cursor) => position(cursor)?,
        None => LogPosition::end_of(*keeper.published().borrow()),
    };
    let following = Following {
        seat: state.event_seat()?,
        published: keeper.published(),
        closing: state.closing(),
        keeper,
        position: from,
        is_new: true,
    };
    let events = stream::unfold(following, |mut following| async {
        let piece = following.next().await?;
        Some((Ok::<_, actix_web::Error>(piece), following))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        // Compression would hold events back.
        .insert_header((CONTENT_ENCODING, "identity"))
        .streaming(events))
}

/// A client that follows.
struct Following {
    #[expect(dead_code, reason = "the seat is free again when this is dropped")]
    seat: OwnedSemaphorePermit,
    keeper: Arc<Keeper>,
    published: tokio::sync::watch::Receiver<u64>,
    closing: tokio::sync::watch::Receiver<bool>,
    position: LogPosition,
    is_new: bool,
}

impl Following {
    /// The next piece of the stream: changes, or a sign of life; `None` when the server ends.
    async fn next(&mut self) -> Option<Bytes> {
        if self.is_new {
            self.is_new = false;
            return Some(Bytes::from_static(b"retry: 2000\n: here are the changes\n\n"));
        }
        loop {
            self.published.borrow_and_update();
            match page(&self.keeper, self.position, EVENT_PAGE).await {
                Ok(changes) if !changes.is_empty() => return Some(self.events(&changes)),
                // The client is told nothing wrong: it waits, and goes on from here.
                Ok(_) | Err(_) => {}
            }
            tokio::select! {
                changed = self.published.changed() => if changed.is_err() { return None },
                _ = self.closing.wait_for(|is_closing| *is_closing) => return None,
                () = tokio::time::sleep(HEARTBEAT) => return Some(Bytes::from_static(b": still here\n\n")),
            }
        }
    }

    fn events(&mut self, changes: &[LoggedChange]) -> Bytes {
        let mut text = String::new();
        for change in changes {
            self.position = change.position;
            let event = format!(
                "id: {}\nevent: change\ndata: {}\n\n",
                cursor(change.position),
                document(change)
            );
            text.push_str(&event);
        }
        Bytes::from(text)
    }
}

/// Changes that this instance's readers can see already: the log may be ahead of them for a moment.
async fn page(keeper: &Keeper, after: LogPosition, limit: u32) -> Result<Vec<LoggedChange>, ApiError> {
    let published = *keeper.published().borrow();
    let changes = keeper.changes_after(after, limit).await;
    let mut changes = changes.map_err(|error| ApiError::of_storage(&error))?;
    changes.retain(|change| change.position.revision <= published);
    Ok(changes)
}

/// One change as clients see it: what the station is now, or that it is gone.
fn document(change: &LoggedChange) -> Value {
    let after = change.after.as_ref().map(|body| {
        feature(&Record {
            id: change.id.clone(),
            revision: change.position.revision,
            at: change.at,
            body: body.clone(),
        })
    });
    json!({
        "id": change.id,
        "revision": change.position.revision,
        "at": change.at,
        "kind": if after.is_some() { "put" } else { "remove" },
        "feature": after,
    })
}

/// A place in the log, for clients to keep and bring back.
pub(super) fn cursor(position: LogPosition) -> String {
    URL_SAFE_NO_PAD.encode(format!("c{}.{}", position.revision, position.place))
}

fn position(cursor: &str) -> Result<LogPosition, ApiError> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor.trim()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (revision, place) = text.strip_prefix('c')?.split_once('.')?;
        let limit = |number: u64| (number <= i64::MAX.unsigned_abs()).then_some(number);
        Some(LogPosition {
            revision: limit(revision.parse().ok()?)?,
            place: limit(place.parse().ok()?)?,
        })
    };
    read().ok_or_else(|| {
        ApiError::invalid(
            "since",
            cursor,
            "the `next` of an earlier answer, or the id of an event",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_others_are_refused() {
        let at = LogPosition {
            revision: 12,
            place: i64::MAX.unsigned_abs(),
        };
        assert_eq!(position(&cursor(at)).unwrap(), at);
        let huge = URL_SAFE_NO_PAD.encode("c99999999999999999999.1");
        for wrong in ["", "x", "0", &URL_SAFE_NO_PAD.encode("12.1"), &huge] {
            assert!(position(wrong).is_err(), "{wrong}");
        }
    }
}
