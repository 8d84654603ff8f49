//! From a coverage answer to its document.

use super::coverage::{
    AreaShares, CoverageDocument, CoverageRow, DifferenceRow, DistanceRow, Distances, FacilityRow,
    NamedDistances, PlaceCounts, WeightDifference, WeightShares, WhatIfDocument,
};
use super::preamble::Told;
use crate::planner::coverage::Coverage;
use crate::planner::distances::{self, DistanceFigures};
use crate::planner::shape::{AreaSums, AreaTable};
use crate::planner::tally::{Cover, Tally};

/// Writes a coverage answer. `areas` are the covered areas by outline, where they were worked out.
pub fn coverage(told: &Told<'_>, answer: &Coverage, areas: Option<&AreaTable>) -> CoverageDocument {
    let names = told.weight_names();
    let has_perhaps = told.stations.counts().1 > 0;
    let row = |place: (Option<String>, Option<String>),
               tally: &Tally,
               area: Option<AreaSums>,
               figures: Figures<'_>| {
        let distances = |row: &distances::DistanceRow| Distances {
            by_place: row.places.map(distance_row),
            by_weight: names
                .iter()
                .zip(&row.weights)
                .map(|(name, figures)| NamedDistances {
                    name: name.clone(),
                    figures: figures.map(distance_row),
                })
                .collect(),
        };
        let nothing = distances::DistanceRow::default();
        CoverageRow {
            name: place.0,
            adcode: place.1,
            places: place_counts(tally),
            weights: weight_shares(&names, tally),
            area: area.map(area_shares),
            distances: distances(figures.sure.unwrap_or(&nothing)),
            distances_perhaps: has_perhaps.then(|| distances(figures.perhaps.unwrap_or(&nothing))),
        }
    };
    let overall = Figures {
        sure: Some(&answer.distances.overall),
        perhaps: Some(&answer.distances_perhaps.overall),
    };
    let districts = answer.districts.iter().map(|(position, tally)| {
        let district = told.districts.get(*position as usize);
        let names = (
            district.map(|district| district.name.to_string()),
            district.and_then(|district| district.adcode.as_deref().map(str::to_owned)),
        );
        let area = areas.and_then(|areas| areas.of(*position));
        row(
            names,
            tally,
            area,
            Figures {
                sure: answer.distances.of(*position),
                perhaps: answer.distances_perhaps.of(*position),
            },
        )
    });
    let none = Figures {
        sure: None,
        perhaps: None,
    };
    CoverageDocument {
        preamble: told.preamble(),
        overall: row(
            (None, None),
            &answer.overall,
            areas.map(|areas| areas.overall),
            overall,
        ),
        districts: districts.collect(),
        outside: (answer.outside.places() > 0).then(|| row((None, None), &answer.outside, None, none)),
        facilities: answer
            .facilities
            .iter()
            .map(|(facility, tally)| FacilityRow {
                facility: facility.word(),
                name: facility.label(told.language),
                places: place_counts(tally),
                weights: weight_shares(&names, tally),
            })
            .collect(),
    }
}

/// Before, after, and what the changes bring.
pub fn what_if(before: CoverageDocument, after: CoverageDocument) -> WhatIfDocument {
    let rows = |document: &CoverageDocument| {
        let districts = document.districts.iter().cloned();
        std::iter::once(document.overall.clone())
            .chain(districts)
            .collect::<Vec<_>>()
    };
    let difference = rows(&before)
        .into_iter()
        .zip(rows(&after))
        .map(|(before, after)| DifferenceRow {
            weights: before
                .weights
                .iter()
                .zip(&after.weights)
                .map(|(before, after)| WeightDifference {
                    name: before.name.clone(),
                    sure: after.sure - before.sure,
                    at_least_perhaps: (after.sure + after.perhaps) - (before.sure + before.perhaps),
                    sure_share: (before.total > 0.0).then(|| (after.sure - before.sure) / before.total),
                })
                .collect(),
            name: before.name,
            adcode: before.adcode,
        });
    WhatIfDocument {
        difference: difference.collect(),
        before,
        after,
    }
}

/// The distances of one area.
struct Figures<'a> {
    sure: Option<&'a distances::DistanceRow>,
    perhaps: Option<&'a distances::DistanceRow>,
}

fn place_counts(tally: &Tally) -> PlaceCounts {
    PlaceCounts {
        total: tally.places(),
        sure: tally.of(Cover::Sure).places,
        perhaps: tally.of(Cover::Perhaps).places,
        not: tally.of(Cover::Not).places,
    }
}

fn weight_shares(names: &[String], tally: &Tally) -> Vec<WeightShares> {
    let shares = names.iter().enumerate().map(|(column, name)| WeightShares {
        name: name.clone(),
        total: tally.total(column),
        sure: tally.of(Cover::Sure).weight(column),
        perhaps: tally.of(Cover::Perhaps).weight(column),
        not: tally.of(Cover::Not).weight(column),
        sure_share: tally.share(Cover::Sure, column),
        perhaps_share: tally.share(Cover::Perhaps, column),
        not_share: tally.share(Cover::Not, column),
    });
    shares.collect()
}

fn area_shares(sums: AreaSums) -> AreaShares {
    let share = |part: f64| (sums.total_m2 > 0.0).then(|| part / sums.total_m2);
    AreaShares {
        total_m2: sums.total_m2,
        sure_m2: sums.sure_m2,
        perhaps_m2: sums.perhaps_m2,
        sure_share: share(sums.sure_m2),
        perhaps_share: share(sums.perhaps_m2),
    }
}

const fn distance_row(figures: DistanceFigures) -> DistanceRow {
    DistanceRow {
        mean_m: figures.mean_m,
        median_m: figures.median_m,
        p90_m: figures.p90_m,
        p99_m: figures.p99_m,
        max_m: figures.max_m,
    }
}
