//! JSON by hand where an answer is put together from parts: strings, fixed decimals, times.

use chrono::{DateTime, Datelike as _, FixedOffset, Timelike as _};
use serde::Serialize;

/// Appends a value as JSON; for what is written once per revision or rarely.
pub fn push_value<T: Serialize + ?Sized>(out: &mut String, value: &T) {
    match serde_json::to_string(value) {
        Ok(text) => out.push_str(&text),
        // Only maps with odd keys and failing serializers can fail, and none is passed here.
        Err(_) => out.push_str("null"),
    }
}

/// Appends a text as a JSON string.
pub fn push_text(out: &mut String, text: &str) {
    if text
        .bytes()
        .all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
    {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        push_value(out, text);
    }
}

/// Appends `value` with exactly `decimals` decimals, rounded half away from zero.
pub fn push_fixed(out: &mut String, value: f64, decimals: u32) {
    let scale = 10_u64.pow(decimals);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "degrees and metres are far below 2^53"
    )]
    let scaled = (value.abs() * scale as f64).round() as u64;
    if value < 0.0 && scaled > 0 {
        out.push('-');
    }
    let mut digits = itoa::Buffer::new();
    out.push_str(digits.format(scaled / scale));
    if decimals > 0 {
        let fraction = digits.format(scaled % scale);
        out.push('.');
        for _ in fraction.len()..decimals as usize {
            out.push('0');
        }
        out.push_str(fraction);
    }
}

/// Appends a whole number.
pub fn push_integer(out: &mut String, value: impl itoa::Integer) {
    out.push_str(itoa::Buffer::new().format(value));
}

/// Appends a time as a JSON string in RFC 3339, to the second, with the offset of its wall clock.
pub fn push_time(out: &mut String, time: DateTime<FixedOffset>) {
    let two = |out: &mut String, value: u32| {
        out.push(char::from(b'0' + (value / 10 % 10) as u8));
        out.push(char::from(b'0' + (value % 10) as u8));
    };
    let year = time.year();
    if !(0..=9999).contains(&year) {
        push_value(out, &time.to_rfc3339());
        return;
    }
    out.push('"');
    two(out, year.unsigned_abs() / 100);
    two(out, year.unsigned_abs() % 100);
    for (before, value) in [
        ('-', time.month()),
        ('-', time.day()),
        ('T', time.hour()),
        (':', time.minute()),
        (':', time.second()),
    ] {
        out.push(before);
        two(out, value);
    }
    let ahead_s = time.offset().local_minus_utc();
    if ahead_s == 0 {
        out.push('Z');
    } else {
        out.push(if ahead_s < 0 { '-' } else { '+' });
        two(out, ahead_s.unsigned_abs() / 3600);
        out.push(':');
        two(out, ahead_s.unsigned_abs() / 60 % 60);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fixed(value: f64, decimals: u32) -> String {
        let mut out = String::new();
        push_fixed(&mut out, value, decimals);
        out
    }

    #[test]
    fn decimals_are_fixed_and_zero_has_no_sign() {
        assert_eq!(fixed(109.5, 6), "109.500000");
        assert_eq!(fixed(-0.000_001, 6), "-0.000001");
        assert_eq!(fixed(-0.000_000_4, 6), "0.000000");
        assert_eq!(fixed(1234.05, 1), "1234.1");
        assert_eq!(fixed(7.0, 0), "7");
    }

    proptest! {
        #[test]
        fn fixed_decimals_read_back_within_half_a_unit(value in -20_000_000.0..20_000_000.0, decimals in 0_u32..7) {
            let back: f64 = fixed(value, decimals).parse().unwrap();
            prop_assert!((back - value).abs() <= 0.5 / f64::from(10_u32.pow(decimals)) + 1e-9);
        }

        #[test]
        fn times_are_written_as_chrono_writes_them(seconds in 0_i64..4_000_000_000, hours in -11_i32..=12) {
            let offset = FixedOffset::east_opt(hours * 3600).unwrap();
            let time = DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&offset);
            let mut out = String::new();
            push_time(&mut out, time);
            let expected = time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
            prop_assert_eq!(out, format!("\"{expected}\""));
        }
    }
}
