//! The planner's endpoints over HTTP: that all forms say the same, that parts add up, tags, languages, media types.

mod bad_questions;
mod bodies;
mod events;
mod other_demand;
mod what_if;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use yizhan::http::{ApiState, Published};
use yizhan::locator::{Reference, Snapshot};

use crate::client::{Answer, Service, demo};
use crate::world;

/// One district of the demo city, and stations that have some unknowns.
const JIYANG: &str = "district=460203&facilities=toilet";

/// Sends a JSON body.
fn post(service: &Service, path: &str, body: &Value) -> Answer {
    post_bytes(service, path, body.to_string().into_bytes())
}

fn post_bytes(service: &Service, path: &str, body: Vec<u8>) -> Answer {
    service.send("POST", path, &[("content-type", "application/json")], Some(body))
}

/// The document of an answer that must be there, without the time at which it was made.
fn document(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut document = answer.json();
    without_time(&mut document);
    document
}

fn without_time(document: &mut Value) {
    if let Some(members) = document.as_object_mut() {
        members.remove("timeStamp");
        for part in ["before", "after", "coverage"] {
            if let Some(part) = members.get_mut(part) {
                without_time(part);
            }
        }
    }
}

fn asked(path: &str) -> Value {
    document(&demo().get(path))
}

/// A table as rows of column → cell.
fn rows(answer: &Answer) -> Vec<BTreeMap<String, String>> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| unreachable!("a number and not {value}"))
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// The codes of the notes of a document.
fn notes(document: &Value) -> BTreeMap<String, Value> {
    let notes = list(&document["notes"]).iter();
    notes
        .map(|note| (note["code"].as_str().expect("a code").to_owned(), note.clone()))
        .collect()
}

#[test]
fn all_forms_say_the_same_of_each_place() {
    let whole = asked(&format!("/v1/coverage?{JIYANG}"));
    let places = &whole["overall"]["places"];
    let table = rows(&demo().get(&format!("/v1/coverage?{JIYANG}&f=csv&table=cells")));
    let features = demo().features(&format!("/v1/coverage?{JIYANG}&f=geojson&shape=cells"));
    assert_eq!(places["total"], table.len());
    assert_eq!(table.len(), features.len());
    for cover in ["sure", "perhaps", "not"] {
        let of_table = table.iter().filter(|row| row["cover"] == cover).count();
        assert_eq!(places[cover], of_table, "{cover}");
    }
    for (row, feature) in table.iter().zip(&features) {
        let properties = &feature["properties"];
        for column in ["district", "cover", "nearest_station", "nearest_perhaps_station"] {
            let value = properties[column].as_str().unwrap_or_default();
            assert_eq!(row[column], value, "{column}");
        }
        for column in ["distance_m", "distance_perhaps_m", "area_m2"] {
            let value = row[column].parse::<f64>().expect("a number");
            assert_eq!(json!(number(&properties[column])), json!(value), "{column}");
        }
    }
    let weight = &whole["overall"]["weights"][0];
    let sure = table.iter().filter(|row| row["cover"] == "sure");
    let sure: f64 = sure
        .map(|row| row["area_m2"].parse::<f64>().expect("a number"))
        .sum();
    assert!(
        (sure - number(&weight["sure"])).abs() < 1.0,
        "{sure} and {weight}"
    );
    let file = demo().get(&format!("/v1/coverage?{JIYANG}&f=fgb"));
    assert!(file.body.starts_with(b"fgb\x03fgb"));
    assert_eq!(file.media_type(), "application/vnd.flatgeobuf");
}

#[test]
fn tables_and_areas_have_the_numbers_of_the_document() {
    let whole = asked("/v1/coverage?facilities=toilet&lang=en");
    let table = rows(&demo().get("/v1/coverage?facilities=toilet&f=csv"));
    let of_document = list(&whole["districts"]).iter().chain([&whole["overall"]]);
    assert_eq!(table.len(), list(&whole["districts"]).len() + 1);
    for (row, of_row) in table.iter().zip(of_document) {
        assert_eq!(row["adcode"], of_row["adcode"].as_str().unwrap_or_default());
        let share = number(&of_row["weights"][0]["sure_share"]);
        assert_eq!(row["area_m2_sure_share"], share.to_string());
        assert_eq!(
            row["p90_m"],
            number(&of_row["distances"]["by_place"]["p90_m"]).to_string()
        );
    }
    let facilities = rows(&demo().get("/v1/coverage?facilities=toilet&f=csv&table=facilities&lang=en"));
    for (row, of_row) in facilities.iter().zip(list(&whole["facilities"])) {
        assert_eq!(row["facility"], of_row["facility"].as_str().expect("a word"));
        assert_eq!(row["name"], of_row["name"].as_str().expect("a name"));
        assert_eq!(row["places"], of_row["places"]["total"].to_string());
    }
    let areas = demo().features("/v1/coverage?facilities=toilet&f=geojson");
    for cover in ["sure", "perhaps"] {
        let areas = areas.iter().filter(|area| area["properties"]["cover"] == cover);
        let sum_m2: f64 = areas.map(|area| number(&area["properties"]["area_m2"])).sum();
        let told_m2 = number(&whole["overall"]["area"][format!("{cover}_m2")]);
        assert!((sum_m2 - told_m2).abs() < 10.0, "{cover}: {sum_m2} and {told_m2}");
    }
}

