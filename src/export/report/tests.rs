//! What must be true of every report.

use super::input::{Cover, Ground, MapCell, ReportMap};
use super::sample::{Sample, city, shares, small};
use crate::domain::language::Language;

const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];

/// The page's text: markup and style left out.
fn text_of(html: &str) -> String {
    let body = html.split_once("</style>").expect("style").1;
    let pieces = body
        .split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text);
    pieces.collect::<Vec<_>>().join(" ")
}

/// Panics unless every element that is opened is closed in its order.
fn assert_well_formed(html: &str) {
    const VOID: [&str; 3] = ["meta", "br", "!DOCTYPE"];
    let style = html.split_once("<style>").expect("style");
    let body = style.1.split_once("</style>").expect("style").1;
    let markup = format!("{}{body}", style.0);
    let mut open = Vec::new();
    for piece in markup.split('<').skip(1) {
        let tag = piece.split_once('>').expect("a tag ends").0;
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).expect("name");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "in {tag}");
        } else if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn the_same_input_gives_the_same_bytes_and_a_small_page() {
    for language in LANGUAGES {
        let page = city(language).html();
        assert_eq!(page, city(language).html());
        assert!(page.len() < 1_000_000, "{} bytes", page.len());
        assert_well_formed(&page);
    }
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let page = city(Language::Zh).html();
    for forbidden in ["<script", "http:", "https:", "src=", "@import", "<link", "onload"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let urls = page.matches("url(").count();
    assert_eq!(urls, page.matches("url(#").count());
}

#[test]
fn a_text_from_data_is_never_markup() {
    const EVIL: &str = "<img src=x onerror=alert(1)>\"'&\u{0}";
    let mut sample = small(Language::En);
    sample.audit = city(Language::En).audit;
    sample.title = Some(EVIL.to_owned());
    sample.map.stations[0].name = EVIL.to_owned();
    sample.map.districts[0].name = EVIL.to_owned();
    sample.coverage.districts[0].name = Some(EVIL.to_owned());
    sample.coverage.preamble.time_stamp = EVIL.to_owned();
    sample.coverage.preamble.notes[0].text = EVIL.to_owned();
    sample.coverage.preamble.demand.source = EVIL.to_owned();
    sample.coverage.preamble.demand.weights[0] = EVIL.to_owned();
    sample.coverage.overall.weights[0].name = EVIL.to_owned();
    sample.by_hour.hours[0].hour = EVIL.to_owned();
    sample.by_hour.carries[0].name = EVIL.to_owned();
    sample.by_hour.districts[0].name = EVIL.to_owned();
    sample.by_hour.preamble.demand.weights[0] = EVIL.to_owned();
    sample.by_hour.span.first_day = EVIL.to_owned();
    sample.gaps.gaps[0].districts = vec![EVIL.to_owned()];
    sample.gaps.gaps[0].remedies[0].text = EVIL.to_owned();
    sample.gaps.gaps[0].weights[0].name = EVIL.to_owned();
    if let Some(farthest) = &mut sample.gaps.gaps[0].farthest {
        farthest.nearest_station.name = EVIL.to_owned();
    }
    if let Some(audit) = &mut sample.audit {
        audit.standard_en = EVIL.to_owned();
        audit.league[0].district = EVIL.to_owned();
        audit.first_actions[0].id = EVIL.to_owned();
        audit.first_actions[1].name = EVIL.to_owned();
        audit.first_actions[2].text = EVIL.to_owned();
    }
    let page = sample.html();
    assert!(!page.contains("<img") && !page.contains('\0'));
    assert!(
        page.matches("&lt;img").count() >= 20,
        "{}",
        page.matches("&lt;img").count()
    );
    assert_well_formed(&page);
}

#[test]
fn the_english_page_has_no_chinese_of_its_own() {
    let mut sample = small(Language::En);
    sample.audit = city(Language::En).audit;
    if let Some(audit) = &mut sample.audit {
        for row in &mut audit.league {
            row.district = "East".to_owned();
        }
        for action in &mut audit.first_actions {
            action.name = "First".to_owned();
        }
    }
    let text = text_of(&sample.html());
    let chinese: String = text
        .chars()
        .filter(|sign| ('\u{3000}'..='\u{9fff}').contains(sign) || ('\u{ff00}'..='\u{ffef}').contains(sign))
        .collect();
    assert_eq!(chinese, "");
}

/// The latin words that remain on a Chinese page: names and signs.
const LATIN: [&str; 9] = [
    "H3",
    "WGS",
    "GPS",
    "UTC",
    "East",
    "First",
    "Seven",
    "sy",
    "Synthetic",
];

#[test]
fn the_chinese_page_has_no_english_sentence() {
    let text = text_of(&small(Language::Zh).html());
    let words = text.split(|sign: char| !sign.is_ascii_alphanumeric());
    let english: Vec<&str> = words
        .filter(|word| word.chars().any(|sign| sign.is_ascii_alphabetic()) && !LATIN.contains(word))
        .collect();
    assert_eq!(english, Vec::<&str>::new());
}

#[test]
fn sections_come_in_their_order_with_headings_and_captions() {
    let page = city(Language::En).html();
    let mut rest = page.as_str();
    for id in [
        "summary",
        "map",
        "districts",
        "facilities",
        "hours",
        "gaps",
        "audit",
        "method",
    ] {
        let start = format!("<section id=\"{id}\"");
        rest = rest.split_once(&start).expect(id).1;
    }
    assert_eq!(page.matches("<h1").count(), 1);
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count());
    assert_eq!(
        page.matches("<th ").count(),
        page.matches("<th scope=").count(),
        "every heading of a table says what it heads"
    );
}

