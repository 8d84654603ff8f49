//! What workers report: one ticket about one matter of a station, counted up by each further report of it.
//!
//! However much is sent, a station has at most one ticket under way for each kind and facility, and each keeps at most
//! [`MAX_SAYINGS`] sayings. Nothing here knows who reported.

use std::collections::HashMap;

use chrono::{DateTime, SubsecRound as _, Utc};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::store::{number, optional_time, time, time_text};
use super::write::json;
use super::{Engine, StationStore, StorageError};
use crate::domain::facility::Facility;
use crate::domain::ticket::{ReportKind, TicketState};

/// Different sayings that a ticket keeps; further ones are counted only.
pub const MAX_SAYINGS: u64 = 20;
const REPORTING: &str = "writing a report";
const READING: &str = "reading tickets";
const COLUMNS: &str = "id, station, kind, facility, state, version, reports, opened_at, reported_at, changed_at, changed_by, \
                       note, revision";

/// What somebody reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReport {
    /// The station.
    pub station: String,
    /// What is wrong.
    pub kind: ReportKind,
    /// With which facility, where the kind asks for one.
    pub facility: Option<Facility>,
    /// What else is said, as JSON; `None`: nothing.
    pub body: Option<String>,
}

/// A report that is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The ticket that it made or that counts it.
    pub ticket: u64,
    /// Where that ticket stands.
    pub state: TicketState,
    /// Reports that it counts, with this one.
    pub reports: u64,
    /// Whether what was said is kept; not when the ticket has [`MAX_SAYINGS`] others.
    pub is_kept: bool,
}

/// What one or more reports of a ticket say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// When it was first said.
    pub at: DateTime<Utc>,
    /// What, as JSON.
    pub body: String,
}

/// A ticket as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRecord {
    /// Its number; later tickets have larger ones.
    pub id: u64,
    /// The station.
    pub station: String,
    /// What is wrong.
    pub kind: ReportKind,
    /// With which facility.
    pub facility: Option<Facility>,
    /// What became of it.
    pub state: TicketState,
    /// Grows when an editor changes it, and not when a report is counted.
    pub version: u64,
    /// How many reports said so.
    pub reports: u64,
    /// When the first of them came.
    pub opened_at: DateTime<Utc>,
    /// When the last of them came.
    pub reported_at: DateTime<Utc>,
    /// When an editor last changed it.
    pub changed_at: Option<DateTime<Utc>>,
    /// Which editor.
    pub changed_by: Option<String>,
    /// What editors wrote about it.
    pub note: Option<String>,
    /// The revision of stations that it made.
    pub revision: Option<u64>,
    /// What the reports say, the first saying first.
    pub sayings: Vec<Saying>,
}

/// What an editor makes of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketChange {
    /// The ticket.
    pub id: u64,
    /// The version that the editor saw.
    pub version: u64,
    /// What becomes of it.
    pub state: TicketState,
    /// A note in the place of the old one; `None` leaves that.
    pub note: Option<String>,
    /// The editor.
    pub who: String,
}

/// Which tickets are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TicketFilter {
    /// Only those that stand here.
    pub state: Option<TicketState>,
    /// Only those of this station.
    pub station: Option<String>,
    /// Only those with a larger number.
    pub after: u64,
}

