//! Writes a list of changes into a list of stations, and takes it back: all of it or nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::part::Part;
use crate::domain::station::{Station, StationId};

/// What happened to one station.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its id.
    pub id: StationId,
    /// The record before; `None` when there was none.
    pub before: Option<Station>,
    /// The record after; `None` when it was deleted.
    pub after: Option<Station>,
}

/// When and in which revision something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The moment.
    pub at: DateTime<Utc>,
    /// The revision.
    pub revision: u64,
}

/// A list of changes that does not fit the stations.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// The stations are not as they were when the changes were worked out.
    #[error("stations `{}` were changed since this was worked out; expected a new dry run", shown(.0))]
    BaseMoved(Vec<StationId>),
    /// Later edits would be lost.
    #[error("stations `{}` were edited later and would lose that; expected none edited since", shown(.0))]
    LaterEdits(Vec<StationId>),
    /// The list names a station twice.
    #[error("station `{}` is in the list twice; expected one change for each station", .0.as_str())]
    Repeated(StationId),
}

/// How many ids an error names.
pub const SHOWN_IDS: usize = 20;

fn shown(ids: &[StationId]) -> String {
    let named: Vec<&str> = ids.iter().take(SHOWN_IDS).map(StationId::as_str).collect();
    match ids.len().saturating_sub(SHOWN_IDS) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// Sets when and in which revision the records that will be written were last changed.
pub fn stamp(changes: &mut [Change], stamp: Stamp) {
    for station in changes.iter_mut().filter_map(|change| change.after.as_mut()) {
        station.updated_at = Some(stamp.at);
        station.revision = stamp.revision;
    }
}

/// Whether two records say the same but for when they were written. A coordinate counts with its datum, to six
/// decimals.
pub fn is_same_content(one: &Station, other: &Station) -> bool {
    one.id == other.id
        && one.location.datum() == other.location.datum()
        && Part::all().all(|part| part.is_equal(one, other))
}

/// The stations with the changes written into them, ordered by id. Refuses when a station is not as its change expects,
/// and then nothing is written. O(n log n).
pub fn apply(stations: &[Station], changes: &[Change]) -> Result<Vec<Station>, Refused> {
    let mut written = by_id(stations);
    let by_station = single(changes)?;
    let moved = differing(&by_station, &written, |change| change.before.as_ref());
    if !moved.is_empty() {
        return Err(Refused::BaseMoved(moved));
    }
    for (id, change) in by_station {
        match &change.after {
            Some(after) => written.insert(id, after),
            None => written.remove(id),
        };
    }
    Ok(written.into_values().cloned().collect())
}

/// The changes that take back others, ordered by id: each station gets the very record that it had.
///
/// Other stations are not touched, whatever happened to them since. Refuses, and names the stations, where a later
/// edit would be lost: where a station no longer says what the change wrote, is gone, or is there again. O(n log n).
pub fn undo(stations: &[Station], changes: &[Change]) -> Result<Vec<Change>, Refused> {
    let now = by_id(stations);
    let by_station = single(changes)?;
    let edited = differing(&by_station, &now, |change| change.after.as_ref());
    if !edited.is_empty() {
        return Err(Refused::LaterEdits(edited));
    }
    let back = |(id, change): (&StationId, &Change)| Change {
        id: id.clone(),
        before: now.get(id).map(|station| (*station).clone()),
        after: change.before.clone(),
    };
    Ok(by_station.into_iter().map(back).collect())
}

fn by_id(stations: &[Station]) -> BTreeMap<&StationId, &Station> {
    stations.iter().map(|station| (&station.id, station)).collect()
}

fn single(changes: &[Change]) -> Result<BTreeMap<&StationId, &Change>, Refused> {
    let mut by_station = BTreeMap::new();
    for change in changes {
        if by_station.insert(&change.id, change).is_some() {
            return Err(Refused::Repeated(change.id.clone()));
        }
    }
    Ok(by_station)
}

/// The stations whose record is not what `expected` says.
fn differing<'a>(
    changes: &BTreeMap<&'a StationId, &'a Change>,
    stations: &BTreeMap<&StationId, &Station>,
    expected: impl Fn(&'a Change) -> Option<&'a Station>,
) -> Vec<StationId> {
    let differs = |(id, change): &(&&StationId, &&'a Change)| match (expected(change), stations.get(**id)) {
        (None, None) => false,
        (Some(expected), Some(now)) => !is_same_content(expected, now),
        _ => true,
    };
    changes
        .iter()
        .filter(differs)
        .map(|(id, _)| (*id).clone())
        .collect()
}
