//! From degrees to the map's own units: equirectangular around the middle latitude, tenths of a pixel, whole numbers.

use geo::{Coord, LineString, MultiPolygon, Polygon, Simplify as _};

/// A point of the map: tenths of a pixel, right and down.
pub(super) type Spot = (i64, i64);

/// Width of every map.
pub(super) const WIDTH: i64 = 7200;
/// A map is never taller, so that it fits on a printed page with its legend.
const MAX_HEIGHT: f64 = 8000.0;
/// Free space on all sides.
const MARGIN: f64 = 160.0;
/// A map is never less than so many degrees of latitude high or wide.
const MIN_SPAN_DEG: f64 = 0.01;
/// Metres of a degree of latitude, near enough for a scale bar.
const DEGREE_M: f64 = 111_195.0;
/// Outlines are drawn so closely to the truth.
const TOLERANCE: f64 = 4.0;
/// Closer to the poles a degree of longitude does not shrink any more.
const MIN_COS: f64 = 0.01;

/// Where a map lies and how large it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    reference_lon: f64,
    cos: f64,
    west: f64,
    north: f64,
    units_per_degree: f64,
    /// Height of the map.
    pub height: i64,
}

impl Frame {
    /// The frame around points; `None` when there are none on the earth.
    pub fn around(points: impl Iterator<Item = [f64; 2]> + Clone) -> Option<Self> {
        let on_earth = points.filter(|[lon, lat]| lon.is_finite() && lat.abs() <= 90.0);
        let reference_lon = on_earth.clone().next()?[0];
        let (mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY);
        for [_, lat] in on_earth.clone() {
            (south, north) = (south.min(lat), north.max(lat));
        }
        let cos = f64::midpoint(south, north).to_radians().cos().max(MIN_COS);
        let (mut west, mut east) = (f64::INFINITY, f64::NEG_INFINITY);
        for [lon, _] in on_earth {
            let right = unrolled(lon, reference_lon) * cos;
            (west, east) = (west.min(right), east.max(right));
        }
        let (wide, high) = ((east - west).max(MIN_SPAN_DEG), (north - south).max(MIN_SPAN_DEG));
        let inner = WIDTH as f64 - 2.0 * MARGIN;
        let units_per_degree = (inner / wide).min((MAX_HEIGHT - 2.0 * MARGIN) / high);
        Some(Self {
            reference_lon,
            cos,
            west: f64::midpoint(west, east) - WIDTH as f64 / units_per_degree / 2.0,
            north: f64::midpoint(south, north) + high / 2.0 + MARGIN / units_per_degree,
            units_per_degree,
            height: whole(high * units_per_degree + 2.0 * MARGIN),
        })
    }

    /// Where a place is drawn; `None` when it is not on the earth.
    pub fn spot(&self, place: [f64; 2]) -> Option<Spot> {
        self.exact(place).map(|at| (whole(at.x), whole(at.y)))
    }

    /// Whether a point lies on the map.
    pub const fn holds(&self, (x, y): Spot) -> bool {
        0 <= x && x <= WIDTH && 0 <= y && y <= self.height
    }

    /// Metres to one unit.
    pub fn metres_per_unit(&self) -> f64 {
        DEGREE_M / self.units_per_degree
    }

    /// An outline with no more corners than can be seen; pieces that cannot be seen are left out.
    pub fn rings(&self, outline: &MultiPolygon<f64>) -> Vec<Vec<Spot>> {
        outline
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
            .filter_map(|ring| self.simple_ring(ring))
            .collect()
    }

    /// A ring as it stands, rounded; `None` when nothing is left of it.
    pub fn plain_ring(&self, ring: &[[f64; 2]]) -> Option<Vec<Spot>> {
        closed(ring.iter().filter_map(|place| self.spot(*place)))
    }

    fn simple_ring(&self, ring: &LineString<f64>) -> Option<Vec<Spot>> {
        let corners: Vec<Coord<f64>> = ring
            .coords()
            .filter_map(|corner| self.exact([corner.x, corner.y]))
            .collect();
        let simple = Polygon::new(LineString::new(corners), Vec::new()).simplify(TOLERANCE);
        closed(
            simple
                .exterior()
                .coords()
                .map(|corner| (whole(corner.x), whole(corner.y))),
        )
    }

