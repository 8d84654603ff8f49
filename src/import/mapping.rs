//! How the columns of a source are read: what was recognised, what a person corrected, and what is remembered for next time.
//!
//! # The file
//! ```json
//! {
//!   "sheet": "站点", "header_row": 3, "encoding": "GB18030", "datum": "gcj02",
//!   "columns": {"场所": "name", "F": "ignore", "トイレ": "facility:toilet", "amenity": ["name", "facilities"]},
//!   "values": {"facility": {"○": "yes", "無": "no"}, "status": {"営業中": "open"}},
//!   "constants": {"host": "government"},
//!   "empty_is_unknown": ["phone"]
//! }
//! ```
//! Every member may be left out. A column is named by its header, or by its letter where no header is like that; what it
//! holds is a column word (`name`, `hours`, …), `facility:` with a facility, a list of them, or `ignore`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use super::columns::Column;
use super::encoding;
use super::names::Meaning;
use crate::domain::datum::Datum;
use crate::domain::facility::{Facility, FacilityState};
use crate::domain::station::{Audience, Host, Status};

/// The largest mapping file, bytes.
pub const MAX_MAPPING_BYTES: usize = 1 << 20;
/// The most entries of one member of a mapping.
pub const MAX_MAPPING_ENTRIES: usize = 1000;

/// How the columns of a source are read. Written as JSON and read back it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Mapping {
    /// The sheet of a workbook; `None` takes the first with a header row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row of the header as a person counts, from 1; `None` finds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u64>,
    /// The encoding of a text, by a name such as `GB18030`; `None` finds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The datum of all coordinates, over what the rows say; `None` leaves it to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datum: Option<Datum>,
    /// What each column holds, by header or letter.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, Vec<Target>>,
    /// What words of the source mean, by target; `facility` is for all facility columns.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// What holds for every row in which the source says nothing, by target.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<String, String>,
    /// Targets whose empty cells say "not known" and so erase what is known; elsewhere an empty cell says nothing.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub empty_is_unknown: BTreeSet<String>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target(pub(super) Meaning);

impl Target {
    /// The word of a mapping file: a column such as `name`, `facility:` with a facility, or `ignore`.
    pub fn word(self) -> String {
        self.0.word()
    }

    /// Reads the word of a mapping file.
    pub fn from_word(word: &str) -> Option<Self> {
        Meaning::from_word(word).map(Self)
    }
}

impl Serialize for Target {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.word())
    }
}

/// A mapping that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("mapping: {member} is `{value}`; expected {expected}")]
pub struct MappingError {
    /// The member, for example `columns.场所`.
    pub member: String,
    /// Its value, cut when long.
    pub value: String,
    /// What was expected.
    pub expected: String,
}

impl MappingError {
    fn new(member: impl Into<String>, value: &Value, expected: impl Into<String>) -> Self {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self {
            member: member.into(),
            value: super::problem::shown(&value),
            expected: expected.into(),
        }
    }
}

type Members = serde_json::Map<String, Value>;

