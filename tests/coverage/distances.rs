//! Means and percentiles of many distances against a sort of all of them, in bins wide and narrow, on any number of threads.

use yizhan::domain::demand::{DemandKind, DemandRecords, WeightColumn};
use yizhan::planner::assign::OUTSIDE;
use yizhan::planner::coverage::Coverage;
use yizhan::planner::demand::Demand;
use yizhan::planner::distances::{DistanceFigures, DistanceRow, DistanceTable};
use yizhan::planner::watch::Watch;

use crate::oracle::Ask;
use crate::world::{self, place};

fn unit(draw: &mut u64) -> f64 {
    *draw = draw
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*draw >> 11) as f64 / (1_u64 << 53) as f64
}

/// Crowded places, places far away, and many at the very same distance; weights that are no whole numbers, many nothing.
fn demand(count: usize) -> Demand {
    let mut draw = 7;
    let mut places = Vec::with_capacity(count);
    let mut weights = [Vec::with_capacity(count), Vec::with_capacity(count)];
    for number in 0..count {
        let (east, north) = (unit(&mut draw), unit(&mut draw));
        places.push(match number % 11 {
            0 => place(109.45, 18.25),
            1 => place(109.36 + 0.001 * (east * 9.0).floor(), 18.16),
            2 => place(east * 360.0 - 180.0, north * 180.0 - 90.0),
            3 => place(80.1 + east * 0.8, 40.1 + north * 0.8),
            _ => place(109.35 + east * 0.3, 18.15 + north * 0.3),
        });
        weights[0].push(if number % 3 == 0 {
            0.0
        } else {
            unit(&mut draw).powi(9)
        });
        weights[1].push(0.0);
    }
    let names = ["people", "nobody"];
    let weights = names.into_iter().zip(weights).map(|(name, values)| WeightColumn {
        name: name.into(),
        values,
    });
    let records = DemandRecords::new("test", DemandKind::Points, places, weights.collect());
    let districts: Vec<_> = world::outlines()
        .into_iter()
        .map(|(_, district)| district)
        .collect();
    Demand::build(records, &districts, None, &Watch::default()).expect("demand")
}

fn figures(mut distances: Vec<(f64, f64)>) -> Option<DistanceFigures> {
    distances.retain(|(_, weight)| *weight > 0.0);
    distances.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = distances.iter().map(|(_, weight)| weight).sum();
    let quantile = |share: f64| {
        let mut passed = 0.0;
        let found = distances.iter().find(|(_, weight)| {
            passed += weight;
            passed >= share * total * (1.0 - 1e-12)
        });
        found.map_or(f64::NAN, |(distance, _)| (distance * 100.0).floor() / 100.0)
    };
    let moment: f64 = distances.iter().map(|(distance, weight)| distance * weight).sum();
    let last = distances.last()?;
    Some(DistanceFigures {
        mean_m: moment / total,
        median_m: quantile(0.5),
        p90_m: quantile(0.9),
        p99_m: quantile(0.99),
        max_m: last.0,
    })
}

fn assert_equal(found: Option<DistanceFigures>, expected: Option<DistanceFigures>) {
    let (Some(found), Some(expected)) = (found, expected) else {
        assert_eq!(found, expected);
        return;
    };
    assert!((found.mean_m - expected.mean_m).abs() <= 1e-9 * expected.mean_m.max(1.0));
    assert_eq!(
        DistanceFigures { mean_m: 0.0, ..found },
        DistanceFigures {
            mean_m: 0.0,
            ..expected
        }
    );
}

fn assert_is_sorted_out(demand: &Demand, answer: &Coverage) {
    let by_sort = |holds: &dyn Fn(u32) -> bool| {
        let places = answer.places.nearest.iter().enumerate();
        let held: Vec<(usize, f64)> = places
            .filter(|(place, _)| holds(demand.area_of()[*place]))
            .filter_map(|(place, hit)| Some((place, hit.as_ref()?.distance.get())))
            .collect();
        let weighted = |values: &[f64]| figures(held.iter().map(|(place, m)| (*m, values[*place])).collect());
        DistanceRow {
            places: figures(held.iter().map(|(_, distance_m)| (*distance_m, 1.0)).collect()),
            weights: demand
                .weights()
                .iter()
                .map(|column| weighted(&column.values))
                .collect(),
        }
    };
    let check = |found: &DistanceRow, expected: &DistanceRow| {
        assert_equal(found.places, expected.places);
        assert_eq!(found.weights.len(), expected.weights.len());
        for (found, expected) in found.weights.iter().zip(&expected.weights) {
            assert_equal(*found, *expected);
        }
    };
    let table: &DistanceTable = &answer.distances_perhaps;
    check(&table.overall, &by_sort(&|area| area != OUTSIDE));
    assert_eq!(table.districts.len(), 4);
    for (district, row) in &table.districts {
        check(row, &by_sort(&|area| area == *district));
    }
}

#[test]
fn percentiles_of_many_places_are_those_of_a_sort_on_any_number_of_threads() {
    let ask = Ask {
        all_of: Vec::new(),
        at: None,
        statuses: vec![yizhan::domain::station::Status::Open],
        radius_m: 500.0,
        k: 1,
    };
    let stations = [(109.45, 18.25), (109.6, 18.2), (109.4, 18.4)];
    let stations = stations.iter().enumerate();
    let stations = stations.map(|(at, (lon, lat))| world::station(&format!("s{at}"), place(*lon, *lat)));
    let snapshot = world::snapshot(stations.collect());
    for count in [900, 40_000] {
        let demand = demand(count);
        let answer = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("threads")
                .install(|| crate::places::answer(&ask, &snapshot, &demand).1)
        };
        let alone = answer(1);
        assert_is_sorted_out(&demand, &alone);
        assert_eq!(answer(3), alone);
    }
}
