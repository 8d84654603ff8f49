//! Rings on the earth made into polygons on the map, by the rules of RFC 7946.
//!
//! A ring is a list of places, each joined to the next the short way round, with the covered side on the left. Edges that
//! stray from the geodesic get places in between. Rings over ±180° are cut into paths from border to border of the map,
//! and paths are closed along the border, counter-clockwise; a pole inside is so led along the edge of the map.

use core::f64::consts::PI;

use geo::{Area as _, Contains as _, Coord, LineString, Point, Polygon};

use super::DiscRadius;
use super::disc::lon_lat;
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{EarthCentred, earth_centred};

/// Metres in a degree of latitude, about.
const DEGREE_M: f64 = 111_195.0;
/// An edge may stray from the geodesic by this part of the radius.
const STRAY: f64 = 4e-6;
/// How often an edge is halved at most.
const MOST_HALVINGS: u32 = 12;
/// Rings around less than this part of the squared radius are marks of rounding where circles meet in one point.
const SMALLEST: f64 = 1e-9;
/// Places nearer to each other than this are one, degrees: 0.1 mm.
const SAME_DEG: f64 = 1e-9;
/// The corners of the map with their positions along its border, counter-clockwise from the south-east.
const CORNERS: [(f64, [f64; 2]); 4] = [
    (180.0, [180.0, 90.0]),
    (540.0, [-180.0, 90.0]),
    (720.0, [-180.0, -90.0]),
    (1080.0, [180.0, -90.0]),
];
/// The length of the border of the map, degrees.
const BORDER: f64 = 1080.0;

type Ring = Vec<Coord<f64>>;

/// The polygons that the rings of one connected part enclose. No rings at all enclose the whole earth.
pub(super) fn polygons(rings: Vec<Ring>, radius: DiscRadius) -> Vec<Polygon<f64>> {
    let stray_m = STRAY * radius.get().get();
    let (mut closed, mut paths) = (Vec::new(), Vec::new());
    for ring in rings {
        cut(refined(ring, stray_m), &mut closed, &mut paths);
    }
    closed.extend(close(paths));
    let (mut exteriors, mut holes) = (Vec::new(), Vec::new());
    for mut ring in closed {
        let same =
            |a: &Coord<f64>, b: &Coord<f64>| (a.x - b.x).abs() < SAME_DEG && (a.y - b.y).abs() < SAME_DEG;
        ring.dedup_by(|a, b| same(a, b));
        while ring.len() > 1 && same(&ring[0], &ring[ring.len() - 1]) {
            ring.pop();
        }
        if ring.len() < 3 {
            continue;
        }
        let line = LineString::new(ring);
        let (degrees_2, lat_rad) = (signed_area(&line), line.0[0].y.to_radians());
        let small = SMALLEST * radius.get().get().powi(2);
        if degrees_2.abs() * DEGREE_M * DEGREE_M * lat_rad.cos() < small {
            continue;
        }
        if degrees_2 > 0.0 {
            exteriors.push(Polygon::new(line, Vec::new()));
        } else {
            holes.push(line);
        }
    }
    put_holes(exteriors, holes)
}

/// The area on the map in square degrees, positive counter-clockwise; relative to the first corner, to keep digits.
fn signed_area(ring: &LineString<f64>) -> f64 {
    let origin = ring.0[0];
    let mut twice = 0.0;
    for pair in ring.0.windows(2) {
        let (a, b) = (pair[0] - origin, pair[1] - origin);
        twice += a.x * b.y - b.x * a.y;
    }
    twice / 2.0
}

/// Puts each hole into the smallest polygon around it, or into the whole map.
fn put_holes(mut exteriors: Vec<Polygon<f64>>, holes: Vec<LineString<f64>>) -> Vec<Polygon<f64>> {
    if exteriors.is_empty() {
        let corners = CORNERS.map(|(_, [x, y])| Coord { x, y });
        exteriors.push(Polygon::new(LineString::new(corners.to_vec()), Vec::new()));
    }
    let only = exteriors.len() == 1;
    for hole in holes {
        let around = |polygon: &Polygon<f64>| {
            let outline = Polygon::new(polygon.exterior().clone(), Vec::new());
            hole.coords().any(|&corner| outline.contains(&Point(corner)))
        };
        let positions = 0..exteriors.len();
        let candidates = positions.filter(|&position| only || around(&exteriors[position]));
        let smallest = candidates.min_by(|&a, &b| {
            let area = |position: usize| exteriors[position].unsigned_area();
            area(a).total_cmp(&area(b))
        });
        if let Some(position) = smallest {
            exteriors[position].interiors_push(hole);
        }
    }
    exteriors
}

/// The difference of two longitudes the short way round, −180 to 180 degrees.
fn turn_deg(from: Coord<f64>, to: Coord<f64>) -> f64 {
    let turn = to.x - from.x;
    if turn > 180.0 {
        turn - 360.0
    } else if turn < -180.0 {
        turn + 360.0
    } else {
        turn
    }
}

