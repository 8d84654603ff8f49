//! What a person decides about a dry run, in words: one list of entries for the body of a request, for a file of JSON and
//! for a sheet.
//!
//! # The words
//! | `decide` | `row` | `field` | `station` | |
//! | --- | --- | --- | --- | --- |
//! | `take` | yes | | | the row goes in, though it looks like another one of the sheet |
//! | `skip` | yes | | | the row changes nothing |
//! | `match` | yes | | yes | the row is about this station |
//! | `new` | yes | | | the row is a new station |
//! | `ours`, `theirs` | may | may | | the register's or the sheet's value in a conflict; without a row in all rows |
//! | `delete` | | | yes | a station that is missing from the sheet goes |
//! | `undecided` | may | may | may | takes back what was decided about the row, the field, the station; alone: everything |
//!
//! Later entries go before earlier ones.

use core::fmt::Write as _;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use thiserror::Error;

use super::part::Part;
use super::row::{Decision, Decisions, OnConflict, Target};
use crate::domain::station::StationId;
use crate::domain::words::vocabulary;

/// The most entries that are read at a time.
pub const MAX_DECISIONS: usize = 100_000;
/// The columns of a sheet, and the members of an entry.
const MEMBERS: [&str; 4] = ["row", "decide", "field", "station"];

vocabulary! {
    /// What is decided.
    Choice, "decision" {
        Take = "take", "采用", "take";
        Skip = "skip", "跳过", "skip";
        Match = "match", "对应站点", "match";
        New = "new", "新增", "new";
        Ours = "ours", "保留登记", "ours";
        Theirs = "theirs", "采用表格", "theirs";
        Delete = "delete", "删除", "delete";
        Undecided = "undecided", "待定", "undecided";
    }
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionEntry {
    /// The row, by its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// What is decided.
    pub decide: Choice,
    /// The field in conflict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Part>,
    /// The station, by its id.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "id")]
    pub station: Option<StationId>,
}

/// A list of decisions that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place}: {problem}; expected {expected}")]
pub struct DecisionError {
    /// Where: `decision 3`, `line 4`, or the list as a whole.
    pub place: String,
    /// What is wrong.
    pub problem: String,
    /// What was expected.
    pub expected: String,
}

/// An entry as it is written.
type Given = BTreeMap<String, String>;

#[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
fn id<S: serde::Serializer>(id: &Option<StationId>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(id.as_ref().map_or("", StationId::as_str))
}

fn refused(place: &str, problem: impl Into<String>, expected: impl Into<String>) -> DecisionError {
    DecisionError {
        place: place.to_owned(),
        problem: problem.into(),
        expected: expected.into(),
    }
}

/// Reads a file: a JSON list, a JSON object that has it as `decisions`, or a sheet in CSV.
pub fn read(bytes: &[u8]) -> Result<Vec<DecisionEntry>, DecisionError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(bytes);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(first, Some(b'{' | b'[')) {
        return read_csv(bytes);
    }
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| refused("the list", error.to_string(), "JSON or CSV in UTF-8"))?;
    match &value {
        Value::Object(members) => read_list(members.get("decisions").unwrap_or(&Value::Null)),
        list => read_list(list),
    }
}

/// Reads a list of entries.
pub fn read_list(list: &Value) -> Result<Vec<DecisionEntry>, DecisionError> {
    let Some(entries) = list.as_array() else {
        return Err(refused("the list", "it is no list", "a list of decisions"));
    };
    check_length(entries.len())?;
    let entries = (1_u64..).zip(entries).map(|(number, entry)| {
        let place = format!("decision {number}");
        let Value::Object(members) = entry else {
            return Err(refused(&place, "it is no object", "an object with `decide`"));
        };
        entry_of(&place, given(&place, members)?)
    });
    entries.collect()
}

fn given(place: &str, members: &Map<String, Value>) -> Result<Given, DecisionError> {
    let text = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Ok(Some((name.clone(), text.clone()))),
        Value::Number(number) => Ok(Some((name.clone(), number.to_string()))),
        Value::Null => Ok(None),
        _ => Err(refused(
            place,
            format!("`{name}` is no text and no number"),
            "texts and numbers",
        )),
    };
    let texts: Result<Vec<_>, _> = members.iter().map(text).collect();
    Ok(texts?.into_iter().flatten().collect())
}

