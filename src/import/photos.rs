//! Reads the addresses of photos: a JSON array, or one cell with several of them.
//!
//! In a cell, blanks and line breaks part two addresses, and so do `;`, `；`, `,`, `，`, `、` and `|`. An address may have
//! commas and semicolons of its own, so those part only before the next address and at the end.

use super::fields::{Fault, fault};
use super::item::Item;
use crate::domain::station::{MAX_PHOTO_CHARACTERS, MAX_PHOTOS};

const SEPARATORS: [char; 6] = [';', '；', '、', ',', '，', '|'];
/// Signs that no address has as they are.
const FORBIDDEN: [char; 12] = ['"', '<', '>', '\\', '^', '`', '{', '}', '|', '；', '、', '，'];

/// The addresses that can be used, and what is wrong with each of the others. When there are too many, none is taken.
pub(super) fn read(item: &Item<'_>) -> (Vec<Box<str>>, Vec<Fault>) {
    let given: Vec<Box<str>> = match item {
        Item::Null => Vec::new(),
        Item::Text(cell) => of_cell(cell).map(Into::into).collect(),
        Item::List(values) => values.iter().filter_map(of_entry).collect(),
        other => vec![other.shown().into()],
    };
    if given.len() > MAX_PHOTOS {
        let (expected, expected_zh) = (format!("at most {MAX_PHOTOS}"), format!("最多{MAX_PHOTOS}张"));
        let given = format!("{} photos", given.len());
        let too_many = fault(
            "too_long",
            &given,
            ("are too many", &expected),
            ("过多", &expected_zh),
        );
        return (Vec::new(), vec![too_many]);
    }
    let (good, bad): (Vec<_>, Vec<_>) = given.into_iter().partition(|address| is_address(address));
    (good, bad.iter().map(|address| bad_photo(address)).collect())
}

fn bad_photo(address: &str) -> Fault {
    let (expected, expected_zh) = (
        format!("`https://` and a host, at most {MAX_PHOTO_CHARACTERS} characters"),
        format!("以 `https://` 开头、最多{MAX_PHOTO_CHARACTERS}个字符的网址"),
    );
    fault(
        "bad_photo",
        address,
        ("is no address of a photo", &expected),
        ("不是照片的网址", &expected_zh),
    )
}

fn of_entry(entry: &Item<'_>) -> Option<Box<str>> {
    match entry {
        Item::Null => None,
        Item::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Into::into),
        other => Some(other.shown().into()),
    }
}

fn of_cell(cell: &str) -> impl Iterator<Item = &str> {
    cell.split_whitespace().flat_map(parted)
}

