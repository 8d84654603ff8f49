//! What editors make of reports, and what becomes of the station then.

use serde_json::{Value, json};
use yizhan::http::Limits;
use yizhan::register::token::Role;

use crate::client::{Answer, one_worker};
use crate::service::{ITEMS, Kept};
use crate::world;

pub fn patch(kept: &Kept, id: u64, seen: &str, body: &Value) -> Answer {
    kept.edit(
        "PATCH",
        &format!("/v1/tickets/{id}"),
        &[("if-match", seen)],
        Some(body),
    )
}

pub fn ticket(kept: &Kept, id: u64) -> Answer {
    kept.edit("GET", &format!("/v1/tickets/{id}"), &[], None)
}

pub fn properties(kept: &Kept, id: &str) -> Value {
    kept.item(id).json()["properties"].clone()
}

/// The number of the ticket of a report.
pub fn reported(kept: &Kept, station: &str, report: &Value) -> u64 {
    let made = kept.report(station, report);
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_u64().expect("a number")
}

#[test]
fn a_confirmed_broken_facility_is_out_of_order_in_the_same_revision() {
    let kept = Kept::demo();
    let before = properties(&kept, "sy-001");
    assert_eq!(before["facilities"]["microwave"], "yes");
    let id = reported(
        &kept,
        "sy-001",
        &json!({ "kind": "broken_facility", "facility": "microwave" }),
    );
    let seen = ticket(&kept, id);
    assert_eq!(seen.header("etag"), "W/\"1-1\"");
    let acknowledged = patch(
        &kept,
        id,
        seen.header("etag"),
        &json!({ "state": "acknowledged" }),
    );
    assert_eq!(acknowledged.status, 200, "{}", acknowledged.text());
    assert_eq!(
        acknowledged.json()["revision"],
        Value::Null,
        "to take it up changes nothing"
    );
    assert_eq!(properties(&kept, "sy-001"), before);
    let body = json!({ "state": "resolved", "confirmed": true, "note": "已报修" });
    let resolved = patch(&kept, id, acknowledged.header("etag"), &body);
    assert_eq!(resolved.status, 200, "{}", resolved.text());
    let told = resolved.json();
    assert_eq!(
        (
            &told["state"],
            &told["revision"],
            &told["changed_by"],
            &told["note"]
        ),
        (&json!("resolved"), &json!(2), &json!("测试员"), &json!("已报修"))
    );
    let mut expected = before;
    let after = properties(&kept, "sy-001");
    expected["facilities"]["microwave"] = json!("out_of_order");
    for name in ["revision", "updated_at"] {
        expected[name] = after[name].clone();
    }
    assert_eq!(after, expected);
    assert_eq!(after["revision"], 2);
    let history = kept.service.get(&format!("{ITEMS}/sy-001/history")).json();
    let last = &history["history"][0];
    assert_eq!(
        (&last["kind"], &last["who"], &last["why"]),
        (&json!("ticket"), &json!("测试员"), &json!("#1: 已报修"))
    );
    assert_eq!(
        last["changes"],
        json!([{ "field": "facilities.microwave", "old": "yes", "new": "out_of_order" }])
    );
    // Whoever reported sees where it stands.
    assert_eq!(
        kept.service.get("/v1/tickets/1").json(),
        json!({ "id": 1, "state": "resolved" })
    );
}

#[test]
fn each_kind_sets_what_it_says_when_it_is_confirmed_and_no_more() {
    let kept = Kept::demo();
    let confirm = json!({ "state": "resolved", "confirmed": true });
    let dry = reported(&kept, "sy-002", &json!({ "kind": "no_water" }));
    assert_eq!(patch(&kept, dry, "*", &confirm).status, 200);
    assert_eq!(
        properties(&kept, "sy-002")["facilities"]["drinking_water"],
        "out_of_order"
    );
    let gone = reported(&kept, "sy-003", &json!({ "kind": "closed_for_good" }));
    assert_eq!(patch(&kept, gone, "*", &confirm).status, 200);
    assert_eq!(properties(&kept, "sy-003")["status"], "closed");
    // It is so already: the ticket is resolved, and no revision is made.
    let again = reported(&kept, "sy-002", &json!({ "kind": "no_water" }));
    let resolved = patch(&kept, again, "*", &confirm);
    assert_eq!(
        (&resolved.json()["state"], &resolved.json()["revision"]),
        (&json!("resolved"), &Value::Null)
    );
    let revision = kept.service.get("/readyz").json()["revision"].clone();
    assert_eq!(revision, 3);
    for report in [
        json!({ "kind": "door_locked" }),
        json!({ "kind": "wrong_place" }),
        json!({ "kind": "wrong_hours" }),
        json!({ "kind": "other", "text": "x" }),
    ] {
        let id = reported(&kept, "sy-004", &report);
        let refused = patch(&kept, id, "*", &confirm);
        assert_eq!((refused.status, refused.code().as_str()), (400, "bad_fields"));
        assert_eq!(refused.problems(), ["confirmed nothing_to_confirm"]);
        assert_eq!(ticket(&kept, id).json()["state"], "open");
        assert_eq!(patch(&kept, id, "*", &json!({ "state": "resolved" })).status, 200);
    }
    assert_eq!(kept.service.get("/readyz").json()["revision"], revision);
}

