//! Bytes to checked stations and row problems: tables, workbooks, GeoJSON, JSON lines, OpenStreetMap; districts, standards,
//! demand.
//!
//! [`load()`] and [`parse`] make a register of files. [`read()`] reads one file for changes to a register: row by row, with
//! what each row states, with a [`Mapping`] of columns, and with rows that have no place yet kept apart.
//!
//! # The rule for a bad value
//! - Without an id, a name, a place or a readable status there is no station: the problem is an
//!   [`Severity::Error`] and the row is left out. So are rows with too few or too many cells and features that are no Point.
//! - Any other bad value is a [`Severity::Warning`]: the row is taken and the field stays unknown. Unknown is never no.
//! - Nothing stops the rest of the file. What makes a whole file unusable is an [`ImportError`].
//!
//! # Tables
//! Text in any encoding, found by content, separated by comma, semicolon, tab, `|`, `，` or `；`, or a sheet of a workbook.
//! The header may stand under title rows and have two rows; its names may be Chinese or English. Needed are a name and,
//! for a register of its own, a place: longitude and latitude, or both in one cell. Facilities stand in one cell
//! (`饮水;微波炉=无`) or in a column each with 有 or 无. Blank lines are skipped; totals and remarks are left out and named. A
//! file without an id column gets ids made from name and coordinate, the same in each import.
//!
//! # GeoJSON
//! A `FeatureCollection` or an array of features with Point geometry. Our own property names are read losslessly; other
//! files may use the names that tables may use. Coordinates are WGS-84 unless the options or a `coord` property say
//! otherwise; `original`, which our own files have, is kept as it is and wins over both.
//!
//! # OpenStreetMap
//! An extract (`.osm.pbf`): objects that serve the public become stations by their tags; the module `osm` has the rule.
//!
//! # Why not the `geojson` crate for stations
//! It builds the whole document first. 200,000 stations are 240 MB of text; cutting them into features and reading each by
//! itself needs a few megabytes beyond the stations and uses all cores.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod blocks;
mod cells;
mod collection;
mod columns;
mod coordinates;
mod csv;
mod dates;
pub mod demand;
mod districts;
mod duplicates;
mod encoding;
mod error;
mod facilities;
mod fields;
mod file;
mod geojson;
mod grid;
mod header;
mod hours;
mod item;
mod lines;
mod load;
mod mapping;
mod names;
mod notes;
mod number;
mod ods_guard;
mod osm;
mod parsed;
mod photos;
mod place;
mod problem;
mod properties;
mod read;
mod record;
mod remarks;
mod services;
mod standards;
mod stated;
mod suspects;
mod synonyms;
mod workbook;
mod xls_guard;

use std::path::{Path, PathBuf};

pub use districts::{load_districts, parse_districts};
pub use duplicates::POSSIBLE_DUPLICATE_M;
pub use error::ImportError;
pub use facilities::{FacilitiesReading, FacilityEvidence, MAX_FACILITIES_BYTES, read_facilities};
pub use fields::{MAX_FLOOR_AREA_M2, MAX_LIST_ENTRIES, MAX_SEATS, MAX_TEXT_BYTES};
pub use header::{MAX_HEADER_SEARCH_ROWS, MappedColumn, Recognised};
pub use hours::{HoursConfidence, HoursNote, HoursReading, MAX_HOURS_BYTES, read_hours};
pub use load::{load, parse};
pub use mapping::{MAX_MAPPING_BYTES, MAX_MAPPING_ENTRIES, Mapping, MappingError, Target};
pub use problem::{Fix, RowProblem, Severity};
pub use read::{ReadFile, ReadOptions, read};
pub use remarks::CopyFormat;
pub use standards::parse_standards;
pub use stated::{ReadRow, Stated, UnplacedRow};

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
/// The most rows of a sheet, and of any file that is read for changes.
pub const MAX_SHEET_ROWS: u64 = 1_000_000;
/// The most columns of a sheet or a table.
pub const MAX_SHEET_COLUMNS: usize = 1024;
/// The most cells of a sheet, empty ones left of others counted.
pub const MAX_SHEET_CELLS: usize = 20_000_000;
/// The longest cell of a sheet, bytes: what spreadsheet programs allow, 32,767 characters of at most 4 bytes.
pub const MAX_CELL_BYTES: usize = 131_068;
/// The most text in a sheet, bytes (512 MiB).
pub const MAX_SHEET_TEXT_BYTES: usize = 512 << 20;
/// The largest workbook, bytes (64 MiB).
pub const MAX_WORKBOOK_BYTES: u64 = 64 << 20;
/// The most that a workbook may unpack to, bytes (512 MiB).
pub const MAX_UNPACKED_BYTES: u64 = 512 << 20;
/// The largest table with full-width separators, bytes (64 MiB): it is held in memory.
pub const MAX_TRANSFORMED_BYTES: u64 = 64 << 20;
/// The most unknown column or property names that one warning lists.
pub const MAX_IGNORED_NAMES: usize = 64;

/// A file format that stations can be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFormat {
    /// A table in text, with a header.
    Csv,
    /// A `FeatureCollection` of points.
    GeoJson,
    /// An object or a feature a line.
    JsonLines,
    /// A workbook of Excel since 2007.
    Xlsx,
    /// A workbook of Excel before 2007.
    Xls,
    /// A workbook of `OpenDocument`.
    Ods,
    /// An extract of `OpenStreetMap`.
    OsmPbf,
}

impl ImportFormat {
    /// The stable word, which is also the usual ending of a file's name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::GeoJson => "geojson",
            Self::JsonLines => "jsonl",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::OsmPbf => "osm.pbf",
        }
    }

    /// Whether it is a workbook of sheets.
    pub const fn is_workbook(self) -> bool {
        matches!(self, Self::Xlsx | Self::Xls | Self::Ods)
    }

    /// The format that the name of a file tells; `None` when it tells none.
    pub fn infer_from_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "geojson" | "json" => Some(Self::GeoJson),
            "jsonl" | "ndjson" | "geojsonl" | "geojsons" => Some(Self::JsonLines),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "xls" => Some(Self::Xls),
            "ods" => Some(Self::Ods),
            "pbf" => Some(Self::OsmPbf),
            _ => None,
        }
    }

    /// The format that the first bytes of a document tell: the marks of workbooks and of `OpenStreetMap`; `{` and `[` start
    /// JSON, two objects one below the other are JSON lines. `None` for nothing but blanks.
    pub fn infer_from_bytes(bytes: &[u8]) -> Option<Self> {
        if let Some(format) = workbook::format_of(bytes) {
            return Some(format);
        }
        if osm::is_beginning(bytes) {
            return Some(Self::OsmPbf);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(bytes);
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace())? {
            b'{' | b'[' if lines::looks_like_lines(bytes) => Some(Self::JsonLines),
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
