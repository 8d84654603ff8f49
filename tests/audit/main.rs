//! The audit against an oracle, against facts counted by hand from the bundled data, and on a real register.

mod oracle;
#[path = "../shared_data/mod.rs"]
mod shared_data;
mod world;

use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::standard::{Level, MapService, Requirement, Standard};
use yizhan::domain::station::Station;
use yizhan::import::{ImportOptions, parse};
use yizhan::locator::Snapshot;
use yizhan::planner::audit::{
    Action, ActionKind, Audit, Cause, Counts, Listing, StationAudit, Target, Verdict, audit, judge,
    least_actions,
};

use crate::oracle::Deed;

const TODAY: &str = "2026-11-22";

fn audited(snapshot: &Snapshot, standard: &Standard, today: NaiveDate) -> Audit {
    let all: Vec<u32> = (0..).take(snapshot.stations().len()).collect();
    audit(snapshot, standard, &all, today)
}

fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Pass => 'p',
        Verdict::Fail => 'f',
        Verdict::Unknown => 'u',
    }
}

const fn counts(counts: Counts) -> (usize, usize, usize) {
    (counts.pass, counts.fail, counts.unknown)
}

/// Everything that can be done at a station for a standard.
fn deeds(standard: &Standard) -> Vec<Deed> {
    let facilities = world::FACILITIES.iter().map(|facility| Deed::Facility(*facility));
    let maps = MapService::ALL.iter().map(|service| Deed::Map(*service));
    let all = facilities.chain(maps).chain([Deed::Area, Deed::Seats]);
    let serves = |deed: &Deed| {
        standard.items.iter().any(|item| match (&item.requirement, deed) {
            (Requirement::Facility(own), Deed::Facility(facility)) => own == facility,
            (Requirement::AnyOf(own), Deed::Facility(facility)) => own.contains(facility),
            (Requirement::MapListingAnyOf(own), Deed::Map(service)) => own.contains(service),
            (Requirement::MinFloorAreaM2(_), Deed::Area) | (Requirement::MinSeats(_), Deed::Seats) => true,
            _ => false,
        })
    };
    all.filter(serves).collect()
}

fn deed(target: Target) -> Option<Deed> {
    match target {
        Target::Facility(facility) => Some(Deed::Facility(facility)),
        Target::MapService(service) => Some(Deed::Map(service)),
        Target::FloorArea => Some(Deed::Area),
        Target::Seats => Some(Deed::Seats),
        Target::NotRecorded(_) => None,
    }
}

fn check_actions(station: &Station, standard: &Standard, actions: &[Action]) {
    let mut work = [0; 5];
    for action in actions {
        work[4 - action.kind as usize] += 1;
    }
    let least = oracle::least_work(station, standard, &deeds(standard));
    assert_eq!(work, least, "{actions:?}");
    // Whichever alternative is taken, the station passes in the end, as far as a record can tell.
    let alternatives = actions.iter().map(|action| action.targets.len()).max();
    for choice in 0..alternatives.unwrap_or(0) {
        let mut changed = station.clone();
        let chosen = |action: &Action| action.targets[choice % action.targets.len()];
        for deed in actions.iter().map(chosen).filter_map(deed) {
            oracle::done(&mut changed, deed);
        }
        let (recorded, _) = oracle::recorded(standard);
        assert_eq!(
            oracle::verdict_on_station(&changed, &recorded),
            'p',
            "{actions:?}"
        );
    }
    // Each required item that does not pass is served by exactly one action.
    let mut served: Vec<usize> = actions.iter().flat_map(|action| action.items.clone()).collect();
    served.sort_unstable();
    let items = standard.items.iter().enumerate();
    let open = items.filter(|(_, item)| {
        item.level == Level::Required && oracle::verdict_on_item(station, &item.requirement) != 'p'
    });
    assert_eq!(served, open.map(|(position, _)| position).collect::<Vec<_>>());
}

fn check_totals(stations: &[Arc<Station>], standard: &Standard, found: &Audit) {
    let verdicts: Vec<char> = stations
        .iter()
        .map(|station| oracle::verdict_on_station(station, standard))
        .collect();
    let count = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count();
    assert_eq!(counts(found.counts), (count('p'), count('f'), count('u')));
    let district = |station: &Arc<Station>| station.district.as_deref().map(str::to_owned);
    let by_district: Vec<_> = stations
        .iter()
        .map(district)
        .zip(verdicts.iter().copied())
        .collect();
    let league: Vec<_> = found
        .districts
        .iter()
        .map(|own| {
            let (pass, fail, unknown) = counts(own.counts);
            (own.name.as_deref().map(str::to_owned), [pass, fail, unknown])
        })
        .collect();
    assert_eq!(league, oracle::league(&by_district));
    for (service, own) in &found.map_listings {
        let count = |wanted| {
            let on_map = stations.iter().map(|station| oracle::on_map(station, *service));
            on_map.filter(|state| *state == wanted).count()
        };
        let expected = (
            count(FacilityState::Yes),
            count(FacilityState::No),
            count(FacilityState::Unknown),
        );
        assert_eq!((own.yes, own.no, own.unknown), expected);
    }
}

