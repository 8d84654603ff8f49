//! Where the pixels of a `GeoTIFF` are on the earth: longitude and latitude, north up, or a refusal that says what to do.

use std::io::{Read, Seek};

use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::raster::unreadable;
use crate::domain::bounds::Bounds;
use crate::domain::coordinate::LonLat;

/// Keys of the directory of geographic keys.
const MODEL_TYPE: u16 = 1024;
const RASTER_TYPE: u16 = 1025;
const GEOGRAPHIC_TYPE: u16 = 2048;
const PROJECTED_TYPE: u16 = 3072;
/// Values of them.
const MODEL_PROJECTED: u16 = 1;
const MODEL_GEOGRAPHIC: u16 = 2;
const PIXEL_IS_POINT: u16 = 2;
const WGS_84: u16 = 4326;
const CGCS2000: u16 = 4490;
/// How far a raster may reach beyond a pole, or beyond once around the earth, pixels: outer pixels are often centred there.
const EDGE_PIXELS: f64 = 1.0;

/// What to do with a raster in another reference system.
const WARP: &str = "convert it with `gdalwarp -t_srs EPSG:4326`";

/// The affine map from pixels to degrees, without rotation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Georeference {
    /// Longitude and latitude of the outer corner of the first pixel, degrees.
    west: f64,
    north: f64,
    /// Size of a pixel to the east and to the south, degrees; the second is negative when the raster is upside down.
    east_step: f64,
    south_step: f64,
    /// The coordinates are CGCS2000, which is taken as WGS-84.
    pub(super) is_cgcs2000: bool,
}

impl Georeference {
    /// Reads the tags of an open raster.
    pub(super) fn read<R: Read + Seek>(decoder: &mut Decoder<R>, size: (u32, u32)) -> Result<Self, String> {
        let (is_cgcs2000, is_point) = reference_system(&keys(decoder)?)?;
        let [east_step, a, b, south_step, west, north] = affine(decoder)?;
        if a != 0.0 || b != 0.0 {
            return Err(format!(
                "is rotated or sheared (`{a}`, `{b}`); expected rows from west to east: straighten it with `gdalwarp -t_srs EPSG:4326`"
            ));
        }
        let mut own = Self {
            west,
            north,
            east_step,
            south_step,
            is_cgcs2000,
        };
        if is_point {
            own.west -= 0.5 * east_step;
            own.north += 0.5 * south_step;
        }
        own.check(size)?;
        Ok(own)
    }

    fn check(&self, (width, height): (u32, u32)) -> Result<(), String> {
        let (width_deg, height_deg) = (
            f64::from(width) * self.east_step,
            f64::from(height) * self.south_step,
        );
        let south = self.north - height_deg;
        let slack_deg = EDGE_PIXELS * self.south_step.abs();
        let is_good = [self.west, self.north, self.east_step, self.south_step]
            .iter()
            .all(|value| value.is_finite())
            && self.east_step > 0.0
            && self.south_step != 0.0
            && self.north.max(south) <= 90.0 + slack_deg
            && self.north.min(south) >= -90.0 - slack_deg
            && self.west >= -360.0
            && width_deg <= 360.0 + 2.0 * self.east_step
            && self.west + width_deg <= 540.0 + self.east_step;
        if is_good {
            return Ok(());
        }
        Err(format!(
            "reaches from `{}`,`{south}` to `{}`,`{}`; expected degrees of longitude and latitude: {WARP}",
            self.west,
            self.west + width_deg,
            self.north
        ))
    }

    /// The centre of a pixel.
    pub(super) fn centre(&self, column: u32, row: u32) -> LonLat {
        let lon = self.west + (f64::from(column) + 0.5) * self.east_step;
        LonLat::from_computed(lon, self.north - (f64::from(row) + 0.5) * self.south_step)
    }

    /// Whether some pixels of a block can lie in one of the boxes; without boxes, always.
    pub(super) fn meets(
        &self,
        window: &[Bounds],
        (left, top): (u32, u32),
        (width, height): (u32, u32),
    ) -> bool {
        let at = |first: u32, count: u32| (f64::from(first), f64::from(first) + f64::from(count));
        let ((left, right), (top, bottom)) = (at(left, width), at(top, height));
        let (west, east) = (
            self.west + left * self.east_step,
            self.west + right * self.east_step,
        );
        let (lat_a, lat_b) = (
            self.north - top * self.south_step,
            self.north - bottom * self.south_step,
        );
        let meets = |bounds: &Bounds| {
            let [own_west, own_south, own_east, own_north] = bounds.edges_deg();
            let own_east = if own_west <= own_east {
                own_east
            } else {
                own_east + 360.0
            };
            let is_level = own_south <= lat_a.max(lat_b) && lat_a.min(lat_b) <= own_north;
            let turns = [-720.0, -360.0, 0.0, 360.0, 720.0];
            is_level
                && turns
                    .iter()
                    .any(|turn| own_west + turn <= east && west <= own_east + turn)
        };
        window.is_empty() || window.iter().any(meets)
    }
}

