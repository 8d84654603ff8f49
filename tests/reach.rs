//! Which stations reach a place, against brute force with Karney's geodesic: poles, ±180°, clusters, duplicates, ties,
//! antipodes, one, none.

use proptest::prelude::*;
use proptest::sample::select;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::geodesic::karney;
use yizhan::domain::units::Meters;
use yizhan::planner::blocks::PlaceBlocks;
use yizhan::planner::reach::{NearestStation, StationPoints, fold_within, nearest};
use yizhan::planner::watch::{Cancelled, Watch};

fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("a place on the earth")
}

fn metres(length_m: f64) -> Meters {
    Meters::new(length_m).expect("a length")
}

/// Places of one world: all over the earth, a crowded city, one across the earth from it, a pole, the antimeridian, a
/// grid full of exact ties, or a handful of special points many times over.
fn some_places(most: usize) -> impl Strategy<Value = Vec<LonLat>> {
    let anywhere = (-180.0..=180.0, -90.0..=90.0).prop_map(|(lon, lat)| place(lon, lat));
    let city = (109.4..109.6, 18.2..18.4).prop_map(|(lon, lat)| place(lon, lat));
    let country = (100.0..115.0, 15.0..35.0).prop_map(|(lon, lat)| place(lon, lat));
    let antipodes = (-70.6..-70.4, -18.4..-18.2).prop_map(|(lon, lat)| place(lon, lat));
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
        place(-70.55, -18.25),
    ]);
    prop_oneof![
        2 => prop::collection::vec(anywhere, 0..most),
        4 => prop::collection::vec(city, 1..most),
        1 => prop::collection::vec(country, 1..most),
        1 => prop::collection::vec(antipodes, 1..most),
        1 => prop::collection::vec(pole, 1..most),
        1 => prop::collection::vec(antimeridian, 1..most),
        2 => prop::collection::vec(grid, 1..most),
        1 => prop::collection::vec(special, 1..most),
    ]
}

