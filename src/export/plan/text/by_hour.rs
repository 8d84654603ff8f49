//! Coverage by hour as text: a grid of days and hours, the worst hours, districts, and the stations that carry most.

use super::question::{day_name, push_head};
use super::{between, owned, percent, push_notes, say, weight_name, weight_value};
use crate::domain::language::Language;
use crate::export::columns::{Align, push_table, width};
use crate::export::plan::by_hour::{ByHourDocument, DayInfo, HourRow, HourShares, SpanInfo};

/// Hours in a day.
const DAY: usize = 24;
/// Columns of a cell of the grid; with the name of the day a line has at most 100.
const CELL_WIDTH: usize = 4;
/// Columns of the name of a day.
const DAY_WIDTH: usize = 4;
/// How many levels of the worst hours are told.
const WORST_LEVELS: usize = 3;

/// Writes coverage by hour.
pub fn by_hour(document: &ByHourDocument, language: Language) -> String {
    let mut out = String::new();
    let title = say(language, "逐时覆盖", "Coverage by hour");
    let span = span(&document.span, language);
    push_head(&mut out, (title, Some(&span)), &document.preamble, language);
    push_special_days(&mut out, &document.span.days, language);
    let weight = document.preamble.demand.weights.first();
    let weight = weight.map_or("", |name| weight_name(name, language));
    push_grids(&mut out, document, weight, language);
    push_worst(&mut out, &document.hours, language);
    push_districts(&mut out, document, language);
    push_carries(&mut out, document, language);
    push_notes(&mut out, &document.preamble.notes, language);
    out
}

fn span(span: &SpanInfo, language: Language) -> String {
    let first = &span.first_day;
    match (span.kind, language) {
        ("date", Language::Zh) => format!("{first} 这一天，每小时看整点"),
        ("date", Language::En) => format!("{first}, each hour at its first minute"),
        ("week", Language::Zh) => format!("{first} 起的一周，每小时看整点"),
        ("week", Language::En) => format!("the week from {first}, each hour at its first minute"),
        (_, Language::Zh) => format!("普通的一周（没有节假日和调休，取 {first} 起），每小时看整点"),
        (_, Language::En) => {
            format!(
                "an ordinary week (no holiday, no make-up workday: from {first}), each hour at its first minute"
            )
        }
    }
}

/// Days that are not what their name says.
fn push_special_days(out: &mut String, days: &[DayInfo], language: Language) {
    for day in days {
        let holiday = day.holiday.as_deref().unwrap_or_default();
        let kind = match (day.kind, language) {
            ("statutory_day_off", Language::Zh) => format!("{holiday}放假"),
            ("statutory_day_off", Language::En) => format!("statutory day off ({holiday})"),
            ("make_up_workday", Language::Zh) => format!("{holiday}调休，上班"),
            ("make_up_workday", Language::En) => format!("make-up workday ({holiday})"),
            ("not_published", Language::Zh) => "放假安排尚未公布".to_owned(),
            ("not_published", Language::En) => "the work calendar does not know this day".to_owned(),
            _ => continue,
        };
        out.push_str(say(language, "　　　", "          "));
        out.extend([&day.date, " ", &kind, "\n"]);
    }
}

fn at_most(shares: &HourShares) -> Option<f64> {
    Some(shares.sure_share? + shares.perhaps_share?)
}

fn push_grids(out: &mut String, document: &ByHourDocument, weight: &str, language: Language) {
    let first = |hour: &HourRow| hour.weights.first().copied();
    let sure: Vec<_> = document
        .hours
        .iter()
        .map(|hour| first(hour)?.sure_share)
        .collect();
    let at_most: Vec<_> = document.hours.iter().map(|hour| at_most(&first(hour)?)).collect();
    push_grid(
        out,
        &match language {
            Language::Zh => between("确定覆盖的", weight, "") + "，%（横向为几点）",
            Language::En => format!("Surely covered, % of {weight} (hours from left to right)"),
        },
        (&document.hours, &sure),
        language,
    );
    if sure != at_most {
        push_grid(
            out,
            &match language {
                Language::Zh => between("最多覆盖的", weight, "") + "，%：算上设施或开放时间不清楚的站点",
                Language::En => {
                    format!("Covered at most, % of {weight}: with stations of unknown facilities or hours")
                }
            },
            (&document.hours, &at_most),
            language,
        );
    }
    let profiled: Vec<_> = document
        .hours
        .iter()
        .map(|hour| hour.profile?.sure_share)
        .collect();
    if profiled.iter().any(Option::is_some) {
        push_grid(
            out,
            say(
                language,
                "按分时需求确定覆盖的，%",
                "Surely covered, % of the demand of each hour by the time profile",
            ),
            (&document.hours, &profiled),
            language,
        );
    }
}

