//! Place by place and in sums: cover, nearest station, districts, facilities, distances.

use std::collections::BTreeMap;

use proptest::prelude::*;
use yizhan::domain::facility::Facility;
use yizhan::domain::facility::FacilityState;
use yizhan::planner::assign::OUTSIDE;
use yizhan::planner::coverage::{Coverage, CoverageAsk};
use yizhan::planner::demand::Demand;
use yizhan::planner::stations::{Certainty, PlanStations};
use yizhan::planner::tally::{Cover, Tally};
use yizhan::planner::watch::Watch;

use crate::oracle::{self, Ask, ask, demand};
use crate::world;

/// The planner's answer.
pub fn answer(ask: &Ask, snapshot: &yizhan::locator::Snapshot, demand: &Demand) -> (PlanStations, Coverage) {
    let stations = PlanStations::select(snapshot, &ask.conditions(snapshot));
    let coverage = CoverageAsk {
        demand,
        stations: &stations,
        reach: ask.reach(),
        districts: None,
    };
    let answer = coverage.answer(&Watch::default()).expect("not cancelled");
    (stations, answer)
}

/// Sums of places, people and jobs by cover.
type Sums = BTreeMap<Cover, (u64, f64, f64)>;

fn add(sums: &mut Sums, cover: Cover, demand: &Demand, place: usize) {
    let entry = sums.entry(cover).or_default();
    entry.0 += 1;
    entry.1 += demand.weights()[0].values[place];
    entry.2 += demand.weights()[1].values[place];
}

