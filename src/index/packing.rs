//! Packs points into full buckets of near neighbours before the tree is built over the buckets.
//!
//! # Why buckets
//! A tree whose leaves are single points spends most of a search on pointers: one node, one cache line and one branch
//! for each point. A bucket holds [`BUCKET`] neighbours in one block of memory, so the search computes their distances
//! in one straight loop, and the tree above is [`BUCKET`] times smaller (`benches/README.md` has the ratios).

use crate::domain::geodesic::EarthCentred;

/// Points in a bucket.
pub const BUCKET: usize = 16;
/// Below this many points a part is split on the thread that it is on.
const PARALLEL_POINTS: usize = 16_384;

/// Orders `ordinals` so that each run of [`BUCKET`] is a bucket of near neighbours: the longest side is halved at the
/// median, again and again, with cuts at multiples of [`BUCKET`] so that only the last bucket is not full.
///
/// The same points give the same order on any number of threads. O(n log n).
pub fn pack(points: &[EarthCentred], ordinals: &mut [u32]) {
    if ordinals.len() <= BUCKET {
        ordinals.sort_unstable();
        return;
    }
    let axis = longest_axis(points, ordinals);
    let buckets = ordinals.len().div_ceil(BUCKET);
    let middle = buckets / 2 * BUCKET;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_packed_once_and_only_the_last_bucket_is_not_full() {
        for count in [0, 1, BUCKET, BUCKET + 1, 1000, 40_000] {
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
}
