//! The evidence for a datum: real registers, published places, the demo city, and random worlds with noise.

use std::path::PathBuf;

use proptest::prelude::*;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::{Datum, convert};
use yizhan::domain::district::District;
use yizhan::domain::geodesic::{direct, karney};
use yizhan::domain::language::Language;
use yizhan::domain::station::{Location, Station, StationId};
use yizhan::import::{ImportOptions, load, parse, parse_districts};
use yizhan::register::datum_evidence::{EvidencePoint, Forensics, Verdict, examine};

use crate::shared_data;

/// A coordinate with the name of its station and the district that its row states.
struct Row {
    given: LonLat,
    name: String,
    district: Option<String>,
}

fn forensics(rows: &[Row], districts: &[District], known: &[Station]) -> Forensics {
    let points: Vec<EvidencePoint<'_>> = rows
        .iter()
        .map(|row| EvidencePoint {
            given: row.given,
            name: &row.name,
            district: row.district.as_deref(),
            adcode: None,
        })
        .collect();
    examine(&points, districts, known)
}

/// The rows of a file that has the stations in a datum.
fn written_in(datum: Datum, stations: &[Station]) -> Vec<Row> {
    stations
        .iter()
        .map(|station| Row {
            given: convert(station.location.place(), Datum::Wgs84, datum),
            name: station.name.to_string(),
            district: station.district.as_ref().map(ToString::to_string),
        })
        .collect()
}

