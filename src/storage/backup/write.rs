//! Writes a backup: everything that one read transaction sees.

use std::io::{self, Write};

use chrono::{SubsecRound as _, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::TryStreamExt as _;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use super::super::migration::SCHEMA;
use super::super::store::number;
use super::super::{Engine, StationStore};
use super::{
    BackupError, Checked, End, FORMAT, Header, Kind, StorageError, TABLES, Table, TableHeader, VERSION,
};

const DOING: &str = "making a backup";
/// Rows after which progress is told.
const TOLD_EVERY: u64 = 1_000;

impl StationStore {
    /// Writes everything that the register holds at this moment, of one revision, while others read and write.
    ///
    /// `progress` hears how many rows of how many are written. O(rows), in a few rows' memory.
    pub async fn backup<W: Write>(
        &self,
        out: W,
        progress: &dyn Fn(u64, u64),
    ) -> Result<(Header, W), BackupError> {
        let mut transaction = self.begin_read(DOING).await?;
        let header = self.header(&mut transaction).await?;
        let mut lines = Lines::new(out);
        lines.push(&header)?;
        let (mut rows, all) = (0_u64, header.rows());
        for table in TABLES {
            let statement = select(self.engine, table);
            let mut stream = sqlx::query(AssertSqlSafe(statement)).fetch(&mut *transaction);
            while let Some(row) = stream
                .try_next()
                .await
                .map_err(|source| self.failed(DOING, source))?
            {
                let line = line(table, &row).map_err(|source| self.failed(DOING, source))?;
                lines.push_text(&line)?;
                rows += 1;
                if rows.is_multiple_of(TOLD_EVERY) {
                    progress(rows, all);
                }
            }
        }
        progress(rows, all);
        let out = lines.finish(rows)?;
        Ok((header, out))
    }

    async fn header(&self, transaction: &mut Transaction<'static, Any>) -> Result<Header, StorageError> {
        let mut tables = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            let statement = format!("SELECT COUNT(*) FROM {}", table.name);
            tables.push(TableHeader {
                name: table.name.to_owned(),
                columns: table.columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
                rows: self.one_number(transaction, statement).await?,
            });
        }
        let revision = "SELECT COALESCE(MAX(revision), 0) FROM revisions".to_owned();
        Ok(Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            schema: SCHEMA,
            revision: self.one_number(transaction, revision).await?,
            made_at: Utc::now().trunc_subsecs(3),
            tables,
        })
    }

    pub(super) async fn one_number(
        &self,
        transaction: &mut Transaction<'static, Any>,
        statement: String,
    ) -> Result<u64, StorageError> {
        let failed = |source| self.failed(DOING, source);
        let row = sqlx::query(AssertSqlSafe(statement))
            .fetch_one(&mut **transaction)
            .await
            .map_err(failed)?;
        number(&row, 0).map_err(failed)
    }
}

/// All rows in the order of the key; texts byte by byte, so that both engines agree.
fn select(engine: Engine, table: &Table) -> String {
    let mut statement = String::from("SELECT ");
    for (position, (column, _)) in table.columns.iter().enumerate() {
        statement.push_str(if position == 0 { "" } else { ", " });
        statement.push_str(column);
    }
    statement.extend([" FROM ", table.name, " ORDER BY "]);
    for (position, (column, kind)) in table.columns.iter().take(table.key).enumerate() {
        statement.push_str(if position == 0 { "" } else { ", " });
        statement.push_str(column);
        if engine == Engine::Postgres && *kind == Kind::Text {
            statement.push_str(" COLLATE \"C\"");
        }
    }
    statement
}

/// A row as a JSON array.
fn line(table: &Table, row: &AnyRow) -> Result<String, sqlx::Error> {
    let mut line = String::from("[");
    for (position, (_, kind)) in table.columns.iter().enumerate() {
        if position > 0 {
            line.push(',');
        }
        let value = match kind {
            Kind::Whole => Value::from(row.try_get::<Option<i64>, _>(position)?),
            Kind::Text => Value::from(row.try_get::<Option<String>, _>(position)?),
        };
        line.push_str(&value.to_string());
    }
    line.push(']');
    Ok(line)
}

/// Lines on their way into the file, counted into the checksum.
struct Lines<W: Write> {
    out: GzEncoder<W>,
    hash: Sha256,
}

impl<W: Write> Lines<W> {
    fn new(out: W) -> Self {
        Self {
            out: GzEncoder::new(out, Compression::default()),
            hash: Sha256::new(),
        }
    }

    fn push_text(&mut self, line: &str) -> Result<(), BackupError> {
        for bytes in [line.as_bytes(), b"\n"] {
            self.hash.update(bytes);
            self.out.write_all(bytes).map_err(unwritten)?;
        }
        Ok(())
    }

    fn push(&mut self, line: &impl Serialize) -> Result<(), BackupError> {
        let text = serde_json::to_string(line).map_err(|error| unwritten(error.into()))?;
        self.push_text(&text)
    }

    fn finish(mut self, rows: u64) -> Result<W, BackupError> {
        let sha256 = hexadecimal(&self.hash.clone().finalize());
        self.push(&End {
            end: Checked { rows, sha256 },
        })?;
        self.out.finish().map_err(unwritten)
    }
}

fn unwritten(source: io::Error) -> BackupError {
    BackupError::File {
        doing: "written",
        source,
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
