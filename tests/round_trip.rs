//! Our own formats back and forth: GeoJSON loses nothing, CSV loses only what it has no columns for.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::{Datum, convert};
use yizhan::domain::facility::{Facilities, Facility, FacilityDetail, FacilityState};
use yizhan::domain::geocode::{GeocodePrecision, GeocodeProvider, Geocoded};
use yizhan::domain::station::{
    Audience, Host, Location, MAX_PHOTOS, MapListings, StatedHours, Station, StationId, Status,
};
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::export::parts::Parts;
use yizhan::export::row::Row;
use yizhan::export::{OutDatum, Style, csv, geojson};
use yizhan::import::{ImportFormat, ImportOptions, Imported, parse};
use yizhan::locator::{Clock, Reference, Snapshot};
use yizhan::register;
use yizhan::register::record::body;
use yizhan::storage::Record;

/// Characters that formats, spreadsheets and parsers like to stumble over; none is a control character.
const ODD: &[char] = &[
    '驿',
    '站',
    '𠮷',
    'é',
    '"',
    '\\',
    '\'',
    ',',
    ';',
    '；',
    '、',
    '|',
    '=',
    '：',
    '<',
    '&',
    '/',
    '{',
    '[',
    '#',
    '\u{2028}',
    '\u{feff}',
    '\u{200d}',
    '👷',
    'ß',
    ' ',
    '\u{3000}',
    '%',
    '0',
    'a',
    '+',
    '-',
    '@',
    '中',
    '\u{301}',
    '？',
    '\u{10ffff}',
];

fn snapshot(stations: Vec<Station>) -> Snapshot {
    let reference = Reference {
        calendar: WorkCalendar::bundled().into(),
        clock: Clock::default(),
        districts: Vec::new().into(),
        standards: Vec::new().into(),
    };
    Snapshot::build(stations, reference, 1)
}

fn as_geojson(stations: Vec<Station>) -> String {
    let snapshot = snapshot(stations);
    geojson::register(&snapshot, &Parts::build(&snapshot))
}

fn as_csv(stations: Vec<Station>, datum: Datum) -> String {
    let snapshot = snapshot(stations);
    let ordinals = 0..u32::try_from(snapshot.stations().len()).expect("few stations");
    let rows: Vec<Row> = ordinals.map(Row::item).collect();
    let style = Style {
        datum: OutDatum(datum),
        ..Style::default()
    };
    csv::items(&snapshot, &Parts::build(&snapshot), &rows, &style)
}

fn read(text: &str, format: ImportFormat) -> Imported {
    parse(
        text.as_bytes(),
        "register",
        Some(format),
        &ImportOptions::default(),
    )
    .expect("a usable register")
}

/// A text as an importer keeps it: not empty, no blank at either end.
fn text() -> impl Strategy<Value = Box<str>> {
    prop::collection::vec(select(ODD), 1..12).prop_filter_map("a text", |characters| {
        let text: String = characters.into_iter().collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.into())
    })
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..60_000)
        .prop_map(|days| NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day") + chrono::Days::new(days))
}

fn moment() -> impl Strategy<Value = DateTime<Utc>> {
    let fraction = prop_oneof![
        Just(0_u32),
        (0..1000_u32).prop_map(|ms| ms * 1_000_000),
        0..1_000_000_000_u32
    ];
    (0_i64..4_000_000_000, fraction)
        .prop_map(|(seconds, fraction)| DateTime::from_timestamp(seconds, fraction).expect("a time"))
}

/// A place in China in any datum with all the digits that a number has, or anywhere else in WGS-84.
fn location() -> impl Strategy<Value = Location> {
    let place = |(lon, lat)| LonLat::new(lon, lat).expect("a place on the earth");
    let china = (73.0..136.0, 3.5..53.5).prop_map(place);
    let elsewhere = (-180.0..=180.0, -70.0..=70.0).prop_map(place);
    let edge = select(vec![
        (180.0, 10.0),
        (-180.0, -10.0),
        (0.1, 90.0),
        (179.999_999_9, 0.0),
        (-0.000_000_4, 51.0),
    ]);
    let datum = || select(Datum::ALL);
    prop_oneof![
        6 => (china.clone(), datum()).prop_map(|(place, datum)| Location::new(place, datum)),
        2 => (china, datum(), select(GeocodeProvider::ALL), any::<bool>()).prop_map(|(place, datum, provider, is_house)| {
            let precision = if is_house { GeocodePrecision::Address } else { GeocodePrecision::Street };
            Location::new(place, datum).geocoded_by(Geocoded { provider, precision })
        }),
        1 => (elsewhere, datum()).prop_map(|(place, datum)| Location::new(place, datum)),
        1 => edge.prop_map(move |edge| Location::new(place(edge), Datum::Wgs84)),
    ]
}

