//! A copy of a sheet with one more column, in which each row is told what is wrong with it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::ImportError;
use super::csv::{each_record, with_unit_separators};
use super::encoding::{self, Transcoder};
use super::grid::GridRow;
use super::mapping::Mapping;
use super::problem::{RowProblem, Severity};
use super::read::ReadFile;
use super::workbook;
use crate::domain::language::Language;

/// The form of the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyFormat {
    /// UTF-8 with a byte order mark, by which spreadsheet programs know it, separated by commas.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
}

/// The most characters in a cell of a workbook; what is longer is cut.
const MAX_CELL_CHARS: usize = 32_767;
/// How wide the column of remarks is, characters.
const REMARK_WIDTH: f64 = 60.0;

impl ReadFile {
    /// What there is to say about each row, by the number of the row; errors before warnings. Problems of the file as a
    /// whole are left out.
    pub fn remarks(&self, language: Language) -> BTreeMap<u64, String> {
        let mut problems: Vec<&RowProblem> = self.problems.iter().filter(|problem| problem.row > 0).collect();
        problems.sort_by_key(|problem| (problem.row, problem.severity));
        let mut remarks: BTreeMap<u64, String> = BTreeMap::new();
        for problem in problems {
            let remark = remarks.entry(problem.row).or_default();
            let (text, between) = remark_of(problem, language);
            if !remark.is_empty() {
                remark.push_str(between);
            }
            remark.push_str(&text);
        }
        remarks
    }

    /// A copy of the sheet with a column of remarks, by the number of the row. `bytes` are those that were read. Titles and
    /// header stay where they are; of JSON, which has no sheet, the copy is a table of the rows with remarks.
    ///
    /// Cost: reads the file again; memory for its cells.
    pub fn copy_with_remarks(
        &self,
        bytes: &[u8],
        remarks: &BTreeMap<u64, String>,
        (format, language): (CopyFormat, Language),
    ) -> Result<Vec<u8>, ImportError> {
        let rows = self.cells(bytes, language)?;
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let header = self.header_row.unwrap_or(1);
        let title = title(&rows, header, language);
        let remark = |row: &GridRow| {
            if row.number == header && self.header_row.is_some() || row.number == 0 {
                return Some(title);
            }
            remarks.get(&row.number).map(String::as_str)
        };
        match format {
            CopyFormat::Csv => Ok(csv_of(&rows, width, &remark)),
            CopyFormat::Xlsx => xlsx_of(&rows, width, &remark).map_err(|error| ImportError::Workbook {
                path: Path::new(&*self.name).to_owned(),
                reason: error.to_string(),
            }),
        }
    }

    fn cells(&self, bytes: &[u8], language: Language) -> Result<Vec<GridRow>, ImportError> {
        let path = Path::new(&*self.name);
        if self.format.is_workbook() {
            let mapping = Mapping {
                sheet: self.sheet.clone(),
                ..Mapping::default()
            };
            return Ok(workbook::read(bytes, self.format, path, &mapping)?.grid.rows);
        }
        let Some(separator) = self.separator else {
            return Ok(self.listed(language));
        };
        let found = self
            .encoding
            .and_then(encoding::by_name)
            .unwrap_or(encoding_rs::UTF_8);
        let mut text = String::new();
        let read = Transcoder::new(Cursor::new(bytes), found).read_to_string(&mut text);
        read.map_err(|source| ImportError::Read {
            path: path.to_owned(),
            source,
        })?;
        let delimiter = u8::try_from(separator).ok().filter(u8::is_ascii);
        if delimiter.is_none() {
            text = with_unit_separators(&text, separator);
        }
        let mut rows = Vec::new();
        each_record(
            &text,
            delimiter.unwrap_or(super::csv::UNIT_SEPARATOR),
            1,
            &mut |line, record| {
                rows.push(GridRow {
                    number: line,
                    cells: record.iter().map(Into::into).collect(),
                });
            },
        );
        Ok(rows)
    }

