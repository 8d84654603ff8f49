//! Numbers as people type them into tables: full-width digits, blanks, a degree sign.

/// A full-width digit in its ASCII form; other characters as they are.
pub(super) fn half_width_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        _ => c,
    }
}

/// Reads a decimal number. `None` when the text is no finite number.
pub(super) fn parse(text: &str) -> Option<f64> {
    let trimmed = text.trim();
    // `f64` also reads `inf`, `nan` and `1e5`; only what looks like a number in a table is one here.
    if trimmed
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'))
    {
        return trimmed.parse().ok().filter(|value: &f64| value.is_finite());
    }
    if trimmed
        .bytes()
        .any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E'))
    {
        return None;
    }
    let plain: String = trimmed.chars().map(half_width_sign).collect();
    let plain = plain.strip_suffix('°').unwrap_or(&plain);
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

fn half_width_sign(c: char) -> char {
    match c {
        '．' => '.',
        '－' | '−' => '-',
        '＋' => '+',
        _ => half_width_digit(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, expected) in [
            ("113.5", 113.5),
            (" １１３．５　", 113.5),
            ("113.5°", 113.5),
            ("-0.25", -0.25),
            ("－1", -1.0),
            ("1e2", 100.0),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "NaN",
            "inf",
            "-infinity",
            "1e999",
            "113,5",
            "113.5E 34",
            "x",
            "1.2.3",
            "--1",
            "３a",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