fn facilities() -> impl Strategy<Value = Facilities> {
    let states = prop::collection::vec(select(FacilityState::ALL), Facility::ALL.len());
    let detail = (
        select(Facility::ALL),
        prop::option::of(text()),
        prop::option::of(day()),
    );
    (states, prop::collection::vec(detail, 0..4)).prop_map(|(states, details)| {
        let mut facilities = Facilities::default();
        for (facility, state) in Facility::ALL.iter().zip(states) {
            facilities.set(*facility, state);
        }
        for (facility, source, verified_at) in details {
            if source.is_some() || verified_at.is_some() {
                facilities.set_detail(FacilityDetail {
                    facility,
                    source,
                    verified_at,
                });
            }
        }
        facilities
    })
}

fn hours() -> impl Strategy<Value = StatedHours> {
    let osm = select(vec![
        "24/7",
        "Mo-Fr 08:30-12:00,14:30-17:30; PH off",
        "Mo-Su 22:00-06:00 \"夜间\"",
    ]);
    let words = select(vec!["随营业时间", "工作日，节假日除外", "请电话预约"]);
    (prop::option::of(osm), prop::option::of(words)).prop_map(|(osm, words)| StatedHours {
        osm: osm.map(Into::into),
        text: words.map(Into::into),
    })
}

fn photos() -> impl Strategy<Value = Vec<&'static str>> {
    let photo = select(vec![
        "https://a.cn/1.jpg",
        "https://b.cn/x;v=1/2.jpg?process=image/resize,w_100",
        "HTTPS://照片.中国/门口.jpg",
    ]);
    prop::collection::vec(photo, 0..=MAX_PHOTOS)
}

/// A station with anything that a record can hold.
fn station() -> impl Strategy<Value = Station> {
    let optional = || prop::option::of(text());
    let texts = (optional(), optional(), optional(), optional(), optional());
    let words = (
        prop::option::of(select(Host::ALL)),
        subsequence(Audience::ALL.to_vec(), 0..=Audience::ALL.len()),
        select(Status::ALL),
        prop::array::uniform3(select(FacilityState::ALL)),
    );
    let area_m2 = prop_oneof![0.0..1_000_000.0, (0_u32..500).prop_map(f64::from), Just(1e-7)];
    let numbers = (
        prop::option::of(area_m2),
        prop::option::of(0_u32..=100_000),
        prop::option::of(100_000_u32..1_000_000),
        prop_oneof![Just(1), any::<u64>()],
    );
    let times = (
        prop::option::of(day()),
        prop::option::of(day()),
        prop::option::of(moment()),
        any::<bool>(),
    );
    let lists = (prop::collection::vec(text(), 0..4), photos());
    (
        text(),
        location(),
        facilities(),
        hours(),
        (texts, words, numbers, times, lists),
    )
        .prop_map(
            |(name, location, facilities, hours, (texts, words, numbers, times, (aliases, photos)))| {
                let mut station = Station::new(StationId::new("id").expect("an id"), &name, location);
                (station.facilities, station.hours, station.aliases) = (facilities, hours, aliases);
                (
                    station.address,
                    station.district,
                    station.operator,
                    station.phone,
                    station.source,
                ) = texts;
                let (host, audience, status, [amap, baidu, tencent]) = words;
                (station.host, station.audience, station.status) = (host, audience, status);
                station.map_listings = MapListings { amap, baidu, tencent };
                station.photos = photos.into_iter().map(Into::into).collect();
                (station.floor_area_m2, station.seats) = (numbers.0, numbers.1);
                station.adcode = numbers.2.map(|code| code.to_string().into());
                station.revision = numbers.3;
                (
                    station.opened_on,
                    station.verified_at,
                    station.updated_at,
                    station.synthetic,
                ) = times;
                station
            },
        )
}

/// A register: ids are unique, odd, and in order.
fn several() -> impl Strategy<Value = Vec<Station>> {
    prop::collection::vec((station(), text()), 0..12).prop_map(|stations| {
        let mut stations: Vec<Station> = stations
            .into_iter()
            .enumerate()
            .map(|(number, (mut station, id))| {
                station.id = StationId::new(&format!("{number}{id}")).expect("an id");
                station
            })
            .collect();
        stations.sort_by(|a, b| a.id.cmp(&b.id));
        stations
    })
}

/// What CSV has no columns for goes; the place is rounded to the six decimals that the columns have.
fn without_what_tables_lack(mut station: Station, datum: Datum) -> Station {
    let mut facilities = Facilities::default();
    for facility in Facility::ALL {
        facilities.set(*facility, station.facilities.state(*facility));
    }
    station.facilities = facilities;
    station.map_listings = MapListings::default();
    let place = convert(station.location.place(), Datum::Wgs84, datum);
    let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let written =
        LonLat::new(rounded(place.lon_deg()), rounded(place.lat_deg())).expect("a place on the earth");
    station.location = Location::new(written, datum);
    // A list in one cell ends an entry at each of these.
    let entries = station
        .aliases
        .iter()
        .flat_map(|alias| alias.split([';', '；', '、', ',', '，', '|']));
    let entries = entries.map(str::trim).filter(|entry| !entry.is_empty());
    station.aliases = entries.map(Into::into).collect();
    station
}

