//! Reads one file of any format into rows: finds out what it is, then feeds its rows to the checker.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use encoding_rs::UTF_8;
use rayon::prelude::*;

use super::blocks::{self, Piece, Source};
use super::cells;
use super::collection::CollectionCutter;
use super::csv::{self, Start, title, with_unit_separators};
use super::encoding::{self, Transcoder, telling_line};
use super::grid::{Grid, GridRow};
use super::header::{self, Columns, MAX_HEADER_SEARCH_ROWS};
use super::hours::KnownHours;
use super::lines::{self, LineCutter, looks_like_lines};
use super::mapping::Mapping;
use super::parsed::{Parsed, leave_out};
use super::problem::ProblemLog;
use super::record::{Checker, Context, Purpose};
use super::workbook;
use super::{
    ImportError, ImportFormat, ImportOptions, MAX_PROBLEMS, MAX_SHEET_ROWS, MAX_TRANSFORMED_BYTES,
    MAX_WORKBOOK_BYTES, geojson, osm,
};

/// How many rows of a sheet one task checks.
const ROWS_PER_TASK: usize = 500;

/// How files are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings<'s> {
    pub(super) options: &'s ImportOptions,
    pub(super) mapping: &'s Mapping,
    pub(super) purpose: Purpose,
    pub(super) hours: &'s KnownHours,
}

/// One file that was read.
#[derive(Debug)]
pub(super) struct FileRead {
    pub(super) format: ImportFormat,
    /// The encoding of a text, and the line to check it by where it was guessed.
    pub(super) encoding: Option<&'static str>,
    pub(super) guessed_by: Option<String>,
    /// The sheet of a workbook, and the others.
    pub(super) sheet: Option<String>,
    pub(super) other_sheets: Vec<String>,
    /// The row of the header as a person sees it; `None` for JSON.
    pub(super) header_row: Option<u64>,
    pub(super) titles: Vec<String>,
    /// What stands between the cells of a table in text.
    pub(super) separator: Option<char>,
    pub(super) columns: Columns,
    pub(super) merges: Vec<super::grid::MergeNote>,
    pub(super) error_cells: Vec<String>,
    pub(super) parsed: Parsed,
    /// How many bytes were read of it.
    pub(super) bytes: u64,
}

/// Reads one file. `on_block` is called with the bytes read so far; `room` is how many stations may still come.
pub(super) fn read(
    (path, name): (&Path, &Arc<str>),
    input: &mut (dyn Read + Send),
    settings: Settings<'_>,
    (on_block, room): (&dyn Fn(u64), usize),
) -> Result<FileRead, ImportError> {
    let no_columns = Columns::default();
    let context = Context {
        file: name,
        path,
        options: settings.options,
        hours: settings.hours,
        mapping: settings.mapping,
        purpose: settings.purpose,
        no_columns: &no_columns,
    };
    let mut reading = Reading {
        context,
        on_block,
        room,
        read: FileRead::new(),
    };
    let mut source = Source::open(path, input)?;
    if source.rest.is_empty() {
        return Err(ImportError::Empty {
            path: path.to_owned(),
        });
    }
    if let Some(format) = workbook::format_of(&source.rest) {
        reading.workbook(source, format)?;
        return Ok(reading.read);
    }
    if reading.is_osm(&source.rest) {
        reading.osm(source)?;
        return Ok(reading.read);
    }
    let found = reading.encoding_of(&source)?;
    reading.read.encoding = Some(encoding::name_of(found.encoding));
    if found.encoding == UTF_8 {
        reading.text(&mut source)?;
        return Ok(reading.read);
    }
    let head = core::mem::take(&mut source.rest);
    let mut utf8 = Transcoder::new(Cursor::new(head).chain(source.input), found.encoding);
    let mut source = Source::open(path, &mut utf8)?;
    if found.is_guessed {
        reading.read.guessed_by = Some(telling_line(&String::from_utf8_lossy(&source.rest)));
    }
    reading.text(&mut source)?;
    Ok(reading.read)
}

impl FileRead {
    fn new() -> Self {
        Self {
            format: ImportFormat::Csv,
            encoding: None,
            guessed_by: None,
            sheet: None,
            other_sheets: Vec::new(),
            header_row: None,
            titles: Vec::new(),
            separator: None,
            columns: Columns::default(),
            merges: Vec::new(),
            error_cells: Vec::new(),
            parsed: Parsed {
                log: ProblemLog::with_limit(MAX_PROBLEMS),
                ..Parsed::default()
            },
            bytes: 0,
        }
    }
}

/// A file while it is read.
struct Reading<'r> {
    context: Context<'r>,
    on_block: &'r dyn Fn(u64),
    room: usize,
    read: FileRead,
}

