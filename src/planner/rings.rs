//! Rings on the earth as polygons in longitude and latitude: cut at ±180°, closed over the poles, holes in their places.

use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
use geo::{BoundingRect as _, Coord, LineString, MultiPolygon, Polygon, Rect};

use super::arcs;

/// Edges that span more longitude or latitude than this are broken along the great circle, degrees.
const MAX_EDGE_DEG: f64 = 0.1;
/// A corner on ±180° itself is taken for one this far west of it, degrees: a tenth of a micrometre.
const OFF_THE_CUT_DEG: f64 = 1e-12;

/// The polygons that rings enclose on their left, WGS-84 degrees. The rings do not touch each other and their first
/// corner is not repeated. No ring, or holes that nothing encloses, mean the whole earth around them.
pub fn polygons(rings: Vec<Vec<Coord<f64>>>) -> MultiPolygon<f64> {
    let mut closed: Vec<LineString<f64>> = Vec::with_capacity(rings.len());
    let mut chains: Vec<Vec<Coord<f64>>> = Vec::new();
    for ring in rings {
        let ring = along_great_circles(ring);
        match cut(&ring) {
            None => closed.push(LineString::new(ring)),
            Some(parts) => chains.extend(parts),
        }
    }
    closed.extend(joined(chains));
    for ring in &mut closed {
        ring.close();
    }
    assembled(closed)
}

/// Eastward from one corner to the next, degrees: the short way round.
fn step_deg(from: Coord<f64>, to: Coord<f64>) -> f64 {
    let step = to.x - from.x;
    if step > 180.0 {
        step - 360.0
    } else if step < -180.0 {
        step + 360.0
    } else {
        step
    }
}

fn is_short(from: Coord<f64>, to: Coord<f64>) -> bool {
    step_deg(from, to).abs() <= MAX_EDGE_DEG && (to.y - from.y).abs() <= MAX_EDGE_DEG
}

/// Breaks long edges, and moves corners off the cut.
fn along_great_circles(mut ring: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    for corner in &mut ring {
        if corner.x.abs() >= 180.0 {
            corner.x = 180.0 - OFF_THE_CUT_DEG;
        }
    }
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    if edges.clone().all(|(from, to)| is_short(*from, *to)) {
        return ring;
    }
    let mut broken = Vec::with_capacity(ring.len() * 2);
    for (&from, &to) in edges {
        broken.push(from);
        push_between(from, to, &mut broken);
    }
    broken
}

/// Pushes what must lie between two corners.
fn push_between(from: Coord<f64>, to: Coord<f64>, broken: &mut Vec<Coord<f64>>) {
    if is_short(from, to) {
        return;
    }
    let ends = [from, to].map(|end| arcs::normal(end.x, end.y));
    let place = arcs::place(&arcs::middle([&ends[0], &ends[1]]));
    let lon_deg = if place.lon_deg().abs() >= 180.0 {
        180.0 - OFF_THE_CUT_DEG
    } else {
        place.lon_deg()
    };
    let middle = Coord {
        x: lon_deg,
        y: place.lat_deg(),
    };
    if middle == from || middle == to {
        return;
    }
    push_between(from, middle, broken);
    broken.push(middle);
    push_between(middle, to, broken);
}

/// Cuts a ring where it crosses ±180° into chains that begin and end there; `None` when it does not.
fn cut(ring: &[Coord<f64>]) -> Option<Vec<Vec<Coord<f64>>>> {
    let mut chains: Vec<Vec<Coord<f64>>> = Vec::new();
    let mut before_first_cut = Vec::new();
    for (&from, &to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        chains.last_mut().unwrap_or(&mut before_first_cut).push(from);
        let step = step_deg(from, to);
        let edge = 180.0_f64.copysign(step);
        if (from.x + step).abs() <= 180.0 {
            continue;
        }
        let lat_deg = from.y + (to.y - from.y) * (edge - from.x) / step;
        let end = Coord { x: edge, y: lat_deg };
        chains.last_mut().unwrap_or(&mut before_first_cut).push(end);
        chains.push(vec![Coord { x: -edge, y: lat_deg }]);
    }
    // What came before the first cut ends the last chain.
    chains.last_mut()?.append(&mut before_first_cut);
    Some(chains)
}

