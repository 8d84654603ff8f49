//! Files that wait for a decision and what they would change, kept until they expire: any instance answers, a restart loses
//! nothing.

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::store::{number, time, time_text};
use super::{StationStore, StorageError};

/// The most dry runs that are kept; a new one takes the place of the oldest.
pub const MAX_DRY_RUNS: u32 = 20;

/// A dry run as it is listed. What is in the texts is the business of whoever keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRun {
    /// Its name.
    pub id: String,
    /// When the file came.
    pub made_at: DateTime<Utc>,
    /// When it is forgotten.
    pub expires_at: DateTime<Utc>,
    /// Who brought the file.
    pub who: String,
    /// How often it was worked out, from 1.
    pub version: u64,
    /// The revision of the register that it was worked out from.
    pub base: u64,
    /// How the file is to be read and what was decided, as JSON.
    pub asked: String,
    /// What it comes to, as JSON.
    pub summary: String,
    /// A number for everything that it would do.
    pub digest: String,
}

/// Some rows of a dry run that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRunPage {
    /// What happens to its rows: the union of their outcomes, a bit each.
    pub outcomes: u32,
    /// The rows, a JSON object a line.
    pub body: String,
}

/// A dry run that is worked out.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// What is listed.
    pub run: &'a DryRun,
    /// Its rows.
    pub pages: &'a [DryRunPage],
}

/// A dry run with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRunEntry {
    /// The dry run.
    pub run: DryRun,
    /// The revision that it was committed as.
    pub committed: Option<u64>,
    /// The revision that took that one back.
    pub undone: Option<u64>,
}

impl DryRun {
    /// The name under which it is committed, at most once.
    pub fn request(&self) -> String {
        format!("dry run {}", self.id)
    }
}

/// All columns, in the order in which [`entry`] reads them.
const SELECT: &str = "SELECT d.id, d.made_at, d.expires_at, d.who, d.version, d.base, d.asked, d.summary, d.digest, \
                      made.revision, undone.revision FROM dry_runs d \
                      LEFT JOIN revisions made ON made.request = 'dry run ' || d.id \
                      LEFT JOIN revisions undone ON undone.request = 'undo ' || CAST(made.revision AS TEXT)";
const DOING: &str = "keeping a dry run";