fn check(tally: &Tally, expected: Option<&Sums>) -> Result<(), TestCaseError> {
    for cover in Cover::ALL {
        let expected = expected
            .and_then(|sums| sums.get(&cover))
            .copied()
            .unwrap_or_default();
        let found = tally.of(cover);
        prop_assert_eq!(
            (found.places, found.weight(0), found.weight(1)),
            expected,
            "{:?}",
            cover
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_place_and_every_sum_is_what_brute_force_finds(
        stations in world::stations(),
        demand in demand(),
        ask in ask(),
    ) {
        let snapshot = world::snapshot(stations);
        let all = snapshot.stations();
        let (asked, answer) = answer(&ask, &snapshot, &demand);
        let mut sums: BTreeMap<u32, Sums> = BTreeMap::new();
        let mut overall = Sums::new();
        let mut by_facility: BTreeMap<(u32, Facility), Sums> = BTreeMap::new();
        for (place, &at) in demand.places().places().iter().enumerate() {
            let within = oracle::within(&ask, all, at);
            let cover = oracle::cover(&ask, &within);
            prop_assert_eq!(answer.places.covers[place], cover);
            let matching = |least: Certainty| {
                let all = all.iter().map(|station| &**station).enumerate();
                let ask = &ask;
                all.filter(move |(_, station)| ask.certainty(station).is_some_and(|found| found <= least))
            };
            for (found, least) in [
                (&answer.places.nearest_sure[place], Certainty::Sure),
                (&answer.places.nearest[place], Certainty::Perhaps),
            ] {
                let found = found.map(|hit| {
                    let ordinal = asked.stations()[hit.station as usize].ordinal as usize;
                    (ordinal, oracle::micrometres(hit.distance))
                });
                let expected = oracle::nearest(matching(least), at);
                prop_assert_eq!(found.map(|hit| hit.0), expected.map(|hit| hit.0));
                let off = found.zip(expected).map_or(0, |(a, b)| a.1.abs_diff(b.1));
                // Euler's radius is good to 0.2 mm at 100 km.
                prop_assert!(off <= 200, "{} µm", off);
            }
            let area = demand.area_of()[place];
            add(sums.entry(area).or_default(), cover, &demand, place);
            if area == OUTSIDE {
                continue;
            }
            add(&mut overall, cover, &demand, place);
            for facility in world::FACILITIES {
                let having = |states: &[FacilityState]| {
                    let having = within.iter().filter(|(ordinal, _)| {
                        states.contains(&all[*ordinal].facilities.state(facility))
                    });
                    having.copied().collect::<Vec<_>>()
                };
                let sure = oracle::cover(&ask, &having(&[FacilityState::Yes])) == Cover::Sure;
                let perhaps = having(&[FacilityState::Yes, FacilityState::Unknown]).len() >= usize::from(ask.k);
                add(by_facility.entry((0, facility)).or_default(), Cover::of(sure, perhaps), &demand, place);
            }
        }
        check(&answer.overall, Some(&overall))?;
        check(&answer.outside, sums.get(&OUTSIDE))?;
        let districts: Vec<u32> = answer.districts.iter().map(|(district, _)| *district).collect();
        let expected: Vec<u32> = sums.keys().copied().filter(|area| *area != OUTSIDE).collect();
        prop_assert_eq!(districts, expected);
        for (district, tally) in &answer.districts {
            check(tally, sums.get(district))?;
        }
        for (facility, tally) in &answer.facilities {
            if world::FACILITIES.contains(facility) {
                check(tally, by_facility.get(&(0, *facility)))?;
            }
        }
    }

    #[test]
    fn percentiles_are_the_least_distance_that_holds_so_much_of_the_weight(
        stations in world::stations(),
        demand in demand(),
        ask in ask(),
    ) {
        let snapshot = world::snapshot(stations);
        let (_, answer) = answer(&ask, &snapshot, &demand);
        let mut distances: Vec<(f64, f64)> = Vec::new();
        for (place, hit) in answer.places.nearest.iter().enumerate() {
            if let (Some(hit), true) = (hit, demand.area_of()[place] != OUTSIDE) {
                distances.push((hit.distance.get(), demand.weights()[0].values[place]));
            }
        }
        distances.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = distances.iter().map(|(_, weight)| weight).sum();
        let figures = answer.distances_perhaps.overall.weights.first().copied().flatten();
        prop_assert_eq!(figures.is_some(), total > 0.0);
        if let Some(figures) = figures {
            let quantile = |share: f64| {
                let mut passed = 0.0;
                let found = distances.iter().find(|(_, weight)| {
                    passed += weight;
                    passed >= share * total
                });
                found.map_or(f64::NAN, |(distance, _)| *distance)
            };
            for (found, share) in [(figures.median_m, 0.5), (figures.p90_m, 0.9), (figures.p99_m, 0.99)] {
                prop_assert!((found - quantile(share)).abs() <= 0.01, "{} {}", found, quantile(share));
            }
            let mean = distances.iter().map(|(distance, weight)| distance * weight).sum::<f64>() / total;
            prop_assert!((figures.mean_m - mean).abs() <= 1e-6 * mean.max(1.0));
            let largest = distances.iter().filter(|(_, weight)| *weight > 0.0).map(|(distance, _)| *distance);
            prop_assert_eq!(figures.max_m, largest.fold(0.0, f64::max));
        }
    }

    #[test]
    fn districts_that_are_asked_about_are_counted_as_in_the_whole_and_no_others(
        stations in world::stations(),
        demand in demand(),
        ask in ask(),
        districts in proptest::sample::subsequence(vec![0_u32, 1, 2, 3], 1..=4),
    ) {
        let snapshot = world::snapshot(stations);
        let (asked, whole) = answer(&ask, &snapshot, &demand);
        let some = CoverageAsk {
            demand: &demand,
            stations: &asked,
            reach: ask.reach(),
            districts: Some(&districts),
        };
        let some = some.answer(&Watch::default()).expect("not cancelled");
        let kept: Vec<_> = whole
            .districts
            .iter()
            .filter(|(district, _)| districts.contains(district))
            .cloned()
            .collect();
        prop_assert_eq!(&some.districts, &kept);
        let mut sum = Tally::default();
        for (_, tally) in &kept {
            sum.add_all(tally);
        }
        for cover in Cover::ALL {
            prop_assert_eq!(some.overall.of(cover).places, sum.of(cover).places);
            prop_assert_eq!(some.overall.of(cover).weight(0), sum.of(cover).weight(0));
        }
        prop_assert_eq!(some.outside.places(), 0);
    }
}

#[test]
fn without_stations_nothing_is_covered_and_no_distance_is_told() {
    let snapshot = world::snapshot(Vec::new());
    let demand = one_place();
    let ask = Ask {
        all_of: Vec::new(),
        at: None,
        statuses: vec![yizhan::domain::station::Status::Open],
        radius_m: 500.0,
        k: 1,
    };
    let (_, answer) = answer(&ask, &snapshot, &demand);
    assert_eq!(answer.places.covers, [Cover::Not]);
    assert_eq!(answer.overall.share(Cover::Not, 0), Some(1.0));
    assert_eq!(answer.distances.overall.places, None);
    assert_eq!(answer.places.nearest, [None]);
}

fn one_place() -> Demand {
    use yizhan::domain::demand::{DemandKind, DemandRecords, WeightColumn};
    let weight = WeightColumn {
        name: "people".into(),
        values: vec![3.0],
    };
    let places = vec![world::place(109.45, 18.25)];
    let records = DemandRecords::new("test", DemandKind::Points, places, vec![weight]);
    Demand::build(records, &[], None, &Watch::default()).expect("demand")
}
