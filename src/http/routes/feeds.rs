//! `/v1/feeds`: sheets that are fetched on a schedule, fetched now, and turned into an import when a person has to look.
//!
//! Which hosts of one's own may be asked is the operator's to say (`--allow-host`), never a client's.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Utc;
use serde_json::{Value, json};

use super::{imports, item, no_parameters};
use crate::domain::datum::Datum;
use crate::domain::language::Language;
use crate::http::access;
use crate::http::body::read_up_to;
use crate::http::error::{ApiError, shortened};
use crate::http::fields::Fields;
use crate::http::keep_refused::KeepRefused;
use crate::http::long_work::LongWork;
use crate::http::server::Limits;
use crate::http::state::ApiState;
use crate::register::dry_run::Asked;
use crate::register::feed::{self, FeedSettings, FeedState, Outcome, WaitReason};
use crate::register::row::Decisions;
use crate::register::token::Role;
use crate::storage::FeedRecord;

/// The largest description of a new feed, bytes.
const MAX_FEED_BYTES: usize = 16_384;

/// All feeds by name, and what came of the last time.
pub async fn list(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, _) = access::require(&request, &state, Role::Editor).await?;
    let feeds = keeper.store().feeds().await;
    let feeds = feeds.map_err(|error| ApiError::of_storage(&error))?;
    let feeds = feeds.iter().map(document).collect::<Result<Vec<_>, _>>()?;
    Ok(answer(StatusCode::OK, &json!({ "feeds": feeds })))
}

/// Keeps a new feed; it is due at once.
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, identity) = access::require(&request, &state, Role::Admin).await?;
    let body = read_up_to(&request, payload, (MAX_FEED_BYTES, "a shorter address")).await?;
    let (name, url, settings) = read(&body)?;
    let is_new = feed::add(keeper.store(), (&name, &url), &settings).await;
    if !is_new.map_err(|error| ApiError::of_storage(&error))? {
        return Err(KeepRefused::FeedExists(name).into());
    }
    let by = &identity.token;
    tracing::info!(feed = name, by, "Feed `{name}` was added by `{by}`");
    let feed = feed::find(keeper.store(), &name).await?;
    Ok(answer(StatusCode::CREATED, &document(&feed)?))
}

/// Fetches a sheet no longer; what it brought stays.
pub async fn delete(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, identity) = access::require(&request, &state, Role::Admin).await?;
    let name = item::id_of(&request);
    let is_gone = keeper.store().remove_feed(&name).await;
    if !is_gone.map_err(|error| ApiError::of_storage(&error))? {
        return Err(not_here(&name));
    }
    let by = &identity.token;
    tracing::info!(feed = name, by, "Feed `{name}` was removed by `{by}`");
    Ok(HttpResponse::NoContent().finish())
}

/// Fetches a feed now. A client that leaves does not end it, and one that waits long is told that it goes on.
pub async fn run(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, _) = access::require(&request, &state, Role::Editor).await?;
    let name = item::id_before_last(&request);
    let running = tokio::spawn({
        let (keeper, name) = (Arc::clone(&keeper), name.clone());
        async move { keeper.fetch_feed(&name).await }
    });
    let status = match tokio::time::timeout(Limits::of(&request).request_timeout, running).await {
        Ok(Ok(fetched)) => {
            fetched?;
            StatusCode::OK
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "What fetches a feed was lost");
            return Err(ApiError::Internal);
        }
        Err(_elapsed) => StatusCode::ACCEPTED,
    };
    let feed = feed::find(keeper.store(), &name).await?;
    Ok(answer(status, &document(&feed)?))
}

/// Makes a dry run of the file that waits.
pub async fn import(
    request: HttpRequest,
    state: web::Data<ApiState>,
    long_work: web::Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (work, author) = imports::begin(&request, &state).await?;
    let name = item::id_before_last(&request);
    let seat = long_work.upload_seat()?;
    let (feed, bytes) = feed::waiting(work.keeper.store(), &name).await?;
    let asked = Asked {
        source: name,
        filename: feed::file_name(&feed.url).to_owned(),
        coord: feed::settings(&feed)?.coord,
        mapping: None,
        decisions: Decisions::default(),
    };
    let file = (Bytes::from(bytes), seat);
    imports::make(&request, (work, author), (asked, file), &long_work).await
}

