//! Centres in cubes of space, for finding neighbours and what hangs together.

use core::ops::Range;

use crate::domain::geodesic::{EarthCentred, chord_2};

/// The side of a cube over the radius. Below 2/√3, so that two discs in one cube always overlap; two cubes on, in each
/// direction, reach all neighbours within 2.3 radii.
const SIDE: f64 = 1.15;
/// The origin of cubes: below all coordinates of the earth, metres.
const LOW_M: f64 = -6_500_000.0;

type Cube = [u32; 3];

/// The cubes that hold a centre, in order.
#[derive(Debug)]
pub(super) struct Grid {
    cells: Vec<(Cube, Range<u32>)>,
    members: Vec<u32>,
}

impl Grid {
    /// Puts centres into cubes. O(n log n).
    pub(super) fn build(centres: &[EarthCentred], chord_m: f64) -> Self {
        let side_m = chord_m * SIDE;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 2 million: the earth is 13,000 km wide, a cube 11 m at least"
        )]
        let cube = |point: &EarthCentred| point.map(|value| ((value - LOW_M) / side_m) as u32);
        let mut sorted: Vec<(Cube, u32)> = centres.iter().map(cube).zip(0..).collect();
        sorted.sort_unstable();
        let mut cells: Vec<(Cube, Range<u32>)> = Vec::new();
        for (&(cube, _), at) in sorted.iter().zip(0_u32..) {
            match cells.last_mut() {
                Some((last, range)) if *last == cube => range.end = at + 1,
                _ => cells.push((cube, at..at + 1)),
            }
        }
        let members = sorted.into_iter().map(|(_, disc)| disc).collect();
        Self { cells, members }
    }

    /// The cubes that hold a centre.
    pub(super) fn cells(&self) -> Range<u32> {
        0..u32::try_from(self.cells.len()).unwrap_or(u32::MAX)
    }

    /// The discs of a cube, ascending.
    pub(super) fn members(&self, cell: u32) -> &[u32] {
        let range = &self.cells[cell as usize].1;
        &self.members[range.start as usize..range.end as usize]
    }

    /// The cubes that can hold a neighbour of a disc in this one, this one first, near ones before far ones.
    pub(super) fn around(&self, cell: u32) -> Vec<u32> {
        let [x, y, z] = self.cells[cell as usize].0;
        let mut found: Vec<(u32, usize)> = Vec::with_capacity(16);
        for column_x in x.saturating_sub(2)..=x + 2 {
            for column_y in y.saturating_sub(2)..=y + 2 {
                let lowest = [column_x, column_y, z.saturating_sub(2)];
                let from = self.cells.partition_point(|(cube, _)| *cube < lowest);
                // Sliced, not skipped: skipping a zipped range would walk through all cubes before.
                let column = self.cells[from..].iter().zip(from..);
                let near = column.take_while(|((cube, _), _)| *cube <= [column_x, column_y, z + 2]);
                found.extend(near.map(|((cube, _), position)| {
                    let away =
                        cube[0].abs_diff(x).pow(2) + cube[1].abs_diff(y).pow(2) + cube[2].abs_diff(z).pow(2);
                    (away, position)
                }));
            }
        }
        found.sort_unstable();
        #[expect(clippy::cast_possible_truncation, reason = "positions of discs are u32")]
        let positions = found.into_iter().map(|(_, position)| position as u32);
        positions.collect()
    }

    /// For each cube the smallest cube that it hangs together with, through discs nearer than `reach_m` to each other.
    pub(super) fn connect(&self, around: &[Vec<u32>], centres: &[EarthCentred], reach_m: f64) -> Vec<u32> {
        let mut leads: Vec<u32> = (0_u32..).take(self.cells.len()).collect();
        for (cell, near) in (0_u32..).zip(around) {
            for &other in near.iter().filter(|&&other| other > cell) {
                let (a, b) = (lead(&mut leads, cell), lead(&mut leads, other));
                if a != b && self.any_within(centres, cell, other, reach_m) {
                    leads[a.max(b) as usize] = a.min(b);
                }
            }
        }
        (0..)
            .take(self.cells.len())
            .map(|cell| lead(&mut leads, cell))
            .collect()
    }

    fn any_within(&self, centres: &[EarthCentred], cell: u32, other: u32, reach_m: f64) -> bool {
        let point = |disc: u32| &centres[disc as usize];
        let reach_2 = reach_m * reach_m;
        let mut ours = self.members(cell).iter();
        ours.any(|&a| {
            let mut theirs = self.members(other).iter();
            theirs.any(|&b| chord_2(point(a), point(b)) < reach_2)
        })
    }
}

/// The first of those that hang together with `cell`; halves the way for the next question.
fn lead(leads: &mut [u32], mut cell: u32) -> u32 {
    while leads[cell as usize] != cell {
        let next = leads[leads[cell as usize] as usize];
        leads[cell as usize] = next;
        cell = next;
    }
    cell
}
