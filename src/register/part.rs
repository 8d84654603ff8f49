//! The unit of a change: one field of a station, or one single facility.

use chrono::NaiveDate;

use super::row::IncomingRow;
use crate::domain::facility::{Facilities, Facility, FacilityDetail};
use crate::domain::field::Field;
use crate::domain::geodesic::karney;
use crate::domain::language::Language;
use crate::domain::station::{Location, Station};

/// Two places that are nearer to each other are written alike, metres: our formats hold six decimals of a degree.
pub const SAME_COORDINATE_M: f64 = 0.15;

/// What can change by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// One field, but never [`Field::Facilities`]: those change one by one.
    Field(Field),
    /// One facility, its state with the note where that comes from.
    Facility(Facility),
}

impl Part {
    /// Every part, fields first, in the order of their vocabularies.
    pub fn all() -> impl Iterator<Item = Self> {
        let fields = Field::ALL.iter().filter(|field| **field != Field::Facilities);
        let facilities = Facility::ALL.iter().map(|facility| Self::Facility(*facility));
        fields.map(|field| Self::Field(*field)).chain(facilities)
    }

    /// The parts that a row states, in the order of [`Part::all`].
    pub fn stated_by(row: &IncomingRow) -> impl Iterator<Item = Self> {
        Self::all().filter(|part| match part {
            Self::Field(field) => row.stated.contains(*field),
            Self::Facility(facility) => row.facilities.contains(*facility),
        })
    }

    /// The stable word, for example `phone` or `facilities.microwave`.
    pub fn word(self) -> String {
        match self {
            Self::Field(field) => field.word().to_owned(),
            Self::Facility(facility) => format!("facilities.{facility}"),
        }
    }

    /// The part of a word that [`Part::word`] gives.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.strip_prefix("facilities.") {
            Some(facility) => Facility::from_word(facility).map(Self::Facility),
            None => Field::from_word(word)
                .filter(|field| *field != Field::Facilities)
                .map(Self::Field),
        }
    }

    /// The label that a person reads.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Field(field) => field.label(language),
            Self::Facility(facility) => facility.label(language),
        }
    }

    /// Whether two records say the same here. Places are the same when they are written alike. A note on a facility is
    /// compared too.
    pub fn is_equal(self, one: &Station, other: &Station) -> bool {
        match self {
            Self::Field(Field::Location) => is_same_location(&one.location, &other.location),
            Self::Field(field) => field.is_equal(one, other),
            Self::Facility(facility) => {
                one.facilities.state(facility) == other.facilities.state(facility)
                    && note_on(&one.facilities, facility) == note_on(&other.facilities, facility)
            }
        }
    }

    /// Whether a sheet that says `theirs` would change nothing in a record that says `mine`: a sheet that has no note
    /// on a facility leaves the note, and a check that is older than the last one changes no date.
    pub fn is_settled(self, theirs: &Station, mine: &Station) -> bool {
        match self {
            Self::Field(Field::VerifiedAt) => match (theirs.verified_at, mine.verified_at) {
                (Some(stated), Some(known)) => stated <= known,
                (stated, known) => stated == known,
            },
            Self::Facility(facility) if note_on(&theirs.facilities, facility).is_none() => {
                theirs.facilities.state(facility) == mine.facilities.state(facility)
            }
            _ => self.is_equal(theirs, mine),
        }
    }

    /// Takes over what another record says here. A facility whose state changes loses its old note, because nobody
    /// checked the new state then.
    pub fn copy(self, from: &Station, to: &mut Station) {
        match self {
            Self::Field(field) => field.copy(from, to),
            Self::Facility(facility) => copy_facility(facility, &from.facilities, &mut to.facilities),
        }
    }

    /// What a record says here, for people and tables; `None` when it says nothing.
    pub fn text(self, station: &Station) -> Option<String> {
        match self {
            Self::Field(field) => field_text(field, station),
            Self::Facility(facility) => {
                let state = station.facilities.state(facility).word();
                let note = note_on(&station.facilities, facility).map(note_text);
                Some(
                    note.filter(|note| !note.is_empty())
                        .map_or_else(|| state.to_owned(), |note| format!("{state} ({note})")),
                )
            }
        }
    }
}

impl serde::Serialize for Part {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.word())
    }
}

fn is_same_location(one: &Location, other: &Location) -> bool {
    one == other || karney(one.place(), other.place()).get() <= SAME_COORDINATE_M
}

fn note_on(facilities: &Facilities, facility: Facility) -> Option<&FacilityDetail> {
    facilities
        .details()
        .iter()
        .find(|detail| detail.facility == facility)
}

fn note_text(note: &FacilityDetail) -> String {
    let day = note.verified_at.map(|day: NaiveDate| day.to_string());
    let said: Vec<String> = note
        .source
        .as_ref()
        .map(ToString::to_string)
        .into_iter()
        .chain(day)
        .collect();
    said.join(", ")
}

fn copy_facility(facility: Facility, from: &Facilities, to: &mut Facilities) {
    let state = from.state(facility);
    match note_on(from, facility) {
        Some(note) => {
            to.set(facility, state);
            to.set_detail(note.clone());
        }
        None if to.state(facility) == state => {}
        None => {
            let mut without = Facilities::default();
            for known in Facility::ALL {
                without.set(*known, to.state(*known));
            }
            without.set(facility, state);
            for note in to.details().iter().filter(|note| note.facility != facility) {
                without.set_detail(note.clone());
            }
            *to = without;
        }
    }
}

