//! The map, drawn as SVG from the data alone: no tiles, no network.

use geo::{Coord, InteriorPoint as _, LineString, MultiPolygon, Polygon};

use super::ReportInput;
use super::frame::{Frame, Spot, WIDTH};
use super::input::{Ground, MapStation, StationPart};
use super::page::{Page, Section};
use super::shapes::{GroundPaths, path};
use super::words;
use crate::domain::language::Language;
use crate::export::plan::gaps::GapRow;

/// So many gaps are drawn, by rank; the table has them all.
pub(super) const DRAWN_GAPS: usize = 10;
/// Up to so many stations, each has its name for a pointer that rests on it.
const NAMED_STATIONS: usize = 500;
/// A scale bar is at most so long: a quarter of the width.
const MAX_SCALE_BAR: f64 = WIDTH as f64 / 4.0;

/// Writes the section of the map.
pub(super) fn section(page: &mut Page, input: &ReportInput<'_>) {
    page.section(Section::Map);
    match Frame::around(places(input).into_iter()) {
        Some(frame) => {
            figure(page, input, &frame);
        }
        None => {
            page.paragraph(page.pick("没有可以画在地图上的数据。", "There is nothing to draw."));
        }
    }
    page.raw("</section>\n");
}

/// What the frame is put around: the districts, or without them everything else.
fn places(input: &ReportInput<'_>) -> Vec<[f64; 2]> {
    let map = input.map;
    let corners = |outline: &MultiPolygon<f64>| -> Vec<[f64; 2]> {
        let rings = outline.iter().flat_map(|polygon| polygon.exterior().coords());
        rings.map(|corner| [corner.x, corner.y]).collect()
    };
    let mut places: Vec<[f64; 2]> = map
        .districts
        .iter()
        .flat_map(|district| corners(&district.outline))
        .collect();
    if places.is_empty() {
        match &map.ground {
            Ground::Areas { sure, perhaps } => {
                places.extend(corners(sure));
                places.extend(corners(perhaps));
            }
            Ground::Cells(cells) => places.extend(cells.iter().flat_map(|cell| cell.ring.iter().copied())),
        }
        places.extend(map.stations.iter().map(|station| [station.lon, station.lat]));
    }
    places
}

fn figure(page: &mut Page, input: &ReportInput<'_>, frame: &Frame) {
    page.raw("<figure class=\"map\">\n<svg viewBox=\"0 0 ")
        .number(WIDTH);
    page.raw(" ")
        .number(frame.height)
        .raw("\" role=\"img\" aria-labelledby=\"map-name\">\n");
    page.raw("<title id=\"map-name\">")
        .text(&description(input))
        .raw("</title>\n");
    page.raw(
        "<defs><pattern id=\"map-hatch\" width=\"70\" height=\"70\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"70\" height=\"70\" class=\"hatch-ground\"/>\
         <rect width=\"26\" height=\"70\" class=\"hatch-line\"/></pattern></defs>\n",
    );
    ground(page, input, frame);
    for district in &input.map.districts {
        shape(page, "border", &path(&frame.rings(&district.outline)));
    }
    let gaps = input.gaps.gaps.get(..DRAWN_GAPS).unwrap_or(&input.gaps.gaps);
    for gap in gaps {
        shape(page, "gap", &path(&frame.rings(&outline(gap))));
    }
    let outside = stations(page, &input.map.stations, frame);
    let ranks: Vec<(usize, Spot)> = gaps
        .iter()
        .filter_map(|gap| Some((gap.rank, rank_spot(gap, frame)?)))
        .collect();
    names(page, input, frame, &ranks);
    for (rank, (x, y)) in ranks {
        page.raw("<g class=\"rank\" transform=\"translate(")
            .number(x)
            .raw(" ");
        page.number(y).raw(")\"><circle r=\"120\"/><text>");
        page.text(&rank.to_string()).raw("</text></g>\n");
    }
    scale_bar(page, frame);
    page.raw("<g class=\"north\" aria-hidden=\"true\" transform=\"translate(")
        .number(WIDTH - 330);
    page.raw(" 330)\"><path d=\"M0-190L80 90 0 40-80 90z\"/><text y=\"230\">")
        .say("北", "N")
        .raw("</text></g>\n</svg>\n");
    caption(page, input, outside);
    page.raw("</figure>\n");
}

fn description(input: &ReportInput<'_>) -> String {
    let (stations, gaps) = (input.map.stations.len(), input.gaps.number_matched);
    match input.language {
        Language::Zh => format!("覆盖地图：{stations}个站点，{gaps}处覆盖空白；具体数字见后面各表"),
        Language::En => {
            format!("Coverage map: {stations} stations, {gaps} gaps; the tables that follow have the figures")
        }
    }
}

