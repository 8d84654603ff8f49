//! Which objects of OpenStreetMap are stations, as data: the kinds, and the words that keep an object of such a kind from
//! being one.

use crate::domain::facility::Facility;
use crate::domain::station::Host;

/// A kind of object that is a station by its main tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) key: &'static str,
    pub(super) value: &'static str,
    /// What such a place is called where it has no name of its own.
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    /// What each place of the kind has.
    pub(super) facility: Option<Facility>,
    pub(super) host: Option<Host>,
    pub(super) needs: Needs,
}

/// What an object needs besides the main tag of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    /// A tag that says its water may be drunk.
    DrinkingWater,
    /// A tag that lets in vehicles with two wheels.
    TwoWheels,
    /// That it is no roof of a stop.
    NoStop,
}

const fn kind(
    (key, value): (&'static str, &'static str),
    (zh, en): (&'static str, &'static str),
    facility: Option<Facility>,
    needs: Needs,
) -> Kind {
    Kind {
        key,
        value,
        zh,
        en,
        facility,
        host: None,
        needs,
    }
}

const fn by_the_road(value: &'static str, names: (&'static str, &'static str)) -> Kind {
    Kind {
        host: Some(Host::Transport),
        ..kind(("highway", value), names, None, Needs::Nothing)
    }
}

/// The kinds; an object of several is named after the first.
pub(super) static KINDS: &[Kind] = &[
    kind(
        ("amenity", "toilets"),
        ("公共厕所", "public toilet"),
        Some(Facility::Toilet),
        Needs::Nothing,
    ),
    kind(
        ("amenity", "shower"),
        ("公共淋浴", "public shower"),
        Some(Facility::Shower),
        Needs::Nothing,
    ),
    kind(
        ("amenity", "drinking_water"),
        ("饮水点", "drinking water"),
        Some(Facility::DrinkingWater),
        Needs::Nothing,
    ),
    kind(
        ("amenity", "water_point"),
        ("取水点", "water point"),
        Some(Facility::DrinkingWater),
        Needs::Nothing,
    ),
    kind(
        ("man_made", "drinking_fountain"),
        ("饮水台", "drinking fountain"),
        Some(Facility::DrinkingWater),
        Needs::Nothing,
    ),
    kind(
        ("amenity", "fountain"),
        ("饮水泉", "drinking fountain"),
        None,
        Needs::DrinkingWater,
    ),
    kind(
        ("man_made", "water_tap"),
        ("饮用水龙头", "tap with drinking water"),
        None,
        Needs::DrinkingWater,
    ),
    kind(("amenity", "shelter"), ("避雨亭", "shelter"), None, Needs::NoStop),
    kind(
        ("amenity", "device_charging_station"),
        ("手机充电点", "phone charging"),
        Some(Facility::PhoneCharging),
        Needs::Nothing,
    ),
    kind(
        ("amenity", "charging_station"),
        ("电动车充电点", "e-bike charging"),
        Some(Facility::EbikeCharging),
        Needs::TwoWheels,
    ),
    kind(
        ("amenity", "bicycle_repair_station"),
        ("自助修车点", "repair stand"),
        Some(Facility::ToolKit),
        Needs::Nothing,
    ),
    by_the_road("rest_area", ("停车休息区", "rest area")),
    by_the_road("services", ("服务区", "service area")),
];

/// A place that calls itself a station for outdoor workers, whatever its main tag.
pub(super) static WORKER_STATION: Kind = kind(
    ("name", ""),
    ("户外劳动者服务站点", "outdoor workers' station"),
    None,
    Needs::Nothing,
);

/// What such places call themselves. Parcel shops (菜鸟驿站) and inns (城市驿站酒店) use 驿站 too.
pub(super) const WORKER_NAMES: &[&str] = &[
    "户外劳动者",
    "劳动者港湾",
    "劳动者驿站",
    "爱心驿站",
    "环卫驿站",
    "环卫工人休息",
    "工会驿站",
    "职工驿站",
    "骑手驿站",
    "骑士驿站",
    "小哥驿站",
    "暖蜂驿站",
    "暖心驿站",
    "城市驿站",
    "司机之家",
];
/// Keys of objects that only carry such a name: a stop, an inn, a shop, a street.
pub(super) const NOT_WORKER_STATIONS: &[&str] = &[
    "highway",
    "public_transport",
    "railway",
    "tourism",
    "shop",
    "place",
    "route",
    "boundary",
    "landuse",
];
/// Beginnings of keys that say what an object was or will be.
pub(super) const LIFECYCLE: &[&str] = &[
    "disused:",
    "abandoned:",
    "demolished:",
    "removed:",
    "razed:",
    "destroyed:",
    "ruins:",
    "was:",
    "closed:",
    "construction:",
    "proposed:",
    "planned:",
];
/// Keys that say with `yes` that an object is out of use.
pub(super) const OUT_OF_USE: &[&str] = &["disused", "abandoned", "demolished", "ruins"];
/// Values of `access` that keep the public out.
pub(super) const NOT_PUBLIC: &[&str] = &[
    "private",
    "no",
    "customers",
    "customer",
    "permit",
    "residents",
    "employees",
    "members",
    "delivery",
    "agricultural",
    "forestry",
    "military",
    "students",
    "guests",
    "patients",
];
/// Keys of vehicles with two wheels.
pub(super) const TWO_WHEELS: &[&str] = &[
    "bicycle",
    "electric_bicycle",
    "scooter",
    "kick_scooter",
    "moped",
    "mofa",
    "motorcycle",
    "small_electric_vehicle",
];
