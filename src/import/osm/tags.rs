//! The tags of one object, and what they say of facilities.

use super::judge::is_public;
use super::kinds::Kind;
use crate::domain::facility::{Facility, FacilityState};

/// The tags of an object, by key; of a key that comes more than once the first counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tags(Box<[(Box<str>, Box<str>)]>);

impl FromIterator<(Box<str>, Box<str>)> for Tags {
    fn from_iter<I: IntoIterator<Item = (Box<str>, Box<str>)>>(tags: I) -> Self {
        let mut tags: Box<[(Box<str>, Box<str>)]> = tags.into_iter().collect();
        tags.sort_by(|a, b| a.0.cmp(&b.0));
        Self(tags)
    }
}

impl Tags {
    #[cfg(test)]
    pub(super) fn of(tags: &[(&str, &str)]) -> Self {
        tags.iter()
            .map(|(key, value)| ((*key).into(), (*value).into()))
            .collect()
    }

    /// The value of a key; `None` where it is absent or blank.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let first = self.0.partition_point(|(known, _)| known.as_ref() < key);
        let (known, value) = self.0.get(first)?;
        let value = if known.as_ref() == key { value.trim() } else { "" };
        (!value.is_empty()).then_some(value)
    }

    /// Whether a key has this value.
    pub(super) fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// Whether a key has this value among those that `;` separates.
    pub(super) fn lists(&self, key: &str, value: &str) -> bool {
        let given = self.get(key).unwrap_or_default();
        given.split(';').any(|part| part.trim() == value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value.as_ref()))
    }
}

/// A tag that says whether a facility is there.
struct Rule {
    key: &'static str,
    facility: Facility,
    /// Values besides `yes` that mean it is there.
    also_yes: &'static [&'static str],
}

const fn rule(key: &'static str, facility: Facility, also_yes: &'static [&'static str]) -> Rule {
    Rule {
        key,
        facility,
        also_yes,
    }
}

/// The tags with the facility that each is about; of several for one facility the first counts. What a value does not say
/// plainly, as `limited` or `unknown`, stays unknown.
static RULES: &[Rule] = &[
    rule("drinking_water", Facility::DrinkingWater, &["treated", "chilled"]),
    rule("drinking_water:legal", Facility::DrinkingWater, &[]),
    rule("drinking_water:refill", Facility::DrinkingWater, &["free"]),
    rule("toilets", Facility::Toilet, &["public"]),
    rule("shower", Facility::Shower, &["hot", "cold", "indoor", "outdoor"]),
    rule("bench", Facility::Seats, &[]),
    rule("microwave", Facility::Microwave, &[]),
    rule("microwave_oven", Facility::Microwave, &[]),
    rule("refrigerator", Facility::Refrigerator, &[]),
    rule("fridge", Facility::Refrigerator, &[]),
    rule("internet_access", Facility::Wifi, &["wlan", "wifi"]),
    rule("wifi", Facility::Wifi, &["free"]),
    rule("wheelchair", Facility::WheelchairAccess, &["designated"]),
    rule("air_conditioning", Facility::AirConditioning, &[]),
    rule("heating", Facility::Heating, &[]),
    rule("power_supply", Facility::PhoneCharging, &[]),
    rule("device_charging", Facility::PhoneCharging, &[]),
    rule("usb_charging", Facility::PhoneCharging, &[]),
    rule("first_aid_kit", Facility::FirstAid, &[]),
    rule("lockers", Facility::Lockers, &[]),
    rule("washing_machine", Facility::WashingMachine, &[]),
    rule("television", Facility::Television, &[]),
    rule("service:bicycle:charging", Facility::EbikeCharging, &[]),
    rule("service:bicycle:tools", Facility::ToolKit, &[]),
    rule("service:bicycle:pump", Facility::ToolKit, &[]),
];
/// Sockets that a phone's charger fits into, behind `socket:`; their values are counts or `yes`.
const SOCKETS: &[&str] = &[
    "usb", "usb-a", "usb-c", "typee", "schuko", "typea", "typec", "typeg", "typei", "bs1363", "as3112",
    "gb1002",
];
/// Kinds in whose places people can sit down out of the weather, where `indoor=yes` speaks of a room to rest in.
const ROOMS: &[&str] = &["shelter", "rest_area", "services", ""];

/// What tags say of one facility, with the tags that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) facility: Facility,
    pub(super) state: FacilityState,
    /// For example `amenity=toilets; fee=no`.
    pub(super) words: String,
}

