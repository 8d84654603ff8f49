//! Regular arrangements, where discs touch, coincide, and three or more circles meet in one point.

use yizhan::domain::coordinate::LonLat;
use yizhan::domain::ellipsoid_area::area_m2;
use yizhan::domain::geodesic::karney;

use super::{assert_close, assert_valid, beside, counted_m2, covered, place};

/// A lattice of `side`² centres with these two steps, in radii.
fn lattice(middle: LonLat, radius_m: f64, side: i32, [step, slant, rise]: [f64; 3]) -> Vec<LonLat> {
    let at = |row: i32, column: i32| {
        let (row, column) = (f64::from(row), f64::from(column));
        beside(middle, radius_m, [column * step + row * slant, row * rise])
    };
    (0..side * side)
        .map(|i| at(i / side - side / 2, i % side - side / 2))
        .collect()
}

#[test]
fn lattices_with_triple_crossings_are_united() {
    let (root_2, root_3) = (2.0_f64.sqrt(), 3.0_f64.sqrt());
    let kinds = [
        ("square, four circles through a point", [root_2, 0.0, root_2]),
        ("square, discs that touch", [2.0, 0.0, 2.0]),
        ("square, half a radius", [0.5, 0.0, 0.5]),
        ("square, one radius", [1.0, 0.0, 1.0]),
        (
            "triangles, three circles through a point",
            [root_3, root_3 / 2.0, 1.5],
        ),
        (
            "triangles, six circles through a centre",
            [1.0, 0.5, root_3 / 2.0],
        ),
        ("triangles, discs that touch", [2.0, 1.0, root_3]),
    ];
    for (name, steps) in kinds {
        for (middle, radius_m) in [
            (place(0.0, 0.0), 10.0),
            (place(113.6, 34.7), 833.33),
            (place(10.0, 60.0), 20_000.0),
        ] {
            let centres = lattice(middle, radius_m, 7, steps);
            let shape = covered(&centres, radius_m);
            let what = format!("{name} of {radius_m} m: {} fallbacks", shape.fallbacks);
            assert_valid(&shape.shape, &what);
            assert_close(
                area_m2(&shape.shape),
                counted_m2(&centres, radius_m, 400),
                1e-3,
                &what,
            );
        }
    }
}

#[test]
fn circles_through_one_point_to_the_last_digit_are_united() {
    // Mirrored at the equator and at a meridian, all four circles go through the middle exactly.
    for turned in [0.0, 90.0, -180.0] {
        let centres =
            [(0.01, 0.01), (-0.01, 0.01), (0.01, -0.01), (-0.01, -0.01)].map(|(lon, lat): (f64, f64)| {
                place(
                    if turned < 0.0 && lon < 0.0 {
                        180.0 + lon
                    } else {
                        turned + lon
                    },
                    lat,
                )
            });
        let through_m = karney(centres[0], place(turned, 0.0)).get();
        for radius_m in [
            through_m - 1e-6,
            through_m - 1e-9,
            through_m,
            through_m + 1e-9,
            through_m + 1e-6,
            through_m * 1.1,
        ] {
            let shape = covered(&centres, radius_m);
            let what = format!("{radius_m} m: {} fallbacks", shape.fallbacks);
            assert_valid(&shape.shape, &what);
            assert_close(
                area_m2(&shape.shape),
                counted_m2(&centres, radius_m, 400),
                1e-3,
                &what,
            );
        }
    }
}

#[test]
fn a_chain_and_discs_inside_a_crowd_are_united() {
    let at = place(108.9, 34.3);
    let chain: Vec<LonLat> = (0..50)
        .map(|step| beside(at, 300.0, [f64::from(step) * 1.8, 0.0]))
        .collect();
    let shape = covered(&chain, 300.0).shape;
    assert_valid(&shape, "chain");
    assert_eq!(shape.0.len(), 1);
    assert_close(area_m2(&shape), counted_m2(&chain, 300.0, 1500), 1e-3, "chain");
    // A disc whose circle six others cover adds its middle only.
    let turn = |step: i32| f64::from(step) * core::f64::consts::TAU / 6.0;
    let mut nest: Vec<LonLat> = (0..6)
        .map(|step| beside(at, 300.0, [1.2 * turn(step).cos(), 1.2 * turn(step).sin()]))
        .collect();
    let hollow = covered(&nest, 300.0).shape;
    assert_eq!(hollow.0[0].interiors().len(), 1);
    nest.push(at);
    let full = covered(&nest, 300.0).shape;
    assert_valid(&full, "nest");
    assert_eq!((full.0.len(), full.0[0].interiors().len()), (1, 0));
    assert_eq!(full.0[0].exterior().0.len(), hollow.0[0].exterior().0.len());
}
