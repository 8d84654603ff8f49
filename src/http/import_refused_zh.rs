//! The Chinese of why an import is refused: of the file, of decisions, of what has happened since.

use std::path::Path;

use super::error_zh::one_of;
use super::import_refused::ImportRefused;
use crate::domain::station::StationId;
use crate::import::{ImportError, MAX_FILE_BYTES, MAX_RECORD_BYTES, MAX_STATIONS};
use crate::register::apply::{Refused, SHOWN_IDS};
use crate::register::decisions::DecisionError;
use crate::register::row::InvalidDecision;

impl ImportRefused {
    /// `detail` in Chinese.
    pub(super) fn detail_zh(&self) -> String {
        match self {
            Self::BadFile(error) => file_zh(error),
            Self::BadDecisions(error) => decisions_zh(error),
            Self::UnfitDecision(error) => decision_zh(error),
            Self::BaseMoved { base } => format!(
                "登记册在第 {base} 次修订之后有了变化，这次导入的结果会不同；请用 `PATCH` 和内容 `{{}}` 重新试运行，看过之后再写入"
            ),
            Self::AnotherVersion { version } => {
                format!("这次导入已是第 {version} 版；请先查看现在的内容")
            }
            Self::DatumNotStated => {
                "没有说明坐标的坐标系；请用 `PATCH` 和内容 `{\"coord\": \"gcj02\"}`、`wgs84` 或 `bd09` \
                                     说明，依据见导入的 `datum`"
                    .to_owned()
            }
            Self::Committed { revision } => {
                format!("这次导入已写入为第 {revision} 次修订；请新建导入，或撤销这次修订")
            }
            Self::LaterEdits { refused, .. } => refused_zh(refused),
        }
    }
}

/// Why a whole file cannot be used. What a parser says in English only is left out.
fn file_zh(error: &ImportError) -> String {
    let of = |path: &Path, told: &str| format!("文件 `{}` {told}", path.display());
    match error {
        ImportError::Read { path, .. } => of(path, "无法读取；应为可以读取的文件或文件夹"),
        ImportError::EmptyFolder { path } => format!(
            "文件夹 `{}` 中没有站点；应至少有一个 `*.csv`、`*.tsv`、`*.geojson` 或 `*.json`",
            path.display()
        ),
        ImportError::Empty { path } => of(
            path,
            "是空的；应为带表头的 CSV 表格，或 GeoJSON 的 `FeatureCollection`",
        ),
        ImportError::Workbook { path, .. } => {
            of(path, "无法作为工作簿读取；应为表格软件能打开、没有加密的文件")
        }
        ImportError::UnknownFormat { path } => of(
            path,
            "的格式无法识别；应为 `xlsx`、`xls`、`ods`、CSV、GeoJSON、`JSON lines` 或 `osm.pbf`",
        ),
        ImportError::TooLarge { path } => of(
            path,
            &format!("超过 {MAX_FILE_BYTES} 字节；请减小文件，或拆成几个"),
        ),
        ImportError::TooManyStations { path } => of(
            path,
            &format!("会使登记册超过 {MAX_STATIONS} 个站点；应不超过此数"),
        ),
        ImportError::SheetTooLarge { path, limit, .. } => match limit_zh(limit) {
            Some(limit) => of(path, &format!("过大；应不超过 {limit}")),
            None => of(path, "过大；请减小文件，或拆成几个"),
        },
        _ => place_zh(error, &of),
    }
}

