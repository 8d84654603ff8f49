//! Opening hours as a register words them: what is `opening_hours` syntax, what can be read as prose, and what stays
//! words.
//!
//! # The rule
//! A wrong guess sends a tired person to a locked door. So a text is either understood to its last word, or it is
//! unknown and stays what it was. What is understood has one of two confidences: `exact`, the text says just that, or
//! `inferred`, one reading is by far the common one, and a note says which. Within an understood text single hours can
//! be `unknown` in the OSM sense, with the words that make them so as comment: the seasons that have no months, the
//! break at noon that has no times, the workdays whose hours are not said.
//!
//! # Why 工作日 is `Mo-Fr …; PH off`
//! A statutory day off is no workday by the meaning of the word, and a worked Saturday is one: the evaluator takes
//! `Mo-Fr` for the days that are worked. `周一至周五` says nothing about holidays, so nothing is added and the evaluator
//! answers unknown on them. `节假日` may include weekends; where that matters, they are unknown.
//!
//! # How
//! `plain` (one form of each character) · `words`, `clock`, `lexer` (tokens) · `span` (two times) · `scope`, `times`, `exceptions`, `grammar`
//! (statements) · `day`, `week`, `months`, `work_in`, `meaning` (the hours of a year) · `render` (syntax) · `known` (what was read
//! before). Each step looks at each character a bounded number of times.

mod clock;
mod day;
mod exceptions;
mod grammar;
mod known;
mod lexer;
mod meaning;
mod months;
mod note;
mod plain;
mod render;
mod scope;
mod span;
mod statement;
mod times;
mod token;
mod week;
mod words;
mod work_in;

pub(super) use known::{Known, KnownHours};
pub(super) use plain::plain;
use plain::plain_text;

use note::Inference;
use token::{Lexeme, Token};

/// The longest text that is read, in bytes.
pub const MAX_HOURS_BYTES: usize = 1024;

/// How sure it is that the hours mean what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoursConfidence {
    /// Not readable; the text stays and the hours are unknown.
    None,
    /// One reading by common usage; the notes say which.
    Inferred,
    /// The text says just that.
    Exact,
}

impl HoursConfidence {
    /// The stable word: `none`, `inferred` or `exact`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Inferred => "inferred",
            Self::Exact => "exact",
        }
    }
}

/// What one phrase gave, what was inferred, or what was left over, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursNote {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// Opening hours as they were understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursReading {
    /// In `opening_hours` syntax; `None` when the text is not readable.
    pub osm: Option<String>,
    /// How sure that is.
    pub confidence: HoursConfidence,
    /// Which phrase gave what; then what was inferred, or what was not understood.
    pub notes: Vec<HoursNote>,
    /// Whether each note up to this number is about a phrase, and the others about what was inferred.
    phrases: usize,
}

impl HoursReading {
    /// The notes about what was inferred; empty unless the confidence is `inferred`.
    pub fn inferences(&self) -> &[HoursNote] {
        match self.confidence {
            HoursConfidence::Inferred => self.notes.get(self.phrases..).unwrap_or_default(),
            HoursConfidence::None | HoursConfidence::Exact => &[],
        }
    }

    fn not_readable(notes: Vec<HoursNote>) -> Self {
        Self {
            osm: None,
            confidence: HoursConfidence::None,
            notes,
            phrases: 0,
        }
    }
}

/// Reads opening hours in `opening_hours` syntax or in Chinese, English or plain Japanese prose.
///
/// Blanks and full-width forms make no difference. Cost: tens of microseconds; linear in the length of the text, which
/// is at most [`MAX_HOURS_BYTES`] (longer texts are not readable).
///
/// ```
/// use yizhan::import::{HoursConfidence, read_hours};
///
/// let reading = read_hours("工作日8:30-12:00，14:00-17:30");
/// assert_eq!(reading.osm.as_deref(), Some("Mo-Fr 08:30-12:00,14:00-17:30; PH off"));
/// assert_eq!(reading.confidence, HoursConfidence::Exact);
/// assert_eq!(read_hours("随营业时间").osm, None);
/// ```
pub fn read_hours(text: &str) -> HoursReading {
    let text = text.trim();
    if text.len() > MAX_HOURS_BYTES {
        return HoursReading::not_readable(vec![HoursNote {
            en: format!("{} bytes of text; expected at most {MAX_HOURS_BYTES}", text.len()),
            zh: format!("文字有{}字节，最多{MAX_HOURS_BYTES}字节", text.len()),
        }]);
    }
    if is_syntax(text) {
        let osm = Some(text.to_owned());
        return HoursReading {
            osm,
            confidence: HoursConfidence::Exact,
            notes: Vec::new(),
            phrases: 0,
        };
    }
    let plain = plain_text(text);
    let tokens = lexer::lex(&plain);
    let unread = unread_words(&plain, &tokens);
    if !unread.is_empty() {
        return HoursReading::not_readable(unread);
    }
    let mut reading = match grammar::read(&plain, &tokens) {
        Ok(reading) => reading,
        Err(place) => return HoursReading::not_readable(vec![left_over(&plain, place.start, place.end)]),
    };
    let osm = meaning::year(&mut reading).map(|year| render::osm(&year));
    let Some(osm) =
        osm.filter(|osm| osm.len() <= MAX_HOURS_BYTES && opening_hours_syntax::parse(osm).is_ok())
    else {
        return HoursReading::not_readable(vec![HoursNote {
            en: "states no hours, or contradicts itself".to_owned(),
            zh: "未写明开放时间，或前后矛盾".to_owned(),
        }]);
    };
    let mut notes = phrase_notes(&plain, &reading);
    let phrases = notes.len();
    let mut seen: Vec<Inference> = Vec::new();
    for inference in reading.inferences {
        if !seen.contains(&inference) {
            seen.push(inference);
            let (en, zh) = inference.texts();
            notes.push(HoursNote {
                en: en.to_owned(),
                zh: zh.to_owned(),
            });
        }
    }
    let confidence = if seen.is_empty() {
        HoursConfidence::Exact
    } else {
        HoursConfidence::Inferred
    };
    HoursReading {
        osm: Some(osm),
        confidence,
        notes,
        phrases,
    }
}

