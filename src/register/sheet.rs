//! A file that was read for the register, and how it compares with it: what a dry run shows, whoever asks for it.

use std::io::{self, Read};

use super::datum_evidence::{EvidencePoint, Forensics, Verdict, examine};
use super::diff::{Counts, Diff, Outcome, RowDiff};
use super::duplicates::{SimilarRows, list_similar_rows};
use super::intake::Basis;
use super::row::{Decisions, IncomingRow, InvalidDecision};
use crate::domain::district::District;
use crate::import::{self, ImportError, ReadFile, ReadOptions};

/// A file that was read.
#[derive(Debug)]
pub struct Sheet {
    /// What was found out about it. Its rows have moved to `rows`.
    pub file: ReadFile,
    /// Its rows with a place.
    pub rows: Vec<IncomingRow>,
    /// Whether some row does not state the datum of its coordinates.
    is_datum_open: bool,
}

/// How a sheet compares with the register.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The sheet.
    pub sheet: &'a Sheet,
    /// What was decided.
    pub decisions: &'a Decisions,
    /// What it would change.
    pub diff: Diff<'a>,
    /// The evidence for the datum, when some rows do not state one.
    pub evidence: Option<Forensics>,
    /// Rows that may be one place, when at least one of them is not of a station that the register has.
    pub similar: Vec<SimilarRows>,
}

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// What the rows with a place do.
    pub diff: Counts,
    /// Rows without blank ones and those that are no stations.
    pub rows: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// Rows that lack nothing but a place.
    pub unplaced: u64,
    /// Pairs of rows that may be one place, of which nobody has said what they are.
    pub duplicate: u64,
}

/// Input that ends with an error when it is not wanted any more.
struct Wanted<'w, R> {
    input: R,
    is_wanted: &'w (dyn Fn() -> bool + Sync),
}

impl<R: Read> Read for Wanted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if (self.is_wanted)() {
            self.input.read(buffer)
        } else {
            Err(io::Error::other("given up"))
        }
    }
}

impl Sheet {
    /// Reads a file. `progress` is told the bytes read so far, and whether to go on is asked before each piece.
    ///
    /// The cost is that of [`import::read()`].
    pub fn read(
        file: (&str, &[u8]),
        options: &ReadOptions<'_>,
        watch: (&dyn Fn(u64), &(dyn Fn() -> bool + Sync)),
    ) -> Result<Self, ImportError> {
        Ok(Self::of(Self::read_file(file, options, watch)?))
    }

    /// The same, for who has something to do with the rows before they are compared.
    pub fn read_file(
        (name, bytes): (&str, &[u8]),
        options: &ReadOptions<'_>,
        (progress, is_wanted): (&dyn Fn(u64), &(dyn Fn() -> bool + Sync)),
    ) -> Result<ReadFile, ImportError> {
        let mut input = Wanted {
            input: bytes,
            is_wanted,
        };
        import::read(name, &mut input, options, progress)
    }

    /// A file that was read.
    pub fn of(mut file: ReadFile) -> Self {
        let is_datum_open = file.rows.iter().any(|row| !row.stated.datum);
        let rows = core::mem::take(&mut file.rows).into_iter();
        let rows = rows.map(|row| IncomingRow {
            number: row.number,
            station: row.station,
            stated: row.stated.fields,
            facilities: row.stated.facilities,
        });
        Self {
            rows: rows.collect(),
            file,
            is_datum_open,
        }
    }

    /// The evidence for the datum of the coordinates, when some rows do not state one.
    fn datum_evidence<'a>(&'a self, basis: &Basis, districts: &[District]) -> Option<Forensics> {
        let point = |row: &'a IncomingRow| {
            let station = &row.station;
            EvidencePoint {
                given: station.location.original(),
                name: &station.name,
                district: station.district.as_deref(),
                adcode: station.adcode.as_deref(),
            }
        };
        self.is_datum_open.then(|| {
            let points: Vec<EvidencePoint<'_>> = self.rows.iter().map(point).collect();
            examine(&points, districts, &basis.stations)
        })
    }
}

impl<'a> Comparison<'a> {
    /// Compares a sheet with the register. The costs are those of [`Basis::compare`], [`list_similar_rows`] and
    /// [`examine`].
    pub fn new(
        (sheet, basis): (&'a Sheet, &'a Basis),
        decisions: &'a Decisions,
        districts: &[District],
    ) -> Result<Self, InvalidDecision> {
        let diff = basis.compare(&sheet.rows, decisions)?;
        let is_asked = |row: Option<&RowDiff<'_>>| {
            row.is_some_and(|row| matches!(row.outcome, Outcome::New(_) | Outcome::Undecided(_)))
        };
        let similar = list_similar_rows(&sheet.rows, |position| is_asked(diff.rows.get(position)));
        Ok(Self {
            evidence: sheet.datum_evidence(basis, districts),
            sheet,
            decisions,
            diff,
            similar,
        })
    }

    /// Whether nobody knows in which datum the coordinates are, so that nothing can be written.
    pub fn is_datum_open(&self) -> bool {
        let evidence = self.evidence.as_ref();
        evidence.is_some_and(|evidence| evidence.verdict != Verdict::NoDifference)
    }

    /// Whether nobody has said of two rows what they are.
    pub fn is_open_pair(&self, pair: &SimilarRows) -> bool {
        let rows = [pair.first, pair.second];
        let mut decided = rows.iter().filter_map(|row| self.decisions.rows.get(row));
        !decided.any(|decision| decision.skip || decision.is_taken)
    }

    /// How many rows do what. O(rows).
    pub fn totals(&self) -> Totals {
        let file = &self.sheet.file;
        let (taken, unplaced) = (self.sheet.rows.len() as u64, file.unplaced.len() as u64);
        let open = self.similar.iter().filter(|pair| self.is_open_pair(pair));
        Totals {
            diff: self.diff.counts(),
            rows: file.rows_seen,
            rejected: file.rows_seen.saturating_sub(taken + unplaced),
            unplaced,
            duplicate: open.count() as u64,
        }
    }
}

impl Totals {
    /// Whether a person still has to decide something about rows.
    pub const fn is_open(&self) -> bool {
        self.diff.conflict + self.diff.undecided > 0 || self.duplicate > 0
    }
}
