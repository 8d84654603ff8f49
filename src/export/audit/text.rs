//! The audit as a few tables for a terminal or a poor network: totals, league table, items, what to do first.

use super::{AuditSource, words};
use crate::domain::language::Language;
use crate::domain::standard::Level;
use crate::export::columns::{Align, push_table};
use crate::planner::audit::{ActionKind, Counts, StationAudit, WITHIN_DAYS, share};

/// The most stations that are named under what to do first.
const NAMED_STATIONS: usize = 20;
/// The most items that are named as those that would make most stations pass.
const BEST_ITEMS: usize = 3;

/// Writes the audit of all stations; pages are not looked at.
pub fn text(source: &AuditSource<'_>) -> String {
    let mut out = totals(source);
    if source.audit.stations.is_empty() {
        return out;
    }
    out.push('\n');
    push_league(&mut out, source);
    out.push('\n');
    push_items(&mut out, source);
    out.push('\n');
    push_first(&mut out, source);
    out.push('\n');
    out.push_str(&verification(source));
    out.push_str(&map_listings(source));
    if source.audit.synthetic > 0 {
        let note = match source.style.language {
            Language::Zh => format!(
                "注意：其中{}个站点是示例数据，不是真实站点\n",
                source.audit.synthetic
            ),
            Language::En => format!(
                "Note: {} of these stations are synthetic demo data, not real\n",
                source.audit.synthetic
            ),
        };
        out.push_str(&note);
    }
    out
}

/// `25.0%`, or a dash for nothing.
fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}%", share * 100.0))
}

fn owned(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn totals(source: &AuditSource<'_>) -> String {
    let (standard, counts) = (source.standard, source.audit.counts);
    let (today, revision) = (source.today, source.snapshot.revision());
    let name = words::of(&standard.name, source.style.language);
    let Counts { pass, fail, unknown } = counts;
    let (sure, possible) = (percent(counts.share_sure()), percent(counts.share_possible()));
    let all = counts.total();
    match (source.style.language, all) {
        (Language::Zh, 0) => format!(
            "{name}（{}） {today} 数据版本{revision}\n没有符合条件的驿站\n",
            standard.id
        ),
        (Language::En, 0) => format!(
            "{name} ({}), {today}, revision {revision}\nno station matches\n",
            standard.id
        ),
        (Language::Zh, _) => format!(
            "{name}（{}） {today} 数据版本{revision}\n\
             共{all}个站点：达标{pass}，不达标{fail}，待核实{unknown}。\
             确定达标{sure}；待核实的若全部符合，最多{possible}。\n",
            standard.id
        ),
        (Language::En, _) => format!(
            "{name} ({}), {today}, revision {revision}\n\
             {}: {pass} pass, {fail} fail, {unknown} not known. \
             {sure} surely pass; {possible} could, if all that is not known turns out well.\n",
            standard.id,
            stations_en(all)
        ),
    }
}

/// `1 station`, `2 stations`.
fn stations_en(count: usize) -> String {
    format!("{count} station{}", if count == 1 { "" } else { "s" })
}

fn push_league(out: &mut String, source: &AuditSource<'_>) {
    let language = source.style.language;
    let mut rows = vec![match language {
        Language::Zh => owned(&["区县", "站点", "达标", "不达标", "待核实", "确定达标", "最多达标"]),
        Language::En => owned(&[
            "District",
            "Stations",
            "Pass",
            "Fail",
            "Not known",
            "Surely pass",
            "Could pass",
        ]),
    }];
    for district in &source.audit.districts {
        let nameless = match language {
            Language::Zh => "（区县不明）",
            Language::En => "(no district)",
        };
        let name = district.name.as_deref().or(district.adcode.as_deref());
        let counts = district.counts;
        rows.push(vec![
            name.unwrap_or(nameless).to_owned(),
            counts.total().to_string(),
            counts.pass.to_string(),
            counts.fail.to_string(),
            counts.unknown.to_string(),
            percent(counts.share_sure()),
            percent(counts.share_possible()),
        ]);
    }
    let right = Align::Right;
    push_table(
        out,
        &[Align::Left, right, right, right, right, right, right],
        &rows,
    );
}

fn push_items(out: &mut String, source: &AuditSource<'_>) {
    let language = source.style.language;
    let mut rows = vec![match language {
        Language::Zh => owned(&["单项", "达标", "不达标", "其中坏了", "待核实", "只差此项的站点"]),
        Language::En => owned(&[
            "Item",
            "Pass",
            "Fail",
            "Of these broken",
            "Not known",
            "Stations short of it alone",
        ]),
    }];
    for ((item, audit), position) in source.standard.items.iter().zip(&source.audit.items).zip(0..) {
        let recommended = match (item.level, language) {
            (Level::Required, _) => "",
            (Level::Recommended, Language::Zh) => "（推荐）",
            (Level::Recommended, Language::En) => " (recommended)",
        };
        rows.push(vec![
            format!("{}{recommended}", source.item_name(position)),
            audit.counts.pass.to_string(),
            audit.counts.fail.to_string(),
            audit.out_of_order.to_string(),
            audit.counts.unknown.to_string(),
            audit.alone.total().to_string(),
        ]);
    }
    let right = Align::Right;
    push_table(out, &[Align::Left, right, right, right, right, right], &rows);
    let best = source
        .audit
        .best_items
        .iter()
        .take(BEST_ITEMS)
        .filter_map(|&position| {
            let stations = source.audit.items.get(position)?.alone.total();
            let name = source.item_name(position);
            Some(match language {
                Language::Zh => format!("{name}{stations}个"),
                Language::En => format!("{name} {stations}"),
            })
        });
    let best: Vec<String> = best.collect();
    if !best.is_empty() {
        let line = match language {
            Language::Zh => format!("单独解决一项就能达标的站点，最多的是：{}\n", best.join("，")),
            Language::En => format!(
                "Stations that one item alone would make pass, most first: {}\n",
                best.join(", ")
            ),
        };
        out.push_str(&line);
    }
}

fn push_first(out: &mut String, source: &AuditSource<'_>) {
    let (audit, language) = (source.audit, source.style.language);
    let stations = || {
        audit
            .todo
            .iter()
            .filter_map(|position| audit.stations.get(*position))
    };
    let by_kind = ActionKind::ALL.iter().filter_map(|kind| {
        let count = stations()
            .filter(|station| station.heaviest() == Some(*kind))
            .count();
        let heading = heading(*kind, language);
        (count > 0).then(|| match language {
            Language::Zh => format!("{heading}{count}个"),
            Language::En => format!("{count} {heading}"),
        })
    });
    let by_kind: Vec<String> = by_kind.collect();
    let all = audit.todo.len();
    let heading = match (language, all) {
        (Language::Zh, 0) => "没有要做的：所有站点都达标\n".to_owned(),
        (Language::En, 0) => "Nothing to do: every station passes\n".to_owned(),
        (Language::Zh, _) => format!("先做什么（{all}个站点：{}）\n", by_kind.join("，")),
        (Language::En, _) => format!(
            "What to do first ({}: {})\n",
            stations_en(all),
            by_kind.join(", ")
        ),
    };
    out.push_str(&heading);
    let rows: Vec<Vec<String>> = stations()
        .take(NAMED_STATIONS)
        .map(|station| first_row(source, station))
        .collect();
    let left = Align::Left;
    push_table(out, &[Align::Right, left, left, left, left, left], &rows);
    if all > NAMED_STATIONS {
        let more = all - NAMED_STATIONS;
        let rest = match language {
            Language::Zh => format!("……还有{more}个，csv 格式列出全部\n"),
            Language::En => format!("… and {more} more; the format csv lists them all\n"),
        };
        out.push_str(&rest);
    }
}

/// What is needed at most, before or after a number of stations.
const fn heading(kind: ActionKind, language: Language) -> &'static str {
    match (kind, language) {
        (ActionKind::Check, Language::Zh) => "只需核实",
        (ActionKind::ListOnMap, Language::Zh) => "要标注到地图",
        (ActionKind::Repair, Language::Zh) => "要修",
        (ActionKind::Add, Language::Zh) => "要增加",
        (ActionKind::Enlarge, Language::Zh) => "要扩大",
        (ActionKind::Check, Language::En) => "only a check",
        (ActionKind::ListOnMap, Language::En) => "a map listing",
        (ActionKind::Repair, Language::En) => "a repair",
        (ActionKind::Add, Language::En) => "an addition",
        (ActionKind::Enlarge, Language::En) => "more space",
    }
}

