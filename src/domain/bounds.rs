//! A box of longitudes and latitudes, which may cross ±180°.

use thiserror::Error;

use super::coordinate::{InvalidCoordinate, LonLat};
use super::geodesic::{EarthCentred, earth_centred};

/// West, south, east, north in degrees, edges included. West beyond east means that the box crosses ±180°.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    south_west: LonLat,
    north_east: LonLat,
}

/// Four numbers that are no box.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum InvalidBounds {
    /// A corner is no place on the earth.
    #[error(transparent)]
    Corner(#[from] InvalidCoordinate),
    /// The southern edge lies north of the northern one.
    #[error("south `{south_deg}` lies north of north `{north_deg}`; expected south <= north")]
    SouthBeyondNorth {
        /// Southern edge as given, degrees.
        south_deg: f64,
        /// Northern edge as given, degrees.
        north_deg: f64,
    },
}

/// Room for rounding around an earth-centred box, metres.
const ROUNDING_M: f64 = 1e-3;

impl Bounds {
    /// The whole earth.
    pub fn whole_earth() -> Self {
        Self {
            south_west: LonLat::from_computed(-180.0, -90.0),
            north_east: LonLat::from_computed(180.0, 90.0),
        }
    }

    /// A box from its south-western to its north-eastern corner.
    pub fn new(south_west: LonLat, north_east: LonLat) -> Result<Self, InvalidBounds> {
        let (south_deg, north_deg) = (south_west.lat_deg(), north_east.lat_deg());
        if south_deg > north_deg {
            return Err(InvalidBounds::SouthBeyondNorth { south_deg, north_deg });
        }
        Ok(Self {
            south_west,
            north_east,
        })
    }

    /// The smallest box around some places that does not cross ±180°; `None` without places.
    pub fn around(places: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        let mut edges: Option<[f64; 4]> = None;
        for place in places {
            let (lon, lat) = (place.lon_deg(), place.lat_deg());
            let [west, south, east, north] = edges.unwrap_or([lon, lat, lon, lat]);
            edges = Some([west.min(lon), south.min(lat), east.max(lon), north.max(lat)]);
        }
        edges.map(|[west, south, east, north]| Self {
            south_west: LonLat::from_computed(west, south),
            north_east: LonLat::from_computed(east, north),
        })
    }

    /// West, south, east, north in degrees.
    pub const fn edges_deg(&self) -> [f64; 4] {
        [
            self.south_west.lon_deg(),
            self.south_west.lat_deg(),
            self.north_east.lon_deg(),
            self.north_east.lat_deg(),
        ]
    }

    /// Whether the place lies inside or on an edge. 180° and −180° are the same meridian; at a pole every longitude is.
    pub fn contains(&self, place: LonLat) -> bool {
        let [west, south, east, north] = self.edges_deg();
        let (lon, lat) = (place.lon_deg(), place.lat_deg());
        let within = |lon: f64| {
            if west <= east {
                west <= lon && lon <= east
            } else {
                lon >= west || lon <= east
            }
        };
        south <= lat
            && lat <= north
            && (within(lon) || lat.abs() >= 90.0 || (lon.abs() >= 180.0 && (within(180.0) || within(-180.0))))
    }

    /// The smallest earth-centred box around the part of the ellipsoid inside: lowest and highest x, y, z in metres.
    pub fn earth_centred_box(&self) -> (EarthCentred, EarthCentred) {
        let [west, south, east, north] = self.edges_deg();
        let span_deg = if west <= east {
            east - west
        } else {
            east - west + 360.0
        };
        let (cos_low, cos_high) = cosine_range(west, span_deg);
        let (sin_low, sin_high) = cosine_range(west - 90.0, span_deg);
        let off_axis_m = |lat: f64| {
            let [x, _, z] = earth_centred(LonLat::from_computed(0.0, lat));
            (x, z)
        };
        let ((south_x, low_z), (north_x, high_z)) = (off_axis_m(south), off_axis_m(north));
        let widest = if south <= 0.0 && north >= 0.0 {
            off_axis_m(0.0).0
        } else {
            south_x.max(north_x)
        };
        let narrowest = south_x.min(north_x);
        let low = |cosine: f64| cosine * if cosine < 0.0 { widest } else { narrowest } - ROUNDING_M;
        let high = |cosine: f64| cosine * if cosine < 0.0 { narrowest } else { widest } + ROUNDING_M;
        (
            [low(cos_low), low(sin_low), low_z - ROUNDING_M],
            [high(cos_high), high(sin_high), high_z + ROUNDING_M],
        )
    }
}

/// The lowest and highest cosine over an arc of `span_deg` that starts at `start_deg`.
fn cosine_range(start_deg: f64, span_deg: f64) -> (f64, f64) {
    let start = start_deg.rem_euclid(360.0);
    let reaches = |angle: f64| (angle - start).rem_euclid(360.0) <= span_deg;
    let (first, last) = (start.to_radians().cos(), (start + span_deg).to_radians().cos());
    let low = if reaches(180.0) { -1.0 } else { first.min(last) };
    let high = if reaches(0.0) { 1.0 } else { first.max(last) };
    (low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bounds(west: f64, south: f64, east: f64, north: f64) -> Bounds {
        Bounds::new(
            LonLat::new(west, south).unwrap(),
            LonLat::new(east, north).unwrap(),
        )
        .unwrap()
    }

    fn contains(bounds: &Bounds, lon: f64, lat: f64) -> bool {
        bounds.contains(LonLat::new(lon, lat).unwrap())
    }

    #[test]
    fn edges_and_corners_are_inside() {
        let box_ = bounds(109.0, 18.0, 110.0, 19.0);
        assert!(contains(&box_, 109.0, 18.0) && contains(&box_, 110.0, 19.0) && contains(&box_, 109.5, 18.5));
        assert!(!contains(&box_, 108.999_999, 18.5) && !contains(&box_, 109.5, 19.000_001));
    }

    #[test]
    fn west_beyond_east_crosses_the_antimeridian() {
        let box_ = bounds(170.0, -10.0, -170.0, 10.0);
        assert!(contains(&box_, 175.0, 0.0) && contains(&box_, -175.0, 0.0));
        assert!(contains(&box_, 180.0, 0.0) && contains(&box_, -180.0, 0.0));
        assert!(!contains(&box_, 0.0, 0.0) && !contains(&box_, 169.9, 0.0));
        assert!(contains(&bounds(170.0, -10.0, 180.0, 10.0), -180.0, 0.0));
    }

    #[test]
    fn south_beyond_north_is_refused() {
        let corner = |lon, lat| LonLat::new(lon, lat).unwrap();
        assert!(matches!(
            Bounds::new(corner(0.0, 10.0), corner(1.0, 5.0)),
            Err(InvalidBounds::SouthBeyondNorth { .. })
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn the_earth_centred_box_holds_every_place_inside(
            west in -180.0..=180.0, span in 0.0..360.0, south in -90.0_f64..=90.0, height in 0.0..180.0_f64,
            across in 0.0..=1.0, up in 0.0..=1.0,
        ) {
            let north = (south + height).min(90.0);
            let east = LonLat::from_computed(west + span, north);
            let box_ = Bounds::new(LonLat::new(west, south).unwrap(), east).unwrap();
            let place = LonLat::from_computed(west + span * across, south + (north - south) * up);
            prop_assume!(box_.contains(place));
            let (low, high) = box_.earth_centred_box();
            let point = earth_centred(place);
            for axis in 0..3 {
                prop_assert!(low[axis] <= point[axis] && point[axis] <= high[axis], "{axis}: {low:?} {point:?} {high:?}");
            }
        }
    }
}
