//! `GET /v1/audit` over HTTP: forms, pages, tags, languages, and that all forms say the same.

use std::collections::BTreeMap;

use serde_json::Value;
use yizhan::domain::facility::{Facility, FacilityState};

use crate::client::{Service, demo};
use crate::world;

const TEN: &str = "/v1/audit?standard=sanya-ten&today=2026-11-22";

/// A table as rows of column → cell.
fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn all_forms_say_the_same_of_each_station() {
    let whole = demo().get(TEN).json();
    let table = rows(demo().get(&format!("{TEN}&f=csv")).text());
    let points = demo().features(&format!("{TEN}&f=geojson"));
    let stations = whole["stations"].as_array().expect("stations");
    assert_eq!((stations.len(), table.len(), points.len()), (68, 68, 68));
    assert_eq!(whole["summary"]["pass"], 17);
    for ((station, row), point) in stations.iter().zip(&table).zip(&points) {
        assert_eq!(station["id"], row["id"].as_str());
        assert_eq!(station["id"], point["id"]);
        let properties = &point["properties"];
        for (name, cell) in row {
            let value = match (name.as_str(), &properties[name]) {
                ("id" | "lon" | "lat" | "coord" | "standard" | "today" | "revision", _) => continue,
                (_, Value::Null) => String::new(),
                (_, Value::String(text)) => text.clone(),
                (_, other) => other.to_string(),
            };
            assert_eq!(*cell, value, "{name}");
        }
        assert_eq!(station["result"], properties["result"]);
        assert_eq!(station["rank"], properties["rank"]);
        for (item, verdict) in station["items"].as_object().expect("items") {
            assert_eq!(*verdict, row[&format!("item_{item}")].as_str(), "{item}");
        }
        let has_actions = !station["actions"].as_array().expect("actions").is_empty();
        assert_eq!(
            has_actions,
            station["result"] != "pass",
            "what does not pass has something to be done"
        );
        assert_eq!(row["actions"].is_empty(), !has_actions);
        assert_eq!(
            (row["standard"].as_str(), row["today"].as_str()),
            ("sanya-ten", "2026-11-22")
        );
    }
}

#[test]
fn totals_add_up_and_name_what_they_were_made_from() {
    let whole = demo().get(TEN).json();
    assert_eq!(
        (&whole["revision"], &whole["today"]),
        (&1.into(), &"2026-11-22".into())
    );
    assert_eq!(whole["standard"]["name"]["zh"], "三亚“十个一”");
    assert_eq!(
        (&whole["synthetic"], &whole["numberMatched"]),
        (&68.into(), &68.into())
    );
    let total = |row: &Value| {
        ["pass", "fail", "unknown"]
            .map(|name| row[name].as_u64().expect("a count"))
            .iter()
            .sum::<u64>()
    };
    assert!(
        whole["items"]
            .as_array()
            .expect("items")
            .iter()
            .all(|item| total(item) == 68)
    );
    let districts = whole["districts"].as_array().expect("districts");
    assert_eq!(districts.iter().map(total).sum::<u64>(), 68);
    let shares: Vec<f64> = districts
        .iter()
        .map(|district| district["share_pass"].as_f64().expect("a share"))
        .collect();
    assert!(shares.is_sorted_by(|a, b| a >= b), "{shares:?}");
    let by_kind = whole["to_do"]["by_heaviest_action"].as_object().expect("kinds");
    let to_do: u64 = by_kind.values().filter_map(Value::as_u64).sum();
    assert_eq!((to_do, &whole["to_do"]["stations"]), (51, &51.into()));
    assert_eq!(whole["to_do"]["first"].as_array().map(Vec::len), Some(51));
}

#[test]
fn pages_hold_every_station_once_and_each_has_the_totals_of_all() {
    for form in ["json", "geojson", "csv"] {
        let mut next = Some(format!("{TEN}&limit=30&f={form}"));
        let (mut ids, mut pages) = (Vec::new(), 0);
        while let Some(path) = next {
            let answer = demo().get(&path);
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            pages += 1;
            if form == "csv" {
                ids.extend(rows(answer.text()).into_iter().map(|row| row["id"].clone()));
            } else {
                let page = answer.json();
                assert_eq!(page["summary"]["stations"], 68);
                let entries = [&page["stations"], &page["features"]];
                let entries = entries.iter().filter_map(|entry| entry.as_array()).flatten();
                ids.extend(entries.map(|entry| entry["id"].as_str().expect("an id").to_owned()));
            }
            let links = answer.header("link").to_owned();
            let link = links.split(", ").find(|link| link.contains("rel=\"next\""));
            next = link.map(|link| {
                let url = link
                    .trim_start_matches('<')
                    .split('>')
                    .next()
                    .expect("an address");
                let at = url.find("/v1/").expect("a path");
                url.get(at..).expect("a path").to_owned()
            });
        }
        assert_eq!((ids.len(), pages), (68, 3), "{form}");
        assert!(ids.is_sorted(), "{form}");
        ids.dedup();
        assert_eq!(ids.len(), 68, "{form}");
    }
}

