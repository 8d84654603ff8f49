//! From a coverage answer to its document.

use super::coverage::{
    AreaShares, CoverageDocument, CoverageRow, DifferenceRow, DistanceRow, Distances, FacilityRow,
    NamedDistances, PlaceCounts, WeightDifference, WeightShares, WhatIfDocument,
};
use super::preamble::Told;
use crate::locator::Moment;
use crate::planner::coverage::Coverage;
use crate::planner::demand::WeekFactors;
use crate::planner::distances::{self, DistanceFigures};
use crate::planner::hours::hour_of_week;
use crate::planner::shape::{AreaSums, AreaTable};
use crate::planner::tally::{Cover, Tally};

/// Writes a coverage answer. `areas` are the covered areas by outline, where they were worked out.
pub fn coverage(told: &Told<'_>, answer: &Coverage, areas: Option<&AreaTable>) -> CoverageDocument {
    let writer = Writer {
        names: told.weight_names(),
        profile: told.demand.profile().zip(told.question.moment()),
        has_perhaps: told.stations.counts().1 > 0,
    };
    let districts = answer.districts.iter().map(|(position, tally)| {
        let district = told.districts.get(*position as usize);
        let figures = Figures {
            sure: answer.distances.of(*position),
            perhaps: answer.distances_perhaps.of(*position),
        };
        CoverageRow {
            name: district.map(|district| district.name.to_string()),
            adcode: district.and_then(|district| district.adcode.as_deref().map(str::to_owned)),
            ..writer.row(tally, areas.and_then(|areas| areas.of(*position)), figures)
        }
    });
    let overall = Figures {
        sure: Some(&answer.distances.overall),
        perhaps: Some(&answer.distances_perhaps.overall),
    };
    let none = Figures {
        sure: None,
        perhaps: None,
    };
    let facilities = answer.facilities.iter().map(|(facility, tally)| FacilityRow {
        facility: facility.word(),
        name: facility.label(told.language),
        places: place_counts(tally),
        weights: writer.weights(tally),
    });
    CoverageDocument {
        preamble: told.preamble(),
        overall: writer.row(&answer.overall, areas.map(|areas| areas.overall), overall),
        districts: districts.collect(),
        outside: (answer.outside.places() > 0).then(|| writer.row(&answer.outside, None, none)),
        facilities: facilities.collect(),
    }
}

/// What all rows share.
struct Writer<'a> {
    names: Vec<String>,
    /// The time profile and the time asked about, when there are both.
    profile: Option<(&'a WeekFactors, Moment)>,
    has_perhaps: bool,
}

impl Writer<'_> {
    /// A row without a name.
    fn row(&self, tally: &Tally, area: Option<AreaSums>, figures: Figures<'_>) -> CoverageRow {
        CoverageRow {
            name: None,
            adcode: None,
            places: place_counts(tally),
            weights: self.weights(tally),
            area: area.map(area_shares),
            distances: self.distances(figures.sure),
            distances_perhaps: self.has_perhaps.then(|| self.distances(figures.perhaps)),
        }
    }

    /// Each weight, and with a profile and a time the demand of that hour under the name `profile`.
    fn weights(&self, tally: &Tally) -> Vec<WeightShares> {
        let mut shares = weight_shares(&self.names, tally);
        shares.extend(self.profile.map(|(profile, moment)| {
            let hour = hour_of_week(moment.minute);
            let [sure, perhaps, not] = Cover::ALL.map(|cover| profile.sum_at(&tally.of(cover).weights, hour));
            weight_row("profile", [sure, perhaps, not])
        }));
        shares
    }

    fn distances(&self, row: Option<&distances::DistanceRow>) -> Distances {
        let figures = |column: usize| row.and_then(|row| row.weights.get(column).copied().flatten());
        let by_weight = self
            .names
            .iter()
            .enumerate()
            .map(|(column, name)| NamedDistances {
                name: name.clone(),
                figures: figures(column).map(distance_row),
            });
        Distances {
            by_place: row.and_then(|row| row.places).map(distance_row),
            by_weight: by_weight.collect(),
        }
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
#[derive(Clone, Copy)]
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
    let shares = names.iter().enumerate().map(|(column, name)| {
        let parts = Cover::ALL.map(|cover| tally.of(cover).weight(column));
        weight_row(name, parts)
    });
    shares.collect()
}

fn weight_row(name: &str, [sure, perhaps, not]: [f64; 3]) -> WeightShares {
    let total = sure + perhaps + not;
    let share = |part: f64| (total > 0.0).then(|| part / total);
    WeightShares {
        name: name.to_owned(),
        total,
        sure,
        perhaps,
        not,
        sure_share: share(sure),
        perhaps_share: share(perhaps),
        not_share: share(not),
    }
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
