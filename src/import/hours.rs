//! Opening hours as a register words them: what is `opening_hours` syntax, what is plain enough to be translated, and
//! what stays words.
//!
//! Only a small, exact grammar is translated, because a wrong guess sends a tired person to a locked door:
//! `[周X | 周X至周Y | 每天] HH:MM-HH:MM[,HH:MM-HH:MM]…`, with full-width forms, and `24小时` or `全天`. Everything else
//! (工作日, 节假日, seasons, remarks) stays in the words of the source and counts as unknown.

use std::collections::HashMap;
use std::sync::RwLock;

/// The longest text that is tried as `opening_hours` syntax, in bytes.
pub(super) const MAX_HOURS_BYTES: usize = 1024;

/// Texts that say nothing but "always open".
const ALWAYS: &[&str] = &[
    "24小时",
    "全天",
    "24小时开放",
    "24小时营业",
    "全天开放",
    "全天营业",
    "全天24小时",
    "24小时全天",
    "24小时全天开放",
    "全天24小时开放",
    "每天24小时",
    "每日24小时",
];

/// Day names after `周` or `星期`, with what OpenStreetMap calls them.
const DAYS: [(char, &str); 8] = [
    ('一', "Mo"),
    ('二', "Tu"),
    ('三', "We"),
    ('四', "Th"),
    ('五', "Fr"),
    ('六', "Sa"),
    ('日', "Su"),
    ('天', "Su"),
];

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

/// What [`is_osm`] said before, for all pieces of a load: registers use few different hours, and one parse costs more than
/// the rest of a row.
#[derive(Debug, Default)]
pub(super) struct KnownHours(RwLock<HashMap<Box<str>, bool>>);

/// How many different texts are remembered.
const MAX_KNOWN: usize = 10_000;

impl KnownHours {
    /// Whether a text is `opening_hours` syntax that states times.
    pub(super) fn is_osm(&self, text: &str) -> bool {
        if let Some(known) = self.0.read().ok().and_then(|known| known.get(text).copied()) {
            return known;
        }
        let answer = is_osm(text);
        if let Ok(mut known) = self.0.write()
            && known.len() < MAX_KNOWN
        {
            known.insert(text.into(), answer);
        }
        answer
    }
}

/// Translates the plain Chinese forms; `None` for everything else.
pub(super) fn translate(text: &str) -> Option<String> {
    if text.len() > MAX_HOURS_BYTES {
        return None;
    }
    let plain: String = text
        .trim()
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(half_width)
        .collect();
    if ALWAYS.contains(&plain.as_str()) {
        return Some("24/7".to_owned());
    }
    let (days, times) = split_days(&plain)?;
    let times = times.strip_prefix(':').unwrap_or(times);
    let mut spans = Vec::new();
    for span in times.split(',') {
        spans.push(time_span(span)?);
    }
    let times = spans.join(",");
    Some(if days.is_empty() {
        times
    } else {
        format!("{days} {times}")
    })
}

/// One character in its half-width form, with one sign for each of the many dashes and commas.
fn half_width(c: char) -> char {
    match c {
        '０'..='９' => super::number::half_width_digit(c),
        '：' => ':',
        '，' | '、' | ';' | '；' => ',',
        '－' | '—' | '–' | '~' | '～' | '至' | '到' | '―' | '‐' | '−' => '-',
        _ => c,
    }
}

/// Splits the day part off and translates it; no day part means every day.
fn split_days(plain: &str) -> Option<(String, &str)> {
    for word in ["每天", "每日"] {
        if let Some(rest) = plain.strip_prefix(word) {
            return Some((String::new(), rest));
        }
    }
    let Some((first, rest)) = day(plain) else {
        return Some((String::new(), plain));
    };
    let Some(rest_of_range) = rest.strip_prefix('-') else {
        return Some((first.to_owned(), rest));
    };
    // `周一至五` is as common as `周一至周五`.
    let (last, rest) = day(rest_of_range).or_else(|| day_name(rest_of_range))?;
    if first == last {
        return None;
    }
    let days = if (first, last) == ("Mo", "Su") {
        String::new()
    } else {
        format!("{first}-{last}")
    };
    Some((days, rest))
}

fn day(text: &str) -> Option<(&'static str, &str)> {
    day_name(text.strip_prefix('周').or_else(|| text.strip_prefix("星期"))?)
}

fn day_name(text: &str) -> Option<(&'static str, &str)> {
    DAYS.iter()
        .find_map(|(name, osm)| text.strip_prefix(*name).map(|rest| (*osm, rest)))
}

/// `8:00-20:00` as `08:00-20:00`. A span that ends where it starts could mean a day or nothing, so it is refused.
fn time_span(span: &str) -> Option<String> {
    let (start, end) = span.split_once('-')?;
    let (start_min, end_min) = (minutes(start)?, minutes(end)?);
    let usable = start_min != end_min && start_min < 24 * 60;
    usable.then(|| {
        let clock = |min: u32| format!("{:02}:{:02}", min / 60, min % 60);
        format!("{}-{}", clock(start_min), clock(end_min))
    })
}

/// Minutes since midnight of `H:MM` or `HH:MM`, up to 24:00.
fn minutes(clock: &str) -> Option<u32> {
    let (hour, minute) = clock.split_once(':')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 || !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_chinese_hours_are_translated_exactly() {
        for (text, expected) in [
            ("周一至周五 09:00-17:00", "Mo-Fr 09:00-17:00"),
            (
                "周一至周五 08:30-12:00,13:00-17:30",
                "Mo-Fr 08:30-12:00,13:00-17:30",
            ),
            ("星期一到星期六８：００—１８：００", "Mo-Sa 08:00-18:00"),
            (
                "周一至五 8:00～12:00、14:00～18:00",
                "Mo-Fr 08:00-12:00,14:00-18:00",
            ),
            ("每天 8:00-20:00", "08:00-20:00"),
            ("周一至周日：06:00-22:00", "06:00-22:00"),
            ("周六 22:00-06:00", "Sa 22:00-06:00"),
            ("24小时", "24/7"),
            ("２４小时", "24/7"),
            ("全天", "24/7"),
        ] {
            assert_eq!(translate(text).as_deref(), Some(expected), "{text}");
            assert!(is_osm(expected), "{expected}");
        }
    }

    #[test]
    fn hours_that_need_a_guess_are_left_alone() {
        for text in [
            "工作日开放",
            "09:00-17:00 周末除外",
            "周一至周五9点到5点",
            "08:00-08:00",
            "8:00-25:00",
            "周一至周一 8:00-9:00",
            "随营业时间",
            "",
            "周一至周五",
            "夏季8:00-20:00",
            "8:00-20:00,",
            "8-20",
        ] {
            assert_eq!(translate(text), None, "{text}");
        }
    }

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
