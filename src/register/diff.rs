//! What a sheet would change: every row against its station and against what the same source said last time.
//!
//! # The rule for one part (a field or a single facility) that the row states
//! | sheet | register | result |
//! | --- | --- | --- |
//! | says the same as the register | | nothing |
//! | says the same as last time | was edited since | the edit is kept, and named |
//! | says something new | is as last time, or there was no last time | changed |
//! | says something new | was edited since, to something else | conflict |
//!
//! What a row does not state is never touched, so a column that is not in the sheet erases nothing. A conflict
//! changes nothing until somebody decides. Missing stations, those of the last import that the sheet no longer has,
//! are listed and only deleted when they are named for deletion; while a row is undecided, the stations that it may
//! be are not missing.
//!
//! # What is written besides
//! - `source`: a new station gets the name of the source unless the row states one. A correction makes nobody the
//!   origin of a record, so a changed station keeps its own unless the row states another.
//! - `verified_at`: only what the row states, and never to an earlier day. Reading a sheet is not looking at a place.
//! - `updated_at` and `revision`: not here. They are set when the changes are written, by [`super::apply::stamp`].

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::apply::Change;
use super::likeness::Evidence;
use super::matching::{Candidate, Found, match_rows};
use super::part::Part;
use super::row::{Decisions, IncomingRow, InvalidDecision, Known, OnConflict};
use crate::domain::station::{MAX_ID_BYTES, Station, StationId};

/// What a whole sheet would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff<'a> {
    /// What each row would do, in the order of the rows.
    pub rows: Vec<RowDiff<'a>>,
    /// The stations of the last import that are not in the sheet, in the order of the known stations.
    pub missing: Vec<Missing<'a>>,
}

/// What one row would do.
#[derive(Debug, Clone, PartialEq)]
pub struct RowDiff<'a> {
    /// The number of the row.
    pub number: u64,
    /// What it would do.
    pub outcome: Outcome<'a>,
}

/// What one row would do.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<'a> {
    /// Adds this station.
    New(Box<Station>),
    /// Is about a station that the register has.
    Known(Box<KnownDiff<'a>>),
    /// A person has to say first which of these it is, or that it is new.
    Undecided(Vec<NamedCandidate<'a>>),
    /// Nothing, as a person has decided.
    Skipped,
}

/// A station that a row may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NamedCandidate<'a> {
    /// The station.
    pub station: &'a Station,
    /// What speaks for it.
    pub evidence: Evidence,
    /// The number of the row that is this station, if another one is.
    pub taken_by: Option<u64>,
}

/// What a row would do to a station that the register has.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownDiff<'a> {
    /// The record as it is.
    pub before: &'a Station,
    /// What the source said last time.
    pub base: Option<&'a Station>,
    /// The row.
    pub row: &'a IncomingRow,
    /// Why the row is about this station.
    pub evidence: Evidence,
    /// The parts that would change, conflicts that are decided for the sheet among them.
    pub changed: Vec<Part>,
    /// The parts in conflict, decided or not.
    pub conflicts: Vec<Part>,
    /// Those of them that nobody has decided.
    pub open: Vec<Part>,
    /// Edits of the register that the sheet does not know and that stay.
    pub kept: Vec<Part>,
    /// The record as it would be; `None` when nothing changes.
    pub after: Option<Station>,
}

/// A station of the last import that is not in the sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Missing<'a> {
    /// The record as it is.
    pub station: &'a Station,
    /// Whether it was edited since the last import.
    pub is_edited: bool,
    /// Whether it is to be deleted, as a person has decided.
    pub is_deleted: bool,
}

/// How many rows do what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows that add a station.
    pub new: usize,
    /// Rows that change one.
    pub changed: usize,
    /// Rows that change nothing.
    pub unchanged: usize,
    /// Rows with a conflict that nobody has decided; they may be counted as changed or unchanged too.
    pub conflict: usize,
    /// Rows whose station nobody has decided.
    pub undecided: usize,
    /// Rows that are left out.
    pub skipped: usize,
    /// Missing stations.
    pub missing: usize,
    /// Missing stations that are to be deleted.
    pub deleted: usize,
}

