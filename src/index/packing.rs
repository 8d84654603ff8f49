//! Packs points into buckets of near neighbours and buckets into blocks, before the R-tree is built over the blocks.
//!
//! # Why blocks and buckets
//! A tree whose leaves are single points spends most of a search on pointers: one node, one cache line and one branch
//! for each point. A bucket holds [`BUCKET`] neighbours side by side, coordinate by coordinate, so that the processor
//! works out several distances at a time; a block holds the boxes of [`BUCKETS`] buckets in the same way. The tree
//! above has one leaf for [`BLOCK`] stations and fits into the cache (`benches/README.md` has the ratios).

use super::envelope::{StationEnvelope, Traits};
use crate::domain::geodesic::EarthCentred;

/// Points in a bucket.
pub const BUCKET: usize = 16;
/// Buckets in a block.
pub const BUCKETS: usize = 32;
/// Points in a block.
pub const BLOCK: usize = BUCKET * BUCKETS;
/// Below this many points a part is split on the thread that it is on.
const PARALLEL_POINTS: usize = 16_384;

/// Orders `ordinals` so that each run of [`BUCKET`] is a bucket of near neighbours and each run of [`BLOCK`] a block:
/// the longest side is halved at the median, again and again, with cuts between blocks and then between buckets, so
/// that only the last bucket is not full.
///
/// The same points give the same order on any number of threads. O(n log n).
pub fn pack(points: &[EarthCentred], ordinals: &mut [u32]) {
    if ordinals.len() <= BUCKET {
        ordinals.sort_unstable();
        return;
    }
    let axis = longest_axis(points, ordinals);
    let unit = if ordinals.len() > BLOCK { BLOCK } else { BUCKET };
    let middle = ordinals.len().div_ceil(unit) / 2 * unit;
    let coordinate = |ordinal: u32| points[ordinal as usize][axis];
    ordinals.select_nth_unstable_by(middle, |&a, &b| {
        coordinate(a).total_cmp(&coordinate(b)).then(a.cmp(&b))
    });
    let (near, far) = ordinals.split_at_mut(middle);
    if near.len() < PARALLEL_POINTS {
        pack(points, near);
        pack(points, far);
    } else {
        rayon::join(|| pack(points, near), || pack(points, far));
    }
}

fn longest_axis(points: &[EarthCentred], ordinals: &[u32]) -> usize {
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for &ordinal in ordinals {
        for (axis, &value) in points[ordinal as usize].iter().enumerate() {
            low[axis] = low[axis].min(value);
            high[axis] = high[axis].max(value);
        }
    }
    let side = |axis: usize| high[axis] - low[axis];
    (1..3).fold(
        0,
        |longest, axis| if side(axis) > side(longest) { axis } else { longest },
    )
}

/// The points of a bucket, coordinate by coordinate, metres. Places behind the last point hold nothing of meaning.
#[derive(Debug, Clone)]
pub struct BucketPoints([[f64; BUCKET]; 3]);

impl BucketPoints {
    /// The bucket of at most [`BUCKET`] points.
    pub fn new(points: &[EarthCentred]) -> Self {
        let mut coordinates = [[0.0; BUCKET]; 3];
        for (lane, point) in points.iter().enumerate() {
            for (axis, value) in point.iter().enumerate() {
                coordinates[axis][lane] = *value;
            }
        }
        Self(coordinates)
    }

    /// One point.
    pub const fn point(&self, lane: usize) -> EarthCentred {
        [self.0[0][lane], self.0[1][lane], self.0[2][lane]]
    }

    /// The squared chords from `origin` to all points, m².
    #[inline]
    pub fn chords_2(&self, origin: &EarthCentred) -> [f64; BUCKET] {
        let [x, y, z] = &self.0;
        core::array::from_fn(|lane| {
            let [dx, dy, dz] = [x[lane] - origin[0], y[lane] - origin[1], z[lane] - origin[2]];
            dx * dx + dy * dy + dz * dz
        })
    }
}

/// The boxes of a block's buckets, coordinate by coordinate, metres, and what the stations inside have.
#[derive(Debug, Clone)]
pub struct BlockBoxes {
    low: [[f64; BUCKETS]; 3],
    high: [[f64; BUCKETS]; 3],
    traits: [Traits; BUCKETS],
    count: usize,
}

