//! Why a file of demand, or a time profile, cannot be used as a whole.

use std::path::PathBuf;

use thiserror::Error;

use crate::domain::demand::{MAX_PLACES, MAX_WEIGHTS};
use crate::import::ImportError;

/// A file of demand or a time profile that cannot be used at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DemandFileError {
    /// The file cannot be read, or is no text, no table and no GeoJSON.
    #[error(transparent)]
    File(#[from] ImportError),
    /// A table does not say where its rows are.
    #[error(
        "file `{}` has no columns for places; expected `lon` and `lat` (经度, 纬度), or `h3`, in the header line, which \
         has {found}",
        path.display()
    )]
    NoPlaceColumns {
        /// The file.
        path: PathBuf,
        /// The columns that it has.
        found: String,
    },
    /// A weight that was asked for is not there.
    #[error("file `{}` has no weight `{name}`; expected one of {found}", path.display())]
    NoSuchWeight {
        /// The file.
        path: PathBuf,
        /// The weight as asked for.
        name: String,
        /// What the file has instead.
        found: String,
    },
    /// There are more weights than a demand can have.
    #[error(
        "file `{}` has `{count}` columns of numbers; expected at most {MAX_WEIGHTS} weights: name the ones that count",
        path.display()
    )]
    TooManyWeights {
        /// The file.
        path: PathBuf,
        /// How many it has.
        count: usize,
    },
    /// There are more places than a demand can have.
    #[error(
        "file `{}` has more than {MAX_PLACES} places; expected fewer: cut it to the districts, or make it coarser",
        path.display()
    )]
    TooManyPlaces {
        /// The file.
        path: PathBuf,
    },
    /// Not one row could be used.
    #[error("file `{}` has no usable demand: `{skipped}` rows were left out; expected at least one place", path.display())]
    NoDemand {
        /// The file.
        path: PathBuf,
        /// Rows, features or pixels that were left out.
        skipped: u64,
    },
    /// Two files do not hold the same kind of places.
    #[error(
        "file `{}` holds places of kind `{kind}`; expected `{expected}`, as the file before it: name files of one kind",
        path.display()
    )]
    OtherKind {
        /// The file.
        path: PathBuf,
        /// What it holds.
        kind: &'static str,
        /// What the file before it holds.
        expected: &'static str,
    },
    /// The coordinates are in a reference system that is not read here.
    #[error(
        "file `{}` has coordinates in `{found}`; expected WGS-84 longitude and latitude (EPSG:4326): convert it with `{advice}`",
        path.display()
    )]
    Crs {
        /// The file.
        path: PathBuf,
        /// The name in the file.
        found: String,
        /// A command that converts it.
        advice: String,
    },
    /// A raster cannot be used.
    #[error("raster `{}` {reason}", path.display())]
    Raster {
        /// The file.
        path: PathBuf,
        /// What was found, what was expected, and what to do.
        reason: String,
    },
    /// A time profile cannot be used.
    #[error("time profile `{}`{}: {reason}", path.display(), place_in_file(*line, column.as_deref()))]
    Profile {
        /// The file.
        path: PathBuf,
        /// The line, from 1; 0 for the file as a whole.
        line: u64,
        /// The column.
        column: Option<String>,
        /// What was found and what was expected.
        reason: String,
    },
}

fn place_in_file(line: u64, column: Option<&str>) -> String {
    match (line, column) {
        (0, None) => String::new(),
        (0, Some(column)) => format!(", column `{column}`"),
        (line, None) => format!(", line {line}"),
        (line, Some(column)) => format!(", line {line}, column `{column}`"),
    }
}