#[test]
fn districts_add_up_and_one_alone_is_its_row() {
    let whole = asked("/v1/coverage?facilities=toilet&at=tu-22:30");
    let districts = list(&whole["districts"]);
    for part in ["total", "sure", "perhaps", "not"] {
        let places = districts
            .iter()
            .filter_map(|row| row["places"][part].as_u64())
            .sum::<u64>();
        assert_eq!(json!(places), whole["overall"]["places"][part], "{part}");
        let weight = districts.iter().map(|row| number(&row["weights"][0][part]));
        let weight: f64 = weight.sum();
        assert!((weight - number(&whole["overall"]["weights"][0][part])).abs() < 1.0);
    }
    for row in districts {
        let adcode = row["adcode"].as_str().expect("a code");
        let alone = asked(&format!(
            "/v1/coverage?facilities=toilet&at=tu-22:30&district={adcode}"
        ));
        assert_eq!(list(&alone["districts"]), std::slice::from_ref(row));
        for member in ["places", "weights", "area", "distances"] {
            assert_eq!(alone["overall"][member], row[member], "{adcode} {member}");
        }
    }
}

#[test]
fn an_hour_asked_alone_is_its_row_of_by_hour() {
    let same = |by_hour: &str, hours: &[(usize, &str)]| {
        let table = asked(&format!("/v1/coverage/by-hour?{JIYANG}{by_hour}"));
        for (row, at) in hours {
            let alone = asked(&format!("/v1/coverage?{JIYANG}&at={at}"));
            let shares =
                |of: &Value| ["sure_share", "perhaps_share"].map(|name| of["weights"][0][name].clone());
            assert_eq!(shares(&table["hours"][row]), shares(&alone["overall"]), "{at}");
            assert_eq!(
                shares(&table["districts"][0]["hours"][row]),
                shares(&alone["districts"][0]),
                "{at}"
            );
        }
        table
    };
    let week = same(
        "",
        &[
            (4, "mo-04:00"),
            (36, "tu-12:00"),
            (161, "su-17:00"),
            (167, "SU-23:00"),
        ],
    );
    assert_eq!(list(&week["hours"]).len(), 168);
    assert_eq!(week["span"]["kind"], "ordinary_week");
    let holiday = same(
        "&date=2026-10-01",
        &[(4, "2026-10-01T04:00:00%2B08:00"), (12, "2026-10-01T04:00:00Z")],
    );
    assert_eq!(holiday["span"]["days"][0]["kind"], "statutory_day_off");
    let make_up = same(
        "&week=2026-02-14",
        &[(5 * 24 + 10, "2026-02-14T10:00:00%2B08:00")],
    );
    assert_eq!(make_up["span"]["days"][5]["kind"], "make_up_workday");
    let table = rows(&demo().get(&format!("/v1/coverage/by-hour?{JIYANG}&f=csv")));
    assert_eq!(table.len(), 2 * 168);
    assert_eq!(table[4]["hour"], "mo-04");
    let share = number(&week["hours"][4]["weights"][0]["sure_share"]);
    assert_eq!(table[4]["area_m2_sure_share"], share.to_string());
}

