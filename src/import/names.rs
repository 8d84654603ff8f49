//! The names that columns and properties may have, in Chinese and in English.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::columns::Column;
use super::number::half_width;
use crate::domain::datum::Datum;
use crate::domain::facility::Facility;

/// The names of each column beside our own, in lower case; blanks, `_`, `-` and the width of a sign do not count.
/// `open_hours_inferred` and `序号` are left out on purpose: guesses of others are no hours, and a line's number is no id.
const NAMES: &[(Column, &[&str])] = &[
    (
        Column::Id,
        &[
            "编号",
            "站点编号",
            "驿站编号",
            "站点id",
            "编码",
            "站点编码",
            "驿站编码",
            "点位编号",
            "identifier",
            "identification",
            "station id",
        ],
    ),
    (
        Column::Name,
        &[
            "名称",
            "站点名称",
            "驿站名称",
            "站名",
            "站点",
            "点位名称",
            "服务站点名称",
            "服务点名称",
            "网点名称",
            "场所名称",
            "驿站",
            "单位名称",
            "户外劳动者服务站点名称",
            "工会驿站名称",
            "爱心驿站名称",
            "项目名称",
            "station name",
        ],
    ),
    (
        Column::Aliases,
        &[
            "alias",
            "别名",
            "又名",
            "曾用名",
            "简称",
            "other names",
            "alt_name",
        ],
    ),
    (
        Column::Address,
        &[
            "addr",
            "地址",
            "详细地址",
            "站点地址",
            "驿站地址",
            "具体地址",
            "点位地址",
            "位置",
            "详细位置",
            "具体位置",
            "所在地址",
            "所在位置",
            "地点",
            "full address",
            "street address",
        ],
    ),
    (
        Column::District,
        &[
            "区县",
            "所属区",
            "所属区县",
            "行政区",
            "行政区划",
            "所在区",
            "所在区县",
            "所属区域",
            "区域",
            "县区",
            "市县区",
            "区",
            "县（市、区）",
            "county",
        ],
    ),
    (Column::Adcode, &["行政区划代码", "区划代码", "行政区代码"]),
    (
        Column::Lon,
        &["lng", "longitude", "long", "经度", "东经", "经度坐标"],
    ),
    (Column::Lat, &["latitude", "纬度", "北纬", "纬度坐标"]),
    (
        Column::Coordinates,
        &[
            "coordinate",
            "坐标",
            "经纬度",
            "坐标位置",
            "位置坐标",
            "地理坐标",
            "经纬度坐标",
            "点位坐标",
            "lnglat",
            "lonlat",
            "latlng",
            "latlon",
            "wkt",
            "geom",
            "geometry",
            "the_geom",
            "gps坐标",
        ],
    ),
    (Column::Coord, &["crs", "datum", "坐标系", "坐标系统", "坐标类型"]),
    (
        Column::Host,
        &[
            "主办",
            "类型",
            "场所类型",
            "依托单位",
            "依托场所",
            "站点类型",
            "驿站类型",
            "建设类型",
        ],
    ),
    (Column::Audience, &["服务对象", "服务人群", "服务群体"]),
    (
        Column::Status,
        &["状态", "站点状态", "运营状态", "使用状态", "开放状态", "运行状态"],
    ),
    (
        Column::Hours,
        &[
            "open_hours",
            "opening_hours",
            "open_hours_observed",
            "营业时间",
            "开放时间",
            "服务时间",
            "开放时段",
            "运营时间",
            "开门时间段",
            "工作时间",
            "对外开放时间",
            "business hours",
            "service hours",
        ],
    ),
    (
        Column::OpensAt,
        &[
            "开始时间",
            "开门时间",
            "开放开始时间",
            "start time",
            "opening time",
        ],
    ),
    (
        Column::ClosesAt,
        &["结束时间", "关门时间", "开放结束时间", "end time", "closing time"],
    ),
    (
        Column::HoursText,
        &["营业时间说明", "开放时间说明", "开放时间备注"],
    ),
    (
        Column::Facilities,
        &[
            "服务设施",
            "设施",
            "设施设备",
            "配套设施",
            "服务功能",
            "服务项目",
            "服务内容",
            "设施配备",
            "配备设施",
            "基本设施",
            "设施清单",
            "提供服务",
            "amenities",
        ],
    ),
    (Column::FacilityDetails, &[]),
    (
        Column::FloorAreaM2,
        &[
            "面积",
            "建筑面积",
            "使用面积",
            "站点面积",
            "场地面积",
            "面积m2",
            "floor area",
            "area_m2",
        ],
    ),
    (
        Column::Seats,
        &["座位数", "座位数量", "席位", "可容纳人数", "容纳人数"],
    ),
    (
        Column::OpenedOn,
        &[
            "启用日期",
            "开放日期",
            "建成日期",
            "投用日期",
            "启用时间",
            "建成时间",
            "投用时间",
            "挂牌时间",
            "成立时间",
            "揭牌时间",
        ],
    ),
    (
        Column::Operator,
        &[
            "运营单位",
            "管理单位",
            "运营方",
            "管理方",
            "责任单位",
            "建设单位",
            "主管单位",
            "所属单位",
        ],
    ),
    (
        Column::Phone,
        &[
            "tel",
            "telephone",
            "联系电话",
            "电话",
            "联系人电话",
            "联系方式",
            "咨询电话",
            "服务电话",
            "固定电话",
            "负责人电话",
            "手机",
            "手机号",
            "phone number",
        ],
    ),
    (Column::MapListings, &["地图收录", "地图标注"]),
    (Column::Source, &["来源", "数据来源"]),
    (
        Column::VerifiedAt,
        &["核实日期", "核验日期", "核实时间", "巡查日期", "检查日期"],
    ),
    (Column::Synthetic, &["合成", "合成数据"]),
    (Column::Original, &[]),
    (Column::UpdatedAt, &["更新时间"]),
    (Column::Revision, &["修订号"]),
];