impl Mapping {
    /// Reads a mapping file; an error names the member, its value and what was expected.
    pub fn from_json(text: &str) -> Result<Self, MappingError> {
        if text.len() > MAX_MAPPING_BYTES {
            let size = Value::from(format!("{} bytes", text.len()));
            let expected = format!("at most {MAX_MAPPING_BYTES} bytes");
            return Err(MappingError::new("the file", &size, expected));
        }
        let text = text.trim_start_matches('\u{feff}');
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let given = Value::from(error.to_string());
            MappingError::new("the file", &given, "a JSON object")
        })?;
        let Value::Object(members) = value else {
            return Err(MappingError::new("the file", &value, "a JSON object"));
        };
        Self::from_members(&members)
    }

    fn from_members(members: &Members) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        for (member, value) in members {
            match member.as_str() {
                "sheet" => mapping.sheet = Some(text(member, value)?),
                "header_row" => {
                    let row = value
                        .as_u64()
                        .filter(|row| (1..=super::MAX_SHEET_ROWS).contains(row));
                    let expected = format!("a row number from 1 to {}", super::MAX_SHEET_ROWS);
                    mapping.header_row = Some(row.ok_or_else(|| MappingError::new(member, value, expected))?);
                }
                "encoding" => {
                    let name = text(member, value)?;
                    if encoding::by_name(&name).is_none() {
                        let expected = "an encoding such as UTF-8, GB18030 or UTF-16LE";
                        return Err(MappingError::new(member, value, expected));
                    }
                    mapping.encoding = Some(name);
                }
                "datum" => {
                    let datum = Datum::from_any_word(&text(member, value)?);
                    let expected = || MappingError::new(member, value, "wgs84, gcj02 or bd09");
                    mapping.datum = Some(datum.ok_or_else(expected)?);
                }
                "columns" => mapping.columns = columns(value)?,
                "values" => mapping.values = values(value)?,
                "constants" => mapping.constants = constants(value)?,
                "empty_is_unknown" => mapping.empty_is_unknown = empties(value)?,
                _ => {
                    let expected =
                        "sheet, header_row, encoding, datum, columns, values, constants or empty_is_unknown";
                    return Err(MappingError::new(
                        "a member",
                        &Value::from(member.as_str()),
                        expected,
                    ));
                }
            }
        }
        Ok(mapping)
    }

    /// The mapping as JSON, the same bytes for the same mapping.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// What the mapping makes of a cell of a column.
    pub(super) fn value(&self, meaning: Meaning, cell: &str) -> Option<&str> {
        if self.values.is_empty() {
            return None;
        }
        let cell = cell.trim();
        let by = |word: &str| {
            self.values
                .get(word)
                .and_then(|words| words.get(cell))
                .map(String::as_str)
        };
        match meaning {
            Meaning::Column(column) => by(column.word()),
            Meaning::Facility(_) => by(&meaning.word()).or_else(|| by("facility")),
            Meaning::Unknown => None,
        }
    }
}

fn text(member: &str, value: &Value) -> Result<String, MappingError> {
    let given = value.as_str().filter(|text| !text.trim().is_empty());
    let given = given.ok_or_else(|| MappingError::new(member, value, "a text"))?;
    Ok(given.to_owned())
}

fn object<'v>(member: &str, value: &'v Value) -> Result<&'v Members, MappingError> {
    let members = value
        .as_object()
        .ok_or_else(|| MappingError::new(member, value, "a JSON object"))?;
    if members.len() > MAX_MAPPING_ENTRIES {
        let count = Value::from(format!("{} entries", members.len()));
        return Err(MappingError::new(
            member,
            &count,
            format!("at most {MAX_MAPPING_ENTRIES}"),
        ));
    }
    Ok(members)
}

fn target(member: &str, value: &Value) -> Result<Target, MappingError> {
    let found = value.as_str().and_then(Target::from_word);
    found.ok_or_else(|| MappingError::new(member, value, target_words()))
}

/// Every word that a column may be mapped to.
fn target_words() -> String {
    let columns: Vec<&str> = Column::ALL.iter().map(|column| column.word()).collect();
    let facilities: Vec<&str> = Facility::ALL.iter().map(|facility| facility.word()).collect();
    format!(
        "{}, ignore, or facility: with one of {}",
        columns.join(", "),
        facilities.join(", ")
    )
}

fn columns(value: &Value) -> Result<BTreeMap<String, Vec<Target>>, MappingError> {
    let mut columns = BTreeMap::new();
    for (name, value) in object("columns", value)? {
        let member = format!("columns.{name}");
        let targets = match value {
            Value::Array(entries) if !entries.is_empty() && entries.len() <= Column::COUNT => entries
                .iter()
                .map(|entry| target(&member, entry))
                .collect::<Result<Vec<_>, _>>()?,
            _ => vec![target(&member, value)?],
        };
        columns.insert(name.clone(), targets);
    }
    Ok(columns)
}

