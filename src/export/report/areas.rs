//! The tables by district and by facility.

use super::ReportInput;
use super::bars::{ShareRow, ShareTable, bar};
use super::page::{Column, Page, Section};
use super::summary;
use super::words::{self, WeightName};
use crate::domain::language::Language;
use crate::export::plan::coverage::{CoverageRow, WeightShares};

/// Writes the section of the districts.
pub(super) fn districts(page: &mut Page, input: &ReportInput<'_>) {
    page.section(Section::Districts);
    let document = input.coverage;
    let whole = page.pick("合计", "All");
    for word in &document.preamble.demand.weights {
        let weight = WeightName::of(word, input.language);
        let caption = match input.language {
            Language::Zh => format!("各区按{}计算的覆盖情况", weight.name),
            Language::En => format!("Districts by {}", weight.name),
        };
        let table = ShareTable {
            caption,
            first: page.pick("区", "District"),
            weight: &weight,
            has_distances: true,
        };
        let rows = document.districts.iter().chain([&document.overall]);
        table.write(
            page,
            rows.map(|row| ShareRow {
                heading: row.name.as_deref().unwrap_or(whole),
                shares: of_weight(&row.weights, word),
                distances: summary::distances(row, word),
            }),
        );
    }
    exact_areas(page, input);
    if let Some(outside) = &document.outside {
        let number = words::count(outside.places.total);
        page.paragraph(&match input.language {
            Language::Zh => format!("另有{number}个需求点不在任何一个区内，未计入以上各数。"),
            Language::En => {
                format!("{number} places of demand lie in no district and are in none of these figures.")
            }
        });
    }
    if document.districts.is_empty() {
        page.paragraph(page.pick(
            "没有区界数据，只给出合计。",
            "There are no districts; only the whole is shown.",
        ));
    }
    page.raw("</section>\n");
}

fn of_weight<'a>(weights: &'a [WeightShares], word: &str) -> Option<&'a WeightShares> {
    weights.iter().find(|shares| shares.name == word)
}

/// Areas that are exact to the outlines, where the document has them.
fn exact_areas(page: &mut Page, input: &ReportInput<'_>) {
    let document = input.coverage;
    let language = input.language;
    let rows: Vec<&CoverageRow> = document.districts.iter().chain([&document.overall]).collect();
    if rows.iter().all(|row| row.area.is_none()) {
        return;
    }
    let caption = page.pick(
        "按区界精确计算的面积（以上各表按需求点逐个计算，二者略有出入）",
        "Area, exact to the outlines (the tables above count place by place and differ a little)",
    );
    let columns = [
        Column::words(page.pick("区", "District")),
        Column::number(page.pick("面积（平方公里）", "Area (km²)")),
        Column::number(page.pick("确定", "Surely")),
        Column::number(page.pick("可能", "Perhaps")),
        Column::number(page.pick("未覆盖", "Not")),
        Column::picture(page.pick("图示", "Bar")),
        Column::number(page.pick("未覆盖（平方公里）", "Not covered (km²)")),
    ];
    page.begin_table(caption, &columns);
    for row in rows {
        let whole = page.pick("合计", "All");
        page.begin_row(row.name.as_deref().unwrap_or(whole));
        let area = row.area;
        let (sure, perhaps) = (
            area.and_then(|area| area.sure_share),
            area.and_then(|area| area.perhaps_share),
        );
        let not = sure
            .zip(perhaps)
            .map(|(sure, perhaps)| (1.0 - sure - perhaps).max(0.0));
        let kilometres =
            |area_m2: Option<f64>| area_m2.map_or_else(|| "–".to_owned(), words::square_kilometres);
        page.figure(&kilometres(area.map(|area| area.total_m2)));
        for share in [sure, perhaps, not] {
            page.figure(&words::percent(share, language));
        }
        page.raw("<td class=\"bar\">");
        bar(page, sure, perhaps);
        page.raw("</td>");
        page.figure(&kilometres(
            area.map(|area| (area.total_m2 - area.sure_m2 - area.perhaps_m2).max(0.0)),
        ));
        page.end_row();
    }
    page.end_table();
}

/// Writes the section of the facilities.
pub(super) fn facilities(page: &mut Page, input: &ReportInput<'_>) {
    page.section(Section::Facilities);
    let document = input.coverage;
    if document.facilities.is_empty() {
        page.paragraph(page.pick(
            "本次没有按设施分别评估。",
            "Facilities were not looked at one by one.",
        ));
    } else {
        page.paragraph(page.pick(
            "同样的条件，站点还须具备该项设施；设施情况不详的站点计入“可能”。",
            "The same question, of stations that also have the facility; where that is not known, the station counts as perhaps.",
        ));
        for word in &document.preamble.demand.weights {
            let weight = WeightName::of(word, input.language);
            let caption = match input.language {
                Language::Zh => format!("各项设施按{}计算的覆盖情况", weight.name),
                Language::En => format!("Facilities by {}", weight.name),
            };
            let table = ShareTable {
                caption,
                first: page.pick("设施", "Facility"),
                weight: &weight,
                has_distances: false,
            };
            table.write(
                page,
                document.facilities.iter().map(|row| ShareRow {
                    heading: row.name,
                    shares: of_weight(&row.weights, word),
                    distances: None,
                }),
            );
        }
    }
    page.raw("</section>\n");
}