impl StationStore {
    /// Keeps a new dry run with its file, whole or not at all. Those that have expired go, and the oldest of too many.
    pub async fn keep_dry_run(&self, Kept { run, pages }: Kept<'_>, file: &[u8]) -> Result<(), StorageError> {
        let failed = |source| self.failed(DOING, source);
        let mut transaction = self.begin_write(DOING).await?;
        sqlx::query("DELETE FROM dry_runs WHERE expires_at <= $1")
            .bind(time_text(run.made_at))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        sqlx::query(
            "DELETE FROM dry_runs WHERE id NOT IN (SELECT id FROM dry_runs ORDER BY made_at DESC, id DESC LIMIT $1)",
        )
        .bind(i64::from(MAX_DRY_RUNS) - 1)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        sqlx::query(
            "INSERT INTO dry_runs (id, made_at, expires_at, who, version, base, asked, summary, digest) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(run.id.as_str())
        .bind(time_text(run.made_at))
        .bind(time_text(run.expires_at))
        .bind(run.who.as_str())
        .bind(run.version.cast_signed())
        .bind(run.base.cast_signed())
        .bind(run.asked.as_str())
        .bind(run.summary.as_str())
        .bind(run.digest.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        sqlx::query("INSERT INTO dry_run_files (dry_run, body) VALUES ($1, $2)")
            .bind(run.id.as_str())
            .bind(file)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        self.write_pages(&mut transaction, &run.id, pages).await?;
        transaction.commit().await.map_err(failed)
    }

    /// Puts a dry run that was worked out anew in the place of the version before it; `false` when that is not there any
    /// more.
    pub async fn replace_dry_run(&self, Kept { run, pages }: Kept<'_>) -> Result<bool, StorageError> {
        let failed = |source| self.failed(DOING, source);
        let mut transaction = self.begin_write(DOING).await?;
        let done = sqlx::query(
            "UPDATE dry_runs SET version = $2, base = $3, asked = $4, summary = $5, digest = $6 \
             WHERE id = $1 AND version = $2 - 1",
        )
        .bind(run.id.as_str())
        .bind(run.version.cast_signed())
        .bind(run.base.cast_signed())
        .bind(run.asked.as_str())
        .bind(run.summary.as_str())
        .bind(run.digest.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM dry_run_pages WHERE dry_run = $1")
            .bind(run.id.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        self.write_pages(&mut transaction, &run.id, pages).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    async fn write_pages(
        &self,
        transaction: &mut sqlx::Transaction<'static, sqlx::Any>,
        id: &str,
        pages: &[DryRunPage],
    ) -> Result<(), StorageError> {
        for (number, page) in (0_i64..).zip(pages) {
            sqlx::query("INSERT INTO dry_run_pages (dry_run, page, outcomes, body) VALUES ($1, $2, $3, $4)")
                .bind(id)
                .bind(number)
                .bind(i64::from(page.outcomes))
                .bind(page.body.as_str())
                .execute(&mut **transaction)
                .await
                .map_err(|source| self.failed(DOING, source))?;
        }
        Ok(())
    }

    /// The dry runs that have not expired, the newest first.
    pub async fn dry_runs(&self, now: DateTime<Utc>) -> Result<Vec<DryRunEntry>, StorageError> {
        let failed = |source| self.failed("listing dry runs", source);
        let statement = format!("{SELECT} WHERE d.expires_at > $1 ORDER BY d.made_at DESC, d.id DESC");
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(time_text(now))
            .fetch_all(&self.pool)
            .await
            .map_err(failed)?;
        rows.iter().map(entry).collect::<Result<_, _>>().map_err(failed)
    }

    /// One dry run that has not expired.
    pub async fn dry_run(&self, id: &str, now: DateTime<Utc>) -> Result<Option<DryRunEntry>, StorageError> {
        let failed = |source| self.failed("reading a dry run", source);
        let statement = format!("{SELECT} WHERE d.id = $1 AND d.expires_at > $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(id)
            .bind(time_text(now))
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        row.as_ref().map(entry).transpose().map_err(failed)
    }

    /// The file of a dry run, byte by byte as it came.
    pub async fn dry_run_file(&self, id: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let failed = |source| self.failed("reading the file of a dry run", source);
        let row = sqlx::query("SELECT body FROM dry_run_files WHERE dry_run = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        row.map(|row| row.try_get(0)).transpose().map_err(failed)
    }

    /// The first page of a dry run, from a number on, in which some row has one of the outcomes; with its number.
    pub async fn dry_run_page(
        &self,
        id: &str,
        (from, outcomes): (u64, u32),
    ) -> Result<Option<(u64, DryRunPage)>, StorageError> {
        let failed = |source| self.failed("reading rows of a dry run", source);
        let row = sqlx::query(
            "SELECT page, outcomes, body FROM dry_run_pages WHERE dry_run = $1 AND page >= $2 AND (outcomes & $3) <> 0 \
             ORDER BY page LIMIT 1",
        )
        .bind(id)
        .bind(from.cast_signed())
        .bind(i64::from(outcomes))
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let read = |row: &AnyRow| {
            let page = DryRunPage {
                outcomes: u32::try_from(number(row, 1)?).unwrap_or(u32::MAX),
                body: row.try_get(2)?,
            };
            Ok((number(row, 0)?, page))
        };
        read(&row).map(Some).map_err(failed)
    }

    /// Forgets a dry run with its file; `false` when there is none.
    pub async fn forget_dry_run(&self, id: &str) -> Result<bool, StorageError> {
        let done = sqlx::query("DELETE FROM dry_runs WHERE id = $1")
            .bind(id)
            .execute(&self.pool)
            .await
            .map_err(|source| self.failed("forgetting a dry run", source))?;
        Ok(done.rows_affected() > 0)
    }
}

fn entry(row: &AnyRow) -> Result<DryRunEntry, sqlx::Error> {
    let revision = |column| {
        let value: Option<i64> = row.try_get(column)?;
        Ok::<_, sqlx::Error>(value.map(i64::cast_unsigned))
    };
    Ok(DryRunEntry {
        run: DryRun {
            id: row.try_get(0)?,
            made_at: time(row, 1)?,
            expires_at: time(row, 2)?,
            who: row.try_get(3)?,
            version: number(row, 4)?,
            base: number(row, 5)?,
            asked: row.try_get(6)?,
            summary: row.try_get(7)?,
            digest: row.try_get(8)?,
        },
        committed: revision(9)?,
        undone: revision(10)?,
    })
}
