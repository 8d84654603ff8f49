//! The only user of the R-tree: earth-centred points in buckets, searched with filters and exact geodesic order.

mod best;
pub mod envelope;
mod nearest;
mod packing;
mod rare;
pub mod route;
mod within;

use std::sync::Arc;

use rayon::prelude::*;
use rstar::{RStarInsertionStrategy, RTree, RTreeObject, RTreeParams};

use crate::domain::coordinate::LonLat;
use crate::domain::filter::StationFilter;
use crate::domain::geodesic::{self, EULER_LIMIT_M, EarthCentred, chord_2, earth_centred};
use crate::domain::units::Meters;
use envelope::{StationEnvelope, Traits};
pub use nearest::{Hit, NearestAsk, micrometres};
use packing::{BUCKET, Boxes, BucketPoints, GROUP, Packed, Summary};
use rare::RareFacilities;

/// One station as the index sees it; its ordinal is its position in the slice that the index is built from.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Where it is.
    pub place: LonLat,
    /// What a search can ask of it.
    pub traits: Traits,
}

/// The part of a question that the envelopes know: what the record must say, and district bits to share.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// What the record must say.
    pub filter: &'a StationFilter,
    /// District bits of which one must be shared; all ones when any district will do.
    pub districts: u64,
}

impl Wanted<'_> {
    #[inline]
    const fn may_match(&self, traits: &Traits) -> bool {
        traits.may_match(self.filter, self.districts)
    }
}

/// The position of a station inside the index; neighbours on the earth are neighbours here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(u32);

impl Slot {
    const fn at(self) -> usize {
        self.0 as usize
    }
}

/// The starting point of a search, with its earth-centred point worked out once.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    place: LonLat,
    point: EarthCentred,
}

impl From<LonLat> for Origin {
    fn from(place: LonLat) -> Self {
        Self {
            place,
            point: earth_centred(place),
        }
    }
}

/// A leaf of the tree: up to [`packing::LEAF`] neighbours in consecutive slots.
#[derive(Debug, Clone)]
struct Leaf {
    whole: Summary,
    number: u32,
}

impl RTreeObject for Leaf {
    type Envelope = StationEnvelope;

    fn envelope(&self) -> StationEnvelope {
        self.whole.envelope.clone()
    }
}

/// Node sizes: wide nodes, because the tree is loaded once and read only.
struct NodeSizes;

impl RTreeParams for NodeSizes {
    const MIN_SIZE: usize = 6;
    const MAX_SIZE: usize = 12;
    const REINSERTION_COUNT: usize = 3;
    type DefaultInsertionStrategy = RStarInsertionStrategy;
}

/// An immutable index over stations. About 75 bytes a station; a clone of the register is not kept.
pub struct StationIndex {
    tree: RTree<Leaf, NodeSizes>,
    /// The boxes of the blocks of each leaf.
    leaves: Vec<Boxes>,
    /// The boxes of the buckets of each block.
    blocks: Vec<Boxes>,
    points: Vec<BucketPoints>,
    rare: RareFacilities,
    places: Arc<[LonLat]>,
    traits: Vec<Traits>,
    ordinals: Arc<[u32]>,
}

impl core::fmt::Debug for StationIndex {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("StationIndex")
            .field("stations", &self.ordinals.len())
            .finish_non_exhaustive()
    }
}

impl StationIndex {
    /// Builds the index; the position of an entry is its ordinal, and ties in distance are broken by it.
    ///
    /// O(n log n) on all cores. At most `u32::MAX` entries.
    pub fn build(entries: &[Entry]) -> Self {
        assert!(
            u32::try_from(entries.len()).is_ok(),
            "a register has fewer than 2^32 stations"
        );
        let mut packed: Vec<Packed> = entries
            .par_iter()
            .enumerate()
            .with_min_len(4096)
            .map(|(ordinal, entry)| Packed {
                point: earth_centred(entry.place),
                #[expect(clippy::cast_possible_truncation, reason = "checked above")]
                ordinal: ordinal as u32,
            })
            .collect();
        packing::pack(&mut packed);
        let points: Vec<_> = packed.iter().map(|packed| packed.point).collect();
        let ordinals: Arc<[u32]> = packed.iter().map(|packed| packed.ordinal).collect();
        let in_order = || ordinals.iter().map(|ordinal| &entries[*ordinal as usize]);
        let traits = in_order().map(|entry| entry.traits).collect();
        let places = in_order().map(|entry| entry.place).collect();
        Self::assemble(&points, traits, places, Arc::clone(&ordinals))
    }

