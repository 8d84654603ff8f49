//! `nearest` against a look at every station with Karney's geodesic.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::geodesic::karney;
use yizhan::domain::station::Station;
use yizhan::domain::units::{Meters, Travel, TravelMode};
use yizhan::locator::{NearestQuery, OpenAsk};

use crate::oracle::{Oracle, conditions, micrometres, whole_seconds};
use crate::world::{self, Ask, Open, ask, place, snapshot, stations, time};

/// Seconds of travel by the stated method, not yet rounded up.
fn seconds(travel: Travel, distance: Meters) -> f64 {
    distance.get() * travel.detour_factor / travel.speed_m_s
}

fn arrival(now: DateTime<Utc>, travel: Travel, distance: Meters) -> DateTime<Utc> {
    now + TimeDelta::seconds(whole_seconds(seconds(travel, distance)).cast_signed())
}

/// Distance in micrometres and id of every station that passes, in order, cut at the limit.
fn brute_force(stations: &[Arc<Station>], query: &NearestQuery, ask: &Ask) -> Vec<(u64, String)> {
    let mut oracle = Oracle::default();
    let mut all: Vec<(u64, String)> = stations
        .iter()
        .map(|station| (karney(query.origin, station.location.place()), station))
        .filter(|(distance, _)| {
            query
                .radius
                .is_none_or(|radius| micrometres(*distance) <= micrometres(radius))
        })
        .filter(|(distance, station)| oracle.meets(station, ask, arrival(query.now, query.travel, *distance)))
        .map(|(distance, station)| (micrometres(distance), station.id.as_str().to_owned()))
        .collect();
    all.sort_unstable();
    all.truncate(query.limit);
    all
}

/// A place to ask from: anywhere, in the city, on the grid, at its centre, at a pole, on the antimeridian.
fn origin() -> impl Strategy<Value = LonLat> {
    let lon = prop_oneof![-180.0..=180.0, 109.4..109.6, -0.03..0.03, Just(180.0), Just(0.0)];
    let lat = prop_oneof![
        -90.0..=90.0,
        18.2..18.4,
        -0.03..0.03,
        Just(90.0),
        Just(-90.0),
        Just(0.0)
    ];
    let free = (lon, lat).prop_map(|(lon, lat)| place(lon, lat));
    let city = (109.4..109.6, 18.2..18.4).prop_map(|(lon, lat)| place(lon, lat));
    prop_oneof![free, city, Just(place(0.0, 0.0)), Just(place(109.45, 18.25))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn nearest_equals_a_look_at_every_station(
        stations in stations(),
        ask in ask(),
        origin in origin(),
        limit in prop_oneof![1_usize..12, 1_usize..100],
        radius_m in prop::option::of(prop_oneof![1.0..5_000.0, 1.0..3_000_000.0]),
        mode in select(TravelMode::ALL),
        now in time(),
    ) {
        let snapshot = snapshot(stations);
        let Some(conditions) = conditions(&snapshot, &ask) else { return Ok(()) };
        let radius = radius_m.map(|metres| Meters::new(metres).expect("a length"));
        let query = NearestQuery { origin, limit, radius, conditions, travel: Travel::of(mode), now };
        let found = snapshot.nearest(&query);
        let expected = brute_force(snapshot.stations(), &query, &ask);
        let ids: Vec<&str> =
            found.iter().map(|found| snapshot.stations()[found.station as usize].id.as_str()).collect();
        prop_assert_eq!(ids, expected.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>(), "{:?}", &expected);
        for (found, (distance, _)) in found.iter().zip(&expected) {
            prop_assert!(micrometres(found.distance).abs_diff(*distance) <= 100, "{found:?} {distance}");
            let exact = Meters::new(*distance as f64 / 1e6).expect("a length");
            let off = found.travel_time_s as f64 - seconds(query.travel, exact);
            prop_assert!((-2e-4..1.0 + 2e-4).contains(&off), "{found:?} {off}");
            let at = match ask.open {
                Open::Any => now,
                Open::At(at, _) => at,
                Open::OnArrival(_) => now + TimeDelta::seconds(found.travel_time_s.cast_signed()),
            };
            prop_assert_eq!(found.at, snapshot.moment(at));
        }
    }
}

/// A question for everything around a place.
fn plain(origin: LonLat) -> NearestQuery {
    NearestQuery {
        origin,
        limit: 100,
        radius: None,
        conditions: yizhan::locator::Conditions::default(),
        travel: Travel::of(TravelMode::Walk),
        now: world::instant("2026-11-20T04:00:00Z"),
    }
}

#[test]
fn nothing_is_nearest_in_an_empty_register() {
    assert!(
        snapshot(Vec::new())
            .nearest(&plain(place(109.5, 18.25)))
            .is_empty()
    );
}

#[test]
fn stations_at_one_place_come_in_the_order_of_their_ids() {
    let here = place(109.5, 18.25);
    let stations = ["丙", "b", "甲", "a-10", "a-9"].map(|id| world::station(id, here));
    let snapshot = snapshot(stations.to_vec());
    let found = snapshot.nearest(&plain(place(109.6, 18.3)));
    let ids: Vec<&str> = found
        .iter()
        .map(|found| snapshot.stations()[found.station as usize].id.as_str())
        .collect();
    assert_eq!(ids, ["a-10", "a-9", "b", "丙", "甲"]);
}

#[test]
fn a_station_that_closes_before_one_arrives_is_skipped_for_a_farther_one_that_stays_open() {
    let mut near = world::station("near", place(109.5, 18.25));
    near.hours.osm = Some("08:00-18:00".into());
    let mut far = world::station("far", place(109.52, 18.25));
    far.hours.osm = Some("08:00-22:00".into());
    let snapshot = snapshot(vec![near, far]);
    // 17:58 in China; the nearer one is 1.06 km and 19 minutes away on foot.
    let mut query = plain(place(109.49, 18.25));
    query.now = world::instant("2026-11-20T09:58:00Z");
    query.conditions.open = OpenAsk::OnArrival { stay_min: 0 };
    let ids = |query: &NearestQuery| -> Vec<String> {
        let name = |found: &yizhan::locator::NearestFound| {
            snapshot.stations()[found.station as usize].id.as_str().to_owned()
        };
        snapshot.nearest(query).iter().map(name).collect()
    };
    assert_eq!(ids(&query), ["far"]);
    query.travel = Travel::of(TravelMode::Ebike);
    query.now = world::instant("2026-11-20T09:54:00Z");
    assert_eq!(ids(&query), ["near", "far"]);
    query.conditions.open = OpenAsk::OnArrival { stay_min: 5 };
    assert_eq!(ids(&query), ["far"]);
}
