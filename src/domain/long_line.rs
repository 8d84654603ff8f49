//! Lengths and azimuths of long lines by Vincenty's inverse formulae, straight from earth-centred points.
//!
//! From a point on the ellipsoid the sine and cosine of the reduced latitude are z/b and √(x² + y²)/a, without
//! trigonometry, and the difference of longitudes is the angle between (x, y) and (x, y). What is left is the iteration of
//! T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid with application of nested equations", Survey
//! Review 23 (1975), with the constants A and B in the form that Vincenty gave in 1976 after Helmert. It takes a third of
//! the time of Karney's method.
//!
//! Measured against Karney over 3,000 random lines per length, it is off by at most 6 µm at 700 km, 20 µm at 2,000 km and
//! 70 µm at 11,000 km, and by 1e-6° in the azimuth (`tests/geodesic.rs` repeats it). Near the antipodes the iteration does
//! not converge; beyond [`LIMIT_M`] there is no answer from here.

use super::geodesic::{A_M, B_M, EP_2, EarthCentred, F};
use super::units::Meters;

/// Chords up to this length are answered, metres; lines of some 11,500 km.
pub const LIMIT_M: f64 = 10_000_000.0;
/// When a round changes the longitude by less than this, radians (6 mm), the rest is reckoned straight on.
const LAST_STEP_RAD: f64 = 1e-9;
/// Three or four are needed.
const MOST_ROUNDS: usize = 12;

/// Length and azimuth at `from`, in degrees clockwise from north, 0 ≤ azimuth < 360, of the geodesic between two points on
/// the ellipsoid whose chord is above 0 and at most [`LIMIT_M`].
pub fn inverse(from: &EarthCentred, to: &EarthCentred) -> Option<(Meters, f64)> {
    let ([x_1, y_1, z_1], [x_2, y_2, z_2]) = (*from, *to);
    let (sin_u1, cos_u1) = (z_1 / B_M, (x_1 * x_1 + y_1 * y_1).sqrt() / A_M);
    let (sin_u2, cos_u2) = (z_2 / B_M, (x_2 * x_2 + y_2 * y_2).sqrt() / A_M);
    let lon = (x_1 * y_2 - y_1 * x_2).atan2(x_1 * x_2 + y_1 * y_2);
    let mut lambda = lon;
    for _round in 0..MOST_ROUNDS {
        let (sin_lambda, cos_lambda) = lambda.sin_cos();
        let east = cos_u2 * sin_lambda;
        let north = cos_u1 * sin_u2 - sin_u1 * cos_u2 * cos_lambda;
        let sin_sigma = (east * east + north * north).sqrt();
        let cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cos_lambda;
        let sigma = sin_sigma.atan2(cos_sigma);
        let sin_alpha = cos_u1 * east / sin_sigma;
        let cos_2_alpha = 1.0 - sin_alpha * sin_alpha;
        // Along the equator there is no middle between two crossings of it, and nothing is multiplied by it.
        let cos_2sm = if cos_2_alpha > 1e-12 {
            cos_sigma - 2.0 * sin_u1 * sin_u2 / cos_2_alpha
        } else {
            0.0
        };
        let c = F / 16.0 * cos_2_alpha * (4.0 + F * (4.0 - 3.0 * cos_2_alpha));
        let shift = sigma + c * sin_sigma * (cos_2sm + c * cos_sigma * (2.0 * cos_2sm * cos_2sm - 1.0));
        let next = lon + (1.0 - c) * F * sin_alpha * shift;
        let step = next - lambda;
        if step.abs() > LAST_STEP_RAD {
            lambda = next;
            continue;
        }
        let arc = length(cos_2_alpha, (sigma, sin_sigma, cos_sigma), cos_2sm);
        // Turned by the last step, the far end moves along the line by its share to the east.
        let length_m = arc + A_M * sin_alpha * step;
        return Some((
            Meters::from_computed(length_m),
            east.atan2(north).to_degrees().rem_euclid(360.0),
        ));
    }
    None
}

/// The length of an arc of the auxiliary sphere, metres.
fn length(cos_2_alpha: f64, (sigma, sin_sigma, cos_sigma): (f64, f64, f64), cos_2sm: f64) -> f64 {
    let root = (1.0 + EP_2 * cos_2_alpha).sqrt();
    let k = (root - 1.0) / (root + 1.0);
    let (a, b) = ((1.0 + 0.25 * k * k) / (1.0 - k), k * (1.0 - 0.375 * k * k));
    let twice = 2.0 * cos_2sm * cos_2sm - 1.0;
    let thrice = b / 6.0 * cos_2sm * (4.0 * sin_sigma * sin_sigma - 3.0) * (4.0 * cos_2sm * cos_2sm - 3.0);
    let shift = b * sin_sigma * (cos_2sm + 0.25 * b * (cos_sigma * twice - thrice));
    B_M * a * (sigma - shift)
}