fn read_csv(bytes: &[u8]) -> Result<Vec<DecisionEntry>, DecisionError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let broken = |error: csv::Error| refused("the sheet", error.to_string(), "CSV in UTF-8");
    let header = reader.headers().map_err(broken)?.clone();
    if !header.iter().any(|name| name == "decide") {
        return Err(refused(
            "the sheet",
            "it has no column `decide`",
            format!("the columns {}", MEMBERS.join(", ")),
        ));
    }
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = header.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
        let given: Given = cells
            .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
            .collect();
        if given.is_empty() {
            continue;
        }
        check_length(entries.len() + 1)?;
        entries.push(entry_of(&format!("line {line}"), given)?);
    }
    Ok(entries)
}

fn check_length(entries: usize) -> Result<(), DecisionError> {
    if entries > MAX_DECISIONS {
        let problem = format!("it has more than {MAX_DECISIONS} entries");
        return Err(refused("the list", problem, "fewer at a time"));
    }
    Ok(())
}

fn entry_of(place: &str, mut given: Given) -> Result<DecisionEntry, DecisionError> {
    if let Some(name) = given.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(refused(
            place,
            format!("`{name}` is not known"),
            MEMBERS.join(", "),
        ));
    }
    let words = || Choice::ALL.iter().map(|choice| choice.word()).collect::<Vec<_>>();
    let decide = given.remove("decide").unwrap_or_default();
    let decide = Choice::from_any_word(&decide).ok_or_else(|| {
        let problem = format!("`decide` is `{decide}`");
        refused(place, problem, format!("one of {}", words().join(", ")))
    })?;
    let row = given.remove("row").map(|row| {
        let number = row.parse::<u64>().ok().filter(|row| *row > 0);
        number.ok_or_else(|| refused(place, format!("`row` is `{row}`"), "the number of a row"))
    });
    let field = given.remove("field").map(|field| {
        let part = Part::from_word(&field);
        part.ok_or_else(|| {
            let expected = "a field such as `phone` or `facilities.microwave`";
            refused(place, format!("`field` is `{field}`"), expected)
        })
    });
    let station = given.remove("station").map(|station| {
        StationId::new(&station)
            .map_err(|error| refused(place, format!("`station`: {error}"), "the id of a station"))
    });
    let entry = DecisionEntry {
        row: row.transpose()?,
        decide,
        field: field.transpose()?,
        station: station.transpose()?,
    };
    entry.check(place)?;
    Ok(entry)
}

impl DecisionEntry {
    /// Whether it says what its choice needs and nothing that this has no use for.
    fn check(&self, place: &str) -> Result<(), DecisionError> {
        let has = [self.row.is_some(), self.field.is_some(), self.station.is_some()];
        let (is_right, expected) = match self.decide {
            Choice::Take | Choice::Skip | Choice::New => (has == [true, false, false], "`row` beside it"),
            Choice::Match => (has == [true, false, true], "`row` and `station` beside it"),
            Choice::Delete => (has == [false, false, true], "`station` beside it"),
            Choice::Ours | Choice::Theirs => (!has[2], "`row`, `field` or both beside it, or neither"),
            Choice::Undecided => (
                !(has[2] && (has[0] || has[1])),
                "`row`, `field`, or `station` beside it",
            ),
        };
        if is_right {
            return Ok(());
        }
        let mut problem = format!("`{}` has", self.decide);
        for (name, is_there) in ["row", "field", "station"].iter().zip(has) {
            let no = if is_there { "" } else { "no " };
            write!(problem, " {no}`{name}`,").unwrap_or_default();
        }
        Err(refused(place, problem.trim_end_matches(','), expected))
    }
}

impl Decisions {
    /// What some entries come to.
    pub fn of(entries: &[DecisionEntry]) -> Self {
        let mut decisions = Self::default();
        for entry in entries {
            decisions.decide(entry);
        }
        decisions
    }

