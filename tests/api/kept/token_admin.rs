//! `/v1/me` and `/v1/tokens`: who may do what, made and ended over HTTP, on one instance and on several.
#![expect(clippy::unwrap_used, reason = "what several tests use is no test itself")]

use core::cell::Cell;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use yizhan::http::Limits;
use yizhan::register::token::{self, Role};
use yizhan::storage::DatabaseAddress;

use super::instances::until;
use crate::client::{demo, one_worker};
use crate::postgres::Postgres;
use crate::service::{ITEMS, Kept};
use crate::world;

const TOKENS: &str = "/v1/tokens";

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a time").parse().expect("a time")
}

/// Whether an instance lets a token edit; asked too often, it is asked again after a rest.
fn lets_in(kept: &Kept, secret: &str) -> bool {
    let body = json!({ "properties": { "seats": 5 } });
    let bearer = format!("Bearer {secret}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("if-match", "*"),
    ];
    let path = format!("{ITEMS}/sy-001");
    let status = Cell::new(0);
    until("an answer that is not slowed down", || {
        let body = Some(body.to_string().into_bytes());
        status.set(kept.service.send("PATCH", &path, &headers, body).status);
        status.get() != 429
    });
    assert!([200, 401].contains(&status.get()), "{}", status.get());
    status.get() == 200
}

/// A token's life, on a register that two instances share.
#[expect(clippy::too_many_lines, reason = "one story")]
fn a_life(address: &DatabaseAddress) {
    let start = || Kept::at(address, &world::demo_stations(), one_worker());
    let (one, other) = (start(), start());
    let admin = one.made(Role::Admin);
    let wanted = json!({ "name": " 王小明 ", "role": "editor", "days": 30 });
    let made = one.ask(&admin.secret, "POST", TOKENS, Some(&wanted));
    assert_eq!(
        (made.status, made.header("cache-control")),
        (201, "no-store"),
        "{}",
        made.text()
    );
    let made = made.json();
    let (token, secret) = (&made["token"], made["secret"].as_str().unwrap());
    let id = token["id"].as_str().unwrap();
    assert_eq!(
        (
            &token["name"],
            &token["role"],
            &token["state"],
            &token["revoked_at"]
        ),
        (&json!("王小明"), &json!("editor"), &json!("good"), &Value::Null)
    );
    let days = time(&token["expires_at"]) - time(&token["made_at"]);
    assert!(
        (days - TimeDelta::days(30)).abs() < TimeDelta::minutes(1),
        "{days}"
    );

    // It is good at once, here and elsewhere, and says so itself.
    for kept in [&one, &other] {
        let me = kept.ask(secret, "GET", "/v1/me", None);
        assert_eq!((me.status, me.header("cache-control")), (200, "no-store"));
        let names = ["id", "name", "role", "made_at", "expires_at"];
        let expected: Value = names
            .map(|name| (name.to_owned(), token[name].clone()))
            .into_iter()
            .collect();
        assert_eq!(me.json(), expected);
        assert!(lets_in(kept, secret));
    }

    let list = || other.ask(&admin.secret, "GET", TOKENS, None);
    let listed = list().json()["tokens"].clone();
    assert_eq!(listed[0], *token, "the newest first");
    let ids: Vec<&Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|token| &token["id"])
        .collect();
    assert!(
        ids.contains(&&json!(admin.record.id)) && ids.len() == 4,
        "{listed}"
    );

    let path = format!("{TOKENS}/{id}");
    let revoke = |kept: &Kept, path: &str| kept.ask(&admin.secret, "DELETE", path, None);
    assert_eq!(revoke(&one, &path).status, 204);
    assert!(
        !lets_in(&one, secret),
        "the instance that was told refuses it at once"
    );
    let late = until("a refusal of the other", || !lets_in(&other, secret));
    // It looks once a second; the rest is for a busy machine.
    assert!(late < Duration::from_secs(5), "{late:?}");
    assert_eq!(one.ask(secret, "GET", "/v1/me", None).status, 401);
    let first = list().json()["tokens"][0].clone();
    assert_eq!(
        (&first["state"], first["revoked_at"].is_string()),
        (&json!("revoked"), true)
    );
    assert_eq!(revoke(&other, &path).status, 204, "again");
    assert_eq!(
        list().json()["tokens"][0],
        first,
        "and the time of the first stays"
    );

    let own = revoke(&one, &format!("{TOKENS}/{}", admin.record.id));
    assert_eq!((own.status, own.code().as_str()), (409, "own_token"));
    assert!(own.text().contains("不能吊销自己的令牌"), "{}", own.text());
    let gone = revoke(&one, &format!("{TOKENS}/t-nowhere"));
    assert_eq!((gone.status, gone.code().as_str()), (404, "not_found"));
}

#[test]
fn a_token_lives_from_its_making_to_its_end_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("yizhan.db").display().to_string();
    a_life(&address.parse().unwrap());
}