impl BlockBoxes {
    /// The boxes of at most [`BUCKETS`] buckets, and the envelope of them all.
    pub fn new(points: &[EarthCentred], traits: &[Traits]) -> (Self, StationEnvelope) {
        // A box that nothing is near to, so that places behind the last bucket never win.
        let mut boxes = Self {
            low: [[f64::INFINITY; BUCKETS]; 3],
            high: [[f64::INFINITY; BUCKETS]; 3],
            traits: [Traits::default(); BUCKETS],
            count: points.len().div_ceil(BUCKET),
        };
        let mut whole = <StationEnvelope as rstar::Envelope>::new_empty();
        for (bucket, (points, traits)) in points.chunks(BUCKET).zip(traits.chunks(BUCKET)).enumerate() {
            let mut envelope = <StationEnvelope as rstar::Envelope>::new_empty();
            for (point, traits) in points.iter().zip(traits) {
                rstar::Envelope::merge(&mut envelope, &StationEnvelope::of_point(*point, *traits));
            }
            let (low, high) = envelope.corners();
            for axis in 0..3 {
                boxes.low[axis][bucket] = low[axis];
                boxes.high[axis][bucket] = high[axis];
            }
            boxes.traits[bucket] = envelope.traits;
            rstar::Envelope::merge(&mut whole, &envelope);
        }
        (boxes, whole)
    }

    /// How many buckets there are.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The union of the traits in a bucket.
    pub const fn traits(&self, bucket: usize) -> &Traits {
        &self.traits[bucket]
    }

    /// The squared straight distances from `origin` to all boxes, m²; 0 inside.
    #[inline]
    pub fn chords_2(&self, origin: &EarthCentred) -> [f64; BUCKETS] {
        let gap = |axis: usize, bucket: usize| {
            let (below, above) = (
                self.low[axis][bucket] - origin[axis],
                origin[axis] - self.high[axis][bucket],
            );
            // Written with comparisons that become single instructions; no value here is NaN.
            let gap = if below > above { below } else { above };
            if gap > 0.0 { gap } else { 0.0 }
        };
        core::array::from_fn(|bucket| {
            let [x, y, z] = [gap(0, bucket), gap(1, bucket), gap(2, bucket)];
            x * x + y * y + z * z
        })
    }

    /// Whether a bucket's box and the box from `low` to `high` share a point.
    pub fn meets(&self, bucket: usize, (low, high): (&EarthCentred, &EarthCentred)) -> bool {
        (0..3).all(|axis| self.low[axis][bucket] <= high[axis] && low[axis] <= self.high[axis][bucket])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_packed_once() {
        for count in [0, 1, BUCKET, BUCKET + 1, BLOCK, BLOCK + 1, 40_000] {
            let points: Vec<EarthCentred> = (0..count)
                .map(|i| [(i * 7919 % 997) as f64, (i * 31 % 89) as f64, 0.0])
                .collect();
            let mut ordinals: Vec<u32> = (0..u32::try_from(count).unwrap()).collect();
            pack(&points, &mut ordinals);
            let mut sorted = ordinals.clone();
            sorted.sort_unstable();
            assert!(
                sorted
                    .iter()
                    .enumerate()
                    .all(|(i, &ordinal)| i == ordinal as usize),
                "{count}"
            );
        }
    }

    #[test]
    fn a_bucket_gives_the_same_chords_as_single_points() {
        let points: Vec<EarthCentred> = (0..5_i32)
            .map(|i| [f64::from(i), f64::from(i * i), 1.5])
            .collect();
        let (bucket, origin) = (BucketPoints::new(&points), [7.0, -3.0, 2.0]);
        for (lane, point) in points.iter().enumerate() {
            let expected = crate::domain::geodesic::chord_2(&origin, point);
            assert!((bucket.chords_2(&origin)[lane] - expected).abs() < 1e-12);
            assert_eq!(bucket.point(lane).map(f64::to_bits), point.map(f64::to_bits));
        }
    }

    #[test]
    fn boxes_are_zero_away_from_inside_and_nothing_is_near_behind_the_last() {
        let points: Vec<EarthCentred> = (0..20_i32).map(|i| [f64::from(i), 0.0, 0.0]).collect();
        let (boxes, whole) = BlockBoxes::new(&points, &[Traits::default(); 20]);
        let chords_2 = boxes.chords_2(&[3.5, 0.0, 2.0]);
        assert_eq!(boxes.count(), 2);
        assert!((chords_2[0] - 4.0).abs() < 1e-12 && (chords_2[1] - (12.5 * 12.5 + 4.0)).abs() < 1e-12);
        assert!(chords_2[2].is_infinite());
        assert_eq!(
            whole.corners().1.map(f64::to_bits),
            [19.0_f64, 0.0, 0.0].map(f64::to_bits)
        );
    }
}
