//! Coverage hour by hour: a heat map with numbers in it, the same as a table for readers by ear, and what follows from it.

use super::ReportInput;
use super::page::{Column, Page, Section};
use super::words::{self, WeightName};
use crate::domain::language::Language;
use crate::export::plan::by_hour::{DayInfo, HourRow, HourShares};

/// Steps of the shade, besides none.
const SHADES: u8 = 6;
/// Size of an hour in the heat map, and where the first one stands; the whole is 1,000 wide.
const HOUR_WIDTH: i64 = 39;
const HOUR_HEIGHT: usize = 54;
const LEFT: i64 = 62;
const TOP: i64 = 30;
/// So many of the worst hours and of the stations that carry most are listed.
const LISTED: usize = 10;

/// Writes the section of the hours.
pub(super) fn section(page: &mut Page, input: &ReportInput<'_>) {
    page.section(Section::Hours);
    let document = input.by_hour;
    page.paragraph(&span(input));
    if document.hours.is_empty() {
        page.paragraph(page.pick("没有分时段的数据。", "There are no figures by the hour."));
    } else {
        for (word, column) in document.preamble.demand.weights.iter().zip(0_usize..) {
            heat_map(page, input, word, column);
        }
        worst_hours(page, input);
        districts(page, input);
        carries(page, input);
    }
    page.raw("</section>\n");
}

fn span(input: &ReportInput<'_>) -> String {
    let span = &input.by_hour.span;
    let first = &span.first_day;
    match (span.kind, input.language) {
        ("ordinary_week", Language::Zh) => format!(
            "以下为{first}起的普通一周（没有法定节假日和调休上班），每小时按第一分钟时的开放情况计算。"
        ),
        ("ordinary_week", Language::En) => format!(
            "An ordinary week, from {first}: no public holiday and no make-up workday. Each hour is that of its first minute."
        ),
        ("date", Language::Zh) => format!("以下为{first}当天，每小时按第一分钟时的开放情况计算。"),
        ("date", Language::En) => format!("The day {first}. Each hour is that of its first minute."),
        (_, Language::Zh) => format!("以下为{first}起的一周，每小时按第一分钟时的开放情况计算。"),
        (_, Language::En) => format!("The week from {first}. Each hour is that of its first minute."),
    }
}

/// The hours of one day.
struct DayRow<'a> {
    name: String,
    info: Option<&'a DayInfo>,
    /// Clock hour, the hour's word, shares.
    hours: Vec<(usize, &'a str, Option<HourShares>)>,
}

fn day_rows<'a>(input: &ReportInput<'a>, column: usize) -> Vec<DayRow<'a>> {
    let mut rows: Vec<DayRow<'a>> = Vec::new();
    for row in &input.by_hour.hours {
        let name = words::day(&row.hour, input.language);
        if rows.last().is_none_or(|last| last.name != name) {
            rows.push(DayRow {
                name,
                info: input.by_hour.span.days.get(rows.len()),
                hours: Vec::new(),
            });
        }
        if let Some(last) = rows.last_mut() {
            let clock = words::clock_hour(&row.hour).unwrap_or(last.hours.len().min(23));
            last.hours
                .push((clock, &row.hour, row.weights.get(column).copied()));
        }
    }
    rows
}

