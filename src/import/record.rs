//! A row of any format becomes a checked station, or problems that say why not.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use super::columns::Column;
use super::fields::{self, Fault, MAX_SEATS, MAX_TEXT_BYTES, Read, fault};
use super::header::Columns;
use super::hours::KnownHours;
use super::item::Item;
use super::mapping::Mapping;
use super::place::{self, Notes, Place};
use super::problem::{Fix, ProblemLog, RowProblem, Severity, letter, shown};
use super::stated::Checked;
use super::{ImportOptions, MAX_PROBLEMS, dates};
use crate::domain::facility::Facility;
use crate::domain::station::{
    Audience, Host, Location, MAX_ID_BYTES, MAX_NAME_BYTES, Station, StationId, Status,
};
use crate::domain::text::half_width;

/// A row as the file holds it, by column.
#[derive(Debug, Default)]
pub(super) struct RawRecord<'a> {
    items: [Item<'a>; Column::COUNT],
    pub(super) facility_cells: Vec<FacilityCell<'a>>,
}

/// A column or property that states one facility.
#[derive(Debug)]
pub(super) struct FacilityCell<'a> {
    pub(super) facility: Facility,
    pub(super) header: Cow<'a, str>,
    pub(super) item: Item<'a>,
}

impl<'a> RawRecord<'a> {
    /// What a column holds.
    pub(super) fn get(&self, column: Column) -> &Item<'a> {
        self.items.get(column as usize).unwrap_or(&Item::Null)
    }

    /// Puts a value into a column, over what was there.
    pub(super) fn set(&mut self, column: Column, item: Item<'a>) {
        if let Some(slot) = self.items.get_mut(column as usize) {
            *slot = item;
        }
    }

    /// Puts the cell of a facility column.
    pub(super) fn set_facility(&mut self, facility: Facility, header: Cow<'a, str>, item: Item<'a>) {
        self.facility_cells.push(FacilityCell {
            facility,
            header,
            item,
        });
    }
}

/// What all pieces of a file share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'f> {
    pub(super) file: &'f Arc<str>,
    pub(super) path: &'f Path,
    pub(super) options: &'f ImportOptions,
    pub(super) hours: &'f KnownHours,
    pub(super) mapping: &'f Mapping,
    pub(super) purpose: Purpose,
    /// The columns of a file that has none, as JSON has.
    pub(super) no_columns: &'f Columns,
}

/// What the rows are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A register of its own: a row without an id in a column of ids is wrong.
    Register,
    /// Changes to a register: what a row does not state is left alone, and an id can be made.
    Changes,
}

/// Checks the rows of one piece of a file and keeps what it found.
#[derive(Debug)]
pub(super) struct Checker<'f> {
    pub(super) context: Context<'f>,
    /// How the file names its columns; none for JSON, where our own names are shown.
    pub(super) columns: &'f Columns,
    pub(super) row: u64,
    pub(super) log: ProblemLog,
    /// Rows whose id was made from name and place.
    pub(super) ids_made: u64,
    /// What was decided about places, counted for one warning a file.
    pub(super) places: Notes,
    pub(super) suggestions: HashMap<String, String>,
}

impl<'f> Checker<'f> {
    /// A checker for a piece of a file.
    pub(super) fn new(context: Context<'f>, columns: &'f Columns) -> Self {
        Self {
            context,
            columns,
            row: 0,
            log: ProblemLog::with_limit(MAX_PROBLEMS),
            ids_made: 0,
            places: Notes::default(),
            suggestions: HashMap::new(),
        }
    }

    /// Checks one row. What is left out or incomplete is in the log.
    pub(super) fn check(&mut self, row: u64, record: &mut RawRecord<'_>) -> Checked {
        self.row = row;
        let noted_before = self.log.kept.len();
        self.complete(record);
        let checked = self.checked(row, record);
        self.show_values(noted_before, record);
        checked
    }