    fn exact(&self, [lon, lat]: [f64; 2]) -> Option<Coord<f64>> {
        (lon.is_finite() && lat.is_finite()).then(|| Coord {
            x: (unrolled(lon, self.reference_lon) * self.cos - self.west) * self.units_per_degree,
            y: (self.north - lat) * self.units_per_degree,
        })
    }
}

/// Degrees east of the reference, from -180 to 180, so that a map may lie across the antimeridian.
fn unrolled(lon: f64, reference: f64) -> f64 {
    (lon - reference + 180.0).rem_euclid(360.0) - 180.0
}

/// Without repeated corners and without the closing one; `None` with less than three.
fn closed(corners: impl Iterator<Item = Spot>) -> Option<Vec<Spot>> {
    let mut ring: Vec<Spot> = Vec::new();
    for corner in corners {
        if ring.last() != Some(&corner) {
            ring.push(corner);
        }
    }
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    (ring.len() > 2).then_some(ring)
}

/// The nearest whole number; a place far beyond the map stays far beyond it.
pub(super) fn whole(number: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and nothing that far is drawn"
    )]
    let whole = number.round().clamp(-1e9, 1e9) as i64;
    whole
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn the_corners_of_a_frame_lie_on_its_margin() {
        let places = [[109.0, 18.0], [110.0, 18.5]];
        let frame = Frame::around(places.into_iter()).unwrap();
        let (left, bottom) = frame.spot(places[0]).unwrap();
        let (right, top) = frame.spot(places[1]).unwrap();
        assert_eq!((left, right), (160, WIDTH - 160));
        assert_eq!((top, bottom), (160, frame.height - 160));
        let width_m = (right - left) as f64 * frame.metres_per_unit();
        let truth_m = DEGREE_M * 18.25_f64.to_radians().cos();
        assert!((width_m - truth_m).abs() < truth_m * 1e-3, "{width_m} {truth_m}");
    }

    #[test]
    fn a_map_may_lie_across_the_antimeridian_at_a_pole_or_around_one_point() {
        let frame = Frame::around([[179.9, 0.0], [-179.9, 0.1]].into_iter()).unwrap();
        let (a, b) = (
            frame.spot([179.9, 0.0]).unwrap(),
            frame.spot([-179.9, 0.1]).unwrap(),
        );
        assert!(a.0 < b.0 && frame.holds(a) && frame.holds(b));
        for lonely in [[0.0, 90.0], [180.0, -90.0], [5.0, 5.0]] {
            let frame = Frame::around([lonely].into_iter()).unwrap();
            assert!(frame.holds(frame.spot(lonely).unwrap()), "{lonely:?}");
        }
        assert!(Frame::around([[f64::NAN, 1.0], [0.0, f64::INFINITY]].into_iter()).is_none());
    }

    #[test]
    fn a_tall_area_is_not_taller_than_a_page() {
        let frame = Frame::around([[0.0, 0.0], [0.1, 5.0]].into_iter()).unwrap();
        assert_eq!(frame.height, 8000);
        assert!(frame.holds(frame.spot([0.1, 5.0]).unwrap()));
    }

    #[test]
    fn outlines_lose_corners_that_cannot_be_seen() {
        let frame = Frame::around([[0.0, 0.0], [1.0, 1.0]].into_iter()).unwrap();
        let outline = MultiPolygon::new(vec![polygon![
            exterior: [(x: 0.0, y: 0.0), (x: 0.5, y: 0.000_1), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0), (x: 0.0, y: 1.0)],
            interiors: [[(x: 0.3, y: 0.3), (x: 0.300_01, y: 0.3), (x: 0.3, y: 0.300_01)]],
        ]]);
        let rings = frame.rings(&outline);
        assert_eq!(rings.iter().map(Vec::len).collect::<Vec<_>>(), [4]);
    }
}
