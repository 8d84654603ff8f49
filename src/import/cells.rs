//! From the cells of a table's row to a raw record, and what cells say beside their value.

use std::borrow::Cow;

use super::columns::Column;
use super::facilities;
use super::header::Columns;
use super::item::Item;
use super::mapping::Mapping;
use super::names::{Meaning, plain};
use super::record::RawRecord;
use crate::domain::text::half_width;

/// What stands in the first cell of a row that sums up or remarks, and is no station.
const SUMMING: &[&str] = &[
    "合计",
    "总计",
    "小计",
    "共计",
    "总数",
    "累计",
    "备注:",
    "备注",
    "注:",
    "说明:",
    "说明",
    "填表人",
    "制表人",
    "制表",
    "审核人",
    "填报人",
    "填报单位",
    "负责人签字",
    "total",
    "subtotal",
    "sum",
    "note:",
    "notes:",
    "remark:",
    "remarks:",
];
/// Units behind a count of things.
const UNITS: &[&str] = &[
    "个", "台", "处", "套", "间", "张", "把", "部", "只", "组", "箱", "座", "条", "瓶",
];

/// Puts the cells of a row under the meanings of their columns.
pub(super) fn raw<'r>(
    cells: &mut dyn Iterator<Item = &'r str>,
    columns: &'r Columns,
    mapping: &'r Mapping,
) -> RawRecord<'r> {
    let mut record = RawRecord::default();
    for (cell, column) in cells.zip(&columns.all) {
        for target in &column.targets {
            let cell = mapping.value(*target, cell).unwrap_or(cell);
            match target {
                Meaning::Column(known) => record.set(*known, Item::Text(Cow::Borrowed(cell))),
                Meaning::Facility(facility) => {
                    let name = Cow::Borrowed(column.name.as_ref());
                    record.set_facility(*facility, name, Item::Text(facility_cell(cell)));
                }
                Meaning::Unknown => {}
            }
        }
    }
    record
}

/// A cell of a sheet on one line: a line break that a person made in it separates like a semicolon.
pub(super) fn one_line(cell: &str) -> Cow<'_, str> {
    if !cell.contains(['\n', '\r', '\t']) {
        return Cow::Borrowed(cell);
    }
    let lines = cell
        .split(['\n', '\r', '\t'])
        .map(str::trim)
        .filter(|line| !line.is_empty());
    Cow::Owned(lines.collect::<Vec<_>>().join("；"))
}

/// Fills in what the mapping says of rows that say nothing themselves.
pub(super) fn set_constants(record: &mut RawRecord<'_>, mapping: &Mapping) {
    for (word, constant) in &mapping.constants {
        let item = || Item::Text(Cow::Owned(constant.clone()));
        match Meaning::from_word(word) {
            Some(Meaning::Column(column)) if record.get(column).is_blank() => record.set(column, item()),
            Some(Meaning::Facility(facility)) => {
                let mut cells = record.facility_cells.iter();
                if cells.all(|cell| cell.facility != facility || cell.item.is_blank()) {
                    record.set_facility(facility, Cow::Owned(word.clone()), item());
                }
            }
            _ => {}
        }
    }
}

/// The state in the cell of a facility column, where it stands in a longer text: `有(2个)`, `2台`, `有 3 个`, `0`.
/// What is not understood stays as it is.
pub(super) fn facility_cell(cell: &str) -> Cow<'_, str> {
    if facilities::state(cell).is_some() {
        return Cow::Borrowed(cell);
    }
    let wide: String = cell.trim().chars().map(half_width).collect();
    let bare = wide
        .split_once('(')
        .map_or(wide.as_str(), |(before, _)| before)
        .trim();
    if !bare.is_empty() && facilities::state(bare).is_some() {
        return Cow::Owned(bare.to_owned());
    }
    let count = bare.strip_prefix('有').unwrap_or(bare).trim();
    let digits = UNITS
        .iter()
        .find_map(|unit| count.strip_suffix(unit))
        .unwrap_or(count)
        .trim();
    match digits.parse::<u32>() {
        Ok(0) => Cow::Borrowed("no"),
        Ok(_) => Cow::Borrowed("yes"),
        Err(_) => Cow::Borrowed(cell),
    }
}

/// What a row is that holds no station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leftover {
    /// A total or a remark.
    Remark,
    /// The header again, as on the next printed page.
    HeaderAgain,
}

