//! The table of gaps with what would close them, and the audit.

use super::ReportInput;
use super::bars::bar;
use super::page::{Column, Page, Section};
use super::summary::gap_name;
use super::words::{self, WeightName};
use crate::domain::language::Language;
use crate::export::plan::gaps::GapRow;

/// So many remedies of a gap are shown.
const SHOWN_REMEDIES: usize = 3;

/// Writes the section of the gaps.
pub(super) fn section(page: &mut Page, input: &ReportInput<'_>) {
    page.section(Section::Gaps);
    let document = input.gaps;
    if document.gaps.is_empty() {
        page.paragraph(page.pick("没有发现覆盖空白。", "No gap was found."));
        page.raw("</section>\n");
        return;
    }
    page.paragraph(match document.covered_from {
        "sure" => page.pick(
            "这里把没有确定覆盖的地方（包括只是可能覆盖的）都算作空白。",
            "Here a gap is what is not surely covered, so what is only perhaps covered belongs to it.",
        ),
        _ => page.pick(
            "这里把连可能覆盖都算不上的地方算作空白。",
            "Here a gap is what is not even perhaps covered.",
        ),
    });
    let weights: Vec<WeightName> = document
        .preamble
        .demand
        .weights
        .iter()
        .map(|word| WeightName::of(word, input.language))
        .collect();
    // An area that is a weight as well stands in the table once.
    let has_area = document
        .preamble
        .demand
        .weights
        .iter()
        .any(|word| word == "area_m2");
    let columns = columns(page, &weights, has_area);
    page.begin_table(&caption(input), &columns);
    for gap in &document.gaps {
        page.begin_row(&gap.rank.to_string());
        page.names(&gap_name(gap, input.language));
        for (weight, word) in weights.iter().zip(&document.preamble.demand.weights) {
            let value = gap.weights.iter().find(|named| &named.name == word);
            page.figure(&value.map_or_else(|| "–".to_owned(), |named| weight.amount(named.value)));
        }
        if !has_area {
            page.figure(&words::square_kilometres(gap.area_m2));
        }
        farthest(page, gap);
        remedies(page, gap);
        page.end_row();
    }
    page.end_table();
    page.raw("</section>\n");
}

/// Which gaps the table holds.
fn caption(input: &ReportInput<'_>) -> String {
    let document = input.gaps;
    let (shown, number) = (document.gaps.len(), document.number_matched);
    match (input.language, shown < number) {
        (Language::Zh, true) => format!("最大的{shown}处覆盖空白（共{number}处）"),
        (Language::Zh, false) => format!("全部{shown}处覆盖空白，由大到小"),
        (Language::En, true) => format!("The largest {shown} of {number} gaps"),
        (Language::En, false) => format!("All {shown} gaps, the largest first"),
    }
}

fn columns(page: &Page, weights: &[WeightName], has_area: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::words(page.pick("名次", "Rank")),
        Column::words(page.pick("所在区", "Districts")),
    ];
    columns.extend(
        weights
            .iter()
            .map(|weight| Column::number(&weight.heading(&weight.name, page.language))),
    );
    if !has_area {
        columns.push(Column::number(page.pick("面积（平方公里）", "Area (km²)")));
    }
    columns.push(Column::words(page.pick("离站点最远处", "Farthest point")));
    columns.push(Column::words(
        page.pick("补齐办法（可补上的份额）", "What would close it (share gained)"),
    ));
    columns
}

fn farthest(page: &mut Page, gap: &GapRow) {
    let language = page.language;
    let Some(point) = &gap.farthest else {
        page.words(page.pick("没有站点可比", "no station to measure from"));
        return;
    };
    let length = words::length(point.distance_m, language);
    let text = match language {
        Language::Zh => format!("距“{}”{length}", point.nearest_station.name),
        Language::En => format!("{length} from {}", point.nearest_station.name),
    };
    page.raw("<td>")
        .text(&text)
        .raw("<br><span class=\"soft\">")
        .text(&words::place([point.lon, point.lat]));
    page.raw("</span></td>");
}

fn remedies(page: &mut Page, gap: &GapRow) {
    if gap.remedies.is_empty() {
        page.words(page.pick("暂无建议", "none known"));
        return;
    }
    let language = page.language;
    page.raw("<td><ul class=\"plain\">");
    for remedy in gap.remedies.iter().take(SHOWN_REMEDIES) {
        page.raw("<li>").text(&remedy.text);
        if let Some(at) = remedy.place {
            page.raw(" <span class=\"soft\">")
                .text(&words::place(at))
                .raw("</span>");
        }
        page.raw(" <b>")
            .text(&words::percent(remedy.gain_share, language))
            .raw("</b></li>");
    }
    page.raw("</ul>");
    let more = gap.remedies.len().saturating_sub(SHOWN_REMEDIES);
    if more > 0 {
        page.raw("<span class=\"soft\">");
        page.text(&match language {
            Language::Zh => format!("另有{more}项办法，见数据文件"),
            Language::En => format!("{more} more in the data file"),
        });
        page.raw("</span>");
    }
    page.raw("</td>");
}

/// Writes the section of the audit.
pub(super) fn audit(page: &mut Page, input: &ReportInput<'_>) {
    page.section(Section::Audit);
    let language = input.language;
    let Some(audit) = input.audit else {
        page.paragraph(page.pick("本次没有做达标评估。", "No audit was made for this report."));
        page.raw("</section>\n");
        return;
    };
    let [pass, fail, unknown] = [audit.pass, audit.fail, audit.unknown].map(words::count);
    page.paragraph(&match language {
        Language::Zh => format!(
            "对照{}：{pass}个站点达标，{fail}个不达标，{unknown}个因资料不全无法判定。",
            audit.standard_zh
        ),
        Language::En => format!(
            "Measured against “{}”: {pass} stations pass, {fail} fail, and too little is known of {unknown}.",
            audit.standard_en
        ),
    });
    let columns = [
        Column::words(page.pick("区", "District")),
        Column::number(page.pick("站点数", "Stations")),
        Column::number(page.pick("确定达标", "Surely pass")),
        Column::number(page.pick("至多达标", "At most pass")),
        Column::picture(page.pick("图示", "Bar")),
    ];
    page.begin_table(
        page.pick("各区达标排名", "Districts by share of stations that pass"),
        &columns,
    );
    for row in &audit.league {
        page.begin_row(&row.district).figure(&words::count(row.stations));
        page.figure(&words::percent(row.sure_pass_share, language));
        page.figure(&words::percent(row.possible_pass_share, language));
        let between = row
            .sure_pass_share
            .zip(row.possible_pass_share)
            .map(|(sure, possible)| (possible - sure).max(0.0));
        page.raw("<td class=\"bar\">");
        bar(page, row.sure_pass_share, between);
        page.raw("</td>").end_row();
    }
    page.end_table();
    if !audit.first_actions.is_empty() {
        page.raw("<h3>")
            .say("先核查、先整改", "Check and repair first")
            .raw("</h3>\n<ol class=\"actions\">\n");
        for action in &audit.first_actions {
            page.raw("<li><b>").text(&action.name).raw("</b> <code>");
            page.text(&action.id)
                .raw("</code> ")
                .text(&action.text)
                .raw("</li>\n");
        }
        page.raw("</ol>\n");
    }
    page.raw("</section>\n");
}
