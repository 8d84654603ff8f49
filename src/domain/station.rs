//! A station: one place that serves outdoor workers.

use chrono::{DateTime, NaiveDate, Utc};
use thiserror::Error;

use super::coordinate::LonLat;
use super::datum::{Datum, convert};

use super::facility::{Facilities, FacilityState};
use super::geocode::Geocoded;
use super::words::vocabulary;

vocabulary! {
    /// Whose place the station is in.
    Host, "host" {
        Union = "union", "工会", "trade union", ["工会驿站"];
        PartyServiceCentre = "party_service_centre", "党群服务中心", "party service centre", ["党群"];
        SanitationPost = "sanitation_post", "环卫驿站", "sanitation post", ["环卫", "环卫工人休息点", "城市驿站"];
        VolunteerPost = "volunteer_post", "志愿服务站", "volunteer post", ["志愿者", "志愿驿站"];
        BankBranch = "bank_branch", "银行网点", "bank branch", ["银行"];
        Company = "company", "企业", "company", ["公司"];
        Government = "government", "政府机关", "government", ["机关", "街道办", "社区"];
        Police = "police", "公安交警", "police", ["警务站", "交警", "派出所"];
        Transport = "transport", "交通场站", "transport", ["车站", "公交", "加油站"];
        Shop = "shop", "商店", "shop", ["商户", "超市", "便利店"];
        Other = "other", "其他", "other", ["其它"];
    }
}

vocabulary! {
    /// Where a station stands in its life; whether its door is open at a moment is its open state.
    Status, "status" {
        Planned = "planned", "筹建", "planned", ["规划", "在建", "筹备"];
        Open = "open", "开放", "open", ["正常", "运营", "运营中", "启用", "使用中"];
        Suspended = "suspended", "暂停", "suspended", ["停用", "暂停服务", "维修"];
        Closed = "closed", "关闭", "closed for good", ["撤销", "已撤销", "关停"];
    }
}

vocabulary! {
    /// Whom a station serves.
    Audience, "audience" {
        Courier = "courier", "快递员", "couriers", ["快递"];
        Rider = "rider", "外卖骑手", "delivery riders", ["外卖员", "骑手", "外卖"];
        SanitationWorker = "sanitation_worker", "环卫工人", "sanitation workers", ["环卫"];
        TrafficAssistant = "traffic_assistant", "交通协管员", "traffic assistants", ["交警", "协管员"];
        Driver = "driver", "司机", "drivers", ["网约车司机", "出租车司机", "货车司机"];
        ConstructionWorker = "construction_worker", "建筑工人", "construction workers", ["建筑"];
        Public = "public", "公众", "the public", ["市民", "社会公众"];
    }
}

/// The longest id, in bytes of UTF-8.
pub const MAX_ID_BYTES: usize = 128;
/// The longest name, in bytes of UTF-8.
pub const MAX_NAME_BYTES: usize = 400;
/// The most photos of a station.
pub const MAX_PHOTOS: usize = 10;
/// The longest address of a photo, in characters.
pub const MAX_PHOTO_CHARACTERS: usize = 2000;

/// The id of a station: 1 to [`MAX_ID_BYTES`] bytes, no control characters, no blank at either end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StationId(Box<str>);

/// A text that cannot be the id of a station.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "id `{given}` is not usable; expected 1 to {MAX_ID_BYTES} bytes without control characters or outer blanks"
)]
pub struct InvalidId {
    /// The text as given, cut after 40 characters.
    pub given: String,
}

