//! Outlines against the cells that they were drawn from.

use std::collections::BTreeSet;

use geo::{Contains as _, Coord, LineString, MultiPolygon, Point, Validation as _};
use geographiclib_rs::{Geodesic, PolygonArea, Winding};
use h3o::{CellIndex, LatLng, Resolution};
use proptest::prelude::*;
use yizhan::domain::cells::area_m2 as cell_area_m2;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::ellipsoid_area::area_m2;
use yizhan::domain::geodesic::earth_centred;
use yizhan::planner::outline::Outliner;
use yizhan::planner::pieces::CellGraph;

use crate::world::{around, cell, centre, flooded, numbers, patch};

/// The outline of cells, and its area, m².
fn outlined(cells: &[CellIndex]) -> (MultiPolygon<f64>, f64) {
    let graph = CellGraph::build(&numbers(cells)).expect("cells");
    let all: Vec<u32> = (0..).take(graph.cells().len()).collect();
    let outline = Outliner::new(&graph).outline(&all);
    let area_m2 = area_m2(&outline);
    (outline, area_m2)
}

fn geodesic_area_m2(ring: &[Coord<f64>]) -> f64 {
    let ellipsoid = Geodesic::wgs84();
    let mut area = PolygonArea::new(&ellipsoid, Winding::CounterClockwise);
    for corner in ring {
        area.add_point(corner.y, corner.x);
    }
    area.compute(true).1
}

/// The area of a polygon in space, half the length of its vector area.
fn flat_area_m2(ring: &[Coord<f64>]) -> f64 {
    let corners: Vec<_> = ring
        .iter()
        .map(|corner| earth_centred(LonLat::new(corner.x, corner.y).expect("a corner of a cell")))
        .collect();
    let mut doubled = [0.0; 3];
    for pair in corners[1..].windows(2) {
        let side = |corner: usize| [0, 1, 2].map(|axis| pair[corner][axis] - corners[0][axis]);
        let (one, other) = (side(0), side(1));
        for (axis, sum) in doubled.iter_mut().enumerate() {
            let (next, last) = ((axis + 1) % 3, (axis + 2) % 3);
            *sum += one[next] * other[last] - one[last] * other[next];
        }
    }
    0.5 * doubled.iter().map(|part| part * part).sum::<f64>().sqrt()
}

/// The geodesic area of polygons whose outer rings run counter-clockwise and whose holes run clockwise.
fn geodesic_area_of(polygons: &MultiPolygon<f64>) -> f64 {
    let open = |ring: &LineString<f64>| geodesic_area_m2(&ring.0[1..]);
    let one = |polygon: &geo::Polygon<f64>| {
        open(polygon.exterior()) + polygon.interiors().iter().map(open).sum::<f64>()
    };
    polygons.iter().map(one).sum()
}

fn doubled_plane_area(ring: &LineString<f64>) -> f64 {
    ring.lines().map(|line| line.determinant()).sum()
}

fn point(cell: CellIndex) -> Point<f64> {
    let place = LatLng::from(cell);
    Point::new(place.lng(), place.lat())
}

fn check(cells: &[CellIndex]) -> Result<MultiPolygon<f64>, TestCaseError> {
    let (outline, area_m2) = outlined(cells);
    prop_assert!(outline.is_valid(), "{:?}", outline.check_validation());
    for polygon in &outline {
        prop_assert!(doubled_plane_area(polygon.exterior()) > 0.0);
        prop_assert!(
            polygon
                .interiors()
                .iter()
                .all(|hole| doubled_plane_area(hole) < 0.0)
        );
        for corner in polygon.exterior().coords() {
            prop_assert!(corner.x.abs() <= 180.0 && corner.y.abs() <= 90.0, "{corner:?}");
        }
    }
    let set: BTreeSet<CellIndex> = cells.iter().copied().collect();
    for &cell in cells {
        prop_assert!(outline.contains(&point(cell)), "{cell} is not inside");
        for near in around(cell).filter(|near| !set.contains(near)) {
            prop_assert!(!outline.contains(&point(near)), "{near} is not outside");
        }
    }
    // On ±180° and at the poles H3 itself is not exact for cells finer than this.
    if cells.iter().all(|cell| cell.resolution() <= Resolution::Twelve) {
        let cells_m2: f64 = cells.iter().map(|cell| cell_area_m2(*cell)).sum();
        prop_assert!(
            (area_m2 - cells_m2).abs() <= 1e-4 * cells_m2,
            "{area_m2} m² drawn, {cells_m2} m² of cells"
        );
    }
    let geodesic_m2 = geodesic_area_of(&outline);
    // Karney's areas are sums of large numbers: a tenth of a square metre is what they leave open.
    prop_assert!(
        (geodesic_m2 - area_m2).abs() <= 1e-4 * area_m2 + 0.1,
        "{area_m2} m², by geodesics {geodesic_m2} m²"
    );
    Ok(outline)
}

