//! What the sources of imports said last time, written in the same transaction as the revision that they made, and put back
//! in that of the revision that takes it back.

use std::collections::HashSet;

use futures_util::TryStreamExt as _;
use serde::Serialize;
use sqlx::any::AnyRow;
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
    /// What was remembered before this revision, where it is still as that revision has left it.
    Restore(u64),
}

impl StationStore {
    /// What a source said last time, by station.
    pub async fn bases(&self, source: &str) -> Result<Vec<ImportBase>, StorageError> {
        let failed = |source| self.failed("reading what a source said", source);
        let mut rows = sqlx::query("SELECT station, source_id, body FROM import_bases WHERE source = $1")
            .bind(source)
            .fetch(&self.pool);
        let base = |row: AnyRow| {
            Ok(ImportBase {
                station: row.try_get(0)?,
                source_id: row.try_get(1)?,
                body: row.try_get(2)?,
            })
        };
        let mut bases = Vec::new();
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            bases.push(base(row).map_err(failed)?);
        }
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
        (revision, change): (u64, &BaseChange),
    ) -> Result<(), StorageError> {
        let writing = Writing {
            store: self,
            revision,
        };
        match change {
            BaseChange::Replace {
                source,
                bases,
                mapping,
            } => {
                let there: HashSet<&str> = bases.iter().map(|base| base.station.as_str()).collect();
                let known = writing.stations_of(transaction, source).await?;
                let gone: Vec<BaseRow<'_>> = known
                    .iter()
                    .filter(|station| !there.contains(station.as_str()))
                    .map(|station| BaseRow::none(station))
                    .collect();
                let said: Vec<BaseRow<'_>> = bases.iter().map(BaseRow::from).collect();
                writing.put(transaction, source, &gone).await?;
                writing.put(transaction, source, &said).await?;
                if mapping.is_some() {
                    writing
                        .put_mapping(transaction, source, mapping.as_deref())
                        .await?;
                }
                Ok(())
            }
            BaseChange::Restore(undone) => writing.restore(transaction, *undone).await,
        }
    }
}

/// What becomes of one base.
#[derive(Debug, Serialize)]
struct BaseRow<'a> {
    station: &'a str,
    source_id: Option<&'a str>,
    /// `None` forgets the base.
    body: Option<&'a str>,
}

impl<'a> BaseRow<'a> {
    const fn none(station: &'a str) -> Self {
        Self {
            station,
            source_id: None,
            body: None,
        }
    }
}

impl<'a> From<&'a ImportBase> for BaseRow<'a> {
    fn from(base: &'a ImportBase) -> Self {
        Self {
            station: &base.station,
            source_id: Some(&base.source_id),
            body: Some(&base.body),
        }
    }
}

/// A base as it was before a revision: source, station, and what was said of it, if anything was.
type Before = (String, String, Option<(String, String)>);

/// Writes bases in the transaction of a revision, and notes beside it what they were before.
#[derive(Debug, Clone, Copy)]
struct Writing<'s> {
    store: &'s StationStore,
    revision: u64,
}

