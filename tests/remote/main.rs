//! The guarded client against a real server that is slow, cuts off, lies about its length, redirects and never ends.

mod feeds;
mod geocode;
#[path = "../postgres/mod.rs"]
#[expect(dead_code, reason = "other tests stop and kill it")]
mod postgres;
mod server;

use std::time::{Duration, Instant};

use server::Server;
use yizhan::remote::{AllowedHost, Body, Fetched, Limits, Remote, RemoteError, Validators};

/// Short waits, and a small limit of size.
const LIMITS: Limits = Limits {
    connect: Duration::from_millis(500),
    piece: Duration::from_millis(400),
    whole: Duration::from_millis(1_500),
    max_bytes: 8 * 1024 * 1024,
    attempts: 3,
    backoff: Duration::from_millis(5),
};

/// A client that may ask this server.
fn allowed(server: &Server) -> Remote {
    Remote::new(&[host(server)], LIMITS).expect("a client")
}

fn host(server: &Server) -> AllowedHost {
    server.address.to_string().parse().expect("a host and port")
}

async fn get(remote: &Remote, url: &str) -> Result<Fetched, RemoteError> {
    remote.get(url, &Validators::default()).await
}

async fn error(remote: &Remote, url: &str) -> RemoteError {
    get(remote, url).await.expect_err(url)
}

async fn body(remote: &Remote, url: &str) -> Body {
    match get(remote, url).await.expect(url) {
        Fetched::Body(body) => body,
        Fetched::NotModified => unreachable!("nothing was known of {url}"),
    }
}

#[tokio::test]
async fn a_document_is_fetched_and_the_second_time_only_when_it_has_changed() {
    let server = Server::start().await;
    let remote = allowed(&server);
    let first = body(&remote, &server.url("/ok")).await;
    assert_eq!(first.bytes, b"hello");
    assert_eq!(first.validators.etag.as_deref(), Some("\"v1\""));
    let again = remote.get(&server.url("/ok"), &first.validators).await.unwrap();
    assert_eq!(again, Fetched::NotModified);
    let head = server.last_head();
    assert!(
        head.contains("if-modified-since: Sun, 22 Nov 2026 08:00:00 GMT"),
        "{head}"
    );
    assert!(
        head.contains("user-agent: yizhan/") && !head.contains("referer"),
        "{head}"
    );
    let unasked = error(&remote, &server.url("/unasked-304")).await;
    assert!(
        matches!(unasked, RemoteError::Status { status: 304, .. }),
        "{unasked}"
    );
}

#[tokio::test]
async fn addresses_inside_are_refused_unless_they_are_allowed_by_name_and_port() {
    let server = Server::start().await;
    let port = server.address.port();
    let closed = Remote::new(&[], LIMITS).unwrap();
    let other = Remote::new(&["127.0.0.1:1".parse().unwrap()], LIMITS).unwrap();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "0x7f000001",
    ] {
        let url = format!("http://{host}:{port}/ok?key=secret");
        for remote in [&closed, &other] {
            let refused = error(remote, &url).await;
            assert!(
                matches!(refused, RemoteError::NotPublic { .. }),
                "{host}: {refused}"
            );
            let told = refused.to_string();
            assert!(
                told.contains("--allow-host") && !told.contains("secret"),
                "{told}"
            );
        }
    }
    assert_eq!(server.hits("/ok"), 0, "nothing was connected to");
    let by_name = Remote::new(&[format!("localhost:{port}").parse().unwrap()], LIMITS).unwrap();
    assert_eq!(
        body(&by_name, &format!("http://localhost:{port}/ok")).await.bytes,
        b"hello"
    );
}

