//! `along-route` against the nearest point of every geodesic, found by sampling and golden-section search.

use chrono::TimeDelta;
use geographiclib_rs::{DirectGeodesic as _, Geodesic, InverseGeodesic as _};
use proptest::prelude::*;
use proptest::sample::select;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::units::{Meters, Travel, TravelMode};
use yizhan::index::route::Route;
use yizhan::locator::{AlongRouteFound, AlongRouteQuery, Conditions, Snapshot};

use crate::oracle::{Oracle, conditions, micrometres, whole_seconds};
use crate::world::{self, Open, ask, instant, place, snapshot, stations_at, time};

/// Points at which a leg is first looked at.
const SAMPLES: usize = 48;
/// Steps of the golden-section search; each leaves 0.618 of the stretch.
const STEPS: usize = 45;

/// One leg of a line.
struct Leg {
    from: LonLat,
    azimuth_deg: f64,
    length_m: f64,
    before_m: f64,
}

/// The point of one leg that is nearest to a station.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    along_m: f64,
    off_m: f64,
    /// Not at an end of the leg, so that the line comes near, and leaves again.
    is_pass: bool,
}

fn inverse(from: LonLat, to: LonLat) -> (f64, f64) {
    let earth = Geodesic::wgs84();
    let (length_m, azimuth_deg, _, _): (f64, f64, f64, f64) =
        earth.inverse(from.lat_deg(), from.lon_deg(), to.lat_deg(), to.lon_deg());
    (length_m, azimuth_deg)
}

fn direct(from: LonLat, azimuth_deg: f64, distance_m: f64) -> LonLat {
    let (lat, lon): (f64, f64) =
        Geodesic::wgs84().direct(from.lat_deg(), from.lon_deg(), azimuth_deg, distance_m);
    place((lon + 540.0).rem_euclid(360.0) - 180.0, lat.clamp(-90.0, 90.0))
}

fn legs(line: &[LonLat]) -> Vec<Leg> {
    let mut before_m = 0.0;
    let leg = |pair: &[LonLat]| {
        let (length_m, azimuth_deg) = inverse(pair[0], pair[1]);
        let leg = Leg {
            from: pair[0],
            azimuth_deg,
            length_m,
            before_m,
        };
        before_m += length_m;
        leg
    };
    line.windows(2).map(leg).collect()
}

fn nearest_on(leg: &Leg, station: LonLat) -> Candidate {
    let off = |along_m: f64| inverse(direct(leg.from, leg.azimuth_deg, along_m), station).0;
    let step_m = leg.length_m / SAMPLES as f64;
    let samples = (0..=SAMPLES).map(|number| step_m * number as f64);
    let (_, best_m) = samples
        .map(|along_m| (off(along_m), along_m))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .expect("some samples");
    let (mut low, mut high) = ((best_m - step_m).max(0.0), (best_m + step_m).min(leg.length_m));
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..STEPS {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if off(left) <= off(right) {
            high = right;
        } else {
            low = left;
        }
    }
    let choices = [0.0, f64::midpoint(low, high), leg.length_m];
    let (off_m, in_leg_m) = choices
        .map(|along_m| (off(along_m), along_m))
        .into_iter()
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .expect("three choices");
    Candidate {
        along_m: leg.before_m + in_leg_m,
        off_m,
        is_pass: in_leg_m > 1.0 && in_leg_m < leg.length_m - 1.0,
    }
}

/// The nearest point of each leg.
fn candidates(legs: &[Leg], station: LonLat) -> Vec<Candidate> {
    legs.iter().map(|leg| nearest_on(leg, station)).collect()
}

fn nearest_m(candidates: &[Candidate]) -> f64 {
    candidates
        .iter()
        .map(|candidate| candidate.off_m)
        .fold(f64::INFINITY, f64::min)
}

