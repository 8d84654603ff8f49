//! What the figures rest on: what covered means, whose stations, which demand, which time, revision and date.

use super::ReportInput;
use super::page::{Column, Page, Section};
use super::summary;
use super::words::{self, WeightName};
use crate::domain::datum::Datum;
use crate::domain::language::Language;
use crate::domain::station::{Host, Status};
use crate::export::plan::question::{Note, Preamble};

/// Writes the section of the method.
pub(super) fn section(page: &mut Page, input: &ReportInput<'_>) {
    page.section(Section::Method);
    page.raw("<dl class=\"method\">\n");
    let preamble = &input.coverage.preamble;
    let entries = [
        (page.pick("覆盖", "Covered"), reach(preamble, input.language)),
        (
            page.pick("确定、可能、未覆盖", "Surely, perhaps, not"),
            page.pick(
                "站点资料写明符合条件的，计为确定；只差不详事项（设施不详、开放时间不详）的，计为可能；其余为未覆盖。没有写明的一律按“不详”处理，不当作“没有”，也不当作“有”。",
                "A station whose record says that it meets the conditions surely counts; one that only unknowns keep from it \
                 (a facility, or hours) perhaps counts. What was never stated is unknown: neither yes nor no.",
            )
            .to_owned(),
        ),
        (page.pick("站点", "Stations"), stations(preamble, input.language)),
        (page.pick("开放时间", "Opening hours"), time(input)),
        (page.pick("需求", "Demand"), demand(preamble, input.language)),
        (page.pick("距离与坐标", "Distances and datum"), datum(preamble, input.language)),
        (
            page.pick("空白", "Gaps"),
            page.pick(
                "把未覆盖的六边形网格（H3）按相邻关系连成片，先按第一项权重、再按面积由大到小排列；“离站点最远处”是片内最大空圆的圆心。",
                "Cells (H3) that are not covered, joined to their neighbours, by the first weight and then by area. The farthest \
                 point is the centre of the largest empty circle.",
            )
            .to_owned(),
        ),
    ];
    for (what, text) in entries {
        page.raw("<dt>")
            .text(what)
            .raw("</dt><dd>")
            .text(&text)
            .raw("</dd>\n");
    }
    page.raw("</dl>\n");
    notes(page, input);
    revisions(page, input);
    page.raw("</section>\n");
}

fn reach(preamble: &Preamble, language: Language) -> String {
    let (question, reach) = (&preamble.question, &preamble.question.reach);
    let k = reach.k;
    let within = summary::reach(question, language);
    let mut sentences = vec![match language {
        Language::Zh => format!("{within}有至少{k}个符合条件的站点，即为覆盖；恰好等于该距离也算。"),
        Language::En if k == 1 => {
            format!(
                "A place is covered when a station that counts lies {within}; exactly that far is still covered."
            )
        }
        Language::En => format!(
            "A place is covered when at least {k} stations that count lie {within}; exactly that far is still covered."
        ),
    }];
    if let (Some(speed), Some(detour)) = (reach.speed_m_s, reach.detour_factor) {
        let radius = words::length(reach.radius_m, language);
        sentences.push(match language {
            Language::Zh => format!(
                "分钟换算成距离：速度{speed}米/秒，路程按直线距离的{detour}倍（绕行系数）估计，得直线半径{radius}；没有使用路网。"
            ),
            Language::En => format!(
                "Minutes become metres at {speed} m/s, with ways {detour} times as long as the straight line (the detour \
                 factor): a radius of {radius}. No street network is used."
            ),
        });
    }
    sentences.join(words::pick(language, "", " "))
}

fn stations(preamble: &Preamble, language: Language) -> String {
    let question = &preamble.question;
    let label = |word: &&'static str| Status::from_word(word).map_or(*word, |status| status.label(language));
    let statuses: Vec<&str> = question.status.iter().map(label).collect();
    let statuses = statuses.join(words::comma(language));
    let hosts = question.hosts.as_ref().map_or_else(
        || words::pick(language, "不限", "any").to_owned(),
        |hosts| {
            let label =
                |word: &&'static str| Host::from_word(word).map_or(*word, |host| host.label(language));
            hosts
                .iter()
                .map(label)
                .collect::<Vec<_>>()
                .join(words::comma(language))
        },
    );
    let conditions = summary::conditions(question, language);
    let conditions = if conditions.is_empty() {
        words::pick(language, "无", "none").to_owned()
    } else {
        conditions.join(words::comma(language))
    };
    let counts = preamble.stations;
    let (registered, synthetic) = (counts.registered, counts.synthetic);
    match language {
        Language::Zh => format!(
            "登记{registered}个，其中示例（虚构）{synthetic}个。状态：{statuses}。依托单位：{hosts}。其他条件：{conditions}。区外站点的服务范围伸入区内的也计算在内。"
        ),
        Language::En => format!(
            "{registered} registered, {synthetic} of them synthetic. Status: {statuses}. Host: {hosts}. Other conditions: \
             {conditions}. Stations outside the districts still reach into them."
        ),
    }
}