fn push_grid(
    out: &mut String,
    heading: &str,
    (hours, shares): (&[HourRow], &[Option<f64>]),
    language: Language,
) {
    out.push('\n');
    out.push_str(heading);
    out.push('\n');
    out.push_str(&" ".repeat(DAY_WIDTH));
    out.extend((0..DAY).map(|hour| format!("{hour:>CELL_WIDTH$}")));
    out.push('\n');
    // Where all shares are small, whole percents would all be the same.
    let highest = shares
        .iter()
        .flatten()
        .fold(0.0_f64, |highest, share| highest.max(*share));
    let cell = if highest < 0.0995 {
        tenths_of_percent
    } else {
        whole_percent
    };
    for (hours, shares) in hours.chunks(DAY).zip(shares.chunks(DAY)) {
        let day = hours.first().map_or("", |hour| day_of(hour, language));
        out.push_str(day);
        out.push_str(&" ".repeat(DAY_WIDTH.saturating_sub(width(day))));
        out.extend(shares.iter().map(|share| {
            let cell = cell(*share);
            " ".repeat(CELL_WIDTH.saturating_sub(width(&cell))) + &cell
        }));
        out.push('\n');
    }
}

/// A whole percent; what is not everything never reads as everything, and what is something never as nothing.
fn whole_percent(share: Option<f64>) -> String {
    match share {
        None => "–".to_owned(),
        Some(share) if share > 0.0 && share < 0.005 => "<1".to_owned(),
        Some(share) if (0.995..1.0).contains(&share) => "99".to_owned(),
        Some(share) => format!("{:.0}", share * 100.0),
    }
}

/// The same with one decimal, for shares below 10 %.
fn tenths_of_percent(share: Option<f64>) -> String {
    match share {
        None => "–".to_owned(),
        Some(share) if share > 0.0 && share < 0.000_5 => "<.1".to_owned(),
        Some(share) => format!("{:.1}", share * 100.0),
    }
}

fn day_of(hour: &HourRow, language: Language) -> &'static str {
    day_name(hour.hour.split('-').next().unwrap_or_default(), language)
}

fn hour_label(hour: &HourRow, language: Language) -> String {
    let clock = hour.hour.split('-').nth(1).unwrap_or_default();
    format!("{} {clock}:00", day_of(hour, language))
}

fn sure_share(hour: &HourRow) -> Option<f64> {
    hour.weights.first()?.sure_share
}

/// A share in tenths of a percent.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share is from 0 to 1"
)]
fn tenths(share: f64) -> u64 {
    (share * 1000.0).round() as u64
}

/// The lowest shares, and on which days from when to when they are so low.
fn push_worst(out: &mut String, hours: &[HourRow], language: Language) {
    let tenths = |hour: &HourRow| sure_share(hour).map(tenths);
    let mut levels: Vec<u64> = hours.iter().filter_map(tenths).collect();
    levels.sort_unstable();
    levels.dedup();
    // The best hours are not among the worst.
    levels.pop();
    if levels.is_empty() {
        return;
    }
    out.push('\n');
    out.push_str(say(
        language,
        "最差的时段（确定覆盖）\n",
        "The worst hours (surely covered)\n",
    ));
    for level in levels.into_iter().take(WORST_LEVELS) {
        let is_level: Vec<bool> = hours.iter().map(|hour| tenths(hour) == Some(level)).collect();
        let lowest = hours.iter().zip(&is_level).find(|(_, is_level)| **is_level);
        let share = percent(lowest.and_then(|(hour, _)| sure_share(hour)));
        let when = periods(hours, &is_level, language);
        let when = when.join(say(language, "；", "; "));
        out.extend([format!("{share:>7}  "), when, "\n".to_owned()]);
    }
}

/// Days with the same marked hours together: `周一至周五 00:00–06:00`.
fn periods(hours: &[HourRow], marked: &[bool], language: Language) -> Vec<String> {
    let mut groups: Vec<(Vec<usize>, &[bool])> = Vec::new();
    for (day, marked) in marked.chunks(DAY).enumerate() {
        match groups.iter_mut().find(|(_, same)| *same == marked) {
            Some((days, _)) => days.push(day),
            None if marked.contains(&true) => groups.push((vec![day], marked)),
            None => {}
        }
    }
    let name = |day: &usize| hours.get(day * DAY).map_or("", |hour| day_of(hour, language));
    let groups = groups.iter().map(|(days, marked)| {
        let days = runs(days).into_iter().map(|(first, last)| match last - first {
            0 => name(&first).to_owned(),
            1 => format!("{}{}{}", name(&first), say(language, "、", ", "), name(&last)),
            _ => format!("{}{}{}", name(&first), say(language, "至", "–"), name(&last)),
        });
        let days: Vec<String> = days.collect();
        let at: Vec<usize> = (0..marked.len())
            .filter(|hour| marked.get(*hour) == Some(&true))
            .collect();
        let at = runs(&at)
            .into_iter()
            .map(|(first, last)| format!("{first:02}:00–{:02}:00", last + 1));
        let at: Vec<String> = at.collect();
        format!(
            "{} {}",
            days.join(say(language, "、", ", ")),
            at.join(say(language, "、", ", "))
        )
    });
    groups.collect()
}

