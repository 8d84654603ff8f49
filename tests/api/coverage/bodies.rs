//! Demand and districts in a body: what is counted where, and what is refused.

use serde_json::{Value, json};

use super::{asked, document, list, notes, number, post, post_bytes, rows};
use crate::client::{Answer, demo};

/// The largest body, bytes.
const MAX_PLAN_BODY_BYTES: usize = 16_777_216;
const ENDPOINTS: [&str; 3] = ["/v1/coverage", "/v1/coverage/gaps", "/v1/coverage/by-hour"];

/// Points with a weight `riders`.
pub fn points(places: &[(f64, f64, f64)]) -> Value {
    let feature = |(lon, lat, riders): &(f64, f64, f64)| json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": {"riders": riders}});
    json!({"type": "FeatureCollection", "features": places.iter().map(feature).collect::<Vec<_>>()})
}

/// Districts, each a name and a ring.
fn districts(outlines: &[(&str, &[[f64; 2]])]) -> Value {
    let feature = |(name, ring): &(&str, &[[f64; 2]])| json!({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"name": name}});
    json!({"type": "FeatureCollection", "features": outlines.iter().map(feature).collect::<Vec<_>>()})
}

fn rectangle([west, south, east, north]: [f64; 4]) -> Vec<[f64; 2]> {
    vec![
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
    ]
}

/// The detail of a body that is refused as such.
fn refused(answer: &Answer) -> String {
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "invalid_body"),
        "{}",
        answer.text()
    );
    let problem = answer.json();
    assert!(problem["expected"].is_string() && problem["title_zh"].is_string());
    problem["detail"].as_str().expect("a text").to_owned()
}

#[test]
fn an_empty_body_asks_as_get_does() {
    for path in ENDPOINTS {
        let path = format!("{path}?district=460202");
        assert_eq!(document(&post(demo(), &path, &json!({}))), asked(&path), "{path}");
    }
    let nothing = json!({"demand": null, "districts": null, "changes": []});
    let path = "/v1/coverage?district=460202";
    assert_eq!(document(&post(demo(), path, &nothing)), asked(path));
}

#[test]
fn points_are_covered_by_their_own_distance_and_weight() {
    // sy-036 stands at 109.501684,18.250712.
    let body = json!({"demand": points(&[(109.501_684, 18.250_712, 12.0), (109.9, 18.9, 5.0), (109.501_684, 18.259_5, 3.0)])});
    let near = document(&post(demo(), "/v1/coverage?radius_m=20", &body));
    let weight = &near["overall"]["weights"][0];
    assert_eq!(
        (&weight["name"], &weight["total"], &weight["sure"]),
        (&json!("riders"), &json!(15.0), &json!(12.0))
    );
    assert_eq!(near["demand"]["kind"], "points");
    // A point outside every district is counted beside the whole, and said.
    assert_eq!(
        (
            &near["outside"]["places"]["total"],
            &near["outside"]["weights"][0]["total"]
        ),
        (&json!(1), &json!(5.0))
    );
    assert_eq!(notes(&near)["outside_districts"]["count"], 1);
    let table = rows(&post(demo(), "/v1/coverage?radius_m=20&f=csv&table=cells", &body));
    assert_eq!(table.len(), 3);
    assert_eq!(
        (
            table[0]["nearest_station"].as_str(),
            table[0]["distance_m"].as_str()
        ),
        ("sy-036", "0.0")
    );
    assert_eq!(
        (table[1]["district"].as_str(), table[1]["cover"].as_str()),
        ("", "not")
    );
}

#[test]
fn several_weights_are_told_apart_and_without_any_each_place_weighs_one() {
    let feature = |lon: f64, properties: Value| json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, 18.25]}, "properties": properties});
    let two = json!({"demand": {"type": "FeatureCollection", "features": [
        feature(109.5, json!({"riders": 2, "cleaners": 1.5})), feature(109.52, json!({"riders": 4}))]}});
    let answer = document(&post(demo(), "/v1/coverage", &two));
    assert_eq!(answer["demand"]["weights"], json!(["cleaners", "riders"]));
    let totals: Vec<f64> = list(&answer["overall"]["weights"])
        .iter()
        .map(|weight| number(&weight["total"]))
        .collect();
    assert_eq!(totals, [1.5, 6.0]);
    let none = json!({"demand": {"type": "FeatureCollection", "features": [feature(109.5, json!({})), feature(109.52, Value::Null)]}});
    let answer = document(&post(demo(), "/v1/coverage", &none));
    assert_eq!(answer["overall"]["weights"][0]["total"], 2.0);
}

#[test]
fn a_polygon_spreads_its_weight_over_its_cells() {
    let ring = rectangle([109.5, 18.24, 109.53, 18.27]);
    let body = json!({"demand": {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"people": 1000}}]}});
    let answer = document(&post(demo(), "/v1/coverage", &body));
    assert_eq!(answer["demand"]["kind"], "polygons");
    assert!(number(&answer["overall"]["places"]["total"]) > 50.0);
    let inside = number(&answer["overall"]["weights"][0]["total"]);
    let outside = answer["outside"]["weights"][0]["total"].as_f64().unwrap_or(0.0);
    assert!((inside + outside - 1000.0).abs() < 0.01);
    assert_eq!(post(demo(), "/v1/coverage/gaps", &body).status, 200);
}

