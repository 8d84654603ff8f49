//! Reads one file for changes to a register: row by row, with what each row states and what is wrong with it.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::file::{self, Settings};
use super::header::{Columns, MappedColumn};
use super::hours::KnownHours;
use super::mapping::{Mapping, Target};
use super::notes::note_file;
use super::problem::RowProblem;
use super::record::Purpose;
use super::stated::{ReadRow, UnplacedRow};
use super::suspects;
use super::{ImportError, ImportFormat, ImportOptions, MAX_SHEET_ROWS};
use crate::domain::district::District;
use crate::domain::station::Location;

/// What the caller knows about a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions<'o> {
    /// The datum of all coordinates, over the mapping's and the rows' own; `None` leaves it to them.
    pub datum: Option<crate::domain::datum::Datum>,
    /// The format; `None` finds it.
    pub format: Option<ImportFormat>,
    /// How columns are read; `None` goes by their names alone.
    pub mapping: Option<&'o Mapping>,
    /// Outlines that the stations are expected in; empty for none.
    pub districts: &'o [District],
}

/// Codes of problems that are none any more once a row has a place.
const NO_PLACE: &[&str] = &["missing_coordinate", "null_island"];

/// A file that was read row by row.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// Its name, as in the problems.
    pub name: Arc<str>,
    /// Its format.
    pub format: ImportFormat,
    /// The encoding of a text, for example `GB18030`; `None` for a workbook.
    pub encoding: Option<&'static str>,
    /// The sheet that was read of a workbook.
    pub sheet: Option<String>,
    /// Sheets that were not read.
    pub other_sheets: Vec<String>,
    /// The row of the header as a person sees it, from 1; `None` for JSON.
    pub header_row: Option<u64>,
    /// What stands above the header, a text for each row.
    pub titles: Vec<String>,
    /// The columns with their meanings, to show; empty for JSON.
    pub columns: Vec<MappedColumn>,
    /// The mapping that reads such a file in the same way again, to remember.
    pub mapping: Mapping,
    /// Rows, without blank ones and those that are no stations.
    pub rows_seen: u64,
    /// Rows with a place, in the order of the file. Ids may repeat: [`RowProblem`]s say where.
    pub rows: Vec<ReadRow>,
    /// Rows that lack nothing but a place, in the order of the file.
    pub unplaced: Vec<UnplacedRow>,
    /// What was wrong, in the order of the rows; at most [`super::MAX_PROBLEMS`].
    pub problems: Vec<RowProblem>,
    /// How many errors there were, kept in `problems` or not.
    pub errors: u64,
    /// How many warnings there were, kept in `problems` or not.
    pub warnings: u64,
    /// What stands between the cells of a table in text.
    pub(super) separator: Option<char>,
}

impl ReadFile {
    /// Puts rows without a place at places that were found for them, by their numbers; what was said of the missing
    /// place is taken back.
    pub fn place(&mut self, found: &HashMap<u64, Location>) {
        let (placed, unplaced) = core::mem::take(&mut self.unplaced)
            .into_iter()
            .partition::<Vec<_>, _>(|row| found.contains_key(&row.number));
        self.unplaced = unplaced;
        for row in placed {
            let Some(location) = found.get(&row.number) else {
                continue;
            };
            let before = self.problems.len();
            self.problems
                .retain(|problem| problem.row != row.number || !NO_PLACE.contains(&problem.code));
            self.errors = self.errors.saturating_sub((before - self.problems.len()) as u64);
            let mut row = row.at(*location);
            // Who finds a place says in which datum.
            row.stated.datum = true;
            self.rows.push(row);
        }
        self.rows.sort_by_key(|row| row.number);
        if self.unplaced.is_empty() {
            let before = self.problems.len();
            self.problems.retain(|problem| problem.code != "no_coordinates");
            self.warnings = self
                .warnings
                .saturating_sub((before - self.problems.len()) as u64);
        }
    }
}

/// Reads a file for changes to a register.
///
/// `name` is shown in messages and may tell the format; `input` is read once, by blocks where the format allows, and
/// `progress` is called with the bytes read so far.
///
/// Cost: about 5 µs a row of a text on one processor, more for workbooks; memory for the rows and, of a workbook, its cells.
pub fn read(
    name: &str,
    input: &mut (dyn Read + Send),
    options: &ReadOptions<'_>,
    progress: &dyn Fn(u64),
) -> Result<ReadFile, ImportError> {
    let no_mapping = Mapping::default();
    let mapping = options.mapping.unwrap_or(&no_mapping);
    let import_options = ImportOptions {
        datum: options.datum,
        format: options.format,
    };
    let hours = KnownHours::default();
    let settings = Settings {
        options: &import_options,
        mapping,
        purpose: Purpose::Changes,
        hours: &hours,
    };
    let file: Arc<str> = name.into();
    let room = usize::try_from(MAX_SHEET_ROWS).unwrap_or(usize::MAX);
    let mut read = file::read((Path::new(name), &file), input, settings, (progress, room))?;
    note_file(&mut read, &file, settings);
    suspects::note(&read.columns, &mut read.parsed, &file, options.districts);
    let mut problems = core::mem::take(&mut read.parsed.log.kept);
    problems.sort_by_key(|problem| problem.row);
    Ok(ReadFile {
        mapping: remembered(mapping, &read.columns),
        name: file,
        format: read.format,
        encoding: read.encoding,
        sheet: read.sheet,
        other_sheets: read.other_sheets,
        header_row: read.header_row,
        titles: read.titles,
        columns: read.columns.shown(),
        rows_seen: read.parsed.rows,
        rows: read.parsed.taken,
        unplaced: read.parsed.unplaced,
        problems,
        errors: read.parsed.log.errors,
        warnings: read.parsed.log.warnings,
        separator: read.separator,
    })
}

/// The given mapping with every column that was recognised written out. Header row, sheet and encoding stay open where the
/// given mapping leaves them open, as the next file of the source may differ there.
fn remembered(given: &Mapping, columns: &Columns) -> Mapping {
    let mut mapping = given.clone();
    let names: Vec<&str> = columns.all.iter().map(|column| column.name.as_ref()).collect();
    let is_once = |name: &str| names.iter().filter(|known| **known == name).count() == 1;
    for (column, shown) in columns.all.iter().zip(columns.shown()) {
        let is_known = !column.targets.is_empty();
        let is_named =
            given.columns.contains_key(column.name.as_ref()) || given.columns.contains_key(&shown.letter);
        if is_known && !is_named && is_once(&column.name) {
            let targets = column.targets.iter().map(|target| Target(*target)).collect();
            mapping.columns.insert(column.name.as_ref().to_owned(), targets);
        }
    }
    mapping
}