#[test]
fn figures_are_those_of_the_documents() {
    let mut sample = small(Language::En);
    sample.coverage.overall.weights = vec![shares("riders", 12_345.0, 1_234.5, 100.0)];
    sample.coverage.preamble.demand.weights = vec!["riders".to_owned()];
    let text = text_of(&sample.html());
    for part in [
        "10.0%",
        "0.8%",
        "89.2%",
        "11,010\u{a0}people",
        "833\u{a0}m",
        "revision 12",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let mut sample = small(Language::Zh);
    sample.by_hour.hours[0].weights[0].sure_share = None;
    sample.coverage.preamble.question.reach.k = 2;
    sample.coverage.preamble.question.hour_of_week = Some("mo-04".to_owned());
    sample.coverage.preamble.question.facilities = vec!["toilet"];
    let text = text_of(&sample.html());
    for part in [
        "步行15分钟",
        "至少2个具备卫生间、在周一4时开放的站点",
        "?",
        "2026年11月22日 09:30",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

fn emptied(language: Language) -> Sample {
    let mut sample = small(language);
    sample.map = ReportMap::default();
    sample.coverage.districts.clear();
    sample.coverage.facilities.clear();
    sample.coverage.overall.weights = vec![shares("area_m2", 0.0, 0.0, 0.0)];
    sample.coverage.overall.distances.by_place = None;
    sample.coverage.overall.distances.by_weight.clear();
    sample.coverage.preamble.stations.synthetic = 0;
    sample.by_hour.hours.clear();
    sample.by_hour.worst_hours = vec![99];
    sample.by_hour.districts.clear();
    sample.by_hour.carries.clear();
    sample.gaps.gaps.clear();
    sample.gaps.number_matched = 0;
    sample
}

#[test]
fn an_empty_question_still_gives_a_whole_page() {
    for language in LANGUAGES {
        let page = emptied(language).html();
        assert_well_formed(&page);
        let text = text_of(&page);
        let expected = match language {
            Language::Zh => [
                "没有可以画在地图上的数据",
                "没有发现覆盖空白",
                "没有需求数据",
                "没有区界数据",
            ],
            Language::En => [
                "nothing to draw",
                "No gap was found",
                "there is no demand",
                "There are no districts",
            ],
        };
        for part in expected {
            assert!(text.contains(part), "{part}");
        }
        assert!(!page.contains("NaN") && !page.contains("class=\"banner\""));
    }
}

#[test]
fn each_part_may_be_missing_alone() {
    type Change = fn(&mut Sample);
    let changes: [Change; 7] = [
        |sample| sample.map.stations.clear(),
        |sample| sample.map.districts.clear(),
        |sample| sample.map.ground = Ground::default(),
        |sample| sample.gaps.gaps[0].farthest = None,
        |sample| sample.gaps.gaps[0].remedies.clear(),
        |sample| sample.gaps.gaps[0].outline.clear(),
        |sample| {
            for row in &mut sample.by_hour.hours {
                row.weights.clear();
            }
        },
    ];
    for language in LANGUAGES {
        for change in changes {
            let mut sample = small(language);
            change(&mut sample);
            let page = sample.html();
            assert_well_formed(&page);
            assert!(!page.contains("NaN") && !page.contains("inf"));
        }
    }
}

#[test]
fn many_scattered_places_stay_a_small_page() {
    let mut sample = small(Language::En);
    let places = (0..200_000_u32).map(|number| {
        let (x, y) = (f64::from(number % 500), f64::from(number / 500));
        MapCell {
            ring: vec![[109.0 + x * 4e-5, 18.0 + y * 2.5e-5]],
            cover: [Cover::Sure, Cover::Perhaps, Cover::Not]
                [(number.wrapping_mul(2_654_435_761) >> 20) as usize % 3],
            weight: 1.0,
        }
    });
    sample.map.ground = Ground::Cells(places.collect());
    let page = sample.html();
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
}

/// Writes reports to `target/tmp`, to be looked at as pictures.
#[test]
#[ignore = "writes files for the eye"]
fn reports_are_written_to_be_looked_at() {
    let folder = format!("{}/target/tmp", env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir_all(&folder).unwrap();
    for (language, name) in [(Language::Zh, "zh"), (Language::En, "en")] {
        std::fs::write(format!("{folder}/report-{name}.html"), city(language).html()).unwrap();
        std::fs::write(
            format!("{folder}/report-empty-{name}.html"),
            emptied(language).html(),
        )
        .unwrap();
    }
}
