//! Every place is in the district that brute force says, and what was decided on the way is counted.

use geo::{Intersects as _, Point};
use proptest::prelude::*;
use yizhan::domain::demand::{
    DemandKind, DemandRecords, HOURS_PER_WEEK, Profile, ProfileColumn, WeightColumn,
};
use yizhan::domain::geodesic::karney;
use yizhan::planner::assign::{NEAR_DISTRICT_M, OUTSIDE};
use yizhan::planner::demand::{Demand, DemandError};
use yizhan::planner::watch::Watch;

use super::*;

/// Points with one weight each: 1, 2, 3 …
fn points(places: Vec<LonLat>) -> DemandRecords {
    let values = (1..=places.len()).map(|number| number as f64).collect();
    let weight = WeightColumn {
        name: "people".into(),
        values,
    };
    DemandRecords::new("test", DemandKind::Points, places, vec![weight])
}

/// The least distance to the outline, by walking along every edge that comes near, first in long steps, then in short ones.
fn walked_m(district: &District, at: LonLat) -> f64 {
    let mut nearest = f64::MAX;
    for line in district
        .outline()
        .iter()
        .flat_map(|polygon| polygon.exterior().lines())
    {
        let between = |a: f64, b: f64, own: f64| a.min(b) - 0.003 < own && own < a.max(b) + 0.003;
        if !between(line.start.x, line.end.x, at.lon_deg())
            || !between(line.start.y, line.end.y, at.lat_deg())
        {
            continue;
        }
        let distance_m = |share: f64| {
            let (dx, dy) = (line.end.x - line.start.x, line.end.y - line.start.y);
            karney(at, place(line.start.x + share * dx, line.start.y + share * dy)).get()
        };
        let (mut middle, mut half) = (0.5, 0.5_f64);
        while half > 1e-5 {
            let shares =
                (0..=20).map(|step| (middle + half * (f64::from(step) / 10.0 - 1.0)).clamp(0.0, 1.0));
            middle = shares
                .min_by(|a, b| distance_m(*a).total_cmp(&distance_m(*b)))
                .expect("steps");
            half /= 8.0;
        }
        nearest = nearest.min(distance_m(middle));
    }
    nearest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_place_counts_in_the_district_that_brute_force_says(
        rings in prop::collection::vec((0.0..0.2_f64, 0.0..0.2_f64, prop::collection::vec(0.4..1.0_f64, 3..20)), 1..6),
        tries in prop::collection::vec((-0.1..0.3_f64, -0.1..0.3_f64), 1..60),
    ) {
        let districts: Vec<District> = rings.iter().enumerate()
            .map(|(at, (lon, lat, shares))| district(&at.to_string(), star(109.0 + lon, 18.0 + lat, 0.06, shares)))
            .collect();
        let mut places: Vec<LonLat> = tries.iter().map(|(lon, lat)| place(109.0 + lon, 18.0 + lat)).collect();
        // One place is surely inside.
        places.push(place(109.0 + rings[0].0, 18.0 + rings[0].1));
        let demand = Demand::build(points(places.clone()), &districts, None, &Watch::default()).expect("demand");
        let mut counts = [0_u64; 3];
        for (at, area) in demand.area_of().iter().enumerate() {
            let own = demand.places().places()[at];
            let row = demand.row(at).expect("a row");
            prop_assert_eq!(own, places[row]);
            prop_assert_eq!(demand.weights()[0].values[at], row as f64 + 1.0);
            let point = Point::new(own.lon_deg(), own.lat_deg());
            let holding: Vec<usize> =
                districts.iter().enumerate().filter(|(_, d)| d.outline().intersects(&point)).map(|(at, _)| at).collect();
            if let Some(first) = holding.first() {
                counts[0] += u64::from(holding.len() > 1);
                prop_assert_eq!(*area as usize, *first);
                continue;
            }
            let distances: Vec<f64> = districts.iter().map(|d| walked_m(d, own)).collect();
            let least = distances.iter().copied().fold(f64::MAX, f64::min);
            if least > NEAR_DISTRICT_M - 1.0 && least < NEAR_DISTRICT_M + 1.0 {
                // Too close for walking in steps.
            } else if least > NEAR_DISTRICT_M {
                prop_assert_eq!(*area, OUTSIDE);
            } else {
                prop_assert!(distances[*area as usize] < least + 1.0);
            }
            counts[if *area == OUTSIDE { 1 } else { 2 }] += 1;
        }
        let told = demand.counts();
        prop_assert_eq!([told.overlapping, told.outside, told.near], counts);
        prop_assert_eq!(told.places, places.len() as u64);
        let words: Vec<&str> = demand.notes().iter().map(|note| note.code).collect();
        prop_assert_eq!(words.contains(&"outside_districts"), counts[1] > 0);
        prop_assert_eq!(words.contains(&"near_district"), counts[2] > 0);
        prop_assert_eq!(words.contains(&"overlapping_districts"), counts[0] > 0);
    }
}

