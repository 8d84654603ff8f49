//! What pieces of a file give, and how they are put together into demand.

use std::path::Path;
use std::sync::Arc;

use h3o::CellIndex;

use super::DemandOptions;
use super::error::DemandFileError;
use crate::domain::cells::{RESOLUTION, cell_at};
use crate::domain::coordinate::{InvalidCoordinate, LonLat, looks_swapped};
use crate::domain::datum::{Datum, convert};
use crate::domain::demand::{
    DemandKind, DemandNote, DemandRecords, MAX_PLACES, MAX_WEIGHT, MAX_WEIGHTS, WeightColumn,
};
use crate::import::MAX_PROBLEMS;
use crate::import::fields::{Fault, fault};
use crate::import::problem::{ProblemLog, RowProblem, Severity, shown};

/// The longest name of a weight, bytes; longer ones are cut.
pub const MAX_WEIGHT_NAME_BYTES: usize = 64;

/// Stands for the cell of a place that has none of its own; no cell has this number.
const NO_CELL: u64 = 0;

/// Places with weights from some rows. Every column is as long as `places`.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) places: Vec<LonLat>,
    pub(super) cells: Vec<u64>,
    pub(super) ids: Vec<Box<str>>,
    pub(super) columns: Vec<Column>,
    pub(super) log: ProblemLog,
    pub(super) rows: u64,
    pub(super) skipped: u64,
    pub(super) polygons: u64,
    /// Rows whose place was converted to WGS-84, by datum.
    pub(super) converted: [u64; Datum::ALL.len()],
}

/// One weight of a batch.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) name: Box<str>,
    pub(super) values: Vec<f64>,
    /// Rows that do not state it.
    pub(super) missing: u64,
}

impl Batch {
    /// A batch that keeps problems.
    pub(super) fn new() -> Self {
        Self {
            log: ProblemLog::with_limit(MAX_PROBLEMS),
            ..Self::default()
        }
    }

    /// Leaves a row out and says why.
    pub(super) fn skip(&mut self, file: &Arc<str>, row: u64, field: Option<&str>, fault: Fault) {
        self.skipped += 1;
        self.log.push(problem(file, row, field, Severity::Error, fault));
    }

    /// The column of a weight; new ones weigh nothing at the places before.
    pub(super) fn column(&mut self, name: &str) -> usize {
        if let Some(position) = self.columns.iter().position(|column| &*column.name == name) {
            return position;
        }
        let places = self.places.len();
        self.columns.push(Column {
            name: name.into(),
            values: vec![0.0; places],
            missing: places as u64,
        });
        self.columns.len() - 1
    }

    /// Takes a place with its weights; a weight that is not stated is 0.
    pub(super) fn push(&mut self, place: LonLat, cell: Option<u64>, id: &str, weights: &[(usize, f64)]) {
        self.places.push(place);
        self.cells.push(cell.unwrap_or(NO_CELL));
        self.ids.push(id.into());
        for (position, column) in self.columns.iter_mut().enumerate() {
            let stated = weights.iter().find(|(own, _)| *own == position);
            column.missing += u64::from(stated.is_none());
            column.values.push(stated.map_or(0.0, |(_, value)| *value));
        }
    }

    /// Takes over another batch, behind this one.
    pub(super) fn append(&mut self, other: Self, path: &Path) -> Result<(), DemandFileError> {
        for column in &other.columns {
            self.column(&column.name);
        }
        for own in &mut self.columns {
            if let Some(column) = other.columns.iter().find(|column| column.name == own.name) {
                own.values.extend_from_slice(&column.values);
                own.missing += column.missing;
            } else {
                own.values.resize(own.values.len() + other.places.len(), 0.0);
                own.missing += other.places.len() as u64;
            }
        }
        self.places.extend(other.places);
        self.cells.extend(other.cells);
        self.ids.extend(other.ids);
        self.log.append(other.log);
        self.rows += other.rows;
        self.skipped += other.skipped;
        self.polygons += other.polygons;
        for (own, more) in self.converted.iter_mut().zip(other.converted) {
            *own += more;
        }
        if self.places.len() > MAX_PLACES {
            return Err(DemandFileError::TooManyPlaces {
                path: path.to_owned(),
            });
        }
        if self.columns.len() > MAX_WEIGHTS {
            let count = self.columns.len();
            return Err(DemandFileError::TooManyWeights {
                path: path.to_owned(),
                count,
            });
        }
        Ok(())
    }

