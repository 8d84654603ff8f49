//! What the sources of imports said last time, written in the same transaction as the revision that they made.

use serde::Serialize;
use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use super::write::{BATCH, json};
use super::{Engine, StationStore, StorageError};

/// What a source said of one station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportBase {
    /// The station.
    pub station: String,
    /// The id that the source gave it.
    pub source_id: String,
    /// What it said, as a station's body.
    pub body: String,
}

/// What a revision makes of the memory of imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseChange {
    /// All that this source said, in the place of what it said before.
    Replace {
        /// The name of the source.
        source: String,
        /// What it said.
        bases: Vec<ImportBase>,
        /// How its columns were read, as JSON.
        mapping: Option<String>,
    },
    /// Nothing is remembered of these stations: what an import said of them is taken back.
    Forget(Vec<String>),
}

impl StationStore {
    /// What a source said last time, by station.
    pub async fn bases(&self, source: &str) -> Result<Vec<ImportBase>, StorageError> {
        let failed = |source| self.failed("reading what a source said", source);
        let rows = sqlx::query("SELECT station, source_id, body FROM import_bases WHERE source = $1")
            .bind(source)
            .fetch_all(&self.pool)
            .await
            .map_err(failed)?;
        let mut bases = rows
            .iter()
            .map(|row| {
                Ok(ImportBase {
                    station: row.try_get(0)?,
                    source_id: row.try_get(1)?,
                    body: row.try_get(2)?,
                })
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(failed)?;
        bases.sort_by(|a, b| a.station.cmp(&b.station));
        Ok(bases)
    }

    /// How the columns of a source were read last time, as JSON.
    pub async fn mapping(&self, source: &str) -> Result<Option<String>, StorageError> {
        let failed = |source| self.failed("reading a mapping", source);
        let row = sqlx::query("SELECT body FROM import_mappings WHERE source = $1")
            .bind(source)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        row.map(|row| row.try_get(0)).transpose().map_err(failed)
    }

    pub(super) async fn write_bases(
        &self,
        transaction: &mut Transaction<'static, Any>,
        change: &BaseChange,
    ) -> Result<(), StorageError> {
        let failed = |source| self.failed("remembering what a source said", source);
        match change {
            BaseChange::Forget(stations) => {
                let statement = match self.engine {
                    Engine::Sqlite => {
                        "DELETE FROM import_bases WHERE station IN (SELECT value FROM json_each($1))"
                    }
                    Engine::Postgres => {
                        "DELETE FROM import_bases WHERE station IN (SELECT json_array_elements_text($1::json))"
                    }
                };
                for batch in stations.chunks(BATCH) {
                    sqlx::query(statement)
                        .bind(json(batch))
                        .execute(&mut **transaction)
                        .await
                        .map_err(failed)?;
                }
            }
            BaseChange::Replace {
                source,
                bases,
                mapping,
            } => {
                sqlx::query("DELETE FROM import_bases WHERE source = $1")
                    .bind(source.as_str())
                    .execute(&mut **transaction)
                    .await
                    .map_err(failed)?;
                for batch in bases.chunks(BATCH) {
                    self.insert_bases(transaction, source, batch).await?;
                }
                if let Some(mapping) = mapping {
                    sqlx::query(
                        "INSERT INTO import_mappings (source, body) VALUES ($1, $2) \
                         ON CONFLICT (source) DO UPDATE SET body = excluded.body",
                    )
                    .bind(source.as_str())
                    .bind(mapping.as_str())
                    .execute(&mut **transaction)
                    .await
                    .map_err(failed)?;
                }
            }
        }
        Ok(())
    }

    async fn insert_bases(
        &self,
        transaction: &mut Transaction<'static, Any>,
        source: &str,
        batch: &[ImportBase],
    ) -> Result<(), StorageError> {
        let given = match self.engine {
            Engine::Sqlite => {
                "(SELECT value ->> 'station' AS station, value ->> 'source_id' AS source_id, value ->> 'body' AS body \
                 FROM json_each($2)) given"
            }
            Engine::Postgres => {
                "json_to_recordset($2::json) AS given (station TEXT, source_id TEXT, body TEXT)"
            }
        };
        let statement = format!(
            "INSERT INTO import_bases (source, station, source_id, body) SELECT $1, station, source_id, body FROM {given}"
        );
        sqlx::query(AssertSqlSafe(statement))
            .bind(source)
            .bind(json(batch))
            .execute(&mut **transaction)
            .await
            .map_err(|source| self.failed("remembering what a source said", source))?;
        Ok(())
    }
}
