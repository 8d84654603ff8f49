//! The made-up city's answers by hour, its gaps and its audit.

use super::frame::whole;
use super::input::{AuditSummary, Cover, FirstAction, LeagueRow, MapCell, ReportMap};
use super::sample::{CELL_AREA_M2, distance_m, say};
use super::shapes::join;
use crate::domain::language::Language;
use crate::export::plan::by_hour::{
    ByHourDocument, CarryRow, DayInfo, DistrictHours, HourRow, HourShares, SpanInfo,
};
use crate::export::plan::coverage::{CoverageDocument, CoverageRow};
use crate::export::plan::gaps::{FarthestPoint, GapRow, GapsDocument, NamedWeight, Remedy, StationName};
use crate::export::plan::question::Preamble;

pub(super) fn by_hour(preamble: &Preamble, coverage: &CoverageDocument) -> ByHourDocument {
    let hours = |row: &CoverageRow| -> Vec<HourRow> {
        let (sure, perhaps) = (
            row.weights[0].sure_share.unwrap_or(0.0),
            row.weights[0].perhaps_share,
        );
        let days = ["mo", "tu", "we", "th", "fr", "sa", "su"].iter().zip(0..);
        days.flat_map(|(day, number)| {
            (0..24).map(move |clock| {
                let awake = (1.0 - (f64::from(clock - 14) / 11.0).powi(2)).max(0.02);
                let weekend = if number >= 5 { 0.6 } else { 1.0 };
                HourRow {
                    profile: None,
                    hour: format!("{day}-{clock:02}"),
                    weights: vec![HourShares {
                        sure_share: Some(sure * awake * weekend),
                        perhaps_share: perhaps,
                    }],
                }
            })
        })
        .collect()
    };
    let all = hours(&coverage.overall);
    let mut worst: Vec<usize> = (0..all.len()).collect();
    worst.sort_by(|a, b| {
        let share = |at: &usize| all[*at].weights[0].sure_share.unwrap_or(0.0);
        share(a).total_cmp(&share(b))
    });
    ByHourDocument {
        preamble: preamble.clone(),
        span: SpanInfo {
            kind: "ordinary_week",
            first_day: "2026-11-23".to_owned(),
            days: (23..30)
                .map(|day| DayInfo {
                    date: format!("2026-11-{day}"),
                    kind: if day < 28 { "workday" } else { "weekend" },
                    holiday: None,
                })
                .collect(),
        },
        districts: coverage
            .districts
            .iter()
            .map(|row| DistrictHours {
                name: row.name.clone().unwrap_or_default(),
                adcode: None,
                hours: hours(row),
            })
            .collect(),
        hours: all,
        worst_hours: worst.into_iter().take(10).collect(),
        carries: vec![CarryRow {
            id: "sy-007".to_owned(),
            name: "Seven".to_owned(),
            worst_hour: 4,
            lost: vec![2.1e6],
            hours: 168,
        }],
    }
}

pub(super) fn gaps(
    language: Language,
    preamble: &Preamble,
    map: &ReportMap,
    parts: &[(String, Vec<MapCell>)],
) -> GapsDocument {
    let mut gaps = Vec::new();
    for (name, cells) in parts {
        let open: Vec<&MapCell> = cells.iter().filter(|cell| cell.cover == Cover::Not).collect();
        let Some(seed) = open.get(open.len() / 2).map(|cell| cell.ring[0]) else {
            continue;
        };
        let near: Vec<Vec<(i64, i64)>> = open
            .iter()
            .filter(|cell| distance_m(cell.ring[0], seed) < 5_500.0)
            .map(|cell| cell.ring.iter().map(|place| place.map(micro).into()).collect())
            .collect();
        gaps.push(gap(language, name, &near, map, seed));
    }
    gaps.sort_by(|a, b| b.area_m2.total_cmp(&a.area_m2));
    for (gap, rank) in gaps.iter_mut().zip(1..) {
        gap.rank = rank;
    }
    GapsDocument {
        preamble: preamble.clone(),
        covered_from: "perhaps",
        number_matched: gaps.len(),
        gaps,
    }
}

fn gap(language: Language, name: &str, near: &[Vec<(i64, i64)>], map: &ReportMap, seed: [f64; 2]) -> GapRow {
    let area_m2 = near.len() as f64 * CELL_AREA_M2;
    let nearest_station = StationName {
        id: "sy-001".to_owned(),
        name: map
            .stations
            .first()
            .map_or_else(String::new, |station| station.name.clone()),
    };
    let named = |value| {
        vec![NamedWeight {
            name: "area_m2".to_owned(),
            value,
        }]
    };
    let remedy = |action, station: Option<&StationName>, place, text: String, share: f64| Remedy {
        action,
        station: station.cloned(),
        place,
        facilities: Vec::new(),
        gain: named(area_m2 * share),
        gain_share: Some(share),
        text,
    };
    let longer = match language {
        Language::Zh => format!("“{}”在这个时间也开放", nearest_station.name),
        Language::En => format!("{} is open at this time, too", nearest_station.name),
    };
    GapRow {
        rank: 0,
        districts: vec![name.to_owned()],
        places: near.len() as u64,
        weights: named(area_m2),
        area_m2,
        farthest: Some(FarthestPoint {
            lon: seed[0],
            lat: seed[1],
            distance_m: 11_234.5,
            nearest_station: nearest_station.clone(),
        }),
        remedies: vec![
            remedy(
                "new_station",
                None,
                Some(seed),
                say(language, "在此新建一个站点", "a new station here"),
                0.143,
            ),
            remedy("longer_hours", Some(&nearest_station), None, longer, 0.02),
        ],
        outline: outline(near),
    }
}

fn outline(near: &[Vec<(i64, i64)>]) -> Vec<Vec<Vec<[f64; 2]>>> {
    join(near.iter().map(Vec::as_slice))
        .into_iter()
        .map(|ring| {
            vec![
                ring.into_iter()
                    .map(|(x, y)| [x as f64 / 1e6, y as f64 / 1e6])
                    .collect(),
            ]
        })
        .collect()
}

fn micro(degrees: f64) -> i64 {
    whole(degrees * 1e6)
}

pub(super) fn audit(language: Language, map: &ReportMap) -> AuditSummary {
    let league = map.districts.iter().zip(1..);
    AuditSummary {
        standard_zh: "三亚“十个一”".to_owned(),
        standard_en: "Sanya, ten items".to_owned(),
        pass: 41,
        fail: 22,
        unknown: 11,
        league: league
            .map(|(district, number)| LeagueRow {
                district: district.name.clone(),
                stations: 18 + number,
                sure_pass_share: Some(0.8 / number as f64),
                possible_pass_share: Some(0.8 / number as f64 + 0.12),
            })
            .collect(),
        first_actions: map
            .stations
            .iter()
            .take(4)
            .map(|station| FirstAction {
                id: "sy-001".to_owned(),
                name: station.name.clone(),
                text: say(
                    language,
                    "核实有没有急救箱",
                    "find out whether there is a first-aid kit",
                ),
            })
            .collect(),
    }
}
