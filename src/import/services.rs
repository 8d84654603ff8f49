//! What a row says about the services of its station: opening hours, facilities, presence in map services.

use std::borrow::Cow;

use super::columns::Column;
use super::facilities::{self, read_facilities};
use super::fields::{self, Fault, MAX_TEXT_BYTES, fault};
use super::hours::{HoursNote, HoursReading, Known};
use super::item::Item;
use super::problem::{Severity, shown};
use super::record::{Checker, RawRecord, words};
use crate::domain::facility::{Facilities, Facility, FacilityDetail, FacilityState};
use crate::domain::station::{MapListings, StatedHours};

impl Checker<'_> {
    /// What was given is always kept: syntax as `osm`, words as `text`.
    pub(super) fn hours(&mut self, record: &RawRecord<'_>) -> StatedHours {
        let words = self.text(record, Column::HoursText);
        let Some(given) = self.text(record, Column::Hours) else {
            return StatedHours {
                osm: None,
                text: words,
            };
        };
        let reading = match self.context.hours.look_up(&given) {
            Known::Osm => {
                return StatedHours {
                    osm: Some(given),
                    text: words,
                };
            }
            Known::Prose(reading) => reading,
        };
        if let Some(fault) = hours_fault(&given, &reading) {
            self.note(Severity::Warning, Some(Column::Hours), fault);
        }
        let text = match words {
            Some(words) if words != given => format!("{words}；{given}").into(),
            _ => given,
        };
        StatedHours {
            osm: reading.osm.as_deref().map(Into::into),
            text: Some(text),
        }
    }

    pub(super) fn map_listings(&mut self, record: &RawRecord<'_>) -> MapListings {
        let mut listings = MapListings::default();
        for (word, state) in self.entries(record, Column::MapListings) {
            match word.as_ref() {
                "amap" | "高德" => listings.amap = state,
                "baidu" | "百度" => listings.baidu = state,
                "tencent" | "腾讯" => listings.tencent = state,
                _ => {
                    let expected = "amap, baidu or tencent";
                    let fault = fault(
                        "unknown_map_service",
                        &word,
                        ("is no map service", expected),
                        ("不是已知的地图", "amap、baidu 或 tencent"),
                    );
                    self.note(Severity::Warning, Some(Column::MapListings), fault);
                }
            }
        }
        listings
    }

    pub(super) fn facilities(&mut self, record: &RawRecord<'_>) -> Facilities {
        let mut facilities = Facilities::default();
        let cell = record.get(Column::Facilities);
        match cell {
            Item::Text(text) if !is_plain_list(cell) => self.facilities_in_prose(text, &mut facilities),
            _ => self.listed_facilities(record, &mut facilities),
        }
        for cell in &record.facility_cells {
            if let Some(state) = state_of(&cell.item) {
                self.state_facility(&mut facilities, cell.facility, state);
            } else {
                let problem = bad_state(&cell.item.shown());
                self.note_named(Severity::Warning, Some(cell.header.trim().to_owned()), problem);
            }
        }
        self.facility_details(record, &mut facilities);
        facilities
    }

    fn listed_facilities(&mut self, record: &RawRecord<'_>, facilities: &mut Facilities) {
        for (word, state) in self.entries(record, Column::Facilities) {
            match known_facility(&word) {
                Some(facility) => self.state_facility(facilities, facility, state),
                None => self.unknown_facility(Column::Facilities, &word),
            }
        }
    }

    /// What was read of a text, with a warning for each word that was not, and for what stays unknown by it.
    fn facilities_in_prose(&mut self, text: &str, facilities: &mut Facilities) {
        let reading = read_facilities(text);
        for evidence in &reading.facilities {
            self.state_facility(facilities, evidence.facility, evidence.state);
            if evidence.state == FacilityState::Unknown {
                let fault = fault(
                    "unclear_facility",
                    &evidence.words,
                    (
                        "does not say clearly what there is",
                        "words such as `有微波炉`; it counts as unknown",
                    ),
                    ("说法不明确", "“有微波炉”一类的说法；按未知处理"),
                );
                self.note(Severity::Warning, Some(Column::Facilities), fault);
            }
        }
        for word in &reading.unread {
            self.unknown_facility(Column::Facilities, word);
        }
    }

    /// States a facility; two statements that contradict each other leave it unknown.
    fn state_facility(&mut self, facilities: &mut Facilities, facility: Facility, state: FacilityState) {
        let known = facilities.state(facility);
        if known == FacilityState::Unknown || known == state {
            facilities.set(facility, state);
        } else if state != FacilityState::Unknown {
            facilities.set(facility, FacilityState::Unknown);
            let (not, not_zh) = ("is stated twice with different states", "有两种互相矛盾的说法");
            let fault = fault(
                "contradictory_facility",
                facility.word(),
                (not, "one state; it counts as unknown"),
                (not_zh, "一种说法；按未知处理"),
            );
            self.note(Severity::Warning, Some(Column::Facilities), fault);
        }
    }

    fn unknown_facility(&mut self, column: Column, word: &str) {
        let expected = self.suggestions.entry(word.to_owned()).or_insert_with(|| {
            let closest = facilities::closest(word);
            if closest.is_empty() {
                words(Facility::ALL, Facility::word)
            } else {
                closest.join(", ")
            }
        });
        let fault = fault(
            "unknown_facility",
            word,
            ("is no known facility", &*expected),
            ("不是已知设施", expected),
        );
        self.note(Severity::Warning, Some(column), fault);
    }

    fn facility_details(&mut self, record: &RawRecord<'_>, facilities: &mut Facilities) {
        let Item::Object(members) = record.get(Column::FacilityDetails) else {
            if !record.get(Column::FacilityDetails).is_blank() {
                let fault = fault(
                    "wrong_type",
                    &record.get(Column::FacilityDetails).shown(),
                    ("is no object", "an object by facility"),
                    ("不是对象", "以设施为名的对象"),
                );
                self.note(Severity::Warning, Some(Column::FacilityDetails), fault);
            }
            return;
        };
        for (word, detail) in members {
            let Some(facility) = Facility::from_word(word).or_else(|| Facility::from_any_word(word)) else {
                self.unknown_facility(Column::FacilityDetails, word);
                continue;
            };
            let part = |name| detail.member(name).unwrap_or(&Item::Null);
            let source = self.optional(
                Column::FacilityDetails,
                fields::text(part("source"), MAX_TEXT_BYTES),
            );
            let source = source.map(|source| source.as_ref().into());
            let verified_at = self.optional(Column::FacilityDetails, fields::date(part("verified_at")));
            facilities.set_detail(FacilityDetail {
                facility,
                source,
                verified_at,
            });
        }
    }

    /// The entries of a cell or object that gives words their states; an unreadable state leaves its word unknown.
    fn entries<'r>(
        &mut self,
        record: &'r RawRecord<'_>,
        column: Column,
    ) -> Vec<(Cow<'r, str>, FacilityState)> {
        let mut entries = Vec::new();
        if let Item::Object(members) = record.get(column) {
            for (word, item) in members {
                match state_of(item) {
                    Some(state) => entries.push((Cow::Borrowed(word.trim()), state)),
                    None => self.bad_entry(column, word, &item.shown()),
                }
            }
            return entries;
        }
        for entry in self
            .optional(column, fields::list(record.get(column)).map(Some))
            .unwrap_or_default()
        {
            let (word, given) = facilities::split_entry(&entry);
            match given.map_or(Some(FacilityState::Yes), facilities::state) {
                Some(state) => entries.push((Cow::Owned(word.to_owned()), state)),
                None => self.bad_entry(column, word, given.unwrap_or_default()),
            }
        }
        entries
    }

    fn bad_entry(&mut self, column: Column, word: &str, given: &str) {
        let Fault { code, en, zh } = bad_state(given);
        let word = shown(word);
        let problem = Fault {
            code,
            en: format!("{word}: {en}"),
            zh: format!("{word}：{zh}"),
        };
        self.note(Severity::Warning, Some(column), problem);
    }
}

