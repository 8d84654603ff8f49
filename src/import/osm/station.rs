//! An object of OpenStreetMap as a raw record, which is then checked like the row of any other file.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::block::Degrees;
use super::kinds::Kind;
use super::passes::Found;
use super::tags::{Tags, facts};
use crate::domain::facility::FacilityState;
use crate::domain::station::{Host, Status};
use crate::import::columns::Column;
use crate::import::fields::fault;
use crate::import::hours::Known;
use crate::import::item::Item;
use crate::import::problem::Severity;
use crate::import::record::{Checker, RawRecord};
use crate::import::stated::Checked;

/// Where every such record comes from, with the words that its licence asks for.
pub(super) const SOURCE: &str =
    "OpenStreetMap, © OpenStreetMap contributors, ODbL 1.0, openstreetmap.org/copyright";

/// The keys of other names.
const OTHER_NAMES: &[&str] = &[
    "name:zh",
    "name:zh-Hans",
    "name:zh-Hant",
    "name:en",
    "official_name",
    "alt_name",
    "short_name",
    "loc_name",
];
/// The longest operator or number in a name that is made, characters.
const MAX_NAME_PART_CHARS: usize = 40;
/// Values of `operational_status` of a place that is there and does not work.
const NOT_WORKING: &[&str] = &[
    "closed",
    "broken",
    "out_of_order",
    "nonoperational",
    "non-operational",
];

/// Checks one object as a station.
pub(super) fn check(checker: &mut Checker<'_>, number: u64, found: &Found, place: Degrees) -> Checked {
    let mut record = record(found, place);
    checker.row = number;
    let shows_hours = hours(checker, found, &mut record);
    let outcome = checker.check(number, &mut record);
    if let Some(given) = shows_hours {
        let (why, why_zh) = (
            "is no `opening_hours` that can be read",
            "不是可识别的 opening_hours 写法",
        );
        let (expected, expected_zh) = (
            "OpenStreetMap's syntax such as `Mo-Fr 09:00-17:00`; kept as text, counts as unknown",
            "`Mo-Fr 09:00-17:00` 一类的写法；原文保留，开放时间按未知处理",
        );
        let fault = fault(
            "hours_not_readable",
            given,
            (why, expected),
            (why_zh, expected_zh),
        );
        checker.note(Severity::Warning, Some(Column::Hours), fault);
    }
    outcome
}

/// Puts in the hours as they stand, never read as prose: what is no syntax is only kept, and given back to be named.
fn hours<'f>(checker: &Checker<'_>, found: &'f Found, record: &mut RawRecord<'f>) -> Option<&'f str> {
    let given = found.tags.get("opening_hours")?;
    let is_syntax = matches!(checker.context.hours.look_up(given), Known::Osm);
    let column = if is_syntax {
        Column::Hours
    } else {
        Column::HoursText
    };
    record.set(column, text(given));
    (!is_syntax).then_some(given)
}

const fn text(given: &str) -> Item<'_> {
    Item::Text(Cow::Borrowed(given))
}

const fn own(text: String) -> Item<'static> {
    Item::Text(Cow::Owned(text))
}

fn record(found: &Found, (lon_deg, lat_deg): Degrees) -> RawRecord<'_> {
    let tags = &found.tags;
    let mut record = RawRecord::default();
    let object = format!("{}/{}", found.kind.word(), found.id);
    record.set(Column::Id, own(format!("osm-{}-{}", found.kind.word(), found.id)));
    record.set(Column::Lon, Item::Float(lon_deg));
    record.set(Column::Lat, Item::Float(lat_deg));
    record.set(Column::Coord, text("wgs84"));
    record.set(Column::Source, text(SOURCE));
    names(&mut record, (tags, &found.kinds), &object);
    for (column, keys) in [
        (Column::Operator, ["operator", "operator:zh", "operator:en"]),
        (Column::Phone, ["phone", "contact:phone", "contact:mobile"]),
        (
            Column::District,
            ["addr:district", "is_in:district", "addr:suburb"],
        ),
    ] {
        if let Some(value) = keys.iter().find_map(|key| tags.get(key)) {
            record.set(column, text(value));
        }
    }
    if let Some(address) = address(tags) {
        record.set(Column::Address, own(address));
    }
    if let Some(day) = ["check_date", "survey:date"]
        .iter()
        .filter_map(|key| day(tags, key))
        .max()
    {
        record.set(Column::VerifiedAt, own(day.to_string()));
    }
    if let Some(day) = day(tags, "start_date") {
        record.set(Column::OpenedOn, own(day.to_string()));
    }
    if tags
        .get("operational_status")
        .is_some_and(|status| NOT_WORKING.contains(&status))
    {
        record.set(Column::Status, text(Status::Suspended.word()));
    }
    if matches!(tags.get("access"), Some("yes" | "public" | "permissive")) {
        record.set(Column::Audience, text("public"));
    }
    let by_operator = match tags.get("operator:type") {
        Some("government") => Some("government"),
        Some("private" | "business") => Some("company"),
        _ => None,
    };
    let by_kind = found.kinds.iter().find_map(|kind| kind.host).map(Host::word);
    if let Some(host) = by_kind.or(by_operator) {
        record.set(Column::Host, text(host));
    }
    facilities(&mut record, found);
    record
}

