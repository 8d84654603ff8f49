//! Random registers and random conditions: crowded cities, poles, ±180°, duplicates and exact ties, none and one.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use geo::{MultiPolygon, polygon};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::district::District;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::station::{Host, Location, StatedHours, Station, StationId, Status};
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::locator::{Clock, Reference, Snapshot};

/// The facilities that random stations and questions are about.
pub const FACILITIES: [Facility; 4] = [
    Facility::Microwave,
    Facility::DrinkingWater,
    Facility::Toilet,
    Facility::WheelchairAccess,
];
/// Name and code of the districts that have outlines; the last lies far away from every world.
pub const DISTRICTS: [(&str, &str); 4] = [
    ("甲区", "110101"),
    ("乙区", "110102"),
    ("丙区", "110103"),
    ("远区", "110104"),
];
/// A district that only records name.
pub const ELSEWHERE: &str = "外区";
/// Hours in OSM syntax: all day, day, night, noon break, days off, seasons, never, uncertain, and one that is no syntax.
const HOURS: [&str; 10] = [
    "24/7",
    "08:00-20:00",
    "18:00-02:00",
    "Mo-Fr 08:30-12:00,14:30-17:30; PH off",
    "Mo-Fr 09:00-17:00",
    "Mo-Su 22:00-06:00; PH 10:00-12:00",
    "May-Oct 07:00-21:00; Nov-Apr 08:00-18:00",
    "off",
    "10:00-16:00 unknown \"电话预约\"",
    "8点到18点",
];

/// The bundled work calendar.
pub static CALENDAR: LazyLock<Arc<WorkCalendar>> = LazyLock::new(|| Arc::new(WorkCalendar::bundled()));

pub fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("a place on the earth")
}

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// A station of which nothing but id and place is known.
pub fn station(id: &str, place: LonLat) -> Station {
    let id = StationId::new(id).expect("an id");
    Station::new(id, "驿站", Location::new(place, Datum::Wgs84))
}

/// A rectangle that is a district.
pub fn rectangle((name, adcode): (&str, &str), [west, south, east, north]: [f64; 4]) -> District {
    let ring = polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)];
    District::new(name, Some(adcode), MultiPolygon::new(vec![ring])).expect("an outline")
}

/// The outlines of [`DISTRICTS`]: three in and around the city, which they do not cover, and one far away.
pub fn outlines() -> Vec<([f64; 4], District)> {
    let edges = [
        [109.35, 18.15, 109.5, 18.3],
        [109.5, 18.15, 109.65, 18.25],
        [109.35, 18.3, 109.45, 18.45],
        [80.0, 40.0, 81.0, 41.0],
    ];
    let named = DISTRICTS.iter().zip(edges);
    named
        .map(|(name, edges)| (edges, rectangle(*name, edges)))
        .collect()
}

/// A register with the outlines of [`DISTRICTS`], in China's time zone.
pub fn snapshot(stations: Vec<Station>) -> Snapshot {
    let reference = Reference {
        calendar: Arc::clone(&CALENDAR),
        clock: Clock::default(),
        districts: outlines().into_iter().map(|(_, district)| district).collect(),
        standards: Arc::new([]),
    };
    Snapshot::build(stations, reference, 1)
}

/// Places of one world: all over the earth, one crowded city, a pole, the antimeridian, a grid full of exact ties, or
/// a handful of special points many times over.
fn places() -> impl Strategy<Value = Vec<LonLat>> {
    let anywhere = (-180.0..=180.0, -90.0..=90.0).prop_map(|(lon, lat)| place(lon, lat));
    let city = (109.4..109.6, 18.2..18.4).prop_map(|(lon, lat)| place(lon, lat));
    let pole = (-180.0..=180.0, 89.9..=90.0).prop_map(|(lon, lat)| place(lon, lat));
    let antimeridian = (-0.5..0.5, -20.0..20.0)
        .prop_map(|(lon, lat): (f64, f64)| place(if lon < 0.0 { 180.0 + lon } else { lon - 180.0 }, lat));
    let grid = (-3..=3, -3..=3).prop_map(|(x, y)| place(f64::from(x) * 0.01, f64::from(y) * 0.01));
    let special = select(vec![
        place(180.0, 0.0),
        place(-180.0, 0.0),
        place(0.0, 90.0),
        place(77.0, 90.0),
        place(0.0, -90.0),
        place(109.45, 18.25),
    ]);
    prop_oneof![
        2 => prop::collection::vec(anywhere, 0..80),
        4 => prop::collection::vec(city, 1..120),
        1 => prop::collection::vec(pole, 1..60),
        1 => prop::collection::vec(antimeridian, 1..80),
        2 => prop::collection::vec(grid, 1..120),
        1 => prop::collection::vec(special, 1..40),
    ]
}

fn facility_state() -> impl Strategy<Value = FacilityState> {
    prop_oneof![
        4 => Just(FacilityState::Yes),
        1 => Just(FacilityState::No),
        2 => Just(FacilityState::Unknown),
        1 => Just(FacilityState::OutOfOrder),
    ]
}

fn stated_hours() -> impl Strategy<Value = StatedHours> {
    let osm = select(HOURS.as_slice()).prop_map(|osm| (Some(osm), None));
    prop_oneof![8 => osm, 1 => Just((None, None)), 1 => Just((None, Some("随营业时间")))].prop_map(
        |(osm, text)| StatedHours {
            osm: osm.map(Into::into),
            text: text.map(Into::into),
        },
    )
}