/// Compares the rows of a sheet with the register. `source` is the name that new stations get as their source.
///
/// The cost is that of [`match_rows`], and O(n) for the rest.
pub fn diff<'a>(
    known: &[Known<'a>],
    rows: &'a [IncomingRow],
    decisions: &Decisions,
    source: &str,
) -> Result<Diff<'a>, InvalidDecision> {
    let found = match_rows(known, rows, decisions)?;
    let outcomes: Vec<RowDiff<'a>> = rows
        .par_iter()
        .zip(&found)
        .map(|(row, found)| RowDiff {
            number: row.number,
            outcome: outcome(known, row, found, decisions),
        })
        .collect();
    let mut diff = Diff {
        rows: outcomes,
        missing: missing(known, &found, &decisions.delete)?,
    };
    diff.finish_new(known, source);
    Ok(diff)
}

fn outcome<'a>(
    known: &[Known<'a>],
    row: &'a IncomingRow,
    found: &Found,
    decisions: &Decisions,
) -> Outcome<'a> {
    if decisions.rows.get(&row.number).is_some_and(|row| row.skip) {
        return Outcome::Skipped;
    }
    match found {
        Found::New => Outcome::New(Box::new(row.station.clone())),
        Found::Undecided(candidates) => {
            let named = |candidate: &Candidate| {
                Some(NamedCandidate {
                    station: known.get(candidate.station)?.station,
                    evidence: candidate.evidence,
                    taken_by: candidate.taken_by,
                })
            };
            Outcome::Undecided(candidates.iter().filter_map(named).collect())
        }
        Found::Station { station, evidence } => match known.get(*station) {
            Some(known) => Outcome::Known(Box::new(three_way(known, row, *evidence, decisions))),
            None => Outcome::Skipped,
        },
    }
}

fn three_way<'a>(
    known: &Known<'a>,
    row: &'a IncomingRow,
    evidence: Evidence,
    decisions: &Decisions,
) -> KnownDiff<'a> {
    let (mine, theirs) = (known.station, &row.station);
    let (mut changed, mut conflicts, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    let mut open = Vec::new();
    for part in Part::stated_by(row) {
        let is_edited = known.base.is_some_and(|base| !part.is_settled(base, mine));
        let is_as_last_time = known.base.is_some_and(|base| part.is_settled(theirs, base));
        if part.is_settled(theirs, mine) {
            continue;
        }
        if is_edited && is_as_last_time {
            kept.push(part);
        } else if is_edited {
            conflicts.push(part);
            match decisions.on_conflict(row.number, part) {
                OnConflict::Undecided => open.push(part),
                OnConflict::KeepMine => {}
                OnConflict::TakeTheirs => changed.push(part),
            }
        } else {
            changed.push(part);
        }
    }
    let after = (!changed.is_empty()).then(|| {
        let mut after = mine.clone();
        for part in &changed {
            part.copy(theirs, &mut after);
        }
        after
    });
    KnownDiff {
        before: mine,
        base: known.base,
        row,
        evidence,
        changed,
        conflicts,
        open,
        kept,
        after,
    }
}

fn missing<'a>(
    known: &[Known<'a>],
    found: &[Found],
    delete: &BTreeSet<StationId>,
) -> Result<Vec<Missing<'a>>, InvalidDecision> {
    let mut is_there = vec![false; known.len()];
    for found in found {
        let (of, candidates) = match found {
            Found::Station { station, .. } => (Some(*station), &[][..]),
            Found::Undecided(candidates) => (None, candidates.as_slice()),
            Found::New => (None, &[][..]),
        };
        let candidates = candidates.iter().map(|candidate| candidate.station);
        for station in candidates.chain(of) {
            if let Some(place) = is_there.get_mut(station) {
                *place = true;
            }
        }
    }
    let missing: Vec<Missing<'a>> = known
        .iter()
        .zip(is_there)
        .filter(|(_, is_there)| !is_there)
        .filter_map(|(known, _)| {
            Some(Missing {
                station: known.station,
                is_edited: Part::all()
                    .any(|part| known.base.is_some_and(|base| !part.is_equal(base, known.station))),
                is_deleted: delete.contains(&known.station.id),
            })
            .filter(|_| known.base.is_some())
        })
        .collect();
    let found: HashSet<&StationId> = missing.iter().map(|missing| &missing.station.id).collect();
    match delete.iter().find(|id| !found.contains(id)) {
        Some(id) => Err(InvalidDecision::NotMissing(id.as_str().to_owned())),
        None => Ok(missing),
    }
}

