//! A whole register in one file, from one engine and into any: written while the register is in use, restored as a whole.
//!
//! # The file
//! Gzip over lines of JSON, so that `zcat` shows it. The first line is the header: format, schema, revision, time, and every
//! table with its columns and its number of rows. Then the rows, an array each, table after table in the header's order. The
//! last line has the number of rows and the SHA-256 of all bytes before it, so that a file that was cut or changed is known.
//! Two backups of equal registers differ in nothing but the time of their making.
//!
//! # Why not the engine's own
//! A copy made by SQLite restores into SQLite only, one made by PostgreSQL needs its programs. One file of rows moves a
//! register from one to the other, and the same code checks both.

mod read;
mod tables;
mod write;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use read::OnFull;
pub use tables::{Kind, LEFT_OUT, TABLES, Table};

use super::StorageError;

/// What the first line says that it is.
const FORMAT: &str = "yizhan backup";
/// The form of the file; it grows when an older program could not read it.
const VERSION: u64 = 1;
/// The longest line; one row is never larger.
const MAX_LINE_BYTES: u64 = 256 * 1024 * 1024;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    format: String,
    version: u64,
    /// The step of the tables that the register was at.
    pub schema: i64,
    /// The revision that everything in the file is of.
    pub revision: u64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    tables: Vec<TableHeader>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TableHeader {
    name: String,
    columns: Vec<String>,
    rows: u64,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    end: Checked,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Checked {
    rows: u64,
    sha256: String,
}

impl Header {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables
            .iter()
            .fold(0_u64, |rows, table| rows.saturating_add(table.rows))
    }

    /// The stations among them.
    pub fn stations(&self) -> u64 {
        let stations = self.tables.iter().find(|table| table.name == "stations");
        stations.map_or(0, |table| table.rows)
    }
}

/// Why a backup was not made or not restored; the register is then as it was.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The file could not be written or read.
    #[error("the backup could not be {doing}")]
    File {
        /// `written` or `read`.
        doing: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is no backup at all.
    #[error("the file is no backup of a register: {0}; expected what `yizhan backup` writes")]
    NotABackup(String),
    /// A later version of the program has written it.
    #[error(
        "the backup has {what} {found}, this program knows up to {known}; use the version that wrote it or a later one"
    )]
    TooNew {
        /// Its form, or the schema of its tables.
        what: &'static str,
        /// What the file says.
        found: i64,
        /// The last that this program knows.
        known: i64,
    },
    /// It ends too early.
    #[error("the backup is truncated: it ends after {rows} of {expected} rows; nothing was restored")]
    Truncated {
        /// Rows that could be read.
        rows: u64,
        /// Rows that the header promises.
        expected: u64,
    },
    /// It is not as it was written.
    #[error("the backup was changed after it was written, line {line}: {reason}; nothing was restored")]
    Changed {
        /// The line, from 1.
        line: u64,
        /// How that is known.
        reason: String,
    },
    /// The register that it should go into has something in it.
    #[error(
        "the register is not empty: table `{table}` has rows; restore into a new one, or replace everything in it with --replace"
    )]
    NotEmpty {
        /// The first table with rows.
        table: &'static str,
    },
    /// The register.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
