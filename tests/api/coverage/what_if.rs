//! Changes that are tried out: before and after are the answers of two registers, and nothing is stored.

use serde_json::{Value, json};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::station::{Location, StatedHours, Station, Status};

use super::{asked, document, list, number, post};
use crate::client::{Service, demo};
use crate::world;

/// One of each change.
fn changes() -> Value {
    json!([
        {"change": "add", "station": {"type": "Feature", "id": "x-1",
            "geometry": {"type": "Point", "coordinates": [109.63, 18.33]},
            "properties": {"name": "新站", "facilities": {"toilet": "yes"}, "hours": "24/7"}}},
        {"change": "remove", "id": "sy-001"},
        {"change": "edit", "id": "sy-002", "lon": 109.52, "lat": 18.27},
        {"change": "edit", "id": "sy-003", "hours": "24/7", "status": "open"},
        {"change": "edit", "id": "sy-004", "facilities": {"toilet": "no", "microwave": "yes"}},
    ])
}

/// The register of the demo city, edited by hand in the same way.
fn edited() -> Service {
    let mut stations = world::demo_stations();
    stations.retain(|station| station.id.as_str() != "sy-001");
    let mut added = world::station("x-1", 109.63, 18.33);
    added.name = "新站".into();
    added.hours = always();
    added.facilities.set(Facility::Toilet, FacilityState::Yes);
    stations.push(added);
    let mut station = |id: &str, edit: fn(&mut Station)| {
        let station = stations.iter_mut().find(|station| station.id.as_str() == id);
        edit(station.expect("a station of the demo city"));
    };
    station("sy-002", |station| {
        let place = LonLat::new(109.52, 18.27).expect("a place");
        station.location = Location::new(place, Datum::Wgs84);
    });
    station("sy-003", |station| {
        station.hours = always();
        station.status = Status::Open;
    });
    station("sy-004", |station| {
        station.facilities.set(Facility::Toilet, FacilityState::No);
        station.facilities.set(Facility::Microwave, FacilityState::Yes);
    });
    Service::start(world::state(stations))
}

fn always() -> StatedHours {
    StatedHours {
        osm: Some("24/7".into()),
        text: None,
    }
}

#[test]
fn before_and_after_are_two_separate_answers_and_difference_is_after_minus_before() {
    let service = edited();
    let body = json!({"changes": changes()});
    let queries = [
        "facilities=toilet&at=mo-04:00",
        "facilities=toilet&at=mo-05:00",
        "facilities=toilet",
        "facilities=microwave",
        "facilities=microwave&hosts=union",
        "facilities=microwave&minutes=25",
        "district=460203",
        "district=460204",
        "k=2&minutes=25",
    ];
    // Each twice: the answer before the change is remembered until another question comes.
    for query in queries.into_iter().flat_map(|query| [query; 2]) {
        let path = format!("/v1/coverage?{query}");
        let what_if = document(&post(demo(), &path, &body));
        assert_eq!(what_if["before"], asked(&path), "{query}");
        assert_eq!(what_if["after"], document(&service.get(&path)), "{query}");
        let rows = |part: &str| {
            let rows = list(&what_if[part]["districts"]).iter();
            let rows = std::iter::once(&what_if[part]["overall"]).chain(rows);
            rows.cloned().collect::<Vec<Value>>()
        };
        let (before, after) = (rows("before"), rows("after"));
        let difference = list(&what_if["difference"]);
        assert_eq!((before.len(), after.len()), (difference.len(), difference.len()));
        for ((before, after), row) in before.iter().zip(&after).zip(difference) {
            assert_eq!(
                (&row["name"], &row["adcode"]),
                (&before["name"], &before["adcode"])
            );
            let of = |document: &Value, part: &str| number(&document["weights"][0][part]);
            let sure = of(after, "sure") - of(before, "sure");
            let perhaps = of(after, "perhaps") - of(before, "perhaps");
            assert!((of(row, "sure") - sure).abs() < 0.01, "{row}");
            assert!(
                (of(row, "at_least_perhaps") - sure - perhaps).abs() < 0.01,
                "{row}"
            );
            let share = sure / of(before, "total");
            assert!((of(row, "sure_share") - share).abs() < 2e-6, "{row}");
        }
    }
}

#[test]
fn every_other_form_and_question_is_that_of_the_register_after_the_changes() {
    let service = edited();
    let body = json!({"changes": changes()});
    for path in [
        "/v1/coverage/gaps?facilities=toilet&limit=5",
        "/v1/coverage/by-hour?facilities=toilet",
    ] {
        let planned = document(&post(demo(), path, &body));
        assert_eq!(planned, document(&service.get(path)), "{path}");
        assert_ne!(planned, asked(path), "{path}");
    }
    for form in ["f=csv", "f=csv&table=facilities", "f=csv&table=cells", "f=fgb"] {
        let path = format!("/v1/coverage?facilities=toilet&{form}");
        let (planned, separate) = (post(demo(), &path, &body), service.get(&path));
        assert_eq!(planned.status, 200, "{}", planned.text());
        assert!(planned.body == separate.body, "{form}");
        assert_eq!(planned.header("cache-control"), "no-store");
        assert_eq!(planned.header("etag"), "");
    }
}

