//! Inspections: kept item by item, the last one dates the record, and what they find is only suggested.

use chrono::{Days, Utc};
use serde_json::{Value, json};
use yizhan::register::token::Role;

use crate::client::Answer;
use crate::service::{ITEMS, Kept};

fn inspect(kept: &Kept, station: &str, body: &Value) -> Answer {
    kept.edit("POST", &format!("{ITEMS}/{station}/inspections"), &[], Some(body))
}

fn on(date: &str, results: &Value) -> Value {
    json!({ "date": date, "inspector": "区总工会检查员", "standard": "sanya-ten", "results": results })
}

fn verified_at(kept: &Kept, station: &str) -> Value {
    kept.item(station).json()["properties"]["verified_at"].clone()
}

/// A station without a day of verification, and with a microwave, no toilet and nothing else known.
fn unverified(kept: &Kept) {
    let body = json!({ "properties": { "verified_at": null, "facilities": null, "facility_details": null } });
    let path = format!("{ITEMS}/sy-001");
    let patched = kept.edit("PATCH", &path, &[("if-match", "*")], Some(&body));
    assert_eq!(patched.status, 200, "{}", patched.text());
    let body = json!({ "properties": { "facilities": { "microwave": "yes", "toilet": "no" } } });
    assert_eq!(
        kept.edit("PATCH", &path, &[("if-match", "*")], Some(&body))
            .status,
        200
    );
}

#[test]
fn an_inspection_dates_the_record_and_only_suggests_the_rest() {
    let kept = Kept::demo();
    unverified(&kept);
    let before = kept.item("sy-001").json()["properties"].clone();
    let results = json!([
        { "item": "toilet", "result": "pass", "remark": "新修的" },
        { "item": "microwave", "result": "fail", "state": "out_of_order" },
        { "item": "seats", "result": "fail" },
        { "item": "reading", "result": "unknown" },
    ]);
    let made = inspect(&kept, "sy-001", &on("2026-01-02", &results));
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!(
        (&made["id"], &made["revision"], &made["verified_at"]),
        (&json!(1), &json!(4), &json!("2026-01-02"))
    );
    let suggested = json!([
        { "item": "seats", "facility": "seats", "recorded": "unknown", "suggested": ["no", "out_of_order"] },
        { "item": "microwave", "facility": "microwave", "recorded": "yes", "suggested": ["out_of_order"] },
        { "item": "toilet", "facility": "toilet", "recorded": "no", "suggested": ["yes"] },
    ]);
    assert_eq!(made["suggestions"], suggested);
    let listed = made["inspection"]["results"].as_array().unwrap();
    assert_eq!(listed.len(), 10, "every item of the standard");
    assert_eq!(
        listed[0],
        json!({ "item": "indoor_rest", "result": "unknown", "state": null, "remark": null })
    );
    assert_eq!(listed[4]["remark"], "新修的");
    // Nothing but the date has changed.
    let after = kept.item("sy-001").json()["properties"].clone();
    let mut expected = before;
    for name in ["verified_at", "revision", "updated_at"] {
        expected[name] = after[name].clone();
    }
    assert_eq!(
        (&after, &after["verified_at"], &after["revision"]),
        (&expected, &json!("2026-01-02"), &json!(4))
    );
    let history = kept
        .service
        .get(&format!("{ITEMS}/sy-001/history?limit=1"))
        .json();
    let last = &history["history"][0];
    assert_eq!(
        (&last["kind"], &last["changes"]),
        (
            &json!("inspection"),
            &json!([{ "field": "verified_at", "old": null, "new": "2026-01-02" }])
        )
    );
}

