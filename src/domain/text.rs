//! Texts as people type them, brought into one form, and words that a station's record must contain.

use super::station::Station;

/// A full-width ASCII sign (`！` to `～`) or ideographic blank in its half-width form; other characters as they are.
pub fn half_width(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        '\u{3000}' => ' ',
        _ => sign,
    }
}

/// Adds a text in small letters, full-width signs as half-width ones.
pub fn push_folded(out: &mut String, text: &str) {
    for sign in text.chars() {
        match half_width(sign) {
            ascii @ '\0'..='\u{7f}' => out.push(ascii.to_ascii_lowercase()),
            // Most signs of a Chinese register; none of them has a small form.
            han @ '\u{2e80}'..='\u{9fff}' => out.push(han),
            other => out.extend(other.to_lowercase()),
        }
    }
}

/// Words each of which a record must contain, wherever it has texts: id, name, aliases, address, district, operator, phone.
///
/// Neither large and small letters nor full-width and half-width forms are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextQuery(Vec<Box<str>>);

impl TextQuery {
    /// The words of a text, which blanks of any width separate.
    pub fn new(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        push_folded(&mut folded, text);
        Self(folded.split_whitespace().map(Into::into).collect())
    }

    /// Whether a record contains every word. `scratch` is overwritten; keep one for many stations, so that none of them
    /// costs an allocation. About half a microsecond a station.
    pub fn matches(&self, station: &Station, scratch: &mut String) -> bool {
        scratch.clear();
        let texts = [station.id.as_str(), &station.name].into_iter();
        let aliases = station.aliases.iter().map(|alias| &**alias);
        let known = [
            &station.address,
            &station.district,
            &station.operator,
            &station.phone,
        ];
        let known = known.into_iter().filter_map(Option::as_deref);
        for text in texts.chain(aliases).chain(known) {
            push_folded(scratch, text);
            // No word has one, so none is found across two texts.
            scratch.push('\n');
        }
        self.0.iter().all(|word| scratch.contains(&**word))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::coordinate::LonLat;
    use crate::domain::datum::Datum;
    use crate::domain::station::{Location, StationId};

    fn station() -> Station {
        let place = Location::new(LonLat::new(109.5, 18.25).unwrap(), Datum::Wgs84);
        let mut station = Station::new(StationId::new("SY-001").unwrap(), "吉阳区工会驿站", place);
        station.aliases = vec!["ＡＢＣ银行网点".into(), "Straße 3".into()];
        station.address = Some("迎宾路１８号".into());
        station.district = Some("吉阳区".into());
        station.operator = Some("Sanya Union".into());
        station.phone = Some("0898-12345678".into());
        station
    }

    fn is_found(text: &str) -> bool {
        TextQuery::new(text).matches(&station(), &mut "left over".to_owned())
    }

    #[test]
    fn every_word_is_found_in_some_text_in_any_width_and_case() {
        for text in [
            "sy-001",
            "工会",
            "abc银行",
            "ａｂｃ",
            "迎宾路18号",
            "迎宾路１８",
            "吉阳区\u{3000}UNION",
            "sanya 0898-1234 驿站",
            "STRASSE".to_lowercase().replace("ss", "ß").as_str(),
        ] {
            assert!(is_found(text), "{text}");
        }
        for text in ["天涯区", "工会 天涯区", "sy-002", "驿站abc", "left", "18号吉阳"] {
            assert!(!is_found(text), "{text}");
        }
    }

    #[test]
    fn what_a_station_does_not_say_contains_nothing() {
        let mut station = station();
        (station.address, station.phone) = (None, None);
        let mut scratch = String::new();
        assert!(!TextQuery::new("0898").matches(&station, &mut scratch));
        assert!(TextQuery::new("吉阳").matches(&station, &mut scratch));
    }

    proptest! {
        #[test]
        fn the_words_found_are_those_of_a_slow_search(
            name in "[aAｂB工会 ]{1,6}", address in "[aAｂB工会\u{3000}]{0,6}", text in "[aAb工会 ]{1,5}",
        ) {
            let place = Location::new(LonLat::new(109.5, 18.25).unwrap(), Datum::Wgs84);
            let mut station = Station::new(StationId::new("z").unwrap(), &name, place);
            station.address = Some(address.as_str().into());
            // The oracle knows the few signs above by hand.
            let plain = |text: &str| {
                text.replace(['A'], "a").replace(['ｂ', 'B'], "b").replace('\u{3000}', " ")
            };
            let expected = plain(&text)
                .split(' ')
                .all(|word| plain(&name).contains(word) || plain(&address).contains(word));
            let found = TextQuery::new(&text).matches(&station, &mut String::new());
            prop_assert_eq!(found, expected);
        }
    }
}
