//! What a row states: which fields and facilities, so that an import changes those and leaves everything else alone.

use super::cells::set_constants;
use super::columns::Column;
use super::facilities;
use super::fields::Fault;
use super::item::Item;
use super::names::Meaning;
use super::problem::Severity;
use super::record::{Checker, RawRecord, made_id};
use crate::domain::facility::{Facility, FacilitySet, FacilityState};
use crate::domain::field::{Field, FieldSet};
use crate::domain::station::{Location, MapListings, Station, StationId};

/// What a row of a source states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stated {
    /// Whether the id is the source's own; else it was made from name and place.
    pub id: bool,
    /// Whether the row, the mapping or the options say the datum; else it came from the header or is WGS-84 by default.
    pub datum: bool,
    /// The fields that have a readable value, or an empty cell that says "not known" by the mapping. With
    /// [`Field::Facilities`] only the facilities in [`Stated::facilities`] are stated.
    pub fields: FieldSet,
    /// The facilities of which the row states something.
    pub facilities: FacilitySet,
}

/// A row that was read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadRow {
    /// The row as a person sees it in the sheet, from 1; in JSON the number of the feature or line.
    pub number: u64,
    /// What it says; what it does not state is as in a station of which nothing is known.
    pub station: Station,
    /// What it states.
    pub stated: Stated,
}

/// A row that is in order but for its place: the station can be found by its address, or updated by its id.
#[derive(Debug, Clone, PartialEq)]
pub struct UnplacedRow {
    /// The row as a person sees it in the sheet, from 1.
    pub number: u64,
    /// What it states; never the location.
    pub stated: Stated,
    /// Its location stands for none, and so does its id where none is stated.
    station: Station,
}

impl UnplacedRow {
    /// The id, where the row states one.
    pub fn id(&self) -> Option<&StationId> {
        self.stated.id.then_some(&self.station.id)
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.station.name
    }

    /// The address to look the place up by.
    pub fn address(&self) -> Option<&str> {
        self.station.address.as_deref()
    }

    /// The name of the district.
    pub fn district(&self) -> Option<&str> {
        self.station.district.as_deref()
    }

    /// What the row says, for fields in [`UnplacedRow::stated`] only: location and, unless stated, id mean nothing.
    pub const fn station(&self) -> &Station {
        &self.station
    }

    /// The row at a place that was found for it.
    pub fn at(mut self, location: Location) -> ReadRow {
        self.station.location = location;
        if !self.stated.id
            && let Ok(id) = StationId::new(&made_id(&self.station.name, &location))
        {
            self.station.id = id;
        }
        self.stated.fields.insert(Field::Location);
        ReadRow {
            number: self.number,
            station: self.station,
            stated: self.stated,
        }
    }
}

/// What became of a row.
#[derive(Debug)]
pub(super) enum Checked {
    /// A station.
    Station(Box<Station>, Stated),
    /// All but a place.
    Unplaced(Box<UnplacedRow>),
    /// Nothing; the log says why.
    Rejected,
}

impl Checked {
    /// A row without a place.
    pub(super) fn unplaced(number: u64, station: Station, stated: Stated) -> Self {
        Self::Unplaced(Box::new(UnplacedRow {
            number,
            stated,
            station,
        }))
    }
}

