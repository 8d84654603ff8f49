//! How often stations are used: a number for each station and day, and nothing of who came.
//!
//! # Why each visit is written by itself
//! Counting in memory would be faster and would lose what was counted when the process ends; and a city's stations are
//! used some thousand times a day, where one row of one table takes a millisecond. Reading of stations asks no database, so
//! nothing waits for this. It takes no turn among the writers of revisions on PostgreSQL either.

use chrono::NaiveDate;
use sqlx::Row as _;

use super::store::number;
use super::{StationStore, StorageError};

/// The uses of a station on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayVisits {
    /// The day.
    pub day: NaiveDate,
    /// How many.
    pub visits: u64,
}

impl StationStore {
    /// Counts one use of a station on a day; durable when it returns. Makes no revision.
    pub async fn count_visit(&self, station: &str, day: NaiveDate) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT INTO visits (station, day, visits) VALUES ($1, $2, 1) \
             ON CONFLICT (station, day) DO UPDATE SET visits = visits.visits + 1",
        )
        .bind(station)
        .bind(day.to_string())
        .execute(&self.pool)
        .await
        .map_err(|source| self.failed("counting a visit", source))?;
        Ok(())
    }

    /// The days with a visit from one day to another, both included, in order.
    pub async fn visits(
        &self,
        station: &str,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Vec<DayVisits>, StorageError> {
        let failed = |source| self.failed("reading visits", source);
        let rows = sqlx::query(
            "SELECT day, visits FROM visits WHERE station = $1 AND day >= $2 AND day <= $3 ORDER BY day",
        )
        .bind(station)
        .bind(from.to_string())
        .bind(to.to_string())
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        rows.iter()
            .map(|row| {
                let day: String = row.try_get(0)?;
                Ok(DayVisits {
                    day: day
                        .parse()
                        .map_err(|error: chrono::ParseError| sqlx::Error::Decode(error.into()))?,
                    visits: number(row, 1)?,
                })
            })
            .collect::<Result<_, _>>()
            .map_err(failed)
    }

    /// All uses of a station that were ever counted.
    pub async fn visits_in_all(&self, station: &str) -> Result<u64, StorageError> {
        let failed = |source| self.failed("reading visits", source);
        let row =
            sqlx::query("SELECT CAST(COALESCE(SUM(visits), 0) AS BIGINT) FROM visits WHERE station = $1")
                .bind(station)
                .fetch_one(&self.pool)
                .await
                .map_err(failed)?;
        number(&row, 0).map_err(failed)
    }
}
