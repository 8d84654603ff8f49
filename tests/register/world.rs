//! Registers and sheets for tests.

use proptest::prelude::*;
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

/// Up to eight stations whose names, places and numbers often meet.
pub fn any_station(prefix: &'static str) -> impl Strategy<Value = Vec<Station>> {
    let names = proptest::sample::select(vec![
        "解放路工会驿站",
        "解放路环卫驿站",
        "解放路2号驿站",
        "解放路3号驿站",
        "解放路南段爱心驿站",
        "胜利广场驿站",
        "胜利广场志愿服务驿站",
        "工会驿站",
        "崖城社区党群服务中心驿站",
        "崖城社区党群中心驿站",
    ]);
    // Most of a world within 200 m, some of it two kilometres away.
    let at = (
        prop_oneof![3 => -100.0..100.0, 1 => -1500.0..1500.0],
        prop_oneof![-60.0..60.0, Just(0.0)],
    );
    let phone = proptest::option::of(proptest::sample::select(vec![
        "13800000001",
        "13800000002",
        "13800000003",
    ]));
    proptest::collection::vec((names, at, phone), 0..9).prop_map(move |all| {
        let numbered = all.into_iter().enumerate();
        numbered
            .map(|(number, (name, at, phone))| {
                let mut station = station(&format!("{prefix}{number}"), name, at);
                station.phone = phone.map(Into::into);
                station
            })
            .collect()
    })
}
