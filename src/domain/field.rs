//! The fields of a station that a person or a file can state, and which of them one did state.

use super::station::Station;
use super::words::vocabulary;

vocabulary! {
    /// One field of a station record. Location is the place with its datum, hours are the syntax with the words.
    Field, "field" {
        Name = "name", "名称", "name";
        Aliases = "aliases", "别名", "other names";
        Address = "address", "地址", "address";
        District = "district", "区县", "district";
        Adcode = "adcode", "行政区划代码", "district code";
        Location = "location", "位置", "place";
        Host = "host", "依托场所", "host";
        Audience = "audience", "服务对象", "audience";
        Status = "status", "状态", "status";
        Hours = "hours", "开放时间", "opening hours";
        Facilities = "facilities", "服务设施", "facilities";
        FloorAreaM2 = "floor_area_m2", "面积（平方米）", "floor area (m²)";
        Seats = "seats", "座位数", "seats";
        OpenedOn = "opened_on", "启用日期", "day of opening";
        Operator = "operator", "运营单位", "operator";
        Phone = "phone", "联系电话", "telephone";
        Photos = "photos", "照片", "photos";
        MapListings = "map_listings", "地图收录", "map listings";
        Source = "source", "来源", "source";
        VerifiedAt = "verified_at", "核实日期", "day of verification";
        Synthetic = "synthetic", "合成数据", "synthetic";
    }
}

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldSet(u32);

impl FieldSet {
    /// Adds a field.
    pub const fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u8;
    }

    /// Whether the field is in the set.
    pub const fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u8) != 0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The fields in the set, in the order of [`Field::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL
            .iter()
            .copied()
            .filter(move |field| self.contains(*field))
    }
}

impl FromIterator<Field> for FieldSet {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let mut set = Self::default();
        for field in fields {
            set.insert(field);
        }
        set
    }
}

impl Field {
    /// Whether two records say the same in this field.
    pub fn is_equal(self, one: &Station, other: &Station) -> bool {
        match self {
            Self::Name => one.name == other.name,
            Self::Aliases => one.aliases == other.aliases,
            Self::Address => one.address == other.address,
            Self::District => one.district == other.district,
            Self::Adcode => one.adcode == other.adcode,
            Self::Location => one.location == other.location,
            Self::Host => one.host == other.host,
            Self::Audience => one.audience == other.audience,
            Self::Status => one.status == other.status,
            Self::Hours => one.hours == other.hours,
            Self::Facilities => one.facilities == other.facilities,
            Self::FloorAreaM2 => one.floor_area_m2 == other.floor_area_m2,
            Self::Seats => one.seats == other.seats,
            Self::OpenedOn => one.opened_on == other.opened_on,
            Self::Operator => one.operator == other.operator,
            Self::Phone => one.phone == other.phone,
            Self::Photos => one.photos == other.photos,
            Self::MapListings => one.map_listings == other.map_listings,
            Self::Source => one.source == other.source,
            Self::VerifiedAt => one.verified_at == other.verified_at,
            Self::Synthetic => one.synthetic == other.synthetic,
        }
    }

    /// Takes over what another record says in this field.
    pub fn copy(self, from: &Station, to: &mut Station) {
        match self {
            Self::Name => to.name.clone_from(&from.name),
            Self::Aliases => to.aliases.clone_from(&from.aliases),
            Self::Address => to.address.clone_from(&from.address),
            Self::District => to.district.clone_from(&from.district),
            Self::Adcode => to.adcode.clone_from(&from.adcode),
            Self::Location => to.location = from.location,
            Self::Host => to.host = from.host,
            Self::Audience => to.audience.clone_from(&from.audience),
            Self::Status => to.status = from.status,
            Self::Hours => to.hours.clone_from(&from.hours),
            Self::Facilities => to.facilities.clone_from(&from.facilities),
            Self::FloorAreaM2 => to.floor_area_m2 = from.floor_area_m2,
            Self::Seats => to.seats = from.seats,
            Self::OpenedOn => to.opened_on = from.opened_on,
            Self::Operator => to.operator.clone_from(&from.operator),
            Self::Phone => to.phone.clone_from(&from.phone),
            Self::Photos => to.photos.clone_from(&from.photos),
            Self::MapListings => to.map_listings = from.map_listings,
            Self::Source => to.source.clone_from(&from.source),
            Self::VerifiedAt => to.verified_at = from.verified_at,
            Self::Synthetic => to.synthetic = from.synthetic,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::coordinate::LonLat;
    use crate::domain::datum::Datum;
    use crate::domain::facility::{Facility, FacilityState};
    use crate::domain::station::{Audience, Host, Location, StationId, Status};

    fn plain() -> Station {
        let place = LonLat::new(109.5, 18.25).unwrap();
        Station::new(
            StationId::new("a").unwrap(),
            "甲",
            Location::new(place, Datum::Wgs84),
        )
    }

    /// A station that differs from [`plain`] in every field.
    fn full() -> Station {
        let place = LonLat::new(109.6, 18.35).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 1, 2);
        let mut station = Station::new(
            StationId::new("a").unwrap(),
            "乙",
            Location::new(place, Datum::Gcj02),
        );
        station.aliases = vec!["丙".into()];
        station.address = Some("河东路1号".into());
        station.district = Some("吉阳区".into());
        station.adcode = Some("460203".into());
        station.host = Some(Host::Union);
        station.audience = vec![Audience::Rider];
        station.status = Status::Planned;
        station.hours.osm = Some("24/7".into());
        station.facilities.set(Facility::Toilet, FacilityState::Yes);
        station.floor_area_m2 = Some(25.0);
        station.seats = Some(5);
        station.opened_on = day;
        station.operator = Some("工会".into());
        station.phone = Some("12351".into());
        station.photos = vec!["https://a.cn/1.jpg".into()];
        station.map_listings.amap = FacilityState::Yes;
        station.source = Some("表".into());
        station.verified_at = day;
        station.synthetic = true;
        station
    }

    #[test]
    fn copying_every_field_makes_two_records_equal() {
        let (mut station, other) = (plain(), full());
        for field in Field::ALL {
            assert!(!field.is_equal(&station, &other), "{field}");
            field.copy(&other, &mut station);
            assert!(field.is_equal(&station, &other), "{field}");
        }
        assert_eq!(station, other);
    }

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let set: FieldSet = [Field::Hours, Field::Name].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Field::Name, Field::Hours]);
        assert!(!set.contains(Field::Phone) && !set.is_empty() && FieldSet::default().is_empty());
    }
}
