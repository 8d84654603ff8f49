//! Bad input, and exactly what it gets.

use crate::client::demo;

const NEAREST: &str = "/v1/nearest?lon=109.51&lat=18.25";
const ROUTE: &str = "/v1/along-route?line=109.49,18.24;109.53,18.26";
const ITEMS: &str = "/v1/collections/stations/items";

/// Each request is answered with 400, the code, and the parameter where one is at fault.
fn assert_all(cases: &[(&str, &str, &str)]) {
    for (path, code, parameter) in cases {
        let answer = demo().get(path);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, *code),
            "{path}: {}",
            answer.text()
        );
        let problem = answer.json();
        assert_eq!(problem["parameter"], *parameter, "{path}: {problem}");
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains("expected")),
            "{path}: {problem}"
        );
        assert!(
            problem["title_zh"]
                .as_str()
                .is_some_and(|title| !title.is_ascii()),
            "{path}: {problem}"
        );
    }
}

#[test]
fn coordinates_that_are_missing_swapped_or_no_numbers() {
    assert_all(&[
        ("/v1/nearest", "missing_parameter", "lon"),
        ("/v1/nearest?lat=18.25", "missing_parameter", "lon"),
        ("/v1/nearest?lon=109.51", "missing_parameter", "lat"),
        ("/v1/nearest?lon=&lat=18.25", "invalid_parameter", "lon"),
        ("/v1/nearest?lon=109.51&lat=%20", "invalid_parameter", "lat"),
        ("/v1/nearest?lon=18.25&lat=109.51", "invalid_parameter", "lat"),
        ("/v1/nearest?lon=NaN&lat=18.25", "invalid_parameter", "lon"),
        ("/v1/nearest?lon=109.51&lat=nan", "invalid_parameter", "lat"),
        ("/v1/nearest?lon=inf&lat=18.25", "invalid_parameter", "lon"),
        ("/v1/nearest?lon=109.51&lat=-1e999", "invalid_parameter", "lat"),
        ("/v1/nearest?lon=109,51&lat=18.25", "invalid_parameter", "lon"),
        ("/v1/nearest?lon=109.51E&lat=18.25", "invalid_parameter", "lon"),
        ("/v1/nearest?lon=200&lat=18.25", "invalid_parameter", "lon"),
        ("/v1/nearest?lon=-109.51&lat=-90.1", "invalid_parameter", "lat"),
        ("/v1/nearest?lon=%EF%BC%91&lat=18.25", "invalid_parameter", "lon"),
        ("/v1/along-route", "missing_parameter", "line"),
        ("/v1/along-route?line=109.49,18.24", "invalid_parameter", "line"),
        ("/v1/along-route?line=109.49,18.24;", "invalid_parameter", "line"),
        (
            "/v1/along-route?line=18.24,109.49;18.26,109.53",
            "invalid_parameter",
            "line",
        ),
        ("/v1/along-route?line=109.49;18.24", "invalid_parameter", "line"),
        (
            "/v1/along-route?line=109.49,18.24;NaN,18",
            "invalid_parameter",
            "line",
        ),
        (
            "/v1/along-route?line=109.49,18.24,5;109.53,18.26,5",
            "invalid_parameter",
            "line",
        ),
        (
            "/v1/along-route?polyline=_oinBowg%7BSo%7D%40_",
            "invalid_parameter",
            "polyline",
        ),
        (
            "/v1/along-route?polyline=%E9%A9%BF%E7%AB%99",
            "invalid_parameter",
            "polyline",
        ),
        (
            "/v1/along-route?line=1,1;2,2&polyline=_p~iF~ps%7CU_ulL",
            "contradictory_parameters",
            "polyline",
        ),
    ]);
}

#[test]
fn swapped_axes_are_named_as_such() {
    for path in [
        "/v1/nearest?lon=18.25&lat=109.51",
        "/v1/along-route?line=18.24,109.49;18.26,109.53",
    ] {
        let problem = demo().get(path).json();
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.contains("longitude first: did you mean"), "{detail}");
    }
}

