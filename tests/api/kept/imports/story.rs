//! From a file to a revision and back.

use serde_json::{Value, json};

use super::{SHEET, commit, decide, dry_run, read, revision, rows, undo, upload};
use crate::service::{ITEMS, Kept};

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn a_file_becomes_a_dry_run_is_committed_once_and_taken_back() {
    let kept = Kept::demo();
    let made = upload(&kept, "source=总表&filename=sheet.csv&coord=wgs84", SHEET);
    assert_eq!(made.status, 201, "{}", made.text());
    let (id, document) = (made.json()["id"].as_str().unwrap().to_owned(), made.json());
    assert!(
        made.header("location").ends_with(&format!("/v1/imports/{id}")),
        "{}",
        made.header("location")
    );
    assert_eq!(
        (
            &document["state"],
            &document["version"],
            &document["base_revision"]
        ),
        (&json!("ready"), &json!(1), &json!(1))
    );
    for (name, count) in [
        ("rows", 4),
        ("new", 3),
        ("unplaced", 1),
        ("rejected", 0),
        ("changed", 0),
    ] {
        assert_eq!(document["counts"][name], count, "{name}: {document}");
    }
    assert_eq!(document["columns"][3]["targets"], json!(["lat"]));
    assert_eq!(document["datum"]["verdict"], "stated");
    assert_eq!(
        document["rows"][0]["changes"][0],
        json!({ "field": "name", "old": null, "new": "甲站" })
    );
    // It is listed, and read again it is the same.
    assert_eq!(read(&kept, &format!("/v1/imports/{id}")), document);
    let list = read(&kept, "/v1/imports");
    assert_eq!(
        (&list["imports"][0]["id"], &list["imports"][0]["counts"]),
        (&json!(id), &document["counts"])
    );
    // Nothing is written yet.
    assert_eq!((revision(&kept), kept.item("x1").status), (1, 404));

    let done = commit(&kept, &id);
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(
        (&done.json()["revision"], &done.json()["import"]),
        (&json!(2), &json!(id))
    );
    assert_eq!(
        kept.item("x1").json()["properties"]["facilities"]["microwave"],
        "yes"
    );
    // The same dry run again is the same commit with the same answer.
    let again = commit(&kept, &id);
    assert_eq!((again.status, again.text()), (200, done.text()));
    assert_eq!(revision(&kept), 2);
    let document = read(&kept, &format!("/v1/imports/{id}"));
    assert_eq!(
        (&document["state"], &document["committed_revision"]),
        (&json!("committed"), &json!(2))
    );
    let history = kept.run(kept.keeper.store().history("x1", 5)).unwrap();
    assert_eq!(
        (history[0].who.as_str(), history[0].why.as_deref()),
        ("测试员", Some("sheet.csv"))
    );

    // The same file again changes nothing.
    let same = dry_run(&kept, "source=总表&coord=wgs84", SHEET);
    let document = read(&kept, &format!("/v1/imports/{same}"));
    assert_eq!(
        (&document["state"], &document["counts"]["unchanged"]),
        (&json!("nothing_to_write"), &json!(3))
    );
    let done = commit(&kept, &same);
    assert_eq!(
        (done.status, &done.json()["revision"]),
        (200, &Value::Null),
        "{}",
        done.text()
    );
    assert_eq!(revision(&kept), 2);

    let back = undo(&kept, 2);
    assert_eq!(back.status, 200, "{}", back.text());
    assert_eq!(
        (&back.json()["revision"], &back.json()["undone"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(kept.item("x1").status, 404);
    assert_eq!(undo(&kept, 2).text(), back.text(), "taken back once");
    let document = read(&kept, &format!("/v1/imports/{id}"));
    assert_eq!(
        (&document["state"], &document["undone_by"]),
        (&json!("undone"), &json!(3))
    );
    // What was taken back can come again: the source's memory is as it was before.
    let third = dry_run(&kept, "source=总表&coord=wgs84", SHEET);
    assert_eq!(rows(&kept, &third, "new").len(), 3);
    // And the undo can be taken back.
    assert_eq!(undo(&kept, 3).json()["revision"], 4);
    assert_eq!(kept.item("x2").status, 200);
    let fourth = dry_run(&kept, "source=总表&coord=wgs84", SHEET);
    assert_eq!(rows(&kept, &fourth, "unchanged").len(), 3);
}

#[test]
fn an_edit_is_taken_back_unless_later_ones_would_be_lost_which_are_listed() {
    let kept = Kept::demo();
    let path = format!("{ITEMS}/sy-001");
    let call = |phone: &str| {
        let body = json!({ "properties": { "phone": phone } });
        let done = kept.edit(
            "PATCH",
            &path,
            &[("if-match", "*"), ("x-yizhan-why", "new%20number")],
            Some(&body),
        );
        assert_eq!(done.status, 200, "{}", done.text());
    };
    let before = kept.item("sy-001").json()["properties"]["phone"].clone();
    call("1");
    call("2");
    let refused = undo(&kept, 2);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (409, "later_edits"),
        "{}",
        refused.text()
    );
    let later = refused.json()["later"].clone();
    assert_eq!(later.as_array().map(Vec::len), Some(1), "{later}");
    assert_eq!(
        (
            &later[0]["id"],
            &later[0]["revision"],
            &later[0]["who"],
            &later[0]["why"],
            &later[0]["kind"]
        ),
        (
            &json!("sy-001"),
            &json!(3),
            &json!("测试员"),
            &json!("new number"),
            &json!("edit")
        )
    );
    assert_eq!(undo(&kept, 3).status, 200);
    assert_eq!(undo(&kept, 2).status, 200);
    assert_eq!(kept.item("sy-001").json()["properties"]["phone"], before);
    for (wrong, status) in [
        ("99", 404),
        ("0", 404),
        ("x", 400),
        ("-1", 400),
        ("99999999999999999999", 400),
    ] {
        let refused = kept.edit("POST", &format!("/v1/revisions/{wrong}/undo"), &[], None);
        assert_eq!(refused.status, status, "{wrong}: {}", refused.text());
    }
}

#[test]
fn an_undo_puts_back_what_the_source_had_said_before() {
    let kept = Kept::demo();
    let sheet = |phone: &str| format!("编号,名称,经度,纬度,联系电话\nx1,甲站,109.20,18.10,{phone}\n");
    let import = |phone: &str| {
        let id = dry_run(&kept, "source=总表&coord=wgs84", sheet(phone));
        commit(&kept, &id).json()["revision"]
            .as_u64()
            .expect("a revision")
    };
    import("1");
    let second = import("2");
    assert_eq!(undo(&kept, second).status, 200);
    // An edit of ours beside the first sheet: the sheet of then is no news, the one of now is a conflict.
    let body = json!({ "properties": { "phone": "3" } });
    kept.edit("PATCH", &format!("{ITEMS}/x1"), &[("if-match", "*")], Some(&body));
    let old = dry_run(&kept, "source=总表&coord=wgs84", sheet("1"));
    assert_eq!(rows(&kept, &old, "unchanged")[0]["kept"][0]["ours"], "3");
    let new = dry_run(&kept, "source=总表&coord=wgs84", sheet("2"));
    let conflict = rows(&kept, &new, "conflict")[0]["conflicts"][0].clone();
    assert_eq!(
        conflict,
        json!({ "field": "phone", "base": "1", "ours": "3", "theirs": "2", "decided": null })
    );
}

#[test]
fn a_datum_that_nobody_states_is_asked_for_and_nothing_is_written_before() {
    let kept = Kept::demo();
    let made = upload(&kept, "source=x&filename=a.csv", SHEET);
    let document = made.json();
    assert_eq!(document["state"], "to_decide", "{document}");
    assert!(document["datum"]["evidence_zh"][0].is_string(), "{document}");
    let id = document["id"].as_str().unwrap();
    let refused = commit(&kept, id);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (409, "datum_not_stated")
    );
    let path = format!("/v1/imports/{id}");
    let stated = kept
        .edit("PATCH", &path, &[], Some(&json!({ "coord": "gcj02" })))
        .json();
    assert_eq!(
        (&stated["state"], &stated["version"]),
        (&json!("ready"), &json!(2)),
        "{stated}"
    );
    assert_eq!(commit(&kept, id).status, 200);
    assert_eq!(kept.item("x1").json()["properties"]["original"]["datum"], "gcj02");
}

#[test]
fn a_mapping_is_corrected_in_part_and_remembered_with_the_commit() {
    let kept = Kept::demo();
    let sheet = "代号,场所,东经,北纬,热线\nx1,甲站,109.20,18.10,110\n";
    let made = upload(&kept, "source=x&coord=wgs84&filename=a.csv", sheet);
    let refused = (made.status, made.code());
    assert_eq!(
        refused,
        (400, "bad_file".to_owned()),
        "a file without a name of a station: {}",
        made.text()
    );
    let mapping = "%7B%22columns%22%3A%7B%22场所%22%3A%22name%22%2C%22东经%22%3A%22lon%22%2C%22北纬%22%3A%22lat%22%7D%7D";
    let made = upload(
        &kept,
        &format!("source=x&coord=wgs84&filename=a.csv&mapping={mapping}"),
        sheet,
    );
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/imports/{id}");
    let correction = json!({ "mapping": { "columns": { "热线": "phone", "代号": "id" } } });
    let corrected = kept.edit("PATCH", &path, &[], Some(&correction)).json();
    assert_eq!(
        corrected["mapping"]["columns"]["热线"],
        json!(["phone"]),
        "{corrected}"
    );
    assert_eq!(
        corrected["mapping"]["columns"]["场所"],
        json!(["name"]),
        "the rest stays"
    );
    assert_eq!(corrected["rows"][0]["id"], "x1");
    assert_eq!(commit(&kept, &id).status, 200);
    assert_eq!(kept.item("x1").json()["properties"]["phone"], "110");
    let next = upload(&kept, "source=x&coord=wgs84&filename=b.csv", sheet);
    assert_eq!(
        (next.status, &next.json()["counts"]["unchanged"]),
        (201, &json!(1)),
        "{}",
        next.text()
    );
    let bad = kept.edit(
        "PATCH",
        &path,
        &[],
        Some(&json!({ "mapping": { "columns": { "热线": "telephone" } } })),
    );
    assert_eq!((bad.status, bad.code().as_str()), (409, "committed"));
}

#[test]
fn rows_come_by_outcome_and_page_by_page() {
    let kept = Kept::demo();
    let mut sheet = "编号,名称,经度,纬度\n".to_owned();
    for number in 0..700 {
        let lon = if number % 100 == 7 {
            "x".to_owned()
        } else {
            format!("{}", 105.0 + f64::from(number) / 100.0)
        };
        sheet.extend([format!("n{number},第{number}号站,{lon},30.5\n")]);
    }
    let id = dry_run(&kept, "source=x&coord=wgs84", sheet);
    let path = |more: &str| format!("/v1/imports/{id}/rows?limit=99{more}");
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = read(&kept, &path(&next));
        let rows = page["rows"].as_array().unwrap();
        assert_eq!(page["numberReturned"], rows.len());
        seen.extend(rows.iter().map(|row| row["row"].as_u64().unwrap()));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, (2..702).collect::<Vec<u64>>());
    let rejected = rows(&kept, &id, "rejected,unplaced");
    assert_eq!(rejected.len(), 7, "{rejected:?}");
    let problem = &rejected[0]["problems"][0];
    assert_eq!(
        (&rejected[0]["row"], &problem["column"], &problem["value"]),
        (&json!(9), &json!("C"), &json!("x"))
    );
    assert!(
        problem["message_zh"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{problem}"
    );
    // A page of another version is not gone on with.
    assert_eq!(
        decide(&kept, &id, json!([{ "row": 2, "decide": "skip" }])).status,
        200
    );
    let refused = kept.edit("GET", &path(&next), &[], None);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (409, "another_version")
    );
}

#[test]
fn the_copy_of_the_sheet_has_what_becomes_of_each_row() {
    let kept = Kept::demo();
    let id = dry_run(&kept, "source=x&coord=wgs84&filename=a.csv", SHEET);
    let path = |more: &str| format!("/v1/imports/{id}/rows?{more}");
    let csv = kept.edit("GET", &path("f=csv&lang=zh"), &[], None);
    assert_eq!(
        (csv.status, csv.media_type()),
        (200, "text/csv"),
        "{}",
        csv.text()
    );
    assert!(csv.header("content-disposition").contains("remarks.csv"));
    let lines: Vec<&str> = csv.text().trim_start_matches('\u{feff}').lines().collect();
    assert!(
        lines[0].ends_with(",备注") && lines[1].contains("有,\"新增；提醒"),
        "{lines:?}"
    );
    assert!(
        lines[4].starts_with("x4,丁站") && lines[4].contains("缺坐标"),
        "{lines:?}"
    );
    let xlsx = kept.edit("GET", &path("f=xlsx"), &[], None);
    assert_eq!(xlsx.status, 200);
    assert!(xlsx.media_type().ends_with("spreadsheetml.sheet") && xlsx.body.starts_with(b"PK"));
}
