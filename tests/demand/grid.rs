//! Even grids: the right cells, everywhere on the earth, with the right areas.

use geo::{GeodesicArea as _, Intersects as _, Point};
use h3o::{CellIndex, LatLng, Resolution};
use proptest::prelude::*;
use yizhan::domain::cells::{area_m2, cell_at, fill};
use yizhan::domain::demand::DemandKind;
use yizhan::domain::outline::Outline;
use yizhan::planner::demand::{Demand, DemandError};
use yizhan::planner::grid::{GRID_WEIGHT, MAX_GRID_CELLS};
use yizhan::planner::watch::Watch;

use super::*;

fn all_cells(resolution: Resolution) -> Vec<CellIndex> {
    CellIndex::base_cells()
        .flat_map(|cell| cell.children(resolution))
        .collect()
}

fn centre(cell: CellIndex) -> Point<f64> {
    let centre = LatLng::from(cell);
    Point::new(centre.lng(), centre.lat())
}

/// The cell as a polygon; unrolled where it crosses ±180°.
fn ring(cell: CellIndex) -> Polygon<f64> {
    let corners: Vec<_> = cell
        .boundary()
        .iter()
        .map(|corner| (corner.lng(), corner.lat()))
        .collect();
    let is_split = corners
        .iter()
        .any(|a| corners.iter().any(|b| (a.0 - b.0).abs() > 180.0));
    let shift = |(lon, lat): (f64, f64)| {
        if is_split && lon < 0.0 {
            (lon + 360.0, lat)
        } else {
            (lon, lat)
        }
    };
    Polygon::new(corners.into_iter().map(shift).collect(), Vec::new())
}

#[test]
fn areas_of_cells_agree_with_the_geodesic_area_of_their_corners() {
    let steps: [(u8, usize); 7] = [
        (3, 97),
        (4, 701),
        (5, 5_003),
        (7, 250_007),
        (9, 12_000_017),
        (11, 600_000_007),
        (12, 4_200_000_001),
    ];
    for (resolution, step) in steps {
        let resolution = Resolution::try_from(resolution).expect("a resolution");
        let count = CellIndex::base_cells()
            .map(|cell| cell.children_count(resolution))
            .sum::<u64>();
        assert!(count / step as u64 > 300, "{resolution}");
        for number in (0..count).step_by(step) {
            let cell = cell_number(number, resolution);
            let truth = ring(cell).geodesic_area_unsigned();
            // Coarse cells have long edges; of small ones the library knows the area to some square decimetres only.
            let share = if resolution == Resolution::Three {
                1e-4
            } else {
                1e-6
            };
            assert!(
                (area_m2(cell) - truth).abs() < share * truth + 0.2,
                "{cell}: {} {truth}",
                area_m2(cell)
            );
        }
    }
}

/// A cell by its number among all of a resolution.
fn cell_number(number: u64, resolution: Resolution) -> CellIndex {
    let mut rest = number;
    let base = CellIndex::base_cells().find(|base| {
        let count = base.children_count(resolution);
        let is_here = rest < count;
        rest -= if is_here { 0 } else { count };
        is_here
    });
    CellIndex::child_at(base.expect("a base cell"), rest, resolution).expect("a child")
}

