//! Coverage as text: overall, distances, districts, facilities; and what a plan changes.

use super::question::push_head;
use super::{area, between, grouped, owned, percent, push_notes, say, weight_name, weight_value};
use crate::domain::language::Language;
use crate::export::columns::{Align, push_table};
use crate::export::plan::coverage::{
    CoverageDocument, CoverageRow, DistanceRow, FacilityRow, WeightShares, WhatIfDocument,
};

/// Weights after the first that the table of districts has columns for.
const MORE_WEIGHTS: usize = 3;

/// Writes a coverage answer.
pub fn coverage(document: &CoverageDocument, language: Language) -> String {
    let mut out = String::new();
    let title = say(language, "覆盖情况", "Coverage");
    push_head(&mut out, (title, None), &document.preamble, language);
    push_overall(&mut out, document, language);
    push_distances(&mut out, document, language);
    push_districts(&mut out, document, language);
    push_facilities(&mut out, document, language);
    push_notes(&mut out, &document.preamble.notes, language);
    out
}

/// Writes what a plan changes, and coverage after it.
pub fn what_if(document: &WhatIfDocument, language: Language) -> String {
    let Some(first) = document.before.overall.weights.first() else {
        return coverage(&document.after, language);
    };
    let mut out = String::from(say(language, "方案带来的变化", "What the plan changes"));
    out.push('\n');
    let mut rows = vec![match language {
        Language::Zh => owned(&["区县", "之前确定覆盖", "之后", "变化", "变化占比", "含可能的变化"]),
        Language::En => owned(&[
            "District",
            "Surely before",
            "after",
            "Change",
            "of total",
            "with perhaps",
        ]),
    }];
    let before = std::iter::once(&document.before.overall).chain(&document.before.districts);
    let after = std::iter::once(&document.after.overall).chain(&document.after.districts);
    let signed = |value: f64| {
        let text = weight_value(&first.name, value);
        if value > 0.0 { format!("+{text}") } else { text }
    };
    for ((before, after), change) in before.zip(after).zip(&document.difference) {
        let (Some(was), Some(is), Some(change)) = (
            before.weights.first(),
            after.weights.first(),
            change.weights.first(),
        ) else {
            continue;
        };
        rows.push(vec![
            name(before, language),
            percent(was.sure_share),
            percent(is.sure_share),
            signed(change.sure),
            change
                .sure_share
                .map_or_else(|| "–".to_owned(), |share| format!("{:+.1}%", share * 100.0)),
            signed(change.at_least_perhaps),
        ]);
    }
    push_right(&mut out, &rows);
    out.push('\n');
    out.push_str(&coverage(&document.after, language));
    out
}

/// A table whose first column holds words and the others numbers.
fn push_right(out: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut alignments = vec![Align::Right; columns];
    if let Some(first) = alignments.first_mut() {
        *first = Align::Left;
    }
    push_table(out, &alignments, rows);
}

fn name(row: &CoverageRow, language: Language) -> String {
    let whole = say(language, "合计", "all");
    row.name.clone().unwrap_or_else(|| whole.to_owned())
}

