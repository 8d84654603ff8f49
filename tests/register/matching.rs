//! Rows against stations: hand-written cases, and small worlds against a comparison of everything with everything.

use std::collections::BTreeSet;

use proptest::prelude::*;
use yizhan::domain::geodesic::karney;
use yizhan::domain::station::{Station, StationId};
use yizhan::register::likeness::{Basis, Confidence, FAR_M, LOOK_M, NEAR_M, SAME_PLACE_M};
use yizhan::register::matching::{Found, RIVAL_M, match_rows};
use yizhan::register::names::{ALIKE, SOMEWHAT_ALIKE, StationName};
use yizhan::register::row::{Decision, Decisions, IncomingRow, InvalidDecision, Known, Target};

use crate::world::{any_station, row, station, with_phone};

fn found(stations: &[Station], rows: &[IncomingRow]) -> Vec<Found> {
    let known: Vec<Known<'_>> = stations.iter().map(Known::from).collect();
    match_rows(&known, rows, &Decisions::default()).expect("no decisions, none wrong")
}

/// The position of the station, its confidence and basis; `None` for new, and no position for undecided.
fn short(found: &Found) -> Option<(Option<usize>, Confidence, Basis)> {
    match found {
        Found::Station { station, evidence } => Some((Some(*station), evidence.confidence, evidence.basis)),
        Found::Undecided(candidates) => candidates
            .first()
            .map(|first| (None, first.evidence.confidence, first.evidence.basis)),
        Found::New => None,
    }
}

fn one(known: Station, incoming: Station) -> Option<(Option<usize>, Confidence, Basis)> {
    short(&found(&[known], &[row(1, incoming)])[0])
}

#[test]
fn an_id_is_followed_through_a_new_name_a_new_number_and_a_move_of_30_metres() {
    let known = with_phone(station("a", "解放路工会驿站", (0.0, 0.0)), "88880001");
    let moved = with_phone(station("a", "胜利广场驿站", (30.0, 0.0)), "88880002");
    assert_eq!(one(known, moved), Some((Some(0), Confidence::Sure, Basis::Id)));
}

#[test]
fn without_an_id_name_and_place_decide() {
    let known = || station("a", "解放路工会驿站", (0.0, 0.0));
    let found = |name, at| one(known(), station("x", name, at));
    assert_eq!(
        found("解放路户外劳动者爱心驿站", (30.0, 0.0)),
        Some((Some(0), Confidence::Sure, Basis::Name))
    );
    assert_eq!(
        found("解放路工会驿站", (900.0, 0.0)),
        Some((Some(0), Confidence::Likely, Basis::Name))
    );
    assert_eq!(found("解放路工会驿站", (1600.0, 0.0)), None);
    assert_eq!(
        found("解放路2号驿站", (50.0, 0.0)),
        Some((None, Confidence::Possible, Basis::Name))
    );
    assert_eq!(
        found("胜利广场驿站", (20.0, 0.0)),
        Some((None, Confidence::Possible, Basis::Place))
    );
    assert_eq!(found("胜利广场驿站", (60.0, 0.0)), None);
}

#[test]
fn a_number_of_its_own_tells_a_renamed_station_and_a_shared_hotline_tells_nothing() {
    let known = || with_phone(station("a", "解放路工会驿站", (0.0, 0.0)), "0898-88880001");
    let renamed = || with_phone(station("x", "胜利广场驿站", (60.0, 0.0)), "88880001");
    assert_eq!(
        one(known(), renamed()),
        Some((Some(0), Confidence::Likely, Basis::Phone))
    );
    let away = with_phone(station("x", "胜利广场驿站", (9000.0, 0.0)), "88880001");
    assert_eq!(
        one(known(), away),
        Some((None, Confidence::Possible, Basis::Phone))
    );
    let other = with_phone(station("b", "崖城社区驿站", (5000.0, 0.0)), "88880001");
    let both = found(&[known(), other], &[row(1, renamed())]);
    assert_eq!(short(&both[0]), None);
}

#[test]
fn one_place_in_two_naming_systems_is_a_decision() {
    let known = || station("a", "解放路环卫驿站", (0.0, 0.0));
    assert_eq!(
        one(known(), station("x", "解放路工会驿站", (5.0, 0.0))),
        Some((None, Confidence::Possible, Basis::Name))
    );
    let (known, same) = (
        with_phone(known(), "13800001234"),
        with_phone(station("x", "解放路工会驿站", (5.0, 0.0)), "13800001234"),
    );
    assert_eq!(one(known, same), Some((Some(0), Confidence::Sure, Basis::Name)));
}

