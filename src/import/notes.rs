//! What is said once about a file as a whole: what was not recognised, what was guessed, what was made.

use std::sync::Arc;

use super::MAX_IGNORED_NAMES;
use super::file::{FileRead, Settings};
use super::header::Recognised;
use super::problem::{ProblemLog, RowProblem, Severity, shown};
use super::record::Purpose;

/// Adds the notes about a file to its problems.
pub(super) fn note_file(read: &mut FileRead, name: &Arc<str>, settings: Settings<'_>) {
    let mut notes = Notes {
        file: name,
        log: core::mem::take(&mut read.parsed.log),
    };
    notes.encoding(read);
    notes.sheets(read);
    notes.columns(read);
    notes.cells(read);
    notes.ids_and_places(read, settings);
    read.parsed.log = notes.log;
}

struct Notes<'n> {
    file: &'n Arc<str>,
    log: ProblemLog,
}

fn listed(names: &mut dyn Iterator<Item = String>) -> String {
    let names = names
        .take(MAX_IGNORED_NAMES)
        .map(|name| format!("`{}`", shown(&name)));
    names.collect::<Vec<_>>().join(", ")
}

impl Notes<'_> {
    fn warn(&mut self, code: &'static str, message: String, message_zh: String) {
        let problem = RowProblem::new(self.file, 0, Severity::Warning, code);
        self.log.push(problem.saying(message, message_zh));
    }

    fn encoding(&mut self, read: &FileRead) {
        let (Some(encoding), Some(line)) = (read.encoding, &read.guessed_by) else {
            return;
        };
        self.warn(
            "encoding_guessed",
            format!("the text was read as {encoding} by its content, for example `{line}`; expected UTF-8, or a look at it"),
            format!("按内容判断文字编码为 {encoding}，例如 `{line}`；应为 UTF-8，请核对"),
        );
    }

    fn sheets(&mut self, read: &FileRead) {
        let Some(sheet) = &read.sheet else { return };
        if read.other_sheets.is_empty() {
            return;
        }
        let others = listed(&mut read.other_sheets.iter().cloned());
        self.warn(
            "other_sheets",
            format!(
                "sheet `{}` was read, not {others}; expected the stations on one sheet",
                shown(sheet)
            ),
            format!(
                "已读取工作表 `{}`，未读取 {others}；站点应在同一工作表",
                shown(sheet)
            ),
        );
    }

    fn columns(&mut self, read: &FileRead) {
        let unknown: Vec<String> = read.columns.names_of(Recognised::Unknown).collect();
        let unknown = listed(&mut unknown.into_iter().chain(read.parsed.ignored.iter().cloned()));
        if !unknown.is_empty() {
            self.warn(
                "ignored_columns",
                format!("columns {unknown} are not known and were ignored; expected names such as `id`, `name`, `hours`"),
                format!("未识别的列 {unknown} 已忽略；应为 `编号`、`名称`、`营业时间` 等列名"),
            );
        }
        let repeated = listed(&mut read.columns.names_of(Recognised::Repeated));
        if !repeated.is_empty() {
            self.warn(
                "repeated_columns",
                format!("columns {repeated} say again what an earlier column says; expected one column, the first counts"),
                format!("列 {repeated} 与前面的列重复；应只有一列，以第一列为准"),
            );
        }
        let absent = listed(&mut read.columns.absent.iter().cloned());
        if !absent.is_empty() && read.header_row.is_some() {
            self.warn(
                "mapped_columns_absent",
                format!("the mapping names columns {absent}; expected them in the header"),
                format!("映射中的列 {absent} 不存在；应在表头中"),
            );
        }
    }

    fn cells(&mut self, read: &FileRead) {
        let errors = listed(&mut read.error_cells.iter().cloned());
        if !errors.is_empty() {
            self.warn(
                "cell_errors",
                format!("cells {errors} hold an error and count as empty; expected values"),
                format!("单元格 {errors} 为公式错误，按空白处理；应为数值或文字"),
            );
        }
        for merge in &read.merges {
            let (range, text) = (&merge.range, shown(&merge.text));
            let (en, zh) = if merge.is_spread {
                (
                    format!(
                        "cells {range} are merged; `{text}` was taken for each of their rows, expected a cell for each"
                    ),
                    format!("单元格 {range} 已合并，其中各行均取 `{text}`；应每行一格"),
                )
            } else {
                (
                    format!(
                        "cells {range} are merged; `{text}` was taken for the first row only, expected a cell for each row"
                    ),
                    format!("单元格 {range} 已合并，`{text}` 只用于首行；应每行一格"),
                )
            };
            let mut problem =
                RowProblem::new(self.file, merge.row, Severity::Warning, "merged_cells").saying(en, zh);
            problem.field = Some(merge.header.clone());
            problem.value = Some(text);
            self.log.push(problem);
        }
    }

    fn ids_and_places(&mut self, read: &FileRead, settings: Settings<'_>) {
        let made = read.parsed.ids_made;
        if made > 0 {
            self.warn(
                "ids_made",
                format!("`{made}` stations have no id and got one made of name and coordinate; expected a column `id`"),
                format!("`{made}` 个站点没有编号，已由名称和坐标生成；应有 `编号` 列"),
            );
        }
        let places = read.parsed.places;
        if places.datums_overridden > 0 {
            let count = places.datums_overridden;
            self.warn(
                "datum_overridden",
                format!("`{count}` rows state another datum than the one that was asked for; expected them to agree, the asked one counts"),
                format!("`{count}` 行的坐标系与指定的不同；应当一致，以指定的为准"),
            );
        }
        if let (Some(hint), true) = (read.columns.datum_hint, places.datums_unstated > 0) {
            let count = places.datums_unstated;
            self.warn(
                "datum_from_header",
                format!("`{count}` coordinates are taken for {hint}, as their header says; expected a column `coord`"),
                format!("`{count}` 个坐标按表头视为 {hint}；应有 `坐标系` 列"),
            );
        }
        if places.latitude_first > 0 {
            let count = places.latitude_first;
            self.warn(
                "latitude_first",
                format!("`{count}` cells have latitude first, as the range of the numbers says; expected longitude,latitude"),
                format!("按数值范围判断，`{count}` 个坐标纬度在前；应为经度,纬度"),
            );
        }
        if places.order_assumed > 0 {
            let count = places.order_assumed;
            self.warn(
                "axis_order_assumed",
                format!("`{count}` cells have two numbers that may be either way; taken as longitude,latitude, expected a look at them"),
                format!("`{count}` 个坐标无法判断经纬度顺序；按经度,纬度处理，请核对"),
            );
        }
        let has_none = read.header_row.is_some() && !read.columns.has_place();
        if has_none && settings.purpose == Purpose::Changes {
            self.warn(
                "no_coordinates",
                "the table has no column with coordinates; expected longitude and latitude, or stations that are known by id or name"
                    .to_owned(),
                "表中没有坐标列；应有经度和纬度，或能按编号或名称找到已有站点".to_owned(),
            );
        }
    }
}
