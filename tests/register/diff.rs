//! What a sheet would change: hand-written cases, and a model of the rule on bare numbers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::field::{Field, FieldSet};
use yizhan::domain::station::{Station, StationId};
use yizhan::register::apply::apply;
use yizhan::register::diff::{Counts, Diff, Outcome, diff};
use yizhan::register::part::Part;
use yizhan::register::row::{Decision, Decisions, IncomingRow, InvalidDecision, Known, OnConflict, Target};

use crate::world::{any_station, row, station, with_phone};

fn known_with<'a>(stations: &'a [Station], bases: &'a [Station]) -> Vec<Known<'a>> {
    let base_of = |station: &Station| bases.iter().find(|base| base.id == station.id);
    stations
        .iter()
        .map(|station| Known {
            station,
            base: base_of(station),
        })
        .collect()
}

fn plain<'a>(known: &[Known<'a>], rows: &'a [IncomingRow]) -> Diff<'a> {
    diff(known, rows, &Decisions::default(), "三亚市总工会").expect("nothing decided")
}

fn named(word: &str) -> Part {
    Part::all().find(|part| part.word() == word).expect("a part")
}

#[test]
fn each_part_is_named_with_its_old_and_its_new_value() {
    let stations = [with_phone(station("a", "解放路工会驿站", (0.0, 0.0)), "88880001")];
    let mut incoming = row(
        7,
        with_phone(station("a", "解放路爱心驿站", (30.0, 0.0)), "88880002"),
    );
    incoming.facilities.insert(Facility::Microwave);
    incoming
        .station
        .facilities
        .set(Facility::Microwave, FacilityState::Yes);
    // The sheet has words on seats and a toilet in its record, and states neither.
    incoming.station.seats = Some(3);
    incoming
        .station
        .facilities
        .set(Facility::Toilet, FacilityState::No);
    let rows = [incoming];
    let diff = plain(&known_with(&stations, &[]), &rows);
    let Outcome::Known(known) = &diff.rows[0].outcome else {
        panic!("{diff:?}");
    };
    let words: Vec<String> = known.changed.iter().map(|part| part.word()).collect();
    assert_eq!(words, ["name", "location", "phone", "facilities.microwave"]);
    let after = known.after.as_ref().unwrap();
    let values = |word: &str| (named(word).text(known.before), named(word).text(after));
    assert_eq!(
        values("phone"),
        (Some("88880001".into()), Some("88880002".into()))
    );
    assert_eq!(
        values("facilities.microwave"),
        (Some("unknown".into()), Some("yes".into()))
    );
    assert_eq!(
        (after.seats, after.facilities.state(Facility::Toilet)),
        (None, FacilityState::Unknown)
    );
    assert_eq!(
        diff.counts(),
        Counts {
            changed: 1,
            ..Counts::default()
        }
    );
}

#[test]
fn an_edit_stays_a_correction_counts_and_both_at_once_are_a_conflict() {
    let phone = |number: &str| with_phone(station("a", "解放路工会驿站", (0.0, 0.0)), number);
    let outcome = |base: &str, mine: &str, theirs: &str, on_conflict| {
        let (stations, bases, rows) = ([phone(mine)], [phone(base)], [row(1, phone(theirs))]);
        let mut decisions = Decisions::default();
        decisions.rows.insert(
            1,
            Decision {
                on_conflict,
                ..Decision::default()
            },
        );
        let known = known_with(&stations, &bases);
        let diff = diff(&known, &rows, &decisions, "").unwrap();
        let Outcome::Known(known) = &diff.rows[0].outcome else {
            panic!("{diff:?}");
        };
        let result = known
            .after
            .as_ref()
            .map(|after| after.phone.clone().unwrap().to_string());
        let next = diff.bases(&rows)[0].1.phone.clone().unwrap().to_string();
        (
            known.changed.len(),
            known.conflicts.len(),
            known.kept.len(),
            result,
            next,
            diff.is_open(),
        )
    };
    let undecided = OnConflict::Undecided;
    assert_eq!(
        outcome("1", "1", "1", undecided),
        (0, 0, 0, None, "1".into(), false)
    );
    assert_eq!(
        outcome("1", "2", "1", undecided),
        (0, 0, 1, None, "1".into(), false)
    );
    assert_eq!(
        outcome("1", "1", "2", undecided),
        (1, 0, 0, Some("2".into()), "2".into(), false)
    );
    assert_eq!(
        outcome("1", "2", "2", undecided),
        (0, 0, 0, None, "2".into(), false)
    );
    assert_eq!(
        outcome("1", "2", "3", undecided),
        (0, 1, 0, None, "1".into(), true)
    );
    assert_eq!(
        outcome("1", "2", "3", OnConflict::KeepMine),
        (0, 1, 0, None, "3".into(), false)
    );
    assert_eq!(
        outcome("1", "2", "3", OnConflict::TakeTheirs),
        (1, 1, 0, Some("3".into()), "3".into(), false)
    );
}