fn check_items(stations: &[Arc<Station>], standard: &Standard, found: &Audit) {
    for (position, item) in standard.items.iter().enumerate() {
        let on_item = |station: &Station| oracle::verdict_on_item(station, &item.requirement);
        let count = |wanted| {
            stations
                .iter()
                .filter(|station| on_item(station) == wanted)
                .count()
        };
        let own = found.items[position];
        assert_eq!(counts(own.counts), (count('p'), count('f'), count('u')));
        // A station is short of this item alone when it passes without it and not with it.
        let mut without = standard.clone();
        without.items.remove(position);
        let alone = |wanted: char| {
            let is_alone = |station: &&Arc<Station>| {
                on_item(station) == wanted
                    && oracle::verdict_on_station(station, standard) != 'p'
                    && oracle::verdict_on_station(station, &without) == 'p'
            };
            stations.iter().filter(is_alone).count()
        };
        let expected = if item.level == Level::Required {
            (0, alone('f'), alone('u'))
        } else {
            (0, 0, 0)
        };
        assert_eq!(counts(own.alone), expected);
    }
    let lifted = |position: &usize| found.items[*position].alone.total();
    assert!(
        found
            .best_items
            .is_sorted_by_key(|position| (usize::MAX - lifted(position), *position))
    );
    let named: usize = found.best_items.iter().map(lifted).sum();
    assert_eq!(
        named,
        found.items.iter().map(|item| item.alone.total()).sum::<usize>()
    );
}

