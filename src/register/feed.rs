//! Sheets that are fetched on a schedule: into the same dry run as a file, committed only when asked and only when little
//! changes; otherwise they wait for a person.

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use thiserror::Error;

use super::edit::Author;
pub use super::feed_settings::{
    ChangedRows, DEFAULT_EVERY_S, EVERY_S, FeedSettings, FeedState, MAX_NAME_CHARS, MAX_URL_CHARS, Outcome,
    SHARE, WaitReason, add, check_url, file_name, is_name, outcome, settings, without_query,
};
use super::intake::{self, Basis, ImportedFile};
use super::keeper::Keeper;
use super::row::Decisions;
use super::sheet::{Comparison, Sheet};
use crate::import::{self, Mapping, ReadFile, ReadOptions};
use crate::remote::{Fetched, Remote, Validators};
use crate::storage::{FeedFile, FeedRecord, FeedRun, NewRevision, StationStore, StorageError};

/// How often due feeds are looked for.
const LOOK: Duration = Duration::from_secs(15);
/// How long an instance has a feed to itself: longer than any fetch with all its attempts.
const CLAIM: TimeDelta = TimeDelta::minutes(20);
/// When a feed that failed is tried again, unless it is due before.
const AFTER_FAILURE: TimeDelta = TimeDelta::minutes(15);

