//! What workers report without an account: what is taken, what is refused, how often, and that it changes nothing.

use serde_json::{Value, json};
use yizhan::domain::ticket::ReportKind;
use yizhan::http::Limits;
use yizhan::register::token::Role;

use crate::client::{Answer, one_worker};
use crate::service::{ITEMS, Kept};
use crate::world;

const JSON: (&str, &str) = ("content-type", "application/json");

/// A server that believes which address a proxy names.
fn behind_a_proxy() -> Kept {
    let limits = Limits {
        trust_forwarded: true,
        ..one_worker()
    };
    Kept::with(&world::demo_stations(), limits)
}

fn from(kept: &Kept, address: &str, report: &Value) -> Answer {
    let headers = [JSON, ("x-forwarded-for", address)];
    let path = format!("{ITEMS}/sy-001/reports");
    kept.service
        .send("POST", &path, &headers, Some(report.to_string().into_bytes()))
}

/// A report of each kind with all that it takes.
fn one_of_each() -> Vec<Value> {
    let whole = |kind: &ReportKind| match kind {
        ReportKind::BrokenFacility => {
            json!({ "kind": kind, "facility": "microwave", "text": "坏了", "lang": "zh" })
        }
        ReportKind::WrongPlace => json!({ "kind": kind, "lon": 109.51, "lat": 18.25, "coord": "gcj02" }),
        _ => json!({ "kind": kind, "text": "说明", "lang": "zh-Hans-CN" }),
    };
    ReportKind::ALL.iter().map(whole).collect()
}

#[test]
fn a_report_is_answered_with_a_number_under_which_its_state_can_be_seen() {
    let kept = Kept::demo();
    let made = kept.report("sy-001", &json!({ "kind": "door_locked", "text": "秘密的话" }));
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(
        made.json(),
        json!({ "id": 1, "state": "open", "is_text_kept": true })
    );
    assert!(made.header("location").ends_with("/v1/tickets/1"));
    let seen = kept.service.get(made.header("location"));
    assert_eq!(
        (seen.status, seen.json()),
        (200, json!({ "id": 1, "state": "open" }))
    );
    assert_eq!(seen.header("cache-control"), "no-store");
    // A reader sees no more than everybody, and a token that is not good sees nothing.
    let as_holder = |token: &str| {
        let bearer = format!("Bearer {token}");
        kept.service
            .get_with("/v1/tickets/1", &[("authorization", &bearer)])
    };
    assert_eq!(as_holder(&kept.token(Role::Reader)).json(), seen.json());
    assert_eq!(as_holder("yz_wrong").status, 401);
    assert_eq!(as_holder(&kept.editor).json()["said"][0]["text"], "秘密的话");
    for wrong in ["0", "2", "01", "-1", "1.0", "one", "99999999999999999999", "%31x"] {
        let answer = kept.service.get(&format!("/v1/tickets/{wrong}"));
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "not_found"),
            "{wrong}"
        );
    }
}

#[test]
fn every_kind_is_taken_and_none_changes_a_station() {
    let kept = behind_a_proxy();
    // The tag of the items stands for all records.
    let whole = || {
        let changes = kept.service.get("/v1/changes?limit=5000").json();
        (changes, kept.service.get(ITEMS).header("etag").to_owned())
    };
    let before = whole();
    for (number, report) in one_of_each().iter().enumerate() {
        for sender in 0..20 {
            let made = from(&kept, &format!("10.{number}.0.{sender}"), report);
            assert_eq!(
                (made.status, &made.json()["id"]),
                (201, &json!(number + 1)),
                "{report}: {}",
                made.text()
            );
        }
    }
    assert_eq!(whole(), before);
    assert_eq!(kept.service.get("/readyz").json()["revision"], 1);
    let tickets = kept.edit("GET", "/v1/tickets", &[], None).json();
    for (ticket, report) in tickets["tickets"].as_array().unwrap().iter().zip(one_of_each()) {
        assert_eq!(
            (&ticket["kind"], &ticket["reports"]),
            (&report["kind"], &json!(20))
        );
        let said = &ticket["said"][0];
        assert_eq!((&said["text"], &said["lang"]), (&report["text"], &report["lang"]));
    }
    // What is said of a place is kept in WGS-84, some 500 m west and 200 m off.
    let lon = tickets["tickets"][3]["said"][0]["lon"].as_f64().unwrap();
    assert!((0.003..0.007).contains(&(109.51 - lon)), "{lon}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of everything that can be wrong")]