#[test]
fn the_area_of_a_cell_is_its_geodesic_area() {
    for (resolution, allowed) in [
        (0, 3e-4),
        (1, 1e-4),
        (3, 1e-5),
        (5, 1e-6),
        (9, 1e-6),
        (11, 1e-6),
        (13, 1e-6),
    ] {
        for which in 0..19 {
            let cell = centre(which, resolution);
            let corners: Vec<Coord<f64>> = cell
                .boundary()
                .iter()
                .map(|corner| Coord {
                    x: corner.lng(),
                    y: corner.lat(),
                })
                .collect();
            let (fast, exact) = (cell_area_m2(cell), geodesic_area_m2(&corners));
            // Karney's own documentation leaves a tenth of a square metre open for each corner.
            let open_m2 = 0.1 * corners.len() as f64;
            assert!(
                (fast - exact).abs() < allowed * exact + open_m2,
                "{cell} of resolution {resolution}: {fast} {exact}"
            );
            // What it leaves open is much for small cells; those are flat, and exact as polygons in space.
            if resolution >= 9 {
                let flat = flat_area_m2(&corners);
                assert!(
                    (fast - flat).abs() < 1e-7 * flat,
                    "{cell} of resolution {resolution}: {fast} {flat}"
                );
            }
        }
    }
}

#[test]
fn coarse_cells_keep_their_area_everywhere() {
    for which in 0..19 {
        for resolution in 2..=4 {
            check(&[centre(which, resolution)]).unwrap();
        }
    }
}

#[test]
fn nothing_has_no_outline_and_everything_is_the_map() {
    assert!(outlined(&[]).0.0.is_empty());
    let everything: Vec<CellIndex> = CellIndex::base_cells().collect();
    let (outline, area_m2) = outlined(&everything);
    assert_eq!(outline.0.len(), 1);
    assert!(outline.is_valid() && doubled_plane_area(outline.0[0].exterior()) > 0.0);
    assert!((area_m2 / 510_065_621_724_088.4 - 1.0).abs() < 1e-4, "{area_m2}");
}

#[test]
fn everything_but_one_cell_is_the_map_with_a_hole() {
    let hole = cell(30.0, 110.0, 1);
    let all = CellIndex::base_cells().flat_map(|base| base.children(Resolution::One));
    let cells: Vec<CellIndex> = all.filter(|cell| *cell != hole).collect();
    let outline = outlined(&cells).0;
    assert!(outline.is_valid());
    assert_eq!((outline.0.len(), outline.0[0].interiors().len()), (1, 1));
    assert!(!outline.contains(&point(hole)));
    for cell in cells {
        assert!(outline.contains(&point(cell)), "{cell}");
    }
}

#[test]
fn the_pole_is_inside_and_the_outline_reaches_it_along_the_antimeridian() {
    for (lat, resolution) in [(90.0, 2), (-90.0, 2), (90.0, 9), (-90.0, 12)] {
        let cells: Vec<CellIndex> = cell(lat, 0.0, resolution).grid_disk(3);
        let outline = check(&cells).unwrap();
        assert_eq!(outline.0.len(), 1);
        let corners = &outline.0[0].exterior().0;
        assert!(
            corners.contains(&Coord { x: 180.0, y: lat }) && corners.contains(&Coord { x: -180.0, y: lat })
        );
    }
}

#[test]
fn a_ring_around_a_pole_leaves_the_pole_out() {
    for lat in [90.0, -90.0] {
        let pole = cell(lat, 0.0, 7);
        let disk: Vec<CellIndex> = pole.grid_disk(2);
        let ring: Vec<CellIndex> = disk.into_iter().filter(|cell| *cell != pole).collect();
        let outline = check(&ring).unwrap();
        assert!(!outline.contains(&Point::new(90.0, lat * 0.999_999_9)));
    }
}