/// One or two of those together.
fn world(most: usize) -> impl Strategy<Value = Vec<LonLat>> {
    (some_places(most), prop::option::of(some_places(most))).prop_map(|(mut places, more)| {
        places.extend(more.into_iter().flatten());
        places
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most 2.1e13, not negative"
)]
fn micrometres(distance: Meters) -> u64 {
    (distance.get() * 1e6).round() as u64
}

/// The answer by definition: every station, Karney's distance to the micrometre, the lowest position.
fn nearest_by_definition(from: LonLat, stations: &[LonLat]) -> Option<(u64, u32)> {
    let all = stations.iter().zip(0..);
    all.map(|(station, position)| (micrometres(karney(from, *station)), position))
        .min()
}

fn within_by_definition(from: LonLat, stations: &[LonLat], radius: Meters) -> Vec<u32> {
    let all = stations.iter().zip(0..);
    all.filter(|(station, _)| micrometres(karney(from, **station)) <= micrometres(radius))
        .map(|(_, position)| position)
        .collect()
}

/// What `fold_within` visits, in the order in which it is merged.
fn visited(places: &PlaceBlocks, stations: &StationPoints, radius: Meters) -> Vec<(usize, Vec<u32>)> {
    fold_within(
        places,
        stations,
        radius,
        &Watch::default(),
        Vec::new,
        |seen, place, within| seen.push((place, within.to_vec())),
        Vec::extend,
    )
    .expect("nobody cancels")
}

fn check_nearest(given: &[LonLat], stations: &[LonLat]) -> Result<(), TestCaseError> {
    let places = PlaceBlocks::build(given);
    let found = nearest(&places, &StationPoints::build(stations), &Watch::default()).expect("nobody cancels");
    prop_assert_eq!(found.len(), given.len());
    for (from, found) in places.places().iter().zip(&found) {
        let expected = nearest_by_definition(*from, stations);
        prop_assert_eq!(
            found.map(|found| found.station),
            expected.map(|(_, station)| station)
        );
        if let (Some(found), Some((distance, _))) = (found, expected) {
            prop_assert!(
                micrometres(found.distance).abs_diff(distance) <= 100,
                "{found:?} {distance}"
            );
        }
    }
    Ok(())
}

fn check_within(given: &[LonLat], stations: &[LonLat], radius: Meters) -> Result<(), TestCaseError> {
    let places = PlaceBlocks::build(given);
    let seen = visited(&places, &StationPoints::build(stations), radius);
    prop_assert_eq!(seen.len(), given.len());
    for (expected, (place, within)) in seen.iter().enumerate() {
        prop_assert_eq!(*place, expected);
        let expected = within_by_definition(places.places()[*place], stations, radius);
        prop_assert_eq!(within, &expected, "place {}", place);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn the_nearest_station_of_every_place_is_that_of_brute_force(places in world(120), stations in world(80)) {
        check_nearest(&places, &stations)?;
    }

    #[test]
    fn places_that_are_stations_have_the_first_station_there(places in world(120)) {
        check_nearest(&places, &places)?;
    }

    #[test]
    fn the_stations_within_a_radius_are_those_of_brute_force(
        places in world(120),
        stations in world(60),
        radius_m in prop_oneof![Just(0.0), 1.0..5_000.0, 1.0..300_000.0, 1.0..20_100_000.0, Just(1e9)],
    ) {
        check_within(&places, &stations, metres(radius_m))?;
    }

    #[test]
    fn a_station_at_exactly_the_radius_is_in(places in world(60), stations in world(60)) {
        prop_assume!(!places.is_empty() && !stations.is_empty());
        check_within(&places, &stations, karney(places[0], stations[0]))?;
    }
}

/// The point (x, y) of a lattice with steps of 0.001° around a city.
fn lattice(x: u32, y: u32) -> LonLat {
    place(109.0 + f64::from(x) * 0.001, 18.0 + f64::from(y) * 0.001)
}

#[test]
fn many_parts_give_the_same_answer_on_one_thread_and_on_three() {
    let given: Vec<LonLat> = (0..200 * 300).map(|at| lattice(at % 200, at / 200)).collect();
    let stations: Vec<LonLat> = (0..90).map(|at| lattice(at * 37 % 200, at * 53 % 300)).collect();
    let (places, points) = (PlaceBlocks::build(&given), StationPoints::build(&stations));
    let answer = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().expect("threads").install(|| {
            let again = PlaceBlocks::build(&given);
            assert_eq!(again.order(), places.order());
            (
                nearest(&again, &points, &Watch::default()),
                visited(&again, &points, metres(2_000.0)),
            )
        })
    };
    let (alone, together) = (answer(1), answer(3));
    assert_eq!(alone, together);
    let (nearest, within) = alone;
    let nearest: Vec<Option<NearestStation>> = nearest.expect("nobody cancels");
    for at in (0..given.len()).step_by(997) {
        let from = places.places()[at];
        let expected = nearest_by_definition(from, &stations).map(|(_, station)| station);
        assert_eq!(nearest[at].map(|found| found.station), expected);
        assert_eq!(
            within[at],
            (at, within_by_definition(from, &stations, metres(2_000.0)))
        );
    }
}

#[test]
fn thousands_of_equal_places_and_equal_stations_have_the_first_station() {
    let (places, stations) = (vec![lattice(0, 0); 20_000], vec![lattice(30, 40); 7_000]);
    let (blocks, points) = (PlaceBlocks::build(&places), StationPoints::build(&stations));
    let found = nearest(&blocks, &points, &Watch::default()).expect("nobody cancels");
    let distance_m = karney(places[0], stations[0]).get();
    assert!(found.iter().flatten().all(|found| found.station == 0));
    assert!(
        found
            .iter()
            .flatten()
            .all(|found| (found.distance.get() - distance_m).abs() < 1e-4)
    );
    let counted = |radius_m| {
        let count = |sum: &mut usize, _: usize, within: &[u32]| *sum += within.len();
        let merge = |whole: &mut usize, part: usize| *whole += part;
        fold_within(
            &blocks,
            &points,
            metres(radius_m),
            &Watch::default(),
            || 0,
            count,
            merge,
        )
    };
    assert_eq!(counted(distance_m + 1.0), Ok(20_000 * 7_000));
    assert_eq!(counted(distance_m - 1.0), Ok(0));
}

#[test]
fn without_stations_or_places_there_is_nothing_near() {
    let (nothing, one) = (PlaceBlocks::build(&[]), PlaceBlocks::build(&[lattice(1, 1)]));
    let (none, some) = (StationPoints::build(&[]), StationPoints::build(&[lattice(2, 2)]));
    let watch = Watch::default();
    assert_eq!(nearest(&one, &none, &watch), Ok(vec![None]));
    assert_eq!(nearest(&nothing, &some, &watch), Ok(Vec::new()));
    assert_eq!(visited(&one, &none, metres(1e9)), [(0, Vec::new())]);
    assert!(visited(&nothing, &some, metres(1e9)).is_empty());
    assert_eq!(watch.progress(), (1, 1));
}

#[test]
fn cancelled_work_stops_and_says_so() {
    let (places, stations) = (
        PlaceBlocks::build(&[lattice(1, 1)]),
        StationPoints::build(&[lattice(2, 2)]),
    );
    let watch = Watch::default();
    watch.cancel();
    assert_eq!(nearest(&places, &stations, &watch), Err(Cancelled));
    let folded = fold_within(
        &places,
        &stations,
        metres(1.0),
        &watch,
        || (),
        |(), _, _| (),
        |(), ()| (),
    );
    assert_eq!(folded, Err(Cancelled));
}
