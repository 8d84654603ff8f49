//! The sheet of a workbook as text cells, within limits, with what merged cells mean.

use std::collections::BTreeMap;

use super::cells;
use super::columns::Column;
use super::header::{Columns, Header, TopRow};
use super::names::Meaning;
use super::problem::letter;
use super::{MAX_CELL_BYTES, MAX_SHEET_CELLS, MAX_SHEET_COLUMNS, MAX_SHEET_ROWS, MAX_SHEET_TEXT_BYTES};

/// One row of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct GridRow {
    /// As a person counts, from 1.
    pub(super) number: u64,
    /// From column A on; shorter where nothing more stands in the row.
    pub(super) cells: Vec<Box<str>>,
}

/// Cells that a person sees as one: rows and columns from 0, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merge {
    pub(super) rows: (u64, u64),
    pub(super) columns: (usize, usize),
}

/// A sheet: its rows that hold anything, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    pub(super) rows: Vec<GridRow>,
    pub(super) merges: Vec<Merge>,
    /// Cells that hold an error such as `#N/A` and count as empty, by address; at most a few are kept.
    pub(super) error_cells: Vec<String>,
    /// Rows that came after rows below them.
    late: BTreeMap<u64, Vec<Box<str>>>,
    slots: usize,
    text_bytes: usize,
}

/// What a sheet has too much of: what was given and the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge {
    pub(super) given: String,
    pub(super) limit: String,
}

impl TooLarge {
    fn new(given: impl core::fmt::Display, limit: impl core::fmt::Display, what: &str) -> Self {
        Self {
            given: format!("{given} {what}"),
            limit: format!("{limit} {what}"),
        }
    }
}

/// How many cells with errors are named.
const MAX_NAMED_CELLS: usize = 8;

impl Grid {
    /// Puts a text into a cell, both counted from 0. Rows may come in any order; [`Grid::finish`] sorts them.
    pub(super) fn set(&mut self, row: u32, column: u32, text: &str) -> Result<(), TooLarge> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let (number, column) = (u64::from(row) + 1, column as usize);
        if number > MAX_SHEET_ROWS {
            return Err(TooLarge::new(
                format_args!("at least {number}"),
                MAX_SHEET_ROWS,
                "rows",
            ));
        }
        if column >= MAX_SHEET_COLUMNS {
            return Err(TooLarge::new(
                format_args!("at least {}", column + 1),
                MAX_SHEET_COLUMNS,
                "columns",
            ));
        }
        if text.len() > MAX_CELL_BYTES {
            let given = format_args!("in cell {}{number} {}", letter(column), text.len());
            return Err(TooLarge::new(given, MAX_CELL_BYTES, "bytes in a cell"));
        }
        let last = self.rows.last().map_or(0, |row| row.number);
        if number > last {
            self.rows.push(GridRow {
                number,
                cells: Vec::new(),
            });
        }
        let cells = if number >= last {
            self.rows.last_mut().map(|row| &mut row.cells)
        } else {
            Some(self.late.entry(number).or_default())
        };
        let Some(cells) = cells else { return Ok(()) };
        let more = put(cells, column, text);
        self.count(more, text.len())
    }

    /// Adds up how much the sheet holds.
    fn count(&mut self, slots: usize, text_bytes: usize) -> Result<(), TooLarge> {
        self.slots += slots;
        self.text_bytes += text_bytes;
        if self.slots > MAX_SHEET_CELLS {
            return Err(TooLarge::new("more than allowed", MAX_SHEET_CELLS, "cells"));
        }
        if self.text_bytes > MAX_SHEET_TEXT_BYTES {
            return Err(TooLarge::new(
                "more than allowed",
                MAX_SHEET_TEXT_BYTES,
                "bytes of text",
            ));
        }
        Ok(())
    }

    /// Puts rows that came late where they belong.
    pub(super) fn finish(mut self) -> Self {
        if self.late.is_empty() {
            return self;
        }
        for (number, cells) in core::mem::take(&mut self.late) {
            self.rows.push(GridRow { number, cells });
        }
        self.rows.sort_by_key(|row| row.number);
        self.rows.dedup_by(|later, first| {
            let is_same = later.number == first.number;
            if is_same {
                for (column, cell) in later
                    .cells
                    .iter()
                    .enumerate()
                    .filter(|(_, cell)| !cell.is_empty())
                {
                    put(&mut first.cells, column, cell);
                }
            }
            is_same
        });
        self
    }

    /// Notes a cell with an error.
    pub(super) fn note_error(&mut self, row: u32, column: u32, error: &str) {
        if self.error_cells.len() < MAX_NAMED_CELLS {
            let at = format!("{}{} {error}", letter(column as usize), u64::from(row) + 1);
            self.error_cells.push(at);
        }
    }

    /// The first rows, for finding the header.
    pub(super) fn top(&self, count: usize) -> Vec<TopRow> {
        let rows = self.rows.iter().take(count);
        rows.map(|row| TopRow {
            number: row.number,
            cells: row.cells.iter().map(|cell| cell.as_ref().to_owned()).collect(),
        })
        .collect()
    }

    /// The text of a cell by row number and column.
    fn text(&self, number: u64, column: usize) -> Option<&str> {
        let at = self.rows.binary_search_by_key(&number, |row| row.number).ok()?;
        self.rows.get(at)?.cells.get(column).map(AsRef::as_ref)
    }
}

