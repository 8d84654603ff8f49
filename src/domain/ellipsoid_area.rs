//! Areas on the WGS-84 ellipsoid of shapes on the map.
//!
//! # Why not along geodesics
//! RFC 7946 joins places by lines that are straight on the map. For edges of a few kilometres geodesics are the same to
//! nine digits; for an outline drawn as a box over half a country they are not, and an area clipped by such a box would
//! not fit the area of the box. The area under a straight line on the map has a closed integrand: the area between the
//! equator and a latitude, per radian of longitude. It needs no iteration, some 0.1 µs a corner beside 1 to 2 µs by
//! Karney's method, and knows no shape that is too large. Against Karney's method with edges cut into small pieces it
//! agrees within 1e-9 (`tests/area.rs`).

use geo::{Coord, LineString, MultiPolygon};

use super::geodesic::{A_M, F};

/// First eccentricity squared.
const E_2: f64 = F * (2.0 - F);
/// Semi-minor axis, metres.
const B_M: f64 = A_M * (1.0 - F);
/// Gauss and Legendre's rule with three points over 0..1: where, and how much each counts.
const NODES: [(f64, f64); 3] = [
    (0.112_701_665_379_258_3, 5.0 / 18.0),
    (0.5, 8.0 / 18.0),
    (0.887_298_334_620_741_7, 5.0 / 18.0),
];
/// The rule is used over at most this much latitude at once, degrees; its error there is below 1e-12.
const MOST_DEG: f64 = 5.0;

/// The area of a shape in WGS-84 degrees, m²: exteriors less holes, whichever way the rings run.
///
/// Lines are straight on the map, as in RFC 7946; a shape over ±180° is cut there. O(corners), about 0.1 µs each.
pub fn area_m2(shape: &MultiPolygon<f64>) -> f64 {
    let enclosed_m2 = |ring: &LineString<f64>| {
        let base_m2 = ring.0.first().map_or(0.0, |&corner| below_m2(corner.y));
        under_m2(ring, base_m2, |from, to| to.x - from.x).abs()
    };
    let mut sum = 0.0;
    for polygon in shape {
        sum += enclosed_m2(polygon.exterior());
        for hole in polygon.interiors() {
            sum -= enclosed_m2(hole);
        }
    }
    sum
}

/// The area of a small ring such as an H3 cell, m², whichever way it runs; closed or not.
///
/// Unlike [`area_m2`] it takes each edge the short way round, so that a cell may lie across ±180° or hold a pole.
pub fn cell_area_m2(ring: &LineString<f64>) -> f64 {
    let mut turned_deg = 0.0;
    for (from, to) in edges(ring) {
        turned_deg += short_turn_deg(from, to);
    }
    let first_deg = ring.0.first().map_or(0.0, |&corner| corner.y);
    // A ring all the way round holds the pole on its side: what lies between the ring and the pole is its area.
    let base_deg = if turned_deg.abs() > 180.0 {
        90.0_f64.copysign(first_deg)
    } else {
        first_deg
    };
    under_m2(ring, below_m2(base_deg), short_turn_deg).abs()
}

/// The edges of a ring, the closing one too.
fn edges(ring: &LineString<f64>) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> {
    let followers = ring.0.iter().cycle().skip(1);
    ring.0.iter().copied().zip(followers.copied())
}

/// The difference of two longitudes the short way round, degrees.
fn short_turn_deg(from: Coord<f64>, to: Coord<f64>) -> f64 {
    let turn_deg = to.x - from.x;
    turn_deg - 360.0 * (turn_deg / 360.0).round()
}

/// The area between a base and the ring, m²; positive or negative with the way the ring runs.
fn under_m2(ring: &LineString<f64>, base_m2: f64, turn_deg: impl Fn(Coord<f64>, Coord<f64>) -> f64) -> f64 {
    let mut sum = 0.0;
    for (from, to) in edges(ring) {
        let turn_deg = turn_deg(from, to);
        if turn_deg != 0.0 {
            sum += turn_deg.to_radians() * (mean_below_m2(from.y, to.y) - base_m2);
        }
    }
    sum
}

/// The mean of [`below_m2`] over the latitudes between two, m².
fn mean_below_m2(from_deg: f64, to_deg: f64) -> f64 {
    let rise_deg = to_deg - from_deg;
    let pieces = (rise_deg.abs() / MOST_DEG).ceil().max(1.0);
    let mut sum = 0.0;
    let mut piece = 0.0;
    while piece < pieces {
        for (at, counts) in NODES {
            sum += counts * below_m2(from_deg + rise_deg * (piece + at) / pieces);
        }
        piece += 1.0;
    }
    sum / pieces
}

/// The area between the equator and a latitude, per radian of longitude, m²; negative in the south.
fn below_m2(lat_deg: f64) -> f64 {
    let sine = lat_deg.to_radians().sin();
    let e = E_2.sqrt();
    B_M * B_M / 2.0 * (sine / (1.0 - E_2 * sine * sine) + (e * sine).atanh() / e)
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn the_whole_map_has_the_area_of_the_ellipsoid() {
        let map =
            polygon![(x: -180.0, y: -90.0), (x: 180.0, y: -90.0), (x: 180.0, y: 90.0), (x: -180.0, y: 90.0)];
        let area = area_m2(&MultiPolygon::new(vec![map]));
        // 510,065,621.724 km², the published area of WGS-84.
        assert!((area / 510_065_621_724_088.0 - 1.0).abs() < 1e-12, "{area}");
    }

    #[test]
    fn holes_are_taken_away_whichever_way_rings_run() {
        let outer = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)];
        let inner = [(0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0)];
        let ring = |corners: &[(f64, f64)]| LineString::from(corners.to_vec());
        let with = geo::Polygon::new(ring(&outer), vec![ring(&inner)]);
        let expected = cell_area_m2(&ring(&outer)) - cell_area_m2(&ring(&inner));
        assert!((area_m2(&MultiPolygon::new(vec![with])) / expected - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_cell_over_the_date_line_and_one_around_a_pole_have_their_area() {
        let at = |west: f64| LineString::from(vec![(west, 10.0), (west + 0.1, 10.0), (west + 0.1, 10.1)]);
        let over = LineString::from(vec![(179.95, 10.0), (-179.95, 10.0), (-179.95, 10.1)]);
        assert!((cell_area_m2(&over) / cell_area_m2(&at(20.0)) - 1.0).abs() < 1e-9);
        let around: Vec<(f64, f64)> = (0..36)
            .map(|step| (f64::from(step) * 10.0 - 180.0, -89.0))
            .collect();
        let cap = core::f64::consts::TAU * (below_m2(90.0) - below_m2(89.0));
        assert!((cell_area_m2(&LineString::from(around)) / cap - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_ring_without_corners_has_no_area() {
        assert!(cell_area_m2(&LineString::new(Vec::new())).abs() < f64::MIN_POSITIVE);
    }
}
