//! Shares as bars and as a table: surely, perhaps and not covered always side by side.

use super::frame::whole;
use super::page::{Column, Page};
use super::words::{self, WeightName};
use crate::export::plan::coverage::{DistanceRow, WeightShares};

/// Width of a bar, tenths of a pixel.
const WIDTH: f64 = 1200.0;

/// What the bars and the legend refer to; written once, before the first of them.
pub(super) const DEFINITIONS: &str = "<svg class=\"definitions\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs>\
    <pattern id=\"bar-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <rect width=\"6\" height=\"6\" class=\"hatch-ground\"/><rect width=\"2.4\" height=\"6\" class=\"hatch-line\"/></pattern>\
    </defs></svg>\n";

/// A bar: solid, hatched, empty; dashed all around when nothing is known. What it shows stands in numbers beside it.
pub(super) fn bar(page: &mut Page, sure: Option<f64>, perhaps: Option<f64>) {
    page.raw("<svg class=\"stack\" width=\"122\" height=\"14\" aria-hidden=\"true\">");
    match (sure, perhaps) {
        (Some(sure), Some(perhaps)) => {
            let solid = pixels(sure);
            let filled = pixels(sure + perhaps);
            page.raw("<rect class=\"sure\" x=\"1\" y=\"1\" height=\"12\" width=\"")
                .text(&decimal(solid));
            page.raw("\"/><rect fill=\"url(#bar-hatch)\" y=\"1\" height=\"12\" x=\"")
                .text(&decimal(solid + 10));
            page.raw("\" width=\"")
                .text(&decimal(filled - solid))
                .raw("\"/><rect class=\"edge\"");
        }
        _ => {
            page.raw("<rect class=\"edge none\"");
        }
    }
    page.raw(" x=\"1\" y=\"1\" width=\"120\" height=\"12\"/></svg>");
}

/// Whole tenths of a pixel, so that the text is short and no part of a bar is off by a rounding.
fn pixels(share: f64) -> i64 {
    whole(share.clamp(0.0, 1.0) * WIDTH)
}

/// Tenths of a pixel as pixels.
fn decimal(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A row of a table of shares.
#[derive(Debug)]
pub(super) struct ShareRow<'a> {
    /// What it is about.
    pub heading: &'a str,
    /// One weight of it; `None` when the document has no such weight.
    pub shares: Option<&'a WeightShares>,
    /// Distances, in a table that has them.
    pub distances: Option<DistanceRow>,
}

/// A table of shares.
#[derive(Debug)]
pub(super) struct ShareTable<'a> {
    /// Its caption.
    pub caption: String,
    /// Heading of the first column.
    pub first: &'static str,
    /// The weight it is about.
    pub weight: &'a WeightName,
    /// Whether it has distances.
    pub has_distances: bool,
}

impl ShareTable<'_> {
    /// Writes the table.
    pub fn write<'r>(&self, page: &mut Page, rows: impl Iterator<Item = ShareRow<'r>>) {
        let language = page.language;
        let mut columns = vec![
            Column::words(self.first),
            Column::number(page.pick("确定", "Surely")),
            Column::number(page.pick("可能", "Perhaps")),
            Column::number(page.pick("未覆盖", "Not")),
            Column::picture(page.pick("图示", "Bar")),
            Column::number(
                &self
                    .weight
                    .heading(page.pick("未覆盖数量", "Not covered"), language),
            ),
        ];
        if self.has_distances {
            for heading in [
                page.pick("最近站点：中位（米）", "Nearest station: median (m)"),
                page.pick("九成以内（米）", "90% within (m)"),
                page.pick("最远（米）", "Farthest (m)"),
            ] {
                columns.push(Column::number(heading));
            }
        }
        page.begin_table(&self.caption, &columns);
        for row in rows {
            page.begin_row(row.heading);
            let shares = row.shares;
            let (sure, perhaps, not) = (
                shares.and_then(|shares| shares.sure_share),
                shares.and_then(|shares| shares.perhaps_share),
                shares.and_then(|shares| shares.not_share),
            );
            for share in [sure, perhaps, not] {
                page.figure(&words::percent(share, language));
            }
            page.raw("<td class=\"bar\">");
            bar(page, sure, perhaps);
            page.raw("</td>");
            page.figure(&shares.map_or_else(|| "–".to_owned(), |shares| self.weight.amount(shares.not)));
            if self.has_distances {
                let figures = row.distances;
                for length in [
                    figures.map(|row| row.median_m),
                    figures.map(|row| row.p90_m),
                    figures.map(|row| row.max_m),
                ] {
                    page.figure(&length.map_or_else(|| "–".to_owned(), words::metres));
                }
            }
            page.end_row();
        }
        page.end_table();
    }
}
