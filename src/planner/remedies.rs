//! What would close a gap: a new station, or one obstacle less at a station that is there; each with its gain.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};
use rayon::prelude::*;

use super::base::Cells;
use super::gaps::{Gap, GapsAsk};
use super::reach::Reach;
use super::stations::Obstacle;
use super::tally::{Sums, Tallies};
use super::watch::{Cancelled, Watch};
use super::within::{Limit, for_each_within};
use crate::domain::coordinate::LonLat;

/// Most remedies at stations that are told for one gap.
const STATIONS_TOLD: usize = 5;
/// Most places for a new station that are tried in the first round, over all gaps.
const COARSE_CANDIDATES: usize = 20_000;
/// Most places for a new station that are tried in the second round, for each gap.
const FINE_CANDIDATES: usize = 128;

/// Something that would cover a part of a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// What is done.
    pub action: Action,
    /// What of the gap it would cover.
    pub gain: Sums,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action {
    /// A new station that meets every condition, at this place.
    NewStation(LonLat),
    /// The obstacle of this station (by ordinal) is lifted.
    Lift(u32, Obstacle),
}

/// For every place the gap that one more station would cover it in; [`NO_GAP`] where there is none.
struct Wanting<'a> {
    ask: &'a GapsAsk<'a>,
    gap_of: Vec<u32>,
    limit: Limit,
    watch: &'a Watch,
}

/// The best place for a new station in a gap, and how much of the first weight it gains.
type Best = (LonLat, f64);

const NO_GAP: u32 = u32::MAX;

/// For each gap what would close it, most of the first weight first, what is surer first among equals.
///
/// The place of a new station is the best of the gap's cells, tried on a grid of about half the radius and then finer
/// around the best of these: a good place, not a proven best.
pub(super) fn find(
    ask: &GapsAsk<'_>,
    cells: &Cells,
    (gaps, reached): (&[Gap], &[(u8, u8)]),
    watch: &Watch,
) -> Result<Vec<Vec<Remedy>>, Cancelled> {
    let wanting = Wanting::new(ask, gaps, reached, watch);
    let mut remedies: Vec<Vec<Remedy>> = vec![Vec::new(); gaps.len()];
    for (miss, gains) in ask.near_misses.iter().zip(wanting.lifted()?) {
        for (gap, gain) in gains {
            remedies[gap as usize].push(Remedy {
                action: Action::Lift(miss.ordinal, miss.obstacle),
                gain,
            });
        }
    }
    for remedies in &mut remedies {
        remedies.sort_by(|a, b| b.gain.weight(0).total_cmp(&a.gain.weight(0)));
        remedies.truncate(STATIONS_TOLD);
    }
    for (gap, place) in wanting.new_stations(gaps, cells)? {
        let gain = wanting.gains(place).remove(&gap).unwrap_or_default();
        let remedies = &mut remedies[gap as usize];
        let after = remedies.partition_point(|other| other.gain.weight(0) >= gain.weight(0));
        let action = Action::NewStation(place);
        remedies.insert(after, Remedy { action, gain });
    }
    Ok(remedies)
}

impl<'a> Wanting<'a> {
    fn new(ask: &'a GapsAsk<'a>, gaps: &[Gap], reached: &[(u8, u8)], watch: &'a Watch) -> Self {
        let Reach { k, radius, .. } = ask.coverage.reach;
        let wants_one = |place: u32| ask.counting(reached[place as usize]) + 1 == k;
        let mut gap_of = vec![NO_GAP; reached.len()];
        for (gap, number) in gaps.iter().zip(0_u32..) {
            for &place in gap.piece.places.iter().filter(|place| wants_one(**place)) {
                gap_of[place as usize] = number;
            }
        }
        Self {
            ask,
            gap_of,
            limit: Limit::of(radius),
            watch,
        }
    }

    /// What one more station at a place would cover, by gap; nothing where nothing.
    fn gains(&self, place: LonLat) -> BTreeMap<u32, Sums> {
        let demand = self.ask.coverage.demand;
        let mut tallies = Tallies::<u32>::default();
        for_each_within(demand.places(), place, &self.limit, |within| {
            let gap = self.gap_of[within];
            if gap != NO_GAP {
                tallies.add(gap, demand.weights(), within);
            }
        });
        tallies.into_sorted().into_iter().collect()
    }

    /// How much of the first weight of a gap one more station at a place would cover; `None` where no place of it.
    fn gain(&self, place: LonLat, gap: u32) -> Option<f64> {
        let demand = self.ask.coverage.demand;
        let weights = demand.weights().first();
        let mut gain = None;
        for_each_within(demand.places(), place, &self.limit, |within| {
            if self.gap_of[within] == gap {
                *gain.get_or_insert(0.0) += weights.map_or(0.0, |column| column.values[within]);
            }
        });
        gain
    }

    /// What lifting the obstacle of each near miss would cover, by gap.
    fn lifted(&self) -> Result<Vec<BTreeMap<u32, Sums>>, Cancelled> {
        let misses = self.ask.near_misses.par_iter();
        let gains = misses.map(|miss| {
            self.watch.advance(0)?;
            Ok(self.gains(miss.place))
        });
        gains.collect()
    }

    /// The best place for a new station in each gap that one station can lessen.
    fn new_stations(&self, gaps: &[Gap], cells: &Cells) -> Result<Vec<(u32, LonLat)>, Cancelled> {
        let mut best = self.best(&self.coarse(gaps, cells))?;
        let finer = self.best(&self.fine(gaps, cells, &best))?;
        for (gap, (place, gain)) in &mut best {
            if let Some((finer, more)) = finer.get(gap)
                && more > gain
            {
                *place = *finer;
            }
        }
        Ok(best.into_iter().map(|(gap, (place, _))| (gap, place)).collect())
    }

