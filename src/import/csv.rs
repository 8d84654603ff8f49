//! Tables: finds the separator, understands the header line, and turns lines into raw records.

use std::borrow::Cow;
use std::path::Path;

use ::csv::{Reader, ReaderBuilder, StringRecord};

use super::blocks::{Cut, Cutter, PIECE_BYTES, Piece, line_ends};
use super::cells::{self, Leftover};
use super::columns::Column;
use super::encoding::utf8;
use super::error::ImportError;
use super::fields::Fault;
use super::header::{self, Columns, Header, MAX_HEADER_SEARCH_ROWS, TopRow};
use super::mapping::Mapping;
use super::names;
use super::parsed::{Parsed, leave_out};
use super::problem::Severity;
use super::record::{Checker, Context, Purpose};

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

/// Where the rows of a table start, and what its header says.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) separator: char,
    pub(super) columns: Columns,
    /// The line of the header, from 1.
    pub(super) header_line: u64,
    /// What stands above the header.
    pub(super) titles: Vec<String>,
    /// Bytes up to the first row, and the line of that row.
    pub(super) bytes: usize,
    line: u64,
}

/// What may stand between cells, the likeliest first.
const SEPARATORS: [char; 6] = [',', '\t', ';', '|', '，', '；'];
/// What stands between cells once a full-width separator was replaced.
pub(super) const UNIT_SEPARATOR: u8 = 0x1f;

impl Start {
    /// Finds separator and header in the first block of a file: the separator under which a row names the most columns.
    pub(super) fn find(block: &[u8], path: &Path, mapping: &Mapping) -> Result<Self, ImportError> {
        let without_mark = block.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(block);
        let skipped = block.len() - without_mark.len();
        if without_mark.trim_ascii().is_empty() {
            return Err(ImportError::Empty {
                path: path.to_owned(),
            });
        }
        let mut best: Option<(usize, usize, Top, Header)> = None;
        for separator in SEPARATORS {
            let top = Top::read(without_mark, separator, path)?;
            let Some(header) = header::find(&top.rows, mapping) else {
                continue;
            };
            let (known, width) = (header.columns.known(), header.columns.all.len());
            if best
                .as_ref()
                .is_none_or(|(most, widest, ..)| (known, width) > (*most, *widest))
            {
                best = Some((known, width, top, header));
            }
        }
        let (top, header) = match best {
            Some((_, _, top, header)) => (top, header),
            None => Self::by_first_row(without_mark, path, mapping)?,
        };
        Ok(top.start(header, skipped))
    }

    /// The first row is the header when no row looks like one, so that the message can show it.
    fn by_first_row(body: &[u8], path: &Path, mapping: &Mapping) -> Result<(Top, Header), ImportError> {
        let text = body.trim_ascii_start();
        let top = Top::read(body, char::from(delimiter(text)), path)?;
        if let Some(row) = mapping.header_row {
            return Err(ImportError::NoHeaderRow {
                path: path.to_owned(),
                row,
            });
        }
        let header = header::header_at(&top.rows, 0, mapping);
        Ok((top, header))
    }

    /// Refuses a table without the columns that a register of its own cannot do without.
    pub(super) fn require(&self, path: &Path, purpose: Purpose) -> Result<(), ImportError> {
        require(&self.columns, path, purpose)
    }

    /// The separator as the `csv` crate takes it.
    fn delimiter(&self) -> u8 {
        u8::try_from(self.separator)
            .ok()
            .filter(u8::is_ascii)
            .unwrap_or(UNIT_SEPARATOR)
    }

    /// Whether the text must go through [`with_unit_separators`] first.
    pub(super) const fn is_full_width(&self) -> bool {
        !self.separator.is_ascii()
    }

    /// The cutter for the rows below the header.
    pub(super) fn cutter(&self) -> TableCutter {
        TableCutter {
            delimiter: self.delimiter(),
            line: self.line,
        }
    }
}

/// Refuses a table without needed columns: always a name, and for a register of its own a place.
pub(super) fn require(columns: &Columns, path: &Path, purpose: Purpose) -> Result<(), ImportError> {
    let lacks = |column: &Column| !columns.has(*column);
    let mut missing: Vec<Column> = [Column::Name].into_iter().filter(lacks).collect();
    if purpose == Purpose::Register && !columns.has_place() {
        missing.extend([Column::Lon, Column::Lat].into_iter().filter(lacks));
    }
    if missing.is_empty() {
        return Ok(());
    }
    let found = columns
        .all
        .iter()
        .map(|column| super::problem::shown(&column.name));
    Err(ImportError::MissingColumns {
        path: path.to_owned(),
        missing: missing.into_iter().map(names::names).collect(),
        found: found.collect(),
    })
}

