//! The open state of a station as JSON and as a few words.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use super::json::{push_integer, push_text, push_time};
use crate::domain::language::Language;
use crate::domain::opening_hours::{HoursId, HoursWindow, LocalMinute, OpenAnswer, OpenState};
use crate::domain::station::Status;
use crate::locator::{Clock, Moment, Snapshot};

/// Most texts that are kept for one minute and one language.
const MAX_KEPT: usize = 4096;

/// The open states of the current minute as text. Stations with equal hours share one, and so do all answers of the
/// minute: nearly every question is about now.
#[derive(Debug, Default)]
pub struct OpenTexts {
    /// For each language the latest minute that was asked for.
    latest: [RwLock<Option<Arc<MinuteTexts>>>; 2],
}

/// The texts of one minute, by the position of the hours in their table; written when first asked for.
#[derive(Debug)]
struct MinuteTexts {
    minute: LocalMinute,
    texts: Box<[OnceLock<Box<str>>]>,
}

impl OpenTexts {
    /// The texts of a minute; `None` for the minute before the latest, which a request that crossed the full minute
    /// may still ask for.
    fn of(&self, minute: LocalMinute, language: Language, hours: usize) -> Option<Arc<MinuteTexts>> {
        let latest = &self.latest[language as usize];
        let known = latest.read().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(known) if known.minute == minute => return Some(known),
            Some(known) if known.minute == minute.plus_minutes(1) => return None,
            _ => {}
        }
        let texts = std::iter::repeat_with(OnceLock::new).take(hours.min(MAX_KEPT));
        let fresh = Arc::new(MinuteTexts {
            minute,
            texts: texts.collect(),
        });
        *latest.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fresh));
        Some(fresh)
    }
}

/// Writes the open states of one answer.
#[derive(Debug)]
pub struct OpenStates<'a> {
    snapshot: &'a Snapshot,
    language: Language,
    texts: Option<Arc<MinuteTexts>>,
    window: Option<Arc<HoursWindow>>,
    /// The last moment that was written, and its text.
    at: Option<(Moment, String)>,
}

impl<'a> OpenStates<'a> {
    /// For an answer at `now`.
    pub fn new(snapshot: &'a Snapshot, texts: &OpenTexts, now: DateTime<Utc>, language: Language) -> Self {
        Self {
            snapshot,
            language,
            texts: texts.of(snapshot.moment(now).minute, language, snapshot.hours().count()),
            window: None,
            at: None,
        }
    }

    /// Appends the property `open_state` of a station, with a comma at its end.
    pub fn push(&mut self, out: &mut String, station: u32, at: Moment) {
        out.push_str("\"open_state\":{\"at\":");
        match &self.at {
            Some((known, text)) if *known == at => out.push_str(text),
            _ => {
                let mut text = String::with_capacity(32);
                push_time(&mut text, at.local());
                out.push_str(&text);
                self.at = Some((at, text));
            }
        }
        let (hours, status) = self.snapshot.service(station);
        let is_shared = status == Status::Open;
        if let Some(text) = self.slot(hours, at).filter(|_| is_shared).and_then(OnceLock::get) {
            out.push_str(text);
            return;
        }
        let start = out.len();
        self.push_answer(out, station, at);
        if let (true, Some(slot), Some(text)) = (is_shared, self.slot(hours, at), out.get(start..)) {
            // Another thread may have been faster; its text is the same.
            drop(slot.set(text.into()));
        }
    }

    fn slot(&self, hours: HoursId, at: Moment) -> Option<&OnceLock<Box<str>>> {
        let texts = self.texts.as_ref().filter(|texts| texts.minute == at.minute)?;
        texts.texts.get(hours.position())
    }

    /// Appends what follows the moment; the moment's minute decides all of it.
    fn push_answer(&mut self, out: &mut String, station: u32, at: Moment) {
        let window = self
            .window
            .get_or_insert_with(|| self.snapshot.hours().window(at.minute));
        let answer = self.snapshot.open_answer(window, station, at.minute);
        push_answer(
            out,
            &answer,
            at.minute,
            (self.snapshot.reference().clock, self.language),
        );
    }
}

fn push_answer(
    out: &mut String,
    answer: &OpenAnswer,
    minute: LocalMinute,
    (clock, language): (Clock, Language),
) {
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
    match answer.minutes_to_change(minute) {
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
