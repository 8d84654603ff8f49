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
    /// The letter of the column in a table, `A` for the first; `None` without a column.
    pub letter: Option<String>,
    /// The whole value as the file has it, cut when long; `None` when the problem is about no single value.
    pub value: Option<String>,
    /// What to put right, when that is known.
    pub fix: Option<Fix>,
}

/// What a person can do about a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// In English, for example `swap longitude and latitude: 109.51,18.25`.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Fix {
    /// A fix in both languages.
    pub(super) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }
}

impl RowProblem {
    /// A problem of a file as a whole or of a row, without a value.
    pub(super) fn new(file: &Arc<str>, row: u64, severity: Severity, code: &'static str) -> Self {
        Self {
            file: Arc::clone(file),
            row,
            field: None,
            severity,
            code,
            message: String::new(),
            message_zh: String::new(),
            letter: None,
            value: None,
            fix: None,
        }
    }

    /// The problem with its message in English and in Chinese.
    pub(super) fn saying(mut self, message: impl Into<String>, message_zh: impl Into<String>) -> Self {
        self.message = message.into();
        self.message_zh = message_zh.into();
        self
    }
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

/// The letter of a column as spreadsheets name it: 0 is `A`, 26 is `AA`.
pub(super) fn letter(position: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = position + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The position of a column from its letter; `None` when the text is no letter of a sheet.
pub(super) fn position(letter: &str) -> Option<usize> {
    if letter.is_empty() || letter.len() > 3 || !letter.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let number = letter.bytes().fold(0, |number, byte| {
        number * 26 + usize::from(byte.to_ascii_uppercase() - b'A') + 1
    });
    Some(number - 1)
}

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

    /// Whether the last problem that was counted may not have been kept.
    pub(super) const fn is_full(&self) -> bool {
        self.errors + self.warnings > self.limit as u64
    }

    /// Takes over everything that another log has counted and kept.
    pub(super) fn append(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        let room = self.limit.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.into_iter().take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z_and_lead_back_to_their_positions() {
        for (at, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letter(at), name);
            assert_eq!(position(name), Some(at));
        }
        assert_eq!(position("c"), Some(2));
        for text in ["", "A1", "AAAA", "名"] {
            assert_eq!(position(text), None, "{text}");
        }
    }
}
