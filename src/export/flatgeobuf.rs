//! Tables with shapes as `FlatGeobuf`: one file that QGIS, GDAL, `DuckDB` and pandas open, with a spatial index.
//!
//! Coordinates are WGS-84 (EPSG:4326), longitude first. Rows are stored in the order of a Hilbert curve, as the index
//! needs it; a column of its own tells rows apart. The same rows give the same bytes.

use std::io::Write;

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo::{Coord, LineString, MultiPolygon};
use geozero::error::{GeozeroError, Result as GeozeroResult};
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor as _};
use thiserror::Error;

use crate::domain::coordinate::LonLat;

/// What every row of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeKind {
    /// Points.
    Points,
    /// One or several polygons, with holes.
    MultiPolygons,
}

/// The shape of a row.
#[derive(Debug, Clone, Copy)]
pub enum Shape<'a> {
    /// A point.
    Point(LonLat),
    /// At least one polygon, WGS-84 degrees.
    MultiPolygon(&'a MultiPolygon<f64>),
}

/// What a column holds; every value may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// UTF-8 text.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// True or false.
    Truth,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, as in GeoJSON properties, unit included.
    pub name: Box<str>,
    /// What it holds.
    pub kind: ColumnKind,
}

/// A value in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Not known.
    Missing,
    /// For a column of [`ColumnKind::Text`].
    Text(&'a str),
    /// For a column of [`ColumnKind::Whole`].
    Whole(i64),
    /// For a column of [`ColumnKind::Number`]; what is not finite is written as missing.
    Number(f64),
    /// For a column of [`ColumnKind::Truth`].
    Truth(bool),
}

/// A table that could not be written.
#[derive(Debug, Error)]
pub enum FlatError {
    /// A row does not have a value for each column.
    #[error("row `{row}` has {found} values; expected {expected}, one for each column")]
    Width {
        /// Position of the row, from 0.
        row: usize,
        /// Values in the row.
        found: usize,
        /// Columns of the table.
        expected: usize,
    },
    /// A value is not what its column holds.
    #[error("row `{row}`, column `{column}` has a value of another kind; expected {expected:?}")]
    Kind {
        /// Position of the row, from 0.
        row: usize,
        /// Name of the column.
        column: Box<str>,
        /// What the column holds.
        expected: ColumnKind,
    },
    /// A shape is not what the table holds, or is empty.
    #[error("row `{row}` has another shape or none; expected {expected:?}")]
    Shape {
        /// Position of the row, from 0.
        row: usize,
        /// What the table holds.
        expected: ShapeKind,
    },
    /// Rows could not be put aside.
    #[error("row `{row}` could not be stored; expected a writable directory for temporary files")]
    Store {
        /// Position of the row, from 0.
        row: usize,
        /// Why not.
        #[source]
        source: GeozeroError,
    },
    /// The file could not be begun or written.
    #[error("table `{name}` could not be written; expected a writable place")]
    Write {
        /// Name of the table.
        name: Box<str>,
        /// Why not.
        #[source]
        source: flatgeobuf::Error,
    },
}

/// A table that takes rows and is then written as one file.
///
/// Rows wait in a temporary file, not in memory; the index takes 40 bytes a row.
///
/// ```
/// use yizhan::domain::coordinate::LonLat;
/// use yizhan::export::flatgeobuf::{Column, ColumnKind, FlatTable, Shape, ShapeKind, Value};
///
/// let column = |name: &str, kind| Column { name: name.into(), kind };
/// let columns = vec![column("id", ColumnKind::Text), column("distance_m", ColumnKind::Number)];
/// let mut table = FlatTable::new("gaps", ShapeKind::Points, columns)?;
/// let place = LonLat::new(109.5, 18.25)?;
/// table.push(Shape::Point(place), &[Value::Text("gap-1"), Value::Number(1234.5)])?;
/// let mut bytes = Vec::new();
/// table.write(&mut bytes)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FlatTable {
    name: Box<str>,
    kind: ShapeKind,
    columns: Vec<Column>,
    rows: usize,
    writer: FgbWriter<'static>,
}

impl std::fmt::Debug for FlatTable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut table = formatter.debug_struct("FlatTable");
        table.field("name", &self.name).field("kind", &self.kind);
        table.field("columns", &self.columns).field("rows", &self.rows);
        table.finish_non_exhaustive()
    }
}

impl FlatTable {
    /// An empty table. Fails when no temporary file can be made.
    pub fn new(name: &str, kind: ShapeKind, columns: Vec<Column>) -> Result<Self, FlatError> {
        Ok(Self {
            writer: writer(name, kind, &columns, true)?,
            name: name.into(),
            kind,
            columns,
            rows: 0,
        })
    }

