//! Bytes to checked stations and row problems: CSV tables and GeoJSON, districts, standards.
//!
//! # The rule for a bad value
//! - Without an id, a name, a place or a readable status there is no station: the problem is an
//!   [`Severity::Error`] and the row is left out. So are rows with too few or too many cells and features that are no Point.
//! - Any other bad value is a [`Severity::Warning`]: the row is taken and the field stays unknown. Unknown is never no.
//! - Nothing stops the rest of the file. What makes a whole file unusable is an [`ImportError`].
//!
//! # Tables
//! UTF-8 with or without a byte order mark, separated by comma, semicolon or tab, headers in Chinese or English. Needed are
//! a name, a longitude and a latitude. Facilities stand in one cell (`饮水;微波炉=无`) or in a column each with 有 or 无. Blank lines are
//! skipped. A file without an id column gets ids made from name and coordinate, the same in each import.
//!
//! # GeoJSON
//! A `FeatureCollection` or an array of features with Point geometry. Our own property names are read losslessly; other
//! files may use the names that tables may use. Coordinates are WGS-84 unless the options or a `coord` property say
//! otherwise; `original`, which our own files have, is kept as it is and wins over both.
//!
//! # Why not the `geojson` crate for stations
//! It builds the whole document first. 200,000 stations are 240 MB of text; cutting them into features and reading each by
//! itself needs a few megabytes beyond the stations and uses all cores.
#![warn(clippy::indexing_slicing)]

mod blocks;
mod collection;
mod columns;
mod csv;
pub mod demand;
mod districts;
mod duplicates;
mod encoding;
mod error;
mod facilities;
mod fields;
mod geojson;
mod hours;
mod item;
mod load;
mod number;
mod place;
mod problem;
mod record;
mod services;
mod standards;

use std::path::{Path, PathBuf};

pub use districts::{load_districts, parse_districts};
pub use duplicates::POSSIBLE_DUPLICATE_M;
pub use error::ImportError;
pub use facilities::{FacilitiesReading, FacilityEvidence, MAX_FACILITIES_BYTES, read_facilities};
pub use fields::{MAX_FLOOR_AREA_M2, MAX_LIST_ENTRIES, MAX_SEATS, MAX_TEXT_BYTES};
pub use hours::{HoursConfidence, HoursNote, HoursReading, MAX_HOURS_BYTES, read_hours};
pub use load::{load, parse};
pub use problem::{RowProblem, Severity};
pub use standards::parse_standards;

use crate::domain::datum::Datum;
use crate::domain::station::Station;

/// The largest file that is read, bytes (2 GiB).
pub const MAX_FILE_BYTES: u64 = 2 << 30;
/// The longest single row or feature, bytes (16 MiB).
pub const MAX_RECORD_BYTES: usize = 16 << 20;
/// The most stations that one load takes.
pub const MAX_STATIONS: usize = 5_000_000;
/// The most problems that one load keeps; the counts go on.
pub const MAX_PROBLEMS: usize = 100_000;
/// The most unknown column or property names that one warning lists.
pub const MAX_IGNORED_NAMES: usize = 64;

/// A file format that stations can be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFormat {
    /// A table with a header line.
    Csv,
    /// A `FeatureCollection` of points.
    GeoJson,
}

impl ImportFormat {
    /// The format that the name of a file tells; `None` when it tells none.
    pub fn infer_from_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "geojson" | "json" => Some(Self::GeoJson),
            _ => None,
        }
    }

    /// The format that the first byte of a document tells: `{` and `[` start JSON. `None` for nothing but blanks.
    pub fn infer_from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(bytes);
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace())? {
            b'{' | b'[' => Some(Self::GeoJson),
            _ => Some(Self::Csv),
        }
    }
}

/// What the caller knows about the files.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The datum of all coordinates; `None` reads it from the column `coord`, and takes WGS-84 where that says nothing.
    pub datum: Option<Datum>,
    /// The format of all files; `None` infers it from the name, then from the first byte.
    pub format: Option<ImportFormat>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedFile {
    /// The file.
    pub path: PathBuf,
    /// Its format.
    pub format: ImportFormat,
    /// Rows or features in it, without blank rows.
    pub rows: u64,
    /// Stations that were taken from it.
    pub stations: u64,
}

/// What came out of an import.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The stations, ordered by id; ids are unique.
    pub stations: Vec<Station>,
    /// What was wrong, in the order of files and rows; at most [`MAX_PROBLEMS`].
    pub problems: Vec<RowProblem>,
    /// How many errors there were, kept in `problems` or not.
    pub errors: u64,
    /// How many warnings there were, kept in `problems` or not.
    pub warnings: u64,
    /// Rows or features in all files, without blank rows.
    pub rows: u64,
    /// The files, in the order in which they were read.
    pub files: Vec<LoadedFile>,
}