fn ground(page: &mut Page, input: &ReportInput<'_>, frame: &Frame) {
    let map = input.map;
    let whole_district_asked = matches!(map.ground, Ground::Areas { .. });
    for district in &map.districts {
        let class = if whole_district_asked { "not" } else { "land" };
        shape(page, class, &path(&frame.rings(&district.outline)));
    }
    match &map.ground {
        Ground::Areas { sure, perhaps } => {
            shape(page, "perhaps", &path(&frame.rings(perhaps)));
            shape(page, "sure", &path(&frame.rings(sure)));
        }
        Ground::Cells(cells) => {
            let paths = GroundPaths::of(cells, frame);
            shape(page, "not cells", &paths.not);
            shape(page, "perhaps cells", &paths.perhaps);
            shape(page, "sure cells", &paths.sure);
        }
    }
}

/// A path; nothing when it is empty.
fn shape(page: &mut Page, class: &str, data: &str) {
    if !data.is_empty() {
        page.raw("<path class=\"").text(class).raw("\" d=\"").text(data);
        page.raw("\"/>\n");
    }
}

fn outline(gap: &GapRow) -> MultiPolygon<f64> {
    let line = |ring: &Vec<[f64; 2]>| {
        LineString::new(ring.iter().map(|[lon, lat]| Coord { x: *lon, y: *lat }).collect())
    };
    let polygons = gap.outline.iter().filter_map(|rings| {
        let (exterior, holes) = rings.split_first()?;
        Some(Polygon::new(line(exterior), holes.iter().map(line).collect()))
    });
    MultiPolygon::new(polygons.collect())
}

/// Draws the stations and counts those that lie beyond the frame.
fn stations(page: &mut Page, stations: &[MapStation], frame: &Frame) -> usize {
    let mut outside = 0;
    let named = stations.len() <= NAMED_STATIONS;
    // What counts is drawn last, on top.
    for part in [StationPart::Other, StationPart::Perhaps, StationPart::Sure] {
        let mut together = String::new();
        page.raw("<g class=\"station ").raw(class(part)).raw("\">");
        for station in stations.iter().filter(|station| station.part == part) {
            let spot = frame
                .spot([station.lon, station.lat])
                .filter(|spot| frame.holds(*spot));
            match spot {
                None => outside += 1,
                Some(spot) if named => {
                    page.raw("<path d=\"").text(&sign(part, spot)).raw("\"><title>");
                    page.text(&station.name).raw("</title></path>\n");
                }
                Some(spot) => together.push_str(&sign(part, spot)),
            }
        }
        shape(page, "all", &together);
        page.raw("</g>\n");
    }
    outside
}

const fn class(part: StationPart) -> &'static str {
    match part {
        StationPart::Sure => "surely",
        StationPart::Perhaps => "maybe",
        StationPart::Other => "other",
    }
}

/// The sign of a station as path data: a disc, a diamond, a cross.
fn sign(part: StationPart, (x, y): Spot) -> String {
    match part {
        StationPart::Sure => format!("M{} {y}a34 34 0 1 0 68 0a34 34 0 1 0-68 0z", x - 34),
        StationPart::Perhaps => format!("M{x} {}l50 50-50 50-50-50z", y - 50),
        StationPart::Other => format!("M{} {}l64 64m0-64l-64 64", x - 32, y - 32),
    }
}

/// Half the height of a label, and half the width of one letter of a district's name.
const HALF_LABEL: i64 = 110;
const HALF_LETTER: i64 = 95;
/// Where a name may stand, above or below the middle of its district, the best first.
const SHIFTS: [i64; 7] = [0, 260, -260, 520, -520, 780, -780];

/// Writes the districts' names, each where it hides least: no rank, no other name, few stations.
fn names(page: &mut Page, input: &ReportInput<'_>, frame: &Frame, ranks: &[(usize, Spot)]) {
    let stations: Vec<Spot> = input
        .map
        .stations
        .iter()
        .filter_map(|station| frame.spot([station.lon, station.lat]))
        .collect();
    let mut taken: Vec<Spot> = ranks.iter().map(|(_, spot)| *spot).collect();
    for district in &input.map.districts {
        let inside = district.outline.interior_point();
        let Some((x, middle)) = inside.and_then(|point| frame.spot([point.x(), point.y()])) else {
            continue;
        };
        let letters = i64::try_from(district.name.chars().count()).unwrap_or(0);
        let half_width = letters.min(20) * HALF_LETTER;
        let hidden = |y: i64, spots: &[Spot], wide: i64| {
            let under = |spot: &&Spot| (spot.0 - x).abs() < wide && (spot.1 - y).abs() < 2 * HALF_LABEL;
            spots.iter().filter(under).count()
        };
        let best = SHIFTS
            .into_iter()
            .map(|shift| middle + shift)
            .filter(|y| frame.holds((x, y - HALF_LABEL)) && frame.holds((x, y + HALF_LABEL)))
            .min_by_key(|y| {
                let (over, stations) = (
                    hidden(*y, &taken, half_width + 300),
                    hidden(*y, &stations, half_width),
                );
                over * 1000 + stations
            });
        let Some(y) = best else { continue };
        taken.push((x, y));
        page.raw("<text class=\"name\" x=\"").number(x).raw("\" y=\"");
        page.number(y).raw("\">").text(&district.name).raw("</text>\n");
    }
}