#[test]
fn a_row_with_a_bad_weight_or_place_refuses_the_body_and_is_named() {
    let feature = |geometry: Value, properties: Value| json!({"type": "Feature", "geometry": geometry, "properties": properties});
    let point = |lon: f64, lat: f64| json!({"type": "Point", "coordinates": [lon, lat]});
    let good = feature(point(109.5, 18.25), json!({"riders": 1}));
    for (bad, told) in [
        (feature(point(109.5, 18.25), json!({"riders": -1})), "riders"),
        (feature(point(109.5, 18.25), json!({"riders": 1e16})), "riders"),
        (feature(point(200.0, 18.25), json!({"riders": 1})), "200"),
        (feature(point(18.25, 109.5), json!({"riders": 1})), "109.5"),
        (feature(Value::Null, json!({"riders": 1})), "geometry"),
        (
            feature(
                json!({"type": "LineString", "coordinates": [[109.5, 18.2], [109.6, 18.3]]}),
                json!({}),
            ),
            "LineString",
        ),
    ] {
        let body = json!({"demand": {"type": "FeatureCollection", "features": [good, bad]}});
        for path in ENDPOINTS {
            let detail = refused(&post(demo(), path, &body));
            assert!(detail.contains(told) && detail.contains('2'), "{detail}");
        }
    }
    let text = body_text(
        r#"{"demand":{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[109.5,18.25]},"properties":{"riders":NaN}}]}}"#,
    );
    refused(&text);
    let crs = json!({"demand": {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:32649"}}, "features": [good]}});
    assert!(refused(&post(demo(), "/v1/coverage", &crs)).contains("EPSG:32649"));
    let elsewhere = json!({"demand": points(&[(2.35, 48.85, 1.0)])});
    assert!(refused(&post(demo(), "/v1/coverage", &elsewhere)).contains("none of the 1 places"));
    for none in [
        json!({"type": "FeatureCollection", "features": []}),
        json!([]),
        json!({"type": "Point"}),
    ] {
        refused(&post(demo(), "/v1/coverage", &json!({"demand": none})));
    }
}

fn body_text(text: &str) -> Answer {
    post_bytes(demo(), "/v1/coverage", text.as_bytes().to_vec())
}

#[test]
fn what_is_no_body_of_a_plan_is_refused() {
    for (text, told) in [
        ("", "EOF"),
        ("{", "EOF"),
        ("[]", "expected"),
        ("null", "expected"),
        ("{\"stations\":[]}", "`stations`"),
        ("{\"demand\":{}} x", "trailing"),
        ("{\"changes\":{}}", "changes"),
        ("{\"demand\":1,\"demand\":2}", "duplicate"),
        ("{\"districts\":{\"type\":\"FeatureCollection\"}}", "features"),
    ] {
        let detail = refused(&body_text(text));
        assert!(detail.contains(told), "{text}: {detail}");
    }
    let long = format!("{{\"{}\":1}}", "驿".repeat(100_000));
    assert!(refused(&body_text(&long)).chars().count() < 1_000);
    let latin = refused(&post_bytes(
        demo(),
        "/v1/coverage",
        b"{\"changes\":[{\"change\":\"remove\",\"id\":\"\xe9\"}]}".to_vec(),
    ));
    assert!(latin.contains("body"), "{latin}");
    for content_type in ["text/csv", "application/x-www-form-urlencoded"] {
        let answer = demo().send(
            "POST",
            "/v1/coverage",
            &[("content-type", content_type)],
            Some(b"{}".to_vec()),
        );
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (415, "unsupported_media_type")
        );
    }
}

#[test]
fn districts_of_a_body_take_the_place_of_those_of_the_service() {
    let (west, east) = (
        rectangle([109.48, 18.22, 109.51, 18.26]),
        rectangle([109.51, 18.22, 109.54, 18.26]),
    );
    let body = json!({"districts": districts(&[("西", &west), ("东", &east)])});
    let both = document(&post(demo(), "/v1/coverage?at=mo-10:00", &body));
    let names: Vec<&str> = list(&both["districts"])
        .iter()
        .filter_map(|row| row["name"].as_str())
        .collect();
    assert_eq!(names, ["西", "东"]);
    assert_eq!(both["demand"]["kind"], "even_grid");
    let alone = document(&post(
        demo(),
        "/v1/coverage?at=mo-10:00&district=%E4%B8%9C",
        &body,
    ));
    assert_eq!(alone["overall"]["area"], both["districts"][1]["area"]);
    let unknown = post(demo(), "/v1/coverage?district=460203", &body);
    assert_eq!(
        (unknown.status, unknown.code().as_str()),
        (400, "invalid_parameter")
    );
    assert!(unknown.text().contains("西, 东"), "{}", unknown.text());
    for path in ENDPOINTS {
        assert_eq!(post(demo(), path, &body).status, 200);
    }
}

#[test]
fn overlapping_districts_are_counted_and_said() {
    let (west, east) = (
        rectangle([109.48, 18.22, 109.52, 18.26]),
        rectangle([109.51, 18.22, 109.54, 18.26]),
    );
    let body = json!({"districts": districts(&[("西", &west), ("东", &east)])});
    let answer = document(&post(demo(), "/v1/coverage?lang=en", &body));
    let notes = notes(&answer);
    let twice = number(&notes["overlapping_districts"]["count"]);
    assert!(twice > 10.0, "{twice}");
    let text = notes["overlapping_outlines"]["text"].as_str().expect("a text");
    assert!(text.contains("西 and 东 by 4.6"), "{text}");
    let areas = list(&answer["districts"])
        .iter()
        .map(|row| number(&row["area"]["total_m2"]));
    let sum_m2: f64 = areas.sum();
    assert!((sum_m2 - number(&answer["overall"]["area"]["total_m2"])).abs() < 1.0);
    let places = list(&answer["districts"])
        .iter()
        .map(|row| number(&row["places"]["total"]));
    let places: f64 = places.sum();
    assert_eq!(
        json!(places),
        json!(number(&answer["overall"]["places"]["total"]))
    );
}

#[test]
fn a_district_that_crosses_itself_or_is_empty_is_named_with_the_place() {
    let bow = [
        [109.48, 18.22],
        [109.54, 18.26],
        [109.54, 18.22],
        [109.48, 18.26],
        [109.48, 18.22],
    ];
    let good = rectangle([109.48, 18.22, 109.5, 18.24]);
    let detail = refused(&post(
        demo(),
        "/v1/coverage",
        &json!({"districts": districts(&[("好", &good), ("结", &bow)])}),
    ));
    assert!(
        detail.contains("`结`") && detail.contains("`109.510000,18.240000`"),
        "{detail}"
    );
    let line = [[109.48, 18.22], [109.5, 18.22], [109.48, 18.22], [109.48, 18.22]];
    let feature = |geometry: Value| json!({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": geometry, "properties": {"name": "空"}}]});
    for bad in [
        districts(&[("空", &line)]),
        districts(&[("空", &[])]),
        feature(json!({"type": "Polygon", "coordinates": []})),
        feature(json!({"type": "MultiPolygon", "coordinates": []})),
        feature(json!({"type": "Point", "coordinates": [109.5, 18.2]})),
        feature(Value::Null),
    ] {
        for path in ENDPOINTS {
            let detail = refused(&post(demo(), path, &json!({"districts": bad})));
            assert!(detail.contains('空'), "{detail}");
        }
    }
    refused(&post(
        demo(),
        "/v1/coverage",
        &json!({"districts": districts(&[])}),
    ));
    let far = [[181.0, 18.22], [181.1, 18.22], [181.1, 18.3], [181.0, 18.22]];
    refused(&post(
        demo(),
        "/v1/coverage",
        &json!({"districts": districts(&[("远", &far)])}),
    ));
}

#[test]
fn more_districts_or_corners_than_a_body_may_have_are_refused() {
    let square = |number: usize| {
        let west = 109.0 + number as f64 / 1e3;
        rectangle([west, 18.0, west + 1e-3, 18.001])
    };
    let many = |count: usize| {
        let rings: Vec<Vec<[f64; 2]>> = (0..count).map(square).collect();
        let named: Vec<(&str, &[[f64; 2]])> = rings.iter().map(|ring| ("区", ring.as_slice())).collect();
        json!({"districts": districts(&named)})
    };
    assert_eq!(post(demo(), "/v1/coverage?radius_m=10", &many(500)).status, 200);
    assert!(refused(&post(demo(), "/v1/coverage", &many(501))).contains("501 outlines"));
    let ring = |corners: usize| {
        let turn =
            |corner: usize| (corner % (corners - 1)) as f64 / (corners - 1) as f64 * std::f64::consts::TAU;
        let at = |corner: usize| {
            [
                109.5 + 0.02 * turn(corner).cos(),
                18.25 + 0.02 * turn(corner).sin(),
            ]
        };
        (0..corners).map(at).collect::<Vec<_>>()
    };
    let corners = refused(&post(
        demo(),
        "/v1/coverage",
        &json!({"districts": districts(&[("圆", &ring(100_001))])}),
    ));
    assert!(corners.contains("100001 corners"), "{corners}");
}

#[test]
fn a_body_at_the_limit_is_read_and_one_byte_more_is_too_large() {
    let padded = |length: usize| {
        let mut body = b"{}".to_vec();
        body.resize(length, b' ');
        body
    };
    for path in ENDPOINTS {
        let path = format!("{path}?district=460202");
        assert_eq!(post_bytes(demo(), &path, padded(MAX_PLAN_BODY_BYTES)).status, 200);
        let answer = post_bytes(demo(), &path, padded(MAX_PLAN_BODY_BYTES + 1));
        assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
        let detail = answer.json()["detail"].as_str().expect("a text").to_owned();
        assert!(
            detail.contains("16777216 bytes") && detail.contains("yizhan coverage --demand"),
            "{detail}"
        );
    }
}
