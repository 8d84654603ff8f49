//! The report: one HTML page that needs no network and no script, for the screen and for A4.
//!
//! Reading order: `input` (what it is made from) · `page` (escaping, sections, tables) · `words` (numbers and names) ·
//! `summary` · `frame`, `shapes`, `map` · `bars`, `areas` · `hours` · `gaps` · `method`. The look is `style.css`.

mod areas;
mod bars;
mod frame;
mod gaps;
mod hours;
mod input;
mod map;
mod method;
mod page;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_answers;
mod shapes;
mod summary;
#[cfg(test)]
mod tests;
mod words;

pub use input::{
    AuditSummary, Cover, FirstAction, Ground, LeagueRow, MapCell, MapDistrict, MapStation, ReportInput,
    ReportMap, StationPart,
};

use crate::domain::language::Language;
use page::{Page, Section};

/// The look; written into the page, so that the file stands alone.
const STYLE: &str = include_str!("style.css");

/// Writes a report. The same input gives the same bytes: every time in it comes from the documents. O(corners of the map).
pub fn html(input: &ReportInput<'_>) -> String {
    let mut page = Page::new(input.language);
    head(&mut page, input);
    cover(&mut page, input);
    page.raw("<main>\n");
    summary::section(&mut page, input);
    map::section(&mut page, input);
    areas::districts(&mut page, input);
    areas::facilities(&mut page, input);
    hours::section(&mut page, input);
    gaps::section(&mut page, input);
    gaps::audit(&mut page, input);
    method::section(&mut page, input);
    page.raw("</main>\n</body>\n</html>\n");
    page.finish()
}

fn title<'a>(input: &ReportInput<'a>) -> &'a str {
    input.title.unwrap_or_else(|| {
        words::pick(
            input.language,
            "户外劳动者服务站点覆盖评估报告",
            "Coverage of service stations for outdoor workers",
        )
    })
}

fn head(page: &mut Page, input: &ReportInput<'_>) {
    page.raw("<!DOCTYPE html>\n<html lang=\"")
        .say("zh-CN", "en")
        .raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.raw("<meta name=\"generator\" content=\"yizhan\">\n<title>")
        .text(title(input));
    page.raw("</title>\n<style>\n")
        .raw(STYLE)
        .raw("</style>\n</head>\n<body>\n");
    page.raw(bars::DEFINITIONS);
}

fn cover(page: &mut Page, input: &ReportInput<'_>) {
    let preamble = &input.coverage.preamble;
    page.raw("<header>\n<h1>").text(title(input)).raw("</h1>\n");
    let districts = summary::district_names(input);
    if !districts.is_empty() {
        page.raw("<p class=\"districts\">")
            .text(&districts.join(words::pick(input.language, "　", " · ")));
        page.raw("</p>\n");
    }
    let time = words::instant(&preamble.time_stamp, input.language);
    let revision = preamble.revision;
    page.raw("<p class=\"made\">");
    page.text(&match input.language {
        Language::Zh => format!("{time}　登记册版本{revision}"),
        Language::En => format!("{time} · revision {revision} of the register"),
    });
    page.raw("</p>\n");
    let synthetic = preamble.stations.synthetic;
    if synthetic > 0 {
        let (synthetic, registered) = (
            words::decimal(synthetic as f64, 0),
            words::decimal(preamble.stations.registered as f64, 0),
        );
        page.raw("<p class=\"banner\" role=\"note\"><strong>");
        page.say("示例数据", "Synthetic data").raw("</strong> <span>");
        page.text(&match input.language {
            Language::Zh => format!(
                "登记的{registered}个站点中有{synthetic}个是虚构的。本报告只作演示，不得作为决策依据。"
            ),
            Language::En => format!(
                "{synthetic} of the {registered} registered stations are made up. This report is a demonstration; decide \
                 nothing by it."
            ),
        });
        page.raw("</span></p>\n");
    }
    page.raw("<nav aria-label=\"")
        .say("目录", "Contents")
        .raw("\"><ol>");
    for section in Section::ALL {
        let (number, heading) = section.heading(input.language);
        page.raw("<li><a href=\"#").text(section.id()).raw("\">");
        page.text(number).text(heading).raw("</a></li>");
    }
    page.raw("</ol></nav>\n</header>\n");
}
