//! Gaps hold exactly what is not covered, and what would close them gains what they say.

use proptest::prelude::*;
use std::sync::Arc;

use yizhan::domain::coordinate::LonLat;
use yizhan::domain::district::District;
use yizhan::domain::geodesic::karney;
use yizhan::domain::station::Status;
use yizhan::locator::{Clock, Reference, Snapshot};
use yizhan::planner::assign::OUTSIDE;
use yizhan::planner::base::PlanBase;
use yizhan::planner::coverage::{Coverage, CoverageAsk};
use yizhan::planner::demand::Demand;
use yizhan::planner::gaps::{Gap, Gaps, GapsAsk, MAX_GAPS};
use yizhan::planner::remedies::Action;
use yizhan::planner::stations::{Certainty, PlanStations, near_misses};
use yizhan::planner::tally::Cover;
use yizhan::planner::watch::Watch;
use yizhan::planner::what_if::{Change, apply};

use crate::oracle::{Ask, ask, demand};
use crate::world;

fn gaps(ask: &Ask, snapshot: &Snapshot, base: &PlanBase, from: Certainty) -> (Coverage, Gaps) {
    let conditions = ask.conditions(snapshot);
    let stations = PlanStations::select(snapshot, &conditions);
    let coverage = CoverageAsk {
        demand: &base.demand,
        stations: &stations,
        reach: ask.reach(),
        districts: None,
    };
    let answer = coverage.answer(&Watch::default()).expect("not cancelled");
    let near_misses = near_misses(snapshot, &conditions, from);
    let ask = GapsAsk {
        coverage,
        covered_from: from,
        near_misses: &near_misses,
        limit: MAX_GAPS,
    };
    let gaps = ask.answer(base, &Watch::default()).expect("gaps");
    (answer, gaps)
}

/// Whether a gap ends here, when everything from `from` on counts as covered.
fn is_covered(cover: Cover, from: Certainty) -> bool {
    cover == Cover::Sure || (cover == Cover::Perhaps && from == Certainty::Perhaps)
}

/// People of a gap that are covered in an answer.
fn closed(gap: &Gap, base: &PlanBase, after: &Coverage, from: Certainty) -> f64 {
    let places = gap.piece.places.iter().map(|place| *place as usize);
    let closed = places.filter(|place| is_covered(after.places.covers[*place], from));
    closed.map(|place| base.demand.weights()[0].values[place]).sum()
}

