//! Gaps as text: a ranked list, and below each gap what would close it.

use super::question::{place, push_head};
use super::{area, grouped, listed, owned, percent, push_notes, say, weight_name, weight_value};
use crate::domain::language::Language;
use crate::export::columns::{Align, push_table};
use crate::export::plan::gaps::{GapRow, GapsDocument, Remedy};

/// The most remedies that are named below a gap.
const NAMED_REMEDIES: usize = 3;
/// The most districts that a gap's row names.
const NAMED_DISTRICTS: usize = 2;

/// Writes gaps.
pub fn gaps(document: &GapsDocument, language: Language) -> String {
    let mut out = String::new();
    let title = say(language, "覆盖空白", "Gaps in coverage");
    push_head(&mut out, (title, None), &document.preamble, language);
    out.push('\n');
    out.push_str(&summary(document, language));
    push_gaps(&mut out, document, language);
    push_notes(&mut out, &document.preamble.notes, language);
    out
}

fn summary(document: &GapsDocument, language: Language) -> String {
    let (all, shown) = (document.number_matched, document.gaps.len());
    let counts = match (document.covered_from, language) {
        ("sure", Language::Zh) => "只算确定覆盖的",
        (_, Language::Zh) => "可能覆盖的也算覆盖",
        ("sure", Language::En) => "only what is surely covered counts as covered",
        (_, Language::En) => "what is perhaps covered counts as covered",
    };
    match (language, all) {
        (Language::Zh, 0) => format!("没有空白（{counts}）\n"),
        (Language::En, 0) => format!("No gap ({counts})\n"),
        (Language::Zh, _) => {
            let shown = if shown < all {
                format!("，列出最大的 {shown} 片")
            } else {
                String::new()
            };
            format!("共 {all} 片相连的空白{shown}（{counts}）\n")
        }
        (Language::En, _) => {
            let shown = if shown < all {
                format!(", the largest {shown} are listed")
            } else {
                String::new()
            };
            let s = if all == 1 { "" } else { "s" };
            format!("{all} connected gap{s}{shown} ({counts})\n")
        }
    }
}

fn push_gaps(out: &mut String, document: &GapsDocument, language: Language) {
    if document.gaps.is_empty() {
        return;
    }
    // The area of the cells of an even grid is the area of the gap.
    let weights = document.preamble.demand.weights.iter();
    let weights: Vec<&String> = weights.filter(|name| *name != "area_m2").collect();
    let mut header = match language {
        Language::Zh => owned(&["", "区县"]),
        Language::En => owned(&["", "District"]),
    };
    header.extend(weights.iter().map(|name| weight_name(name, language).to_owned()));
    header.extend(match language {
        Language::Zh => owned(&["面积", "最远（米）", "最远点（经度,纬度）", "离它最近的站点"]),
        Language::En => owned(&[
            "Area",
            "Farthest m",
            "Farthest point (lon,lat)",
            "Station nearest to it",
        ]),
    });
    let mut alignments = vec![Align::Right, Align::Left];
    alignments.extend(weights.iter().map(|_| Align::Right));
    alignments.extend([Align::Right, Align::Right, Align::Left, Align::Left]);
    let mut rows = vec![header];
    rows.extend(document.gaps.iter().map(|gap| row(gap, language)));
    let mut table = String::new();
    push_table(&mut table, &alignments, &rows);
    let mut lines = table.lines();
    if let Some(header) = lines.next() {
        out.push_str(header);
        out.push('\n');
    }
    for (line, gap) in lines.zip(&document.gaps) {
        out.push_str(line);
        out.push('\n');
        for remedy in gap.remedies.iter().take(NAMED_REMEDIES) {
            out.push_str(&remedy_line(remedy, language));
        }
    }
}

fn row(gap: &GapRow, language: Language) -> Vec<String> {
    let mut cells = vec![gap.rank.to_string(), districts(gap, language)];
    let weights = gap.weights.iter().filter(|weight| weight.name != "area_m2");
    cells.extend(weights.map(|weight| weight_value(&weight.name, weight.value)));
    cells.push(area(gap.area_m2));
    match &gap.farthest {
        Some(point) => cells.extend([
            grouped(point.distance_m, 0),
            place(point.lon, point.lat),
            point.nearest_station.name.clone(),
        ]),
        None => cells.extend(["–", "–", "–"].map(str::to_owned)),
    }
    cells
}

/// The districts of a gap, those that hold most of it by name.
fn districts(gap: &GapRow, language: Language) -> String {
    let named = listed(
        gap.districts.get(..NAMED_DISTRICTS).unwrap_or(&gap.districts),
        language,
    );
    let all = gap.districts.len();
    match language {
        _ if all == 0 => "–".to_owned(),
        _ if all <= NAMED_DISTRICTS => named,
        Language::Zh => format!("{named}等 {all} 个"),
        Language::En => format!("{named} and {} more", all - NAMED_DISTRICTS),
    }
}

/// `    → 在此新建一个站点（109.5,18.2）：补上 45.2%（1.20 km²）`.
fn remedy_line(remedy: &Remedy, language: Language) -> String {
    let place = match remedy.place {
        Some([lon, lat]) => match language {
            Language::Zh => format!("（{}）", place(lon, lat)),
            Language::En => format!(" ({})", place(lon, lat)),
        },
        None => String::new(),
    };
    let share = percent(remedy.gain_share);
    let gain = remedy.gain.first();
    let gain = gain
        .map(|gain| weight_value(&gain.name, gain.value))
        .unwrap_or_default();
    match language {
        Language::Zh => format!("    → {}{place}：补上 {share}（{gain}）\n", remedy.text),
        Language::En => format!("    → {}{place}: closes {share} ({gain})\n", remedy.text),
    }
}
