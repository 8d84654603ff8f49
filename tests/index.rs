//! The index against brute force with Karney's geodesic: random worlds, poles, ±180°, duplicates, ties, one, none.

use proptest::prelude::*;
use yizhan::domain::bounds::Bounds;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::facility::FacilitySet;
use yizhan::domain::filter::{StationFilter, UnknownPolicy, WordSet};
use yizhan::domain::geodesic::karney;
use yizhan::domain::units::Meters;
use yizhan::index::envelope::Traits;
use yizhan::index::{Entry, NearestAsk, Origin, StationIndex, Wanted};

fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("a place on the earth")
}

/// Places of one world: all over the earth, one crowded city, a pole, the antimeridian, or a grid full of exact ties.
fn world() -> impl Strategy<Value = Vec<LonLat>> {
    let anywhere = (-180.0..=180.0, -90.0..=90.0).prop_map(|(lon, lat)| place(lon, lat));
    let city = (109.4..109.6, 18.2..18.4).prop_map(|(lon, lat)| place(lon, lat));
    let pole = (-180.0..=180.0, 89.9..=90.0).prop_map(|(lon, lat)| place(lon, lat));
    let antimeridian = (-0.5..0.5, -20.0..20.0)
        .prop_map(|(lon, lat): (f64, f64)| place(if lon < 0.0 { 180.0 + lon } else { lon - 180.0 }, lat));
    let grid = (-3..=3, -3..=3).prop_map(|(x, y)| place(f64::from(x) * 0.01, f64::from(y) * 0.01));
    let edge = prop_oneof![
        Just(place(180.0, 0.0)),
        Just(place(-180.0, 0.0)),
        Just(place(0.0, 90.0)),
        Just(place(77.0, 90.0)),
        Just(place(0.0, -90.0)),
        Just(place(109.5, 18.25)),
    ];
    prop_oneof![
        prop::collection::vec(anywhere, 0..120),
        prop::collection::vec(city, 1..300),
        prop::collection::vec(pole, 1..80),
        prop::collection::vec(antimeridian, 1..120),
        prop::collection::vec(grid, 1..200),
        prop::collection::vec(edge, 1..40),
    ]
}

fn traits() -> impl Strategy<Value = Traits> {
    (0_u32..16, 0_u32..16, 0_u32..4, 0_u32..4, 0_u32..3).prop_map(|(yes, unknown, host, status, district)| {
        Traits {
            yes,
            yes_or_unknown: yes | unknown,
            hosts: 1 << host,
            statuses: 1 << status,
            districts: 1 << district,
        }
    })
}

fn filter() -> impl Strategy<Value = (StationFilter, u64)> {
    let bits = prop_oneof![2 => Just(0_u32), 1 => 1_u32..16];
    let statuses = prop_oneof![
        Just(WordSet::ALL),
        Just(WordSet::of_statuses(&[yizhan::domain::station::Status::Open]))
    ];
    (
        bits.clone(),
        bits,
        any::<bool>(),
        statuses,
        prop_oneof![Just(u64::MAX), Just(1), Just(6)],
    )
        .prop_map(|(all, any, allow, statuses, districts)| {
            let filter = StationFilter {
                facilities: FacilitySet::from_bits(all),
                facilities_any: FacilitySet::from_bits(any),
                unknown: if allow {
                    UnknownPolicy::Allow
                } else {
                    UnknownPolicy::Refuse
                },
                statuses,
                ..StationFilter::default()
            };
            (filter, districts)
        })
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    world().prop_flat_map(|places| {
        let count = places.len();
        (Just(places), prop::collection::vec(traits(), count)).prop_map(|(places, traits)| {
            places
                .into_iter()
                .zip(traits)
                .map(|(place, traits)| Entry { place, traits })
                .collect()
        })
    })
}

