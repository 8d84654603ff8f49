//! Who may write, who may read, and how often.

use chrono::Utc;
use serde_json::json;
use yizhan::http::Limits;
use yizhan::register::token::{self, Role};

use crate::client::one_worker;
use crate::service::{ITEMS, Kept, feature};
use crate::world;

#[test]
fn only_a_good_token_of_the_role_may_write() {
    let kept = Kept::demo();
    let body = || Some(feature("x", 109.2, 18.1).to_string().into_bytes());
    let ask = |authorization: Option<&str>| {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(authorization.map(|value| ("authorization", value)));
        kept.service.send("POST", ITEMS, &headers, body())
    };
    let expired = token::make("x", Role::Admin, Some(Utc::now()));
    let revoked = token::make("x", Role::Admin, None);
    kept.run(async {
        let store = kept.keeper.store();
        store.add_token(&expired.record).await.unwrap();
        store.add_token(&revoked.record).await.unwrap();
        assert!(store.revoke_token(&revoked.record.id, Utc::now()).await.unwrap());
        assert!(!store.revoke_token(&revoked.record.id, Utc::now()).await.unwrap());
    });
    for authorization in [
        None,
        Some("Bearer"),
        Some("Bearer yz_wrong"),
        Some(&format!("Basic {}", kept.editor)),
        Some(&format!("Bearer {}", expired.secret)),
        Some(&format!("Bearer {}", revoked.secret)),
    ] {
        let refused = ask(authorization.map(|text| text as &str));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (401, "unauthorized"),
            "{authorization:?}"
        );
        assert!(refused.header("www-authenticate").starts_with("Bearer"));
        assert!(!refused.text().contains("yz_"), "{}", refused.text());
    }
    let reader = ask(Some(&format!("Bearer {}", kept.token(Role::Reader))));
    assert_eq!((reader.status, reader.code().as_str()), (403, "forbidden"));
    assert_eq!(
        ask(Some(&format!("bearer {}", kept.token(Role::Admin)))).status,
        201
    );
}

#[test]
fn guessing_tokens_becomes_slow() {
    let kept = Kept::demo();
    let ask = |number: u32| {
        let guess = format!("Bearer yz_{number}");
        let headers = [
            ("content-type", "application/json"),
            ("authorization", guess.as_str()),
        ];
        kept.service.send("POST", ITEMS, &headers, Some(b"{}".to_vec()))
    };
    let refused = (0..60)
        .map(ask)
        .find(|answer| answer.status == 429)
        .expect("no guess was slowed down");
    assert_eq!(refused.code(), "too_many_requests");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[test]
fn a_token_that_writes_too_fast_is_slowed_down_and_others_are_not() {
    let kept = Kept::demo();
    let other = format!("Bearer {}", kept.token(Role::Editor));
    let body = json!({"properties":{"phone":"1"}});
    let path = format!("{ITEMS}/sy-001");
    let mut last = 200;
    for _ in 0..2_000 {
        last = kept
            .edit("PATCH", &path, &[("if-match", "*")], Some(&body))
            .status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    let headers = [
        ("authorization", other.as_str()),
        ("content-type", "application/json"),
        ("if-match", "*"),
    ];
    let done = kept
        .service
        .send("PATCH", &path, &headers, Some(body.to_string().into_bytes()));
    assert_eq!(done.status, 200, "{}", done.text());
}

#[test]
fn a_closed_register_is_read_with_a_token_only() {
    let limits = Limits {
        is_closed: true,
        ..one_worker()
    };
    let kept = Kept::with(&world::demo_stations(), limits);
    let nearest = "/v1/nearest?lon=109.5&lat=18.25";
    for path in [
        nearest,
        ITEMS,
        "/v1/changes",
        "/v1/events",
        "/v1/audit?standard=sanya-ten",
    ] {
        assert_eq!(kept.service.get(path).status, 401, "{path}");
    }
    assert_eq!(kept.service.get("/healthz").status, 200);
    let reader = format!("Bearer {}", kept.token(Role::Reader));
    assert_eq!(
        kept.service
            .get_with(nearest, &[("authorization", &reader)])
            .status,
        200
    );
}

#[test]
fn questions_are_limited_by_address_when_the_operator_says_so() {
    let limits = Limits {
        reads_per_second: core::num::NonZeroU32::new(5),
        ..one_worker()
    };
    let kept = Kept::with(&world::demo_stations(), limits);
    let answers: Vec<_> = (0..50).map(|_| kept.service.get("/v1/conformance")).collect();
    assert!(answers.iter().filter(|answer| answer.status == 200).count() >= 5);
    let refused = answers
        .iter()
        .find(|answer| answer.status == 429)
        .expect("nobody was slowed down");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(kept.service.get("/healthz").status, 200);
}
