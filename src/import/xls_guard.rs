//! Looks through an xls file before it is read: how far apart its cells lie, which decides how much memory the reader takes.
//!
//! The file is a small file system of sectors (MS-CFB) with one stream of records (MS-XLS). Only the positions of cells are
//! looked at here.

use super::MAX_SHEET_CELLS;
use super::grid::TooLarge;

/// Why an xls file is not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    TooLarge(TooLarge),
    Protected,
    Damaged,
}

/// A sector number above all real ones.
const NO_SECTOR: u32 = 0xffff_fffa;
/// How often the stream may be walked through in all: sheets that share their records are no sheets of people.
const MAX_WALKS: usize = 4;
/// Kinds of records.
const BOF: u16 = 0x0809;
const END: u16 = 0x000a;
const FILE_PASS: u16 = 0x002f;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const MANY_NUMBERS: u16 = 0x00bd;
const CELLS: [u16; 8] = [
    0x0203,
    0x0204,
    0x00d6,
    0x0205,
    0x027e,
    0x00fd,
    0x0006,
    MANY_NUMBERS,
];

/// Checks the file. O(bytes).
pub(super) fn check(bytes: &[u8]) -> Result<(), Refused> {
    let stream = workbook(bytes)?;
    let mut sheets = Vec::new();
    for (kind, data) in records(&stream) {
        match kind {
            FILE_PASS if u16_at(data, 0) != Some(0) => return Err(Refused::Protected),
            SHEET => sheets.push(u32_at(data, 0).ok_or(Refused::Damaged)? as usize),
            END => break,
            _ => {}
        }
    }
    let (mut cells, mut walked) = (0_u64, 0_usize);
    for start in sheets {
        let (area, bytes) = sheet_area(stream.get(start..).ok_or(Refused::Damaged)?)?;
        cells = cells.saturating_add(area);
        walked = walked.saturating_add(bytes);
        if cells > MAX_SHEET_CELLS as u64 || walked > MAX_WALKS.saturating_mul(stream.len()) {
            return Err(Refused::TooLarge(TooLarge {
                given: "cells too far apart".to_owned(),
                limit: format!("{MAX_SHEET_CELLS} cells from the first to the last"),
            }));
        }
    }
    Ok(())
}

/// The size of the box around all cells of a sheet, or the box that the sheet claims, and how many bytes it has.
fn sheet_area(stream: &[u8]) -> Result<(u64, usize), Refused> {
    let (mut last_row, mut last_column, mut claimed, mut walked) = (0_u64, 0_u64, 0_u64, 0);
    let mut depth = 0_usize;
    for (kind, data) in records(stream) {
        walked += 4 + data.len();
        let at = |offset| u16_at(data, offset).map(u64::from).ok_or(Refused::Damaged);
        match kind {
            BOF => depth += 1,
            END => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            DIMENSIONS if data.len() >= 14 => {
                let (first, last) = (u32_at(data, 0), u32_at(data, 4));
                let rows = last
                    .zip(first)
                    .map_or(0, |(last, first)| last.saturating_sub(first));
                if last < first {
                    return Err(Refused::Damaged);
                }
                claimed = u64::from(rows).saturating_mul(at(10)?);
            }
            kind if CELLS.contains(&kind) => {
                last_row = last_row.max(at(0)?);
                let column = if kind == MANY_NUMBERS {
                    data.len().saturating_sub(2)
                } else {
                    2
                };
                last_column = last_column.max(at(column)?).max(at(2)?);
            }
            _ => {}
        }
    }
    Ok((claimed.max((last_row + 1) * (last_column + 1)), walked))
}

fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    core::iter::from_fn(move || {
        let kind = u16_at(rest, 0)?;
        let length = usize::from(u16_at(rest, 2)?);
        let data = rest.get(4..4 + length)?;
        rest = rest.get(4 + length..)?;
        Some((kind, data))
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

/// The stream of records.
fn workbook(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let file = Sectors::open(bytes).ok_or(Refused::Damaged)?;
    let directory = file.chain(file.directory, usize::MAX).ok_or(Refused::Damaged)?;
    let entries: Vec<Entry> = directory.chunks_exact(128).filter_map(Entry::read).collect();
    let find = |name: &str| entries.iter().find(|entry| entry.name == name);
    let Some(book) = find("Workbook").or_else(|| find("Book")) else {
        return Err(Refused::Protected);
    };
    let root = entries.first().ok_or(Refused::Damaged)?;
    file.stream(book, root).ok_or(Refused::Damaged)
}

/// An entry of the directory.
struct Entry {
    name: String,
    start: u32,
    size: usize,
}

impl Entry {
    fn read(bytes: &[u8]) -> Option<Self> {
        let length = usize::from(u16_at(bytes, 64)?).min(64);
        let units = (0..length / 2).filter_map(|at| u16_at(bytes, 2 * at));
        let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        Some(Self {
            name: String::from_utf16_lossy(&units),
            start: u32_at(bytes, 116)?,
            size: u32_at(bytes, 120)? as usize,
        })
    }
}

/// The sectors of a file and which follows which.
struct Sectors<'b> {
    bytes: &'b [u8],
    size: usize,
    next: Vec<u32>,
    directory: u32,
    small_table: u32,
}

/// Streams below this size lie in the small sectors, bytes.
const SMALL_STREAM_BYTES: usize = 4096;
const SMALL_SECTOR_BYTES: usize = 64;

impl<'b> Sectors<'b> {
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let size = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            size,
            next: Vec::new(),
            directory: u32_at(bytes, 48)?,
            small_table: u32_at(bytes, 60)?,
        };
        let mut tables: Vec<u32> = (0..109).filter_map(|at| u32_at(bytes, 76 + 4 * at)).collect();
        let (mut more, most) = (u32_at(bytes, 68)?, bytes.len() / size + 1);
        let mut steps = 0;
        while more < NO_SECTOR {
            steps += 1;
            if steps > most {
                return None;
            }
            let sector = file.sector(more)?;
            let numbers = sector.len() / 4;
            tables.extend((0..numbers.saturating_sub(1)).filter_map(|at| u32_at(sector, 4 * at)));
            more = u32_at(sector, 4 * numbers.saturating_sub(1))?;
        }
        for table in tables.into_iter().filter(|table| *table < NO_SECTOR).take(most) {
            let sector = file.sector(table)?;
            let numbers: Vec<u32> = (0..sector.len() / 4)
                .filter_map(|at| u32_at(sector, 4 * at))
                .collect();
            file.next.extend(numbers);
        }
        Some(file)
    }

    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.size)?;
        let rest = self.bytes.get(start..)?;
        rest.get(..self.size.min(rest.len()))
    }

    /// The bytes of a chain of sectors, at most `most`.
    fn chain(&self, start: u32, most: usize) -> Option<Vec<u8>> {
        let (mut bytes, mut at) = (Vec::new(), start);
        while at < NO_SECTOR && bytes.len() < most {
            bytes.extend_from_slice(self.sector(at)?);
            if bytes.len() > self.bytes.len() {
                return None;
            }
            at = *self.next.get(at as usize)?;
        }
        bytes.truncate(most);
        Some(bytes)
    }

    fn stream(&self, entry: &Entry, root: &Entry) -> Option<Vec<u8>> {
        if entry.size >= SMALL_STREAM_BYTES {
            return self.chain(entry.start, entry.size);
        }
        let small = self.chain(root.start, root.size)?;
        let table = self.chain(self.small_table, usize::MAX)?;
        let (mut bytes, mut at) = (Vec::new(), entry.start as usize);
        while bytes.len() < entry.size {
            let start = at.checked_mul(SMALL_SECTOR_BYTES)?;
            bytes.extend_from_slice(small.get(start..start + SMALL_SECTOR_BYTES)?);
            at = u32_at(&table, 4 * at)? as usize;
        }
        bytes.truncate(entry.size);
        Some(bytes)
    }
}
