//! Writing, replacing, changing and removing single stations.

use serde_json::{Value, json};

use crate::service::{ITEMS, Kept, feature};

const MERGE_PATCH: (&str, &str) = ("content-type", "application/merge-patch+json");

#[test]
fn a_new_station_is_found_by_the_next_question() {
    let kept = Kept::demo();
    let mut new = feature("海边驿站", 109.2, 18.1);
    new["properties"]["facilities"] = json!({ "microwave": "yes", "toilet": "no" });
    new["properties"]["hours"] = json!("24/7");
    let made = kept.edit("POST", ITEMS, &[], Some(&new));
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert!(
        made.header("location").ends_with(&format!("{ITEMS}/{id}")),
        "{}",
        made.header("location")
    );
    assert_eq!(made.json()["properties"]["revision"], 2);

    let found = kept
        .service
        .features("/v1/nearest?lon=109.2&lat=18.1&limit=1&facilities=microwave&open=now");
    assert_eq!(found[0]["id"], id.as_str());
    let read = kept.item(&id);
    assert_eq!(read.json()["properties"], made.json()["properties"]);
    // The tag of the answer is good for the next edit.
    let path = format!("{ITEMS}/{id}");
    let patched = kept.edit(
        "PATCH",
        &path,
        &[("if-match", made.header("etag")), MERGE_PATCH],
        Some(&json!({})),
    );
    assert_eq!(patched.status, 200, "{}", patched.text());
}

#[test]
fn the_address_of_a_new_station_encodes_only_what_a_path_cannot_hold() {
    let kept = Kept::demo();
    // RFC 3986, 2.3: letters, digits and these four are unreserved.
    for (number, (id, segment)) in (0..).zip([
        ("x-1._~", "x-1._~"),
        ("a/b?c#d%", "a%2Fb%3Fc%23d%25"),
        ("站 1", "%E7%AB%99%201"),
    ]) {
        let mut new = feature(id, 109.2 + 0.1 * f64::from(number), 18.6);
        new["id"] = json!(id);
        let made = kept.edit("POST", ITEMS, &[], Some(&new));
        assert_eq!(made.status, 201, "{}", made.text());
        let location = made.header("location");
        assert!(location.ends_with(&format!("{ITEMS}/{segment}")), "{location}");
        assert_eq!(kept.service.get(location).json()["id"], id, "{location}");
    }
}

#[test]
fn an_id_that_is_taken_is_refused_with_the_station_that_has_it() {
    let kept = Kept::demo();
    let mut new = feature("x", 109.2, 18.1);
    new["id"] = json!("sy-001");
    let refused = kept.edit("POST", ITEMS, &[], Some(&new));
    assert_eq!((refused.status, refused.code().as_str()), (409, "id_taken"));
    assert_eq!(refused.json()["current"]["id"], "sy-001");
}

#[test]
fn a_station_beside_another_is_refused_with_the_candidates_unless_it_is_forced() {
    let kept = Kept::demo();
    let there = kept.item("sy-001").json();
    let at = |axis: usize| there["geometry"]["coordinates"][axis].as_f64().unwrap();
    let beside = feature("完全不同的名字", at(0) + 0.0002, at(1));
    let refused = kept.edit("POST", ITEMS, &[], Some(&beside));
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (409, "similar_stations")
    );
    let candidates = refused.json()["candidates"].clone();
    assert_eq!(
        (&candidates[0]["id"], &candidates[0]["ground"]),
        (&json!("sy-001"), &json!("beside"))
    );
    assert!(
        (15.0..30.0).contains(&candidates[0]["distance_m"].as_f64().unwrap()),
        "{candidates}"
    );
    let forced = kept.edit("POST", &format!("{ITEMS}?force=true"), &[], Some(&beside));
    assert_eq!(forced.status, 201, "{}", forced.text());
}

#[test]
fn photos_are_kept_and_each_bad_address_is_named() {
    let kept = Kept::demo();
    let path = format!("{ITEMS}/sy-001");
    let with_photos = |photos: Value| {
        let seen = kept.item("sy-001");
        let headers = [("if-match", seen.header("etag")), MERGE_PATCH];
        kept.edit(
            "PATCH",
            &path,
            &headers,
            Some(&json!({ "properties": { "photos": photos } })),
        )
    };
    assert_eq!(kept.item("sy-001").json()["properties"]["photos"], json!([]));
    let refused = with_photos(json!([
        "https://a.cn/1.jpg",
        "http://a.cn/2.jpg",
        "javascript:alert(1)",
        3
    ]));
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_station"));
    assert_eq!(refused.problems(), ["photos bad_photo"; 3]);
    for bad in ["`http://a.cn/2.jpg`", "`javascript:alert(1)`", "`3`"] {
        assert!(refused.text().contains(bad), "{}", refused.text());
    }
    let good = json!(["https://a.cn/1.jpg", "https://b.cn/x;v=1/2.jpg?w=1,2"]);
    assert_eq!(with_photos(good.clone()).status, 200);
    assert_eq!(kept.item("sy-001").json()["properties"]["photos"], good);
    assert_eq!(with_photos(Value::Null).status, 200);
    assert_eq!(kept.item("sy-001").json()["properties"]["photos"], json!([]));
}

