//! Apply and undo: exact, all or nothing, and never over somebody's later edit.

use proptest::prelude::*;
use yizhan::domain::station::{Station, StationId};
use yizhan::register::apply::{Change, Refused, Stamp, apply, stamp, undo};

use crate::world::{station, with_phone};

fn id(name: &str) -> StationId {
    StationId::new(name).expect("an id")
}

fn version(name: &str, phone: u32) -> Station {
    with_phone(station(name, "解放路工会驿站", (0.0, 0.0)), &phone.to_string())
}

fn change(name: &str, before: Option<u32>, after: Option<u32>) -> Change {
    Change {
        id: id(name),
        before: before.map(|phone| version(name, phone)),
        after: after.map(|phone| version(name, phone)),
    }
}

#[test]
fn undo_names_every_station_whose_later_edit_would_be_lost_and_does_nothing() {
    let changes = [
        change("added", None, Some(1)),
        change("deleted", Some(1), None),
        change("edited", Some(1), Some(2)),
        change("same", Some(1), Some(2)),
    ];
    let now = [
        version("deleted", 5),
        version("edited", 3),
        version("same", 2),
        version("other", 9),
    ];
    assert_eq!(
        undo(&now, &changes),
        Err(Refused::LaterEdits(vec![
            id("added"),
            id("deleted"),
            id("edited")
        ]))
    );
    let error = undo(&now, &changes).unwrap_err().to_string();
    assert!(
        error.starts_with("stations `added, deleted, edited` were edited later"),
        "{error}"
    );
}

#[test]
fn when_a_record_was_written_is_no_edit() {
    let mut changes = [change("a", Some(1), Some(2))];
    let written = apply(&[version("a", 1)], &changes).unwrap();
    let now = Stamp {
        at: chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        revision: 9,
    };
    stamp(&mut changes, now);
    assert_eq!(changes[0].after.as_ref().map(|station| station.revision), Some(9));
    let back = undo(&written, &changes).unwrap();
    assert_eq!(apply(&written, &back).unwrap(), [version("a", 1)]);
}

#[test]
fn changes_worked_out_on_another_state_are_refused_as_a_whole() {
    let changes = [
        change("a", Some(1), Some(2)),
        change("b", None, Some(1)),
        change("c", Some(1), None),
    ];
    let moved = [version("a", 1), version("b", 7)];
    assert_eq!(
        apply(&moved, &changes),
        Err(Refused::BaseMoved(vec![id("b"), id("c")]))
    );
    let twice = [changes[0].clone(), changes[0].clone()];
    assert_eq!(apply(&moved, &twice), Err(Refused::Repeated(id("a"))));
}

/// A list of changes that fits the stations: each of six ids is added, deleted, edited or left alone.
#[expect(clippy::option_option, reason = "none is left alone, none inside is deleted")]
fn fitting(stations: &[Option<u32>; 6], wanted: &[Option<Option<u32>>; 6]) -> Vec<Change> {
    let all = stations.iter().zip(wanted).enumerate();
    all.filter_map(|(position, (before, after))| {
        let after = (*after)?;
        (*before != after).then(|| change(&format!("s{position}"), *before, after))
    })
    .collect()
}

fn records(stations: &[Option<u32>; 6]) -> Vec<Station> {
    let all = stations.iter().enumerate();
    all.filter_map(|(position, phone)| Some(version(&format!("s{position}"), (*phone)?)))
        .collect()
}

proptest! {
    #[test]
    fn undo_restores_exactly_and_keeps_later_edits_of_other_stations(
        first in proptest::array::uniform6(proptest::option::of(1_u32..4)),
        wanted in proptest::array::uniform6(proptest::option::of(proptest::option::of(1_u32..4))),
        later in proptest::array::uniform6(proptest::option::of(proptest::option::of(4_u32..6))),
    ) {
        let before = records(&first);
        let changes = fitting(&first, &wanted);
        let written = apply(&before, &changes).unwrap();
        let back = undo(&written, &changes).unwrap();
        prop_assert_eq!(&apply(&written, &back).unwrap(), &before);
        // And the undo can be undone.
        let again = undo(&before, &back).unwrap();
        prop_assert_eq!(&apply(&before, &again).unwrap(), &written);

        // Later edits: of stations that the import did not touch they stay, of others they stop the undo.
        let touched: Vec<usize> = changes.iter().map(|change| change.id.as_str().trim_start_matches('s').parse().unwrap()).collect();
        let (mut now, mut wiped) = ([None; 6], false);
        let mut expected = [None; 6];
        for position in 0..6 {
            let is_touched = touched.contains(&position);
            let imported = if is_touched { wanted[position].unwrap() } else { first[position] };
            now[position] = later[position].unwrap_or(imported);
            expected[position] = if is_touched { first[position] } else { now[position] };
            wiped |= is_touched && now[position] != imported;
        }
        let now = records(&now);
        match undo(&now, &changes) {
            Ok(back) => {
                prop_assert!(!wiped);
                prop_assert_eq!(apply(&now, &back).unwrap(), records(&expected));
            }
            Err(refused) => prop_assert!(wiped && matches!(refused, Refused::LaterEdits(_))),
        }
    }
}
