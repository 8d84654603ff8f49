//! Real registers and real demand: Zhengzhou over a grid, Porto Alegre's cells, the demo city.

use std::io::Read as _;
use std::sync::Arc;

use yizhan::domain::district::District;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::geodesic::karney;
use yizhan::domain::station::{Station, Status};
use yizhan::domain::units::Meters;
use yizhan::import::demand::{DemandOptions, load_demand};
use yizhan::import::{self, ImportFormat, ImportOptions};
use yizhan::locator::{Clock, Reference, Snapshot};
use yizhan::planner::base::PlanBase;
use yizhan::planner::coverage::{Coverage, CoverageAsk};
use yizhan::planner::demand::Demand;
use yizhan::planner::reach::Reach;
use yizhan::planner::shape;
use yizhan::planner::stations::PlanStations;
use yizhan::planner::tally::Cover;
use yizhan::planner::watch::Watch;

use crate::oracle::Ask;
use crate::shared_data;
use crate::world::{CALENDAR, place, station};

fn register(stations: Vec<Station>, districts: Vec<District>) -> Snapshot {
    let reference = Reference {
        calendar: Arc::clone(&CALENDAR),
        clock: Clock::default(),
        districts: districts.into(),
        standards: Arc::new([]),
    };
    Snapshot::build(stations, reference, 1)
}

fn anyone(radius_m: f64) -> Ask {
    Ask {
        all_of: Vec::new(),
        at: None,
        statuses: vec![Status::Open],
        radius_m,
        k: 1,
    }
}

fn asked(ask: &Ask, snapshot: &Snapshot, demand: &Demand) -> (PlanStations, Coverage) {
    crate::places::answer(ask, snapshot, demand)
}

/// Each place against each station, by Karney.
fn assert_equals_brute_force(ask: &Ask, snapshot: &Snapshot, demand: &Demand, answer: &Coverage) {
    for (at, cover) in demand.places().places().iter().zip(&answer.places.covers) {
        let within = crate::oracle::within(ask, snapshot.stations(), *at);
        assert_eq!(*cover, crate::oracle::cover(ask, &within), "{at:?}");
    }
}