#[test]
fn missing_stations_are_listed_and_deleted_only_by_name() {
    let stations = [
        station("a", "解放路工会驿站", (0.0, 0.0)),
        with_phone(station("b", "崖城社区驿站", (9000.0, 0.0)), "88880001"),
        station("c", "不是这个来源的驿站", (5000.0, 0.0)),
    ];
    let bases = [stations[0].clone(), station("b", "崖城社区驿站", (9000.0, 0.0))];
    let rows = [row(1, stations[0].clone())];
    let known = known_with(&stations, &bases);
    let listed = plain(&known, &rows);
    assert_eq!(listed.missing.len(), 1);
    assert_eq!(listed.missing[0].station.id.as_str(), "b");
    assert!(listed.missing[0].is_edited && !listed.missing[0].is_deleted && listed.is_empty());
    let id = |id: &str| StationId::new(id).unwrap();
    let delete = |ids: &[&str]| {
        let delete = ids.iter().map(|name| id(name)).collect();
        diff(
            &known,
            &rows,
            &Decisions {
                delete,
                ..Decisions::default()
            },
            "",
        )
    };
    let deleted = delete(&["b"]).unwrap();
    assert_eq!(deleted.counts().deleted, 1);
    assert_eq!(apply(&stations, &deleted.changes()).unwrap().len(), 2);
    for not_missing in ["a", "c", "z"] {
        assert_eq!(
            delete(&[not_missing]),
            Err(InvalidDecision::NotMissing(not_missing.into()))
        );
    }
}

#[test]
fn a_station_that_an_undecided_or_skipped_row_may_be_is_not_missing() {
    let stations = [station("a", "解放路环卫驿站", (0.0, 0.0))];
    let known = known_with(&stations, &stations);
    let rows = [row(1, station("x", "解放路工会驿站", (5.0, 0.0)))];
    let found = plain(&known, &rows);
    assert_eq!((found.counts().missing, found.counts().undecided), (0, 1));
    let own = [row(1, station("a", "解放路环卫驿站", (5.0, 0.0)))];
    let mut decisions = Decisions::default();
    decisions.rows.insert(
        1,
        Decision {
            skip: true,
            ..Decision::default()
        },
    );
    let skipped = diff(&known, &own, &decisions, "").unwrap();
    assert_eq!(
        (
            skipped.counts().missing,
            skipped.counts().skipped,
            skipped.is_empty()
        ),
        (0, 1, true)
    );
}