fn values(value: &Value) -> Result<BTreeMap<String, BTreeMap<String, String>>, MappingError> {
    let mut values = BTreeMap::new();
    for (group, words) in object("values", value)? {
        let member = format!("values.{group}");
        if group != "facility" && Target::from_word(group).is_none() {
            let expected = format!("facility, or {}", target_words());
            return Err(MappingError::new(
                "a member of values",
                &Value::from(group.as_str()),
                expected,
            ));
        }
        let mut known = BTreeMap::new();
        for (word, meaning) in object(&member, words)? {
            let member = format!("{member}.{word}");
            let meant = text(&member, meaning)?;
            check_value(group, &meant).map_err(|expected| MappingError::new(&member, meaning, expected))?;
            known.insert(word.trim().to_owned(), meant);
        }
        values.insert(group.clone(), known);
    }
    Ok(values)
}

fn constants(value: &Value) -> Result<BTreeMap<String, String>, MappingError> {
    let mut constants = BTreeMap::new();
    for (word, value) in object("constants", value)? {
        let member = format!("constants.{word}");
        let is_usable = match Meaning::from_word(word) {
            Some(Meaning::Column(column)) => !matches!(
                column,
                Column::Id | Column::Lon | Column::Lat | Column::Coordinates
            ),
            Some(Meaning::Facility(_)) => true,
            Some(Meaning::Unknown) | None => false,
        };
        if !is_usable {
            let expected = format!("a field that may be the same in all rows: {}", target_words());
            return Err(MappingError::new(
                "a member of constants",
                &Value::from(word.as_str()),
                expected,
            ));
        }
        let constant = text(&member, value)?;
        check_value(word, &constant).map_err(|expected| MappingError::new(&member, value, expected))?;
        constants.insert(word.clone(), constant);
    }
    Ok(constants)
}

fn empties(value: &Value) -> Result<BTreeSet<String>, MappingError> {
    let member = "empty_is_unknown";
    let entries = value
        .as_array()
        .ok_or_else(|| MappingError::new(member, value, "a list of fields"))?;
    let mut words = BTreeSet::new();
    for entry in entries {
        let found = target(member, entry)?;
        let may_be_unknown = match found.0 {
            Meaning::Column(column) => column
                .field()
                .is_some_and(|field| !matches!(field.word(), "name" | "location" | "status" | "synthetic")),
            Meaning::Facility(_) => true,
            Meaning::Unknown => false,
        };
        if !may_be_unknown {
            return Err(MappingError::new(
                member,
                entry,
                "fields that a station may lack, such as phone or hours",
            ));
        }
        words.insert(found.word());
    }
    Ok(words)
}

/// Whether a word is one that its target takes; else what would be.
fn check_value(group: &str, word: &str) -> Result<(), String> {
    let all = |words: Vec<&str>| words.join(", ");
    let is_facility = group == "facility" || group.starts_with("facility:") || {
        matches!(Meaning::from_word(group), Some(Meaning::Facility(_)))
    };
    if is_facility && FacilityState::from_word(word).is_none() {
        return Err(all(FacilityState::ALL.iter().map(|state| state.word()).collect()));
    }
    match group {
        "status" if Status::from_word(word).is_none() => {
            Err(all(Status::ALL.iter().map(|status| status.word()).collect()))
        }
        "host" if Host::from_word(word).is_none() => {
            Err(all(Host::ALL.iter().map(|host| host.word()).collect()))
        }
        "audience" if Audience::from_word(word).is_none() => Err(all(Audience::ALL
            .iter()
            .map(|audience| audience.word())
            .collect())),
        "coord" if Datum::from_word(word).is_none() => {
            Err(all(Datum::ALL.iter().map(|datum| datum.word()).collect()))
        }
        _ => Ok(()),
    }
}
