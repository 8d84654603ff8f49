//! Questions to the planner that cannot be answered: the status, the code and the parameter of each.

use serde_json::json;

use super::post;
use crate::client::demo;

const ENDPOINTS: [&str; 4] = [
    "/v1/coverage",
    "/v1/coverage/gaps",
    "/v1/coverage/by-hour",
    "/v1/report",
];

fn assert_refused(path: &str, code: &str, parameter: &str) {
    let answer = demo().get(path);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, code),
        "{path}: {}",
        answer.text()
    );
    let problem = answer.json();
    assert_eq!(problem["parameter"], parameter, "{path}: {problem}");
    let detail = problem["detail"].as_str().expect("a text");
    assert!(detail.contains("expected"), "{path}: {detail}");
    assert!(problem["title_zh"].is_string());
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[test]
fn what_every_question_shares_is_checked_at_every_endpoint() {
    for endpoint in ENDPOINTS {
        for (query, code, parameter) in [
            ("minutes=0", "invalid_parameter", "minutes"),
            ("minutes=0.99", "invalid_parameter", "minutes"),
            ("minutes=240.01", "invalid_parameter", "minutes"),
            ("minutes=1000000000", "invalid_parameter", "minutes"),
            ("minutes=-15", "invalid_parameter", "minutes"),
            ("minutes=NaN", "invalid_parameter", "minutes"),
            ("minutes=inf", "invalid_parameter", "minutes"),
            ("minutes=ten", "invalid_parameter", "minutes"),
            ("minutes=", "invalid_parameter", "minutes"),
            ("radius_m=9.9", "invalid_parameter", "radius_m"),
            ("radius_m=100001", "invalid_parameter", "radius_m"),
            ("radius_m=500&minutes=10", "contradictory_parameters", "radius_m"),
            ("radius_m=500&mode=walk", "contradictory_parameters", "mode"),
            ("mode=boat", "invalid_parameter", "mode"),
            ("k=0", "invalid_parameter", "k"),
            ("k=6", "invalid_parameter", "k"),
            ("k=-1", "invalid_parameter", "k"),
            ("k=1.5", "invalid_parameter", "k"),
            ("k=1&k=1", "duplicate_parameter", "k"),
            ("facilities=sauna", "invalid_parameter", "facilities"),
            ("facilities_any=toilet,", "invalid_parameter", "facilities_any"),
            ("hosts=library", "invalid_parameter", "hosts"),
            ("status=unknown", "invalid_parameter", "status"),
            ("district=110105", "invalid_parameter", "district"),
            ("district=460203,nowhere", "invalid_parameter", "district"),
            ("lang=fr", "invalid_parameter", "lang"),
            ("radius=500", "unknown_parameter", "radius"),
            ("include_unknown=true", "unknown_parameter", "include_unknown"),
        ] {
            assert_refused(&format!("{endpoint}?{query}"), code, parameter);
        }
    }
}

