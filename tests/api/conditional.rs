//! Entity tags, 304, and how long answers may be kept.

use std::time::Duration;

use yizhan::http::Published;
use yizhan::locator::{Snapshot, StationChange};

use crate::client::{Answer, Service, demo};
use crate::world;

const NEAREST: &str = "/v1/nearest?lon=109.51&lat=18.25";
const ITEMS: &str = "/v1/collections/stations/items";

/// Asks twice, the second time with the tag of the first; again when a minute began in between.
fn asked_again(path: &str) -> (Answer, Answer) {
    for _ in 0..3 {
        let first = demo().get(path);
        let second = demo().get_with(path, &[("if-none-match", first.header("etag"))]);
        if second.status == 304 {
            return (first, second);
        }
    }
    unreachable!("{path} is never answered with 304")
}

#[test]
fn an_answer_that_the_client_has_is_304_without_a_body() {
    for path in [
        NEAREST,
        ITEMS,
        "/v1/nearest?lon=109.51&lat=18.25&f=csv",
        "/v1/along-route?line=109.49,18.24;109.53,18.26",
        "/v1/collections/stations/items?open=now",
        "/v1/collections/stations/items/sy-001",
        "/v1",
        "/v1/conformance",
        "/v1/collections",
        "/v1/collections/stations",
        "/v1/collections/stations/queryables",
        "/v1/collections/stations/schema",
        "/v1/districts",
        "/v1/districts/460203",
        "/v1/standards",
        "/v1/standards/sanya-ten",
        "/v1/audit?standard=sanya-ten",
        "/v1/openapi.json",
        "/v1/openapi.yaml",
    ] {
        let (first, second) = asked_again(path);
        assert!(first.header("etag").starts_with("W/\""), "{path}");
        assert!(
            second.body.is_empty() && !second.headers.contains_key("content-type"),
            "{path}"
        );
        // RFC 9110, 15.4.5: what a 200 would have said of caching is said again.
        for name in ["etag", "cache-control", "vary"] {
            assert_eq!(first.header(name), second.header(name), "{path}: {name}");
        }
        let (weak, any) = (
            first.header("etag"),
            format!("\"other\", {}", first.header("etag")),
        );
        for tags in [weak.trim_start_matches("W/"), any.as_str(), "*"] {
            let third = demo().get_with(path, &[("if-none-match", tags)]);
            assert!(
                third.status == 304 || first.header("etag") != demo().get(path).header("etag"),
                "{path}: {tags}"
            );
        }
        assert_eq!(
            demo().get_with(path, &[("if-none-match", "W/\"other\"")]).status,
            200,
            "{path}"
        );
    }
}

#[test]
fn pages_that_are_built_in_have_tags_too() {
    for path in ["/", "/plan", "/keep", "/docs"] {
        let first = demo().get(path);
        let tag = first.header("etag");
        if tag.is_empty() {
            assert!(
                first.text().starts_with("驿站 yizhan"),
                "{path}: only a build without pages has no tag"
            );
            continue;
        }
        assert_eq!(
            demo().get_with(path, &[("if-none-match", tag)]).status,
            304,
            "{path}"
        );
    }
}

#[test]
fn answers_that_tell_where_somebody_is_are_kept_by_nobody_else() {
    for (path, expected) in [
        (NEAREST, "private, max-age=15"),
        (
            "/v1/along-route?line=109.49,18.24;109.53,18.26",
            "private, max-age=15",
        ),
        (ITEMS, "public, max-age=60"),
        ("/v1/collections/stations/items/sy-001", "public, max-age=60"),
        ("/v1/districts", "public, max-age=60"),
        ("/v1/nearest", "no-store"),
        ("/nothing", "no-store"),
        ("/healthz", "no-store"),
        ("/readyz", "no-store"),
    ] {
        assert_eq!(demo().get(path).header("cache-control"), expected, "{path}");
    }
    let body = r#"{"type":"LineString","coordinates":[[109.49,18.24],[109.53,18.26]]}"#;
    let posted = demo().post_geo_json("/v1/along-route", body);
    assert_eq!((posted.status, posted.header("etag")), (200, ""));
    assert!(posted.header("cache-control").contains("private"));
}

#[test]
fn a_tag_changes_with_the_data_the_question_and_the_form_and_with_nothing_else() {
    let state = world::demo_state();
    let service = Service::start(state.clone());
    let tag = |path: &str| service.get(path).header("etag").to_owned();
    let before = tag(ITEMS);
    assert_eq!(before, tag(ITEMS));
    for other in ["?limit=5", "?f=csv", "?lang=en", "?out_coord=gcj02"] {
        assert_ne!(before, tag(&format!("{ITEMS}{other}")), "{other}");
    }
    let csv = service.get_with(ITEMS, &[("accept", "text/csv")]);
    assert_ne!(before, csv.header("etag"));

    let mut stations = world::demo_stations();
    stations[0].seats = Some(999);
    state.publish(world::published(stations.clone(), 1));
    let changed = tag(ITEMS);
    assert_ne!(before, changed, "one number of one record changed");
    state.publish(world::published(stations.clone(), 2));
    assert_ne!(changed, tag(ITEMS), "the revision changed");
    let edited = tag(ITEMS);
    let other = tag("/v1/standards");
    let mut reference = world::reference();
    reference.standards = reference.standards.iter().skip(1).cloned().collect();
    state.publish(Published::new(Snapshot::build(stations.clone(), reference, 2)));
    assert_ne!(other, tag("/v1/standards"), "the standards changed");
    state.publish(
        world::published(world::demo_stations(), 1)
            .with_changes(vec![StationChange::Put(stations[0].clone())], 2),
    );
    assert_eq!(edited, tag(ITEMS), "the same register, edited and not loaded");
    let outdated = service.get_with(ITEMS, &[("if-none-match", &before)]);
    assert_eq!(outdated.status, 200);
    assert_eq!(outdated.features()[0]["properties"]["seats"], 999);
}

#[test]
fn the_tag_of_an_answer_that_depends_on_the_time_holds_for_one_minute_only() {
    let service = Service::start(world::demo_state());
    let tag = || service.get(NEAREST).header("etag").to_owned();
    let minute = || chrono::Utc::now().timestamp() / 60;
    let (begun, first) = (minute(), tag());
    let second = tag();
    assert!(first == second || minute() > begun);
    if 60 - chrono::Utc::now().timestamp() % 60 > 20 {
        return; // The next minute is too far away to wait for in every run.
    }
    let (_keep, never) = std::sync::mpsc::channel::<()>();
    while minute() == begun {
        assert!(never.recv_timeout(Duration::from_millis(200)).is_err());
    }
    assert_ne!(first, tag());
}