impl Reading<'_> {
    fn encoding_of(&self, source: &Source<'_>) -> Result<encoding::Found, ImportError> {
        let named = self
            .context
            .mapping
            .encoding
            .as_deref()
            .and_then(encoding::by_name);
        let found = encoding::find(&source.rest, source.at_end);
        if found.encoding == UTF_8 && source.rest.contains(&0) && named.is_none() {
            return Err(ImportError::UnknownFormat {
                path: self.context.path.to_owned(),
            });
        }
        Ok(named.map_or(found, |encoding| encoding::Found {
            encoding,
            is_guessed: false,
        }))
    }

    /// Whether a file is an extract of OpenStreetMap: by content, by the options, by its name.
    fn is_osm(&self, block: &[u8]) -> bool {
        let asked = self.context.options.format;
        let named = asked.or_else(|| ImportFormat::infer_from_path(self.context.path));
        osm::is_beginning(block) || named == Some(ImportFormat::OsmPbf)
    }

    fn osm(&mut self, mut source: Source<'_>) -> Result<(), ImportError> {
        let head = core::mem::take(&mut source.rest);
        let (parsed, bytes) = osm::read(self.context, (head, &mut *source.input), self.on_block)?;
        self.read.format = ImportFormat::OsmPbf;
        self.read.bytes = bytes;
        self.take(vec![parsed], bytes)
    }

    /// Reads a text in UTF-8.
    fn text(&mut self, source: &mut Source<'_>) -> Result<(), ImportError> {
        let format = self.text_format(&source.rest)?;
        self.read.format = format;
        match format {
            ImportFormat::GeoJson => {
                let mut cutter = CollectionCutter::new(self.context.path);
                let context = self.context;
                let parse = |block: &[u8], piece: &Piece| geojson::parse_piece(context, (block, piece));
                blocks::run(source, &mut cutter, &parse, &mut |parsed, bytes| {
                    self.take(parsed, bytes)
                })?;
            }
            ImportFormat::JsonLines => {
                let context = self.context;
                let parse = |block: &[u8], piece: &Piece| lines::parse_piece(context, (block, piece));
                let mut cutter = LineCutter::new();
                blocks::run(source, &mut cutter, &parse, &mut |parsed, bytes| {
                    self.take(parsed, bytes)
                })?;
            }
            _ => self.table(source)?,
        }
        self.read.bytes = source.bytes_read;
        Ok(())
    }

    /// What a text is: by the options, by the name of the file, by its first byte. JSON lines are told by content.
    fn text_format(&self, block: &[u8]) -> Result<ImportFormat, ImportError> {
        let path = || self.context.path.to_owned();
        let by_bytes =
            ImportFormat::infer_from_bytes(block).ok_or_else(|| ImportError::Empty { path: path() })?;
        if block.trim_ascii_start().starts_with(b"<") {
            return Err(ImportError::UnknownFormat { path: path() });
        }
        let asked = self
            .context
            .options
            .format
            .or_else(|| ImportFormat::infer_from_path(self.context.path));
        let format = asked.filter(|format| !format.is_workbook()).unwrap_or(by_bytes);
        let is_lines = format == ImportFormat::GeoJson && looks_like_lines(block);
        Ok(if is_lines { ImportFormat::JsonLines } else { format })
    }

    fn table(&mut self, source: &mut Source<'_>) -> Result<(), ImportError> {
        let path = self.context.path;
        let start = Start::find(&source.rest, path, self.context.mapping)?;
        start.require(path, self.context.purpose)?;
        if !start.is_full_width() {
            source.rest.drain(..start.bytes);
            return self.rows_of_table(source, start);
        }
        let mut text = String::new();
        let all = Cursor::new(core::mem::take(&mut source.rest)).chain(&mut *source.input);
        let mut limited = all.take(MAX_TRANSFORMED_BYTES + 1);
        limited
            .read_to_string(&mut text)
            .map_err(|source| ImportError::Read {
                path: path.to_owned(),
                source,
            })?;
        if text.len() as u64 > MAX_TRANSFORMED_BYTES {
            return Err(ImportError::SheetTooLarge {
                path: path.to_owned(),
                given: format!("more than {MAX_TRANSFORMED_BYTES} bytes between full-width separators"),
                limit: format!("{MAX_TRANSFORMED_BYTES} bytes"),
            });
        }
        let rows = text.get(start.bytes..).unwrap_or_default();
        let rows = with_unit_separators(rows, start.separator);
        let mut input = rows.as_bytes();
        let mut source = Source::open(path, &mut input)?;
        self.rows_of_table(&mut source, start)
    }

    fn rows_of_table(&mut self, source: &mut Source<'_>, start: Start) -> Result<(), ImportError> {
        self.read.header_row = Some(start.header_line);
        self.read.separator = Some(start.separator);
        self.read.titles.clone_from(&start.titles);
        let mut cutter = start.cutter();
        let context = self.context;
        let parse = |block: &[u8], piece: &Piece| csv::parse_piece(context, &start, (block, piece));
        blocks::run(source, &mut cutter, &parse, &mut |parsed, bytes| {
            self.take(parsed, bytes)
        })?;
        self.read.columns = start.columns;
        Ok(())
    }

    fn take(&mut self, pieces: Vec<Parsed>, bytes: u64) -> Result<(), ImportError> {
        for piece in pieces {
            self.read.parsed.append(piece);
        }
        let path = || self.context.path.to_owned();
        let all = &self.read.parsed;
        if all.taken.len() > self.room {
            return Err(ImportError::TooManyStations { path: path() });
        }
        if self.context.purpose == Purpose::Changes && all.rows > MAX_SHEET_ROWS {
            return Err(ImportError::SheetTooLarge {
                path: path(),
                given: format!("at least {} rows", all.rows),
                limit: format!("{MAX_SHEET_ROWS} rows"),
            });
        }
        (self.on_block)(bytes);
        Ok(())
    }

    fn workbook(&mut self, mut source: Source<'_>, format: ImportFormat) -> Result<(), ImportError> {
        let path = self.context.path;
        let mut bytes = core::mem::take(&mut source.rest);
        let room = (MAX_WORKBOOK_BYTES + 1).saturating_sub(bytes.len() as u64);
        let failed = |source| ImportError::Read {
            path: path.to_owned(),
            source,
        };
        source.input.take(room).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MAX_WORKBOOK_BYTES {
            return Err(ImportError::SheetTooLarge {
                path: path.to_owned(),
                given: format!("more than {MAX_WORKBOOK_BYTES} bytes"),
                limit: format!("{MAX_WORKBOOK_BYTES} bytes in a workbook"),
            });
        }
        let sheet = workbook::read(&bytes, format, path, self.context.mapping)?;
        self.read.bytes = bytes.len() as u64;
        self.read.format = format;
        self.read.sheet = Some(sheet.name);
        self.read.other_sheets = sheet.others;
        self.grid(sheet.grid)
    }

    fn grid(&mut self, mut grid: Grid) -> Result<(), ImportError> {
        let (path, mapping) = (self.context.path, self.context.mapping);
        let top = grid.top(MAX_HEADER_SEARCH_ROWS + 1);
        if top.is_empty() {
            return Err(ImportError::Empty {
                path: path.to_owned(),
            });
        }
        let found = header::find(&top, mapping);
        if let (None, Some(row)) = (&found, mapping.header_row) {
            return Err(ImportError::NoHeaderRow {
                path: path.to_owned(),
                row,
            });
        }
        let header = found.unwrap_or_else(|| header::header_at(&top, 0, mapping));
        csv::require(&header.columns, path, self.context.purpose)?;
        self.read.header_row = top.get(header.at).map(|row| row.number);
        self.read.titles = top.iter().take(header.at).map(|row| title(&row.cells)).collect();
        self.read.error_cells = core::mem::take(&mut grid.error_cells);
        let merges = grid.spread_merges(&header, &header.columns);
        self.read.merges = merges.map_err(|too_large| ImportError::SheetTooLarge {
            path: path.to_owned(),
            given: too_large.given,
            limit: too_large.limit,
        })?;
        let below = grid.rows.get(header.at + header.height..).unwrap_or_default();
        let context = self.context;
        let parsed = below
            .par_chunks(ROWS_PER_TASK)
            .map(|rows| check_rows(context, &header.columns, rows));
        let parsed: Vec<Parsed> = parsed.collect();
        let bytes = self.read.bytes;
        self.take(parsed, bytes)?;
        self.read.columns = header.columns;
        Ok(())
    }
}

