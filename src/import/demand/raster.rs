//! Demand from a population raster: a `GeoTIFF` in longitude and latitude, read chunk by chunk where the districts are.

use std::io::{Read, Seek};
use std::path::Path;

use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::error::DemandFileError;
use super::georeference::Georeference;
use super::{DemandOptions, ImportedDemand};
use crate::domain::bounds::Bounds;
use crate::domain::coordinate::LonLat;
use crate::domain::demand::{DemandKind, DemandNote, DemandRecords, MAX_PLACES, MAX_WEIGHT, WeightColumn};

/// The largest strip or tile, bytes decoded (64 MiB); memory holds one and the pixels that count.
pub const MAX_CHUNK_BYTES: usize = 64 << 20;
/// The longest list in a raster's directory, bytes (16 MiB).
const MAX_DIRECTORY_BYTES: usize = 16 << 20;
/// How far beyond the districts pixels are still read, degrees; more than the tolerance of places near a district.
const MARGIN_DEG: f64 = 0.01;
/// The name of the weight when the options have none.
const WEIGHT: &str = "population";
/// The sample formats of TIFF that are numbers: unsigned, signed, float, and not said.
const REAL_SAMPLES: [u16; 4] = [1, 2, 3, 4];

/// Why a raster cannot be used, without its name.
type Refusal = String;

/// Reads a raster.
pub(super) fn read<R: Read + Seek>(
    input: R,
    path: &Path,
    options: &DemandOptions,
) -> Result<ImportedDemand, DemandFileError> {
    let refuse = |reason| DemandFileError::Raster {
        path: path.to_owned(),
        reason,
    };
    let mut raster = Raster::open(input).map_err(refuse)?;
    let window: Vec<Bounds> = options.window.iter().map(widened).collect();
    let mut pixels = Pixels::default();
    for chunk in 0..raster.chunks {
        raster.read_chunk(chunk, &window, &mut pixels).map_err(refuse)?;
        if pixels.places.len() > MAX_PLACES {
            return Err(DemandFileError::TooManyPlaces {
                path: path.to_owned(),
            });
        }
    }
    let skipped = pixels.no_data + pixels.empty + pixels.unusable;
    if pixels.places.is_empty() {
        return Err(DemandFileError::NoDemand {
            path: path.to_owned(),
            skipped,
        });
    }
    let rows = skipped + pixels.places.len() as u64;
    let notes = pixels.notes(&raster);
    let name = options.weights.first().map_or(WEIGHT, AsRef::as_ref);
    let weight = WeightColumn {
        name: name.into(),
        values: pixels.values,
    };
    let source = path.display().to_string();
    let mut records = DemandRecords::new(&source, DemandKind::Raster, pixels.places, vec![weight]);
    records.rows_skipped = skipped;
    records.notes = notes;
    Ok(ImportedDemand {
        records,
        problems: Vec::new(),
        errors: 0,
        warnings: 0,
        rows,
    })
}

/// The pixels that count, and how many do not.
#[derive(Default)]
struct Pixels {
    places: Vec<LonLat>,
    values: Vec<f64>,
    no_data: u64,
    empty: u64,
    unusable: u64,
    chunks_left_out: u32,
}

impl Pixels {
    fn notes<R: Read + Seek>(&self, raster: &Raster<R>) -> Vec<DemandNote> {
        let mut notes = Vec::new();
        let (no_data, empty, unusable) = (self.no_data, self.empty, self.unusable);
        notes.push(DemandNote {
            code: "pixels_skipped",
            en: format!(
                "pixels left out: {no_data} without data, {empty} with 0 or less, {unusable} not finite or above 1e15"
            ),
            zh: format!("略去的像元：无数据 {no_data} 个，不大于 0 的 {empty} 个，非有限或大于 1e15 的 {unusable} 个"),
        });
        if self.chunks_left_out > 0 {
            let (left_out, chunks) = (self.chunks_left_out, raster.chunks);
            notes.push(DemandNote {
                code: "window",
                en: format!("{left_out} of {chunks} blocks of the raster lie away from the districts and were not read"),
                zh: format!("栅格共 {chunks} 块，其中 {left_out} 块不在区域附近，未读取"),
            });
        }
        notes.extend(
            raster
                .georeference
                .is_cgcs2000
                .then(super::geojson::cgcs2000_note),
        );
        notes
    }