fn check_order(found: &Audit) {
    let kind = |own: &StationAudit| own.actions.iter().map(|action| action.kind).max();
    let mut expected: Vec<usize> = (0..found.stations.len()).collect();
    expected.retain(|position| found.stations[*position].verdict != Verdict::Pass);
    expected.sort_by_key(|position| {
        let own = &found.stations[*position];
        (kind(own), own.actions.len())
    });
    assert_eq!(found.todo, expected);
    for (position, own) in found.stations.iter().enumerate() {
        let place = found.todo.iter().position(|other| *other == position);
        assert_eq!(own.rank, place.map(|place| place + 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_verdict_count_and_action_is_that_of_the_rules(stations in world::stations(), standard in world::standard()) {
        let snapshot = world::snapshot(stations);
        let stations = snapshot.stations();
        let found = audited(&snapshot, &standard, world::day(TODAY));
        prop_assert_eq!(found.stations.len(), stations.len());
        for (station, own) in stations.iter().zip(&found.stations) {
            let items: String = standard.items.iter().map(|item| oracle::verdict_on_item(station, &item.requirement)).collect();
            let given: String = own.judgements.iter().map(|judgement| letter(judgement.verdict())).collect();
            prop_assert_eq!(given, items);
            prop_assert_eq!(letter(own.verdict), oracle::verdict_on_station(station, &standard));
            prop_assert_eq!(own.required.total() + own.recommended.total(), standard.items.len());
            check_actions(station, &standard, &own.actions);
        }
        check_totals(stations, &standard, &found);
        check_items(stations, &standard, &found);
        check_order(&found);
    }

    #[test]
    fn overlapping_alternatives_are_met_with_the_least_work(
        stations in prop::collection::vec((world::poor_station(), world::overlapping_standard()), 8)
    ) {
        for (station, standard) in stations {
            let judged = standard.items.iter().map(|item| judge(&station, &item.requirement));
            let judged: Vec<_> = judged.collect();
            check_actions(&station, &standard, &least_actions(&station, &standard, &judged));
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer(stations in world::stations(), standard in world::standard()) {
        let (one, two) = (world::snapshot(stations.clone()), world::snapshot(stations));
        let (one, two) = (audited(&one, &standard, world::day(TODAY)), audited(&two, &standard, world::day(TODAY)));
        prop_assert_eq!(one, two);
    }

    #[test]
    fn ages_are_those_of_a_sorted_list(stations in world::stations()) {
        let standard = world::bundled_standard("sanya-ten");
        let snapshot = world::snapshot(stations);
        let found = audited(&snapshot, &standard, world::day(TODAY)).verification;
        let days = |station: &Arc<Station>| station.verified_at.map(|day| (world::day(TODAY) - day).num_days());
        let ages: Vec<Option<i64>> = snapshot.stations().iter().map(days).collect();
        let mut known: Vec<i64> = ages.iter().flatten().copied().filter(|age| *age >= 0).collect();
        known.sort_unstable();
        prop_assert_eq!(found.never, ages.iter().filter(|age| age.is_none()).count());
        prop_assert_eq!(found.after_today + found.never + known.len(), ages.len());
        for (count, limit) in found.within.iter().zip([90, 180, 365]) {
            prop_assert_eq!(*count, known.iter().filter(|age| **age <= limit).count());
        }
        let median = match known.len() {
            0 => None,
            n if n % 2 == 1 => Some(known[n / 2] as f64),
            n => Some((known[n / 2 - 1] + known[n / 2]) as f64 / 2.0),
        };
        prop_assert_eq!(found.median_days, median);
    }
}

fn standard_of(requirements: Vec<Requirement>) -> Standard {
    let required = requirements
        .into_iter()
        .map(|requirement| (requirement, Level::Required));
    world::standard_of(required.collect())
}

#[test]
fn a_thing_out_of_order_fails_and_is_repaired_and_not_bought() {
    let mut station = world::bare("a");
    station
        .facilities
        .set(Facility::Heating, FacilityState::OutOfOrder);
    station
        .facilities
        .set(Facility::AirConditioning, FacilityState::No);
    let standard = standard_of(vec![Requirement::AnyOf(vec![
        Facility::AirConditioning,
        Facility::Heating,
    ])]);
    let snapshot = world::snapshot(vec![station]);
    let found = audited(&snapshot, &standard, world::day(TODAY));
    let own = &found.stations[0];
    assert_eq!((own.verdict, found.items[0].out_of_order), (Verdict::Fail, 1));
    assert_eq!(own.judgements[0].cause(), Some(Cause::OutOfOrder));
    assert_eq!(
        own.actions,
        [Action {
            kind: ActionKind::Repair,
            targets: vec![Target::Facility(Facility::Heating)],
            items: vec![0]
        }]
    );
}

#[test]
fn one_action_serves_all_items_that_ask_for_the_same_thing() {
    let mut station = world::bare("a");
    station.facilities.set(Facility::Heating, FacilityState::No);
    station
        .facilities
        .set(Facility::AirConditioning, FacilityState::No);
    let standard = standard_of(vec![
        Requirement::AnyOf(vec![Facility::Heating, Facility::AirConditioning]),
        Requirement::Facility(Facility::AirConditioning),
        Requirement::MinSeats(4),
        Requirement::MinSeats(8),
    ]);
    let snapshot = world::snapshot(vec![station]);
    let found = audited(&snapshot, &standard, world::day(TODAY));
    let actions: Vec<_> = found.stations[0]
        .actions
        .iter()
        .map(|action| (action.kind, action.items.clone()))
        .collect();
    assert_eq!(
        actions,
        [(ActionKind::Check, vec![2, 3]), (ActionKind::Add, vec![0, 1])]
    );
}

#[test]
fn many_items_with_overlapping_alternatives_are_answered_at_once() {
    let standard = standard_of(
        (0..12)
            .map(|start| {
                let alternatives = Facility::ALL.iter().skip(start).step_by(2).take(6);
                Requirement::AnyOf(alternatives.copied().collect())
            })
            .collect(),
    );
    let begun = std::time::Instant::now();
    let snapshot = world::snapshot(vec![world::bare("a")]);
    let found = audited(&snapshot, &standard, world::day(TODAY));
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    let items: usize = found.stations[0]
        .actions
        .iter()
        .map(|action| action.items.len())
        .sum();
    assert_eq!(items, 12);
}

#[test]
fn a_district_is_one_row_whether_records_name_it_or_give_its_code() {
    let mut stations: Vec<Station> = ["a", "b", "c", "d"].map(world::bare).into();
    stations[0].district = Some("吉阳区".into());
    stations[1].adcode = Some("460203".into());
    stations[2].district = Some("外地区".into());
    let snapshot = world::snapshot(stations);
    let found = audited(
        &snapshot,
        &world::bundled_standard("sanya-ten"),
        world::day(TODAY),
    );
    let rows: Vec<_> = found
        .districts
        .iter()
        .map(|row| (row.name.as_deref(), row.adcode.as_deref(), row.counts.unknown))
        .collect();
    assert_eq!(
        rows,
        [
            (Some("吉阳区"), Some("460203"), 2),
            (Some("外地区"), None, 1),
            (None, None, 1)
        ]
    );
}

#[test]
fn nothing_at_all_is_an_answer() {
    let snapshot = world::snapshot(Vec::new());
    let found = audited(
        &snapshot,
        &world::bundled_standard("sanya-ten"),
        world::day(TODAY),
    );
    assert_eq!((found.counts.total(), found.counts.share_sure()), (0, None));
    assert!(found.districts.is_empty() && found.todo.is_empty() && found.best_items.is_empty());
    assert_eq!(found.verification.median_days, None);
}

/// Counted from `data/demo_city.geojson` by a script of a few lines in another language.
#[test]
fn the_demo_city_has_the_verdicts_that_its_file_holds() {
    let snapshot = world::demo_city();
    let open = world::open_stations(&snapshot);
    assert_eq!(open.len(), 68);
    for (id, expected) in [
        ("sanya-ten", (17, 32, 19)),
        ("sanya-eight", (21, 23, 24)),
        ("sanya-six", (35, 20, 13)),
        ("six-haves", (0, 1, 67)),
        ("guizhou-seven", (9, 37, 22)),
    ] {
        let found = audit(&snapshot, &world::bundled_standard(id), &open, world::day(TODAY));
        assert_eq!(counts(found.counts), expected, "{id}");
        assert_eq!(found.synthetic, 68);
    }
    let standard = world::bundled_standard("sanya-ten");
    let found = audit(&snapshot, &standard, &open, world::day(TODAY));
    let league: Vec<_> = found
        .districts
        .iter()
        .map(|row| (row.name.as_deref().expect("a name"), counts(row.counts)))
        .collect();
    // 4 of 11, then 7 of 28 and 2 of 8, which is the same quarter, then 4 of 21.
    assert_eq!(
        league,
        [
            ("崖州区", (4, 5, 2)),
            ("天涯区", (7, 17, 4)),
            ("海棠区", (2, 1, 5)),
            ("吉阳区", (4, 9, 8))
        ]
    );
}

#[test]
fn the_demo_city_needs_first_what_its_file_says() {
    let snapshot = world::demo_city();
    let standard = world::bundled_standard("sanya-ten");
    let open = world::open_stations(&snapshot);
    let found = audit(&snapshot, &standard, &open, world::day(TODAY));
    let item = |id: &str| {
        let position = standard.items.iter().position(|item| &*item.id == id);
        found.items[position.expect("an item")]
    };
    assert_eq!(counts(item("toilet").counts), (49, 12, 7));
    assert_eq!(counts(item("refrigerator").counts), (48, 11, 9));
    assert_eq!(
        item("microwave").out_of_order + item("refrigerator").out_of_order,
        2
    );
    for (id, alone) in [
        ("umbrella", 4),
        ("seats", 2),
        ("phone_charging", 5),
        ("first_aid", 1),
        ("toilet", 5),
        ("refrigerator", 4),
        ("microwave", 1),
        ("reading", 0),
    ] {
        assert_eq!(item(id).alone.total(), alone, "{id}");
    }
    let listed: Vec<_> = found
        .map_listings
        .iter()
        .map(|(_, own)| (own.yes, own.no, own.unknown))
        .collect();
    assert_eq!(listed, [(50, 10, 8), (44, 16, 8), (51, 8, 9)]);
    assert_eq!(found.verification.never, 0);
    let (first, own) = (
        &found.stations[found.todo[0]],
        &snapshot.stations()[found.stations[found.todo[0]].station as usize],
    );
    assert_eq!((own.id.as_str(), first.actions.len()), ("sy-001", 1));
    assert_eq!(first.actions[0].targets, [Target::Facility(Facility::Umbrella)]);
}

#[test]
fn a_register_that_states_nothing_neither_passes_nor_fails() {
    let Some(text) = shared_data::read("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let imported =
        parse(text.as_bytes(), "register.csv", None, &ImportOptions::default()).expect("a register");
    let snapshot = world::snapshot(imported.stations);
    for standard in world::bundled_standards() {
        let found = audited(&snapshot, &standard, world::day(TODAY));
        assert_eq!(counts(found.counts), (0, 0, 82), "{}", standard.id);
        assert_eq!((found.verification.never, found.synthetic), (82, 0));
        for own in &found.stations {
            let kinds = own.actions.iter().map(|action| action.kind);
            assert!(kinds.clone().all(|kind| kind == ActionKind::Check), "{own:?}");
            assert_eq!(kinds.count(), own.required.unknown);
        }
        for (_, own) in &found.map_listings {
            assert_eq!((own.yes, own.no, own.unknown), (0, 0, 82));
        }
    }
    let listed = yizhan::planner::audit::listing(snapshot.stations()[0].map_listings, MapService::Amap);
    assert_eq!(listed, Listing::Unknown);
}
