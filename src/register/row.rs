//! What goes into an import: the rows of a sheet, the stations of the register, and what a person has decided.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::part::Part;
use crate::domain::facility::FacilitySet;
use crate::domain::field::FieldSet;
use crate::domain::station::{Station, StationId};

/// One row of a sheet that could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct IncomingRow {
    /// The number by which people find the row, unique among the rows of one import.
    pub number: u64,
    /// What it says.
    pub station: Station,
    /// The fields that it states. `Field::Facilities` is ignored here: see `facilities`.
    pub stated: FieldSet,
    /// The facilities that it states, one by one.
    pub facilities: FacilitySet,
}

/// One station of the register.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The record as it is now.
    pub station: &'a Station,
    /// What the source of this import said of the station last time, under the id that the source gave it; `None` when
    /// it never did.
    pub base: Option<&'a Station>,
}

impl<'a> From<&'a Station> for Known<'a> {
    fn from(station: &'a Station) -> Self {
        Self { station, base: None }
    }
}

/// Which station a row is about, when a person has said so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Target {
    /// Whatever is found.
    #[default]
    AsFound,
    /// This station.
    Station(StationId),
    /// None in the register: a new one.
    New,
}

/// What to do where the register and the sheet have both moved away from the last import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnConflict {
    /// Nobody has decided: the register's value stays for now.
    #[default]
    Undecided,
    /// The register's value stays.
    KeepMine,
    /// The sheet's value is taken.
    TakeTheirs,
}

/// What a person has decided about one row. The default accepts what is found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// The row changes nothing. It still counts as being in the sheet.
    pub skip: bool,
    /// The row is no duplicate of another one, whatever it looks like.
    pub is_taken: bool,
    /// Which station it is about.
    pub target: Target,
    /// What to do with conflicts.
    pub on_conflict: OnConflict,
    /// What to do with a conflict in one part, before `on_conflict`.
    pub parts: BTreeMap<Part, OnConflict>,
}

/// Everything that a person has decided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decisions {
    /// By the number of the row.
    pub rows: BTreeMap<u64, Decision>,
    /// Missing stations that are to be deleted. None is deleted unless it is named here.
    pub delete: BTreeSet<StationId>,
    /// What to do with the conflicts of rows of which nothing is said.
    pub on_conflict: OnConflict,
    /// The same of one part, before `on_conflict`.
    pub parts: BTreeMap<Part, OnConflict>,
}

impl Decisions {
    /// What to do with a conflict: what is said of this part of the row, of the row, of this part, of all.
    pub fn on_conflict(&self, row: u64, part: Part) -> OnConflict {
        let row = self.rows.get(&row);
        let said = [
            row.and_then(|row| row.parts.get(&part).copied()),
            row.map(|row| row.on_conflict),
            self.parts.get(&part).copied(),
            Some(self.on_conflict),
        ];
        let mut said = said.into_iter().flatten();
        said.find(|said| *said != OnConflict::Undecided)
            .unwrap_or_default()
    }
}

/// A decision that does not fit the rows and the register.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidDecision {
    /// There is no such row.
    #[error("row `{0}` is decided about and is not in the sheet; expected the number of a row")]
    UnknownRow(u64),
    /// Two rows have one number.
    #[error("row `{0}` is there twice; expected a number of its own for each row")]
    RepeatedRow(u64),
    /// There is no such station.
    #[error(
        "row `{row}` is decided to be station `{id}`, which is not in the register; expected an id of the register"
    )]
    UnknownStation {
        /// The row.
        row: u64,
        /// The id.
        id: String,
    },
    /// Two rows are decided to be one station.
    #[error(
        "rows `{first}` and `{second}` are both decided to be station `{id}`; expected one row for one station"
    )]
    TwoRows {
        /// The row that comes first.
        first: u64,
        /// The row that comes second.
        second: u64,
        /// The id.
        id: String,
    },
    /// The station is to be deleted and is not missing.
    #[error(
        "station `{0}` is to be deleted and is not missing from the sheet; expected the id of a missing station"
    )]
    NotMissing(String),
}
