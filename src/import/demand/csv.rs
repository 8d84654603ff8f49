//! Demand from a table: a place or an H3 cell in each row, and weights beside it.

use std::sync::Arc;

use ::csv::StringRecord;
use h3o::CellIndex;

use super::batch::{Batch, checked_weight, weight_name};
use super::error::DemandFileError;
use super::{DemandOptions, ImportedDemand, batch};
use crate::domain::cells::centre;
use crate::domain::coordinate::LonLat;
use crate::domain::demand::MAX_WEIGHTS;
use crate::import::blocks::{self, Piece, Source};
use crate::import::columns::Column;
use crate::import::csv::{HeaderLine, cell_count, each_record};
use crate::import::encoding::utf8;
use crate::import::fields::{Fault, fault};
use crate::import::problem::{Severity, shown};
use crate::import::{ImportError, MAX_IGNORED_NAMES, names, number};

/// Names of a column of H3 cells, lower case.
const CELL_NAMES: &[&str] = &[
    "h3", "h3_index", "h3index", "h3_id", "h3_cell", "hex_id", "hexid", "hex", "cell", "cell_id", "h3网格",
    "h3编号", "网格",
];
/// How much of a table is looked at to tell columns of numbers from others, bytes.
const SAMPLE_BYTES: usize = 64 << 10;

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Lon,
    Lat,
    Coord,
    Id,
    Cell,
    /// Position among the weights.
    Weight(usize),
    Ignored,
}

/// What the header line says.
struct Table<'o> {
    line: HeaderLine,
    roles: Vec<Role>,
    weights: Vec<Box<str>>,
    options: &'o DemandOptions,
    file: Arc<str>,
}

/// Reads a table.
pub(super) fn read(
    source: &mut Source<'_>,
    options: &DemandOptions,
) -> Result<ImportedDemand, DemandFileError> {
    let path = source.path;
    let line = HeaderLine::read(&source.rest, path)?;
    source.rest.drain(..line.bytes);
    let table = Table::new(line, &source.rest, (source, options))?;
    let mut cutter = table.line.cutter();
    let mut whole = Batch::new();
    for name in &table.weights {
        whole.column(name);
    }
    let parse = |block: &[u8], piece: &Piece| table.parse_piece(path, block, piece);
    collect(source, &mut cutter, &parse, &mut whole)?;
    table.warn_of_ignored(&mut whole);
    let rows = whole.rows;
    let (records, log) = whole.finish(path, Vec::new())?;
    Ok(ImportedDemand {
        records,
        problems: log.kept,
        errors: log.errors,
        warnings: log.warnings,
        rows,
    })
}

impl<'o> Table<'o> {
    fn new(
        line: HeaderLine,
        rows: &[u8],
        (source, options): (&Source<'_>, &'o DemandOptions),
    ) -> Result<Self, DemandFileError> {
        let numeric = numeric_columns(&line, rows);
        let mut table = Self {
            roles: Vec::with_capacity(line.names.len()),
            weights: options.weights.iter().map(|name| weight_name(name)).collect(),
            file: source.path.display().to_string().into(),
            line,
            options,
        };
        for (position, name) in table.line.names.iter().enumerate() {
            let is_numeric = numeric.get(position).copied().unwrap_or(false);
            let role = role_of(name, is_numeric, (&options.weights, &mut table.weights));
            let is_repeated = role != Role::Ignored && table.roles.contains(&role);
            table.roles.push(if is_repeated { Role::Ignored } else { role });
        }
        table.check(source.path)?;
        Ok(table)
    }