fn push_overall(out: &mut String, document: &CoverageDocument, language: Language) {
    let mut rows = vec![match language {
        Language::Zh => owned(&[
            "总体",
            "总计",
            "确定覆盖",
            "占比",
            "可能覆盖",
            "占比",
            "未覆盖",
            "占比",
        ]),
        Language::En => owned(&[
            "Overall",
            "Total",
            "Surely covered",
            "Share",
            "Perhaps",
            "Share",
            "Not covered",
            "Share",
        ]),
    }];
    let overall = &document.overall;
    for weight in &overall.weights {
        rows.push(weight_row(weight_name(&weight.name, language), weight));
    }
    if let Some(sums) = overall.area {
        let not_m2 = (sums.total_m2 - sums.sure_m2 - sums.perhaps_m2).max(0.0);
        rows.push(vec![
            say(language, "面积（按区界轮廓）", "area by outline").to_owned(),
            area(sums.total_m2),
            area(sums.sure_m2),
            percent(sums.sure_share),
            area(sums.perhaps_m2),
            percent(sums.perhaps_share),
            area(not_m2),
            percent((sums.total_m2 > 0.0).then(|| not_m2 / sums.total_m2)),
        ]);
    }
    if let Some(outside) = &document.outside {
        for weight in &outside.weights {
            let name = weight_name(&weight.name, language);
            let name = match language {
                Language::Zh => format!("{name}（区县以外，不计入）"),
                Language::En => format!("{name} outside the districts, not counted"),
            };
            rows.push(weight_row(&name, weight));
        }
    }
    out.push('\n');
    push_right(out, &rows);
}

fn weight_row(name: &str, weight: &WeightShares) -> Vec<String> {
    let value = |value: f64| weight_value(&weight.name, value);
    vec![
        name.to_owned(),
        value(weight.total),
        value(weight.sure),
        percent(weight.sure_share),
        value(weight.perhaps),
        percent(weight.perhaps_share),
        value(weight.not),
        percent(weight.not_share),
    ]
}

fn push_distances(out: &mut String, document: &CoverageDocument, language: Language) {
    let mut rows = vec![match language {
        Language::Zh => owned(&["到最近站点的直线距离（米）", "平均", "中位", "90%", "99%", "最远"]),
        Language::En => owned(&[
            "Metres to the nearest station",
            "Mean",
            "Median",
            "90%",
            "99%",
            "Farthest",
        ]),
    }];
    let overall = &document.overall;
    let mut push = |name: String, figures: Option<DistanceRow>| {
        let figures = figures.map(|row| [row.mean_m, row.median_m, row.p90_m, row.p99_m, row.max_m]);
        let figures = figures.map(|figures| figures.map(|metres| grouped(metres, 0)).to_vec());
        let mut row = vec![name];
        row.extend(figures.unwrap_or_else(|| vec!["–".to_owned(); 5]));
        rows.push(row);
    };
    let certainties = [
        (
            Some(&overall.distances),
            say(language, "确定符合的站点", "that surely matches"),
        ),
        (
            overall.distances_perhaps.as_ref(),
            say(language, "包括可能符合的站点", "that matches at least perhaps"),
        ),
    ];
    for (distances, of) in certainties {
        let Some(distances) = distances else { continue };
        push(of.to_owned(), distances.by_place);
        for weight in &distances.by_weight {
            // Cells of an even grid weigh the same, so that their area says nothing new.
            if weight.name != "area_m2" {
                push(
                    match language {
                        Language::Zh => format!("　按 {} 加权", weight.name),
                        Language::En => format!("  weighted by {}", weight.name),
                    },
                    weight.figures,
                );
            }
        }
    }
    out.push('\n');
    push_right(out, &rows);
}

fn push_districts(out: &mut String, document: &CoverageDocument, language: Language) {
    let Some(first) = document.overall.weights.first() else {
        return;
    };
    if document.districts.is_empty() {
        return;
    }
    let has_area = document.overall.area.is_some() && first.name != "area_m2";
    let row = |row: &CoverageRow| {
        let mut cells = vec![name(row, language)];
        if let Some(weight) = row.weights.first() {
            cells.push(weight_value(&weight.name, weight.total));
            cells.extend([weight.sure_share, weight.perhaps_share, weight.not_share].map(percent));
        }
        cells.extend(
            row.weights
                .iter()
                .skip(1)
                .take(MORE_WEIGHTS)
                .map(|weight| percent(weight.sure_share)),
        );
        if has_area {
            cells.push(percent(row.area.and_then(|area| area.sure_share)));
        }
        let figures = row.distances.by_place;
        let figures = figures.map(|row| [row.mean_m, row.median_m, row.p90_m, row.max_m]);
        cells.extend(match figures {
            Some(figures) => figures.map(|metres| grouped(metres, 0)).to_vec(),
            None => vec!["–".to_owned(); 4],
        });
        cells
    };
    let mut rows = vec![district_header(document, (first, has_area), language)];
    rows.extend(document.districts.iter().chain([&document.overall]).map(row));
    out.push('\n');
    push_right(out, &rows);
}

