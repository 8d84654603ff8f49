//! Points and great-circle arcs on the sphere that H3 draws its cells on: latitudes and longitudes taken as they are.

use h3o::LatLng;

use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{A_M, F};

/// A point on the unit sphere; on the ellipsoid it is the direction of the surface's normal.
pub type Normal = [f64; 3];

/// The largest radius of curvature of the ellipsoid, metres: no arc of normals is longer on the ground than its angle
/// times this.
const MAX_CURVATURE_RADIUS_M: f64 = A_M / (1.0 - F);

/// The normal at a longitude and latitude in degrees.
pub fn normal(lon_deg: f64, lat_deg: f64) -> Normal {
    let (sin_lon, cos_lon) = lon_deg.to_radians().sin_cos();
    let (sin_lat, cos_lat) = lat_deg.to_radians().sin_cos();
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

/// The normal at a place of H3.
pub fn normal_at(place: LatLng) -> Normal {
    normal(place.lng(), place.lat())
}

/// The place where the surface has this normal.
pub fn place(normal: &Normal) -> LonLat {
    let &[x, y, z] = normal;
    LonLat::from_computed(y.atan2(x).to_degrees(), z.atan2(x.hypot(y)).to_degrees())
}

/// The point in the middle of some points that lie near each other.
pub fn middle<const N: usize>(points: [&Normal; N]) -> Normal {
    let mut sum = [0.0; 3];
    for point in points {
        for (total, part) in sum.iter_mut().zip(point) {
            *total += part;
        }
    }
    let length = sum.iter().map(|part| part * part).sum::<f64>().sqrt();
    sum.map(|part| part / length)
}

/// A length that the geodesic between the places of two normals does not exceed, metres; at most 1 % longer than it.
pub fn longest_m(p: &Normal, q: &Normal) -> f64 {
    let chord_2: f64 = p.iter().zip(q).map(|(p, q)| (p - q) * (p - q)).sum();
    let half_sine = (chord_2.sqrt() * 0.5).min(1.0);
    2.0 * half_sine.asin() * MAX_CURVATURE_RADIUS_M + 1e-6
}
