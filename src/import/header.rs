//! What the header of a table says: which of its first rows it is, and what each column holds.

use super::columns::Column;
use super::facilities;
use super::mapping::Mapping;
use super::names::{Meaning, datum_hint, plain};
use super::problem::{letter, position, shown};
use crate::domain::datum::Datum;

/// How many rows at the beginning of a table are looked at for its header.
pub const MAX_HEADER_SEARCH_ROWS: usize = 40;
/// How many cells of a column are shown beside its header.
const SAMPLES: usize = 3;
/// The fewest known columns that make a row a header.
const MIN_KNOWN: usize = 2;

/// One of the first rows of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct TopRow {
    /// As a person counts, from 1.
    pub(super) number: u64,
    pub(super) cells: Vec<String>,
}

/// How the meaning of a column was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// A mapping says it.
    ByMapping,
    /// The header is a known name of the field or facility.
    ByName,
    /// An earlier column holds the same; this one is left out.
    Repeated,
    /// The header is not known; the column is left out.
    Unknown,
}

impl Recognised {
    /// The stable word: `mapping`, `name`, `repeated` or `unknown`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ByMapping => "mapping",
            Self::ByName => "name",
            Self::Repeated => "repeated",
            Self::Unknown => "unknown",
        }
    }
}

/// One column of a table.
#[derive(Debug, Clone)]
pub(super) struct HeaderColumn {
    pub(super) name: Box<str>,
    /// What it holds; empty for a column that is left out.
    pub(super) targets: Vec<Meaning>,
    pub(super) how: Recognised,
    /// Some of its cells, for a person who looks whether it was read rightly.
    samples: Vec<String>,
}

/// The columns of a table, from left to right.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub(super) all: Vec<HeaderColumn>,
    /// Columns that a mapping names and the table does not have.
    pub(super) absent: Vec<String>,
    /// The datum that the headers of the coordinates tell.
    pub(super) datum_hint: Option<Datum>,
}

impl Columns {
    /// Gives each header its meaning: first by the mapping, then by its name.
    pub(super) fn new(names: Vec<Box<str>>, mapping: &Mapping) -> Self {
        let plain_names: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let mut mapped: Vec<Option<&str>> = vec![None; names.len()];
        let mut columns = Self::default();
        for key in mapping.columns.keys() {
            let wanted = plain(key);
            let by_name = plain_names
                .iter()
                .position(|name| !name.is_empty() && *name == wanted);
            let by_letter = || position(key).filter(|at| *at < names.len());
            match by_name.or_else(by_letter) {
                Some(at) => mapped
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|slot| *slot = Some(key)),
                None => columns.absent.push(key.clone()),
            }
        }
        let mut seen: Vec<Meaning> = mapped
            .iter()
            .flatten()
            .filter_map(|key| mapping.columns.get(*key))
            .flatten()
            .map(|target| target.0)
            .collect();
        for (name, key) in names.into_iter().zip(mapped) {
            let column = match key.and_then(|key| mapping.columns.get(key)) {
                Some(targets) => {
                    let targets = targets.iter().map(|target| target.0);
                    HeaderColumn {
                        name,
                        targets: targets.filter(|target| *target != Meaning::Unknown).collect(),
                        how: Recognised::ByMapping,
                        samples: Vec::new(),
                    }
                }
                None => by_name(name, &mut seen),
            };
            columns.all.push(column);
        }
        columns.datum_hint = columns.hint();
        columns
    }

    fn hint(&self) -> Option<Datum> {
        let places = [Column::Lon, Column::Lat, Column::Coordinates];
        let mut hints = places.iter().filter_map(|column| {
            self.find(*column)
                .and_then(|(_, column)| datum_hint(&column.name))
        });
        let first = hints.next()?;
        hints.all(|hint| hint == first).then_some(first)
    }

    /// The position and the header of a column.
    pub(super) fn find(&self, column: Column) -> Option<(usize, &HeaderColumn)> {
        self.all
            .iter()
            .enumerate()
            .find(|(_, header)| header.targets.contains(&Meaning::Column(column)))
    }

    /// Whether the table has a column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.find(column).is_some()
    }

    /// Whether a row can say where its station is.
    pub(super) fn has_place(&self) -> bool {
        self.has(Column::Coordinates) || (self.has(Column::Lon) && self.has(Column::Lat))
    }

    /// The headers that were found in one way, blank ones left out.
    pub(super) fn names_of(&self, how: Recognised) -> impl Iterator<Item = String> {
        let columns = self.all.iter().filter(move |column| column.how == how);
        columns
            .filter(|column| !column.name.is_empty())
            .map(|column| column.name.as_ref().to_owned())
    }

    /// How many different things the columns hold.
    pub(super) fn known(&self) -> usize {
        let columns = self
            .all
            .iter()
            .filter(|column| matches!(column.how, Recognised::ByMapping | Recognised::ByName));
        columns.map(|column| column.targets.len()).sum()
    }

    fn has_key(&self) -> bool {
        [Column::Name, Column::Address, Column::Id, Column::Coordinates]
            .into_iter()
            .any(|column| self.has(column))
            || self.has_place()
    }
}

