//! Says where a file stops being UTF-8, and what it probably is instead.

use std::path::Path;

use super::blocks::line_ends;
use super::error::ImportError;

/// The bytes as text, or an error that names the first line that is not UTF-8. `first_line` is the line of the first byte.
pub(super) fn utf8<'b>(bytes: &'b [u8], first_line: u64, path: &Path) -> Result<&'b str, ImportError> {
    core::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = first_line + line_ends(good);
        ImportError::NotUtf8 {
            path: path.to_owned(),
            line,
            encoding: guess(bytes),
        }
    })
}

/// The encoding that bytes which are not UTF-8 look like, by the name that `iconv` knows.
fn guess(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0xff, 0xfe]) {
        return Some("UTF-16LE");
    }
    if bytes.starts_with(&[0xfe, 0xff]) {
        return Some("UTF-16BE");
    }
    looks_like_gb18030(bytes).then_some("GB18030")
}

/// Whether nearly all bytes above 0x7f come as GB18030 pairs, most of them in the rows of common Chinese characters.
fn looks_like_gb18030(bytes: &[u8]) -> bool {
    let (mut pairs, mut common, mut stray) = (0_u32, 0_u32, 0_u32);
    let mut rest = bytes.iter().copied().take(1 << 16);
    while let Some(lead) = rest.next() {
        if lead < 0x80 {
            continue;
        }
        match rest.next() {
            Some(trail)
                if (0x81..=0xfe).contains(&lead) && (0x40..=0xfe).contains(&trail) && trail != 0x7f =>
            {
                pairs += 1;
                // Rows 0xB0 to 0xF7 hold the 6,763 characters of GB 2312; row 0xA1 and 0xA3 its punctuation.
                common += u32::from(
                    ((0xb0..=0xf7).contains(&lead) || matches!(lead, 0xa1 | 0xa3)) && trail >= 0xa1,
                );
            }
            _ => stray += 1,
        }
    }
    pairs > 0 && stray * 20 <= pairs && common * 10 >= pairs * 7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gb18030_and_utf16_are_told_apart_from_noise() {
        // 郑州 in GB18030.
        assert_eq!(guess(b"name\n\xd6\xa3\xd6\xdd"), Some("GB18030"));
        assert_eq!(guess(b"\xff\xfen\0a\0"), Some("UTF-16LE"));
        assert_eq!(guess(b"caf\xe9 au lait"), None);
    }
}
