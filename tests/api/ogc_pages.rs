//! Pages of items: all of them, each once, also while records change.

use std::collections::BTreeSet;

use serde_json::json;
use yizhan::domain::station::Station;
use yizhan::http::ApiState;

use crate::client::{Answer, Service, demo};
use crate::world;

const ITEMS: &str = "/v1/collections/stations/items";

/// Reads page after page; `between` is called after each.
fn walk(service: &Service, path: &str, mut between: impl FnMut()) -> (Vec<Answer>, Vec<String>) {
    let (mut pages, mut ids) = (Vec::new(), Vec::new());
    let mut next = Some(path.to_owned());
    while let Some(address) = next {
        let page = service.get(&address);
        assert_eq!(page.status, 200, "{address}: {}", page.text());
        assert_eq!(page.json()["numberReturned"], page.ids().len());
        ids.extend(page.ids());
        next = page.link("next");
        pages.push(page);
        assert!(pages.len() <= 200, "the pages do not end");
        between();
    }
    (pages, ids)
}

fn assert_ordered_and_unique(ids: &[String]) {
    assert!(
        ids.is_sorted_by(|a, b| a < b),
        "not in the order of ids, or repeated: {ids:?}"
    );
}

#[test]
fn pages_of_every_size_hold_all_matching_stations_once() {
    for limit in [1, 7, 10, 73, 74, 75] {
        let (pages, ids) = walk(demo(), &format!("{ITEMS}?limit={limit}"), || {});
        assert_ordered_and_unique(&ids);
        assert_eq!(ids.len(), 74, "limit {limit}");
        assert_eq!(pages.len(), 74_usize.div_ceil(limit), "limit {limit}");
        assert!(
            pages.iter().all(|page| page.json()["numberMatched"] == 74),
            "limit {limit}"
        );
    }
}

#[test]
fn filters_stay_in_force_on_every_page_and_match_a_filter_by_hand() {
    let all = demo().features(&format!("{ITEMS}?limit=10000"));
    let by_hand = |keep: &dyn Fn(&serde_json::Value) -> bool| -> Vec<String> {
        let kept: Vec<_> = all
            .iter()
            .filter(|feature| keep(&feature["properties"]))
            .cloned()
            .collect();
        crate::client::ids(&kept)
    };
    let is =
        |value: &serde_json::Value, words: &[&str]| value.as_str().is_some_and(|word| words.contains(&word));
    for (query, expected) in [
        (
            "status=planned,suspended",
            by_hand(&|p| is(&p["status"], &["planned", "suspended"])),
        ),
        (
            "facilities=toilet,microwave",
            by_hand(&|p| {
                is(&p["facilities"]["toilet"], &["yes"]) && is(&p["facilities"]["microwave"], &["yes"])
            }),
        ),
        (
            "facilities=microwave&include_unknown=true",
            by_hand(&|p| is(&p["facilities"]["microwave"], &["yes", "unknown"])),
        ),
        (
            "facilities_any=shower,ice",
            by_hand(&|p| is(&p["facilities"]["shower"], &["yes"]) || is(&p["facilities"]["ice"], &["yes"])),
        ),
        (
            "hosts=bank_branch,union",
            by_hand(&|p| is(&p["host"], &["bank_branch", "union"])),
        ),
        (
            "district=460203,%E5%A4%A9%E6%B6%AF%E5%8C%BA",
            by_hand(&|p| is(&p["adcode"], &["460203", "460204"])),
        ),
        (
            "datetime=../2025-01-01T00:00:00Z",
            by_hand(&|p| p["opened_on"].as_str().is_none_or(|day| day <= "2025-01-01")),
        ),
    ] {
        let (pages, ids) = walk(demo(), &format!("{ITEMS}?{query}&limit=3"), || {});
        assert_eq!(ids, expected, "{query}");
        assert!(
            !ids.is_empty() && ids.len() < 74,
            "{query} proves nothing: {}",
            ids.len()
        );
        assert!(
            pages.iter().all(|page| page.json()["numberMatched"] == ids.len()),
            "{query}"
        );
    }
}

#[test]
fn boxes_hold_what_lies_in_them_also_across_the_180th_meridian() {
    let places = [
        ("a", 179.9, 0.0),
        ("b", -179.9, 0.0),
        ("c", 180.0, 10.0),
        ("d", 0.0, 0.0),
        ("e", 109.5, 18.25),
        ("f", 30.0, 90.0),
        ("g", 0.0, -90.0),
    ];
    let stations = places.map(|(id, lon, lat)| world::station(id, lon, lat)).to_vec();
    let service = Service::start(world::state(stations));
    for (bbox, expected) in [
        ("179,-1,-179,1", vec!["a", "b"]),
        ("179,-1,-179,10", vec!["a", "b", "c"]),
        ("-180,-90,180,90", vec!["a", "b", "c", "d", "e", "f", "g"]),
        ("-180,-1,-179,20", vec!["b", "c"]),
        ("109.5,18.25,109.5,18.25", vec!["e"]),
        ("109.5,18.25,-100,109.5,18.25,9000", vec!["e"]),
        ("-1,-1,1,1", vec!["d"]),
        ("-10,80,10,90", vec!["f"]),
        ("1,1,2,2", vec![]),
    ] {
        assert_eq!(
            service.get(&format!("{ITEMS}?bbox={bbox}")).ids(),
            expected,
            "{bbox}"
        );
    }
}