/// Names of facility columns beyond the words that the vocabulary knows.
const FACILITY_NAMES: &[(Facility, &[&str])] = &[
    (
        Facility::IndoorRest,
        &["休息区", "室内休息区", "休憩区", "休息间"],
    ),
    (
        Facility::Seats,
        &["桌椅板凳", "桌子椅子", "沙发", "座凳", "休息桌椅"],
    ),
    (Facility::Microwave, &["微波炉加热", "饭菜加热", "热饭设备"]),
    (
        Facility::DrinkingWater,
        &[
            "直饮水机",
            "热水器",
            "热水壶",
            "饮用水设备",
            "免费饮水",
            "饮水设备",
            "电热水壶",
        ],
    ),
    (Facility::Toilet, &["wc", "如厕", "公共厕所", "厕所开放"]),
    (
        Facility::FirstAid,
        &["应急药品", "常用药品", "药品", "医疗箱", "急救包", "医疗急救箱"],
    ),
    (
        Facility::Reading,
        &["图书角", "书籍", "读书角", "报刊", "书报阅览", "书报杂志"],
    ),
    (
        Facility::PhoneCharging,
        &[
            "手机充电器",
            "充电插座",
            "充电线",
            "手机充电设备",
            "充电插排",
            "充电宝",
        ],
    ),
    (Facility::Umbrella, &["雨具架", "便民雨伞", "雨衣"]),
    (Facility::AirConditioning, &["冷暖空调", "制冷设备"]),
    (
        Facility::EbikeCharging,
        &["电动车充电桩", "电动自行车充电", "充电桩"],
    ),
    (Facility::ToolKit, &["便民工具箱", "五金工具"]),
];

/// What stands before or behind the name of a facility in headers that ask for it.
const ASKING: &[&str] = &[
    "有无",
    "是否有",
    "是否提供",
    "是否配备",
    "是否配有",
    "是否设有",
    "配备",
    "设有",
    "提供",
];
const COUNTING: &[&str] = &["配备情况", "情况", "数量", "个数", "台数"];

