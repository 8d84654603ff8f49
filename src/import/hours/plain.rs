//! One form for the many ways in which a character is typed: full-width, traditional, dashes, brackets.

/// Traditional and Japanese characters.
const TRADITIONAL: &str = "週點時開閉間節國業營無雙後禮關門兩內為毎園館號電話聯係預約務對費爐飲機氣廁傘藥書報熱設備調櫃溫線網絡視護區沒壞從歲衛臺張個";
/// The same characters simplified, in the same order.
const SIMPLIFIED: &str = "周点时开闭间节国业营无双后礼关门两内为每园馆号电话联系预约务对费炉饮机气厕伞药书报热设备调柜温线网络视护区没坏从岁卫台张个";

/// A character in the form that the word lists use; lower case, half width.
pub(in crate::import) fn plain(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '；' | '。' => ';',
        '、' | '|' | '｜' | '・' | '·' | '﹐' => ',',
        '∶' | '︰' | '﹕' => ':',
        '—' | '–' | '―' | '‐' | '‑' | '−' | '─' | '━' | '〜' | '～' | '~' | '→' => '-',
        '【' | '〔' | '［' | '[' | '「' | '『' | '〈' | '《' => '(',
        '】' | '〕' | '］' | ']' | '」' | '』' | '〉' | '》' => ')',
        '×' | '✕' | '✖' | '＊' => '*',
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c);
            ascii.to_ascii_lowercase()
        }
        'A'..='Z' => c.to_ascii_lowercase(),
        _ if c.is_ascii() => c,
        _ => TRADITIONAL
            .chars()
            .zip(SIMPLIFIED.chars())
            .find_map(|(from, to)| (from == c).then_some(to))
            .unwrap_or(c),
    }
}

/// A text in that form without blanks, but for one blank where two digits would come together.
pub(in crate::import) fn plain_text(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    let mut had_blank = false;
    for c in text.chars() {
        let c = plain(c);
        if c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}') {
            had_blank = true;
            continue;
        }
        let joins_digits = c.is_ascii_digit() && out.last().is_some_and(char::is_ascii_digit);
        if had_blank && joins_digits {
            out.push(' ');
        }
        had_blank = false;
        out.push(c);
    }
    out
}
