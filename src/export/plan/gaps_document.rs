//! From gaps to their document.

use super::gaps::{FarthestPoint, GapRow, GapsDocument, NamedWeight, StationName};
use super::preamble::Told;
use crate::domain::facility::Facility;
use crate::domain::language::Language;
use crate::domain::station::Status;
use crate::planner::base::Cells;
use crate::planner::gaps::{Gap, Gaps};
use crate::planner::outline::Outliner;
use crate::planner::remedies::{Action, Remedy};
use crate::planner::stations::{Certainty, Obstacle};
use crate::planner::tally::Sums;

/// Writes gaps.
pub fn gaps(told: &Told<'_>, answer: &Gaps, covered_from: Certainty, cells: &Cells) -> GapsDocument {
    let mut outliner = Outliner::new(&cells.graph);
    let mut row = |(gap, rank): (&Gap, usize)| GapRow {
        rank,
        districts: gap
            .districts
            .iter()
            .filter_map(|(position, _)| told.districts.get(*position as usize))
            .map(|district| district.name.to_string())
            .collect(),
        places: gap.sums.places,
        weights: named(told, &gap.sums),
        area_m2: gap.area_m2,
        farthest: gap.farthest.and_then(|point| {
            let position = point.station as usize;
            let station = told.stations.stations().get(position)?;
            Some(FarthestPoint {
                lon: degrees(point.place.lon_deg()),
                lat: degrees(point.place.lat_deg()),
                distance_m: point.distance.get(),
                nearest_station: station_name(told, station.ordinal),
            })
        }),
        remedies: gap
            .remedies
            .iter()
            .map(|found| remedy(told, found, &gap.sums))
            .collect(),
        outline: rings(&outliner.outline(&gap.piece.cells)),
    };
    GapsDocument {
        preamble: told.preamble(),
        covered_from: match covered_from {
            Certainty::Sure => "sure",
            Certainty::Perhaps => "perhaps",
        },
        number_matched: answer.matched,
        gaps: answer.largest.iter().zip(1..).map(&mut row).collect(),
    }
}

fn remedy(told: &Told<'_>, remedy: &Remedy, gap: &Sums) -> super::gaps::Remedy {
    let total = gap.weight(0);
    let share = (total > 0.0).then(|| remedy.gain.weight(0) / total);
    let (action, station, place, facilities) = match remedy.action {
        Action::NewStation(place) => {
            let place = [degrees(place.lon_deg()), degrees(place.lat_deg())];
            ("new_station", None, Some(place), Vec::new())
        }
        Action::Lift(ordinal, obstacle) => {
            let lacks = obstacle.lacks.iter().map(Facility::word).collect();
            (
                lift_word(obstacle),
                Some(station_name(told, ordinal)),
                None,
                lacks,
            )
        }
    };
    super::gaps::Remedy {
        text: sentence(told, remedy.action),
        action,
        station,
        place,
        facilities,
        gain: named(told, &remedy.gain),
        gain_share: share,
    }
}

const fn lift_word(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle { not_known: true, .. } => "check",
        Obstacle {
            closed_then: true, ..
        } => "longer_hours",
        Obstacle { status: Some(_), .. } => "back_in_service",
        _ => "facilities",
    }
}

fn sentence(told: &Told<'_>, action: Action) -> String {
    let (ordinal, obstacle) = match action {
        Action::NewStation(_) => return told.say("在此新建一个站点", "a new station here"),
        Action::Lift(ordinal, obstacle) => (ordinal, obstacle),
    };
    let name = station_name(told, ordinal).name;
    let labels = |between: &str| {
        let labels: Vec<&str> = obstacle
            .lacks
            .iter()
            .map(|facility| facility.label(told.language))
            .collect();
        labels.join(between)
    };
    match (lift_word(obstacle), told.language) {
        ("check", Language::Zh) => format!("向“{name}”核实设施和开放时间"),
        ("check", Language::En) => format!("find out the facilities and hours of {name}"),
        ("longer_hours", Language::Zh) => format!("“{name}”在这个时间也开放"),
        ("longer_hours", Language::En) => format!("{name} is open at this time, too"),
        ("facilities", Language::Zh) => format!("“{name}”配备{}", labels("、")),
        ("facilities", Language::En) => format!("{name} gets {}", labels(", ")),
        (_, Language::Zh) if obstacle.status == Some(Status::Planned) => format!("规划中的“{name}”建成开放"),
        (_, Language::En) if obstacle.status == Some(Status::Planned) => {
            format!("{name}, which is planned, opens")
        }
        (_, Language::Zh) => format!("暂停的“{name}”恢复开放"),
        (_, Language::En) => format!("{name}, which is suspended, opens again"),
    }
}

fn station_name(told: &Told<'_>, ordinal: u32) -> StationName {
    let station = told.snapshot.stations().get(ordinal as usize);
    StationName {
        id: station
            .map(|station| station.id.as_str().to_owned())
            .unwrap_or_default(),
        name: station
            .map(|station| station.name.to_string())
            .unwrap_or_default(),
    }
}

fn named(told: &Told<'_>, sums: &Sums) -> Vec<NamedWeight> {
    let names = told.weight_names().into_iter().enumerate();
    let weights = names.map(|(column, name)| NamedWeight {
        name,
        value: sums.weight(column),
    });
    weights.collect()
}

/// Degrees with six decimals, as every answer has them.
fn degrees(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

fn rings(outline: &geo::MultiPolygon<f64>) -> Vec<Vec<Vec<[f64; 2]>>> {
    let ring = |ring: &geo::LineString<f64>| {
        let corners = ring.coords().map(|corner| [degrees(corner.x), degrees(corner.y)]);
        corners.collect::<Vec<_>>()
    };
    let polygon = |polygon: &geo::Polygon<f64>| {
        let holes = polygon.interiors().iter().map(ring);
        std::iter::once(ring(polygon.exterior()))
            .chain(holes)
            .collect::<Vec<_>>()
    };
    outline.iter().map(polygon).collect()
}
