//! Distances on the WGS-84 ellipsoid: fast and exact enough from earth-centred points, exact by Karney's method.
//!
//! # Why chords
//! The R-tree holds earth-centred points (x, y, z in metres), because there poles and ±180° are places like any other
//! and the straight chord between two points already knows the ellipsoid's shape. A geodesic of length s on a surface
//! whose normal curvature at its middle is κ = 1/R has the chord c = 2R·sin(s/2R) up to terms of fifth order; Euler's
//! formula gives κ from the azimuth. Of the fifth order the change of curvature along the line counts most: it makes the
//! chord shorter by κ·κ''·s⁵/480, where κ'' = 3e²(sin²φ − cos²φ·cos²α)/R³ at the middle, and it is added back. Measured
//! against Karney over 3,000 random lines per length, what is left is at most 0.1 µm at 200 km, 7 µm at 500 km and
//! 0.05 mm at 700 km (`tests/geodesic.rs` repeats it). Beyond [`EULER_LIMIT_M`] the full geodesic is used, mostly by
//! Vincenty's formulae ([`mod@long_line`]), and near ties are settled by Karney's method.

use std::sync::LazyLock;

use geographiclib_rs::{DirectGeodesic as _, Geodesic, InverseGeodesic as _};

use super::coordinate::LonLat;
use super::long_line;
use super::units::Meters;

/// Semi-major axis of WGS-84, metres.
pub const A_M: f64 = 6_378_137.0;
/// Flattening of WGS-84.
pub const F: f64 = 1.0 / 298.257_223_563;
/// First eccentricity squared.
const E_2: f64 = F * (2.0 - F);
/// Second eccentricity squared.
pub(super) const EP_2: f64 = E_2 / ((1.0 - F) * (1.0 - F));
/// Semi-minor axis, metres.
pub(super) const B_M: f64 = A_M * (1.0 - F);
/// The largest radius of curvature anywhere, at the poles: a²/b, metres.
const MAX_CURVATURE_RADIUS_M: f64 = A_M * A_M / B_M;
/// The smallest radius of curvature anywhere, along the meridian at the equator: b²/a, metres.
const MIN_CURVATURE_RADIUS_M: f64 = B_M * B_M / A_M;
/// No geodesic is longer than half a meridian, metres (rounded up).
const LONGEST_GEODESIC_M: f64 = 20_003_932.0;
/// Chords up to this length are turned into distances with Euler's radius; longer lines take the full geodesic, metres.
pub const EULER_LIMIT_M: f64 = 700_000.0;
/// Distances from chords that are this close to each other are settled by the full geodesic, metres.
pub const NEAR_TIE_M: f64 = 2e-4;

/// An earth-centred, earth-fixed point on the ellipsoid, metres: x to 0°E, y to 90°E, z to the north pole.
pub type EarthCentred = [f64; 3];

/// The earth-centred point of a place on the surface.
pub fn earth_centred(place: LonLat) -> EarthCentred {
    let (sin_lon, cos_lon) = place.lon_deg().to_radians().sin_cos();
    let (sin_lat, cos_lat) = place.lat_deg().to_radians().sin_cos();
    let normal_m = A_M / (1.0 - E_2 * sin_lat * sin_lat).sqrt();
    [
        normal_m * cos_lat * cos_lon,
        normal_m * cos_lat * sin_lon,
        normal_m * (1.0 - E_2) * sin_lat,
    ]
}

/// The square of the straight chord between two earth-centred points, m².
#[inline]
pub fn chord_2(p: &EarthCentred, q: &EarthCentred) -> f64 {
    let [dx, dy, dz] = [q[0] - p[0], q[1] - p[1], q[2] - p[2]];
    dx * dx + dy * dy + dz * dz
}