    /// Of candidates `(gap, place)` the best of each gap; the first of several that are equal.
    fn best(&self, candidates: &[(u32, LonLat)]) -> Result<BTreeMap<u32, Best>, Cancelled> {
        let gains = candidates.par_iter().map(|(gap, place)| {
            self.watch.advance(0)?;
            Ok(self.gain(*place, *gap))
        });
        let gains: Vec<Option<f64>> = gains.collect::<Result<_, Cancelled>>()?;
        let mut best: BTreeMap<u32, Best> = BTreeMap::new();
        for ((gap, place), gain) in candidates.iter().zip(gains) {
            let Some(gain) = gain else { continue };
            if best.get(gap).is_none_or(|(_, most)| gain > *most) {
                best.insert(*gap, (*place, gain));
            }
        }
        Ok(best)
    }

    /// One cell of each gap for every cell of a resolution with about half the radius between centres, or coarser where
    /// that would be too many: the central one where it is in the gap, else the first.
    fn coarse(&self, gaps: &[Gap], cells: &Cells) -> Vec<(u32, LonLat)> {
        let mut resolution = spaced(self.ask.coverage.reach.radius.get() / 2.0);
        loop {
            let families: Vec<(u32, CellIndex, &[u32])> = gaps
                .iter()
                .zip(0..)
                .flat_map(|(gap, number)| {
                    let families = Families {
                        cells: cells.graph.cells(),
                        rest: &gap.piece.cells,
                        resolution,
                    };
                    families.map(move |(parent, family)| (number, parent, family))
                })
                .take(COARSE_CANDIDATES + 1)
                .collect();
            match resolution.pred() {
                Some(coarser) if families.len() > COARSE_CANDIDATES => resolution = coarser,
                _ => return families.par_iter().map(|family| central(cells, family)).collect(),
            }
        }
    }

    /// Cells of each gap near the best place so far.
    fn fine(&self, gaps: &[Gap], cells: &Cells, best: &BTreeMap<u32, Best>) -> Vec<(u32, LonLat)> {
        let resolution = spaced(self.ask.coverage.reach.radius.get() / 2.0);
        let mut candidates = Vec::new();
        for (&gap, (place, _)) in best {
            let Ok(around) = LatLng::new(place.lat_deg(), place.lon_deg()) else {
                continue;
            };
            let mut near: Vec<CellIndex> = around.to_cell(resolution).grid_disk::<Vec<_>>(1);
            near.sort_unstable();
            let own = &gaps[gap as usize].piece.cells;
            let cell_at = |position: &u32| cells.graph.cells()[*position as usize];
            let family_of = |parent: CellIndex| {
                let ancestor = |cell: CellIndex| cell.parent(resolution).unwrap_or(cell);
                let start = own.partition_point(|position| ancestor(cell_at(position)) < parent);
                let end = own.partition_point(|position| cell_at(position) <= parent);
                own.get(start..end).unwrap_or_default().iter().map(cell_at)
            };
            let finer: Vec<CellIndex> = near.into_iter().flat_map(family_of).collect();
            let step = finer.len().div_ceil(FINE_CANDIDATES).max(1);
            candidates.extend(finer.into_iter().step_by(step).map(|cell| (gap, centre(cell))));
        }
        candidates
    }
}

/// Cells of a gap by their ancestors at a resolution; a coarser cell is a family of its own. Cells come in H3's order,
/// in which a family lies together, just before its ancestor, so that its end is found by steps that double.
struct Families<'a> {
    cells: &'a [CellIndex],
    rest: &'a [u32],
    resolution: Resolution,
}

impl<'a> Iterator for Families<'a> {
    type Item = (CellIndex, &'a [u32]);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.cells[*self.rest.first()? as usize];
        let parent = first.parent(self.resolution).unwrap_or(first);
        let is_own = |position: &u32| self.cells[*position as usize] <= parent;
        let mut most = 8;
        while self.rest.get(most).is_some_and(is_own) {
            most *= 2;
        }
        let most = most.min(self.rest.len());
        let end = self.rest[..most].partition_point(is_own);
        let (family, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some((parent, family))
    }
}

/// The centre of the cell that stands for a family.
fn central(cells: &Cells, (gap, parent, family): &(u32, CellIndex, &[u32])) -> (u32, LonLat) {
    let mut members = family.iter().map(|cell| cells.graph.cells()[*cell as usize]);
    let is_central = |cell: &CellIndex| parent.center_child(cell.resolution()) == Some(*cell);
    let chosen = members.clone().rfind(is_central).or_else(|| members.next());
    (*gap, centre(chosen.unwrap_or(*parent)))
}

fn centre(cell: CellIndex) -> LonLat {
    let centre = LatLng::from(cell);
    LonLat::from_computed(centre.lng(), centre.lat())
}

/// The coarsest resolution whose neighbouring centres are on average at most so far apart.
fn spaced(metres: f64) -> Resolution {
    let spacing_m = |resolution: &Resolution| resolution.edge_length_m() * 3.0_f64.sqrt();
    let mut resolutions = Resolution::range(Resolution::Zero, Resolution::Twelve);
    resolutions
        .find(|resolution| spacing_m(resolution) <= metres)
        .unwrap_or(Resolution::Twelve)
}