/// The first rows of a table and where each ends.
struct Top {
    separator: char,
    rows: Vec<TopRow>,
    /// Behind each row: bytes, and the line that comes next.
    ends: Vec<(usize, u64)>,
}

impl Top {
    fn read(body: &[u8], separator: char, path: &Path) -> Result<Self, ImportError> {
        let delimiter = u8::try_from(separator)
            .ok()
            .filter(u8::is_ascii)
            .unwrap_or(UNIT_SEPARATOR);
        let mut top = Self {
            separator,
            rows: Vec::new(),
            ends: Vec::new(),
        };
        let (mut start, mut line) = (0, 1);
        let mut records = Records::new(body, delimiter);
        while top.rows.len() <= MAX_HEADER_SEARCH_ROWS && start < body.len() {
            let end = records.next().unwrap_or(body.len());
            let bytes = body.get(start..end).unwrap_or_default();
            let text = utf8(bytes, line, path)?;
            let text: Cow<'_, str> = if separator.is_ascii() {
                Cow::Borrowed(text)
            } else {
                Cow::Owned(with_unit_separators(text, separator))
            };
            let first_line = line;
            line += line_ends(bytes);
            start = end;
            let mut record = StringRecord::new();
            let read = reader(&text, delimiter).read_record(&mut record).unwrap_or(false);
            if read && record.iter().any(|cell| !cell.trim().is_empty()) {
                top.rows.push(TopRow {
                    number: first_line,
                    cells: record.iter().map(str::to_owned).collect(),
                });
                top.ends.push((end, line));
            }
        }
        Ok(top)
    }

    fn start(self, header: Header, skipped: usize) -> Start {
        let last = header.at + header.height - 1;
        let (bytes, line) = self.ends.get(last).copied().unwrap_or((0, 1));
        let above = self.rows.iter().take(header.at);
        Start {
            separator: self.separator,
            header_line: self.rows.get(header.at).map_or(1, |row| row.number),
            titles: above.map(|row| title(&row.cells)).collect(),
            columns: header.columns,
            bytes: skipped + bytes,
            line,
        }
    }
}

/// What a row above the header says, in one line.
pub(super) fn title(cells: &[String]) -> String {
    let cells = cells
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty());
    cells.collect::<Vec<_>>().join(" ")
}

/// A text whose full-width separators outside of quotes became U+001F.
pub(super) fn with_unit_separators(text: &str, separator: char) -> String {
    let mut quoted = false;
    let replaced = text.chars().map(|c| {
        quoted ^= c == '"';
        if c == separator && !quoted {
            char::from(UNIT_SEPARATOR)
        } else {
            c
        }
    });
    replaced.collect()
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
    start: &Start,
    (block, piece): (&[u8], &Piece),
) -> Result<Parsed, ImportError> {
    let bytes = block.get(piece.bytes.clone()).unwrap_or_default();
    let text = utf8(bytes, piece.line, context.path)?;
    let mut checker = Checker::new(context, &start.columns);
    let mut parsed = Parsed::default();
    let expected = start.columns.all.len();
    each_record(text, start.delimiter(), piece.line, &mut |line, record| {
        if let Some(kind) = leftover_of(record, &start.columns) {
            leave_out(&mut checker, line, kind, record.iter());
            return;
        }
        parsed.rows += 1;
        checker.row = line;
        let is_wider = |extra: usize| {
            record
                .iter()
                .skip(expected)
                .take(extra)
                .any(|cell| !cell.trim().is_empty())
        };
        if record.len() < expected || is_wider(record.len()) {
            checker.note(Severity::Error, None, cell_count(record.len(), expected));
            return;
        }
        let mut raw = cells::raw(&mut record.iter(), &start.columns, context.mapping);
        parsed.push(line, checker.check(line, &mut raw));
    });
    parsed.take_from(checker);
    Ok(parsed)
}

/// Whether a record is no station; nearly all are told by their first cell.
fn leftover_of(record: &StringRecord, columns: &Columns) -> Option<Leftover> {
    let first = record.iter().map(str::trim).find(|cell| !cell.is_empty())?;
    if !cells::may_be_leftover(first, columns) {
        return None;
    }
    let cells: Vec<&str> = record.iter().collect();
    cells::leftover(&cells, columns)
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

pub(super) fn cell_count(given: usize, expected: usize) -> Fault {
    Fault {
        code: "wrong_cell_count",
        en: format!("the row has `{given}` cells; expected {expected}, as the header line has"),
        zh: format!("该行有`{given}`个单元格；应与表头一样有{expected}个"),
    }
}