    /// Adds an entry.
    pub fn decide(&mut self, entry: &DecisionEntry) {
        let on_conflict = match entry.decide {
            Choice::Ours => OnConflict::KeepMine,
            Choice::Theirs => OnConflict::TakeTheirs,
            _ => OnConflict::Undecided,
        };
        match (entry.decide, entry.row, &entry.station) {
            (Choice::Delete, _, Some(station)) => {
                self.delete.insert(station.clone());
            }
            (Choice::Undecided, _, Some(station)) => {
                self.delete.remove(station);
            }
            (Choice::Undecided, None, None) if entry.field.is_none() => *self = Self::default(),
            (Choice::Undecided, Some(row), None) if entry.field.is_none() => {
                self.rows.remove(&row);
            }
            (Choice::Ours | Choice::Theirs | Choice::Undecided, None, None) => match entry.field {
                Some(part) => {
                    self.parts.insert(part, on_conflict);
                }
                None => self.on_conflict = on_conflict,
            },
            (_, Some(row), _) => self.rows.entry(row).or_default().decide(entry, on_conflict),
            _ => {}
        }
    }

    /// The entries that come to this, in a fixed order.
    pub fn entries(&self) -> Vec<DecisionEntry> {
        let mut entries = Vec::new();
        conflict_entries(None, (self.on_conflict, &self.parts), &mut entries);
        for (row, decision) in &self.rows {
            decision.add_entries(*row, &mut entries);
        }
        entries.extend(self.delete.iter().map(|station| DecisionEntry {
            row: None,
            decide: Choice::Delete,
            field: None,
            station: Some(station.clone()),
        }));
        entries
    }
}

impl Decision {
    fn decide(&mut self, entry: &DecisionEntry, on_conflict: OnConflict) {
        match entry.decide {
            Choice::Take => (self.skip, self.is_taken) = (false, true),
            Choice::Skip => (self.skip, self.is_taken) = (true, false),
            Choice::New => (self.skip, self.target) = (false, Target::New),
            Choice::Match => {
                self.skip = false;
                self.target = entry.station.clone().map_or(Target::AsFound, Target::Station);
            }
            Choice::Ours | Choice::Theirs | Choice::Undecided => match entry.field {
                Some(part) => {
                    self.parts.insert(part, on_conflict);
                }
                None => self.on_conflict = on_conflict,
            },
            Choice::Delete => {}
        }
    }

    fn add_entries(&self, row: u64, entries: &mut Vec<DecisionEntry>) {
        let mut add = |decide, station: Option<&StationId>| {
            entries.push(DecisionEntry {
                row: Some(row),
                decide,
                field: None,
                station: station.cloned(),
            });
        };
        match &self.target {
            Target::AsFound => {}
            Target::New => add(Choice::New, None),
            Target::Station(station) => add(Choice::Match, Some(station)),
        }
        if self.is_taken {
            add(Choice::Take, None);
        }
        if self.skip {
            add(Choice::Skip, None);
        }
        conflict_entries(Some(row), (self.on_conflict, &self.parts), entries);
    }
}

