//! How often stations are used, and how many tickets about them are under way.

use chrono::NaiveDate;

use super::keeper::Keeper;
use crate::storage::{DayVisits, StorageError};

/// What is counted of a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// The days with a visit in the period that was asked about, in order.
    pub days: Vec<DayVisits>,
    /// All visits ever.
    pub visits_in_all: u64,
    /// Tickets that are open.
    pub open: u64,
    /// Tickets that are acknowledged.
    pub acknowledged: u64,
}

impl Keeper {
    /// Counts one use of a station; durable when it returns. Makes no revision.
    pub async fn count_visit(&self, station: &str, day: NaiveDate) -> Result<(), StorageError> {
        self.note(self.store().count_visit(station, day).await)
    }

    /// What is counted of a station, with the visits from one day to another, both included.
    pub async fn statistics(
        &self,
        station: &str,
        period: (NaiveDate, NaiveDate),
    ) -> Result<Statistics, StorageError> {
        let store = self.store();
        let (open, acknowledged) = self.note(store.tickets_under_way(station).await)?;
        Ok(Statistics {
            days: self.note(store.visits(station, period).await)?,
            visits_in_all: self.note(store.visits_in_all(station).await)?,
            open,
            acknowledged,
        })
    }
}