fn time(input: &ReportInput<'_>) -> String {
    let language = input.language;
    let asked = summary::asked_time(&input.coverage.preamble.question, language);
    let at = input
        .coverage
        .preamble
        .question
        .at
        .as_deref()
        .map(|time| words::instant(time, language));
    let mut sentences = vec![match (asked, at, language) {
        (Some(hour), Some(at), Language::Zh) if hour != at => {
            format!("总表、分区、分设施和空白各表按{hour}计算，取{at}。")
        }
        (Some(hour), Some(at), Language::En) if hour != at => {
            format!("The tables by district, by facility and of gaps are those of {hour}, taken at {at}.")
        }
        (Some(time), _, Language::Zh) => format!("总表、分区、分设施和空白各表按{time}计算。"),
        (Some(time), _, Language::En) => {
            format!("The tables by district, by facility and of gaps are those of {time}.")
        }
        (None, _, Language::Zh) => "总表、分区、分设施和空白各表不考虑开放时间。".to_owned(),
        (None, _, Language::En) => {
            "The tables by district, by facility and of gaps do not look at opening hours.".to_owned()
        }
    }];
    let days = &input.by_hour.span.days;
    if let Some((first, last)) = days.first().zip(days.last()) {
        let (first, last) = (&first.date, &last.date);
        sentences.push(match language {
            Language::Zh => format!("分时段表采用{first}至{last}，每小时只看第一分钟。"),
            Language::En => {
                format!("The hours are those of {first} to {last}; of each hour the first minute counts.")
            }
        });
    }
    if let Some(unknown) = days.iter().find(|day| day.kind == "not_published") {
        let date = &unknown.date;
        sentences.push(match language {
            Language::Zh => format!("工作日历自{date}起尚未公布，之后的节假日情况不详。"),
            Language::En => format!(
                "The work calendar is not published from {date} on: whether later days are holidays is not known."
            ),
        });
    }
    sentences.join(words::pick(language, "", " "))
}

fn demand(preamble: &Preamble, language: Language) -> String {
    let demand = &preamble.demand;
    let (zh, en) = match demand.kind {
        "even_grid" => (
            "均匀网格，只反映面积，不代表人多人少",
            "An even grid: it stands for area, not for people",
        ),
        "points" => ("需求点", "Points"),
        "h3_cells" => ("六边形网格（H3）", "H3 cells"),
        "polygons" => (
            "面状区域，权重均摊到区域内的网格",
            "Polygons, their weights spread evenly over the cells inside",
        ),
        "raster" => ("栅格数据，按像元中心计", "A raster, by the centres of its pixels"),
        other => (other, other),
    };
    let (source, places) = (&demand.source, words::decimal(demand.places as f64, 0));
    let weights: Vec<String> = demand
        .weights
        .iter()
        .map(|word| WeightName::of(word, language).name)
        .collect();
    let weights = weights.join(words::comma(language));
    match language {
        Language::Zh => format!("{zh}。来源：{source}；共{places}处；权重：{weights}。"),
        Language::En => format!("{en}. Source: {source}; {places} places; weights: {weights}."),
    }
}

fn datum(preamble: &Preamble, language: Language) -> String {
    let datum = Datum::from_word(preamble.datum).map_or(preamble.datum, |datum| datum.label(language));
    match language {
        Language::Zh => format!(
            "坐标基准{datum}，先经度后纬度。距离一律为WGS-84椭球面上的大地线长度。地图为示意图，不含路网，不作为界线依据。"
        ),
        Language::En => format!(
            "Coordinates are {datum}, longitude first. Distances are geodesics on the WGS-84 ellipsoid. The map is a drawing \
             without streets and says nothing on where borders run."
        ),
    }
}

/// The notes of the three documents, each once.
fn notes(page: &mut Page, input: &ReportInput<'_>) {
    let preambles = preambles(input);
    let mut notes: Vec<&Note> = Vec::new();
    for note in preambles.iter().flat_map(|(_, preamble)| &preamble.notes) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    if notes.is_empty() {
        return;
    }
    page.raw("<h3>")
        .say("数据说明", "Notes on the data")
        .raw("</h3>\n<ul>\n");
    for note in notes {
        page.raw("<li>").text(&note.text).raw("</li>\n");
    }
    page.raw("</ul>\n");
}

fn preambles<'a>(input: &ReportInput<'a>) -> [(&'static str, &'a Preamble); 3] {
    let pick = |zh, en| words::pick(input.language, zh, en);
    [
        (pick("覆盖", "coverage"), &input.coverage.preamble),
        (pick("分时段", "hour by hour"), &input.by_hour.preamble),
        (pick("空白", "gaps"), &input.gaps.preamble),
    ]
}

fn revisions(page: &mut Page, input: &ReportInput<'_>) {
    let columns = [
        Column::words(page.pick("内容", "Part")),
        Column::number(page.pick("登记册版本", "Revision of the register")),
        Column::words(page.pick("计算时间", "Made on")),
    ];
    page.begin_table(page.pick("数据版本", "Revision and time"), &columns);
    for (name, preamble) in preambles(input) {
        page.begin_row(name).figure(&preamble.revision.to_string());
        page.words(&words::instant(&preamble.time_stamp, input.language))
            .end_row();
    }
    page.end_table();
}