#[test]
fn a_new_station_gets_the_source_and_an_id_of_its_own_and_a_changed_one_keeps_its_source() {
    let mut mine = station("1", "解放路工会驿站", (0.0, 0.0));
    mine.source = Some("原来源".into());
    let stations = [mine, station("1-2", "占用编号的驿站", (20_000.0, 0.0))];
    let rows = [
        row(1, station("1", "解放路工会驿站", (30.0, 0.0))),
        row(2, station("1", "另一个驿站", (7000.0, 0.0))),
        row(3, station("新", "第三个驿站", (8000.0, 0.0))),
    ];
    let mut decisions = Decisions::default();
    decisions.rows.insert(
        2,
        Decision {
            target: Target::New,
            ..Decision::default()
        },
    );
    let known = known_with(&stations, &[]);
    let diff = diff(&known, &rows, &decisions, "三亚市总工会").unwrap();
    let changes: Vec<(&str, Option<&str>)> = Vec::new();
    let mut seen = changes;
    let all = diff.changes();
    for change in &all {
        let after = change.after.as_ref().unwrap();
        seen.push((change.id.as_str(), after.source.as_deref()));
    }
    assert_eq!(
        seen,
        [
            ("1", Some("原来源")),
            ("1-3", Some("三亚市总工会")),
            ("新", Some("三亚市总工会"))
        ]
    );
}

#[test]
fn an_earlier_check_in_the_sheet_moves_nothing_back() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 5, day);
    let mut mine = station("a", "解放路工会驿站", (0.0, 0.0));
    mine.verified_at = day(9);
    let stations = [mine];
    let mut incoming = row(1, station("a", "解放路工会驿站", (0.0, 0.0)));
    incoming.stated.insert(Field::VerifiedAt);
    incoming.station.verified_at = day(1);
    let earlier = [incoming.clone()];
    assert!(plain(&known_with(&stations, &[]), &earlier).is_empty());
    incoming.station.verified_at = day(10);
    let later = [incoming];
    assert_eq!(plain(&known_with(&stations, &[]), &later).counts().changed, 1);
}

/// The parts of the model, and how a number is written into each.
fn write(part: usize, value: u32, station: &mut Station) {
    let text = || (value > 0).then(|| format!("值{value}").into_boxed_str());
    match part {
        0 => station.phone = text(),
        1 => station.operator = text(),
        2 => station.seats = (value > 0).then_some(value),
        3 => station.hours.text = text(),
        4 => station.address = text(),
        _ => {
            let facility = if part == 5 {
                Facility::Toilet
            } else {
                Facility::Ice
            };
            let state = [
                FacilityState::Unknown,
                FacilityState::Yes,
                FacilityState::No,
                FacilityState::OutOfOrder,
            ];
            station.facilities.set(facility, state[value as usize % 4]);
        }
    }
}

const FIELDS: [Field; 5] = [
    Field::Phone,
    Field::Operator,
    Field::Seats,
    Field::Hours,
    Field::Address,
];
const PARTS: usize = 7;

#[derive(Debug, Clone)]
struct Case {
    base: Option<[u32; PARTS]>,
    mine: [u32; PARTS],
    /// `None` where the row does not state the part.
    theirs: [Option<u32>; PARTS],
    decision: (bool, u8),
}

fn any_case() -> impl Strategy<Value = Case> {
    let value = 0_u32..3;
    (
        proptest::option::weighted(0.8, proptest::array::uniform7(value.clone())),
        proptest::array::uniform7(value.clone()),
        proptest::array::uniform7(proptest::option::weighted(0.7, value)),
        (proptest::bool::weighted(0.1), 0_u8..3),
    )
        .prop_map(|(base, mine, theirs, decision)| Case {
            base,
            mine,
            theirs,
            decision,
        })
}

fn record(position: usize, values: &[u32; PARTS]) -> Station {
    let mut made = station(
        &format!("s{position}"),
        &format!("第{position}号驿站"),
        (position as f64 * 3000.0, 0.0),
    );
    for (part, value) in values.iter().enumerate() {
        write(part, *value, &mut made);
    }
    made
}

/// The rule on bare numbers.
fn expected(case: &Case) -> [u32; PARTS] {
    let mut result = case.mine;
    for part in 0..PARTS {
        let Some(theirs) = case.theirs[part].filter(|_| !case.decision.0) else {
            continue;
        };
        let (mine, base) = (case.mine[part], case.base.map(|base| base[part]));
        let is_edited = base.is_some_and(|base| base != mine);
        result[part] = match (is_edited, base == Some(theirs), case.decision.1) {
            (true, true, _) => mine,
            (true, false, take) if take != 2 => mine,
            _ => theirs,
        };
    }
    result
}

