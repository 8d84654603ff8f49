//! Conversion between WGS-84 and the two Chinese map datums, GCJ-02 (Amap, Tencent) and BD-09 (Baidu).
//!
//! The forward formulas are the ones in public use since 2010, checked against published vectors (`tests/datum.rs`).
//! The inverses are found by fixed-point iteration on the forward formula, so that a round trip is exact to less than
//! a millimetre where closed-form inverses are off by up to several metres. Outside the rectangle in which the
//! obfuscation is applied all conversions are the identity.

use core::f64::consts::PI;

use super::coordinate::LonLat;
use super::words::vocabulary;

vocabulary! {
    /// What the numbers of a coordinate refer to.
    Datum, "datum" {
        Wgs84 = "wgs84", "WGS-84", "WGS-84 (GPS)", ["WGS84", "wgs-84", "GPS", "EPSG:4326", "CGCS2000", "大地坐标", "天地图"];
        Gcj02 = "gcj02", "GCJ-02", "GCJ-02 (Amap, Tencent)", ["GCJ02", "gcj-02", "gaode", "amap", "高德", "腾讯", "火星坐标", "高德坐标"];
        Bd09 = "bd09", "BD-09", "BD-09 (Baidu)", ["BD09", "bd-09", "bd09ll", "BD09LL", "baidu", "百度", "百度坐标"];
    }
}

/// Semi-major axis of the Krasovsky ellipsoid that the GCJ-02 formula uses, metres.
const GCJ_A_M: f64 = 6_378_245.0;
/// First eccentricity squared of that ellipsoid.
const GCJ_EE: f64 = 0.006_693_421_622_965_943;
/// The constant that Baidu's formula calls `x_pi`.
const BD_PI: f64 = PI * 3000.0 / 180.0;
/// Steps after which an inverse stops at the latest; inside China four or five reach the last digit.
const MAX_ITERATIONS: usize = 32;
/// Size of the last step of an inverse, degrees (about 0.1 µm).
const CONVERGED_DEG: f64 = 1e-12;

/// Converts a place from one datum to another. O(1), about 0.1 µs forward and 1 µs backward.
pub fn convert(place: LonLat, from: Datum, to: Datum) -> LonLat {
    match (from, to) {
        (Datum::Wgs84, Datum::Wgs84) | (Datum::Gcj02, Datum::Gcj02) | (Datum::Bd09, Datum::Bd09) => place,
        (Datum::Wgs84, Datum::Gcj02) => wgs84_to_gcj02(place),
        (Datum::Gcj02, Datum::Wgs84) => invert(place, wgs84_to_gcj02),
        (Datum::Gcj02, Datum::Bd09) => gcj02_to_bd09(place),
        (Datum::Bd09, Datum::Gcj02) => invert(place, gcj02_to_bd09),
        (Datum::Wgs84, Datum::Bd09) => gcj02_to_bd09(wgs84_to_gcj02(place)),
        (Datum::Bd09, Datum::Wgs84) => invert(invert(place, gcj02_to_bd09), wgs84_to_gcj02),
    }
}

/// Whether GCJ-02 moves the place. The rectangle is part of the formula in use, not a border of any country.
pub fn is_obfuscated(place: LonLat) -> bool {
    (72.004..=137.8347).contains(&place.lon_deg()) && (0.8293..=55.8271).contains(&place.lat_deg())
}

fn wgs84_to_gcj02(place: LonLat) -> LonLat {
    if !is_obfuscated(place) {
        return place;
    }
    let (lon, lat) = (place.lon_deg(), place.lat_deg());
    let (x, y) = (lon - 105.0, lat - 35.0);
    let waves_xy = x * y;
    let common = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let root_x = x.abs().sqrt();
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * waves_xy
        + 0.2 * root_x
        + common
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * waves_xy
        + 0.1 * root_x
        + common
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let lat_rad = lat.to_radians();
    let w_2 = 1.0 - GCJ_EE * lat_rad.sin().powi(2);
    let w = w_2.sqrt();
    let north_deg = (north * 180.0) / ((GCJ_A_M * (1.0 - GCJ_EE)) / (w_2 * w) * PI);
    let east_deg = (east * 180.0) / (GCJ_A_M / w * lat_rad.cos() * PI);
    LonLat::from_computed(lon + east_deg, lat + north_deg)
}

fn gcj02_to_bd09(place: LonLat) -> LonLat {
    if !is_obfuscated(place) {
        return place;
    }
    let (x, y) = (place.lon_deg(), place.lat_deg());
    let radius = x.hypot(y) + 0.000_02 * (y * BD_PI).sin();
    let angle_rad = y.atan2(x) + 0.000_003 * (x * BD_PI).cos();
    LonLat::from_computed(
        radius * angle_rad.cos() + 0.0065,
        radius * angle_rad.sin() + 0.006,
    )
}

/// Finds the place that `forward` moves to `target`: the shift changes so slowly that the shift at the last guess,
/// taken from the target, is a contraction with a factor below 0.01.
fn invert(target: LonLat, forward: fn(LonLat) -> LonLat) -> LonLat {
    let mut guess = target;
    for _ in 0..MAX_ITERATIONS {
        let image = forward(guess);
        let (east_deg, north_deg) = (
            target.lon_deg() - image.lon_deg(),
            target.lat_deg() - image.lat_deg(),
        );
        guess = LonLat::from_computed(guess.lon_deg() + east_deg, guess.lat_deg() + north_deg);
        if east_deg.abs() < CONVERGED_DEG && north_deg.abs() < CONVERGED_DEG {
            break;
        }
    }
    guess
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_outside_the_rectangle_are_left_alone_in_every_direction() {
        for (lon, lat) in [
            (0.0, 0.0),
            (-0.1276, 51.5074),
            (139.6917, 35.6895),
            (-180.0, 90.0),
            (151.2, -33.9),
        ] {
            let place = LonLat::new(lon, lat).unwrap();
            for from in Datum::ALL {
                for to in Datum::ALL {
                    assert_eq!(convert(place, *from, *to), place, "{from} to {to}");
                }
            }
        }
    }

    #[test]
    fn zhengzhou_moves_by_571_metres_as_published() {
        let place = LonLat::new(113.6254, 34.7466).unwrap();
        let moved = convert(place, Datum::Wgs84, Datum::Gcj02);
        let shift = crate::domain::geodesic::karney(place, moved).get();
        assert!((560.0..585.0).contains(&shift), "{shift}");
    }
}
