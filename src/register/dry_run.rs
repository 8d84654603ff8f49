//! A dry run that waits for decisions: what it was asked, what it comes to row by row, and the revision that it becomes.
//!
//! Everything is worked out from the bytes of the file, what was asked and the register; so any instance can do it again and
//! comes to the same, byte by byte. A number for all of it, the digest, tells at a commit whether what was looked at is
//! still what would be written.

use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::datum_evidence::{Forensics, Verdict};
use super::decisions::{DecisionEntry, read_list};
use super::edit::Author;
use super::intake::{Basis, ImportedFile};
use super::random::{hexadecimal, letters};
use super::row::{Decisions, InvalidDecision};
use super::row_report::{ProblemReport, Reporter};
use super::sheet::{Comparison, Sheet, Totals};
use crate::domain::datum::Datum;
use crate::domain::district::District;
use crate::domain::language::Language;
use crate::import::{ImportError, Mapping, MappingError, ReadFile, ReadOptions};
use crate::storage::{DryRunPage, NewRevision, StorageError};

/// Rows that are kept together; a question for some of them reads a few such pages.
const PAGE_ROWS: usize = 250;
/// The share of the work that reading is, and that comparing ends at, in percent.
const READ_PERCENT: u64 = 60;
const COMPARED_PERCENT: u64 = 85;

/// What a dry run is asked: how the file is to be read, and what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who keeps the sheet.
    pub source: String,
    /// The name of the file.
    pub filename: String,
    /// The datum of its coordinates, when somebody has said it.
    pub coord: Option<Datum>,
    /// How its columns are read; `None` goes by their names.
    pub mapping: Option<Mapping>,
    /// What was decided.
    pub decisions: Decisions,
}

/// A dry run that is worked out.
#[derive(Debug)]
pub struct WorkedOut {
    /// What it comes to, as a JSON object.
    pub summary: String,
    /// A number for the summary and all rows.
    pub digest: String,
    /// The rows.
    pub pages: Vec<DryRunPage>,
    /// The revision that it becomes; `None` when there is nothing to write.
    pub revision: Option<NewRevision>,
    /// Whether nobody knows in which datum the coordinates are.
    pub is_datum_open: bool,
}

/// Who waits for a dry run.
pub trait Waiting: Sync {
    /// Hears how far it is, in percent.
    fn progress(&self, percent: u64);
    /// Whether it is still wanted.
    fn is_wanted(&self) -> bool;
}