impl Checker<'_> {
    /// Puts together what a row says in several cells, and what the mapping says of all rows.
    pub(super) fn complete(&mut self, record: &mut RawRecord<'_>) {
        let (opens, closes) = (record.get(Column::OpensAt), record.get(Column::ClosesAt));
        if !opens.is_blank() || !closes.is_blank() {
            self.join_hours(record);
        }
        if !self.context.mapping.constants.is_empty() {
            set_constants(record, self.context.mapping);
        }
    }

    fn join_hours(&mut self, record: &mut RawRecord<'_>) {
        if !record.get(Column::Hours).is_blank() {
            return;
        }
        let text = |column| {
            record
                .get(column)
                .as_text()
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        if let (Some(opens), Some(closes)) = (text(Column::OpensAt), text(Column::ClosesAt)) {
            let hours = Item::Text(format!("{opens}-{closes}").into());
            record.set(Column::Hours, hours);
            return;
        }
        let column = if record.get(Column::OpensAt).is_blank() {
            Column::ClosesAt
        } else {
            Column::OpensAt
        };
        let given = record.get(column).shown();
        let fault = Fault {
            code: "half_of_hours",
            en: format!("`{given}` is only one end of the hours; expected when it opens and when it closes"),
            zh: format!("`{given}` 只是开放时间的一端；应有开门时间和关门时间"),
        };
        self.note(Severity::Warning, Some(column), fault);
    }

    /// What a row states, given the station that was read from it.
    pub(super) fn stated(&self, record: &RawRecord<'_>, station: &Station) -> Stated {
        let mut stated = Stated {
            datum: self.fixed_datum().is_some()
                || !record.get(Column::Coord).is_blank()
                || *record.get(Column::Original) != Item::Null,
            ..Stated::default()
        };
        for column in Column::ALL {
            if let Some(field) = column.field()
                && !record.get(*column).is_blank()
                && has_value(station, field)
            {
                stated.fields.insert(field);
            }
        }
        stated.facilities = stated_facilities(record, station);
        self.add_empty_cells(record, &mut stated);
        if stated.facilities.is_empty() {
            let others = stated.fields.iter().filter(|field| *field != Field::Facilities);
            stated.fields = others.collect();
        } else {
            stated.fields.insert(Field::Facilities);
        }
        stated
    }

    /// Empty cells that say "not known" by the mapping.
    fn add_empty_cells(&self, record: &RawRecord<'_>, stated: &mut Stated) {
        for word in &self.context.mapping.empty_is_unknown {
            match Meaning::from_word(word) {
                Some(Meaning::Column(Column::Facilities)) => {
                    if self.columns.has(Column::Facilities) && record.get(Column::Facilities).is_blank() {
                        stated.facilities = Facility::ALL.iter().copied().collect();
                    }
                }
                Some(Meaning::Column(column)) => {
                    if let Some(field) = column.field()
                        && self.columns.has(column)
                        && record.get(column).is_blank()
                    {
                        stated.fields.insert(field);
                    }
                }
                Some(Meaning::Facility(facility)) => {
                    let mut cells = record.facility_cells.iter();
                    if cells.any(|cell| cell.facility == facility && cell.item.is_blank()) {
                        stated.facilities.insert(facility);
                    }
                }
                Some(Meaning::Unknown) | None => {}
            }
        }
    }
}

/// Whether a station says anything in a field.
fn has_value(station: &Station, field: Field) -> bool {
    match field {
        Field::Name | Field::Location | Field::Status | Field::Synthetic | Field::Facilities => true,
        Field::Aliases => !station.aliases.is_empty(),
        Field::Address => station.address.is_some(),
        Field::District => station.district.is_some(),
        Field::Adcode => station.adcode.is_some(),
        Field::Host => station.host.is_some(),
        Field::Audience => !station.audience.is_empty(),
        Field::Hours => station.hours.osm.is_some() || station.hours.text.is_some(),
        Field::FloorAreaM2 => station.floor_area_m2.is_some(),
        Field::Seats => station.seats.is_some(),
        Field::OpenedOn => station.opened_on.is_some(),
        Field::Operator => station.operator.is_some(),
        Field::Phone => station.phone.is_some(),
        Field::Photos => !station.photos.is_empty(),
        Field::MapListings => station.map_listings != MapListings::default(),
        Field::Source => station.source.is_some(),
        Field::VerifiedAt => station.verified_at.is_some(),
    }
}

/// The facilities with a known state, and those that the row itself says it does not know.
fn stated_facilities(record: &RawRecord<'_>, station: &Station) -> FacilitySet {
    let known = &station.facilities;
    let mut stated: FacilitySet = known
        .yes()
        .iter()
        .chain(known.no().iter())
        .chain(known.out_of_order().iter())
        .collect();
    for cell in &record.facility_cells {
        if cell.item.as_text().is_some_and(says_unknown) {
            stated.insert(cell.facility);
        }
    }
    if let Item::Object(members) = record.get(Column::Facilities) {
        for (word, state) in members {
            if let Some(facility) = Facility::from_word(word)
                && state.as_text().is_some_and(says_unknown)
            {
                stated.insert(facility);
            }
        }
    }
    stated
}

/// Whether a cell says in words that something is not known; a dash or a blank says nothing.
fn says_unknown(cell: &str) -> bool {
    let is_word = cell.chars().any(char::is_alphabetic);
    is_word && facilities::state(cell) == Some(FacilityState::Unknown)
}
