//! GeoJSON: our own properties losslessly, other people's by synonyms, and documents that go wrong.

use proptest::prelude::*;
use yizhan::domain::station::{Audience, Host, Status};

use super::*;

const OWN: &str = r#"{"type":"Feature","id":"sy/01","geometry":{"type":"Point","coordinates":[109.511414,18.252204]},"properties":{
"name":"甲\u4e59","aliases":["丙","丁,戊"],"address":"某路 \"1\" 号","district":"吉阳区","adcode":"460203","host":"bank_branch","audience":["rider","public"],
"status":"suspended","hours":"Mo-Fr 09:00-17:00","hours_text":"工作日","facilities":{"microwave":"yes","toilet":"no","ice":"unknown","wifi":"out_of_order"},
"facility_details":{"microwave":{"source":"巡查","verified_at":"2026-09-16"}},"floor_area_m2":34.5,"seats":8,"opened_on":"2026-04-17","operator":null,"phone":"0898-1","photos":["https://a.cn/x,1.jpg","https://a.cn/2.jpg"],
"map_listings":{"amap":"yes","baidu":"no","tencent":"unknown"},"source":"test","verified_at":"2026-10-07","synthetic":true,
"original":{"lon":109.5155,"lat":18.2505,"datum":"gcj02"},"updated_at":"2026-11-01T00:00:00Z","revision":7}}"#;

#[test]
fn our_own_properties_are_read_without_loss() {
    let imported = features(&[OWN]);
    let station = only(&imported);
    assert!(imported.problems.is_empty(), "{:?}", imported.problems);
    assert_eq!((station.id.as_str(), &*station.name), ("sy/01", "甲乙"));
    assert_eq!(
        station.aliases.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        ["丙", "丁,戊"]
    );
    assert_eq!(station.address.as_deref(), Some("某路 \"1\" 号"));
    assert_eq!(
        (station.host, station.status),
        (Some(Host::BankBranch), Status::Suspended)
    );
    assert_eq!(station.audience, [Audience::Rider, Audience::Public]);
    assert_eq!(station.hours.osm.as_deref(), Some("Mo-Fr 09:00-17:00"));
    assert_eq!(station.hours.text.as_deref(), Some("工作日"));
    let states = [
        Facility::Microwave,
        Facility::Toilet,
        Facility::Ice,
        Facility::Wifi,
    ];
    let states: Vec<&str> = states
        .iter()
        .map(|facility| station.facilities.state(*facility).word())
        .collect();
    assert_eq!(states, ["yes", "no", "unknown", "out_of_order"]);
    let detail = &station.facilities.details()[0];
    assert_eq!(
        (
            detail.source.as_deref(),
            detail.verified_at.unwrap().to_string().as_str()
        ),
        (Some("巡查"), "2026-09-16")
    );
    assert_eq!(
        (station.floor_area_m2, station.seats, station.revision),
        (Some(34.5), Some(8), 7)
    );
    assert_eq!(
        (station.operator.as_deref(), station.phone.as_deref()),
        (None, Some("0898-1"))
    );
    assert_eq!(
        station.photos.join(" "),
        "https://a.cn/x,1.jpg https://a.cn/2.jpg"
    );
    assert_eq!(station.location.datum(), Datum::Gcj02);
    let location = &station.location;
    assert_eq!(location.original().lon_deg().to_bits(), 109.5155_f64.to_bits());
    // The place is worked out from the original again, so that it has more than the six decimals of the geometry.
    assert_eq!(
        location.place(),
        yizhan::domain::datum::convert(location.original(), Datum::Gcj02, Datum::Wgs84)
    );
    assert!((location.place().lon_deg() - 109.511_414).abs() < 5e-7);
}

#[test]
fn an_original_far_from_the_geometry_is_a_warning_and_a_broken_one_an_error() {
    let imported = features(&[&OWN.replace("109.5155", "109.6155")]);
    only(&imported);
    problem(&imported, "original_disagrees", Severity::Warning);
    problem(
        &features(&[&OWN.replace("\"gcj02\"", "\"mars\"")]),
        "bad_original",
        Severity::Error,
    );
}

