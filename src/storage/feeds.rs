//! Addresses that sheets are fetched from. Of several instances one has a feed at a time: it has claimed it.

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::store::{optional_time, time, time_text};
use super::{StationStore, StorageError};

/// A feed as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRecord {
    /// The name of its source.
    pub name: String,
    /// Where the sheet is.
    pub url: String,
    /// How it is fetched and taken, as JSON.
    pub settings: String,
    /// When it is to be fetched next.
    pub due_at: DateTime<Utc>,
    /// Until when an instance has it to itself; `None`: nobody has.
    pub claimed_until: Option<DateTime<Utc>>,
    /// The version of the last answer, by its header `ETag`.
    pub etag: Option<String>,
    /// The version of the last answer, by its header `Last-Modified`.
    pub last_modified: Option<String>,
    /// What came of the last time, as JSON; `None` before the first.
    pub outcome: Option<String>,
    /// Whether a file waits for a person.
    pub has_file: bool,
}

/// What a run leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRun {
    /// When the feed is to be fetched next.
    pub due_at: DateTime<Utc>,
    /// The version of the answer.
    pub etag: Option<String>,
    /// The version of the answer.
    pub last_modified: Option<String>,
    /// What came of it, as JSON.
    pub outcome: String,
    /// What becomes of the file that waits.
    pub file: FeedFile,
}

/// What becomes of the file that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedFile {
    /// It waits on, if there is one.
    Keep,
    /// None waits.
    Drop,
    /// This one waits in its place.
    Put(String),
}

const COLUMNS: &str = "name, url, settings, due_at, claimed_until, etag, last_modified, outcome, \
    CASE WHEN file IS NULL THEN 0 ELSE 1 END";

impl StationStore {
    /// Keeps a new feed, due at once; `false` when there is one of that name.
    pub async fn add_feed(
        &self,
        (name, url): (&str, &str),
        settings: &str,
        due_at: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let done = sqlx::query(
            "INSERT INTO feeds (name, url, settings, due_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
        )
        .bind(name)
        .bind(url)
        .bind(settings)
        .bind(time_text(due_at))
        .execute(&self.pool)
        .await
        .map_err(|source| self.failed("keeping a feed", source))?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets a feed; what it brought stays. `false` when there is none of that name.
    pub async fn remove_feed(&self, name: &str) -> Result<bool, StorageError> {
        let done = sqlx::query("DELETE FROM feeds WHERE name = $1")
            .bind(name)
            .execute(&self.pool)
            .await
            .map_err(|source| self.failed("removing a feed", source))?;
        Ok(done.rows_affected() > 0)
    }

    /// All feeds by name, without the files that wait.
    pub async fn feeds(&self) -> Result<Vec<FeedRecord>, StorageError> {
        let failed = |source| self.failed("reading feeds", source);
        let statement = format!("SELECT {COLUMNS} FROM feeds");
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .fetch_all(&self.pool)
            .await
            .map_err(failed)?;
        let mut feeds: Vec<FeedRecord> = rows.iter().map(feed).collect::<Result<_, _>>().map_err(failed)?;
        feeds.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(feeds)
    }

    /// The file of a feed that waits for a person; `None` when none does.
    pub async fn feed_file(&self, name: &str) -> Result<Option<String>, StorageError> {
        let failed = |source| self.failed("reading the file of a feed", source);
        let row = sqlx::query("SELECT file FROM feeds WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        row.map_or(Ok(None), |row| row.try_get(0)).map_err(failed)
    }

    /// Takes a feed to oneself until a time; `false` when another has it, or it is not due by `due` any more.
    pub async fn claim_feed(
        &self,
        name: &str,
        (now, due, until): (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>),
    ) -> Result<bool, StorageError> {
        let done = sqlx::query(
            "UPDATE feeds SET claimed_until = $4 WHERE name = $1 AND due_at <= $3 \
             AND (claimed_until IS NULL OR claimed_until <= $2)",
        )
        .bind(name)
        .bind(time_text(now))
        .bind(time_text(due))
        .bind(time_text(until))
        .execute(&self.pool)
        .await
        .map_err(|source| self.failed("claiming a feed", source))?;
        Ok(done.rows_affected() > 0)
    }

    /// Writes down what came of a run and gives the claim back; `false` when the claim had passed to another.
    pub async fn finish_feed(
        &self,
        (name, claimed_until): (&str, DateTime<Utc>),
        run: &FeedRun,
    ) -> Result<bool, StorageError> {
        let (keeps, file) = match &run.file {
            FeedFile::Keep => (1_i64, None),
            FeedFile::Drop => (0, None),
            FeedFile::Put(file) => (0, Some(file.as_str())),
        };
        let done = sqlx::query(
            "UPDATE feeds SET due_at = $3, claimed_until = NULL, etag = $4, last_modified = $5, outcome = $6, \
             file = CASE WHEN $7 = 1 THEN file ELSE $8 END WHERE name = $1 AND claimed_until = $2",
        )
        .bind(name)
        .bind(time_text(claimed_until))
        .bind(time_text(run.due_at))
        .bind(run.etag.clone())
        .bind(run.last_modified.clone())
        .bind(run.outcome.as_str())
        .bind(keeps)
        .bind(file)
        .execute(&self.pool)
        .await
        .map_err(|source| self.failed("writing down what a feed brought", source))?;
        Ok(done.rows_affected() > 0)
    }

    /// Drops the file that waits when it is this one, and writes down what came of it; `false` when it is not. Whoever has
    /// claimed the feed loses the claim: what a run in this moment found was compared with the register of before.
    pub async fn settle_feed(&self, (name, file): (&str, &str), outcome: &str) -> Result<bool, StorageError> {
        let done = sqlx::query(
            "UPDATE feeds SET file = NULL, claimed_until = NULL, outcome = $3 WHERE name = $1 AND file = $2",
        )
        .bind(name)
        .bind(file)
        .bind(outcome)
        .execute(&self.pool)
        .await
        .map_err(|source| self.failed("settling the file of a feed", source))?;
        Ok(done.rows_affected() > 0)
    }
}

fn feed(row: &AnyRow) -> Result<FeedRecord, sqlx::Error> {
    Ok(FeedRecord {
        name: row.try_get(0)?,
        url: row.try_get(1)?,
        settings: row.try_get(2)?,
        due_at: time(row, 3)?,
        claimed_until: optional_time(row, 4)?,
        etag: row.try_get(5)?,
        last_modified: row.try_get(6)?,
        outcome: row.try_get(7)?,
        has_file: row.try_get::<i64, _>(8)? > 0,
    })
}
