//! Clients that send slowly, or nothing, hold nobody up.

use std::time::{Duration, Instant};

use yizhan::http::Limits;

use crate::client::{Service, one_worker};
use crate::raw::{Connection, status_of};
use crate::world;

const HEAD_TIMEOUT: Duration = Duration::from_secs(3);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(2);
/// An answer that comes within this time was not held up by a timeout.
const AT_ONCE: Duration = Duration::from_millis(1500);

fn strict_service() -> Service {
    let limits = Limits {
        head_timeout: HEAD_TIMEOUT,
        request_timeout: REQUEST_TIMEOUT,
        keep_alive: Duration::from_secs(5),
        ..one_worker()
    };
    Service::start_with(world::demo_state(), limits)
}

/// Others are answered at once while a connection waits; then it is cut off with 408 at its time.
fn assert_cut_off(service: &Service, mut slow: Connection, timeout: Duration) -> String {
    let begun = Instant::now();
    for _ in 0..20 {
        let asked = Instant::now();
        assert_eq!(service.get("/v1/nearest?lon=109.51&lat=18.25").status, 200);
        assert!(asked.elapsed() < AT_ONCE, "held up for {:?}", asked.elapsed());
    }
    let answer = slow.read_to_end();
    assert_eq!(status_of(&answer), 408, "{answer}");
    assert!(
        begun.elapsed() < timeout + Duration::from_secs(5),
        "cut off after {:?} only",
        begun.elapsed()
    );
    answer
}

#[test]
fn half_a_head_is_cut_off_with_408_while_others_are_answered() {
    let service = strict_service();
    let mut slow = Connection::open(service.address);
    slow.send("GET /v1/nearest?lon=109.51&lat=18.25 HTTP/1.1\r\nHost: h\r\nX-Slow: ");
    assert_cut_off(&service, slow, HEAD_TIMEOUT);
}

#[test]
fn half_a_body_is_cut_off_with_408_while_others_are_answered() {
    let service = strict_service();
    for path in ["/v1/along-route", "/v1/collections/stations/items/search"] {
        let mut slow = Connection::open(service.address);
        slow.send(format!(
            "POST {path} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 70\r\n\r\n{{\"type\""
        ));
        let answer = assert_cut_off(&service, slow, REQUEST_TIMEOUT);
        assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
    }
}

#[test]
fn a_body_that_comes_byte_by_byte_has_one_time_for_the_whole() {
    let service = strict_service();
    let mut slow = Connection::open(service.address);
    slow.send(
        "POST /v1/along-route HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
    );
    let begun = Instant::now();
    // Each byte comes well within the time; a time for each would begin anew with the last one.
    let (_keep, never) = std::sync::mpsc::channel::<()>();
    while begun.elapsed() < REQUEST_TIMEOUT.mul_f64(0.8) {
        slow.send(" ");
        assert!(never.recv_timeout(Duration::from_millis(50)).is_err());
    }
    let answer = slow.read_to_end();
    assert_eq!(status_of(&answer), 408, "{answer}");
    assert!(
        begun.elapsed() < REQUEST_TIMEOUT.mul_f64(1.7),
        "cut off after {:?} only",
        begun.elapsed()
    );
}

#[test]
fn idle_connections_hold_nobody_up() {
    let service = strict_service();
    let idle: Vec<Connection> = (0..300).map(|_| Connection::open(service.address)).collect();
    for _ in 0..5 {
        let asked = Instant::now();
        assert_eq!(service.get("/v1/nearest?lon=109.51&lat=18.25").status, 200);
        assert!(asked.elapsed() < AT_ONCE, "held up for {:?}", asked.elapsed());
    }
    drop(idle);
}

#[test]
fn a_client_that_does_not_read_its_answer_holds_nobody_up() {
    let service = strict_service();
    let mut deaf = Connection::open(service.address);
    // Far more than a socket's buffers hold.
    for _ in 0..100 {
        deaf.send("GET /v1/collections/stations/items?limit=10000 HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    let asked = Instant::now();
    assert_eq!(service.get("/healthz").status, 200);
    assert!(asked.elapsed() < AT_ONCE, "held up for {:?}", asked.elapsed());
}

#[test]
fn requests_in_a_row_on_one_connection_are_answered_in_order() {
    let service = strict_service();
    let mut connection = Connection::open(service.address);
    for limit in [1, 3, 2] {
        connection.send(format!(
            "GET /v1/nearest?lon=109.51&lat=18.25&limit={limit} HTTP/1.1\r\nHost: h\r\n\r\n"
        ));
    }
    for limit in [1, 3, 2] {
        let (_, body) = connection.read_answer(true);
        assert!(body.contains(&format!("\"numberReturned\":{limit},")), "{limit}");
    }
}
