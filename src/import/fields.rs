//! Reads single values: each function takes what the file holds and gives the checked value, nothing, or what is wrong.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

use super::item::Item;
use super::{dates, number};

/// The longest text of an optional field, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 2000;
/// The most entries in a list field (aliases, audience, facilities).
pub const MAX_LIST_ENTRIES: usize = 100;
/// The largest floor area that is believed, square metres.
pub const MAX_FLOOR_AREA_M2: f64 = 1_000_000.0;
/// The largest number of seats that is believed.
pub const MAX_SEATS: u64 = 100_000;

/// What is wrong with a value, in both languages.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) en: String,
    pub(super) zh: String,
}

/// What reading one value gives: the value, nothing because it is not stated, or a fault.
pub(super) type Read<T> = Result<Option<T>, Fault>;

/// A fault that says `` `value` is not …; expected … `` in both languages.
pub(super) fn fault(
    code: &'static str,
    value: &str,
    (not, expected): (&str, &str),
    (not_zh, expected_zh): (&str, &str),
) -> Fault {
    let value = super::problem::shown(value);
    Fault {
        code,
        en: format!("`{value}` {not}; expected {expected}"),
        zh: format!("`{value}` {not_zh}；应为{expected_zh}"),
    }
}

/// A trimmed text without control characters, at most `max_bytes` long. Numbers are taken as they are written.
pub(super) fn text<'i>(item: &'i Item<'_>, max_bytes: usize) -> Read<Cow<'i, str>> {
    let text = match item {
        Item::Null => return Ok(None),
        Item::Text(text) => Cow::Borrowed(trimmed(text)),
        Item::Integer(number) => Cow::Owned(number.to_string()),
        Item::Float(number) => Cow::Owned(number.to_string()),
        Item::Bool(_) | Item::List(_) | Item::Object(_) => {
            return Err(fault(
                "wrong_type",
                &item.shown(),
                ("is no text", "a text"),
                ("不是文字", "文字"),
            ));
        }
    };
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > max_bytes {
        let expected = format!("at most {max_bytes} bytes of UTF-8");
        let expected_zh = format!("最多{max_bytes}字节的UTF-8文字");
        return Err(fault(
            "too_long",
            &text,
            ("is too long", &expected),
            ("过长", &expected_zh),
        ));
    }
    if has_control_character(&text) {
        let (not, not_zh) = ("has a control character or a line break", "含有控制字符或换行");
        return Err(fault(
            "control_character",
            &text,
            (not, "text on one line"),
            (not_zh, "一行文字"),
        ));
    }
    Ok(Some(text))
}

/// `str::trim`, with a short cut for text that starts and ends in plain ASCII.
fn trimmed(text: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if is_plain(bytes.first()) && is_plain(bytes.last()) {
        text
    } else {
        text.trim()
    }
}

/// Whether a text has a control character. All of them are single bytes below 0x80 or start with 0xC2 in UTF-8, so most
/// texts are done without decoding.
fn has_control_character(text: &str) -> bool {
    let may_have = text.bytes().any(|byte| byte.is_ascii_control() || byte == 0xc2);
    may_have && text.chars().any(char::is_control)
}

/// A finite number, without a range.
pub(super) fn decimal(item: &Item<'_>) -> Read<f64> {
    let wrong = || {
        fault(
            "not_a_number",
            &item.shown(),
            ("is not a number", "a decimal number such as `34.819187`"),
            ("不是数字", "十进制数字，例如 `34.819187`"),
        )
    };
    match item {
        Item::Null => Ok(None),
        Item::Integer(whole) => Ok(Some(*whole as f64)),
        Item::Float(value) if value.is_finite() => Ok(Some(*value)),
        Item::Text(text) if text.trim().is_empty() => Ok(None),
        Item::Text(text) => number::parse(text).map(Some).ok_or_else(wrong),
        Item::Float(_) | Item::Bool(_) | Item::List(_) | Item::Object(_) => Err(wrong()),
    }
}

/// A floor area in square metres; the unit may stand behind the number.
pub(super) fn floor_area_m2(item: &Item<'_>) -> Read<f64> {
    let value = match item {
        Item::Text(text) => {
            let plain = text.trim();
            let units = ["平方米", "平米", "㎡", "m²", "m2"];
            let bare = units
                .iter()
                .find_map(|unit| plain.strip_suffix(unit))
                .unwrap_or(plain);
            decimal(&Item::Text(Cow::Borrowed(bare)))?
        }
        _ => decimal(item)?,
    };
    match value {
        Some(area_m2) if !(0.0..=MAX_FLOOR_AREA_M2).contains(&area_m2) => {
            let expected = format!("square metres from 0 to {MAX_FLOOR_AREA_M2}");
            let expected_zh = format!("0到{MAX_FLOOR_AREA_M2}平方米");
            Err(fault(
                "out_of_range",
                &item.shown(),
                ("is out of range", &expected),
                ("超出范围", &expected_zh),
            ))
        }
        _ => Ok(value),
    }
}

