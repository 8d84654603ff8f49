//! Registers to serve: the demo city as the program loads it, and made-up ones.

use std::sync::Arc;

use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::station::{Location, Station, StationId};
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::http::{ApiState, Published};
use yizhan::import::{self, ImportFormat, ImportOptions};
use yizhan::locator::{Clock, Reference, Snapshot};

const DEMO_STATIONS: &[u8] = include_bytes!("../../data/demo_city.geojson");
const DEMO_DISTRICTS: &[u8] = include_bytes!("../../data/districts.geojson");
const STANDARDS: &str = include_str!("../../data/standards.json");

/// Calendar, clock, districts of the demo city, and standards.
pub fn reference() -> Reference {
    let districts = import::parse_districts(DEMO_DISTRICTS, "districts.geojson").expect("good districts");
    let standards = import::parse_standards(STANDARDS).expect("good standards");
    Reference {
        calendar: Arc::new(WorkCalendar::bundled()),
        clock: Clock::new(chrono_tz::Asia::Shanghai),
        districts: districts.into(),
        standards: standards.into(),
    }
}

/// The 74 synthetic stations of the demo city.
pub fn demo_stations() -> Vec<Station> {
    let options = ImportOptions::default();
    let format = Some(ImportFormat::GeoJson);
    let imported = import::parse(DEMO_STATIONS, "demo_city.geojson", format, &options).expect("a good file");
    assert_eq!((imported.stations.len(), imported.errors), (74, 0));
    imported.stations
}

/// A station that says nothing but where it is.
pub fn station(id: &str, lon_deg: f64, lat_deg: f64) -> Station {
    let place = LonLat::new(lon_deg, lat_deg).expect("a place");
    let id = StationId::new(id).expect("an id");
    Station::new(id, "驿站", Location::new(place, Datum::Wgs84))
}

/// What is published under a revision.
pub fn published(stations: Vec<Station>, revision: u64) -> Published {
    Published::new(Snapshot::build(stations, reference(), revision))
}

/// A state that serves these stations as revision 1.
pub fn state(stations: Vec<Station>) -> ApiState {
    let state = ApiState::default();
    state.publish(published(stations, 1));
    state
}

pub fn demo_state() -> ApiState {
    state(demo_stations())
}
