//! Each named limit, at the limit and one above.

use std::fmt::Write as _;

use serde_json::json;

use crate::client::{Answer, Service, demo};
use crate::raw;
use crate::world;

const NEAREST: &str = "/v1/nearest?lon=109.51&lat=18.25";
const SEARCH: &str = "/v1/collections/stations/items/search";
/// The largest body, bytes.
const MAX_BODY_BYTES: usize = 1_048_576;

fn assert_refused(answer: &Answer, parameter: &str, what: &str) {
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "invalid_parameter"),
        "{what}: {}",
        answer.text()
    );
    assert_eq!(answer.json()["parameter"], parameter, "{what}");
}

/// A register large enough for every limit on the number of stations.
fn many() -> Service {
    let station = |n: u32| {
        world::station(
            &format!("s-{n:05}"),
            109.0 + f64::from(n % 1000) / 1e5,
            18.0 + f64::from(n / 1000) / 1e4,
        )
    };
    Service::start(world::state((0..10_050).map(station).collect()))
}

#[test]
fn a_limit_above_the_maximum_is_lowered_to_it() {
    let service = many();
    let count = |path: &str| {
        let answer = service.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.ids().len()
    };
    for (path, default, maximum) in [
        ("/v1/nearest?lon=109&lat=18", 10, 100),
        (
            "/v1/along-route?line=109,18;109.01,18&distance_m=5000",
            100,
            1_000,
        ),
        ("/v1/collections/stations/items?fields=name", 100, 10_000),
    ] {
        assert_eq!(count(path), default, "{path}");
        for (limit, expected) in [
            ("1".to_owned(), 1),
            ((maximum - 1).to_string(), maximum - 1),
            (maximum.to_string(), maximum),
            ((maximum + 1).to_string(), maximum),
            ("1000000000".to_owned(), maximum),
            ("99999999999999999999999999".to_owned(), maximum),
        ] {
            assert_eq!(
                count(&format!("{path}&limit={limit}")),
                expected,
                "{path} {limit}"
            );
        }
        for limit in ["0", "-1", "1.5", "ten", "1e3", "%20", "0x10"] {
            assert_refused(&service.get(&format!("{path}&limit={limit}")), "limit", limit);
        }
    }
}

#[test]
fn numbers_are_taken_at_their_bounds_and_refused_beyond() {
    let route = "/v1/along-route?line=109.49,18.24;109.53,18.26";
    for (path, parameter, good, bad) in [
        (
            NEAREST,
            "radius_m",
            vec!["0.001", "20037508"],
            vec!["0", "-1", "20037508.1", "20037509", "NaN", "inf", "1e9"],
        ),
        (
            route,
            "distance_m",
            vec!["0", "50000"],
            vec!["-0.1", "50000.1", "50001", "NaN"],
        ),
        (
            "/v1/nearest?lon=109.51&lat=18.25&open=now",
            "stay_min",
            vec!["0", "1440"],
            vec!["-1", "1441", "1.5", "1e4", "x"],
        ),
        (
            "/v1/nearest?lat=18.25",
            "lon",
            vec!["-180", "180"],
            vec!["-180.000001", "180.000001", "NaN", "-inf", "1e400", "x"],
        ),
        (
            "/v1/nearest?lon=9.5",
            "lat",
            vec!["-90", "90"],
            vec!["-90.000001", "90.000001", "NaN", "infinity", "18,25"],
        ),
    ] {
        for value in good {
            let answer = demo().get(&format!("{path}&{parameter}={value}"));
            assert_eq!(answer.status, 200, "{parameter}={value}: {}", answer.text());
        }
        for value in bad {
            assert_refused(
                &demo().get(&format!("{path}&{parameter}={value}")),
                parameter,
                value,
            );
        }
    }
}

#[test]
fn a_radius_is_strict_inclusive_and_never_widened() {
    let nearest = demo().features(NEAREST);
    let distance_m = |n: usize| {
        nearest[n]["properties"]["distance_m"]
            .as_f64()
            .expect("a distance")
    };
    let within = |radius_m: f64| {
        demo()
            .get(&format!("{NEAREST}&radius_m={radius_m}&limit=100"))
            .ids()
            .len()
    };
    assert_eq!(within(distance_m(2) + 0.01), 3);
    assert_eq!(within(distance_m(2) - 0.01), 2);
    assert_eq!(within(distance_m(0) - 0.01), 0);
    let stations = vec![world::station("here", 109.5, 18.2)];
    let service = Service::start(world::state(stations));
    assert_eq!(
        service
            .get("/v1/nearest?lon=109.5&lat=18.2&radius_m=0.000001")
            .ids(),
        ["here"]
    );
}

/// A line of so many vertices, in short steps.
fn line(vertices: usize) -> String {
    let coordinates: Vec<[f64; 2]> = (0..vertices).map(|n| [109.4 + n as f64 * 1e-5, 18.2]).collect();
    json!({ "type": "LineString", "coordinates": coordinates }).to_string()
}

#[test]
fn a_line_has_at_most_ten_thousand_vertices() {
    for (vertices, status) in [(2, 200), (10_000, 200), (10_001, 400), (1, 400), (0, 400)] {
        let answer = demo().post_geo_json("/v1/along-route?limit=1", line(vertices));
        assert_eq!(answer.status, status, "{vertices}: {}", answer.text());
        assert!(status == 200 || answer.code() == "invalid_body", "{vertices}");
    }
    // An encoded polyline: 18.2° N 109.4° E, then steps of 1e-5° east (`?A`).
    let polyline = |vertices: usize| {
        format!(
            "/v1/along-route?limit=1&polyline=_ubnB_mvzS{}",
            "%3FA".repeat(vertices - 1)
        )
    };
    for (vertices, status) in [(2, 200), (10_000, 200), (10_001, 400)] {
        let answer = demo().get(&polyline(vertices));
        assert_eq!(answer.status, status, "{vertices}: {}", answer.text());
        assert!(
            status == 200 || answer.code() == "invalid_parameter",
            "{vertices}"
        );
    }
}

