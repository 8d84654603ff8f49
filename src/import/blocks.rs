//! Reads a file block by block, so that memory holds the stations and a few megabytes, never the file.
//!
//! While one block is parsed by all cores, the next is read and cut into pieces of whole rows. Results keep the order
//! of the file.

use core::ops::Range;
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;

use super::encoding::Undecodable;
use super::error::ImportError;
use super::{MAX_FILE_BYTES, MAX_RECORD_BYTES};

/// How much is read at a time, bytes.
pub(super) const BLOCK_BYTES: usize = 4 << 20;
/// How much one task parses, bytes.
pub(super) const PIECE_BYTES: usize = 128 << 10;

/// Whole rows within a block.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Where they are in the block.
    pub(super) bytes: Range<usize>,
    /// The line of the file on which the piece starts, from 1.
    pub(super) line: u64,
    /// The number of its first row, from 1.
    pub(super) first_row: u64,
    /// The single rows, relative to the block; empty when the parser finds them by itself.
    pub(super) rows: Vec<Range<usize>>,
}

/// The bytes of a block and the pieces in it.
type Block = (Vec<u8>, Vec<Piece>);

/// Turns one piece of a block into what is wanted of it.
pub(super) type Parser<'p, T> = dyn Fn(&[u8], &Piece) -> Result<T, ImportError> + Sync + 'p;

/// What cutting a block gives.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// The pieces, in order.
    pub(super) pieces: Vec<Piece>,
    /// How many bytes of the block are done with; the rest comes again at the start of the next.
    pub(super) consumed: usize,
    /// The line on which the rest starts.
    pub(super) line: u64,
}

/// Cuts blocks into pieces. The flag says that nothing comes after this block.
pub(super) trait Cutter: Send {
    /// Cuts one block.
    fn cut(&mut self, block: &[u8], at_end: bool) -> Result<Cut, ImportError>;
}

/// A file that is read by blocks.
pub(super) struct Source<'s> {
    pub(super) path: &'s Path,
    pub(super) input: &'s mut (dyn Read + Send),
    /// Bytes that were read and not yet consumed.
    pub(super) rest: Vec<u8>,
    /// Bytes read so far.
    pub(super) bytes_read: u64,
    pub(super) at_end: bool,
}

impl<'s> Source<'s> {
    /// Opens a source and reads its first block.
    pub(super) fn open(path: &'s Path, input: &'s mut (dyn Read + Send)) -> Result<Self, ImportError> {
        let mut source = Self {
            path,
            input,
            rest: Vec::new(),
            bytes_read: 0,
            at_end: false,
        };
        source.fill()?;
        Ok(source)
    }

    /// Reads another block behind the rest.
    fn fill(&mut self) -> Result<(), ImportError> {
        let mut limited = (&mut *self.input).take(BLOCK_BYTES as u64);
        let read = limited
            .read_to_end(&mut self.rest)
            .map_err(|source| unreadable(self.path, source))?;
        self.bytes_read += read as u64;
        self.at_end = read < BLOCK_BYTES;
        if self.bytes_read > MAX_FILE_BYTES {
            return Err(ImportError::TooLarge {
                path: self.path.to_owned(),
            });
        }
        Ok(())
    }

    /// Cuts what is at hand, reading on as long as no whole row is there. The block keeps its bytes; the rest is carried over.
    fn next(&mut self, cutter: &mut dyn Cutter) -> Result<Option<Block>, ImportError> {
        loop {
            if self.rest.is_empty() && self.at_end {
                return Ok(None);
            }
            let cut = cutter.cut(&self.rest, self.at_end)?;
            let is_stuck = self.rest.len().saturating_sub(cut.consumed) > MAX_RECORD_BYTES;
            if is_stuck && !self.at_end {
                return Err(ImportError::RecordTooLong {
                    path: self.path.to_owned(),
                    line: cut.line,
                });
            }
            let rest = self.rest.split_off(cut.consumed.min(self.rest.len()));
            let block = core::mem::replace(&mut self.rest, rest);
            if self.at_end {
                self.rest.clear();
            } else {
                self.rest.reserve(BLOCK_BYTES);
                self.fill()?;
            }
            if !cut.pieces.is_empty() {
                return Ok(Some((block, cut.pieces)));
            }
        }
    }
}

/// Why bytes could not be read: a text in another encoding may turn out not to be one.
fn unreadable(path: &Path, source: std::io::Error) -> ImportError {
    let path = path.to_owned();
    match source.downcast::<Undecodable>() {
        Ok(Undecodable {
            encoding,
            line,
            preview,
        }) => ImportError::NotText {
            path,
            line,
            encoding,
            preview,
        },
        Err(source) => ImportError::Read { path, source },
    }
}

/// Runs a whole source through a cutter and a parser. `take` gets the results in the order of the file, and after each
/// block the number of bytes read so far.
pub(super) fn run<T: Send>(
    source: &mut Source<'_>,
    cutter: &mut dyn Cutter,
    parse: &Parser<'_, T>,
    take: &mut dyn FnMut(Vec<T>, u64) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut current = source.next(cutter)?;
    while let Some((block, pieces)) = current {
        let parse_all = || {
            pieces
                .par_iter()
                .map(|piece| parse(&block, piece))
                .collect::<Result<Vec<T>, ImportError>>()
        };
        let (parsed, next) = rayon::join(parse_all, || source.next(cutter));
        take(parsed?, source.bytes_read)?;
        current = next?;
    }
    Ok(())
}

/// The number of line ends in some bytes: LF, CR LF, or CR alone.
pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    let line_feeds = count(bytes, b'\n');
    if !bytes.contains(&b'\r') {
        return line_feeds;
    }
    let pairs = bytes.windows(2).filter(|pair| *pair == b"\r\n").count() as u64;
    line_feeds + count(bytes, b'\r') - pairs
}

/// Counts a byte. Sums of one byte over short runs are what the compiler turns into vector instructions, which makes this
/// many times faster than `filter().count()` with overflow checks.
fn count(bytes: &[u8], wanted: u8) -> u64 {
    let of_run = |run: &[u8]| {
        run.iter()
            .fold(0_u8, |sum, byte| sum.wrapping_add(u8::from(*byte == wanted)))
    };
    bytes
        .chunks(usize::from(u8::MAX))
        .map(|run| u64::from(of_run(run)))
        .sum()
}
