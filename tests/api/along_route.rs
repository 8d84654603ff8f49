//! Stations along a line, however the line is given.

use serde_json::Value;

use crate::client::{Service, demo};
use crate::world;

fn number(feature: &Value, name: &str) -> f64 {
    feature["properties"][name].as_f64().expect("a number")
}

#[test]
fn the_order_is_along_the_line_then_off_it_then_by_id() {
    // The line runs east on the equator; north and south of one place of it are stations in pairs.
    let places = [
        ("z-far", 0.002, 0.002),
        ("b-near", 0.002, 0.001),
        ("a-near", 0.002, -0.001),
        ("c-end", 0.003, 0.0),
        ("d-start", 0.001, 0.003),
        ("e-out", 0.002, 0.006),
    ];
    let stations = places.map(|(id, lon, lat)| world::station(id, lon, lat)).to_vec();
    let service = Service::start(world::state(stations));
    let answer = service.get("/v1/along-route?line=0,0;0.004,0");
    assert_eq!(answer.ids(), ["d-start", "a-near", "b-near", "z-far", "c-end"]);
    let back = service.get("/v1/along-route?line=0.004,0;0,0");
    assert_eq!(back.ids(), ["c-end", "a-near", "b-near", "z-far", "d-start"]);
}

#[test]
fn along_grows_off_stays_within_and_the_time_is_for_both() {
    let features =
        demo().features("/v1/along-route?line=109.3,18.2;109.6,18.3;109.8,18.4&distance_m=3000&mode=ebike");
    assert!(features.len() > 5);
    assert!(features.is_sorted_by(|a, b| number(a, "along_m") <= number(b, "along_m")));
    for feature in &features {
        assert!(number(feature, "distance_m") <= 3000.0);
        assert_eq!(feature["properties"]["bearing_deg"], Value::Null);
        // The line is travelled as it is drawn; only the way off it is a guess.
        let seconds = number(feature, "along_m") / 5.0 + number(feature, "distance_m") * 1.35 / 5.0;
        assert!(
            (number(feature, "travel_time_s") - seconds).abs() <= 2.0,
            "{feature}"
        );
    }
}

#[test]
fn a_line_is_the_same_in_the_query_as_polyline_and_in_a_body() {
    let by_line = demo().get("/v1/along-route?line=109.49,18.24;109.51,18.25;109.53,18.26&distance_m=800");
    let by_polyline =
        demo().get("/v1/along-route?polyline=_oinBowg%7BSo%7D%40_%7CBo%7D%40_%7CB&distance_m=800");
    let geometry = r#"{"type":"LineString","coordinates":[[109.49,18.24],[109.51,18.25,7],[109.53,18.26]]}"#;
    let feature = format!(r#"{{"type":"Feature","properties":{{"a":1}},"geometry":{geometry}}}"#);
    let by_body = demo().post_geo_json("/v1/along-route?distance_m=800", geometry);
    let by_feature = demo().post_geo_json("/v1/along-route?distance_m=800", feature);
    let key = |answer: &crate::client::Answer| -> Vec<(String, i64)> {
        let features = answer.features();
        #[expect(clippy::cast_possible_truncation, reason = "metres along a short line")]
        let along = features
            .iter()
            .map(|feature| number(feature, "along_m").round() as i64);
        answer.ids().into_iter().zip(along).collect()
    };
    assert!(!by_line.ids().is_empty());
    for other in [&by_polyline, &by_body, &by_feature] {
        assert_eq!(key(&by_line), key(other), "{}", other.text());
    }
}

#[test]
fn a_line_that_crosses_itself_lists_each_station_once() {
    let answer = demo()
        .get("/v1/along-route?line=109.4,18.2;109.6,18.3;109.6,18.2;109.4,18.3;109.6,18.3&distance_m=5000");
    let mut ids = answer.ids();
    let listed = ids.len();
    ids.sort();
    ids.dedup();
    assert!(listed > 10 && ids.len() == listed);
}

#[test]
fn the_datum_of_a_line_is_heeded_in_query_and_body() {
    let plain = demo()
        .get("/v1/along-route?line=109.49,18.24;109.53,18.26&distance_m=400")
        .ids();
    let shifted = demo()
        .get("/v1/along-route?line=109.49,18.24;109.53,18.26&distance_m=400&coord=bd09")
        .ids();
    let body = r#"{"type":"LineString","coordinates":[[109.49,18.24],[109.53,18.26]]}"#;
    let posted = demo()
        .post_geo_json("/v1/along-route?distance_m=400&coord=bd09", body)
        .ids();
    assert_eq!(shifted, posted);
    assert_ne!(plain, shifted, "bd09 is over a kilometre away here");
}
