//! Gaps as pieces: which uncovered cells of the H3 grid hang together.
//!
//! # Which cells are neighbours
//! Two cells of one resolution are neighbours when they share an edge, as H3 counts it: pentagons have five, and ±180°
//! and the poles are nothing special. Of two cells of different resolutions the finer one decides: they are neighbours
//! when it has a neighbour, at its own resolution, that lies inside the coarser one, or when it lies inside itself.
//! That is what refining both to one resolution gives, without doing it: children of two cells touch only when the
//! cells touch.

use std::collections::BTreeSet;

use h3o::{CellIndex, DirectedEdgeIndex, Resolution};
use rayon::prelude::*;
use thiserror::Error;

use super::labels::Labels;

/// In place of a neighbour: no cell of the demand lies there.
pub(super) const NOBODY: u32 = u32::MAX;

/// The cells of one demand, each with its neighbours. Built once for a demand.
///
/// Takes 32 bytes a cell and 4 bytes a place; cells of several resolutions take 8 bytes more for each pair of neighbours
/// that differ in resolution.
#[derive(Debug, Default)]
pub struct CellGraph {
    /// Ascending; descendants of a cell lie together, just before the cell itself.
    cells: Vec<CellIndex>,
    /// Of each cell the neighbours of its own resolution, counter-clockwise; a pentagon leaves the last one out.
    beside: Vec<[u32; 6]>,
    /// Neighbours of different resolutions: the finer, then the coarser one.
    across: Vec<(u32, u32)>,
    cell_of_place: Vec<u32>,
}

/// A number that is no cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("`{0:x}` is no H3 cell; expected the index of a cell, for example `89411000003ffff`")]
pub struct NotACell(pub u64);

/// One gap: uncovered cells that hang together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Piece {
    /// Positions in [`CellGraph::cells`], ascending; never empty.
    pub cells: Vec<u32>,
    /// The uncovered places in these cells, ascending.
    pub places: Vec<u32>,
}

impl CellGraph {
    /// The graph of the cells that places lie in, one for each place; several places may share a cell.
    ///
    /// O(n log n); about 0.4 s of processor time for a million cells, shared by the threads.
    pub fn build(cells: &[u64]) -> Result<Self, NotACell> {
        let with_place = |(&cell, place)| {
            let index = CellIndex::try_from(cell).ok().ok_or(NotACell(cell))?;
            Ok((index, place))
        };
        let mut places: Vec<(CellIndex, u32)> = cells
            .iter()
            .zip(0_u32..)
            .map(with_place)
            .collect::<Result<_, _>>()?;
        places.par_sort_unstable();
        let mut distinct: Vec<CellIndex> = Vec::with_capacity(places.len());
        let mut cell_of_place = vec![0; places.len()];
        for (cell, place) in places {
            if distinct.last() != Some(&cell) {
                distinct.push(cell);
            }
            cell_of_place[place as usize] = to_u32(distinct.len() - 1);
        }
        distinct.shrink_to_fit();
        let beside = (0..distinct.len())
            .into_par_iter()
            .with_min_len(1024)
            .map(|at| neighbours(&distinct, at))
            .collect();
        Ok(Self {
            beside,
            across: neighbours_across(&distinct),
            cells: distinct,
            cell_of_place,
        })
    }

    /// The distinct cells, ascending: descendants of a cell lie together.
    pub fn cells(&self) -> &[CellIndex] {
        &self.cells
    }

    /// Of each place the position of its cell in [`CellGraph::cells`].
    pub fn cell_of_place(&self) -> &[u32] {
        &self.cell_of_place
    }

    /// Neighbours of different resolutions: the finer, then the coarser one.
    pub(super) fn across(&self) -> &[(u32, u32)] {
        &self.across
    }

    /// The neighbours of a cell that have its resolution, counter-clockwise, with [`NOBODY`] where there is none.
    pub(super) fn beside(&self, cell: u32) -> &[u32] {
        let sides = if self.cells[cell as usize].is_pentagon() {
            5
        } else {
            6
        };
        &self.beside[cell as usize][..sides]
    }
}

/// The pieces that uncovered places form, by their first cells; `uncovered` is asked about the position of a place.
///
/// A cell belongs to a gap when any place in it is uncovered. O(n α(n)).
pub fn pieces(graph: &CellGraph, uncovered: impl Fn(u32) -> bool) -> Vec<Piece> {
    let places = (0..).take(graph.cell_of_place.len());
    let labels = Labels::of(graph, places.map(uncovered).collect());
    let all: Vec<u32> = (0..).take(labels.count()).collect();
    labels.gather(&all)
}

/// The neighbours of the cell at a position, counter-clockwise.
fn neighbours(cells: &[CellIndex], at: usize) -> [u32; 6] {
    let mut beside = [NOBODY; 6];
    for (slot, edge) in beside.iter_mut().zip(cells[at].edges()) {
        *slot = find_near(cells, at, edge.destination()).map_or(NOBODY, to_u32);
    }
    beside
}

/// The position of a cell that probably lies near position `at`: steps that double, then halving.
fn find_near(cells: &[CellIndex], at: usize, wanted: CellIndex) -> Option<usize> {
    let mut step = 1;
    let (mut low, mut high) = (at, at);
    if wanted < cells[at] {
        while low > 0 && wanted < cells[low] {
            high = low;
            low = low.saturating_sub(step);
            step *= 2;
        }
        high = (high + 1).min(cells.len());
    } else {
        while high < cells.len() && cells[high] < wanted {
            low = high;
            high = (high + step).min(cells.len());
            step *= 2;
        }
        high = (high + 1).min(cells.len());
    }
    let found = cells[low..high].binary_search(&wanted).ok()?;
    Some(low + found)
}

/// Pairs of neighbours that differ in resolution, each once, ordered by the finer one.
fn neighbours_across(cells: &[CellIndex]) -> Vec<(u32, u32)> {
    let resolutions: BTreeSet<Resolution> = cells.iter().map(|cell| cell.resolution()).collect();
    if resolutions.len() < 2 {
        return Vec::new();
    }
    let of_cell = |(at, cell): (usize, &CellIndex)| {
        let around = cell.edges().map(DirectedEdgeIndex::destination);
        let mut found: Vec<(u32, u32)> = around
            .chain([*cell])
            .flat_map(|near| {
                let coarser = resolutions.range(..cell.resolution());
                coarser.filter_map(move |resolution| near.parent(*resolution))
            })
            .filter_map(|ancestor| cells.binary_search(&ancestor).ok())
            .map(|coarser| (to_u32(at), to_u32(coarser)))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    cells.par_iter().enumerate().flat_map_iter(of_cell).collect()
}

/// Positions of cells and places fit: there are at most 2³² − 1 places.
#[expect(
    clippy::cast_possible_truncation,
    reason = "places are counted in u32 everywhere"
)]
pub(super) const fn to_u32(position: usize) -> u32 {
    position as u32
}
