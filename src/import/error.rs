//! Why a whole file cannot be used.

use std::path::PathBuf;

use thiserror::Error;

use super::{MAX_FILE_BYTES, MAX_RECORD_BYTES, MAX_STATIONS};

/// A file that cannot be used at all; nothing of it is taken.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file could not be read.
    #[error("file `{}` cannot be read; expected a readable file or folder", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A folder holds nothing that can be loaded.
    #[error("folder `{}` has no stations; expected at least one *.csv, *.tsv, *.geojson or *.json", path.display())]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The file holds nothing at all.
    #[error("file `{}` is empty; expected a CSV table with a header line or a GeoJSON FeatureCollection", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Some bytes are no text in the encoding that the rest is in.
    #[error(
        "file `{}` is not {encoding} text at line {line}, which would read `{preview}`; expected one encoding throughout, \
         best UTF-8 (`iconv -f GB18030 -t UTF-8` makes it of older Chinese files)",
        path.display()
    )]
    NotText {
        /// The file.
        path: PathBuf,
        /// The first line with such bytes.
        line: u64,
        /// The encoding that was tried.
        encoding: &'static str,
        /// The beginning of that line, with `\u{fffd}` for what cannot be read.
        preview: String,
    },
    /// The header line lacks columns that no station can do without.
    #[error(
        "file `{}` has no column {}; expected one in the header line, which has {}",
        path.display(), list(missing), list(found)
    )]
    MissingColumns {
        /// The file.
        path: PathBuf,
        /// The missing columns, each with the names it may have.
        missing: Vec<String>,
        /// The columns that the header line has.
        found: Vec<String>,
    },
    /// The row that a mapping names as the header is not there.
    #[error("file `{}` has no row {row}, which the mapping names as the header; expected a row with cells", path.display())]
    NoHeaderRow {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: u64,
    },
    /// The file is no workbook, or a damaged or protected one.
    #[error("file `{}` cannot be read as a workbook: {reason}", path.display())]
    Workbook {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// A table or workbook is larger than a limit allows.
    #[error("file `{}` has {given}; expected at most {limit}", path.display())]
    SheetTooLarge {
        /// The file.
        path: PathBuf,
        /// What it has, for example `more than 1000001 rows`.
        given: String,
        /// The limit, for example `1000000 rows`.
        limit: String,
    },
    /// The file is no GeoJSON.
    #[error("file `{}` is not GeoJSON at line {line}, column {column}: {reason}", path.display())]
    NotGeoJson {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// Byte within the line, from 1.
        column: u64,
        /// What is wrong there, and what was expected.
        reason: String,
    },
    /// The file is no extract of `OpenStreetMap`, or a damaged one.
    #[error("file `{}` is no OpenStreetMap extract at byte {at}: {reason}", path.display())]
    NotOsm {
        /// The file.
        path: PathBuf,
        /// Where the frame begins that cannot be read, bytes from the start.
        at: u64,
        /// What is wrong there, and what was expected.
        reason: &'static str,
    },
    /// Neither the name nor the first byte tells the format.
    #[error("file `{}` has no known format; expected xlsx, xls, ods, CSV, GeoJSON, JSON lines or osm.pbf", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// The file is larger than [`MAX_FILE_BYTES`].
    #[error("file `{}` has more than {MAX_FILE_BYTES} bytes; expected a smaller file, or several", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// There are more than [`MAX_STATIONS`] stations.
    #[error("file `{}` brings the register above {MAX_STATIONS} stations; expected at most that many", path.display())]
    TooManyStations {
        /// The file that passed the limit.
        path: PathBuf,
    },
    /// One record is longer than [`MAX_RECORD_BYTES`].
    #[error(
        "file `{}` has a record of more than {MAX_RECORD_BYTES} bytes at line {line}; expected a shorter one: \
         is a quotation mark never closed?",
        path.display()
    )]
    RecordTooLong {
        /// The file.
        path: PathBuf,
        /// The line on which the record starts.
        line: u64,
    },
    /// A district cannot be used.
    #[error("file `{}`, feature {feature}: {reason}", path.display())]
    District {
        /// The file.
        path: PathBuf,
        /// The number of the feature, from 1.
        feature: u64,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// The list of standards cannot be used.
    #[error("standards: {reason}")]
    Standards {
        /// What is wrong and what was expected.
        reason: String,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "no names at all".to_owned();
    }
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
