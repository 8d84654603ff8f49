//! Methods, paths and cross-origin requests.

use crate::client::{Service, demo};
use crate::contract::documented;
use crate::raw::{self, Connection};
use crate::service::Kept;

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let kept = Kept::with_a_report();
    for entry in documented() {
        if entry.method != "GET" || entry.is_endless() || ["/metrics", "/readyz"].contains(&entry.path) {
            continue;
        }
        if entry.operation["security"].is_array() {
            continue;
        }
        let request = entry.example_request();
        let [get, head] = ["GET", "HEAD"].map(|method| kept.read(method, entry, &request));
        assert_eq!((get.status, head.status), (200, 200), "{request}");
        assert!(head.body.is_empty());
        let headers = |answer: &crate::client::Answer| {
            let mut headers = answer.headers.clone();
            headers.remove("date");
            headers
        };
        // The length may differ when the second changes in between, never its presence.
        assert_eq!(headers(&get).keys_len(), headers(&head).keys_len(), "{request}");
        for (name, value) in &headers(&get) {
            if !["etag", "content-length"].contains(&name.as_str()) {
                assert_eq!(head.headers.get(name), Some(value), "{request}: {name}");
            }
        }
        assert!(head.headers.contains_key("content-length"), "{request}");
    }
}

#[test]
fn head_leaves_the_connection_fit_for_the_next_request() {
    let mut connection = Connection::open(demo().address);
    for _ in 0..3 {
        connection.send("HEAD /v1/nearest?lon=109.51&lat=18.25 HTTP/1.1\r\nHost: h\r\n\r\n");
        let (head, _) = connection.read_answer(false);
        assert!(head.starts_with("http/1.1 200"), "{head}");
    }
    connection.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
    let (_, body) = connection.read_answer(true);
    assert_eq!(body, r#"{"status":"ok"}"#);
}

#[test]
fn a_method_that_a_path_does_not_have_is_405_with_those_that_it_has() {
    for entry in documented() {
        let path = entry.example_request();
        let path = path.split('?').next().expect("a path");
        // The path of the polygon search is that of a station with the id `search`, too.
        let is_item = entry.path.ends_with("/items/search");
        let has = |method: &str| {
            documented().iter().any(|other| {
                let is_same = other.path == entry.path || (is_item && other.path.ends_with("/items/{id}"));
                is_same && other.method == method
            })
        };
        for method in ["PUT", "PATCH", "DELETE", "POST", "TRACE", "BREW"] {
            if has(method) {
                continue;
            }
            let answer = demo().send(method, path, &[], None);
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (405, "method_not_allowed"),
                "{method} {path}"
            );
            let writing = ["POST", "PUT", "PATCH", "DELETE"]
                .into_iter()
                .filter(|method| has(method));
            // A station may have the id `search`.
            let is_read = has("GET") || entry.path.ends_with("/search");
            let reading = ["GET", "HEAD"].into_iter().filter(|_| is_read);
            let allowed: Vec<&str> = reading.chain(writing).chain(["OPTIONS"]).collect();
            assert_eq!(answer.header("allow"), allowed.join(", "), "{method} {path}");
        }
    }
}

#[test]
fn options_names_the_methods() {
    for (path, allowed) in [
        ("/v1/nearest", "GET, HEAD, OPTIONS"),
        ("/v1/along-route", "GET, HEAD, POST, OPTIONS"),
        (
            "/v1/collections/stations/items/search",
            "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
        ),
        ("/v1/collections/stations/items/sy-001/visits", "POST, OPTIONS"),
        ("/v1/tickets/1", "GET, HEAD, PATCH, OPTIONS"),
        ("/", "GET, HEAD, OPTIONS"),
    ] {
        let answer = demo().send("OPTIONS", path, &[], None);
        assert_eq!(
            (answer.status, answer.header("allow"), answer.body.len()),
            (204, allowed, 0),
            "{path}"
        );
    }
}