#[test]
fn what_an_editor_states_is_written_with_the_ticket_or_not_at_all() {
    let kept = Kept::demo();
    let id = reported(
        &kept,
        "sy-001",
        &json!({ "kind": "wrong_hours", "text": "八点就关了" }),
    );
    let before = properties(&kept, "sy-001");
    let with = |patch: Value| json!({ "state": "resolved", "patch": patch });
    let bad = with(json!({ "properties": { "status": "weird" } }));
    let refused = patch(&kept, id, "*", &bad);
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_station"));
    assert_eq!(refused.problems(), ["status unknown_status"]);
    let other = patch(&kept, id, "*", &with(json!({ "id": "sy-002" })));
    assert_eq!((other.status, other.code().as_str()), (400, "invalid_body"));
    assert_eq!(properties(&kept, "sy-001"), before);
    assert_eq!(ticket(&kept, id).json()["version"], 1);

    let good = with(json!({ "properties": { "hours": "Mo-Su,PH 08:00-20:00" } }));
    let resolved = patch(&kept, id, "*", &good);
    assert_eq!(resolved.json()["revision"], 2, "{}", resolved.text());
    assert_eq!(properties(&kept, "sy-001")["hours"], "Mo-Su,PH 08:00-20:00");

    let id = reported(&kept, "sy-005", &json!({ "kind": "wrong_place" }));
    let moved = with(json!({ "geometry": { "type": "Point", "coordinates": [109.52, 18.26] } }));
    assert_eq!(patch(&kept, id, "*", &moved).status, 200);
    assert_eq!(
        kept.item("sy-005").json()["geometry"]["coordinates"],
        json!([109.52, 18.26])
    );
}

#[test]
fn bad_changes_of_a_ticket_are_refused_with_all_that_is_wrong() {
    let kept = Kept::with_a_report();
    for (body, expected) in [
        (json!({}), vec!["state missing"]),
        (json!({ "state": "done" }), vec!["state unknown_word"]),
        (
            json!({ "state": "rejected", "confirmed": true, "patch": {} }),
            vec!["confirmed not_for_state", "patch not_for_state"],
        ),
        (
            json!({ "state": "resolved", "note": "长".repeat(501), "confirmed": 1, "patch": [], "why": "x" }),
            vec![
                "note too_long",
                "confirmed wrong_kind",
                "patch wrong_kind",
                "why unknown_field",
            ],
        ),
        (
            json!({ "state": "acknowledged", "note": "\u{1b}[31m" }),
            vec!["note control_character"],
        ),
    ] {
        let refused = patch(&kept, 1, "*", &body);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "bad_fields"),
            "{body}"
        );
        assert_eq!(refused.problems(), expected, "{body}");
    }
    let good = json!({ "state": "acknowledged" });
    let missing = kept.edit("PATCH", "/v1/tickets/1", &[], Some(&good));
    assert_eq!(
        (missing.status, missing.code().as_str()),
        (428, "precondition_required")
    );
    for (seen, status, code) in [
        ("\"x\"", 400, "invalid_parameter"),
        ("\"2\"", 412, "stale"),
        ("W/\"0-1\"", 412, "stale"),
    ] {
        let refused = patch(&kept, 1, seen, &good);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (status, code),
            "{seen}"
        );
    }
    let nobody = patch(&kept, 2, "*", &good);
    assert_eq!((nobody.status, nobody.code().as_str()), (404, "not_found"));
    assert_eq!(ticket(&kept, 1).json()["version"], 1);
}

#[test]
fn only_an_editor_lists_and_changes_tickets() {
    let kept = Kept::with_a_report();
    let good = json!({ "state": "acknowledged" });
    let reader = format!("Bearer {}", kept.token(Role::Reader));
    for (method, path) in [("GET", "/v1/tickets"), ("PATCH", "/v1/tickets/1")] {
        let body = Some(good.to_string().into_bytes());
        let headers = [
            ("authorization", reader.as_str()),
            ("if-match", "*"),
            ("content-type", "application/json"),
        ];
        let body = body.filter(|_| method == "PATCH");
        let ask = |headers: &[(&str, &str)]| kept.service.send(method, path, headers, body.clone()).status;
        assert_eq!((ask(&headers), ask(&headers[1..])), (403, 401), "{method}");
    }
    assert_eq!(ticket(&kept, 1).json()["version"], 1);
}