/// Keys with short values, from the directory of geographic keys.
fn keys<R: Read + Seek>(decoder: &mut Decoder<R>) -> Result<Vec<(u16, u16)>, String> {
    let directory = decoder.find_tag_unsigned_vec::<u16>(Tag::GeoKeyDirectoryTag);
    let directory = directory.map_err(|error| unreadable(&error))?.unwrap_or_default();
    let (entries, _) = directory.get(4..).unwrap_or_default().as_chunks::<4>();
    // A key whose value lies in another tag is none of those that count here.
    let keys = entries.iter().filter(|[_, location, _, _]| *location == 0);
    Ok(keys.map(|[key, _, _, value]| (*key, *value)).collect())
}

/// Whether coordinates are CGCS2000 and whether they are of the centres of pixels; refuses all but those and WGS-84.
fn reference_system(keys: &[(u16, u16)]) -> Result<(bool, bool), String> {
    let value = |wanted: u16| {
        keys.iter()
            .find(|(key, _)| *key == wanted)
            .map(|(_, value)| *value)
    };
    let is_point = value(RASTER_TYPE) == Some(PIXEL_IS_POINT);
    let named = |kind: &str, code: Option<u16>| match code {
        Some(code) if code != 32_767 => format!("is {kind} in `EPSG:{code}`"),
        _ => format!("is {kind} in a system of its own"),
    };
    let refusal = match (value(MODEL_TYPE), value(GEOGRAPHIC_TYPE)) {
        (Some(MODEL_GEOGRAPHIC) | None, Some(WGS_84)) => return Ok((false, is_point)),
        (Some(MODEL_GEOGRAPHIC) | None, Some(CGCS2000)) => return Ok((true, is_point)),
        (Some(MODEL_PROJECTED), _) => named("projected", value(PROJECTED_TYPE)),
        (Some(MODEL_GEOGRAPHIC) | None, Some(code)) => named("georeferenced", Some(code)),
        (Some(MODEL_GEOGRAPHIC), None) => named("georeferenced", None),
        (None, None) => {
            return Err(
                "has no reference system; expected WGS-84 (EPSG:4326): if it is, say so with `gdal_edit.py -a_srs EPSG:4326`"
                    .to_owned(),
            );
        }
        (Some(other), _) => format!("has coordinates of model type `{other}`"),
    };
    Err(format!(
        "{refusal}; expected WGS-84 longitude and latitude (EPSG:4326): {WARP}"
    ))
}

/// East step, two terms of rotation, south step, and the corner of the first pixel.
fn affine<R: Read + Seek>(decoder: &mut Decoder<R>) -> Result<[f64; 6], String> {
    let mut list = |tag| match decoder.find_tag(tag) {
        Ok(Some(value)) => value.into_f64_vec().map_err(|error| unreadable(&error)),
        Ok(None) => Ok(Vec::new()),
        Err(error) => Err(unreadable(&error)),
    };
    let (scale, ties, matrix) = (
        list(Tag::ModelPixelScaleTag)?,
        list(Tag::ModelTiepointTag)?,
        list(Tag::ModelTransformationTag)?,
    );
    if let [a, b, _, west, d, e, _, north, ..] = matrix.as_slice() {
        return Ok([*a, *b, *d, -e, *west, *north]);
    }
    match (scale.as_slice(), ties.as_slice()) {
        ([east_step, south_step, ..], [column, row, _, lon, lat, _]) => {
            Ok([*east_step, 0.0, 0.0, *south_step, lon - column * east_step, lat + row * south_step])
        }
        (_, ties) if ties.len() > 6 => Err(format!(
            "is placed by `{}` ground control points; expected one corner and the size of a pixel: {WARP}",
            ties.len() / 6
        )),
        _ => Err(
            "does not say where it lies (no ModelTiepoint with ModelPixelScale); expected a georeferenced raster: \
             place it with `gdal_translate -a_srs EPSG:4326 -a_ullr WEST NORTH EAST SOUTH`"
                .to_owned(),
        ),
    }
}