#[test]
fn all_forms_have_the_same_gaps() {
    let path = "/v1/coverage/gaps?facilities=toilet&radius_m=2000&limit=3";
    let whole = asked(path);
    let gaps = list(&whole["gaps"]);
    let (table, features) = (
        rows(&demo().get(&format!("{path}&f=csv"))),
        demo().features(&format!("{path}&f=geojson")),
    );
    assert!(
        number(&whole["numberMatched"]) >= 3.0,
        "{}",
        whole["numberMatched"]
    );
    assert_eq!((gaps.len(), table.len(), features.len()), (3, 3, 3));
    for (position, gap) in gaps.iter().enumerate() {
        assert_eq!(gap["rank"], position + 1);
        assert_eq!(features[position]["properties"], *gap);
        assert_eq!(table[position]["rank"], gap["rank"].to_string());
        let value = number(&gap["weights"][0]["value"]);
        assert_eq!(
            table[position]["area_m2"]
                .parse::<f64>()
                .ok()
                .map(|area| (area - value).abs() < 1.0),
            Some(true)
        );
    }
    let weights: Vec<f64> = gaps
        .iter()
        .map(|gap| number(&gap["weights"][0]["value"]))
        .collect();
    assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
    assert!(
        demo()
            .get(&format!("{path}&f=fgb"))
            .body
            .starts_with(b"fgb\x03fgb")
    );
    let sure = asked(&format!("{path}&covered_from=sure"));
    let uncovered = |document: &Value| {
        let gaps = list(&document["gaps"]).iter();
        gaps.map(|gap| number(&gap["weights"][0]["value"]))
            .fold(0.0, f64::max)
    };
    assert!(uncovered(&sure) >= uncovered(&whole));
}

#[test]
fn the_question_is_told_with_its_defaults() {
    let question = |query: &str| asked(&format!("/v1/coverage?district=460202{query}"))["question"].clone();
    let plain = question("");
    assert_eq!(
        plain["reach"],
        json!({"radius_m": 833.3, "minutes": 15.0, "mode": "walk", "method": "straight_line_x_detour",
            "speed_m_s": 1.25, "detour_factor": 1.35, "k": 1})
    );
    assert_eq!((&plain["at"], &plain["hosts"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&plain["status"], &plain["district"]),
        (&json!(["open"]), &json!(["海棠区"]))
    );
    let other = question("&radius_m=500&k=2&hosts=union&at=mo-04:00&status=planned,open");
    assert_eq!(
        (&other["reach"]["radius_m"], &other["reach"]["minutes"]),
        (&json!(500.0), &Value::Null)
    );
    assert_eq!(
        (&other["reach"]["k"], &other["hour_of_week"]),
        (&json!(2), &json!("mo-04:00"))
    );
    assert!(other["at"].as_str().expect("a time").ends_with("T04:00:00+08:00"));
    assert_eq!(other["status"], json!(["planned", "open"]));
}

#[test]
fn no_station_that_matches_leaves_everything_not_covered_and_says_so() {
    let none = asked("/v1/coverage?status=closed");
    assert_eq!(
        none["overall"]["places"]["not"],
        none["overall"]["places"]["total"]
    );
    assert_eq!(none["overall"]["weights"][0]["not_share"], 1.0);
    assert_eq!(none["overall"]["area"]["sure_m2"], 0.0);
    assert_eq!(none["overall"]["distances"]["by_place"], Value::Null);
    assert!(notes(&none).contains_key("no_station"));
    let gaps = asked("/v1/coverage/gaps?status=closed&limit=1");
    assert_eq!(gaps["gaps"][0]["farthest"], Value::Null);
    assert_eq!(
        list(&asked("/v1/coverage/by-hour?status=closed")["carries"]).len(),
        0
    );
}

/// A register without outlines.
fn without_districts(stations: Vec<yizhan::domain::station::Station>) -> Service {
    let reference = Reference {
        districts: Arc::new([]),
        ..world::reference()
    };
    let state = ApiState::default();
    state.publish(Published::new(Snapshot::build(stations, reference, 1)));
    Service::start(state)
}

#[test]
fn without_stations_and_districts_there_is_no_demand() {
    let service = without_districts(Vec::new());
    for path in [
        "/v1/coverage",
        "/v1/coverage/gaps",
        "/v1/coverage/by-hour",
        "/v1/report",
    ] {
        let answer = service.get(path);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "no_demand"),
            "{path}"
        );
        assert_eq!(answer.json()["title_zh"], "没有需求数据");
    }
    let demand = json!({"demand": bodies::points(&[(109.5, 18.2, 3.0)])});
    let own = document(&post(&service, "/v1/coverage", &demand));
    assert_eq!(
        (&own["overall"]["places"]["not"], &own["overall"]["area"]),
        (&json!(1), &Value::Null)
    );
}

#[test]
fn without_districts_the_extent_of_the_stations_is_asked_about() {
    let service = without_districts(vec![
        world::station("a", 109.5, 18.2),
        world::station("b", 109.6, 18.3),
    ]);
    let answer = document(&service.get("/v1/coverage?lang=en"));
    assert_eq!(list(&answer["districts"]).len(), 1);
    assert_eq!(answer["demand"]["kind"], "even_grid");
    assert!(number(&answer["overall"]["places"]["sure"]) > 0.0);
}

