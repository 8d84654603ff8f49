//! Whether an object of OpenStreetMap is a station, by the tables of kinds.

use super::kinds::{
    KINDS, Kind, LIFECYCLE, NOT_PUBLIC, NOT_WORKER_STATIONS, Needs, OUT_OF_USE, TWO_WHEELS, WORKER_NAMES,
    WORKER_STATION,
};
use super::tags::Tags;

/// Why an object that could be a station is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LeftOut {
    NotPublic,
    OutOfUse,
    RoofOfAStop,
    CarsOnly,
    NoPlace,
}

impl LeftOut {
    pub(super) const ALL: [Self; 5] = [
        Self::NotPublic,
        Self::OutOfUse,
        Self::RoofOfAStop,
        Self::CarsOnly,
        Self::NoPlace,
    ];

    /// What a note calls them, in English and Chinese.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotPublic => ("not for the public (`access`)", "不对公众开放（`access`）"),
            Self::OutOfUse => ("out of use or not yet built", "已停用或尚未建成"),
            Self::RoofOfAStop => ("roofs of stops", "公交站棚"),
            Self::CarsOnly => (
                "charging without a word of bicycles",
                "未注明可充电动自行车的充电站",
            ),
            Self::NoPlace => ("without a place in this file", "文件中没有其位置"),
        }
    }
}

/// What an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A station of these kinds, of which the first names it.
    Station(Vec<&'static Kind>),
    /// Of such a kind, and still none.
    LeftOut(LeftOut),
    /// Anything else.
    Nothing,
}

/// The longest text that can make a station, bytes: keys and values of OpenStreetMap have at most 255 characters.
const MAX_TELLING_BYTES: usize = 1020;

/// What the texts of a block may mean, so that objects without any such text cost nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hint {
    is_key: bool,
    is_value: bool,
    names_a_station: bool,
}

impl Hint {
    /// The hint of one text.
    pub(super) fn of(text: &[u8]) -> Self {
        if text.len() > MAX_TELLING_BYTES {
            return Self::default();
        }
        let Ok(text) = core::str::from_utf8(text) else {
            return Self::default();
        };
        let plain = without_lifecycle(text).unwrap_or(text);
        Self {
            is_key: KINDS.iter().any(|kind| kind.key == plain),
            is_value: text
                .split(';')
                .any(|part| KINDS.iter().any(|kind| kind.value == part.trim())),
            names_a_station: !text.is_ascii() && WORKER_NAMES.iter().any(|name| text.contains(name)),
        }
    }

    /// Whether a tag of these two texts may make a station.
    pub(super) const fn is_telling(key: Self, value: Self) -> bool {
        key.is_key && value.is_value || value.names_a_station
    }
}

fn without_lifecycle(key: &str) -> Option<&str> {
    LIFECYCLE.iter().find_map(|prefix| key.strip_prefix(prefix))
}

/// Whether the public may use what a tag of access is about.
pub(super) fn is_public(access: Option<&str>) -> bool {
    access.is_none_or(|access| !NOT_PUBLIC.contains(&access))
}

/// What an object with these tags is.
pub(super) fn judge(tags: &Tags) -> Verdict {
    let mut kinds: Vec<&'static Kind> = Vec::new();
    let mut why_not = None;
    for kind in KINDS.iter().filter(|kind| tags.lists(kind.key, kind.value)) {
        if kind.needs.are_met(tags) {
            kinds.push(kind);
        } else {
            why_not = why_not.or(kind.needs.reason());
        }
    }
    if kinds.is_empty() && is_worker_station(tags) {
        kinds.push(&WORKER_STATION);
    }
    if kinds.is_empty() && was_one(tags) {
        why_not = Some(LeftOut::OutOfUse);
    }
    if kinds.is_empty() {
        return why_not.map_or(Verdict::Nothing, Verdict::LeftOut);
    }
    if OUT_OF_USE.iter().any(|key| tags.is(key, "yes")) {
        return Verdict::LeftOut(LeftOut::OutOfUse);
    }
    if !is_public(tags.get("access")) {
        return Verdict::LeftOut(LeftOut::NotPublic);
    }
    Verdict::Station(kinds)
}

impl Needs {
    fn are_met(self, tags: &Tags) -> bool {
        match self {
            Self::Nothing => true,
            Self::DrinkingWater => tags.is("drinking_water", "yes"),
            Self::TwoWheels => {
                let lets_in = |key: &&str| tags.is(key, "yes") || tags.is(key, "designated");
                TWO_WHEELS.iter().any(lets_in)
            }
            Self::NoStop => !tags.is("shelter_type", "public_transport"),
        }
    }

    /// What an object is counted as that lacks it; `None` where most of its kind do, as taps and fountains.
    const fn reason(self) -> Option<LeftOut> {
        match self {
            Self::TwoWheels => Some(LeftOut::CarsOnly),
            Self::NoStop => Some(LeftOut::RoofOfAStop),
            Self::Nothing | Self::DrinkingWater => None,
        }
    }
}

