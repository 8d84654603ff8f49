//! Places that are on the earth and still wrong: found, named, and with the fix that explains them.

use yizhan::domain::district::District;
use yizhan::import::parse_districts;

use super::*;

const DISTRICTS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","id":"460203","properties":{"name":"吉阳区"},"geometry":{"type":"Polygon","coordinates":[[[109.5,18.2],[109.7,18.2],[109.7,18.4],[109.5,18.4],[109.5,18.2]]]}},
{"type":"Feature","id":"460204","properties":{"name":"天涯区"},"geometry":{"type":"Polygon","coordinates":[[[109.3,18.2],[109.5,18.2],[109.5,18.4],[109.3,18.4],[109.3,18.2]]]}}]}"#;

fn districts() -> Vec<District> {
    parse_districts(DISTRICTS.as_bytes(), "d.json").expect("usable")
}

fn within(text: &str, districts: &[District]) -> ReadFile {
    let options = ReadOptions {
        districts,
        ..ReadOptions::default()
    };
    read("t.csv", &mut text.as_bytes(), &options, &|_| {}).expect("usable")
}

fn fix(read: &ReadFile, code: &str) -> String {
    coded(read, code)
        .fix
        .as_ref()
        .map(|fix| fix.en.clone())
        .unwrap_or_default()
}

#[test]
fn a_place_far_from_the_rest_is_named_with_the_mistake_that_explains_it() {
    let helsinki = |last: &str| {
        let rows: Vec<String> = (0..20)
            .map(|at| format!("{at},s{at},24.{:03},60.{:03}\n", 900 + at * 3, 150 + at * 2))
            .collect();
        let rows = rows.concat();
        within(&format!("id,name,lon,lat\n{rows}x,x,{last}\n"), &[])
    };
    for (last, expected) in [
        ("60.16,24.93", "swap longitude and latitude: 24.93,60.16"),
        ("24.93,-60.16", "put the sign right: 24.93,60.16"),
        ("-24.93,60.16", "put the sign right: 24.93,60.16"),
        ("2.493,60.16", "put the decimal point right: 24.93,60.16"),
        ("24.93,6.016", "put the decimal point right: 24.93,60.16"),
        ("100,10", ""),
    ] {
        let read = helsinki(last);
        assert_eq!(fix(&read, "far_from_the_rest"), expected, "{last}");
        let problem = coded(&read, "far_from_the_rest");
        assert_eq!(
            (problem.row, problem.value.as_deref(), problem.letter.as_deref()),
            (22, Some(last), Some("C"))
        );
        assert_eq!(read.rows.len(), 21, "nothing is moved and nothing left out");
    }
    assert!(codes(&helsinki("25.3,60.3")).is_empty());
}

#[test]
fn places_across_the_antimeridian_and_few_places_are_not_doubted() {
    let rows: Vec<String> = (0..10)
        .map(|at| {
            format!(
                "{at},s{at},{},-17.{at}\n",
                if at % 2 == 0 { 179.9 } else { -179.9 }
            )
        })
        .collect();
    let rows = rows.concat();
    assert!(codes(&within(&format!("id,name,lon,lat\n{rows}"), &[])).is_empty());
    assert!(codes(&within("id,name,lon,lat\n1,a,10,50\n2,b,-100,40\n", &[])).is_empty());
}

#[test]
fn a_place_outside_of_its_district_is_named_with_the_fix() {
    let read = within(
        "id,name,lon,lat,区县,adcode\na,甲,109.6,18.3,吉阳区,\nb,乙,109.4,18.3,吉阳区,\nc,丙,109.4,18.3,,460204\nd,丁,109.4999,18.3,吉阳区,\n",
        &districts(),
    );
    assert_eq!(codes(&read), ["outside_district"], "{:?}", read.problems);
    let problem = coded(&read, "outside_district");
    assert_eq!(problem.row, 3);
    assert!(
        problem.message.contains("outside 吉阳区, in 天涯区") && problem.message_zh.contains("天涯区"),
        "{problem}"
    );
    assert_eq!(fix(&read, "outside_district"), "put the district right: 天涯区");
}

#[test]
fn a_place_outside_of_all_districts_is_named_with_the_fix() {
    for (place, expected) in [
        ("109.6,28.3", ""),
        ("109.6,1.83", "put the decimal point right: 109.6,18.3"),
        ("-109.6,18.3", "put the sign right: 109.6,18.3"),
        ("119.6,18.3", ""),
    ] {
        let read = within(&format!("id,name,lon,lat,区县\na,甲,{place},\n"), &districts());
        assert_eq!(fix(&read, "outside_all_districts"), expected, "{place}");
    }
    // As GCJ-02 it lies some 300 m west of the outline, as WGS-84 inside.
    let read = within("id,name,lon,lat,coord\na,甲,109.301,18.3,gcj02\n", &districts());
    assert_eq!(
        fix(&read, "outside_all_districts"),
        "read the coordinates as wgs84 in place of gcj02"
    );
}
