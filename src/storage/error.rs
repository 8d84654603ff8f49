//! What can go wrong between the register and its database.

use thiserror::Error;

use super::{Engine, Record};

/// A failure of the store. Texts may name the database; they are for logs and the command line, never for clients.
#[derive(Debug, Error)]
pub enum StorageError {
    /// The address of the database is not one that can be used.
    #[error(
        "database `{given}` is not usable: {reason}; expected a file such as `yizhan.db` or `postgres://user@host/name`"
    )]
    BadAddress {
        /// The address without its password.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database holds a register that a later version of the program has written.
    #[error(
        "the register has schema {found}, this program knows up to {known}; use the version that wrote it or a later one"
    )]
    TooNew {
        /// The schema in the database.
        found: i64,
        /// The last schema that this program knows.
        known: i64,
    },
    /// Records have changed since they were read; nothing was written.
    #[error("{} records have changed meanwhile, the first is `{}`", .0.len(), .0.first().map_or("", |stale| &stale.id))]
    Stale(Vec<StaleRecord>),
    /// An editor has changed the ticket since it was read, or it is closed; nothing was written.
    #[error("ticket {0} has changed meanwhile")]
    StaleTicket(u64),
    /// The database cannot be reached or gave up; the same call may go through later.
    #[error("the {engine} database is not available while {doing}")]
    Unavailable {
        /// Which database.
        engine: Engine,
        /// What was tried.
        doing: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The database refused a statement or holds what it should not; trying again does not help.
    #[error("the {engine} database failed while {doing}")]
    Failed {
        /// Which database.
        engine: Engine,
        /// What was tried.
        doing: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// What is stored cannot be read as what it should be.
    #[error("{what} in the database is not readable: {reason}")]
    Corrupt {
        /// Which record or document.
        what: String,
        /// Why.
        reason: String,
    },
}

/// A record that has changed since the writer read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleRecord {
    /// The station.
    pub id: String,
    /// The revision that the writer started from; `None`: it took the id to be free.
    pub expected: Option<u64>,
    /// What is stored; `None`: the station is gone.
    pub found: Option<Record>,
}

impl StorageError {
    /// Sorts a failure of the database driver into one that may pass and one that will not.
    pub(super) fn new(engine: Engine, doing: &'static str, source: sqlx::Error) -> Self {
        if is_passing(engine, &source) {
            Self::Unavailable {
                engine,
                doing,
                source,
            }
        } else {
            Self::Failed {
                engine,
                doing,
                source,
            }
        }
    }
}

/// Whether the same statement may go through later: lost connections, a database that starts or stops, a lock that was not
/// had in time, two transactions in each other's way.
fn is_passing(engine: Engine, error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| match engine {
            // Busy, locked, I/O error, disk full, cannot open; the upper bits say more.
            Engine::Sqlite => code
                .parse::<u32>()
                .is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14)),
            // Connection, resources, operator intervention, serialisation and deadlock.
            Engine::Postgres => ["08", "53", "57", "40"]
                .iter()
                .any(|class| code.starts_with(class)),
        }),
        _ => false,
    }
}