    /// The demand, with what a reader of figures should know.
    pub(super) fn finish(
        mut self,
        path: &Path,
        mut notes: Vec<DemandNote>,
    ) -> Result<(DemandRecords, ProblemLog), DemandFileError> {
        if self.places.is_empty() {
            let skipped = self.skipped;
            return Err(DemandFileError::NoDemand {
                path: path.to_owned(),
                skipped,
            });
        }
        if self.ids.iter().all(|id| id.is_empty()) {
            self.ids = Vec::new();
        }
        let kind = if self.polygons > 0 {
            // Points among polygons.
            for (cell, place) in self.cells.iter_mut().zip(&self.places) {
                if *cell == NO_CELL {
                    *cell = cell_at(*place, RESOLUTION).into();
                }
            }
            DemandKind::Polygons
        } else if self.has_cells() {
            DemandKind::H3Cells
        } else {
            DemandKind::Points
        };
        notes.extend(self.notes());
        if self.columns.is_empty() {
            self.columns.push(Column {
                name: "places".into(),
                values: vec![1.0; self.places.len()],
                missing: 0,
            });
        }
        let weight = |column: Column| WeightColumn {
            name: column.name,
            values: column.values,
        };
        let records = DemandRecords {
            source: path.display().to_string().into(),
            kind,
            places: self.places,
            weights: self.columns.into_iter().map(weight).collect(),
            cells: self.cells,
            ids: self.ids,
            rows_skipped: self.skipped,
            notes,
        };
        Ok((records, self.log))
    }

    /// Whether the places are H3 cells: by a column of their own, or because every id names the cell that its place lies in.
    fn has_cells(&mut self) -> bool {
        if self.cells.contains(&NO_CELL) {
            let cells = self.ids.iter().zip(&self.places).map(|(id, place)| {
                let cell = id.parse::<CellIndex>().ok()?;
                (cell_at(*place, cell.resolution()) == cell).then(|| u64::from(cell))
            });
            self.cells = cells.collect::<Option<Vec<u64>>>().unwrap_or_default();
        }
        !self.cells.is_empty()
    }

    fn notes(&self) -> Vec<DemandNote> {
        let mut notes = Vec::new();
        let places = self.places.len();
        if self.columns.is_empty() {
            notes.push(DemandNote {
                code: "no_weights",
                en: format!("no weights were given: each of the {places} places weighs 1, as `places`"),
                zh: format!("未提供权重：{places} 个位置各计为 1（`places`）"),
            });
        }
        for column in self.columns.iter().filter(|column| column.missing > 0) {
            let (name, missing) = (&column.name, column.missing);
            notes.push(DemandNote {
                code: "weight_missing",
                en: format!("{missing} places have no `{name}` and weigh 0 there"),
                zh: format!("{missing} 个位置没有 `{name}`，按 0 计"),
            });
        }
        for (datum, rows) in Datum::ALL.iter().zip(self.converted) {
            if rows > 0 {
                notes.push(DemandNote {
                    code: "datum_converted",
                    en: format!("{rows} places were converted from {datum} to wgs84"),
                    zh: format!("{rows} 个位置已由 {datum} 转换为 wgs84"),
                });
            }
        }
        if self.skipped > 0 {
            let skipped = self.skipped;
            notes.push(DemandNote {
                code: "rows_skipped",
                en: format!("{skipped} rows could not be used and were left out"),
                zh: format!("{skipped} 行无法使用，已略去"),
            });
        }
        notes
    }