#[test]
fn without_districts_everything_is_one_area_without_a_name() {
    let demand = Demand::build(
        points(vec![place(0.0, 0.0), place(179.0, 80.0)]),
        &[],
        None,
        &Watch::default(),
    )
    .expect("demand");
    assert_eq!(demand.area_of(), [0, 0]);
    assert_eq!(
        (demand.areas().len(), demand.areas()[0].name.as_deref()),
        (1, None)
    );
    assert_eq!((demand.counts().outside, demand.notes().len()), (0, 0));
}

#[test]
fn a_place_on_the_border_of_two_districts_counts_in_the_first() {
    let districts = [
        district("west", rectangle(0.0, 0.0, 1.0, 1.0)),
        district("east", rectangle(1.0, 0.0, 2.0, 1.0)),
    ];
    let demand =
        Demand::build(points(vec![place(1.0, 0.5)]), &districts, None, &Watch::default()).expect("demand");
    assert_eq!((demand.area_of()[0], demand.counts().overlapping), (0, 1));
}

#[test]
fn demand_that_cannot_be_planned_with_is_refused_in_words() {
    let districts = [district("a", rectangle(109.0, 18.0, 110.0, 19.0))];
    let watch = Watch::default();
    let refusal = |records| {
        Demand::build(records, &districts, None, &watch)
            .expect_err("refused")
            .to_string()
    };
    assert_eq!(
        refusal(points(Vec::new())),
        "demand `test` has no places; expected at least one"
    );
    assert_eq!(
        refusal(points(vec![place(18.5, 70.0), place(19.0, 71.0)])),
        "none of the 2 places of demand `test` lies in a district or within 200 m of one; expected some: the demand is in \
         `18.5000,70.0000,19.0000,71.0000`, the districts in `109.0000,18.0000,110.0000,19.0000` (west,south,east,north)"
    );
    let mut uneven = points(vec![place(109.5, 18.5)]);
    uneven.weights[0].values.push(1.0);
    assert_eq!(
        refusal(uneven),
        "column `people` of demand `test` has `2` values; expected 1, one for each place"
    );
    let mut weightless = points(vec![place(109.5, 18.5)]);
    weightless.weights.clear();
    assert_eq!(
        refusal(weightless),
        "column `weights` of demand `test` has `0` values; expected 1, one for each place"
    );
    watch.cancel();
    let stopped =
        Demand::build(points(vec![place(109.5, 18.5)]), &districts, None, &watch).expect_err("stopped");
    assert!(matches!(stopped, DemandError::Cancelled(_)));
}

#[test]
fn a_profile_weighs_the_columns_by_the_hour_and_must_name_columns() {
    let mut records = points(vec![place(0.0, 0.0), place(1.0, 1.0)]);
    records.weights.push(WeightColumn {
        name: "jobs".into(),
        values: vec![10.0, 20.0],
    });
    let mut factors = [0.0; HOURS_PER_WEEK];
    factors[9] = 0.5;
    let column = |weight: &str, factors| ProfileColumn {
        weight: weight.into(),
        factors,
    };
    let profile = Profile {
        columns: vec![column("jobs", factors), column("people", [2.0; HOURS_PER_WEEK])],
    };
    let demand = Demand::build(records.clone(), &[], Some(profile), &Watch::default()).expect("demand");
    let week = demand.profile().expect("a profile");
    for at in 0..2 {
        let row = demand.row(at).expect("a row") as f64;
        assert_eq!(
            week.weight_at(demand.weights(), at, 9),
            2.0 * (row + 1.0) + 0.5 * (10.0 + 10.0 * row)
        );
        assert_eq!(week.weight_at(demand.weights(), at, 10), 2.0 * (row + 1.0));
    }
    let unknown = Profile {
        columns: vec![column("riders", [1.0; HOURS_PER_WEEK])],
    };
    let refused = Demand::build(records, &[], Some(unknown), &Watch::default()).expect_err("refused");
    assert_eq!(
        refused.to_string(),
        "the time profile has factors for `riders`, which is no weight of the demand; expected some of `people`, `jobs`"
    );
}
