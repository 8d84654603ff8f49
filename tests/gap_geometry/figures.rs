//! How long it takes; by hand: `cargo test --release --test gap_geometry figures -- --ignored --nocapture`.
#![expect(clippy::print_stdout, reason = "figures are for a person to read")]

use std::time::Instant;

use h3o::CellIndex;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::ellipsoid_area::area_m2;
use yizhan::domain::geodesic::{chord_2, earth_centred, euler};
use yizhan::domain::units::Meters;
use yizhan::planner::farthest::farthest_point;
use yizhan::planner::outline::Outliner;
use yizhan::planner::pieces::{CellGraph, Piece, pieces};

use crate::world::{cell, numbers};

fn timed<T>(what: &str, work: impl Fn() -> T) -> T {
    let mut best_ms = f64::INFINITY;
    let mut result = None;
    for _ in 0..5 {
        let start = Instant::now();
        result = Some(work());
        best_ms = best_ms.min(start.elapsed().as_secs_f64() * 1e3);
    }
    println!("{what}: {best_ms:.2} ms");
    result.expect("five runs")
}

/// A deterministic scatter of numbers from 0 to 1.
fn scatter(seed: u64) -> f64 {
    let mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 40) as f64 / (1_u64 << 24) as f64
}

fn measure_pieces(graph: &CellGraph, what: &str, found: &[Piece]) {
    let cells: usize = found.iter().map(|piece| piece.cells.len()).sum();
    let largest = found
        .iter()
        .max_by_key(|piece| piece.cells.len())
        .expect("a piece");
    println!(
        "{what}: {} pieces, {cells} cells, largest {}",
        found.len(),
        largest.cells.len()
    );
    let mut corners = 0;
    timed("  outlines of all", || {
        let mut outliner = Outliner::new(graph);
        found
            .iter()
            .map(|piece| outliner.outline(&piece.cells).0.len())
            .sum::<usize>()
    });
    for polygon in &Outliner::new(graph).outline(&largest.cells) {
        corners += polygon.exterior().0.len();
    }
    println!("  corners of the largest: {corners}");
    let mut outliner = Outliner::new(graph);
    let drawn: Vec<_> = found.iter().map(|piece| outliner.outline(&piece.cells)).collect();
    timed("  areas of all", || drawn.iter().map(area_m2).sum::<f64>());
}

fn measure_farthest(graph: &CellGraph, found: &[Piece], stations: &[LonLat]) {
    let points: Vec<_> = stations.iter().map(|station| earth_centred(*station)).collect();
    let asked = std::cell::Cell::new(0_u64);
    let nearest = |place: LonLat| -> Option<(u32, Meters)> {
        asked.set(asked.get() + 1);
        let from = earth_centred(place);
        let near = (0_u32..)
            .zip(&points)
            .map(|(at, point)| (at, chord_2(&from, point)));
        let (at, _) = near.min_by(|(_, a), (_, b)| a.total_cmp(b))?;
        Some((at, euler(&from, &points[at as usize])))
    };
    let largest = found
        .iter()
        .max_by_key(|piece| piece.cells.len())
        .expect("a piece");
    timed("  farthest point of the largest", || {
        farthest_point(graph, &largest.cells, nearest)
    });
    println!("    {} questions", asked.get() / 5);
    asked.set(0);
    timed("  farthest points of all", || {
        found
            .iter()
            .filter_map(|piece| farthest_point(graph, &piece.cells, nearest))
            .count()
    });
    println!("    {} questions a piece", asked.get() / 5 / found.len() as u64);
}

#[test]
#[ignore = "measures; needs a release build"]
fn figures() {
    for steps in [182, 577] {
        let disk: Vec<CellIndex> = cell(34.75, 113.65, 9).grid_disk(steps);
        let mut places = numbers(&disk);
        // Neighbours are near each other in demand, but not in the order of the cells.
        places.sort_unstable_by_key(|cell| cell.rotate_left(17) & 0xFFFF);
        println!("{} cells", places.len());
        let graph = timed("  build", || CellGraph::build(&places).unwrap());
        let spread = f64::from(steps) * 0.003;
        let stations: Vec<LonLat> = (0..100_u64)
            .map(|at| {
                let (east, north) = (scatter(at * 2) - 0.5, scatter(at * 2 + 1) - 0.5);
                LonLat::new(113.65 + east * spread, 34.75 + north * spread).unwrap()
            })
            .collect();
        let far: Vec<bool> = places
            .iter()
            .map(|place| {
                let place = h3o::LatLng::from(CellIndex::try_from(*place).unwrap());
                let from = earth_centred(LonLat::new(place.lng(), place.lat()).unwrap());
                stations
                    .iter()
                    .all(|station| euler(&from, &earth_centred(*station)).get() > 833.33 * 4.0)
            })
            .collect();
        let found = timed("  pieces, by radius", || {
            pieces(&graph, |place| far[place as usize])
        });
        measure_pieces(&graph, "by radius", &found);
        measure_farthest(&graph, &found, &stations);
        let found = timed("  pieces, 60 % by chance", || {
            pieces(&graph, |place| scatter(u64::from(place)) < 0.6)
        });
        measure_pieces(&graph, "60 % by chance", &found);
        let found = timed("  pieces, 40 % by chance", || {
            pieces(&graph, |place| scatter(u64::from(place)) < 0.4)
        });
        measure_pieces(&graph, "40 % by chance", &found);
        measure_farthest(&graph, &found, &stations);
        timed("  pieces, all", || pieces(&graph, |_| true).len());
    }
}