    /// Adds a row: its shape, and a value for each column.
    pub fn push(&mut self, shape: Shape<'_>, values: &[Value<'_>]) -> Result<(), FlatError> {
        let row = self.rows;
        if values.len() != self.columns.len() {
            return Err(FlatError::Width {
                row,
                found: values.len(),
                expected: self.columns.len(),
            });
        }
        if !shape.is_of(self.kind) {
            let expected = self.kind;
            return Err(FlatError::Shape { row, expected });
        }
        let mut known = Vec::with_capacity(values.len());
        for (at, (column, value)) in self.columns.iter().zip(values).enumerate() {
            if let Some(value) = value.for_column(column, row)? {
                known.push((at, &column.name, value));
            }
        }
        let mut properties = Ok(());
        let stored = self.writer.add_feature_geom(shape, |feature| {
            properties = known
                .iter()
                .try_for_each(|(at, name, value)| feature.property(*at, name, value).map(drop));
        });
        stored
            .and(properties)
            .map_err(|source| FlatError::Store { row, source })?;
        self.rows += 1;
        Ok(())
    }

    /// Writes the file. O(n log n).
    pub fn write(self, out: impl Write) -> Result<(), FlatError> {
        let writer = if self.rows == 0 {
            // Readers look for no index in a file without rows only when it announces none.
            writer(&self.name, self.kind, &self.columns, false)?
        } else {
            self.writer
        };
        let name = self.name;
        writer
            .write(out)
            .map_err(|source| FlatError::Write { name, source })
    }
}

fn writer(
    name: &str,
    kind: ShapeKind,
    columns: &[Column],
    write_index: bool,
) -> Result<FgbWriter<'static>, FlatError> {
    let shapes = match kind {
        ShapeKind::Points => GeometryType::Point,
        ShapeKind::MultiPolygons => GeometryType::MultiPolygon,
    };
    let options = FgbWriterOptions {
        write_index,
        crs: FgbCrs {
            org: Some("EPSG"),
            code: 4326,
            name: Some("WGS 84"),
            ..FgbCrs::default()
        },
        ..FgbWriterOptions::default()
    };
    let mut writer =
        FgbWriter::create_with_options(name, shapes, options).map_err(|source| FlatError::Write {
            name: name.into(),
            source,
        })?;
    for column in columns {
        let kind = match column.kind {
            ColumnKind::Text => ColumnType::String,
            ColumnKind::Whole => ColumnType::Long,
            ColumnKind::Number => ColumnType::Double,
            ColumnKind::Truth => ColumnType::Bool,
        };
        writer.add_column(&column.name, kind, |_, _| {});
    }
    Ok(writer)
}

impl<'a> Value<'a> {
    /// The value as a column stores it; `None` when it is missing.
    fn for_column(self, column: &Column, row: usize) -> Result<Option<ColumnValue<'a>>, FlatError> {
        match (self, column.kind) {
            (Self::Missing, _) => Ok(None),
            (Self::Text(text), ColumnKind::Text) => Ok(Some(ColumnValue::String(text))),
            (Self::Whole(number), ColumnKind::Whole) => Ok(Some(ColumnValue::Long(number))),
            (Self::Number(number), ColumnKind::Number) => {
                Ok(number.is_finite().then_some(ColumnValue::Double(number)))
            }
            (Self::Truth(truth), ColumnKind::Truth) => Ok(Some(ColumnValue::Bool(truth))),
            (_, expected) => Err(FlatError::Kind {
                row,
                column: column.name.clone(),
                expected,
            }),
        }
    }
}

impl Shape<'_> {
    fn is_of(&self, kind: ShapeKind) -> bool {
        match self {
            Self::Point(_) => kind == ShapeKind::Points,
            Self::MultiPolygon(polygons) => kind == ShapeKind::MultiPolygons && !polygons.0.is_empty(),
        }
    }
}

impl GeozeroGeometry for Shape<'_> {
    fn process_geom<P: GeomProcessor>(&self, out: &mut P) -> GeozeroResult<()> {
        match self {
            Self::Point(place) => {
                out.point_begin(0)?;
                out.xy(place.lon_deg(), place.lat_deg(), 0)?;
                out.point_end(0)
            }
            Self::MultiPolygon(polygons) => {
                out.multipolygon_begin(polygons.0.len(), 0)?;
                for (at, polygon) in polygons.iter().enumerate() {
                    out.polygon_begin(false, 1 + polygon.interiors().len(), at)?;
                    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                    for (at, ring) in rings.enumerate() {
                        process_ring(ring, at, out)?;
                    }
                    out.polygon_end(false, at)?;
                }
                out.multipolygon_end(0)
            }
        }
    }
}

fn process_ring<P: GeomProcessor>(ring: &LineString<f64>, at: usize, out: &mut P) -> GeozeroResult<()> {
    out.linestring_begin(false, ring.0.len(), at)?;
    for (at, &Coord { x, y }) in ring.coords().enumerate() {
        out.xy(x, y, at)?;
    }
    out.linestring_end(false, at)
}