fn district_header(
    document: &CoverageDocument,
    (first, has_area): (&WeightShares, bool),
    language: Language,
) -> Vec<String> {
    let mut header = match language {
        Language::Zh => owned(&[
            "区县",
            weight_name(&first.name, language),
            "确定覆盖",
            "可能覆盖",
            "未覆盖",
        ]),
        Language::En => owned(&[
            "District",
            weight_name(&first.name, language),
            "Surely",
            "Perhaps",
            "Not",
        ]),
    };
    let more = || document.overall.weights.iter().skip(1).take(MORE_WEIGHTS);
    header.extend(more().map(|weight| match language {
        Language::Zh => between("", weight_name(&weight.name, language), "确定"),
        Language::En => format!("{} surely", weight_name(&weight.name, language)),
    }));
    if has_area {
        header.push(say(language, "面积确定", "Area surely").to_owned());
    }
    header.extend(match language {
        Language::Zh => owned(&["平均（米）", "中位", "90%", "最远"]),
        Language::En => owned(&["Mean m", "Median", "90%", "Farthest"]),
    });
    header
}

/// Facilities, those that cover most first.
fn push_facilities(out: &mut String, document: &CoverageDocument, language: Language) {
    let Some(first) = document.overall.weights.first() else {
        return;
    };
    let mut facilities: Vec<&FacilityRow> = document.facilities.iter().collect();
    let shares = |row: &FacilityRow| {
        let weight = row.weights.first();
        weight.map_or((0.0, 0.0), |weight| (weight.sure, weight.perhaps))
    };
    facilities.sort_by(|a, b| {
        let (a, b) = (shares(a), shares(b));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    let weight = weight_name(&first.name, language);
    let mut rows = vec![match language {
        Language::Zh => {
            let not = between("未覆盖的", weight, "");
            owned(&["只算有此设施的站点", "确定覆盖", "可能覆盖", "未覆盖", &not])
        }
        Language::En => {
            let not = format!("{weight} not covered");
            owned(&["Only by stations with", "Surely", "Perhaps", "Not", &not])
        }
    }];
    // Facilities of which nothing is known anywhere, as in a register that does not mention them, have one row together.
    let at_most = first.sure + first.perhaps;
    let is_unknown = |row: &FacilityRow| {
        let (sure, perhaps) = shares(row);
        // The same sum in another order.
        sure <= 0.0 && perhaps > 0.0 && (perhaps - at_most).abs() <= at_most * 1e-9
    };
    let (unknown, known): (Vec<_>, Vec<_>) = facilities.into_iter().partition(|row| is_unknown(row));
    let together = unknown.first().filter(|_| unknown.len() > 1).map(|row| {
        let name = match language {
            Language::Zh => format!("其余 {} 种都不清楚", unknown.len()),
            Language::En => format!("{} others, not known", unknown.len()),
        };
        (name, *row)
    });
    let alone = if together.is_some() { Vec::new() } else { unknown };
    let named = known
        .into_iter()
        .chain(alone)
        .map(|row| (row.name.to_owned(), row));
    for (name, row) in named.chain(together) {
        let Some(weight) = row.weights.first() else {
            continue;
        };
        let mut cells = vec![name];
        cells.extend([weight.sure_share, weight.perhaps_share, weight.not_share].map(percent));
        cells.push(weight_value(&weight.name, weight.not));
        rows.push(cells);
    }
    out.push('\n');
    push_right(out, &rows);
}