#[test]
fn foreign_properties_are_read_by_the_names_that_tables_may_use() {
    let feature = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[109.5,18,3]},"properties":{"编号":17,"名称":"甲","营业时间":"每天 8:00-20:00","微波炉":"有","toilet":true,"foo":{"bar":[1]},"设施":["饮水","wifi=no"],"seats":"9"}}"#;
    let imported = features(&[feature]);
    let station = only(&imported);
    assert_eq!((station.id.as_str(), station.seats), ("17", Some(9)));
    assert_eq!(station.hours.osm.as_deref(), Some("08:00-20:00"));
    let state = |facility| station.facilities.state(facility);
    assert_eq!(
        (state(Facility::Microwave), state(Facility::Toilet)),
        (FacilityState::Yes, FacilityState::Yes)
    );
    assert_eq!(
        (state(Facility::DrinkingWater), state(Facility::Wifi)),
        (FacilityState::Yes, FacilityState::No)
    );
    assert!(
        problem(&imported, "ignored_columns", Severity::Warning)
            .message
            .contains("`foo`")
    );
}

#[test]
fn the_id_of_the_feature_wins_and_may_be_a_number() {
    let feature = r#"{"type":"Feature","id":5,"geometry":{"type":"Point","coordinates":[109.5,18]},"properties":{"id":"x","name":"甲"}}"#;
    assert_eq!(only(&features(&[feature])).id.as_str(), "5");
    let imported = features(&[
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[109.5,18]},"properties":{"name":"甲"}}"#,
    ]);
    assert!(only(&imported).id.as_str().starts_with("m-"));
    problem(&imported, "ids_made", Severity::Warning);
}

#[test]
fn coordinates_are_wgs84_unless_the_options_say_otherwise() {
    let text = r#"[{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[109.5,18.25]},"properties":{"name":"甲"}}]"#;
    let datum = |options| {
        parse(text.as_bytes(), "t.json", None, &options).unwrap().stations[0]
            .location
            .datum()
    };
    assert_eq!(datum(ImportOptions::default()), Datum::Wgs84);
    assert_eq!(
        datum(ImportOptions {
            datum: Some(Datum::Bd09),
            format: None
        }),
        Datum::Bd09
    );
    let own = format!("[{OWN}]");
    let options = ImportOptions {
        datum: Some(Datum::Bd09),
        format: None,
    };
    let imported = parse(own.as_bytes(), "t.json", None, &options).unwrap();
    assert_eq!(
        only(&imported).location.datum(),
        Datum::Gcj02,
        "the original wins"
    );
}