/// A whole number from 0 to `max`.
pub(super) fn whole_number(item: &Item<'_>, max: u64) -> Read<u64> {
    let value = match item {
        Item::Integer(whole) => Some(*whole),
        Item::Text(text) if text.trim().is_empty() => return Ok(None),
        Item::Text(text) => text
            .trim()
            .chars()
            .map(number::half_width_digit)
            .collect::<String>()
            .parse()
            .ok(),
        Item::Null => return Ok(None),
        Item::Float(_) | Item::Bool(_) | Item::List(_) | Item::Object(_) => None,
    };
    value.filter(|whole| *whole <= max).map(Some).ok_or_else(|| {
        let (expected, expected_zh) = (
            format!("a whole number from 0 to {max}"),
            format!("0到{max}的整数"),
        );
        fault(
            "not_a_number",
            &item.shown(),
            ("is no usable number", &expected),
            ("不是可用的数字", &expected_zh),
        )
    })
}

/// A day, as `2026-11-21` or as people type it.
pub(super) fn date(item: &Item<'_>) -> Read<NaiveDate> {
    let Some(text) = text(item, MAX_TEXT_BYTES)? else {
        return Ok(None);
    };
    dates::parse(&text).map(Some).ok_or_else(|| {
        let (expected, expected_zh) = ("a day such as `2026-11-21`", "形如 `2026-11-21` 的日期");
        fault(
            "bad_date",
            &text,
            ("is no date", expected),
            ("不是日期", expected_zh),
        )
    })
}

/// A moment as RFC 3339 writes it.
pub(super) fn moment(item: &Item<'_>) -> Read<DateTime<Utc>> {
    let Some(text) = text(item, MAX_TEXT_BYTES)? else {
        return Ok(None);
    };
    DateTime::parse_from_rfc3339(&text)
        .map(|moment| Some(moment.with_timezone(&Utc)))
        .map_err(|_error| {
            let (expected, expected_zh) = (
                "a time such as `2026-11-21T08:00:00+08:00`",
                "形如 `2026-11-21T08:00:00+08:00` 的时间",
            );
            fault(
                "bad_time",
                &text,
                ("is no time", expected),
                ("不是时间", expected_zh),
            )
        })
}

/// Yes or no.
pub(super) fn flag(item: &Item<'_>) -> Read<bool> {
    if let Item::Bool(value) = item {
        return Ok(Some(*value));
    }
    let Some(text) = text(item, MAX_TEXT_BYTES)? else {
        return Ok(None);
    };
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" => Ok(Some(true)),
        "false" | "no" | "n" | "0" | "否" => Ok(Some(false)),
        _ => Err(fault(
            "bad_flag",
            &text,
            ("is neither yes nor no", "`true` or `false`"),
            ("既非是也非否", "`是`或`否`"),
        )),
    }
}

/// A six-digit code of an administrative district.
pub(super) fn adcode(item: &Item<'_>) -> Read<Box<str>> {
    let Some(text) = text(item, MAX_TEXT_BYTES)? else {
        return Ok(None);
    };
    let digits: String = text.chars().map(number::half_width_digit).collect();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Some(digits.into()));
    }
    Err(fault(
        "bad_adcode",
        &text,
        ("is no district code", "six digits such as `460203`"),
        ("不是行政区划代码", "六位数字，例如 `460203`"),
    ))
}

/// The entries of a list: a JSON array of texts, or a cell whose entries are separated by `;`, `；`, `、`, `,`, `，` or `|`.
/// Empty entries do not count.
pub(super) fn list<'i>(item: &'i Item<'_>) -> Result<Vec<Cow<'i, str>>, Fault> {
    let mut entries = Vec::new();
    match item {
        Item::Null => {}
        Item::List(values) => {
            for value in values {
                entries.extend(text(value, MAX_TEXT_BYTES)?);
            }
        }
        _ => {
            let Some(Cow::Borrowed(cell)) = text(item, MAX_TEXT_BYTES)? else {
                return Ok(entries);
            };
            let parts = cell.split([';', '；', '、', ',', '，', '|']).map(str::trim);
            entries.extend(parts.filter(|part| !part.is_empty()).map(Cow::Borrowed));
        }
    }
    if entries.len() > MAX_LIST_ENTRIES {
        let given = format!("{} entries", entries.len());
        let expected = format!("at most {MAX_LIST_ENTRIES}");
        return Err(fault(
            "too_long",
            &given,
            ("are too many", &expected),
            ("过多", &format!("最多{MAX_LIST_ENTRIES}项")),
        ));
    }
    Ok(entries)
}