impl Diff<'_> {
    /// Gives new stations the name of their source, and an id of their own where theirs is taken: `a` becomes `a-2`.
    fn finish_new(&mut self, known: &[Known<'_>], source: &str) {
        let mut ids: HashSet<StationId> = known.iter().map(|known| known.station.id.clone()).collect();
        for row in &mut self.rows {
            let Outcome::New(station) = &mut row.outcome else {
                continue;
            };
            if station.source.is_none() && !source.is_empty() {
                station.source = Some(source.into());
            }
            station.id = free_id(&station.id, &ids);
            ids.insert(station.id.clone());
        }
    }

    /// Whether nothing would be written: no station, and no conflict that was decided and is not to come up again.
    pub fn is_empty(&self) -> bool {
        let counts = self.counts();
        let is_decided = |row: &RowDiff<'_>| match &row.outcome {
            Outcome::Known(known) => known.open.len() < known.conflicts.len(),
            Outcome::New(_) | Outcome::Undecided(_) | Outcome::Skipped => false,
        };
        counts.new + counts.changed + counts.deleted == 0 && !self.rows.iter().any(is_decided)
    }

    /// Whether a person still has to decide something, so that the sheet would be written in part only.
    pub fn is_open(&self) -> bool {
        let counts = self.counts();
        counts.conflict + counts.undecided > 0
    }

    /// How many rows do what. O(rows).
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            missing: self.missing.len(),
            deleted: self.missing.iter().filter(|missing| missing.is_deleted).count(),
            ..Counts::default()
        };
        for row in &self.rows {
            match &row.outcome {
                Outcome::New(_) => counts.new += 1,
                Outcome::Known(known) => {
                    counts.changed += usize::from(known.after.is_some());
                    counts.unchanged += usize::from(known.after.is_none());
                    counts.conflict += usize::from(!known.open.is_empty());
                }
                Outcome::Undecided(_) => counts.undecided += 1,
                Outcome::Skipped => counts.skipped += 1,
            }
        }
        counts
    }

    /// What the source is to be remembered to have said, by the station that it said it of, ordered by id: the base
    /// of the next import. Of conflicts that nobody has decided the old base stays, so that they come up again.
    pub fn bases(&self, rows: &[IncomingRow]) -> Vec<(StationId, Station)> {
        let bases = self
            .rows
            .iter()
            .zip(rows)
            .filter_map(|(diff, row)| match &diff.outcome {
                Outcome::New(station) => Some((station.id.clone(), row.station.clone())),
                Outcome::Known(known) => Some((known.before.id.clone(), known.next_base())),
                Outcome::Undecided(_) | Outcome::Skipped => None,
            });
        let mut bases: Vec<(StationId, Station)> = bases.collect();
        bases.sort_by(|a, b| a.0.cmp(&b.0));
        bases
    }

    /// What is to be written, ordered by id. Undecided rows and conflicts are not in it.
    pub fn changes(&self) -> Vec<Change> {
        let of_rows = self.rows.iter().filter_map(|row| match &row.outcome {
            Outcome::New(station) => Some(Change {
                id: station.id.clone(),
                before: None,
                after: Some((**station).clone()),
            }),
            Outcome::Known(known) => Some(Change {
                id: known.before.id.clone(),
                before: Some(known.before.clone()),
                after: Some(known.after.clone()?),
            }),
            Outcome::Undecided(_) | Outcome::Skipped => None,
        });
        let deleted = self.missing.iter().filter(|missing| missing.is_deleted);
        let deletions = deleted.map(|missing| Change {
            id: missing.station.id.clone(),
            before: Some(missing.station.clone()),
            after: None,
        });
        let mut changes: Vec<Change> = of_rows.chain(deletions).collect();
        changes.sort_by(|a, b| a.id.cmp(&b.id));
        changes
    }
}

impl KnownDiff<'_> {
    fn next_base(&self) -> Station {
        let incoming = &self.row.station;
        let Some(base) = self.base else {
            return incoming.clone();
        };
        let mut next = base.clone();
        next.id = incoming.id.clone();
        for part in Part::stated_by(self.row) {
            if !self.open.contains(&part) {
                part.copy(incoming, &mut next);
            }
        }
        next
    }
}

/// The id, or the first of `id-2`, `id-3` … that is free. A long id is cut to make room.
fn free_id(id: &StationId, taken: &HashSet<StationId>) -> StationId {
    if !taken.contains(id) {
        return id.clone();
    }
    let with_number = |number: usize| {
        let ending = format!("-{number}");
        let room = MAX_ID_BYTES.saturating_sub(ending.len());
        let mut start = id.as_str();
        while start.len() > room {
            let mut signs = start.chars();
            signs.next_back();
            start = signs.as_str();
        }
        StationId::new(&format!("{start}{ending}")).ok()
    };
    (2..=taken.len() + 2)
        .filter_map(with_number)
        .find(|id| !taken.contains(id))
        .unwrap_or_else(|| id.clone())
}