fn every_bad_member_is_named_at_once() {
    let kept = behind_a_proxy();
    let long = "长".repeat(501);
    let cases: Vec<(Value, &[&str])> = vec![
        (json!({}), &["kind missing"]),
        (json!({ "kind": null }), &["kind missing"]),
        (json!({ "kind": 7 }), &["kind wrong_kind"]),
        (json!({ "kind": "fire" }), &["kind unknown_word"]),
        (json!({ "kind": "other" }), &["text missing"]),
        (json!({ "kind": "other", "text": " \u{3000}" }), &["text empty"]),
        (json!({ "kind": "no_water", "text": long }), &["text too_long"]),
        (
            json!({ "kind": "no_water", "text": "a\u{0}b" }),
            &["text control_character"],
        ),
        (
            json!({ "kind": "no_water", "text": "a\nb" }),
            &["text control_character"],
        ),
        (json!({ "kind": "no_water", "text": ["a"] }), &["text wrong_kind"]),
        (json!({ "kind": "broken_facility" }), &["facility missing"]),
        (
            json!({ "kind": "broken_facility", "facility": "sauna" }),
            &["facility unknown_word"],
        ),
        (
            json!({ "kind": "no_water", "facility": "toilet" }),
            &["facility not_for_kind"],
        ),
        (
            json!({ "kind": "no_water", "lon": 1, "lat": 2, "coord": "wgs84" }),
            &["lon not_for_kind", "lat not_for_kind", "coord not_for_kind"],
        ),
        (json!({ "kind": "wrong_place", "lon": 109.5 }), &["lat missing"]),
        (
            json!({ "kind": "wrong_place", "coord": "gcj02" }),
            &["lon missing", "lat missing"],
        ),
        (
            json!({ "kind": "wrong_place", "lon": 18.25, "lat": 109.5 }),
            &["lon bad_place"],
        ),
        (
            json!({ "kind": "wrong_place", "lon": 181, "lat": 0, "coord": "mars" }),
            &["coord unknown_word", "lon bad_place"],
        ),
        (
            json!({ "kind": "no_water", "lang": "汉语" }),
            &["lang bad_language"],
        ),
        (json!({ "kind": "no_water", "lang": "z" }), &["lang bad_language"]),
        (
            json!({ "kind": "broken_facility", "phone": "138", "text": "", "lang": 1 }),
            &[
                "facility missing",
                "text empty",
                "lang wrong_kind",
                "phone unknown_field",
            ],
        ),
    ];
    for (number, (report, expected)) in cases.iter().enumerate() {
        let refused = from(&kept, &format!("10.0.0.{number}"), report);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "bad_fields"),
            "{report}"
        );
        assert_eq!(refused.problems(), *expected, "{report}");
    }
    assert_eq!(kept.service.get("/v1/tickets/1").status, 404, "nothing was kept");
}

