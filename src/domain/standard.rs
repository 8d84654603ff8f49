//! Facility standards as data: which facilities and attributes a body demands of a station.
//!
//! Cities word their standards differently ("ten items", "six haves"), so a standard is a list that is read from a file and
//! never code. [`Serialize`] gives back the JSON that the file holds.

use serde::Serialize;

use super::facility::Facility;
use super::words::vocabulary;

vocabulary! {
    /// How strongly a standard asks for an item.
    Level, "level" {
        Required = "required", "必备", "required";
        Recommended = "recommended", "推荐", "recommended";
    }
}

vocabulary! {
    /// A map service in which a station can be listed.
    MapService, "map service" {
        Amap = "amap", "高德地图", "Amap", ["高德"];
        Baidu = "baidu", "百度地图", "Baidu Maps", ["百度"];
        Tencent = "tencent", "腾讯地图", "Tencent Maps", ["腾讯"];
    }
}

/// A name in both languages of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BilingualName {
    /// In Chinese.
    pub zh: Box<str>,
    /// In English.
    pub en: Box<str>,
}

/// What one item of a standard demands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// This facility.
    Facility(Facility),
    /// At least one of these facilities.
    AnyOf(Vec<Facility>),
    /// At least this floor area, square metres.
    MinFloorAreaM2(f64),
    /// Seats for at least so many people.
    MinSeats(u32),
    /// Presence in at least one of these map services.
    MapListingAnyOf(Vec<MapService>),
    /// Something that a station record does not hold; always unknown until somebody looks.
    NotRecorded(Box<str>),
}

/// One item of a standard.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StandardItem {
    /// Unique within the standard.
    pub id: Box<str>,
    /// What people call it.
    pub name: BilingualName,
    /// What it demands.
    pub requirement: Requirement,
    /// How strongly.
    pub level: Level,
}

/// A list of required facilities and attributes that stations are inspected against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standard {
    /// Unique among the standards, for example `sanya-ten`.
    pub id: Box<str>,
    /// What people call it.
    pub name: BilingualName,
    /// Who set it.
    pub issuer: Box<str>,
    /// Where this wording was read, and how firm that is.
    pub source: Box<str>,
    /// What it asks for, in the order of the source.
    pub items: Vec<StandardItem>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_written_as_the_file_words_them() {
        let json = |requirement: &Requirement| serde_json::to_string(requirement).unwrap();
        assert_eq!(
            json(&Requirement::Facility(Facility::Toilet)),
            r#"{"facility":"toilet"}"#
        );
        assert_eq!(
            json(&Requirement::AnyOf(vec![Facility::Heating])),
            r#"{"any_of":["heating"]}"#
        );
        assert_eq!(
            json(&Requirement::MinFloorAreaM2(25.5)),
            r#"{"min_floor_area_m2":25.5}"#
        );
        assert_eq!(
            json(&Requirement::MapListingAnyOf(vec![MapService::Amap])),
            r#"{"map_listing_any_of":["amap"]}"#
        );
    }
}
