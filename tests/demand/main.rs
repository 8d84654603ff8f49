//! Demand: outlines, even grids, districts of places, and reading demand of every format, against brute force and real data.
#![expect(
    clippy::float_cmp,
    reason = "weights are whole numbers, or are kept bit by bit"
)]

use geo::{LineString, MultiPolygon, Polygon, coord};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::district::District;

mod assigning;
mod features;
mod grid;
mod outlines;
mod rasters;
mod tables;

#[path = "../shared_data/mod.rs"]
mod shared_data;

/// A place on the earth.
pub fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("a place on the earth")
}

/// A closed ring around a centre whose corners lie at the given shares of a radius; the latitude stays on the earth.
pub fn star(lon: f64, lat: f64, radius_deg: f64, shares: &[f64]) -> LineString<f64> {
    let step = std::f64::consts::TAU / shares.len() as f64;
    let corner = |(at, share): (usize, &f64)| {
        let (sin, cos) = (step * at as f64).sin_cos();
        coord! { x: lon + radius_deg * share * cos, y: (lat + radius_deg * share * sin).clamp(-90.0, 90.0) }
    };
    let mut ring: Vec<_> = shares.iter().enumerate().map(corner).collect();
    ring.push(ring[0]);
    LineString::new(ring)
}

/// A district of one ring without holes.
pub fn district(name: &str, ring: LineString<f64>) -> District {
    let outline = MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]);
    District::new(name, None, outline).expect("a usable outline")
}

/// A rectangle of longitudes and latitudes.
pub fn rectangle(west: f64, south: f64, east: f64, north: f64) -> LineString<f64> {
    LineString::from(vec![
        (west, south),
        (east, south),
        (east, north),
        (west, north),
        (west, south),
    ])
}

/// The districts that the program bundles.
pub fn sanya() -> Vec<District> {
    let text =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/districts.geojson")).expect("bundled data");
    yizhan::import::parse_districts(&text, "districts.geojson").expect("usable districts")
}
