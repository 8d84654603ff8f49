//! The names that columns and properties may have, in Chinese and in English.

use crate::domain::facility::Facility;

/// What a column or a property holds. The order is the order of [`NAMES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Column {
    Id,
    Name,
    Aliases,
    Address,
    District,
    Adcode,
    Lon,
    Lat,
    Coord,
    Host,
    Audience,
    Status,
    Hours,
    HoursText,
    Facilities,
    FacilityDetails,
    FloorAreaM2,
    Seats,
    OpenedOn,
    Operator,
    Phone,
    MapListings,
    Source,
    VerifiedAt,
    Synthetic,
    Original,
    UpdatedAt,
    Revision,
}

/// Our name first, then the other names, lower case, without blanks. `open_hours_inferred` and `序号` are left out on
/// purpose: guesses of others are no hours, and a line's number is no id.
const NAMES: &[(Column, &[&str])] = &[
    (
        Column::Id,
        &[
            "id",
            "编号",
            "站点编号",
            "驿站编号",
            "站点id",
            "编码",
            "identifier",
            "identification",
        ],
    ),
    (
        Column::Name,
        &["name", "名称", "站点名称", "驿站名称", "站名", "站点"],
    ),
    (Column::Aliases, &["aliases", "alias", "别名", "又名", "曾用名"]),
    (
        Column::Address,
        &["address", "addr", "地址", "详细地址", "站点地址", "具体地址"],
    ),
    (
        Column::District,
        &[
            "district",
            "区县",
            "所属区",
            "行政区",
            "所在区",
            "区域",
            "县区",
            "市县区",
        ],
    ),
    (Column::Adcode, &["adcode", "行政区划代码", "区划代码"]),
    (Column::Lon, &["lon", "lng", "longitude", "long", "经度"]),
    (Column::Lat, &["lat", "latitude", "纬度"]),
    (
        Column::Coord,
        &["coord", "crs", "datum", "坐标系", "坐标系统", "坐标类型"],
    ),
    (
        Column::Host,
        &["host", "主办", "类型", "场所类型", "依托单位", "依托场所"],
    ),
    (Column::Audience, &["audience", "服务对象"]),
    (Column::Status, &["status", "状态", "站点状态"]),
    (
        Column::Hours,
        &[
            "hours",
            "open_hours",
            "opening_hours",
            "open_hours_observed",
            "营业时间",
            "开放时间",
            "服务时间",
        ],
    ),
    (Column::HoursText, &["hours_text", "营业时间说明", "开放时间说明"]),
    (
        Column::Facilities,
        &["facilities", "服务设施", "设施", "设施设备", "配套设施"],
    ),
    (Column::FacilityDetails, &["facility_details"]),
    (
        Column::FloorAreaM2,
        &[
            "floor_area_m2",
            "面积",
            "建筑面积",
            "面积(平方米)",
            "面积（平方米）",
            "面积(㎡)",
            "面积（㎡）",
        ],
    ),
    (Column::Seats, &["seats", "座位数", "座位数量"]),
    (
        Column::OpenedOn,
        &["opened_on", "启用日期", "开放日期", "建成日期", "投用日期"],
    ),
    (Column::Operator, &["operator", "运营单位", "管理单位"]),
    (Column::Phone, &["phone", "tel", "telephone", "联系电话", "电话"]),
    (Column::MapListings, &["map_listings", "地图收录"]),
    (Column::Source, &["source", "来源", "数据来源"]),
    (Column::VerifiedAt, &["verified_at", "核实日期", "核验日期"]),
    (Column::Synthetic, &["synthetic", "合成", "合成数据"]),
    (Column::Original, &["original"]),
    (Column::UpdatedAt, &["updated_at", "更新时间"]),
    (Column::Revision, &["revision", "修订号"]),
];

impl Column {
    /// How many columns there are.
    pub(super) const COUNT: usize = NAMES.len();