impl StationStore {
    /// Counts a report on the ticket that is under way about the same, or opens one.
    pub async fn add_report(&self, report: &NewReport) -> Result<Counted, StorageError> {
        let failed = |source| self.failed(REPORTING, source);
        let facility = report.facility.map_or("", Facility::word);
        let now = time_text(Utc::now().trunc_subsecs(3));
        let mut transaction = self.begin_write(REPORTING).await?;
        let row = sqlx::query(
            "UPDATE tickets SET reports = reports + 1, reported_at = $4 \
             WHERE station = $1 AND kind = $2 AND facility = $3 AND state IN ('open', 'acknowledged') \
             RETURNING id, state, reports",
        )
        .bind(report.station.as_str())
        .bind(report.kind.word())
        .bind(facility)
        .bind(now.as_str())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed)?;
        let row = match row {
            Some(row) => row,
            None => sqlx::query(
                "INSERT INTO tickets (id, station, kind, facility, state, version, reports, opened_at, reported_at) \
                 SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, 'open', 1, 1, $4, $4 FROM tickets \
                 RETURNING id, state, reports",
            )
            .bind(report.station.as_str())
            .bind(report.kind.word())
            .bind(facility)
            .bind(now.as_str())
            .fetch_one(&mut *transaction)
            .await
            .map_err(failed)?,
        };
        let ticket = number(&row, 0).map_err(failed)?;
        let is_kept = match &report.body {
            Some(body) => self.keep_saying(&mut transaction, ticket, (&now, body)).await?,
            None => true,
        };
        transaction.commit().await.map_err(failed)?;
        Ok(Counted {
            ticket,
            state: word(&row, 1).map_err(failed)?,
            reports: number(&row, 2).map_err(failed)?,
            is_kept,
        })
    }

    async fn keep_saying(
        &self,
        transaction: &mut Transaction<'static, Any>,
        ticket: u64,
        (now, body): (&str, &str),
    ) -> Result<bool, StorageError> {
        let failed = |source| self.failed(REPORTING, source);
        let known = sqlx::query(
            "SELECT COUNT(*), COUNT(CASE WHEN body = $2 THEN 1 END) FROM ticket_sayings WHERE ticket = $1",
        )
        .bind(ticket.cast_signed())
        .bind(body)
        .fetch_one(&mut **transaction)
        .await
        .map_err(failed)?;
        let (count, same) = (
            number(&known, 0).map_err(failed)?,
            number(&known, 1).map_err(failed)?,
        );
        if same > 0 {
            return Ok(true);
        }
        if count >= MAX_SAYINGS {
            return Ok(false);
        }
        sqlx::query("INSERT INTO ticket_sayings (ticket, place, at, body) VALUES ($1, $2, $3, $4)")
            .bind(ticket.cast_signed())
            .bind((count + 1).cast_signed())
            .bind(now)
            .bind(body)
            .execute(&mut **transaction)
            .await
            .map_err(failed)?;
        Ok(true)
    }

    /// The tickets that a filter passes, the oldest first, at most `limit`.
    pub async fn tickets(
        &self,
        filter: &TicketFilter,
        limit: u32,
    ) -> Result<Vec<TicketRecord>, StorageError> {
        let failed = |source| self.failed(READING, source);
        let mut transaction = self.begin_read(READING).await?;
        let statement = format!(
            "SELECT {COLUMNS} FROM tickets \
             WHERE id > $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR station = $3) ORDER BY id LIMIT $4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(filter.after.cast_signed())
            .bind(filter.state.map_or("", TicketState::word))
            .bind(filter.station.as_deref().unwrap_or_default())
            .bind(i64::from(limit))
            .fetch_all(&mut *transaction)
            .await
            .map_err(failed)?;
        let tickets = rows
            .iter()
            .map(ticket)
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        self.with_sayings(&mut transaction, tickets).await
    }

    /// One ticket; `None` when there is none of that number.
    pub async fn ticket(&self, id: u64) -> Result<Option<TicketRecord>, StorageError> {
        let filter = TicketFilter {
            after: id.saturating_sub(1),
            ..TicketFilter::default()
        };
        let found = self.tickets(&filter, 1).await?.pop();
        Ok(found.filter(|ticket| ticket.id == id))
    }

    /// Tickets of a station that are open, and those that are acknowledged.
    pub async fn tickets_under_way(&self, station: &str) -> Result<(u64, u64), StorageError> {
        let failed = |source| self.failed(READING, source);
        let row = sqlx::query(
            "SELECT COUNT(CASE WHEN state = 'open' THEN 1 END), COUNT(CASE WHEN state = 'acknowledged' THEN 1 END) \
             FROM tickets WHERE station = $1",
        )
        .bind(station)
        .fetch_one(&self.pool)
        .await
        .map_err(failed)?;
        Ok((number(&row, 0).map_err(failed)?, number(&row, 1).map_err(failed)?))
    }

    async fn with_sayings(
        &self,
        transaction: &mut Transaction<'static, Any>,
        mut tickets: Vec<TicketRecord>,
    ) -> Result<Vec<TicketRecord>, StorageError> {
        let failed = |source| self.failed(READING, source);
        let statement = match self.engine {
            Engine::Sqlite => {
                "SELECT ticket, at, body FROM ticket_sayings WHERE ticket IN (SELECT value FROM json_each($1)) \
                 ORDER BY ticket, place"
            }
            Engine::Postgres => {
                "SELECT ticket, at, body FROM ticket_sayings \
                 WHERE ticket IN (SELECT value::BIGINT FROM json_array_elements_text($1::json)) ORDER BY ticket, place"
            }
        };
        let ids: Vec<u64> = tickets.iter().map(|ticket| ticket.id).collect();
        let rows = sqlx::query(statement)
            .bind(json(&ids))
            .fetch_all(&mut **transaction)
            .await
            .map_err(failed)?;
        let mut sayings: HashMap<u64, Vec<Saying>> = HashMap::new();
        for row in &rows {
            let saying = Saying {
                at: time(row, 1).map_err(failed)?,
                body: row.try_get(2).map_err(failed)?,
            };
            sayings
                .entry(number(row, 0).map_err(failed)?)
                .or_default()
                .push(saying);
        }
        for ticket in &mut tickets {
            ticket.sayings = sayings.remove(&ticket.id).unwrap_or_default();
        }
        Ok(tickets)
    }

    pub(super) async fn put_ticket_change(
        &self,
        transaction: &mut Transaction<'static, Any>,
        change: &TicketChange,
        revision: Option<u64>,
    ) -> Result<u64, StorageError> {
        let done = sqlx::query(
            "UPDATE tickets SET state = $3, version = version + 1, note = COALESCE($4, note), changed_at = $5, \
             changed_by = $6, revision = $7 \
             WHERE id = $1 AND version = $2 AND state IN ('open', 'acknowledged')",
        )
        .bind(change.id.cast_signed())
        .bind(change.version.cast_signed())
        .bind(change.state.word())
        .bind(change.note.clone())
        .bind(time_text(Utc::now().trunc_subsecs(3)))
        .bind(change.who.as_str())
        .bind(revision.map(u64::cast_signed))
        .execute(&mut **transaction)
        .await
        .map_err(|source| self.failed("changing a ticket", source))?;
        if done.rows_affected() == 0 {
            return Err(StorageError::StaleTicket(change.id));
        }
        Ok(change.id)
    }
}

/// A column that holds a word of a vocabulary.
fn word<T: core::str::FromStr<Err = crate::domain::words::UnknownWord>>(
    row: &AnyRow,
    column: usize,
) -> Result<T, sqlx::Error> {
    let text: String = row.try_get(column)?;
    text.parse()
        .map_err(|error: T::Err| sqlx::Error::Decode(error.into()))
}

fn ticket(row: &AnyRow) -> Result<TicketRecord, sqlx::Error> {
    let facility: String = row.try_get(3)?;
    let revision: Option<i64> = row.try_get(12)?;
    Ok(TicketRecord {
        id: number(row, 0)?,
        station: row.try_get(1)?,
        kind: word(row, 2)?,
        facility: if facility.is_empty() {
            None
        } else {
            Some(word(row, 3)?)
        },
        state: word(row, 4)?,
        version: number(row, 5)?,
        reports: number(row, 6)?,
        opened_at: time(row, 7)?,
        reported_at: time(row, 8)?,
        changed_at: optional_time(row, 9)?,
        changed_by: row.try_get(10)?,
        note: row.try_get(11)?,
        revision: revision.map(i64::cast_unsigned),
        sayings: Vec::new(),
    })
}
