//! Where the register is kept: SQLite in a file, or PostgreSQL that several instances share.
//!
//! # Revisions
//! Every accepted change is one transaction that writes the records, the log of changes (who, when, why, before, after) and
//! the next revision. Writers take turns, so revisions have no gaps and nobody ever sees a later one before an earlier one:
//! whoever has read all changes up to a revision has missed none. A call that returns `Ok` is durable.
//!
//! # Why bodies and not columns
//! A station is kept as one JSON text that `export` writes and `import` reads, the same as in files. The store knows ids and
//! revisions only, so that a new field is no migration and nothing that a field holds is lost on the way through a table.
//!
//! # Why no trait
//! Both databases understand the same statements but for a handful that are written twice, and the driver speaks to both
//! through one interface. One type with [`Engine`] inside is shorter than a trait with two implementations that differ in
//! six lines; `tests/storage` holds both to the same contract.

mod backup;
mod bases;
mod beside;
mod dry_runs;
mod engine;
mod error;
mod feeds;
mod geocodes;
mod inspections;
mod log;
mod migration;
mod notices;
mod store;
mod tickets;
mod tokens;
mod visits;
mod write;

use chrono::{DateTime, Utc};

pub use backup::{BackupError, Header as BackupHeader, Kind, LEFT_OUT, OnFull, TABLES, Table};
pub use bases::{BaseChange, ImportBase};
pub use beside::Beside;
pub use dry_runs::{DryRun, DryRunEntry, DryRunPage, Kept, MAX_DRY_RUNS};
pub use engine::{DatabaseAddress, Engine};
pub use error::{StaleRecord, StorageError};
pub use feeds::{FeedFile, FeedRecord, FeedRun};
pub use inspections::{InspectionRecord, NewInspection};
pub use notices::Notices;
pub use store::StationStore;
pub use tickets::{Counted, MAX_SAYINGS, NewReport, Saying, TicketChange, TicketFilter, TicketRecord};
pub use tokens::TokenRecord;
pub use visits::DayVisits;
pub use write::{Committed, NewChange, NewRevision};

use crate::domain::words::vocabulary;

vocabulary! {
    /// What made a revision.
    RevisionKind, "revision kind" {
        Load = "load", "首次载入", "first load";
        Edit = "edit", "编辑", "edit";
        Import = "import", "导入", "import";
        Undo = "undo", "撤销", "undo";
        Ticket = "ticket", "报修处理", "ticket";
        Inspection = "inspection", "检查", "inspection";
    }
}

/// A station as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The station's id.
    pub id: String,
    /// The revision in which it last changed.
    pub revision: u64,
    /// When that was.
    pub at: DateTime<Utc>,
    /// The station without its id's revision and time, as JSON.
    pub body: String,
}

/// All stations at one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The revision; 0 for a register into which nothing was ever written.
    pub revision: u64,
    /// The stations, in no particular order.
    pub records: Vec<Record>,
}

/// The place of a change in the log: first the revision, then the number within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LogPosition {
    /// The revision.
    pub revision: u64,
    /// The number of the change within the revision, from 1.
    pub place: u64,
}

impl LogPosition {
    /// The place behind all changes of a revision.
    pub const fn end_of(revision: u64) -> Self {
        Self {
            revision,
            place: i64::MAX.unsigned_abs(),
        }
    }
}

/// One change of one station, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedChange {
    /// Where it stands in the log.
    pub position: LogPosition,
    /// The station.
    pub id: String,
    /// The revision of the record before; `None` when there was none.
    pub before_revision: Option<u64>,
    /// The record before; `None` when there was none.
    pub before: Option<String>,
    /// The record after; `None` when it was removed.
    pub after: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// What made it.
    pub kind: RevisionKind,
    /// Why, in the writer's words.
    pub why: Option<String>,
}
