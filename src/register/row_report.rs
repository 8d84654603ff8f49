//! What a dry run says of each row: for programs as JSON, for a person as a remark in a copy of the sheet.

use core::ops::Range;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::diff::{KnownDiff, Missing, NamedCandidate, Outcome};
use super::likeness::{Basis, Evidence};
use super::part::Part;
use super::row::IncomingRow;
use super::sheet::Comparison;
use crate::domain::datum::Datum;
use crate::domain::station::{Location, Station};
use crate::domain::words::vocabulary;
use crate::import::{RowProblem, Severity};

vocabulary! {
    /// What happens to a row; several of these can.
    RowOutcome, "outcome" {
        New = "new", "新增", "new";
        Changed = "changed", "修改", "changed";
        Unchanged = "unchanged", "未变", "unchanged";
        Conflict = "conflict", "冲突", "conflict";
        Undecided = "undecided", "待定", "undecided";
        Skipped = "skipped", "跳过", "skipped";
        Rejected = "rejected", "错误", "rejected";
        Unplaced = "unplaced", "缺坐标", "without a place";
        Duplicate = "duplicate", "疑似重复", "perhaps twice";
        Warning = "warning", "提醒", "warning";
        Decided = "decided", "已决定", "decided";
        Missing = "missing", "缺失", "missing";
        Deleted = "deleted", "删除", "deleted";
    }
}

impl RowOutcome {
    /// Its bit in a set of outcomes.
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// What a dry run says of a row, or of a station that the sheet lacks. What is empty is left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RowReport {
    /// The row as a person sees it in the sheet, from 1; none for a station that is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The words of [`RowOutcome`].
    pub outcomes: Vec<String>,
    /// The station in the register, or the id that a new one gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name in the sheet; of a missing station in the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Longitude and latitude in WGS-84, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<[f64; 2]>,
    /// What the sheet says, where it was read in another datum than WGS-84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
    /// Why the row is about this station.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub matched: Option<MatchReport>,
    /// What would change; of a new station all that it says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    /// Where the register and the sheet have both moved on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<FieldConflict>,
    /// Edits of the register that the sheet does not know and that stay: the field, and what stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<FieldKept>,
    /// The stations that the row may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<CandidateReport>,
    /// Other rows that may be the same place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<DuplicateReport>,
    /// What is wrong with the row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<ProblemReport>,
}

/// A place as a sheet has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Original {
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
    /// The word of the datum that it was read in.
    pub datum: String,
}

/// Why a row is taken for a station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchReport {
    /// The word of what decided.
    pub by: String,
    /// The word of how sure it is.
    pub confidence: String,
    /// How far apart the two are.
    pub distance_m: f64,
    /// How alike the names are, 0 to 1.
    pub name_likeness: f64,
    /// Whether both have one telephone number.
    pub same_phone: bool,
}

/// One field that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// What the register says.
    pub old: Option<String>,
    /// What it would say.
    pub new: Option<String>,
}

/// One field in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// The field.
    pub field: String,
    /// What the source said last time.
    pub base: Option<String>,
    /// What the register says.
    pub ours: Option<String>,
    /// What the sheet says.
    pub theirs: Option<String>,
    /// `ours` or `theirs`, once somebody has decided.
    pub decided: Option<String>,
}

/// One field in which the register's value stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldKept {
    /// The field.
    pub field: String,
    /// What the register says.
    pub ours: Option<String>,
    /// What the sheet says, as it did last time.
    pub theirs: Option<String>,
}

/// A station that a row may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidateReport {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What speaks for it.
    #[serde(rename = "match")]
    pub matched: MatchReport,
    /// The row that is this station, if another one is.
    pub taken_by: Option<u64>,
}

/// Another row that may be the same place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DuplicateReport {
    /// The other row.
    pub row: u64,
    /// How far apart the two are.
    pub distance_m: f64,
    /// How alike the names are, 0 to 1.
    pub name_likeness: f64,
    /// The word of the reason.
    pub ground: String,
    /// Whether somebody has said what they are.
    pub is_decided: bool,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemReport {
    /// `error` or `warning`.
    pub severity: String,
    /// A stable word for the kind of problem.
    pub code: String,
    /// The column as the file names it, or our property name.
    pub field: Option<String>,
    /// The letter of the column.
    pub column: Option<String>,
    /// The value as the file has it.
    pub value: Option<String>,
    /// What is wrong and what was expected, in English.
    pub message: String,
    /// The same in Chinese.
    pub message_zh: String,
    /// What to put right, in English.
    pub fix: Option<String>,
    /// The same in Chinese.
    pub fix_zh: Option<String>,
}

impl From<&RowProblem> for ProblemReport {
    fn from(problem: &RowProblem) -> Self {
        Self {
            severity: problem.severity.word().to_owned(),
            code: problem.code.to_owned(),
            field: problem.field.clone(),
            column: problem.letter.clone(),
            value: problem.value.clone(),
            message: problem.message.clone(),
            message_zh: problem.message_zh.clone(),
            fix: problem.fix.as_ref().map(|fix| fix.en.clone()),
            fix_zh: problem.fix.as_ref().map(|fix| fix.zh.clone()),
        }
    }
}