impl Writing<'_> {
    fn failed(self, source: sqlx::Error) -> StorageError {
        self.store.failed("remembering what a source said", source)
    }

    async fn stations_of(
        self,
        transaction: &mut Transaction<'static, Any>,
        source: &str,
    ) -> Result<Vec<String>, StorageError> {
        let rows = sqlx::query("SELECT station FROM import_bases WHERE source = $1 ORDER BY station")
            .bind(source)
            .fetch_all(&mut **transaction)
            .await
            .map_err(|source| self.failed(source))?;
        let stations = rows.iter().map(|row| row.try_get(0));
        stations
            .collect::<Result<_, _>>()
            .map_err(|source| self.failed(source))
    }

    /// Writes bases; those that are as they were cost a look.
    async fn put(
        self,
        transaction: &mut Transaction<'static, Any>,
        source: &str,
        rows: &[BaseRow<'_>],
    ) -> Result<(), StorageError> {
        let given = match self.store.engine {
            Engine::Sqlite => {
                "(SELECT value ->> 'station' AS station, value ->> 'source_id' AS source_id, value ->> 'body' AS body \
                 FROM json_each($2)) given"
            }
            Engine::Postgres => {
                "json_to_recordset($2::json) AS given (station TEXT, source_id TEXT, body TEXT)"
            }
        };
        let revision = self.revision;
        let statements = [
            format!(
                "INSERT INTO import_base_changes (revision, source, station, source_id, body) \
                 SELECT {revision}, $1, given.station, old.source_id, old.body FROM {given} \
                 LEFT JOIN import_bases old ON old.source = $1 AND old.station = given.station \
                 WHERE old.body IS DISTINCT FROM given.body OR old.source_id IS DISTINCT FROM given.source_id"
            ),
            format!(
                "DELETE FROM import_bases WHERE source = $1 \
                 AND station IN (SELECT given.station FROM {given} WHERE given.body IS NULL)"
            ),
            format!(
                "INSERT INTO import_bases (source, station, source_id, body) \
                 SELECT $1, given.station, given.source_id, given.body FROM {given} WHERE given.body IS NOT NULL \
                 ON CONFLICT (source, station) DO UPDATE SET source_id = excluded.source_id, body = excluded.body \
                 WHERE import_bases.body <> excluded.body OR import_bases.source_id <> excluded.source_id"
            ),
        ];
        for batch in rows.chunks(BATCH) {
            let given = json(batch);
            for statement in &statements {
                sqlx::query(AssertSqlSafe(statement.clone()))
                    .bind(source)
                    .bind(given.as_str())
                    .execute(&mut **transaction)
                    .await
                    .map_err(|source| self.failed(source))?;
            }
        }
        Ok(())
    }

    /// Writes how a source's columns are read; `None` forgets it.
    async fn put_mapping(
        self,
        transaction: &mut Transaction<'static, Any>,
        source: &str,
        mapping: Option<&str>,
    ) -> Result<(), StorageError> {
        let known = sqlx::query("SELECT body FROM import_mappings WHERE source = $1")
            .bind(source)
            .fetch_optional(&mut **transaction)
            .await
            .map_err(|source| self.failed(source))?;
        let known: Option<String> = known
            .map(|row| row.try_get(0))
            .transpose()
            .map_err(|source| self.failed(source))?;
        if known.as_deref() == mapping {
            return Ok(());
        }
        sqlx::query("INSERT INTO import_mapping_changes (revision, source, body) VALUES ($1, $2, $3)")
            .bind(self.revision.cast_signed())
            .bind(source)
            .bind(known)
            .execute(&mut **transaction)
            .await
            .map_err(|source| self.failed(source))?;
        let statement = match mapping {
            Some(_) => {
                "INSERT INTO import_mappings (source, body) VALUES ($1, $2) \
                 ON CONFLICT (source) DO UPDATE SET body = excluded.body"
            }
            None => "DELETE FROM import_mappings WHERE source = $1 AND $2 = ''",
        };
        sqlx::query(statement)
            .bind(source)
            .bind(mapping.unwrap_or_default())
            .execute(&mut **transaction)
            .await
            .map_err(|source| self.failed(source))?;
        Ok(())
    }

    /// Puts back what was remembered before a revision, where no later revision has changed it.
    async fn restore(
        self,
        transaction: &mut Transaction<'static, Any>,
        undone: u64,
    ) -> Result<(), StorageError> {
        let before = self.before(transaction, undone).await?;
        for of_source in before.chunk_by(|one, other| one.0 == other.0) {
            let Some((source, ..)) = of_source.first() else {
                continue;
            };
            let rows: Vec<BaseRow<'_>> = of_source
                .iter()
                .map(|(_, station, said)| BaseRow {
                    station,
                    source_id: said.as_ref().map(|said| said.0.as_str()),
                    body: said.as_ref().map(|said| said.1.as_str()),
                })
                .collect();
            self.put(transaction, source, &rows).await?;
        }
        let mappings = sqlx::query(
            "SELECT c.source, c.body FROM import_mapping_changes c \
             LEFT JOIN import_mapping_changes next ON next.source = c.source AND next.revision = \
             (SELECT MIN(n.revision) FROM import_mapping_changes n WHERE n.source = c.source AND n.revision > $1) \
             LEFT JOIN import_mappings now ON now.source = c.source \
             WHERE c.revision = $1 AND (next.revision IS NULL OR next.body IS NOT DISTINCT FROM now.body) \
             ORDER BY c.source",
        );
        let mappings = mappings
            .bind(undone.cast_signed())
            .fetch_all(&mut **transaction)
            .await
            .map_err(|source| self.failed(source))?;
        for row in mappings {
            let source: String = row.try_get(0).map_err(|source| self.failed(source))?;
            let body: Option<String> = row.try_get(1).map_err(|source| self.failed(source))?;
            self.put_mapping(transaction, &source, body.as_deref()).await?;
        }
        Ok(())
    }

    /// What a revision has replaced, where it still is as that revision has left it.
    ///
    /// How it was left is what the next revision found, or what there is now.
    async fn before(
        self,
        transaction: &mut Transaction<'static, Any>,
        revision: u64,
    ) -> Result<Vec<Before>, StorageError> {
        let rows = sqlx::query(
            "SELECT c.source, c.station, c.source_id, c.body FROM import_base_changes c \
             LEFT JOIN import_base_changes next ON next.source = c.source AND next.station = c.station \
             AND next.revision = (SELECT MIN(n.revision) FROM import_base_changes n \
             WHERE n.source = c.source AND n.station = c.station AND n.revision > $1) \
             LEFT JOIN import_bases now ON now.source = c.source AND now.station = c.station \
             WHERE c.revision = $1 AND (next.revision IS NULL OR (next.body IS NOT DISTINCT FROM now.body \
             AND next.source_id IS NOT DISTINCT FROM now.source_id)) ORDER BY c.source, c.station",
        )
        .bind(revision.cast_signed())
        .fetch_all(&mut **transaction)
        .await
        .map_err(|source| self.failed(source))?;
        let before = rows.iter().map(|row| {
            let (source_id, body): (Option<String>, Option<String>) = (row.try_get(2)?, row.try_get(3)?);
            Ok((row.try_get(0)?, row.try_get(1)?, source_id.zip(body)))
        });
        before
            .collect::<Result<_, _>>()
            .map_err(|source| self.failed(source))
    }
}