#[test]
fn zhengzhou_is_covered_perhaps_where_hours_are_not_known() {
    let Some(path) = shared_data::path("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let imported = import::load(&[path], &ImportOptions::default(), &|_, _| {}).expect("the register");
    let snapshot = register(imported.stations, Vec::new());
    let base = PlanBase::even_grid(&snapshot).expect("a grid around the stations");
    let any_time = anyone(833.333);
    let (_, answer) = asked(&any_time, &snapshot, &base.demand);
    assert_equals_brute_force(&any_time, &snapshot, &base.demand, &answer);
    let share = answer.overall.share(Cover::Sure, 0).expect("an area");
    assert!((0.01..0.5).contains(&share), "{share}");
    // On a Monday at 10 the 20 stations with readable hours are told apart from the 62 without.
    let monday = Ask {
        at: Some(yizhan::domain::opening_hours::LocalMinute::from_local(
            "2026-11-16T10:00:00".parse().expect("a time"),
        )),
        ..any_time
    };
    let (stations, answer) = asked(&monday, &snapshot, &base.demand);
    let (sure, perhaps) = stations.counts();
    assert_eq!(perhaps, 62);
    assert!((1..=20).contains(&sure));
    assert!(answer.overall.of(Cover::Perhaps).places > answer.overall.of(Cover::Sure).places);
    assert_equals_brute_force(&monday, &snapshot, &base.demand, &answer);
}

#[test]
fn porto_alegres_people_are_counted_once_each_against_its_toilets_and_taps() {
    let (Some(cells), Some(points)) = (
        shared_data::path("demand-porto-alegre/poa_hexgrid.csv"),
        shared_data::path("osm-pois/porto_alegre.geojson.gz"),
    ) else {
        return;
    };
    let imported = load_demand(&cells, &DemandOptions::default()).expect("the cells");
    let demand = Demand::build(imported.records, &[], None, &Watch::default()).expect("demand");
    let snapshot = register(facilities(&points), Vec::new());
    let ask = Ask {
        all_of: vec![Facility::Toilet],
        ..anyone(1_500.0)
    };
    let (_, answer) = asked(&ask, &snapshot, &demand);
    assert_equals_brute_force(&ask, &snapshot, &demand, &answer);
    let population = demand
        .weights()
        .iter()
        .position(|weight| &*weight.name == "population");
    let population = population.expect("a weight of that name");
    assert_eq!(answer.overall.places(), 1_227);
    assert!((answer.overall.total(population) - 812_935.0).abs() < 1e-6);
    let parts: f64 = Cover::ALL
        .iter()
        .map(|cover| answer.overall.of(*cover).weight(population))
        .sum();
    assert!((parts - 812_935.0).abs() < 1e-6);
    let sure = answer.overall.of(Cover::Sure).weight(population);
    assert!(sure > 0.0 && sure < 812_935.0, "{sure}");
}

/// Toilets and drinking water of OpenStreetMap as stations.
fn facilities(path: &std::path::Path) -> Vec<Station> {
    let mut text = String::new();
    let file = std::fs::File::open(path).expect("a readable file");
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .expect("gzip");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let features = json["features"].as_array().expect("features");
    let mut stations = Vec::new();
    for (number, feature) in features.iter().enumerate() {
        let facility = match feature["properties"]["amenity"].as_str() {
            Some("toilets") => Facility::Toilet,
            Some("drinking_water") => Facility::DrinkingWater,
            _ => continue,
        };
        let degrees = |axis: usize| {
            feature["geometry"]["coordinates"][axis]
                .as_f64()
                .expect("degrees")
        };
        let mut found = station(&format!("osm-{number}"), place(degrees(0), degrees(1)));
        found.facilities.set(facility, FacilityState::Yes);
        stations.push(found);
    }
    assert_eq!(stations.len(), 20);
    stations
}

#[test]
fn the_demo_citys_cells_and_its_outlines_tell_nearly_the_same_share() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/data/");
    let read = |name: &str| std::fs::read(format!("{root}{name}")).expect("bundled data");
    let demo = import::parse(
        &read("demo_city.geojson"),
        "demo_city.geojson",
        Some(ImportFormat::GeoJson),
        &ImportOptions::default(),
    );
    let districts =
        import::parse_districts(&read("districts.geojson"), "districts.geojson").expect("outlines");
    let snapshot = register(demo.expect("the demo city").stations, districts);
    let districts = Arc::clone(&snapshot.reference().districts);
    let demand = Demand::even_grid(&districts, Some(10), &Watch::default()).expect("a grid");
    let ask = anyone(2_000.0);
    let stations = PlanStations::select(&snapshot, &ask.conditions(&snapshot));
    let coverage = CoverageAsk {
        demand: &demand,
        stations: &stations,
        reach: Reach {
            radius: Meters::new(2_000.0).expect("a radius"),
            minutes: None,
            k: 1,
        },
        districts: None,
    };
    let answer = coverage.answer(&Watch::default()).expect("not cancelled");
    let covered = shape::covered(
        &stations,
        coverage.reach.radius,
        (&districts, None),
        &Watch::default(),
    );
    let areas = shape::table(&covered.expect("not cancelled"));
    for (district, tally) in &answer.districts {
        let exact = areas.of(*district).expect("the district's areas");
        let (by_cell, by_outline) = (
            tally.share(Cover::Sure, 0).expect("cells"),
            exact.sure_m2 / exact.total_m2,
        );
        assert!(
            (by_cell - by_outline).abs() < 0.005,
            "{district}: {by_cell} {by_outline}"
        );
    }
    // The distance told for a place is that of the station told for it.
    for (at, hit) in demand
        .places()
        .places()
        .iter()
        .zip(&answer.places.nearest)
        .step_by(97)
    {
        let hit = hit.expect("there are stations");
        let station = snapshot.stations()[stations.stations()[hit.station as usize].ordinal as usize]
            .location
            .place();
        assert!((karney(*at, station).get() - hit.distance.get()).abs() < 2e-4);
    }
}
