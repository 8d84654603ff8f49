//! A made-up city for the tests of the report: the bundled districts and stations under a coarse grid.

use geo::{Contains as _, MultiPolygon, Point};

use super::input::{
    AuditSummary, Cover, Ground, MapCell, MapDistrict, MapStation, ReportInput, ReportMap, StationPart,
};
use super::sample_answers::{audit, by_hour, gaps};
use crate::domain::facility::Facility;
use crate::domain::language::Language;
use crate::export::plan::by_hour::ByHourDocument;
use crate::export::plan::coverage::{
    CoverageDocument, CoverageRow, DistanceRow, Distances, FacilityRow, NamedDistances, PlaceCounts,
    WeightShares,
};
use crate::export::plan::gaps::GapsDocument;
use crate::export::plan::question::{DemandInfo, Note, Preamble, Question, ReachInfo, StationCounts};

/// Size of a cell, metres from the centre to a corner, and its area.
const CELL_M: f64 = 300.0;
pub(super) const CELL_AREA_M2: f64 = 2.598 * CELL_M * CELL_M;
const RADIUS_M: f64 = 833.333;
const DEGREE_M: f64 = 111_195.0;

/// Everything that a report needs, owned.
pub(super) struct Sample {
    pub title: Option<String>,
    pub language: Language,
    pub coverage: CoverageDocument,
    pub by_hour: ByHourDocument,
    pub gaps: GapsDocument,
    pub audit: Option<AuditSummary>,
    pub map: ReportMap,
}

impl Sample {
    pub fn input(&self) -> ReportInput<'_> {
        ReportInput {
            title: self.title.as_deref(),
            language: self.language,
            coverage: &self.coverage,
            by_hour: &self.by_hour,
            gaps: &self.gaps,
            audit: self.audit.as_ref(),
            map: &self.map,
        }
    }

    pub fn html(&self) -> String {
        super::html(&self.input())
    }
}

/// The Chinese or English text.
pub(super) fn say(language: Language, zh: &str, en: &str) -> String {
    match language {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
    }
}

/// A small city with one square district, one station and two cells, without an audit.
pub(super) fn small(language: Language) -> Sample {
    let square = |west: f64, east: f64| vec![[west, 18.0], [east, 18.0], [east, 18.01], [west, 18.01]];
    let cell = |ring: Vec<[f64; 2]>, cover| MapCell {
        ring,
        cover,
        weight: 1.0,
    };
    let cells = vec![
        cell(square(109.0, 109.01), Cover::Sure),
        cell(square(109.01, 109.02), Cover::Not),
    ];
    let outline: geo::Polygon<f64> = geo::Rect::new(
        geo::coord! { x: 109.0, y: 18.0 },
        geo::coord! { x: 109.02, y: 18.01 },
    )
    .to_polygon();
    let map = ReportMap {
        districts: vec![MapDistrict {
            name: "East".to_owned(),
            outline: outline.into(),
        }],
        stations: vec![MapStation {
            name: "First".to_owned(),
            lon: 109.005,
            lat: 18.005,
            part: StationPart::Sure,
        }],
        ground: Ground::Cells(cells.clone()),
    };
    documents(language, map, &[("East".to_owned(), cells)])
}

/// The bundled demo city.
pub(super) fn city(language: Language) -> Sample {
    let read = |name: &str| -> serde_json::Value {
        let path = format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).expect("bundled file")).expect("JSON")
    };
    let features = |value: &serde_json::Value| value["features"].as_array().expect("features").clone();
    let mut districts = Vec::new();
    for feature in features(&read("districts.geojson")) {
        let geometry =
            serde_json::from_value::<geojson::Geometry>(feature["geometry"].clone()).expect("geometry");
        districts.push(MapDistrict {
            name: feature["properties"]["name"].as_str().expect("name").to_owned(),
            outline: MultiPolygon::try_from(geometry).expect("polygons"),
        });
    }
    let mut stations = Vec::new();
    for (feature, number) in features(&read("demo_city.geojson")).iter().zip(0..) {
        let place = &feature["geometry"]["coordinates"];
        stations.push(MapStation {
            name: feature["properties"]["name"].as_str().expect("name").to_owned(),
            lon: place[0].as_f64().expect("lon"),
            lat: place[1].as_f64().expect("lat"),
            part: match number % 9 {
                2 => StationPart::Perhaps,
                5 => StationPart::Other,
                _ => StationPart::Sure,
            },
        });
    }
    let parts: Vec<(String, Vec<MapCell>)> = districts
        .iter()
        .map(|district| (district.name.clone(), cells(district, &stations)))
        .collect();
    let all = parts.iter().flat_map(|part| part.1.clone()).collect();
    let map = ReportMap {
        districts,
        stations,
        ground: Ground::Cells(all),
    };
    let mut sample = documents(language, map, &parts);
    sample.title = Some(say(
        language,
        "三亚市户外劳动者服务站点覆盖评估报告",
        "Sanya: coverage of service stations for outdoor workers",
    ));
    sample.audit = Some(audit(language, &sample.map));
    sample
}

pub(super) fn distance_m(a: [f64; 2], b: [f64; 2]) -> f64 {
    let east = (a[0] - b[0]) * 18.3_f64.to_radians().cos();
    east.hypot(a[1] - b[1]) * DEGREE_M
}

