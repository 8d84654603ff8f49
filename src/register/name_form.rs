//! Brings the text of a name into one form: width, brackets, numbers, firms, districts.

use super::name_words::{FIRMS, NO_DISTRICTS, REMARKS, UNITS, numeral_value};
use crate::domain::text::half_width;

/// Letters that a name is looked at; longer ones are cut. Names are at most 400 bytes.
const MAX_SIGNS: usize = 400;
/// The longest name of a district in front of a name, in signs.
const MAX_DISTRICT_SIGNS: usize = 6;

pub(super) fn firms_folded(text: &str) -> String {
    let fold = |text: String, (from, to): &(&str, &str)| {
        if text.contains(from) {
            text.replace(from, to)
        } else {
            text
        }
    };
    FIRMS.iter().fold(text.to_owned(), fold)
}

pub(super) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for sign in name.chars().take(MAX_SIGNS) {
        match sign {
            '①'..='⑳' => folded.push_str(&(u32::from(sign) - u32::from('①') + 1).to_string()),
            _ => folded.extend(half_width(sign).to_lowercase()),
        }
    }
    folded
}

/// The text outside of brackets, and each bracketed part. A bracket that is never closed reaches to the end.
pub(super) fn split_brackets(text: &str) -> (String, Vec<String>) {
    let (mut outside, mut asides, mut depth) = (String::new(), Vec::new(), 0_usize);
    for sign in text.chars() {
        match sign {
            '(' | '[' | '{' | '【' | '〔' | '〖' | '《' | '〈' | '「' | '『' => {
                if depth == 0 {
                    asides.push(String::new());
                }
                depth += 1;
            }
            ')' | ']' | '}' | '】' | '〕' | '〗' | '》' | '〉' | '」' | '』' => {
                depth = depth.saturating_sub(1);
            }
            _ if depth == 0 => outside.push(sign),
            _ => {
                if let Some(aside) = asides.last_mut() {
                    aside.push(sign);
                }
            }
        }
    }
    (outside, asides)
}

/// Letters, digits and `#`, which can mean 号.
pub(super) fn letters(text: &str) -> String {
    text.chars()
        .filter(|sign| sign.is_alphanumeric() || *sign == '#')
        .collect()
}

pub(super) fn is_number_or_remark(aside: &str) -> bool {
    let is_number = aside
        .trim_start_matches("no")
        .chars()
        .all(|sign| sign.is_ascii_digit());
    is_number || REMARKS.iter().any(|remark| aside.starts_with(remark))
}

const fn is_numeral(sign: char) -> bool {
    matches!(
        sign,
        '零' | '〇'
            | '一'
            | '二'
            | '两'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
    )
}

/// Numbers in one form: Chinese numerals before a unit or after 第, leading zeros, `2#`, `no2`.
pub(super) fn numbers_folded(text: &str) -> String {
    let signs: Vec<char> = text.replace("no", "\u{0}").chars().collect();
    let mut folded = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&sign) = signs.get(at) {
        let rest = signs.get(at..).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|before| signs.get(before)).copied();
        let run = |is_part: &dyn Fn(char) -> bool| rest.iter().take_while(|sign| is_part(**sign)).count();
        let after = |count: usize| rest.get(count).copied();
        if sign.is_ascii_digit() {
            let count = run(&|sign| sign.is_ascii_digit());
            let digits: String = rest.iter().take(count).collect();
            let shown = digits.trim_start_matches('0');
            folded.push_str(if shown.is_empty() { "0" } else { shown });
            if before == Some('\u{0}') && after(count) != Some('号') {
                folded.push('号');
            }
            at += count;
        } else if is_numeral(sign) {
            let count = run(&is_numeral);
            let is_number = before == Some('第') || after(count).is_some_and(|sign| UNITS.contains(&sign));
            let numerals = rest.get(..count).unwrap_or_default();
            match numeral_value(numerals).filter(|_| is_number) {
                Some(number) => folded.push_str(&number.to_string()),
                None => folded.extend(numerals),
            }
            at += count;
        } else {
            let is_number_next = after(1).is_some_and(|sign| sign.is_ascii_digit());
            let is_dropped = match sign {
                '#' => true,
                '\u{0}' => is_number_next,
                '第' => is_number_next || after(1).is_some_and(is_numeral),
                _ => false,
            };
            let is_number_sign = sign == '#' && before.is_some_and(|sign| sign.is_ascii_digit());
            match (is_dropped, sign) {
                (true, _) if is_number_sign && after(1) != Some('号') => folded.push('号'),
                (true, _) => {}
                (false, '\u{0}') => folded.push_str("no"),
                (false, _) => folded.push(sign),
            }
            at += 1;
        }
    }
    folded
}

/// The text without the districts in front of it; empty when it is nothing else.
pub(super) fn without_districts(text: &str) -> &str {
    let mut left = text;
    while let Some(after) = after_district(left) {
        left = after;
    }
    left
}

fn after_district(text: &str) -> Option<&str> {
    let mut signs = text.char_indices().take(MAX_DISTRICT_SIGNS).skip(1);
    let (at, end) = signs.find(|(_, sign)| matches!(sign, '省' | '市' | '区' | '县'))?;
    let (district, after) = text.split_at_checked(at + end.len_utf8())?;
    let is_none = NO_DISTRICTS.iter().any(|word| district.ends_with(word))
        || (end == '市'
            && ["场", "民", "政", "中心"]
                .iter()
                .any(|word| after.starts_with(word)));
    // One sign alone is no name: 东区医院 is left as it is only when cutting would leave a single sign.
    let is_too_short = after.chars().count() == 1;
    (!is_none && !is_too_short).then_some(after)
}