    /// The rows of a file without a sheet: number, id and name.
    fn listed(&self, language: Language) -> Vec<GridRow> {
        let mut names: BTreeMap<u64, (String, String)> = BTreeMap::new();
        for row in &self.rows {
            let id = if row.stated.id {
                row.station.id.as_str()
            } else {
                ""
            };
            names.insert(row.number, (id.to_owned(), row.station.name.as_ref().to_owned()));
        }
        for row in &self.unplaced {
            let id = row.id().map_or("", |id| id.as_str());
            names.insert(row.number, (id.to_owned(), row.name().to_owned()));
        }
        for problem in self.problems.iter().filter(|problem| problem.row > 0) {
            names.entry(problem.row).or_default();
        }
        let header: [Box<str>; 3] = match language {
            Language::Zh => ["行".into(), "编号".into(), "名称".into()],
            Language::En => ["row".into(), "id".into(), "name".into()],
        };
        let mut rows = vec![GridRow {
            number: 0,
            cells: header.to_vec(),
        }];
        rows.extend(names.into_iter().map(|(number, (id, name))| GridRow {
            number,
            cells: vec![number.to_string().into(), id.into(), name.into()],
        }));
        rows
    }
}

/// One problem in a few words, and what stands before the next one.
fn remark_of(problem: &RowProblem, language: Language) -> (String, &'static str) {
    let place = match (&problem.letter, &problem.field) {
        (Some(letter), Some(field)) => format!("{letter} {field}"),
        (None, Some(field)) => field.clone(),
        (_, None) => String::new(),
    };
    match language {
        Language::Zh => {
            let kind = if problem.severity == Severity::Error {
                "错误"
            } else {
                "提醒"
            };
            let place = if place.is_empty() {
                place
            } else {
                format!("[{place}]")
            };
            let fix = problem
                .fix
                .as_ref()
                .map_or(String::new(), |fix| format!("（建议：{}）", fix.zh));
            (format!("{kind}{place}：{}{fix}", problem.message_zh), "；")
        }
        Language::En => {
            let place = if place.is_empty() {
                place
            } else {
                format!(" [{place}]")
            };
            let fix = problem
                .fix
                .as_ref()
                .map_or(String::new(), |fix| format!(" (fix: {})", fix.en));
            (
                format!("{}{place}: {}{fix}", problem.severity, problem.message),
                "; ",
            )
        }
    }
}

/// The name of the column of remarks: one that the sheet does not have yet.
fn title(rows: &[GridRow], header: u64, language: Language) -> &'static str {
    let header = rows.iter().find(|row| row.number == header);
    let has = |name: &str| header.is_some_and(|row| row.cells.iter().any(|cell| cell.trim() == name));
    match language {
        Language::Zh if has("备注") => "导入备注",
        Language::Zh => "备注",
        Language::En if has("Remark") => "Import remark",
        Language::En => "Remark",
    }
}

type Remark<'r> = dyn Fn(&GridRow) -> Option<&'r str> + 'r;

fn csv_of(rows: &[GridRow], width: usize, remark: &Remark<'_>) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    for row in rows {
        let blanks = core::iter::repeat_n("", width.saturating_sub(row.cells.len()));
        let cells = row.cells.iter().map(AsRef::as_ref).chain(blanks);
        let all = cells.chain([remark(row).unwrap_or_default()]);
        // Writing to memory cannot fail, and the writer takes rows of any length.
        writer.write_record(all).unwrap_or_default();
    }
    writer.into_inner().unwrap_or_default()
}

fn xlsx_of(rows: &[GridRow], width: usize, remark: &Remark<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A fixed day, so that the same sheet gives the same bytes.
    let day = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let sheet = book.add_worksheet();
    let column = u16::try_from(width).unwrap_or(u16::MAX);
    let marked = Format::new().set_text_wrap();
    sheet.set_column_width(column, REMARK_WIDTH)?;
    for (row, at) in rows.iter().zip(0_u32..) {
        let number = u32::try_from(row.number).unwrap_or(u32::MAX);
        // Rows of a table of JSON have no place of their own in a sheet.
        let at = if rows.first().is_some_and(|first| first.number == 0) {
            at
        } else {
            number - 1
        };
        for (cell, column) in row.cells.iter().zip(0_u16..) {
            write_cell(sheet, (at, column), cell)?;
        }
        if let Some(text) = remark(row) {
            sheet.write_string_with_format(at, column, cut(text), &marked)?;
        }
    }
    book.save_to_buffer()
}

/// A number stays a number where its digits are the same again.
fn write_cell(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str) -> Result<(), XlsxError> {
    if text.is_empty() {
        return Ok(());
    }
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite() && number.to_string() == text);
    match number {
        Some(number) => sheet.write_number(row, column, number)?,
        None => sheet.write_string(row, column, cut(text))?,
    };
    Ok(())
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_CELL_CHARS).collect()
}