#[test]
fn pages_of_any_origin_may_read_and_see_the_headers_they_need() {
    let origin = ("origin", "https://maps.example");
    let answer = demo().get_with("/v1/nearest?lon=109.51&lat=18.25", &[origin]);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let exposed = answer
        .header("access-control-expose-headers")
        .to_ascii_lowercase();
    for name in ["etag", "link", "retry-after"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    let problem = demo().get_with("/v1/nearest", &[origin]);
    assert_eq!(
        (problem.status, problem.header("access-control-allow-origin")),
        (400, "*")
    );
}

#[test]
fn a_preflight_is_answered_for_what_is_open_and_refused_for_what_is_not() {
    let preflight = |path: &str, method: &str, headers: &str| {
        demo().send(
            "OPTIONS",
            path,
            &[
                ("origin", "https://maps.example"),
                ("access-control-request-method", method),
                ("access-control-request-headers", headers),
            ],
            None,
        )
    };
    for (path, method) in [
        ("/v1/nearest", "GET"),
        ("/v1/along-route", "POST"),
        ("/v1/collections/stations/items/search", "POST"),
    ] {
        let answer = preflight(path, method, "content-type");
        assert!([200, 204].contains(&answer.status), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.header("access-control-allow-methods").contains(method));
        assert!(
            answer
                .header("access-control-allow-headers")
                .to_ascii_lowercase()
                .contains("content-type")
        );
        assert_eq!(answer.header("access-control-max-age"), "86400");
    }
    let editing = preflight(
        "/v1/collections/stations/items/sy-001",
        "PATCH",
        "authorization,if-match",
    );
    assert!(editing.header("access-control-allow-methods").contains("PATCH"));
    // Nothing here knows cookies, so no page can use somebody's.
    assert_eq!(editing.header("access-control-allow-credentials"), "");
    let refused = preflight("/v1/nearest", "BREW", "content-type");
    assert!(!refused.header("access-control-allow-methods").contains("BREW"));
}

#[test]
fn what_is_not_there_is_a_problem_that_says_where_to_look() {
    for path in [
        "/nothing",
        "/v2/nearest",
        "/v1/",
        "//v1",
        "/v1/nearest/",
        "/v1/collections/toilets",
        "/v1/collections/stations/items/",
        "/v1/collections/stations/items/a/b",
        "/v1/districts/460299",
        "/v1/districts/%FF",
        "/v1/standards/%2F",
        "/v1/standards/%FF",
        "/v1/standards/..%2f..%2fetc%2fpasswd",
        "/assets/nothing.js",
        "/assets/%FF",
        "/assets/../Cargo.toml",
        "/%00",
        "/favicon.ico/x",
    ] {
        for method in ["GET", "HEAD"] {
            let request = format!("{method} {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            let answer = raw::exchange(demo().address, request);
            assert_eq!(raw::status_of(&answer), 404, "{method} {path}: {answer}");
            assert!(
                answer.contains("content-type: application/problem+json"),
                "{path}: {answer}"
            );
            assert_eq!(
                answer.contains("\"code\":\"not_found\""),
                method == "GET",
                "{path}: {answer}"
            );
        }
    }
}

#[test]
fn before_stations_are_loaded_answers_say_not_ready_and_the_process_is_alive() {
    let service = Service::start(yizhan::http::ApiState::default());
    assert_eq!(service.get("/healthz").status, 200);
    for path in [
        "/readyz",
        "/v1",
        "/v1/nearest?lon=1&lat=1",
        "/v1/collections/stations/items",
        "/v1/districts",
    ] {
        let answer = service.get(path);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (503, "not_ready"),
            "{path}"
        );
        assert_eq!(answer.header("retry-after"), "2", "{path}");
    }
    assert_eq!(service.get("/metrics").status, 200);
    assert_eq!(service.get("/docs").status, 200);
}

#[test]
fn metrics_count_by_route_and_never_by_path() {
    let service = Service::start(crate::world::demo_state());
    service.get("/v1/nearest?lon=109.123456&lat=18.25");
    service.get("/v1/collections/stations/items/sy-001");
    service.get("/v1/collections/stations/items/secret-id");
    service.get("/made/up/by/a/client");
    service.send("BREW", "/v1", &[], None);
    let answer = service.get("/metrics");
    let text = answer.text();
    assert!(
        answer
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    for line in [
        r#"yizhan_http_request_duration_seconds_count{method="GET",route="/v1/nearest",status="200"} 1"#,
        r#"yizhan_http_request_duration_seconds_count{method="GET",route="/v1/collections/stations/items/{id}",status="200"} 1"#,
        r#"yizhan_http_request_duration_seconds_count{method="GET",route="/v1/collections/stations/items/{id}",status="404"} 1"#,
        r#"yizhan_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1"#,
        r#"yizhan_http_request_duration_seconds_count{method="other",route="/v1",status="405"} 1"#,
        "yizhan_stations 74",
        "yizhan_revision 1",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    for secret in ["109.123456", "sy-001", "secret-id", "made", "BREW"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

#[test]
fn paths_outside_v1_ignore_query_parameters() {
    for path in ["/", "/plan", "/keep", "/docs", "/healthz", "/readyz", "/metrics"] {
        assert_eq!(
            demo().get(&format!("{path}?utm_source=poster&x")).status,
            200,
            "{path}"
        );
    }
}
