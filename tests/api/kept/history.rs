//! What became of a station, field by field; and a station whose id is that of another path.

use serde_json::{Value, json};

use crate::client::one_worker;
use crate::service::{ITEMS, Kept, feature};

fn history(kept: &Kept, id: &str, query: &str) -> Value {
    let answer = kept.service.get(&format!("{ITEMS}/{id}/history{query}"));
    assert_eq!(answer.status, 200, "{id}: {}", answer.text());
    answer.json()
}

/// A station that was made, changed three times and removed.
fn a_life(kept: &Kept, id: &str) {
    let mut new = feature("海边驿站", 109.2, 18.1);
    new["id"] = json!(id);
    let why = ("x-yizhan-why", "%E6%96%B0%E5%BB%BA");
    assert_eq!(kept.edit("POST", ITEMS, &[why], Some(&new)).status, 201);
    let path = format!("{ITEMS}/{}", id.replace('/', "%2F"));
    for patch in [
        json!({ "properties": { "phone": "12351", "facilities": { "toilet": "yes" } } }),
        json!({ "properties": { "phone": "12345", "hours": "24/7" } }),
        json!({ "properties": { "phone": null } }),
    ] {
        let done = kept.edit("PATCH", &path, &[("if-match", "*")], Some(&patch));
        assert_eq!(done.status, 200, "{}", done.text());
    }
    assert_eq!(kept.edit("DELETE", &path, &[("if-match", "*")], None).status, 204);
}

fn change(field: &str, old: Option<&str>, new: Option<&str>) -> Value {
    json!({ "field": field, "old": old, "new": new })
}

#[test]
fn every_revision_is_told_from_the_latest_field_by_field_also_of_a_removed_station() {
    let kept = Kept::demo();
    a_life(&kept, "海/边");
    assert_eq!(kept.item("%E6%B5%B7%2F%E8%BE%B9").status, 404);
    let told = history(&kept, "%E6%B5%B7%2F%E8%BE%B9", "");
    assert_eq!(
        (&told["station"], &told["numberReturned"], &told["next"]),
        (&json!("海/边"), &json!(5), &Value::Null)
    );
    let entries = told["history"].as_array().unwrap();
    let what: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry["revision"].as_u64().unwrap(),
                entry["what"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        what,
        [
            (6, "removed"),
            (5, "changed"),
            (4, "changed"),
            (3, "changed"),
            (2, "created")
        ]
    );
    assert_eq!(
        entries[1]["changes"],
        json!([change("phone", Some("12345"), None)])
    );
    assert_eq!(
        entries[2]["changes"],
        json!([
            change("hours", None, Some("24/7")),
            change("phone", Some("12351"), Some("12345"))
        ])
    );
    assert_eq!(
        entries[3]["changes"],
        json!([
            change("phone", None, Some("12351")),
            change("facilities.toilet", Some("unknown"), Some("yes"))
        ])
    );
}

#[test]
fn a_new_station_and_a_removed_one_are_told_with_all_that_was_known() {
    let kept = Kept::demo();
    a_life(&kept, "x");
    let told = history(&kept, "x", "");
    let entries = told["history"].as_array().unwrap();
    let made = &entries[4];
    assert_eq!(
        (&made["who"], &made["why"], &made["kind"]),
        (&json!("测试员"), &json!("新建"), &json!("edit"))
    );
    assert_eq!(
        made["changes"],
        json!([
            change("name", None, Some("海边驿站")),
            change("location", None, Some("109.200000,18.100000 (wgs84)")),
            change("status", None, Some("open"))
        ])
    );
    let gone = entries[0]["changes"].as_array().unwrap();
    assert!(gone.iter().all(|change| change["new"].is_null()));
    assert_eq!(gone.len(), 5, "{gone:?}");
}

#[test]
fn pages_of_a_history_are_the_whole_of_it() {
    let kept = Kept::demo();
    a_life(&kept, "x");
    let whole = history(&kept, "x", "")["history"].clone();
    for limit in [1, 2, 5, 9] {
        let (mut entries, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = history(&kept, "x", &format!("?limit={limit}{cursor}"));
            entries.extend(page["history"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(json!(entries), whole, "{limit}");
    }
    // The first load of a station that nobody changed.
    let first = history(&kept, "sy-001", "");
    assert_eq!(
        (&first["history"][0]["kind"], &first["numberReturned"]),
        (&json!("load"), &json!(1))
    );
    for (path, status, code) in [
        ("nowhere/history", 404, "not_found"),
        ("x/history?cursor=abc", 400, "invalid_parameter"),
        ("x/history?cursor=aC0x", 400, "invalid_parameter"),
        ("x/history?limit=none", 400, "invalid_parameter"),
        ("x/history?since=1", 400, "unknown_parameter"),
    ] {
        let refused = kept.service.get(&format!("{ITEMS}/{path}"));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (status, code),
            "{path}"
        );
    }
}

#[test]
fn a_station_with_the_id_search_is_edited_like_any_other() {
    let kept = Kept::with(&[crate::world::station("search", 109.5, 18.25)], one_worker());
    let path = format!("{ITEMS}/search");
    let seen = kept.item("search");
    assert_eq!((seen.status, &seen.json()["id"]), (200, &json!("search")));
    let phone = json!({ "properties": { "phone": "12351" } });
    let patched = kept.edit("PATCH", &path, &[("if-match", seen.header("etag"))], Some(&phone));
    assert_eq!(
        (patched.status, &patched.json()["properties"]["phone"]),
        (200, &json!("12351"))
    );
    let put = kept.edit(
        "PUT",
        &path,
        &[("if-match", "*")],
        Some(&feature("新名", 109.5, 18.25)),
    );
    assert_eq!(
        (put.status, &put.json()["properties"]["name"]),
        (200, &json!("新名"))
    );
    assert_eq!(kept.report("search", &json!({ "kind": "no_water" })).status, 201);
    assert_eq!(history(&kept, "search", "")["numberReturned"], 3);
    // The polygon search is where it was.
    let area = json!({ "type": "Polygon", "coordinates": [[[109, 18], [110, 18], [110, 19], [109, 19], [109, 18]]] });
    let found = kept.service.post_geo_json(&path, area.to_string());
    assert_eq!((found.status, found.ids()), (200, vec!["search".to_owned()]));
    assert_eq!(kept.edit("DELETE", &path, &[("if-match", "*")], None).status, 204);
    assert_eq!(kept.item("search").status, 404);
}