/// A line, and how far off it stations are looked for: in a city, across a country, across ±180°, over a pole, out and
/// back, of a single point.
fn line() -> impl Strategy<Value = (Vec<LonLat>, f64)> {
    let city = (109.4..109.6, 18.2..18.4).prop_map(|(lon, lat)| place(lon, lat));
    let city = prop::collection::vec(city, 2..7);
    let country = (100.0..104.0, 28.0..32.0).prop_map(|(lon, lat)| place(lon, lat));
    let country = prop::collection::vec(country, 2..4);
    let across = (-0.3..0.3, -17.0..-16.6)
        .prop_map(|(lon, lat): (f64, f64)| place(if lon < 0.0 { 180.0 + lon } else { lon - 180.0 }, lat));
    let across = prop::collection::vec(across, 2..6);
    let polar = (-180.0..180.0, 89.0..90.0).prop_map(|(lon, lat)| place(lon, lat));
    let polar = prop::collection::vec(polar, 2..5);
    let out_and_back = city.clone().prop_map(|line| {
        let back: Vec<LonLat> = line.iter().rev().skip(1).copied().collect();
        [line, back].concat()
    });
    let point = (109.4..109.6, 18.2..18.4).prop_map(|(lon, lat)| vec![place(lon, lat); 2]);
    let repeated = city
        .clone()
        .prop_map(|line| line.iter().flat_map(|place| [*place, *place]).collect());
    prop_oneof![
        (city, prop_oneof![10.0..3_000.0, Just(0.5)]),
        (country, 1_000.0..50_000.0),
        (across, 100.0..20_000.0),
        (polar, 100.0..50_000.0),
        (out_and_back, 10.0..3_000.0),
        (point, 100.0..5_000.0),
        (repeated, 10.0..3_000.0),
    ]
}

/// Places around a line, some beyond the distance, some on a vertex, some twice.
fn places_near(
    (line, distance_m): (Vec<LonLat>, f64),
) -> impl Strategy<Value = (Vec<LonLat>, f64, Vec<LonLat>)> {
    let spot = (
        0..line.len(),
        0.0..1.0,
        0.0..360.0,
        prop_oneof![4 => 0.0..1.5, 1 => Just(0.0)],
    );
    prop::collection::vec((spot, 1_usize..3), 1..12).prop_map(move |spots| {
        let legs = legs(&line);
        let places = spots
            .into_iter()
            .flat_map(|((number, share, azimuth_deg, off), times)| {
                let leg = &legs[number % legs.len()];
                let foot = direct(leg.from, leg.azimuth_deg, share * leg.length_m);
                let at = if share < 0.1 {
                    leg.from
                } else {
                    direct(foot, azimuth_deg, off * distance_m)
                };
                vec![at; times]
            });
        (line.clone(), distance_m, places.collect())
    })
}

fn query(line: &[LonLat], distance_m: f64) -> AlongRouteQuery {
    AlongRouteQuery {
        vertices: line.to_vec(),
        distance: Meters::new(distance_m).expect("a length"),
        limit: 1_000,
        conditions: Conditions::default(),
        travel: Travel::of(TravelMode::Walk),
        now: instant("2026-11-20T04:00:00Z"),
    }
}

fn numbered(places: &[LonLat]) -> Snapshot {
    let stations = places.iter().enumerate();
    snapshot(
        stations
            .map(|(number, at)| world::station(&format!("s{number:03}"), *at))
            .collect(),
    )
}

