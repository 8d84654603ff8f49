//! The summary: sentences for a reader who reads nothing else, and the key figures.

use super::ReportInput;
use super::page::{Page, Section};
use super::words::{self, WeightName};
use crate::domain::language::Language;
use crate::domain::units::TravelMode;
use crate::export::plan::by_hour::HourShares;
use crate::export::plan::coverage::{CoverageRow, DistanceRow, WeightShares};
use crate::export::plan::gaps::{GapRow, Remedy};
use crate::export::plan::question::Question;

/// So many gaps are named in the summary.
const NAMED_GAPS: usize = 3;

/// Writes the section of the summary.
pub(super) fn section(page: &mut Page, input: &ReportInput<'_>) {
    page.section(Section::Summary);
    page.raw("<div class=\"lead\">\n");
    page.paragraph(&asked(input));
    for shares in &input.coverage.overall.weights {
        page.paragraph(&covered(shares, input.language));
    }
    for sentence in [who_is_not(input), worst_hour(input)].into_iter().flatten() {
        page.paragraph(&sentence);
    }
    largest_gaps(page, input);
    page.raw("</div>\n");
    key_figures(page, input);
    page.raw("</section>\n");
}

/// The districts that the report is about.
pub(super) fn district_names(input: &ReportInput<'_>) -> Vec<String> {
    let asked = input.coverage.preamble.question.district.clone();
    asked.unwrap_or_else(|| {
        let rows = input.coverage.districts.iter();
        rows.filter_map(|row| row.name.clone()).collect()
    })
}

/// How far a station reaches: `步行15分钟（直线距离833米）以内`.
pub(super) fn reach(question: &Question, language: Language) -> String {
    let reach = &question.reach;
    let radius = words::length(reach.radius_m, language);
    let mode = reach.mode.map(|word| {
        TravelMode::from_word(word).map_or_else(|| word.to_owned(), |mode| mode.label(language).to_owned())
    });
    match (reach.minutes, mode, language) {
        (Some(minutes), Some(mode), Language::Zh) => format!("{mode}{minutes}分钟（直线距离{radius}）以内"),
        (Some(minutes), Some(mode), Language::En) => {
            format!("within {minutes} minutes {mode} ({radius} as the crow flies)")
        }
        (_, _, Language::Zh) => format!("直线距离{radius}以内"),
        (_, _, Language::En) => format!("within {radius} as the crow flies"),
    }
}

/// What a station must be to count: its facilities, and whether it must be open.
pub(super) fn conditions(question: &Question, language: Language) -> Vec<String> {
    let mut out = Vec::new();
    let (all, any) = (&question.facilities, &question.facilities_any);
    if !all.is_empty() {
        let names = words::facilities(all, language);
        out.push(match language {
            Language::Zh => format!("具备{names}"),
            Language::En => format!("has {names}"),
        });
    }
    if !any.is_empty() {
        let names = words::facilities(any, language);
        out.push(match language {
            Language::Zh => format!("至少具备{names}中的一项"),
            Language::En => format!("has at least one of {names}"),
        });
    }
    if let Some(time) = asked_time(question, language) {
        out.push(match language {
            Language::Zh => format!("在{time}开放"),
            Language::En => format!("is open at {time}"),
        });
    }
    out
}

/// The hour of the week or the instant that was asked about.
pub(super) fn asked_time(question: &Question, language: Language) -> Option<String> {
    let hour = question.hour_of_week.as_deref();
    hour.map(|hour| words::hour(hour, language))
        .or_else(|| question.at.as_deref().map(|time| words::instant(time, language)))
}

