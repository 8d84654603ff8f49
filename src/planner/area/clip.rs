//! What of the covered area lies in a district.

use geo::{BooleanOps as _, BoundingRect as _, MultiPolygon, Polygon, Rect};

use super::DiscRadius;
use crate::domain::coordinate::LonLat;

/// Metres in a degree of latitude, at least.
const LEAST_DEGREE_M: f64 = 110_500.0;

/// What two shapes have in common, both in WGS-84 degrees with lines straight on the map, as RFC 7946 has them.
///
/// An outline that crosses ±180° is cut there, as RFC 7946 asks for. Where an outline crosses itself, what an odd number
/// of its rings goes around is inside (even-odd); [`super::outline::check_outline`] finds such outlines. Polygons of the
/// covered area whose box does not meet the outline's are passed over; the rest takes O(n log n) for n corners. Corners
/// are rounded to some 2⁻³⁰ of the width of both: 0.2 mm for 200 km, 4 cm where both sides of ±180° take part.
pub fn clip(covered: &MultiPolygon<f64>, outline: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let Some(bounds) = outline.bounding_rect() else {
        return MultiPolygon::new(Vec::new());
    };
    let near = covered.iter().filter(|polygon| meets(polygon, &bounds));
    let near = MultiPolygon::new(near.cloned().collect());
    if near.0.is_empty() {
        return near;
    }
    near.intersection(outline)
}

fn meets(polygon: &Polygon<f64>, bounds: &Rect<f64>) -> bool {
    polygon.bounding_rect().is_some_and(|own| {
        own.min().x <= bounds.max().x
            && bounds.min().x <= own.max().x
            && own.min().y <= bounds.max().y
            && bounds.min().y <= own.max().y
    })
}

/// The centres whose disc can reach into the outline, in order; all of them is never wrong, only slower. O(n).
pub fn centres_near(centres: &[LonLat], radius: DiscRadius, outline: &MultiPolygon<f64>) -> Vec<LonLat> {
    let boxes: Vec<Rect<f64>> = outline
        .iter()
        .filter_map(geo::BoundingRect::bounding_rect)
        .collect();
    let near = |centre: &&LonLat| boxes.iter().any(|bounds| reaches(**centre, radius, bounds));
    centres.iter().filter(near).copied().collect()
}

/// Whether a disc can reach into a box; near the poles it always can.
fn reaches(centre: LonLat, radius: DiscRadius, bounds: &Rect<f64>) -> bool {
    let reach_deg = radius.get().get() / LEAST_DEGREE_M;
    let (south, north) = (bounds.min().y - reach_deg, bounds.max().y + reach_deg);
    if !(south..=north).contains(&centre.lat_deg()) {
        return false;
    }
    let highest_deg = centre.lat_deg().abs() + reach_deg;
    if highest_deg > 89.0 {
        return true;
    }
    // A disc is at most this wide: sin Δλ = sin(r/R)/cos φ, and 1.6 % is the most that the arc sine adds here.
    let wide_deg = (reach_deg.to_radians().sin() / centre.lat_deg().to_radians().cos()).min(1.0);
    let wide_deg = wide_deg.asin().to_degrees() * 1.001;
    let from_west_deg = (centre.lon_deg() - bounds.min().x + wide_deg).rem_euclid(360.0);
    from_west_deg <= bounds.width() + 2.0 * wide_deg
}
