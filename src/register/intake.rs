//! The register as a file meets it, and the revision that the file becomes.
//!
//! A dry run compares a file with the register as it is; nothing is written. What is then committed carries the revision of
//! every record that it was worked out from, so that a register that has moved on refuses it, and a name of its own, so that
//! the same dry run is written once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::apply::Change;
use super::diff::{Diff, diff};
use super::edit::Author;
use super::random::hexadecimal;
use super::record;
use super::row::{Decisions, IncomingRow, InvalidDecision, Known};
use crate::domain::station::{Station, StationId};
use crate::storage::{
    BaseChange, ImportBase, NewChange, NewRevision, Record, RevisionKind, StationStore, StorageError,
};

/// The register as a dry run sees it.
#[derive(Debug)]
pub struct Basis {
    /// Its stations, by id.
    pub stations: Vec<Arc<Station>>,
    /// What the source said last time, by station.
    bases: HashMap<StationId, Station>,
    /// Its revision.
    pub revision: u64,
    source: String,
}

impl Basis {
    /// Reads the register and what this source said last time.
    pub async fn load(store: &StationStore, source: &str) -> Result<Self, StorageError> {
        let loaded = store.load().await?;
        let stations = record::stations(loaded.records)?;
        let stations = stations.into_iter().map(Arc::new).collect();
        Self::beside((stations, loaded.revision), store, source).await
    }

    /// Reads what this source said last time, beside stations that are at hand, in the order of their ids, with their
    /// revision.
    pub async fn beside(
        (stations, revision): (Vec<Arc<Station>>, u64),
        store: &StationStore,
        source: &str,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            stations,
            bases: read_bases(store.bases(source).await?)?,
            revision,
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

    /// The name under which a file with this [`fingerprint`] is written over this register, at most once.
    pub fn request(&self, fingerprint: &str) -> String {
        format!("import {fingerprint} at {}", self.revision)
    }

    /// The revision that a dry run becomes.
    ///
    /// Of a row that is skipped or undecided the source is remembered to have said what it said before.
    pub fn revision(
        &self,
        diff: &Diff<'_>,
        rows: &[IncomingRow],
        (author, file): (&Author, &ImportedFile<'_>),
    ) -> NewRevision {
        let said = diff.bases(rows);
        let no_more: HashSet<&StationId> = diff.missing.iter().map(|missing| &missing.station.id).collect();
        let mut bases: Vec<ImportBase> = said.par_iter().map(|(id, said)| base(id, said)).collect();
        let is_said = |id: &StationId| said.binary_search_by(|(said, _)| said.cmp(id)).is_ok();
        let open = self
            .bases
            .iter()
            .filter(|(id, _)| !no_more.contains(id) && !is_said(id));
        bases.extend(open.map(|(id, said)| base(id, said)));
        bases.sort_by(|a, b| a.station.cmp(&b.station));
        NewRevision {
            who: author.name.clone(),
            kind: RevisionKind::Import,
            why: Some(author.why.clone().unwrap_or_else(|| file.name.to_owned())),
            request: Some(file.request.clone()),
            changes: diff.changes().into_par_iter().map(new_change).collect(),
            bases: Some(BaseChange::Replace {
                source: self.source.clone(),
                bases,
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
    /// The name under which it is written, at most once.
    pub request: String,
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

/// A change as the store takes it.
pub(super) fn new_change(change: Change) -> NewChange {
    NewChange {
        id: change.id.as_str().to_owned(),
        expected: change.before.map(|before| before.revision),
        after: change.after.as_ref().map(record::body),
    }
}

/// What a source said of a station, as the store keeps it.
fn base(station: &StationId, said: &Station) -> ImportBase {
    let stored = Station {
        id: station.clone(),
        ..said.clone()
    };
    ImportBase {
        station: station.as_str().to_owned(),
        source_id: said.id.as_str().to_owned(),
        body: record::body(&stored),
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