fn asked(input: &ReportInput<'_>) -> String {
    let (question, stations) = (
        &input.coverage.preamble.question,
        input.coverage.preamble.stations,
    );
    let (language, k) = (input.language, question.reach.k);
    let reach = reach(question, language);
    let conditions = conditions(question, language);
    let districts = district_names(input);
    let [registered, sure, perhaps] =
        [stations.registered, stations.sure, stations.perhaps].map(|number| words::decimal(number as f64, 0));
    match language {
        Language::Zh => {
            let where_ = if districts.is_empty() {
                String::new()
            } else {
                format!("{}的", districts.join("、"))
            };
            let what = if conditions.is_empty() {
                "站点".to_owned()
            } else {
                format!("{}的站点", conditions.join("、"))
            };
            let number = if k > 1 {
                format!("至少{k}个")
            } else {
                String::new()
            };
            format!(
                "本报告评估{where_}户外劳动者能否在{reach}到达{number}{what}。登记在册的站点共{registered}个，其中\
                 {sure}个确定符合条件，{perhaps}个因开放时间或设施情况不详只能算可能符合。"
            )
        }
        Language::En => {
            let where_ = if districts.is_empty() {
                String::new()
            } else {
                format!(" in {}", districts.join(", "))
            };
            let number = if k > 1 {
                format!("{k} stations")
            } else {
                "a station".to_owned()
            };
            let what = if conditions.is_empty() {
                String::new()
            } else {
                format!(" that {}", conditions.join(" and "))
            };
            format!(
                "This report asks whether outdoor workers{where_} can reach {number}{what} {reach}. Of \
                 {registered} registered stations, {sure} surely count and {perhaps} perhaps do: their hours or \
                 facilities are not known."
            )
        }
    }
}

fn covered(shares: &WeightShares, language: Language) -> String {
    let weight = WeightName::of(&shares.name, language);
    let name = &weight.name;
    let (Some(_), Some(_), Some(_)) = (shares.sure_share, shares.perhaps_share, shares.not_share) else {
        return match language {
            Language::Zh => format!("按{name}计，没有需求数据，无法给出覆盖率。"),
            Language::En => format!("By {name} there is no demand, so no share can be given."),
        };
    };
    let [sure, perhaps, not] = [shares.sure_share, shares.perhaps_share, shares.not_share]
        .map(|share| words::percent(share, language));
    let amount = weight.amount_with_unit(shares.not, language);
    match language {
        Language::Zh => {
            format!("按{name}计，确定覆盖{sure}，可能覆盖{perhaps}，未覆盖{not}（{amount}）。")
        }
        Language::En => {
            format!("By {name}, {sure} is surely covered, {perhaps} perhaps, and {not} ({amount}) is not.")
        }
    }
}

/// Where most of what is not covered lies, and which district has the least cover; nothing with less than two districts.
fn who_is_not(input: &ReportInput<'_>) -> Option<String> {
    let language = input.language;
    let rows: Vec<(&str, &WeightShares)> = input
        .coverage
        .districts
        .iter()
        .filter_map(|row| Some((row.name.as_deref()?, row.weights.first()?)))
        .filter(|(_, shares)| shares.total > 0.0)
        .collect();
    let total = input
        .coverage
        .overall
        .weights
        .first()
        .map_or(0.0, |shares| shares.not);
    if rows.len() < 2 || total <= 0.0 {
        return None;
    }
    // Of several the first, in the order of the document.
    let (most, shares) = rows.iter().rev().max_by(|a, b| a.1.not.total_cmp(&b.1.not))?;
    let part = words::percent(Some(shares.not / total), language);
    let (least, lowest) = rows
        .iter()
        .filter_map(|(name, shares)| Some((*name, shares.sure_share?)))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    let lowest = words::percent(Some(lowest), language);
    Some(match (language, *most == least) {
        (Language::Zh, true) => {
            format!("未覆盖的部分以{most}最多，占{part}；该区的确定覆盖率也最低，为{lowest}。")
        }
        (Language::Zh, false) => {
            format!("未覆盖的部分以{most}最多，占{part}；确定覆盖率最低的是{least}，为{lowest}。")
        }
        (Language::En, true) => format!(
            "Most of what is not covered lies in {most}, {part} of it; its share that is surely covered, {lowest}, is the lowest, \
             too."
        ),
        (Language::En, false) => format!(
            "Most of what is not covered lies in {most}, {part} of it; the lowest share that is surely covered is that of \
             {least}, {lowest}."
        ),
    })
}