fn is_worker_station(tags: &Tags) -> bool {
    let is_named = |key| {
        let name = tags.get(key).unwrap_or_default();
        WORKER_NAMES.iter().any(|known| name.contains(known))
    };
    let is_other = NOT_WORKER_STATIONS.iter().any(|key| tags.get(key).is_some());
    !is_other && ["name", "name:zh"].into_iter().any(is_named)
}

/// Whether an object was of such a kind, or will be.
fn was_one(tags: &Tags) -> bool {
    tags.iter().any(|(key, value)| {
        let is_kind = |key: &str| {
            let mut values = value.split(';').map(str::trim);
            values.any(|value| KINDS.iter().any(|kind| kind.key == key && kind.value == value))
        };
        without_lifecycle(key).is_some_and(is_kind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(tags: &[(&str, &str)]) -> Verdict {
        judge(&Tags::of(tags))
    }

    fn first(tags: &[(&str, &str)]) -> Option<&'static str> {
        match judged(tags) {
            Verdict::Station(kinds) => Some(kinds[0].en),
            Verdict::LeftOut(_) | Verdict::Nothing => None,
        }
    }

    #[test]
    fn what_the_public_may_use_is_a_station_and_nothing_else_is() {
        assert_eq!(first(&[("amenity", "toilets")]), Some("public toilet"));
        assert_eq!(
            first(&[("amenity", "drinking_water; toilets")]),
            Some("public toilet")
        );
        assert_eq!(
            first(&[("man_made", "water_tap"), ("drinking_water", "yes")]),
            Some("tap with drinking water")
        );
        assert_eq!(judged(&[("man_made", "water_tap")]), Verdict::Nothing);
        for other in ["restaurant", "bench", "bank", "cafe", "parking"] {
            assert_eq!(
                judged(&[("amenity", other), ("toilets", "yes")]),
                Verdict::Nothing,
                "{other}"
            );
        }
        assert_eq!(
            judged(&[("building", "house"), ("drinking_water", "yes")]),
            Verdict::Nothing
        );
    }

    #[test]
    fn private_disused_and_roofs_of_stops_are_left_out_with_their_reason() {
        for access in ["private", "customers", "no"] {
            assert_eq!(
                judged(&[("amenity", "toilets"), ("access", access)]),
                Verdict::LeftOut(LeftOut::NotPublic)
            );
        }
        for access in ["yes", "permissive", "public", "unknown"] {
            assert_eq!(
                first(&[("amenity", "toilets"), ("access", access)]),
                Some("public toilet")
            );
        }
        assert_eq!(
            judged(&[("disused:amenity", "toilets")]),
            Verdict::LeftOut(LeftOut::OutOfUse)
        );
        assert_eq!(
            judged(&[("amenity", "shelter"), ("abandoned", "yes")]),
            Verdict::LeftOut(LeftOut::OutOfUse)
        );
        assert_eq!(
            judged(&[("amenity", "shelter"), ("shelter_type", "public_transport")]),
            Verdict::LeftOut(LeftOut::RoofOfAStop)
        );
        assert_eq!(
            judged(&[("amenity", "charging_station")]),
            Verdict::LeftOut(LeftOut::CarsOnly)
        );
        assert_eq!(
            first(&[("amenity", "charging_station"), ("bicycle", "yes")]),
            Some("e-bike charging")
        );
        assert_eq!(judged(&[("disused:shop", "bakery")]), Verdict::Nothing);
    }

    #[test]
    fn a_place_that_calls_itself_a_workers_station_is_one_and_a_parcel_shop_or_inn_is_not() {
        for name in ["凤凰户外劳动者服务站点", "迎宾路爱心驿站", "环卫驿站"] {
            assert_eq!(
                first(&[("amenity", "social_facility"), ("name", name)]),
                Some("outdoor workers' station")
            );
        }
        assert_eq!(
            judged(&[("amenity", "parcel_locker"), ("name", "菜鸟驿站")]),
            Verdict::Nothing
        );
        assert_eq!(
            judged(&[("tourism", "hotel"), ("name", "城市驿站酒店")]),
            Verdict::Nothing
        );
        assert_eq!(
            judged(&[("highway", "bus_stop"), ("name", "爱心驿站")]),
            Verdict::Nothing
        );
    }

    #[test]
    fn every_object_that_is_judged_to_be_something_has_a_telling_tag() {
        for kind in KINDS {
            for prefix in LIFECYCLE.iter().copied().chain([""]) {
                let key = format!("{prefix}{}", kind.key);
                assert!(
                    Hint::is_telling(Hint::of(key.as_bytes()), Hint::of(kind.value.as_bytes())),
                    "{key}"
                );
            }
        }
        assert!(Hint::is_telling(
            Hint::of(b"name"),
            Hint::of("迎宾路爱心驿站".as_bytes())
        ));
        assert!(!Hint::is_telling(Hint::of(b"highway"), Hint::of(b"residential")));
        assert!(!Hint::is_telling(Hint::of(b"\xff"), Hint::of(b"\xff")));
    }
}