fn distance_m(a: &Station, b: &Station) -> f64 {
    yizhan::domain::geodesic::karney(a.location.place(), b.location.place()).get()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn our_geojson_gives_back_every_field_bit_by_bit(stations in several()) {
        let text = as_geojson(stations.clone());
        let imported = read(&text, ImportFormat::GeoJson);
        prop_assert_eq!(imported.errors, 0, "{:?}", imported.problems);
        prop_assert_eq!(&imported.stations, &stations, "{:?}", imported.problems);
        prop_assert_eq!(as_geojson(imported.stations), text);
    }

    #[test]
    fn records_of_the_register_give_back_every_field_bit_by_bit(stations in several()) {
        let at = DateTime::from_timestamp_millis(1_790_000_000_123).expect("a time");
        let records = stations.iter().map(|station| Record {
            id: station.id.as_str().to_owned(),
            revision: station.revision,
            at,
            body: body(station),
        });
        let back = register::record::stations(records.collect()).expect("stations");
        let expected: Vec<Station> = stations
            .into_iter()
            .map(|station| Station { updated_at: Some(at), ..station })
            .collect();
        prop_assert_eq!(back, expected);
    }

    #[test]
    fn our_csv_gives_back_what_its_columns_hold(stations in several(), datum in select(Datum::ALL)) {
        let text = as_csv(stations.clone(), datum);
        let imported = if stations.is_empty() { Imported::default() } else { read(&text, ImportFormat::Csv) };
        prop_assert_eq!(imported.errors, 0, "{:?}", imported.problems);
        prop_assert_eq!(imported.stations.len(), stations.len());
        for (mut station, original) in imported.stations.into_iter().zip(stations) {
            let expected = without_what_tables_lack(original, datum);
            prop_assert!(distance_m(&station, &expected) < 1e-6, "{station:?} {expected:?}");
            station.location = expected.location;
            prop_assert_eq!(station, expected);
        }
    }
}

/// One station of our own format with a geometry and an original.
fn feature(geometry: &str, original: &str) -> Imported {
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"a",
        "geometry":{{"type":"Point","coordinates":[{geometry}]}},"properties":{{"name":"甲","original":{original}}}}}]}}"#
    );
    read(&text, ImportFormat::GeoJson)
}

const ORIGINAL: &str = r#"{"lon":113.56452512345678,"lat":34.81918798765432,"datum":"gcj02"}"#;

#[test]
fn an_original_that_rounds_to_the_geometry_gives_the_place_its_lost_decimals_back() {
    let original = LonLat::new(113.564_525_123_456_78, 34.819_187_987_654_32).expect("a place");
    let location = Location::new(original, Datum::Gcj02);
    let geometry = format!(
        "{:.6},{:.6}",
        location.place().lon_deg(),
        location.place().lat_deg()
    );
    let imported = feature(&geometry, ORIGINAL);
    assert_eq!(imported.problems, []);
    assert_eq!(imported.stations[0].location, location);
}

#[test]
fn a_geometry_that_disagrees_with_the_original_counts_and_beyond_a_metre_a_warning_says_so() {
    let original = LonLat::new(113.564_525_123_456_78, 34.819_187_987_654_32).expect("a place");
    let place = Location::new(original, Datum::Gcj02).place();
    for (north_deg, warnings) in [(0.000_003, 0), (0.000_05, 1), (0.01, 1)] {
        let given = LonLat::new(place.lon_deg(), place.lat_deg() + north_deg).expect("a place");
        let imported = feature(&format!("{},{}", given.lon_deg(), given.lat_deg()), ORIGINAL);
        assert_eq!(
            (imported.errors, imported.warnings),
            (0, warnings),
            "{:?}",
            imported.problems
        );
        let location = imported.stations[0].location;
        assert_eq!(
            (location.place(), location.original(), location.datum()),
            (given, original, Datum::Gcj02)
        );
        // What the file says is written again as it was, and read again as it was written.
        let text = as_geojson(imported.stations);
        assert_eq!(as_geojson(read(&text, ImportFormat::GeoJson).stations), text);
    }
}

#[test]
fn the_demo_city_is_the_same_after_a_journey_through_our_geojson() {
    let demo = include_str!("../data/demo_city.geojson");
    let first = read(demo, ImportFormat::GeoJson);
    assert_eq!((first.stations.len(), first.errors), (74, 0));
    let text = as_geojson(first.stations.clone());
    let second = read(&text, ImportFormat::GeoJson);
    assert_eq!(first.stations, second.stations);
    assert_eq!(as_geojson(second.stations), text);
}

#[test]
fn an_empty_register_is_an_empty_collection() {
    let text = as_geojson(Vec::new());
    assert_eq!(text, "{\"type\":\"FeatureCollection\",\"features\":[\n\n]}\n");
    assert!(read(&text, ImportFormat::GeoJson).stations.is_empty());
}
