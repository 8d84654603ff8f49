//! Days as people type them into tables: `2024-05-01`, `2024/5/1`, `2024.5.1`, `2024年5月1日`, `20240501`, a serial number.

use chrono::{Days, NaiveDate};

use crate::domain::text::half_width;

/// Serial numbers that are taken for a day: 1954-10-03 to 2119-01-11. Below and above stand counts and telephone numbers.
const SERIALS: core::ops::RangeInclusive<u64> = 20_000..=80_000;

/// Reads a day; a time of day behind it does not count. `None` when the text is no whole date.
pub(super) fn parse(text: &str) -> Option<NaiveDate> {
    let plain: String = text.trim().chars().map(half_width).collect();
    let day = plain
        .split_once([' ', 'T'])
        .map_or(plain.as_str(), |(day, _)| day);
    if let Some(date) = with_separators(day) {
        return Some(date);
    }
    if !day.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match day.len() {
        8 => from_parts(day.get(..4)?, day.get(4..6)?, day.get(6..)?),
        5 => from_serial(day.parse().ok()?),
        _ => None,
    }
}

/// Whether a text is a bare number that is taken for a day, which a person should look at.
pub(super) fn is_serial(text: &str) -> bool {
    let text = text.trim();
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The day that a spreadsheet means by a number: days since 1899-12-30, the epoch of 1900 with its missing leap day.
fn from_serial(serial: u64) -> Option<NaiveDate> {
    if !SERIALS.contains(&serial) {
        return None;
    }
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(serial))
}

fn with_separators(day: &str) -> Option<NaiveDate> {
    if let Some((year, rest)) = day.split_once('年') {
        let (month, last) = rest.split_once('月')?;
        return from_parts(year, month, last.strip_suffix(['日', '号']).unwrap_or(last));
    }
    let separator = day.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let (year, rest) = day.split_once(separator)?;
    let (month, last) = rest.split_once(separator)?;
    from_parts(year, month, last)
}

fn from_parts(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_in_every_form_that_tables_have() {
        for text in [
            "2024-05-01",
            "2024-5-1",
            "2024/5/1",
            "2024.5.1",
            "2024.05.01",
            "2024年5月1日",
            "2024年05月01号",
            "20240501",
            "２０２４－５－１",
            "2024-05-01 08:30:00",
            "2024-05-01T00:00:00",
            "45413",
            " 2024年5月1 ",
        ] {
            assert_eq!(parse(text), NaiveDate::from_ymd_opt(2024, 5, 1), "{text}");
        }
    }

    #[test]
    fn what_is_no_whole_day_is_none() {
        for text in [
            "",
            "2024",
            "2024-05",
            "2024年5月",
            "2024-13-01",
            "2024-02-30",
            "24-5-1",
            "5/1/2024",
            "2024-5.1",
            "19999",
            "80001",
            "2024050",
            "１",
            "昨天",
            "2024-05-01-02",
            "-2024-5-1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(from_serial(20_000).unwrap().to_string(), "1954-10-03");
        assert_eq!(from_serial(80_000).unwrap().to_string(), "2119-01-11");
    }
}
