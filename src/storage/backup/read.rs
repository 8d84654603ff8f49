//! Restores a backup in one transaction: whole, or not at all.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read};

use flate2::bufread::GzDecoder;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::{Any, AssertSqlSafe, Transaction};

use super::super::migration::SCHEMA;
use super::super::notices::CHANNEL;
use super::super::{Engine, StationStore};
use super::write::hexadecimal;
use super::{
    BackupError, End, FORMAT, Header, Kind, MAX_LINE_BYTES, StorageError, TABLES, TableHeader, VERSION,
};

const DOING: &str = "restoring a backup";
/// Rows, and bytes of them, that go to the database in one statement.
const BATCH_ROWS: usize = 500;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// What becomes of a register that has something in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFull {
    /// Nothing: the backup is not restored.
    Refuse,
    /// All of it is deleted, in the same transaction.
    Replace,
}

impl StationStore {
    /// Puts a backup into the register, in one transaction: after an error the register is as it was. O(rows).
    pub async fn restore<R: Read>(&self, input: R, on_full: OnFull) -> Result<Header, BackupError> {
        let mut lines = Lines::new(input);
        let header = lines.header()?;
        let mut transaction = self.begin_write(DOING).await?;
        self.clear(&mut transaction, on_full).await?;
        for table in &header.tables {
            let insert = insert(self.engine, table).map_err(|reason| lines.changed(reason))?;
            let mut batch = String::new();
            let mut rows_in_batch = 0;
            for _ in 0..table.rows {
                let row = lines.row(table, &header)?;
                batch.push(if batch.is_empty() { '[' } else { ',' });
                batch.push_str(&row);
                rows_in_batch += 1;
                if rows_in_batch == BATCH_ROWS || batch.len() >= BATCH_BYTES {
                    self.insert(&mut transaction, &insert, core::mem::take(&mut batch))
                        .await?;
                    rows_in_batch = 0;
                }
            }
            if !batch.is_empty() {
                self.insert(&mut transaction, &insert, batch).await?;
            }
        }
        lines.end(&header)?;
        if self.engine == Engine::Postgres {
            self.execute(
                &mut transaction,
                format!("SELECT pg_notify('{CHANNEL}', '')"),
                None,
            )
            .await?;
        }
        let committed = transaction.commit().await;
        committed.map_err(|source| self.failed(DOING, source))?;
        Ok(header)
    }

    async fn clear(
        &self,
        transaction: &mut Transaction<'static, Any>,
        on_full: OnFull,
    ) -> Result<(), BackupError> {
        for table in TABLES.iter().rev() {
            if on_full == OnFull::Replace {
                self.execute(transaction, format!("DELETE FROM {}", table.name), None)
                    .await?;
                continue;
            }
            let rows = format!("SELECT COUNT(*) FROM {}", table.name);
            if self.one_number(transaction, rows).await? > 0 {
                return Err(BackupError::NotEmpty { table: table.name });
            }
        }
        Ok(())
    }

    async fn insert(
        &self,
        transaction: &mut Transaction<'static, Any>,
        insert: &str,
        mut rows: String,
    ) -> Result<(), StorageError> {
        rows.push(']');
        self.execute(transaction, insert.to_owned(), Some(rows)).await
    }

    async fn execute(
        &self,
        transaction: &mut Transaction<'static, Any>,
        statement: String,
        rows: Option<String>,
    ) -> Result<(), StorageError> {
        let mut query = sqlx::query(AssertSqlSafe(statement));
        if let Some(rows) = rows {
            query = query.bind(rows);
        }
        let done = query.execute(&mut **transaction).await;
        done.map(drop).map_err(|source| self.failed(DOING, source))
    }
}

/// The statement that writes rows of a table that the header names; an error says what is not known of it.
fn insert(engine: Engine, given: &TableHeader) -> Result<String, String> {
    let table = TABLES
        .iter()
        .find(|table| table.name == given.name)
        .ok_or_else(|| format!("table `{}` is not known", given.name))?;
    let mut values = Vec::with_capacity(given.columns.len());
    for (position, column) in given.columns.iter().enumerate() {
        let known = table.columns.iter().find(|(name, _)| name == column);
        let (_, kind) = known.ok_or_else(|| format!("column `{column}` of `{}` is not known", table.name))?;
        if given.columns.iter().take(position).any(|other| other == column) {
            return Err(format!("column `{column}` of `{}` is there twice", table.name));
        }
        values.push(match (engine, kind) {
            (Engine::Postgres, Kind::Whole) => format!("(value ->> {position})::bigint"),
            (Engine::Postgres, Kind::Text) => format!("value ->> {position}"),
            (Engine::Sqlite, _) => format!("value ->> '$[{position}]'"),
        });
    }
    let rows = match engine {
        Engine::Sqlite => "json_each($1)",
        Engine::Postgres => "json_array_elements($1::json) AS given (value)",
    };
    Ok(format!(
        "INSERT INTO {} ({}) SELECT {} FROM {rows}",
        table.name,
        given.columns.join(", "),
        values.join(", ")
    ))
}