#[test]
fn a_renumbered_list_is_not_followed_blindly() {
    let stations = [
        station("1", "解放路工会驿站", (0.0, 0.0)),
        station("2", "胜利路工会驿站", (3000.0, 0.0)),
        station("3", "崖城社区工会驿站", (9000.0, 0.0)),
    ];
    // A row was inserted at the top, so every id moved by one.
    let rows = [
        row(1, station("1", "新站驿站", (6000.0, 0.0))),
        row(2, station("2", "解放路工会驿站", (0.0, 0.0))),
        row(3, station("3", "胜利路工会驿站", (3000.0, 0.0))),
    ];
    for found in found(&stations, &rows) {
        let Found::Undecided(candidates) = found else {
            panic!("{found:?}");
        };
        assert!(
            candidates
                .iter()
                .any(|candidate| candidate.evidence.basis == Basis::Id)
        );
    }
}

#[test]
fn twins_are_left_to_a_person_and_a_better_row_takes_its_own() {
    let twins = [
        station("a", "解放路工会驿站", (0.0, 0.0)),
        station("b", "解放路工会驿站", (10.0, 0.0)),
    ];
    let middle = found(&twins, &[row(1, station("x", "解放路工会驿站", (5.0, 0.0)))]);
    assert!(
        matches!(&middle[0], Found::Undecided(both) if both.len() == 2),
        "{middle:?}"
    );
    let apart = [
        station("a", "解放路工会驿站", (0.0, 0.0)),
        station("b", "解放路工会驿站", (80.0, 0.0)),
    ];
    let rows = [
        row(1, station("x", "解放路工会驿站", (81.0, 0.0))),
        row(2, station("y", "解放路工会驿站", (-1.0, 0.0))),
    ];
    let found = found(&apart, &rows);
    assert_eq!(short(&found[0]).and_then(|found| found.0), Some(1));
    assert_eq!(short(&found[1]).and_then(|found| found.0), Some(0));
}

#[test]
fn a_second_row_for_a_taken_station_is_never_new_in_silence() {
    let known = [station("a", "解放路工会驿站", (0.0, 0.0))];
    let rows = [
        row(1, station("a", "解放路工会驿站", (0.0, 0.0))),
        row(2, station("z", "解放路爱心驿站", (3.0, 0.0))),
        row(3, station("y", "胜利广场驿站", (3.0, 0.0))),
    ];
    let found = found(&known, &rows);
    assert!(matches!(&found[1], Found::Undecided(one) if one[0].taken_by == Some(1)));
    assert_eq!(
        found[2],
        Found::New,
        "a neighbour under a row of its own is no candidate"
    );
}

#[test]
fn names_without_content_count_only_at_the_very_place() {
    let known = || station("a", "工会驿站", (0.0, 0.0));
    let found = |name, at| one(known(), station("x", name, at));
    assert_eq!(
        found("工会 驿站", (20.0, 0.0)),
        Some((Some(0), Confidence::Likely, Basis::Name))
    );
    assert_eq!(found("工会驿站", (60.0, 0.0)), None);
    assert_eq!(
        found("城市驿站", (20.0, 0.0)),
        Some((None, Confidence::Possible, Basis::Place))
    );
}

#[test]
fn the_id_under_which_the_source_knows_a_station_goes_before_the_registers() {
    let now = station("sy-1", "解放路工会驿站", (0.0, 0.0));
    let base = station("7", "解放路工会驿站", (0.0, 0.0));
    let other = station("7", "崖城社区驿站", (9000.0, 0.0));
    let known = [
        Known {
            station: &now,
            base: Some(&base),
        },
        Known::from(&other),
    ];
    let rows = [row(1, station("7", "解放路工会驿站", (10.0, 0.0)))];
    let found = match_rows(&known, &rows, &Decisions::default()).unwrap();
    assert_eq!(
        short(&found[0]),
        Some((Some(0), Confidence::Sure, Basis::SourceId))
    );
}