/// Why a feed could not be run.
#[derive(Debug, Error)]
pub enum FeedError {
    /// There is none of that name.
    #[error("there is no feed `{0}`; see `yizhan feed list`")]
    NotThere(String),
    /// Another instance has it.
    #[error("feed `{0}` is being fetched by another instance")]
    Claimed(String),
    /// No file waits.
    #[error("no file of feed `{0}` waits to be committed")]
    NothingWaits(String),
    /// What is stored of it cannot be read.
    #[error("what is stored of feed `{0}` is not readable: {1}")]
    Corrupt(String, String),
    /// The store.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A file of a feed, compared with the register.
#[derive(Debug)]
pub struct Examined {
    /// How much would change.
    pub changed: ChangedRows,
    /// What a person has to look at, besides the share.
    pub reasons: Vec<WaitReason>,
    /// What would be written; `None` when nothing would.
    pub revision: Option<NewRevision>,
}

/// Reads a file of a feed as its source is always read.
pub fn read(feed: &FeedRecord, bytes: &[u8], mapping: Option<&str>) -> Result<ReadFile, String> {
    let settings = settings(feed).map_err(|error| error.to_string())?;
    let mapping = mapping.map(Mapping::from_json).transpose();
    let mapping = mapping.map_err(|error| error.to_string())?;
    let options = ReadOptions {
        datum: settings.coord,
        mapping: mapping.as_ref(),
        ..ReadOptions::default()
    };
    let mut input = bytes;
    import::read(file_name(&feed.url), &mut input, &options, &|_| {}).map_err(|error| error.to_string())
}

/// Compares a file with the register. About 10 µs a row on one processor.
pub fn examine(
    (feed, settings): (&FeedRecord, &FeedSettings),
    basis: &Basis,
    (bytes, sheet): (&[u8], &Sheet),
) -> Result<Examined, String> {
    let decisions = Decisions::default();
    let comparison = Comparison::new((sheet, basis), &decisions, &[]).map_err(|error| error.to_string())?;
    let Comparison { diff, .. } = &comparison;
    let (file, counts) = (&sheet.file, diff.counts());
    let changed = ChangedRows {
        new: counts.new,
        changed: counts.changed,
        missing: counts.missing,
        all: sheet.rows.len() + counts.missing,
    };
    let is_too_much = settings
        .max_changed_share
        .is_some_and(|most| changed.share() >= most);
    let reasons = [
        (WaitReason::NotAsked, settings.max_changed_share.is_none()),
        (WaitReason::TooMuch, is_too_much),
        (WaitReason::Open, comparison.totals().is_open()),
        (WaitReason::Errors, file.errors > 0 || !file.unplaced.is_empty()),
        (WaitReason::Datum, comparison.is_datum_open()),
    ];
    let author = Author {
        name: format!("feed {}", feed.name),
        why: None,
    };
    let imported = ImportedFile {
        name: file_name(&feed.url),
        request: basis.request(&intake::fingerprint(bytes, &feed.name)),
        mapping: Some(file.mapping.to_json()),
    };
    let is_nothing = diff.is_empty();
    Ok(Examined {
        changed,
        reasons: reasons
            .into_iter()
            .filter_map(|(reason, is_so)| is_so.then_some(reason))
            .collect(),
        revision: (!is_nothing).then(|| basis.revision(diff, &sheet.rows, (&author, &imported))),
    })
}

/// Fetches one feed now, whether it is due or not, and writes down what came of it.
pub async fn run(store: &StationStore, remote: &Remote, name: &str) -> Result<Outcome, FeedError> {
    let feed = find(store, name).await?;
    let due_at = feed.due_at;
    run_claimed(store, remote, feed, due_at)
        .await?
        .ok_or_else(|| FeedError::Claimed(name.to_owned()))
}

/// Fetches what is due, one after the other; what another instance has is left to it.
pub async fn run_due(store: &StationStore, remote: &Remote) -> Result<usize, FeedError> {
    let now = Utc::now();
    let mut done = 0;
    for feed in store.feeds().await? {
        if feed.due_at <= now && run_claimed(store, remote, feed, now).await?.is_some() {
            done += 1;
        }
    }
    Ok(done)
}

/// Fetches what is due until the end of the program.
pub async fn follow(store: StationStore, remote: Remote) {
    loop {
        if let Err(error) = run_due(&store, &remote).await {
            tracing::warn!(%error, "Feeds cannot be looked after; it is tried again");
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn run_claimed(
    store: &StationStore,
    remote: &Remote,
    feed: FeedRecord,
    due: DateTime<Utc>,
) -> Result<Option<Outcome>, FeedError> {
    let now = Utc::now().trunc_subsecs(3);
    let until = now + CLAIM;
    if !store.claim_feed(&feed.name, (now, due, until)).await? {
        return Ok(None);
    }
    let name = feed.name.clone();
    let run = fetch(store, remote, feed, now).await;
    let outcome = outcome_of(&run);
    store.finish_feed((&name, until), &run).await?;
    let (state, reasons) = (&outcome.state, outcome.reasons.join("; "));
    if outcome.state == FeedState::Failed.word() {
        tracing::warn!(feed = name, reasons, "Feed `{name}` failed: {reasons}");
    } else {
        tracing::info!(feed = name, state, reasons, "Feed `{name}`: {state} {reasons}");
    }
    Ok(Some(outcome))
}

fn outcome_of(run: &FeedRun) -> Outcome {
    serde_json::from_str(&run.outcome).unwrap_or_else(|_| failed(Utc::now(), String::new()))
}

fn failed(at: DateTime<Utc>, reason: String) -> Outcome {
    Outcome {
        at,
        state: FeedState::Failed.word().to_owned(),
        reasons: vec![reason],
        changed: None,
        revision: None,
    }
}

/// One fetch and what follows from it. Whatever goes wrong is an outcome, too.
async fn fetch(store: &StationStore, remote: &Remote, feed: FeedRecord, now: DateTime<Utc>) -> FeedRun {
    let known = Validators {
        etag: feed.etag.clone(),
        last_modified: feed.last_modified.clone(),
    };
    let every = settings(&feed).map_or(AFTER_FAILURE, |settings| {
        TimeDelta::seconds(settings.every_s.into())
    });
    let before = outcome(&feed);
    let ended =
        |(validators, file): (Validators, FeedFile), outcome: &Outcome, due_at: DateTime<Utc>| FeedRun {
            due_at,
            etag: validators.etag,
            last_modified: validators.last_modified,
            outcome: serde_json::to_string(outcome).unwrap_or_default(),
            file,
        };
    let fetched = remote.get(&feed.url, &known).await;
    let is_waiting = feed.has_file;
    let taken = match fetched {
        Err(error) => Err(error.to_string()),
        Ok(Fetched::NotModified) => {
            // What waits waits on, for the same reasons.
            let before = before.filter(|_| is_waiting).unwrap_or_else(|| Outcome {
                state: FeedState::Unchanged.word().to_owned(),
                reasons: Vec::new(),
                changed: None,
                ..failed(now, String::new())
            });
            let outcome = Outcome { at: now, ..before };
            return ended((known, FeedFile::Keep), &outcome, now + every);
        }
        Ok(Fetched::Body(body)) => take(store, Arc::new(feed), Arc::new(body.bytes), now)
            .await
            .map(|(outcome, file)| (body.validators, outcome, file)),
    };
    match taken {
        Ok((validators, outcome, file)) => ended((validators, file), &outcome, now + every),
        // The version of a file that was not taken is not remembered: it is fetched again.
        Err(reason) => ended(
            (known, FeedFile::Keep),
            &failed(now, reason),
            now + every.min(AFTER_FAILURE),
        ),
    }
}

/// Compares a file with the register and commits it when that was asked for and little changes.
async fn take(
    store: &StationStore,
    feed: Arc<FeedRecord>,
    bytes: Arc<Vec<u8>>,
    now: DateTime<Utc>,
) -> Result<(Outcome, FeedFile), String> {
    let said = |error: StorageError| error.to_string();
    let settings = settings(&feed).map_err(|error| error.to_string())?;
    let basis = Basis::load(store, &feed.name).await.map_err(said)?;
    let mapping = store.mapping(&feed.name).await.map_err(said)?;
    let (own_feed, own_bytes) = (Arc::clone(&feed), Arc::clone(&bytes));
    let examined = tokio::task::spawn_blocking(move || {
        let file = read(&own_feed, &own_bytes, mapping.as_deref())?;
        examine((&own_feed, &settings), &basis, (&own_bytes, &Sheet::of(file)))
    });
    let Examined {
        changed,
        reasons,
        revision,
    } = examined.await.map_err(|error| error.to_string())??;
    let outcome = |state: FeedState, revision: Option<u64>| Outcome {
        at: now,
        state: state.word().to_owned(),
        reasons: Vec::new(),
        changed: Some(changed),
        revision,
    };
    let Some(revision) = revision else {
        // Nothing to write. Rows that could not be read, and many stations that went missing, are for a person to see.
        let is_seen = reasons.iter().all(|reason| *reason == WaitReason::NotAsked);
        return Ok(if is_seen {
            (outcome(FeedState::Unchanged, None), FeedFile::Drop)
        } else {
            waits(outcome(FeedState::Waiting, None), &reasons, bytes).await?
        });
    };
    if !reasons.is_empty() {
        return waits(outcome(FeedState::Waiting, None), &reasons, bytes).await;
    }
    let committed = store.commit(&revision).await.map_err(said)?;
    Ok((
        outcome(FeedState::Committed, Some(committed.revision)),
        FeedFile::Drop,
    ))
}

async fn waits(
    mut outcome: Outcome,
    reasons: &[WaitReason],
    bytes: Arc<Vec<u8>>,
) -> Result<(Outcome, FeedFile), String> {
    outcome.reasons = reasons.iter().map(|reason| reason.word().to_owned()).collect();
    let packed = tokio::task::spawn_blocking(move || packed(&bytes)).await;
    Ok((outcome, FeedFile::Put(packed.map_err(|error| error.to_string())?)))
}

/// A file as the store keeps it.
fn packed(bytes: &[u8]) -> String {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail.
    let written = out.write_all(bytes).and_then(|()| out.finish());
    BASE64_STANDARD.encode(written.unwrap_or_default())
}

/// The bytes of a file as the store keeps it.
fn unpacked(name: &str, packed: &str) -> Result<Vec<u8>, FeedError> {
    let corrupt = |reason: String| FeedError::Corrupt(name.to_owned(), reason);
    let packed = BASE64_STANDARD
        .decode(packed)
        .map_err(|error| corrupt(error.to_string()))?;
    let mut bytes = Vec::new();
    GzDecoder::new(&*packed)
        .read_to_end(&mut bytes)
        .map_err(|error| corrupt(error.to_string()))?;
    Ok(bytes)
}

/// A feed of the store, by its name.
pub async fn find(store: &StationStore, name: &str) -> Result<FeedRecord, FeedError> {
    let feeds = store.feeds().await?;
    let feed = feeds.into_iter().find(|feed| feed.name == name);
    feed.ok_or_else(|| FeedError::NotThere(name.to_owned()))
}

/// The file of a feed that waits for a person.
pub async fn waiting(store: &StationStore, name: &str) -> Result<(FeedRecord, Vec<u8>), FeedError> {
    let feed = find(store, name).await?;
    let file = store.feed_file(name).await?;
    let file = file.ok_or_else(|| FeedError::NothingWaits(name.to_owned()))?;
    let own = name.to_owned();
    let bytes = tokio::task::spawn_blocking(move || unpacked(&own, &file));
    let lost = |error: tokio::task::JoinError| FeedError::Corrupt(name.to_owned(), error.to_string());
    Ok((feed, bytes.await.map_err(lost)??))
}

/// Notes that a person has committed a file of a source; `false` when it is not the one that waits.
///
/// When it is, none waits any more, and what an instance is fetching in this moment is fetched again. May take as long as
/// unpacking the file, so call it off the threads that serve.
pub async fn note_committed(
    store: &StationStore,
    (source, bytes): (&str, &[u8]),
    revision: Option<u64>,
) -> Result<bool, FeedError> {
    let feed = match find(store, source).await {
        Ok(feed) if feed.has_file => feed,
        Ok(_) | Err(FeedError::NotThere(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    let Some(file) = store.feed_file(source).await? else {
        return Ok(false);
    };
    if unpacked(source, &file)? != bytes {
        return Ok(false);
    }
    let state = if revision.is_some() {
        FeedState::Committed
    } else {
        FeedState::Unchanged
    };
    let outcome = Outcome {
        at: Utc::now().trunc_subsecs(3),
        state: state.word().to_owned(),
        reasons: Vec::new(),
        changed: outcome(&feed).and_then(|outcome| outcome.changed),
        revision,
    };
    let outcome = serde_json::to_string(&outcome).unwrap_or_default();
    Ok(store.settle_feed((source, &file), &outcome).await?)
}

impl Keeper {
    /// Fetches one feed now, whether it is due or not; what it committed is published when this returns.
    pub async fn fetch_feed(&self, name: &str) -> Result<Outcome, FeedError> {
        let outcome = run(self.store(), self.remote(), name).await?;
        if outcome.revision.is_some()
            && let Err(error) = self.catch_up().await
        {
            tracing::warn!(%error, feed = name, "What a feed committed is not yet published");
        }
        Ok(outcome)
    }
}
