//! Packs points into buckets, buckets into blocks, and blocks into the leaves of the R-tree.
//!
//! # Why three levels below the tree
//! A tree whose leaves are single points spends most of a search on pointers: one node, one cache line and one branch
//! for each point. A bucket holds [`BUCKET`] neighbours side by side, coordinate by coordinate, so that the processor
//! works out several distances at a time; [`Boxes`] hold the boxes of [`GROUP`] buckets, or of [`GROUP`] blocks, in the
//! same way. The tree above has one leaf for [`LEAF`] stations (`benches/README.md` has the ratios).

use super::envelope::{StationEnvelope, Traits};
use crate::domain::geodesic::EarthCentred;

/// Points in a bucket.
pub const BUCKET: usize = 16;
/// Buckets in a block, and blocks in a leaf of the tree.
pub const GROUP: usize = 16;
/// Points in a block.
pub const BLOCK: usize = BUCKET * GROUP;
/// Points in a leaf of the tree.
pub const LEAF: usize = BLOCK * GROUP;
/// Below this many points a part is split on the thread that it is on.
const PARALLEL_POINTS: usize = 16_384;

/// A point on its way to its bucket. Point and ordinal move together, so that every pass goes through memory in order.
#[derive(Debug, Clone, Copy)]
pub struct Packed {
    /// Where it is.
    pub point: EarthCentred,
    /// Its number; of points with one coordinate the lower numbers come first.
    pub ordinal: u32,
}

/// Orders points so that each run of [`BUCKET`], [`BLOCK`] and [`LEAF`] holds near neighbours: the longest side is
/// halved at the median, again and again, with cuts between leaves, then between blocks, then between buckets, so that
/// only the last bucket is not full.
///
/// The same points give the same order on any number of threads. O(n log n).
pub fn pack(points: &mut [Packed]) {
    if points.len() <= BUCKET {
        points.sort_unstable_by_key(|point| point.ordinal);
        return;
    }
    let axis = longest_axis(points);
    let unit = [LEAF, BLOCK]
        .into_iter()
        .find(|unit| points.len() > *unit)
        .unwrap_or(BUCKET);
    let middle = points.len().div_ceil(unit) / 2 * unit;
    points.select_nth_unstable_by(middle, |a, b| {
        let by_coordinate = a.point[axis].total_cmp(&b.point[axis]);
        by_coordinate.then(a.ordinal.cmp(&b.ordinal))
    });
    let (near, far) = points.split_at_mut(middle);
    if near.len() < PARALLEL_POINTS {
        pack(near);
        pack(far);
    } else {
        rayon::join(|| pack(near), || pack(far));
    }
}

fn longest_axis(points: &[Packed]) -> usize {
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for Packed { point, .. } in points {
        for (axis, &value) in point.iter().enumerate() {
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

/// A box, what any station inside has, and what every station inside has.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The box and the union of the traits inside.
    pub envelope: StationEnvelope,
    /// The traits that every station inside has.
    pub common: Traits,
}

impl Summary {
    /// The summary of a bucket.
    pub fn of_bucket(points: &[EarthCentred], traits: &[Traits]) -> Self {
        let stations = points.iter().zip(traits).map(|(point, traits)| Self {
            envelope: StationEnvelope::of_point(*point, *traits),
            common: *traits,
        });
        Self::of_all(stations)
    }

    /// The summary of several parts; there is at least one.
    pub fn of_all(parts: impl IntoIterator<Item = Self>) -> Self {
        let whole = parts.into_iter().reduce(|mut whole, part| {
            rstar::Envelope::merge(&mut whole.envelope, &part.envelope);
            whole.common = whole.common.in_common(part.common);
            whole
        });
        whole.unwrap_or_else(|| Self {
            envelope: <StationEnvelope as rstar::Envelope>::new_empty(),
            common: Traits::default(),
        })
    }
}

/// The boxes of up to [`GROUP`] buckets or blocks, coordinate by coordinate, metres, and what the stations inside have.
#[derive(Debug, Clone)]
pub struct Boxes {
    low: [[f64; GROUP]; 3],
    high: [[f64; GROUP]; 3],
    traits: [Traits; GROUP],
    common: [Traits; GROUP],
    count: usize,
}

impl Boxes {
    /// The boxes of at most [`GROUP`] parts.
    pub fn new(parts: &[Summary]) -> Self {
        // A box that nothing is near to, so that places behind the last part never win.
        let mut boxes = Self {
            low: [[f64::INFINITY; GROUP]; 3],
            high: [[f64::INFINITY; GROUP]; 3],
            traits: [Traits::default(); GROUP],
            common: [Traits::default(); GROUP],
            count: parts.len(),
        };
        for (position, part) in parts.iter().enumerate() {
            let (low, high) = part.envelope.corners();
            for axis in 0..3 {
                boxes.low[axis][position] = low[axis];
                boxes.high[axis][position] = high[axis];
            }
            boxes.traits[position] = part.envelope.traits;
            boxes.common[position] = part.common;
        }
        boxes
    }

    /// How many parts there are.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The union of the traits in a part.
    pub const fn traits(&self, part: usize) -> &Traits {
        &self.traits[part]
    }

    /// The traits that every station in a part has.
    pub const fn common(&self, part: usize) -> &Traits {
        &self.common[part]
    }

    /// The squared straight distances from `origin` to all boxes, m²; 0 inside.
    #[inline]
    pub fn chords_2(&self, origin: &EarthCentred) -> [f64; GROUP] {
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

    /// Whether a part's box and the box from `low` to `high` share a point.
    pub fn meets(&self, part: usize, (low, high): (&EarthCentred, &EarthCentred)) -> bool {
        (0..3).all(|axis| self.low[axis][part] <= high[axis] && low[axis] <= self.high[axis][part])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_packed_once() {
        for count in [0, 1, BUCKET, BUCKET + 1, BLOCK, BLOCK + 1, LEAF + 1, 40_000] {
            let mut points: Vec<Packed> = (0..count)
                .zip(0..)
                .map(|(i, ordinal)| Packed {
                    point: [(i * 7919 % 997) as f64, (i * 31 % 89) as f64, 0.0],
                    ordinal,
                })
                .collect();
            pack(&mut points);
            let mut sorted: Vec<u32> = points.iter().map(|point| point.ordinal).collect();
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
        let buckets: Vec<Summary> = points
            .chunks(BUCKET)
            .map(|points| Summary::of_bucket(points, &[Traits::default(); BUCKET]))
            .collect();
        let (boxes, whole) = (Boxes::new(&buckets), Summary::of_all(buckets).envelope);
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
