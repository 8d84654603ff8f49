//! Gaps: connected pieces of what is not covered, the largest first, each with what would close it.

use rayon::prelude::*;

use super::base::{Cells, PlanBase};
use super::coverage::{CoverageAsk, Group};
use super::farthest::{FarthestPoint, farthest_point};
use super::labels::Labels;
use super::pieces::{NotACell, Piece};
use super::remedies::{self, Remedy};
use super::stations::{Certainty, NearMiss, PlanStation};
use super::tally::Sums;
use super::watch::{Cancelled, Watch};
use crate::index::envelope::Traits;
use crate::index::{Entry, NearestAsk, Origin, StationIndex};

/// Most gaps in one answer.
pub const MAX_GAPS: usize = 1_000;

/// What is asked of the gaps.
#[derive(Debug, Clone, Copy)]
pub struct GapsAsk<'a> {
    /// What is asked of coverage.
    pub coverage: CoverageAsk<'a>,
    /// From which certainty on a place counts as covered.
    pub covered_from: Certainty,
    /// Stations that would count without one obstacle.
    pub near_misses: &'a [NearMiss],
    /// At most this many gaps, the largest.
    pub limit: usize,
}

/// A connected piece of what is not covered.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The uncovered places and their cells.
    pub piece: Piece,
    /// What is not covered.
    pub sums: Sums,
    /// The area of its cells, m².
    pub area_m2: f64,
    /// By district, as positions of the demand's areas: what is not covered; most of the first weight first.
    pub districts: Vec<(u32, Sums)>,
    /// The point of it that is farthest from every station that counts, which is named by its position among the
    /// question's stations; `None` without stations.
    pub farthest: Option<FarthestPoint>,
    /// What would close it, most of the first weight first.
    pub remedies: Vec<Remedy>,
}

/// The gaps of a coverage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gaps {
    /// How many there are.
    pub matched: usize,
    /// The largest: by the first weight, then by area, then by the first cell.
    pub largest: Vec<Gap>,
}

/// Why gaps cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GapsError {
    /// Nobody waits for them.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The demand has a cell that is none.
    #[error(transparent)]
    NotACell(#[from] NotACell),
}

impl GapsAsk<'_> {
    /// Finds the gaps: one pass over the places for what reaches them, and one over the cells that are not covered.
    pub fn answer(&self, base: &PlanBase, watch: &Watch) -> Result<Gaps, GapsError> {
        let cells = base.cells()?;
        let reached = self.coverage.reached(watch)?;
        let groups = self.coverage.groups();
        let places = reached.par_iter().enumerate();
        let is_uncovered = places.map(|(place, reached)| {
            matches!(groups.of(place), Group::District(_)) && self.counting(*reached) < self.coverage.reach.k
        });
        let labels = Labels::of(&cells.graph, is_uncovered.collect());
        watch.advance(0)?;
        let pieces = labels.gather(&self.largest(&labels, cells));
        let (index, positions) = self.index();
        let measured = pieces.into_par_iter().map(|piece| {
            let farthest = farthest_point(&cells.graph, &piece.cells, |place| {
                let hit = *index
                    .nearest(&Origin::from(place), &NearestAsk::ONE, |_| true)
                    .first()?;
                Some((positions[index.ordinal(hit.slot) as usize], hit.distance))
            });
            watch.advance(0)?;
            Ok(self.measured(piece, farthest, cells))
        });
        let mut gaps = measured.collect::<Result<Vec<Gap>, Cancelled>>()?;
        let found = remedies::find(self, cells, (&gaps, &reached), watch)?;
        for (gap, remedies) in gaps.iter_mut().zip(found) {
            gap.remedies = remedies;
        }
        Ok(Gaps {
            matched: labels.count(),
            largest: gaps,
        })
    }

    /// How many of the stations that reach a place count, of those that surely and of those that perhaps match.
    pub(super) const fn counting(&self, (sure, perhaps): (u8, u8)) -> u8 {
        match self.covered_from {
            Certainty::Sure => sure,
            Certainty::Perhaps => perhaps,
        }
    }

    /// The stations that count, for the distance of any point.
    fn index(&self) -> (StationIndex, Vec<u32>) {
        let stations = self.coverage.stations.stations().iter().zip(0_u32..);
        let counting = stations.filter(|(station, _)| station.certainty <= self.covered_from);
        let entry = |(station, position): (&PlanStation, u32)| {
            let entry = Entry {
                place: station.place,
                traits: Traits::PLACE_ONLY,
            };
            (entry, position)
        };
        let (entries, positions): (Vec<Entry>, Vec<u32>) = counting.map(entry).unzip();
        (StationIndex::build(&entries), positions)
    }

    /// The numbers of the largest pieces: by the first weight, then by area, then by the first cell.
    fn largest(&self, labels: &Labels<'_>, cells: &Cells) -> Vec<u32> {
        let mut sizes = vec![(0.0, 0.0); labels.count()];
        let first_weight = self.coverage.demand.weights().first();
        for (place, piece) in labels.places() {
            sizes[piece as usize].0 += first_weight.map_or(0.0, |column| column.values[place as usize]);
        }
        for (cell, piece) in labels.cells() {
            sizes[piece as usize].1 += cells.areas_m2[cell as usize];
        }
        let by_size = |a: &u32, b: &u32| {
            let ((weight, area_m2), (other_weight, other_area_m2)) = (sizes[*a as usize], sizes[*b as usize]);
            let weights = other_weight.total_cmp(&weight);
            weights.then(other_area_m2.total_cmp(&area_m2)).then(a.cmp(b))
        };
        let mut largest: Vec<u32> = (0..).take(labels.count()).collect();
        if self.limit < largest.len() {
            largest.select_nth_unstable_by(self.limit, by_size);
            largest.truncate(self.limit);
        }
        largest.sort_unstable_by(by_size);
        largest
    }

    fn measured(&self, piece: Piece, farthest: Option<FarthestPoint>, cells: &Cells) -> Gap {
        let weights = self.coverage.demand.weights().iter();
        let places = || piece.places.iter().map(|place| *place as usize);
        let areas_m2 = piece.cells.iter().map(|cell| cells.areas_m2[*cell as usize]);
        Gap {
            sums: Sums {
                places: piece.places.len() as u64,
                weights: weights
                    .map(|column| places().map(|place| column.values[place]).sum())
                    .collect(),
            },
            area_m2: areas_m2.sum(),
            districts: self.by_district(&piece),
            piece,
            farthest,
            remedies: Vec::new(),
        }
    }

    fn by_district(&self, piece: &Piece) -> Vec<(u32, Sums)> {
        let demand = self.coverage.demand;
        let mut tallies = super::tally::Tallies::<u32>::default();
        for &place in &piece.places {
            let place = place as usize;
            tallies.add(demand.area_of()[place], demand.weights(), place);
        }
        let mut districts = tallies.into_sorted();
        districts.sort_by(|(_, a), (_, b)| b.weight(0).total_cmp(&a.weight(0)));
        districts
    }
}
