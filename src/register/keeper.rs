//! Keeps what readers see as new as the store: reads the log, hands changes on, and knows since when it could not.
//!
//! # Why one way only
//! A change reaches this instance's readers in one way, whoever made it: from the log, in the order of revisions. The
//! instance's own writes, another instance's, and those of a command on the same file all pass through
//! [`Keeper::catch_up`]; PostgreSQL's notice only says that it is time to look, so a notice that gets lost costs a second.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as BlockingMutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tokio::sync::{Mutex, watch};

use super::record;
use super::token::{self, Identity, TokenRefused};
use crate::domain::station::{Station, StationId};
use crate::locator::StationChange;
use crate::remote::Remote;
use crate::storage::{
    Beside, Committed, LogPosition, LoggedChange, NewChange, NewRevision, Notices, Record, RevisionKind,
    StationStore, StorageError, TokenRecord,
};

/// How often the store is asked for its revision when no notice comes.
const LOOK: Duration = Duration::from_secs(1);
/// Changes that are read from the log at a time.
const PAGE: u32 = 2_000;

/// What a revision, or several, made of the stations.
#[derive(Debug)]
pub struct NewState {
    /// The last revision.
    pub revision: u64,
    /// What it made of stations; none is there twice.
    pub changes: Vec<StationChange>,
}

/// Takes new states, one after the other, in the order of revisions, off the threads that serve.
pub type Publish = Arc<dyn Fn(NewState) + Send + Sync>;

/// The register of one instance.
pub struct Keeper {
    store: StationStore,
    remote: Remote,
    publish: Publish,
    /// Up to where the log was read and published.
    position: Mutex<LogPosition>,
    contact: BlockingMutex<Contact>,
    tokens: ArcSwap<Vec<TokenRecord>>,
    published: watch::Sender<u64>,
}

/// When the store last answered.
#[derive(Debug, Clone, Copy)]
struct Contact {
    last: DateTime<Utc>,
    is_lost: bool,
}

impl core::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Keeper")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

impl Keeper {
    /// Reads all stations of a store. They are published by the caller; `publish` takes what comes after them, and
    /// `remote` fetches feeds.
    pub async fn open(
        store: StationStore,
        remote: Remote,
        publish: Publish,
    ) -> Result<(Self, Vec<Station>, u64), StorageError> {
        let loaded = store.load().await?;
        let revision = loaded.revision;
        let stations = blocking(move || record::stations(loaded.records)).await?;
        let keeper = Self {
            store,
            remote,
            publish,
            position: Mutex::new(LogPosition::end_of(revision)),
            contact: BlockingMutex::new(Contact {
                last: Utc::now(),
                is_lost: false,
            }),
            tokens: ArcSwap::default(),
            published: watch::Sender::new(revision),
        };
        keeper.refresh_tokens().await?;
        Ok((keeper, stations, revision))
    }

    /// Where the stations are kept.
    pub const fn store(&self) -> &StationStore {
        &self.store
    }

    /// The client that asks other servers.
    pub const fn remote(&self) -> &Remote {
        &self.remote
    }

    /// The last revision that readers see, and word of each that comes.
    pub fn published(&self) -> watch::Receiver<u64> {
        self.published.subscribe()
    }

    /// When the store last answered, once it does not any more; readers go on with what was published until then.
    pub fn stale_since(&self) -> Option<DateTime<Utc>> {
        let contact = *self
            .contact
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        contact.is_lost.then_some(contact.last)
    }

    /// The changes after a position of the log.
    pub async fn changes_after(
        &self,
        position: LogPosition,
        limit: u32,
    ) -> Result<Vec<LoggedChange>, StorageError> {
        self.note(self.store.changes_after(position, limit).await)
    }

    /// Whose secret this is. A token that was made a moment ago is looked up in the store.
    pub async fn identify(&self, secret: &str) -> Result<Identity, TokenRefused> {
        let known = token::identify(&self.tokens.load(), secret, Utc::now());
        if known != Err(TokenRefused::Unknown) || self.refresh_tokens().await.is_err() {
            return known;
        }
        token::identify(&self.tokens.load(), secret, Utc::now())
    }

    /// The tokens as they were read last.
    pub(super) fn known_tokens(&self) -> Arc<Vec<TokenRecord>> {
        self.tokens.load_full()
    }

    /// Reads the tokens again; what was made or revoked elsewhere counts from then on.
    pub(super) async fn refresh_tokens(&self) -> Result<(), StorageError> {
        let tokens = self.note(self.store.tokens().await)?;
        self.tokens.store(Arc::new(tokens));
        Ok(())
    }