/// Lines on their way out of the file, counted into the checksum.
struct Lines<R: Read> {
    input: BufReader<GzDecoder<BufReader<R>>>,
    hash: Sha256,
    /// Lines that were read.
    number: u64,
    rows: u64,
}

impl<R: Read> Lines<R> {
    fn new(input: R) -> Self {
        Self {
            input: BufReader::new(GzDecoder::new(BufReader::new(input))),
            hash: Sha256::new(),
            number: 0,
            rows: 0,
        }
    }

    fn changed(&self, reason: impl Into<String>) -> BackupError {
        BackupError::Changed {
            line: self.number,
            reason: reason.into(),
        }
    }

    /// The next line without its end; `None` at the end of the file. One that is cut off counts as none.
    fn next(&mut self) -> Result<Option<String>, io::Error> {
        let mut bytes = Vec::new();
        let mut input = (&mut self.input).take(MAX_LINE_BYTES);
        if input.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if bytes.pop() != Some(b'\n') {
            return Ok(None);
        }
        String::from_utf8(bytes)
            .map(Some)
            .map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
    }

    fn count(&mut self, line: &str) {
        self.hash.update(line.as_bytes());
        self.hash.update(b"\n");
    }

    fn header(&mut self) -> Result<Header, BackupError> {
        let not_a_backup = |reason: &str| BackupError::NotABackup(reason.to_owned());
        let line = match self.next() {
            Ok(Some(line)) => line,
            Ok(None) => return Err(not_a_backup("it is empty, or ends in its first line")),
            Err(error) => return Err(BackupError::NotABackup(error.to_string())),
        };
        let value: Value =
            serde_json::from_str(&line).map_err(|error| BackupError::NotABackup(error.to_string()))?;
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(not_a_backup("its first line does not say so"));
        }
        let version = value.get("version").and_then(Value::as_i64).unwrap_or_default();
        if version < 1 {
            return Err(not_a_backup("its first line has no version"));
        }
        if version > VERSION.cast_signed() {
            return Err(BackupError::TooNew {
                what: "form",
                found: version,
                known: VERSION.cast_signed(),
            });
        }
        self.count(&line);
        let header: Header =
            serde_json::from_value(value).map_err(|error| self.changed(error.to_string()))?;
        if header.schema > SCHEMA {
            return Err(BackupError::TooNew {
                what: "schema",
                found: header.schema,
                known: SCHEMA,
            });
        }
        Ok(header)
    }

    /// The next row, which must have a value for each column of its table.
    fn row(&mut self, table: &TableHeader, header: &Header) -> Result<String, BackupError> {
        let Some(line) = self.line(header)? else {
            return Err(self.truncated(header));
        };
        let values: Vec<Value> =
            serde_json::from_str(&line).map_err(|error| self.changed(error.to_string()))?;
        if values.len() != table.columns.len() {
            return Err(self.changed(format!(
                "a row of `{}` has {} values, expected {}",
                table.name,
                values.len(),
                table.columns.len()
            )));
        }
        self.count(&line);
        self.rows += 1;
        Ok(line)
    }

    fn line(&mut self, header: &Header) -> Result<Option<String>, BackupError> {
        self.next().map_err(|error| match error.kind() {
            ErrorKind::InvalidInput | ErrorKind::InvalidData => self.changed(error.to_string()),
            ErrorKind::UnexpectedEof => self.truncated(header),
            _ => BackupError::File {
                doing: "read",
                source: error,
            },
        })
    }

    fn truncated(&self, header: &Header) -> BackupError {
        BackupError::Truncated {
            rows: self.rows,
            expected: header.rows(),
        }
    }

    /// The last line agrees with all that was read, and nothing is behind it.
    fn end(&mut self, header: &Header) -> Result<(), BackupError> {
        let Some(line) = self.line(header)? else {
            return Err(self.truncated(header));
        };
        let end: End = serde_json::from_str(&line).map_err(|error| self.changed(error.to_string()))?;
        if end.end.rows != self.rows || end.end.sha256 != hexadecimal(&self.hash.clone().finalize()) {
            return Err(self.changed("the checksum is not that of the rows"));
        }
        // Read to the end, for gzip's own checksum stands there.
        match self.line(header)? {
            Some(_) => Err(self.changed("there is more behind the last line")),
            None => self.behind(),
        }
    }

    /// Nothing is behind the compressed lines.
    fn behind(&mut self) -> Result<(), BackupError> {
        let rest = self.input.get_mut().get_mut();
        match rest.fill_buf() {
            Ok([]) => Ok(()),
            Ok(_) => Err(self.changed("there is more behind the end")),
            Err(source) => Err(BackupError::File {
                doing: "read",
                source,
            }),
        }
    }
}
