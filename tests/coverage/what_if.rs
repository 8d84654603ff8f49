//! A plan gives the answer that the edited register gives.

use proptest::prelude::*;
use yizhan::domain::datum::Datum;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::station::{Location, StatedHours, Station, StationId, Status};
use yizhan::planner::what_if::{Change, ChangeProblem, Edit, MAX_CHANGES, apply};

use crate::oracle::{ask, demand};
use crate::places::answer;
use crate::world;

/// A change in words: which station, and what.
#[derive(Debug, Clone)]
enum Wish {
    Add(f64, f64),
    Remove(usize),
    Move(usize, f64, f64),
    Hours(usize, &'static str),
    Facility(usize, Facility, FacilityState),
    Status(usize, Status),
}

fn wish() -> impl Strategy<Value = Wish> {
    let lon = || 109.4..109.6;
    let lat = || 18.2..18.4;
    let state = proptest::sample::select(FacilityState::ALL);
    let facility = proptest::sample::select(world::FACILITIES.to_vec());
    prop_oneof![
        (lon(), lat()).prop_map(|(lon, lat)| Wish::Add(lon, lat)),
        any::<usize>().prop_map(Wish::Remove),
        (any::<usize>(), lon(), lat()).prop_map(|(which, lon, lat)| Wish::Move(which, lon, lat)),
        (
            any::<usize>(),
            proptest::sample::select(vec!["24/7", "Mo-Fr 05:00-23:00"])
        )
            .prop_map(|(which, hours)| Wish::Hours(which, hours)),
        (any::<usize>(), facility, state)
            .prop_map(|(which, facility, state)| Wish::Facility(which, facility, state)),
        (any::<usize>(), proptest::sample::select(Status::ALL))
            .prop_map(|(which, status)| Wish::Status(which, status)),
    ]
}

/// Makes a wish come true in a list of stations, and says it as a change.
#[expect(clippy::too_many_lines, reason = "one short arm for each wish")]
fn grant(stations: &mut Vec<Station>, wish: &Wish, number: usize) -> Option<Change> {
    if let Wish::Add(lon, lat) = wish {
        let mut station = world::station(&format!("new-{number}"), world::place(*lon, *lat));
        station.hours.osm = Some("24/7".into());
        stations.push(station.clone());
        return Some(Change::Add(Box::new(station)));
    }
    if stations.is_empty() {
        return None;
    }
    let at = |which: usize| which % stations.len();
    let edit = |stations: &mut Vec<Station>, which: usize, edit: Edit, apply: &dyn Fn(&mut Station)| {
        apply(&mut stations[which]);
        Some(Change::Edit(stations[which].id.clone(), edit))
    };
    match wish {
        Wish::Add(..) => None,
        Wish::Remove(which) => {
            let which = at(*which);
            Some(Change::Remove(stations.remove(which).id))
        }
        Wish::Move(which, lon, lat) => {
            let (which, place) = (at(*which), world::place(*lon, *lat));
            let moved = Edit {
                place: Some(place),
                ..Edit::default()
            };
            edit(stations, which, moved, &|station| {
                station.location = Location::new(place, Datum::Wgs84);
            })
        }
        Wish::Hours(which, hours) => {
            let which = at(*which);
            let longer = Edit {
                hours: Some((*hours).into()),
                ..Edit::default()
            };
            edit(stations, which, longer, &|station| {
                station.hours = StatedHours {
                    osm: Some((*hours).into()),
                    text: None,
                };
            })
        }
        Wish::Facility(which, facility, state) => {
            let which = at(*which);
            let equipped = Edit {
                facilities: vec![(*facility, *state)],
                ..Edit::default()
            };
            edit(stations, which, equipped, &|station| {
                station.facilities.set(*facility, *state);
            })
        }
        Wish::Status(which, status) => {
            let which = at(*which);
            let turned = Edit {
                status: Some(*status),
                ..Edit::default()
            };
            edit(stations, which, turned, &|station| station.status = *status)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn a_plan_answers_as_the_edited_register_does_and_leaves_the_register_alone(
        stations in world::stations(),
        wishes in prop::collection::vec(wish(), 0..6),
        demand in demand(),
        ask in ask(),
    ) {
        let snapshot = world::snapshot(stations);
        let before = snapshot.stations().to_vec();
        let mut edited: Vec<Station> = before.iter().map(|station| Station::clone(station)).collect();
        let changes: Vec<Change> = wishes
            .iter()
            .enumerate()
            .filter_map(|(number, wish)| grant(&mut edited, wish, number))
            .collect();
        let planned = apply(&snapshot, &changes).expect("changes that fit");
        let (_, by_plan) = answer(&ask, &planned, &demand);
        let (_, by_hand) = answer(&ask, &world::snapshot(edited), &demand);
        prop_assert_eq!(by_plan.overall, by_hand.overall);
        prop_assert_eq!(by_plan.districts, by_hand.districts);
        prop_assert_eq!(by_plan.facilities, by_hand.facilities);
        prop_assert_eq!(by_plan.places.covers, by_hand.places.covers);
        prop_assert_eq!(snapshot.stations(), &before[..]);
    }
}

#[test]
fn changes_that_do_not_fit_say_which_and_why() {
    let snapshot = world::snapshot(vec![world::station("a", world::place(109.5, 18.25))]);
    let id = |id: &str| StationId::new(id).expect("an id");
    let problem = |changes: &[Change]| apply(&snapshot, changes).expect_err("a problem").to_string();
    assert_eq!(
        problem(&[Change::Remove(id("b"))]),
        "change 1 is about station `b`, which is not in the register; expected the id of a station"
    );
    assert_eq!(
        problem(&[Change::Remove(id("a")), Change::Edit(id("a"), Edit::default()),]),
        "change 2 is about station `a`, which is not in the register; expected the id of a station"
    );
    let again = world::station("a", world::place(109.6, 18.25));
    assert!(problem(&[Change::Add(Box::new(again))]).starts_with("change 1 adds station `a`"));
    let hours = Edit {
        hours: Some("8点到18点".into()),
        ..Edit::default()
    };
    let told = problem(&[Change::Edit(id("a"), hours)]);
    assert!(
        told.contains("`8点到18点`") && told.contains("Mo-Fr 08:00-20:00"),
        "{told}"
    );
    let many = vec![Change::Edit(id("a"), Edit::default()); MAX_CHANGES + 1];
    assert_eq!(
        apply(&snapshot, &many).map(|_| ()),
        Err(ChangeProblem::TooMany(MAX_CHANGES + 1))
    );
    assert!(apply(&snapshot, &many[..MAX_CHANGES]).is_ok());
}