/// The facilities, each with the tags that say so.
fn facilities(record: &mut RawRecord<'_>, found: &Found) {
    let mut details = Vec::new();
    for fact in facts(&found.tags, &found.kinds) {
        let state = if fact.state == FacilityState::Yes {
            "yes"
        } else {
            "no"
        };
        let key = Cow::Borrowed(fact.facility.word());
        record.set_facility(fact.facility, key.clone(), text(state));
        let source = Item::Text(Cow::Owned(format!("OpenStreetMap {}", fact.words)));
        details.push((key, Item::Object(vec![(Cow::Borrowed("source"), source)])));
    }
    record.set(Column::FacilityDetails, Item::Object(details));
}

/// The name, or one that is made and says so by the object's number; and the other names.
fn names<'f>(record: &mut RawRecord<'f>, (tags, kinds): (&'f Tags, &[&'static Kind]), object: &str) {
    let names = ["name"].iter().chain(OTHER_NAMES).filter_map(|key| tags.get(key));
    let mut names: Vec<&str> = names.flat_map(|name| name.split(';').map(str::trim)).collect();
    names.retain(|name| !name.is_empty());
    if let Some((name, others)) = names.split_first() {
        let mut aliases: Vec<Item<'f>> = Vec::new();
        for other in others {
            let alias = text(other);
            if other != name && !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        record.set(Column::Name, text(name));
        record.set(Column::Aliases, Item::List(aliases));
        return;
    }
    let mut parts = String::new();
    for key in ["operator", "ref"] {
        if let Some(value) = tags.get(key) {
            parts.push(' ');
            parts.extend(value.chars().take(MAX_NAME_PART_CHARS));
        }
    }
    let kind = kinds.first();
    let made = |name: fn(&Kind) -> &'static str| {
        own(format!("{}{parts} {object}", kind.map_or("", |kind| name(kind))))
    };
    record.set(Column::Name, made(|kind| kind.zh));
    record.set(Column::Aliases, Item::List(vec![made(|kind| kind.en)]));
}

/// The address in one line: from the large to the small in Chinese, else street, number and city.
fn address(tags: &Tags) -> Option<String> {
    if let Some(full) = tags.get("addr:full") {
        return Some(full.to_owned());
    }
    let part = |key| tags.get(key).unwrap_or_default();
    let street = tags
        .get("addr:street")
        .or(tags.get("addr:place"))
        .unwrap_or_default();
    let number = part("addr:housenumber");
    if street.is_empty() {
        return None;
    }
    let is_chinese = street
        .chars()
        .any(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign));
    if is_chinese {
        let large = ["addr:province", "addr:city", "addr:district"].map(part).concat();
        let unit = if number.ends_with(|sign: char| sign.is_ascii_digit()) {
            "号"
        } else {
            ""
        };
        return Some(format!("{large}{street}{number}{unit}"));
    }
    let join = |parts: [&str; 2], between: &str| {
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(between)
    };
    let city = join([part("addr:postcode"), part("addr:city")], " ");
    Some(join([&join([street, number], " "), &city], ", "))
}

/// A whole day; months, years and free words are none.
fn day(tags: &Tags, key: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(tags.get(key)?, "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_from_large_to_small_in_chinese_and_from_street_to_city_elsewhere() {
        let line = |tags: &[(&str, &str)]| address(&Tags::of(tags));
        let chinese = [
            ("addr:street", "迎宾路"),
            ("addr:housenumber", "12"),
            ("addr:city", "三亚市"),
            ("addr:district", "吉阳区"),
        ];
        assert_eq!(line(&chinese).as_deref(), Some("三亚市吉阳区迎宾路12号"));
        let finnish = [
            ("addr:city", "Helsinki"),
            ("addr:street", "Elielinaukio"),
            ("addr:postcode", "00100"),
            ("addr:housenumber", "2"),
        ];
        assert_eq!(line(&finnish).as_deref(), Some("Elielinaukio 2, 00100 Helsinki"));
        assert_eq!(
            line(&[("addr:street", "Mannerheimintie")]).as_deref(),
            Some("Mannerheimintie")
        );
        assert_eq!(line(&[("addr:full", "人民路1号")]).as_deref(), Some("人民路1号"));
        assert_eq!(line(&[("addr:city", "Helsinki")]), None);
    }

    #[test]
    fn only_whole_days_are_days() {
        let read = |value| day(&Tags::of(&[("check_date", value)]), "check_date");
        assert_eq!(read("2025-03-01"), NaiveDate::from_ymd_opt(2025, 3, 1));
        for other in ["2025-03", "2025", "spring", "2025-02-30"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
