//! The open state of a station as JSON and as a few words.

use crate::domain::language::Language;
use crate::domain::opening_hours::{LocalMinute, OpenAnswer, OpenState};
use crate::locator::{Clock, Moment};

use super::json::{push_integer, push_text, push_time};

/// Appends the property `open_state`, with a comma at its end.
pub fn push(out: &mut String, answer: &OpenAnswer, at: Moment, (clock, language): (Clock, Language)) {
    out.push_str("\"open_state\":{\"at\":");
    push_time(out, at.local());
    for text in [
        ",\"state\":\"",
        answer.state.word(),
        "\",\"reason\":\"",
        answer.reason.code(),
        "\",\"reason_text\":",
    ] {
        out.push_str(text);
    }
    push_text(out, &answer.reason.text(language));
    out.push_str(",\"changes_at\":");
    let change = out.len();
    push_minute(out, clock, answer.changes_at);
    let change = change..out.len();
    out.push_str(",\"next_state\":");
    match answer.next_state {
        Some(state) => push_text(out, state.word()),
        None => out.push_str("null"),
    }
    out.push_str(",\"minutes_to_change\":");
    match answer.minutes_to_change(at.minute) {
        Some(minutes) => push_integer(out, minutes),
        None => out.push_str("null"),
    }
    for (name, minute) in [
        (",\"closes_at\":", answer.closes_at()),
        (",\"opens_at\":", answer.opens_at),
    ] {
        out.push_str(name);
        if minute.is_some() && minute == answer.changes_at {
            // The same time once more.
            out.extend_from_within(change.clone());
        } else {
            push_minute(out, clock, minute);
        }
    }
    out.push_str("},");
}

fn push_minute(out: &mut String, clock: Clock, minute: Option<LocalMinute>) {
    match minute {
        Some(minute) => push_time(out, clock.begin(minute)),
        None => out.push_str("null"),
    }
}

/// The open state in a few words, with the next change, for a short text.
pub fn in_words(answer: &OpenAnswer, at: Moment, language: Language) -> String {
    let clock_time = |minute: LocalMinute| {
        let (time, today) = (minute.to_local(), at.minute.date());
        match (minute.date() - today).num_days() {
            0 => time.format("%H:%M").to_string(),
            1 if language == Language::Zh => time.format("明天%H:%M").to_string(),
            1 => time.format("%H:%M tomorrow").to_string(),
            _ if language == Language::Zh => time.format("%-m月%-d日%H:%M").to_string(),
            _ => time.format("%H:%M on %-d %b").to_string(),
        }
    };
    let reason = answer.reason.text(language);
    match (language, answer.state, answer.closes_at(), answer.opens_at) {
        (Language::Zh, OpenState::Open, Some(minute), _) => format!("开放中，{}关", clock_time(minute)),
        (Language::Zh, OpenState::Open, None, _) => format!("开放中（{reason}）"),
        (Language::Zh, OpenState::Closed, _, Some(minute)) => format!("已关，{}开", clock_time(minute)),
        (Language::Zh, OpenState::Closed, _, None) => format!("不开放（{reason}）"),
        (Language::Zh, OpenState::Unknown, ..) => format!("是否开放不清楚（{reason}）"),
        (Language::En, OpenState::Open, Some(minute), _) => format!("open until {}", clock_time(minute)),
        (Language::En, OpenState::Open, None, _) => format!("open ({reason})"),
        (Language::En, OpenState::Closed, _, Some(minute)) => format!("closed, opens {}", clock_time(minute)),
        (Language::En, OpenState::Closed, _, None) => format!("closed ({reason})"),
        (Language::En, OpenState::Unknown, ..) => format!("not known whether open ({reason})"),
    }
}
