//! Reads the log of changes: from a position on, and the history of one station.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::store::{number, time};
use super::{LogPosition, LoggedChange, RevisionKind, StationStore, StorageError};

impl StationStore {
    /// The changes after a position, in the order of the log, at most `limit`.
    ///
    /// What was once read never changes, and new changes only come after all others.
    pub async fn changes_after(
        &self,
        position: LogPosition,
        limit: u32,
    ) -> Result<Vec<LoggedChange>, StorageError> {
        let failed = |source| self.failed("reading changes", source);
        let rows = sqlx::query(
            "SELECT c.revision, c.place, c.id, c.before_revision, c.before_body, c.after_body, r.at, r.who, r.kind, r.why \
             FROM changes c JOIN revisions r ON r.revision = c.revision \
             WHERE (c.revision, c.place) > ($1, $2) ORDER BY c.revision, c.place LIMIT $3",
        )
        .bind(position.revision.cast_signed())
        .bind(position.place.cast_signed())
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        rows.iter().map(change).collect::<Result<_, _>>().map_err(failed)
    }

    /// The changes of one revision.
    pub async fn changes_of(&self, revision: u64) -> Result<Vec<LoggedChange>, StorageError> {
        let mut changes = Vec::new();
        let mut position = LogPosition { revision, place: 0 };
        loop {
            let page = self.changes_after(position, 5_000).await?;
            let is_last =
                page.len() < 5_000 || page.iter().any(|change| change.position.revision != revision);
            changes.extend(
                page.into_iter()
                    .filter(|change| change.position.revision == revision),
            );
            match changes.last() {
                Some(last) if !is_last => position = last.position,
                _ => return Ok(changes),
            }
        }
    }

    /// What happened to one station, the latest first, at most `limit`.
    pub async fn history(&self, id: &str, limit: u32) -> Result<Vec<LoggedChange>, StorageError> {
        self.history_before(id, None, limit).await
    }

    /// What happened to one station before a revision, the latest first, at most `limit`.
    pub async fn history_before(
        &self,
        id: &str,
        revision: Option<u64>,
        limit: u32,
    ) -> Result<Vec<LoggedChange>, StorageError> {
        let failed = |source| self.failed("reading the history of a station", source);
        let rows = sqlx::query(
            "SELECT c.revision, c.place, c.id, c.before_revision, c.before_body, c.after_body, r.at, r.who, r.kind, r.why \
             FROM changes c JOIN revisions r ON r.revision = c.revision \
             WHERE c.id = $1 AND c.revision < $2 ORDER BY c.revision DESC LIMIT $3",
        )
        .bind(id)
        .bind(revision.map_or(i64::MAX, u64::cast_signed))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        rows.iter().map(change).collect::<Result<_, _>>().map_err(failed)
    }
}

fn change(row: &AnyRow) -> Result<LoggedChange, sqlx::Error> {
    let before_revision: Option<i64> = row.try_get(3)?;
    let kind: String = row.try_get(8)?;
    Ok(LoggedChange {
        position: LogPosition {
            revision: number(row, 0)?,
            place: number(row, 1)?,
        },
        id: row.try_get(2)?,
        before_revision: before_revision.map(i64::cast_unsigned),
        before: row.try_get(4)?,
        after: row.try_get(5)?,
        at: time(row, 6)?,
        who: row.try_get(7)?,
        kind: kind
            .parse::<RevisionKind>()
            .map_err(|error| sqlx::Error::Decode(error.into()))?,
        why: row.try_get(9)?,
    })
}
