//! Sets of cells where grids are difficult: pentagons, ±180°, poles, and an ordinary city.

use std::collections::{BTreeMap, BTreeSet};

use h3o::{CellIndex, LatLng, Resolution};
use proptest::prelude::*;

/// Latitudes and longitudes: Sanya, both sides of ±180°, next to both poles, a place where faces of H3 meet.
const CENTRES: [(f64, f64); 7] = [
    (18.25, 109.5),
    (0.01, 180.0),
    (-17.5, -179.99),
    (66.0, 179.95),
    (90.0, 0.0),
    (-89.99, 33.0),
    (39.1, 122.3),
];

/// The cell at a latitude and longitude.
pub fn cell(lat: f64, lon: f64, resolution: u8) -> CellIndex {
    let resolution = Resolution::try_from(resolution).expect("a resolution");
    LatLng::new(lat, lon)
        .expect("a place on the earth")
        .to_cell(resolution)
}

/// One of the difficult places, or a pentagon.
pub fn centre(which: usize, resolution: u8) -> CellIndex {
    if let Some((lat, lon)) = CENTRES.get(which) {
        return cell(*lat, *lon, resolution);
    }
    let resolution = Resolution::try_from(resolution).expect("a resolution");
    resolution.pentagons().nth(which % 12).expect("one of twelve")
}

/// Distinct cells within some steps of a difficult place, about as many of all as `share` tells.
pub fn patch(resolutions: std::ops::RangeInclusive<u8>) -> impl Strategy<Value = Vec<CellIndex>> {
    let parameters = (0_usize..19, resolutions, 0_u32..9, 0.3..1.0);
    parameters.prop_flat_map(|(which, resolution, steps, share)| {
        let cells: Vec<CellIndex> = centre(which, resolution).grid_disk(steps);
        let kept = prop::collection::vec(prop::bool::weighted(share), cells.len());
        (Just(cells), kept).prop_map(|(cells, kept)| {
            let pairs = cells.into_iter().zip(kept);
            let kept: BTreeSet<CellIndex> = pairs.filter_map(|(cell, kept)| kept.then_some(cell)).collect();
            kept.into_iter().collect()
        })
    })
}

/// The cells as numbers.
pub fn numbers(cells: &[CellIndex]) -> Vec<u64> {
    cells.iter().map(|cell| u64::from(*cell)).collect()
}

/// Cells around a cell, without itself.
pub fn around(cell: CellIndex) -> impl Iterator<Item = CellIndex> {
    let disk: Vec<CellIndex> = cell.grid_disk(1);
    disk.into_iter().filter(move |other| *other != cell)
}

/// Connected sets of cells of one resolution by flooding from each that is left; by their least cells.
pub fn flooded(cells: &BTreeSet<CellIndex>) -> Vec<BTreeSet<CellIndex>> {
    let mut left = cells.clone();
    let mut sets = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut set = BTreeSet::from([first]);
        let mut front = vec![first];
        while let Some(cell) = front.pop() {
            for near in around(cell) {
                if left.remove(&near) {
                    set.insert(near);
                    front.push(near);
                }
            }
        }
        sets.push(set);
    }
    sets
}

/// Connected sets of cells of several resolutions: all refined to one, flooded, and brought back together.
pub fn flooded_by_refining(cells: &BTreeSet<CellIndex>, finest: Resolution) -> BTreeSet<BTreeSet<CellIndex>> {
    let mut holders: BTreeMap<CellIndex, Vec<CellIndex>> = BTreeMap::new();
    for &cell in cells {
        for child in cell.children(finest) {
            holders.entry(child).or_default().push(cell);
        }
    }
    let floods = flooded(&holders.keys().copied().collect());
    let mut sets: Vec<BTreeSet<CellIndex>> = Vec::new();
    for flood in floods {
        let mut joined: BTreeSet<CellIndex> = flood.iter().flat_map(|child| holders[child].clone()).collect();
        // The descendants of one cell hang together, so one cell is never in two floods; nested cells may be.
        sets.retain(|set| {
            let meets = !set.is_disjoint(&joined);
            if meets {
                joined.extend(set);
            }
            !meets
        });
        sets.push(joined);
    }
    sets.into_iter().collect()
}
