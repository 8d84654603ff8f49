//! A point for an area: inside it, by the even-odd rule, so that rings need no putting together.

use super::block::Degrees;

/// Where an area is cut, as shares of its height, until a cut is found.
const CUTS: &[f64] = &[0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875];
/// An area wider than this reaches around the back of the earth, degrees.
const MAX_WIDTH_DEG: f64 = 180.0;

/// A point for the lines of an object: the mean of an area's corners where that lies inside, else the middle of the widest
/// cut through it; the middle corner of what has no inside. `None` for no corners at all, or for half the earth.
///
/// Cost: linear in the corners, with a sort of the crossings of each cut.
pub(super) fn point_of(lines: &[Vec<Degrees>]) -> Option<Degrees> {
    let corners = lines.iter().map(|line| corners_of(line));
    let corners: Vec<Degrees> = corners.flatten().copied().collect();
    let (west, east) = range(corners.iter().map(|corner| corner.0));
    let (south, north) = range(corners.iter().map(|corner| corner.1));
    if corners.is_empty() || east - west > MAX_WIDTH_DEG {
        return None;
    }
    let middle = *corners.get(corners.len() / 2)?;
    let is_area = lines.len() > 1 || lines.iter().any(|line| is_closed(line));
    if !is_area {
        return Some(middle);
    }
    // From the first corner on, so that no digits are lost.
    let (lon, lat) = *corners.first()?;
    let count = corners.len() as f64;
    let sum =
        |part: fn(&Degrees) -> f64, from: f64| corners.iter().map(|corner| part(corner) - from).sum::<f64>();
    let mean = (
        lon + sum(|corner| corner.0, lon) / count,
        lat + sum(|corner| corner.1, lat) / count,
    );
    let is_inside = cuts(lines, mean.1)
        .iter()
        .any(|(west, east)| *west < mean.0 && mean.0 < *east);
    if is_inside {
        return Some(mean);
    }
    for share in CUTS {
        let lat = south + (north - south) * share;
        let widest = cuts(lines, lat)
            .into_iter()
            .max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
        if let Some((west, east)) = widest.filter(|(west, east)| east > west) {
            return Some((f64::midpoint(west, east), lat));
        }
    }
    Some(middle)
}

fn is_closed(line: &[Degrees]) -> bool {
    line.len() > 3 && line.first() == line.last()
}

/// The corners of a line, the one that closes it counted once.
fn corners_of(line: &[Degrees]) -> &[Degrees] {
    match line.split_last() {
        Some((_, corners)) if is_closed(line) => corners,
        _ => line,
    }
}

fn range(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), number| {
        (least.min(number), most.max(number))
    })
}

/// The pieces of a parallel that lie inside, west to east.
fn cuts(lines: &[Vec<Degrees>], lat: f64) -> Vec<Degrees> {
    let mut crossings = Vec::new();
    for line in lines {
        for (from, to) in line.iter().zip(line.iter().skip(1)) {
            // Half-open, so that a corner on the parallel counts once.
            if (from.1 <= lat) != (to.1 <= lat) {
                crossings.push(from.0 + (to.0 - from.0) * (lat - from.1) / (to.1 - from.1));
            }
        }
    }
    crossings.sort_by(f64::total_cmp);
    crossings
        .as_chunks::<2>()
        .0
        .iter()
        .map(|[west, east]| (*west, *east))
        .collect()
}

#[cfg(test)]
mod tests {
    use geo::{Contains as _, Coord, LineString, Point, Polygon};
    use proptest::prelude::*;

    use super::*;

    fn ring(corners: &[Degrees]) -> Vec<Degrees> {
        let mut ring = corners.to_vec();
        ring.push(corners[0]);
        ring
    }

    #[test]
    fn a_square_gets_its_middle_and_a_horseshoe_a_point_in_an_arm() {
        let square = ring(&[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]);
        assert_eq!(point_of(std::slice::from_ref(&square)), Some((1.0, 1.0)));
        let hole = ring(&[(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)]);
        let (lon, lat) = point_of(&[square, hole]).unwrap();
        assert!(
            !(0.5..1.5).contains(&lon) || !(0.5..1.5).contains(&lat),
            "{lon} {lat}"
        );
        let horseshoe = ring(&[
            (0.0, 0.0),
            (3.0, 0.0),
            (3.0, 3.0),
            (2.0, 3.0),
            (2.0, 1.0),
            (1.0, 1.0),
            (1.0, 3.0),
            (0.0, 3.0),
        ]);
        let (lon, lat) = point_of(&[horseshoe]).unwrap();
        assert!(lat < 1.0 || !(1.0..2.0).contains(&lon), "{lon} {lat}");
    }

    #[test]
    fn what_has_no_inside_gets_a_corner_and_half_the_earth_none() {
        let line = vec![(0.0, 0.0), (1.0, 0.0), (2.0, 1.0)];
        assert_eq!(point_of(&[line]), Some((1.0, 0.0)));
        assert_eq!(point_of(&[vec![(5.0, 6.0)]]), Some((5.0, 6.0)));
        assert_eq!(point_of(&[vec![(1.0, 1.0); 5]]), Some((1.0, 1.0)));
        assert_eq!(point_of(&[]), None);
        assert_eq!(point_of(&[Vec::new(), Vec::new()]), None);
        assert_eq!(
            point_of(&[ring(&[(-170.0, 0.0), (170.0, 0.0), (170.0, 1.0)])]),
            None
        );
    }

    proptest! {
        /// A star around a middle is simple, whatever its corners; `geo` says whether the point is in it.
        #[test]
        fn the_point_of_a_star_lies_in_it(radii in prop::collection::vec(0.05_f64..1.0, 3..40)) {
            let step = std::f64::consts::TAU / radii.len() as f64;
            let corners = radii.iter().enumerate().map(|(position, radius)| {
                let angle = step * position as f64;
                (24.9 + radius * angle.cos(), 60.1 + radius * angle.sin())
            });
            let ring = ring(&corners.collect::<Vec<_>>());
            let (lon, lat) = point_of(std::slice::from_ref(&ring)).unwrap();
            let outline: LineString = ring.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect();
            prop_assert!(Polygon::new(outline, Vec::new()).contains(&Point::new(lon, lat)));
        }
    }
}