fn heat_map(page: &mut Page, input: &ReportInput<'_>, word: &str, column: usize) {
    let rows = day_rows(input, column);
    let weight = WeightName::of(word, input.language);
    let caption = match input.language {
        Language::Zh => format!(
            "各时段覆盖率（%，按{}）：格内为确定覆盖，格下为可能覆盖",
            weight.name
        ),
        Language::En => format!(
            "Share covered in each hour (%, by {}): surely in the box, perhaps below",
            weight.name
        ),
    };
    let most = rows
        .iter()
        .flat_map(|row| &row.hours)
        .filter_map(|hour| hour.2?.sure_share)
        .fold(0.0, f64::max);
    page.raw("<figure class=\"hours\">\n<p class=\"caption\">")
        .text(&caption);
    page.raw("</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .text(&caption);
    page.raw("\">\n<svg viewBox=\"0 0 1000 ")
        .number(height(rows.len()));
    page.raw("\" aria-hidden=\"true\">\n");
    for clock in 0..24 {
        page.raw("<text class=\"clock\" x=\"")
            .number(LEFT + clock * HOUR_WIDTH + 18);
        page.raw("\" y=\"20\">").number(clock).raw("</text>");
    }
    page.raw("\n");
    for (row, top) in rows.iter().zip((TOP..).step_by(HOUR_HEIGHT)) {
        page.raw("<text class=\"day\" x=\"54\" y=\"")
            .number(top + 20)
            .raw("\">");
        page.text(&row.name).raw("</text>");
        for (clock, _, shares) in &row.hours {
            let left = LEFT + i64::try_from(*clock).unwrap_or(0) * HOUR_WIDTH;
            hour(page, (left, top), *shares, most);
        }
        page.raw("\n");
    }
    page.raw("</svg></div>\n");
    hidden_table(page, &rows, &caption);
    scale(page, most);
    days(page, &rows);
    page.raw("</figure>\n");
}

fn height(rows: usize) -> i64 {
    TOP + i64::try_from(rows * HOUR_HEIGHT).unwrap_or(0)
}

fn hour(page: &mut Page, (left, top): (i64, i64), shares: Option<HourShares>, most: f64) {
    let sure = shares.and_then(|shares| shares.sure_share);
    page.raw("<g transform=\"translate(").number(left).raw(" ");
    page.number(top)
        .raw(")\" class=\"")
        .text(shade(sure, most))
        .raw("\"><rect width=\"37\" height=\"27\"/><text x=\"18.5\" y=\"20\">")
        .text(&short_percent(sure));
    page.raw("</text></g><text class=\"perhaps-hour\" x=\"")
        .number(left + 18);
    page.raw("\" y=\"").number(top + 43).raw("\">");
    let perhaps = shares.and_then(|shares| shares.perhaps_share);
    if perhaps.is_none_or(|perhaps| perhaps > 0.0) {
        page.raw("+").text(&short_percent(perhaps));
    }
    page.raw("</text>");
}

/// The class of a share's shade: `s0` for nothing, then six equal steps up to the most of the table.
fn shade(share: Option<f64>, most: f64) -> &'static str {
    const CLASSES: [&str; 7] = ["s0", "s1", "s2", "s3", "s4", "s5", "s6"];
    let Some(share) = share else { return "none" };
    if most <= 0.0 || share <= 0.0 {
        return "s0";
    }
    let step = (1..=SHADES).find(|step| share <= most * f64::from(*step) / f64::from(SHADES));
    CLASSES
        .get(usize::from(step.unwrap_or(SHADES)))
        .copied()
        .unwrap_or("s6")
}

/// A percentage short enough for an hour: one decimal below ten, none above; `?` when it is not known.
fn short_percent(share: Option<f64>) -> String {
    let Some(share) = share else {
        return "?".to_owned();
    };
    let percent = share * 100.0;
    if percent <= 0.0 {
        "0".to_owned()
    } else if percent < 0.05 {
        "<.1".to_owned()
    } else if percent < 9.95 {
        words::decimal(percent, 1)
    } else {
        words::decimal(percent, 0)
    }
}