#[test]
fn a_disk_across_the_antimeridian_is_two_polygons_that_meet_there() {
    let cells: Vec<CellIndex> = cell(10.0, 180.0, 8).grid_disk(5);
    let outline = check(&cells).unwrap();
    assert_eq!(outline.0.len(), 2);
    for polygon in &outline {
        let on_the_cut = polygon
            .exterior()
            .0
            .iter()
            .filter(|corner| corner.x.abs() >= 180.0)
            .count();
        assert!(on_the_cut >= 2);
    }
}

#[test]
fn an_island_in_a_lake_is_a_polygon_of_its_own() {
    let middle = cell(18.25, 109.5, 9);
    let (disk, gone): (Vec<CellIndex>, Vec<CellIndex>) = (middle.grid_disk(4), middle.grid_ring(2));
    let cells: Vec<CellIndex> = disk.into_iter().filter(|cell| !gone.contains(cell)).collect();
    let outline = check(&cells).unwrap();
    let mut holes: Vec<usize> = outline.iter().map(|polygon| polygon.interiors().len()).collect();
    holes.sort_unstable();
    assert_eq!(holes, [0, 1]);
}

#[test]
fn cells_of_several_resolutions_are_outlined_by_the_finest() {
    let coarse = cell(18.25, 109.5, 6);
    let next = around(coarse).next().unwrap();
    let eight = Resolution::Eight;
    let mixed: Vec<CellIndex> = next.children(eight).chain([coarse]).collect();
    let fine: Vec<CellIndex> = next.children(eight).chain(coarse.children(eight)).collect();
    assert_eq!(outlined(&mixed).0, outlined(&fine).0);
    // A cell that lies inside another changes nothing.
    let nested: Vec<CellIndex> = mixed
        .iter()
        .copied()
        .chain(coarse.children(eight).take(3))
        .collect();
    assert_eq!(outlined(&mixed), outlined(&nested));
}

#[test]
fn cells_that_differ_too_much_are_outlined_by_coarser_ones() {
    let coarse = cell(18.25, 109.5, 2);
    let fine = cell(-20.0, 30.0, 13);
    let outline = outlined(&[coarse, fine]).0;
    assert!(outline.is_valid());
    assert_eq!(outline.0.len(), 2);
    assert!(outline.contains(&point(coarse)) && outline.contains(&point(fine)));
}

#[test]
fn the_outliner_can_be_used_again() {
    let cells: Vec<CellIndex> = cell(18.25, 109.5, 9).grid_disk(2);
    let graph = CellGraph::build(&numbers(&cells)).unwrap();
    let mut outliner = Outliner::new(&graph);
    let (one, two) = ([0, 1, 2, 7, 8], [3, 4, 5, 12]);
    let first = outliner.outline(&one);
    let second = outliner.outline(&two);
    assert_eq!(outliner.outline(&one), first);
    assert_eq!(Outliner::new(&graph).outline(&two), second);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn an_outline_holds_its_cells_and_nothing_else(cells in patch(2..=15)) {
        check(&cells)?;
    }

    #[test]
    fn there_are_as_many_rings_as_pieces_and_lakes(cells in patch(5..=12)) {
        let far_from_the_cut = |cell: &CellIndex| {
            let place = LatLng::from(*cell);
            place.lng().abs() < 170.0 && place.lat().abs() < 75.0
        };
        prop_assume!(cells.iter().all(far_from_the_cut));
        let outline = check(&cells)?;
        let set: BTreeSet<CellIndex> = cells.iter().copied().collect();
        prop_assert_eq!(outline.0.len(), flooded(&set).len());
        let Some(first) = cells.first() else {
            return Ok(());
        };
        // No two cells are more than 16 steps apart, so one part of what is left of a disk of 18 is the outside.
        let disk: BTreeSet<CellIndex> = first.grid_disk(18);
        let lakes = flooded(&disk.difference(&set).copied().collect()).len() - 1;
        let holes: usize = outline.iter().map(|polygon| polygon.interiors().len()).sum();
        prop_assert_eq!(holes, lakes);
    }
}