    fn take(&mut self, place: LonLat, value: f64, no_data: Option<f64>) {
        if value.is_nan() || no_data.is_some_and(|no_data| same(value, no_data)) {
            self.no_data += 1;
        } else if value <= 0.0 {
            self.empty += 1;
        } else if value > MAX_WEIGHT {
            self.unusable += 1;
        } else {
            self.places.push(place);
            self.values.push(value);
        }
    }
}

/// An open raster.
struct Raster<R: Read + Seek> {
    decoder: Decoder<R>,
    georeference: Georeference,
    no_data: Option<f64>,
    size: (u32, u32),
    chunk_size: (u32, u32),
    chunks: u32,
}

impl<R: Read + Seek> Raster<R> {
    fn open(input: R) -> Result<Self, Refusal> {
        let mut limits = Limits::default();
        limits.decoding_buffer_size = MAX_CHUNK_BYTES;
        limits.intermediate_buffer_size = MAX_CHUNK_BYTES;
        limits.ifd_value_size = MAX_DIRECTORY_BYTES;
        let mut decoder = Decoder::new(input)
            .map_err(|error| unreadable(&error))?
            .with_limits(limits);
        let format = decoder
            .find_tag_unsigned_vec::<u16>(Tag::SampleFormat)
            .map_err(|error| unreadable(&error))?;
        check_samples(&format.unwrap_or_default())?;
        let colour = decoder.colortype().map_err(|error| unreadable(&error))?;
        check_bands(colour)?;
        let size = decoder.dimensions().map_err(|error| unreadable(&error))?;
        let georeference = Georeference::read(&mut decoder, size)?;
        let no_data = match decoder
            .find_tag(Tag::GdalNodata)
            .map_err(|error| unreadable(&error))?
        {
            Some(value) => no_data(&value.into_string().map_err(|error| unreadable(&error))?)?,
            None => None,
        };
        let chunk_size = decoder.chunk_dimensions();
        let (across, down) = (
            size.0.div_ceil(chunk_size.0.max(1)),
            size.1.div_ceil(chunk_size.1.max(1)),
        );
        let chunks = across
            .checked_mul(down)
            .filter(|chunks| *chunks > 0)
            .ok_or_else(|| format!("has `{}` × `{}` pixels; expected at least one", size.0, size.1))?;
        Ok(Self {
            decoder,
            georeference,
            no_data,
            size,
            chunk_size,
            chunks,
        })
    }

    fn read_chunk(&mut self, chunk: u32, window: &[Bounds], pixels: &mut Pixels) -> Result<(), Refusal> {
        let across = self.size.0.div_ceil(self.chunk_size.0.max(1)).max(1);
        let (left, top) = (
            chunk % across * self.chunk_size.0,
            chunk / across * self.chunk_size.1,
        );
        let (width, height) = self.decoder.chunk_data_dimensions(chunk);
        let is_wanted = self.georeference.meets(window, (left, top), (width, height));
        if !is_wanted {
            pixels.chunks_left_out += 1;
            return Ok(());
        }
        let decoded = self.decoder.read_chunk(chunk).map_err(|error| {
            format!(
                "cannot be read at block {} of {}: {}; expected a whole file: copy or download it again",
                chunk + 1,
                self.chunks,
                plain(&error)
            )
        })?;
        let is_single = matches!(decoded, DecodingResult::F32(_) | DecodingResult::F16(_));
        let no_data = self
            .no_data
            .map(|value| if is_single { single(value) } else { value });
        let width = width as usize;
        let values = numbers(decoded);
        if values.len() < width * height as usize {
            return Err(format!(
                "has `{}` pixels in block {} of {}; expected {}",
                values.len(),
                chunk + 1,
                self.chunks,
                width * height as usize
            ));
        }
        for (row, line) in (0..height).zip(values.chunks(width.max(1))) {
            for (column, value) in (0..).zip(line) {
                let place = self.georeference.centre(left + column, top + row);
                if window.is_empty() || window.iter().any(|bounds| bounds.contains(place)) {
                    pixels.take(place, *value, no_data);
                }
            }
        }
        Ok(())
    }
}

