//! Two rows for one station: the same id is an error, the same name at the same place is worth a look.

use std::sync::Arc;

use rayon::prelude::*;

use super::columns::Column;
use super::problem::{ProblemLog, RowProblem, Severity, shown};
use crate::domain::geodesic::karney;
use crate::domain::station::Station;

/// Two stations of one name within this distance may be the same place, metres.
pub const POSSIBLE_DUPLICATE_M: f64 = 50.0;
/// How many neighbours of the same name a station is compared with; more stand at one spot only when a file is broken.
const MAX_COMPARED: usize = 64;
/// A little more than [`POSSIBLE_DUPLICATE_M`] as degrees of latitude, anywhere on the earth.
const WINDOW_DEG: f64 = POSSIBLE_DUPLICATE_M / 110_000.0;

/// A station and where it was read.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) station: Station,
    /// Position in the list of files.
    pub(super) file: usize,
    /// Line or feature number.
    pub(super) number: u64,
}

/// Orders by id and drops every row whose id an earlier row has. O(n log n), on all cores.
pub(super) fn sort_and_drop_same_ids(rows: &mut Vec<Row>, files: &[Arc<str>], log: &mut ProblemLog) {
    let order = |a: &Row, b: &Row| (&a.station.id, a.file, a.number).cmp(&(&b.station.id, b.file, b.number));
    if !rows.is_sorted_by(|a, b| order(a, b).is_le()) {
        rows.par_sort_unstable_by(order);
    }
    rows.dedup_by(|later, first| {
        let is_same = later.station.id == first.station.id;
        if is_same {
            let (id, at) = (shown(later.station.id.as_str()), place_of(first, files));
            let mut problem = RowProblem::new(
                &name_of(later, files),
                later.number,
                Severity::Error,
                "duplicate_id",
            )
            .saying(
                format!("id `{id}` is already used at {at}; expected an id of its own"),
                format!("编号 `{id}` 已在 {at} 使用；应为唯一的编号"),
            );
            problem.field = Some(Column::Id.word().to_owned());
            problem.value = Some(id);
            log.push(problem);
        }
        is_same
    });
}

/// Warns of rows with the very name of an earlier row within [`POSSIBLE_DUPLICATE_M`]. O(n log n), on all cores.
pub(super) fn warn_of_same_places(rows: &[Row], files: &[Arc<str>], log: &mut ProblemLog) {
    let mut by_name: Vec<&Row> = rows.iter().collect();
    let lat_deg = |row: &Row| row.station.location.place().lat_deg();
    by_name.par_sort_unstable_by(|a, b| {
        let by_place = || {
            lat_deg(a)
                .total_cmp(&lat_deg(b))
                .then((a.file, a.number).cmp(&(b.file, b.number)))
        };
        a.station.name.cmp(&b.station.name).then_with(by_place)
    });
    let mut pairs: Vec<(&Row, &Row)> = Vec::new();
    for group in by_name
        .chunk_by(|a, b| a.station.name == b.station.name)
        .filter(|group| group.len() > 1)
    {
        for (position, row) in group.iter().enumerate() {
            let before = group
                .get(position.saturating_sub(MAX_COMPARED)..position)
                .unwrap_or_default();
            let near = before
                .iter()
                .rev()
                .take_while(|other| lat_deg(row) - lat_deg(other) <= WINDOW_DEG);
            let twin = near.copied().find(|other| {
                karney(other.station.location.place(), row.station.location.place()).get()
                    <= POSSIBLE_DUPLICATE_M
            });
            let Some(twin) = twin else { continue };
            let in_order = (twin.file, twin.number) < (row.file, row.number);
            pairs.push(if in_order { (*row, twin) } else { (twin, *row) });
        }
    }
    pairs.sort_by_key(|(later, first)| (later.file, later.number, first.file, first.number));
    for (later, first) in pairs {
        let metres = karney(first.station.location.place(), later.station.location.place()).get();
        let (name, at, id) = (
            shown(&later.station.name),
            place_of(first, files),
            shown(first.station.id.as_str()),
        );
        let problem = RowProblem::new(
            &name_of(later, files),
            later.number,
            Severity::Warning,
            "possible_duplicate",
        );
        let mut problem = problem.saying(
            format!("name `{name}` is also {metres:.0} m away, id `{id}` at {at}; expected one record for one station"),
            format!("名称 `{name}` 在{metres:.0}米处重复（编号 `{id}`，{at}）；一个站点应只有一条记录"),
        );
        problem.field = Some(Column::Name.word().to_owned());
        log.push(problem);
    }
}

fn name_of(row: &Row, files: &[Arc<str>]) -> Arc<str> {
    files.get(row.file).map_or_else(|| Arc::from(""), Arc::clone)
}

fn place_of(row: &Row, files: &[Arc<str>]) -> String {
    format!("{}:{}", name_of(row, files), row.number)
}
