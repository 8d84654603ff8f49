//! Opens the database and reads all stations from it.

use std::sync::Once;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::TryStreamExt as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, AnyRow};
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor as _, Row as _, Transaction};

use super::{DatabaseAddress, Engine, Loaded, Record, StorageError, migration};

/// How long a call waits for a connection, and a writer on SQLite for the writer before it.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections that one instance keeps at most; reads of stations need none.
const MAX_CONNECTIONS: u32 = 8;
/// What a path may hold in the driver's URL as it is.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');

/// The register's database; a clone is another handle to the same connections.
#[derive(Debug, Clone)]
pub struct StationStore {
    pub(super) engine: Engine,
    pub(super) pool: AnyPool,
    address: DatabaseAddress,
}

impl StationStore {
    /// Connects and brings the tables up to date. A SQLite file that is not there is made.
    pub async fn open(address: &DatabaseAddress) -> Result<Self, StorageError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let engine = address.engine();
        let url = match address {
            DatabaseAddress::Server(url) => url.clone(),
            DatabaseAddress::File(path) => {
                let path = path.to_str().ok_or_else(|| StorageError::BadAddress {
                    given: path.display().to_string(),
                    reason: "the path is not UTF-8".to_owned(),
                })?;
                format!("sqlite://{}?mode=rwc", utf8_percent_encode(path, IN_PATH))
            }
        };
        let options: AnyConnectOptions =
            url.parse()
                .map_err(|error: sqlx::Error| StorageError::BadAddress {
                    given: address.to_string(),
                    reason: error.to_string(),
                })?;
        // The pool would try a hopeless address again until its patience ends.
        let connecting = |source| StorageError::new(engine, "connecting", source);
        let mut first = AnyConnection::connect_with(&options).await.map_err(connecting)?;
        prepare(engine, &mut first).await.map_err(connecting)?;
        first.close().await.map_err(connecting)?;
        let pool = AnyPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| Box::pin(prepare(engine, connection)))
            .connect_lazy_with(options);
        let store = Self {
            engine,
            pool,
            address: address.clone(),
        };
        migration::run(&store).await?;
        Ok(store)
    }

    /// The database behind the store.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Where the database is; shown without its password.
    pub const fn address(&self) -> &DatabaseAddress {
        &self.address
    }

    /// Gives the connections back; calls that are under way end first.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// All stations and the revision they are of, from one moment.
    ///
    /// About 1 kB a station is held while they are read.
    pub async fn load(&self) -> Result<Loaded, StorageError> {
        const DOING: &str = "reading all stations";
        let failed = |source| self.failed(DOING, source);
        let mut transaction = self.begin_read(DOING).await?;
        let revision = sqlx::query("SELECT COALESCE(MAX(revision), 0) FROM revisions")
            .fetch_one(&mut *transaction)
            .await
            .map_err(failed)?;
        let revision = number(&revision, 0).map_err(failed)?;
        let mut records = Vec::new();
        {
            let mut rows = sqlx::query(
                "SELECT s.id, s.revision, r.at, s.body FROM stations s JOIN revisions r ON r.revision = s.revision",
            )
            .fetch(&mut *transaction);
            while let Some(row) = rows.try_next().await.map_err(failed)? {
                records.push(record(&row).map_err(failed)?);
            }
        }
        transaction.commit().await.map_err(failed)?;
        Ok(Loaded { revision, records })
    }

    /// The record of one station; `None` when there is none.
    pub async fn record(&self, id: &str) -> Result<Option<Record>, StorageError> {
        let failed = |source| self.failed("reading a station", source);
        let row = sqlx::query(
            "SELECT s.id, s.revision, r.at, s.body FROM stations s JOIN revisions r ON r.revision = s.revision WHERE s.id = $1",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        row.as_ref().map(record).transpose().map_err(failed)
    }

    /// The records of some stations, in no particular order; those that are not there are left out.
    pub async fn records(&self, ids: &[&str]) -> Result<Vec<Record>, StorageError> {
        const DOING: &str = "reading some stations";
        let mut transaction = self.begin_read(DOING).await?;
        let known = self.known(&mut transaction, ids).await?;
        Ok(known.into_values().collect())
    }

    /// The last revision; 0 before the first. Cheap enough to ask every second.
    pub async fn revision(&self) -> Result<u64, StorageError> {
        let failed = |source| self.failed("asking for the last revision", source);
        let row = sqlx::query("SELECT COALESCE(MAX(revision), 0) FROM revisions")
            .fetch_one(&self.pool)
            .await
            .map_err(failed)?;
        number(&row, 0).map_err(failed)
    }

    /// A transaction that shuts out every other writer, so that writers take turns.
    pub(super) async fn begin_write(
        &self,
        doing: &'static str,
    ) -> Result<Transaction<'static, Any>, StorageError> {
        let failed = |source| self.failed(doing, source);
        match self.engine {
            Engine::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed),
            Engine::Postgres => {
                let mut transaction = self.pool.begin().await.map_err(failed)?;
                // Registers in different schemas of one database have turns of their own.
                transaction
                    .execute("SELECT pg_advisory_xact_lock(hashtext('yizhan ' || current_schema()))")
                    .await
                    .map_err(failed)?;
                Ok(transaction)
            }
        }
    }

    /// A transaction that sees one moment.
    pub(super) async fn begin_read(
        &self,
        doing: &'static str,
    ) -> Result<Transaction<'static, Any>, StorageError> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN DEFERRED",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.pool
            .begin_with(begin)
            .await
            .map_err(|source| self.failed(doing, source))
    }

    pub(super) fn failed(&self, doing: &'static str, source: sqlx::Error) -> StorageError {
        StorageError::new(self.engine, doing, source)
    }
}

/// What a new connection is told before anything else.
async fn prepare(engine: Engine, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    if engine == Engine::Sqlite {
        // Readers never wait for the writer; what was acknowledged survives a power cut.
        connection
            .execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
            .await?;
    }
    Ok(())
}

/// A whole number that is never negative.
pub(super) fn number(row: &AnyRow, column: usize) -> Result<u64, sqlx::Error> {
    let value: i64 = row.try_get(column)?;
    u64::try_from(value).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A time.
pub(super) fn time(row: &AnyRow, column: usize) -> Result<DateTime<Utc>, sqlx::Error> {
    let text: String = row.try_get(column)?;
    let time = DateTime::parse_from_rfc3339(&text).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(time.to_utc())
}

/// A time that may be missing.
pub(super) fn optional_time(row: &AnyRow, column: usize) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    let text: Option<String> = row.try_get(column)?;
    text.map_or(Ok(None), |_| time(row, column).map(Some))
}

/// A time as it is stored: of equal length, so that texts sort as times do.
pub(super) fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `id, revision, at, body`.
pub(super) fn record(row: &AnyRow) -> Result<Record, sqlx::Error> {
    Ok(Record {
        id: row.try_get(0)?,
        revision: number(row, 1)?,
        at: time(row, 2)?,
        body: row.try_get(3)?,
    })
}