impl Original {
    fn of(location: &Location) -> Option<Self> {
        let (datum, original) = (location.datum(), location.original());
        (datum != Datum::Wgs84).then(|| Self {
            lon: rounded(original.lon_deg(), 1e6),
            lat: rounded(original.lat_deg(), 1e6),
            datum: datum.word().to_owned(),
        })
    }
}

impl From<&Evidence> for MatchReport {
    fn from(evidence: &Evidence) -> Self {
        Self {
            by: evidence.basis.word().to_owned(),
            confidence: evidence.confidence.word().to_owned(),
            distance_m: rounded(evidence.distance.get(), 10.0),
            name_likeness: rounded(evidence.likeness, 1000.0),
            same_phone: evidence.same_phone,
        }
    }
}

fn rounded(number: f64, to: f64) -> f64 {
    (number * to).round() / to
}

/// Where a line of the report comes from.
#[derive(Debug, Clone, Copy)]
enum Line {
    /// A row with a place, by its position.
    Placed(usize),
    /// A row without a place, by its position.
    Unplaced(usize),
    /// A row that could not be read.
    Rejected,
    /// A missing station, by its position.
    Missing(usize),
}

/// Makes the reports of a comparison.
#[derive(Debug)]
pub struct Reporter<'a> {
    comparison: &'a Comparison<'a>,
    /// The lines in the order of their rows, the missing stations last.
    lines: Vec<(u64, Line)>,
    /// Problems by row.
    problems: BTreeMap<u64, Vec<&'a RowProblem>>,
    /// Pairs by each of their rows: the row, and the position of the pair.
    pairs: Vec<(u64, usize)>,
}

impl<'a> Reporter<'a> {
    /// O(n log n).
    pub fn new(comparison: &'a Comparison<'a>) -> Self {
        let file = &comparison.sheet.file;
        let placed = (0..).zip(&comparison.sheet.rows);
        let unplaced = (0..).zip(&file.unplaced);
        let mut lines: Vec<(u64, Line)> = placed
            .map(|(position, row)| (row.number, Line::Placed(position)))
            .chain(unplaced.map(|(position, row)| (row.number, Line::Unplaced(position))))
            .collect();
        lines.sort_by_key(|line| line.0);
        let mut problems: BTreeMap<u64, Vec<&RowProblem>> = BTreeMap::new();
        for problem in file.problems.iter().filter(|problem| problem.row > 0) {
            problems.entry(problem.row).or_default().push(problem);
        }
        let is_rejected = |(row, problems): (&u64, &Vec<&RowProblem>)| {
            let is_error = problems.iter().any(|problem| problem.severity == Severity::Error);
            let is_there = lines.binary_search_by_key(row, |line| line.0).is_ok();
            (is_error && !is_there).then_some((*row, Line::Rejected))
        };
        let rejected: Vec<(u64, Line)> = problems.iter().filter_map(is_rejected).collect();
        lines.extend(rejected);
        lines.sort_by_key(|line| line.0);
        let missing = 0..comparison.diff.missing.len();
        lines.extend(missing.map(|position| (u64::MAX, Line::Missing(position))));
        let pairs = (0..).zip(&comparison.similar);
        let mut pairs: Vec<(u64, usize)> = pairs
            .flat_map(|(position, pair)| [(pair.first, position), (pair.second, position)])
            .collect();
        pairs.sort_unstable();
        Self {
            comparison,
            lines,
            problems,
            pairs,
        }
    }

    /// How many lines there are.
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The reports of some lines.
    pub fn reports(&self, lines: Range<usize>) -> impl Iterator<Item = RowReport> {
        let lines = self.lines.get(lines).unwrap_or_default().iter();
        lines.map(|(number, line)| self.report(*number, *line))
    }

    fn report(&self, number: u64, line: Line) -> RowReport {
        let mut report = RowReport {
            row: Some(number),
            ..RowReport::default()
        };
        let (sheet, diff) = (self.comparison.sheet, &self.comparison.diff);
        match line {
            Line::Placed(position) => {
                if let (Some(row), Some(found)) = (sheet.rows.get(position), diff.rows.get(position)) {
                    report.tell_of(&row.station);
                    report.original = Original::of(&row.station.location);
                    report.tell(row, &found.outcome);
                }
            }
            Line::Unplaced(position) => {
                report.add(RowOutcome::Unplaced);
                if let Some(row) = sheet.file.unplaced.get(position) {
                    report.id = row.id().map(|id| id.as_str().to_owned());
                    report.name = Some(row.name().to_owned());
                }
            }
            Line::Rejected => report.add(RowOutcome::Rejected),
            Line::Missing(position) => {
                report.row = None;
                if let Some(missing) = diff.missing.get(position) {
                    report.miss(missing);
                }
                return report;
            }
        }
        self.add_duplicates(number, &mut report);
        let problems = self.problems.get(&number).into_iter().flatten();
        report.problems = problems.map(|problem| ProblemReport::from(*problem)).collect();
        if report
            .problems
            .iter()
            .any(|problem| problem.severity == "warning")
        {
            report.add(RowOutcome::Warning);
        }
        if self.comparison.decisions.rows.contains_key(&number) {
            report.add(RowOutcome::Decided);
        }
        report
    }