    /// Writes a revision and publishes it; when it returns, this instance's readers see it.
    pub async fn commit(&self, revision: &NewRevision) -> Result<Committed, StorageError> {
        let committed = self.note(self.store.commit(revision).await)?;
        self.publish_written(committed).await;
        Ok(committed)
    }

    /// Writes a revision and what belongs to it, both or neither, and publishes it; also the id of what belongs to it.
    pub(super) async fn commit_beside(
        &self,
        revision: &NewRevision,
        beside: &Beside,
    ) -> Result<(Committed, u64), StorageError> {
        let (committed, id) = self.note(self.store.commit_beside(revision, beside).await)?;
        self.publish_written(committed).await;
        Ok((committed, id))
    }

    /// Publishes what was just written.
    async fn publish_written(&self, committed: Committed) {
        // What is durable is durable: when the log cannot be read just now, the next look publishes it.
        if let Err(error) = self.catch_up().await {
            tracing::warn!(%error, revision = committed.revision, "A revision is written and not yet published");
        }
    }

    /// What happened to one station before a revision, the latest first, at most `limit`.
    pub async fn history(
        &self,
        id: &str,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<LoggedChange>, StorageError> {
        self.note(self.store.history_before(id, before, limit).await)
    }

    /// Publishes everything that the log has and readers do not see yet.
    pub async fn catch_up(&self) -> Result<(), StorageError> {
        let mut position = self.position.lock().await;
        let revision = self.note(self.store.revision().await)?;
        if revision <= position.revision {
            return Ok(());
        }
        let mut records: BTreeMap<String, Option<Record>> = BTreeMap::new();
        let mut read = *position;
        loop {
            let changes = self.note(self.store.changes_after(read, PAGE).await)?;
            let is_last = changes.len() < PAGE as usize;
            for change in changes {
                read = change.position;
                let record = change.after.map(|body| Record {
                    id: change.id.clone(),
                    revision: change.position.revision,
                    at: change.at,
                    body,
                });
                records.insert(change.id, record);
            }
            if is_last {
                break;
            }
        }
        let revision = revision.max(read.revision);
        let publish = Arc::clone(&self.publish);
        blocking(move || new_state(records, revision).map(|state| publish(state))).await?;
        *position = LogPosition::end_of(revision);
        self.published.send_replace(revision);
        Ok(())
    }

    /// Follows the store until the end of the program: at each notice, and every second without one.
    pub async fn follow(&self) {
        let mut notices = None;
        loop {
            match self.look(&mut notices).await {
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(%error, "The store cannot be read; readers go on with what was published");
                    notices = None;
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    /// Publishes what is there, then waits for a reason to look again.
    async fn look(&self, notices: &mut Option<Notices>) -> Result<(), StorageError> {
        if notices.is_none() {
            *notices = self.note(self.store.notices().await)?;
        }
        self.catch_up().await?;
        self.refresh_tokens().await?;
        let Some(notices) = notices else {
            tokio::time::sleep(LOOK).await;
            return Ok(());
        };
        match tokio::time::timeout(LOOK, notices.next()).await {
            Ok(heard) => self.note(heard),
            Err(_elapsed) => Ok(()),
        }
    }

    /// Remembers whether the store answered.
    pub(super) fn note<T>(&self, result: Result<T, StorageError>) -> Result<T, StorageError> {
        let mut contact = self
            .contact
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        contact.is_lost = matches!(result, Err(StorageError::Unavailable { .. }));
        if !contact.is_lost {
            contact.last = Utc::now();
        }
        result
    }
}

/// The revision that fills an empty register.
pub fn first_load(stations: &[Station], who: &str, why: &str) -> NewRevision {
    NewRevision {
        who: who.to_owned(),
        kind: RevisionKind::Load,
        why: Some(why.to_owned()),
        request: None,
        bases: None,
        changes: stations
            .iter()
            .map(|station| NewChange {
                id: station.id.as_str().to_owned(),
                expected: None,
                after: Some(record::body(station)),
            })
            .collect(),
    }
}

fn new_state(records: BTreeMap<String, Option<Record>>, revision: u64) -> Result<NewState, StorageError> {
    let mut changes = Vec::new();
    let mut there = Vec::new();
    for (id, record) in records {
        if let Some(record) = record {
            there.push(record);
            continue;
        }
        let id = StationId::new(&id).map_err(|error| StorageError::Corrupt {
            what: format!("station `{id}`"),
            reason: error.to_string(),
        })?;
        changes.push(StationChange::Remove(id));
    }
    changes.extend(record::stations(there)?.into_iter().map(StationChange::Put));
    Ok(NewState { revision, changes })
}

/// Runs work on a thread that may be busy; a panic there is one here.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
