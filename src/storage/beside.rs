//! What is written beside stations: in the transaction of a revision, or alone where no station changes.

use sqlx::{Any, Transaction};

use super::{Committed, NewInspection, NewRevision, StationStore, StorageError, TicketChange};

/// Something that goes together with a revision, or without one where it changes no station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// What an editor makes of a ticket.
    Ticket(TicketChange),
    /// What an inspector found.
    Inspection(NewInspection),
}

impl StationStore {
    /// Writes a revision and what belongs to it, both or neither; also the id of the ticket or the inspection.
    ///
    /// Fails as [`StationStore::commit`] does, and with [`StorageError::StaleTicket`].
    pub async fn commit_beside(
        &self,
        new: &NewRevision,
        beside: &Beside,
    ) -> Result<(Committed, u64), StorageError> {
        let (committed, id) = self.write(new, Some(beside)).await?;
        Ok((committed, id.unwrap_or_default()))
    }

    /// Writes what changes no station; its id.
    pub async fn write_beside(&self, beside: &Beside) -> Result<u64, StorageError> {
        const DOING: &str = "writing beside the stations";
        let mut transaction = self.begin_write(DOING).await?;
        let id = self.put_beside(&mut transaction, beside, None).await?;
        transaction
            .commit()
            .await
            .map_err(|source| self.failed(DOING, source))?;
        Ok(id)
    }

    pub(super) async fn put_beside(
        &self,
        transaction: &mut Transaction<'static, Any>,
        beside: &Beside,
        revision: Option<u64>,
    ) -> Result<u64, StorageError> {
        match beside {
            Beside::Ticket(change) => self.put_ticket_change(transaction, change, revision).await,
            Beside::Inspection(inspection) => self.put_inspection(transaction, inspection, revision).await,
        }
    }
}
