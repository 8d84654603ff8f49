//! A copy of a sheet in which each row is told what would become of it and what is wrong with it.

use std::collections::BTreeMap;

use super::part::Part;
use super::row_report::{FieldConflict, RowOutcome, RowReport};
use crate::domain::language::Language;
use crate::import::{CopyFormat, ImportError, ReadFile};

/// A copy of a sheet with a column of remarks. `file` and `bytes` are what was read, the reports those of its rows.
///
/// Cost: reads the sheet again; memory for its cells.
pub fn copy(
    (file, bytes): (&ReadFile, &[u8]),
    reports: impl IntoIterator<Item = RowReport>,
    (format, language): (CopyFormat, Language),
) -> Result<Vec<u8>, ImportError> {
    let mut remarks: BTreeMap<u64, String> = file.remarks(language);
    for report in reports {
        let (Some(row), Some(told)) = (report.row, report.remark(language)) else {
            continue;
        };
        let remark = remarks.entry(row).or_default();
        *remark = match (remark.as_str(), language) {
            ("", _) => told,
            (problems, Language::Zh) => format!("{told}；{problems}"),
            (problems, Language::En) => format!("{told}; {problems}"),
        };
    }
    file.copy_with_remarks(bytes, &remarks, (format, language))
}

/// What stands where a record says nothing.
const NOTHING: &str = "–";

fn label(field: &str, language: Language) -> String {
    Part::from_word(field).map_or_else(|| field.to_owned(), |part| part.label(language).to_owned())
}

impl RowReport {
    /// What would become of the row, in a few words; `None` where nothing would.
    pub fn remark(&self, language: Language) -> Option<String> {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| NOTHING.to_owned());
        let mut told = Vec::new();
        for word in &self.outcomes {
            let Some(outcome) = RowOutcome::from_word(word) else {
                continue;
            };
            let label = outcome.label(language);
            let what: Vec<String> = match outcome {
                RowOutcome::Changed => {
                    let changes = self.changes.iter();
                    let text = changes.map(|change| {
                        let (old, new) = (shown(&change.old), shown(&change.new));
                        format!("{} {old} → {new}", self::label(&change.field, language))
                    });
                    text.collect()
                }
                RowOutcome::Conflict => {
                    let open = self
                        .conflicts
                        .iter()
                        .filter(|conflict| conflict.decided.is_none());
                    open.map(|conflict| conflict.remark(language)).collect()
                }
                RowOutcome::Undecided => {
                    let candidates = self.candidates.iter();
                    let text = candidates.map(|candidate| format!("{} {}", candidate.id, candidate.name));
                    text.collect()
                }
                RowOutcome::Duplicate => {
                    let open = self.duplicates.iter().filter(|duplicate| !duplicate.is_decided);
                    let text = open.map(|duplicate| match language {
                        Language::Zh => format!("第{}行", duplicate.row),
                        Language::En => format!("row {}", duplicate.row),
                    });
                    text.collect()
                }
                RowOutcome::New | RowOutcome::Skipped | RowOutcome::Unplaced => Vec::new(),
                RowOutcome::Unchanged
                | RowOutcome::Rejected
                | RowOutcome::Warning
                | RowOutcome::Decided
                | RowOutcome::Missing
                | RowOutcome::Deleted => continue,
            };
            told.push(joined(label, &what, language));
        }
        let between = if language == Language::Zh { "；" } else { "; " };
        (!told.is_empty()).then(|| told.join(between))
    }
}

impl FieldConflict {
    fn remark(&self, language: Language) -> String {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| NOTHING.to_owned());
        let (field, ours, theirs) = (
            label(&self.field, language),
            shown(&self.ours),
            shown(&self.theirs),
        );
        match language {
            Language::Zh => format!("{field} 登记为 {ours}，表格为 {theirs}"),
            Language::En => format!("{field} {ours} in the register, {theirs} in the sheet"),
        }
    }
}

fn joined(label: &str, what: &[String], language: Language) -> String {
    match (what, language) {
        ([], _) => label.to_owned(),
        (what, Language::Zh) => format!("{label}：{}", what.join("，")),
        (what, Language::En) => format!("{label}: {}", what.join(", ")),
    }
}