/// The same where a place in the file is to blame.
fn place_zh(error: &ImportError, of: &dyn Fn(&Path, &str) -> String) -> String {
    match error {
        ImportError::NotText {
            path,
            line,
            encoding,
            preview,
        } => of(
            path,
            &format!(
                "第 {line} 行不是 `{encoding}` 文本，会读成 `{preview}`；全文应为同一种编码，最好是 `UTF-8`（旧的中文文件可用 \
                 `iconv -f GB18030 -t UTF-8` 转换）"
            ),
        ),
        ImportError::MissingColumns { path, missing, found } => of(
            path,
            &format!(
                "缺少列 {}；表头中应有这一列，现有 {}",
                listed(missing),
                listed(found)
            ),
        ),
        ImportError::NoHeaderRow { path, row } => of(
            path,
            &format!("没有第 {row} 行，而列的对应关系把它当作表头；应为有内容的一行"),
        ),
        ImportError::NotGeoJson {
            path, line, column, ..
        } => of(
            path,
            &format!("在第 {line} 行第 {column} 列不是 GeoJSON；请检查此处，应为完整的 GeoJSON"),
        ),
        ImportError::NotOsm { path, at, .. } => of(
            path,
            &format!("在第 {at} 字节处不是 OpenStreetMap 数据；应为完整的 `osm.pbf` 文件"),
        ),
        ImportError::RecordTooLong { path, line } => of(
            path,
            &format!(
                "第 {line} 行开始的一条记录超过 {MAX_RECORD_BYTES} 字节；应短一些，请检查是否有未闭合的引号"
            ),
        ),
        ImportError::District { path, feature, .. } => of(
            path,
            &format!("的第 {feature} 个要素不能作为区划；请检查它的名称、代码和边界"),
        ),
        _ => "标准清单无法使用；请检查它的内容".to_owned(),
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        return "（一个也没有）".to_owned();
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join("、")
}

/// A number with its unit, such as `1000000 rows`.
fn limit_zh(limit: &str) -> Option<String> {
    let (number, unit) = limit.split_once(' ')?;
    let unit = match unit {
        "rows" => "行",
        "columns" => "列",
        "cells" => "个单元格",
        "bytes" | "bytes in a workbook" => "字节",
        "bytes in a cell" => "字节（每个单元格）",
        "bytes of text" => "字节文本",
        "bytes when unpacked" => "字节（解压后）",
        _ => return None,
    };
    Some(format!("{number} {unit}"))
}

/// Why a list of decisions cannot be read.
fn decisions_zh(error: &DecisionError) -> String {
    let DecisionError {
        place,
        problem,
        expected,
    } = error;
    let place = match (place.strip_prefix("decision "), place.strip_prefix("line ")) {
        (Some(number), _) => format!("第 {number} 个决定"),
        (_, Some(number)) => format!("第 {number} 行"),
        _ => "决定的列表".to_owned(),
    };
    let told = if let Some((name, value)) = problem.split_once("` is `") {
        format!("的 {name}` 是 `{value}")
    } else if let Some(name) = problem.strip_suffix(" is no text and no number") {
        format!("的 {name} 不是文本，也不是数字")
    } else if let Some(name) = problem.strip_suffix(" is not known") {
        format!("中没有 {name} 这一项")
    } else {
        "无法使用".to_owned()
    };
    format!("{place}{told}；{}", decision_expected_zh(expected))
}

fn decision_expected_zh(expected: &str) -> String {
    let known = match expected {
        "JSON or CSV in UTF-8" => "应为 `UTF-8` 编码的 JSON 或 CSV",
        "CSV in UTF-8" => "应为 `UTF-8` 编码的 CSV",
        "a list of decisions" => "应为由决定组成的列表",
        "an object with `decide`" => "应为带 `decide` 的对象",
        "texts and numbers" => "应为文本或数字",
        "fewer at a time" => "请减少每次的决定",
        "the number of a row" => "应为行号",
        "a field such as `phone` or `facilities.microwave`" => {
            "应为字段，例如 `phone` 或 `facilities.microwave`"
        }
        "the id of a station" => "应为站点的编号",
        "`row` beside it" => "应另给 `row`",
        "`row` and `station` beside it" => "应另给 `row` 和 `station`",
        "`station` beside it" => "应另给 `station`",
        "`row`, `field` or both beside it, or neither" => "可另给 `row`、`field` 或两者，也可都不给",
        "`row`, `field`, or `station` beside it" => "可另给 `row`、`field`，或只给 `station`",
        _ => {
            let names = expected.strip_prefix("one of ").unwrap_or(expected);
            let names = names.strip_prefix("the columns ").unwrap_or(names);
            return format!("应为{}", one_of(names));
        }
    };
    known.to_owned()
}

/// Why a decision does not fit.
fn decision_zh(error: &InvalidDecision) -> String {
    match error {
        InvalidDecision::UnknownRow(row) => format!("表中没有第 `{row}` 行，无法对它作决定；应为表中的行号"),
        InvalidDecision::RepeatedRow(row) => format!("行号 `{row}` 出现了两次；每行应有自己的行号"),
        InvalidDecision::UnknownStation { row, id } => {
            format!("第 `{row}` 行被决定为站点 `{id}`，而登记册中没有它；应为登记册中的编号")
        }
        InvalidDecision::TwoRows { first, second, id } => {
            format!("第 `{first}` 行和第 `{second}` 行都被决定为站点 `{id}`；一个站点应只对应一行")
        }
        InvalidDecision::NotMissing(id) => {
            format!("站点 `{id}` 被决定删除，而它在表中并未缺少；应为表中缺少的站点的编号")
        }
    }
}

/// Why changes do not fit the stations.
fn refused_zh(refused: &Refused) -> String {
    match refused {
        Refused::BaseMoved(ids) => format!("{}在试运行之后已被修改；请重新试运行", stations_zh(ids)),
        Refused::LaterEdits(ids) => format!(
            "{}之后又有修改，撤销会丢失这些修改；应为之后没有修改过的站点",
            stations_zh(ids)
        ),
        Refused::Repeated(id) => format!("站点 `{}` 在列表中出现两次；每个站点应只有一项", id.as_str()),
    }
}

/// Stations by their ids; of many, how many there are.
fn stations_zh(ids: &[StationId]) -> String {
    let named: Vec<&str> = ids.iter().take(SHOWN_IDS).map(StationId::as_str).collect();
    let named = named.join(", ");
    if ids.len() > SHOWN_IDS {
        format!("站点 `{named}` 等 {} 个站点", ids.len())
    } else {
        format!("站点 `{named}` ")
    }
}
