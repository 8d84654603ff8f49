//! `yizhan audit` gives what the endpoint gives, for all stations, as tables or as a file.

use serde_json::Value;

use crate::{file, folder, run, shared_data, text};

const TEN: [&str; 5] = ["audit", "--standard", "sanya-ten", "--today", "2026-11-22"];

fn audit(more: &[&str]) -> crate::Ended {
    run(&[&TEN, more].concat())
}

/// Columns of a terminal: a Chinese character takes two.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|sign| {
            if ('\u{2E80}'..'\u{FFEF}').contains(&sign) {
                2
            } else {
                1
            }
        })
        .sum()
}

#[test]
fn the_tables_in_chinese_read_as_a_whole() {
    let ended = audit(&[]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    insta::assert_snapshot!(ended.out);
}

#[test]
fn the_tables_in_english_read_as_a_whole() {
    let ended = run(&[
        "audit",
        "--standard",
        "guizhou-seven",
        "--today",
        "2026-11-22",
        "--lang",
        "en",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    insta::assert_snapshot!(ended.out);
}

#[test]
fn numbers_stand_below_each_other_on_a_screen() {
    let ended = audit(&[]);
    let league: Vec<&str> = ended
        .out
        .lines()
        .skip_while(|line| !line.starts_with("区县"))
        .take_while(|line| !line.is_empty())
        .collect();
    assert_eq!(league.len(), 5, "{}", ended.out);
    let widths: Vec<usize> = league.iter().map(|line| columns(line)).collect();
    assert!(
        widths.windows(2).all(|pair| pair[0] == pair[1]),
        "{widths:?}: {}",
        ended.out
    );
}

#[test]
fn a_file_has_the_form_of_its_name_and_every_station() {
    let folder = folder();
    for (name, begins) in [
        ("a.csv", "id,name,district"),
        ("a.json", "{\"standard\":"),
        ("a.geojson", "{\"type\":\"FeatureCollection\""),
        ("a.txt", "三亚“十个一”"),
    ] {
        let path = folder.path().join(name);
        let ended = audit(&["--out", text(&path)]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "{}", ended.err);
        assert!(ended.err.contains("68 stations audited"), "{}", ended.err);
        let written = std::fs::read_to_string(&path).expect("a file");
        assert!(written.starts_with(begins), "{name}: {written}");
    }
    let path = folder.path().join("b.csv");
    let ended = audit(&["--format", "json", "--out", text(&path)]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let written = std::fs::read_to_string(&path).expect("a file");
    let answer: Value = serde_json::from_str(&written).expect("JSON, as the flag says");
    assert_eq!(answer["stations"].as_array().map(Vec::len), Some(68));
    let nowhere = audit(&["--out", text(&folder.path().join("no/such/folder.csv"))]);
    assert_eq!(nowhere.code, Some(3), "{}", nowhere.err);
}

#[test]
fn there_are_no_pages_however_many_stations() {
    let folder = folder();
    let rows = (0..1200).map(|number| format!("{number},站{number},109.5,18.2,toilet=out_of_order"));
    let header = std::iter::once("id,name,lon,lat,facilities".to_owned());
    let table: Vec<String> = header.chain(rows).collect();
    let path = file(&folder, "many.csv", table.join("\n"));
    let ended = audit(&["--stations", text(&path), "-f", "csv"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(ended.out.lines().count(), 1201);
    assert!(
        ended.out.contains("toilet=out_of_order"),
        "the cause stands beside the verdict"
    );
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    for form in ["table", "csv"] {
        let (one, two) = (audit(&["-f", form]), audit(&["-f", form]));
        assert_eq!(one.out, two.out, "{form}");
    }
}

#[test]
fn nothing_found_ends_with_1_and_a_wrong_value_with_2() {
    let nothing = audit(&["--status", "closed"]);
    assert_eq!(nothing.code, Some(1), "{}", nothing.err);
    assert!(nothing.out.contains("没有符合条件的驿站"), "{}", nothing.out);
    for (args, expected) in [
        (
            &["--standard", "ten"][..],
            "`--standard` is `ten`; expected the id of a standard, one of sanya-ten",
        ),
        (
            &["--standard", "sanya-ten", "--today", "22.11.2026"],
            "`--today` is `22.11.2026`; expected a day",
        ),
        (
            &["--standard", "sanya-ten", "--district", "丙区"],
            "`--district` is `丙区`",
        ),
        (
            &["--standard", "sanya-ten", "--facilities", "sauna"],
            "`--facilities` is `sauna`",
        ),
    ] {
        let ended = run(&[&["audit"], args].concat());
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (Some(2), ""),
            "{args:?}: {}",
            ended.err
        );
        assert!(ended.err.contains(expected), "{args:?}: {}", ended.err);
        assert!(!ended.err.contains("parameter"), "{args:?}: {}", ended.err);
    }
}

#[test]
fn a_standard_of_ones_own_may_recommend_and_require_what_maps_show() {
    let folder = folder();
    let standards = r#"{"standards":[{"id":"own","name":{"zh":"自定","en":"own"},"issuer":"x","source":"x","items":[
        {"id":"toilet","name":{"zh":"卫生间","en":"a toilet"},"requirement":{"facility":"toilet"},"level":"required"},
        {"id":"maps","name":{"zh":"地图","en":"on a map"},"requirement":{"map_listing_any_of":["amap","baidu"]},"level":"required"},
        {"id":"wifi","name":{"zh":"无线网","en":"Wi-Fi"},"requirement":{"facility":"wifi"},"level":"recommended"}]}]}"#;
    let standards = file(&folder, "standards.json", standards);
    let stations = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[109.5,18.2]},
        "properties":{"name":"甲","district":"甲区","facilities":{"toilet":"yes","wifi":"no"},"map_listings":{"amap":"no","baidu":"no"}}}]}"#;
    let stations = file(&folder, "a.geojson", stations);
    let ended = run(&[
        "audit",
        "--standard",
        "own",
        "--today",
        "2026-11-22",
        "--standards",
        text(&standards),
        "--stations",
        text(&stations),
        "--lang",
        "en",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    for line in [
        "Wi-Fi (recommended)     0     1",
        "1  a  甲  甲区  fail  list on Amap/Baidu Maps",
        "1 station: 0 pass, 1 fail",
    ] {
        assert!(ended.out.contains(line), "{line}: {}", ended.out);
    }
}

#[test]
fn the_real_register_of_zhengzhou_is_to_be_checked_as_a_whole() {
    let Some(path) = shared_data::path("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let ended = audit(&["--stations", text(&path), "--coord", "gcj02"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(
        ended.out.contains("共82个站点：达标0，不达标0，待核实82"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("核实全部10项"), "{}", ended.out);
}
