//! Many cells as a few paths: what is shared between neighbours is not drawn, and places too close together are binned.

use std::collections::BTreeMap;

use super::frame::{Frame, Spot};
use super::input::{Cover, MapCell};

/// A path may be so long before its places are binned, bytes; three of them and the rest stay below a megabyte.
const MAX_PATH_BYTES: usize = 200_000;
/// Side of the squares that places are binned to, at least: six pixels.
const MIN_SIDE: f64 = 60.0;
/// Squares of this side over the mean cell's hold the centre of a cell each, when cells are hexagons.
const SIDE_OVER_CELL: f64 = 1.25;

/// What is drawn of each cover: path data, empty where there is nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct GroundPaths {
    /// Surely covered.
    pub sure: String,
    /// Perhaps covered.
    pub perhaps: String,
    /// Not covered.
    pub not: String,
}

impl GroundPaths {
    /// The paths of cells. O(n log n) in their corners.
    pub fn of(cells: &[MapCell], frame: &Frame) -> Self {
        let drawn: Vec<(&MapCell, Option<Vec<Spot>>)> = cells
            .iter()
            .map(|cell| (cell, frame.plain_ring(&cell.ring)))
            .collect();
        if drawn.iter().all(|(_, ring)| ring.is_some()) {
            let rings = |cover| {
                let of_cover = drawn.iter().filter(move |(cell, _)| cell.cover == cover);
                path(&join(of_cover.filter_map(|(_, ring)| ring.as_deref())))
            };
            let paths = Self::each(rings);
            if [&paths.sure, &paths.perhaps, &paths.not]
                .iter()
                .all(|path| path.len() <= MAX_PATH_BYTES)
            {
                return paths;
            }
        }
        binned(&drawn, frame)
    }

    fn each(rings: impl Fn(Cover) -> String) -> Self {
        Self {
            sure: rings(Cover::Sure),
            perhaps: rings(Cover::Perhaps),
            not: rings(Cover::Not),
        }
    }
}

/// Places as squares; a square is drawn as most of the weight in it is covered, and as the worse of two that weigh the same.
fn binned(drawn: &[(&MapCell, Option<Vec<Spot>>)], frame: &Frame) -> GroundPaths {
    let side = side(drawn);
    let mut squares: BTreeMap<Spot, [(f64, u64); 3]> = BTreeMap::new();
    for (cell, ring) in drawn {
        let Some(spot) = ring
            .as_deref()
            .and_then(middle)
            .or_else(|| cell.ring.first().and_then(|place| frame.spot(*place)))
        else {
            continue;
        };
        let square = squares
            .entry((spot.0.div_euclid(side), spot.1.div_euclid(side)))
            .or_default();
        let [sure, perhaps, not] = square;
        let sum = match cell.cover {
            Cover::Sure => sure,
            Cover::Perhaps => perhaps,
            Cover::Not => not,
        };
        sum.0 += if cell.weight > 0.0 { cell.weight } else { 0.0 };
        sum.1 += 1;
    }
    let most = |[sure, perhaps, not]: &[(f64, u64); 3]| {
        let sums = [(Cover::Sure, sure), (Cover::Perhaps, perhaps), (Cover::Not, not)];
        let most = sums
            .into_iter()
            .max_by(|(_, a), (_, b)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        most.map(|(cover, _)| cover)
    };
    GroundPaths::each(|cover| {
        let of_cover = squares.iter().filter(|(_, sums)| most(sums) == Some(cover));
        let rings: Vec<[Spot; 4]> = of_cover
            .map(|((column, row), _)| {
                let (left, top) = (column * side, row * side);
                [
                    (left, top),
                    (left + side, top),
                    (left + side, top + side),
                    (left, top + side),
                ]
            })
            .collect();
        path(&join(rings.iter().map(<[Spot; 4]>::as_slice)))
    })
}

/// Side of the squares, whole: large enough that cells without gaps between them leave none.
fn side(drawn: &[(&MapCell, Option<Vec<Spot>>)]) -> i64 {
    let areas: Vec<f64> = drawn
        .iter()
        .filter_map(|(_, ring)| Some(twice_area(ring.as_deref()?).unsigned_abs() as f64 / 2.0))
        .collect();
    let mean = areas.iter().sum::<f64>() / (areas.len().max(1) as f64);
    super::frame::whole((mean.sqrt() * SIDE_OVER_CELL).max(MIN_SIDE))
}

fn middle(ring: &[Spot]) -> Option<Spot> {
    let number = i64::try_from(ring.len()).ok().filter(|number| *number > 0)?;
    let (x, y) = ring.iter().fold((0, 0), |(x, y), spot| (x + spot.0, y + spot.1));
    Some((x.div_euclid(number), y.div_euclid(number)))
}

fn twice_area(ring: &[Spot]) -> i64 {
    sides(ring).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

fn sides(ring: &[Spot]) -> impl Iterator<Item = (Spot, Spot)> + '_ {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| (*a, *b))
}

/// Joins rings: a side that two of them share in opposite directions is in neither. Drawn with the non-zero rule, the result
/// fills what the rings fill.
pub(super) fn join<'a>(rings: impl Iterator<Item = &'a [Spot]>) -> Vec<Vec<Spot>> {
    // How often each side is left over, counted towards its greater end.
    let mut left_over: BTreeMap<(Spot, Spot), i64> = BTreeMap::new();
    for ring in rings {
        let clockwise = twice_area(ring) > 0;
        for (a, b) in sides(ring).filter(|(a, b)| a != b) {
            let along = (a < b) == clockwise;
            *left_over.entry((a.min(b), a.max(b))).or_default() += if along { 1 } else { -1 };
        }
    }
    let mut onward: BTreeMap<Spot, Vec<Spot>> = BTreeMap::new();
    for ((a, b), times) in left_over {
        let (from, to) = if times > 0 { (a, b) } else { (b, a) };
        for _ in 0..times.unsigned_abs() {
            onward.entry(from).or_default().push(to);
        }
    }
    let mut joined = Vec::new();
    while let Some((&start, _)) = onward.first_key_value() {
        let mut ring = vec![start];
        let mut at = start;
        // As many sides lead to a corner as away from it, so the way ends where it began.
        while let Some(ends) = onward.get_mut(&at) {
            let next = ends.pop();
            if ends.is_empty() {
                onward.remove(&at);
            }
            match next {
                Some(next) if next != start => ring.push(next),
                _ => break,
            }
            at = next.unwrap_or(start);
        }
        joined.push(straightened(&ring));
    }
    joined
}

