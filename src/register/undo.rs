//! Takes a revision back: an edit, an import, or another undo. Exactly, or not at all.

use std::collections::HashMap;

use thiserror::Error;

use super::apply::{self, Change, Refused};
use super::edit::Author;
use super::intake::new_change;
use super::keeper::Keeper;
use super::record;
use crate::domain::station::{Station, StationId};
use crate::storage::{
    BaseChange, Committed, LoggedChange, NewRevision, Record, RevisionKind, StationStore, StorageError,
};

/// The most later edits that a refusal tells of.
pub const MAX_LATER_EDITS: usize = 100;

/// Why nothing was taken back.
#[derive(Debug, Error)]
pub enum UndoError {
    /// There is no such revision, or it changed nothing.
    #[error("revision `{0}` has changed nothing; expected one that the log of changes names")]
    NothingThere(u64),
    /// It was taken back before.
    #[error("revision `{revision}` was taken back before, by revision {}", by.revision)]
    Already {
        /// The revision.
        revision: u64,
        /// The revision that took it back.
        by: Committed,
    },
    /// Stations were edited since.
    #[error("{refused}")]
    Refused {
        /// Which stations.
        refused: Refused,
        /// What was done to them since, the latest first for each; at most [`MAX_LATER_EDITS`].
        later: Vec<LoggedChange>,
    },
    /// The store.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Keeper {
    /// Takes a revision back and publishes that. A revision that was taken back before stays so, and
    /// [`UndoError::Already`] tells by which.
    pub async fn undo(&self, revision: u64, author: &Author) -> Result<Committed, UndoError> {
        let undo = undo(self.store(), revision, author).await?;
        let committed = self.commit(&undo).await?;
        if committed.is_repeated {
            let by = committed;
            return Err(UndoError::Already { revision, by });
        }
        Ok(committed)
    }
}

/// The revision that takes another one back, exactly; refused where later edits would be lost. O(changes).
pub async fn undo(store: &StationStore, revision: u64, author: &Author) -> Result<NewRevision, UndoError> {
    let request = format!("undo {revision}");
    if let Some(by) = store.committed(&request).await? {
        return Err(UndoError::Already { revision, by });
    }
    let logged = store.changes_of(revision).await?;
    if logged.is_empty() {
        return Err(UndoError::NothingThere(revision));
    }
    let ids: Vec<&str> = logged.iter().map(|change| change.id.as_str()).collect();
    let stations = record::stations(store.records(&ids).await?)?;
    let changes = match apply::undo(&stations, &read_changes(logged)?) {
        Ok(changes) => changes,
        Err(refused) => {
            let later = later_edits(store, revision, &refused).await?;
            return Err(UndoError::Refused { refused, later });
        }
    };
    Ok(NewRevision {
        who: author.name.clone(),
        kind: RevisionKind::Undo,
        why: Some(
            author
                .why
                .clone()
                .unwrap_or_else(|| format!("revision {revision}")),
        ),
        request: Some(request),
        changes: changes.into_iter().map(new_change).collect(),
        bases: Some(BaseChange::Restore(revision)),
    })
}

async fn later_edits(
    store: &StationStore,
    revision: u64,
    refused: &Refused,
) -> Result<Vec<LoggedChange>, StorageError> {
    let mut later = Vec::new();
    let (Refused::LaterEdits(ids) | Refused::BaseMoved(ids)) = refused else {
        return Ok(later);
    };
    for id in ids.iter().take(MAX_LATER_EDITS) {
        let history = store
            .history(id.as_str(), u32::try_from(MAX_LATER_EDITS).unwrap_or(u32::MAX))
            .await?;
        later.extend(
            history
                .into_iter()
                .filter(|change| change.position.revision > revision),
        );
        if later.len() >= MAX_LATER_EDITS {
            break;
        }
    }
    later.truncate(MAX_LATER_EDITS);
    Ok(later)
}

/// The changes of a revision as they were made.
fn read_changes(logged: Vec<LoggedChange>) -> Result<Vec<Change>, StorageError> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let mut ids = Vec::new();
    for change in logged {
        let record = |body: Option<String>, revision: u64| {
            body.map(|body| Record {
                id: change.id.clone(),
                revision,
                at: change.at,
                body,
            })
        };
        before.extend(record(change.before, change.before_revision.unwrap_or_default()));
        after.extend(record(change.after, change.position.revision));
        ids.push(change.id.clone());
    }
    let by_id = |records: Vec<Record>| -> Result<HashMap<StationId, Station>, StorageError> {
        let stations = record::stations(records)?.into_iter();
        Ok(stations.map(|station| (station.id.clone(), station)).collect())
    };
    let (mut before, mut after) = (by_id(before)?, by_id(after)?);
    let changes = ids.into_iter().map(|id| {
        let id = StationId::new(&id).map_err(|error| StorageError::Corrupt {
            what: format!("station `{id}`"),
            reason: error.to_string(),
        })?;
        Ok(Change {
            before: before.remove(&id),
            after: after.remove(&id),
            id,
        })
    });
    changes.collect()
}
