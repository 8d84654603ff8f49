//! Workbooks (xlsx, xls, ods): finds the sheet with the stations and reads it as text cells.
//!
//! # Why so careful
//! A workbook of a few kilobytes can unpack to gigabytes, repeat one cell ten million times, or claim cells at the far ends
//! of a sheet. So the sizes in a zip file are added up first (the unpacking holds them to what they claim), an ods file is
//! looked through for repetitions before it is read, xlsx cells are streamed one by one, and every cell is counted.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Ods, Range, Reader as _, Xls, Xlsx};

use super::error::ImportError;
use super::grid::{Grid, Merge, TooLarge};
use super::header::{self, MAX_HEADER_SEARCH_ROWS};
use super::mapping::Mapping;
use super::{ImportFormat, MAX_UNPACKED_BYTES, ods_guard, xls_guard};

/// A sheet of a workbook, and the names of the others.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) others: Vec<String>,
    pub(super) grid: Grid,
}

/// Why a workbook cannot be read.
enum Failure {
    TooLarge(TooLarge),
    Damaged(String),
}

impl From<TooLarge> for Failure {
    fn from(too_large: TooLarge) -> Self {
        Self::TooLarge(too_large)
    }
}

fn damaged(error: impl core::fmt::Display) -> Failure {
    Failure::Damaged(error.to_string())
}

/// Reads the sheet that the mapping names, else the first with a header, else the first.
pub(super) fn read(
    bytes: &[u8],
    format: ImportFormat,
    path: &Path,
    mapping: &Mapping,
) -> Result<Sheet, ImportError> {
    // The reader of workbooks has met damaged files that make it panic; such a file is refused like any other.
    let read = catch_unwind(AssertUnwindSafe(|| match format {
        ImportFormat::Xls => read_xls(bytes, mapping),
        ImportFormat::Ods => read_ods(bytes, mapping),
        _ => read_xlsx(bytes, mapping),
    }));
    let failure = match read {
        Ok(Ok(sheet)) => return Ok(sheet),
        Ok(Err(failure)) => failure,
        Err(_panic) => {
            Failure::Damaged("it is damaged; expected a file that a spreadsheet program opens".to_owned())
        }
    };
    let path = path.to_owned();
    Err(match failure {
        Failure::TooLarge(TooLarge { given, limit }) => ImportError::SheetTooLarge { path, given, limit },
        Failure::Damaged(reason) => ImportError::Workbook { path, reason },
    })
}

/// What a file that starts like a workbook is; `None` for anything else.
pub(super) fn format_of(bytes: &[u8]) -> Option<ImportFormat> {
    /// How the first entry of an ods file reads, behind its header of 30 bytes.
    const ODS: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Some(ImportFormat::Xls);
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let is_ods = bytes.get(30..).is_some_and(|rest| rest.starts_with(ODS));
    Some(if is_ods {
        ImportFormat::Ods
    } else {
        ImportFormat::Xlsx
    })
}

/// Adds up what the entries of a zip file say they unpack to.
fn check_unpacked(bytes: &[u8], limit: u64) -> Result<(), Failure> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut total = 0_u64;
    for index in 0..archive.len() {
        total = total.saturating_add(archive.by_index_raw(index).map_err(damaged)?.size());
    }
    if total > limit {
        return Err(Failure::TooLarge(TooLarge {
            given: format!("{total} bytes when unpacked"),
            limit: format!("{limit} bytes when unpacked"),
        }));
    }
    Ok(())
}

