//! A planner's questions over a city of a million cells: coverage, gaps, what-if, and by hour beside one coverage run.

#[path = "support/clock.rs"]
mod clock;
#[expect(dead_code, reason = "other benches use more of it")]
mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use geo::{MultiPolygon, polygon};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::district::District;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::filter::StationFilter;
use yizhan::domain::station::{Location, Station, StationId};
use yizhan::domain::units::Meters;
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::locator::{Clock, Conditions, OpenAsk, Reference, Snapshot};
use yizhan::planner::base::PlanBase;
use yizhan::planner::by_hour::by_hour;
use yizhan::planner::coverage::{Coverage, CoverageAsk};
use yizhan::planner::demand::Demand;
use yizhan::planner::gaps::{Gaps, GapsAsk};
use yizhan::planner::hours::{HourSpan, open_hours};
use yizhan::planner::reach::Reach;
use yizhan::planner::stations::{Certainty, PlanStations, near_misses};
use yizhan::planner::watch::Watch;
use yizhan::planner::what_if::{Change, Edit, apply};

/// Hours of stations: workdays, evenings, all day, a break at noon.
const HOURS: [&str; 6] = [
    "Mo-Fr 08:30-17:30; PH off",
    "06:00-22:00",
    "24/7",
    "Mo-Su 08:00-12:00,14:30-18:00",
    "Mo-Sa 07:00-20:00; PH off",
    "17:00-01:00",
];

fn one_of<T: Copy>(random: &mut support::Seeded, all: &[T]) -> T {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to the length"
    )]
    let position = (random.unit() * all.len() as f64) as usize;
    all[position]
}

fn stations(count: usize) -> Vec<Station> {
    let mut random = support::Seeded::new(20_261_122);
    let station = |number: usize| {
        let place = LonLat::new(109.0 + 1.4 * random.unit(), 18.2 + 0.6 * random.unit()).expect("a place");
        let id = StationId::new(&format!("s{number:06}")).expect("an id");
        let mut station = Station::new(id, "驿站", Location::new(place, Datum::Wgs84));
        station.hours.osm = Some(one_of(&mut random, &HOURS).into());
        for facility in [Facility::Toilet, Facility::Microwave, Facility::DrinkingWater] {
            let states = [
                FacilityState::Yes,
                FacilityState::Yes,
                FacilityState::No,
                FacilityState::Unknown,
            ];
            station.facilities.set(facility, one_of(&mut random, &states));
        }
        station
    };
    (0..count).map(station).collect()
}

fn snapshot(count: usize) -> Snapshot {
    let ring = |west: f64, east: f64| {
        let square = polygon![(x: west, y: 18.1), (x: east, y: 18.1), (x: east, y: 18.9), (x: west, y: 18.9)];
        MultiPolygon::new(vec![square])
    };
    let districts = [("甲区", 108.9, 109.7), ("乙区", 109.7, 110.5)];
    let districts =
        districts.map(|(name, west, east)| District::new(name, None, ring(west, east)).expect("an outline"));
    let reference = Reference {
        calendar: Arc::new(WorkCalendar::bundled()),
        clock: Clock::default(),
        districts: Arc::new(districts),
        standards: Arc::new([]),
    };
    Snapshot::build(stations(count), reference, 1)
}

fn conditions(snapshot: &Snapshot) -> Conditions {
    let moment = snapshot.moment("2026-11-16T20:00:00Z".parse().expect("a time"));
    Conditions {
        filter: StationFilter {
            facilities: [Facility::Toilet].into_iter().collect(),
            ..StationFilter::ANY
        },
        districts: None,
        open: OpenAsk::At { moment, stay_min: 0 },
    }
}

fn reach() -> Reach {
    Reach {
        radius: Meters::new(833.333).expect("a radius"),
        minutes: None,
        k: 1,
    }
}

fn coverage(snapshot: &Snapshot, base: &PlanBase) -> Coverage {
    let stations = PlanStations::select(snapshot, &conditions(snapshot));
    let ask = CoverageAsk {
        demand: &base.demand,
        stations: &stations,
        reach: reach(),
        districts: None,
    };
    ask.answer(&Watch::default()).expect("not cancelled")
}

fn gaps(snapshot: &Snapshot, base: &PlanBase) -> Gaps {
    let conditions = conditions(snapshot);
    let stations = PlanStations::select(snapshot, &conditions);
    let near_misses = near_misses(snapshot, &conditions, Certainty::Perhaps);
    let ask = GapsAsk {
        coverage: CoverageAsk {
            demand: &base.demand,
            stations: &stations,
            reach: reach(),
            districts: None,
        },
        covered_from: Certainty::Perhaps,
        near_misses: &near_misses,
        limit: 20,
    };
    ask.answer(base, &Watch::default()).expect("gaps")
}

fn week(snapshot: &Snapshot, base: &PlanBase) -> f64 {
    let mut conditions = conditions(snapshot);
    conditions.open = OpenAsk::Any;
    let stations = PlanStations::select(snapshot, &conditions);
    let span = HourSpan::week("2026-11-16".parse().expect("a day"));
    let open = open_hours(snapshot, &conditions.filter, &stations, span);
    let ask = CoverageAsk {
        demand: &base.demand,
        stations: &stations,
        reach: reach(),
        districts: None,
    };
    let answer = by_hour(&ask, &open, span.hours(), &Watch::default()).expect("not cancelled");
    answer.overall.iter().map(|tally| tally.total(0)).sum()
}

#[expect(clippy::print_stdout, reason = "a bench prints its ratio")]
fn planner(criterion: &mut Criterion) {
    let city = snapshot(100);
    let begun = Instant::now();
    let demand = Demand::even_grid(&city.reference().districts, Some(10), &Watch::default()).expect("a grid");
    let base = PlanBase::new(Arc::clone(&city.reference().districts), demand);
    let cells = base.demand.places().places().len();
    println!("{cells} cells in {:.2} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    base.cells().expect("cells");
    println!("their graph in {:.2} s", begun.elapsed().as_secs_f64());

    let mut group = criterion.benchmark_group(format!("{cells} cells, 100 stations"));
    group.sample_size(10).measurement_time(Duration::from_secs(4));
    group.bench_function("coverage", |bench| bench.iter(|| coverage(&city, &base)));
    group.bench_function("gaps", |bench| {
        bench.iter(|| gaps(&city, &base));
    });
    let edit = Edit {
        hours: Some("24/7".into()),
        ..Edit::default()
    };
    let change = [Change::Edit(StationId::new("s000007").expect("an id"), edit)];
    group.bench_function("what-if: the plan and its coverage", |bench| {
        bench.iter(|| coverage(&apply(&city, &change).expect("a plan"), &base));
    });
    group.finish();

    let planned = || apply(&city, &change).expect("a plan");
    let told = |question: &str, (clock_s, processor_s): (f64, f64)| {
        println!("{question}: {clock_s:.3} s by the clock, {processor_s:.3} s of processor time");
    };
    told("coverage", clock::medians_s(|| coverage(&city, &base)));
    told("gaps", clock::medians_s(|| gaps(&city, &base)));
    told("what-if", clock::medians_s(|| coverage(&planned(), &base)));

    let register = snapshot(7_000);
    let (one, one_processor) = clock::medians_s(|| coverage(&register, &base));
    let (all, all_processor) = clock::medians_s(|| week(&register, &base));
    println!(
        "7,000 stations: coverage {one:.3} s ({one_processor:.3}), 168 hours {all:.3} s ({all_processor:.3}), ratio {:.1}",
        all / one
    );
}

criterion_group!(benches, planner);
criterion_main!(benches);