impl StationId {
    /// Checks and takes an id.
    pub fn new(id: &str) -> Result<Self, InvalidId> {
        let usable = !id.is_empty()
            && id.len() <= MAX_ID_BYTES
            && id.trim() == id
            && !id.chars().any(char::is_control);
        if usable {
            Ok(Self(id.into()))
        } else {
            Err(InvalidId {
                given: id.chars().take(40).collect(),
            })
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a station is: inside always WGS-84; what was given is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Location {
    place: LonLat,
    original: LonLat,
    datum: Datum,
    geocoded: Option<Geocoded>,
}

impl Location {
    /// A location from a coordinate in any datum.
    pub fn new(original: LonLat, datum: Datum) -> Self {
        Self {
            place: convert(original, datum, Datum::Wgs84),
            original,
            datum,
            geocoded: None,
        }
    }

    /// A location whose WGS-84 place and original were both recorded, as our own format keeps them.
    pub const fn from_record(place: LonLat, original: LonLat, datum: Datum) -> Self {
        Self {
            place,
            original,
            datum,
            geocoded: None,
        }
    }

    /// The same location with the note that a service found it by its address.
    #[must_use]
    pub const fn geocoded_by(mut self, geocoded: Geocoded) -> Self {
        self.geocoded = Some(geocoded);
        self
    }

    /// Who found it by its address; `None` for a place that somebody stated.
    pub const fn geocoded(&self) -> Option<Geocoded> {
        self.geocoded
    }

    /// The place in WGS-84.
    pub const fn place(&self) -> LonLat {
        self.place
    }

    /// The coordinate as it was given, in [`Location::datum`].
    pub const fn original(&self) -> LonLat {
        self.original
    }

    /// The datum of the coordinate as it was given.
    pub const fn datum(&self) -> Datum {
        self.datum
    }
}

/// Whether the three large map services list the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MapListings {
    /// Amap (高德).
    pub amap: FacilityState,
    /// Baidu (百度).
    pub baidu: FacilityState,
    /// Tencent (腾讯).
    pub tencent: FacilityState,
}

impl Default for MapListings {
    fn default() -> Self {
        Self {
            amap: FacilityState::Unknown,
            baidu: FacilityState::Unknown,
            tencent: FacilityState::Unknown,
        }
    }
}

/// The opening hours as the record states them; both `None` means not stated, which is never "24 hours".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatedHours {
    /// In OpenStreetMap's `opening_hours` syntax; `None` when not stated or only in words.
    pub osm: Option<Box<str>>,
    /// In the words of the source.
    pub text: Option<Box<str>>,
}

/// One station record.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Unique within a register.
    pub id: StationId,
    /// The name shown to people.
    pub name: Box<str>,
    /// Other names of the same place.
    pub aliases: Vec<Box<str>>,
    /// Postal address.
    pub address: Option<Box<str>>,
    /// Name of the administrative district.
    pub district: Option<Box<str>>,
    /// Six-digit code of the administrative district.
    pub adcode: Option<Box<str>>,
    /// Where it is.
    pub location: Location,
    /// Whose place it is; `None` when not stated.
    pub host: Option<Host>,
    /// Whom it serves; empty when not stated.
    pub audience: Vec<Audience>,
    /// Where it stands in its life.
    pub status: Status,
    /// When it says it is open.
    pub hours: StatedHours,
    /// What it offers.
    pub facilities: Facilities,
    /// Floor area in square metres.
    pub floor_area_m2: Option<f64>,
    /// How many people can sit.
    pub seats: Option<u32>,
    /// The day on which it was opened to workers.
    pub opened_on: Option<NaiveDate>,
    /// Who runs it.
    pub operator: Option<Box<str>>,
    /// A telephone number for the public.
    pub phone: Option<Box<str>>,
    /// Addresses of photos, each `https://`, at most [`MAX_PHOTOS`]; the service never opens them.
    pub photos: Vec<Box<str>>,
    /// Presence in the map services.
    pub map_listings: MapListings,
    /// Where the record comes from.
    pub source: Option<Box<str>>,
    /// The day on which somebody last checked the record at the place.
    pub verified_at: Option<NaiveDate>,
    /// True for a record that was made up, for a demonstration or a test.
    pub synthetic: bool,
    /// When the record was last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// The revision of the register in which the record last changed.
    pub revision: u64,
}

impl Station {
    /// A station of which nothing but id, name and place is known; its status is open.
    pub fn new(id: StationId, name: &str, location: Location) -> Self {
        Self {
            id,
            name: name.into(),
            aliases: Vec::new(),
            address: None,
            district: None,
            adcode: None,
            location,
            host: None,
            audience: Vec::new(),
            status: Status::Open,
            hours: StatedHours::default(),
            facilities: Facilities::default(),
            floor_area_m2: None,
            seats: None,
            opened_on: None,
            operator: None,
            phone: None,
            photos: Vec::new(),
            map_listings: MapListings::default(),
            source: None,
            verified_at: None,
            synthetic: false,
            updated_at: None,
            revision: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_refused_at_one_byte_above_the_limit_and_with_control_characters() {
        assert!(StationId::new(&"a".repeat(MAX_ID_BYTES)).is_ok());
        for bad in ["", " a", "a ", "a\nb", &"a".repeat(MAX_ID_BYTES + 1)] {
            assert!(StationId::new(bad).is_err(), "{bad:?}");
        }
        assert!(StationId::new("中/文 id").is_ok());
    }

    #[test]
    fn a_location_keeps_what_was_given_and_works_in_wgs84() {
        let given = LonLat::new(113.564_525, 34.819_187).unwrap();
        let location = Location::new(given, Datum::Gcj02);
        assert_eq!((location.original(), location.datum()), (given, Datum::Gcj02));
        let shift_m = crate::domain::geodesic::karney(given, location.place()).get();
        assert!((400.0..700.0).contains(&shift_m), "{shift_m}");
    }
}
