//! The first lines of every text: what was asked, of which demand, of which stations.

use super::{count, listed, metres, say};
use crate::domain::facility::Facility;
use crate::domain::language::Language;
use crate::domain::station::{Host, Status};
use crate::export::plan::question::{DemandInfo, Preamble, Question, ReachInfo, StationCounts};

/// Writes title, question, demand and stations. `time` says which times are meant where the question itself has none.
pub(super) fn push_head(
    out: &mut String,
    (title, time): (&str, Option<&str>),
    preamble: &Preamble,
    language: Language,
) {
    let made = preamble
        .time_stamp
        .get(..16)
        .unwrap_or_default()
        .replace('T', " ");
    let revision = preamble.revision;
    let time = match time {
        Some(time) => time.to_owned(),
        None => moment(&preamble.question, language),
    };
    let lines = match language {
        Language::Zh => [
            format!("{title}（数据版本 {revision}，{made}）"),
            format!("覆盖：{}", reach(&preamble.question.reach, language)),
            format!("时间：{time}"),
            format!("站点：{}", conditions(&preamble.question, language)),
            format!("　　　{}", counts(preamble.stations, language)),
            format!("需求：{}", demand(&preamble.demand, language)),
        ],
        Language::En => [
            format!("{title} (revision {revision}, {made})"),
            format!("Covered:  {}", reach(&preamble.question.reach, language)),
            format!("Time:     {time}"),
            format!("Stations: {}", conditions(&preamble.question, language)),
            format!("          {}", counts(preamble.stations, language)),
            format!("Demand:   {}", demand(&preamble.demand, language)),
        ],
    };
    for line in lines {
        out.push_str(&line);
        out.push('\n');
    }
    if let Some(districts) = &preamble.question.district {
        out.push_str(say(language, "范围：只看", "Where:    only "));
        out.push_str(&listed(districts, language));
        out.push('\n');
    }
}

/// `15 分钟步行 = 直线 833 米以内有站点（1.25 米/秒，绕行系数 1.35）`.
fn reach(reach: &ReachInfo, language: Language) -> String {
    let radius = metres(reach.radius_m, language);
    let way = reach
        .minutes
        .zip(reach.mode)
        .map(|(minutes, mode)| match language {
            Language::Zh => {
                let way = match mode {
                    "walk" => "步行",
                    "ebike" => "骑电动车",
                    _ => "走直线",
                };
                format!("{minutes} 分钟{way} = ")
            }
            Language::En => {
                let way = match mode {
                    "walk" => "on foot",
                    "ebike" => "by e-bike",
                    _ => "as the crow flies",
                };
                format!("{minutes} minute{} {way} = ", plural(minutes))
            }
        });
    let way = way.unwrap_or_default();
    let method = reach.speed_m_s.zip(reach.detour_factor);
    let method = method.map(|(speed, detour)| match language {
        Language::Zh => format!("（速度 {speed} 米/秒，绕行系数 {detour}）"),
        Language::En => format!(" (at {speed} m/s, detour factor {detour})"),
    });
    let method = method.unwrap_or_default();
    match (language, reach.k) {
        (Language::Zh, 1) => format!("{way}直线 {radius}以内有站点{method}"),
        (Language::Zh, k) => format!("{way}直线 {radius}以内至少有 {k} 个站点{method}"),
        (Language::En, 1) => format!("a station within {way}{radius} in a straight line{method}"),
        (Language::En, k) => format!("at least {k} stations within {way}{radius} in a straight line{method}"),
    }
}

fn plural(number: f64) -> &'static str {
    if (number - 1.0).abs() < f64::EPSILON {
        ""
    } else {
        "s"
    }
}

fn moment(question: &Question, language: Language) -> String {
    let Some(at) = &question.at else {
        return say(language, "不看开放时间", "opening hours are not looked at").to_owned();
    };
    let at = at.get(..16).unwrap_or_default().replace('T', " ");
    let Some((day, time)) = question
        .hour_of_week
        .as_deref()
        .and_then(|hour| hour.split_once('-'))
    else {
        return match language {
            Language::Zh => format!("{at} 开放"),
            Language::En => format!("open at {at}"),
        };
    };
    let day = day_name(day, language);
    match language {
        Language::Zh => format!("{day} {time} 开放（普通的一周，取 {at}）"),
        Language::En => format!("open on {day} at {time} (in an ordinary week: {at})"),
    }
}