#[test]
fn bodies_that_are_no_report_have_their_own_codes() {
    let kept = behind_a_proxy();
    let send = |sender: u8, path: &str, media_type: &str, body: Vec<u8>| {
        let address = format!("10.0.1.{sender}");
        let headers = [
            ("content-type", media_type),
            ("x-forwarded-for", address.as_str()),
        ];
        let answer = kept.service.send("POST", path, &headers, Some(body));
        (answer.status, answer.code())
    };
    let path = format!("{ITEMS}/sy-001/reports");
    let path = path.as_str();
    let json = "application/json";
    let mut padded = br#"{"kind":"no_water"}"#.to_vec();
    padded.resize(8_192, b' ');
    assert_eq!(send(1, path, json, padded.clone()), (201, String::new()));
    padded.push(b' ');
    let expect = |answer: (u16, String), status: u16, code: &str| {
        assert_eq!((answer.0, answer.1.as_str()), (status, code));
    };
    expect(send(2, path, json, padded), 413, "body_too_large");
    expect(
        send(3, path, "text/plain", b"{}".to_vec()),
        415,
        "unsupported_media_type",
    );
    for (sender, body) in (4..).zip(["", "{", "[]", "null", "\"no_water\"", "{\"kind\":\"no_water\"} x"]) {
        expect(send(sender, path, json, body.into()), 400, "invalid_body");
    }
    expect(
        send(20, path, json, b"{\"text\":\"\xff\"}".to_vec()),
        400,
        "invalid_body",
    );
    expect(
        send(21, path, json, "[".repeat(8_000).into_bytes()),
        400,
        "invalid_body",
    );
    let nowhere = format!("{ITEMS}/nowhere/reports");
    expect(
        send(22, &nowhere, json, b"{\"kind\":\"no_water\"}".to_vec()),
        404,
        "not_found",
    );
    let asked = format!("{path}?kind=no_water");
    expect(send(23, &asked, json, b"{}".to_vec()), 400, "unknown_parameter");
}

#[test]
fn a_text_has_at_most_five_hundred_characters_whatever_their_bytes() {
    let kept = Kept::demo();
    let text = "𠮷".repeat(500);
    let made = kept.report("sy-001", &json!({ "kind": "other", "text": text }));
    assert_eq!(made.status, 201, "{}", made.text());
    let ticket = kept.edit("GET", "/v1/tickets/1", &[], None).json();
    assert_eq!(ticket["said"][0]["text"], json!(text));
    let refused = kept.report("sy-001", &json!({ "kind": "other", "text": format!("{text}𠮷") }));
    assert_eq!(refused.problems(), ["text too_long"]);
}

#[test]
fn an_address_may_report_ten_times_at_once_and_others_go_on() {
    let kept = behind_a_proxy();
    let report = json!({ "kind": "no_water" });
    for (first, same, other) in [
        ("203.0.113.1", "203.0.113.1", "203.0.113.2"),
        ("2001:db8::1", "2001:db8:0:0:ffff::9", "2001:db8:0:1::1"),
    ] {
        let mut taken = 0;
        let refused = loop {
            let answer = from(&kept, first, &report);
            if answer.status != 201 {
                break answer;
            }
            taken += 1;
        };
        // Another one is let in every 12 s, which a busy machine may take for these.
        assert!((10..14).contains(&taken), "{taken}");
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (429, "too_many_requests")
        );
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=13).contains(&wait), "{wait}");
        assert_eq!(from(&kept, same, &report).status, 429, "{same}");
        assert_eq!(from(&kept, other, &report).status, 201, "{other}");
    }
}

#[test]
fn a_hundred_reports_at_once_are_one_ticket_that_counts_a_hundred() {
    let kept = behind_a_proxy();
    std::thread::scope(|scope| {
        for number in 0..100 {
            let kept = &kept;
            scope.spawn(move || {
                let text = format!("第 {} 种说法", number % 5);
                let report = json!({ "kind": "broken_facility", "facility": "microwave", "text": text });
                let made = from(kept, &format!("10.0.2.{number}"), &report);
                assert_eq!((made.status, &made.json()["id"]), (201, &json!(1)));
            });
        }
    });
    let tickets = kept.edit("GET", "/v1/tickets", &[], None).json();
    assert_eq!(tickets["numberReturned"], 1);
    let ticket = &tickets["tickets"][0];
    assert_eq!(
        (&ticket["reports"], ticket["said"].as_array().unwrap().len()),
        (&json!(100), 5)
    );
}

#[test]
fn a_ticket_keeps_twenty_texts_and_says_when_another_is_only_counted() {
    let kept = behind_a_proxy();
    for number in 0..22 {
        let report = json!({ "kind": "wrong_hours", "text": format!("{number} 点就关") });
        let made = from(&kept, &format!("10.0.3.{number}"), &report).json();
        assert_eq!(made["is_text_kept"], number < 20, "{number}");
    }
    let ticket = kept.edit("GET", "/v1/tickets/1", &[], None).json();
    assert_eq!(ticket["reports"], 22);
    assert_eq!(ticket["said"].as_array().unwrap().len(), 20);
}
