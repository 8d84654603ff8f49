//! Administrative districts: a name, a code and an outline.

use geo::{Contains as _, MultiPolygon, Point};
use thiserror::Error;

use super::bounds::Bounds;
use super::coordinate::LonLat;

/// One administrative district.
#[derive(Debug, Clone)]
pub struct District {
    /// Its name, for example `吉阳区`.
    pub name: Box<str>,
    /// Its six-digit code, for example `460203`; `None` when the outlines come without codes.
    pub adcode: Option<Box<str>>,
    /// Where the outline comes from.
    pub source: Option<Box<str>>,
    outline: MultiPolygon<f64>,
    bounds: Bounds,
}

/// An outline that encloses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "district `{0}` has no outline; expected a Polygon or MultiPolygon with at least one ring of places on the earth"
)]
pub struct InvalidDistrict(pub String);

impl District {
    /// A district from its outline in WGS-84 degrees.
    pub fn new(
        name: &str,
        adcode: Option<&str>,
        outline: MultiPolygon<f64>,
    ) -> Result<Self, InvalidDistrict> {
        let corners = outline.iter().flat_map(|polygon| polygon.exterior().coords());
        let places: Result<Vec<_>, _> = corners.map(|corner| LonLat::new(corner.x, corner.y)).collect();
        let bounds = places
            .ok()
            .and_then(Bounds::around)
            .ok_or_else(|| InvalidDistrict(name.to_owned()))?;
        Ok(Self {
            name: name.into(),
            adcode: adcode.map(Into::into),
            source: None,
            outline,
            bounds,
        })
    }

    /// The outline in WGS-84 degrees.
    pub const fn outline(&self) -> &MultiPolygon<f64> {
        &self.outline
    }

    /// The smallest box around the outline.
    pub const fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// Whether the place lies inside. O(corners), after a test against the box.
    pub fn contains(&self, place: LonLat) -> bool {
        self.bounds.contains(place)
            && self
                .outline
                .contains(&Point::new(place.lon_deg(), place.lat_deg()))
    }
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn a_place_in_a_hole_is_not_inside() {
        let ring = polygon![
            exterior: [(x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.0, y: 10.0), (x: 0.0, y: 10.0)],
            interiors: [[(x: 4.0, y: 4.0), (x: 6.0, y: 4.0), (x: 6.0, y: 6.0), (x: 4.0, y: 6.0)]],
        ];
        let district = District::new("环", None, MultiPolygon::new(vec![ring])).unwrap();
        assert!(district.contains(LonLat::new(2.0, 2.0).unwrap()));
        assert!(!district.contains(LonLat::new(5.0, 5.0).unwrap()));
        assert!(!district.contains(LonLat::new(11.0, 5.0).unwrap()));
    }

    #[test]
    fn an_outline_without_corners_is_refused() {
        assert!(District::new("空", None, MultiPolygon::new(Vec::new())).is_err());
    }
}