#[test]
fn words_that_nobody_knows() {
    let cases = [
        ("facilities=coffee", "facilities"),
        ("facilities=toilet,,seats", "facilities"),
        ("facilities=toilet,", "facilities"),
        ("facilities=Toilet", "facilities"),
        ("facilities_any=%F0%9F%9A%BD", "facilities_any"),
        ("hosts=library", "hosts"),
        ("status=busy", "status"),
        ("district=%E5%8C%97%E4%BA%AC%E5%B8%82", "district"),
        ("district=460299", "district"),
        ("coord=wgs72", "coord"),
        ("coord=GCJ", "coord"),
        ("out_coord=mars", "out_coord"),
        ("mode=car", "mode"),
        ("include_unknown=yes", "include_unknown"),
        ("include_unknown=1", "include_unknown"),
        ("fields=colour", "fields"),
        ("f=xml", "f"),
        ("lang=fr", "lang"),
        ("open=tomorrow", "open"),
        ("open=2026-02-14", "open"),
        ("open=2026-02-14T12:30:00", "open"),
        ("open=2026-02-30T12:30:00Z", "open"),
        ("open=now,arrival", "open"),
        ("lang=%FF", "lang"),
    ];
    for (query, parameter) in cases {
        assert_all(&[(&format!("{NEAREST}&{query}"), "invalid_parameter", parameter)]);
    }
    let expected = |query: &str| demo().get(&format!("{NEAREST}&{query}")).json()["expected"].to_string();
    assert!(expected("facilities=coffee").contains("drinking_water"));
    assert!(expected("coord=wgs72").contains("gcj02"));
    let districts = expected("district=460299");
    assert!(
        districts.contains("吉阳区") && districts.contains("海棠区"),
        "{districts}"
    );
}

#[test]
fn parameters_that_are_unknown_repeated_or_in_contradiction() {
    let cases = [
        ("radius=500", "unknown_parameter", "radius"),
        ("Limit=5", "unknown_parameter", "Limit"),
        ("_=123", "unknown_parameter", "_"),
        ("bbox=1,2,3,4", "unknown_parameter", "bbox"),
        ("lon=109.51", "duplicate_parameter", "lon"),
        ("open=now&open=now", "duplicate_parameter", "open"),
        (
            "facilities=toilet&facilities=seats",
            "duplicate_parameter",
            "facilities",
        ),
        ("stay_min=30", "contradictory_parameters", "stay_min"),
        ("stay_min=0", "contradictory_parameters", "stay_min"),
    ];
    for (query, code, parameter) in cases {
        assert_all(&[(&format!("{NEAREST}&{query}"), code, parameter)]);
    }
    assert_all(&[
        (
            "/v1/along-route?line=1,1;2,2&radius_m=5",
            "unknown_parameter",
            "radius_m",
        ),
        (
            "/v1/collections/stations/items?open=arrival",
            "invalid_parameter",
            "open",
        ),
        ("/v1/collections/stations/items?lon=1", "unknown_parameter", "lon"),
        (
            "/v1/collections/stations/items?stay_min=5",
            "contradictory_parameters",
            "stay_min",
        ),
        ("/v1/districts?f=csv", "unknown_parameter", "f"),
    ]);
    assert_all(&[(
        &format!("{ROUTE}&stay_min=5"),
        "contradictory_parameters",
        "stay_min",
    )]);
    let names = demo().get(&format!("{NEAREST}&radius=500")).json()["expected"].to_string();
    assert!(names.contains("radius_m"), "{names}");
}

