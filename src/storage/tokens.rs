//! The tokens of those who write: hashes only.

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::store::{optional_time, time, time_text};
use super::{StationStore, StorageError};

/// A token as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// What it is called in logs and lists.
    pub id: String,
    /// Whose it is.
    pub name: String,
    /// The word of its role.
    pub role: String,
    /// SHA-256 of the secret, in hexadecimal digits.
    pub hash: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it stops being good; `None`: never by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl StationStore {
    /// Keeps a new token.
    pub async fn add_token(&self, token: &TokenRecord) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT INTO tokens (id, name, role, hash, made_at, expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(token.id.as_str())
        .bind(token.name.as_str())
        .bind(token.role.as_str())
        .bind(token.hash.as_str())
        .bind(time_text(token.made_at))
        .bind(token.expires_at.map(time_text))
        .bind(token.revoked_at.map(time_text))
        .execute(&self.pool)
        .await
        .map_err(|source| self.failed("keeping a token", source))?;
        Ok(())
    }

    /// All tokens, the oldest first; expired and revoked ones too.
    pub async fn tokens(&self) -> Result<Vec<TokenRecord>, StorageError> {
        let failed = |source| self.failed("reading tokens", source);
        let rows = sqlx::query(
            "SELECT id, name, role, hash, made_at, expires_at, revoked_at FROM tokens ORDER BY made_at, id",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        rows.iter().map(token).collect::<Result<_, _>>().map_err(failed)
    }

    /// Ends a token; `false` when there is none of that id that was not ended before.
    pub async fn revoke_token(&self, id: &str, at: DateTime<Utc>) -> Result<bool, StorageError> {
        let done = sqlx::query("UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
            .bind(id)
            .bind(time_text(at))
            .execute(&self.pool)
            .await
            .map_err(|source| self.failed("revoking a token", source))?;
        Ok(done.rows_affected() > 0)
    }
}

fn token(row: &AnyRow) -> Result<TokenRecord, sqlx::Error> {
    Ok(TokenRecord {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        role: row.try_get(2)?,
        hash: row.try_get(3)?,
        made_at: time(row, 4)?,
        expires_at: optional_time(row, 5)?,
        revoked_at: optional_time(row, 6)?,
    })
}