/// Parts a text without blanks.
fn parted(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_matches(SEPARATORS);
    while let Some(at) = end_of_first(rest) {
        let (first, others) = rest.split_at(at);
        parts.push(first);
        rest = others.trim_matches(SEPARATORS);
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

/// Where the first of several addresses ends, in bytes; `None` when there is only one.
fn end_of_first(text: &str) -> Option<usize> {
    let separators = text.match_indices(SEPARATORS);
    let mut ends = separators.filter(|(at, separator)| {
        let next = text.get(at + separator.len()..).unwrap_or_default();
        !matches!(*separator, "," | ";") || begins_with_scheme(next.trim_start_matches(SEPARATORS))
    });
    ends.next().map(|(at, _)| at)
}

fn begins_with_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Whether a text is an address that browsers may open: HTTPS, a host, no name and password.
fn is_address(text: &str) -> bool {
    let is_https = text
        .get(..8)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    let rest = text.get(8..).unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_sign = |sign: char| sign.is_whitespace() || sign.is_control() || FORBIDDEN.contains(&sign);
    is_https
        && host.starts_with(|sign: char| sign.is_alphanumeric() || sign == '[')
        && !host.contains('@')
        && !text.contains(is_sign)
        && text.chars().count() <= MAX_PHOTO_CHARACTERS
        // Else a table could not give it back.
        && parted(text) == [text]
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn cell(text: &str) -> (Vec<Box<str>>, Vec<Fault>) {
        read(&Item::Text(Cow::Borrowed(text)))
    }

    fn good(text: &str) -> Vec<String> {
        let (photos, faults) = cell(text);
        assert!(faults.is_empty(), "{text}: {faults:?}");
        photos.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_cell_has_several_addresses_with_any_separator() {
        let both = ["https://a.cn/1.jpg", "https://b.cn/2.jpg?x=1"];
        for between in [" ", "\n", "\r\n", ";", "；", ", ", "，", "、", "|", " ;\n", ";;"] {
            assert_eq!(good(&both.join(between)), both, "{between:?}");
        }
        assert_eq!(good(" ,https://a.cn/1.jpg; "), ["https://a.cn/1.jpg"]);
        assert!(good(" \n").is_empty() && good(";").is_empty());
        assert!(read(&Item::Null).0.is_empty());
    }

    #[test]
    fn commas_and_semicolons_inside_an_address_stay() {
        let one = "https://a.cn/x;v=1/y.jpg?process=image/resize,w_100,h_80";
        assert_eq!(good(one), [one]);
        assert_eq!(good(&format!("{one},{one}")), [one, one]);
        assert_eq!(good("HTTPS://照片.中国/门口.jpg"), ["HTTPS://照片.中国/门口.jpg"]);
    }

    #[test]
    fn each_bad_address_is_named_and_the_good_ones_are_kept() {
        let (photos, faults) = cell("https://a.cn/1.jpg http://b.cn/2.jpg javascript:alert(1) /3.jpg");
        assert_eq!(photos, [Box::from("https://a.cn/1.jpg")]);
        let said: Vec<&str> = faults.iter().map(|fault| fault.en.as_str()).collect();
        assert_eq!(said.len(), 3);
        for (said, bad) in said
            .iter()
            .zip(["http://b.cn/2.jpg", "javascript:alert(1)", "/3.jpg"])
        {
            assert!(said.contains(&format!("`{bad}`")), "{said}");
        }
        for bad in [
            "https://",
            "https:///1.jpg",
            "https://name:word@a.cn/1.jpg",
            "https://a.cn/\u{7f}",
            "https://a.cn/<b>",
            "https://?x",
        ] {
            assert_eq!(cell(bad).1.len(), 1, "{bad}");
        }
    }

    #[test]
    fn an_array_takes_texts_only() {
        let entries = [
            Item::Text("https://a.cn/1.jpg".into()),
            Item::Null,
            Item::Integer(7),
        ];
        let (photos, faults) = read(&Item::List(entries.into()));
        assert_eq!((photos.len(), faults.len()), (1, 1));
        let text = |text: &'static str| Item::List(vec![Item::Text(text.into())]);
        assert_eq!(read(&text("https://a.cn/1 https://a.cn/2")).1.len(), 1);
        assert_eq!(read(&text("https://a.cn/1,https://a.cn/2")).1.len(), 1);
        assert_eq!(read(&Item::Bool(true)).1.len(), 1);
    }

    #[test]
    fn limits_hold_at_the_limit_and_one_above() {
        let many = |count: usize| vec!["https://a.cn/1.jpg"; count].join(" ");
        assert_eq!(good(&many(MAX_PHOTOS)).len(), MAX_PHOTOS);
        let (photos, faults) = cell(&many(MAX_PHOTOS + 1));
        assert_eq!((photos.len(), faults.len()), (0, 1));
        let long = |count: usize| format!("https://a.cn/{}", "图".repeat(count - 13));
        assert_eq!(good(&long(MAX_PHOTO_CHARACTERS)).len(), 1);
        assert_eq!(cell(&long(MAX_PHOTO_CHARACTERS + 1)).1[0].code, "bad_photo");
    }
}