#[test]
fn boxes_times_and_cursors_of_items() {
    for (query, parameter) in [
        ("bbox=109.4,18.2,109.6", "bbox"),
        ("bbox=109.4,18.2,0,109.6,18.3", "bbox"),
        ("bbox=109.4,18.2,0,109.6,18.3,9,9", "bbox"),
        ("bbox=109.4,18.3,109.6,18.2", "bbox"),
        ("bbox=18.2,109.4,18.3,109.6", "bbox"),
        ("bbox=109.4,18.2,109.6,NaN", "bbox"),
        ("bbox=109.4,18.2,inf,18.3", "bbox"),
        ("bbox=-181,18.2,109.6,18.3", "bbox"),
        ("bbox=,,,", "bbox"),
        ("bbox=109.4%2018.2%20109.6%2018.3", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("datetime=..", "datetime"),
        ("datetime=2026", "datetime"),
        ("datetime=2026-13-01T00:00:00Z", "datetime"),
        ("datetime=2026-01-01T00:00:00Z/2025-01-01T00:00:00Z", "datetime"),
        ("datetime=2026-01-01T12:00:00Z/2026-01-01T11:59:59Z", "datetime"),
        (
            "datetime=2025-01-01T00:00:00Z/2026-01-01T00:00:00Z/2027-01-01T00:00:00Z",
            "datetime",
        ),
        ("cursor=%2A%2A%2A", "cursor"),
        ("cursor=c3ktMDAx", "cursor"),
        ("cursor=sy-001", "cursor"),
    ] {
        assert_all(&[(&format!("{ITEMS}?{query}"), "invalid_parameter", parameter)]);
    }
    for query in [
        "bbox=170,-20,-170,20",
        "bbox=-180,-90,180,90",
        "datetime=2026-01-01T00:00:00%2B08:00/..",
        "datetime=/2026-01-01T00:00:00Z",
    ] {
        assert_eq!(demo().get(&format!("{ITEMS}?{query}")).status, 200, "{query}");
    }
}

#[test]
fn bodies_that_are_no_line() {
    let place = "[109.49,18.24]";
    for body in [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "line".to_owned(),
        r#"{"type":"LineString"}"#.to_owned(),
        r#"{"type":"LineString","coordinates":[]}"#.to_owned(),
        format!(r#"{{"type":"LineString","coordinates":[{place}]}}"#),
        format!(r#"{{"type":"LineString","coordinates":[{place},[109.5"#),
        format!(r#"{{"type":"LineString","coordinates":[{place},[109.5]]}}"#),
        format!(r#"{{"type":"LineString","coordinates":[{place},["109.5","18.2"]]}}"#),
        format!(r#"{{"type":"LineString","coordinates":[{place},[null,18.2]]}}"#),
        format!(r#"{{"type":"LineString","coordinates":[{place},[1e999,18.2]]}}"#),
        format!(r#"{{"type":"LineString","coordinates":[{place},[18.2,109.5]]}}"#),
        format!(r#"{{"type":"LineString","coordinates":[{place},[181,18.2]]}}"#),
        format!(r#"{{"type":"MultiLineString","coordinates":[[{place},{place}]]}}"#),
        r#"{"type":"Feature","properties":null,"geometry":null}"#.to_owned(),
        r#"{"type":"FeatureCollection","features":[]}"#.to_owned(),
        "[".repeat(100_000),
    ] {
        let answer = demo().post_geo_json("/v1/along-route", body.as_str());
        let shown: String = body.chars().take(80).collect();
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "invalid_body"),
            "{shown}: {}",
            answer.text()
        );
        assert!(answer.body.len() < 1_000, "{shown}: {}", answer.text());
    }
    let invalid_utf8 = b"{\"type\":\"LineString\",\"coordinates\":[[\xff".to_vec();
    assert_eq!(
        demo().post_geo_json("/v1/along-route", invalid_utf8).code(),
        "invalid_body"
    );
}

#[test]
fn bodies_that_are_no_area() {
    for coordinates in [
        "[]",
        "[[]]",
        "[[[109,18]]]",
        "[[[109,18],[110,18],[109,18]]]",
        "[[[109,18],[110,18],[110,19],[109,19]]]",
        "[[[109,18],[110,19],[110,18],[109,19],[109,18]]]",
        "[[[109,18],[109,18],[109,18],[109,18]]]",
        "[[[109,18],[110,18],[111,18],[109,18]]]",
        "[[[18,109],[18,110],[19,110],[18,109]]]",
        "[[[109,18],[110,18],[110,19],[109,18]],[]]",
        "[[[109,18],[110,18],[110,19],[109,18]],[[120,18],[121,18],[121,19],[120,18]]]",
    ] {
        let body = format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#);
        let answer = demo().post_geo_json(&format!("{ITEMS}/search"), body);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "invalid_body"),
            "{coordinates}: {}",
            answer.text()
        );
    }
    for body in [
        r#"{"type":"MultiPolygon","coordinates":[]}"#,
        r#"{"type":"MultiPolygon","coordinates":[[]]}"#,
        r#"{"type":"Point","coordinates":[109.5,18.2]}"#,
    ] {
        assert_eq!(
            demo().post_geo_json(&format!("{ITEMS}/search"), body).code(),
            "invalid_body",
            "{body}"
        );
    }
    // Bad parameters are told as such, whatever the body.
    let area = r#"{"type":"Polygon","coordinates":[[[109,18],[110,18],[110,19],[109,18]]]}"#;
    let answer = demo().post_geo_json(&format!("{ITEMS}/search?limit=0"), area);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "invalid_parameter")
    );
}

#[test]
fn bodies_of_another_media_type() {
    let body = br#"{"type":"LineString","coordinates":[[109.49,18.24],[109.53,18.26]]}"#;
    for (content_type, status) in [
        ("application/geo+json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/GEO+JSON", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonx", 415),
        ("", 415),
    ] {
        let answer = demo().send(
            "POST",
            "/v1/along-route",
            &[("content-type", content_type)],
            Some(body.to_vec()),
        );
        assert_eq!(answer.status, status, "{content_type}: {}", answer.text());
        assert!(
            status == 200 || answer.code() == "unsupported_media_type",
            "{content_type}"
        );
    }
    assert_eq!(
        demo()
            .send("POST", "/v1/along-route", &[], Some(body.to_vec()))
            .status,
        415
    );
}

#[test]
fn ids_that_no_station_has_whatever_they_look_like() {
    let long = "x".repeat(10_240);
    let long_chinese = "%E9%A9%BF".repeat(3_000);
    for id in [
        "sy-999",
        "SY-001",
        "sy-001%20",
        "sy%2F001",
        "%2F",
        "%2e%2e",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "%00",
        "%FF%FE",
        "%",
        "%zz",
        "'%20OR%201=1--",
        "%E9%A9%BF%E7%AB%99",
        "search",
        long.as_str(),
        long_chinese.as_str(),
    ] {
        let request = format!("GET {ITEMS}/{id} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let answer = crate::raw::exchange(demo().address, request);
        let shown: String = id.chars().take(60).collect();
        assert_eq!(crate::raw::status_of(&answer), 404, "{shown}: {answer}");
        assert!(answer.contains("\"code\":\"not_found\""), "{shown}: {answer}");
        assert!(answer.len() < 2_000, "{shown} is repeated whole");
    }
}

#[test]
fn ids_with_slashes_blanks_and_percent_signs_are_found_by_their_encoding_and_their_links() {
    let ids = [
        "a/b", "a b", "100%", "50%2F", "驿站-1", "a+b", "search", "x?y#z", "..", "é\"'<>",
    ];
    let stations = ids.map(|id| crate::world::station(id, 109.5, 18.2)).to_vec();
    let service = crate::client::Service::start(crate::world::state(stations));
    for id in ids {
        let encoded = percent_encoding::percent_encode(id.as_bytes(), percent_encoding::NON_ALPHANUMERIC);
        if id == ".." {
            continue; // A client folds it away; the raw request is below.
        }
        let answer = service.get(&format!("{ITEMS}/{encoded}"));
        assert_eq!(
            (answer.status, answer.json()["id"].as_str()),
            (200, Some(id)),
            "{encoded}"
        );
        let own = answer.link("self").expect("a link");
        assert_eq!(service.get(&own).json()["id"], id, "{own}");
    }
    let raw = crate::raw::exchange(
        service.address,
        format!("GET {ITEMS}/%2E%2E HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
    );
    assert_eq!(crate::raw::status_of(&raw), 200, "{raw}");
    let page = service.get(&format!("{ITEMS}?limit=3"));
    let next = page
        .link("next")
        .expect("a next page")
        .replace("limit=3", "limit=100");
    assert_eq!((page.ids().len(), service.get(&next).ids().len()), (3, 7));
}

#[test]
fn requests_that_are_no_http_get_a_4xx_and_the_server_goes_on() {
    for request in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /v1/nearest?lon=1 lat=2 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost h\r\n\r\n",
        "POST /v1/along-route HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n",
        "POST /v1/along-route HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n",
    ] {
        let answer = crate::raw::exchange(demo().address, request);
        let status = crate::raw::status_of(&answer);
        assert!(
            answer.is_empty() || (400..500).contains(&status),
            "{request:?}: {answer}"
        );
    }
    assert_eq!(demo().get("/healthz").status, 200);
}
