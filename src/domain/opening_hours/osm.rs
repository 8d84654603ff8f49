//! Reads a text in OpenStreetMap's `opening_hours` syntax into rules.

use opening_hours_syntax::rules::day::WeekDayRange;
use opening_hours_syntax::rules::{OpeningHoursExpression, RuleOperator, RuleSequence};

use super::answer::{OpenAnswer, OpenReason, OpenState};
use super::rule::Rule;

/// Longest text that is read, in bytes; the longest in OpenStreetMap is 255 characters.
pub const MAX_HOURS_BYTES: usize = 1024;
/// Most rules in a text that is read; each costs time on each day that is evaluated.
pub const MAX_RULES: usize = 64;

/// Why a text is not usable as opening hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHours {
    /// The text is longer than [`MAX_HOURS_BYTES`].
    #[error("opening hours of {bytes} bytes; expected at most {MAX_HOURS_BYTES}")]
    TooLong {
        /// Length of the text in bytes.
        bytes: usize,
    },
    /// The text has more than [`MAX_RULES`] rules.
    #[error("opening hours `{text}` have {rules} rules; expected at most {MAX_RULES}")]
    TooManyRules {
        /// The text.
        text: String,
        /// Number of rules in it.
        rules: usize,
    },
    /// The text does not follow the syntax.
    #[error(
        "opening hours `{text}` are not readable; expected OpenStreetMap syntax such as `Mo-Fr 08:00-18:00; PH off`: {problem}"
    )]
    Syntax {
        /// The text.
        text: String,
        /// Where and what the parser says, in one line.
        problem: String,
    },
    /// The text follows the syntax, but a selector in it cannot be evaluated.
    #[error(
        "opening hours `{text}` use `{selector}`; expected years, dates, weeks or weekdays that can be evaluated"
    )]
    Unsupported {
        /// The text.
        text: String,
        /// The selector.
        selector: String,
    },
}

/// What a text says: rules to evaluate, or the same at all times.
#[derive(Debug, Clone)]
pub(super) enum Rules {
    Constant(OpenAnswer),
    ByDay(Box<[Rule]>),
}

/// Reads `text`; leading and trailing white space does not count.
pub(super) fn parse(text: &str) -> Result<Rules, InvalidHours> {
    if text.len() > MAX_HOURS_BYTES {
        return Err(InvalidHours::TooLong { bytes: text.len() });
    }
    let text = text.trim();
    let expression = opening_hours_syntax::parse(text).map_err(|error| InvalidHours::Syntax {
        text: text.to_owned(),
        problem: if error.is_implementation_error() {
            "a number in it has no meaning there, such as `24:00` as a length of time".to_owned()
        } else {
            in_one_line(&error.to_string())
        },
    })?;
    if expression.rules.len() > MAX_RULES {
        return Err(InvalidHours::TooManyRules {
            text: text.to_owned(),
            rules: expression.rules.len(),
        });
    }
    let joins_selectors = joins_holiday_and_weekday(text);
    let mut rules = Vec::with_capacity(expression.rules.len());
    for sequence in &expression.rules {
        let may_be_misread = joins_selectors && has_holiday_and_weekday(sequence);
        let is_open_certain = !may_be_misread && !comment_stands_for_state(text, &sequence.comment);
        let rule = Rule::compile(sequence, is_open_certain).map_err(|error| InvalidHours::Unsupported {
            text: text.to_owned(),
            selector: error.0,
        })?;
        rules.push(rule);
    }
    match constant_answer(&expression, &rules) {
        Some(answer) => Ok(Rules::Constant(answer)),
        None => Ok(Rules::ByDay(rules.into())),
    }
}