#[test]
fn nothing_of_a_plan_is_stored() {
    let paths = [
        "/v1/coverage?facilities=toilet",
        "/v1/collections/stations/items?limit=100&f=csv",
    ];
    let state = |path: &str| {
        let answer = demo().get(path);
        if answer.media_type() == "application/json" {
            document(&answer).to_string()
        } else {
            answer.text().to_owned()
        }
    };
    let before = paths.map(state);
    let own = json!({"changes": changes(), "demand": super::bodies::points(&[(109.51, 18.25, 7.0)])});
    for path in ["/v1/coverage", "/v1/coverage/gaps", "/v1/coverage/by-hour"] {
        assert_eq!(post(demo(), path, &own).status, 200);
    }
    assert_eq!(before, paths.map(state));
    assert_eq!(demo().get("/v1/collections/stations/items/x-1").status, 404);
}

#[test]
fn changes_are_made_one_after_the_other() {
    let body = json!({"changes": [
        {"change": "add", "station": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [109.63, 18.33]}, "properties": {"name": "新站"}}},
        {"change": "edit", "id": "new-1", "facilities": {"toilet": "yes"}},
        {"change": "remove", "id": "new-1"},
    ]});
    let what_if = document(&post(demo(), "/v1/coverage?district=460203", &body));
    assert_eq!(what_if["before"], what_if["after"]);
    let sums = list(&what_if["difference"])
        .iter()
        .map(|row| number(&row["weights"][0]["sure"]));
    assert!(sums.into_iter().all(|sum| sum == 0.0));
}

/// Changes that cannot be made, and what the problem has to name.
#[expect(clippy::too_many_lines, reason = "a list")]
fn misfits() -> Vec<(Value, Vec<&'static str>)> {
    let feature = |properties: Value| json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [109.6, 18.3]}, "properties": properties});
    vec![
        (
            json!({"change": "remove", "id": "sy-999"}),
            vec!["change 2", "`sy-999`"],
        ),
        (
            json!({"change": "edit", "id": "sy-999", "hours": "24/7"}),
            vec!["change 2", "`sy-999`"],
        ),
        (
            json!({"change": "edit", "id": "sy-002", "hours": "from dawn"}),
            vec!["change 2", "`from dawn`", "Mo-Fr"],
        ),
        (
            json!({"change": "edit", "id": "sy-002", "lon": 109.5}),
            vec!["change 2", "`lat`"],
        ),
        (
            json!({"change": "edit", "id": "sy-002", "lon": 18.5, "lat": 109.5}),
            vec!["change 2", "109.5"],
        ),
        (
            json!({"change": "edit", "id": "sy-002", "status": "shut"}),
            vec!["change 2", "`shut`"],
        ),
        (
            json!({"change": "edit", "id": "sy-002", "facilities": {"sauna": "yes"}}),
            vec!["change 2", "`sauna`"],
        ),
        (
            json!({"change": "edit", "id": "sy-002", "facilities": {"toilet": "maybe"}}),
            vec!["change 2", "`maybe`"],
        ),
        (json!({"change": "edit", "id": ""}), vec!["change 2", "id"]),
        (
            json!({"change": "add", "station": feature(json!({"id": "sy-002", "name": "x"}))}),
            vec!["change 2", "`sy-002`"],
        ),
        (
            json!({"change": "add", "station": feature(json!({"name": "x", "hours": "whenever"}))}),
            vec!["change 2", "whenever"],
        ),
        (
            json!({"change": "add", "station": feature(json!({"name": "x", "facilities": {"sauna": "yes"}}))}),
            vec!["change 2", "station: facilities", "sauna"],
        ),
        (
            json!({"change": "add", "station": feature(json!({"name": "x", "facilities": {"toilet": "maybe"}}))}),
            vec!["change 2", "station: facilities", "maybe"],
        ),
        (
            json!({"change": "add", "station": feature(json!({"name": "x", "host": "castle", "facilities": {"sauna": "yes"}}))}),
            vec![
                "change 2",
                "station: host",
                "castle",
                "station: facilities",
                "sauna",
            ],
        ),
        (
            json!({"change": "add", "station": {"type": "Feature", "geometry": null, "properties": {"name": "x"}}}),
            vec!["change 2"],
        ),
        (json!({"change": "add", "station": []}), vec!["change 2"]),
        (json!({"change": "move", "id": "sy-002"}), vec!["`move`"]),
        (json!({"id": "sy-002"}), vec!["`change`"]),
        (
            json!({"change": "remove", "id": "sy-002", "why": "far"}),
            vec!["`why`"],
        ),
        (json!("sy-002"), vec![]),
    ]
}

#[test]
fn a_change_that_does_not_fit_is_refused_with_its_number() {
    for (change, told) in misfits() {
        let body = json!({"changes": [{"change": "remove", "id": "sy-001"}, change]});
        for path in ["/v1/coverage", "/v1/coverage/gaps", "/v1/coverage/by-hour"] {
            let answer = post(demo(), path, &body);
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (400, "invalid_body"),
                "{body}: {}",
                answer.text()
            );
            let detail = answer.json()["detail"].as_str().expect("a text").to_owned();
            assert!(detail.contains("expected"), "{detail}");
            for part in &told {
                assert!(detail.contains(part), "no {part} in: {detail}");
            }
        }
    }
}

#[test]
fn a_thousand_changes_are_tried_out_and_one_more_is_refused() {
    let many = |count: usize| {
        let change = json!({"change": "edit", "id": "sy-001", "status": "open"});
        json!({"changes": vec![change; count]})
    };
    let path = "/v1/coverage?district=460202";
    assert_eq!(post(demo(), path, &many(1_000)).status, 200);
    let refused = post(demo(), path, &many(1_001));
    assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_body"));
    assert!(
        refused.text().contains("1001") && refused.text().contains("1000"),
        "{}",
        refused.text()
    );
}