/// What was done about merged cells below the header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MergeNote {
    /// The row on which the merged cell starts.
    pub(super) row: u64,
    /// The header of its column.
    pub(super) header: String,
    /// The cells, for example `C5:C9`.
    pub(super) range: String,
    /// Its text.
    pub(super) text: String,
    /// Whether each of the rows got the text; else only the first has it.
    pub(super) is_spread: bool,
}

impl Grid {
    /// Gives each row the text of a cell that is merged over several rows. A district holds for each of them, which goes
    /// without saying; for other columns a note is made. What tells stations apart (id, name, place) is never spread.
    pub(super) fn spread_merges(
        &mut self,
        header: &Header,
        columns: &Columns,
    ) -> Result<Vec<MergeNote>, TooLarge> {
        let below = header.at + header.height;
        let Some(first_row) = self.rows.get(below).map(|row| row.number) else {
            return Ok(Vec::new());
        };
        let last_row = self.rows.last().map_or(0, |row| row.number);
        let mut notes = Vec::new();
        let mut steps = 0_u64;
        for merge in core::mem::take(&mut self.merges) {
            let (first, last) = (merge.rows.0 + 1, (merge.rows.1 + 1).min(last_row));
            let Some(column) = columns.all.get(merge.columns.0) else {
                continue;
            };
            if first < first_row || last <= first || column.targets.is_empty() {
                continue;
            }
            let Some(text) = self.text(first, merge.columns.0).map(str::to_owned) else {
                continue;
            };
            if text.is_empty() {
                continue;
            }
            let of = |wanted: &[Column]| {
                column
                    .targets
                    .iter()
                    .any(|target| matches!(target, Meaning::Column(column) if wanted.contains(column)))
            };
            let is_spread = !of(&[
                Column::Id,
                Column::Name,
                Column::Lon,
                Column::Lat,
                Column::Coordinates,
            ]);
            steps += last - first;
            if steps > MAX_SHEET_ROWS {
                return Err(TooLarge::new(
                    "more than allowed",
                    MAX_SHEET_ROWS,
                    "rows under merged cells",
                ));
            }
            if is_spread {
                self.fill(first + 1..=last, merge.columns.0, &text)?;
            }
            if !of(&[Column::District, Column::Adcode]) {
                let at = letter(merge.columns.0);
                notes.push(MergeNote {
                    row: first,
                    header: column.name.as_ref().to_owned(),
                    range: format!("{at}{first}:{at}{last}"),
                    text,
                    is_spread,
                });
            }
        }
        Ok(notes)
    }

    /// Rows that are not there hold nothing else, and so are no stations.
    fn fill(
        &mut self,
        rows: core::ops::RangeInclusive<u64>,
        column: usize,
        text: &str,
    ) -> Result<(), TooLarge> {
        let first = self.rows.partition_point(|row| row.number < *rows.start());
        let (mut slots, mut bytes) = (0, 0);
        for row in self
            .rows
            .iter_mut()
            .skip(first)
            .take_while(|row| rows.contains(&row.number))
        {
            slots += put(&mut row.cells, column, text);
            bytes += text.len();
        }
        self.count(slots, bytes)
    }
}

/// Puts a text into a cell of a row and gives how many cells the row grew by.
fn put(cells: &mut Vec<Box<str>>, column: usize, text: &str) -> usize {
    let more = (column + 1).saturating_sub(cells.len());
    if more > 0 {
        cells.resize(column + 1, Box::default());
    }
    if let Some(slot) = cells.get_mut(column) {
        *slot = text.into();
    }
    more
}