#[test]
fn anything_but_a_point_is_an_error_that_says_a_point_was_expected() {
    for geometry in [
        "null",
        "{}",
        "5",
        r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
        r#"{"type":"Point","coordinates":[]}"#,
        r#"{"type":"Point","coordinates":[1]}"#,
        r#"{"type":"Point","coordinates":["109","18"]}"#,
        r#"{"type":"Point"}"#,
    ] {
        let feature =
            format!(r#"{{"type":"Feature","id":"a","geometry":{geometry},"properties":{{"name":"甲"}}}}"#);
        let imported = features(&[&feature]);
        assert!(
            problem(&imported, "not_a_point", Severity::Error)
                .message
                .contains("expected a Point"),
            "{geometry}"
        );
    }
    let without = features(&[r#"{"type":"Feature","id":"a","properties":{"name":"甲"}}"#]);
    problem(&without, "not_a_point", Severity::Error);
}

#[test]
fn a_bad_feature_carries_its_number_and_does_not_stop_the_rest() {
    let good = |id: u8| {
        format!(
            r#"{{"type":"Feature","id":"{id}","geometry":{{"type":"Point","coordinates":[109.5,18.{id}]}},"properties":{{"name":"甲"}}}}"#
        )
    };
    let bad = [
        "7",
        "null",
        "\"x\"",
        "[1]",
        "{}",
        r#"{"type":"Feature" "id":1}"#,
        r#"{"type":"Feature","geometry":{"coordinates":[NaN,1]}}"#,
    ];
    let mut all: Vec<String> = bad.iter().map(|&text| text.to_owned()).collect();
    all.insert(0, good(1));
    all.push(good(2));
    let imported = features(&all.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(imported.stations.len(), 2, "{:?}", imported.problems);
    assert_eq!(imported.rows, 9);
    let found: Vec<(u64, &str)> = imported
        .problems
        .iter()
        .map(|problem| (problem.row, problem.code))
        .collect();
    assert_eq!(
        found,
        [
            (2, "not_a_feature"),
            (3, "not_a_feature"),
            (4, "not_a_feature"),
            (5, "not_a_feature"),
            (6, "not_a_feature"),
            (7, "invalid_json"),
            (8, "invalid_json")
        ]
    );
    assert!(
        imported.problems[5].message.contains("at line `7` of the file"),
        "{}",
        imported.problems[5]
    );
}

#[test]
fn a_missing_name_and_a_bad_status_are_errors_of_the_feature() {
    let feature = r#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[109.5,18]},"properties":null}"#;
    assert_eq!(
        problem(&features(&[feature]), "missing_value", Severity::Error)
            .field
            .as_deref(),
        Some("name")
    );
    let swapped = feature
        .replace("[109.5,18]", "[18,109.5]")
        .replace("null", r#"{"name":"甲"}"#);
    problem(&features(&[&swapped]), "swapped_axes", Severity::Error);
}

#[test]
fn documents_that_are_no_collection_are_refused_with_line_and_column() {
    for (text, line, words) in [
        ("x", 1, "at the start"),
        ("{\"type\":\"Feature\",\n\"geometry\":null}", 1, "`Feature`"),
        ("{\"type\":\"Topology\",\"features\":[]}", 1, "`Topology`"),
        ("{\"features\":[]}", 1, "`null`"),
        ("{\"type\":\"FeatureCollection\"}", 1, "`features` array"),
        (
            "{\"type\":\"FeatureCollection\",\"features\":{}}",
            1,
            "`features` array",
        ),
        (
            "{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"type\":",
            3,
            "ends in feature 1",
        ),
        (
            "{\"type\":\"FeatureCollection\",\n\"features\":[{}\n{}]}",
            3,
            "expected `,` or `]` after feature 1",
        ),
        (
            "{\"type\":\"FeatureCollection\",\n\"features\":[{},\n]}",
            3,
            "expected feature 2",
        ),
        (
            "{\"type\":\"FeatureCollection\",\n\"features\":[\n{}]\n,x}",
            4,
            "expected valid JSON",
        ),
        (
            "{\"type\":\"FeatureCollection\",\"features\":[]",
            1,
            "expected valid JSON",
        ),
        (
            "{\"type\":\"FeatureCollection\",\"features\":[]} x",
            1,
            "expected valid JSON",
        ),
        ("[{}]]", 1, "end of the document"),
    ] {
        let error = refused(text.as_bytes(), "t.geojson");
        let ImportError::NotGeoJson { line: found, .. } = &error else {
            panic!("{text}: {error:?}")
        };
        assert_eq!(*found, line, "{text}: {error}");
        assert!(error.to_string().contains(words), "{text}: {error}");
    }
    assert!(matches!(refused(b"\n ", "t.geojson"), ImportError::Empty { .. }));
}

#[test]
fn members_around_the_features_do_not_matter() {
    let text = format!(
        "\u{feff}{{\"note\":{{\"features\":[1],\"s\":\"\\\"features\\\":[\"}},\"features\" : [ {OWN} ],\"type\":\"FeatureCollection\",\"x\":[1]}}\n"
    );
    only(&parse(text.as_bytes(), "t.json", None, &ImportOptions::default()).unwrap());
}

#[test]
fn a_collection_larger_than_several_blocks_keeps_its_order_and_numbers() {
    let filler = "号".repeat(300);
    let list: Vec<String> = (0..20_000)
        .map(|i| {
            let lat = if i == 15_000 { 99.0 } else { 18.0 + f64::from(i) / 1e5 };
            format!(r#"{{"type":"Feature","id":"{i:05}","geometry":{{"type":"Point","coordinates":[109.5,{lat}]}},"properties":{{"name":"甲{i}","address":"{filler}"}}}}"#)
        })
        .collect();
    let imported = features(&list.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(imported.stations.len(), 19_999);
    assert_eq!(problem(&imported, "out_of_range", Severity::Error).row, 15_001);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic_as_geojson(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _result = parse(&bytes, "t.json", Some(ImportFormat::GeoJson), &ImportOptions::default());
    }

    #[test]
    fn json_with_any_part_cut_out_never_panics(from in 0..1500_usize, length in 0..40_usize) {
        let mut bytes = format!(r#"{{"type":"FeatureCollection","features":[{OWN},{OWN}],"x":1}}"#).into_bytes();
        let end = (from + length).min(bytes.len());
        bytes.drain(from.min(end)..end);
        let _result = parse(&bytes, "t.json", None, &ImportOptions::default());
    }

    #[test]
    fn json_made_of_any_tokens_never_panics(tokens in proptest::collection::vec(
        prop_oneof!["\\{", "\\}", "\\[", "\\]", ",", ":", "\"features\"", "\"type\"", "\"FeatureCollection\"", "\"Feature\"", "1", "\"\\\\", " \n"], 0..60)) {
        let text = format!(r#"{{"features":[{}"#, tokens.concat());
        let _result = parse(text.as_bytes(), "t.json", None, &ImportOptions::default());
    }
}