/// Where the number of a gap stands: at its farthest point, or somewhere inside.
fn rank_spot(gap: &GapRow, frame: &Frame) -> Option<Spot> {
    let farthest = gap.farthest.as_ref().map(|point| [point.lon, point.lat]);
    let place = farthest.or_else(|| outline(gap).interior_point().map(|point| [point.x(), point.y()]))?;
    frame.spot(place).filter(|spot| frame.holds(*spot))
}

fn scale_bar(page: &mut Page, frame: &Frame) {
    let longest_m = MAX_SCALE_BAR * frame.metres_per_unit();
    let power = 10_f64.powf(longest_m.max(1.0).log10().floor());
    let length_m = [5.0, 2.0]
        .into_iter()
        .map(|step| step * power)
        .find(|length_m| *length_m <= longest_m)
        .unwrap_or(power);
    let width = super::frame::whole(length_m / frame.metres_per_unit());
    let text = match (length_m >= 1000.0, units_of_length(page)) {
        (true, (kilometres, _)) => format!("{} {kilometres}", words::decimal(length_m / 1000.0, 0)),
        (false, (_, metres)) => format!("{} {metres}", words::decimal(length_m, 0)),
    };
    page.raw("<g class=\"scale\" aria-hidden=\"true\" transform=\"translate(200 ")
        .number(frame.height - 170);
    page.raw(")\"><path d=\"M0-60v60h")
        .number(width)
        .raw("v-60\"/><text x=\"")
        .number(width / 2);
    page.raw("\" y=\"-75\">").text(&text).raw("</text></g>\n");
}

const fn units_of_length(page: &Page) -> (&'static str, &'static str) {
    (page.pick("公里", "km"), page.pick("米", "m"))
}

/// The signs of the legend: SVG inside 26 × 16 pixels.
const SWATCHES: [(&str, &str, &str); 8] = [
    (
        "<rect class=\"sure\" width=\"26\" height=\"16\"/>",
        "确定覆盖",
        "surely covered",
    ),
    (
        "<rect fill=\"url(#bar-hatch)\" width=\"26\" height=\"16\"/>",
        "可能覆盖（开放时间或设施不详）",
        "perhaps covered (hours or facilities not known)",
    ),
    (
        "<rect class=\"not\" width=\"26\" height=\"16\"/>",
        "未覆盖",
        "not covered",
    ),
    (
        "<rect class=\"land\" width=\"26\" height=\"16\"/>",
        "没有需求数据",
        "no demand there",
    ),
    (
        "<path class=\"gap\" d=\"M2 2h22v12h-22z\"/>",
        "覆盖空白，数字为名次",
        "gap; the number is its rank",
    ),
    (
        "<g class=\"station surely\"><circle cx=\"13\" cy=\"8\" r=\"4.5\"/></g>",
        "符合条件的站点",
        "station that counts",
    ),
    (
        "<g class=\"station maybe\"><path d=\"M13 2l6 6-6 6-6-6z\"/></g>",
        "可能符合条件的站点",
        "station that perhaps counts",
    ),
    (
        "<g class=\"station other\"><path d=\"M9 4l8 8m0-8l-8 8\"/></g>",
        "不符合条件的站点",
        "station that does not count",
    ),
];

/// Position of the land without demand among the signs.
const LAND: usize = 3;

fn caption(page: &mut Page, input: &ReportInput<'_>, outside: usize) {
    let even = input.coverage.preamble.demand.kind == "even_grid";
    let land_is_asked = even || matches!(input.map.ground, Ground::Areas { .. });
    page.raw("<figcaption><ul class=\"legend\">\n");
    for ((picture, zh, en), position) in SWATCHES.into_iter().zip(0_usize..) {
        if position == LAND && land_is_asked {
            continue;
        }
        page.raw("<li><svg width=\"26\" height=\"16\" aria-hidden=\"true\">")
            .raw(picture);
        page.raw("</svg> ").say(zh, en).raw("</li>\n");
    }
    page.raw("</ul>\n");
    let mut notes = Vec::new();
    if input.gaps.gaps.len() > DRAWN_GAPS {
        notes.push(match input.language {
            Language::Zh => format!("图上只画出前{DRAWN_GAPS}处空白，其余见“覆盖空白”一节的表。"),
            Language::En => {
                format!("Only the first {DRAWN_GAPS} gaps are drawn; the table of gaps has the others.")
            }
        });
    }
    if outside > 0 {
        notes.push(match input.language {
            Language::Zh => format!("另有{outside}个站点在图幅之外。"),
            Language::En => format!("{outside} more stations lie beyond the map."),
        });
    }
    for note in notes {
        page.paragraph(&note);
    }
    page.raw("</figcaption>\n");
}