    fn checked(&mut self, row: u64, record: &RawRecord<'_>) -> Checked {
        // All four are looked at before any is missed, so that one run of `check` shows everything that is wrong.
        let name = self.name(record);
        let place = self.location(record);
        let status = self.status(record);
        let location = place.location();
        let id = self.id(record, name.as_deref(), location.as_ref());
        let (Some(name), Some(status)) = (name, status) else {
            return Checked::Rejected;
        };
        if place == Place::Bad || id == Identity::Bad {
            return Checked::Rejected;
        }
        let has_own_id = matches!(id, Identity::Stated(_));
        let own = match id {
            Identity::Stated(id) | Identity::Made(id) => Some(id),
            Identity::Later | Identity::Bad => None,
        };
        // A row without a place keeps what else it says; its place and id are filled in before anybody sees them.
        let id = own.clone().or_else(|| StationId::new("-").ok());
        let (Some(id), Some(location)) = (id, location.or_else(place::nowhere)) else {
            return Checked::Rejected;
        };
        let mut station = Station::new(id, &name, location);
        station.status = status;
        station.hours = self.hours(record);
        station.facilities = self.facilities(record);
        station.host = self.host(record);
        station.audience = self.audience(record);
        station.map_listings = self.map_listings(record);
        self.plain_fields(record, &mut station);
        let mut stated = self.stated(record, &station);
        stated.id = has_own_id;
        if place == Place::Missing {
            return Checked::unplaced(row, station, stated);
        }
        if own.is_none() {
            return Checked::Rejected;
        }
        Checked::Station(Box::new(station), stated)
    }

    /// Gives each problem of the row at hand the value of its column and the column's letter.
    fn show_values(&mut self, from: usize, record: &RawRecord<'_>) {
        for problem in self.log.kept.iter_mut().skip(from) {
            let Some(field) = &problem.field else { continue };
            let named = |name: &str| name == field;
            let by_header = self
                .columns
                .all
                .iter()
                .position(|column| named(column.name.trim()));
            problem.letter = by_header.map(letter);
            if problem.value.is_some() {
                continue;
            }
            let cell = record
                .facility_cells
                .iter()
                .find(|cell| named(cell.header.trim()));
            let known = |column: &&Column| {
                let header = self.columns.find(**column).map(|(_, header)| header.name.trim());
                named(header.unwrap_or(column.word()))
            };
            let of_column = || Column::ALL.iter().find(known).map(|column| record.get(*column));
            let item = cell.map(|cell| &cell.item).or_else(of_column);
            problem.value = item.filter(|item| !item.is_blank()).map(Item::shown);
        }
    }

    fn plain_fields(&mut self, record: &RawRecord<'_>, station: &mut Station) {
        let get = |column| record.get(column);
        let aliases = self.optional(Column::Aliases, fields::list(get(Column::Aliases)).map(Some));
        station.aliases = aliases
            .unwrap_or_default()
            .iter()
            .map(|alias| alias.as_ref().into())
            .collect();
        station.address = self.text(record, Column::Address);
        station.district = self.text(record, Column::District);
        station.adcode = self.optional(Column::Adcode, fields::adcode(get(Column::Adcode)));
        station.floor_area_m2 = self.optional(
            Column::FloorAreaM2,
            fields::floor_area_m2(get(Column::FloorAreaM2)),
        );
        let seats = self.optional(Column::Seats, fields::whole_number(get(Column::Seats), MAX_SEATS));
        station.seats = seats.and_then(|seats| u32::try_from(seats).ok());
        station.opened_on = self.day(record, Column::OpenedOn);
        station.operator = self.text(record, Column::Operator);
        // A register of our own comes back as it was written.
        let phone = self.text(record, Column::Phone);
        station.phone = match self.context.purpose {
            Purpose::Register => phone,
            Purpose::Changes => phone.map(half_width_text),
        };
        station.source = self.text(record, Column::Source);
        station.verified_at = self.day(record, Column::VerifiedAt);
        station.synthetic = self
            .optional(Column::Synthetic, fields::flag(get(Column::Synthetic)))
            .unwrap_or(false);
        station.updated_at = self.optional(Column::UpdatedAt, fields::moment(get(Column::UpdatedAt)));
        let revision = self.optional(
            Column::Revision,
            fields::whole_number(get(Column::Revision), u64::MAX),
        );
        station.revision = revision.unwrap_or(1);
    }