/// The same figures for those who read by ear.
fn hidden_table(page: &mut Page, rows: &[DayRow<'_>], caption: &str) {
    let language = page.language;
    page.raw("<div class=\"by-ear\"><table><caption>")
        .text(caption)
        .raw("</caption><thead><tr><th scope=\"col\">");
    page.say("时段", "Hour").raw("</th><th scope=\"col\">");
    page.say("确定覆盖", "Surely covered")
        .raw("</th><th scope=\"col\">");
    page.say("可能覆盖", "Perhaps covered")
        .raw("</th></tr></thead><tbody>\n");
    for (_, word, shares) in rows.iter().flat_map(|row| &row.hours) {
        page.begin_row(&words::hour(word, language));
        page.words(&words::percent(
            shares.and_then(|shares| shares.sure_share),
            language,
        ));
        page.words(&words::percent(
            shares.and_then(|shares| shares.perhaps_share),
            language,
        ));
        page.end_row();
    }
    page.raw("</tbody></table></div>\n");
}

/// What the shades and the small bars mean.
fn scale(page: &mut Page, most: f64) {
    page.raw("<ul class=\"legend\" aria-hidden=\"true\">\n");
    page.raw("<li><svg width=\"26\" height=\"16\"><g class=\"s0\"><rect width=\"26\" height=\"16\"/></g></svg> 0%</li>\n");
    let language = page.language;
    for step in 1..=SHADES {
        let share = most * f64::from(step) / f64::from(SHADES);
        page.raw("<li><svg width=\"26\" height=\"16\"><g class=\"")
            .text(shade(Some(f64::from(step)), f64::from(SHADES)));
        page.raw("\"><rect width=\"26\" height=\"16\"/></g></svg> ≤")
            .text(&words::percent(Some(share), language));
        page.raw("</li>\n");
    }
    page.raw("<li>").say(
        "格内数字为确定覆盖率；格下“+”后为可能覆盖率，没有则不写；其余为未覆盖；“?”为无数据。",
        "In the box the share surely covered; below, after “+”, the share perhaps covered, if any; the rest is not covered; “?” no data.",
    );
    page.raw("</li>\n</ul>\n");
}

/// Days that are not what their names say, and those that the calendar does not know.
fn days(page: &mut Page, rows: &[DayRow<'_>]) {
    let language = page.language;
    let mut special = Vec::new();
    for row in rows {
        let Some(info) = row.info else { continue };
        let kind = match info.kind {
            "statutory_day_off" => page.pick("法定节假日", "public holiday"),
            "make_up_workday" => page.pick("调休上班", "make-up workday"),
            "not_published" => page.pick("工作日历尚未公布", "work calendar not yet published"),
            _ => continue,
        };
        let holiday = info.holiday.as_deref().unwrap_or_default();
        special.push(match language {
            Language::Zh => format!("{}（{}）：{kind}{holiday}", row.name, info.date),
            Language::En if holiday.is_empty() => {
                format!("{} ({}): {kind}", row.name, info.date)
            }
            Language::En => format!("{} ({}): {kind}, {holiday}", row.name, info.date),
        });
    }
    if !special.is_empty() {
        let joined = special.join(words::pick(language, "；", "; "));
        page.paragraph(&joined);
    }
}

fn worst_hours(page: &mut Page, input: &ReportInput<'_>) {
    let document = input.by_hour;
    let language = input.language;
    let rows: Vec<&HourRow> = document
        .worst_hours
        .iter()
        .filter_map(|at| document.hours.get(*at))
        .take(LISTED)
        .collect();
    if rows.is_empty() {
        return;
    }
    let columns = [
        Column::words(page.pick("时段", "Hour")),
        Column::number(page.pick("确定", "Surely")),
        Column::number(page.pick("可能", "Perhaps")),
        Column::number(page.pick("未覆盖", "Not")),
        Column::picture(page.pick("图示", "Bar")),
    ];
    page.begin_table(page.pick("最薄弱的时段", "The weakest hours"), &columns);
    for row in rows {
        let shares = row.weights.first();
        let (sure, perhaps) = (
            shares.and_then(|shares| shares.sure_share),
            shares.and_then(|shares| shares.perhaps_share),
        );
        let not = sure
            .zip(perhaps)
            .map(|(sure, perhaps)| (1.0 - sure - perhaps).max(0.0));
        page.begin_row(&words::hour(&row.hour, language));
        for share in [sure, perhaps, not] {
            page.figure(&words::percent(share, language));
        }
        page.raw("<td class=\"bar\">");
        super::bars::bar(page, sure, perhaps);
        page.raw("</td>").end_row();
    }
    page.end_table();
}

/// The weakest and the best hour of each district; of several the first.
fn districts(page: &mut Page, input: &ReportInput<'_>) {
    if input.by_hour.districts.is_empty() {
        return;
    }
    let language = input.language;
    let columns = [
        Column::words(page.pick("区", "District")),
        Column::words(page.pick("最薄弱", "Weakest")),
        Column::number(page.pick("确定", "Surely")),
        Column::words(page.pick("最充分", "Best")),
        Column::number(page.pick("确定", "Surely")),
    ];
    page.begin_table(
        page.pick(
            "各区最薄弱和最充分的时段",
            "Weakest and best hour of each district",
        ),
        &columns,
    );
    for district in &input.by_hour.districts {
        let known: Vec<(&str, f64)> = district
            .hours
            .iter()
            .filter_map(|row| Some((row.hour.as_str(), row.weights.first()?.sure_share?)))
            .collect();
        let weakest = known.iter().min_by(|a, b| a.1.total_cmp(&b.1));
        let best = known.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
        page.begin_row(&district.name);
        for end in [weakest, best] {
            page.words(&end.map_or_else(|| "–".to_owned(), |end| words::hour(end.0, language)));
            page.figure(&words::percent(end.map(|end| end.1), language));
        }
        page.end_row();
    }
    page.end_table();
}

fn carries(page: &mut Page, input: &ReportInput<'_>) {
    let document = input.by_hour;
    if document.carries.is_empty() {
        return;
    }
    let language = input.language;
    let mut columns = vec![
        Column::words(page.pick("站点", "Station")),
        Column::words(page.pick("影响最大的时段", "When most is lost")),
    ];
    let weights: Vec<WeightName> = document
        .preamble
        .demand
        .weights
        .iter()
        .map(|word| WeightName::of(word, language))
        .collect();
    for weight in &weights {
        let what = match language {
            Language::Zh => format!("失去{}", weight.name),
            Language::En => format!("Lost {}", weight.name),
        };
        columns.push(Column::number(&weight.heading(&what, language)));
    }
    columns.push(Column::number(
        page.pick("独自支撑的小时数", "Hours it carries alone"),
    ));
    page.begin_table(
        page.pick(
            "独自支撑覆盖的站点：如果关闭，会失去什么",
            "Stations that carry cover alone: what is lost if one closes",
        ),
        &columns,
    );
    for row in document.carries.iter().take(LISTED) {
        let hour = document
            .hours
            .get(row.worst_hour)
            .map_or_else(|| "–".to_owned(), |hour| words::hour(&hour.hour, language));
        page.begin_row(&row.name).words(&hour);
        for (weight, position) in weights.iter().zip(0_usize..) {
            page.figure(
                &row.lost
                    .get(position)
                    .map_or_else(|| "–".to_owned(), |lost| weight.amount(*lost)),
            );
        }
        page.figure(&words::decimal(row.hours as f64, 0)).end_row();
    }
    page.end_table();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_go_from_nothing_to_the_most_of_the_table() {
        assert_eq!(shade(None, 1.0), "none");
        assert_eq!(shade(Some(0.0), 0.0), "s0");
        assert_eq!(shade(Some(0.000_1), 0.6), "s1");
        assert_eq!(shade(Some(0.6), 0.6), "s6");
        let shares = [0.0, 0.01, 0.049, 0.1, 0.3, 0.999_9, 1.0].map(|share| short_percent(Some(share)));
        assert_eq!(shares, ["0", "1.0", "4.9", "10", "30", "100", "100"]);
        assert_eq!(short_percent(None), "?");
        assert_eq!(short_percent(Some(0.000_1)), "<.1");
    }
}