#[test]
fn zhengzhous_coordinates_are_known_to_be_gcj02_by_half_of_its_stations() {
    let Some(path) = shared_data::path("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let stations = load(&[path], &ImportOptions::default(), &|_, _| {})
        .unwrap()
        .stations;
    let half: Vec<Station> = stations.iter().step_by(2).cloned().collect();
    let as_given: Vec<Row> = stations
        .iter()
        .map(|station| Row {
            given: station.location.original(),
            name: station.name.to_string(),
            district: None,
        })
        .collect();
    let found = forensics(&as_given, &[], &half);
    assert_eq!(found.verdict, Verdict::Sure(Datum::Gcj02), "{found:?}");
    let lines = found.sentences(Language::En);
    assert!(lines[0].starts_with("Median distance to 4"), "{lines:?}");
    assert!(lines[0].contains("0 m as GCJ-02 (Amap, Tencent)"), "{lines:?}");
    assert_eq!(lines[1], "The datum is GCJ-02 (Amap, Tencent).");
    for datum in Datum::ALL {
        let found = forensics(&written_in(*datum, &stations), &[], &half);
        assert_eq!(found.verdict, Verdict::Sure(*datum));
    }
    assert_eq!(forensics(&as_given, &[], &[]).verdict, Verdict::Undecided);
}

#[test]
fn three_hundred_cities_tell_the_datum_of_each_column() {
    let Some(text) = shared_data::read("coord-vectors-gcj02-bd09/gcoord_china-cities.json") else {
        return;
    };
    let mut cities: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let name = |city: &serde_json::Value| city["attrs"].to_string();
    cities.sort_by_key(name);
    cities.dedup_by_key(|city| name(city));
    let rows = |column: &str| -> Vec<Row> {
        let cities = cities.iter();
        cities
            .map(|city| {
                let pair = &city["coords"][column];
                Row {
                    given: LonLat::new(pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap()).unwrap(),
                    name: format!("{}火车站工会驿站", city["attrs"]["name"].as_str().unwrap()),
                    district: None,
                }
            })
            .collect()
    };
    let known: Vec<Station> = rows("WGS84")
        .iter()
        .enumerate()
        .map(|(number, row)| {
            let id = StationId::new(&format!("{number}")).unwrap();
            Station::new(id, &row.name, Location::new(row.given, Datum::Wgs84))
        })
        .collect();
    for (column, datum) in [
        ("WGS84", Datum::Wgs84),
        ("GCJ02", Datum::Gcj02),
        ("BD09", Datum::Bd09),
    ] {
        let found = forensics(&rows(column), &[], &known);
        assert_eq!(found.verdict, Verdict::Sure(datum), "{column}: {found:?}");
    }
}

fn demo() -> (Vec<Station>, Vec<District>) {
    let file = |name: &str| {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
        std::fs::read(path).expect("a bundled file")
    };
    let stations = parse(
        &file("demo_city.geojson"),
        "demo",
        None,
        &ImportOptions::default(),
    )
    .expect("the demo city");
    let districts = parse_districts(&file("districts.geojson"), "districts").expect("its districts");
    (stations.stations, districts)
}

#[test]
fn sanya_in_each_datum_is_told_by_its_stations_and_never_mistaken_by_its_districts() {
    let (stations, districts) = demo();
    for datum in Datum::ALL {
        let rows = written_in(*datum, &stations);
        let with_stations = forensics(&rows, &districts, &stations);
        assert_eq!(with_stations.verdict, Verdict::Sure(*datum), "{with_stations:?}");
        let by_districts = forensics(&rows, &districts, &[]);
        let is_safe = [Verdict::Likely(*datum), Verdict::Undecided].contains(&by_districts.verdict);
        assert!(is_safe, "{datum}: {by_districts:?}");
    }
    let bd09 = forensics(&written_in(Datum::Bd09, &stations), &districts, &[]);
    assert_eq!(bd09.with_stated_district, 74);
    let counts: Vec<usize> = bd09.by_datum.iter().map(|one| one.in_stated_district).collect();
    assert!(counts[2] > counts[0], "{counts:?}");
    let lines = bd09.sentences(Language::Zh);
    assert!(
        lines[0].starts_with("74个点写明了所在区，落在该区内的：按 WGS-84"),
        "{lines:?}"
    );
}

#[test]
fn abroad_there_is_nothing_to_decide_and_without_anything_to_compare_nothing_is_said() {
    let tokyo = Row {
        given: LonLat::new(139.7, 35.69).unwrap(),
        name: "东京驿站".into(),
        district: None,
    };
    assert_eq!(forensics(&[tokyo], &[], &[]).verdict, Verdict::NoDifference);
    assert_eq!(forensics(&[], &[], &[]).verdict, Verdict::NoDifference);
    let (stations, _) = demo();
    let alone = forensics(&written_in(Datum::Gcj02, &stations), &[], &[]);
    assert_eq!(alone.verdict, Verdict::Undecided);
    for language in [Language::Zh, Language::En] {
        assert_eq!(alone.sentences(language).len(), 2);
    }
}

#[test]
fn one_name_for_many_places_is_no_evidence() {
    let (mut stations, _) = demo();
    for station in &mut stations {
        station.name = "张仲景大药房驿站".into();
    }
    let found = forensics(&written_in(Datum::Gcj02, &stations), &[], &stations);
    assert_eq!((found.pairs, found.verdict), (0, Verdict::Undecided));
}

/// A file of a random place: what each row is off by, how many stations are known, and in which datum each row is.
#[derive(Debug, Clone)]
struct World {
    centre: LonLat,
    /// Metres and degrees from the centre, and metres and degrees of noise as a share of the largest.
    spots: Vec<(f64, f64, f64, f64)>,
    noise_m: f64,
    known_share: f64,
    datum: Datum,
    /// Every how many rows is in the next datum; 0 for none.
    every: usize,
    /// A shift of everything by metres and degrees.
    shift: (f64, f64),
}

fn any_world() -> impl Strategy<Value = World> {
    let spot = (0.0..20_000.0, 0.0..360.0, 0.0..1.0_f64, 0.0..360.0);
    (
        (80.0..125.0, 20.0..45.0),
        proptest::collection::vec(spot, 1..60),
        (prop_oneof![Just(0.0), 0.0..60.0, 0.0..600.0], 0.2..=1.0),
        proptest::sample::select(Datum::ALL),
        prop_oneof![3 => Just(0_usize), 1 => 2_usize..4],
        (prop_oneof![3 => Just(0.0), 1 => 0.0..1500.0], 0.0..360.0),
    )
        .prop_map(
            |((lon, lat), spots, (noise_m, known_share), datum, every, shift)| World {
                centre: LonLat::new(lon, lat).expect("a place"),
                spots,
                noise_m,
                known_share,
                datum,
                every,
                shift,
            },
        )
}

fn next(datum: Datum) -> Datum {
    match datum {
        Datum::Wgs84 => Datum::Gcj02,
        Datum::Gcj02 => Datum::Bd09,
        Datum::Bd09 => Datum::Wgs84,
    }
}

/// The rows and the known stations of a world.
fn made(world: &World) -> (Vec<Row>, Vec<Station>) {
    let (mut rows, mut known) = (Vec::new(), Vec::new());
    for (number, (metres, azimuth, share, turn)) in world.spots.iter().enumerate() {
        let truth = direct(world.centre, *azimuth, *metres);
        let seen = direct(
            direct(truth, *turn, share * world.noise_m),
            world.shift.1,
            world.shift.0,
        );
        let is_other = world.every > 0 && number % world.every == 0;
        let datum = if is_other { next(world.datum) } else { world.datum };
        let name = format!("第{number}生产队驿站");
        if (number as f64 * 0.618).fract() < world.known_share {
            let id = StationId::new(&format!("{number}")).expect("an id");
            known.push(Station::new(id, &name, Location::new(truth, Datum::Wgs84)));
        }
        let given = convert(seen, Datum::Wgs84, datum);
        rows.push(Row {
            given,
            name,
            district: None,
        });
    }
    (rows, known)
}

/// How far apart the nearest two readings of a place are, metres.
fn least_shift_m(place: LonLat) -> f64 {
    let [gcj02, bd09] = [Datum::Gcj02, Datum::Bd09].map(|datum| convert(place, Datum::Wgs84, datum));
    karney(place, gcj02)
        .get()
        .min(karney(place, bd09).get())
        .min(karney(gcj02, bd09).get())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_sure_verdict_is_never_wrong(world in any_world()) {
        let (rows, known) = made(&world);
        let found = forensics(&rows, &[], &known);
        if let Verdict::Sure(datum) = found.verdict {
            prop_assert!(world.every == 0, "mixed: {:?}", found);
            let read = |row: &Row, datum| convert(row.given, datum, Datum::Wgs84);
            let off_m = |row: &Row, truth: &(f64, f64, f64, f64)| {
                karney(read(row, datum), direct(world.centre, truth.1, truth.0)).get()
            };
            let mut offs: Vec<f64> = rows.iter().zip(&world.spots).map(|(row, truth)| off_m(row, truth)).collect();
            offs.sort_by(f64::total_cmp);
            // A shift of the whole file can look like another datum; then that datum is right for the file.
            prop_assert!(datum == world.datum || world.shift.0 > 150.0, "{:?}", found);
            prop_assert!(offs[offs.len() / 2] < 150.0, "{:?}", found);
        }
    }

    #[test]
    fn a_clean_file_with_enough_known_stations_is_told(world in any_world()) {
        let clean = World { noise_m: world.noise_m.min(30.0), every: 0, shift: (0.0, 0.0), ..world };
        let (rows, known) = made(&clean);
        if known.len() >= 10 && least_shift_m(clean.centre) > 300.0 {
            prop_assert_eq!(forensics(&rows, &[], &known).verdict, Verdict::Sure(clean.datum));
        }
    }
}
