//! The covered area against independent computations: counted points with Karney's distances, closed forms, polygons
//! united by another library, and a Python script with shapely and pyproj.

mod clip;
mod disc;
mod lattice;
mod oracle;
mod union;

use geo::{Contains as _, Coord, LineString, MultiPolygon, Point, Validation as _, polygon};
use rayon::prelude::*;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::ellipsoid_area::area_m2;
use yizhan::domain::geodesic::{EULER_LIMIT_M, EarthCentred, chord_2, direct, earth_centred, euler, karney};
use yizhan::domain::units::Meters;
use yizhan::planner::area::{CoveredArea, DiscRadius, union};
use yizhan::planner::watch::Watch;

fn place(lon_deg: f64, lat_deg: f64) -> LonLat {
    LonLat::new(lon_deg, lat_deg).expect("a place")
}

fn metres(metres: f64) -> Meters {
    Meters::new(metres).expect("a length")
}

fn radius(radius_m: f64) -> DiscRadius {
    DiscRadius::new(metres(radius_m)).expect("a radius")
}

fn covered(centres: &[LonLat], radius_m: f64) -> CoveredArea {
    union(centres, radius(radius_m), &Watch::default()).expect("nobody cancels")
}

/// The place so many radii east and north of another.
fn beside(origin: LonLat, radius_m: f64, [east, north]: [f64; 2]) -> LonLat {
    let azimuth_deg = east.atan2(north).to_degrees();
    direct(origin, azimuth_deg, east.hypot(north) * radius_m)
}

/// A small generator with a fixed seed.
#[derive(Debug)]
struct Seeded(u64);

impl Seeded {
    fn unit(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Centres spread evenly over a square of so many radii.
fn spread(seed: u64, count: usize, middle: LonLat, (radius_m, wide): (f64, f64)) -> Vec<LonLat> {
    let mut random = Seeded(seed);
    let mut offset = || (random.unit() - 0.5) * wide;
    (0..count)
        .map(|_| beside(middle, radius_m, [offset(), offset()]))
        .collect()
}

/// Whether a place lies within the radius of a centre: Euler's distance, Karney's where it is near the radius.
fn is_within(centres: &[(LonLat, EarthCentred)], at: LonLat, radius_m: f64) -> bool {
    let point = earth_centred(at);
    centres.iter().any(|(centre, other)| {
        if chord_2(&point, other) > (radius_m + 1.0).powi(2) {
            return false;
        }
        let distance = euler(&point, other).get();
        if radius_m < EULER_LIMIT_M && (distance - radius_m).abs() > 0.01 {
            distance <= radius_m
        } else {
            karney(*centre, at).get() <= radius_m
        }
    })
}

/// The covered area counted with a point in each of `side`² cells of equal area around all discs, m².
fn counted_m2(centres: &[LonLat], radius_m: f64, side: u32) -> f64 {
    let known: Vec<_> = centres
        .iter()
        .map(|&centre| (centre, earth_centred(centre)))
        .collect();
    let base_deg = known.first().map_or(0.0, |(centre, _)| centre.lon_deg());
    let reach_deg = radius_m / 110_500.0;
    let turn = |lon_deg: f64| (lon_deg - base_deg + 180.0).rem_euclid(360.0) - 180.0;
    let fold = |of: &dyn Fn(&LonLat) -> f64, pick: fn(f64, f64) -> f64| {
        centres.iter().map(of).reduce(pick).expect("a centre")
    };
    let south = (fold(&|c| c.lat_deg(), f64::min) - reach_deg).max(-90.0);
    let north = (fold(&|c| c.lat_deg(), f64::max) + reach_deg).min(90.0);
    let highest = north.abs().max(south.abs());
    let (west, east) = if highest > 89.0 {
        (-180.0, 180.0)
    } else {
        let wide = reach_deg / highest.to_radians().cos() * 1.02;
        let west = fold(&|c| turn(c.lon_deg()), f64::min) - wide;
        let east = fold(&|c| turn(c.lon_deg()), f64::max) + wide;
        // A belt around the earth is counted once around.
        if east - west < 360.0 {
            (west, east)
        } else {
            (-180.0, 180.0)
        }
    };
    // Rows are even in the sine of latitude; the ellipsoid's area of each row is weighed in.
    let height = |lat_deg: f64| lat_deg.to_radians().sin();
    let step = (height(north) - height(south)) / f64::from(side);
    let rows = (0..side).into_par_iter().map(|row| {
        let mut random = Seeded(u64::from(row) * 77 + 5);
        let low = height(south) + step * f64::from(row);
        let lat = |at: f64| at.clamp(-1.0, 1.0).asin().to_degrees();
        let wide = (east - west) / f64::from(side);
        let in_reach = |&&(centre, _): &&(LonLat, EarthCentred)| {
            (lat(low) - reach_deg..=lat(low + step) + reach_deg).contains(&centre.lat_deg())
        };
        let near: Vec<_> = known.iter().filter(in_reach).copied().collect();
        let mut count = 0_u32;
        for column in 0..side {
            let lon_deg = base_deg + west + wide * (f64::from(column) + random.unit());
            let lon_deg = (lon_deg + 180.0).rem_euclid(360.0) - 180.0;
            let at = place(lon_deg, lat(low + step * random.unit()));
            count += u32::from(is_within(&near, at, radius_m));
        }
        f64::from(count) * box_m2([0.0, lat(low)], [wide, lat(low + step)])
    });
    rows.collect::<Vec<f64>>().iter().sum()
}

/// The area between two longitudes and two latitudes, m².
fn box_m2([west, south]: [f64; 2], [east, north]: [f64; 2]) -> f64 {
    let corners =
        polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)];
    area_m2(&MultiPolygon::new(vec![corners]))
}

/// What RFC 7946 and the simple-feature rules ask of a shape.
fn assert_valid(shape: &MultiPolygon<f64>, what: &str) {
    let turns = |ring: &LineString<f64>| {
        let twice: f64 = ring
            .lines()
            .map(|edge| {
                (edge.start.x - ring.0[0].x) * (edge.end.y - ring.0[0].y)
                    - (edge.end.x - ring.0[0].x) * (edge.start.y - ring.0[0].y)
            })
            .sum();
        twice > 0.0
    };
    for polygon in shape {
        assert!(turns(polygon.exterior()), "{what}: an exterior is clockwise");
        for ring in core::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            assert!(ring.0.len() >= 4 && ring.is_closed(), "{what}: a ring is open");
            assert!(
                ring.lines().all(|edge| edge.start != edge.end),
                "{what}: a place twice"
            );
            let on_map = |corner: &Coord<f64>| corner.x.abs() <= 180.0 && corner.y.abs() <= 90.0;
            assert!(ring.coords().all(on_map), "{what}: beyond the map");
        }
        assert!(
            !polygon.interiors().iter().any(turns),
            "{what}: a hole is counter-clockwise"
        );
    }
    assert!(shape.is_valid(), "{what}: {:?}", shape.validation_errors());
}

fn contains(shape: &MultiPolygon<f64>, at: LonLat) -> bool {
    shape.contains(&Point::new(at.lon_deg(), at.lat_deg()))
}

fn assert_close(actual: f64, expected: f64, part: f64, what: &str) {
    let off = (actual / expected - 1.0).abs();
    assert!(
        off <= part,
        "{what}: {actual} instead of {expected}, off by {off:e}; at most {part:e}"
    );
}
