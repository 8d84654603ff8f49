//! Answers as GeoJSON, CSV, `FlatGeobuf` and plain text: the only files that know the property names of answers.
//!
//! Reading order: `json` (characters and numbers) · `properties` (the names) · `record_text`, `parts` (what is written
//! once per revision) · `open_state`, `links` · `geojson`, `csv`, `text` (whole answers) · `stored` (a station as the
//! register keeps it) · `columns` (tables in plain text) · `audit` · `plan` (the planner's documents) · `report` (one page
//! for people) · `timetable` (the coming days) · `flatgeobuf` (tables with shapes).

pub mod audit;
pub mod columns;
pub mod csv;
pub mod flatgeobuf;
pub mod geojson;
mod json;
mod links;
mod open_state;
pub mod parts;
pub mod plan;
pub mod properties;
mod record_text;
pub mod report;
pub mod row;
pub mod stored;
pub mod text;
pub mod timetable;

use crate::domain::datum::Datum;
use crate::domain::language::Language;
use properties::Selection;

/// How an answer is to be written.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// The datum of the coordinates in the answer.
    pub datum: OutDatum,
    /// The language of texts for people.
    pub language: Language,
    /// The properties to keep.
    pub selection: Selection,
}

/// The datum of an answer; WGS-84 unless something else is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutDatum(pub Datum);

impl Default for OutDatum {
    fn default() -> Self {
        Self(Datum::Wgs84)
    }
}