/// How a record words its district: not at all, by name, by code, by both.
fn stated_district() -> impl Strategy<Value = (Option<&'static str>, Option<&'static str>)> {
    let known = || select(DISTRICTS.as_slice());
    prop_oneof![
        3 => Just((None, None)),
        1 => known().prop_map(|(name, _)| (Some(name), None)),
        1 => known().prop_map(|(_, adcode)| (None, Some(adcode))),
        1 => known().prop_map(|(name, adcode)| (Some(name), Some(adcode))),
        1 => Just((Some(ELSEWHERE), None)),
    ]
}

fn status() -> impl Strategy<Value = Status> {
    prop_oneof![
        6 => Just(Status::Open),
        1 => select(Status::ALL),
    ]
}

/// A record with everything that a question can ask of it, at a place that comes later.
fn record() -> impl Strategy<Value = Station> {
    let states = prop::array::uniform4(facility_state());
    let host = prop::option::weighted(0.8, select(&Host::ALL[..4]));
    let opened_on = prop::option::of(0_u64..2000);
    let parts = (
        0_u32..1000,
        states,
        host,
        status(),
        stated_hours(),
        stated_district(),
        opened_on,
    );
    parts.prop_map(|(number, states, host, status, hours, district, opened_on)| {
        let mut station = station(&format!("驿{number:03}"), place(0.0, 0.0));
        for (facility, state) in FACILITIES.iter().zip(states) {
            station.facilities.set(*facility, state);
        }
        station.host = host;
        station.status = status;
        station.hours = hours;
        station.district = district.0.map(Into::into);
        station.adcode = district.1.map(Into::into);
        let first_day: chrono::NaiveDate = "2021-01-01".parse().expect("a day");
        station.opened_on = opened_on.map(|days| first_day + chrono::Days::new(days));
        station
    })
}

/// Random stations at given places; ids are unique and in no order.
pub fn stations_at(places: Vec<LonLat>) -> impl Strategy<Value = Vec<Station>> {
    let count = places.len();
    prop::collection::vec(record(), count).prop_map(move |mut stations| {
        for ((station, place), number) in stations.iter_mut().zip(&places).zip(0..) {
            let id = format!("{}-{number}", station.id.as_str());
            station.id = StationId::new(&id).expect("an id");
            station.location = Location::new(*place, Datum::Wgs84);
        }
        stations
    })
}

/// A random register.
pub fn stations() -> impl Strategy<Value = Vec<Station>> {
    places().prop_flat_map(stations_at)
}

/// A time of asking: an ordinary week, the Spring Festival with its make-up days, beyond the calendar.
pub fn time() -> impl Strategy<Value = DateTime<Utc>> {
    let begin = select(vec![
        "2026-11-16T00:00:00+08:00",
        "2026-02-14T00:00:00+08:00",
        "2025-12-31T00:00:00+08:00",
        "2027-06-01T00:00:00+08:00",
    ]);
    (begin, 0_i64..10 * 86_400)
        .prop_map(|(begin, seconds)| instant(begin) + chrono::TimeDelta::seconds(seconds))
}

/// When a random question wants stations to be open.
#[derive(Debug, Clone, Copy)]
pub enum Open {
    Any,
    At(DateTime<Utc>, u16),
    OnArrival(u16),
}

/// Random conditions, in words.
#[derive(Debug, Clone)]
pub struct Ask {
    pub all_of: Vec<Facility>,
    pub any_of: Vec<Facility>,
    pub allows_unknown: bool,
    pub hosts: Option<Vec<Host>>,
    pub statuses: Option<Vec<Status>>,
    pub districts: Option<Vec<&'static str>>,
    pub open: Open,
}

/// Random conditions; each is asked for in about half of the questions.
pub fn ask() -> impl Strategy<Value = Ask> {
    let facilities = || {
        let some = subsequence(FACILITIES.to_vec(), 0..=2);
        prop_oneof![1 => Just(Vec::new()), 1 => some]
    };
    let keys = || {
        let known = DISTRICTS.iter().flat_map(|(name, adcode)| [*name, *adcode]);
        let mut keys: Vec<&str> = known.collect();
        keys.push(ELSEWHERE);
        subsequence(keys, 1..=3)
    };
    let stay = || prop_oneof![2 => Just(0_u16), 1 => 1_u16..=90, 1 => 91_u16..=1440];
    let open = prop_oneof![
        2 => Just(Open::Any),
        1 => (time(), stay()).prop_map(|(at, stay)| Open::At(at, stay)),
        1 => stay().prop_map(Open::OnArrival),
    ];
    let parts = (
        (facilities(), facilities(), any::<bool>()),
        prop::option::weighted(0.3, subsequence(Host::ALL[..5].to_vec(), 1..=3)),
        prop::option::weighted(0.5, subsequence(Status::ALL.to_vec(), 1..=3)),
        prop::option::weighted(0.3, keys()),
        open,
    );
    parts.prop_map(
        |((all_of, any_of, allows_unknown), hosts, statuses, districts, open)| Ask {
            all_of,
            any_of,
            allows_unknown,
            hosts,
            statuses,
            districts,
            open,
        },
    )
}
