//! `/v1/feeds` against a real server of sheets: added, fetched now, looked at by a person, committed, removed.
#![expect(clippy::unwrap_used, reason = "what several tests use is no test itself")]

use std::time::Duration;

use chrono::{SubsecRound as _, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use yizhan::http::Limits;
use yizhan::register::token::Role;
use yizhan::remote::{Limits as RemoteLimits, Remote};
use yizhan::storage::{DatabaseAddress, FeedFile, FeedRun};

use super::instances::until as until_it_is;
use crate::client::{Answer, demo, one_worker};
use crate::postgres::Postgres;
use crate::service::Kept;
use crate::sheets::Server;
use crate::world;

const FEEDS: &str = "/v1/feeds";
/// The name of the feed, and as it stands in a path: a slash in it is no other path.
const NAME: &str = "区工会/东";
const PATH: &str = "/v1/feeds/%E5%8C%BA%E5%B7%A5%E4%BC%9A%2F%E4%B8%9C";

/// Three stations, far from those of the demo city; the first one's telephone number is `phone`.
fn sheet(phone: &str) -> String {
    format!(
        "编号,名称,经度,纬度,联系电话\nf1,东一站,109.10,18.60,{phone}\nf2,东二站,109.12,18.62,\nf3,东三站,109.14,18.64,\n"
    )
}

/// A server of sheets, and the client that may ask it.
struct Sheets {
    server: Server,
    limits: RemoteLimits,
    // Dropped last.
    _runtime: Runtime,
}

impl Sheets {
    fn start() -> Self {
        let runtime = Runtime::new().expect("threads");
        let server = runtime.block_on(Server::start());
        let limits = RemoteLimits {
            piece: Duration::from_secs(3),
            attempts: 1,
            ..RemoteLimits::default()
        };
        Self {
            server,
            limits,
            _runtime: runtime,
        }
    }

    /// An instance that may ask the server.
    fn instance(&self, address: &DatabaseAddress, limits: Limits) -> Kept {
        let host = self.server.address.to_string().parse().expect("a host");
        let remote = Remote::new(&[host], self.limits).expect("a client");
        Kept::fetching(address, &world::demo_stations(), (limits, remote))
    }
}

fn post(kept: &Kept, path: &str) -> Answer {
    kept.ask(&kept.editor, "POST", path, None)
}

/// The only feed, as an instance shows it.
fn only(kept: &Kept) -> Value {
    let listed = kept.ask(&kept.editor, "GET", FEEDS, None);
    assert_eq!(
        (listed.status, listed.header("cache-control")),
        (200, "no-store"),
        "{}",
        listed.text()
    );
    assert!(!listed.text().contains("secret"), "{}", listed.text());
    let feeds = listed.json()["feeds"].as_array().expect("feeds").clone();
    assert_eq!(feeds.len(), 1, "{feeds:?}");
    feeds[0].clone()
}

/// Whether somebody is fetching the only feed, by the store: to ask over HTTP again and again is asking too often.
fn is_running(kept: &Kept) -> bool {
    let feeds = kept.run(kept.keeper.store().feeds()).expect("a store");
    feeds.iter().any(|feed| feed.claimed_until.is_some())
}

/// Waits until an instance answers with what another wrote.
fn sees(kept: &Kept, phone: &str) {
    until_it_is("what the other wrote", || {
        kept.item("f1").json()["properties"]["phone"] == phone
    });
}

fn ran(kept: &Kept, path: &str) -> Value {
    let answer = post(kept, &format!("{path}/runs"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(!answer.text().contains("secret"), "{}", answer.text());
    answer.json()
}

fn codes(feed: &Value) -> Vec<&str> {
    let reasons = feed["last"]["reasons"].as_array().expect("reasons").iter();
    reasons
        .inspect(|reason| assert!(reason["text_zh"].is_string() && reason["text_en"].is_string()))
        .map(|reason| reason["code"].as_str().expect("a word"))
        .collect()
}

/// From an address to a revision, by two instances of one register.
#[expect(clippy::too_many_lines, reason = "one story")]
fn a_feed_goes_its_way(address: &DatabaseAddress) {
    let sheets = Sheets::start();
    let (one, other) = (
        sheets.instance(address, one_worker()),
        sheets.instance(address, one_worker()),
    );
    let admin = one.token(Role::Admin);
    sheets.server.put("/stations.csv", &sheet("110"));
    let url = sheets.server.url("/stations.csv?key=secret");
    let wanted = json!({ "name": NAME, "url": url, "coord": "wgs84" });
    let made = one.ask(&admin, "POST", FEEDS, Some(&wanted));
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!(made["url"], sheets.server.url("/stations.csv"));
    assert_eq!(
        [&made["every_min"], &made["coord"], &made["max_changed_share"]],
        [&json!(360), &json!("wgs84"), &Value::Null]
    );
    assert_eq!(
        [&made["waits"], &made["runs"], &made["last"]],
        [&json!(false), &json!(false), &Value::Null]
    );
    assert_eq!(only(&other), made);
    let again = one.ask(&admin, "POST", FEEDS, Some(&wanted));
    assert_eq!((again.status, again.code().as_str()), (409, "feed_exists"));
    let early = post(&one, &format!("{PATH}/import"));
    assert_eq!((early.status, early.code().as_str()), (409, "nothing_waits"));

    // Fetched: it waits for a person, and nothing is written.
    let fetched = ran(&other, PATH);
    assert_eq!(
        (&fetched["last"]["state"], codes(&fetched)),
        (&json!("waiting"), vec!["not_asked"])
    );
    let changed = &fetched["last"]["changed"];
    assert_eq!(
        *changed,
        json!({ "new": 3, "changed": 0, "missing": 0, "all": 3, "share": 1.0 })
    );
    assert_eq!(
        [&fetched["waits"], &fetched["runs"]],
        [&json!(true), &json!(false)]
    );
    assert_eq!(only(&one), fetched);
    assert_eq!(one.item("f1").status, 404);
    assert_eq!(
        codes(&ran(&one, PATH)),
        ["not_asked"],
        "nothing new there: it waits on"
    );

    // The file becomes an import, which another instance commits.
    let import = post(&one, &format!("{PATH}/import"));
    assert_eq!(import.status, 201, "{}", import.text());
    let document = import.json();
    let id = document["id"].as_str().unwrap();
    let location = import.header("location");
    assert!(location.ends_with(&format!("/v1/imports/{id}")), "{location}");
    assert_eq!(
        [&document["source"], &document["filename"], &document["coord"]],
        [&json!(NAME), &json!("stations.csv"), &json!("wgs84")]
    );
    assert_eq!(
        (&document["state"], &document["counts"]["new"]),
        (&json!("ready"), &json!(3))
    );
    assert_eq!(only(&one)["waits"], true, "a dry run decides nothing");
    let commit = |kept: &Kept, id: &str| {
        let done = post(kept, &format!("/v1/imports/{id}/commit"));
        assert_eq!(done.status, 200, "{}", done.text());
        done.json()["revision"].clone()
    };
    assert_eq!(commit(&other, id), 2);
    let settled = only(&one);
    assert_eq!(
        [
            &settled["waits"],
            &settled["last"]["state"],
            &settled["last"]["revision"]
        ],
        [&json!(false), &json!("committed"), &json!(2)]
    );
    assert_eq!(settled["last"]["changed"]["new"], 3, "as it was found");
    assert_eq!(other.item("f1").status, 200);
    let after = post(&one, &format!("{PATH}/import"));
    assert_eq!((after.status, after.code().as_str()), (409, "nothing_waits"));
    assert_eq!(ran(&one, PATH)["last"]["state"], "unchanged");
    assert!(sheets.server.last_head().contains("if-none-match"));

    // What the other has written is looked at before the next dry run.
    sees(&one, "110");
    // Another file of the same source settles nothing, whoever commits it.
    sheets.server.put("/stations.csv", &sheet("119"));
    assert_eq!(ran(&one, PATH)["last"]["changed"]["changed"], 1);
    let newer = post(&one, &format!("{PATH}/import")).json()["id"].clone();
    sheets.server.put("/stations.csv", &sheet("120"));
    assert_eq!(ran(&one, PATH)["waits"], true);
    commit(&one, newer.as_str().unwrap());
    assert_eq!(
        only(&one)["waits"],
        true,
        "the one that came meanwhile waits for a look of its own"
    );

    // One that is committed while it is being fetched: what that fetch finds was compared with the register of before.
    sees(&other, "119");
    let newest = post(&one, &format!("{PATH}/import")).json()["id"].clone();
    let store = one.keeper.store();
    let now = Utc::now().trunc_subsecs(3);
    let until = now + TimeDelta::minutes(20);
    let claimed = store.claim_feed(NAME, (now, now + TimeDelta::days(1), until));
    assert!(one.run(claimed).unwrap());
    let busy = post(&other, &format!("{PATH}/runs"));
    assert_eq!(
        (busy.status, busy.code().as_str(), &only(&one)["runs"]),
        (409, "feed_busy", &json!(true))
    );
    commit(&other, newest.as_str().unwrap());
    let late = FeedRun {
        due_at: until,
        etag: None,
        last_modified: None,
        outcome: String::new(),
        file: FeedFile::Put("x".to_owned()),
    };
    assert!(!one.run(store.finish_feed((NAME, until), &late)).unwrap());
    let settled = only(&other);
    assert_eq!(
        [&settled["waits"], &settled["runs"], &settled["last"]["state"]],
        [&json!(false), &json!(false), &json!("committed")]
    );

    assert_eq!(one.ask(&admin, "DELETE", PATH, None).status, 204);
    assert_eq!(one.ask(&admin, "DELETE", PATH, None).status, 404);
    assert_eq!(post(&one, &format!("{PATH}/runs")).status, 404);
    assert_eq!(post(&one, &format!("{PATH}/import")).status, 404);
    assert_eq!(one.item("f3").status, 200, "what it brought stays");
}

#[test]
fn a_feed_goes_its_way_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("yizhan.db").display().to_string();
    a_feed_goes_its_way(&address.parse().unwrap());
}

#[test]
fn a_feed_goes_its_way_on_postgresql() {
    let Some(server) = Postgres::shared() else { return };
    let runtime = Runtime::new().unwrap();
    a_feed_goes_its_way(&runtime.block_on(server.database()).parse().unwrap());
}

/// An instance on a new SQLite file, with an administrator's token.
fn alone(sheets: &Sheets, limits: Limits) -> (Kept, String, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let address = folder.path().join("yizhan.db").display().to_string();
    let kept = sheets.instance(&address.parse().expect("an address"), limits);
    let admin = kept.token(Role::Admin);
    (kept, admin, folder)
}

#[test]
fn what_changes_little_is_written_at_once_and_what_fails_says_why_without_its_key() {
    let sheets = Sheets::start();
    let (kept, admin, _folder) = alone(&sheets, one_worker());
    let add = |name: &str, path: &str, share: Value| {
        let url = sheets.server.url(path);
        let body = json!({ "name": name, "url": url, "coord": "wgs84", "max_changed_share": share, "every_min": 60 });
        let made = kept.ask(&admin, "POST", FEEDS, Some(&body));
        assert_eq!(made.status, 201, "{}", made.text());
    };
    sheets.server.put("/a.csv", &sheet("110"));
    add("a", "/a.csv", json!(0.5));
    let first = ran(&kept, "/v1/feeds/a");
    assert_eq!(codes(&first), ["too_much"]);
    let import = post(&kept, "/v1/feeds/a/import").json()["id"].clone();
    let path = format!("/v1/imports/{}/commit", import.as_str().unwrap());
    assert_eq!(post(&kept, &path).status, 200);
    sheets.server.put("/a.csv", &sheet("119"));
    let written = ran(&kept, "/v1/feeds/a");
    assert_eq!(
        [&written["last"]["state"], &written["last"]["revision"]],
        [&json!("committed"), &json!(3)]
    );
    assert_eq!(
        kept.item("f1").json()["properties"]["phone"],
        "119",
        "readers of the instance see it at once"
    );

    add("b", "/404?key=secret", Value::Null);
    let failed = ran(&kept, "/v1/feeds/b");
    assert_eq!(
        (&failed["last"]["state"], codes(&failed)),
        (&json!("failed"), vec!["failed"])
    );
    let reason = &failed["last"]["reasons"][0];
    assert!(
        reason["text_en"].as_str().unwrap().contains("answers 404"),
        "{reason}"
    );
    assert_eq!(reason["text_en"], reason["text_zh"]);
    let elsewhere = json!({ "name": "c", "url": "http://127.0.0.1:9/c.csv?key=secret" });
    assert_eq!(
        kept.ask(&admin, "POST", FEEDS, Some(&elsewhere)).status,
        201,
        "its form is good"
    );
    let refused = ran(&kept, "/v1/feeds/c");
    assert!(
        refused["last"]["reasons"][0]["text_en"]
            .as_str()
            .unwrap()
            .contains("--allow-host"),
        "{refused}"
    );
}

#[test]
fn a_fetch_that_takes_long_goes_on_also_when_nobody_waits_for_it() {
    let sheets = Sheets::start();
    let limits = Limits {
        request_timeout: Duration::from_millis(500),
        ..one_worker()
    };
    let (kept, admin, _folder) = alone(&sheets, limits);
    let body = json!({ "name": "slow", "url": sheets.server.url("/never") });
    assert_eq!(kept.ask(&admin, "POST", FEEDS, Some(&body)).status, 201);
    let begun = post(&kept, "/v1/feeds/slow/runs");
    assert_eq!(
        (begun.status, &begun.json()["runs"]),
        (202, &json!(true)),
        "{}",
        begun.text()
    );
    assert_eq!(post(&kept, "/v1/feeds/slow/runs").code(), "feed_busy");
    until_it_is("the end of the fetch", || !is_running(&kept));
    assert_eq!(only(&kept)["runs"], false);
    assert_eq!(only(&kept)["last"]["state"], "failed");

    let before = only(&kept)["last"]["at"].clone();
    let mut gone = crate::raw::Connection::open(kept.service.address);
    gone.send(format!(
        "POST /v1/feeds/slow/runs HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {}\r\nContent-Length: 0\r\n\r\n",
        kept.editor
    ));
    until_it_is("the fetch", || is_running(&kept));
    drop(gone);
    until_it_is("its end", || !is_running(&kept));
    assert_ne!(only(&kept)["last"]["at"], before);
}

#[test]
fn every_bad_member_is_named_at_once_and_limits_are_what_they_say() {
    let kept = Kept::demo();
    let admin = kept.token(Role::Admin);
    let ask = |body: Value| kept.ask(&admin, "POST", FEEDS, Some(&body));
    let refused = ask(
        json!({ "name": "a\nb", "url": "file:///etc/passwd", "every_min": 4.5, "coord": "mars",
            "max_changed_share": "5%", "allow_host": ["10.0.0.1:80"] }),
    );
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_fields"));
    assert_eq!(
        refused.problems(),
        [
            "name control_character",
            "url bad_url",
            "every_min out_of_range",
            "coord unknown_word",
            "max_changed_share wrong_kind",
            "allow_host unknown_field"
        ]
    );
    assert_eq!(ask(json!({})).problems(), ["name missing", "url missing"]);
    let mut number = 0;
    let mut with = |member: &str, value: Value| {
        number += 1;
        let mut body = json!({ "name": number.to_string(), "url": "https://sheets.example/a.csv" });
        body[member] = value;
        ask(body).status
    };
    let url = |count: usize| json!(format!("https://sheets.example/{}", "x".repeat(count - 23)));
    for (member, value, status) in [
        ("every_min", json!(5), 201),
        ("every_min", json!(4), 400),
        ("every_min", json!(43_200), 201),
        ("every_min", json!(43_201), 400),
        ("max_changed_share", json!(0), 201),
        ("max_changed_share", json!(1), 201),
        ("max_changed_share", json!(1.001), 400),
        ("name", json!("站".repeat(100)), 201),
        ("name", json!("站".repeat(101)), 400),
        ("url", url(2_000), 201),
        ("url", url(2_001), 400),
        ("url", json!("https://me:secret@sheets.example/a.csv"), 400),
        ("url", json!("sheets.example/a.csv"), 400),
    ] {
        assert_eq!(with(member, value.clone()), status, "{member} {value}");
    }
    let large = ask(json!({ "name": "x", "url": "x".repeat(17_000) }));
    assert_eq!((large.status, large.code().as_str()), (413, "body_too_large"));
}

#[test]
fn editors_fetch_administrators_change_and_others_do_neither() {
    let body = json!({ "name": "x", "url": "https://sheets.example/a.csv" });
    let all = [
        ("GET", FEEDS, None, Role::Editor),
        ("POST", FEEDS, Some(&body), Role::Admin),
        ("POST", "/v1/feeds/x/runs", None, Role::Editor),
        ("POST", "/v1/feeds/x/import", None, Role::Editor),
        ("DELETE", "/v1/feeds/x", None, Role::Admin),
    ];
    let kept = Kept::demo();
    let (reader, admin) = (kept.token(Role::Reader), kept.token(Role::Admin));
    for (method, path, body, needed) in all {
        let headers = [
            ("authorization", "Bearer x"),
            ("content-type", "application/json"),
        ];
        let sent = body.map(|body| body.to_string().into_bytes());
        let of_files = demo().send(method, path, &headers, sent);
        assert_eq!(
            (of_files.status, of_files.code().as_str()),
            (405, "read_only"),
            "{path}"
        );
        assert_eq!(kept.ask("yz_wrong", method, path, body).status, 401, "{path}");
        assert_eq!(kept.ask(&reader, method, path, body).status, 403, "{path}");
        let editor = kept.ask(&kept.editor, method, path, body).status;
        assert_eq!(editor == 403, needed == Role::Admin, "{method} {path}");
    }
    // Both tokens were seen before the database goes.
    assert_eq!(kept.ask(&admin, "GET", FEEDS, None).status, 200);
    kept.run(kept.keeper.store().close());
    for (method, path, body, _) in all {
        let refused = kept.ask(&admin, method, path, body);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (503, "store_unavailable"),
            "{method} {path}: {}",
            refused.text()
        );
    }
}