fn first_row(source: &AuditSource<'_>, station: &StationAudit) -> Vec<String> {
    let (record, language) = (source.record(station), source.style.language);
    let (name, adcode) = source.district(station);
    vec![
        station.rank.map(|rank| rank.to_string()).unwrap_or_default(),
        record.id.as_str().to_owned(),
        record.name.to_string(),
        name.or(adcode).unwrap_or("–").to_owned(),
        station.verdict.label(language).to_owned(),
        words::actions(&station.actions, source.standard, language),
    ]
}

fn verification(source: &AuditSource<'_>) -> String {
    let (found, all) = (source.audit.verification, source.audit.stations.len());
    let language = source.style.language;
    let within = WITHIN_DAYS.iter().zip(found.within).map(|(days, count)| {
        let share = percent(share(count, all));
        match language {
            Language::Zh => format!("{days}天内{count}个（{share}）"),
            Language::En => format!("{count} ({share}) within {days} days"),
        }
    });
    let within: Vec<String> = within.collect();
    let mut parts = vec![match language {
        Language::Zh => format!("现场核实：{}", within.join("，")),
        Language::En => format!("Verified at the place: {}", within.join(", ")),
    }];
    if let Some(days) = found.median_days {
        parts.push(match language {
            Language::Zh => format!("中位数{days}天前"),
            Language::En => format!("median {days} days ago"),
        });
    }
    if found.after_today > 0 {
        parts.push(match language {
            Language::Zh => format!("日期晚于{}的{}个", source.today, found.after_today),
            Language::En => format!("{} dated after {}", found.after_today, source.today),
        });
    }
    parts.push(match language {
        Language::Zh => format!("从未核实{}个", found.never),
        Language::En => format!("{} never", found.never),
    });
    let separator = match language {
        Language::Zh => "；",
        Language::En => "; ",
    };
    parts.join(separator) + "\n"
}

fn map_listings(source: &AuditSource<'_>) -> String {
    let language = source.style.language;
    let services = source.audit.map_listings.iter().map(|(service, counts)| {
        let name = service.label(language);
        match language {
            Language::Zh => format!(
                "{name}有{}、没有{}、不清楚{}",
                counts.yes, counts.no, counts.unknown
            ),
            Language::En => format!(
                "{name} {} yes, {} no, {} not known",
                counts.yes, counts.no, counts.unknown
            ),
        }
    });
    let services: Vec<String> = services.collect();
    match language {
        Language::Zh => format!("地图标注：{}\n", services.join("；")),
        Language::En => format!("Listed on maps: {}\n", services.join("; ")),
    }
}
