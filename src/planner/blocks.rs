//! Places put into blocks of neighbours, so that neighbours share the work of finding their stations.

use core::ops::Range;

use rayon::prelude::*;

use super::box_tree::BoxTree;
use super::cuboid::Cuboid;
use super::hilbert;
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{EarthCentred, earth_centred};

/// Places in a block.
pub const BLOCK: usize = 32;
/// Below this many places a part is worked out on the thread that it is on.
const PARALLEL_PLACES: usize = 16_384;

/// Places in the order of neighbours. Whoever keeps something beside a place keeps it in this order.
///
/// Holds 47 bytes a place: 16 for longitude and latitude, 24 for the earth-centred point, 4 for the order, and 3 for the
/// boxes of the blocks and the tree above them.
#[derive(Debug, Default)]
pub struct PlaceBlocks {
    places: Vec<LonLat>,
    order: Vec<u32>,
    /// The earth-centred points, coordinate by coordinate, metres.
    points: [Vec<f64>; 3],
    /// The box around each run of [`BLOCK`] places.
    boxes: Vec<Cuboid>,
    tree: BoxTree,
}

impl PlaceBlocks {
    /// Puts places into blocks: O(n log n) on all threads. At most `u32::MAX` places.
    pub fn build(places: &[LonLat]) -> Self {
        let order = hilbert::neighbour_order(places);
        let places: Vec<LonLat> = order
            .par_iter()
            .with_min_len(PARALLEL_PLACES)
            .map(|&at| places[at as usize])
            .collect();
        let (x, (y, z)): (Vec<f64>, (Vec<f64>, Vec<f64>)) = places
            .par_iter()
            .with_min_len(PARALLEL_PLACES)
            .map(|place| {
                let [x, y, z] = earth_centred(*place);
                (x, (y, z))
            })
            .unzip();
        let boxes: Vec<Cuboid> = (x.par_chunks(BLOCK), y.par_chunks(BLOCK), z.par_chunks(BLOCK))
            .into_par_iter()
            .with_min_len(PARALLEL_PLACES / BLOCK)
            .map(|(x, y, z)| Cuboid::around([x, y, z]))
            .collect();
        Self {
            places,
            order,
            points: [x, y, z],
            tree: BoxTree::build(boxes.clone()),
            boxes,
        }
    }

    /// The places, in the order of neighbours.
    pub fn places(&self) -> &[LonLat] {
        &self.places
    }

    /// For each position in the order of neighbours, the position in the slice that the blocks were built from.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// The earth-centred point of a place.
    #[inline]
    pub(super) fn point(&self, place: usize) -> EarthCentred {
        let [x, y, z] = &self.points;
        [x[place], y[place], z[place]]
    }

    /// The earth-centred points of some places, coordinate by coordinate.
    #[inline]
    pub(super) fn columns(&self, places: &Range<usize>) -> [&[f64]; 3] {
        self.points.each_ref().map(|column| &column[places.clone()])
    }

    /// How many blocks there are.
    pub(super) const fn block_count(&self) -> usize {
        self.boxes.len()
    }

    /// The tree of boxes above the blocks.
    pub(super) const fn tree(&self) -> &BoxTree {
        &self.tree
    }

    /// The box of one block.
    pub(super) fn box_at(&self, block: usize) -> &Cuboid {
        &self.boxes[block]
    }

    /// The box around some blocks.
    pub(super) fn box_around(&self, blocks: Range<usize>) -> Cuboid {
        Cuboid::around_all(&self.boxes[blocks])
    }

    /// The box around some places: whole blocks, or few.
    pub(super) fn box_of(&self, places: &Range<usize>) -> Cuboid {
        if places.start.is_multiple_of(BLOCK) && places.len() >= BLOCK {
            self.box_around(places.start / BLOCK..places.end.div_ceil(BLOCK))
        } else {
            Cuboid::around(self.columns(places))
        }
    }

    /// The places of some blocks.
    pub(super) fn places_of(&self, blocks: Range<usize>) -> Range<usize> {
        blocks.start * BLOCK..(blocks.end * BLOCK).min(self.places.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_every_place_once_in_the_order_that_they_name() {
        let given: Vec<LonLat> = (0..1000_i32)
            .map(|i| LonLat::new(f64::from(i * 7919 % 360 - 180), f64::from(i * 31 % 180 - 90)).unwrap())
            .collect();
        let blocks = PlaceBlocks::build(&given);
        let mut seen = vec![false; given.len()];
        for (at, &from) in blocks.order().iter().enumerate() {
            assert_eq!(blocks.places()[at], given[from as usize]);
            assert!(!core::mem::replace(&mut seen[from as usize], true));
        }
        assert!(seen.iter().all(|seen| *seen) && blocks.places().len() == given.len());
        let last = blocks.block_count() - 1;
        assert_eq!(blocks.places_of(last..last + 1), 992..1000);
        let around = blocks.box_around(last..last + 1);
        for place in 992..1000 {
            assert!(around.chords_2_to(&blocks.point(place)).0 <= 0.0);
        }
    }

    #[test]
    fn nothing_makes_no_blocks() {
        let blocks = PlaceBlocks::build(&[]);
        assert!(blocks.places().is_empty() && blocks.order().is_empty());
        assert_eq!(blocks.block_count(), 0);
    }
}
