//! Long work: progress as events, a limited number at a time, and an end when nobody waits any more.

use std::io::Read as _;
use std::sync::{Arc, LazyLock, mpsc};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::demand::{DemandKind, DemandRecords, WeightColumn};
use yizhan::domain::station::StatedHours;
use yizhan::http::{ApiState, Limits};
use yizhan::planner::base::PlanBase;
use yizhan::planner::demand::Demand;
use yizhan::planner::watch::Watch;

use super::{asked, document, without_time};
use crate::client::{Answer, PATIENCE, Service, builder, demo, one_worker};
use crate::raw::Connection;
use crate::world;

/// A question that takes a minute in a build without optimisation: every station reaches every place.
const LONG: &str = "/v1/coverage/by-hour?radius_m=100000";
/// Work that is given up ends within this time, in a build without optimisation and on a busy machine.
const SOON: Duration = Duration::from_secs(8);

/// Places for a question that takes long.
fn many_places() -> Arc<PlanBase> {
    static BASE: LazyLock<Arc<PlanBase>> = LazyLock::new(|| {
        let place = |number: u32| {
            let (east, north) = (f64::from(number % 500), f64::from(number / 500));
            LonLat::new(109.2 + east / 1e3, 18.2 + north / 1e3).expect("a place")
        };
        let places: Vec<LonLat> = (0..300_000).map(place).collect();
        let riders = WeightColumn {
            name: "riders".into(),
            values: vec![1.0; places.len()],
        };
        let records = DemandRecords::new("many", DemandKind::Points, places, vec![riders]);
        let demand = Demand::build(records, &[], None, &Watch::default()).expect("demand");
        Arc::new(PlanBase::new(Arc::new([]), demand))
    });
    Arc::clone(&BASE)
}

/// A service of one piece of long work at a time, with so many stations and places that a question takes long.
fn one_at_a_time(limits: Limits) -> Service {
    let station = |number: u32| {
        let (east, north) = (f64::from(number % 50), f64::from(number / 50));
        let mut station = world::station(
            &format!("{number:05}"),
            109.2 + east / 100.0,
            18.2 + north / 100.0,
        );
        station.hours = StatedHours {
            osm: Some("Mo-Fr 08:00-20:00; PH off".into()),
            text: None,
        };
        station
    };
    let limits = Limits {
        long_work: 1,
        long_work_wait: Duration::from_millis(200),
        ..limits
    };
    let published = world::published((0..500).map(station).collect(), 1);
    let state = ApiState::default();
    state.publish(published.with_demand(many_places()));
    let service = Service::start_with(state, limits);
    assert_eq!(short(&service).status, 200);
    service
}

/// Asks something that takes a moment.
fn short(service: &Service) -> Answer {
    let demand = json!({"demand": super::bodies::points(&[(109.5, 18.3, 1.0)])});
    super::post(service, "/v1/coverage", &demand)
}

/// The events of a stream: name and data.
fn events(text: &str) -> Vec<(String, String)> {
    let event = |text: &str| {
        let name = text.lines().find_map(|line| line.strip_prefix("event: "));
        let data: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .collect();
        (name.expect("a name").to_owned(), data.join("\n"))
    };
    text.split("\n\n")
        .filter(|event| !event.is_empty())
        .map(event)
        .collect()
}

fn stream(service: &Service, path: &str) -> Vec<(String, String)> {
    let answer = service.get_with(
        path,
        &[("accept", "text/event-stream"), ("accept-encoding", "gzip, br")],
    );
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/event-stream"),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    events(answer.text())
}

/// Begins a stream, and comes back when it has told its first progress.
fn begun_stream(service: &Service) -> reqwest::blocking::Response {
    let client = builder().build().expect("a client");
    let request = client
        .get(service.url(LONG))
        .header("accept", "text/event-stream");
    let mut response = request.send().expect("an answer");
    assert_eq!(response.status(), 200);
    let mut begin = [0; 15];
    response.read_exact(&mut begin).expect("an event");
    assert_eq!(&begin, b"event: progress");
    response
}

/// Nothing for a while.
fn pause(time: Duration) {
    let (_keep, never) = mpsc::channel::<()>();
    assert!(never.recv_timeout(time).is_err());
}

fn assert_busy(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (503, "busy"),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(answer.json()["title_zh"], "服务繁忙");
}

/// The turn is free again before the work could have come to its end.
fn assert_free_soon(service: &Service, what: &str) {
    let begun = Instant::now();
    while short(service).status != 200 {
        assert!(begun.elapsed() < SOON, "{what}: the work goes on");
    }
}