/// Where a point of the cut lies on the way round the map, counter-clockwise from its south-eastern corner: 180 up the
/// eastern edge, 1 along the north, 180 down the western edge, 1 along the south.
fn way_round(point: Coord<f64>) -> f64 {
    if point.x > 0.0 {
        point.y + 90.0
    } else {
        181.0 + 90.0 - point.y
    }
}

/// Once round the map.
const ROUND: f64 = 362.0;
/// The corners of the map on that way.
const MAP_CORNERS: [(f64, Coord<f64>); 4] = [
    (180.0, Coord { x: 180.0, y: 90.0 }),
    (181.0, Coord { x: -180.0, y: 90.0 }),
    (361.0, Coord { x: -180.0, y: -90.0 }),
    (ROUND, Coord { x: 180.0, y: -90.0 }),
];

/// Joins chains to rings along the edge of the map. What they enclose lies on their left, so from the end of a chain
/// the edge is followed counter-clockwise to the next beginning; ends and beginnings alternate.
fn joined(mut chains: Vec<Vec<Coord<f64>>>) -> Vec<LineString<f64>> {
    let sorted = |point_of: fn(&[Coord<f64>]) -> Option<&Coord<f64>>| {
        let points = chains.iter().enumerate();
        let mut points: Vec<(f64, usize)> = points
            .filter_map(|(chain, corners)| Some((way_round(*point_of(corners)?), chain)))
            .collect();
        points.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        points
    };
    let (begins, ends) = (sorted(<[_]>::first), sorted(<[_]>::last));
    let Some(&(first_end, _)) = ends.first() else {
        return Vec::new();
    };
    let shift = begins.partition_point(|(begin, _)| *begin < first_end);
    let mut next = vec![(0.0, 0.0, 0); chains.len()];
    for (&(end, chain), &(begin, follower)) in ends.iter().zip(begins.iter().cycle().skip(shift)) {
        next[chain] = (end, begin, follower);
    }
    let mut rings = Vec::new();
    for first in 0..chains.len() {
        let mut ring = Vec::new();
        let mut chain = first;
        while !chains[chain].is_empty() {
            ring.append(&mut chains[chain]);
            let (end, begin, follower) = next[chain];
            let until = if begin < end { begin + ROUND } else { begin };
            let twice_round = [0.0, ROUND]
                .into_iter()
                .flat_map(|rounds| MAP_CORNERS.map(|(at, corner)| (at + rounds, corner)));
            let passed = twice_round.filter(|(at, _)| (end..until).contains(at));
            ring.extend(passed.map(|(_, corner)| corner));
            chain = follower;
        }
        if !ring.is_empty() {
            rings.push(LineString::new(ring));
        }
    }
    rings
}

/// Twice the signed area of a closed ring, square degrees; positive when it runs counter-clockwise.
fn doubled_area(ring: &LineString<f64>) -> f64 {
    let origin = ring.0.first().copied().unwrap_or_default();
    let cross = |line: geo::Line<f64>| {
        let (a, b) = (line.start - origin, line.end - origin);
        a.x * b.y - b.x * a.y
    };
    ring.lines().map(cross).sum()
}

/// Puts each hole into the smallest outer ring that encloses it.
fn assembled(rings: Vec<LineString<f64>>) -> MultiPolygon<f64> {
    let mut outer: Vec<(f64, LineString<f64>, Vec<LineString<f64>>)> = Vec::new();
    let mut holes = Vec::new();
    let is_empty = rings.is_empty();
    for ring in rings {
        let area = doubled_area(&ring);
        if area > 0.0 {
            outer.push((area, ring, Vec::new()));
        } else {
            holes.push(ring);
        }
    }
    let boxes: Vec<Option<Rect<f64>>> = outer.iter().map(|(_, ring, _)| ring.bounding_rect()).collect();
    let mut in_the_world = Vec::new();
    for hole in holes {
        let Some(hole_box) = hole.bounding_rect() else {
            continue;
        };
        let may_enclose = |at: &usize| boxes[*at].is_some_and(|outer_box| encloses(outer_box, hole_box));
        let smallest = (0..outer.len())
            .filter(may_enclose)
            .filter(|at| outer.len() == 1 || is_inside(&hole, &outer[*at].1))
            .min_by(|a, b| outer[*a].0.total_cmp(&outer[*b].0));
        match smallest {
            Some(at) => outer[at].2.push(hole),
            None => in_the_world.push(hole),
        }
    }
    let mut polygons: Vec<Polygon<f64>> = Vec::with_capacity(outer.len());
    if is_empty || !in_the_world.is_empty() {
        let map = LineString::new(MAP_CORNERS.iter().map(|(_, corner)| *corner).collect());
        polygons.push(Polygon::new(map, in_the_world));
    }
    polygons.extend(
        outer
            .into_iter()
            .map(|(_, ring, holes)| Polygon::new(ring, holes)),
    );
    MultiPolygon::new(polygons)
}

