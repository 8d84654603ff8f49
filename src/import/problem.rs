//! What was wrong with a row, in words that a clerk can act on; a bad row is data, not a failure.

use core::fmt;
use std::sync::Arc;

/// Whether a problem costs the row or only a field of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The row was left out.
    Error,
    /// The row was taken; the field stays unknown, or something about it deserves a look.
    Warning,
}

impl Severity {
    /// The stable word: `error` or `warning`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One problem of one row. Displayed as `file:row: field: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The file, as it was named to the importer.
    pub file: Arc<str>,
    /// The line of a CSV file on which the record starts (the header is usually line 1), or the number of a GeoJSON
    /// feature, from 1; 0 when the problem is about the file as a whole.
    pub row: u64,
    /// The column as the file names it, or our property name; `None` when the problem is about the whole row.
    pub field: Option<String>,
    /// Whether the row was left out.
    pub severity: Severity,
    /// A stable word for the kind of problem, for example `swapped_axes`.
    pub code: &'static str,
    /// What is wrong and what was expected, in English.
    pub message: String,
    /// The same in Chinese.
    pub message_zh: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.row)?;
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// The longest piece of a given value that a message repeats, in characters.
const MAX_SHOWN_CHARS: usize = 60;

/// A value as messages show it: cut when long, without characters that would break a line.
pub(super) fn shown(value: &str) -> String {
    let mut text: String = value
        .chars()
        .take(MAX_SHOWN_CHARS)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if value.chars().nth(MAX_SHOWN_CHARS).is_some() {
        text.push('…');
    }
    text
}

/// Problems with a cap on how many are kept; the counts are always whole.
#[derive(Debug, Default)]
pub(super) struct ProblemLog {
    pub(super) kept: Vec<RowProblem>,
    pub(super) errors: u64,
    pub(super) warnings: u64,
    pub(super) limit: usize,
}

impl ProblemLog {
    /// An empty log that keeps at most `limit` problems.
    pub(super) fn with_limit(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Counts a problem, and keeps it while there is room.
    pub(super) fn push(&mut self, problem: RowProblem) {
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        if self.kept.len() < self.limit {
            self.kept.push(problem);
        }
    }

    /// Takes over everything that another log has counted and kept.
    pub(super) fn append(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        let room = self.limit.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.into_iter().take(room));
    }
}