/// The geodesic distance between two surface points, from their chord and Euler's radius of curvature.
///
/// Good to [`NEAR_TIE_M`] up to [`EULER_LIMIT_M`]; the caller checks the limit. Two square roots, no trigonometry.
#[inline]
pub fn euler(p: &EarthCentred, q: &EarthCentred) -> Meters {
    let chord_2 = chord_2(p, q);
    // The direction of the surface normal midway, where the chord is level: its z component is then
    // |chord|·cos(azimuth)·cos(latitude).
    let axis = A_M * A_M / (B_M * B_M);
    let (mx, my, mz) = (p[0] + q[0], p[1] + q[1], (p[2] + q[2]) * axis);
    let sin_lat_2 = mz * mz / (mx * mx + my * my + mz * mz);
    let north = q[2] - p[2];
    // No division by nothing where the places are one; and no branch, so that several lines are worked out at a time.
    let north_2 = north * north / if chord_2 > 0.0 { chord_2 } else { 1.0 };
    // 1/R = cos²α/M + sin²α/N with N/M = 1 + e'²·cos²φ; squared, to save a root.
    let curvature_2 = (1.0 - E_2 * sin_lat_2) / (A_M * A_M) * (1.0 + EP_2 * north_2).powi(2);
    // asin(t)/t = 1 + t²/6 + 3t⁴/40 + 15t⁶/336 + …, with t = c/2R below 0.056; and the change of curvature.
    let t_2 = chord_2 * curvature_2 * 0.25;
    let fourth = 3.0 / 40.0 + E_2 / 10.0 * (sin_lat_2 - north_2);
    let series = t_2 * (1.0 / 6.0 + t_2 * (fourth + t_2 * (15.0 / 336.0 + t_2 * (105.0 / 3456.0))));
    Meters::from_computed(chord_2.sqrt() * (1.0 + series))
}

/// The geodesic distance by Karney's method, exact to about 15 nm; roughly 1 µs.
pub fn karney(from: LonLat, to: LonLat) -> Meters {
    let metres: f64 = ELLIPSOID.inverse(from.lat_deg(), from.lon_deg(), to.lat_deg(), to.lon_deg());
    Meters::from_computed(metres)
}

/// As [`karney`], with the azimuth at `from`: degrees clockwise from north, 0 ≤ azimuth < 360.
pub fn karney_and_azimuth(from: LonLat, to: LonLat) -> (Meters, f64) {
    let (metres, azimuth, _, _): (f64, f64, f64, f64) =
        ELLIPSOID.inverse(from.lat_deg(), from.lon_deg(), to.lat_deg(), to.lon_deg());
    (Meters::from_computed(metres), azimuth.rem_euclid(360.0))
}

/// Distance and azimuth at `from`, degrees clockwise from north, of a line that is longer than [`EULER_LIMIT_M`].
///
/// Each place comes with its earth-centred point. By Vincenty's formulae as far as they reach, by Karney's method beyond;
/// good to [`NEAR_TIE_M`] either way.
pub fn long_line(from: (LonLat, &EarthCentred), to: (LonLat, &EarthCentred)) -> (Meters, f64) {
    let is_answered = chord_2(from.1, to.1) <= long_line::LIMIT_M * long_line::LIMIT_M;
    let answer = is_answered.then(|| long_line::inverse(from.1, to.1)).flatten();
    answer.unwrap_or_else(|| karney_and_azimuth(from.0, to.0))
}

/// The metres of a degree of longitude, and of a degree of latitude, at a latitude in degrees.
pub fn meters_per_degree(lat_deg: f64) -> (f64, f64) {
    let (sin_lat, cos_lat) = lat_deg.to_radians().sin_cos();
    let shrunk = 1.0 - E_2 * sin_lat * sin_lat;
    let east_m = A_M / shrunk.sqrt() * cos_lat.max(0.0);
    let north_m = A_M * (1.0 - E_2) / (shrunk * shrunk.sqrt());
    (east_m.to_radians(), north_m.to_radians())
}

/// The place that lies `distance_m` metres from `from` along the geodesic that leaves at `azimuth_deg`.
pub fn direct(from: LonLat, azimuth_deg: f64, distance_m: f64) -> LonLat {
    let (lat_deg, lon_deg): (f64, f64) =
        ELLIPSOID.direct(from.lat_deg(), from.lon_deg(), azimuth_deg, distance_m);
    LonLat::from_computed(lon_deg, lat_deg)
}

/// The azimuth at `from` of the geodesic to `to`: degrees clockwise from north, 0 ≤ azimuth < 360.
///
/// For two equal places there is no direction: `None`.
pub fn bearing_deg(from: LonLat, to: LonLat) -> Option<f64> {
    let (distance, azimuth_deg) = karney_and_azimuth(from, to);
    (distance.get() > 0.0).then_some(azimuth_deg)
}

