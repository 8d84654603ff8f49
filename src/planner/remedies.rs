//! What would close a gap: a new station, or one obstacle less at a station that is there; each with its gain.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};

use super::base::{Cells, PlanBase};
use super::gaps::{Gap, GapsAsk};
use super::reach::{StationPoints, fold_within};
use super::stations::{Certainty, Obstacle};
use super::tally::{Sums, Tallies};
use super::watch::{Cancelled, Watch};
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
}

/// The number of a gap, and the position of a place for a station.
type GapAndPlace = (u32, u32);

const NO_GAP: u32 = u32::MAX;

/// For each gap what would close it, most of the first weight first, what is surer first among equals.
///
/// The place of a new station is the best of the gap's cells, tried on a grid of about half the radius and then finer
/// around the best of these: a good place, not a proven best.
pub(super) fn find(
    ask: &GapsAsk<'_>,
    (base, cells): (&PlanBase, &Cells),
    (gaps, reached): (&[Gap], &[(u8, u8)]),
    watch: &Watch,
) -> Result<Vec<Vec<Remedy>>, Cancelled> {
    let wanting = Wanting::new(ask, gaps, reached, base.demand.places().places().len());
    let mut remedies: Vec<Vec<Remedy>> = vec![Vec::new(); gaps.len()];
    let places: Vec<LonLat> = ask.near_misses.iter().map(|miss| miss.place).collect();
    for ((gap, position), gain) in wanting.gains(&places, watch)? {
        let miss = &ask.near_misses[position as usize];
        remedies[gap as usize].push(Remedy {
            action: Action::Lift(miss.ordinal, miss.obstacle),
            gain,
        });
    }
    for remedies in &mut remedies {
        remedies.sort_by(|a, b| b.gain.weight(0).total_cmp(&a.gain.weight(0)));
        remedies.truncate(STATIONS_TOLD);
    }
    for (gap, remedy) in wanting.new_stations(gaps, cells, watch)? {
        let remedies = &mut remedies[gap as usize];
        let after = remedies.partition_point(|other| other.gain.weight(0) >= remedy.gain.weight(0));
        remedies.insert(after, remedy);
    }
    Ok(remedies)
}

impl<'a> Wanting<'a> {
    fn new(ask: &'a GapsAsk<'a>, gaps: &[Gap], reached: &[(u8, u8)], places: usize) -> Self {
        let k = ask.coverage.reach.k;
        let wants_one = |place: u32| {
            let (sure, perhaps) = reached[place as usize];
            let count = match ask.covered_from {
                Certainty::Sure => sure,
                Certainty::Perhaps => perhaps,
            };
            count + 1 == k
        };
        let mut gap_of = vec![NO_GAP; places];
        for (gap, number) in gaps.iter().zip(0_u32..) {
            for &place in gap.piece.places.iter().filter(|place| wants_one(**place)) {
                gap_of[place as usize] = number;
            }
        }
        Self { ask, gap_of }
    }