fn certainty() -> impl Strategy<Value = Certainty> {
    prop_oneof![Just(Certainty::Sure), Just(Certainty::Perhaps)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn gaps_hold_each_uncovered_place_once_and_nothing_else_and_come_by_weight(
        stations in world::stations(),
        demand in demand(),
        ask in ask(),
        from in certainty(),
    ) {
        let snapshot = world::snapshot(stations);
        let districts: Arc<[District]> = Arc::clone(&snapshot.reference().districts);
        let base = PlanBase::new(districts, demand);
        let (answer, gaps) = gaps(&ask, &snapshot, &base, from);
        let mut found: Vec<u32> = gaps.largest.iter().flat_map(|gap| gap.piece.places.iter().copied()).collect();
        found.sort_unstable();
        let uncovered = (0..base.demand.places().places().len()).filter(|&place| {
            base.demand.area_of()[place] != OUTSIDE && !is_covered(answer.places.covers[place], from)
        });
        let uncovered: Vec<u32> = uncovered.map(|place| u32::try_from(place).expect("few places")).collect();
        prop_assert_eq!(found, uncovered);
        prop_assert_eq!(gaps.matched, gaps.largest.len());
        prop_assert!(gaps.largest.is_sorted_by(|a, b| a.sums.weight(0) >= b.sums.weight(0)));
        for gap in &gaps.largest {
            let weight: f64 = gap.piece.places.iter().map(|place| base.demand.weights()[0].values[*place as usize]).sum();
            prop_assert_eq!(gap.sums.weight(0), weight);
            prop_assert!(gap.area_m2 > 0.0);
        }
    }

    #[test]
    fn a_remedy_gains_what_coverage_gains_when_it_is_done(
        stations in world::stations(),
        demand in demand(),
        ask in ask(),
        from in certainty(),
    ) {
        let snapshot = world::snapshot(stations);
        let districts: Arc<[District]> = Arc::clone(&snapshot.reference().districts);
        let base = PlanBase::new(districts, demand);
        let (_, gaps) = gaps(&ask, &snapshot, &base, from);
        for gap in gaps.largest.iter().take(3) {
            for remedy in &gap.remedies {
                let changes = match remedy.action {
                    Action::NewStation(place) => {
                        let mut station = world::station("new", place);
                        station.hours.osm = Some("24/7".into());
                        for facility in &ask.all_of {
                            station.facilities.set(*facility, yizhan::domain::facility::FacilityState::Yes);
                        }
                        vec![Change::Add(Box::new(station))]
                    }
                    Action::Lift(ordinal, obstacle) => {
                        let station = &snapshot.stations()[ordinal as usize];
                        let mut lifted = yizhan::domain::station::Station::clone(station);
                        // What is lifted: everything that the remedy names, and nothing else.
                        if obstacle.closed_then || obstacle.not_known {
                            lifted.hours.osm = Some("24/7".into());
                        }
                        if obstacle.status.is_some() {
                            lifted.status = Status::Open;
                        }
                        for facility in obstacle.lacks.iter() {
                            lifted.facilities.set(facility, yizhan::domain::facility::FacilityState::Yes);
                        }
                        if obstacle.not_known {
                            for facility in &ask.all_of {
                                lifted.facilities.set(*facility, yizhan::domain::facility::FacilityState::Yes);
                            }
                        }
                        vec![Change::Remove(station.id.clone()), Change::Add(Box::new(lifted))]
                    }
                };
                let readable = changes.iter().all(|change| match change {
                    Change::Add(station) => station.hours.osm.as_deref() != Some("8点到18点"),
                    Change::Remove(_) | Change::Edit(..) => true,
                });
                if !readable {
                    continue;
                }
                let planned = apply(&snapshot, &changes).expect("changes that fit");
                let stations = PlanStations::select(&planned, &ask.conditions(&planned));
                let after = CoverageAsk {
                    demand: &base.demand,
                    stations: &stations,
                    reach: ask.reach(),
                    districts: None,
                };
                let after = after.answer(&Watch::default()).expect("not cancelled");
                prop_assert_eq!(remedy.gain.weight(0), closed(gap, &base, &after, from), "{:?}", remedy.action);
            }
        }
    }
}

/// A district of some thousands of cells, more than one block, run or candidate's family holds.
fn grid() -> (Snapshot, PlanBase) {
    let stations = [(109.42, 18.22), (109.46, 18.21), (109.44, 18.27), (109.45, 18.24)];
    let stations = stations.iter().zip(["a", "b", "c", "d"]);
    let stations = stations.map(|((lon, lat), id)| {
        let mut station = world::station(id, world::place(*lon, *lat));
        station.status = if id < "c" { Status::Open } else { Status::Planned };
        station
    });
    let reference = Reference {
        calendar: Arc::clone(&world::CALENDAR),
        clock: Clock::default(),
        districts: Arc::new([world::rectangle(("甲区", "110101"), [109.4, 18.2, 109.48, 18.28])]),
        standards: Arc::new([]),
    };
    let snapshot = Snapshot::build(stations.collect(), reference, 1);
    let districts = Arc::clone(&snapshot.reference().districts);
    let demand = Demand::even_grid(&districts, Some(10), &Watch::default()).expect("a grid");
    (snapshot, PlanBase::new(districts, demand))
}

#[test]
fn remedies_of_a_gap_of_thousands_of_cells_gain_what_karney_counts_on_any_number_of_threads() {
    let (snapshot, base) = grid();
    let ask = Ask {
        all_of: Vec::new(),
        at: None,
        statuses: vec![Status::Open],
        radius_m: 700.0,
        k: 1,
    };
    let answer = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("threads")
            .install(|| gaps(&ask, &snapshot, &base, Certainty::Perhaps).1)
    };
    let found = answer(1);
    assert_eq!(answer(3), found);
    assert_eq!(found.matched, 1);
    let gap = &found.largest[0];
    assert!(gap.piece.places.len() > 3_000);
    let gain = |from: LonLat| -> f64 {
        let places = gap.piece.places.iter().map(|place| *place as usize);
        let near = places.filter(|place| karney(base.demand.places().places()[*place], from).get() <= 700.0);
        near.map(|place| base.demand.weights()[0].values[place]).sum()
    };
    let cells = gap.piece.places.iter().step_by(5);
    let best = cells
        .map(|place| gain(base.demand.places().places()[*place as usize]))
        .fold(0.0, f64::max);
    let mut lifted = 0;
    for remedy in &gap.remedies {
        let place = match remedy.action {
            Action::NewStation(place) => place,
            Action::Lift(ordinal, _) => {
                lifted += 1;
                snapshot.stations()[ordinal as usize].location.place()
            }
        };
        let (told, counted) = (remedy.gain.weight(0), gain(place));
        assert!((told - counted).abs() <= 1e-9 * counted, "{told} {counted}");
        if matches!(remedy.action, Action::NewStation(_)) {
            assert!(told >= 0.97 * best, "{told} {best}");
        }
    }
    assert_eq!((gap.remedies.len(), lifted), (3, 2));
}
