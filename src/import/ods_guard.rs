//! Looks through an ods file before it is read: how far its repetitions would blow it up, and which cells are merged.
//!
//! A cell of an ods file may say that it stands for 16,384 cells, and a row for a million rows. The counts here follow what
//! the reader of workbooks does with them; where the two could differ, more is counted.

use std::io::{Cursor, Read as _};

use super::grid::{Merge, TooLarge};
use super::{MAX_SHEET_CELLS, MAX_SHEET_TEXT_BYTES};

/// The most rows and columns that a repetition can reach.
const MAX_ROWS: u64 = 1_048_576;
const MAX_COLUMNS: u64 = 16_384;

/// Why an ods file is not read.
pub(super) enum Refused {
    TooLarge(TooLarge),
    Damaged(String),
}

fn damaged(reason: impl core::fmt::Display) -> Refused {
    Refused::Damaged(reason.to_string())
}

/// Checks the file and gives the merged cells of each of its tables, in order. O(bytes of its content).
pub(super) fn check(bytes: &[u8]) -> Result<Vec<Vec<Merge>>, Refused> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut content = Vec::new();
    let mut entry = archive.by_name("content.xml").map_err(damaged)?;
    entry.read_to_end(&mut content).map_err(damaged)?;
    let text = core::str::from_utf8(&content)
        .ok()
        .filter(|text| !text.contains('\0'));
    let text = text.ok_or_else(|| {
        damaged("its content is not UTF-8; expected the XML that spreadsheet programs write")
    })?;
    scan(text)
}

fn scan(text: &str) -> Result<Vec<Vec<Merge>>, Refused> {
    let mut scan = Scan::default();
    for tag in text.split('<').skip(1) {
        let name = tag
            .split([' ', '\t', '\r', '\n', '/', '>'])
            .next()
            .unwrap_or_default();
        match name {
            "table:table" => scan.start_table(),
            "table:table-row" => scan.start_row(tag)?,
            "table:table-cell" | "table:covered-table-cell" => scan.cell(tag)?,
            "text:s" => scan.text(number(tag, "text:c")?)?,
            _ => {}
        }
        scan.text(tag.len() as u64)?;
    }
    Ok(scan.merges)
}

/// Where in the tables the scan is, and what it has counted.
#[derive(Default)]
struct Scan {
    merges: Vec<Vec<Merge>>,
    /// Cells of tables that are done, and of rows as they are kept before they are repeated.
    cells: u64,
    text_bytes: u64,
    next_row: u64,
    row: u64,
    row_repeats: u64,
    next_column: u64,
    /// How often the text of the cell at hand is kept; 0 outside of cells that hold something.
    times: u64,
    /// How far the table at hand reaches with cells that hold something.
    width: u64,
    height: u64,
}

impl Scan {
    fn start_table(&mut self) {
        self.cells = self.cells.saturating_add(self.width.saturating_mul(self.height));
        let (merges, cells, text_bytes) = (core::mem::take(&mut self.merges), self.cells, self.text_bytes);
        *self = Self {
            merges,
            cells,
            text_bytes,
            ..Self::default()
        };
        self.merges.push(Vec::new());
    }

    fn start_row(&mut self, tag: &str) -> Result<(), Refused> {
        self.row = self.next_row;
        self.row_repeats = number(tag, "table:number-rows-repeated")?.clamp(1, MAX_ROWS);
        self.next_row = self.next_row.saturating_add(self.row_repeats);
        self.next_column = 0;
        self.times = 0;
        Ok(())
    }

