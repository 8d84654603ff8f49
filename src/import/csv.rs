//! Tables: finds the separator, understands the header line, and turns lines into raw records.

use std::borrow::Cow;
use std::path::Path;

use ::csv::{Reader, ReaderBuilder, StringRecord};

use super::blocks::{Cut, Cutter, PIECE_BYTES, Piece, line_ends};
use super::columns::{Column, Meaning};
use super::encoding::utf8;
use super::error::ImportError;
use super::fields::Fault;
use super::item::Item;
use super::load::Parsed;
use super::problem::Severity;
use super::record::{Checker, Context, RawRecord};

/// The header line of a table, before anybody asks what its columns mean.
#[derive(Debug)]
pub(super) struct HeaderLine {
    pub(super) delimiter: u8,
    pub(super) names: Vec<Box<str>>,
    /// Bytes up to the first row, and the line of that row.
    pub(super) bytes: usize,
    line: u64,
}

impl HeaderLine {
    /// Reads the header line from the first block of a file.
    pub(super) fn read(block: &[u8], path: &Path) -> Result<Self, ImportError> {
        let without_mark = block.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(block);
        let blank = without_mark
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        let start = block.len() - without_mark.len() + blank;
        let body = block.get(start..).unwrap_or_default();
        if body.is_empty() {
            return Err(ImportError::Empty {
                path: path.to_owned(),
            });
        }
        let start_line = 1 + line_ends(block.get(..start).unwrap_or_default());
        let delimiter = delimiter(body);
        let end = Records::new(body, delimiter).next().unwrap_or(body.len());
        let line = utf8(body.get(..end).unwrap_or_default(), start_line, path);
        // The whole block tells the encoding better than one line.
        let line = line.or_else(|error| utf8(body, start_line, path).and(Err(error)))?;
        let mut record = StringRecord::new();
        let read = reader(line, delimiter).read_record(&mut record).unwrap_or(false);
        let names = if read {
            record.iter().map(|name| name.trim().into()).collect()
        } else {
            Vec::new()
        };
        Ok(Self {
            delimiter,
            names,
            bytes: start + end,
            line: start_line + line_ends(line.as_bytes()),
        })
    }

    /// The cutter for the rows below this header.
    pub(super) const fn cutter(&self) -> TableCutter {
        TableCutter {
            delimiter: self.delimiter,
            line: self.line,
        }
    }
}

/// What the header line of a table says of stations.
#[derive(Debug)]
pub(super) struct Header {
    line: HeaderLine,
    meanings: Vec<Meaning>,
    /// The name that each known column has in this file.
    pub(super) columns: Vec<(Column, Box<str>)>,
    /// Columns that the importer does not know.
    pub(super) ignored: Vec<String>,
    /// Columns that say again what an earlier column says.
    pub(super) repeated: Vec<String>,
}

impl Header {
    /// Reads the header line from the first block of a file.
    pub(super) fn read(block: &[u8], path: &Path) -> Result<Self, ImportError> {
        let header = Self {
            line: HeaderLine::read(block, path)?,
            meanings: Vec::new(),
            columns: Vec::new(),
            ignored: Vec::new(),
            repeated: Vec::new(),
        };
        header.with_meanings(path)
    }

    /// Bytes up to the first row.
    pub(super) const fn bytes(&self) -> usize {
        self.line.bytes
    }

    fn with_meanings(mut self, path: &Path) -> Result<Self, ImportError> {
        for name in &self.line.names {
            let mut meaning = Meaning::of(name);
            match meaning {
                Meaning::Unknown if name.is_empty() => {}
                Meaning::Unknown => self.ignored.push(name.as_ref().to_owned()),
                _ if self.meanings.contains(&meaning) => {
                    self.repeated.push(name.as_ref().to_owned());
                    meaning = Meaning::Unknown;
                }
                Meaning::Column(column) => self.columns.push((column, name.clone())),
                Meaning::Facility(_) => {}
            }
            self.meanings.push(meaning);
        }
        let lacks = |column: &Column| !self.columns.iter().any(|(known, _)| known == column);
        let missing: Vec<String> = [Column::Name, Column::Lon, Column::Lat]
            .into_iter()
            .filter(lacks)
            .map(|column| column.names().join(" / "))
            .collect();
        if missing.is_empty() {
            return Ok(self);
        }
        let found = self
            .line
            .names
            .iter()
            .map(|name| super::problem::shown(name))
            .collect();
        Err(ImportError::MissingColumns {
            path: path.to_owned(),
            missing,
            found,
        })
    }

    /// The cutter for the rows below this header.
    pub(super) const fn cutter(&self) -> TableCutter {
        self.line.cutter()
    }
}

/// The separator that the header line uses most; a comma when it has none.
fn delimiter(body: &[u8]) -> u8 {
    let (mut counts, mut quoted) = ([(b',', 0_u32), (b';', 0), (b'\t', 0)], false);
    for byte in body {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts
                .iter_mut()
                .filter(|(known, _)| known == byte)
                .for_each(|(_, count)| *count += 1),
        }
    }
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(delimiter, _)| *delimiter)
}

fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

/// Walks over the ends of records, as the `csv` crate sees them: each is the offset behind the line end.
struct Records<'b> {
    bytes: &'b [u8],
    position: usize,
    delimiter: u8,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

impl<'b> Records<'b> {
    const fn new(bytes: &'b [u8], delimiter: u8) -> Self {
        Self {
            bytes,
            position: 0,
            delimiter,
        }
    }
}

impl Iterator for Records<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let mut state = State::FieldStart;
        for (offset, byte) in self.bytes.get(self.position..)?.iter().enumerate() {
            state = match (state, *byte) {
                (State::Quoted, b'"') => State::QuoteInQuoted,
                (State::Quoted, _) | (State::FieldStart | State::QuoteInQuoted, b'"') => State::Quoted,
                (_, b'\n' | b'\r') => {
                    let mut end = self.position + offset + 1;
                    if *byte == b'\r' {
                        // Whether a line feed belongs to it is not known at the end of a block.
                        end += usize::from(*self.bytes.get(end)? == b'\n');
                    }
                    self.position = end;
                    return Some(end);
                }
                (_, byte) if byte == self.delimiter => State::FieldStart,
                _ => State::Plain,
            };
        }
        None
    }
}

/// Cuts a table at line ends outside of quotes.
#[derive(Debug)]
pub(super) struct TableCutter {
    delimiter: u8,
    line: u64,
}

impl Cutter for TableCutter {
    fn cut(&mut self, block: &[u8], at_end: bool) -> Result<Cut, ImportError> {
        let mut pieces = Vec::new();
        let (mut start, mut end) = (0, 0);
        let mut push = |range: core::ops::Range<usize>| {
            let lines = line_ends(block.get(range.clone()).unwrap_or_default());
            pieces.push(Piece {
                bytes: range,
                line: self.line,
                first_row: 0,
                rows: Vec::new(),
            });
            self.line += lines;
        };
        for record_end in Records::new(block, self.delimiter) {
            end = record_end;
            if end - start >= PIECE_BYTES {
                push(start..end);
                start = end;
            }
        }
        if at_end {
            end = block.len();
        }
        if end > start {
            push(start..end);
        }
        Ok(Cut {
            pieces,
            consumed: end,
            line: self.line,
        })
    }
}

/// Parses one piece of a table.
pub(super) fn parse_piece(
    context: Context<'_>,
    header: &Header,
    (block, piece): (&[u8], &Piece),
) -> Result<Parsed, ImportError> {
    let bytes = block.get(piece.bytes.clone()).unwrap_or_default();
    let text = utf8(bytes, piece.line, context.path)?;
    let mut checker = Checker::new(context, &header.columns);
    let mut parsed = Parsed::default();
    let expected = header.line.names.len();
    each_record(text, header.line.delimiter, piece.line, &mut |line, record| {
        parsed.rows += 1;
        checker.row = line;
        if record.len() != expected {
            checker.note(Severity::Error, None, cell_count(record.len(), expected));
            return;
        }
        let station = checker.check(line, &raw(record, header));
        parsed.stations.extend(station.map(|station| (line, station)));
    });
    parsed.take_from(checker);
    Ok(parsed)
}

/// Calls `visit` with each row of a piece of a table that is not blank, and the line on which it starts.
pub(super) fn each_record(
    text: &str,
    delimiter: u8,
    first_line: u64,
    visit: &mut dyn FnMut(u64, &StringRecord),
) {
    let mut reader = reader(text, delimiter);
    let mut record = StringRecord::new();
    let (mut counted_to, mut line) = (0, first_line);
    while reader.read_record(&mut record).unwrap_or(false) {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let from = record
            .position()
            .and_then(|position| usize::try_from(position.byte()).ok())
            .unwrap_or(counted_to);
        // The reader's position is the end of the record before, so blank lines in between are still ahead.
        let start = from
            + text
                .as_bytes()
                .iter()
                .skip(from)
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
        line += line_ends(text.as_bytes().get(counted_to..start).unwrap_or_default());
        counted_to = start;
        visit(line, &record);
    }
}

fn raw<'r>(record: &'r StringRecord, header: &'r Header) -> RawRecord<'r> {
    let mut raw = RawRecord::default();
    for ((cell, meaning), name) in record.iter().zip(&header.meanings).zip(&header.line.names) {
        let item = Item::Text(Cow::Borrowed(cell));
        match meaning {
            Meaning::Column(column) => raw.set(*column, item),
            Meaning::Facility(facility) => raw.set_facility(*facility, Cow::Borrowed(name), item),
            Meaning::Unknown => {}
        }
    }
    raw
}

pub(super) fn cell_count(given: usize, expected: usize) -> Fault {
    Fault {
        code: "wrong_cell_count",
        en: format!("the row has `{given}` cells; expected {expected}, as the header line has"),
        zh: format!("该行有`{given}`个单元格；应与表头一样有{expected}个"),
    }
}
