//! What geocoding services have answered, so that nobody is asked twice.

use chrono::{DateTime, Utc};
use sqlx::Row as _;

use super::store::{time, time_text};
use super::{StationStore, StorageError};

impl StationStore {
    /// What a service answered to a question, and when; `None` when it was never asked.
    pub async fn geocode(
        &self,
        provider: &str,
        question: &str,
    ) -> Result<Option<(String, DateTime<Utc>)>, StorageError> {
        let failed = |source| self.failed("looking for a known place", source);
        let row = sqlx::query("SELECT answer, at FROM geocodes WHERE provider = $1 AND question = $2")
            .bind(provider)
            .bind(question)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        row.map(|row| Ok((row.try_get(0)?, time(&row, 1)?)))
            .transpose()
            .map_err(failed)
    }

    /// Keeps what a service answered, in the place of what it answered before.
    pub async fn keep_geocode(
        &self,
        (provider, question): (&str, &str),
        answer: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT INTO geocodes (provider, question, answer, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (provider, question) DO UPDATE SET answer = excluded.answer, at = excluded.at",
        )
        .bind(provider)
        .bind(question)
        .bind(answer)
        .bind(time_text(at))
        .execute(&self.pool)
        .await
        .map_err(|source| self.failed("keeping a place", source))?;
        Ok(())
    }
}
