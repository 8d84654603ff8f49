//! One disc: the frame at its centre, points on its circle, and the disc as a polygon.

use std::sync::LazyLock;

use geo::{Coord, MultiPolygon};

use super::DiscRadius;
use super::cut::polygons;
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{A_M, EarthCentred, F, earth_centred};

/// Vertices of a whole circle; arcs have as many in proportion.
pub const VERTICES: usize = 64;
/// The angle between two vertices, at most, radians.
pub(super) const STEP_RAD: f64 = core::f64::consts::TAU / VERTICES as f64;
/// First eccentricity squared.
const E_2: f64 = F * (2.0 - F);
/// Second eccentricity squared.
const EP_2: f64 = E_2 / (1.0 - E_2);

/// The directions of the vertices of a whole circle: cosine and sine, counter-clockwise from east.
static DIRECTIONS: LazyLock<[[f64; 2]; VERTICES]> = LazyLock::new(|| {
    core::array::from_fn(|vertex| {
        let (sine, cosine) = (vertex as f64 * STEP_RAD).sin_cos();
        [cosine, sine]
    })
});

/// The centre of a disc, with east, north and up there.
#[derive(Debug, Clone)]
pub(super) struct Centre {
    pub(super) point: EarthCentred,
    east: [f64; 2],
    north: EarthCentred,
    up: EarthCentred,
    /// Radius of curvature across the meridian, metres.
    normal_m: f64,
}

impl Centre {
    pub(super) fn at(place: LonLat) -> Self {
        let (sin_lon, cos_lon) = place.lon_deg().to_radians().sin_cos();
        let (sin_lat, cos_lat) = place.lat_deg().to_radians().sin_cos();
        Self {
            point: earth_centred(place),
            east: [-sin_lon, cos_lon],
            north: [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
            up: [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
            normal_m: A_M / (1.0 - E_2 * sin_lat * sin_lat).sqrt(),
        }
    }

    /// How far east, north and up another point lies, metres.
    #[inline]
    pub(super) fn local(&self, point: &EarthCentred) -> [f64; 3] {
        let [x, y, z] = [
            point[0] - self.point[0],
            point[1] - self.point[1],
            point[2] - self.point[2],
        ];
        [
            self.east[0] * x + self.east[1] * y,
            self.north[0] * x + self.north[1] * y + self.north[2] * z,
            self.up[0] * x + self.up[1] * y + self.up[2] * z,
        ]
    }

    /// Sine and cosine of the angle by which the chord to a surface point in this direction dips below the horizon.
    ///
    /// A point c + s·d lies on the ellipsoid when the sine of the dip is `s·(1 + e'²·d_z²) / 2N`; d itself depends on the
    /// dip so weakly that two rounds settle it to 1e-12.
    #[inline]
    pub(super) fn dip(&self, sine: f64, chord_m: f64) -> (f64, f64) {
        let on_sphere = chord_m / (2.0 * self.normal_m);
        let (mut sin_dip, mut cos_dip) = (on_sphere, (1.0 - on_sphere * on_sphere).sqrt());
        for _ in 0..2 {
            let z = cos_dip * sine * self.north[2] - sin_dip * self.up[2];
            sin_dip = on_sphere * (1.0 + EP_2 * z * z);
            cos_dip = (1.0 - sin_dip * sin_dip).sqrt();
        }
        (sin_dip, cos_dip)
    }

    /// The surface point in a direction (cosine and sine, counter-clockwise from east) at the end of a chord.
    #[inline]
    pub(super) fn toward(&self, [cosine, sine]: [f64; 2], chord_m: f64) -> EarthCentred {
        let (sin_dip, cos_dip) = self.dip(sine, chord_m);
        let (east, north, down) = (
            chord_m * cos_dip * cosine,
            chord_m * cos_dip * sine,
            chord_m * sin_dip,
        );
        [
            self.point[0] + east * self.east[0] + north * self.north[0] - down * self.up[0],
            self.point[1] + east * self.east[1] + north * self.north[1] - down * self.up[1],
            self.point[2] + north * self.north[2] - down * self.up[2],
        ]
    }

    /// The whole circle as an open ring, counter-clockwise; `chord_of` may keep a vertex back.
    pub(super) fn circle(
        &self,
        chord_m: f64,
        keep: impl Fn(EarthCentred, [f64; 2]) -> EarthCentred,
    ) -> Vec<Coord<f64>> {
        let stretched_m = chord_m * (STEP_RAD / STEP_RAD.sin()).sqrt();
        let vertices = DIRECTIONS.iter().map(|&direction| {
            let point = self.toward(direction, stretched_m);
            lon_lat(&keep(point, direction))
        });
        vertices.collect()
    }
}

/// Longitude and latitude in degrees of a surface point. Points on the chord between two surface points are taken
/// straight up to the surface, as seen from the middle of the earth.
#[inline]
pub(super) fn lon_lat(&[x, y, z]: &EarthCentred) -> Coord<f64> {
    Coord {
        x: y.atan2(x).to_degrees(),
        y: z.atan2((1.0 - E_2) * (x * x + y * y).sqrt()).to_degrees(),
    }
}

/// The geodesic disc around a place as a polygon of 64 vertices, in WGS-84 degrees, by the rules of RFC 7946: cut in two
/// at ±180°, led along the edge of the map where it holds a pole.
///
/// The vertices lie 0.08 % outside the circle, so that the polygon has the disc's area: within 0.001 % at every latitude
/// and radius. Edges that would stray from the geodesic, near the poles, get vertices in between.
pub fn disc(centre: LonLat, radius: DiscRadius) -> MultiPolygon<f64> {
    let ring = Centre::at(centre).circle(radius.chord_m(), |point, _| point);
    MultiPolygon::new(polygons(vec![ring], radius))
}
