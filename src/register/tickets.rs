//! What workers report, and what editors make of it.
//!
//! A report changes no station, however often it is sent. An editor who resolves a ticket may confirm it, or state what is
//! right; that change of the station and the ticket are one transaction.

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::edit::{DocumentOptions, EditError, Expected, checked, patched};
use super::keeper::Keeper;
use crate::domain::coordinate::LonLat;
use crate::domain::facility::Facility;
use crate::domain::ticket::{ReportKind, TicketState};
use crate::storage::{
    Beside, Counted, NewChange, NewReport, NewRevision, Record, RevisionKind, StorageError, TicketChange,
    TicketFilter, TicketRecord,
};

/// How often a change is worked out again when somebody else was quicker.
const ATTEMPTS: u32 = 5;

/// What somebody on the spot says.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The station.
    pub station: String,
    /// What is wrong.
    pub kind: ReportKind,
    /// With which facility, where the kind asks for one.
    pub facility: Option<Facility>,
    /// In words.
    pub text: Option<String>,
    /// The language of the words, as a tag such as `zh`.
    pub lang: Option<String>,
    /// Where the station is instead, WGS-84.
    pub place: Option<LonLat>,
}

/// What an editor makes of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handling {
    /// Where it stands from now on.
    pub state: TicketState,
    /// A note in the place of the old one; `None` leaves that.
    pub note: Option<String>,
    /// Whether it is as the report says: the facility is broken, the station closed for good.
    pub is_confirmed: bool,
    /// What is right, as a JSON merge patch of the station's Feature.
    pub patch: Option<Map<String, Value>>,
}

/// Why a ticket was not changed; nothing was written.
#[derive(Debug, Error)]
pub enum TicketError {
    /// There is no such ticket.
    #[error("ticket `{0}` is not here")]
    NotFound(u64),
    /// Another editor was quicker.
    #[error("ticket `{}` has changed meanwhile", .0.id)]
    Stale(Box<TicketRecord>),
    /// It was resolved or rejected before.
    #[error("ticket `{}` is {} already", .0.id, .0.state)]
    Closed(Box<TicketRecord>),
    /// To confirm a report of this kind changes nothing by itself.
    #[error("kind `{0}` changes nothing when it is confirmed")]
    NothingToConfirm(ReportKind),
    /// The station cannot be changed as stated.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl From<StorageError> for TicketError {
    fn from(error: StorageError) -> Self {
        Self::Edit(error.into())
    }
}

impl Keeper {
    /// Counts a report on the ticket that is under way about the same, or opens one; durable when it returns.
    pub async fn report(&self, report: &Report) -> Result<Counted, StorageError> {
        let mut said = Map::new();
        for (name, value) in [("text", &report.text), ("lang", &report.lang)] {
            if let Some(value) = value {
                said.insert(name.to_owned(), json!(value));
            }
        }
        if let Some(place) = report.place {
            said.insert("lon".to_owned(), json!(six_decimals(place.lon_deg())));
            said.insert("lat".to_owned(), json!(six_decimals(place.lat_deg())));
        }
        // A language alone says nothing.
        let is_silent = report.text.is_none() && report.place.is_none();
        let new = NewReport {
            station: report.station.clone(),
            kind: report.kind,
            facility: report.facility,
            body: (!is_silent).then(|| Value::Object(said).to_string()),
        };
        self.note(self.store().add_report(&new).await)
    }

    /// The tickets that a filter passes, the oldest first, at most `limit`.
    pub async fn tickets(
        &self,
        filter: &TicketFilter,
        limit: u32,
    ) -> Result<Vec<TicketRecord>, StorageError> {
        self.note(self.store().tickets(filter, limit).await)
    }

    /// One ticket; `None` when there is none of that number.
    pub async fn ticket(&self, id: u64) -> Result<Option<TicketRecord>, StorageError> {
        self.note(self.store().ticket(id).await)
    }

    /// Changes a ticket, and the station with it where the editor confirms or states something: both or neither.
    ///
    /// A station that somebody edits at the same moment is read again, so that neither edit is lost.
    pub async fn handle(
        &self,
        (id, expected): (u64, Expected),
        handling: &Handling,
        who: &str,
    ) -> Result<TicketRecord, TicketError> {
        let mut attempt = 1;
        loop {
            let ticket = self.ticket(id).await?.ok_or(TicketError::NotFound(id))?;
            if let Expected::SeenAt(version) = expected
                && version != ticket.version
            {
                return Err(TicketError::Stale(Box::new(ticket)));
            }
            if ticket.state.is_final() {
                return Err(TicketError::Closed(Box::new(ticket)));
            }
            match self.write_handling(&ticket, handling, who).await {
                Err(TicketError::Edit(EditError::Storage(
                    StorageError::Stale(_) | StorageError::StaleTicket(_),
                ))) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
                Ok(()) => return self.ticket(id).await?.ok_or(TicketError::NotFound(id)),
            }
        }
    }

    async fn write_handling(
        &self,
        ticket: &TicketRecord,
        handling: &Handling,
        who: &str,
    ) -> Result<(), TicketError> {
        let patches = patches(ticket, handling)?;
        let beside = Beside::Ticket(TicketChange {
            id: ticket.id,
            version: ticket.version,
            state: handling.state,
            note: handling.note.clone(),
            who: who.to_owned(),
        });
        let change = if patches.is_empty() {
            None
        } else {
            let known = self.note(self.store().record(&ticket.station).await)?;
            let known = known.ok_or_else(|| EditError::NotFound(ticket.station.clone()))?;
            change(&known, patches)?
        };
        let Some(change) = change else {
            self.note(self.store().write_beside(&beside).await)?;
            return Ok(());
        };
        let revision = NewRevision {
            who: who.to_owned(),
            kind: RevisionKind::Ticket,
            why: Some(match &handling.note {
                Some(note) => format!("#{}: {note}", ticket.id),
                None => format!("#{}", ticket.id),
            }),
            request: None,
            changes: vec![change],
            bases: None,
        };
        self.commit_beside(&revision, &beside).await?;
        Ok(())
    }
}

/// What becomes of the station: what is confirmed, then what the editor states.
fn patches(ticket: &TicketRecord, handling: &Handling) -> Result<Vec<Map<String, Value>>, TicketError> {
    let mut patches = Vec::new();
    if handling.is_confirmed {
        let confirmed = match (ticket.kind, ticket.kind.broken(ticket.facility)) {
            // The note on the facility was about the state that it had.
            (_, Some(facility)) => json!({ "facilities": { facility.word(): "out_of_order" },
                "facility_details": { facility.word(): null } }),
            (ReportKind::ClosedForGood, None) => json!({ "status": "closed" }),
            (kind, None) => return Err(TicketError::NothingToConfirm(kind)),
        };
        patches.push(Map::from_iter([("properties".to_owned(), confirmed)]));
    }
    patches.extend(handling.patch.clone());
    Ok(patches)
}

/// The change of a station that patches make; `None` when it is so already.
fn change(known: &Record, patches: Vec<Map<String, Value>>) -> Result<Option<NewChange>, EditError> {
    let body = checked(known, patched(known, patches)?, DocumentOptions::default())?;
    Ok((body != known.body).then(|| NewChange {
        id: known.id.clone(),
        expected: Some(known.revision),
        after: Some(body),
    }))
}

/// Degrees as our answers have them, about 0.1 m.
fn six_decimals(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}