    fn check(&self, path: &std::path::Path) -> Result<(), DemandFileError> {
        let listed = |names: &mut dyn Iterator<Item = &Box<str>>| {
            names
                .take(MAX_IGNORED_NAMES)
                .map(|name| format!("`{}`", shown(name)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let has = |role| self.roles.contains(&role);
        let is_placed = has(Role::Cell) || (has(Role::Lon) && has(Role::Lat));
        if !is_placed {
            let found = listed(&mut self.line.names.iter());
            return Err(DemandFileError::NoPlaceColumns {
                path: path.to_owned(),
                found,
            });
        }
        let missing = (0..self.weights.len()).find(|position| !has(Role::Weight(*position)));
        if let Some(name) = missing.and_then(|position| self.weights.get(position)) {
            let found = listed(&mut self.line.names.iter());
            return Err(DemandFileError::NoSuchWeight {
                path: path.to_owned(),
                name: name.to_string(),
                found,
            });
        }
        if self.weights.len() > MAX_WEIGHTS {
            let count = self.weights.len();
            return Err(DemandFileError::TooManyWeights {
                path: path.to_owned(),
                count,
            });
        }
        Ok(())
    }

    fn parse_piece(&self, path: &std::path::Path, block: &[u8], piece: &Piece) -> Result<Batch, ImportError> {
        let text = utf8(
            block.get(piece.bytes.clone()).unwrap_or_default(),
            piece.line,
            path,
        )?;
        let mut batch = Batch::new();
        for name in &self.weights {
            batch.column(name);
        }
        each_record(text, self.line.delimiter, piece.line, &mut |line, record| {
            batch.rows += 1;
            if let Err((field, fault)) = self.take_row(record, &mut batch) {
                batch.skip(&self.file, line, field, fault);
            }
        });
        Ok(batch)
    }

    /// Takes one row, or says which column is wrong and why.
    fn take_row(&self, record: &StringRecord, batch: &mut Batch) -> Result<(), (Option<&str>, Fault)> {
        let expected = self.line.names.len();
        if record.len() != expected {
            return Err((None, cell_count(record.len(), expected)));
        }
        let (mut lon, mut lat, mut coord, mut id, mut cell) = (None, None, None, "", None);
        let mut weights = Vec::with_capacity(self.weights.len());
        for ((text, role), name) in record.iter().zip(&self.roles).zip(&self.line.names) {
            let text = text.trim();
            let named = |fault| (Some(&**name), fault);
            match role {
                Role::Ignored => {}
                Role::Id => id = text,
                Role::Coord => coord = Some(text),
                Role::Lon => lon = decimal(text).map_err(named)?,
                Role::Lat => lat = decimal(text).map_err(named)?,
                Role::Cell => cell = Some(h3_cell(text).map_err(named)?),
                Role::Weight(position) => {
                    let stated = weight(text).map_err(named)?;
                    weights.extend(stated.map(|value| (*position, value)));
                }
            }
        }
        let place = match (cell, lon, lat) {
            (Some(cell), _, _) => centre(cell),
            (None, Some(lon), Some(lat)) => self.place((lon, lat), coord, batch)?,
            (None, lon, _) => {
                let missing = if lon.is_none() { Role::Lon } else { Role::Lat };
                let fault = fault("missing_value", "", ("is empty", "degrees"), ("为空", "度"));
                return Err((self.name_of(missing), fault));
            }
        };
        batch.push(place, cell.map(u64::from), id, &weights);
        Ok(())
    }

    fn place(
        &self,
        given: (f64, f64),
        coord: Option<&str>,
        batch: &mut Batch,
    ) -> Result<LonLat, (Option<&str>, Fault)> {
        batch
            .place(given, coord, self.options)
            .map_err(|(column, fault)| {
                let role = match column {
                    "lon" => Role::Lon,
                    "lat" => Role::Lat,
                    _ => Role::Coord,
                };
                (self.name_of(role), fault)
            })
    }

    fn name_of(&self, wanted: Role) -> Option<&str> {
        let mut named = self.roles.iter().zip(&self.line.names);
        named.find(|(role, _)| **role == wanted).map(|(_, name)| &**name)
    }

    fn warn_of_ignored(&self, batch: &mut Batch) {
        let columns = self.roles.iter().zip(&self.line.names);
        let ignored: Vec<String> = columns
            .filter(|(role, name)| **role == Role::Ignored && !name.is_empty())
            .map(|(_, name)| format!("`{}`", shown(name)))
            .take(MAX_IGNORED_NAMES)
            .collect();
        if ignored.is_empty() {
            return;
        }
        let names = ignored.join(", ");
        let fault = Fault {
            code: "ignored_columns",
            en: format!(
                "columns {names} were ignored; expected `lon`, `lat`, `h3`, `id`, `coord` and weights"
            ),
            zh: format!("列 {names} 已忽略；应为 `经度`、`纬度`、`h3`、`编号`、`坐标系` 和权重"),
        };
        let warning = batch::problem(&self.file, 0, None, Severity::Warning, fault);
        batch.log.push(warning);
    }
}

/// Runs a source through a cutter and a parser of batches, and puts the batches together.
pub(super) fn collect(
    source: &mut Source<'_>,
    cutter: &mut dyn blocks::Cutter,
    parse: &blocks::Parser<'_, Batch>,
    whole: &mut Batch,
) -> Result<(), DemandFileError> {
    let path = source.path;
    let mut refused = None;
    let run = blocks::run(source, cutter, parse, &mut |batches, _| {
        for batch in batches {
            if let Err(error) = whole.append(batch, path) {
                refused = Some(error);
                // Stops the reading; the refusal itself is handed on below.
                return Err(ImportError::TooLarge {
                    path: path.to_owned(),
                });
            }
        }
        Ok(())
    });
    match refused {
        Some(error) => Err(error),
        None => Ok(run?),
    }
}

fn role_of(name: &str, is_numeric: bool, (asked, weights): (&[Box<str>], &mut Vec<Box<str>>)) -> Role {
    if let Some(position) = asked.iter().position(|weight| **weight == *name) {
        return Role::Weight(position);
    }
    let plain = name
        .trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .to_lowercase();
    if CELL_NAMES.contains(&plain.as_str()) {
        return Role::Cell;
    }
    match names::find(name) {
        Some(Column::Lon) => Role::Lon,
        Some(Column::Lat) => Role::Lat,
        Some(Column::Coord) => Role::Coord,
        Some(Column::Id) => Role::Id,
        None if is_numeric && asked.is_empty() && !name.is_empty() => {
            weights.push(weight_name(name));
            Role::Weight(weights.len() - 1)
        }
        Some(_) | None => Role::Ignored,
    }
}

/// For each column whether at least half of what the first rows hold there are numbers.
fn numeric_columns(line: &HeaderLine, rows: &[u8]) -> Vec<bool> {
    let sample = rows.get(..SAMPLE_BYTES).unwrap_or(rows);
    let end = sample
        .iter()
        .rposition(|byte| *byte == b'\n')
        .filter(|_| sample.len() < rows.len());
    let text = String::from_utf8_lossy(sample.get(..end.unwrap_or(sample.len())).unwrap_or(sample));
    let mut counts = vec![(0_u32, 0_u32); line.names.len()];
    each_record(&text, line.delimiter, 1, &mut |_, record| {
        for (cell, (stated, numbers)) in record.iter().map(str::trim).zip(&mut counts) {
            *stated += u32::from(!cell.is_empty());
            *numbers += u32::from(number_of(cell).is_some());
        }
    });
    counts
        .iter()
        .map(|(stated, numbers)| *numbers > 0 && numbers * 2 >= *stated)
        .collect()
}

/// A number, and also what is written for numbers that are none (`nan`, `inf`), so that it can be refused by name.
fn number_of(text: &str) -> Option<f64> {
    number::parse(text).or_else(|| text.parse().ok())
}

fn decimal(text: &str) -> Result<Option<f64>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || {
        let expected = "a decimal number such as `34.819187`";
        fault(
            "not_a_number",
            text,
            ("is not a number", expected),
            ("不是数字", "十进制数字，例如 `34.819187`"),
        )
    };
    number::parse(text).map(Some).ok_or_else(wrong)
}

fn weight(text: &str) -> Result<Option<f64>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || {
        fault(
            "not_a_number",
            text,
            ("is not a number", "a weight such as `120`"),
            ("不是数字", "权重，例如 `120`"),
        )
    };
    checked_weight(number_of(text).ok_or_else(wrong)?, text).map(Some)
}

/// An H3 cell: fifteen hexadecimal digits, or the same as a decimal number.
fn h3_cell(text: &str) -> Result<CellIndex, Fault> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let decimal = || {
        digits
            .parse::<u64>()
            .ok()
            .and_then(|number| CellIndex::try_from(number).ok())
    };
    digits.parse::<CellIndex>().ok().or_else(decimal).ok_or_else(|| {
        let expected = "one such as `8940a4c1a3bffff`";
        fault(
            "bad_cell",
            text,
            ("is no H3 cell", expected),
            ("不是 H3 网格编号", "例如 `8940a4c1a3bffff` 的编号"),
        )
    })
}
