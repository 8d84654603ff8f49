//! Each text of the table is read as the table says, however it is typed.

use proptest::prelude::*;
use yizhan::import::{HoursConfidence, MAX_HOURS_BYTES, read_hours};

use crate::rows;

const TABLE: &str = include_str!("hours_prose.tsv");

#[test]
fn every_text_of_the_table_is_read_as_the_language_has_it() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows(TABLE) {
        let [text, osm, confidence, why] = row[..] else {
            panic!("{row:?}: expected four columns");
        };
        count += 1;
        let reading = read_hours(text);
        let (read, sure) = (
            reading.osm.as_deref().unwrap_or("unknown"),
            reading.confidence.word(),
        );
        if (read, sure) != (osm, confidence) {
            wrong.push(format!(
                "`{text}` ({why})\n  expected {osm} ({confidence})\n  was read {read} ({sure})\n  {:?}",
                reading.notes
            ));
        }
    }
    assert!(count >= 150, "{count} texts");
    assert!(
        wrong.is_empty(),
        "{} of {count}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_is_inferred_says_which_reading_was_taken_and_what_is_not_read_says_why() {
    for row in rows(TABLE) {
        let reading = read_hours(row[0]);
        assert_eq!(
            reading.osm.is_none(),
            reading.confidence == HoursConfidence::None,
            "{}",
            row[0]
        );
        assert_eq!(
            reading.confidence == HoursConfidence::Inferred,
            !reading.inferences().is_empty(),
            "{}",
            row[0]
        );
        for note in &reading.notes {
            assert!(!note.en.is_empty() && !note.zh.is_empty(), "{}", row[0]);
        }
        if reading.osm.is_none() {
            assert!(!reading.notes.is_empty(), "{}", row[0]);
        }
    }
}

#[test]
fn the_notes_name_the_phrases_and_the_words_that_are_left_over() {
    let reading = read_hours("周一至周五8:30-18:00，周六9:00-12:00，春节休息");
    let notes: Vec<&str> = reading.notes.iter().map(|note| note.en.as_str()).collect();
    assert_eq!(
        notes,
        [
            "`周一至周五8:30-18:00` is read as `Mo-Fr 08:30-18:00`",
            "`周六9:00-12:00` is read as `Sa 09:00-12:00`",
            "`春节休息` is read as `春节 off`",
            "holidays cannot be told apart in the rules, so all of them count as unknown",
        ]
    );
    let reading = read_hours("8:00-18:00（一楼大厅）");
    assert_eq!(reading.notes[0].zh, "无法理解“一楼大厅”");
}

#[test]
fn hours_in_syntax_are_kept_as_they_are() {
    for osm in ["Mo-Fr 09:00-17:00; PH off", "24/7", "Mo-Fr 09:00-17:00 \"预约\""] {
        let reading = read_hours(osm);
        assert_eq!(
            (reading.osm.as_deref(), reading.confidence),
            (Some(osm), HoursConfidence::Exact)
        );
    }
}

#[test]
fn a_text_is_read_up_to_the_limit_and_not_beyond() {
    let text = |bytes: usize| format!("8:00-18:00{}", "。".repeat((bytes - 10) / 3));
    let longest = text(MAX_HOURS_BYTES);
    assert!(longest.len() <= MAX_HOURS_BYTES && longest.len() > MAX_HOURS_BYTES - 3);
    assert_eq!(read_hours(&longest).osm.as_deref(), Some("08:00-18:00"));
    assert_eq!(read_hours(&format!("{longest}。")).osm, None);
}

/// What a text means, without where the words stand.
fn meaning(text: &str) -> (Option<String>, HoursConfidence) {
    let reading = read_hours(text);
    (reading.osm, reading.confidence)
}

fn full_width(c: char) -> char {
    match c {
        ' ' => '\u{3000}',
        '!'..='}' => char::from_u32(u32::from(c) + 0xfee0).expect("a full-width form"),
        _ => c,
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn prose() -> Vec<&'static str> {
    rows(TABLE)
        .filter(|row| row[1] != row[0])
        .map(|row| row[0])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn full_width_forms_change_nothing(at in 0..prose().len(), picks in proptest::collection::vec(any::<bool>(), 16)) {
        let text = prose()[at];
        let typed: String = text
            .chars()
            .zip(picks.iter().cycle())
            .map(|(c, wide)| if *wide { full_width(c) } else { c })
            .collect();
        prop_assert_eq!(meaning(text), meaning(&typed), "`{}` and `{}`", text, typed);
    }

    #[test]
    fn blanks_between_words_change_nothing(at in 0..prose().len(), picks in proptest::collection::vec(0..4_usize, 16)) {
        let text = prose()[at];
        let signs: Vec<char> = text.chars().collect();
        let mut typed = String::new();
        for (place, (c, pick)) in signs.iter().zip(picks.iter().cycle()).enumerate() {
            typed.push(*c);
            let splits_number = is_digit(*c) && signs.get(place + 1).is_some_and(|next| is_digit(*next));
            if *pick == 0 && !splits_number {
                typed.push(if place % 2 == 0 { ' ' } else { '\u{3000}' });
            }
        }
        prop_assert_eq!(meaning(text), meaning(&typed), "`{}` and `{}`", text, typed);
    }

    #[test]
    fn no_text_is_too_much(text in any::<String>()) {
        read_hours(&text);
    }

    #[test]
    fn no_jumble_of_words_is_too_much_and_all_that_is_read_is_syntax(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..40)
    ) {
        let text = words.concat();
        if let Some(osm) = read_hours(&text).osm {
            let calendar = std::sync::Arc::new(yizhan::domain::work_calendar::WorkCalendar::bundled());
            let compiled = yizhan::domain::opening_hours::CompiledHours::parse(&osm, &calendar);
            prop_assert!(compiled.is_ok(), "`{}` was read as `{}`: {:?}", text, osm, compiled.err());
        }
    }
}

const WORDS: &[&str] = &[
    "周一",
    "至",
    "周五",
    "8:00",
    "-",
    "18:00",
    "，",
    "；",
    "（",
    "）",
    "休息",
    "法定节假日",
    "节假日",
    "除",
    "外",
    "除外",
    "夏季",
    "冬季",
    "5月",
    "9月30日",
    "24小时",
    "全天",
    "午休",
    "12:00-14:00",
    "下午",
    "2点",
    "半",
    "晚上",
    "次日",
    "工作日",
    "周末",
    "照常",
    "开放",
    "每天",
    "单休",
    "预约",
    "春节",
    "年末年始",
    "其他月份",
    "全年无休",
    "八",
    "一",
    "日",
    "8.30",
    "13812345678",
    " ",
    "早",
    "8",
    "monday",
    "am",
    "closed",
    "不",
    "随",
    "电话",
    "周六日",
    "：",
    "8:30-11:30",
    "14:30-17:30",
];

#[test]
fn the_time_grows_with_the_length_and_no_faster() {
    for word in WORDS {
        let long = word.repeat(MAX_HOURS_BYTES / word.len());
        let start = std::time::Instant::now();
        for _ in 0..5 {
            read_hours(&long);
        }
        let each = start.elapsed() / 5;
        assert!(each.as_millis() < 500, "`{word}` repeated took {each:?}");
    }
}
