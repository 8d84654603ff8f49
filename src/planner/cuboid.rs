//! Boxes in earth-centred metres, and the bounds that neighbours share through them.

use crate::domain::geodesic::EarthCentred;

/// A box along the earth-centred axes, metres.
#[derive(Debug, Clone, Copy)]
pub struct Cuboid {
    low: EarthCentred,
    high: EarthCentred,
}

impl Cuboid {
    /// A box that holds nothing.
    pub const EMPTY: Self = Self {
        low: [f64::INFINITY; 3],
        high: [f64::NEG_INFINITY; 3],
    };

    /// The smallest box around some points, given coordinate by coordinate.
    pub fn around([x, y, z]: [&[f64]; 3]) -> Self {
        let mut whole = Self::EMPTY;
        for (axis, values) in [x, y, z].into_iter().enumerate() {
            for &value in values {
                whole.low[axis] = whole.low[axis].min(value);
                whole.high[axis] = whole.high[axis].max(value);
            }
        }
        whole
    }

    /// The smallest box around some boxes.
    pub fn around_all(parts: &[Self]) -> Self {
        parts.iter().fold(Self::EMPTY, |mut whole, part| {
            for axis in 0..3 {
                whole.low[axis] = whole.low[axis].min(part.low[axis]);
                whole.high[axis] = whole.high[axis].max(part.high[axis]);
            }
            whole
        })
    }

    /// The middle, and half of each side, metres. Every point inside is within half a side of the middle along each axis.
    pub fn middle_and_half(&self) -> (EarthCentred, [f64; 3]) {
        let middle: EarthCentred =
            core::array::from_fn(|axis| f64::midpoint(self.low[axis], self.high[axis]));
        // The larger of the two, because the middle is rounded.
        let half =
            core::array::from_fn(|axis| (self.high[axis] - middle[axis]).max(middle[axis] - self.low[axis]));
        (middle, half)
    }

    /// The squares of the least and of the greatest straight distance from a point to anything in the box, m².
    #[inline]
    pub fn chords_2_to(&self, point: &EarthCentred) -> (f64, f64) {
        let (mut least, mut greatest) = (0.0, 0.0);
        for (axis, &value) in point.iter().enumerate() {
            let (below, above) = (self.low[axis] - value, value - self.high[axis]);
            let gap = below.max(above).max(0.0);
            let far = below.min(above);
            least += gap * gap;
            greatest += far * far;
        }
        (least, greatest)
    }

    /// The squares of the least and of the greatest straight distance from each of some points to anything in the box,
    /// m². The points are given coordinate by coordinate.
    #[inline]
    pub fn chords_2_to_all(&self, points: &[[f64; LANES]; 3]) -> ([f64; LANES], [f64; LANES]) {
        let (mut least, mut greatest) = ([0.0; LANES], [0.0; LANES]);
        for (axis, column) in points.iter().enumerate() {
            let (low, high) = (self.low[axis], self.high[axis]);
            for lane in 0..LANES {
                let (below, above) = (low - column[lane], column[lane] - high);
                let gap = larger(larger(below, above), 0.0);
                let far = if below < above { below } else { above };
                least[lane] += gap * gap;
                greatest[lane] += far * far;
            }
        }
        (least, greatest)
    }
}

/// Boxes or points that are worked out at a time.
pub const LANES: usize = 16;

/// Up to [`LANES`] boxes, side by side; what is missing holds nothing.
#[derive(Debug)]
pub struct Lanes {
    low: [[f64; LANES]; 3],
    high: [[f64; LANES]; 3],
}

impl Lanes {
    /// Puts the first [`LANES`] boxes side by side.
    pub fn of(boxes: &[Cuboid]) -> Self {
        let side = |edge: fn(&Cuboid) -> &EarthCentred| {
            core::array::from_fn(|axis| {
                core::array::from_fn(|lane| edge(boxes.get(lane).unwrap_or(&Cuboid::EMPTY))[axis])
            })
        };
        Self {
            low: side(|cuboid| &cuboid.low),
            high: side(|cuboid| &cuboid.high),
        }
    }

    /// The boxes that hold something, with their lanes.
    pub fn boxes(&self) -> impl Iterator<Item = (usize, Cuboid)> {
        let at = |lane: usize| Cuboid {
            low: self.low.map(|column| column[lane]),
            high: self.high.map(|column| column[lane]),
        };
        let held = (0..LANES).filter(|&lane| self.low[0][lane] < f64::INFINITY);
        held.map(move |lane| (lane, at(lane)))
    }

    /// The squares of the least straight distances between anything in each box and anything in another, m²; infinite
    /// for boxes that hold nothing.
    #[inline]
    pub fn gaps_2(&self, other: &Cuboid) -> [f64; LANES] {
        let mut least = [0.0; LANES];
        for axis in 0..3 {
            let (low, high) = (&self.low[axis], &self.high[axis]);
            for lane in 0..LANES {
                let gap = larger(
                    larger(low[lane] - other.high[axis], other.low[axis] - high[lane]),
                    0.0,
                );
                least[lane] += gap * gap;
            }
        }
        least
    }
}

/// The lanes whose numbers are finite and not above a limit, lowest first. The numbers are asked without branches.
#[inline]
pub fn lanes_within(numbers: &[f64; LANES], limit: f64) -> impl Iterator<Item = usize> + use<> {
    let limit = limit.min(f64::MAX);
    let mut bits = 0_u32;
    for (lane, number) in numbers.iter().enumerate() {
        bits |= u32::from(*number <= limit) << lane;
    }
    core::iter::from_fn(move || {
        let lane = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (lane < LANES).then_some(lane)
    })
}

/// The larger of two numbers, in one instruction; neither is NaN.
#[inline]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::geodesic::chord_2;

    #[test]
    fn a_box_bounds_the_chords_to_all_its_corners() {
        let cuboid = Cuboid::around([&[1.0, -2.0], &[5.0, 4.0], &[0.5, 9.0]]);
        for outside in [[7.0, 7.0, 7.0], [0.0, 4.5, 3.0], [-9.0, 4.2, 0.0]] {
            let (least, greatest) = cuboid.chords_2_to(&outside);
            let mut largest: f64 = 0.0;
            for x in [1.0, -2.0] {
                for y in [5.0, 4.0] {
                    for z in [0.5, 9.0] {
                        let corner = chord_2(&outside, &[x, y, z]);
                        assert!(least <= corner && corner <= greatest, "{outside:?}");
                        largest = largest.max(corner);
                    }
                }
            }
            assert!((largest - greatest).abs() < 1e-12, "{outside:?}");
            let point = Cuboid::around([&outside[..1], &outside[1..2], &outside[2..]]);
            let gaps_2 = Lanes::of(&[point, cuboid]).gaps_2(&cuboid);
            assert!((gaps_2[0] - least).abs() < 1e-12 && gaps_2[1] <= 0.0 && gaps_2[2].is_infinite());
            let (all_least, all_greatest) = cuboid.chords_2_to_all(&outside.map(|value| [value; LANES]));
            assert!(all_least.iter().all(|other| (other - least).abs() < 1e-12));
            assert!(all_greatest.iter().all(|other| (other - greatest).abs() < 1e-12));
        }
        let (middle, half) = cuboid.middle_and_half();
        assert!((middle[2] - 4.75).abs() < 1e-12 && (half[2] - 4.25).abs() < 1e-12);
    }
}