#[tokio::test]
async fn every_redirect_is_looked_at_again() {
    let (server, inside) = (Server::start().await, Server::start().await);
    let remote = allowed(&server);
    assert_eq!(body(&remote, &server.url("/hops/5")).await.bytes, b"arrived");
    for path in ["/hops/6", "/loop"] {
        let error = error(&remote, &server.url(path)).await;
        assert!(
            matches!(error, RemoteError::TooManyRedirects { limit: 5, .. }),
            "{error}"
        );
    }
    assert_eq!(server.hits("/loop"), 6, "the first and five more");
    let port = inside.address.port();
    for target in [
        format!("http://127.0.0.1:{port}/ok"),
        format!("http://localhost:{port}/ok"),
        format!("//[::ffff:7f00:1]:{port}/ok"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "https://[fd00::1]/".to_owned(),
        "http://[64:ff9b::a00:1]/".to_owned(),
    ] {
        let error = error(&remote, &server.url(&format!("/to?{target}"))).await;
        assert!(
            matches!(error, RemoteError::NotPublic { .. }),
            "{target}: {error}"
        );
    }
    assert_eq!(inside.hits("/ok"), 0, "nothing was connected to");
    for target in [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://a:b@127.0.0.1/",
    ] {
        let error = error(&remote, &server.url(&format!("/to?{target}"))).await;
        assert!(matches!(error, RemoteError::BadUrl { .. }), "{target}: {error}");
    }
    let error = error(&remote, &server.url("/nowhere")).await;
    assert!(error.to_string().contains("redirects to nowhere"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_too_slow_is_left() {
    let server = Server::start().await;
    let remote = allowed(&server);
    for (path, what) in [
        ("/never", "no answer within 0.4 s"),
        ("/stall", "no next piece within 0.4 s"),
        ("/drip", "no whole answer within 1.5 s"),
    ] {
        let begun = Instant::now();
        let error = error(&remote, &server.url(path)).await;
        assert!(error.to_string().contains(what), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{path}");
        assert_eq!(server.hits(path), 1, "it would be as slow again");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_off_or_no_answer_is_refused() {
    let server = Server::start().await;
    let remote = allowed(&server);
    for path in ["/cut", "/cut-chunk", "/nonsense", "/br"] {
        let error = error(&remote, &server.url(path)).await;
        assert!(matches!(error, RemoteError::Broken { .. }), "{path}: {error}");
        assert!(!error.to_string().contains("http://"), "{error}");
    }
    // What is behind the stated length is no part of the answer.
    assert_eq!(body(&remote, &server.url("/too-short")).await.bytes, b"ten");
}

#[tokio::test]
async fn more_than_the_limit_is_not_taken_however_it_comes() {
    let server = Server::start().await;
    let patient = Limits {
        piece: Duration::from_secs(30),
        whole: Duration::from_mins(1),
        ..LIMITS
    };
    let remote = Remote::new(&[host(&server)], patient).unwrap();
    for path in ["/says-10-gb", "/endless", "/bomb"] {
        let error = error(&remote, &server.url(path)).await;
        assert!(
            matches!(
                error,
                RemoteError::TooLarge {
                    limit_bytes: 8_388_608,
                    ..
                }
            ),
            "{path}: {error}"
        );
    }
    let sent = server.sent_bytes();
    assert!(
        sent < 64 * 1024 * 1024,
        "{sent} bytes were sent: the rest of 10 GB stays there"
    );
}

#[tokio::test]
async fn a_body_of_just_the_limit_is_taken_and_one_byte_more_is_not() {
    let server = Server::start().await;
    for (max_bytes, is_taken) in [(5, true), (4, false)] {
        let remote = Remote::new(&[host(&server)], Limits { max_bytes, ..LIMITS }).unwrap();
        assert_eq!(get(&remote, &server.url("/ok")).await.is_ok(), is_taken);
    }
}

#[tokio::test]
async fn only_what_may_pass_is_tried_again() {
    let server = Server::start().await;
    let remote = allowed(&server);
    let begun = Instant::now();
    assert_eq!(body(&remote, &server.url("/later")).await.bytes, b"at last");
    assert_eq!(server.hits("/later"), 3);
    assert!(
        begun.elapsed() >= Duration::from_secs(1),
        "as long as it was asked for"
    );
    for (path, status, hits) in [("/404", 404, 1), ("/500", 500, 3), ("/much-later", 429, 1)] {
        let error = error(&remote, &server.url(path)).await;
        let RemoteError::Status { status: found, .. } = error else {
            unreachable!("{path}: {error}")
        };
        assert_eq!((found, server.hits(path)), (status, hits), "{path}");
    }
    // A port at which nobody listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let remote = Remote::new(&[free.to_string().parse().unwrap()], LIMITS).unwrap();
    let error = error(&remote, &format!("http://{free}/x?key=secret")).await;
    assert!(
        matches!(error, RemoteError::Connect { .. })
            && error.may_pass()
            && !error.to_string().contains("secret"),
        "{error}"
    );
}