struct World {
    stations: Vec<Station>,
    bases: Vec<Station>,
    rows: Vec<IncomingRow>,
    decisions: Decisions,
}

fn world(cases: &[Case]) -> World {
    let mut made = World {
        stations: Vec::new(),
        bases: Vec::new(),
        rows: Vec::new(),
        decisions: Decisions::default(),
    };
    for (position, case) in cases.iter().enumerate() {
        made.stations.push(record(position, &case.mine));
        made.bases.extend(case.base.map(|base| record(position, &base)));
        let mut incoming = row(
            position as u64,
            record(position, &case.theirs.map(|value| value.unwrap_or(2))),
        );
        incoming.stated = FieldSet::default();
        for (part, _) in case
            .theirs
            .iter()
            .enumerate()
            .filter(|(_, theirs)| theirs.is_some())
        {
            match FIELDS.get(part) {
                Some(field) => incoming.stated.insert(*field),
                None => incoming.facilities.insert(if part == 5 {
                    Facility::Toilet
                } else {
                    Facility::Ice
                }),
            }
        }
        made.rows.push(incoming);
        let on_conflict = [
            OnConflict::Undecided,
            OnConflict::KeepMine,
            OnConflict::TakeTheirs,
        ][case.decision.1 as usize];
        let decision = Decision {
            skip: case.decision.0,
            on_conflict,
            ..Decision::default()
        };
        made.decisions.rows.insert(position as u64, decision);
    }
    made.stations.sort_by(|a, b| a.id.cmp(&b.id));
    made
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_diff_applied_is_the_edited_copy_and_the_same_rows_again_change_nothing(
        cases in proptest::collection::vec(any_case(), 0..8),
    ) {
        let world = world(&cases);
        let known = known_with(&world.stations, &world.bases);
        let found = diff(&known, &world.rows, &world.decisions, "").unwrap();
        let written = apply(&world.stations, &found.changes()).unwrap();
        let mut edited: Vec<Station> =
            cases.iter().enumerate().map(|(position, case)| record(position, &expected(case))).collect();
        edited.sort_by(|a, b| a.id.cmp(&b.id));
        prop_assert_eq!(&written, &edited);

        // Again, with what was remembered: nothing changes, and the conflicts that nobody decided are still there.
        let remembered: BTreeMap<StationId, Station> = found.bases(&world.rows).into_iter().collect();
        let bases: Vec<Station> = remembered.into_values().collect();
        let known = known_with(&written, &bases);
        let again = diff(&known, &world.rows, &world.decisions, "").unwrap();
        prop_assert!(again.is_empty(), "{:?}", again.changes());
        prop_assert_eq!(again.counts().conflict, found.counts().conflict);
    }

    #[test]
    fn rows_that_were_decided_the_first_time_change_nothing_the_second_time(
        stations in any_station("s"), incoming in any_station("r"), with_ids in any::<bool>(),
    ) {
        let mut rows: Vec<IncomingRow> = incoming.into_iter().zip(1..).map(|(station, number)| row(number, station)).collect();
        if with_ids {
            for (row, station) in rows.iter_mut().zip(&stations) {
                row.station.id = station.id.clone();
            }
        }
        let known = known_with(&stations, &[]);
        let first = plain(&known, &rows);
        let written = apply(&stations, &first.changes()).unwrap();
        let bases = first.bases(&rows);
        let known: Vec<Known<'_>> = written
            .iter()
            .map(|station| Known { station, base: bases.iter().find(|(id, _)| *id == station.id).map(|(_, base)| base) })
            .collect();
        let again = plain(&known, &rows);
        for (row, before) in again.rows.iter().zip(&first.rows) {
            let is_unchanged = matches!(&row.outcome, Outcome::Known(known) if known.after.is_none());
            let was_open = matches!(before.outcome, Outcome::Undecided(_));
            prop_assert!(is_unchanged || was_open, "{:?} was {:?}", row, before);
        }
        prop_assert_eq!(again.counts().missing, 0);
    }
}
