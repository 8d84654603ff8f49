//! Registers and sheets for tests.

use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::facility::FacilitySet;
use yizhan::domain::field::{Field, FieldSet};
use yizhan::domain::geodesic::direct;
use yizhan::domain::station::{Location, Station, StationId};
use yizhan::register::row::IncomingRow;

/// A place some metres east and north of Sanya's centre.
pub fn place(east_m: f64, north_m: f64) -> LonLat {
    let centre = LonLat::new(109.5, 18.25).expect("a place");
    direct(direct(centre, 0.0, north_m), 90.0, east_m)
}

/// A station at a place.
pub fn station(id: &str, name: &str, at: (f64, f64)) -> Station {
    let location = Location::new(place(at.0, at.1), Datum::Wgs84);
    Station::new(StationId::new(id).expect("an id"), name, location)
}

/// A row that states name, place and telephone number.
pub fn row(number: u64, station: Station) -> IncomingRow {
    let stated: FieldSet = [Field::Name, Field::Location, Field::Phone].into_iter().collect();
    IncomingRow {
        number,
        station,
        stated,
        facilities: FacilitySet::EMPTY,
    }
}

/// A station with a telephone number.
pub fn with_phone(mut station: Station, phone: &str) -> Station {
    station.phone = Some(phone.into());
    station
}