#[test]
fn the_latest_day_counts_whatever_the_order() {
    let kept = Kept::demo();
    unverified(&kept);
    for (date, verified, is_revision) in [
        ("2026-01-02", "2026-01-02", true),
        ("2025-12-31", "2026-01-02", false),
        ("2026-01-02", "2026-01-02", false),
        ("2026-01-03", "2026-01-03", true),
    ] {
        let made = inspect(&kept, "sy-001", &on(date, &json!([]))).json();
        assert_eq!(made["verified_at"], verified, "{date}");
        assert_eq!(made["revision"].is_u64(), is_revision, "{date}");
        assert_eq!(verified_at(&kept, "sy-001"), verified);
    }
    let (mut listed, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{ITEMS}/sy-001/inspections?limit=3{cursor}");
        let page = kept.service.get(&path).json();
        for entry in page["inspections"].as_array().unwrap() {
            assert_eq!(entry["who"], "测试员");
            listed.push((
                entry["inspection"]["date"].as_str().unwrap().to_owned(),
                entry["id"].as_u64().unwrap(),
            ));
        }
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let expected = [
        ("2026-01-03", 4),
        ("2026-01-02", 3),
        ("2026-01-02", 1),
        ("2025-12-31", 2),
    ];
    assert_eq!(listed, expected.map(|(day, id)| (day.to_owned(), id)));
}

#[test]
fn inspections_at_once_are_all_kept_and_the_latest_day_stays() {
    let kept = Kept::demo();
    unverified(&kept);
    std::thread::scope(|scope| {
        for day in 1..=8 {
            let kept = &kept;
            scope.spawn(move || {
                let body = on(&format!("2026-01-{day:02}"), &json!([]));
                let made = inspect(kept, "sy-001", &body);
                assert!([201, 412].contains(&made.status), "{}", made.text());
                if made.status == 412 {
                    assert_eq!(inspect(kept, "sy-001", &body).status, 201);
                }
            });
        }
    });
    assert_eq!(verified_at(&kept, "sy-001"), "2026-01-08");
    let listed = kept.service.get(&format!("{ITEMS}/sy-001/inspections")).json();
    assert_eq!(listed["numberReturned"], 8);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of everything that can be wrong")]
fn every_bad_member_is_named_at_once() {
    let kept = Kept::demo();
    let tomorrow = Utc::now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive() + Days::new(1);
    let results = |results: Value| on("2026-01-02", &results);
    let with = |name: &str, value: Value| {
        let mut body = results(json!([]));
        body[name] = value;
        body
    };
    let cases: Vec<(Value, Vec<&str>)> = vec![
        (
            json!({}),
            vec![
                "date missing",
                "inspector missing",
                "standard missing",
                "results missing",
            ],
        ),
        (with("date", json!(tomorrow)), vec!["date day_out_of_range"]),
        (with("date", json!("1999-12-31")), vec!["date day_out_of_range"]),
        (with("date", json!("2026-02-29")), vec!["date bad_day"]),
        (with("date", json!("2026/01/02")), vec!["date bad_day"]),
        (
            with("inspector", json!("员".repeat(101))),
            vec!["inspector too_long"],
        ),
        (with("inspector", json!("")), vec!["inspector empty"]),
        (with("standard", json!("ten")), vec!["standard unknown_word"]),
        (with("remark", json!("a\tb")), vec!["remark control_character"]),
        (with("results", json!({})), vec!["results wrong_kind"]),
        (with("score", json!(7)), vec!["score unknown_field"]),
        (
            results(json!([7, {}])),
            vec![
                "results[0] wrong_kind",
                "results[1].item missing",
                "results[1].result missing",
            ],
        ),
        (
            results(json!([{ "item": "sauna", "result": "good", "remark": "长".repeat(501), "note": "x" }])),
            vec![
                "results[0].item unknown_word",
                "results[0].result unknown_word",
                "results[0].remark too_long",
                "results[0].note unknown_field",
            ],
        ),
        (
            results(json!([{ "item": "toilet", "result": "pass" }, { "item": "toilet", "result": "fail" }])),
            vec!["results[1].item repeated"],
        ),
        (
            results(json!([{ "item": "toilet", "result": "pass", "state": "no" }])),
            vec!["results[0].state contradictory"],
        ),
        (
            results(json!([{ "item": "toilet", "result": "fail", "state": "unknown" }])),
            vec!["results[0].state contradictory"],
        ),
        (
            json!({ "date": "2026-01-02", "inspector": "x", "standard": "six-haves",
                "results": [{ "item": "sign", "result": "fail", "state": "no" }] }),
            vec!["results[0].state contradictory"],
        ),
    ];
    for (body, expected) in cases {
        let refused = inspect(&kept, "sy-001", &body);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "bad_fields"),
            "{body}"
        );
        assert_eq!(refused.problems(), expected, "{body}");
    }
    let nowhere = inspect(&kept, "nowhere", &results(json!([])));
    assert_eq!((nowhere.status, nowhere.code().as_str()), (404, "not_found"));
    let listed = kept.service.get(&format!("{ITEMS}/sy-001/inspections")).json();
    assert_eq!(
        (&listed["numberReturned"], &listed["next"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(kept.service.get("/readyz").json()["revision"], 1);
}

#[test]
fn only_an_editor_hands_in_an_inspection() {
    let kept = Kept::demo();
    let path = format!("{ITEMS}/sy-001/inspections");
    let body = || Some(on("2026-01-02", &json!([])).to_string().into_bytes());
    let reader = format!("Bearer {}", kept.token(Role::Reader));
    let json = ("content-type", "application/json");
    let ask = |headers: &[(&str, &str)]| kept.service.send("POST", &path, headers, body());
    assert_eq!(ask(&[json]).status, 401);
    assert_eq!(ask(&[json, ("authorization", &reader)]).status, 403);
    let editor = format!("Bearer {}", kept.editor);
    assert_eq!(
        ask(&[("content-type", "text/csv"), ("authorization", &editor)]).status,
        415
    );
    for (query, code) in [
        ("cursor=abc", "invalid_parameter"),
        ("cursor=aTIwMjYtMDEtMDI", "invalid_parameter"),
        ("limit=0", "invalid_parameter"),
        ("standard=sanya-ten", "unknown_parameter"),
    ] {
        let refused = kept.service.get(&format!("{path}?{query}"));
        assert_eq!((refused.status, refused.code().as_str()), (400, code), "{query}");
    }
    assert_eq!(
        kept.service.get(&format!("{ITEMS}/nowhere/inspections")).status,
        404
    );
}