fn is_in_order(found: &AlongRouteFound) -> bool {
    found.stations.is_sorted_by_key(|found| {
        (
            micrometres(found.beside.along),
            micrometres(found.beside.off),
            found.station,
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_station_near_the_line_is_found_where_the_line_comes_nearest(
        (line, distance_m, places) in line().prop_flat_map(places_near),
    ) {
        let (legs, snapshot) = (legs(&line), numbered(&places));
        let found = snapshot.along_route(&query(&line, distance_m));
        prop_assert!(is_in_order(&found), "{found:?}");
        let length_m: f64 = legs.iter().map(|leg| leg.length_m).sum();
        prop_assert!((found.length.get() - length_m).abs() < 1e-6 * (1.0 + legs.len() as f64));
        prop_assert_eq!(found.matched, found.stations.len());
        for (at, ordinal) in places.iter().zip(0_u32..) {
            let candidates = candidates(&legs, *at);
            let off_m = nearest_m(&candidates);
            let Some(hit) = found.stations.iter().find(|hit| hit.station == ordinal) else {
                prop_assert!(off_m > distance_m - 1e-6, "{at:?} is {off_m} m off and was missed");
                continue;
            };
            prop_assert!(off_m <= distance_m + 1e-6, "{at:?} is {off_m} m off and was found");
            prop_assert!((hit.beside.off.get() - off_m).abs() <= 1e-5, "{hit:?} {off_m}");
            let along_m = hit.beside.along.get();
            let near = |candidate: &Candidate, slack_m| candidate.off_m <= off_m + slack_m;
            let is_foot = candidates.iter()
                .any(|candidate| near(candidate, 1.1e-3) && (candidate.along_m - along_m).abs() <= 0.1);
            prop_assert!(is_foot, "{hit:?} {candidates:?}");
            let is_earlier = |candidate: &Candidate| {
                near(candidate, 0.5e-3) && candidate.is_pass && candidate.along_m < along_m - 1.0
            };
            prop_assert!(!candidates.iter().any(is_earlier), "{hit:?} is not the first of {candidates:?}");
        }
    }

    #[test]
    fn a_station_at_exactly_the_distance_is_in_and_one_a_little_farther_is_out(
        (line, _, places) in line().prop_flat_map(places_near),
    ) {
        let off_m = nearest_m(&candidates(&legs(&line), places[0]));
        prop_assume!((0.01..50_000.0).contains(&off_m));
        let snapshot = numbered(&places[..1]);
        prop_assert_eq!(snapshot.along_route(&query(&line, off_m + 1e-6)).matched, 1);
        prop_assert_eq!(snapshot.along_route(&query(&line, off_m - 1e-5)).matched, 0);
    }

    #[test]
    fn conditions_hold_for_each_station_at_the_time_of_its_arrival(
        ((line, distance_m), stations) in line().prop_flat_map(places_near).prop_flat_map(
            |(line, distance_m, places)| (Just((line, distance_m)), stations_at(places))),
        ask in ask(), now in time(), mode in select(TravelMode::ALL), limit in 1_usize..10,
    ) {
        let snapshot = snapshot(stations);
        let Some(conditions) = conditions(&snapshot, &ask) else { return Ok(()) };
        let travel = Travel::of(mode);
        let query = AlongRouteQuery { conditions, now, travel, limit, ..query(&line, distance_m) };
        let found = snapshot.along_route(&query);
        let (route, mut oracle) = (Route::new(&line), Oracle::default());
        let mut expected = Vec::new();
        for (station, ordinal) in snapshot.stations().iter().zip(0_u32..) {
            let beside = route.beside(station.location.place()).expect("a line");
            let seconds = whole_seconds(beside.along.get() / travel.speed_m_s)
                + whole_seconds(beside.off.get() * travel.detour_factor / travel.speed_m_s);
            let arrival = now + TimeDelta::seconds(seconds.cast_signed());
            if micrometres(beside.off) <= micrometres(query.distance) && oracle.meets(station, &ask, arrival) {
                let at = match ask.open {
                    Open::Any => now,
                    Open::At(at, _) => at,
                    Open::OnArrival(_) => arrival,
                };
                let place = (micrometres(beside.along), micrometres(beside.off), ordinal);
                expected.push((place, seconds, snapshot.moment(at)));
            }
        }
        expected.sort_by_key(|(place, _, _)| *place);
        prop_assert_eq!(found.matched, expected.len());
        expected.truncate(limit);
        let hits = found.stations.iter().map(|hit| {
            let place = (micrometres(hit.beside.along), micrometres(hit.beside.off), hit.station);
            (place, hit.travel_time_s, hit.at)
        });
        prop_assert_eq!(hits.collect::<Vec<_>>(), expected);
    }
}

/// Where along the line the only station is found, metres.
fn along_m(line: &[LonLat], station: LonLat, distance_m: f64) -> f64 {
    let found = numbered(&[station]).along_route(&query(line, distance_m));
    assert_eq!(found.matched, 1, "{station:?}");
    found.stations[0].beside.along.get()
}

#[test]
fn a_line_that_crosses_itself_takes_the_first_pass_at_the_crossing() {
    // East along a parallel of about 4.2 km, then back through its middle from the north to the south.
    let (west, east) = (place(109.48, 18.25), place(109.52, 18.25));
    let crossing = direct(west, inverse(west, east).1, inverse(west, east).0 / 2.0);
    let (north, south) = (direct(crossing, 0.0, 1_500.0), direct(crossing, 180.0, 1_500.0));
    let line = [west, east, north, south];
    let half_m = inverse(west, east).0 / 2.0;
    assert!((along_m(&line, crossing, 100.0) - half_m).abs() < 0.01);
    // The second pass meets the crossing at a vertex, where its pieces have no sag at all.
    let line = [west, east, north, crossing, south];
    assert!((along_m(&line, crossing, 100.0) - half_m).abs() < 0.01);
    // Three metres to the north the second pass is the nearer one.
    let beside = direct(crossing, 0.0, 3.0);
    assert!(along_m(&line, beside, 100.0) > 2.0 * half_m);
}

#[test]
fn out_and_back_on_the_same_road_takes_the_way_out() {
    let line = [
        (109.48, 18.25),
        (109.503, 18.252),
        (109.51, 18.27),
        (109.503, 18.252),
        (109.48, 18.25),
    ]
    .map(|(lon, lat)| place(lon, lat));
    let length_m: f64 = legs(&line).iter().map(|leg| leg.length_m).sum();
    let leg = &legs(&line)[0];
    for percent in [0, 10, 37, 50, 99, 100] {
        let share = f64::from(percent) / 100.0;
        let foot_m = share * leg.length_m;
        let (foot, side) = (direct(leg.from, leg.azimuth_deg, foot_m), leg.azimuth_deg + 90.0);
        for off_m in [0.0, 0.2, 40.0] {
            let along_m = along_m(&line, direct(foot, side, off_m), 100.0);
            assert!(along_m < length_m / 2.0, "{share} {off_m}: {along_m}");
            assert!(
                (along_m - foot_m).abs() < 0.1 || percent == 100,
                "{share} {off_m}: {along_m} {foot_m}"
            );
        }
    }
}

#[test]
fn a_station_far_off_is_met_where_it_is_abeam_and_not_at_the_joint_before() {
    // The line is cut every kilometre; 50 km off, ten metres along make one millimetre of distance.
    let (from, to) = (place(102.0, 30.0), place(102.0, 31.0));
    for foot_m in [995.0, 1_003.0, 1_008.0, 50_004.0] {
        let foot = direct(from, 0.0, foot_m);
        let station = direct(foot, 90.0, 49_000.0);
        let oracle = candidates(&legs(&[from, to]), station)[0];
        let along_m = along_m(&[from, to], station, 50_000.0);
        assert!(
            (along_m - oracle.along_m).abs() < 0.1,
            "{foot_m}: {along_m} {oracle:?}"
        );
    }
}

#[test]
fn a_line_over_the_pole_meets_the_stations_on_both_sides_in_order() {
    let line = [place(0.0, 89.5), place(180.0, 89.5)];
    let places = [place(180.0, 89.7), place(0.0, 89.7), place(90.0, 90.0)];
    let found = numbered(&places).along_route(&query(&line, 10.0));
    let order: Vec<u32> = found.stations.iter().map(|hit| hit.station).collect();
    assert_eq!(order, [1, 2, 0]);
    assert!((found.stations[1].beside.along.get() - found.length.get() / 2.0).abs() < 0.01);
}

#[test]
fn a_line_across_the_antimeridian_is_as_long_as_it_looks_on_a_globe() {
    let line = [place(179.9, -16.8), place(-179.9, -16.8)];
    let places = [
        place(-179.95, -16.8),
        place(180.0, -16.8),
        place(-180.0, -16.8),
        place(0.0, -16.8),
    ];
    let found = numbered(&places).along_route(&query(&line, 100.0));
    assert!(found.length.get() < 22_000.0);
    let order: Vec<u32> = found.stations.iter().map(|hit| hit.station).collect();
    assert_eq!(order, [1, 2, 0]);
}

#[test]
fn a_line_of_one_point_is_a_circle_around_it() {
    let here = place(109.5, 18.25);
    let places = [
        direct(here, 45.0, 500.0),
        direct(here, 200.0, 499.999),
        direct(here, 90.0, 500.001),
        here,
    ];
    let found = numbered(&places).along_route(&query(&[here, here], 500.0));
    let hits: Vec<(u32, u64)> = found
        .stations
        .iter()
        .map(|hit| (hit.station, micrometres(hit.beside.along)))
        .collect();
    assert_eq!(hits, [(3, 0), (1, 0), (0, 0)]);
    assert_eq!(found.length, Meters::ZERO);
}

#[test]
fn the_limit_keeps_the_first_ones_of_the_journey_and_says_how_many_match() {
    let line = [place(109.48, 18.25), place(109.52, 18.25)];
    let places: Vec<LonLat> = (0..30)
        .map(|number| place(109.519 - f64::from(number) * 0.001, 18.25))
        .collect();
    let mut asked = query(&line, 100.0);
    asked.limit = 4;
    let found = numbered(&places).along_route(&asked);
    let order: Vec<u32> = found.stations.iter().map(|hit| hit.station).collect();
    assert_eq!((found.matched, order), (30, vec![29, 28, 27, 26]));
}