/// Words in a header that tell the datum of its coordinates.
const DATUM_HINTS: &[(Datum, &[&str])] = &[
    (
        Datum::Gcj02,
        &[
            "gcj02",
            "火星坐标系",
            "火星",
            "高德",
            "腾讯",
            "amap",
            "gaode",
            "tencent",
        ],
    ),
    (Datum::Bd09, &["bd09ll", "bd09", "百度", "baidu"]),
    (
        Datum::Wgs84,
        &["wgs84", "cgcs2000", "天地图", "大地2000", "国家2000"],
    ),
];

static COLUMNS: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let own = Column::ALL.iter().map(|column| (plain(column.word()), *column));
    let other = NAMES
        .iter()
        .flat_map(|(column, names)| names.iter().map(|name| (plain(name), *column)));
    own.chain(other).collect()
});

/// What one column of a table is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        if let Some(column) = Column::from_word(header) {
            return Self::Column(column);
        }
        let plain = plain(header);
        if let Some(column) = COLUMNS.get(&plain) {
            return Self::Column(*column);
        }
        if let Some(facility) = facility(header.trim()).or_else(|| facility(&plain)) {
            return Self::Facility(facility);
        }
        Self::of_inner(&plain)
    }

    /// What is left of a header without its unit, its datum, and words that ask for a facility.
    fn of_inner(plain: &str) -> Self {
        let (bare, _) = without_datum(&without_brackets(plain));
        if let Some(column) = COLUMNS.get(&bare) {
            return Self::Column(*column);
        }
        let asked = ASKING
            .iter()
            .find_map(|word| bare.strip_prefix(word))
            .unwrap_or(&bare);
        let asked = COUNTING
            .iter()
            .find_map(|word| asked.strip_suffix(word))
            .unwrap_or(asked);
        facility(asked).map_or(Self::Unknown, Self::Facility)
    }

    /// Our own word for it: a column, `facility:` with a facility, or `ignore`.
    pub(super) fn word(self) -> String {
        match self {
            Self::Column(column) => column.word().to_owned(),
            Self::Facility(facility) => format!("facility:{facility}"),
            Self::Unknown => "ignore".to_owned(),
        }
    }

    /// Reads our own word; a facility may stand without `facility:` where no column has the same name.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        if word == "ignore" {
            return Some(Self::Unknown);
        }
        if let Some(facility) = word.strip_prefix("facility:") {
            return Facility::from_word(facility).map(Self::Facility);
        }
        let column = Column::from_word(word).map(Self::Column);
        column.or_else(|| Facility::from_word(word).map(Self::Facility))
    }
}

/// Finds a column by any of its names, whatever the case and the blanks.
pub(super) fn find(name: &str) -> Option<Column> {
    match Meaning::of(name) {
        Meaning::Column(column) => Some(column),
        Meaning::Facility(_) | Meaning::Unknown => None,
    }
}

/// The names that a column may have, for messages.
pub(super) fn names(column: Column) -> String {
    let others = NAMES.iter().find(|(known, _)| *known == column);
    let others = others.map_or(&[] as &[&str], |(_, names)| names);
    let all: Vec<&str> = [column.word()]
        .into_iter()
        .chain(others.iter().copied())
        .collect();
    all.join(" / ")
}

/// The datum that a header such as `高德坐标` or `经度(GCJ-02)` tells.
pub(super) fn datum_hint(header: &str) -> Option<Datum> {
    without_datum(&plain(header)).1
}

/// A header in lower case and half width, without blanks, marks, `_` and `-`.
pub(super) fn plain(header: &str) -> String {
    let is_noise =
        |c: &char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '*' | '_' | '-' | '#');
    let text: String = header
        .chars()
        .map(half_width)
        .filter(|c| !is_noise(c))
        .flat_map(char::to_lowercase)
        .collect();
    text.trim_end_matches([':', '：']).to_owned()
}

