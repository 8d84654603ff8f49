//! One revision: records, log and number in one transaction.

use std::collections::HashMap;

use chrono::{DateTime, SubsecRound as _, Utc};
use serde::Serialize;
use sqlx::{Any, AssertSqlSafe, Transaction};

use super::notices::CHANNEL;
use super::store::{number, record, time_text};
use super::{BaseChange, Beside, Engine, Record, RevisionKind, StaleRecord, StationStore, StorageError};

/// Rows that go to the database in one statement.
pub(super) const BATCH: usize = 500;
const DOING: &str = "writing a revision";

/// What one change makes of one station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// The station.
    pub id: String,
    /// The revision of the record that the writer started from; `None`: there must be none.
    pub expected: Option<u64>,
    /// The new body; `None` removes the station.
    pub after: Option<String>,
}

/// A revision to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRevision {
    /// Who writes, for the log.
    pub who: String,
    /// What makes the revision.
    pub kind: RevisionKind,
    /// Why, in the writer's words.
    pub why: Option<String>,
    /// A name under which this revision is written at most once: the same name again changes nothing.
    pub request: Option<String>,
    /// The changes; no station twice.
    pub changes: Vec<NewChange>,
    /// What becomes of the memory of imports.
    pub bases: Option<BaseChange>,
}

/// A revision that is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Its number.
    pub revision: u64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Whether an earlier call with the same request had written it.
    pub is_repeated: bool,
}

/// A row of the log as it goes to the database.
#[derive(Serialize)]
struct LogRow<'a> {
    place: u64,
    id: &'a str,
    before_revision: Option<u64>,
    before_body: Option<&'a str>,
    after_body: Option<&'a str>,
}

impl StationStore {
    /// Writes a revision, whole or not at all; when it returns, the revision is durable.
    ///
    /// [`StorageError::Stale`] lists every record that is not what the writer expected. After
    /// [`StorageError::Unavailable`] the revision may or may not be there when the connection was lost in the last step;
    /// trying again is safe, because expectations or the request's name then refuse or repeat it. O(changes).
    pub async fn commit(&self, new: &NewRevision) -> Result<Committed, StorageError> {
        self.write(new, None).await.map(|(committed, _)| committed)
    }

    /// Writes a revision with what belongs to it; the id of that.
    pub(super) async fn write(
        &self,
        new: &NewRevision,
        beside: Option<&Beside>,
    ) -> Result<(Committed, Option<u64>), StorageError> {
        let mut transaction = self.begin_write(DOING).await?;
        if let Some(request) = &new.request
            && let Some(committed) = self.repeated(&mut transaction, request).await?
        {
            return Ok((committed, None));
        }
        let ids: Vec<&str> = new.changes.iter().map(|change| change.id.as_str()).collect();
        let known = self.known(&mut transaction, &ids).await?;
        check(&new.changes, &known)?;
        let committed = self.write_revision(&mut transaction, new).await?;
        for (start, changes) in (0_u64..).step_by(BATCH).zip(new.changes.chunks(BATCH)) {
            self.write_changes(&mut transaction, committed.revision, (start, changes), &known)
                .await?;
        }
        if let Some(bases) = &new.bases {
            self.write_bases(&mut transaction, (committed.revision, bases))
                .await?;
        }
        let id = match beside {
            Some(beside) => Some(
                self.put_beside(&mut transaction, beside, Some(committed.revision))
                    .await?,
            ),
            None => None,
        };
        if self.engine == Engine::Postgres {
            // Told when the transaction is durable, and not when it is not.
            sqlx::query("SELECT pg_notify($1, '')")
                .bind(CHANNEL)
                .execute(&mut *transaction)
                .await
                .map_err(|source| self.failed(DOING, source))?;
        }
        transaction
            .commit()
            .await
            .map_err(|source| self.failed(DOING, source))?;
        Ok((committed, id))
    }

    /// The revision that was written under a request's name; `None` when there is none.
    pub async fn committed(&self, request: &str) -> Result<Option<Committed>, StorageError> {
        let mut transaction = self.begin_read("looking for a request").await?;
        self.repeated(&mut transaction, request).await
    }