    /// A place as a row gives it, in the datum of the options, else of the row, else WGS-84.
    pub(super) fn place(
        &mut self,
        (lon_deg, lat_deg): (f64, f64),
        stated: Option<&str>,
        options: &DemandOptions,
    ) -> Result<LonLat, (&'static str, Fault)> {
        let own = match stated.map(str::trim).filter(|word| !word.is_empty()) {
            Some(word) if options.datum.is_none() => Some(Datum::from_any_word(word).ok_or_else(|| {
                let expected = "wgs84, gcj02 or bd09";
                let fault = fault(
                    "unknown_datum",
                    word,
                    ("is no known datum", expected),
                    ("不是已知坐标系", "wgs84、gcj02 或 bd09"),
                );
                ("coord", fault)
            })?),
            _ => None,
        };
        let given = checked_place(lon_deg, lat_deg)?;
        let datum = options.datum.or(own).unwrap_or(Datum::Wgs84);
        if datum != Datum::Wgs84
            && let Some(count) = self.converted.get_mut(datum as usize)
        {
            *count += 1;
        }
        Ok(convert(given, datum, Datum::Wgs84))
    }
}

/// A place on the earth, or the column that is wrong and why.
fn checked_place(lon_deg: f64, lat_deg: f64) -> Result<LonLat, (&'static str, Fault)> {
    let out_of_range = |value: f64, (expected, expected_zh): (&str, &str)| {
        fault(
            "out_of_range",
            &value.to_string(),
            ("is out of range", expected),
            ("超出范围", expected_zh),
        )
    };
    match LonLat::new(lon_deg, lat_deg) {
        Ok(_) | Err(InvalidCoordinate::SwappedAxes { .. }) if looks_swapped(lon_deg, lat_deg) => {
            let expected = format!("longitude,latitude: did you mean `{lat_deg},{lon_deg}`");
            let expected_zh = format!("经度,纬度，是不是 `{lat_deg},{lon_deg}`");
            let given = format!("{lon_deg},{lat_deg}");
            let fault = fault(
                "swapped_axes",
                &given,
                ("has latitude first", &expected),
                ("经纬度颠倒", &expected_zh),
            );
            Err(("lat", fault))
        }
        Ok(place) => Ok(place),
        Err(InvalidCoordinate::Latitude(_) | InvalidCoordinate::SwappedAxes { .. }) => {
            Err(("lat", out_of_range(lat_deg, ("-90 to 90 degrees", "-90到90度"))))
        }
        Err(InvalidCoordinate::Longitude(_) | InvalidCoordinate::NotFinite { .. }) => Err((
            "lon",
            out_of_range(lon_deg, ("-180 to 180 degrees", "-180到180度")),
        )),
    }
}

/// A weight that a row states: finite, not negative and at most [`MAX_WEIGHT`].
pub(super) fn checked_weight(value: f64, given: &str) -> Result<f64, Fault> {
    let refuse = |not, not_zh| {
        fault(
            "bad_weight",
            given,
            (not, "a number from 0 to 1e15"),
            (not_zh, "0 到 1e15 的数"),
        )
    };
    if !value.is_finite() {
        Err(refuse("is not a finite weight", "不是有限的权重"))
    } else if value < 0.0 {
        Err(refuse("is a negative weight", "是负的权重"))
    } else if value > MAX_WEIGHT {
        Err(refuse("is too large a weight", "权重过大"))
    } else {
        Ok(value + 0.0)
    }
}

/// The name of a weight as it is kept.
pub(super) fn weight_name(name: &str) -> Box<str> {
    let mut end = name.len().min(MAX_WEIGHT_NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or_default().into()
}

/// A problem of one row.
pub(super) fn problem(
    file: &Arc<str>,
    row: u64,
    field: Option<&str>,
    severity: Severity,
    fault: Fault,
) -> RowProblem {
    let mut problem = RowProblem::new(file, row, severity, fault.code).saying(fault.en, fault.zh);
    problem.field = field.map(shown);
    problem
}
