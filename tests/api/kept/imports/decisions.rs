//! What people decide about a dry run.

use serde_json::{Value, json};

use super::{commit, decide, dry_run, read, revision, rows};
use crate::client::one_worker;
use crate::service::{ITEMS, Kept};

const HEAD: &str = "编号,名称,经度,纬度,联系电话,地址\n";

/// A register of two imported stations of which one was edited since, and the id of the dry run of a sheet in which every
/// kind of open question comes up: a conflict in two fields (row 2), a row that may be a station (3), two rows that may be
/// one place (4 and 5), and a station that the sheet lacks.
fn open_questions() -> (Kept, String) {
    let kept = Kept::with(&[], one_worker());
    let first = format!(
        "{HEAD}a,解放路工会驿站,109.50,18.25,1,甲路\nb,崖城社区驿站,109.60,18.30,2,乙路\nc,胜利广场环卫驿站,109.40,18.20,3,丙路\n"
    );
    let id = dry_run(&kept, "source=x&coord=wgs84", first);
    assert_eq!(commit(&kept, &id).json()["revision"], 1);
    let edit = json!({ "properties": { "phone": "100", "address": "甲路1号" } });
    let done = kept.edit("PATCH", &format!("{ITEMS}/a"), &[("if-match", "*")], Some(&edit));
    assert_eq!(done.status, 200, "{}", done.text());
    let second = format!(
        "{HEAD}a,解放路工会驿站,109.50,18.25,11,甲路11号\nzz,胜利广场工会驿站,109.40003,18.20,,\n\
         n1,凤凰机场驿站,109.41,18.30,,\nn2,凤凰机场爱心驿站,109.4101,18.30,,\n"
    );
    let id = dry_run(&kept, "source=x&coord=wgs84", second);
    (kept, id)
}

fn counts(document: &Value) -> [u64; 7] {
    let names = [
        "new",
        "changed",
        "conflict",
        "undecided",
        "skipped",
        "duplicate",
        "missing",
    ];
    names.map(|name| document["counts"][name].as_u64().expect("a count"))
}

#[test]
fn every_kind_of_open_question_is_decided_and_committed() {
    let (kept, id) = open_questions();
    let document = read(&kept, &format!("/v1/imports/{id}"));
    assert_eq!(counts(&document), [2, 0, 1, 1, 0, 1, 1], "{document}");
    assert_eq!(document["state"], "to_decide");
    let candidate = &rows(&kept, &id, "undecided")[0]["candidates"][0];
    assert_eq!(candidate["id"], "c", "{candidate}");
    let twice = rows(&kept, &id, "duplicate");
    assert_eq!(twice.len(), 2);
    assert_eq!(
        (&twice[0]["row"], &twice[0]["duplicates"][0]["row"]),
        (&json!(4), &json!(5))
    );
    let missing = &rows(&kept, &id, "missing")[0];
    assert_eq!((&missing["id"], missing.get("row")), (&json!("b"), None));

    let decided = decide(
        &kept,
        &id,
        json!([
            { "row": 2, "decide": "ours" }, { "row": 2, "decide": "theirs", "field": "address" },
            { "row": 3, "decide": "match", "station": "c" }, { "row": 5, "decide": "skip" },
            { "decide": "delete", "station": "b" }
        ]),
    );
    assert_eq!(decided.status, 200, "{}", decided.text());
    let document = decided.json();
    assert_eq!(counts(&document), [1, 2, 0, 0, 1, 0, 1], "{document}");
    assert_eq!(
        (&document["state"], &document["counts"]["deleted"]),
        (&json!("ready"), &json!(1))
    );
    assert_eq!(document["decisions"].as_array().map(Vec::len), Some(5));
    assert_eq!(rows(&kept, &id, "decided").len(), 3);
    let conflicts = rows(&kept, &id, "decided")[0]["conflicts"].clone();
    assert_eq!(
        (&conflicts[0]["decided"], &conflicts[1]["decided"]),
        (&json!("theirs"), &json!("ours"))
    );

    assert_eq!(commit(&kept, &id).json()["revision"], 3);
    let a = kept.item("a").json()["properties"].clone();
    assert_eq!((&a["phone"], &a["address"]), (&json!("100"), &json!("甲路11号")));
    assert_eq!(kept.item("c").json()["properties"]["name"], "胜利广场工会驿站");
    assert_eq!(
        (
            kept.item("b").status,
            kept.item("n1").status,
            kept.item("n2").status
        ),
        (404, 200, 404)
    );
    // Decided is decided: the same sheet does not ask again about the conflict.
    let again = read(&kept, &format!("/v1/imports/{id}"));
    assert_eq!(again["state"], "committed");
}