/// The hour with the least cover and its shares of the first weight.
pub(super) fn worst<'a>(input: &ReportInput<'a>) -> Option<(&'a str, HourShares)> {
    let row = input.by_hour.hours.get(*input.by_hour.worst_hours.first()?)?;
    Some((row.hour.as_str(), *row.weights.first()?))
}

fn worst_hour(input: &ReportInput<'_>) -> Option<String> {
    let language = input.language;
    let (hour, shares) = worst(input)?;
    let lowest = shares.sure_share?;
    let others = input
        .by_hour
        .hours
        .iter()
        .filter(|row| {
            row.weights
                .first()
                .is_some_and(|shares| shares.sure_share == Some(lowest))
        })
        .count()
        .saturating_sub(1);
    let hour = words::hour(hour, language);
    let [sure, perhaps] =
        [shares.sure_share, shares.perhaps_share].map(|share| words::percent(share, language));
    let name = input
        .by_hour
        .preamble
        .demand
        .weights
        .first()
        .map(|word| WeightName::of(word, language).name)?;
    Some(match (language, others) {
        (Language::Zh, 0) => {
            format!("从时段看，{hour}最薄弱：只计当时开放的站点，按{name}确定覆盖{sure}，可能覆盖{perhaps}。")
        }
        (Language::Zh, _) => format!(
            "从时段看，{hour}等{}个时段最薄弱：只计当时开放的站点，按{name}确定覆盖{sure}。",
            others + 1
        ),
        (Language::En, 0) => format!(
            "The weakest hour is {hour}: counting only the stations open then, {sure} by {name} is surely covered and \
             {perhaps} perhaps."
        ),
        (Language::En, _) => format!(
            "The weakest hours are {hour} and {others} more that are as bad: counting only the stations open then, {sure} by \
             {name} is surely covered."
        ),
    })
}

fn largest_gaps(page: &mut Page, input: &ReportInput<'_>) {
    let language = input.language;
    let number = input.gaps.number_matched;
    if input.gaps.gaps.is_empty() {
        page.paragraph(page.pick("没有发现覆盖空白。", "No gap was found."));
        return;
    }
    let named = input.gaps.gaps.get(..NAMED_GAPS).unwrap_or(&input.gaps.gaps);
    page.paragraph(&match language {
        Language::Zh => format!(
            "相连成片的覆盖空白共{number}处，最大的{}处及补齐办法如下：",
            named.len()
        ),
        Language::En if number == 1 => "There is one connected gap:".to_owned(),
        Language::En => {
            format!(
                "There are {number} connected gaps. The largest {} and what would close them:",
                named.len()
            )
        }
    });
    page.raw("<ol>\n");
    for gap in named {
        page.raw("<li>").text(&gap_sentence(gap, language)).raw("</li>\n");
    }
    page.raw("</ol>\n");
}

fn gap_sentence(gap: &GapRow, language: Language) -> String {
    let name = gap_name(gap, language);
    let amounts: Vec<String> = gap
        .weights
        .iter()
        .map(|weight| {
            let known = WeightName::of(&weight.name, language);
            let amount = known.amount_with_unit(weight.value, language);
            match language {
                Language::Zh => format!("{}{amount}", known.name),
                // A unit of area says what it is of.
                Language::En if weight.name == "area_m2" => amount,
                Language::En => format!("{} {}", known.name, known.amount(weight.value)),
            }
        })
        .collect();
    let amounts = amounts.join(words::comma(language));
    let remedy = gap.remedies.first().map_or_else(
        || {
            words::pick(
                language,
                "暂无补齐办法。",
                "Nothing is known that would close it.",
            )
            .to_owned()
        },
        |remedy| remedy_sentence(remedy, language),
    );
    match language {
        Language::Zh => format!("{name}：未覆盖{amounts}。{remedy}"),
        Language::En => format!("{name}: {amounts} not covered. {remedy}"),
    }
}

