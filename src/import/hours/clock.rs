//! Times of day and dates as they are written.

use super::token::{Clock, Form, Period, Token};
use super::words;

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
/// Days of the months, of a leap year.
const MONTH_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A number of one or two digits, or a Chinese numeral below 60; and its length.
fn number_at(text: &[char]) -> Option<(u16, usize)> {
    digits_at(text).or_else(|| numeral_at(text))
}

fn digits_at(text: &[char]) -> Option<(u16, usize)> {
    let length = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let signs: String = text.iter().take(length).collect();
    (1..=2).contains(&length).then_some(())?;
    Some((signs.parse().ok()?, length))
}

fn numeral_at(text: &[char]) -> Option<(u16, usize)> {
    let digit = |at: usize| {
        let sign = match text.get(at)? {
            '两' => '二',
            '〇' => '零',
            sign => *sign,
        };
        DIGITS
            .iter()
            .position(|known| *known == sign)
            .and_then(|value| u16::try_from(value).ok())
    };
    let is_ten = |at: usize| text.get(at) == Some(&'十');
    if is_ten(0) {
        let ones = digit(1).filter(|ones| *ones > 0);
        return Some(ones.map_or((10, 1), |ones| (10 + ones, 2)));
    }
    let first = digit(0)?;
    if first == 0 {
        let ones = digit(1).filter(|ones| *ones > 0);
        return Some(ones.map_or((0, 1), |ones| (ones, 2)));
    }
    if !is_ten(1) {
        return Some((first, 1));
    }
    (first <= 5).then_some(())?;
    let ones = digit(2).filter(|ones| *ones > 0);
    Some(ones.map_or((first * 10, 2), |ones| (first * 10 + ones, 3)))
}

/// A time of day and its length. `bare` allows a number without a unit in numerals.
pub(super) fn clock_at(text: &[char], bare: bool) -> Option<(Token, usize)> {
    let (hour, length) = number_at(text)?;
    let is_digits = text.first().is_some_and(char::is_ascii_digit);
    let after = text.get(length..).unwrap_or_default();
    let clock = |minute, form, period| {
        Token::Clock(Clock {
            hour,
            minute,
            form,
            period,
        })
    };
    match after {
        [':', ..] if is_digits && minutes_at(after).is_some() => colon_clock(hour, length, after),
        ['点', rest @ ..] => {
            let (minute, more) = minutes_after_unit(rest);
            Some((clock(minute, Form::Unit, None), length + 1 + more))
        }
        ['时', rest @ ..] if rest.first() != Some(&'间') => {
            let (minute, more) = minutes_after_unit(rest);
            Some((clock(minute, Form::Unit, None), length + 1 + more))
        }
        ['.', ten, one, rest @ ..] if is_digits && ten.is_ascii_digit() && one.is_ascii_digit() => {
            let day = u8::try_from(two_digits(*ten, *one)?).ok()?;
            let goes_on = rest.first().is_some_and(char::is_ascii_digit);
            let first = u8::try_from(hour).ok()?;
            (!goes_on).then_some((
                Token::Dotted {
                    first,
                    second: day,
                    two: true,
                },
                length + 3,
            ))
        }
        ['.', one, ..] if is_digits && one.is_ascii_digit() => {
            let day = u8::try_from(one.to_digit(10)?).ok()?;
            let first = u8::try_from(hour).ok()?;
            Some((
                Token::Dotted {
                    first,
                    second: day,
                    two: false,
                },
                length + 2,
            ))
        }
        _ if is_digits => {
            let (period, half) = half_of_day(after);
            let form = if period.is_some() { Form::Unit } else { Form::Bare };
            Some((clock(0, form, period), length + half))
        }
        _ if bare => Some((clock(0, Form::Bare, None), length)),
        _ => None,
    }
}

/// The minutes behind a colon, when there are two digits and no third.
fn minutes_at(after: &[char]) -> Option<u16> {
    let [':', ten, one, rest @ ..] = after else {
        return None;
    };
    let goes_on = rest.first().is_some_and(char::is_ascii_digit);
    two_digits(*ten, *one).filter(|_| !goes_on)
}