    /// The index over the same stations at the same places, with other traits, which are given in the order of
    /// [`StationIndex::neighbour_order`]. O(n), without sorting.
    #[must_use]
    pub fn with_traits(&self, traits: Vec<Traits>) -> Self {
        let points: Vec<_> = (0..)
            .map(Slot)
            .map(|slot| self.point(slot))
            .take(self.len())
            .collect();
        Self::assemble(
            &points,
            traits,
            Arc::clone(&self.places),
            Arc::clone(&self.ordinals),
        )
    }

    /// Puts what is packed already, all in the order of slots, into buckets, blocks and the tree.
    fn assemble(
        points: &[EarthCentred],
        traits: Vec<Traits>,
        places: Arc<[LonLat]>,
        ordinals: Arc<[u32]>,
    ) -> Self {
        let buckets: Vec<Summary> = points
            .par_chunks(BUCKET)
            .zip(traits.par_chunks(BUCKET))
            .map(|(points, traits)| Summary::of_bucket(points, traits))
            .collect();
        let summed = |parts: &[Summary]| Summary::of_all(parts.iter().cloned());
        let blocks: Vec<Summary> = buckets.chunks(GROUP).map(summed).collect();
        let leaves = blocks.chunks(GROUP).map(summed).zip(0..);
        let leaves = leaves.map(|(whole, number)| Leaf { whole, number });
        Self {
            tree: RTree::bulk_load_with_params(leaves.collect()),
            leaves: blocks.chunks(GROUP).map(Boxes::new).collect(),
            blocks: buckets.chunks(GROUP).map(Boxes::new).collect(),
            points: points.chunks(BUCKET).map(BucketPoints::new).collect(),
            rare: RareFacilities::new(points, &traits),
            traits,
            places,
            ordinals,
        }
    }

    /// How many stations the index holds.
    pub fn len(&self) -> usize {
        self.ordinals.len()
    }

    /// Whether the index holds no station.
    pub fn is_empty(&self) -> bool {
        self.ordinals.is_empty()
    }

    /// The ordinals in the order of slots: neighbours on the earth stand near each other.
    pub fn neighbour_order(&self) -> &[u32] {
        &self.ordinals
    }

    /// The ordinal of the station in a slot.
    #[inline]
    pub fn ordinal(&self, slot: Slot) -> u32 {
        self.ordinals[slot.at()]
    }

    /// The place and the traits at a position of [`StationIndex::neighbour_order`].
    pub fn entry(&self, position: u32) -> Entry {
        let position = Slot(position).at();
        Entry {
            place: self.places[position],
            traits: self.traits[position],
        }
    }

    /// The geodesic distance from an origin to a slot, as exact as [`NEAR_TIE_M`](geodesic::NEAR_TIE_M) asks.
    #[inline]
    pub fn distance(&self, origin: &Origin, slot: Slot) -> Meters {
        let point = self.point(slot);
        if chord_2(&origin.point, &point) <= EULER_LIMIT_M * EULER_LIMIT_M {
            geodesic::euler(&origin.point, &point)
        } else {
            geodesic::long_line((origin.place, &origin.point), (self.places[slot.at()], &point)).0
        }
    }

    /// The earth-centred point in a slot.
    #[inline]
    pub fn point(&self, slot: Slot) -> EarthCentred {
        self.points[slot.at() / BUCKET].point(slot.at() % BUCKET)
    }

    /// The slots of a bucket.
    fn slots(&self, bucket: usize) -> core::ops::Range<u32> {
        let first = (bucket * BUCKET).min(self.len());
        let end = (first + BUCKET).min(self.len());
        #[expect(
            clippy::cast_possible_truncation,
            reason = "`build` takes fewer than 2^32 stations"
        )]
        let slots = first as u32..end as u32;
        slots
    }

    fn exact_distance(&self, origin: &Origin, slot: Slot) -> Meters {
        geodesic::karney(origin.place, self.places[slot.at()])
    }
}
