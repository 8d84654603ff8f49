//! Demand from files: tables, H3 cells, GeoJSON points and polygons, population rasters; and time profiles.
//!
//! # What is a weight
//! Every column of numbers, or the ones that the options name. A row that does not state a weight weighs 0 there, and a
//! note says how many do not; without any weight each place weighs 1. A weight that is no number, negative, not finite
//! or larger than [`MAX_WEIGHT`](crate::domain::demand::MAX_WEIGHT) costs the row, with a problem that names it.

mod batch;
mod csv;
mod error;
mod geojson;
mod georeference;
mod profile;
mod raster;
mod several;

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

pub use batch::MAX_WEIGHT_NAME_BYTES;
pub use error::DemandFileError;
pub use geojson::MAX_CELLS_PER_POLYGON;
pub use profile::{load_profile, parse_profile};
pub use raster::MAX_CHUNK_BYTES;
pub use several::load_all_demand;

use super::blocks::Source;
use super::problem::RowProblem;
use super::{ImportError, ImportFormat, MAX_FILE_BYTES};
use crate::domain::bounds::Bounds;
use crate::domain::datum::Datum;
use crate::domain::demand::DemandRecords;

/// What the caller knows about a file of demand.
#[derive(Debug, Clone, Default)]
pub struct DemandOptions {
    /// The datum of all coordinates of tables and points; `None` reads it from a column `coord`, else it is WGS-84.
    pub datum: Option<Datum>,
    /// The weights that count, in this order; empty for every column of numbers. A raster's weight takes the first name.
    pub weights: Vec<Box<str>>,
    /// The part of a raster to read: where the districts are. Empty for all of it.
    pub window: Vec<Bounds>,
}

/// Demand that was read.
#[derive(Debug)]
pub struct ImportedDemand {
    /// The demand.
    pub records: DemandRecords,
    /// What was wrong, in the order of rows; at most [`MAX_PROBLEMS`](super::MAX_PROBLEMS).
    pub problems: Vec<RowProblem>,
    /// How many rows were left out, kept in `problems` or not.
    pub errors: u64,
    /// How many warnings there were.
    pub warnings: u64,
    /// Rows, features or pixels in the file.
    pub rows: u64,
}

/// Reads demand from a file. The format is told by content: TIFF, JSON, else a table.
pub fn load_demand(path: &Path, options: &DemandOptions) -> Result<ImportedDemand, DemandFileError> {
    let failed = |source| ImportError::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.len() > MAX_FILE_BYTES {
        return Err(ImportError::TooLarge {
            path: path.to_owned(),
        }
        .into());
    }
    read(BufReader::new(file), path, options)
}

/// Reads demand from memory. `name` is shown in messages.
pub fn parse_demand(
    bytes: &[u8],
    name: &str,
    options: &DemandOptions,
) -> Result<ImportedDemand, DemandFileError> {
    read(Cursor::new(bytes), Path::new(name), options)
}

fn read<R: Read + Seek + Send>(
    mut input: R,
    path: &Path,
    options: &DemandOptions,
) -> Result<ImportedDemand, DemandFileError> {
    let failed = |source| ImportError::Read {
        path: path.to_owned(),
        source,
    };
    let mut first = Vec::new();
    (&mut input).take(4).read_to_end(&mut first).map_err(failed)?;
    input.rewind().map_err(failed)?;
    if matches!(
        first.as_slice(),
        [b'I', b'I', 42 | 43, 0] | [b'M', b'M', 0, 42 | 43]
    ) {
        return raster::read(input, path, options);
    }
    let mut source = Source::open(path, &mut input)?;
    match ImportFormat::infer_from_bytes(&source.rest) {
        None => Err(ImportError::Empty {
            path: path.to_owned(),
        }
        .into()),
        Some(ImportFormat::Csv) => csv::read(&mut source, options),
        Some(ImportFormat::GeoJson | ImportFormat::JsonLines) => geojson::read(&mut source, options),
        Some(ImportFormat::Xlsx | ImportFormat::Xls | ImportFormat::Ods | ImportFormat::OsmPbf) => {
            Err(ImportError::UnknownFormat {
                path: path.to_owned(),
            }
            .into())
        }
    }
}