/// Numbers that follow each other as first and last.
fn runs(numbers: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

fn push_districts(out: &mut String, document: &ByHourDocument, language: Language) {
    if document.districts.is_empty() {
        return;
    }
    let mut rows = vec![match language {
        Language::Zh => owned(&["区县", "最低", "（首次出现）", "平均", "最高", "（首次出现）"]),
        Language::En => owned(&[
            "District",
            "Lowest",
            "(first at)",
            "Mean",
            "Highest",
            "(first at)",
        ]),
    }];
    for district in &document.districts {
        let known = || {
            district
                .hours
                .iter()
                .filter_map(|hour| Some((hour, sure_share(hour)?)))
        };
        let lowest = known().min_by(|(_, a), (_, b)| a.total_cmp(b));
        // The first of equal ones.
        let highest = known().rev().max_by(|(_, a), (_, b)| a.total_cmp(b));
        let (sum, count) = known().fold((0.0, 0_usize), |(sum, count), (_, share)| {
            (sum + share, count + 1)
        });
        let mean = (count > 0).then(|| sum / count as f64);
        let when = |found: Option<(&HourRow, f64)>| {
            found.map_or_else(|| "–".to_owned(), |(hour, _)| hour_label(hour, language))
        };
        rows.push(vec![
            district.name.clone(),
            percent(lowest.map(|(_, share)| share)),
            when(lowest),
            percent(mean),
            percent(highest.map(|(_, share)| share)),
            when(highest),
        ]);
    }
    out.push('\n');
    let (left, right) = (Align::Left, Align::Right);
    push_table(out, &[left, right, left, right, right, left], &rows);
}

fn push_carries(out: &mut String, document: &ByHourDocument, language: Language) {
    out.push('\n');
    let Some(first) = document
        .preamble
        .demand
        .weights
        .first()
        .filter(|_| !document.carries.is_empty())
    else {
        out.push_str(say(
            language,
            "没有哪个站点是独自支撑的：关掉任何一个，覆盖都不减少\n",
            "No station carries anything alone: whichever closes, nothing is lost\n",
        ));
        return;
    };
    out.push_str(say(
        language,
        "独自支撑最多的站点：它关门时，下面这么多就没有确定的覆盖了\n",
        "Stations that carry most alone: what is no longer surely covered when they close\n",
    ));
    let mut rows = vec![match language {
        Language::Zh => owned(&["", "站点", "编号", "失去", "最多的时候", "有影响的小时"]),
        Language::En => owned(&["", "Station", "Id", "Lost", "Most at", "Hours with a loss"]),
    }];
    for (row, rank) in document.carries.iter().zip(1..) {
        let lost = row.lost.first().copied().unwrap_or(0.0);
        let hour = document.hours.get(row.worst_hour);
        rows.push(vec![
            rank.to_string(),
            row.name.clone(),
            row.id.clone(),
            weight_value(first, lost),
            hour.map(|hour| hour_label(hour, language)).unwrap_or_default(),
            row.hours.to_string(),
        ]);
    }
    let (left, right) = (Align::Left, Align::Right);
    push_table(out, &[right, left, left, right, left, right], &rows);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(hour: usize, share: f64) -> HourRow {
        let shares = HourShares {
            sure_share: Some(share),
            perhaps_share: Some(0.0),
        };
        HourRow {
            profile: None,
            hour: crate::planner::hours::hour_name(hour),
            weights: vec![shares],
        }
    }

    #[test]
    fn equal_nights_are_told_together() {
        let hours: Vec<HourRow> = (0..168)
            .map(|hour| row(hour, if hour % 24 < 6 || hour == 167 { 0.1 } else { 0.9 }))
            .collect();
        let mut out = String::new();
        push_worst(&mut out, &hours, Language::En);
        assert!(
            out.contains("  10.0%  Mon–Sat 00:00–06:00; Sun 00:00–06:00, 23:00–24:00\n"),
            "{out}"
        );
    }

    #[test]
    fn hours_that_are_all_alike_are_not_called_worst() {
        let hours: Vec<HourRow> = (0..24).map(|hour| row(hour, 0.5)).collect();
        let mut out = String::new();
        push_worst(&mut out, &hours, Language::Zh);
        assert_eq!(out, "");
    }

    #[test]
    fn the_grid_fits_a_hundred_columns_in_both_languages() {
        let hours: Vec<HourRow> = (0..168).map(|hour| row(hour, 1.0)).collect();
        let shares = vec![Some(1.0); 168];
        for language in [Language::Zh, Language::En] {
            let mut out = String::new();
            push_grid(&mut out, "", (&hours, &shares), language);
            assert!(out.lines().skip(2).all(|line| width(line) == 100), "{out}");
        }
    }

    #[test]
    fn whole_percents_do_not_round_to_all_or_nothing() {
        let shares = [Some(0.0), Some(0.001), Some(0.124), Some(0.999), Some(1.0), None];
        assert_eq!(shares.map(whole_percent), ["0", "<1", "12", "99", "100", "–"]);
    }
}