fn by_name(name: Box<str>, seen: &mut Vec<Meaning>) -> HeaderColumn {
    let meaning = Meaning::of(&name);
    let (targets, how) = match meaning {
        Meaning::Unknown => (Vec::new(), Recognised::Unknown),
        _ if seen.contains(&meaning) => (Vec::new(), Recognised::Repeated),
        _ => {
            seen.push(meaning);
            (vec![meaning], Recognised::ByName)
        }
    };
    HeaderColumn {
        name,
        targets,
        how,
        samples: Vec::new(),
    }
}

/// A header: the position of its first row among the rows at the top, how many rows it has, and its columns.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) at: usize,
    pub(super) height: usize,
    pub(super) columns: Columns,
}

/// Finds the header under title rows: the first of the rows that name the most columns. A row of facilities below a group
/// heading belongs to it. `None` when no row names [`MIN_KNOWN`] columns, or the mapping's row is not there.
pub(super) fn find(rows: &[TopRow], mapping: &Mapping) -> Option<Header> {
    if let Some(number) = mapping.header_row {
        let at = rows.iter().position(|row| row.number == number)?;
        return Some(header_at(rows, at, mapping));
    }
    let mut best: Option<Header> = None;
    for at in 0..rows.len().min(MAX_HEADER_SEARCH_ROWS) {
        let header = header_at(rows, at, mapping);
        let known = header.columns.known();
        let is_better = best.as_ref().is_none_or(|best| known > best.columns.known());
        if is_better && known >= MIN_KNOWN && header.columns.has_key() {
            best = Some(header);
        }
    }
    best
}

/// The header that starts at a row, with the row below where that belongs to it.
pub(super) fn header_at(rows: &[TopRow], at: usize, mapping: &Mapping) -> Header {
    let upper: &[String] = rows.get(at).map_or(&[], |row| &row.cells);
    let names = upper.iter().map(|cell| cell.trim().into()).collect();
    let columns = Columns::new(names, mapping);
    let below = rows.get(at + 1).filter(|row| is_second_row(&columns, &row.cells));
    let (height, mut columns) = match below {
        None => (1, columns),
        Some(below) => (2, Columns::new(joined(upper, &below.cells), mapping)),
    };
    columns.sample(rows.get(at + height..).unwrap_or_default());
    Header { at, height, columns }
}

/// Whether a row goes on with the header above it: it names several things, none of them below the name of a field that
/// has no parts, and it has no values.
fn is_second_row(above: &Columns, cells: &[String]) -> bool {
    let mut known = 0;
    for (at, cell) in cells.iter().map(|cell| cell.trim()).enumerate() {
        if cell.is_empty() {
            continue;
        }
        let is_known = Meaning::of(cell) != Meaning::Unknown;
        known += usize::from(is_known);
        let is_value = facilities::state(cell).is_some() || super::number::parse(cell).is_some();
        let is_below_field = above.all.get(at).is_some_and(HeaderColumn::is_leaf);
        if is_value || (is_below_field && !is_known) {
            return false;
        }
    }
    let keys = [Column::Name, Column::Id];
    let mut keys = keys.iter().filter_map(|column| above.find(*column));
    let is_blank_at = |at: usize| cells.get(at).is_none_or(|cell| cell.trim().is_empty());
    known >= MIN_KNOWN && above.has(Column::Name) && keys.all(|(at, _)| is_blank_at(at))
}

impl HeaderColumn {
    /// Whether the header names a field that is never a heading for several columns.
    fn is_leaf(&self) -> bool {
        let has_parts = |target: &Meaning| {
            matches!(
                target,
                Meaning::Column(Column::Facilities | Column::Coordinates | Column::Hours)
            )
        };
        !self.targets.is_empty() && !self.targets.iter().any(has_parts)
    }
}

/// The names of a header of two rows. What stands below counts; a group heading reaches to the right until the next one.
fn joined(upper: &[String], lower: &[String]) -> Vec<Box<str>> {
    let mut group = "";
    let mut names = Vec::new();
    for at in 0..upper.len().max(lower.len()) {
        let above = upper.get(at).map_or("", |cell| cell.trim());
        let below = lower.get(at).map_or("", |cell| cell.trim());
        if !above.is_empty() {
            group = above;
        }
        let name = match (above, below) {
            (_, "") => above.into(),
            _ if Meaning::of(below) != Meaning::Unknown || group.is_empty() => below.into(),
            _ if Meaning::of(&format!("{group}{below}")) != Meaning::Unknown => {
                format!("{group}{below}").into()
            }
            _ => format!("{group}/{below}").into(),
        };
        names.push(name);
    }
    names
}

