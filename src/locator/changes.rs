//! A snapshot that follows another one after an edit: what the edit does not touch is shared and not made again.
//!
//! # Why
//! One station of 200,000 changes, and everybody should see it at once. Records are shared. The district, the hours and
//! the traits of a station that stays are copied from the snapshot before, in passes over a few flat lists. Only where
//! a station came, went or moved are the places packed anew, which is most of the time that is left.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::Utc;

use super::district_table::district_bit;
use super::snapshot::{Snapshot, neighbour_positions, traits};
use crate::domain::bounds::Bounds;
use crate::domain::opening_hours::{HoursId, HoursTable, HoursTableBuilder};
use crate::domain::station::{Station, StationId, Status};
use crate::index::{Entry, StationIndex};

/// One change of the register's records.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every change is a record, and the list is taken apart at once"
)]
#[derive(Debug, Clone, PartialEq)]
pub enum StationChange {
    /// A record that is new, or takes the place of the one with its id.
    Put(Station),
    /// The record with this id goes; nothing happens when there is none.
    Remove(StationId),
}

/// When more than one in this many stations changes, everything is built anew.
const MOST_CHANGED: usize = 4;
/// Opening hours that no station has any more and that are kept all the same, besides a quarter of those in use.
const SPARE_HOURS: usize = 1024;

impl Snapshot {
    /// The register after some changes, the later of two with one id being the one that counts. The answers are those of
    /// [`Snapshot::build`] over the same stations.
    ///
    /// O(n) in short passes; where a station came, went or moved O(n log n). Figures are in `benches/README.md`.
    #[must_use]
    pub fn with_changes(&self, changes: Vec<StationChange>, revision: u64) -> Self {
        let merged = Merged::new(&self.stations, changes);
        let too_many = merged.fresh().count() > merged.stations.len() / MOST_CHANGED;
        let Some(hours) = self.hours_with(&merged).filter(|_| !too_many) else {
            return Self::of_records(merged.stations, self.reference.clone(), revision);
        };
        let outlines = &self.reference.districts;
        let district_table = self
            .district_table
            .following(&merged.stations, outlines, |ordinal| merged.before(ordinal));
        let entry = |ordinal: u32| self.entry(&merged, ordinal, district_table.of_station(ordinal));
        let (index, neighbour_positions, extent) = if merged.has_same_places {
            let order = self.index.neighbour_order().iter();
            let traits = order.map(|&ordinal| entry(ordinal).traits).collect();
            let positions = Arc::clone(&self.neighbour_positions);
            (self.index.with_traits(traits), positions, self.extent)
        } else {
            let entries: Vec<Entry> = (0..).map(entry).take(merged.stations.len()).collect();
            let index = StationIndex::build(&entries);
            let positions = neighbour_positions(&index);
            (
                index,
                positions,
                Bounds::around(entries.iter().map(|entry| entry.place)),
            )
        };
        let order = index.neighbour_order().iter();
        let service = order.map(|&ordinal| self.following_service(&merged, ordinal, &hours));
        Self {
            service: service.collect(),
            index,
            neighbour_positions,
            extent,
            hours,
            stations: merged.stations,
            district_table,
            reference: self.reference.clone(),
            revision,
            loaded_at: Utc::now(),
        }
    }

    /// The table with the hours of all changed stations; `None` when too much of it would be hours that nobody has.
    fn hours_with(&self, merged: &Merged) -> Option<Arc<HoursTable>> {
        let mut stated = merged.fresh().map(|station| &station.hours);
        if stated.all(|hours| self.hours.find(hours).is_some()) {
            return Some(Arc::clone(&self.hours));
        }
        let mut is_used = vec![false; self.hours.count()];
        for (hours, _) in &self.service {
            is_used[hours.position()] = true;
        }
        let used = is_used.iter().filter(|is_used| **is_used).count();
        if self.hours.count() > used + used / 4 + SPARE_HOURS {
            return None;
        }
        let mut builder = HoursTableBuilder::extending(&self.hours);
        for station in merged.fresh() {
            builder.intern(&station.hours);
        }
        Some(Arc::new(builder.build()))
    }

    /// What the index knows of a station that lies in a district.
    fn entry(&self, merged: &Merged, ordinal: u32, district: u32) -> Entry {
        if let Some(before) = merged.before(ordinal as usize) {
            let mut entry = self.index.entry(self.neighbour_positions[before as usize]);
            entry.traits.districts = district_bit(district);
            return entry;
        }
        let station = &merged.stations[ordinal as usize];
        Entry {
            place: station.location.place(),
            traits: traits(station, district),
        }
    }

    fn following_service(&self, merged: &Merged, ordinal: u32, hours: &HoursTable) -> (HoursId, Status) {
        if let Some(before) = merged.before(ordinal as usize) {
            return self.service(before);
        }
        let station = &merged.stations[ordinal as usize];
        let hours = hours.find(&station.hours);
        (
            hours.expect("the hours of changed stations were interned"),
            station.status,
        )
    }
}

/// Stands for the ordinal before of a station that changed.
const NO_ORDINAL: u32 = u32::MAX;

/// The stations after the changes, in the order of ids.
struct Merged {
    stations: Vec<Arc<Station>>,
    /// The ordinal of each station in the snapshot before; [`NO_ORDINAL`] when the record is another one.
    before: Vec<u32>,
    /// Whether the same ids stand at the same places.
    has_same_places: bool,
}

impl Merged {
    fn new(old: &[Arc<Station>], changes: Vec<StationChange>) -> Self {
        let mut wanted: BTreeMap<StationId, Option<Station>> = BTreeMap::new();
        for change in changes {
            match change {
                StationChange::Put(station) => wanted.insert(station.id.clone(), Some(station)),
                StationChange::Remove(id) => wanted.insert(id, None),
            };
        }
        let most = old.len() + wanted.len();
        let mut merged = Self {
            stations: Vec::with_capacity(most),
            before: Vec::with_capacity(most),
            has_same_places: true,
        };
        let mut next = 0;
        for (id, station) in wanted {
            let found = old[next..].binary_search_by(|known| known.id.cmp(&id));
            let at = next + found.unwrap_or_else(|place| place);
            merged.keep(old, next..at);
            let place_before = found.ok().map(|_| old[at].location.place());
            let place = station.as_ref().map(|station| station.location.place());
            merged.has_same_places &= place == place_before;
            if let Some(station) = station {
                merged.stations.push(Arc::new(station));
                merged.before.push(NO_ORDINAL);
            }
            next = at + usize::from(found.is_ok());
        }
        merged.keep(old, next..old.len());
        merged
    }

    fn keep(&mut self, old: &[Arc<Station>], range: Range<usize>) {
        self.stations.extend_from_slice(&old[range.clone()]);
        let ordinals = range.map(|ordinal| u32::try_from(ordinal).unwrap_or(NO_ORDINAL));
        self.before.extend(ordinals);
    }

    /// The ordinal before of a station whose record is the same.
    fn before(&self, ordinal: usize) -> Option<u32> {
        self.before
            .get(ordinal)
            .copied()
            .filter(|before| *before != NO_ORDINAL)
    }

    /// The stations whose record is another one.
    fn fresh(&self) -> impl Iterator<Item = &Station> {
        let all = self.stations.iter().zip(&self.before);
        all.filter(|(_, before)| **before == NO_ORDINAL)
            .map(|(station, _)| &**station)
    }
}