/// The ring with places put into edges that stray further than `stray_m` from the geodesic.
fn refined(ring: Ring, stray_m: f64) -> Ring {
    // An edge over Δλ strays by R·Δλ²·|sin φ·cos φ|/8 at most, and the last two are at most a half.
    let most_deg = (16.0 * stray_m / (DEGREE_M * PI / 180.0)).sqrt();
    let followers = || ring.iter().cycle().skip(1);
    if ring
        .iter()
        .zip(followers())
        .all(|(&a, &b)| turn_deg(a, b).abs() <= most_deg)
    {
        return ring;
    }
    let mut finer = Ring::with_capacity(2 * ring.len());
    for (&from, &to) in ring.iter().zip(followers()) {
        finer.push(from);
        halve(&mut finer, (from, to), stray_m, MOST_HALVINGS);
    }
    finer
}

fn halve(finer: &mut Ring, (from, to): (Coord<f64>, Coord<f64>), stray_m: f64, halvings: u32) {
    let (p, q) = (on_earth(from), on_earth(to));
    let middle = lon_lat(&[p[0] + q[0], p[1] + q[1], p[2] + q[2]]);
    let north_m = (middle.y - f64::midpoint(from.y, to.y)) * DEGREE_M;
    let east_m =
        (turn_deg(from, middle) - turn_deg(middle, to)) / 2.0 * DEGREE_M * middle.y.to_radians().cos();
    if halvings == 0 || north_m.hypot(east_m) <= stray_m {
        return;
    }
    halve(finer, (from, middle), stray_m, halvings - 1);
    finer.push(middle);
    halve(finer, (middle, to), stray_m, halvings - 1);
}

fn on_earth(place: Coord<f64>) -> EarthCentred {
    earth_centred(LonLat::from_computed(place.x, place.y))
}

/// Cuts a ring where it crosses ±180°: into paths that begin and end there, or not at all.
fn cut(ring: Ring, closed: &mut Vec<Ring>, paths: &mut Vec<Ring>) {
    let crosses = |from: Coord<f64>, to: Coord<f64>| (to.x - from.x).abs() > 180.0;
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    let Some(first) = edges.clone().position(|(&a, &b)| crosses(a, b)) else {
        closed.push(ring);
        return;
    };
    let count = ring.len();
    let mut path: Option<Ring> = None;
    for (&from, &to) in edges.cycle().skip(first).take(count) {
        if let Some(path) = &mut path {
            path.push(from);
        }
        if crosses(from, to) {
            let (side, lat_deg) = (180.0_f64.copysign(from.x), crossing_lat_deg(from, to));
            if let Some(mut done) = path.take() {
                done.push(Coord { x: side, y: lat_deg });
                paths.push(done);
            }
            path = Some(vec![Coord { x: -side, y: lat_deg }]);
        }
    }
    if let (Some(mut last), Some(&from), Some(&to)) = (path, ring.get(first), ring.get((first + 1) % count)) {
        last.push(from);
        let side = 180.0_f64.copysign(from.x);
        last.push(Coord {
            x: side,
            y: crossing_lat_deg(from, to),
        });
        paths.push(last);
    }
}

/// The latitude at which an edge crosses ±180°.
fn crossing_lat_deg(from: Coord<f64>, to: Coord<f64>) -> f64 {
    let (p, q) = (on_earth(from), on_earth(to));
    // Both on the meridian itself gives 0/0; either end will do.
    // Two points of the same height give NaN, which `max` turns into 0 and `clamp` would keep.
    #[expect(clippy::manual_clamp, reason = "NaN counts as 0")]
    let part = (p[1] / (p[1] - q[1])).max(0.0).min(1.0);
    lon_lat(&core::array::from_fn(|axis| p[axis] + part * (q[axis] - p[axis]))).y
}

/// Where a place on ±180° lies along the border of the map.
fn along_border(place: Coord<f64>) -> f64 {
    if place.x > 0.0 {
        place.y + 90.0
    } else {
        630.0 - place.y
    }
}

/// Joins paths along the border: from the end of each counter-clockwise to the nearest beginning.
fn close(paths: Vec<Ring>) -> Vec<Ring> {
    let beginning = |path: &Ring| path.first().map_or(0.0, |&place| along_border(place));
    let mut starts: Vec<(f64, usize)> = paths
        .iter()
        .enumerate()
        .map(|(i, path)| (beginning(path), i))
        .collect();
    starts.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut paths: Vec<Option<Ring>> = paths.into_iter().map(Some).collect();
    let mut rings = Vec::new();
    for first in 0..paths.len() {
        let Some(mut ring) = paths[first].take() else {
            continue;
        };
        while let Some(&end) = ring.last() {
            let from = along_border(end);
            let after = starts.partition_point(|&(start, _)| start < from);
            let found = starts.iter().cycle().skip(after).take(starts.len());
            // The first path of this ring is taken already; coming back to it closes the ring.
            let Some(&(start, position)) = found
                .into_iter()
                .find(|&&(_, i)| i == first || paths[i].is_some())
            else {
                break;
            };
            let walked = if start >= from {
                start - from
            } else {
                start - from + BORDER
            };
            ring.extend(corners_between(from, walked));
            let Some(path) = paths[position].take() else {
                break;
            };
            ring.extend(path);
        }
        rings.push(ring);
    }
    rings
}

/// The corners of the map on the way along its border, in order.
fn corners_between(from: f64, walked: f64) -> Vec<Coord<f64>> {
    let twice = [0.0, BORDER]
        .into_iter()
        .flat_map(|turn| CORNERS.map(|(at, place)| (at + turn, place)));
    let passed = twice.filter(|(at, _)| *at > from && *at < from + walked);
    passed.map(|(_, [x, y])| Coord { x, y }).collect()
}