#[test]
fn every_bad_field_is_named_and_nothing_is_written() {
    let kept = Kept::demo();
    let mut bad = feature("", 18.1, 109.2);
    bad["properties"]["status"] = json!("weird");
    bad["properties"]["seats"] = json!("many");
    bad["properties"]["hours"] = json!("Mo-Fr 25:00-26:99");
    let refused = kept.edit("POST", ITEMS, &[], Some(&bad));
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_station"));
    let problems = refused.json()["problems"].as_array().unwrap().clone();
    let fields: Vec<&str> = problems
        .iter()
        .filter_map(|problem| problem["field"].as_str())
        .collect();
    for field in ["name", "status"] {
        assert!(fields.contains(&field), "{fields:?}");
    }
    assert!(
        problems.iter().any(|problem| problem["code"] == "swapped_axes"),
        "{problems:?}"
    );
    assert_eq!(kept.service.get("/readyz").json()["revision"], 1);
    for (body, status) in [
        ("", 400),
        ("[]", 400),
        ("{", 400),
        ("null", 400),
        ("{\"type\":\"Feature\"}", 400),
    ] {
        let bearer = format!("Bearer {}", kept.editor);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/geo+json"),
        ];
        let refused = kept.service.send("POST", ITEMS, &headers, Some(body.into()));
        assert_eq!(refused.status, status, "{body}: {}", refused.text());
    }
}

#[test]
fn an_edit_without_if_match_is_refused_and_a_stale_one_shows_both_versions() {
    let kept = Kept::demo();
    let path = format!("{ITEMS}/sy-001");
    let seen = kept.item("sy-001");
    let mut mine = seen.json();
    mine["properties"]["phone"] = json!("12351");
    for method in ["PUT", "PATCH", "DELETE"] {
        let refused = kept.edit(method, &path, &[], Some(&mine));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (428, "precondition_required"),
            "{method}"
        );
    }
    let other = kept.edit(
        "PATCH",
        &path,
        &[("if-match", "*")],
        Some(&json!({"properties":{"phone":"110"}})),
    );
    assert_eq!(other.status, 200, "{}", other.text());
    for method in ["PUT", "PATCH", "DELETE"] {
        let refused = kept.edit(method, &path, &[("if-match", seen.header("etag"))], Some(&mine));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (412, "stale"),
            "{method}: {}",
            refused.text()
        );
        assert_eq!(
            refused.json()["current"]["properties"]["phone"],
            "110",
            "{method}"
        );
        if method != "DELETE" {
            assert_eq!(
                refused.json()["yours"]["properties"]["phone"],
                "12351",
                "{method}"
            );
        }
    }
    // Somebody who saw the register after that may write, also with the tag of a list.
    let list = kept.service.get(ITEMS);
    let done = kept.edit("PUT", &path, &[("if-match", list.header("etag"))], Some(&mine));
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(done.json()["properties"]["phone"], "12351");
    for bad in ["abc", "\"\"", "W/\"x-1\""] {
        let refused = kept.edit("PUT", &path, &[("if-match", bad)], Some(&mine));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "invalid_parameter"),
            "{bad}"
        );
    }
}

#[test]
fn what_was_read_can_be_put_back_and_changes_nothing() {
    let kept = Kept::demo();
    for id in ["sy-001", "sy-030", "sy-074"] {
        let seen = kept.item(id);
        let path = format!("{ITEMS}/{id}");
        let put = kept.edit(
            "PUT",
            &path,
            &[("if-match", seen.header("etag"))],
            Some(&seen.json()),
        );
        assert_eq!(put.status, 200, "{}", put.text());
        assert_eq!(put.json()["properties"], seen.json()["properties"]);
    }
    assert_eq!(kept.service.get("/readyz").json()["revision"], 1);
}