#[test]
fn a_polygon_holds_what_lies_inside_or_on_its_border_and_pages_go_on_by_the_same_body() {
    let body = r#"{"type":"Polygon","coordinates":[[[109.3,18.1],[109.6,18.1],[109.6,18.4],[109.3,18.4],[109.3,18.1]]]}"#;
    let expected = demo()
        .get(&format!("{ITEMS}?bbox=109.3,18.1,109.6,18.4&limit=10000"))
        .ids();
    let mut ids = Vec::new();
    let mut next = Some(format!("{ITEMS}/search?limit=5"));
    while let Some(address) = next {
        let page = demo().post_geo_json(&address, body);
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(page.json()["numberMatched"], expected.len());
        ids.extend(page.ids());
        next = page.link("next");
    }
    assert_eq!(ids, expected);
    assert!(ids.len() > 10 && ids.len() < 74);
}

#[test]
fn a_polygon_wider_than_half_the_earth_is_not_turned_inside_out() {
    let stations = [("in", 0.0, 0.0), ("edge", 170.0, 5.0), ("out", 180.0, 0.0)];
    let service = Service::start(world::state(
        stations
            .map(|(id, lon, lat)| world::station(id, lon, lat))
            .to_vec(),
    ));
    let body = r#"{"type":"Polygon","coordinates":[[[-170,-10],[170,-10],[170,10],[-170,10],[-170,-10]]]}"#;
    assert_eq!(
        service.post_geo_json(&format!("{ITEMS}/search"), body).ids(),
        ["edge", "in"]
    );
}

#[test]
fn holes_and_several_polygons_and_a_box_hold_together() {
    let stations = [
        ("a", 1.0, 1.0),
        ("b", 2.0, 2.0),
        ("c", 11.0, 1.0),
        ("d", 20.0, 1.0),
    ];
    let service = Service::start(world::state(
        stations
            .map(|(id, lon, lat)| world::station(id, lon, lat))
            .to_vec(),
    ));
    let body =
        json!({ "type": "Feature", "properties": null, "geometry": { "type": "MultiPolygon", "coordinates": [
        [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1.5, 1.5], [1.5, 3], [3, 3], [3, 1.5], [1.5, 1.5]]],
        [[[10, 0], [12, 0], [12, 2], [10, 2], [10, 0]]],
    ] } })
        .to_string();
    let ids = |query: &str| {
        service
            .post_geo_json(&format!("{ITEMS}/search{query}"), body.as_str())
            .ids()
    };
    assert_eq!(ids(""), ["a", "c"]);
    assert_eq!(ids("?bbox=0,0,5,5"), ["a"]);
}

fn numbered(numbers: impl IntoIterator<Item = u32>) -> Vec<Station> {
    let station = |n: u32| world::station(&format!("s-{n:03}"), 109.0 + f64::from(n) / 1000.0, 18.0);
    numbers.into_iter().map(station).collect()
}

#[test]
fn nothing_that_stays_is_repeated_or_missed_while_records_come_and_go() {
    let state: ApiState = world::state(numbered(0..100));
    let service = Service::start(state.clone());
    let mut revision = 1;
    let mut stays: BTreeSet<u32> = (0..100).collect();
    let (_, ids) = walk(&service, &format!("{ITEMS}?limit=7"), || {
        revision += 1;
        // Each time others go, among them the last ones that were read, and others come, before and after.
        let is_gone =
            |n: &u32| n.is_multiple_of(3) && n % 17 != revision % 17 || n % 7 == 6 && n % 5 == revision % 5;
        let gone: BTreeSet<u32> = (0..100).filter(is_gone).collect();
        stays.retain(|n| !gone.contains(n));
        let now = (0..100)
            .filter(|n| !gone.contains(n))
            .chain(200 + revision..220 + revision);
        state.publish(world::published(numbered(now), u64::from(revision)));
    });
    assert_ordered_and_unique(&ids);
    assert!(stays.len() > 20, "too many went for the test to prove anything");
    for n in stays {
        assert!(ids.contains(&format!("s-{n:03}")), "s-{n:03} was missed");
    }
}

#[test]
fn a_cursor_whose_station_is_gone_goes_on_behind_it() {
    let state = world::state(numbered(0..10));
    let service = Service::start(state.clone());
    let first = service.get(&format!("{ITEMS}?limit=4"));
    state.publish(world::published(numbered([0, 1, 2, 4, 5]), 2));
    let second = service.get(&first.link("next").expect("a next page"));
    assert_eq!(second.ids(), ["s-004", "s-005"]);
    assert_eq!(
        (second.link("next"), &second.json()["revision"]),
        (None, &json!(2))
    );
}

#[test]
fn a_page_for_leaflet_holds_everything_and_an_empty_register_is_an_empty_page() {
    assert_eq!(demo().get(&format!("{ITEMS}?limit=10000")).ids().len(), 74);
    let empty = Service::start(world::state(Vec::new()));
    let page = empty.get(ITEMS);
    assert_eq!(
        (page.status, page.ids().len(), &page.json()["numberMatched"]),
        (200, 0, &json!(0))
    );
    assert_eq!(page.link("next"), None);
    assert_eq!(empty.get("/v1/nearest?lon=0&lat=0").ids().len(), 0);
    assert_eq!(empty.get("/v1/collections/stations").status, 200);
}

#[test]
fn the_link_header_has_the_next_page_for_tables_and_text_too() {
    for form in ["geojson", "csv", "txt"] {
        let page = demo().get(&format!("{ITEMS}?limit=70&f={form}"));
        let links = page.header("link");
        let next = links
            .split(", ")
            .find(|link| link.contains("rel=\"next\""))
            .expect("a next page");
        let address = next.split(['<', '>']).nth(1).expect("an address");
        let last = demo().get(address);
        assert_eq!(last.status, 200);
        assert!(
            last.text().contains(if form == "txt" { "4 " } else { "sy-074" }),
            "{form}: {}",
            last.text()
        );
        assert!(!last.header("link").contains("rel=\"next\""));
    }
}