fn conflict_entries(
    row: Option<u64>,
    (all, parts): (OnConflict, &BTreeMap<Part, OnConflict>),
    entries: &mut Vec<DecisionEntry>,
) {
    let parts = parts.iter().map(|(part, said)| (Some(*part), *said));
    for (field, said) in core::iter::once((None, all)).chain(parts) {
        let decide = match said {
            OnConflict::Undecided => continue,
            OnConflict::KeepMine => Choice::Ours,
            OnConflict::TakeTheirs => Choice::Theirs,
        };
        entries.push(DecisionEntry {
            row,
            decide,
            field,
            station: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHEET: &str = "row,decide,field,station\n7,跳过,,\n8,match,,zz-014\n9,new,,\n\n12,ours,,\n12,theirs,phone,\n13,theirs,facilities.microwave,\n14,take,,\n,ours,hours,\n,theirs,,\n,delete,,zz-020\n";

    fn list() -> Value {
        json!({ "decisions": [
            { "row": 7, "decide": "skip" }, { "row": "8", "decide": "match", "station": "zz-014" },
            { "row": 9, "decide": "new", "field": null }, { "row": 12, "decide": "ours" },
            { "row": 12, "decide": "theirs", "field": "phone" },
            { "row": 13, "decide": "theirs", "field": "facilities.microwave" }, { "row": 14, "decide": "take" },
            { "decide": "ours", "field": "hours" }, { "decide": "theirs" }, { "decide": "delete", "station": "zz-020" },
        ] })
    }

    #[test]
    fn a_sheet_and_a_list_say_the_same_in_the_same_words() {
        let of_sheet = read(format!("\u{feff}{SHEET}").as_bytes()).unwrap();
        let of_list = read(list().to_string().as_bytes()).unwrap();
        assert_eq!(of_sheet, of_list);
        assert_eq!(read(list()["decisions"].to_string().as_bytes()).unwrap(), of_list);
        let decisions = Decisions::of(&of_list);
        let said = |row, word: &str| decisions.on_conflict(row, Part::from_word(word).unwrap());
        assert_eq!(said(12, "phone"), OnConflict::TakeTheirs);
        assert_eq!(said(12, "address"), OnConflict::KeepMine);
        assert_eq!(said(99, "hours"), OnConflict::KeepMine);
        assert_eq!(said(99, "phone"), OnConflict::TakeTheirs);
        assert!(decisions.rows[&7].skip && decisions.rows[&14].is_taken && decisions.delete.len() == 1);
        // Written out and read again it is the same.
        let written = serde_json::to_value(decisions.entries()).unwrap();
        assert_eq!(Decisions::of(&read_list(&written).unwrap()), decisions);
    }

    #[test]
    fn what_was_decided_can_be_taken_back_in_part_and_as_a_whole() {
        let mut decisions = Decisions::of(&read(SHEET.as_bytes()).unwrap());
        let mut decide = |entry: Value| {
            for entry in read_list(&json!([entry])).unwrap() {
                decisions.decide(&entry);
            }
            decisions.entries().len()
        };
        assert_eq!(decide(json!({ "row": 7, "decide": "undecided" })), 9);
        assert_eq!(
            decide(json!({ "row": 12, "decide": "undecided", "field": "phone" })),
            8
        );
        assert_eq!(decide(json!({ "decide": "undecided", "station": "zz-020" })), 7);
        assert_eq!(decide(json!({ "decide": "undecided", "field": "hours" })), 6);
        assert_eq!(decide(json!({ "row": 14, "decide": "skip" })), 6);
        assert_eq!(decide(json!({ "row": 14, "decide": "take" })), 6);
        assert_eq!(decide(json!({ "decide": "undecided" })), 0);
    }

    #[test]
    fn a_bad_entry_is_told_with_its_place_and_what_was_expected() {
        for (list, told) in [
            (
                json!([{ "row": 1 }]),
                "decision 1: `decide` is ``; expected one of take, skip",
            ),
            (
                json!([{ "row": 1, "decide": "skip" }, { "row": 0, "decide": "skip" }]),
                "decision 2: `row` is `0`",
            ),
            (
                json!([{ "row": 1, "decide": "match" }]),
                "decision 1: `match` has `row`, no `field`, no `station`; expected `row` and `station`",
            ),
            (json!([{ "decide": "skip" }]), "expected `row` beside it"),
            (
                json!([{ "row": 1, "decide": "ours", "field": "colour" }]),
                "`field` is `colour`; expected a field such as",
            ),
            (
                json!([{ "row": 1, "decide": "ours", "field": "facilities" }]),
                "`field` is `facilities`",
            ),
            (
                json!([{ "row": 1, "decide": "skip", "why": "x" }]),
                "`why` is not known; expected row, decide",
            ),
            (
                json!([{ "row": [1], "decide": "skip" }]),
                "`row` is no text and no number",
            ),
            (json!([7]), "decision 1: it is no object"),
            (json!({}), "the list: it is no list"),
            (json!([{ "decide": "delete", "station": "" }]), "`station`: "),
        ] {
            let error = read_list(&list).unwrap_err().to_string();
            assert!(error.contains(told), "{list}: {error}");
        }
        for (sheet, told) in [
            (
                "row,what\n1,skip\n",
                "the sheet: it has no column `decide`; expected the columns row, decide",
            ),
            ("row,decide\n1,skip\n2,maybe\n", "line 3: `decide` is `maybe`"),
            ("", "it has no column"),
            ("{\"decisions\":", "the list: "),
        ] {
            let error = read(sheet.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(told), "{sheet}: {error}");
        }
        let many = vec![json!({ "decide": "ours" }); MAX_DECISIONS + 1];
        assert!(read_list(&many[1..].into()).is_ok() && read_list(&many.into()).is_err());
    }
}
