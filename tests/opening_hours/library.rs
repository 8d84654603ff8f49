//! On ordinary days, where nights and comments play no part, our evaluation is that of the `opening-hours` crate.

use opening_hours::{OpeningHours, RuleKind};
use opening_hours_syntax::ExtendedTime;
use opening_hours_syntax::rules::OpeningHoursExpression;
use opening_hours_syntax::rules::time::{Time, TimeSpan};
use yizhan::domain::opening_hours::OpenState;

use crate::{compile_with, minute, plain_calendar, shared_data};

/// Whether a rule opens past midnight, or by the sun and so perhaps past midnight.
pub fn has_night(expression: &OpeningHoursExpression) -> bool {
    let reaches_next_day = |span: &TimeSpan| match (span.range.start, span.range.end) {
        (Time::Fixed(start), Time::Fixed(end)) => end <= start || end > ExtendedTime::MIDNIGHT_24,
        _ => true,
    };
    expression
        .rules
        .iter()
        .any(|rule| rule.time_selector.spans.iter().any(reaches_next_day))
}

/// Whether the two evaluations should be the same. They are meant to differ where a later rule wipes a night, in open
/// ends, repeated times and comments for states, and in fallbacks, which the crate decides by day and we by minute.
fn is_comparable(text: &str, library: &OpeningHours) -> bool {
    !has_night(&library.get_expression()) && !text.contains("||") && !text.contains(['+', '"', '/'])
}

fn kind_of(state: OpenState) -> RuleKind {
    match state {
        OpenState::Open => RuleKind::Open,
        OpenState::Closed => RuleKind::Closed,
        OpenState::Unknown => RuleKind::Unknown,
    }
}

#[test]
fn the_samples_are_readable_and_agree_with_the_library_where_they_should() {
    let Some(samples) = shared_data::read("opening-hours/opening_hours_rs_sample.txt") else {
        return;
    };
    let calendar = plain_calendar();
    let mut compared = 0;
    // The file's comments and its empty line are not hours.
    for text in samples
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let hours = compile_with(text, &calendar);
        let library: OpeningHours = text.trim().parse().expect("read above");
        if !is_comparable(text, &library) {
            continue;
        }
        compared += 1;
        for interval in hours.intervals(minute("2024-01-01T00:00"), minute("2025-01-10T00:00")) {
            let expected = kind_of(interval.state);
            for span in library.iter_range(interval.from.to_local(), interval.to.to_local()) {
                assert_eq!(span.kind, expected, "`{text}` at {}", span.range.start);
            }
        }
    }
    assert_eq!(compared, 173, "of 195 texts");
}
