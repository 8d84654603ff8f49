//! Planner's documents as text for a terminal, a poor network or a mail: the question in words, a few tables, the notes.

mod by_hour;
mod coverage;
mod gaps;
mod question;

pub use by_hour::by_hour;
pub use coverage::{coverage, what_if};
pub use gaps::gaps;

use super::question::Note;
use crate::domain::language::Language;

/// One of two texts.
const fn say<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

fn owned(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// Words in a row.
fn listed(words: &[impl AsRef<str>], language: Language) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    words.join(say(language, "、", ", "))
}

/// A number with commas between thousands.
fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let mut out = String::new();
    if value < 0.0 && text.chars().any(|digit| ('1'..='9').contains(&digit)) {
        out.push('-');
    }
    for (left, digit) in (0..whole.len()).rev().zip(whole.chars()) {
        out.push(digit);
        if left > 0 && left % 3 == 0 {
            out.push(',');
        }
    }
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    out
}

fn count(number: u64) -> String {
    grouped(number as f64, 0)
}

/// A share with one decimal; a dash where it is not known. What is not everything never reads as everything, and what is
/// something never as nothing.
fn percent(share: Option<f64>) -> String {
    match share {
        None => "–".to_owned(),
        Some(share) if share > 0.0 && share < 0.000_5 => "<0.1%".to_owned(),
        Some(share) if (0.999_5..1.0).contains(&share) => ">99.9%".to_owned(),
        Some(share) => format!("{:.1}%", share * 100.0),
    }
}

/// Whether a weight is an area in m², which people read in km².
fn is_area(weight: &str) -> bool {
    weight.ends_with("_m2")
}

/// The name of a weight as a heading.
fn weight_name(weight: &str, language: Language) -> &str {
    match weight {
        "area_m2" => say(language, "面积", "area"),
        other => other,
    }
}

/// The same between Chinese words: a blank stands beside Latin letters.
fn between(before: &str, weight: &str, after: &str) -> String {
    let blank = if weight.is_ascii() { " " } else { "" };
    let [first, last] = [before, after].map(|text| if text.is_empty() { "" } else { blank });
    format!("{before}{first}{weight}{last}{after}")
}

/// A sum of a weight: areas in km², other weights as whole numbers from a hundred on.
fn weight_value(weight: &str, value: f64) -> String {
    if is_area(weight) {
        return area(value);
    }
    let is_whole = value.fract() == 0.0;
    grouped(value, if is_whole || value.abs() >= 100.0 { 0 } else { 2 })
}

/// An area in km².
fn area(area_m2: f64) -> String {
    let square_km = area_m2 / 1e6;
    if square_km == 0.0 {
        "0 km²".to_owned()
    } else if square_km > 0.0 && square_km < 0.005 {
        "<0.01 km²".to_owned()
    } else {
        format!("{} km²", grouped(square_km, 2))
    }
}

/// `1,532 米`, `1,532 m`.
fn metres(metres: f64, language: Language) -> String {
    format!("{} {}", grouped(metres, 0), say(language, "米", "m"))
}

/// What a reader must know, one line each.
fn push_notes(out: &mut String, notes: &[Note], language: Language) {
    if notes.is_empty() {
        return;
    }
    out.push('\n');
    out.push_str(say(language, "注意\n", "Notes\n"));
    for note in notes {
        out.push_str("- ");
        out.push_str(&note.text);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas_between_thousands() {
        let texts = [0.0, 999.4, 1000.0, -1234.5, 1_234_567.0, -0.2].map(|value| grouped(value, 0));
        assert_eq!(texts, ["0", "999", "1,000", "-1,234", "1,234,567", "0"]);
        assert_eq!(grouped(1234.567, 2), "1,234.57");
    }

    #[test]
    fn nearly_all_is_not_all_and_hardly_anything_is_not_nothing() {
        let shares = [Some(0.0), Some(1e-9), Some(0.5), Some(0.999_999), Some(1.0), None];
        assert_eq!(
            shares.map(percent),
            ["0.0%", "<0.1%", "50.0%", ">99.9%", "100.0%", "–"]
        );
    }

    #[test]
    fn a_blank_stands_between_chinese_and_latin_words() {
        assert_eq!(between("未覆盖的", "riders", ""), "未覆盖的 riders");
        assert_eq!(between("", "riders", "确定"), "riders 确定");
        assert_eq!(between("未覆盖的", "面积", ""), "未覆盖的面积");
    }

    #[test]
    fn areas_are_told_in_square_kilometres() {
        assert_eq!(weight_value("area_m2", 1_234_567_890.0), "1,234.57 km²");
        assert_eq!(weight_value("area_m2", 10.0), "<0.01 km²");
        assert_eq!(weight_value("area_m2", 0.0), "0 km²");
        assert_eq!(weight_value("population", 812_935.0), "812,935");
        assert_eq!(weight_value("riders", 3.25), "3.25");
    }
}