#[test]
fn a_token_lives_from_its_making_to_its_end_on_postgresql() {
    let Some(server) = Postgres::shared() else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    a_life(&runtime.block_on(server.database()).parse().unwrap());
}

#[test]
fn every_bad_member_is_named_at_once_and_limits_are_what_they_say() {
    let kept = Kept::demo();
    let admin = kept.token(Role::Admin);
    let ask = |body: Value| kept.ask(&admin, "POST", TOKENS, Some(&body));
    let refused = ask(json!({ "name": "a\u{7}", "role": "emperor", "days": "many", "scope": 1 }));
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_fields"));
    assert_eq!(
        refused.problems(),
        [
            "name control_character",
            "role unknown_word",
            "days wrong_kind",
            "scope unknown_field"
        ]
    );
    assert_eq!(
        ask(json!({ "days": null })).problems(),
        ["name missing", "role missing"]
    );
    let with = |name: usize, days: i64| {
        let body = json!({ "name": "站".repeat(name), "role": "reader", "days": days });
        ask(body).status
    };
    assert_eq!((with(80, 1), with(80, 3_650)), (201, 201));
    assert_eq!((with(81, 1), with(80, 0), with(80, 3_651)), (400, 400, 400));
    let default = ask(json!({ "name": "x", "role": "reader" })).json();
    let days = time(&default["token"]["expires_at"]) - time(&default["token"]["made_at"]);
    assert!(
        (days - TimeDelta::days(365)).abs() < TimeDelta::minutes(1),
        "{days}"
    );
    let large = ask(json!({ "name": "x".repeat(9_000), "role": "reader" }));
    assert_eq!((large.status, large.code().as_str()), (413, "body_too_large"));
}

#[test]
fn only_administrators_see_make_and_end_tokens_and_nobody_sees_a_secret_again() {
    let kept = Kept::demo();
    let victim = kept.made(Role::Reader);
    let admin = kept.token(Role::Admin);
    let path = format!("{TOKENS}/{}", victim.record.id);
    let body = json!({ "name": "x", "role": "admin" });
    let requests = [
        ("GET", TOKENS, None),
        ("POST", TOKENS, Some(&body)),
        ("DELETE", &path, None),
    ];
    for (method, path, body) in requests {
        for (secret, status) in [
            ("yz_wrong", 401),
            (kept.token(Role::Reader).as_str(), 403),
            (kept.editor.as_str(), 403),
        ] {
            let refused = kept.ask(secret, method, path, body);
            assert_eq!(refused.status, status, "{method} {path}");
            assert!(!refused.text().contains("yz_"), "{}", refused.text());
        }
    }
    assert_eq!(kept.service.get("/v1/me").status, 401);
    let made = kept.ask(&admin, "POST", TOKENS, Some(&body));
    assert!(made.json()["secret"].as_str().unwrap().starts_with("yz_"));
    let expired = token::make("x", Role::Admin, Some(Utc::now()));
    kept.run(kept.keeper.store().add_token(&expired.record)).unwrap();
    let listed = kept.ask(&admin, "GET", TOKENS, None);
    assert!(
        !listed.text().contains("yz_") && !listed.text().contains(&victim.record.hash),
        "{}",
        listed.text()
    );
    assert_eq!(listed.json()["tokens"][0]["state"], "expired");
    assert!(
        !kept
            .ask(&victim.secret, "GET", "/v1/me", None)
            .text()
            .contains("yz_")
    );
}

#[test]
fn a_server_of_files_has_no_tokens_and_without_the_database_it_says_when_to_ask_again() {
    let body = json!({ "name": "x", "role": "reader" });
    let all = [
        ("GET", "/v1/me", None),
        ("GET", TOKENS, None),
        ("POST", TOKENS, Some(&body)),
        ("DELETE", "/v1/tokens/t1", None),
    ];
    let headers = [
        ("authorization", "Bearer x"),
        ("content-type", "application/json"),
    ];
    for (method, path, body) in all {
        let sent = body.map(|body| body.to_string().into_bytes());
        let refused = demo().send(method, path, &headers, sent);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (405, "read_only"),
            "{path}"
        );
    }
    let limits = Limits {
        is_closed: true,
        ..one_worker()
    };
    let kept = Kept::with(&world::demo_stations(), limits);
    let admin = kept.token(Role::Admin);
    // The instance has seen the token before the database goes.
    assert_eq!(kept.ask(&admin, "GET", "/v1/me", None).status, 200);
    kept.run(kept.keeper.store().close());
    assert_eq!(kept.ask(&admin, "GET", "/v1/me", None).status, 200);
    for (method, path, body) in all.into_iter().skip(1) {
        let refused = kept.ask(&admin, method, path, body);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (503, "store_unavailable"),
            "{method} {path}"
        );
    }
}
