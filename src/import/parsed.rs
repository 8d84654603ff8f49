//! What one piece of a file gave, before the pieces are put together.

use std::collections::BTreeSet;

use super::MAX_IGNORED_NAMES;
use super::cells::Leftover;
use super::fields::Fault;
use super::place::Notes;
use super::problem::{ProblemLog, Severity, shown};
use super::record::Checker;
use super::stated::{Checked, ReadRow, UnplacedRow};

/// Rows of one piece of a file, or of a whole file.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// Rows or features, without blank ones and those that are no stations.
    pub(super) rows: u64,
    pub(super) taken: Vec<ReadRow>,
    pub(super) unplaced: Vec<UnplacedRow>,
    /// Properties of JSON that the importer does not know.
    pub(super) ignored: BTreeSet<String>,
    pub(super) log: ProblemLog,
    pub(super) ids_made: u64,
    pub(super) places: Notes,
}

impl Parsed {
    /// Takes a row that was checked.
    pub(super) fn push(&mut self, number: u64, checked: Checked) {
        match checked {
            Checked::Station(station, stated) => self.taken.push(ReadRow {
                number,
                station: *station,
                stated,
            }),
            Checked::Unplaced(row) => self.unplaced.push(*row),
            Checked::Rejected => {}
        }
    }

    /// Takes over what a checker noted.
    pub(super) fn take_from(&mut self, checker: Checker<'_>) {
        self.log = checker.log;
        self.ids_made = checker.ids_made;
        self.places = checker.places;
    }

    /// Adds what the next piece of the file gave.
    pub(super) fn append(&mut self, mut next: Self) {
        self.rows += next.rows;
        self.taken.append(&mut next.taken);
        self.unplaced.append(&mut next.unplaced);
        self.ids_made += next.ids_made;
        self.places.add(next.places);
        let room = MAX_IGNORED_NAMES.saturating_sub(self.ignored.len());
        let new = next
            .ignored
            .into_iter()
            .filter(|name| !self.ignored.contains(name));
        let new: Vec<String> = new.take(room).collect();
        self.ignored.extend(new);
        self.log.append(next.log);
    }
}

/// Names a row that is no station and is left out.
pub(super) fn leave_out<'c>(
    checker: &mut Checker<'_>,
    row: u64,
    kind: Leftover,
    cells: impl Iterator<Item = &'c str>,
) {
    let cells: Vec<&str> = cells.map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let text = shown(&cells.join(" "));
    let (what, what_zh) = match kind {
        Leftover::Remark => ("a total or a remark", "合计或备注"),
        Leftover::HeaderAgain => ("the header again", "重复的表头"),
    };
    checker.row = row;
    let fault = Fault {
        code: "row_left_out",
        en: format!("`{text}` is {what} and was left out; expected stations below the header"),
        zh: format!("`{text}` 是{what_zh}，已略去；表头以下应为站点"),
    };
    checker.note_named(Severity::Warning, None, fault);
}