#[test]
fn what_is_left_open_is_left_out_and_comes_up_again() {
    let (kept, id) = open_questions();
    let done = commit(&kept, &id);
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(kept.item("a").json()["properties"]["phone"], "100");
    assert_eq!(
        (
            kept.item("n1").status,
            kept.item("n2").status,
            kept.item("zz").status
        ),
        (200, 200, 404)
    );
    let sheet = kept.run(kept.keeper.store().dry_run_file(&id)).unwrap().unwrap();
    let again = dry_run(&kept, "source=x&coord=wgs84", sheet.clone());
    let document = read(&kept, &format!("/v1/imports/{again}"));
    assert_eq!(counts(&document)[..4], [0, 0, 1, 1], "{document}");
    // A conflict that is decided for the register does not come up again, though nothing of a station was written.
    decide(
        &kept,
        &again,
        json!([{ "decide": "ours" }, { "row": 3, "decide": "skip" }]),
    );
    let before = revision(&kept);
    assert_eq!(commit(&kept, &again).json()["revision"], before + 1);
    let last = dry_run(&kept, "source=x&coord=wgs84", sheet);
    assert_eq!(
        counts(&read(&kept, &format!("/v1/imports/{last}")))[..3],
        [0, 0, 0]
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn decisions_are_taken_back_and_bad_ones_change_nothing() {
    let (kept, id) = open_questions();
    let skip = decide(
        &kept,
        &id,
        json!([{ "row": 4, "decide": "skip" }, { "decide": "theirs" }]),
    );
    assert_eq!(counts(&skip.json()), [1, 1, 0, 1, 1, 0, 1]);
    let back = decide(&kept, &id, json!([{ "row": 4, "decide": "undecided" }]));
    assert_eq!(counts(&back.json()), [2, 1, 0, 1, 0, 1, 1]);
    let all_back = decide(&kept, &id, json!([{ "decide": "undecided" }]));
    assert_eq!(counts(&all_back.json()), [2, 0, 1, 1, 0, 1, 1]);
    assert_eq!(all_back.json()["decisions"], json!([]));
    let taken = decide(&kept, &id, json!([{ "row": 4, "decide": "take" }]));
    assert_eq!(counts(&taken.json())[5], 0, "no duplicate");
    let before = read(&kept, &format!("/v1/imports/{id}"));
    for (decisions, told) in [
        (
            json!([{ "row": 99, "decide": "skip" }]),
            "row `99` is decided about and is not in the sheet",
        ),
        (
            json!([{ "row": 3, "decide": "match", "station": "nowhere" }]),
            "`nowhere`, which is not in the register",
        ),
        (
            json!([{ "row": 3, "decide": "match", "station": "a" }, { "row": 4, "decide": "match", "station": "a" }]),
            "one row for one station",
        ),
        (
            json!([{ "decide": "delete", "station": "a" }]),
            "is not missing from the sheet",
        ),
        (
            json!([{ "row": 3, "decide": "maybe" }]),
            "decision 1: `decide` is `maybe`",
        ),
        (json!({}), "it is no list"),
    ] {
        let refused = decide(&kept, &id, decisions.clone());
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "bad_decision"),
            "{decisions}: {}",
            refused.text()
        );
        assert!(refused.text().contains(told), "{decisions}: {}", refused.text());
    }
    for body in [
        json!([]),
        json!({ "decide": 1 }),
        json!({ "coord": "mars" }),
        json!({ "version": "x" }),
        json!({ "mapping": [] }),
    ] {
        let refused = kept.edit("PATCH", &format!("/v1/imports/{id}"), &[], Some(&body));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "invalid_body"),
            "{body}: {}",
            refused.text()
        );
    }
    assert_eq!(read(&kept, &format!("/v1/imports/{id}")), before);
}

#[test]
fn somebody_who_has_not_seen_the_last_version_is_told_so() {
    let (kept, id) = open_questions();
    let path = format!("/v1/imports/{id}");
    let seen = |version: u64| json!({ "version": version, "decisions": [{ "decide": "ours" }] });
    assert_eq!(kept.edit("PATCH", &path, &[], Some(&seen(1))).status, 200);
    let late = kept.edit("PATCH", &path, &[], Some(&seen(1)));
    assert_eq!((late.status, late.code().as_str()), (409, "another_version"));
    assert_eq!(late.json()["version"], 2);
    let late = kept.edit("POST", &format!("{path}/commit?version=1"), &[], None);
    assert_eq!((late.status, late.code().as_str()), (409, "another_version"));
    assert_eq!(
        kept.edit("POST", &format!("{path}/commit?version=2"), &[], None)
            .status,
        200
    );
    let after = kept.edit("PATCH", &path, &[], Some(&json!({})));
    assert_eq!((after.status, after.code().as_str()), (409, "committed"));
    assert_eq!(after.json()["revision"], 3);
}

#[test]
fn a_register_that_has_moved_on_refuses_unless_the_import_would_do_the_same() {
    let (kept, id) = open_questions();
    // An edit of a station that the sheet says nothing new of: what was looked at is what would be written.
    let call = |id: &str, phone: &str| {
        let body = json!({ "properties": { "phone": phone } });
        assert_eq!(
            kept.edit(
                "PATCH",
                &format!("{ITEMS}/{id}"),
                &[("if-match", "*")],
                Some(&body)
            )
            .status,
            200
        );
    };
    let path = format!("/v1/imports/{id}");
    call("a", "101");
    assert_eq!(read(&kept, &path)["is_current"], false);
    let refused = commit(&kept, &id);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (409, "base_moved"),
        "{}",
        refused.text()
    );
    assert_eq!(refused.json()["base_revision"], 2);
    assert!(refused.text().contains("PATCH"), "{}", refused.text());
    let anew = kept.edit("PATCH", &path, &[], Some(&json!({}))).json();
    assert_eq!((&anew["base_revision"], &anew["version"]), (&json!(3), &json!(2)));
    call("b", "7");
    assert_eq!(commit(&kept, &id).json()["revision"], 5);
}