/// What the tags of a station say of its facilities, each at most once.
pub(super) fn facts(tags: &Tags, kinds: &[&Kind]) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for rule in RULES {
        let is_closed_to_all = rule.facility == Facility::Toilet && !is_public(tags.get("toilets:access"));
        if let Some(value) = tags.get(rule.key).filter(|_| !is_closed_to_all)
            && let Some(state) = rule.state(value)
        {
            push(&mut facts, rule.facility, state, format!("{}={value}", rule.key));
        }
    }
    if let Some((key, value)) = tags.iter().find(|(key, value)| is_socket(key, value)) {
        push(
            &mut facts,
            Facility::PhoneCharging,
            FacilityState::Yes,
            format!("{key}={value}"),
        );
    }
    if kinds.iter().any(|kind| kind.value == "toilets")
        && let Some(value @ ("yes" | "no")) = tags.get("toilets:wheelchair")
    {
        let state = if value == "yes" {
            FacilityState::Yes
        } else {
            FacilityState::No
        };
        push(
            &mut facts,
            Facility::WheelchairAccess,
            state,
            format!("toilets:wheelchair={value}"),
        );
    }
    let is_room = kinds.iter().any(|kind| ROOMS.contains(&kind.value));
    if is_room && let Some(value @ ("yes" | "room")) = tags.get("indoor") {
        push(
            &mut facts,
            Facility::IndoorRest,
            FacilityState::Yes,
            format!("indoor={value}"),
        );
    }
    for kind in kinds {
        if let Some(facility) = kind.facility {
            let words = format!("{}={}{}", kind.key, kind.value, terms(tags));
            push(&mut facts, facility, FacilityState::Yes, words);
        }
    }
    facts
}

impl Rule {
    fn state(&self, value: &str) -> Option<FacilityState> {
        // Access to the internet in general may be by a cable.
        let is_yes = value == "yes" && self.key != "internet_access" || self.also_yes.contains(&value);
        if is_yes {
            return Some(FacilityState::Yes);
        }
        (value == "no").then_some(FacilityState::No)
    }
}

fn push(facts: &mut Vec<Fact>, facility: Facility, state: FacilityState, words: String) {
    if !facts.iter().any(|fact| fact.facility == facility) {
        facts.push(Fact {
            facility,
            state,
            words,
        });
    }
}

fn is_socket(key: &str, value: &str) -> bool {
    let kind = key.strip_prefix("socket:").unwrap_or_default();
    let is_there = value == "yes" || value.parse().is_ok_and(|count: u16| count > 0);
    is_there && SOCKETS.contains(&kind)
}

/// On what terms the place may be used, in the words of the tags.
fn terms(tags: &Tags) -> String {
    let mut terms = String::new();
    for key in ["fee", "charge", "access", "seasonal"] {
        if let Some(value) = tags.get(key) {
            terms.push_str("; ");
            terms.push_str(key);
            terms.push('=');
            terms.extend(value.chars().take(100));
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::super::kinds::{KINDS, WORKER_STATION};
    use super::*;

    fn said(tags: &[(&str, &str)], kinds: &[&Kind]) -> Vec<(Facility, FacilityState, String)> {
        let facts = facts(&Tags::of(tags), kinds);
        facts
            .into_iter()
            .map(|fact| (fact.facility, fact.state, fact.words))
            .collect()
    }

    #[test]
    fn the_kind_states_its_facility_on_the_terms_of_the_place() {
        let toilets = &KINDS[0];
        let tags = [
            ("amenity", "toilets"),
            ("fee", "yes"),
            ("charge", "2 CNY"),
            ("wheelchair", "limited"),
        ];
        let expected = "amenity=toilets; fee=yes; charge=2 CNY".to_owned();
        assert_eq!(
            said(&tags, &[toilets]),
            [(Facility::Toilet, FacilityState::Yes, expected)]
        );
    }

    #[test]
    fn a_tag_wins_over_the_kind_and_no_is_no() {
        let water = KINDS.iter().find(|kind| kind.value == "drinking_water").unwrap();
        let tags = [
            ("amenity", "drinking_water"),
            ("drinking_water", "no"),
            ("toilets", "no"),
            ("shower", "hot"),
        ];
        assert_eq!(
            said(&tags, &[water]),
            [
                (
                    Facility::DrinkingWater,
                    FacilityState::No,
                    "drinking_water=no".to_owned()
                ),
                (Facility::Toilet, FacilityState::No, "toilets=no".to_owned()),
                (Facility::Shower, FacilityState::Yes, "shower=hot".to_owned()),
            ]
        );
    }

    #[test]
    fn what_is_not_plain_stays_unknown() {
        let tags = [
            ("internet_access", "yes"),
            ("wheelchair", "limited"),
            ("toilets", "yes"),
            ("toilets:access", "customers"),
            ("socket:type2", "2"),
            ("socket:usb", "0"),
            ("bench", "maybe"),
            ("microwave", ""),
        ];
        assert_eq!(said(&tags, &[&WORKER_STATION]), []);
        assert_eq!(
            said(&[("indoor", "yes")], &[&KINDS[0]]).len(),
            1,
            "the toilet, no room"
        );
        let tags = [
            ("indoor", "yes"),
            ("internet_access", "wlan"),
            ("socket:usb", "4"),
            ("microwave", "yes"),
        ];
        let found: Vec<Facility> = said(&tags, &[&WORKER_STATION])
            .into_iter()
            .map(|fact| fact.0)
            .collect();
        let expected = [
            Facility::Microwave,
            Facility::Wifi,
            Facility::PhoneCharging,
            Facility::IndoorRest,
        ];
        assert_eq!(found, expected);
    }
}
