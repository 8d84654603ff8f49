//! Random stations and standards, and the registers that are real or bundled.

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::standard::{BilingualName, Level, MapService, Requirement, Standard, StandardItem};
use yizhan::domain::station::{Location, MapListings, Station, StationId, Status};
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::import::{self, ImportFormat, ImportOptions};
use yizhan::locator::{Clock, ItemsQuery, Reference, Snapshot};

/// Few facilities, so that items of a standard overlap.
pub const FACILITIES: [Facility; 5] = [
    Facility::Microwave,
    Facility::Toilet,
    Facility::Heating,
    Facility::AirConditioning,
    Facility::WheelchairAccess,
];
const DISTRICTS: [Option<&str>; 4] = [None, Some("甲区"), Some("乙区"), Some("丙区")];

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub fn reference() -> Reference {
    let districts = include_bytes!("../../data/districts.geojson");
    Reference {
        calendar: WorkCalendar::bundled().into(),
        clock: Clock::default(),
        districts: import::parse_districts(districts, "districts")
            .expect("outlines")
            .into(),
        standards: bundled_standards().into(),
    }
}

pub fn bundled_standards() -> Vec<Standard> {
    import::parse_standards(include_str!("../../data/standards.json")).expect("standards")
}

pub fn bundled_standard(id: &str) -> Standard {
    let mut standards = bundled_standards().into_iter();
    standards
        .find(|standard| &*standard.id == id)
        .expect("a standard")
}

pub fn snapshot(stations: Vec<Station>) -> Snapshot {
    Snapshot::build(stations, reference(), 1)
}

pub fn demo_city() -> Snapshot {
    let bytes = include_bytes!("../../data/demo_city.geojson");
    let options = ImportOptions::default();
    let demo = import::parse(bytes, "demo", Some(ImportFormat::GeoJson), &options).expect("the demo city");
    snapshot(demo.stations)
}

/// The stations in service.
pub fn open_stations(snapshot: &Snapshot) -> Vec<u32> {
    let page = snapshot.items(&ItemsQuery {
        limit: usize::MAX,
        ..ItemsQuery::default()
    });
    let is_open = |station: &u32| snapshot.stations()[*station as usize].status == Status::Open;
    page.stations.into_iter().filter(is_open).collect()
}

fn state() -> impl Strategy<Value = FacilityState> {
    prop_oneof![
        4 => Just(FacilityState::Yes),
        2 => Just(FacilityState::Unknown),
        1 => Just(FacilityState::No),
        1 => Just(FacilityState::OutOfOrder),
    ]
}

fn listing() -> impl Strategy<Value = FacilityState> {
    select(vec![
        FacilityState::Yes,
        FacilityState::No,
        FacilityState::Unknown,
    ])
}

/// A station far out at sea, outside every outline.
pub fn bare(id: &str) -> Station {
    let place = Location::new(LonLat::new(-30.0, 10.0).expect("a place"), Datum::Wgs84);
    Station::new(StationId::new(id).expect("an id"), id, place)
}

fn station() -> impl Strategy<Value = Station> {
    let attributes = (
        prop::collection::vec(state(), FACILITIES.len()),
        (listing(), listing(), listing()),
        prop::option::of(select(vec![8.0, 24.9, 25.0, 40.0])),
        prop::option::of(select(vec![0_u32, 4, 5, 12])),
        prop::option::of(-20_i64..500),
        select(DISTRICTS.to_vec()),
        any::<bool>(),
    );
    attributes.prop_map(
        |(states, (amap, baidu, tencent), area, seats, age, district, synthetic)| {
            let mut station = bare("x");
            for (facility, state) in FACILITIES.iter().zip(states) {
                station.facilities.set(*facility, state);
            }
            station.map_listings = MapListings { amap, baidu, tencent };
            (station.floor_area_m2, station.seats) = (area, seats);
            station.verified_at = age.map(|days| day("2026-11-22") - chrono::TimeDelta::days(days));
            station.district = district.map(Into::into);
            station.synthetic = synthetic;
            station
        },
    )
}

/// A random register, with ids in an order of its own.
pub fn stations() -> impl Strategy<Value = Vec<Station>> {
    prop::collection::vec(station(), 0..12).prop_map(|mut stations| {
        for (station, number) in stations.iter_mut().zip(0..) {
            station.id = StationId::new(&format!("s{}", number * 7 % 12)).expect("an id");
        }
        stations
    })
}

fn requirement() -> impl Strategy<Value = Requirement> {
    prop_oneof![
        3 => select(FACILITIES.to_vec()).prop_map(Requirement::Facility),
        4 => subsequence(FACILITIES.to_vec(), 1..=3).prop_map(Requirement::AnyOf),
        1 => select(vec![10.0, 25.0]).prop_map(Requirement::MinFloorAreaM2),
        1 => select(vec![1, 5]).prop_map(Requirement::MinSeats),
        2 => subsequence(MapService::ALL.to_vec(), 1..=3).prop_map(Requirement::MapListingAnyOf),
        1 => Just(Requirement::NotRecorded("sign".into())),
    ]
}

/// A station that has none of the facilities, for one reason or another.
pub fn poor_station() -> impl Strategy<Value = Station> {
    let state = select(vec![
        FacilityState::Unknown,
        FacilityState::No,
        FacilityState::OutOfOrder,
        FacilityState::No,
    ]);
    prop::collection::vec(state, FACILITIES.len()).prop_map(|states| {
        let mut station = bare("poor");
        for (facility, state) in FACILITIES.iter().zip(states) {
            station.facilities.set(*facility, state);
        }
        station
    })
}

/// A standard whose items are alternatives that overlap each other.
pub fn overlapping_standard() -> impl Strategy<Value = Standard> {
    let alternatives = subsequence(FACILITIES.to_vec(), 1..=4).prop_map(Requirement::AnyOf);
    prop::collection::vec(alternatives.prop_map(|item| (item, Level::Required)), 2..7).prop_map(standard_of)
}

fn name(text: &str) -> BilingualName {
    BilingualName {
        zh: text.into(),
        en: text.into(),
    }
}

/// A random standard; it may require nothing.
pub fn standard() -> impl Strategy<Value = Standard> {
    let level = prop_oneof![5 => Just(Level::Required), 1 => Just(Level::Recommended)];
    prop::collection::vec((requirement(), level), 0..7).prop_map(standard_of)
}

/// A standard of some items.
pub fn standard_of(items: Vec<(Requirement, Level)>) -> Standard {
    let items = items.into_iter().enumerate();
    Standard {
        id: "random".into(),
        name: name("random"),
        issuer: "a test".into(),
        source: "a test".into(),
        items: items
            .map(|(position, (requirement, level))| StandardItem {
                id: position.to_string().into(),
                name: name("item"),
                requirement,
                level,
            })
            .collect(),
    }
}