/// One column as it is shown to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedColumn {
    /// Its letter, `A` for the first.
    pub letter: String,
    /// Its header; of a header of two rows what stands below.
    pub header: String,
    /// What it holds, in the words of a mapping file; empty when it is left out.
    pub targets: Vec<String>,
    /// How that was found.
    pub recognised: Recognised,
    /// At most three different cells from its first rows, cut when long.
    pub samples: Vec<String>,
}

impl Columns {
    /// Takes the first different cells of each column.
    fn sample(&mut self, rows: &[TopRow]) {
        for (at, column) in self.all.iter_mut().enumerate() {
            let cells = rows.iter().filter_map(|row| row.cells.get(at));
            for cell in cells.map(|cell| shown(cell.trim())) {
                if column.samples.len() < SAMPLES && !cell.is_empty() && !column.samples.contains(&cell) {
                    column.samples.push(cell);
                }
            }
        }
    }

    /// The columns as they are shown to a person.
    pub(super) fn shown(&self) -> Vec<MappedColumn> {
        let columns = self.all.iter().enumerate();
        columns
            .map(|(at, column)| MappedColumn {
                letter: letter(at),
                header: column.name.as_ref().to_owned(),
                targets: column.targets.iter().map(|target| target.word()).collect(),
                recognised: column.how,
                samples: column.samples.clone(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<TopRow> {
        let row = |(number, line): (u64, &&str)| TopRow {
            number,
            cells: line.split(',').map(str::to_owned).collect(),
        };
        (1..).zip(lines).map(row).collect()
    }

    fn words(header: &Header) -> Vec<String> {
        let columns = header.columns.shown();
        columns.iter().map(|column| column.targets.join("+")).collect()
    }

    #[test]
    fn the_header_is_found_under_title_rows() {
        let table = rows(&[
            "三亚市户外劳动者服务站点一览表,,,",
            "填表日期：2026年5月1日,,,",
            "序号,站点名称,经度,纬度",
            "1,甲,109.5,18.25",
        ]);
        let header = find(&table, &Mapping::default()).unwrap();
        assert_eq!((header.at, header.height), (2, 1));
        assert_eq!(words(&header), ["", "name", "lon", "lat"]);
    }

    #[test]
    fn a_row_of_facilities_below_a_group_belongs_to_the_header() {
        let table = rows(&[
            "序号,名称,地址,坐标,,服务设施,,,备注",
            ",,,经度,纬度,饮水机,微波炉,沐足,",
            "1,甲,某路,109.5,18.25,有,无,有,",
        ]);
        let header = find(&table, &Mapping::default()).unwrap();
        assert_eq!((header.at, header.height), (0, 2));
        let expected = [
            "",
            "name",
            "address",
            "lon",
            "lat",
            "facility:drinking_water",
            "facility:microwave",
            "",
            "",
        ];
        assert_eq!(words(&header), expected);
        assert_eq!(&*header.columns.all[7].name, "服务设施/沐足");
    }

    #[test]
    fn a_row_of_values_is_no_second_header_row() {
        let table = rows(&["名称,地址,微波炉", "甲,某路,有"]);
        assert_eq!(find(&table, &Mapping::default()).unwrap().height, 1);
        let table = rows(&["名称,地址,设施", ",某路,微波炉"]);
        assert_eq!(find(&table, &Mapping::default()).unwrap().height, 1);
        let table = rows(&["名称,地址,设施,微波炉", ",,微波炉,有"]);
        assert_eq!(find(&table, &Mapping::default()).unwrap().height, 1);
    }

    #[test]
    fn a_mapping_names_columns_by_header_or_by_letter_and_wins_over_names() {
        let mapping = Mapping::from_json(
            r#"{"columns":{"场 所":"name","D":"ignore","名称":"aliases","天气":"hours","E":["lon","seats"]}}"#,
        );
        let names = ["名称", "场所", "地址", "电话", "别名"].map(Box::from).to_vec();
        let columns = Columns::new(names, &mapping.unwrap());
        let shown = columns.shown();
        let targets: Vec<String> = shown.iter().map(|column| column.targets.join("+")).collect();
        assert_eq!(targets, ["aliases", "name", "address", "", "lon+seats"]);
        assert_eq!(shown[3].recognised, Recognised::ByMapping);
        assert_eq!(columns.absent, ["天气"]);
    }

    #[test]
    fn rows_without_known_columns_are_no_header() {
        assert!(find(&rows(&["一,二", "三,四"]), &Mapping::default()).is_none());
        assert!(find(&[], &Mapping::default()).is_none());
        let mapping = Mapping {
            header_row: Some(2),
            ..Mapping::default()
        };
        assert_eq!(find(&rows(&["名称,地址", "一,二"]), &mapping).unwrap().at, 1);
        let mapping = Mapping {
            header_row: Some(3),
            ..Mapping::default()
        };
        assert!(find(&rows(&["名称,地址", "一,二"]), &mapping).is_none());
    }
}