/// Why a dry run was not worked out.
#[derive(Debug, Error)]
pub enum DryRunError {
    /// The file.
    #[error(transparent)]
    File(#[from] ImportError),
    /// A decision that does not fit.
    #[error(transparent)]
    Decision(#[from] InvalidDecision),
    /// Nobody waits for it any more.
    #[error("the dry run was given up")]
    GivenUp,
}

impl Asked {
    /// As the store keeps it.
    pub fn to_json(&self) -> String {
        let mapping = self.mapping.as_ref().map(Mapping::to_json);
        json!({ "source": self.source, "filename": self.filename, "coord": self.coord, "mapping": mapping,
            "decisions": self.decisions.entries() })
        .to_string()
    }

    /// What the store has kept.
    pub fn from_json(text: &str) -> Result<Self, StorageError> {
        let corrupt = |reason: String| StorageError::Corrupt {
            what: "a dry run".to_owned(),
            reason,
        };
        let asked: Value = serde_json::from_str(text).map_err(|error| corrupt(error.to_string()))?;
        let text = |name: &str| asked.get(name).and_then(Value::as_str);
        let mapping = text("mapping").map(Mapping::from_json).transpose();
        let decisions = read_list(asked.get("decisions").unwrap_or(&Value::Null));
        Ok(Self {
            source: text("source").unwrap_or_default().to_owned(),
            filename: text("filename").unwrap_or_default().to_owned(),
            coord: text("coord").and_then(Datum::from_word),
            mapping: mapping.map_err(|error| corrupt(error.to_string()))?,
            decisions: Decisions::of(&decisions.map_err(|error| corrupt(error.to_string()))?),
        })
    }

    /// Adds decisions to those that there are.
    pub fn decide(&mut self, entries: &[DecisionEntry]) {
        for entry in entries {
            self.decisions.decide(entry);
        }
    }

    /// Corrects how the columns are read: a JSON merge patch of the mapping by which the file was read last.
    pub fn correct(&mut self, used: &Value, patch: Map<String, Value>) -> Result<(), MappingError> {
        let mut mapping = used.as_object().cloned().unwrap_or_default();
        super::edit::merge(&mut mapping, patch);
        self.mapping = Some(Mapping::from_json(&Value::Object(mapping).to_string())?);
        Ok(())
    }

    /// How the file is read.
    pub fn options<'o>(&'o self, districts: &'o [District]) -> ReadOptions<'o> {
        ReadOptions {
            datum: self.coord,
            format: None,
            mapping: self.mapping.as_ref(),
            districts,
        }
    }
}

/// Works a dry run out: what it comes to, row by row, and the revision that `author` would write, when one is given.
///
/// The costs are those of [`Sheet::read`] and [`Comparison::new`], and about 300 bytes a row for the report.
pub fn work_out(
    basis: &Basis,
    (asked, bytes): (&Asked, &[u8]),
    (districts, author): (&[District], Option<(&Author, String)>),
    waiting: &dyn Waiting,
) -> Result<WorkedOut, DryRunError> {
    let all = (bytes.len() as u64).max(1);
    let is_wanted = || waiting.is_wanted();
    let read = Sheet::read(
        (&asked.filename, bytes),
        &asked.options(districts),
        (
            &|done| waiting.progress(done.min(all) * READ_PERCENT / all),
            &is_wanted,
        ),
    );
    let wanted = || waiting.is_wanted().then_some(()).ok_or(DryRunError::GivenUp);
    // A file that breaks off because nobody wants it is no broken file.
    wanted()?;
    let sheet = read?;
    let comparison = Comparison::new((&sheet, basis), &asked.decisions, districts)?;
    wanted()?;
    waiting.progress(COMPARED_PERCENT);
    let reporter = Reporter::new(&comparison);
    let pages: Vec<DryRunPage> = (0..reporter.len().div_ceil(PAGE_ROWS))
        .into_par_iter()
        .map(|page| page_of(&reporter, page * PAGE_ROWS))
        .collect();
    wanted()?;
    let summary = summary(&comparison, asked);
    waiting.progress(100);
    let revision = author
        .filter(|_| !comparison.diff.is_empty())
        .map(|(author, request)| {
            let file = ImportedFile {
                name: &asked.filename,
                request,
                mapping: Some(sheet.file.mapping.to_json()),
            };
            basis.revision(&comparison.diff, &sheet.rows, (author, &file))
        });
    Ok(WorkedOut {
        digest: digest(&summary, &pages),
        summary,
        pages,
        revision,
        is_datum_open: comparison.is_datum_open(),
    })
}

fn page_of(reporter: &Reporter<'_>, from: usize) -> DryRunPage {
    let mut page = DryRunPage {
        outcomes: 0,
        body: String::new(),
    };
    for report in reporter.reports(from..(from + PAGE_ROWS).min(reporter.len())) {
        page.outcomes |= report.bits();
        // Texts and numbers, which always can be written.
        page.body
            .push_str(&serde_json::to_string(&report).unwrap_or_default());
        page.body.push('\n');
    }
    page
}

fn digest(summary: &str, pages: &[DryRunPage]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(summary.as_bytes());
    for page in pages {
        hasher.update(page.body.as_bytes());
    }
    hexadecimal(&hasher.finalize())
}

/// What a dry run comes to, as clients read it.
#[derive(Serialize)]
struct Summary<'a> {
    file: Value,
    columns: Vec<Value>,
    mapping: &'a Mapping,
    datum: Value,
    counts: Value,
    is_open: bool,
    is_empty: bool,
    notes: Vec<ProblemReport>,
}

fn summary(comparison: &Comparison<'_>, asked: &Asked) -> String {
    let file = &comparison.sheet.file;
    let notes = file.problems.iter().filter(|problem| problem.row == 0);
    let totals = comparison.totals();
    let summary = Summary {
        file: file_document(file),
        columns: file
            .columns
            .iter()
            .map(|column| {
                json!({ "letter": column.letter, "header": column.header, "targets": column.targets,
                    "recognised": column.recognised.word(), "samples": column.samples })
            })
            .collect(),
        mapping: &file.mapping,
        datum: datum_document(comparison.evidence.as_ref(), asked.coord),
        counts: counts_document(file, totals),
        is_open: totals.is_open() || comparison.is_datum_open(),
        is_empty: comparison.diff.is_empty(),
        notes: notes.map(ProblemReport::from).collect(),
    };
    serde_json::to_string(&summary).unwrap_or_default()
}

fn file_document(file: &ReadFile) -> Value {
    json!({ "format": file.format.word(), "encoding": file.encoding, "sheet": file.sheet,
        "other_sheets": file.other_sheets, "header_row": file.header_row, "titles": file.titles })
}

fn counts_document(file: &ReadFile, totals: Totals) -> Value {
    let counts = totals.diff;
    json!({ "rows": totals.rows, "new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged,
        "conflict": counts.conflict, "undecided": counts.undecided, "skipped": counts.skipped,
        "rejected": totals.rejected, "unplaced": totals.unplaced, "duplicate": totals.duplicate,
        "missing": counts.missing, "deleted": counts.deleted, "errors": file.errors, "warnings": file.warnings })
}

fn datum_document(evidence: Option<&Forensics>, coord: Option<Datum>) -> Value {
    let Some(evidence) = evidence else {
        return json!({ "verdict": "stated", "datum": coord, "evidence": [], "evidence_zh": [], "figures": null });
    };
    let (verdict, datum) = match evidence.verdict {
        Verdict::Sure(datum) => ("sure", Some(datum)),
        Verdict::Likely(datum) => ("likely", Some(datum)),
        Verdict::Undecided => ("undecided", None),
        Verdict::NoDifference => ("no_difference", None),
    };
    json!({ "verdict": verdict, "datum": datum, "evidence": evidence.sentences(Language::En),
        "evidence_zh": evidence.sentences(Language::Zh), "figures": figures_document(evidence) })
}

fn figures_document(evidence: &Forensics) -> Value {
    let by_datum = evidence.by_datum.iter().map(|one| {
        json!({ "datum": one.datum, "in_stated_district": one.in_stated_district, "in_any_district": one.in_any_district,
            "median_distance_m": one.median_residual_m.map(f64::round), "nearest_pairs": one.nearest_pairs })
    });
    json!({ "points": evidence.points, "with_stated_district": evidence.with_stated_district, "pairs": evidence.pairs,
        "by_datum": by_datum.collect::<Vec<Value>>() })
}

/// A name for a new dry run that nobody can guess.
pub fn new_id() -> String {
    letters('i', 16)
}