#[test]
fn the_form_follows_f_then_accept_and_without_both_it_is_the_document() {
    let path = "/v1/coverage?district=460202&minutes=5";
    for (accept, media_type) in [
        ("*/*", "application/json"),
        ("application/geo+json", "application/geo+json"),
        ("text/csv", "text/csv"),
        ("application/vnd.flatgeobuf", "application/vnd.flatgeobuf"),
        ("text/html,*/*;q=0.8", "application/json"),
        ("application/json;q=0.2, text/csv;q=0.9", "text/csv"),
    ] {
        let answer = demo().get_with(path, &[("accept", accept)]);
        assert_eq!(
            (answer.status, answer.media_type()),
            (200, media_type),
            "{accept}"
        );
        assert!(
            answer
                .header("vary")
                .starts_with("Accept, Accept-Language, Accept-Encoding")
        );
    }
    let named = demo().get_with(&format!("{path}&f=csv"), &[("accept", "application/json")]);
    assert_eq!(named.header("content-type"), "text/csv; charset=utf-8");
    for path in [path, "/v1/coverage/gaps", "/v1/coverage/by-hour"] {
        let neither = demo().get_with(path, &[("accept", "image/png")]);
        assert_eq!((neither.status, neither.code().as_str()), (406, "not_acceptable"));
    }
    let no_map = demo().get_with("/v1/coverage/by-hour", &[("accept", "application/geo+json")]);
    assert_eq!((no_map.status, no_map.code().as_str()), (406, "not_acceptable"));
}

#[test]
fn the_language_changes_texts_and_no_number() {
    let ask = |headers: &[(&str, &str)]| document(&demo().get_with("/v1/coverage?district=460202", headers));
    let (zh, en) = (ask(&[]), ask(&[("accept-language", "en")]));
    assert_eq!(zh["overall"], en["overall"]);
    assert_eq!(zh["question"], en["question"]);
    assert_ne!(notes(&zh)["even_grid"]["text"], notes(&en)["even_grid"]["text"]);
    assert_ne!(zh["facilities"][0]["name"], en["facilities"][0]["name"]);
}

#[test]
fn a_tag_stands_for_the_question_and_the_minute() {
    for path in [
        "/v1/coverage?district=460202",
        "/v1/coverage/gaps?district=460202",
        "/v1/coverage/by-hour?district=460202",
    ] {
        // The minute may end between two requests, but not again and again.
        let is_known = (0..3).any(|_| {
            let first = demo().get(path);
            assert_eq!(first.header("cache-control"), "public, max-age=60");
            let again = demo().get_with(path, &[("if-none-match", first.header("etag"))]);
            assert!(again.status == 200 || again.body.is_empty());
            again.status == 304 && again.header("etag") == first.header("etag")
        });
        assert!(is_known, "{path}");
        let other = demo().get_with(path, &[("if-none-match", "W/\"1-0000000000000000\"")]);
        assert_eq!(other.status, 200);
        let head = demo().send("HEAD", path, &[], None);
        assert_eq!(
            (head.status, head.body.len(), head.media_type()),
            (200, 0, "application/json")
        );
        assert!(!head.header("etag").is_empty());
        let options = demo().send("OPTIONS", path, &[], None);
        assert_eq!(
            (options.status, options.header("allow")),
            (204, "GET, HEAD, POST, OPTIONS")
        );
        let wrong = demo().send("PATCH", path, &[], None);
        assert_eq!((wrong.status, wrong.code().as_str()), (405, "method_not_allowed"));
    }
    let report = demo().send("OPTIONS", "/v1/report", &[], None);
    assert_eq!(
        (report.status, report.header("allow")),
        (204, "GET, HEAD, OPTIONS")
    );
}

#[test]
fn a_report_is_one_page_in_the_language_asked_for() {
    let page = |query: &str| {
        let answer = demo().get(&format!("/v1/report?district=460203&limit=2{query}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        answer.text().to_owned()
    };
    let zh = page("&title=%3Cb%3E%26");
    assert!(zh.contains("lang=\"zh") && zh.contains("&lt;b&gt;&amp;") && !zh.contains("<b>&"));
    assert!(page("&lang=en&standard=sanya-ten").contains("lang=\"en"));
    let long = "%E9%A9%BF".repeat(81);
    let refused = demo().get(&format!("/v1/report?title={long}")).json();
    assert_eq!(
        (&refused["status"], &refused["parameter"]),
        (&json!(400), &json!("title"))
    );
}
