//! The hours of a year in `opening_hours` syntax, in one form only.

use super::day::Hours;
use super::meaning::{Holidays, Part, Year};
use super::months;
use super::span::{DAY, Span};
use super::statement::{Body, Scope, Statement};

const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const ALL_DAYS: u8 = 0b111_1111;

/// The rules of a year.
pub(super) fn osm(year: &Year) -> String {
    let mut rules = Vec::new();
    if year.has_unknown_months {
        rules.push("Mo-Su unknown \"其他月份\"".to_owned());
    }
    let has_base = year.parts.iter().any(|part| part.months.is_empty());
    for part in &year.parts {
        part_rules(part, &year.holidays, has_base, &mut rules);
    }
    match &year.holidays {
        Holidays::Off => rules.push("PH off".to_owned()),
        Holidays::Hours(hours) => rules.push(rule("PH", hours)),
        Holidays::NotStated | Holidays::Usual => {}
    }
    if !year.around_january.is_empty() {
        let open = year.parts.iter().fold(0, |mask, part| mask | open_days(part));
        let hours = Hours::maybe(year.around_january.clone(), "年末年始");
        rules.push(rule(&format!("Dec 28-Jan 04 {}", days(open)), &hours));
    }
    rules.join("; ")
}

fn open_days(part: &Part) -> u8 {
    let open = part
        .week
        .days
        .iter()
        .enumerate()
        .filter(|(_, hours)| hours.is_some());
    open.fold(0, |mask, (at, _)| mask | 1 << at)
}

fn part_rules(part: &Part, holidays: &Holidays, has_base: bool, rules: &mut Vec<String>) {
    let week = &part.week;
    let prefix = if part.months.is_empty() {
        String::new()
    } else {
        format!("{} ", months::text(&part.months))
    };
    let of_holidays = match holidays {
        Holidays::Usual => week.uniform().cloned(),
        _ => week.holidays.clone(),
    };
    let is_always = week.uniform().is_some_and(Hours::is_always);
    if is_always && prefix.is_empty() && of_holidays.as_ref().is_none_or(Hours::is_always) {
        rules.push("24/7".to_owned());
        return;
    }
    let mut groups: Vec<(u8, &Hours)> = Vec::new();
    for (at, hours) in week.days.iter().enumerate() {
        let Some(hours) = hours else { continue };
        match groups.iter_mut().find(|(_, known)| *known == hours) {
            Some((mask, _)) => *mask |= 1 << at,
            None => groups.push((1 << at, hours)),
        }
    }
    let mut holidays_left = of_holidays.as_ref();
    for (mask, hours) in &groups {
        let mut selector = days(*mask);
        if holidays_left == Some(*hours) {
            selector.push_str(",PH");
            holidays_left = None;
        } else if *mask == ALL_DAYS && hours.maybe.is_empty() && !is_round_the_clock(hours) {
            selector.clear();
        }
        rules.push(rule(format!("{prefix}{selector}").trim_end(), hours));
    }
    let closed = !open_days(part) & ALL_DAYS;
    if has_base && !prefix.is_empty() && closed != 0 {
        rules.push(format!("{prefix}{} off", days(closed)));
    }
    if let Some(hours) = holidays_left {
        rules.push(rule(&format!("{prefix}PH"), hours));
    }
}

/// `08:00-08:00` alone could be taken for nothing at all.
fn is_round_the_clock(hours: &Hours) -> bool {
    hours.sure.iter().any(|(from, to)| to - from == DAY && *from > 0)
}

/// One rule, and behind a comma a second one for what is not certain.
fn rule(selector: &str, hours: &Hours) -> String {
    let sure = format!("{selector} {}", times(&hours.sure));
    let times_in_doubt = if hours.is_unknown() {
        String::new()
    } else {
        format!(" {}", times(&hours.maybe))
    };
    let maybe = format!("{selector}{times_in_doubt} unknown \"{}\"", hours.why);
    match (hours.sure.is_empty(), hours.maybe.is_empty()) {
        (_, true) => sure.trim_start().to_owned(),
        (true, false) => maybe.trim_start().to_owned(),
        (false, false) => format!("{}, {maybe}", sure.trim_start()),
    }
}

/// `Mo-Fr`, `Mo,We-Su`.
fn days(mask: u8) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut run: Option<(usize, usize)> = None;
    for at in 0..=DAYS.len() {
        if at < DAYS.len() && mask & (1 << at) != 0 {
            run = Some(run.map_or((at, at), |(from, _)| (from, at)));
        } else if let Some((from, to)) = run.take() {
            let name = |at: usize| DAYS.get(at).copied().unwrap_or_default();
            parts.push(if from == to {
                name(from).to_owned()
            } else {
                format!("{}-{}", name(from), name(to))
            });
        }
    }
    parts.join(",")
}

fn times(spans: &[Span]) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let span = |(from, to): &Span| {
        format!(
            "{}-{}",
            clock(*from),
            clock(if *to > DAY { to - DAY } else { *to })
        )
    };
    spans.iter().map(span).collect::<Vec<_>>().join(",")
}

/// What one statement was taken for, in short.
pub(super) fn statement(statement: &Statement) -> String {
    let body = match &statement.body {
        Body::Times(spans) => times(spans),
        Body::Always => "24/7".to_owned(),
        Body::AllDay => "00:00-24:00".to_owned(),
        Body::Opened => "unknown".to_owned(),
        Body::Off => "off".to_owned(),
        Body::Usual => "as usual".to_owned(),
        Body::Break(pause) => format!("{} off", times(&[*pause])),
        Body::Lunch => "lunch break".to_owned(),
    };
    format!("{} {body}", scope(&statement.scope))
        .trim_start()
        .to_owned()
}

fn scope(scope: &Scope) -> String {
    let mut parts = Vec::new();
    if !scope.months.is_empty() {
        parts.push(months::text(&scope.months));
    }
    parts.extend((!scope.season.is_empty()).then(|| scope.season.clone()));
    let mut selectors = Vec::new();
    selectors.extend((scope.days != 0).then(|| days(scope.days)));
    selectors.extend((scope.statutory || scope.holidays).then(|| "PH".to_owned()));
    selectors.extend(scope.named_holidays.iter().cloned());
    if !selectors.is_empty() {
        parts.push(selectors.join(","));
    }
    parts.join(" ")
}