fn cells(district: &MapDistrict, stations: &[MapStation]) -> Vec<MapCell> {
    let (high, wide) = (CELL_M / DEGREE_M, CELL_M / DEGREE_M / 18.3_f64.to_radians().cos());
    let half = 3.0_f64.sqrt() / 2.0;
    let mut cells = Vec::new();
    for row in 0..130 {
        for column in 0..190 {
            let shift = if row % 2 == 0 { 0.0 } else { half * wide };
            let centre = [
                108.9 + f64::from(column) * 2.0 * half * wide + shift,
                18.1 + f64::from(row) * 1.5 * high,
            ];
            if !district.outline.contains(&Point::new(centre[0], centre[1])) {
                continue;
            }
            let within = |part: StationPart| {
                let mut of_part = stations.iter().filter(move |station| station.part == part);
                of_part.any(|station| distance_m(centre, [station.lon, station.lat]) <= RADIUS_M)
            };
            let corners = [
                (0.0, 1.0),
                (half, 0.5),
                (half, -0.5),
                (0.0, -1.0),
                (-half, -0.5),
                (-half, 0.5),
            ];
            cells.push(MapCell {
                ring: corners
                    .map(|(x, y)| [centre[0] + x * wide, centre[1] + y * high])
                    .to_vec(),
                cover: if within(StationPart::Sure) {
                    Cover::Sure
                } else if within(StationPart::Perhaps) {
                    Cover::Perhaps
                } else {
                    Cover::Not
                },
                weight: CELL_AREA_M2,
            });
        }
    }
    cells
}

fn counts(cells: &[MapCell]) -> PlaceCounts {
    let of = |cover| cells.iter().filter(|cell| cell.cover == cover).count() as u64;
    PlaceCounts {
        total: cells.len() as u64,
        sure: of(Cover::Sure),
        perhaps: of(Cover::Perhaps),
        not: of(Cover::Not),
    }
}

pub(super) fn shares(name: &str, total: f64, sure: f64, perhaps: f64) -> WeightShares {
    let share = |part: f64| (total > 0.0).then(|| part / total);
    WeightShares {
        name: name.to_owned(),
        total,
        sure,
        perhaps,
        not: total - sure - perhaps,
        sure_share: share(sure),
        perhaps_share: share(perhaps),
        not_share: share(total - sure - perhaps),
    }
}

fn row(name: Option<&str>, cells: &[MapCell]) -> CoverageRow {
    let places = counts(cells);
    let figures = DistanceRow {
        mean_m: 4120.4,
        median_m: 3456.7,
        p90_m: 9876.5,
        p99_m: 14_002.0,
        max_m: 16_543.2,
    };
    let area = |number: u64| number as f64 * CELL_AREA_M2;
    CoverageRow {
        name: name.map(str::to_owned),
        adcode: None,
        places,
        weights: vec![shares(
            "area_m2",
            area(places.total),
            area(places.sure),
            area(places.perhaps),
        )],
        area: None,
        distances: Distances {
            by_place: Some(figures),
            by_weight: vec![NamedDistances {
                name: "area_m2".to_owned(),
                figures: Some(figures),
            }],
        },
        distances_perhaps: None,
    }
}

fn documents(language: Language, map: ReportMap, parts: &[(String, Vec<MapCell>)]) -> Sample {
    let all: Vec<MapCell> = parts.iter().flat_map(|part| part.1.clone()).collect();
    let preamble = preamble(language, &map, all.len());
    let overall = row(None, &all);
    let facilities = Facility::ALL.iter().take(8).zip(1..);
    let coverage = CoverageDocument {
        preamble: preamble.clone(),
        facilities: facilities
            .map(|(facility, number)| {
                let all = &overall.weights[0];
                FacilityRow {
                    facility: facility.word(),
                    name: facility.label(language),
                    places: overall.places,
                    weights: vec![shares(
                        &all.name,
                        all.total,
                        all.sure / f64::from(number),
                        all.sure * (1.0 - 1.0 / f64::from(number)) / 2.0,
                    )],
                }
            })
            .collect(),
        overall,
        districts: parts.iter().map(|(name, cells)| row(Some(name), cells)).collect(),
        outside: None,
    };
    Sample {
        title: None,
        language,
        by_hour: by_hour(&preamble, &coverage),
        gaps: gaps(language, &preamble, &map, parts),
        coverage,
        audit: None,
        map,
    }
}

fn preamble(language: Language, map: &ReportMap, places: usize) -> Preamble {
    let of = |part| map.stations.iter().filter(|station| station.part == part).count();
    Preamble {
        revision: 12,
        time_stamp: "2026-11-22T09:30:00+08:00".to_owned(),
        datum: "wgs84",
        question: Question {
            reach: ReachInfo {
                radius_m: RADIUS_M,
                minutes: Some(15.0),
                mode: Some("walk"),
                method: Some("straight_line_x_detour"),
                speed_m_s: Some(1.25),
                detour_factor: Some(1.35),
                k: 1,
            },
            at: None,
            hour_of_week: None,
            facilities: Vec::new(),
            facilities_any: Vec::new(),
            hosts: None,
            status: vec!["open"],
            district: None,
        },
        demand: DemandInfo {
            kind: "even_grid",
            source: "H3 9".to_owned(),
            places,
            weights: vec!["area_m2".to_owned()],
        },
        stations: StationCounts {
            registered: map.stations.len(),
            synthetic: map.stations.len(),
            sure: of(StationPart::Sure),
            perhaps: of(StationPart::Perhaps),
        },
        notes: vec![Note {
            code: "even_grid",
            count: None,
            text: say(
                language,
                "没有给出需求数据，按均匀网格估算",
                "no demand was given; an even grid stands for it",
            ),
        }],
    }
}