    fn cell(&mut self, tag: &str) -> Result<(), Refused> {
        let repeats = number(tag, "table:number-columns-repeated")?.clamp(1, MAX_COLUMNS);
        let column = self.next_column;
        self.next_column = (column + repeats).min(MAX_COLUMNS);
        self.times = 0;
        let rows = number(tag, "table:number-rows-spanned")?.max(1);
        let columns = number(tag, "table:number-columns-spanned")?.max(1);
        if let (true, Some(table), Ok(first), Ok(count)) = (
            rows > 1,
            self.merges.last_mut(),
            usize::try_from(column),
            usize::try_from(columns),
        ) {
            table.push(Merge {
                rows: (self.row, self.row.saturating_add(rows - 1)),
                columns: (first, first.saturating_add(count - 1)),
            });
        }
        if !tag.contains("office:") && !tag.contains("formula") && !tag.contains("value") {
            return Ok(());
        }
        self.times = repeats.saturating_mul(self.row_repeats.max(1));
        self.cells = self.cells.saturating_add(self.next_column);
        self.width = self.width.max(self.next_column);
        self.height = self.next_row.min(MAX_ROWS);
        let all = self.cells.saturating_add(self.width.saturating_mul(self.height));
        if all > 2 * MAX_SHEET_CELLS as u64 {
            return Err(Refused::TooLarge(TooLarge {
                given: "more than allowed cells, repeated ones counted".to_owned(),
                limit: format!("{MAX_SHEET_CELLS} cells"),
            }));
        }
        Ok(())
    }

    /// Counts text of the cell at hand, as often as the cell is repeated.
    fn text(&mut self, bytes: u64) -> Result<(), Refused> {
        self.text_bytes = self.text_bytes.saturating_add(bytes.saturating_mul(self.times));
        if self.text_bytes > 4 * MAX_SHEET_TEXT_BYTES as u64 {
            return Err(Refused::TooLarge(TooLarge {
                given: "more than allowed bytes of text, repeated ones counted".to_owned(),
                limit: format!("{MAX_SHEET_TEXT_BYTES} bytes of text"),
            }));
        }
        Ok(())
    }
}

/// The largest number that an attribute of a tag has; 0 when it has none.
fn number(tag: &str, attribute: &str) -> Result<u64, Refused> {
    let mut largest = 0;
    for (_, behind) in tag
        .match_indices(attribute)
        .map(|(at, name)| (at, tag.get(at + name.len()..).unwrap_or_default()))
    {
        let Some(value) = behind.trim_start().strip_prefix('=') else {
            continue;
        };
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        let end = value.find(['"', '\'']).unwrap_or(value.len());
        let digits = value.get(..end).unwrap_or_default().trim();
        let read = digits.parse::<u64>();
        let count = read.map_err(|_error| {
            damaged(format_args!(
                "`{attribute}` is `{}`; expected a number",
                super::problem::shown(digits)
            ))
        })?;
        largest = largest.max(count);
    }
    Ok(largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &str) -> Result<Vec<Vec<Merge>>, Refused> {
        scan(&format!(r#"<table:table table:name="a">{rows}</table:table>"#))
    }

    #[test]
    fn repetitions_that_blow_a_sheet_up_are_refused() {
        let cell = |repeats: u64| {
            format!(
                r#"<table:table-cell office:value-type="string" table:number-columns-repeated="{repeats}"><text:p>a</text:p></table:table-cell>"#
            )
        };
        let row = |repeats: u64, cells: &str| {
            format!("<table:table-row table:number-rows-repeated='{repeats}'>{cells}</table:table-row>")
        };
        assert!(table(&row(1, &cell(16_384))).is_ok());
        assert!(matches!(
            table(&row(1_048_576, &cell(1_000))),
            Err(Refused::TooLarge(_))
        ));
        assert!(matches!(
            table(&row(1, &cell(16_384)).repeat(2_000)),
            Err(Refused::TooLarge(_))
        ));
        let blanks = r#"<table:table-cell office:value-type="string"><text:p><text:s text:c="4000000000"/></text:p></table:table-cell>"#;
        assert!(matches!(table(&row(1, blanks)), Err(Refused::TooLarge(_))));
        let hidden = r#"<table:table-cell table:number-columns-repeated = "&#49;6384" office:value="1"/>"#;
        assert!(matches!(table(&row(1, hidden)), Err(Refused::Damaged(_))));
        // What programs write behind the last cell and below the last row.
        let tail = r#"<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
        assert!(table(&format!("{}{tail}", row(1, &cell(1)))).is_ok());
    }

    #[test]
    fn merged_cells_are_found_with_their_rows_and_columns() {
        let rows = r#"<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
            <table:table-row><table:table-cell table:number-columns-repeated="3"/>
            <table:table-cell table:number-rows-spanned="3" table:number-columns-spanned="1" office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>"#;
        let merges = table(rows).ok().unwrap();
        assert_eq!(
            merges,
            [[Merge {
                rows: (2, 4),
                columns: (3, 3)
            }]]
        );
    }
}