/// The name of a day from `mo` to `su`.
pub(super) fn day_name(day: &str, language: Language) -> &'static str {
    let (zh, en) = match day {
        "mo" => ("周一", "Mon"),
        "tu" => ("周二", "Tue"),
        "we" => ("周三", "Wed"),
        "th" => ("周四", "Thu"),
        "fr" => ("周五", "Fri"),
        "sa" => ("周六", "Sat"),
        _ => ("周日", "Sun"),
    };
    say(language, zh, en)
}

/// Which stations count.
fn conditions(question: &Question, language: Language) -> String {
    let facilities = |words: &[&str], between: &str| {
        let labels = words.iter().filter_map(|word| Facility::from_word(word));
        labels
            .map(|found| found.label(language))
            .collect::<Vec<_>>()
            .join(between)
    };
    let status = question.status.iter().filter_map(|word| Status::from_word(word));
    let status: Vec<&str> = status.map(|status| status.label(language)).collect();
    let mut parts = vec![match language {
        Language::Zh => format!("状态为{}", listed(&status, language)),
        Language::En => format!("status {}", listed(&status, language)),
    }];
    if !question.facilities.is_empty() {
        let all = facilities(&question.facilities, say(language, "、", " and "));
        parts.push(match language {
            Language::Zh => format!("有{all}"),
            Language::En => format!("with {all}"),
        });
    }
    if !question.facilities_any.is_empty() {
        let any = facilities(&question.facilities_any, say(language, "或", " or "));
        parts.push(match language {
            Language::Zh => format!("有{any}"),
            Language::En => format!("with {any}"),
        });
    }
    if let Some(hosts) = &question.hosts {
        let hosts = hosts.iter().filter_map(|word| Host::from_word(word));
        let hosts: Vec<&str> = hosts.map(|host| host.label(language)).collect();
        parts.push(match language {
            Language::Zh => format!("依托{}", hosts.join("或")),
            Language::En => format!("hosted by {}", hosts.join(" or ")),
        });
    }
    parts.join(say(language, "，", ", "))
}

fn counts(stations: StationCounts, language: Language) -> String {
    let StationCounts {
        registered,
        sure,
        perhaps,
        ..
    } = stations;
    match (language, perhaps) {
        (Language::Zh, 0) => format!("登记 {registered} 个，符合 {sure} 个"),
        (Language::Zh, _) => {
            format!("登记 {registered} 个，确定符合 {sure} 个，可能符合 {perhaps} 个（有不清楚的）")
        }
        (Language::En, 0) => format!("{registered} registered, {sure} match"),
        (Language::En, _) => {
            format!(
                "{registered} registered, {sure} surely match, {perhaps} perhaps (something is not known)"
            )
        }
    }
}

fn demand(demand: &DemandInfo, language: Language) -> String {
    let kind = match demand.kind {
        "even_grid" => say(language, "均匀网格", "even grid"),
        "points" => say(language, "点", "points"),
        "h3_cells" => say(language, "H3 网格", "H3 cells"),
        "polygons" => say(language, "面", "polygons"),
        _ => say(language, "栅格", "raster"),
    };
    let places = count(demand.places as u64);
    let weights = listed(&demand.weights, language);
    let source = if demand.kind == "even_grid" {
        String::new()
    } else {
        match language {
            Language::Zh => format!("，来自 {}", demand.source),
            Language::En => format!(", from {}", demand.source),
        }
    };
    match language {
        Language::Zh => format!("{kind}，{places} 个位置，权重 {weights}{source}"),
        Language::En => format!("{kind}, {places} places, weighted by {weights}{source}"),
    }
}

/// `109.512345,18.251234`.
pub(super) fn place(lon: f64, lat: f64) -> String {
    format!("{lon:.6},{lat:.6}")
}
