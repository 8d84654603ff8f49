//! A place on the earth: longitude first, degrees, WGS-84 unless a datum says otherwise.

use thiserror::Error;

/// Longitude and latitude in degrees: −180..=180 and −90..=90, both finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    lon_deg: f64,
    lat_deg: f64,
}

/// A pair of numbers that is no place on the earth.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum InvalidCoordinate {
    /// A number is NaN or infinite.
    #[error("coordinate `{lon_deg},{lat_deg}` is not finite; expected longitude,latitude in degrees")]
    NotFinite {
        /// The longitude as given, degrees.
        lon_deg: f64,
        /// The latitude as given, degrees.
        lat_deg: f64,
    },
    /// The latitude is out of range, and exchanging the two numbers gives a place in China.
    #[error(
        "coordinate `{lon_deg},{lat_deg}` has latitude first; expected longitude,latitude: did you mean `{lat_deg},{lon_deg}`"
    )]
    SwappedAxes {
        /// The longitude as given, degrees.
        lon_deg: f64,
        /// The latitude as given, degrees.
        lat_deg: f64,
    },
    /// The longitude is out of range.
    #[error("longitude `{0}` is out of range; expected -180 to 180 degrees")]
    Longitude(f64),
    /// The latitude is out of range.
    #[error("latitude `{0}` is out of range; expected -90 to 90 degrees")]
    Latitude(f64),
}

/// Longitudes that China reaches, degrees; they never overlap [`CHINA_LAT_DEG`], which is what tells swapped axes.
const CHINA_LON_DEG: core::ops::RangeInclusive<f64> = 73.0..=136.0;
/// Latitudes that China reaches, degrees.
const CHINA_LAT_DEG: core::ops::RangeInclusive<f64> = 3.0..=54.0;

impl LonLat {
    /// A place at `lon_deg`, `lat_deg`. Refuses what is out of range, and names exchanged axes where they show.
    pub fn new(lon_deg: f64, lat_deg: f64) -> Result<Self, InvalidCoordinate> {
        if !lon_deg.is_finite() || !lat_deg.is_finite() {
            return Err(InvalidCoordinate::NotFinite { lon_deg, lat_deg });
        }
        if !(-90.0..=90.0).contains(&lat_deg) {
            return Err(if looks_swapped(lon_deg, lat_deg) {
                InvalidCoordinate::SwappedAxes { lon_deg, lat_deg }
            } else {
                InvalidCoordinate::Latitude(lat_deg)
            });
        }
        if !(-180.0..=180.0).contains(&lon_deg) {
            return Err(InvalidCoordinate::Longitude(lon_deg));
        }
        Ok(Self { lon_deg, lat_deg })
    }

    /// A place that was computed: the longitude is wrapped into −180..=180 and the latitude held within ±90.
    pub(crate) fn from_computed(lon_deg: f64, lat_deg: f64) -> Self {
        let wrapped = if (-180.0..=180.0).contains(&lon_deg) {
            lon_deg
        } else {
            (lon_deg + 180.0).rem_euclid(360.0) - 180.0
        };
        Self {
            lon_deg: wrapped,
            lat_deg: lat_deg.clamp(-90.0, 90.0),
        }
    }

    /// Longitude in degrees, east positive.
    pub const fn lon_deg(self) -> f64 {
        self.lon_deg
    }

    /// Latitude in degrees, north positive.
    pub const fn lat_deg(self) -> f64 {
        self.lat_deg
    }
}

/// Whether the pair is no place in China as it stands, but is one with the two numbers exchanged.
pub fn looks_swapped(lon_deg: f64, lat_deg: f64) -> bool {
    CHINA_LON_DEG.contains(&lat_deg) && CHINA_LAT_DEG.contains(&lon_deg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_of_the_earth_are_places_and_one_step_beyond_is_not() {
        for (lon, lat) in [(180.0, 90.0), (-180.0, -90.0), (0.0, 0.0)] {
            assert!(LonLat::new(lon, lat).is_ok());
        }
        assert_eq!(
            LonLat::new(180.000_001, 0.0),
            Err(InvalidCoordinate::Longitude(180.000_001))
        );
        assert_eq!(
            LonLat::new(0.0, -90.000_001),
            Err(InvalidCoordinate::Latitude(-90.000_001))
        );
        assert!(matches!(
            LonLat::new(f64::NAN, 0.0),
            Err(InvalidCoordinate::NotFinite { .. })
        ));
    }

    #[test]
    fn exchanged_axes_are_named_as_such() {
        let error = LonLat::new(18.25, 109.5).unwrap_err();
        assert_eq!(
            error,
            InvalidCoordinate::SwappedAxes {
                lon_deg: 18.25,
                lat_deg: 109.5
            }
        );
        assert!(
            error.to_string().contains("did you mean `109.5,18.25`"),
            "{error}"
        );
    }
}