fn read(document: &[u8]) -> Result<(String, String, FeedSettings), ApiError> {
    let mut fields = Fields::read(document, "a JSON object with `name` and `url`")?;
    let name = fields.needed("name", |fields, name| fields.text(name, feed::MAX_NAME_CHARS));
    let url = fields.needed("url", |fields, name| fields.text(name, feed::MAX_URL_CHARS));
    if let Some(Err(problem)) = url.as_deref().map(feed::check_url) {
        let zh = "`url` 无法使用，应为 http 或 https 网址，不含用户名和密码".to_owned();
        fields.problem("url", "bad_url", (format!("`url`: {problem}"), zh));
    }
    let (least, most) = feed::EVERY_S.into_inner();
    let every_min = fields.whole("every_min", least / 60..=most / 60);
    let coord = fields.word::<Datum>("coord");
    let max_changed_share = fields.number_in("max_changed_share", feed::SHARE);
    fields.finish("feed")?;
    let settings = FeedSettings {
        every_s: every_min.map_or(feed::DEFAULT_EVERY_S, |minutes| minutes * 60),
        coord,
        max_changed_share,
    };
    Ok((
        name.ok_or(ApiError::Internal)?,
        url.ok_or(ApiError::Internal)?,
        settings,
    ))
}

fn not_here(name: &str) -> ApiError {
    ApiError::NotFound {
        what: "feed",
        given: shortened(name),
        expected: "a name of /v1/feeds",
    }
}

impl From<feed::FeedError> for ApiError {
    fn from(error: feed::FeedError) -> Self {
        match error {
            feed::FeedError::NotThere(name) => not_here(&name),
            feed::FeedError::Claimed(name) => KeepRefused::FeedBusy(name).into(),
            feed::FeedError::NothingWaits(name) => KeepRefused::NothingWaits(name).into(),
            feed::FeedError::Corrupt(name, reason) => {
                tracing::error!(
                    feed = name,
                    reason,
                    "What is stored of feed `{name}` is not readable"
                );
                Self::Internal
            }
            feed::FeedError::Storage(error) => Self::of_storage(&error),
        }
    }
}

fn answer(status: StatusCode, document: &Value) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(document)
}

/// A feed as editors see it; keys may stand in the query of its address, which is left out.
fn document(feed: &FeedRecord) -> Result<Value, ApiError> {
    let settings = feed::settings(feed)?;
    Ok(json!({
        "name": feed.name,
        "url": feed::without_query(&feed.url),
        "every_min": settings.every_s / 60,
        "coord": settings.coord,
        "max_changed_share": settings.max_changed_share,
        "due_at": feed.due_at,
        "runs": feed.claimed_until.is_some_and(|until| until > Utc::now()),
        "waits": feed.has_file,
        "last": feed::outcome(feed).as_ref().map(last),
    }))
}

fn last(outcome: &Outcome) -> Value {
    let is_failed = outcome.state == FeedState::Failed.word();
    let reason = |text: &String| match WaitReason::from_word(text).filter(|_| !is_failed) {
        Some(reason) => json!({ "code": reason, "text_zh": reason.label(Language::Zh),
            "text_en": reason.label(Language::En) }),
        None => json!({ "code": FeedState::Failed, "text_zh": text, "text_en": text }),
    };
    let changed = outcome.changed.map(|changed| {
        json!({ "new": changed.new, "changed": changed.changed, "missing": changed.missing, "all": changed.all,
            "share": changed.share() })
    });
    json!({ "at": outcome.at, "state": outcome.state, "reasons": outcome.reasons.iter().map(reason).collect::<Vec<_>>(),
        "changed": changed, "revision": outcome.revision })
}