#[test]
fn the_ends_of_what_is_allowed_are_answered() {
    for query in [
        "minutes=1",
        "minutes=240",
        "radius_m=10",
        "radius_m=100000",
        "k=1",
        "k=5&minutes=60",
    ] {
        let answer = demo().get(&format!("/v1/coverage?district=460202&{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    }
}

#[test]
fn a_time_is_now_a_time_with_offset_or_an_hour_of_the_week() {
    for at in [
        "monday",
        "mo",
        "mo-4:00",
        "mo-24:00",
        "mo-04:60",
        "mo-04",
        "xx-04:00",
        "04:00",
        "2026-02-14",
        "2026-02-14T04:00:00",
        "2026-02-30T04:00:00Z",
        "arrival",
        "mo-%2B4:00",
    ] {
        for endpoint in ["/v1/coverage", "/v1/coverage/gaps", "/v1/report"] {
            assert_refused(&format!("{endpoint}?at={at}"), "invalid_parameter", "at");
        }
    }
    for at in [
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1900-01-01T00:00:00%2B08:00",
        "2026-02-14T04:00:00+08:00",
    ] {
        let answer = demo().get(&format!("/v1/coverage?district=460202&at={at}"));
        assert_eq!(answer.status, 200, "{at}: {}", answer.text());
    }
}

#[test]
fn days_of_by_hour_are_dates_of_the_calendar() {
    for (query, code, parameter) in [
        ("date=2026-02-30", "invalid_parameter", "date"),
        ("date=2026-2-3", "invalid_parameter", "date"),
        ("date=today", "invalid_parameter", "date"),
        ("date=%2B12026-01-01", "invalid_parameter", "date"),
        ("date=%2B262142-12-31", "invalid_parameter", "date"),
        ("week=-0001-01-01", "invalid_parameter", "week"),
        ("week=2026-W01", "invalid_parameter", "week"),
        (
            "date=2026-10-01&week=2026-10-01",
            "contradictory_parameters",
            "date",
        ),
    ] {
        for endpoint in ["/v1/coverage/by-hour", "/v1/report"] {
            assert_refused(&format!("{endpoint}?{query}"), code, parameter);
        }
    }
    for query in [
        "date=9999-12-31",
        "week=9999-12-31",
        "date=0000-01-01",
        "week=0000-01-01",
    ] {
        let answer = demo().get(&format!("/v1/coverage/by-hour?district=460202&{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    }
}

#[test]
fn each_endpoint_has_its_own_parameters_and_forms() {
    for (path, code, parameter) in [
        ("/v1/coverage?f=xlsx", "invalid_parameter", "f"),
        ("/v1/coverage?f=geojson&shape=disc", "invalid_parameter", "shape"),
        ("/v1/coverage?f=csv&table=hosts", "invalid_parameter", "table"),
        ("/v1/coverage?shape=area", "contradictory_parameters", "shape"),
        (
            "/v1/coverage?f=csv&shape=cells",
            "contradictory_parameters",
            "shape",
        ),
        (
            "/v1/coverage?f=fgb&shape=area",
            "contradictory_parameters",
            "shape",
        ),
        ("/v1/coverage?table=cells", "contradictory_parameters", "table"),
        (
            "/v1/coverage?f=geojson&table=cells",
            "contradictory_parameters",
            "table",
        ),
        ("/v1/coverage?f=geojson&k=2", "contradictory_parameters", "k"),
        ("/v1/coverage?limit=5", "unknown_parameter", "limit"),
        (
            "/v1/coverage?covered_from=sure",
            "unknown_parameter",
            "covered_from",
        ),
        ("/v1/coverage?date=2026-10-01", "unknown_parameter", "date"),
        (
            "/v1/coverage/gaps?covered_from=not",
            "invalid_parameter",
            "covered_from",
        ),
        ("/v1/coverage/gaps?limit=0", "invalid_parameter", "limit"),
        ("/v1/coverage/gaps?limit=-1", "invalid_parameter", "limit"),
        ("/v1/coverage/gaps?shape=cells", "unknown_parameter", "shape"),
        ("/v1/coverage/gaps?week=2026-10-01", "unknown_parameter", "week"),
        ("/v1/coverage/by-hour?at=now", "unknown_parameter", "at"),
        ("/v1/coverage/by-hour?f=geojson", "invalid_parameter", "f"),
        ("/v1/coverage/by-hour?f=fgb", "invalid_parameter", "f"),
        ("/v1/coverage/by-hour?limit=0", "invalid_parameter", "limit"),
        ("/v1/report?f=json", "unknown_parameter", "f"),
        ("/v1/report?standard=ten", "invalid_parameter", "standard"),
        ("/v1/report?title=", "invalid_parameter", "title"),
    ] {
        assert_refused(path, code, parameter);
    }
    let cells = demo().get("/v1/coverage?district=460202&f=geojson&shape=cells&k=2");
    assert_eq!(cells.status, 200, "{}", cells.text());
    let cells = demo().get("/v1/coverage?district=460202&f=fgb&shape=cells");
    assert_eq!(cells.status, 200);
}

#[test]
fn the_parameters_of_a_post_are_checked_as_those_of_a_get() {
    for (path, code, parameter) in [
        ("/v1/coverage?minutes=0", "invalid_parameter", "minutes"),
        ("/v1/coverage/gaps?limit=0", "invalid_parameter", "limit"),
        ("/v1/coverage/by-hour?at=now", "unknown_parameter", "at"),
    ] {
        let answer = post(demo(), path, &json!({}));
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{path}");
        assert_eq!(answer.json()["parameter"], parameter);
    }
    let report = post(demo(), "/v1/report", &json!({}));
    assert_eq!(
        (report.status, report.header("allow")),
        (405, "GET, HEAD, OPTIONS")
    );
}