/// The largest square of a chord that a geodesic of this length can have, m²: no point within `distance` lies further.
pub fn max_chord_2(distance: Meters) -> f64 {
    let half_angle = distance.get().min(LONGEST_GEODESIC_M) / (2.0 * MAX_CURVATURE_RADIUS_M);
    let chord_m = 2.0 * MAX_CURVATURE_RADIUS_M * half_angle.sin() + 1e-6;
    chord_m * chord_m * (1.0 + 1e-12)
}

/// The longest geodesic that a chord of this length can have.
pub fn longest_for_chord_2(chord_2: f64) -> Meters {
    let sine = chord_2.sqrt() / (2.0 * MIN_CURVATURE_RADIUS_M);
    if sine >= 1.0 {
        return Meters::from_computed(LONGEST_GEODESIC_M);
    }
    Meters::from_computed((2.0 * MIN_CURVATURE_RADIUS_M * sine.asin() + 1e-6).min(LONGEST_GEODESIC_M))
}

/// Chords up to this length belong to equal distances only when they differ by less than 0.4 %, metres.
const FAR_CHORD_M: f64 = 5_000_000.0;
/// The square of 1.004. Searches pass through such chords only until they have found something near.
const FAR_CHORD_MARGIN_2: f64 = 1.004 * 1.004;

/// The largest squared chord of any place that is no farther than some place with this squared chord can be, m².
///
/// Every place with a larger chord is farther, by more than [`NEAR_TIE_M`]. Up to [`EULER_LIMIT_M`] one square root:
/// chords that belong to equal distances differ by at most c³/24·(1/R²min − 1/R²max), 2.07e-17·c³, and higher terms,
/// which add less than a hundredth of that.
#[inline]
pub fn no_farther_chord_2(chord_2: f64) -> f64 {
    if chord_2 > EULER_LIMIT_M * EULER_LIMIT_M {
        if chord_2 < FAR_CHORD_M * FAR_CHORD_M {
            return chord_2 * FAR_CHORD_MARGIN_2;
        }
        let longest = longest_for_chord_2(chord_2);
        return max_chord_2(Meters::from_computed(longest.get() + NEAR_TIE_M));
    }
    let chord_m = chord_2.sqrt();
    let reach_m = chord_m + 2.2e-17 * chord_m * chord_2 + 1.1 * NEAR_TIE_M;
    reach_m * reach_m
}

static ELLIPSOID: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// The place of an earth-centred point on the surface, exact to about 1 nm.
fn place_of(point: &EarthCentred) -> LonLat {
    let &[x, y, z] = point;
    // On the surface itself tan φ = z / ((1 − e²)·√(x² + y²)), without iteration.
    let lat_rad = z.atan2((1.0 - E_2) * x.hypot(y));
    LonLat::from_computed(y.atan2(x).to_degrees(), lat_rad.to_degrees())
}

/// East and north at a place, for the bearings of many others seen from it.
#[derive(Debug, Clone, Copy)]
pub struct LocalFrame {
    origin: LonLat,
    point: EarthCentred,
    east: [f64; 2],
    north: [f64; 3],
}

impl LocalFrame {
    /// The frame at a place.
    pub fn at(origin: LonLat) -> Self {
        let (sin_lon, cos_lon) = origin.lon_deg().to_radians().sin_cos();
        let (sin_lat, cos_lat) = origin.lat_deg().to_radians().sin_cos();
        let north = [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat];
        Self {
            origin,
            point: earth_centred(origin),
            east: [-sin_lon, cos_lon],
            north,
        }
    }

    /// The azimuth of a surface point at a known distance: degrees clockwise from north, 0 ≤ azimuth < 360; `None` for
    /// the origin itself. Seen along the chord up to [`EULER_LIMIT_M`], within 0.0005° of the geodesic's; the
    /// geodesic's own azimuth beyond.
    pub fn bearing_deg(&self, to: &EarthCentred, distance: Meters) -> Option<f64> {
        if distance.get() > EULER_LIMIT_M {
            return Some(long_line((self.origin, &self.point), (place_of(to), to)).1);
        }
        let &[x, y, z] = to;
        let [dx, dy, dz] = [x - self.point[0], y - self.point[1], z - self.point[2]];
        let east = self.east[0] * dx + self.east[1] * dy;
        let north = self.north[0] * dx + self.north[1] * dy + self.north[2] * dz;
        (distance.get() > 0.0).then(|| east.atan2(north).to_degrees().rem_euclid(360.0))
    }
}