#[test]
fn the_form_follows_f_then_accept_and_without_both_it_is_json() {
    for (accept, media_type) in [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/geo+json", "application/geo+json"),
        ("text/csv", "text/csv"),
        ("text/html,*/*;q=0.8", "application/json"),
        ("text/plain", "text/plain"),
        ("application/json;q=0.2, text/csv;q=0.9", "text/csv"),
    ] {
        let answer = demo().get_with(TEN, &[("accept", accept)]);
        assert_eq!(
            (answer.status, answer.media_type()),
            (200, media_type),
            "{accept}"
        );
    }
    let named = demo().get_with(&format!("{TEN}&f=csv"), &[("accept", "application/json")]);
    assert_eq!(named.header("content-type"), "text/csv; charset=utf-8");
    let neither = demo().get_with(TEN, &[("accept", "image/png")]);
    assert_eq!((neither.status, neither.code().as_str()), (406, "not_acceptable"));
}

#[test]
fn a_tag_stands_for_the_day_and_the_question() {
    let tag = |path: &str| demo().get(path).header("etag").to_owned();
    let today = tag(TEN);
    assert_eq!(today, tag(TEN));
    assert_ne!(today, tag("/v1/audit?standard=sanya-ten&today=2026-11-23"));
    assert_ne!(today, tag("/v1/audit?standard=sanya-six&today=2026-11-22"));
    let known = demo().get_with(TEN, &[("if-none-match", &today)]);
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(known.header("etag"), today);
    assert_eq!(demo().get(TEN).header("cache-control"), "public, max-age=60");
    let head = demo().send("HEAD", TEN, &[], None);
    assert_eq!(
        (head.status, head.body.len(), head.header("etag")),
        (200, 0, today.as_str())
    );
}

#[test]
fn ages_are_told_as_of_the_day_that_is_asked() {
    let age = |day: &str| {
        let path = format!("/v1/audit?standard=sanya-ten&today={day}&limit=1");
        demo().get(&path).json()["stations"][0]["days_since_verified"].clone()
    };
    // sy-001 was verified on 2026-10-07.
    assert_eq!(age("2026-10-07"), 0);
    assert_eq!(age("2026-11-22"), 46);
    assert_eq!(age("2026-10-01"), -6);
    let early = demo().get("/v1/audit?standard=sanya-ten&today=2000-01-01").json();
    assert_eq!(early["verification"]["after_today"], 68);
    assert_eq!(early["verification"]["median_days"], Value::Null);
}

#[test]
fn the_language_changes_texts_and_no_word_for_programs() {
    let ask = |lang: &str| demo().get(&format!("{TEN}&lang={lang}")).json();
    let (zh, en) = (ask("zh"), ask("en"));
    assert_eq!(zh["to_do"]["first"][0]["text"], "核实雨伞");
    assert_eq!(en["to_do"]["first"][0]["text"], "check umbrellas");
    assert_eq!(zh["items"][2]["name"], "一台微波炉");
    assert_eq!(en["items"][2]["name"], "a microwave oven");
    for member in ["summary", "districts", "verification", "map_listings"] {
        assert_eq!(zh[member], en[member], "{member}");
    }
    let text = demo().get(&format!("{TEN}&f=txt&lang=en"));
    assert!(
        text.text()
            .contains("68 stations: 17 pass, 32 fail, 19 not known")
    );
}

#[test]
fn stations_that_are_not_in_service_count_only_when_asked() {
    let matched = |more: &str| demo().get(&format!("{TEN}{more}")).json()["numberMatched"].clone();
    assert_eq!(matched(""), 68);
    assert_eq!(matched("&status=planned"), 3);
    assert_eq!(matched("&status=planned,open,suspended"), 74);
    assert_eq!(matched("&status=closed"), 0);
    assert_eq!(matched("&district=460202"), 8);
    let none = demo().get(&format!("{TEN}&status=closed")).json();
    assert_eq!(none["summary"]["share_pass"], Value::Null);
}

#[test]
fn an_unknown_standard_is_answered_with_those_that_there_are() {
    for path in ["/v1/audit", "/v1/audit?standard=ten"] {
        let problem = demo().get(path).json();
        assert_eq!(problem["parameter"], "standard");
        let expected = problem["expected"].as_str().expect("a text");
        for id in [
            "sanya-ten",
            "sanya-eight",
            "sanya-six",
            "six-haves",
            "guizhou-seven",
        ] {
            assert!(expected.contains(id), "{expected}");
        }
    }
}

#[test]
fn the_default_and_the_largest_page_are_what_the_contract_says() {
    let mut stations: Vec<_> = (0..10_001)
        .map(|number| world::station(&format!("{number:05}"), 109.5, 18.2))
        .collect();
    for station in &mut stations {
        station
            .facilities
            .set(Facility::Toilet, FacilityState::OutOfOrder);
    }
    let service = Service::start(world::state(stations));
    let page = |more: &str| {
        let answer = service.get(&format!("{TEN}&f=csv{more}"));
        (
            answer.text().lines().count() - 1,
            answer.header("link").contains("rel=\"next\""),
        )
    };
    assert_eq!(page(""), (1000, true));
    assert_eq!(page("&limit=10000"), (10_000, true));
    assert_eq!(page("&limit=10001"), (10_000, true));
    let whole = service.get(&format!("{TEN}&limit=1")).json();
    assert_eq!(whole["summary"]["fail"], 10_001);
    assert_eq!(whole["items"][4]["out_of_order"], 10_001);
    assert_eq!(whole["to_do"]["first"].as_array().map(Vec::len), Some(100));
}
