//! Districts by record and by outline, and open states of stations that are not in service.

use chrono::NaiveDate;
use yizhan::domain::opening_hours::{LocalMinute, OpenReason, OpenState};
use yizhan::domain::station::Status;

use crate::world::{ELSEWHERE, place, snapshot, station};

fn minute(text: &str) -> LocalMinute {
    LocalMinute::from_local(text.parse().expect("a time"))
}

#[test]
fn a_record_that_names_its_district_is_believed_over_the_outline_it_lies_in() {
    let inside_first = place(109.4, 18.2);
    let mut stated = station("stated", inside_first);
    stated.district = Some("乙区".into());
    let snapshot = snapshot(vec![station("by-place", inside_first), stated]);
    let table = snapshot.district_table();
    let ids_in = |key: &str| -> Vec<&str> {
        let set = table.find(&[key]).expect("a known district");
        let inside = |ordinal: &u32| set.contains(table.of_station(*ordinal));
        (0..2)
            .filter(inside)
            .map(|ordinal| snapshot.stations()[ordinal as usize].id.as_str())
            .collect()
    };
    assert_eq!(ids_in("甲区"), ["by-place"]);
    assert_eq!(ids_in("110101"), ["by-place"]);
    assert_eq!(ids_in("110102"), ["stated"]);
    assert!(ids_in("远区").is_empty());
}

#[test]
fn a_station_outside_of_every_outline_belongs_to_no_district() {
    let snapshot = snapshot(vec![station("sea", place(109.0, 17.0))]);
    let table = snapshot.district_table();
    let all = table
        .find(&["甲区", "乙区", "丙区", "远区"])
        .expect("known districts");
    assert!(!all.contains(table.of_station(0)));
    assert!(table.find(&[ELSEWHERE]).is_err());
}

#[test]
fn more_than_64_districts_share_bits_and_are_still_told_apart() {
    let stations = (0..200).map(|number| {
        let mut station = station(
            &format!("s{number:03}"),
            place(109.0 + f64::from(number) * 0.001, 18.0),
        );
        station.district = Some(format!("第{number}区").into());
        station
    });
    let snapshot = snapshot(stations.collect());
    for number in [0, 5, 63, 64, 69, 199] {
        let table = snapshot.district_table();
        let query = yizhan::locator::ItemsQuery {
            limit: 300,
            bounds: Some(yizhan::domain::bounds::Bounds::whole_earth()),
            conditions: yizhan::locator::Conditions {
                districts: Some(
                    table
                        .find(&[&format!("第{number}区")])
                        .expect("a stated district"),
                ),
                ..yizhan::locator::Conditions::default()
            },
            ..yizhan::locator::ItemsQuery::default()
        };
        assert_eq!(snapshot.items(&query).stations, [number]);
    }
}

#[test]
fn a_station_that_is_not_in_service_is_closed_whatever_its_hours_say() {
    let cases = [
        (Status::Open, OpenState::Open, OpenReason::AlwaysOpen),
        (Status::Planned, OpenState::Closed, OpenReason::StationPlanned),
        (Status::Suspended, OpenState::Closed, OpenReason::StationSuspended),
        (Status::Closed, OpenState::Closed, OpenReason::StationClosed),
    ];
    for (status, state, reason) in cases {
        let mut station = station("a", place(109.5, 18.25));
        station.hours.osm = Some("24/7".into());
        station.status = status;
        let snapshot = snapshot(vec![station]);
        let at = minute("2026-11-20T12:00:00");
        let answer = snapshot.open_answer(&snapshot.hours().window(at), 0, at);
        assert_eq!((answer.state, answer.reason.clone()), (state, reason), "{status}");
        assert_eq!((answer.changes_at, answer.opens_at), (None, None), "{status}");
    }
}

#[test]
fn hours_that_are_not_stated_are_unknown_and_not_all_day() {
    let snapshot = snapshot(vec![station("a", place(109.5, 18.25))]);
    let at = LocalMinute::start_of(NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day"));
    let answer = snapshot.open_answer(&snapshot.hours().window(at), 0, at);
    assert_eq!(
        (answer.state, answer.reason),
        (OpenState::Unknown, OpenReason::HoursNotStated)
    );
}