fn known_facility(word: &str) -> Option<Facility> {
    Facility::from_word(word).or_else(|| Facility::from_any_word(word))
}

/// Whether a cell is a list of known words, with or without states. What cannot be a list is taken for one, so that it is
/// refused as such.
fn is_plain_list(cell: &Item<'_>) -> bool {
    fields::list(cell).map_or(true, |entries| {
        let mut words = entries.iter().map(|entry| facilities::split_entry(entry).0);
        words.all(|word| known_facility(word).is_some())
    })
}

/// What a person should look at before hours in prose are taken: what was inferred, or what could not be read.
fn hours_fault(given: &str, reading: &HoursReading) -> Option<Fault> {
    let en = |notes: &[HoursNote]| {
        notes
            .iter()
            .map(|note| note.en.as_str())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let zh = |notes: &[HoursNote]| {
        notes
            .iter()
            .map(|note| note.zh.as_str())
            .collect::<Vec<_>>()
            .join("；")
    };
    if let Some(osm) = &reading.osm {
        let inferences = reading.inferences();
        let given = shown(given);
        return (!inferences.is_empty()).then(|| Fault {
            code: "hours_inferred",
            en: format!(
                "`{given}` is read as `{osm}`; expected to be looked at: {}",
                en(inferences)
            ),
            zh: format!("`{given}` 理解为 `{osm}`；请核对：{}", zh(inferences)),
        });
    }
    let why = format!("is not readable as opening hours ({})", en(&reading.notes));
    let why_zh = format!("无法识别为开放时间（{}）", zh(&reading.notes));
    let expected = "OpenStreetMap opening_hours such as `Mo-Fr 09:00-17:00`, or `周一至周五 09:00-17:00`; kept as text, counts as unknown";
    let expected_zh =
        "`周一至周五 09:00-17:00` 或 OpenStreetMap 的 opening_hours 写法；原文保留，开放时间按未知处理";
    Some(fault(
        "hours_not_readable",
        given,
        (&why, expected),
        (&why_zh, expected_zh),
    ))
}

/// The state that a value states; `None` when it states none that is known.
fn state_of(item: &Item<'_>) -> Option<FacilityState> {
    match item {
        Item::Null => Some(FacilityState::Unknown),
        Item::Bool(true) | Item::Integer(1) => Some(FacilityState::Yes),
        Item::Bool(false) | Item::Integer(0) => Some(FacilityState::No),
        Item::Text(text) => facilities::state(text),
        Item::Integer(_) | Item::Float(_) | Item::List(_) | Item::Object(_) => None,
    }
}

fn bad_state(given: &str) -> Fault {
    let (not, not_zh) = ("is no state of a facility", "不是设施状态");
    fault(
        "bad_facility_state",
        given,
        (not, "yes, no, unknown or out_of_order"),
        (not_zh, "有、无、未知或故障"),
    )
}
