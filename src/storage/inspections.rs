//! What inspectors found: one document each, never changed.

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::store::{number, time, time_text};
use super::{StationStore, StorageError};

/// An inspection to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInspection {
    /// The station.
    pub station: String,
    /// The day of the inspection.
    pub day: NaiveDate,
    /// Who hands it in, for the log.
    pub who: String,
    /// What was found, as JSON.
    pub body: String,
}

/// An inspection as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionRecord {
    /// Its number.
    pub id: u64,
    /// The day of the inspection.
    pub day: NaiveDate,
    /// When it was handed in.
    pub at: DateTime<Utc>,
    /// By whom.
    pub who: String,
    /// What was found, as JSON.
    pub body: String,
    /// The revision that moved the station's day of verification; `None` where a later check was known.
    pub revision: Option<u64>,
}

impl StationStore {
    /// The inspections of a station, the latest day first, at most `limit`; those before a day and number.
    pub async fn inspections(
        &self,
        station: &str,
        before: Option<(NaiveDate, u64)>,
        limit: u32,
    ) -> Result<Vec<InspectionRecord>, StorageError> {
        let failed = |source| self.failed("reading inspections", source);
        // Days are texts of equal length; this one comes after all of them.
        let (day, id) =
            before.map_or_else(|| ("9999-99-99".to_owned(), 0), |(day, id)| (day.to_string(), id));
        let rows = sqlx::query(
            "SELECT id, day, at, who, body, revision FROM inspections \
             WHERE station = $1 AND (day < $2 OR (day = $2 AND id < $3)) ORDER BY day DESC, id DESC LIMIT $4",
        )
        .bind(station)
        .bind(day)
        .bind(id.cast_signed())
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        rows.iter()
            .map(inspection)
            .collect::<Result<_, _>>()
            .map_err(failed)
    }

    pub(super) async fn put_inspection(
        &self,
        transaction: &mut Transaction<'static, Any>,
        new: &NewInspection,
        revision: Option<u64>,
    ) -> Result<u64, StorageError> {
        let failed = |source| self.failed("writing an inspection", source);
        let row = sqlx::query(
            "INSERT INTO inspections (id, station, day, at, who, body, revision) \
             SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6 FROM inspections RETURNING id",
        )
        .bind(new.station.as_str())
        .bind(new.day.to_string())
        .bind(time_text(Utc::now().trunc_subsecs(3)))
        .bind(new.who.as_str())
        .bind(new.body.as_str())
        .bind(revision.map(u64::cast_signed))
        .fetch_one(&mut **transaction)
        .await
        .map_err(failed)?;
        number(&row, 0).map_err(failed)
    }
}

fn inspection(row: &AnyRow) -> Result<InspectionRecord, sqlx::Error> {
    let day: String = row.try_get(1)?;
    let revision: Option<i64> = row.try_get(5)?;
    Ok(InspectionRecord {
        id: number(row, 0)?,
        day: day
            .parse()
            .map_err(|error: chrono::ParseError| sqlx::Error::Decode(error.into()))?,
        at: time(row, 2)?,
        who: row.try_get(3)?,
        body: row.try_get(4)?,
        revision: revision.map(i64::cast_unsigned),
    })
}