    /// What one more station at each of some places would cover, by gap and position of the place; nothing where nothing.
    fn gains(&self, places: &[LonLat], watch: &Watch) -> Result<Vec<(GapAndPlace, Sums)>, Cancelled> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let demand = self.ask.coverage.demand;
        let tallies = fold_within(
            demand.places(),
            &StationPoints::build(places),
            self.ask.coverage.reach.radius,
            watch,
            Tallies::<GapAndPlace>::default,
            |tallies, place, within| {
                let gap = self.gap_of[place];
                if gap != NO_GAP {
                    for &position in within {
                        tallies.add((gap, position), demand.weights(), place);
                    }
                }
            },
            Tallies::merge,
        )?;
        Ok(tallies.into_sorted())
    }

    /// The best place for a new station in each gap that one station can lessen.
    fn new_stations(
        &self,
        gaps: &[Gap],
        cells: &Cells,
        watch: &Watch,
    ) -> Result<Vec<(u32, Remedy)>, Cancelled> {
        let coarse = self.coarse(gaps, cells);
        let best = self.best(&coarse, watch)?;
        let fine = self.fine(gaps, cells, &best);
        let finest = self.best(&fine, watch)?;
        let chosen = best
            .into_iter()
            .map(|(gap, (place, gain))| match finest.get(&gap) {
                Some((finer, more)) if more.weight(0) > gain.weight(0) => (gap, *finer, more.clone()),
                _ => (gap, place, gain),
            });
        let remedy = |(gap, place, gain)| {
            let action = Action::NewStation(place);
            (gap, Remedy { action, gain })
        };
        Ok(chosen.map(remedy).collect())
    }

    /// Of candidates `(gap, place)` the best of each gap; the first of several that are equal.
    fn best(
        &self,
        candidates: &[(u32, LonLat)],
        watch: &Watch,
    ) -> Result<BTreeMap<u32, (LonLat, Sums)>, Cancelled> {
        let places: Vec<LonLat> = candidates.iter().map(|(_, place)| *place).collect();
        let mut best: BTreeMap<u32, (LonLat, Sums)> = BTreeMap::new();
        for ((gap, position), gain) in self.gains(&places, watch)? {
            let (own, place) = candidates[position as usize];
            // A place in one gap may reach into the next; there it is no candidate.
            if own == gap
                && best
                    .get(&gap)
                    .is_none_or(|(_, most)| gain.weight(0) > most.weight(0))
            {
                best.insert(gap, (place, gain));
            }
        }
        Ok(best)
    }

    /// One cell of each gap for every cell of a resolution with about half the radius between centres, or coarser where
    /// that would be too many.
    fn coarse(&self, gaps: &[Gap], cells: &Cells) -> Vec<(u32, LonLat)> {
        let mut resolution = spaced(self.ask.coverage.reach.radius.get() / 2.0);
        loop {
            // Cells come in H3's order, in which those of one parent follow each other.
            let mut chosen: Vec<(u32, CellIndex, CellIndex)> = Vec::new();
            for (gap, number) in gaps.iter().zip(0_u32..) {
                for cell in gap
                    .piece
                    .cells
                    .iter()
                    .map(|cell| cells.graph.cells()[*cell as usize])
                {
                    let parent = cell.parent(resolution).unwrap_or(cell);
                    let is_central = || parent.center_child(cell.resolution()) == Some(cell);
                    match chosen.last_mut() {
                        Some(last) if (last.0, last.1) == (number, parent) => {
                            if is_central() {
                                last.2 = cell;
                            }
                        }
                        _ => chosen.push((number, parent, cell)),
                    }
                }
            }
            match resolution.pred() {
                Some(coarser) if chosen.len() > COARSE_CANDIDATES => resolution = coarser,
                _ => {
                    return chosen
                        .into_iter()
                        .map(|(gap, _, cell)| (gap, centre(cell)))
                        .collect();
                }
            }
        }
    }

    /// Cells of each gap near the best place so far.
    fn fine(&self, gaps: &[Gap], cells: &Cells, best: &BTreeMap<u32, (LonLat, Sums)>) -> Vec<(u32, LonLat)> {
        let resolution = spaced(self.ask.coverage.reach.radius.get() / 2.0);
        let mut candidates = Vec::new();
        for (&gap, (place, _)) in best {
            let Ok(around) = LatLng::new(place.lat_deg(), place.lon_deg()) else {
                continue;
            };
            let near: Vec<CellIndex> = around.to_cell(resolution).grid_disk::<Vec<_>>(1);
            let own = gaps[gap as usize].piece.cells.iter();
            let own = own.map(|cell| cells.graph.cells()[*cell as usize]);
            let finer = own.filter(|cell| {
                cell.parent(resolution)
                    .is_some_and(|parent| near.contains(&parent))
            });
            let finer: Vec<CellIndex> = finer.collect();
            let step = finer.len().div_ceil(FINE_CANDIDATES).max(1);
            candidates.extend(finer.into_iter().step_by(step).map(|cell| (gap, centre(cell))));
        }
        candidates
    }
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
