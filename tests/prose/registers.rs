//! The hours and facilities of real registers: how many are understood, and which are not.

use yizhan::domain::facility::Facility;
use yizhan::import::{HoursConfidence, ImportOptions, parse, read_facilities, read_hours};

use crate::shared_data;

/// A column of a table of plain commas and quotes.
fn column(table: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let at = reader
        .headers()
        .expect("a header")
        .iter()
        .position(|header| header == name)
        .expect("the column");
    let records = reader.records();
    records
        .map(|record| record.expect("a record").get(at).expect("a cell").to_owned())
        .collect()
}

fn count(texts: &[String], confidence: HoursConfidence) -> usize {
    let readings = texts.iter().map(|text| read_hours(text).confidence);
    readings.filter(|known| *known == confidence).count()
}

#[test]
fn all_22_stated_hours_of_zhengzhou_are_understood() {
    let Some(table) = shared_data::read("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let mut texts = column(&table, "open_hours_observed");
    texts.retain(|text| !text.is_empty());
    assert_eq!(texts.len(), 22);
    assert_eq!(count(&texts, HoursConfidence::Exact), 20);
    let inferred: Vec<&String> = texts
        .iter()
        .filter(|text| read_hours(text).confidence == HoursConfidence::Inferred)
        .collect();
    assert_eq!(inferred, ["工作日开放", "工作日开放"]);
}

#[test]
fn the_one_text_of_takamatsu_that_states_hours_is_understood_and_none_is_not() {
    let Some(table) = shared_data::read("toilets-takamatsu/public_toilet.csv") else {
        return;
    };
    let mut texts = column(&table, "availableDateNote");
    texts.retain(|text| !text.is_empty());
    assert_eq!(texts.len(), 24);
    let unread: Vec<&String> = texts
        .iter()
        .filter(|text| read_hours(text).osm.is_none())
        .collect();
    // "なし": there is no note.
    assert_eq!(unread, vec!["なし"; 23]);
    assert_eq!(count(&texts, HoursConfidence::Inferred), 1);
    let spans = column(&table, "startTime")
        .into_iter()
        .zip(column(&table, "endTime"));
    let spans: Vec<String> = spans
        .filter(|(start, _)| !start.is_empty())
        .map(|(start, end)| format!("{start}-{end}"))
        .collect();
    assert_eq!(spans.len(), 23);
    assert!(
        spans
            .iter()
            .all(|span| read_hours(span).osm.as_deref() == Some("24/7"))
    );
}

#[test]
fn the_standards_of_sanya_are_understood_to_the_last_word() {
    // As the reports on the stations of Sanya list them.
    for (text, count) in [
        ("室内场所 桌凳 微波炉 饮水机 卫生间 应急医药箱", 6),
        (
            "室内场所 桌凳 饮水机或开水器 微波炉 应急药箱 空调 书报架 卫生间",
            8,
        ),
        (
            "一间室内休息室、一套桌椅、一台微波炉、一台饮水机、一个卫生间、一个急救箱、一个书报架、一套手机充电设备、一台冰箱、一个雨伞架",
            10,
        ),
    ] {
        let reading = read_facilities(text);
        assert_eq!(reading.facilities.len(), count, "{text}: {reading:?}");
        assert!(
            reading
                .facilities
                .iter()
                .all(|evidence| evidence.state.word() == "yes"),
            "{reading:?}"
        );
        assert!(reading.unread.is_empty(), "{reading:?}");
    }
}

#[test]
fn prose_in_a_sheet_becomes_hours_and_facilities_with_warnings_for_what_is_not_clear() {
    let sheet = "编号,名称,经度,纬度,开放时间,服务设施\n\
        a,甲,109.5,18.25,工作日8:30-17:30,\"免费饮水、微波炉加热，无卫生间\"\n\
        b,乙,109.6,18.26,随营业时间,\"设有空调、冰箱（暂停使用）；桑拿\"\n";
    let imported = parse(sheet.as_bytes(), "t.csv", None, &ImportOptions::default()).expect("a sheet");
    let station = |name: &str| {
        imported
            .stations
            .iter()
            .find(|station| &*station.name == name)
            .expect("a station")
    };
    let first = station("甲");
    assert_eq!(first.hours.osm.as_deref(), Some("Mo-Fr 08:30-17:30; PH off"));
    assert_eq!(first.hours.text.as_deref(), Some("工作日8:30-17:30"));
    let state = |name: &str, facility| station(name).facilities.state(facility).word();
    assert_eq!(state("甲", Facility::Microwave), "yes");
    assert_eq!(state("甲", Facility::Toilet), "no");
    assert_eq!(state("乙", Facility::Refrigerator), "out_of_order");
    assert_eq!(station("乙").hours.osm, None);
    let codes: Vec<&str> = imported.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(
        codes,
        ["hours_not_readable", "unknown_facility"],
        "{:?}",
        imported.problems
    );
}