impl GridRow {
    /// Whether the row is no station.
    pub(super) fn leftover(&self, columns: &Columns) -> Option<cells::Leftover> {
        let cells: Vec<&str> = self.cells.iter().map(AsRef::as_ref).collect();
        cells::leftover(&cells, columns)
    }
}

#[cfg(test)]
mod tests {
    use super::super::header;
    use super::super::mapping::Mapping;
    use super::*;

    fn grid(rows: &[&str]) -> Grid {
        let mut grid = Grid::default();
        for (row, line) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(line.split(',')) {
                grid.set(row, column, cell).unwrap();
            }
        }
        grid
    }

    #[test]
    fn limits_hold_at_the_limit_and_one_above() {
        let mut grid = Grid::default();
        let last_row = u32::try_from(MAX_SHEET_ROWS).unwrap() - 1;
        assert!(grid.set(last_row, 0, "a").is_ok());
        let error = grid.set(last_row + 1, 0, "a").unwrap_err();
        assert_eq!(error.limit, format!("{MAX_SHEET_ROWS} rows"));
        let last_column = u32::try_from(MAX_SHEET_COLUMNS).unwrap() - 1;
        assert!(grid.set(0, last_column, "a").is_ok());
        assert!(
            grid.set(0, last_column + 1, "a")
                .unwrap_err()
                .given
                .contains("columns")
        );
        assert!(grid.set(0, last_column + 1, " ").is_ok(), "nothing stands there");
        assert!(grid.set(1, 1, &"a".repeat(MAX_CELL_BYTES)).is_ok());
        let error = grid.set(1, 1, &"a".repeat(MAX_CELL_BYTES + 1)).unwrap_err();
        assert!(error.given.starts_with("in cell B2"), "{error:?}");
    }

    #[test]
    fn a_sheet_of_few_cells_far_apart_is_small_and_one_of_too_many_is_refused() {
        let mut grid = Grid::default();
        let wide = u32::try_from(MAX_SHEET_COLUMNS).unwrap() - 1;
        let rows = u32::try_from(MAX_SHEET_CELLS / MAX_SHEET_COLUMNS).unwrap();
        for row in 0..rows {
            grid.set(row, wide, "a").unwrap();
        }
        assert!(grid.set(rows, 0, "a").is_ok() || MAX_SHEET_CELLS.is_multiple_of(MAX_SHEET_COLUMNS));
        assert!(
            grid.set(rows + 1, wide, "a")
                .unwrap_err()
                .limit
                .ends_with("cells")
        );
    }

    #[test]
    fn a_merged_district_is_spread_silently_and_anything_else_with_a_note_or_not_at_all() {
        let mut grid = grid(&[
            "区县,名称,地址,电话",
            "吉阳区,甲,一路,123",
            ",乙,二路,",
            ",,三路,",
            "天涯区,丁,四路,9",
        ]);
        let merge = |column, last| Merge {
            rows: (1, last),
            columns: (column, column),
        };
        grid.merges = vec![
            merge(0, 3),
            merge(3, 2),
            Merge {
                rows: (2, 3),
                columns: (1, 1),
            },
        ];
        let header = header::find(&grid.top(40), &Mapping::default()).unwrap();
        let notes = grid.spread_merges(&header, &header.columns).unwrap();
        let column = |at: usize| -> Vec<String> {
            grid.rows
                .iter()
                .map(|row| row.cells.get(at).map(ToString::to_string).unwrap_or_default())
                .collect()
        };
        assert_eq!(column(0), ["区县", "吉阳区", "吉阳区", "吉阳区", "天涯区"]);
        assert_eq!(column(3), ["电话", "123", "123", "", "9"]);
        assert_eq!(
            column(1),
            ["名称", "甲", "乙", "", "丁"],
            "a name is never spread"
        );
        let ranges: Vec<(&str, bool)> = notes.iter().map(|note| (&*note.range, note.is_spread)).collect();
        assert_eq!(ranges, [("D2:D3", true), ("B3:B4", false)]);
    }

    #[test]
    fn rows_may_come_in_any_order() {
        let mut grid = Grid::default();
        for row in [5, 1, 3, 0] {
            grid.set(row, 1, &row.to_string()).unwrap();
        }
        grid.set(1, 0, "x").unwrap();
        let grid = grid.finish();
        assert_eq!(grid.rows[1].cells, ["x".into(), "1".into()]);
        let numbers: Vec<u64> = grid.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 2, 4, 6]);
    }
}