fn field_text(field: Field, station: &Station) -> Option<String> {
    let list = |words: Vec<String>| (!words.is_empty()).then(|| words.join("; "));
    let text = |text: &Option<Box<str>>| text.as_ref().map(ToString::to_string);
    match field {
        Field::Name => Some(station.name.to_string()),
        Field::Aliases => list(station.aliases.iter().map(ToString::to_string).collect()),
        Field::Address => text(&station.address),
        Field::District => text(&station.district),
        Field::Adcode => text(&station.adcode),
        Field::Location => {
            let (original, datum) = (station.location.original(), station.location.datum());
            let found = station.location.geocoded();
            let found = found.map_or_else(String::new, |found| format!(", geocoded by {}", found.provider));
            Some(format!(
                "{:.6},{:.6} ({datum}{found})",
                original.lon_deg(),
                original.lat_deg()
            ))
        }
        Field::Host => station.host.map(|host| host.to_string()),
        Field::Audience => list(station.audience.iter().map(ToString::to_string).collect()),
        Field::Status => Some(station.status.to_string()),
        Field::Hours => {
            let (osm, words) = (station.hours.osm.as_deref(), station.hours.text.as_deref());
            list(osm.into_iter().chain(words).map(str::to_owned).collect())
        }
        Field::Facilities => None,
        Field::FloorAreaM2 => station.floor_area_m2.map(|area| area.to_string()),
        Field::Seats => station.seats.map(|seats| seats.to_string()),
        Field::OpenedOn => station.opened_on.map(|day| day.to_string()),
        Field::Operator => text(&station.operator),
        Field::Phone => text(&station.phone),
        Field::Photos => list(station.photos.iter().map(ToString::to_string).collect()),
        Field::MapListings => {
            let listings = station.map_listings;
            Some(format!(
                "amap {}, baidu {}, tencent {}",
                listings.amap, listings.baidu, listings.tencent
            ))
        }
        Field::Source => text(&station.source),
        Field::VerifiedAt => station.verified_at.map(|day| day.to_string()),
        Field::Synthetic => Some(station.synthetic.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::coordinate::LonLat;
    use crate::domain::datum::{Datum, convert};
    use crate::domain::facility::FacilityState;
    use crate::domain::station::StationId;

    fn station() -> Station {
        let place = Location::new(LonLat::new(109.5, 18.25).unwrap(), Datum::Wgs84);
        Station::new(StationId::new("a").unwrap(), "甲", place)
    }

    #[test]
    fn a_facility_that_changes_loses_the_note_about_its_old_state_and_no_other_note() {
        let mut mine = station();
        for facility in [Facility::Toilet, Facility::Ice] {
            mine.facilities.set(facility, FacilityState::Yes);
            let day = NaiveDate::from_ymd_opt(2026, 5, 1);
            mine.facilities.set_detail(FacilityDetail {
                facility,
                source: None,
                verified_at: day,
            });
        }
        let mut theirs = station();
        theirs.facilities.set(Facility::Toilet, FacilityState::No);
        let part = Part::Facility(Facility::Toilet);
        assert!(!part.is_settled(&theirs, &mine));
        assert_eq!(part.text(&mine).as_deref(), Some("yes (2026-05-01)"));
        part.copy(&theirs, &mut mine);
        assert!(part.is_settled(&theirs, &mine));
        assert_eq!(part.text(&mine).as_deref(), Some("no"));
        assert_eq!(mine.facilities.details().len(), 1);
        theirs.facilities.set(Facility::Ice, FacilityState::Yes);
        assert!(
            Part::Facility(Facility::Ice).is_settled(&theirs, &mine),
            "no note leaves the note"
        );
    }

    #[test]
    fn one_place_written_in_another_datum_is_the_same_place() {
        let (mut mine, mut theirs) = (station(), station());
        let moved = convert(mine.location.place(), Datum::Wgs84, Datum::Gcj02);
        let six_decimals = |degrees: f64| (degrees * 1e6).round() / 1e6;
        let written = LonLat::new(six_decimals(moved.lon_deg()), six_decimals(moved.lat_deg())).unwrap();
        theirs.location = Location::new(written, Datum::Gcj02);
        assert!(Part::Field(Field::Location).is_equal(&mine, &theirs));
        mine.location = Location::new(LonLat::new(109.500_01, 18.25).unwrap(), Datum::Wgs84);
        assert!(!Part::Field(Field::Location).is_equal(&mine, &theirs));
    }

    #[test]
    fn an_older_check_moves_no_date_back() {
        let (mut mine, mut theirs) = (station(), station());
        let part = Part::Field(Field::VerifiedAt);
        mine.verified_at = NaiveDate::from_ymd_opt(2026, 5, 2);
        theirs.verified_at = NaiveDate::from_ymd_opt(2026, 5, 1);
        assert!(part.is_settled(&theirs, &mine) && !part.is_settled(&mine, &theirs));
    }
}