/// Goes through the sheets until one has a header. `top` reads the first rows of a sheet.
fn choose(
    names: &[String],
    mapping: &Mapping,
    top: &mut dyn FnMut(&str) -> Result<Grid, Failure>,
) -> Result<String, Failure> {
    if let Some(wanted) = &mapping.sheet {
        let found = names.iter().find(|name| name.trim() == wanted.trim());
        let listed = || {
            names
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        return found.cloned().ok_or_else(|| {
            damaged(format_args!(
                "it has no sheet `{wanted}`, which the mapping names; expected one of {}",
                listed()
            ))
        });
    }
    for name in names {
        let grid = top(name)?;
        if header::find(&grid.top(MAX_HEADER_SEARCH_ROWS + 1), mapping).is_some() {
            return Ok(name.clone());
        }
    }
    names
        .first()
        .cloned()
        .ok_or_else(|| damaged("it has no sheet; expected one with a header row"))
}

fn others(names: &[String], chosen: &str) -> Vec<String> {
    names.iter().filter(|name| *name != chosen).cloned().collect()
}

fn read_xlsx(bytes: &[u8], mapping: &Mapping) -> Result<Sheet, Failure> {
    check_unpacked(bytes, MAX_UNPACKED_BYTES)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = book.sheet_names();
    let mut top = |name: &str| xlsx_cells(&mut book, name, MAX_HEADER_SEARCH_ROWS + 1);
    let name = choose(&names, mapping, &mut top)?;
    let mut grid = xlsx_cells(&mut book, &name, usize::MAX)?;
    let merged = book.merge_cells_by_sheet_name(&name).map_err(damaged)?;
    grid.merges = merged.iter().map(merge).collect();
    Ok(Sheet {
        others: others(&names, &name),
        name,
        grid,
    })
}

fn xlsx_cells(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, most_rows: usize) -> Result<Grid, Failure> {
    let mut grid = Grid::default();
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet of charts has no cells.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(grid),
        Err(error) => return Err(damaged(error)),
    };
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        match cell.get_value() {
            DataRef::Empty => {}
            DataRef::SharedString(text) => grid.set(row, column, text)?,
            DataRef::Error(error) => grid.note_error(row, column, &error.to_string()),
            value => grid.set(row, column, &text_of(&Data::from(value.clone())))?,
        }
        if grid.rows.len() > most_rows {
            break;
        }
    }
    Ok(grid.finish())
}

fn read_xls(bytes: &[u8], mapping: &Mapping) -> Result<Sheet, Failure> {
    xls_guard::check(bytes).map_err(|refused| match refused {
        xls_guard::Refused::Protected => {
            damaged("it is protected with a password, or is no spreadsheet; expected an open one")
        }
        xls_guard::Refused::Damaged => {
            damaged("it is damaged; expected a file that a spreadsheet program opens")
        }
        xls_guard::Refused::TooLarge(too_large) => Failure::TooLarge(too_large),
    })?;
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = book.sheet_names();
    let mut top = |name: &str| {
        dense(
            &book.worksheet_range(name).map_err(damaged)?,
            MAX_HEADER_SEARCH_ROWS + 1,
        )
    };
    let name = choose(&names, mapping, &mut top)?;
    let mut grid = dense(&book.worksheet_range(&name).map_err(damaged)?, usize::MAX)?;
    grid.merges = book
        .merge_cells_by_sheet_name(&name)
        .map_err(damaged)?
        .iter()
        .map(merge)
        .collect();
    Ok(Sheet {
        others: others(&names, &name),
        name,
        grid,
    })
}

fn read_ods(bytes: &[u8], mapping: &Mapping) -> Result<Sheet, Failure> {
    check_unpacked(bytes, MAX_UNPACKED_BYTES)?;
    let mut merges = ods_guard::check(bytes).map_err(|refused| match refused {
        ods_guard::Refused::Damaged(reason) => Failure::Damaged(reason),
        ods_guard::Refused::TooLarge(too_large) => Failure::TooLarge(too_large),
    })?;
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = book.sheet_names();
    let mut top = |name: &str| {
        dense(
            &book.worksheet_range(name).map_err(damaged)?,
            MAX_HEADER_SEARCH_ROWS + 1,
        )
    };
    let name = choose(&names, mapping, &mut top)?;
    let mut grid = dense(&book.worksheet_range(&name).map_err(damaged)?, usize::MAX)?;
    let at = names.iter().position(|known| *known == name).unwrap_or(0);
    if at < merges.len() {
        grid.merges = merges.swap_remove(at);
    }
    Ok(Sheet {
        others: others(&names, &name),
        name,
        grid,
    })
}

