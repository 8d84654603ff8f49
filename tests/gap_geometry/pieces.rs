//! Pieces against flooding.

use std::collections::BTreeSet;

use h3o::{CellIndex, Resolution};
use proptest::prelude::*;
use yizhan::planner::pieces::{CellGraph, NotACell, Piece, pieces};

use crate::world::{around, cell, centre, flooded, flooded_by_refining, numbers, patch};

fn cells_of(graph: &CellGraph, piece: &Piece) -> BTreeSet<CellIndex> {
    piece.cells.iter().map(|at| graph.cells()[*at as usize]).collect()
}

#[test]
fn without_places_there_are_no_pieces() {
    let graph = CellGraph::build(&[]).unwrap();
    assert!(pieces(&graph, |_| true).is_empty());
}

#[test]
fn what_is_no_cell_is_refused_by_its_number() {
    let good = u64::from(cell(18.25, 109.5, 9));
    let error = CellGraph::build(&[good, 77]).unwrap_err();
    assert_eq!(error, NotACell(77));
    assert!(error.to_string().starts_with("`4d` is no H3 cell"), "{error}");
}

#[test]
fn places_that_share_a_cell_are_one_cell_and_only_the_uncovered_ones_are_listed() {
    let one = cell(18.25, 109.5, 9);
    let other = around(one).next().unwrap();
    let places = numbers(&[other, one, one, other, one]);
    let graph = CellGraph::build(&places).unwrap();
    let found = pieces(&graph, |place| place == 1 || place == 4);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].places, [1, 4]);
    assert_eq!(cells_of(&graph, &found[0]), BTreeSet::from([one]));
    assert!(pieces(&graph, |_| false).is_empty());
}

#[test]
fn a_ring_around_each_pentagon_is_one_piece_of_five_or_ten() {
    for resolution in 0..=15 {
        for which in 7..19 {
            let pentagon = centre(which, resolution);
            assert!(pentagon.is_pentagon());
            let ring: Vec<CellIndex> = around(pentagon).collect();
            let graph = CellGraph::build(&numbers(&ring)).unwrap();
            let found = pieces(&graph, |_| true);
            assert_eq!((ring.len(), found.len()), (5, 1), "{pentagon}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn pieces_are_what_flooding_finds(cells in patch(0..=15), covered in 0_u32..4) {
        let places = numbers(&cells);
        let graph = CellGraph::build(&places).unwrap();
        let is_open = |place: u32| (place * 7 + 3) % 5 >= covered;
        let open: BTreeSet<CellIndex> =
            cells.iter().zip(0..).filter(|(_, place)| is_open(*place)).map(|(cell, _)| *cell).collect();
        let found = pieces(&graph, is_open);
        let sets: Vec<BTreeSet<CellIndex>> = found.iter().map(|piece| cells_of(&graph, piece)).collect();
        prop_assert_eq!(sets, flooded(&open));
        for piece in &found {
            prop_assert!(piece.cells.is_sorted() && piece.places.is_sorted());
            for place in &piece.places {
                prop_assert!(piece.cells.contains(&graph.cell_of_place()[*place as usize]));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn cells_of_several_resolutions_hang_together_as_their_descendants_do(
        cells in patch(3..=7), levels in prop::collection::vec(0_u8..4, 300),
    ) {
        let mut mixed = BTreeSet::new();
        for (cell, level) in cells.iter().zip(levels) {
            let resolution = u8::from(cell.resolution());
            match level {
                // Finer, the same, coarser (which may hold others), a single child.
                0 => mixed.extend(cell.children(Resolution::try_from(resolution + 1).unwrap()).step_by(2)),
                1 => { mixed.insert(cell.parent(Resolution::try_from(resolution - 1).unwrap()).unwrap()); }
                2 => { mixed.insert(cell.center_child(Resolution::try_from(resolution + 2).unwrap()).unwrap()); }
                _ => { mixed.insert(*cell); }
            }
        }
        let list: Vec<CellIndex> = mixed.iter().copied().collect();
        let graph = CellGraph::build(&numbers(&list)).unwrap();
        let found: BTreeSet<BTreeSet<CellIndex>> =
            pieces(&graph, |_| true).iter().map(|piece| cells_of(&graph, piece)).collect();
        let finest = mixed.iter().map(|cell| cell.resolution()).max().unwrap_or(Resolution::Zero);
        prop_assert_eq!(found, flooded_by_refining(&mixed, finest));
    }
}