#[test]
fn a_stream_tells_progress_and_ends_with_the_document() {
    for path in ["/v1/coverage", "/v1/coverage/gaps", "/v1/coverage/by-hour"] {
        let path = format!("{path}?district=460203");
        let events = stream(demo(), &path);
        let (last, progress) = events.split_last().expect("events");
        assert_eq!(last.0, "result");
        let mut result: Value = serde_json::from_str(&last.1).expect("a document");
        without_time(&mut result);
        assert_eq!(result, asked(&path));
        let mut before = 0;
        assert!(!progress.is_empty());
        for (name, data) in progress {
            let data: Value = serde_json::from_str(data).expect("JSON");
            let (done, total) = (
                data["done"].as_u64().expect("units"),
                data["total"].as_u64().expect("units"),
            );
            assert_eq!(name, "progress");
            assert!(before <= done && done <= total, "{data}");
            before = done;
        }
    }
}

#[test]
fn a_stream_of_a_table_has_its_lines_and_bytes_are_refused() {
    let path = "/v1/coverage?district=460203&f=csv";
    let events = stream(demo(), path);
    assert_eq!(
        events.last().expect("events").1.trim_end(),
        demo().get(path).text().trim_end()
    );
    let refused = demo().get_with("/v1/coverage?f=fgb", &[("accept", "text/event-stream")]);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "contradictory_parameters")
    );
    assert_eq!(refused.json()["parameter"], "f");
    let bad = demo().get_with("/v1/coverage?k=9", &[("accept", "text/event-stream")]);
    assert_eq!((bad.status, bad.media_type()), (400, "application/problem+json"));
}

#[test]
fn what_goes_wrong_on_the_way_is_an_event() {
    let body = json!({"changes": [{"change": "remove", "id": "sy-999"}]}).to_string();
    let headers = [
        ("accept", "text/event-stream"),
        ("content-type", "application/json"),
    ];
    let answer = demo().send("POST", "/v1/coverage", &headers, Some(body.into_bytes()));
    let events = events(answer.text());
    let (name, data) = events.last().expect("events");
    assert_eq!(name, "problem");
    let problem: Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(
        (&problem["status"], &problem["code"]),
        (&json!(400), &json!("invalid_body"))
    );
}

#[test]
fn one_more_than_the_service_takes_is_told_to_come_again_and_a_closed_stream_frees_its_turn() {
    let service = one_at_a_time(one_worker());
    let running = begun_stream(&service);
    for path in ["/v1/coverage", "/v1/coverage/by-hour", "/v1/report"] {
        assert_busy(&service.get(path));
    }
    assert_busy(&super::post(&service, "/v1/coverage", &json!({})));
    assert_busy(&service.get_with("/v1/coverage", &[("accept", "text/event-stream")]));
    // What is no long work is answered.
    assert_eq!(service.get("/v1/nearest?lon=109.5&lat=18.25").status, 200);
    assert_eq!(service.get("/v1/coverage?k=0").status, 400);
    drop(running);
    assert_free_soon(&service, "a closed stream");
    for _ in 0..3 {
        drop(begun_stream(&service));
        assert_free_soon(&service, "begun and dropped again");
    }
}

#[test]
fn a_connection_that_is_closed_ends_the_work_for_it() {
    let service = one_at_a_time(one_worker());
    let body = "{}";
    for request in [
        format!("GET {LONG} HTTP/1.1\r\nHost: h\r\n\r\n"),
        format!(
            "POST {LONG} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    ] {
        let mut waiting = Connection::open(service.address);
        waiting.send(&request);
        // On a machine with much to do the request may take a while to begin.
        let begun = Instant::now();
        while short(&service).status == 200 && begun.elapsed() < PATIENCE {
            pause(Duration::from_millis(20));
        }
        assert_busy(&short(&service));
        drop(waiting);
        assert_free_soon(&service, &request);
    }
}

#[test]
fn work_that_takes_too_long_is_given_up() {
    let service = one_at_a_time(Limits {
        request_timeout: Duration::from_secs(2),
        ..one_worker()
    });
    let answer = service.get(LONG);
    assert_eq!((answer.status, answer.code().as_str()), (408, "request_timeout"));
    assert_free_soon(&service, "timed out");
}

#[test]
fn a_request_waits_for_its_turn() {
    let limits = Limits {
        long_work: 1,
        long_work_wait: PATIENCE,
        ..one_worker()
    };
    let service = Service::start_with(world::demo_state(), limits);
    let path = "/v1/coverage?facilities=toilet";
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| document(&service.get(path))))
            .collect();
        for answer in asked {
            assert_eq!(answer.join().expect("an answer"), super::asked(path));
        }
    });
}