#[test]
fn of_two_editors_one_is_told_what_the_other_did() {
    let kept = Kept::with_a_report();
    let seen = ticket(&kept, 1).header("etag").to_owned();
    // A further report is no change.
    reported(
        &kept,
        "sy-004",
        &json!({ "kind": "no_water", "text": "还是没有" }),
    );
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let edits: Vec<_> = ["acknowledged", "resolved", "rejected"]
            .map(|state| {
                let (kept, seen) = (&kept, &seen);
                scope.spawn(move || patch(kept, 1, seen, &json!({ "state": state })).status)
            })
            .into_iter()
            .collect();
        edits.into_iter().map(|edit| edit.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    let stale = patch(&kept, 1, &seen, &json!({ "state": "rejected", "note": "重复" }));
    assert_eq!((stale.status, stale.code().as_str()), (412, "stale"));
    assert_eq!(stale.json()["current"], ticket(&kept, 1).json());
    if stale.json()["current"]["state"] == "acknowledged" {
        assert_eq!(
            patch(&kept, 1, "\"2\"", &json!({ "state": "rejected" })).status,
            200
        );
    }
    for state in ["open", "acknowledged", "resolved", "rejected"] {
        let closed = patch(&kept, 1, "*", &json!({ "state": state }));
        assert_eq!((closed.status, closed.code().as_str()), (409, "ticket_closed"));
        assert_eq!(closed.json()["current"]["id"], 1);
    }
    assert_eq!(reported(&kept, "sy-004", &json!({ "kind": "no_water" })), 2);
}

#[test]
fn edits_and_confirmations_of_one_station_at_once_all_count() {
    let kept = Kept::demo();
    let facilities = ["microwave", "toilet", "seats", "first_aid", "reading", "umbrella"];
    let ids = facilities.map(|facility| {
        reported(
            &kept,
            "sy-001",
            &json!({ "kind": "broken_facility", "facility": facility }),
        )
    });
    std::thread::scope(|scope| {
        for id in ids {
            let kept = &kept;
            scope.spawn(move || {
                let body = json!({ "state": "resolved", "confirmed": true });
                let done = patch(kept, id, "*", &body);
                assert!([200, 412].contains(&done.status), "{}", done.text());
                if done.status == 412 {
                    // Five times somebody was quicker; nothing is half done.
                    assert_eq!(ticket(kept, id).json()["state"], "open");
                    assert_eq!(patch(kept, id, "*", &body).status, 200);
                }
            });
        }
    });
    let after = properties(&kept, "sy-001");
    for facility in facilities {
        assert_eq!(after["facilities"][facility], "out_of_order", "{facility}");
    }
    assert_eq!(kept.service.get("/readyz").json()["revision"], 7);
}

#[test]
fn a_ticket_of_a_removed_station_can_be_rejected_and_not_confirmed() {
    let kept = Kept::with_a_report();
    let path = format!("{ITEMS}/sy-004");
    assert_eq!(kept.edit("DELETE", &path, &[("if-match", "*")], None).status, 204);
    let refused = patch(&kept, 1, "*", &json!({ "state": "resolved", "confirmed": true }));
    assert_eq!((refused.status, refused.code().as_str()), (404, "not_found"));
    assert_eq!(kept.report("sy-004", &json!({ "kind": "no_water" })).status, 404);
    assert_eq!(ticket(&kept, 1).json()["state"], "open");
    assert_eq!(patch(&kept, 1, "*", &json!({ "state": "rejected" })).status, 200);
}

#[test]
fn pages_of_tickets_are_the_whole_list_from_the_oldest() {
    let limits = Limits {
        trust_forwarded: true,
        ..one_worker()
    };
    let kept = Kept::with(&world::demo_stations(), limits);
    for number in 0..13 {
        let address = format!("10.0.0.{number}");
        let headers = [
            ("content-type", "application/json"),
            ("x-forwarded-for", address.as_str()),
        ];
        let path = format!("{ITEMS}/sy-{:03}/reports", 1 + number % 7);
        let kind = if number < 7 { "no_water" } else { "door_locked" };
        let body = json!({ "kind": kind }).to_string().into_bytes();
        assert_eq!(kept.service.send("POST", &path, &headers, Some(body)).status, 201);
    }
    patch(&kept, 2, "*", &json!({ "state": "rejected" }));
    for (filter, expected) in [
        ("", (1..=13).collect::<Vec<u64>>()),
        ("&state=open", (1..=13).filter(|id| *id != 2).collect()),
        ("&state=rejected", vec![2]),
        ("&station=sy-003", vec![3, 10]),
        ("&station=sy-002&state=open", vec![9]),
        ("&station=nowhere", Vec::new()),
    ] {
        for limit in [1, 5, 13, 200] {
            let (mut ids, mut cursor) = (Vec::new(), String::new());
            loop {
                let path = format!("/v1/tickets?limit={limit}{filter}{cursor}");
                let page = kept.edit("GET", &path, &[], None).json();
                let tickets = page["tickets"].as_array().unwrap();
                assert!(tickets.len() <= limit && page["numberReturned"] == tickets.len());
                ids.extend(tickets.iter().map(|ticket| ticket["id"].as_u64().unwrap()));
                let Some(next) = page["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(ids, expected, "{filter} {limit}");
        }
    }
    for (query, code) in [
        ("state=new", "invalid_parameter"),
        ("cursor=abc", "invalid_parameter"),
        ("cursor=aDM", "invalid_parameter"),
        ("limit=0", "invalid_parameter"),
        ("kind=no_water", "unknown_parameter"),
    ] {
        let refused = kept.edit("GET", &format!("/v1/tickets?{query}"), &[], None);
        assert_eq!((refused.status, refused.code().as_str()), (400, code), "{query}");
    }
}
