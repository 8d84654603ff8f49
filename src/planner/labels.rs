//! Which piece each uncovered cell belongs to: disjoint sets, joined run by run on all cores and then across the runs.

use rayon::prelude::*;

use super::pieces::{CellGraph, NOBODY, Piece, to_u32};

/// Cells whose sets one thread joins at a time.
const RUN: usize = 16_384;

/// The piece of every cell. Pieces are numbered by their first cells.
#[derive(Debug)]
pub(super) struct Labels<'a> {
    graph: &'a CellGraph,
    is_uncovered: Vec<bool>,
    /// Of each cell its piece; [`NOBODY`] where nothing in it is uncovered.
    of_cell: Vec<u32>,
    count: usize,
}

impl<'a> Labels<'a> {
    /// Finds the pieces that uncovered places form; a cell belongs to one when any place in it is uncovered. O(n α(n)).
    pub fn of(graph: &'a CellGraph, is_uncovered: Vec<bool>) -> Self {
        let mut roots = vec![NOBODY; graph.cells().len()];
        for (&is_uncovered, &cell) in is_uncovered.iter().zip(graph.cell_of_place()) {
            if is_uncovered {
                roots[cell as usize] = cell;
            }
        }
        let join_run = |(run, roots): (usize, &mut [u32])| {
            let first = to_u32(run * RUN);
            join_run(graph, &mut Roots { first, roots })
        };
        let runs = roots.par_chunks_mut(RUN).enumerate();
        let across_runs: Vec<Vec<(u32, u32)>> = runs.map(join_run).collect();
        let mut all = Roots {
            first: 0,
            roots: &mut roots,
        };
        for &(cell, other) in across_runs.iter().flatten().chain(graph.across()) {
            all.join(cell, other);
        }
        // A root comes before the cells that point to it, so its number is there already.
        let mut count = 0;
        for cell in 0..roots.len() {
            match roots[cell] as usize {
                root if root == cell => {
                    roots[cell] = count;
                    count += 1;
                }
                _ if roots[cell] == NOBODY => {}
                root => roots[cell] = roots[root],
            }
        }
        Self {
            graph,
            is_uncovered,
            of_cell: roots,
            count: count as usize,
        }
    }

    /// How many pieces there are.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The cells that lie in pieces, ascending, each with its piece.
    pub fn cells(&self) -> impl Iterator<Item = (u32, u32)> {
        let cells = (0..).zip(&self.of_cell);
        cells
            .filter(|(_, piece)| **piece != NOBODY)
            .map(|(cell, piece)| (cell, *piece))
    }

    /// The uncovered places, ascending, each with its piece.
    pub fn places(&self) -> impl Iterator<Item = (u32, u32)> {
        let places = (0..).zip(self.graph.cell_of_place()).zip(&self.is_uncovered);
        let uncovered = places.filter(|(_, is_uncovered)| **is_uncovered);
        uncovered.map(|((place, cell), _)| (place, self.of_cell[*cell as usize]))
    }

    /// Some pieces with their cells and places, in the order in which they are asked for; each only once.
    pub fn gather(&self, wanted: &[u32]) -> Vec<Piece> {
        let mut slots = vec![NOBODY; self.count];
        for (&piece, slot) in wanted.iter().zip(0..) {
            slots[piece as usize] = slot;
        }
        let mut pieces = vec![Piece::default(); wanted.len()];
        for (cell, piece) in self.cells() {
            if let Some(piece) = pieces.get_mut(slots[piece as usize] as usize) {
                piece.cells.push(cell);
            }
        }
        for (place, piece) in self.places() {
            if let Some(piece) = pieces.get_mut(slots[piece as usize] as usize) {
                piece.places.push(place);
            }
        }
        pieces
    }
}

/// Joins the neighbours within a run of cells; gives the pairs that reach back into an earlier run.
fn join_run(graph: &CellGraph, roots: &mut Roots<'_>) -> Vec<(u32, u32)> {
    let mut across = Vec::new();
    for cell in (roots.first..).take(roots.roots.len()) {
        if !roots.holds(cell) {
            continue;
        }
        // Of each pair the later one finds the earlier one.
        for &other in graph.beside(cell).iter().filter(|other| **other < cell) {
            if other < roots.first {
                across.push((cell, other));
            } else {
                roots.join(cell, other);
            }
        }
    }
    across
}

/// Disjoint sets of cells from a first one on; the root of a set is its first cell. [`NOBODY`] where the cell is in no set.
struct Roots<'a> {
    first: u32,
    roots: &'a mut [u32],
}

impl Roots<'_> {
    fn up(&mut self, cell: u32) -> &mut u32 {
        &mut self.roots[(cell - self.first) as usize]
    }

    fn holds(&mut self, cell: u32) -> bool {
        *self.up(cell) != NOBODY
    }

    fn find(&mut self, mut cell: u32) -> u32 {
        loop {
            let up = *self.up(cell);
            if up == cell {
                return cell;
            }
            // Halving the way shortens it for everybody who comes later.
            let above = *self.up(up);
            *self.up(cell) = above;
            cell = above;
        }
    }

    /// Joins the sets of two cells, unless one of them is in none.
    fn join(&mut self, cell: u32, other: u32) {
        if self.holds(cell) && self.holds(other) {
            let (one, two) = (self.find(cell), self.find(other));
            *self.up(one.max(two)) = one.min(two);
        }
    }
}