/// Whether a row with such a first cell is worth a closer look: a quick test for tables of many rows.
pub(super) fn may_be_leftover(first: &str, columns: &Columns) -> bool {
    let sums = first.chars().next().is_some_and(|head| {
        matches!(
            head,
            '合' | '总' | '小' | '共' | '累' | '备' | '注' | '说' | '填' | '制' | '审' | '负'
        ) || (matches!(head.to_ascii_lowercase(), 't' | 's' | 'n' | 'r') && is_summing(first))
    });
    sums || columns.all.iter().any(|column| column.name.as_ref() == first)
}

/// Whether a row sums up, remarks, or repeats the header. A total has no place, no address, and for a name at most a count.
pub(super) fn leftover(cells: &[&str], columns: &Columns) -> Option<Leftover> {
    let (first_at, first) = cells
        .iter()
        .map(|cell| cell.trim())
        .enumerate()
        .find(|(_, cell)| !cell.is_empty())?;
    if is_header(cells, columns) {
        return Some(Leftover::HeaderAgain);
    }
    if !is_summing(first) {
        return None;
    }
    let cell_of = |column| {
        let (at, _) = columns.find(column).filter(|(at, _)| *at != first_at)?;
        cells
            .get(at)
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
    };
    let stating = [Column::Lon, Column::Lat, Column::Coordinates, Column::Address];
    let is_count = |name: &str| {
        name.chars()
            .next()
            .is_some_and(|c| half_width(c).is_ascii_digit())
    };
    let is_station = stating.into_iter().any(|column| cell_of(column).is_some())
        || cell_of(Column::Name).is_some_and(|name| !is_count(name));
    (!is_station).then_some(Leftover::Remark)
}

fn is_summing(cell: &str) -> bool {
    let plain = plain(cell);
    SUMMING.iter().any(|word| {
        let is_word = word.is_ascii() && !word.ends_with(':');
        if is_word {
            plain == *word
        } else {
            plain.starts_with(word) || plain == word.trim_end_matches(':')
        }
    })
}

fn is_header(cells: &[&str], columns: &Columns) -> bool {
    let named = columns
        .all
        .iter()
        .zip(cells)
        .filter(|(column, _)| !column.targets.is_empty());
    let (mut same, mut other) = (0, 0);
    for (column, cell) in named {
        let is_same = cell.trim() == column.name.as_ref();
        same += usize::from(is_same);
        other += usize::from(!is_same);
    }
    same >= 2 && other == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str) -> Columns {
        Columns::new(header.split(',').map(Into::into).collect(), &Mapping::default())
    }

    fn kind(cells: &str) -> Option<Leftover> {
        let cells: Vec<&str> = cells.split(',').collect();
        leftover(&cells, &columns("序号,名称,地址,经度,纬度,备注"))
    }

    #[test]
    fn totals_remarks_and_repeated_headers_are_no_stations() {
        for row in [
            "合计,76,,,,",
            "总 计,,,,,",
            "合计：76个,,,,,",
            "备注：以上数据截至5月,,,,,",
            "注：见附件,,,,,",
            "Total,,,,,",
        ] {
            assert_eq!(kind(row), Some(Leftover::Remark), "{row}");
        }
        assert_eq!(kind("序号,名称,地址,经度,纬度,备注"), Some(Leftover::HeaderAgain));
    }

    #[test]
    fn a_station_is_never_taken_for_a_total() {
        for row in [
            "1,甲,某路,109.5,18.25,",
            "总计路驿站,总计路驿站,总计路1号,,,",
            "小计,小计驿站,,109.5,18.25,",
            "1,合计超市驿站,,109.5,18.25,",
            "Total Energies,甲,,,,",
        ] {
            assert_eq!(kind(row), None, "{row}");
        }
    }

    #[test]
    fn counts_and_remarks_in_a_facility_column_are_states() {
        for (cell, state) in [
            ("有(2个)", "有"),
            ("有（2个）", "有"),
            ("2", "yes"),
            ("２台", "yes"),
            ("有3个", "yes"),
            ("有 2 台", "yes"),
            ("0", "0"),
            ("0台", "no"),
            ("√（共用）", "√"),
            ("无（待装）", "无"),
            ("×", "×"),
            ("有", "有"),
            ("两个", "两个"),
            ("(2个)", "(2个)"),
        ] {
            assert_eq!(facility_cell(cell), state, "{cell}");
        }
    }
}