    async fn repeated(
        &self,
        transaction: &mut Transaction<'static, Any>,
        request: &str,
    ) -> Result<Option<Committed>, StorageError> {
        let failed = |source| self.failed(DOING, source);
        let row = sqlx::query("SELECT revision, at FROM revisions WHERE request = $1")
            .bind(request)
            .fetch_optional(&mut **transaction)
            .await
            .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Committed {
            revision: number(&row, 0).map_err(failed)?,
            at: super::store::time(&row, 1).map_err(failed)?,
            is_repeated: true,
        }))
    }

    /// The stored records of some stations.
    pub(super) async fn known(
        &self,
        transaction: &mut Transaction<'static, Any>,
        ids: &[&str],
    ) -> Result<HashMap<String, Record>, StorageError> {
        let failed = |source| self.failed(DOING, source);
        let statement = match self.engine {
            Engine::Sqlite => {
                "SELECT s.id, s.revision, r.at, s.body FROM json_each($1) given JOIN stations s ON s.id = given.value \
                 JOIN revisions r ON r.revision = s.revision"
            }
            Engine::Postgres => {
                "SELECT s.id, s.revision, r.at, s.body FROM json_array_elements_text($1::json) given (value) \
                 JOIN stations s ON s.id = given.value JOIN revisions r ON r.revision = s.revision"
            }
        };
        let mut known = HashMap::new();
        for batch in ids.chunks(BATCH) {
            let rows = sqlx::query(statement)
                .bind(json(batch))
                .fetch_all(&mut **transaction)
                .await
                .map_err(failed)?;
            for row in rows {
                let record = record(&row).map_err(failed)?;
                known.insert(record.id.clone(), record);
            }
        }
        Ok(known)
    }

    async fn write_revision(
        &self,
        transaction: &mut Transaction<'static, Any>,
        new: &NewRevision,
    ) -> Result<Committed, StorageError> {
        let failed = |source| self.failed(DOING, source);
        let last = sqlx::query("SELECT COALESCE(MAX(revision), 0) FROM revisions")
            .fetch_one(&mut **transaction)
            .await
            .map_err(failed)?;
        let committed = Committed {
            revision: number(&last, 0).map_err(failed)? + 1,
            at: Utc::now().trunc_subsecs(3),
            is_repeated: false,
        };
        sqlx::query(
            "INSERT INTO revisions (revision, at, who, kind, why, request) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(committed.revision.cast_signed())
        .bind(time_text(committed.at))
        .bind(new.who.as_str())
        .bind(new.kind.word())
        .bind(new.why.clone())
        .bind(new.request.clone())
        .execute(&mut **transaction)
        .await
        .map_err(failed)?;
        Ok(committed)
    }

    async fn write_changes(
        &self,
        transaction: &mut Transaction<'static, Any>,
        revision: u64,
        (start, changes): (u64, &[NewChange]),
        known: &HashMap<String, Record>,
    ) -> Result<(), StorageError> {
        let rows: Vec<LogRow<'_>> = (start + 1..)
            .zip(changes)
            .map(|(place, change)| {
                let before = known.get(&change.id);
                LogRow {
                    place,
                    id: &change.id,
                    before_revision: before.map(|record| record.revision),
                    before_body: before.map(|record| record.body.as_str()),
                    after_body: change.after.as_deref(),
                }
            })
            .collect();
        let rows = json(&rows);
        let given = match self.engine {
            Engine::Sqlite => {
                "(SELECT value ->> 'place' AS place, value ->> 'id' AS id, value ->> 'before_revision' AS before_revision, \
                 value ->> 'before_body' AS before_body, value ->> 'after_body' AS after_body FROM json_each($2)) given"
            }
            Engine::Postgres => {
                "json_to_recordset($2::json) AS given (place BIGINT, id TEXT, before_revision BIGINT, before_body TEXT, \
                 after_body TEXT)"
            }
        };
        for statement in [
            format!(
                "INSERT INTO changes (revision, place, id, before_revision, before_body, after_body) \
                 SELECT $1, place, id, before_revision, before_body, after_body FROM {given}"
            ),
            format!(
                "DELETE FROM stations WHERE $1 > 0 AND id IN (SELECT id FROM {given} WHERE after_body IS NULL)"
            ),
            format!(
                "INSERT INTO stations (id, revision, body) SELECT id, $1, after_body FROM {given} \
                 WHERE after_body IS NOT NULL \
                 ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, body = excluded.body"
            ),
        ] {
            sqlx::query(AssertSqlSafe(statement))
                .bind(revision.cast_signed())
                .bind(rows.as_str())
                .execute(&mut **transaction)
                .await
                .map_err(|source| self.failed(DOING, source))?;
        }
        Ok(())
    }
}

/// Every record that is not what the writer expects.
fn check(changes: &[NewChange], known: &HashMap<String, Record>) -> Result<(), StorageError> {
    let stale: Vec<StaleRecord> = changes
        .iter()
        .filter(|change| known.get(&change.id).map(|record| record.revision) != change.expected)
        .map(|change| StaleRecord {
            id: change.id.clone(),
            expected: change.expected,
            found: known.get(&change.id).cloned(),
        })
        .collect();
    if stale.is_empty() {
        Ok(())
    } else {
        Err(StorageError::Stale(stale))
    }
}

/// Texts and numbers only, which always can be written.
pub(super) fn json<T: Serialize>(rows: &[T]) -> String {
    serde_json::to_string(rows).unwrap_or_default()
}