#[test]
fn a_line_is_at_most_five_thousand_kilometres_long() {
    // One degree of the equator is 111,319.4908 m, so 5,000 km are 44.91576422°.
    for (east, status) in [("44.9157", 200), ("44.9158", 400)] {
        let answer = demo().get(&format!("/v1/along-route?line=0,0;{east},0"));
        assert_eq!(answer.status, status, "{east}: {}", answer.text());
        let body = format!(r#"{{"type":"LineString","coordinates":[[0,0],[{east},0]]}}"#);
        let answer = demo().post_geo_json("/v1/along-route", body);
        assert_eq!(answer.status, status, "{east}: {}", answer.text());
        assert!(status == 200 || answer.code() == "invalid_body");
    }
    // Many short ways add up.
    let there_and_back = ["0,0;22,0"; 2].join(";") + ";22,1";
    assert_eq!(
        demo()
            .get(&format!("/v1/along-route?line={there_and_back}"))
            .code(),
        "invalid_parameter"
    );
}

/// A polygon of so many positions, the closing one included.
fn polygon(positions: usize) -> String {
    let corner = |n: usize| {
        let angle = n as f64 / (positions - 1) as f64 * std::f64::consts::TAU;
        [109.5 + 0.2 * angle.cos(), 18.3 + 0.2 * angle.sin()]
    };
    let mut ring: Vec<[f64; 2]> = (0..positions - 1).map(corner).collect();
    ring.push(ring[0]);
    json!({ "type": "Polygon", "coordinates": [ring] }).to_string()
}

#[test]
fn an_area_has_at_most_ten_thousand_vertices() {
    for (positions, status) in [(4, 200), (10_000, 200), (10_001, 400)] {
        let answer = demo().post_geo_json(SEARCH, polygon(positions));
        assert_eq!(answer.status, status, "{positions}: {}", answer.text());
        assert!(status == 200 || answer.code() == "invalid_body", "{positions}");
    }
}

#[test]
fn a_list_has_at_most_two_hundred_entries() {
    for (parameter, word) in [
        ("facilities", "toilet"),
        ("facilities_any", "toilet"),
        ("hosts", "union"),
        ("status", "open"),
        ("district", "460203"),
        ("fields", "name"),
    ] {
        let list = |entries: usize| format!("{NEAREST}&{parameter}={}", vec![word; entries].join(","));
        let answer = demo().get(&list(200));
        assert_eq!(answer.status, 200, "{parameter}: {}", answer.text());
        assert_refused(&demo().get(&list(201)), parameter, parameter);
    }
}

/// A line in a body of so many bytes.
fn padded(bytes: usize) -> Vec<u8> {
    let mut body = br#"{"type":"LineString","coordinates":[[109.49,18.24],[109.53,18.26]]}"#.to_vec();
    body.resize(bytes, b' ');
    body
}

#[test]
fn a_body_has_at_most_one_mebibyte() {
    assert_eq!(
        demo()
            .post_geo_json("/v1/along-route", padded(MAX_BODY_BYTES))
            .status,
        200
    );
    for path in ["/v1/along-route", SEARCH] {
        for beyond in [1, 1000, 5_000_000] {
            let mut request = format!(
                "POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                MAX_BODY_BYTES + beyond
            )
            .into_bytes();
            request.extend(padded(MAX_BODY_BYTES + 1));
            let answer = raw::exchange(demo().address, request);
            assert_eq!(raw::status_of(&answer), 413, "{path} {beyond}: {answer}");
            assert!(answer.contains("\"code\":\"body_too_large\""), "{answer}");
        }
    }
}

#[test]
fn a_body_in_chunks_is_counted_too() {
    let chunked = |bytes: usize| {
        let mut request = "POST /v1/along-route HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\
            Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            .to_owned();
        for chunk in padded(bytes).chunks(100_000) {
            let chunk = std::str::from_utf8(chunk).expect("ASCII");
            write!(request, "{:x}\r\n{chunk}\r\n", chunk.len()).expect("room");
        }
        request.push_str("0\r\n\r\n");
        raw::status_of(&raw::exchange(demo().address, request))
    };
    assert_eq!(chunked(MAX_BODY_BYTES), 200);
    assert_eq!(chunked(MAX_BODY_BYTES + 1), 413);
}

#[test]
fn an_address_as_long_as_the_protocol_library_reads_is_answered_and_a_longer_one_refused() {
    let request = |bytes: usize| {
        let start = "/v1/nearest?lon=109.51&lat=18.25&district=";
        let path = format!("{start}{}", "a".repeat(bytes - start.len()));
        raw::exchange(
            demo().address,
            format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
        )
    };
    let answer = request(65_000);
    assert!(
        raw::status_of(&answer) == 400 && answer.contains("invalid_parameter"),
        "{answer}"
    );
    assert!(answer.len() < 2_000, "a long value is cut before it is repeated");
    for bytes in [65_536, 200_000] {
        assert!(
            [400, 413, 414, 431].contains(&raw::status_of(&request(bytes))),
            "{bytes}"
        );
    }
}