#[test]
fn a_name_changed_in_the_register_is_still_found_by_what_the_source_last_said() {
    let now = station("sy-1", "胜利广场驿站", (0.0, 0.0));
    let base = station("made-1", "解放路工会驿站", (0.0, 0.0));
    let known = [Known {
        station: &now,
        base: Some(&base),
    }];
    let rows = [row(1, station("made-2", "解放路工会驿站", (40.0, 0.0)))];
    let found = match_rows(&known, &rows, &Decisions::default()).unwrap();
    assert_eq!(short(&found[0]), Some((Some(0), Confidence::Sure, Basis::Name)));
}

#[test]
fn decisions_hold_and_wrong_ones_are_named() {
    let stations = [
        station("a", "解放路工会驿站", (0.0, 0.0)),
        station("b", "崖城社区驿站", (9000.0, 0.0)),
    ];
    let rows = [
        row(1, station("a", "解放路工会驿站", (0.0, 0.0))),
        row(2, station("x", "解放路工会驿站", (0.0, 0.0))),
    ];
    let known: Vec<Known<'_>> = stations.iter().map(Known::from).collect();
    let decided = |targets: &[(u64, Target)]| {
        let mut decisions = Decisions::default();
        for (row, target) in targets {
            let decision = Decision {
                target: target.clone(),
                ..Decision::default()
            };
            decisions.rows.insert(*row, decision);
        }
        match_rows(&known, &rows, &decisions)
    };
    let to = |id: &str| Target::Station(StationId::new(id).unwrap());
    let found = decided(&[(1, Target::New), (2, to("b"))]).unwrap();
    assert_eq!(found[0], Found::New);
    assert_eq!(
        short(&found[1]),
        Some((Some(1), Confidence::Sure, Basis::Decision))
    );
    assert_eq!(decided(&[(3, Target::New)]), Err(InvalidDecision::UnknownRow(3)));
    let unknown = decided(&[(1, to("c"))]).unwrap_err();
    assert!(
        unknown
            .to_string()
            .contains("station `c`, which is not in the register")
    );
    let twice = decided(&[(1, to("b")), (2, to("b"))]).unwrap_err();
    assert!(matches!(
        twice,
        InvalidDecision::TwoRows {
            first: 1,
            second: 2,
            ..
        }
    ));
    let repeated = [rows[0].clone(), rows[0].clone()];
    assert_eq!(
        match_rows(&known, &repeated, &Decisions::default()),
        Err(InvalidDecision::RepeatedRow(1))
    );
}

/// The table of the rule once more, for one name each and a number that is there or not; cost in metres.
fn by_the_table(row: &Station, station: &Station, same_phone: bool) -> Option<(Confidence, f64)> {
    let metres = karney(row.location.place(), station.location.place()).get();
    let (a, b) = (StationName::new(&row.name), StationName::new(&station.name));
    let likeness = a.likeness(&b);
    let has_content = !a.is_generic() && !b.is_generic();
    let one_system = same_phone || !a.is_of_other_system(&b);
    let table = [
        (
            Confidence::Sure,
            has_content && likeness >= 1.0 && one_system,
            NEAR_M,
        ),
        (
            Confidence::Sure,
            same_phone && (!has_content || likeness >= SOMEWHAT_ALIKE),
            NEAR_M,
        ),
        (
            Confidence::Likely,
            has_content && likeness >= 1.0 && one_system,
            FAR_M,
        ),
        (
            Confidence::Likely,
            same_phone && has_content && likeness >= SOMEWHAT_ALIKE,
            FAR_M,
        ),
        (Confidence::Likely, same_phone, NEAR_M),
        (
            Confidence::Likely,
            has_content && likeness >= ALIKE && one_system,
            NEAR_M,
        ),
        (Confidence::Likely, a.is_same_text(&b), SAME_PLACE_M),
        (
            Confidence::Possible,
            has_content && likeness >= SOMEWHAT_ALIKE,
            LOOK_M,
        ),
        (Confidence::Possible, likeness > 0.0, SAME_PLACE_M),
        (Confidence::Possible, same_phone, f64::INFINITY),
    ];
    let (confidence, _, _) = table
        .iter()
        .find(|(_, holds, limit_m)| *holds && metres <= *limit_m)?;
    let phone_m = if same_phone { 0.0 } else { 100.0 };
    Some((*confidence, metres + 300.0 * (1.0 - likeness) + phone_m))
}