fn dense(range: &Range<Data>, most_rows: usize) -> Result<Grid, Failure> {
    let mut grid = Grid::default();
    let Some((first_row, first_column)) = range.start() else {
        return Ok(grid);
    };
    for (row, cells) in (first_row..).zip(range.rows()) {
        for (column, cell) in (first_column..).zip(cells) {
            match cell {
                Data::Empty => {}
                Data::String(text) => grid.set(row, column, text)?,
                Data::Error(error) => grid.note_error(row, column, &error.to_string()),
                value => grid.set(row, column, &text_of(value))?,
            }
        }
        if grid.rows.len() > most_rows {
            break;
        }
    }
    Ok(grid.finish())
}

fn merge(cells: &Dimensions) -> Merge {
    Merge {
        rows: (cells.start.0.into(), cells.end.0.into()),
        columns: (cells.start.1 as usize, cells.end.1 as usize),
    }
}

/// A value as a person would type it: whole numbers without a point, days as `2024-05-01`, times as `08:30`.
fn text_of(value: &Data) -> String {
    match value {
        Data::Int(whole) => whole.to_string(),
        Data::Float(number) => number.to_string(),
        Data::String(text) => text.clone(),
        Data::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(moment) => moment_text(*moment),
        Data::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        Data::DurationIso(text) => duration_text(text).unwrap_or_else(|| text.clone()),
        Data::Error(_) | Data::Empty => String::new(),
    }
}

fn moment_text(moment: ExcelDateTime) -> String {
    let (days, of_day) = (moment.as_f64().floor(), moment.as_f64().fract());
    let minutes = (moment.as_f64() * 24.0 * 60.0).round();
    if moment.is_duration() || days == 0.0 {
        return format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if of_day == 0.0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// `PT08H30M00S` as `08:30`.
fn duration_text(text: &str) -> Option<String> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let (minutes, _) = rest.split_once('M')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some(format!("{hours:02}:{minutes:02}"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn what_a_zip_file_unpacks_to_is_held_to_the_limit() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive
            .start_file("a", zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(&[0; 1000]).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert!(check_unpacked(&bytes, 1000).is_ok());
        let Err(Failure::TooLarge(too_large)) = check_unpacked(&bytes, 999) else {
            panic!("one byte above the limit is refused");
        };
        assert_eq!(too_large.given, "1000 bytes when unpacked");
    }

    #[test]
    fn days_and_times_are_written_as_a_person_types_them() {
        let moment = |value, kind| Data::DateTime(ExcelDateTime::new(value, kind, false));
        for (value, expected) in [
            (moment(45413.0, ExcelDateTimeType::DateTime), "2024-05-01"),
            (
                moment(45_413.354_166_666_7, ExcelDateTimeType::DateTime),
                "2024-05-01 08:30:00",
            ),
            (moment(0.354_166_666_7, ExcelDateTimeType::DateTime), "08:30"),
            (moment(1.0, ExcelDateTimeType::TimeDelta), "24:00"),
            (Data::Float(13_800_138_000.0), "13800138000"),
            (Data::Float(113.564_525), "113.564525"),
            (Data::Bool(true), "TRUE"),
            (Data::DateTimeIso("2024-05-01T00:00:00".to_owned()), "2024-05-01"),
            (Data::DateTimeIso("2024-05-01".to_owned()), "2024-05-01"),
            (Data::DurationIso("PT08H30M00S".to_owned()), "08:30"),
        ] {
            assert_eq!(text_of(&value), expected);
        }
    }
}
