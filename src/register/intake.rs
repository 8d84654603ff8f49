//! A file that changes the register: dry run, decisions, one revision, and back.
//!
//! A dry run reads the file and compares it with the register as it is; nothing is written. What is then committed carries
//! the revision of every record that it was worked out from, so that a register that has moved on refuses it, and the
//! fingerprint of the file, so that the same dry run is written once.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::apply::{self, Change, Refused};
use super::datum_evidence::{EvidencePoint, Forensics, examine};
use super::diff::{Diff, diff};
use super::edit::Author;
use super::random::hexadecimal;
use super::record;
use super::row::{Decisions, IncomingRow, InvalidDecision, Known};
use crate::domain::district::District;
use crate::domain::station::{Station, StationId};
use crate::import::ReadFile;
use crate::storage::{
    BaseChange, ImportBase, LoggedChange, NewChange, NewRevision, Record, RevisionKind, StationStore,
    StorageError,
};

/// The register as a dry run sees it.
#[derive(Debug)]
pub struct Basis {
    /// Its stations, by id.
    pub stations: Vec<Station>,
    /// What the source said last time, by station.
    bases: HashMap<StationId, Station>,
    /// Its revision.
    pub revision: u64,
    source: String,
}

/// Why nothing was taken back.
#[derive(Debug, Error)]
pub enum UndoError {
    /// There is no such revision, or it changed nothing.
    #[error("revision `{0}` has changed nothing; expected one that the log of changes names")]
    NothingThere(u64),
    /// It was taken back before.
    #[error("revision `{revision}` was taken back before, by revision {by}")]
    Already {
        /// The revision.
        revision: u64,
        /// The revision that took it back.
        by: u64,
    },
    /// Stations were edited since.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The store.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Basis {
    /// Reads the register and what this source said last time.
    pub async fn load(store: &StationStore, source: &str) -> Result<Self, StorageError> {
        let loaded = store.load().await?;
        let bases = store.bases(source).await?;
        Ok(Self {
            stations: record::stations(loaded.records)?,
            bases: read_bases(bases)?,
            revision: loaded.revision,
            source: source.to_owned(),
        })
    }

    /// What a file would change.
    pub fn compare<'a>(
        &'a self,
        rows: &'a [IncomingRow],
        decisions: &Decisions,
    ) -> Result<Diff<'a>, InvalidDecision> {
        let known: Vec<Known<'a>> = self
            .stations
            .iter()
            .map(|station| Known {
                station,
                base: self.bases.get(&station.id),
            })
            .collect();
        diff(&known, rows, decisions, &self.source)
    }

    /// The evidence for the datum of a file, when some of its rows do not state one.
    pub fn datum_evidence(&self, file: &ReadFile, districts: &[District]) -> Option<Forensics> {
        if file.rows.is_empty() || file.rows.iter().all(|row| row.stated.datum) {
            return None;
        }
        let points: Vec<EvidencePoint<'_>> = file
            .rows
            .iter()
            .map(|row| EvidencePoint {
                given: row.station.location.original(),
                name: &row.station.name,
                district: row.station.district.as_deref(),
                adcode: row.station.adcode.as_deref(),
            })
            .collect();
        Some(examine(&points, districts, &self.stations))
    }

    /// The revision that a dry run becomes. `fingerprint` is that of the file, see [`fingerprint`].
    pub fn revision(
        &self,
        diff: &Diff<'_>,
        rows: &[IncomingRow],
        (author, file): (&Author, &ImportedFile<'_>),
    ) -> NewRevision {
        let bases = diff.bases(rows).into_iter().map(|(station, said)| {
            let source_id = said.id.as_str().to_owned();
            let said = Station {
                id: station.clone(),
                ..said
            };
            ImportBase {
                station: station.as_str().to_owned(),
                source_id,
                body: record::body(&said),
            }
        });
        NewRevision {
            who: author.name.clone(),
            kind: RevisionKind::Import,
            why: Some(author.why.clone().unwrap_or_else(|| file.name.to_owned())),
            request: Some(format!("import {} at {}", file.fingerprint, self.revision)),
            changes: diff.changes().into_iter().map(new_change).collect(),
            bases: Some(BaseChange::Replace {
                source: self.source.clone(),
                bases: bases.collect(),
                mapping: file.mapping.clone(),
            }),
        }
    }
}

/// What the log of changes says of a file.
#[derive(Debug, Clone)]
pub struct ImportedFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes and the decisions, hashed.
    pub fingerprint: String,
    /// How its columns were read, to remember.
    pub mapping: Option<String>,
}

/// A number for a file and what was decided about it.
pub fn fingerprint(bytes: &[u8], decisions: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(bytes);
    hasher.update(decisions.as_bytes());
    hexadecimal(&hasher.finalize())
}

/// The rows of a file as the comparison takes them.
pub fn incoming(file: &ReadFile) -> Vec<IncomingRow> {
    let rows = file.rows.iter().map(|row| IncomingRow {
        number: row.number,
        station: row.station.clone(),
        stated: row.stated.fields,
        facilities: row.stated.facilities,
    });
    rows.collect()
}

/// The revision that takes another one back, exactly; refused where later edits would be lost.
pub async fn undo(store: &StationStore, revision: u64, author: &Author) -> Result<NewRevision, UndoError> {
    let request = format!("undo {revision}");
    if let Some(done) = store.committed(&request).await? {
        return Err(UndoError::Already {
            revision,
            by: done.revision,
        });
    }
    let logged = store.changes_of(revision).await?;
    if logged.is_empty() {
        return Err(UndoError::NothingThere(revision));
    }
    let stations = record::stations(store.load().await?.records)?;
    let changes = apply::undo(&stations, &read_changes(logged)?)?;
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

fn new_change(change: Change) -> NewChange {
    NewChange {
        id: change.id.as_str().to_owned(),
        expected: change.before.map(|before| before.revision),
        after: change.after.as_ref().map(record::body),
    }
}

fn read_bases(bases: Vec<ImportBase>) -> Result<HashMap<StationId, Station>, StorageError> {
    let source_ids: HashMap<String, String> = bases
        .iter()
        .map(|base| (base.station.clone(), base.source_id.clone()))
        .collect();
    let records = bases.into_iter().map(|base| Record {
        id: base.station,
        revision: 0,
        at: chrono::DateTime::UNIX_EPOCH,
        body: base.body,
    });
    let stations = record::stations(records.collect())?;
    let said = stations.into_iter().map(|mut said| {
        let station = said.id.clone();
        let own = source_ids
            .get(station.as_str())
            .and_then(|id| StationId::new(id).ok());
        said.id = own.unwrap_or_else(|| station.clone());
        (station, said)
    });
    Ok(said.collect())
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
