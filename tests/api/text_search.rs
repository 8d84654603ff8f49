//! `q`: words that the texts of a station must contain, against a look at every feature.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::client::{Answer, demo, ids};

const ITEMS: &str = "/v1/collections/stations/items";
/// The properties in which words are looked for, beside the id.
const LOOKED_AT: [&str; 6] = ["name", "aliases", "address", "district", "operator", "phone"];

fn coded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn ask(path_and_rest: &str, text: &str) -> Answer {
    let answer = demo().get(&format!("{path_and_rest}&q={}", coded(text)));
    assert_eq!(answer.status, 200, "{text}: {}", answer.text());
    answer
}

/// Every text of a feature that is looked at, in small letters.
fn texts(feature: &Value) -> Vec<String> {
    let properties = &feature["properties"];
    let values = LOOKED_AT.iter().map(|name| &properties[*name]);
    let texts = values.flat_map(|value| match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(texts) => texts
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    });
    let id = feature["id"].as_str().map(str::to_owned);
    id.into_iter()
        .chain(texts)
        .map(|text| text.to_lowercase())
        .collect()
}

#[test]
fn every_word_must_be_in_some_text_of_the_station() {
    let all = demo().features(&format!("{ITEMS}?limit=100"));
    // Words that there are: the beginnings and ends of every text, and two of them together.
    let mut questions: Vec<Vec<String>> = Vec::new();
    for feature in all.iter().step_by(7) {
        let signs: Vec<Vec<char>> = texts(feature).iter().map(|text| text.chars().collect()).collect();
        let ends = signs.iter().flat_map(|text| {
            let middle = text.len() / 2;
            [text.get(..2), text.get(middle..)]
        });
        let words: Vec<String> = ends.flatten().map(|part| part.iter().collect()).collect();
        questions.extend(words.iter().map(|word| vec![word.clone()]));
        questions.extend(words.windows(2).map(<[String]>::to_vec));
    }
    questions.push(vec!["没有".to_owned()]);
    assert!(questions.len() > 50, "{}", questions.len());
    for question in questions {
        let words: Vec<&str> = question.iter().flat_map(|word| word.split_whitespace()).collect();
        if words.is_empty() {
            continue;
        }
        let is_found = |feature: &&Value| {
            let texts = texts(feature);
            words
                .iter()
                .all(|word| texts.iter().any(|text| text.contains(word)))
        };
        let expected: Vec<Value> = all.iter().filter(is_found).cloned().collect();
        let text = question.join(" ");
        let answer = ask(&format!("{ITEMS}?limit=100"), &text);
        assert_eq!(answer.ids(), ids(&expected), "{text}");
        assert_eq!(answer.json()["numberMatched"], expected.len(), "{text}");
    }
}

#[test]
fn width_and_case_are_not_told_apart() {
    let first = ask(&format!("{ITEMS}?limit=5"), "sy-00").ids();
    assert_eq!(first.len(), 5);
    for text in ["SY-00", "ｓｙ－００", "ＳＹ-00", "\u{3000}sy-00 "] {
        assert_eq!(ask(&format!("{ITEMS}?limit=5"), text).ids(), first, "{text}");
    }
}

#[test]
fn pages_tables_tags_and_areas_keep_the_words() {
    let all = ask(&format!("{ITEMS}?limit=100"), "驿站 sy");
    let matched = all.json()["numberMatched"].as_u64().expect("a number");
    assert!(matched > 5, "{matched}");
    let mut walked = Vec::new();
    let mut next = Some(format!("{ITEMS}?limit=4&q={}", coded("驿站 sy")));
    while let Some(path) = next {
        let page = demo().get(&path);
        assert_eq!(page.json()["numberMatched"], matched);
        walked.extend(page.ids());
        next = page.link("next");
    }
    assert_eq!(walked, all.ids());

    let table = ask(&format!("{ITEMS}?limit=100&f=csv"), "驿站 sy");
    assert_eq!(table.text().lines().count() as u64, matched + 1);

    let tag = all.header("etag");
    assert_ne!(tag, ask(&format!("{ITEMS}?limit=100"), "sy").header("etag"));
    let path = format!("{ITEMS}?limit=100&q={}", coded("驿站 sy"));
    let known = demo().get_with(&path, &[("if-none-match", tag)]);
    assert_eq!(known.status, 304);

    let area = r#"{"type":"Polygon","coordinates":[[[100,10],[120,10],[120,30],[100,30],[100,10]]]}"#;
    let search = format!("{ITEMS}/search?limit=100&q={}", coded("驿站 sy"));
    assert_eq!(demo().post_geo_json(&search, area).ids(), all.ids());
}

#[test]
fn a_hundred_characters_are_taken_and_one_more_is_refused() {
    let status = |text: &str| {
        let answer = demo().get(&format!("{ITEMS}?q={}", coded(text)));
        (answer.status, answer.code())
    };
    assert_eq!(status(&"站".repeat(100)), (200, String::new()));
    for bad in ["站".repeat(101), " \u{3000}".to_owned(), String::new()] {
        assert_eq!(status(&bad), (400, "invalid_parameter".to_owned()), "{bad:?}");
    }
    let twice = demo().get(&format!("{ITEMS}?q=a&q=b"));
    assert_eq!(twice.code(), "duplicate_parameter");
}