#[test]
fn a_patch_changes_what_it_names_and_null_makes_unknown() {
    let kept = Kept::demo();
    let path = format!("{ITEMS}/sy-001");
    let before = kept.item("sy-001").json();
    let body = json!({ "properties": { "facilities": { "microwave": "out_of_order", "toilet": null }, "hours": null,
        "hours_text": "请电话预约" } });
    let after = kept.edit("PATCH", &path, &[("if-match", "*"), MERGE_PATCH], Some(&body));
    assert_eq!(after.status, 200, "{}", after.text());
    let (after, mut expected) = (after.json()["properties"].clone(), before["properties"].clone());
    expected["facilities"]["microwave"] = json!("out_of_order");
    expected["facilities"]["toilet"] = json!("unknown");
    expected["hours"] = Value::Null;
    expected["hours_text"] = json!("请电话预约");
    for name in ["revision", "updated_at"] {
        expected[name] = after[name].clone();
    }
    assert_eq!(after, expected);
}

#[test]
fn a_patch_moves_a_station_in_the_datum_that_it_names() {
    let kept = Kept::demo();
    let path = format!("{ITEMS}/sy-001?coord=gcj02");
    let body = json!({ "geometry": { "type": "Point", "coordinates": [109.51, 18.26] } });
    let after = kept
        .edit("PATCH", &path, &[("if-match", "*")], Some(&body))
        .json();
    assert_eq!(
        after["properties"]["original"],
        json!({ "lon": 109.51, "lat": 18.26, "datum": "gcj02" })
    );
    let lon = after["geometry"]["coordinates"][0].as_f64().unwrap();
    assert!((0.003..0.007).contains(&(109.51 - lon)), "{lon}");
    let found = kept
        .service
        .features("/v1/nearest?lon=109.51&lat=18.26&coord=gcj02&limit=1");
    assert_eq!(
        (&found[0]["id"], found[0]["properties"]["distance_m"].as_f64()),
        (&json!("sy-001"), Some(0.0))
    );
}

#[test]
fn a_removed_station_is_gone_and_leaves_a_tombstone() {
    let kept = Kept::demo();
    let path = format!("{ITEMS}/sy-001");
    assert_eq!(kept.edit("DELETE", &path, &[("if-match", "*")], None).status, 204);
    assert_eq!(kept.item("sy-001").status, 404);
    assert_eq!(kept.service.get(ITEMS).json()["numberMatched"], 73);
    assert_eq!(kept.edit("DELETE", &path, &[("if-match", "*")], None).status, 404);
    let changes = kept.service.get("/v1/changes?limit=5000").json();
    let last = changes["changes"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["id"], &last["kind"], &last["feature"]),
        (&json!("sy-001"), &json!("remove"), &Value::Null)
    );
}

#[test]
fn the_log_keeps_who_and_why() {
    let kept = Kept::demo();
    let why = ("x-yizhan-why", "%E6%8D%A2%E4%BA%86%E7%94%B5%E8%AF%9D");
    let path = format!("{ITEMS}/sy-001");
    kept.edit(
        "PATCH",
        &path,
        &[("if-match", "*"), why],
        Some(&json!({"properties":{"phone":"1"}})),
    );
    let history = kept.run(kept.keeper.store().history("sy-001", 5)).unwrap();
    assert_eq!(
        (history[0].who.as_str(), history[0].why.as_deref()),
        ("测试员", Some("换了电话"))
    );
}

#[test]
fn a_register_of_files_is_read_only_and_says_how_to_change_that() {
    let refused = crate::client::demo().send(
        "POST",
        ITEMS,
        &[("content-type", "application/json")],
        Some("{}".into()),
    );
    assert_eq!((refused.status, refused.code().as_str()), (405, "read_only"));
    assert!(refused.text().contains("--database"));
    assert_eq!(refused.header("allow"), "GET, HEAD, OPTIONS");
    assert_eq!(crate::client::demo().get("/v1/changes").code(), "read_only");
}

#[test]
fn a_station_above_the_limit_is_refused_and_one_at_the_limit_is_read() {
    let kept = Kept::demo();
    let bearer = format!("Bearer {}", kept.editor);
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let mut body = feature("x", 109.2, 18.1).to_string().into_bytes();
    body.resize(262_144, b' ');
    assert_eq!(
        kept.service
            .send("POST", ITEMS, &headers, Some(body.clone()))
            .status,
        201
    );
    body.push(b' ');
    let refused = kept.service.send("POST", ITEMS, &headers, Some(body));
    assert_eq!((refused.status, refused.code().as_str()), (413, "body_too_large"));
}
