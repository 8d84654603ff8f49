//! Facilities that few stations have: those stations in lists of their own, which are looked through whole.
//!
//! The tree is no help for what 1 station in 1,000 has: the union of facilities in a box says "perhaps" until the box is
//! small, so that a walk opens thousands of boxes for ten stations. A list of a few hundred points, side by side, is
//! looked through in less time than it takes to open them. `benches/README.md` has the ratios.

use super::Slot;
use super::envelope::Traits;
use super::nearest::lanes;
use super::packing::{BUCKET, BucketPoints};
use crate::domain::filter::{StationFilter, UnknownPolicy};
use crate::domain::geodesic::EarthCentred;

/// Stations in a list at most; looking through more takes as long as the tree.
const MOST: usize = 1_024;
/// Of so many stations at most one has a rare facility; of what more of them have, the next is near in the tree.
const SHARE: usize = 64;
/// As many as there are bits of facilities.
const FACILITIES: usize = u32::BITS as usize;

/// The lists, one for each rare facility that any station surely has. At most 10 bytes a station, mostly none.
#[derive(Debug, Default)]
pub struct RareFacilities(Vec<Stations>);

/// The stations that surely have one facility, neighbours side by side.
#[derive(Debug)]
pub struct Stations {
    facility: u32,
    slots: Vec<Slot>,
    points: Vec<BucketPoints>,
}

impl RareFacilities {
    /// Finds the rare facilities; both slices are in the order of slots. O(n).
    pub fn new(points: &[EarthCentred], traits: &[Traits]) -> Self {
        let mut counts = [0_usize; FACILITIES];
        for station in traits {
            for facility in lanes(station.yes) {
                counts[facility as usize] += 1;
            }
        }
        let most = MOST.min(traits.len() / SHARE);
        let is_rare = |facility: &u32| (1..=most).contains(&counts[*facility as usize]);
        let lists = (0..u32::BITS).filter(is_rare).map(|facility| {
            let has_it = |station: &Traits| station.yes >> facility & 1 == 1;
            let slots: Vec<Slot> = traits
                .iter()
                .zip(0..)
                .filter_map(|(station, slot)| has_it(station).then_some(Slot(slot)))
                .collect();
            let places: Vec<EarthCentred> = slots.iter().map(|slot| points[slot.at()]).collect();
            Stations {
                facility,
                slots,
                points: places.chunks(BUCKET).map(BucketPoints::new).collect(),
            }
        });
        Self(lists.collect())
    }

    /// The shortest list that has every station of the answer: that of a facility which must surely be there.
    pub fn holding(&self, filter: &StationFilter) -> Option<&Stations> {
        if filter.unknown == UnknownPolicy::Allow {
            return None;
        }
        let asked = filter.facilities.bits();
        let lists = self.0.iter().filter(|list| asked >> list.facility & 1 == 1);
        lists.min_by_key(|list| list.len())
    }
}

impl Stations {
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.slots.len()
    }

    /// The points, in buckets, each with its slots.
    pub fn buckets(&self) -> impl Iterator<Item = (&BucketPoints, &[Slot])> {
        self.points.iter().zip(self.slots.chunks(BUCKET))
    }
}