/// The parser draws the text over several lines with a mark under the place at fault; this names the place instead.
fn in_one_line(problem: &str) -> String {
    let after = |mark| {
        problem
            .lines()
            .find_map(|line| line.trim_start().strip_prefix(mark))
    };
    let place = after("--> ").and_then(|place| place.split_once(':'));
    match (place, after("= ")) {
        (Some((line, column)), Some(expected)) => {
            format!("{expected} at line {line}, character {column}")
        }
        _ => problem.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// The answer for all times when the expression is trivially constant, as `24/7` is.
fn constant_answer(expression: &OpeningHoursExpression, rules: &[Rule]) -> Option<OpenAnswer> {
    // The library's test does not look at operators: `Mo 08:00-18:00 || unknown` is not constant.
    let has_fallback = rules.iter().any(|rule| rule.operator == RuleOperator::Fallback);
    if has_fallback || !expression.is_constant() {
        return None;
    }
    let last = rules.last()?;
    let reason = match last.state {
        OpenState::Open => OpenReason::AlwaysOpen,
        OpenState::Closed => OpenReason::OutsideHours,
        OpenState::Unknown => OpenReason::StatedUnknown {
            comment: last.slots.first().and_then(|slot| slot.comment.clone()),
        },
    };
    Some(OpenAnswer::constant(last.state, reason))
}

/// Whether a holiday and a weekday stand beside each other, as in `PH We`: holidays that are Wednesdays.
///
/// The parser reads this as `PH,We`, which would open all Wednesdays; such a rule is unknown instead.
fn joins_holiday_and_weekday(text: &str) -> bool {
    const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let text = text.to_ascii_uppercase();
    ["PH", "SH"].into_iter().any(|holiday| {
        let parts: Vec<&str> = text.split(holiday).collect();
        parts.windows(2).any(|pair| match pair {
            [before, after] => WEEKDAYS.iter().any(|weekday| {
                before.trim_end().ends_with(weekday) || after.trim_start().starts_with(weekday)
            }),
            _ => false,
        })
    })
}

fn has_holiday_and_weekday(sequence: &RuleSequence) -> bool {
    let is_holiday = |range: &WeekDayRange| matches!(range, WeekDayRange::Holiday { .. });
    let weekdays = &sequence.day_selector.weekday;
    weekdays.iter().any(is_holiday) && !weekdays.iter().all(is_holiday)
}

/// Whether `comment` stands in `text` where a state would, as in `Mo-Fr "by appointment"`; such a rule is unknown.
/// After `open` it is a remark, and before a colon it is a heading.
///
/// The parser reports all three as open with a comment, so the text has to be asked.
fn comment_stands_for_state(text: &str, comment: &str) -> bool {
    if comment.is_empty() {
        return false;
    }
    let quoted = format!("\"{comment}\"");
    let mut before_and_after = text.split(quoted.as_str()).peekable();
    while let (Some(before), Some(after)) = (before_and_after.next(), before_and_after.peek()) {
        let before = before.trim_end().to_ascii_lowercase();
        let is_remark = before.ends_with("open");
        let is_heading = after.trim_start().starts_with(':');
        if !is_remark && !is_heading {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(text: &str) -> Vec<OpenState> {
        match parse(text).unwrap() {
            Rules::Constant(answer) => vec![answer.state],
            Rules::ByDay(rules) => rules.iter().map(|rule| rule.state).collect(),
        }
    }

    #[test]
    fn a_comment_in_the_place_of_a_state_makes_a_rule_unknown() {
        assert_eq!(
            states(r#"Mo-Fr 09:00-17:00 "by appointment""#),
            [OpenState::Unknown]
        );
        assert_eq!(
            states(r#"Mo-Fr 09:00-17:00 open "ring twice""#),
            [OpenState::Open]
        );
        assert_eq!(states(r#""summer":Mo-Fr 09:00-17:00"#), [OpenState::Open]);
        assert_eq!(states(r#"Mo off "market day""#), [OpenState::Closed]);
    }

    #[test]
    fn trivially_constant_hours_are_known_as_such() {
        assert!(matches!(parse("24/7").unwrap(), Rules::Constant(_)));
        assert!(matches!(parse(" 00:00-24:00 ").unwrap(), Rules::Constant(_)));
        assert!(matches!(parse("unknown").unwrap(), Rules::Constant(_)));
        assert!(matches!(parse("24/7; PH off").unwrap(), Rules::ByDay(_)));
        assert!(matches!(
            parse("Mo 08:00-18:00 || unknown").unwrap(),
            Rules::ByDay(_)
        ));
    }

    #[test]
    fn a_text_that_cannot_be_read_is_refused_with_the_text() {
        for text in ["", "随营业时间", "Mo-Fr 25:00", "week 01-53/0 08:00-10:00"] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")), "{error}");
        }
    }

    #[test]
    fn a_number_that_the_grammar_takes_and_its_reader_does_not_is_refused_in_plain_words() {
        let error = parse("9:00-17:00/24:00").unwrap_err().to_string();
        assert!(error.contains("`24:00` as a length of time"), "{error}");
        assert!(!error.contains("github"), "{error}");
    }

    #[test]
    fn a_holiday_beside_a_weekday_is_unknown_and_a_list_of_both_is_not() {
        for text in ["PH We 08:00-10:00", "Mo-We PH 08:00-10:00", "PH fr 08:00-10:00"] {
            assert_eq!(states(text), [OpenState::Unknown], "`{text}`");
        }
        for text in ["PH,We 08:00-10:00", "Mo-Fr,PH 08:00-10:00"] {
            assert_eq!(states(text), [OpenState::Open], "`{text}`");
        }
        assert_eq!(states("PH Su off"), [OpenState::Closed]);
    }

    #[test]
    fn a_text_that_is_not_readable_is_refused_in_one_line_that_names_the_place() {
        for (text, place) in [
            ("8点到18点", "at line 1, character 1"),
            ("Mo-Fr 08:00-18:00; Sa 8am", "at line 1, character "),
            ("Mo\n8点", "at line 1, character 3"),
        ] {
            let problem = parse(text).unwrap_err().to_string();
            let said = problem.rsplit_once(": ").map_or("", |(_, said)| said);
            assert!(said.contains(place) && !said.contains('\n'), "{problem}");
        }
    }

    #[test]
    fn the_length_and_the_number_of_rules_are_limited() {
        let longest = format!("24/7{}", " ".repeat(MAX_HOURS_BYTES - 4));
        assert!(parse(&longest).is_ok());
        let bytes = MAX_HOURS_BYTES + 1;
        assert_eq!(
            parse(&format!("{longest} ")).unwrap_err(),
            InvalidHours::TooLong { bytes }
        );
        assert!(parse(&vec!["Mo 8:00-9:00"; MAX_RULES].join(";")).is_ok());
        let too_many = parse(&vec!["Mo 8:00-9:00"; MAX_RULES + 1].join(";"));
        assert!(matches!(
            too_many,
            Err(InvalidHours::TooManyRules { rules: 65, .. })
        ));
    }
}