/// `8:00`, `08:00:00`, `8:00am`
fn colon_clock(hour: u16, length: usize, after: &[char]) -> Option<(Token, usize)> {
    let minute = minutes_at(after)?;
    let rest = after.get(3..).unwrap_or_default();
    let seconds = if rest.starts_with(&[':', '0', '0']) { 3 } else { 0 };
    let (period, half) = half_of_day(rest.get(seconds..).unwrap_or_default());
    let form = if length == 2 && hour < 10 {
        Form::Padded
    } else {
        Form::Colon
    };
    let clock = Clock {
        hour,
        minute,
        form,
        period,
    };
    Some((Token::Clock(clock), length + 3 + seconds + half))
}

fn two_digits(ten: char, one: char) -> Option<u16> {
    u16::try_from(ten.to_digit(10)? * 10 + one.to_digit(10)?).ok()
}

/// What stands behind 点: 半, 一刻, 30分, 三十, 整, nothing.
fn minutes_after_unit(text: &[char]) -> (u16, usize) {
    match text {
        ['半', ..] => return (30, 1),
        ['一', '刻', ..] => return (15, 2),
        ['三', '刻', ..] => return (45, 2),
        ['整' | '钟', ..] => return (0, 1),
        _ => {}
    }
    let Some((minute, length)) = number_at(text) else {
        return (0, 0);
    };
    match text.get(length) {
        Some('分') => (minute, length + 1),
        // 8点30 and 八点三十 say minutes; 八点一 says nothing, and what follows is another word.
        next if minute >= 10 && !matches!(next, Some('点' | '时' | '月' | ':' | '.')) && length >= 2 => {
            (minute, length)
        }
        _ => (0, 0),
    }
}

/// `am`, `a.m.`, `pm`, `p.m.` and their length.
fn half_of_day(text: &[char]) -> (Option<Period>, usize) {
    let (period, rest) = match text {
        ['a', rest @ ..] => (Period::Am, rest),
        ['p', rest @ ..] => (Period::Pm, rest),
        _ => return (None, 0),
    };
    match rest {
        ['.', 'm', '.', ..] => (Some(period), 4),
        ['.', 'm', ..] | ['m', '.', ..] => (Some(period), 3),
        ['m', ..] => (Some(period), 2),
        _ => (None, 0),
    }
}

/// A month, a date or a range of months, and its length.
pub(super) fn date_at(text: &[char]) -> Option<(Token, usize)> {
    if let Some((month, length)) = words::english_month(text) {
        let after = text.get(length..).unwrap_or_default();
        let day = digits_at(after).and_then(|(day, more)| {
            let is_time = matches!(after.get(more), Some(':' | 'a' | 'p' | '.'));
            let day = u8::try_from(day).ok().filter(|_| !is_time)?;
            Some((day, more))
        });
        let (day, more) = day.map_or((None, 0), |(day, more)| (Some(day), more));
        return is_date(month, day).then_some((Token::Date((month, day)), length + more));
    }
    let (month, length) = number_at(text)?;
    let month = u8::try_from(month).ok()?;
    match text.get(length..).unwrap_or_default() {
        ['-' | '至' | '到', rest @ ..] => {
            let (last, more) = number_at(rest)?;
            let last = u8::try_from(last).ok()?;
            let is_range = rest.get(more) == Some(&'月') && is_date(month, None) && is_date(last, None);
            let has_day = rest.get(more + 1).is_some_and(char::is_ascii_digit)
                && day_after_month(rest.get(more + 1..)?).is_some();
            (is_range && !has_day).then_some((Token::Months(month, last), length + 1 + more + 1))
        }
        ['月', '份', ..] => is_date(month, None).then_some((Token::Date((month, None)), length + 2)),
        ['月', rest @ ..] => match day_after_month(rest) {
            Some((day, more)) => {
                is_date(month, Some(day)).then_some((Token::Date((month, Some(day))), length + 1 + more))
            }
            None => is_date(month, None).then_some((Token::Date((month, None)), length + 1)),
        },
        _ => None,
    }
}

fn day_after_month(text: &[char]) -> Option<(u8, usize)> {
    let (day, length) = number_at(text)?;
    let has_unit = matches!(text.get(length), Some('日' | '号'));
    Some((u8::try_from(day).ok()?, length + 1)).filter(|_| has_unit)
}

/// Whether there is such a month, or such a day in it.
pub(super) fn is_date(month: u8, day: Option<u8>) -> bool {
    let days = month
        .checked_sub(1)
        .and_then(|at| MONTH_DAYS.get(usize::from(at)));
    days.is_some_and(|days| day.is_none_or(|day| (1..=*days).contains(&day)))
}