/// A box with a margin around it.
fn widened(bounds: &Bounds) -> Bounds {
    let [west, south, east, north] = bounds.edges_deg();
    let is_all_around = west <= east && east - west + 2.0 * MARGIN_DEG >= 360.0;
    let (west, east) = if is_all_around {
        (-180.0, 180.0)
    } else {
        (west - MARGIN_DEG, east + MARGIN_DEG)
    };
    let corner = |lon, lat| LonLat::from_computed(lon, lat);
    Bounds::new(corner(west, south - MARGIN_DEG), corner(east, north + MARGIN_DEG)).unwrap_or(*bounds)
}

fn check_samples(formats: &[u16]) -> Result<(), Refusal> {
    let name = |format: &u16| match format {
        5 => "complex whole numbers".to_owned(),
        6 => "complex numbers".to_owned(),
        other => format!("samples of format {other}"),
    };
    match formats.iter().find(|format| !REAL_SAMPLES.contains(format)) {
        None => Ok(()),
        Some(format) => Err(format!(
            "has `{}`; expected real numbers, one a pixel: convert it with `gdal_translate -ot Float32`",
            name(format)
        )),
    }
}

fn check_bands(colour: ColorType) -> Result<(), Refusal> {
    let bands = match colour {
        ColorType::Gray(8 | 16 | 32 | 64) => return Ok(()),
        ColorType::Gray(bits) => {
            return Err(format!(
                "has pixels of `{bits}` bits; expected 8, 16, 32 or 64: convert it with `gdal_translate -ot Float32`"
            ));
        }
        ColorType::Palette(_) => {
            return Err("has a `palette` of colours; expected numbers, one a pixel: convert it with `gdal_translate -ot Float32`".to_owned());
        }
        ColorType::Multiband { num_samples, .. } => u32::from(num_samples),
        other => u32::from(other.num_samples()),
    };
    Err(format!(
        "has `{bands}` bands; expected one: choose it with `gdal_translate -b 1`"
    ))
}

/// What stands for no data, as GDAL writes it.
fn no_data(text: &str) -> Result<Option<f64>, Refusal> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| {
        format!(
            "has `{text}` for pixels without data; expected a number: set it with `gdal_translate -a_nodata -99999`"
        )
    };
    text.parse().map(Some).map_err(wrong)
}

/// Whether a value is the one that stands for no data.
fn same(value: f64, no_data: f64) -> bool {
    value.total_cmp(&no_data).is_eq() || (value == 0.0 && no_data == 0.0)
}

/// The number as a single float holds it.
#[expect(clippy::cast_possible_truncation, reason = "this is what it is for")]
fn single(value: f64) -> f64 {
    f64::from(value as f32)
}

fn numbers(decoded: DecodingResult) -> Vec<f64> {
    fn all<T: Into<f64>>(values: Vec<T>) -> Vec<f64> {
        values.into_iter().map(Into::into).collect()
    }
    match decoded {
        DecodingResult::U8(values) => all(values),
        DecodingResult::U16(values) => all(values),
        DecodingResult::U32(values) => all(values),
        DecodingResult::U64(values) => values.into_iter().map(|value| value as f64).collect(),
        DecodingResult::I8(values) => all(values),
        DecodingResult::I16(values) => all(values),
        DecodingResult::I32(values) => all(values),
        DecodingResult::I64(values) => values.into_iter().map(|value| value as f64).collect(),
        DecodingResult::F16(values) => all(values),
        DecodingResult::F32(values) => all(values),
        DecodingResult::F64(values) => values,
    }
}

/// A refusal of the library in one line.
pub(super) fn plain(error: &TiffError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a file is told whose directory cannot be read.
pub(super) fn unreadable(error: &TiffError) -> Refusal {
    format!(
        "cannot be read: {}; expected a GeoTIFF, whole, with strips or tiles, without compression or with DEFLATE or LZW: \
         convert it with `gdal_translate -co COMPRESS=DEFLATE`",
        plain(error)
    )
}