fn encloses(outer: Rect<f64>, inner: Rect<f64>) -> bool {
    let (low, high) = (inner.min(), inner.max());
    outer.min().x <= low.x && outer.min().y <= low.y && outer.max().x >= high.x && outer.max().y >= high.y
}

/// Whether a ring lies inside another one that it does not touch.
fn is_inside(ring: &LineString<f64>, outer: &LineString<f64>) -> bool {
    let corner = ring.0.first().copied().unwrap_or_default();
    coord_pos_relative_to_ring(corner, outer) == CoordPos::Inside
}

#[cfg(test)]
mod tests {
    use geo::Validation as _;

    use super::*;

    fn drawn(rings: &[&[(f64, f64)]]) -> MultiPolygon<f64> {
        let ring = |corners: &&[(f64, f64)]| corners.iter().map(|&(x, y)| Coord { x, y }).collect();
        let polygons = polygons(rings.iter().map(ring).collect());
        assert!(polygons.is_valid(), "{polygons:?}");
        polygons
    }

    #[test]
    fn a_ring_that_only_touches_the_antimeridian_stays_whole() {
        let polygons = drawn(&[&[(179.5, 0.0), (180.0, 0.2), (-180.0, 0.4), (179.5, 0.6)]]);
        assert_eq!(polygons.0.len(), 1);
        assert!(polygons.0[0].exterior().coords().all(|corner| corner.x > 179.0));
    }

    #[test]
    fn a_ring_that_crosses_twice_leaves_three_polygons() {
        // A fork whose two prongs reach across from the west.
        let fork = [
            (179.5, 0.0),
            (-179.5, 0.0),
            (-179.5, 0.2),
            (179.8, 0.2),
            (179.8, 0.4),
            (-179.5, 0.4),
            (-179.5, 0.6),
            (179.5, 0.6),
        ];
        let polygons = drawn(&[&fork]);
        assert_eq!(polygons.0.len(), 3);
        let doubled: f64 = polygons
            .iter()
            .map(|polygon| doubled_area(polygon.exterior()))
            .sum();
        // Edges are great circles, which bend a little away from parallels.
        assert!((doubled - 2.0 * (0.6 - 0.7 * 0.2)).abs() < 1e-3, "{doubled}");
    }

    #[test]
    fn a_hole_across_the_antimeridian_opens_both_sides() {
        let outer = [(179.0, -1.0), (-179.0, -1.0), (-179.0, 1.0), (179.0, 1.0)];
        let hole = [(179.5, -0.5), (179.5, 0.5), (-179.5, 0.5), (-179.5, -0.5)];
        let polygons = drawn(&[&outer, &hole]);
        assert_eq!(polygons.0.len(), 2);
        assert!(polygons.iter().all(|polygon| polygon.interiors().is_empty()));
        let doubled: f64 = polygons
            .iter()
            .map(|polygon| doubled_area(polygon.exterior()))
            .sum();
        assert!((doubled - 2.0 * (4.0 - 1.0)).abs() < 1e-3, "{doubled}");
    }

    #[test]
    fn a_band_round_the_earth_is_one_polygon() {
        let round = |lat: f64| (-18..18).map(move |step| (f64::from(step) * 10.0 + 3.0, lat));
        let (south, mut north): (Vec<_>, Vec<_>) = (round(-20.0).collect(), round(20.0).collect());
        north.reverse();
        let polygons = drawn(&[&south, &north]);
        assert_eq!((polygons.0.len(), polygons.0[0].interiors().len()), (1, 0));
        // Great circles between the corners bulge a little towards the poles.
        let doubled = doubled_area(polygons.0[0].exterior());
        assert!((doubled / (2.0 * 360.0 * 40.0) - 1.0).abs() < 0.01, "{doubled}");
    }
}