    fn name(&mut self, record: &RawRecord<'_>) -> Option<Box<str>> {
        let name = self.required(
            Column::Name,
            fields::text(record.get(Column::Name), MAX_NAME_BYTES),
            ("a name", "名称"),
        )?;
        Some(name.as_ref().into())
    }

    fn id(&mut self, record: &RawRecord<'_>, name: Option<&str>, location: Option<&Location>) -> Identity {
        let item = record.get(Column::Id);
        let is_asked = self.columns.has(Column::Id) && self.context.purpose == Purpose::Register;
        if item.is_blank() && !is_asked {
            let (Some(name), Some(location)) = (name, location) else {
                return Identity::Later;
            };
            self.ids_made += 1;
            return StationId::new(&made_id(name, location)).map_or(Identity::Bad, Identity::Made);
        }
        let Some(id) = self.required(Column::Id, fields::text(item, MAX_ID_BYTES), ("an id", "编号"))
        else {
            return Identity::Bad;
        };
        match StationId::new(&id) {
            Ok(id) => Identity::Stated(id),
            Err(error) => {
                let zh = format!(
                    "编号 `{}` 不可用；应为1到{MAX_ID_BYTES}字节，不含控制字符",
                    shown(&id)
                );
                let fault = Fault {
                    code: "bad_id",
                    en: error.to_string(),
                    zh,
                };
                self.note(Severity::Error, Some(Column::Id), fault);
                Identity::Bad
            }
        }
    }

    fn status(&mut self, record: &RawRecord<'_>) -> Option<Status> {
        let text = match fields::text(record.get(Column::Status), MAX_TEXT_BYTES) {
            Ok(None) => return Some(Status::Open),
            Ok(Some(text)) => text,
            Err(fault) => {
                self.note(Severity::Error, Some(Column::Status), fault);
                return None;
            }
        };
        let status = Status::from_word(&text).or_else(|| Status::from_any_word(&text));
        if status.is_none() {
            let expected = words(Status::ALL, Status::word);
            let fault = fault(
                "unknown_status",
                &text,
                ("is no status", &expected),
                ("不是已知状态", &expected),
            );
            self.note(Severity::Error, Some(Column::Status), fault);
        }
        status
    }

    fn host(&mut self, record: &RawRecord<'_>) -> Option<Host> {
        let text = self.text(record, Column::Host)?;
        let host = Host::from_word(&text).or_else(|| Host::from_any_word(&text));
        if host.is_none() {
            let expected = words(Host::ALL, Host::word);
            let fault = fault(
                "unknown_host",
                &text,
                ("is no host", &expected),
                ("不是已知的场所类型", &expected),
            );
            self.note(Severity::Warning, Some(Column::Host), fault);
        }
        host
    }

    fn audience(&mut self, record: &RawRecord<'_>) -> Vec<Audience> {
        let entries = self.optional(
            Column::Audience,
            fields::list(record.get(Column::Audience)).map(Some),
        );
        let mut audience = Vec::new();
        for entry in entries.unwrap_or_default() {
            match Audience::from_word(&entry).or_else(|| Audience::from_any_word(&entry)) {
                Some(known) if audience.contains(&known) => {}
                Some(known) => audience.push(known),
                None => {
                    let expected = words(Audience::ALL, Audience::word);
                    let fault = fault(
                        "unknown_audience",
                        &entry,
                        ("is no audience", &expected),
                        ("不是已知的服务对象", &expected),
                    );
                    self.note(Severity::Warning, Some(Column::Audience), fault);
                }
            }
        }
        audience
    }

