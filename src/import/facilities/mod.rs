//! Facility words and states as tables hold them, and the words that an unknown one may have meant.

mod lexer;
mod prose;
mod words;

pub use prose::{FacilitiesReading, FacilityEvidence, MAX_FACILITIES_BYTES, read_facilities};

use crate::domain::facility::{Facility, FacilityState};
use crate::domain::language::Language;

/// Reads the state of a facility: our words, 有/无, √/×, 1/0, 是/否, yes/no. Blank and `空` are unknown.
pub(super) fn state(text: &str) -> Option<FacilityState> {
    if let Some(state) = FacilityState::from_word(text) {
        return Some(state);
    }
    let text = text.trim();
    match text {
        "" | "空" | "-" | "—" | "/" | "?" | "？" | "不详" | "不清楚" => Some(FacilityState::Unknown),
        "✓" | "✔" | "☑" | "１" | "TRUE" | "True" | "y" | "T" => Some(FacilityState::Yes),
        "✗" | "✘" | "x" | "X" | "０" | "FALSE" | "False" | "n" | "F" | "無" => Some(FacilityState::No),
        _ => FacilityState::from_any_word(text),
    }
}

/// Splits `word=state` (also `＝`, `:`, `：`); a word alone means that the station has it.
pub(super) fn split_entry(entry: &str) -> (&str, Option<&str>) {
    match entry.split_once(['=', '＝', ':', '：']) {
        Some((word, state)) => (word.trim(), Some(state.trim())),
        None => (entry.trim(), None),
    }
}

/// How many known words a message suggests.
const MAX_SUGGESTIONS: usize = 3;
/// The longest word that is compared with the known ones, in characters.
const MAX_COMPARED_CHARS: usize = 40;

/// The known words that are closest to an unknown one, best first; none when nothing is close.
pub(super) fn closest(word: &str) -> Vec<&'static str> {
    let given: Vec<char> = word.to_lowercase().chars().take(MAX_COMPARED_CHARS).collect();
    let mut near = Vec::new();
    for facility in Facility::ALL {
        let labels = [
            facility.word(),
            facility.label(Language::Zh),
            facility.label(Language::En),
        ];
        let best = labels
            .iter()
            .filter_map(|label| distance_if_near(word, &given, label))
            .min();
        near.extend(best.map(|distance| (distance, *facility)));
    }
    near.sort_unstable();
    near.iter()
        .take(MAX_SUGGESTIONS)
        .map(|(_, facility)| facility.word())
        .collect()
}

fn distance_if_near(word: &str, given: &[char], label: &str) -> Option<usize> {
    if given.len() > 1 && (word.contains(label) || label.contains(word)) {
        return Some(0);
    }
    let known: Vec<char> = label.chars().collect();
    let distance = edits(given, &known);
    (distance <= given.len().max(known.len()) / 3).then_some(distance)
}

/// The fewest insertions, deletions and replacements that turn one text into the other. O(a × b).
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (to, above) in b.iter().zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(from != to)).min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_as_tables_write_them() {
        for text in ["有", "√", "1", "是", "yes", "YES", "TRUE", " 有 "] {
            assert_eq!(state(text), Some(FacilityState::Yes), "{text}");
        }
        for text in ["无", "×", "0", "否", "no", "没有", "無"] {
            assert_eq!(state(text), Some(FacilityState::No), "{text}");
        }
        for text in ["", "空", "unknown", "未知"] {
            assert_eq!(state(text), Some(FacilityState::Unknown), "{text}");
        }
        assert_eq!(state("故障"), Some(FacilityState::OutOfOrder));
        assert_eq!(state("两台"), None);
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_closest_known_ones() {
        assert_eq!(closest("mircowave"), ["microwave"]);
        assert_eq!(closest("免费微波炉"), ["microwave"]);
        assert_eq!(closest("toilets"), ["toilet"]);
        assert!(closest("桑拿").is_empty());
        assert_eq!(edits(&['a', 'b', 'c'], &['a', 'c']), 1);
        assert_eq!(edits(&[], &['x']), 1);
    }
}
