//! Each text of the table states the facilities that the table says, and leaves unread what the table says.

use proptest::prelude::*;
use yizhan::domain::facility::FacilityState;
use yizhan::import::{MAX_FACILITIES_BYTES, read_facilities};

use crate::rows;

const TABLE: &str = include_str!("facilities_prose.tsv");

/// `microwave=yes toilet=no`, sorted.
fn stated(text: &str) -> Vec<String> {
    let reading = read_facilities(text);
    let states = reading.facilities.iter();
    let mut states: Vec<String> = states
        .map(|evidence| format!("{}={}", evidence.facility.word(), evidence.state.word()))
        .collect();
    states.sort();
    states
}

#[test]
fn every_text_of_the_table_states_what_the_language_has_it_state() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows(TABLE) {
        let [text, facilities, unread, why] = row[..] else {
            panic!("{row:?}: expected four columns");
        };
        count += 1;
        let mut expected: Vec<&str> = facilities.split(' ').filter(|entry| !entry.is_empty()).collect();
        expected.sort_unstable();
        let reading = read_facilities(text);
        if stated(text) != expected || reading.unread.join("/") != unread {
            wrong.push(format!(
                "`{text}` ({why})\n  expected {expected:?} and unread `{unread}`\n  was read {reading:?}"
            ));
        }
    }
    assert!(count >= 80, "{count} texts");
    assert!(
        wrong.is_empty(),
        "{} of {count}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn each_facility_comes_with_the_words_that_say_so() {
    for (text, words) in [
        ("免费饮水、微波炉加热", vec!["饮水", "微波炉加热"]),
        ("无微波炉、冰箱", vec!["无微波炉", "无…冰箱"]),
        ("设有空调、冰箱（暂停使用）", vec!["设有空调", "冰箱(暂停使用)"]),
        ("有微波炉；无微波炉", vec!["有微波炉；无微波炉"]),
        ("微波炉和冰箱故障", vec!["微波炉和冰箱故障", "冰箱故障"]),
        ("toilet (out of order)", vec!["toilet (out of order)"]),
    ] {
        let reading = read_facilities(text);
        let said: Vec<&str> = reading
            .facilities
            .iter()
            .map(|evidence| evidence.words.as_str())
            .collect();
        assert_eq!(said, words, "{text}");
    }
}

#[test]
fn a_text_beyond_the_limit_is_left_unread() {
    let longest = format!("饮水{}", "、".repeat((MAX_FACILITIES_BYTES - 6) / 3));
    assert_eq!(stated(&longest), ["drinking_water=yes"]);
    let longer = format!("{longest}、、");
    assert!(stated(&longer).is_empty());
    assert_eq!(read_facilities(&longer).unread, [longer]);
}

const WORDS: &[&str] = &[
    "微波炉",
    "饮水机",
    "无",
    "有",
    "、",
    "，",
    "；",
    "和",
    "（",
    "）",
    "故障",
    "暂停使用",
    "均",
    "桑拿",
    "不提供",
    "可",
    "2台",
    "：",
    " ",
    "但",
    "请自备",
    "冰箱",
    "没有",
    "×",
    "microwave",
    "no",
    "0个",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_is_too_much(text in any::<String>()) {
        read_facilities(&text);
    }

    #[test]
    fn a_facility_is_stated_once_and_its_words_are_in_the_text(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..30)
    ) {
        let text = words.concat();
        let reading = read_facilities(&text);
        let mut seen = Vec::new();
        for evidence in &reading.facilities {
            prop_assert!(!seen.contains(&evidence.facility), "`{}`: {:?}", text, reading);
            prop_assert!(!evidence.words.is_empty(), "`{}`: {:?}", text, reading);
            seen.push(evidence.facility);
        }
    }

    #[test]
    fn a_negation_anywhere_in_the_clause_is_never_read_as_yes(
        before in proptest::sample::select(&["", "饮水机、", "有饮水机，", "饮水机（坏）；"][..]),
        no in proptest::sample::select(&["无", "没有", "不提供", "未配备", "暂停提供", "请自备", "计划增设"][..]),
        after in proptest::sample::select(&["", "、饮水机", "，有饮水机", "（一楼）"][..]),
    ) {
        let text = format!("{before}{no}微波炉{after}");
        let reading = read_facilities(&text);
        let microwave = reading.facilities.iter().find(|evidence| evidence.facility.word() == "microwave");
        prop_assert!(microwave.is_some_and(|found| found.state != FacilityState::Yes), "`{}`: {:?}", text, reading);
    }
}

#[test]
fn the_time_grows_with_the_length_and_no_faster() {
    for word in WORDS {
        let long = word.repeat(MAX_FACILITIES_BYTES / word.len());
        let start = std::time::Instant::now();
        read_facilities(&long);
        assert!(
            start.elapsed().as_millis() < 500,
            "`{word}` repeated took {:?}",
            start.elapsed()
        );
    }
}
