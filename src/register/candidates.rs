//! Which pairs of a row and a station are worth comparing: neighbours, the same normalised name, the same number.

use std::collections::HashMap;

use rayon::prelude::*;

use super::likeness::{Evidence, FAR_M, LOOK_M, Profile};
use super::row::{IncomingRow, Known};
use crate::domain::filter::StationFilter;
use crate::domain::units::Meters;
use crate::index::envelope::Traits;
use crate::index::{Entry, NearestAsk, Origin, StationIndex};

/// How many neighbours within [`LOOK_M`] a record is compared with, the nearest first. More stand there only when
/// many records were given one coordinate, such as the middle of a town, and then the place says nothing about the
/// farthest of them.
pub(super) const MAX_NEIGHBOURS: usize = 64;
/// A normalised name that more stations bear tells nothing about a place far away.
pub(super) const MAX_NAMESAKES: usize = 64;

/// A row and a station that may be one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    /// Position among the rows.
    pub(super) row: u32,
    /// Position among the known stations.
    pub(super) station: u32,
    pub(super) evidence: Evidence,
}

/// Records made ready for many comparisons.
#[derive(Debug)]
pub(super) struct Profiles {
    pub(super) all: Vec<Profile>,
    /// The records that bear a normalised name, ascending.
    by_key: HashMap<Box<str>, Vec<u32>>,
    /// The one record that has a number; `None` when several have it.
    by_phone: HashMap<Box<str>, Option<u32>>,
}

impl Profiles {
    fn new(all: Vec<Profile>) -> Self {
        let mut by_key: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        let mut by_phone: HashMap<Box<str>, Option<u32>> = HashMap::new();
        for (profile, position) in all.iter().zip(0_u32..) {
            for name in profile.names.iter().filter(|name| !name.is_generic()) {
                let bearers = by_key.entry(name.key().into()).or_default();
                if bearers.last() != Some(&position) {
                    bearers.push(position);
                }
            }
            for phone in &profile.phones {
                let only = by_phone.entry(phone.clone()).or_insert(Some(position));
                if *only != Some(position) {
                    *only = None;
                }
            }
        }
        Self {
            all,
            by_key,
            by_phone,
        }
    }

    pub(super) fn of_rows(rows: &[IncomingRow]) -> Self {
        Self::new(rows.par_iter().map(|row| Profile::new(&row.station)).collect())
    }

    pub(super) fn of_stations(known: &[Known<'_>]) -> Self {
        let profile = |known: &Known<'_>| {
            let now = Profile::new(known.station);
            match known.base {
                Some(base) => now.with_base(base),
                None => now,
            }
        };
        Self::new(known.par_iter().map(profile).collect())
    }

    pub(super) fn get(&self, position: u32) -> Option<&Profile> {
        self.all.get(position as usize)
    }

    /// The places. O(n log n).
    pub(super) fn index(&self) -> StationIndex {
        let entry = |profile: &Profile| Entry {
            place: profile.place,
            traits: Traits::PLACE_ONLY,
        };
        StationIndex::build(&self.all.iter().map(entry).collect::<Vec<_>>())
    }

    /// The record of `self` that shares with a record of `of` a number that nobody else has on either side.
    fn with_phone_of(&self, of: &Self, position: u32) -> impl Iterator<Item = u32> {
        let phones = of.get(position).map_or(&[][..], |profile| &profile.phones);
        phones
            .iter()
            .filter(move |phone| of.by_phone.get(*phone) == Some(&Some(position)))
            .filter_map(|phone| self.by_phone.get(phone).copied().flatten())
    }
}

/// Finds pairs between rows and stations.
#[derive(Debug)]
pub(super) struct Finder<'a> {
    rows: &'a Profiles,
    stations: &'a Profiles,
    index: StationIndex,
}

impl<'a> Finder<'a> {
    /// O(n log n) in the number of stations.
    pub(super) fn new(rows: &'a Profiles, stations: &'a Profiles) -> Self {
        Self {
            rows,
            stations,
            index: stations.index(),
        }
    }

    /// Compares one row with one station.
    pub(super) fn compare(&self, row: u32, station: u32) -> Option<Evidence> {
        let same_phone = self
            .stations
            .with_phone_of(self.rows, row)
            .any(|other| other == station);
        let one = self.rows.get(row)?;
        one.compare(self.stations.get(station)?, same_phone)
    }

    /// Compares one row with one station, and says how far apart and how alike in name they are in any case.
    pub(super) fn look_at(&self, row: u32, station: u32) -> (Option<Evidence>, Meters, f64) {
        match (self.rows.get(row), self.stations.get(station)) {
            (Some(one), Some(two)) => (
                self.compare(row, station),
                one.distance(two),
                one.compare_names(two).likeness,
            ),
            _ => (None, Meters::ZERO, 0.0),
        }
    }

    /// Every pair of a row, by station. O(log n + neighbours), with a limit on each kind of neighbour.
    pub(super) fn pairs_of(&self, row: u32) -> Vec<Pair> {
        let Some(profile) = self.rows.get(row) else {
            return Vec::new();
        };
        let ask = NearestAsk {
            limit: MAX_NEIGHBOURS,
            radius: Some(Meters::from_computed(LOOK_M)),
            filter: StationFilter::ANY,
            districts: u64::MAX,
        };
        let hits = self.index.nearest(&Origin::from(profile.place), &ask, |_| true);
        let mut stations: Vec<u32> = hits.iter().map(|hit| self.index.ordinal(hit.slot)).collect();
        for name in &profile.names {
            let bearers = self.stations.by_key.get(name.key());
            stations.extend(
                bearers
                    .filter(|all| all.len() <= MAX_NAMESAKES)
                    .into_iter()
                    .flatten(),
            );
        }
        stations.extend(self.stations.with_phone_of(self.rows, row));
        stations.sort_unstable();
        stations.dedup();
        let pair = |station: u32| {
            Some(Pair {
                row,
                station,
                evidence: self.compare(row, station)?,
            })
        };
        stations.into_iter().filter_map(pair).collect()
    }
}

// The far tier is reached through names and numbers only, the near ones through the index.
const _: () = assert!(
    LOOK_M < FAR_M,
    "neighbours are looked for within the shorter distance"
);