/// Checks some rows of a sheet.
fn check_rows(context: Context<'_>, columns: &Columns, rows: &[GridRow]) -> Parsed {
    let mut checker = Checker::new(context, columns);
    let mut parsed = Parsed::default();
    for row in rows {
        if let Some(kind) = row.leftover(columns) {
            leave_out(
                &mut checker,
                row.number,
                kind,
                row.cells.iter().map(AsRef::as_ref),
            );
            continue;
        }
        parsed.rows += 1;
        let named = columns.all.iter().map(|column| !column.targets.is_empty());
        let has_something = row
            .cells
            .iter()
            .zip(named)
            .any(|(cell, is_named)| is_named && !cell.is_empty());
        if !has_something {
            // A remark beside the table.
            parsed.rows -= 1;
            leave_out(
                &mut checker,
                row.number,
                cells::Leftover::Remark,
                row.cells.iter().map(AsRef::as_ref),
            );
            continue;
        }
        let texts: Vec<Cow<'_, str>> = row.cells.iter().map(|cell| cells::one_line(cell)).collect();
        let mut raw = cells::raw(&mut texts.iter().map(AsRef::as_ref), columns, context.mapping);
        parsed.push(row.number, checker.check(row.number, &mut raw));
    }
    parsed.take_from(checker);
    parsed
}
