//! Records that may be one place: in one sheet, across naming systems, and beside a station that somebody adds.
//!
//! # The two distances
//! Within [`BESIDE_M`] every record is a candidate, whatever its name: two posts so near each other serve the same
//! people, and a new one beside an old one is mostly the old one under a new name. Within [`NAMESAKE_M`] a record
//! with a similar name is: coordinates of one address from two geocoders, from a town's middle and from its door, or
//! in the wrong datum lie some hundred metres apart (GCJ-02 moves a place by 0.3 to 0.7 km), while stations are
//! planned half a kilometre apart at the nearest. Farther away a similar name is mostly another branch of the same
//! chain.

use rayon::prelude::*;

use super::candidates::{MAX_NEIGHBOURS, Profiles};
use super::likeness::Profile;
use super::names::ALIKE;
use super::row::IncomingRow;
use crate::domain::filter::StationFilter;
use crate::domain::station::{Station, StationId};
use crate::domain::units::Meters;
use crate::domain::words::vocabulary;
use crate::index::{NearestAsk, Origin, StationIndex};
use crate::locator::Snapshot;

/// Two records within this distance are candidates whatever their names, metres.
pub const BESIDE_M: f64 = 50.0;
/// Two records with similar names within this distance are candidates, metres.
pub const NAMESAKE_M: f64 = 500.0;
/// The most candidates that are named for one record, the nearest first.
pub const MAX_CANDIDATES: usize = 20;

vocabulary! {
    /// Why two records may be one place.
    Ground, "ground" {
        Beside = "beside", "位置相邻", "beside each other";
        SimilarName = "similar_name", "名称相似且相距不远", "similar names not far from each other";
        OtherSystem = "other_system", "不同体系的驿站名称指同一地点", "one place in two naming systems";
    }
}

/// A station that may be the same place as a given one.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarStation {
    /// Its id.
    pub id: StationId,
    /// Its name.
    pub name: Box<str>,
    /// How far away it is.
    pub distance: Meters,
    /// How alike the names are, 0 to 1.
    pub likeness: f64,
    /// Why it is a candidate.
    pub ground: Ground,
}

/// Two rows of one sheet that may be one place.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarRows {
    /// The number of the row that comes first.
    pub first: u64,
    /// The number of the row that comes second.
    pub second: u64,
    /// How far apart they are.
    pub distance: Meters,
    /// How alike the names are, 0 to 1.
    pub likeness: f64,
    /// Why they may be one.
    pub ground: Ground,
}

/// The stations that may be the same place as `station`, the nearest first, at most [`MAX_CANDIDATES`]. Its own record,
/// by id, is none. O(log n + stations within [`NAMESAKE_M`]).
pub fn find_similar(snapshot: &Snapshot, station: &Station) -> Vec<SimilarStation> {
    let own = Profile::new(station);
    let is_candidate = |ordinal: u32| {
        let other = snapshot.stations().get(ordinal as usize)?;
        if other.id == station.id {
            return None;
        }
        let (distance, likeness, ground) = compare(&own, &Profile::new(other))?;
        Some(SimilarStation {
            id: other.id.clone(),
            name: other.name.clone(),
            distance,
            likeness,
            ground,
        })
    };
    let ordinals = near(snapshot.index(), &own, MAX_CANDIDATES, |ordinal| {
        is_candidate(ordinal).is_some()
    });
    ordinals.into_iter().filter_map(is_candidate).collect()
}

/// The pairs of rows that may be one place, in the order of the first and then the second row. Pairs in which neither row
/// is asked about, by its position, are left out.
///
/// O(n log n) on all cores. Of more than [`MAX_NEIGHBOURS`] rows at one place each is compared with the nearest ones
/// only.
pub fn list_similar_rows(rows: &[IncomingRow], is_asked: impl Fn(usize) -> bool + Sync) -> Vec<SimilarRows> {
    if !(0..rows.len()).any(&is_asked) {
        return Vec::new();
    }
    let profiles = Profiles::of_rows(rows);
    let index = profiles.index();
    let pairs: Vec<Vec<SimilarRows>> = (0..rows.len())
        .into_par_iter()
        .filter(|position| is_asked(*position))
        .map(|position| {
            let pairs = similar_rows_of(rows, &profiles, &index, position);
            pairs.unwrap_or_default()
        })
        .collect();
    let mut pairs: Vec<SimilarRows> = pairs.into_iter().flatten().collect();
    pairs.sort_by_key(|pair| (pair.first, pair.second));
    pairs.dedup_by_key(|pair| (pair.first, pair.second));
    pairs
}

fn similar_rows_of(
    rows: &[IncomingRow],
    profiles: &Profiles,
    index: &StationIndex,
    position: usize,
) -> Option<Vec<SimilarRows>> {
    let (row, own) = (rows.get(position)?, profiles.all.get(position)?);
    let compared = |other: u32| {
        if other as usize == position {
            return None;
        }
        compare(own, profiles.get(other)?)
    };
    let others = near(index, own, MAX_NEIGHBOURS, |other| compared(other).is_some());
    let pair = |other: u32| {
        let (distance, likeness, ground) = compared(other)?;
        let other = rows.get(other as usize)?;
        Some(SimilarRows {
            first: row.number.min(other.number),
            second: row.number.max(other.number),
            distance,
            likeness,
            ground,
        })
    };
    Some(others.into_iter().filter_map(pair).collect())
}

/// The records within [`NAMESAKE_M`] that are accepted, the nearest first.
fn near(index: &StationIndex, own: &Profile, limit: usize, accept: impl Fn(u32) -> bool) -> Vec<u32> {
    let ask = NearestAsk {
        limit,
        radius: Some(Meters::from_computed(NAMESAKE_M)),
        filter: StationFilter::ANY,
        districts: u64::MAX,
    };
    let hits = index.nearest(&Origin::from(own.place), &ask, |slot| accept(index.ordinal(slot)));
    hits.into_iter().map(|hit| index.ordinal(hit.slot)).collect()
}

/// Distance, likeness and the reason, when there is one.
fn compare(one: &Profile, two: &Profile) -> Option<(Meters, f64, Ground)> {
    let distance = one.distance(two);
    let is_beside = distance.get() <= BESIDE_M;
    if distance.get() > NAMESAKE_M || (!is_beside && !one.can_reach(two, ALIKE)) {
        return None;
    }
    let names = one.compare_names(two);
    let is_alike = names.says_something && names.likeness >= ALIKE;
    let ground = if names.is_of_other_system && (is_alike || is_beside) {
        Ground::OtherSystem
    } else if is_alike {
        Ground::SimilarName
    } else if is_beside {
        Ground::Beside
    } else {
        return None;
    };
    Some((distance, names.likeness, ground))
}
