//! Errors say in Chinese what they say in English.

use serde_json::{Value, json};
use yizhan::register::token::Role;

use super::tickets::{patch, reported, ticket};
use crate::client::{Answer, demo};
use crate::service::{ITEMS, Kept, feature};

/// What a text has in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Checks both details of an error against each other.
fn assert_says_both(refused: &Answer, code: &str) {
    assert_eq!(refused.code(), code, "{}", refused.text());
    let problem = refused.json();
    let [detail, zh] = ["detail", "detail_zh"].map(|name| problem[name].as_str().unwrap_or_default());
    assert!(
        zh.chars().any(|c| ('一'..='鿿').contains(&c)),
        "{code}: {detail} / {zh}"
    );
    assert!(
        !detail.chars().any(|c| ('一'..='鿿').contains(&c)),
        "{code}: {detail}"
    );
    for value in quoted(detail) {
        assert!(quoted(zh).contains(&value), "{code}: {detail} / {zh}");
    }
    for value in quoted(zh) {
        assert!(detail.contains(value), "{code}: {detail} / {zh}");
    }
    let outside: Vec<&str> = zh.split('`').step_by(2).collect();
    let outside = outside.join("`");
    let mut words = outside.split(|c: char| !c.is_ascii_alphabetic());
    assert_eq!(words.find(|word| word.len() > 2), None, "{code}: {zh}");
}

#[test]
fn whoever_may_not_ask_is_told_so_in_chinese_too() {
    let kept = Kept::with_a_report();
    let secret = kept.token(Role::Reader);
    let patch = json!({ "state": "acknowledged" });
    let first = "/v1/tickets/1";
    assert_says_both(&kept.service.get("/v1/tickets"), "unauthorized");
    assert_says_both(&kept.ask("nobody", "GET", "/v1/me", None), "unauthorized");
    assert_says_both(&kept.ask(&secret, "PATCH", first, Some(&patch)), "forbidden");
    assert_says_both(
        &kept.ask(&secret, "POST", "/v1/tokens", Some(&json!({}))),
        "forbidden",
    );
    assert_says_both(
        &kept.edit("PATCH", first, &[], Some(&patch)),
        "precondition_required",
    );
    let report = format!("{ITEMS}/sy-001/reports");
    let json = [("content-type", "application/json")];
    let refused = demo().send("POST", &report, &json, Some(br#"{"kind":"no_water"}"#.to_vec()));
    assert_says_both(&refused, "read_only");
}

#[test]
fn what_does_not_fit_the_register_is_told_in_chinese_too() {
    let kept = Kept::demo();
    let item = format!("{ITEMS}/sy-001");
    let seats = |count: u32| json!({ "properties": { "seats": count } });
    let seen = kept.item("sy-001");
    let stale = [("if-match", seen.header("etag"))];
    assert_eq!(kept.edit("PATCH", &item, &stale, Some(&seats(901))).status, 200);
    assert_says_both(&kept.edit("PATCH", &item, &stale, Some(&seats(902))), "stale");
    let place: Vec<f64> = seen.json()["geometry"]["coordinates"]
        .as_array()
        .expect("a place")
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    let beside = feature("完全不同的名字", place[0] + 0.0002, place[1]);
    assert_says_both(&kept.edit("POST", ITEMS, &[], Some(&beside)), "similar_stations");
    let mut taken = feature("x", 109.2, 18.1);
    taken["id"] = json!("sy-001");
    assert_says_both(&kept.edit("POST", ITEMS, &[], Some(&taken)), "id_taken");
    let mut bad = feature("甲", 109.2, 18.1);
    bad["properties"]["seats"] = json!("many");
    let bad = kept.edit("POST", ITEMS, &[], Some(&bad));
    assert_eq!(bad.code(), "bad_station");
    let detail_zh = bad.json()["detail_zh"].as_str().expect("a detail").to_owned();
    assert!(
        detail_zh.starts_with("站点信息有 1 处问题：") && detail_zh.contains("`many`"),
        "{detail_zh}"
    );
}

#[test]
fn tickets_imports_tokens_and_feeds_are_refused_in_chinese_too() {
    let kept = Kept::demo();
    let id = reported(&kept, "sy-002", &json!({ "kind": "no_water" }));
    let first = ticket(&kept, id);
    let resolved = json!({ "state": "resolved" });
    assert_eq!(patch(&kept, id, first.header("etag"), &resolved).status, 200);
    assert_says_both(&patch(&kept, id, "*", &resolved), "ticket_closed");
    assert_says_both(&patch(&kept, id, first.header("etag"), &resolved), "stale");
    let admin = kept.made(Role::Admin);
    let ask = |method: &str, path: &str| kept.ask(&admin.secret, method, path, None);
    assert_says_both(
        &ask("DELETE", &format!("/v1/tokens/{}", admin.record.id)),
        "own_token",
    );
    let (feed, busy) = (kept.feed(None), kept.busy_feed());
    assert_says_both(&ask("POST", &format!("/v1/feeds/{feed}/import")), "nothing_waits");
    assert_says_both(&ask("POST", &format!("/v1/feeds/{busy}/runs")), "feed_busy");
    for path in ["imports/none", "tickets/99", "feeds/none"] {
        let method = if path.starts_with("feeds") {
            "DELETE"
        } else {
            "GET"
        };
        assert_says_both(&ask(method, &format!("/v1/{path}")), "not_found");
    }
}

#[test]
fn requests_that_no_path_takes_are_refused_in_chinese_too() {
    for path in [
        format!("{ITEMS}/none"),
        "/v1/districts/none".to_owned(),
        "/v1/standards/none".to_owned(),
        "/v1/none".to_owned(),
    ] {
        assert_says_both(&demo().get(&path), "not_found");
    }
    assert_says_both(
        &demo().send("DELETE", "/v1/nearest", &[], None),
        "method_not_allowed",
    );
    let twice = demo().get("/v1/nearest?lon=109.5&lon=109.6&lat=18.2");
    assert_says_both(&twice, "duplicate_parameter");
    let accept = [("accept", "image/png")];
    let refused = demo().send("GET", "/v1/nearest?lon=109.5&lat=18.2", &accept, None);
    assert_says_both(&refused, "not_acceptable");
    let xml = [("content-type", "text/xml")];
    let refused = demo().send("POST", "/v1/along-route", &xml, Some(b"<a/>".to_vec()));
    assert_says_both(&refused, "unsupported_media_type");
    // Programmers read what is said of a parameter: it stays English.
    let refused = demo().get("/v1/nearest?lon=x&lat=18.2");
    assert_eq!(
        (refused.code().as_str(), refused.json().get("detail_zh")),
        ("invalid_parameter", None)
    );
}