/// Enough stations that a facility can be rare, and at most 20 of them with each of two rare ones.
fn entries_with_rare_facilities() -> impl Strategy<Value = Vec<Entry>> {
    let few = || prop::collection::vec(any::<prop::sample::Index>(), 0..20);
    let worlds = (
        world(),
        prop::collection::vec(traits(), 1..40),
        1_300_usize..1_500,
        any::<bool>(),
    );
    (worlds, few(), few()).prop_map(|((places, traits, count, is_sure), first, second)| {
        // The same places again and again, a little to the south each time.
        let again = |round: usize, place: &LonLat| {
            let lat = place.lat_deg() - round as f64 * 1e-4;
            LonLat::new(place.lon_deg(), if lat < -90.0 { place.lat_deg() } else { lat }).expect("a place")
        };
        let rounds = (0..).flat_map(|round| places.iter().map(move |place| again(round, place)));
        let mut entries: Vec<Entry> = rounds
            .zip(traits.iter().cycle())
            .take(if places.is_empty() { 0 } else { count })
            .map(|(place, traits)| Entry {
                place,
                traits: *traits,
            })
            .collect();
        for (facility, few, is_sure) in [(4, first, true), (5, second.clone(), true), (4, second, is_sure)] {
            for at in few.iter().filter(|_| !places.is_empty()) {
                let station = &mut entries[at.index(count)].traits;
                station.yes |= u32::from(is_sure) << facility;
                station.yes_or_unknown |= 1 << facility;
            }
        }
        entries
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

/// The answer by definition: every station, Karney's distance, filter, sort, cut.
fn brute_force(entries: &[Entry], origin: LonLat, ask: &NearestAsk, refuse: u32) -> Vec<(u64, u32)> {
    let mut all: Vec<(u64, u32)> = entries
        .iter()
        .zip(0_u32..)
        .filter(|(entry, ordinal)| {
            entry.traits.may_match(&ask.filter, ask.districts) && ordinal % 5 != refuse
        })
        .map(|(entry, ordinal)| (micrometres(karney(origin, entry.place)), ordinal))
        .filter(|(distance, _)| ask.radius.is_none_or(|radius| *distance <= micrometres(radius)))
        .collect();
    all.sort_unstable();
    all.truncate(ask.limit);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn nearest_equals_brute_force(
        entries in entries(),
        (filter, districts) in filter(),
        lon in prop_oneof![-180.0..=180.0, 109.4..109.6, -0.03..0.03, Just(180.0), Just(0.0)],
        lat in prop_oneof![-90.0..=90.0, 18.2..18.4, -0.03..0.03, Just(90.0), Just(-90.0), Just(0.0)],
        limit in 1_usize..30,
        radius_m in prop::option::of(prop_oneof![1.0..5_000.0, 1.0..3_000_000.0]),
        refuse in 0_u32..10,
    ) {
        let radius = radius_m.map(|m| Meters::new(m).expect("a length"));
        let (origin, ask) = (place(lon, lat), NearestAsk { limit, radius, filter, districts });
        let index = StationIndex::build(&entries);
        let hits = index.nearest(&Origin::from(origin), &ask, |slot| index.ordinal(slot) % 5 != refuse);
        let expected = brute_force(&entries, origin, &ask, refuse);
        let ordinals: Vec<u32> = hits.iter().map(|hit| index.ordinal(hit.slot)).collect();
        prop_assert_eq!(&ordinals, &expected.iter().map(|(_, ordinal)| *ordinal).collect::<Vec<_>>(), "{:?}", expected);
        for (hit, (distance, _)) in hits.iter().zip(&expected) {
            prop_assert!(micrometres(hit.distance).abs_diff(*distance) <= 100, "{hit:?} {distance}");
        }
    }

    #[test]
    fn a_station_at_exactly_the_radius_is_in(entries in entries(), lon in 109.4..109.6, lat in 18.2..18.4) {
        prop_assume!(!entries.is_empty());
        let origin = place(lon, lat);
        let index = StationIndex::build(&entries);
        let radius = karney(origin, entries[0].place);
        let ask = NearestAsk {
            limit: 1000, radius: Some(radius), filter: StationFilter::default(), districts: u64::MAX,
        };
        let hits = index.nearest(&Origin::from(origin), &ask, |_| true);
        prop_assert!(hits.iter().any(|hit| index.ordinal(hit.slot) == 0));
        prop_assert!(hits.iter().all(|hit| hit.distance.get() <= radius.get() + 1e-6));
    }

    #[test]
    fn within_equals_brute_force(
        entries in entries(), (filter, districts) in filter(),
        west in -180.0..=180.0, east in -180.0..=180.0, south in -90.0_f64..=90.0, height in 0.0..90.0_f64,
    ) {
        let bounds = Bounds::new(place(west, south), place(east, (south + height).min(90.0))).expect("a box");
        let index = StationIndex::build(&entries);
        let mut found = Vec::new();
        index.within(&bounds, Wanted { filter: &filter, districts }, |slot| found.push(index.ordinal(slot)));
        found.sort_unstable();
        let expected: Vec<u32> = entries.iter().zip(0_u32..)
            .filter(|(entry, _)| bounds.contains(entry.place) && entry.traits.may_match(&filter, districts))
            .map(|(_, ordinal)| ordinal).collect();
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nearest_with_a_rare_facility_equals_brute_force(
        entries in entries_with_rare_facilities(),
        (filter, districts) in filter(),
        rare in prop_oneof![Just(1_u32 << 4), Just(1 << 5), Just(3 << 4)],
        lon in prop_oneof![-180.0..=180.0, 109.4..109.6, Just(180.0)],
        lat in prop_oneof![-90.0..=90.0, 18.2..18.4, Just(90.0)],
        limit in 1_usize..30,
        radius_m in prop::option::of(1.0..3_000_000.0),
        refuse in 0_u32..10,
    ) {
        let facilities = FacilitySet::from_bits(filter.facilities.bits() | rare);
        let filter = StationFilter { facilities, ..filter };
        let radius = radius_m.map(|m| Meters::new(m).expect("a length"));
        let (origin, ask) = (place(lon, lat), NearestAsk { limit, radius, filter, districts });
        // Built at once, and after all traits have changed: the lists are those of the newest traits.
        let bare: Vec<Entry> = entries.iter().map(|entry| Entry { traits: Traits::PLACE_ONLY, ..*entry }).collect();
        let bare = StationIndex::build(&bare);
        let changed = bare.neighbour_order().iter().map(|ordinal| entries[*ordinal as usize].traits).collect();
        let expected = brute_force(&entries, origin, &ask, refuse);
        for index in [StationIndex::build(&entries), bare.with_traits(changed)] {
            let hits = index.nearest(&Origin::from(origin), &ask, |slot| index.ordinal(slot) % 5 != refuse);
            let ordinals: Vec<u32> = hits.iter().map(|hit| index.ordinal(hit.slot)).collect();
            prop_assert_eq!(&ordinals, &expected.iter().map(|(_, ordinal)| *ordinal).collect::<Vec<_>>(), "{:?}", expected);
        }
    }
}

#[test]
fn ten_thousand_stations_at_one_place_come_back_by_ordinal() {
    let entry = Entry {
        place: place(109.5, 18.25),
        traits: Traits {
            statuses: 1,
            hosts: 1,
            districts: 1,
            ..Traits::default()
        },
    };
    let index = StationIndex::build(&vec![entry; 10_000]);
    let ask = NearestAsk {
        limit: 100,
        radius: None,
        filter: StationFilter::default(),
        districts: u64::MAX,
    };
    let hits = index.nearest(&Origin::from(place(109.6, 18.3)), &ask, |_| true);
    let ordinals: Vec<u32> = hits.iter().map(|hit| index.ordinal(hit.slot)).collect();
    assert_eq!(ordinals, (0..100).collect::<Vec<u32>>());
}

#[test]
fn an_empty_index_answers_with_nothing() {
    let index = StationIndex::build(&[]);
    let ask = NearestAsk {
        limit: 10,
        radius: None,
        filter: StationFilter::default(),
        districts: u64::MAX,
    };
    assert!(
        index
            .nearest(&Origin::from(place(0.0, 0.0)), &ask, |_| true)
            .is_empty()
    );
}
