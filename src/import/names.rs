//! The names that columns and properties may have, in Chinese and in English.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::columns::Column;
use super::synonyms::{FACILITY_NAMES, NAMES};
use crate::domain::datum::Datum;
use crate::domain::facility::Facility;
use crate::domain::text::half_width;

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