    /// An optional text.
    pub(super) fn text(&mut self, record: &RawRecord<'_>, column: Column) -> Option<Box<str>> {
        let text = self.optional(column, fields::text(record.get(column), MAX_TEXT_BYTES))?;
        Some(text.as_ref().into())
    }

    /// An optional day; a bare number that stands for one is named.
    fn day(&mut self, record: &RawRecord<'_>, column: Column) -> Option<NaiveDate> {
        let item = record.get(column);
        let day = self.optional(column, fields::date(item))?;
        if let Some(serial) = item.as_text().filter(|text| dates::is_serial(text)) {
            let serial = serial.trim();
            let fault = Fault {
                code: "date_from_number",
                en: format!(
                    "`{serial}` is a bare number and was read as {day}; expected a day such as `2026-11-21`"
                ),
                zh: format!("`{serial}` 只是数字，已按日期读作 {day}；应为形如 `2026-11-21` 的日期"),
            };
            self.note(Severity::Warning, Some(column), fault);
        }
        Some(day)
    }

    /// An optional value; a fault is a warning and leaves the field unknown.
    pub(super) fn optional<T>(&mut self, column: Column, read: Read<T>) -> Option<T> {
        read.unwrap_or_else(|fault| {
            self.note(Severity::Warning, Some(column), fault);
            None
        })
    }

    /// A value without which there is no station.
    pub(super) fn required<T>(&mut self, column: Column, read: Read<T>, expected: (&str, &str)) -> Option<T> {
        match read {
            Ok(Some(value)) => Some(value),
            Ok(None) => {
                let fault = fault(
                    "missing_value",
                    "",
                    ("is empty", expected.0),
                    ("为空", expected.1),
                );
                self.note(Severity::Error, Some(column), fault);
                None
            }
            Err(fault) => {
                self.note(Severity::Error, Some(column), fault);
                None
            }
        }
    }

    /// Notes a problem of the row at hand.
    pub(super) fn note(&mut self, severity: Severity, column: Option<Column>, fault: Fault) {
        let field = column.map(|column| {
            let header = self.columns.find(column).map(|(_, header)| header.name.as_ref());
            header.unwrap_or(column.word()).to_owned()
        });
        self.note_named(severity, field, fault);
    }

    /// Notes a problem of the row at hand, under a name of its own.
    pub(super) fn note_named(&mut self, severity: Severity, field: Option<String>, fault: Fault) {
        let mut problem =
            RowProblem::new(self.context.file, self.row, severity, fault.code).saying(fault.en, fault.zh);
        problem.field = field;
        self.log.push(problem);
    }

    /// Adds what to do, and the value, to the problem that was noted last.
    pub(super) fn fix_last(&mut self, value: Option<String>, fix: Fix) {
        if self.log.is_full() {
            return;
        }
        if let Some(problem) = self.log.kept.last_mut() {
            problem.value = value;
            problem.fix = Some(fix);
        }
    }
}

/// What a row says of its id.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Identity {
    /// The row states it.
    Stated(StationId),
    /// It was made from name and place.
    Made(StationId),
    /// It can be made once there is a place.
    Later,
    /// It cannot be used; the log says why.
    Bad,
}

/// A text with full-width signs in half width.
fn half_width_text(text: Box<str>) -> Box<str> {
    if text.is_ascii() {
        return text;
    }
    text.chars().map(half_width).collect::<String>().into()
}

/// The words of a vocabulary in one line.
pub(super) fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> String {
    all.iter()
        .map(|entry| word(*entry))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The id of a station whose file has none: `m-` and 16 hexadecimal digits, FNV-1a over the name, the coordinate as given
/// (six decimals) and its datum, so that the same row has the same id in the next import.
pub(super) fn made_id(name: &str, location: &Location) -> String {
    let given = location.original();
    let key = format!(
        "{name}\u{1f}{:.6}\u{1f}{:.6}\u{1f}{}",
        given.lon_deg(),
        given.lat_deg(),
        location.datum()
    );
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("m-{hash:016x}")
}
