//! The tables that a backup holds, and those that are left out on purpose. A test compares both with the schema.

/// A table of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [(&'static str, Kind)],
    /// How many of the columns, from the first on, are its primary key; rows are written in the order of it.
    pub key: usize,
}

/// What a column holds; each may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `TEXT`.
    Text,
    /// `BIGINT`.
    Whole,
}

use Kind::{Text, Whole};

/// Every table that a backup holds; one that refers to another stands behind it.
pub const TABLES: &[Table] = &[
    Table {
        name: "revisions",
        columns: &[
            ("revision", Whole),
            ("at", Text),
            ("who", Text),
            ("kind", Text),
            ("why", Text),
            ("request", Text),
        ],
        key: 1,
    },
    Table {
        name: "stations",
        columns: &[("id", Text), ("revision", Whole), ("body", Text)],
        key: 1,
    },
    Table {
        name: "changes",
        columns: &[
            ("revision", Whole),
            ("place", Whole),
            ("id", Text),
            ("before_revision", Whole),
            ("before_body", Text),
            ("after_body", Text),
        ],
        key: 2,
    },
    // Hashes of secrets, as the register keeps them; the secrets themselves are kept nowhere.
    Table {
        name: "tokens",
        columns: &[
            ("id", Text),
            ("name", Text),
            ("role", Text),
            ("hash", Text),
            ("made_at", Text),
            ("expires_at", Text),
            ("revoked_at", Text),
        ],
        key: 1,
    },
    Table {
        name: "import_bases",
        columns: &[
            ("source", Text),
            ("station", Text),
            ("source_id", Text),
            ("body", Text),
        ],
        key: 2,
    },
    Table {
        name: "import_mappings",
        columns: &[("source", Text), ("body", Text)],
        key: 1,
    },
    Table {
        name: "import_base_changes",
        columns: &[
            ("source", Text),
            ("station", Text),
            ("revision", Whole),
            ("source_id", Text),
            ("body", Text),
        ],
        key: 3,
    },
    Table {
        name: "import_mapping_changes",
        columns: &[("source", Text), ("revision", Whole), ("body", Text)],
        key: 2,
    },
    Table {
        name: "tickets",
        columns: &[
            ("id", Whole),
            ("station", Text),
            ("kind", Text),
            ("facility", Text),
            ("state", Text),
            ("version", Whole),
            ("reports", Whole),
            ("opened_at", Text),
            ("reported_at", Text),
            ("changed_at", Text),
            ("changed_by", Text),
            ("note", Text),
            ("revision", Whole),
        ],
        key: 1,
    },
    Table {
        name: "ticket_sayings",
        columns: &[("ticket", Whole), ("place", Whole), ("at", Text), ("body", Text)],
        key: 2,
    },
    Table {
        name: "visits",
        columns: &[("station", Text), ("day", Text), ("visits", Whole)],
        key: 2,
    },
    Table {
        name: "inspections",
        columns: &[
            ("id", Whole),
            ("station", Text),
            ("day", Text),
            ("at", Text),
            ("who", Text),
            ("body", Text),
            ("revision", Whole),
        ],
        key: 1,
    },
    Table {
        name: "feeds",
        columns: &[
            ("name", Text),
            ("url", Text),
            ("settings", Text),
            ("due_at", Text),
            ("claimed_until", Text),
            ("etag", Text),
            ("last_modified", Text),
            ("outcome", Text),
            ("file", Text),
        ],
        key: 1,
    },
    Table {
        name: "geocodes",
        columns: &[
            ("provider", Text),
            ("question", Text),
            ("answer", Text),
            ("at", Text),
        ],
        key: 2,
    },
];

/// Tables that no backup holds: the steps of the schema are those of the program that restores; dry runs wait some days for a
/// decision about the register as it was, and are made again from their files.
pub const LEFT_OUT: &[&str] = &["schema_steps", "dry_runs", "dry_run_files", "dry_run_pages"];