#[test]
fn all_cells_together_cover_the_earth_poles_and_antimeridian_included() {
    let earth_m2 = 510_065_621_724_088.4;
    for resolution in [Resolution::Two, Resolution::Four] {
        let sum: f64 = all_cells(resolution).into_iter().map(area_m2).sum();
        assert!((sum / earth_m2 - 1.0).abs() < 1e-9, "{resolution}: {sum}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_fill_finds_every_cell_whose_centre_lies_inside_and_no_other(
        shares in prop::collection::vec(0.3..1.0_f64, 3..30), hole in prop::collection::vec(0.3..1.0_f64, 3..9),
        (lon, lat) in (-180.0..180.0_f64, -88.0..88.0_f64), radius in 0.5..40.0_f64,
    ) {
        let lon = lon.clamp(-179.9 + radius, 179.9 - radius);
        let outline = MultiPolygon::new(vec![Polygon::new(
            star(lon, lat, radius, &shares), vec![star(lon, lat, radius * 0.28, &hole)],
        )]);
        let expected: Vec<CellIndex> =
            all_cells(Resolution::Three).into_iter().filter(|cell| outline.intersects(&centre(*cell))).collect();
        let filling = fill(&[Outline::new(&outline)], Resolution::Three, usize::MAX).expect("no limit");
        prop_assert_eq!(&filling.cells, &expected);
        prop_assert_eq!(filling.is_filled[0], !expected.is_empty());
        let exactly = fill(&[Outline::new(&outline)], Resolution::Three, expected.len()).map(|found| found.cells.len());
        prop_assert_eq!(exactly, Some(expected.len()));
        if let Some(fewer) = expected.len().checked_sub(1) {
            prop_assert!(fill(&[Outline::new(&outline)], Resolution::Three, fewer).is_none());
        }
    }
}

#[test]
fn a_fill_over_the_antimeridian_and_at_a_pole_finds_what_brute_force_finds() {
    let parts = [
        (
            rectangle(176.0, -20.0, -178.0, -12.0),
            vec![
                rectangle(176.0, -20.0, 180.0, -12.0),
                rectangle(-180.0, -20.0, -178.0, -12.0),
            ],
        ),
        (
            rectangle(-180.0, 80.0, 180.0, 90.0),
            vec![rectangle(-180.0, 80.0, 180.0, 90.0)],
        ),
        (
            rectangle(-180.0, -90.0, 180.0, 90.0),
            vec![rectangle(-180.0, -90.0, 180.0, 90.0)],
        ),
    ];
    for (given, cut) in parts {
        let outline = Outline::new(&MultiPolygon::new(vec![Polygon::new(given, Vec::new())]));
        let cut: Vec<Polygon<f64>> = cut
            .into_iter()
            .map(|ring| Polygon::new(ring, Vec::new()))
            .collect();
        let is_inside = |cell: &CellIndex| cut.iter().any(|part| part.intersects(&centre(*cell)));
        let expected: Vec<CellIndex> = all_cells(Resolution::Four)
            .into_iter()
            .filter(is_inside)
            .collect();
        assert!(!expected.is_empty());
        assert_eq!(
            fill(&[outline], Resolution::Four, usize::MAX)
                .expect("no limit")
                .cells,
            expected
        );
    }
}

#[test]
fn the_even_grid_of_sanya_has_the_area_of_its_districts() {
    let districts = sanya();
    let demand = Demand::even_grid(&districts, None, &Watch::default()).expect("a grid");
    assert_eq!(demand.kind(), DemandKind::EvenGrid);
    assert_eq!(&*demand.weights()[0].name, GRID_WEIGHT);
    assert_eq!(demand.notes()[0].code, "even_grid");
    for (area, district) in (0..).zip(&districts) {
        let of_area = demand.area_of().iter().zip(&demand.weights()[0].values);
        let cells_m2: f64 = of_area
            .filter(|(own, _)| **own == area)
            .map(|(_, area_m2)| area_m2)
            .sum();
        let outline_m2 = district.outline().geodesic_area_unsigned();
        assert!(
            (cells_m2 / outline_m2 - 1.0).abs() < 0.005,
            "{}: {cells_m2} {outline_m2}",
            district.name
        );
    }
    let cells = demand.cells().iter().zip(demand.places().places());
    for (cell, place) in cells {
        assert_eq!(*cell, u64::from(cell_at(*place, Resolution::Nine)));
    }
}

#[test]
fn a_grid_gets_coarser_by_itself_and_obeys_when_it_is_asked() {
    let wide = [district("wide", rectangle(100.0, 20.0, 110.0, 30.0))];
    let demand = Demand::even_grid(&wide, None, &Watch::default()).expect("a grid");
    let count = demand.places().places().len();
    assert!(count <= MAX_GRID_CELLS && count > MAX_GRID_CELLS / 8, "{count}");
    assert!(
        demand.notes()[0].en.contains("resolution 7"),
        "{}",
        demand.notes()[0].en
    );
    let coarse = Demand::even_grid(&wide, Some(4), &Watch::default()).expect("a grid");
    assert!(
        coarse
            .cells()
            .iter()
            .all(|cell| CellIndex::try_from(*cell).is_ok_and(|cell| cell.resolution() == Resolution::Four))
    );
    let refused = Demand::even_grid(&wide, Some(12), &Watch::default()).expect_err("too fine");
    assert_eq!(
        refused.to_string(),
        "an even grid of resolution `12` has more than 5000000 cells here; expected a coarser one"
    );
    for resolution in [13, 16, 255] {
        assert_eq!(
            Demand::even_grid(&wide, Some(resolution), &Watch::default()).expect_err("no such"),
            DemandError::Resolution(resolution)
        );
    }
    assert_eq!(
        Demand::even_grid(&[], None, &Watch::default()).expect_err("nothing"),
        DemandError::NoDistricts
    );
}

#[test]
fn districts_smaller_than_a_cell_have_at_least_one_cell_of_their_own() {
    let districts = [
        district("city", rectangle(109.5, 18.2, 109.6, 18.3)),
        district("block", rectangle(109.7, 18.2, 109.7006, 18.2006)),
        district("house", rectangle(109.8, 18.2, 109.800_05, 18.200_05)),
    ];
    let demand = Demand::even_grid(&districts, None, &Watch::default()).expect("a grid");
    let count = |area| demand.area_of().iter().filter(|own| **own == area).count();
    assert!(
        count(0) > 500 && count(1) >= 1 && count(2) >= 1,
        "{} {} {}",
        count(0),
        count(1),
        count(2)
    );
    assert_eq!(demand.notes()[1].code, "finer_cells");
    assert_eq!(demand.counts().near, 0);
}

#[test]
fn a_grid_that_nobody_waits_for_is_given_up() {
    let watch = Watch::default();
    watch.cancel();
    assert!(matches!(
        Demand::even_grid(&sanya(), None, &watch),
        Err(DemandError::Cancelled(_))
    ));
}