/// The words between two places, without the signs around them.
fn words_between(plain: &[char], start: usize, end: usize) -> String {
    let words: String = plain.get(start..end).unwrap_or_default().iter().collect();
    words
        .trim_matches(|c| matches!(c, ' ' | ',' | ';' | ':' | '(' | ')'))
        .to_owned()
}

fn left_over(plain: &[char], start: usize, end: usize) -> HoursNote {
    let words = words_between(plain, start, end);
    if words.is_empty() {
        return HoursNote {
            en: "what belongs together is not clear".to_owned(),
            zh: "无法判断哪些词语属于一起".to_owned(),
        };
    }
    HoursNote {
        en: format!("`{words}` is not understood"),
        zh: format!("无法理解“{words}”"),
    }
}

/// Runs of characters that are no word.
fn unread_words(plain: &[char], tokens: &[Lexeme]) -> Vec<HoursNote> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for lexeme in tokens.iter().filter(|lexeme| lexeme.token == Token::Unread) {
        match runs.last_mut() {
            Some(run) if run.1 == lexeme.start => run.1 = lexeme.end,
            _ => runs.push((lexeme.start, lexeme.end)),
        }
    }
    runs.into_iter()
        .map(|(start, end)| left_over(plain, start, end))
        .collect()
}

fn phrase_notes(plain: &[char], reading: &grammar::Reading) -> Vec<HoursNote> {
    let starts = reading.statements.iter().map(|statement| statement.start);
    let ends = starts.skip(1).chain([plain.len()]);
    let pairs = reading.statements.iter().zip(ends);
    let note = |(statement, end): (&statement::Statement, usize)| {
        let words = words_between(plain, statement.start, end);
        let meaning = render::statement(statement);
        HoursNote {
            en: format!("`{words}` is read as `{meaning}`"),
            zh: format!("“{words}”理解为 `{meaning}`"),
        }
    };
    pairs.map(note).collect()
}

/// Whether a text is `opening_hours` syntax that really states times. Cost: one parse.
///
/// Outside of quoted comments only ASCII counts. The parser takes some bare words for "always" (`open`, `2026`, `Mo`, a
/// comment alone); such a text states no time of day, so it is not taken for hours.
fn is_osm(text: &str) -> bool {
    if text.is_empty() || text.len() > MAX_HOURS_BYTES {
        return false;
    }
    let outside: String = text.split('"').step_by(2).collect();
    let lower = outside.to_ascii_lowercase();
    let states_times = lower.contains(':')
        || ["24/7", "off", "closed", "unknown", "sun", "dawn", "dusk"]
            .iter()
            .any(|word| lower.contains(word));
    outside.is_ascii() && states_times && opening_hours_syntax::parse(text).is_ok()
}

/// Whether a text is `opening_hours` syntax and nothing else. Bare times are prose too, and prose knows that `9:00-5:00`
/// may not be meant as it stands.
fn is_syntax(text: &str) -> bool {
    let is_bare_times = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ':' | '-' | ',' | ' '));
    !is_bare_times && is_osm(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_that_states_times_is_taken_for_opening_hours_syntax() {
        for text in [
            "08:00-20:00",
            "Mo-Fr 09:00-17:00; PH off",
            "24/7",
            "Mo-Fr 09:00-17:00 \"预约\"",
            "sunrise-sunset",
            "off",
        ] {
            assert!(is_osm(text), "{text}");
        }
        for text in [
            "open",
            "2026",
            "Mo",
            "\"by appointment\"",
            "call us",
            "9-17",
            "24小时",
            "08:00-20:00 预约",
            "",
        ] {
            assert!(!is_osm(text), "{text}");
        }
        assert!(!is_osm(&format!(
            "08:00-20:00 \"{}\"",
            "a".repeat(MAX_HOURS_BYTES)
        )));
    }
}