    /// Our own name of the column.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Aliases => "aliases",
            Self::Address => "address",
            Self::District => "district",
            Self::Adcode => "adcode",
            Self::Lon => "lon",
            Self::Lat => "lat",
            Self::Coord => "coord",
            Self::Host => "host",
            Self::Audience => "audience",
            Self::Status => "status",
            Self::Hours => "hours",
            Self::HoursText => "hours_text",
            Self::Facilities => "facilities",
            Self::FacilityDetails => "facility_details",
            Self::FloorAreaM2 => "floor_area_m2",
            Self::Seats => "seats",
            Self::OpenedOn => "opened_on",
            Self::Operator => "operator",
            Self::Phone => "phone",
            Self::MapListings => "map_listings",
            Self::Source => "source",
            Self::VerifiedAt => "verified_at",
            Self::Synthetic => "synthetic",
            Self::Original => "original",
            Self::UpdatedAt => "updated_at",
            Self::Revision => "revision",
        }
    }

    /// Finds a column by our own name, exactly. Fast, for our own GeoJSON.
    fn from_word(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "name" => Self::Name,
            "aliases" => Self::Aliases,
            "address" => Self::Address,
            "district" => Self::District,
            "adcode" => Self::Adcode,
            "lon" => Self::Lon,
            "lat" => Self::Lat,
            "coord" => Self::Coord,
            "host" => Self::Host,
            "audience" => Self::Audience,
            "status" => Self::Status,
            "hours" => Self::Hours,
            "hours_text" => Self::HoursText,
            "facilities" => Self::Facilities,
            "facility_details" => Self::FacilityDetails,
            "floor_area_m2" => Self::FloorAreaM2,
            "seats" => Self::Seats,
            "opened_on" => Self::OpenedOn,
            "operator" => Self::Operator,
            "phone" => Self::Phone,
            "map_listings" => Self::MapListings,
            "source" => Self::Source,
            "verified_at" => Self::VerifiedAt,
            "synthetic" => Self::Synthetic,
            "original" => Self::Original,
            "updated_at" => Self::UpdatedAt,
            "revision" => Self::Revision,
            _ => return None,
        })
    }

    /// Finds a column by any of its names, whatever the case and the outer blanks.
    pub(super) fn find(name: &str) -> Option<Self> {
        if let Some(column) = Self::from_word(name) {
            return Some(column);
        }
        let plain = plain(name);
        NAMES
            .iter()
            .find(|(_, names)| names.contains(&plain.as_str()))
            .map(|(column, _)| *column)
    }

    /// The names that the column may have, for messages.
    pub(super) fn names(self) -> &'static [&'static str] {
        NAMES
            .iter()
            .find(|(column, _)| *column == self)
            .map_or(&[], |(_, names)| names)
    }
}

/// What one column of a table is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A column of a station.
    Column(Column),
    /// A column that states one facility with 有 or 无.
    Facility(Facility),
    /// Nothing that the importer knows.
    Unknown,
}

impl Meaning {
    /// What a header name stands for. A column wins over a facility: `seats` is how many.
    pub(super) fn of(header: &str) -> Self {
        if let Some(column) = Column::find(header) {
            return Self::Column(column);
        }
        Facility::from_any_word(&plain(header)).map_or(Self::Unknown, Self::Facility)
    }
}

/// A header without outer blanks, in lower case; a byte order mark or a required-mark (`*`) does not count.
fn plain(header: &str) -> String {
    header
        .trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '*')
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_by_all_of_its_names_and_no_name_stands_for_two() {
        let mut seen = std::collections::HashSet::new();
        for (position, (column, names)) in NAMES.iter().enumerate() {
            assert_eq!(*column as usize, position, "{column:?}");
            assert_eq!(names.first(), Some(&column.word()));
            for name in *names {
                assert!(seen.insert(name), "{name} stands for two columns");
                assert_eq!(
                    Column::find(&format!(" {} ", name.to_uppercase())),
                    Some(*column),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn a_facility_word_or_label_is_a_facility_column_and_seats_is_a_number() {
        assert_eq!(Meaning::of("微波炉"), Meaning::Facility(Facility::Microwave));
        assert_eq!(
            Meaning::of("Drinking_Water"),
            Meaning::Facility(Facility::DrinkingWater)
        );
        assert_eq!(Meaning::of("seats"), Meaning::Column(Column::Seats));
        assert_eq!(Meaning::of("桌椅"), Meaning::Facility(Facility::Seats));
        assert_eq!(Meaning::of("open_hours_inferred"), Meaning::Unknown);
    }
}