fn facility(name: &str) -> Option<Facility> {
    let more = FACILITY_NAMES.iter().find(|(_, names)| names.contains(&name));
    Facility::from_any_word(name).or_else(|| more.map(|(facility, _)| *facility))
}

fn without_brackets(plain: &str) -> String {
    let (mut text, mut depth) = (String::new(), 0_usize);
    for c in plain.chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 => text.push(c),
            _ => {}
        }
    }
    text
}

/// The header without the words that tell a datum, and that datum.
fn without_datum(plain: &str) -> (String, Option<Datum>) {
    for (datum, words) in DATUM_HINTS {
        for word in *words {
            if let Some((before, behind)) = plain.split_once(word) {
                return (format!("{before}{behind}"), Some(*datum));
            }
        }
    }
    (plain.to_owned(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_by_all_of_its_names_and_no_name_stands_for_two() {
        let mut seen = std::collections::HashSet::new();
        for (position, (column, names)) in NAMES.iter().enumerate() {
            assert_eq!(*column as usize, position, "{column:?}");
            assert!(seen.insert(plain(column.word())), "{column:?}");
            for name in *names {
                assert!(seen.insert(plain(name)), "{name} stands for two columns");
                let typed = format!(" {} ", name.to_uppercase());
                assert_eq!(Meaning::of(&typed), Meaning::Column(*column), "{name}");
            }
        }
    }

    #[test]
    fn headers_are_found_with_units_marks_and_full_width_signs() {
        for (header, column) in [
            ("面积（㎡）", Column::FloorAreaM2),
            ("面积(平方米)", Column::FloorAreaM2),
            ("站点\n名称", Column::Name),
            ("名　称*", Column::Name),
            ("ＬＯＮ", Column::Lon),
            ("Opening Hours", Column::Hours),
            ("高德经度", Column::Lon),
            ("纬度（GCJ-02）", Column::Lat),
            ("百度坐标", Column::Coordinates),
            ("联系电话：", Column::Phone),
        ] {
            assert_eq!(Meaning::of(header), Meaning::Column(column), "{header}");
        }
        assert_eq!(datum_hint("高德经度"), Some(Datum::Gcj02));
        assert_eq!(datum_hint("经度（BD-09）"), Some(Datum::Bd09));
        assert_eq!(datum_hint("经度"), None);
        for header in ["open_hours_inferred", "序号", "备注", ""] {
            assert_eq!(Meaning::of(header), Meaning::Unknown, "{header}");
        }
    }

    #[test]
    fn a_facility_word_or_label_is_a_facility_column_and_seats_is_a_number() {
        for (header, facility) in [
            ("微波炉", Facility::Microwave),
            ("Drinking_Water", Facility::DrinkingWater),
            ("桌椅", Facility::Seats),
            ("有无空调", Facility::AirConditioning),
            ("是否有卫生间（有/无）", Facility::Toilet),
            ("微波炉（台）", Facility::Microwave),
            ("饮水机数量", Facility::DrinkingWater),
            ("Wi-Fi", Facility::Wifi),
        ] {
            assert_eq!(Meaning::of(header), Meaning::Facility(facility), "{header}");
        }
        assert_eq!(Meaning::of("seats"), Meaning::Column(Column::Seats));
    }

    #[test]
    fn words_of_a_mapping_lead_back_to_their_meaning() {
        for column in Column::ALL {
            let meaning = Meaning::Column(*column);
            assert_eq!(Meaning::from_word(&meaning.word()), Some(meaning));
        }
        let seats = Meaning::Facility(Facility::Seats);
        assert_eq!(Meaning::from_word(&seats.word()), Some(seats));
        assert_eq!(
            Meaning::from_word("toilet"),
            Some(Meaning::Facility(Facility::Toilet))
        );
        assert_eq!(Meaning::from_word("sauna"), None);
    }
}