fn remedy_sentence(remedy: &Remedy, language: Language) -> String {
    let text = remedy.text.trim_end_matches(['。', '.']);
    let place = remedy.place.map_or_else(String::new, |place| match language {
        Language::Zh => format!("（{}）", words::place(place)),
        Language::En => format!(" ({})", words::place(place)),
    });
    let share = words::percent(remedy.gain_share, language);
    match language {
        Language::Zh => format!("首选办法：{text}{place}，可补上其中的{share}。"),
        Language::En => format!("First remedy: {text}{place}; it would cover {share} of this gap."),
    }
}

/// The districts of a gap.
pub(super) fn gap_name(gap: &GapRow, language: Language) -> String {
    if gap.districts.is_empty() {
        return words::pick(language, "各区之外", "outside the districts").to_owned();
    }
    gap.districts.join(words::comma(language))
}

/// Distances by the first weight, or else by place.
pub(super) fn distances(row: &CoverageRow, weight: &str) -> Option<DistanceRow> {
    let by_weight = row.distances.by_weight.iter().find(|named| named.name == weight);
    by_weight
        .and_then(|named| named.figures)
        .or(row.distances.by_place)
}

fn key_figures(page: &mut Page, input: &ReportInput<'_>) {
    let language = input.language;
    let overall = &input.coverage.overall;
    let first = overall.weights.first();
    let by = first.map_or_else(String::new, |shares| {
        let name = WeightName::of(&shares.name, language).name;
        match language {
            Language::Zh => format!("按{name}"),
            Language::En => format!("by {name}"),
        }
    });
    let percent = |share: Option<f64>| words::percent(share, language);
    page.raw("<dl class=\"key\">\n");
    let shares = [
        (
            "确定覆盖",
            "surely covered",
            first.and_then(|shares| shares.sure_share),
        ),
        (
            "可能覆盖",
            "perhaps covered",
            first.and_then(|shares| shares.perhaps_share),
        ),
        ("未覆盖", "not covered", first.and_then(|shares| shares.not_share)),
    ];
    for (zh, en, share) in shares {
        key(page, page.pick(zh, en), &percent(share), &by);
    }
    let median = first.and_then(|shares| distances(overall, &shares.name));
    key(
        page,
        page.pick("最近站点中位距离", "median distance"),
        &median.map_or_else(
            || percent(None),
            |figures| words::length(figures.median_m, language),
        ),
        page.pick(
            "直线，只计确定符合条件的站点",
            "straight, to a station that surely counts",
        ),
    );
    let (hour, share) = worst(input).map_or_else(
        || (percent(None), String::new()),
        |(hour, shares)| {
            let share = percent(shares.sure_share);
            let note = match language {
                Language::Zh => format!("确定覆盖{share}"),
                Language::En => format!("{share} surely covered"),
            };
            (words::hour(hour, language), note)
        },
    );
    key(page, page.pick("最薄弱的时段", "weakest hour"), &hour, &share);
    let gaps = words::decimal(input.gaps.number_matched as f64, 0);
    let gaps_note = page.pick("相连成片的未覆盖区域", "connected pieces not covered");
    key(page, page.pick("覆盖空白", "gaps"), &gaps, gaps_note);
    page.raw("</dl>\n");
}

fn key(page: &mut Page, what: &str, figure: &str, note: &str) {
    page.raw("<div><dt>").text(what).raw("</dt><dd><b>").text(figure);
    page.raw("</b> <span>").text(note).raw("</span></dd></div>\n");
}
