//! The form and the language of an answer: by parameter, else by header.

use crate::client::demo;

const NEAREST: &str = "/v1/nearest?lon=109.51&lat=18.25&limit=3";
const GEO_JSON: &str = "application/geo+json";

#[test]
fn f_names_the_form_and_comes_before_accept() {
    for base in [
        NEAREST,
        "/v1/along-route?line=109.49,18.24;109.53,18.26",
        "/v1/collections/stations/items?limit=3",
        "/v1/collections/stations/items/sy-001?lang=zh",
    ] {
        for (form, media_type) in [
            ("geojson", GEO_JSON),
            ("json", GEO_JSON),
            ("csv", "text/csv; charset=utf-8"),
            ("txt", "text/plain; charset=utf-8"),
        ] {
            let answer = demo().get_with(&format!("{base}&f={form}"), &[("accept", "image/png")]);
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (200, media_type),
                "{base}: {form}"
            );
        }
    }
}

#[test]
fn accept_chooses_the_form_that_the_client_likes_best() {
    for (accept, media_type) in [
        ("*/*", GEO_JSON),
        ("application/json", GEO_JSON),
        ("application/geo+json", GEO_JSON),
        ("text/csv", "text/csv"),
        ("text/plain", "text/plain"),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            GEO_JSON,
        ),
        ("text/csv;q=0.5, application/geo+json", GEO_JSON),
        ("text/csv, application/geo+json;q=0.5", "text/csv"),
        ("image/png, text/plain;q=0.1", "text/plain"),
        ("text/csv; q=0.5, application/geo+json; q=0.9", GEO_JSON),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;header=present", "text/csv"),
        ("application/geo+json;q=0, text/csv", "text/csv"),
    ] {
        let answer = demo().get_with(NEAREST, &[("accept", accept)]);
        assert_eq!(
            (answer.status, answer.media_type()),
            (200, media_type),
            "{accept}"
        );
    }
}

#[test]
fn what_nobody_can_read_is_406_and_says_what_there_is() {
    for path in [
        NEAREST,
        "/v1/along-route?line=109.49,18.24;109.53,18.26",
        "/v1/collections/stations/items",
        "/v1/collections/stations/items/sy-001",
        "/v1",
        "/v1/collections",
        "/v1/districts",
        "/v1/standards/sanya-ten",
        "/v1/collections/stations/schema",
    ] {
        for accept in ["image/png", "application/xml", "application/geo+json;q=0"] {
            if accept.contains("q=0") && !path.contains("nearest") {
                continue;
            }
            let answer = demo().get_with(path, &[("accept", accept)]);
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (406, "not_acceptable"),
                "{path}: {accept}"
            );
            assert!(
                answer.json()["expected"]
                    .as_str()
                    .is_some_and(|expected| expected.contains("json"))
            );
        }
    }
    for path in ["/v1", "/v1/districts", "/v1/openapi.json"] {
        for accept in ["*/*", "application/json", "application/*", "text/html"] {
            assert_eq!(
                demo().get_with(path, &[("accept", accept)]).status,
                200,
                "{path}: {accept}"
            );
        }
    }
}

#[test]
fn texts_are_in_the_language_of_lang_else_of_accept_language_else_chinese() {
    let path = format!("{NEAREST}&f=txt");
    let is_chinese = |answer: &crate::client::Answer| answer.text().contains("注意：示例数据");
    for (language, expected) in [
        ("zh-CN,zh;q=0.9,en;q=0.8", true),
        ("en-GB,en;q=0.9,zh;q=0.1", false),
        ("fr", true),
        ("en", false),
        ("en; q=0.1, zh; q=0.9", true),
        ("zh;q=0, en;q=0.5", false),
    ] {
        let answer = demo().get_with(&path, &[("accept-language", language)]);
        assert_eq!(is_chinese(&answer), expected, "{language}: {}", answer.text());
        let forced = demo().get_with(&format!("{path}&lang=en"), &[("accept-language", language)]);
        assert!(!is_chinese(&forced), "{language}");
    }
    let reason = |lang: &str| {
        let features = demo().features(&format!("{NEAREST}&lang={lang}"));
        features[0]["properties"]["open_state"]["reason_text"]
            .as_str()
            .expect("a text")
            .to_owned()
    };
    assert!(reason("en").is_ascii() && !reason("zh").is_ascii());
}

#[test]
fn text_is_short_and_says_that_the_data_are_made_up() {
    let answer = demo().get(&format!("{NEAREST}&f=txt&lang=zh"));
    let lines: Vec<&str> = answer.text().lines().collect();
    assert_eq!(lines.len(), 4, "{}", answer.text());
    assert!(lines[0].starts_with("1 ") && lines[2].starts_with("3 ") && lines[3].contains("示例数据"));
    assert!(lines.iter().all(|line| line.len() < 300), "{}", answer.text());
    assert!(!answer.text().contains(['{', '<', '\u{1b}']));
}

#[test]
fn a_table_has_a_header_and_a_row_for_each_station_with_the_same_values() {
    let answer = demo().get(&format!("{NEAREST}&f=csv"));
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|column| column == name)
            .unwrap_or_else(|| unreachable!("{name}"))
    };
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let features = demo().features(NEAREST);
    assert_eq!(rows.len(), features.len());
    for (row, feature) in rows.iter().zip(&features) {
        assert_eq!(&row[column("id")], feature["id"].as_str().expect("an id"));
        assert_eq!(
            &row[column("name")],
            feature["properties"]["name"].as_str().expect("a name")
        );
        let distance_m: f64 = row[column("distance_m")].parse().expect("a distance");
        assert_eq!(Some(distance_m), feature["properties"]["distance_m"].as_f64());
        let lon: f64 = row[column("lon")].parse().expect("a longitude");
        assert_eq!(Some(lon), feature["geometry"]["coordinates"][0].as_f64());
    }
}