/// Without corners in the middle of a straight side.
fn straightened(ring: &[Spot]) -> Vec<Spot> {
    let mut out: Vec<Spot> = Vec::with_capacity(ring.len());
    for (corner, next) in sides(ring) {
        let in_between = out.last().is_some_and(|before| {
            let (ax, ay) = (corner.0 - before.0, corner.1 - before.1);
            let (bx, by) = (next.0 - corner.0, next.1 - corner.1);
            ax * by == ay * bx && ax * bx + ay * by > 0
        });
        if !in_between {
            out.push(corner);
        }
    }
    out
}

/// Rings as path data with relative steps.
pub(super) fn path(rings: &[Vec<Spot>]) -> String {
    let mut out = String::new();
    for ring in rings {
        let Some((first, rest)) = ring.split_first() else {
            continue;
        };
        out.push('M');
        push_step(&mut out, first.0, false);
        push_step(&mut out, first.1, true);
        out.push('l');
        let mut at = *first;
        for (corner, number) in rest.iter().zip(0..) {
            push_step(&mut out, corner.0 - at.0, number > 0);
            push_step(&mut out, corner.1 - at.1, true);
            at = *corner;
        }
        out.push('z');
    }
    out
}

fn push_step(out: &mut String, step: i64, apart: bool) {
    if apart && step >= 0 {
        out.push(' ');
    }
    out.push_str(&step.to_string());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn square(x: i64, y: i64, side: i64) -> Vec<Spot> {
        vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    }

    /// The winding number at the middle of a unit square, by a ray to the left.
    fn winding(rings: &[Vec<Spot>], (x, y): Spot) -> i64 {
        let mut turns = 0;
        for (a, b) in rings.iter().flat_map(|ring| sides(ring)) {
            if a.0 == b.0 && a.0 <= x {
                turns += i64::from(a.1 <= y && y < b.1) - i64::from(b.1 <= y && y < a.1);
            }
        }
        turns
    }

    #[test]
    fn neighbours_become_one_ring_with_straight_sides() {
        let cells = [square(0, 0, 10), square(10, 0, 10)];
        let joined = join(cells.iter().map(Vec::as_slice));
        assert_eq!(joined.len(), 1);
        assert_eq!(twice_area(&joined[0]), 400);
        assert!(joined[0].len() <= 5, "{joined:?}");
        assert_eq!(path(&[square(0, 5, 10)]), "M0 5l10 0 0 10-10 0z");
    }

    proptest! {
        #[test]
        fn joined_squares_fill_what_the_squares_fill(
            squares in prop::collection::vec((0..12_i64, 0..12_i64, 1..4_i64, any::<bool>()), 0..60)
        ) {
            let rings: Vec<Vec<Spot>> = squares
                .iter()
                .map(|(x, y, side, reversed)| {
                    let mut ring = square(*x, *y, *side);
                    if *reversed {
                        ring.reverse();
                    }
                    // Corners at every step, as neighbours of one size have them.
                    ring
                })
                .collect();
            let joined = join(rings.iter().map(Vec::as_slice));
            for x in 0..16 {
                for y in 0..16 {
                    let inside = |(left, top, side, _): &&(i64, i64, i64, bool)| {
                        (*left..left + side).contains(&x) && (*top..top + side).contains(&y)
                    };
                    let covered = squares.iter().filter(inside).count();
                    prop_assert_eq!(winding(&joined, (x, y)).unsigned_abs(), covered as u64);
                }
            }
        }
    }
}