    fn add_duplicates(&self, number: u64, report: &mut RowReport) {
        let from = self.pairs.partition_point(|pair| pair.0 < number);
        let own = self.pairs.iter().skip(from).take_while(|pair| pair.0 == number);
        for pair in own.filter_map(|(_, position)| self.comparison.similar.get(*position)) {
            report.duplicates.push(DuplicateReport {
                row: if pair.first == number {
                    pair.second
                } else {
                    pair.first
                },
                distance_m: rounded(pair.distance.get(), 10.0),
                name_likeness: rounded(pair.likeness, 1000.0),
                ground: pair.ground.word().to_owned(),
                is_decided: !self.comparison.is_open_pair(pair),
            });
        }
        if report.duplicates.iter().any(|duplicate| !duplicate.is_decided) {
            report.add(RowOutcome::Duplicate);
        }
    }
}

impl RowReport {
    fn add(&mut self, outcome: RowOutcome) {
        self.outcomes.push(outcome.word().to_owned());
    }

    /// Its outcomes, a bit each.
    pub fn bits(&self) -> u32 {
        let outcomes = self
            .outcomes
            .iter()
            .filter_map(|word| RowOutcome::from_word(word));
        outcomes.fold(0, |bits, outcome| bits | outcome.bit())
    }

    fn tell_of(&mut self, station: &Station) {
        let place = station.location.place();
        self.name = Some(station.name.to_string());
        self.place = Some([rounded(place.lon_deg(), 1e6), rounded(place.lat_deg(), 1e6)]);
    }

    fn tell(&mut self, row: &IncomingRow, outcome: &Outcome<'_>) {
        match outcome {
            Outcome::New(station) => {
                self.add(RowOutcome::New);
                self.id = Some(station.id.as_str().to_owned());
                let says = Part::stated_by(row).map(|part| FieldChange {
                    field: part.word(),
                    old: None,
                    new: part.text(station),
                });
                self.changes = says.collect();
            }
            Outcome::Known(known) => self.tell_known(known),
            Outcome::Undecided(candidates) => {
                self.add(RowOutcome::Undecided);
                self.candidates = candidates.iter().map(CandidateReport::from).collect();
            }
            Outcome::Skipped => self.add(RowOutcome::Skipped),
        }
    }

    fn tell_known(&mut self, known: &KnownDiff<'_>) {
        self.id = Some(known.before.id.as_str().to_owned());
        if known.evidence.basis != Basis::Id || known.after.is_some() || !known.conflicts.is_empty() {
            self.matched = Some(MatchReport::from(&known.evidence));
        }
        let (ours, theirs) = (known.before, &known.row.station);
        self.add(if known.after.is_some() {
            RowOutcome::Changed
        } else {
            RowOutcome::Unchanged
        });
        if !known.open.is_empty() {
            self.add(RowOutcome::Conflict);
        }
        let change = |part: &Part| FieldChange {
            field: part.word(),
            old: part.text(ours),
            new: known.after.as_ref().and_then(|after| part.text(after)),
        };
        self.changes = known.changed.iter().map(change).collect();
        let decided = |part: &Part| {
            let is_taken = known.changed.contains(part);
            let word = if is_taken { "theirs" } else { "ours" };
            (!known.open.contains(part)).then(|| word.to_owned())
        };
        let conflict = |part: &Part| FieldConflict {
            field: part.word(),
            base: known.base.and_then(|base| part.text(base)),
            ours: part.text(ours),
            theirs: part.text(theirs),
            decided: decided(part),
        };
        self.conflicts = known.conflicts.iter().map(conflict).collect();
        let kept = |part: &Part| FieldKept {
            field: part.word(),
            ours: part.text(ours),
            theirs: part.text(theirs),
        };
        self.kept = known.kept.iter().map(kept).collect();
    }

    fn miss(&mut self, missing: &Missing<'_>) {
        self.tell_of(missing.station);
        self.id = Some(missing.station.id.as_str().to_owned());
        self.add(RowOutcome::Missing);
        if missing.is_deleted {
            self.add(RowOutcome::Deleted);
        }
    }
}

impl From<&NamedCandidate<'_>> for CandidateReport {
    fn from(candidate: &NamedCandidate<'_>) -> Self {
        Self {
            id: candidate.station.id.as_str().to_owned(),
            name: candidate.station.name.to_string(),
            matched: MatchReport::from(&candidate.evidence),
            taken_by: candidate.taken_by,
        }
    }
}