/// What everything compared with everything gives: taken (row, station), and undecided rows.
fn by_brute_force(stations: &[Station], rows: &[IncomingRow]) -> (BTreeSet<(usize, usize)>, BTreeSet<usize>) {
    let holders =
        |all: &[&Station], phone: &Option<Box<str>>| all.iter().filter(|one| one.phone == *phone).count();
    let (row_stations, all): (Vec<&Station>, Vec<&Station>) = (
        rows.iter().map(|row| &row.station).collect(),
        stations.iter().collect(),
    );
    let mut pairs = Vec::new();
    for (r, row) in rows.iter().enumerate() {
        for (s, station) in stations.iter().enumerate() {
            let phone = &row.station.phone;
            let same_phone = phone.is_some()
                && *phone == station.phone
                && holders(&row_stations, phone) == 1
                && holders(&all, phone) == 1;
            if let Some((confidence, cost)) = by_the_table(&row.station, station, same_phone) {
                pairs.push((confidence, cost, r, s));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)));
    let (mut taken, mut undecided) = (BTreeSet::<(usize, usize)>::new(), BTreeSet::new());
    let mut contested = BTreeSet::new();
    for &(confidence, cost, r, s) in &pairs {
        let is_taken = |s: usize| taken.iter().any(|pair| pair.1 == s);
        let is_settled = |r: usize| undecided.contains(&r) || taken.iter().any(|pair| pair.0 == r);
        if is_settled(r) || (confidence == Confidence::Possible && is_taken(s)) {
            continue;
        }
        let has_rival = pairs.iter().any(|&(other, its_cost, r2, s2)| {
            let is_as_good = other == confidence && its_cost - cost < RIVAL_M;
            is_as_good && ((r2 == r && s2 != s && !is_taken(s2)) || (s2 == s && r2 != r && !is_settled(r2)))
        });
        if confidence == Confidence::Possible || is_taken(s) || contested.contains(&s) || has_rival {
            undecided.insert(r);
            let likely = pairs
                .iter()
                .filter(|pair| pair.2 == r && pair.0 > Confidence::Possible);
            contested.extend(likely.map(|pair| pair.3));
        } else {
            taken.insert((r, s));
        }
    }
    (taken, undecided)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn small_worlds_agree_with_everything_compared_with_everything(
        stations in any_station("s"), incoming in any_station("r"), turn in 0_usize..8,
    ) {
        let rows: Vec<IncomingRow> = incoming.into_iter().zip(1..).map(|(station, number)| row(number, station)).collect();
        let results = found(&stations, &rows);
        let (mut taken, mut undecided) = (BTreeSet::new(), BTreeSet::new());
        for (position, result) in results.iter().enumerate() {
            match result {
                Found::Station { station, .. } => { taken.insert((position, *station)); }
                Found::Undecided(candidates) => {
                    prop_assert!(!candidates.is_empty());
                    undecided.insert(position);
                }
                Found::New => {}
            }
        }
        prop_assert_eq!((&taken, &undecided), (&by_brute_force(&stations, &rows).0, &by_brute_force(&stations, &rows).1));
        let stations_taken: BTreeSet<usize> = taken.iter().map(|pair| pair.1).collect();
        prop_assert_eq!(stations_taken.len(), taken.len(), "one to one");

        // The order of the rows decides nothing.
        let mut turned = rows.clone();
        turned.rotate_left(turn.min(rows.len()));
        let by_number = |rows: &[IncomingRow], results: &[Found]| {
            let mut all: Vec<(u64, String)> =
                rows.iter().zip(results).map(|(row, found)| (row.number, format!("{found:?}"))).collect();
            all.sort();
            all
        };
        prop_assert_eq!(by_number(&turned, &found(&stations, &turned)), by_number(&rows, &results));
    }

    #[test]
    fn the_same_rows_again_find_the_same_stations_by_their_ids(stations in any_station("s")) {
        let rows: Vec<IncomingRow> = stations.iter().cloned().zip(1..).map(|(station, number)| row(number, station)).collect();
        for (position, result) in found(&stations, &rows).iter().enumerate() {
            let is_own = matches!(result, Found::Station { station, evidence } if *station == position && evidence.basis == Basis::Id);
            prop_assert!(is_own, "{:?}", result);
        }
    }
}
