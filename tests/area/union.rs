//! The union of discs: counted points, positions, validity, and the polygons' union by another library.

use geo::algorithm::unary_union;
use geo::{BoundingRect as _, MultiPolygon};
use proptest::prelude::*;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::ellipsoid_area::area_m2;
use yizhan::domain::geodesic::karney;
use yizhan::planner::area::{disc, union};
use yizhan::planner::watch::{Cancelled, Watch};

use super::{
    Seeded, assert_close, assert_valid, beside, contains, counted_m2, covered, place, radius, spread,
};

/// The polygons' union by the `geo` crate, m².
fn united_m2(centres: &[LonLat], radius_m: f64) -> f64 {
    let discs: Vec<MultiPolygon<f64>> = centres
        .iter()
        .map(|&centre| disc(centre, radius(radius_m)))
        .collect();
    area_m2(&unary_union(&discs))
}

#[test]
fn nothing_covers_nothing_and_one_disc_is_the_disc() {
    assert!(covered(&[], 1000.0).shape.0.is_empty());
    let centre = place(109.5, 18.25);
    assert_eq!(covered(&[centre], 1000.0).shape, disc(centre, radius(1000.0)));
    assert_eq!(covered(&[centre; 3], 1000.0).shape, disc(centre, radius(1000.0)));
}

#[test]
fn two_discs_have_the_area_of_both_less_the_lens_at_any_distance() {
    let (radius_m, at) = (1000.0_f64, place(113.6, 34.7));
    for apart in [
        1e-6, 1e-3, 0.1, 0.5, 1.0, 1.5, 1.9, 1.97, 1.999, 1.999_999, 2.0, 2.000_5, 2.01, 3.0,
    ] {
        let shape = covered(&[at, beside(at, radius_m, [apart * 0.6, apart * 0.8])], radius_m);
        let half: f64 = (apart / 2.0_f64).min(1.0);
        let lens = 2.0 * half.acos() - 2.0 * half * (1.0 - half * half).sqrt();
        let expected = (core::f64::consts::TAU - lens) * radius_m * radius_m;
        assert_valid(&shape.shape, &format!("{apart}"));
        assert_close(
            area_m2(&shape.shape),
            expected,
            1e-4,
            &format!("{apart} radii apart"),
        );
        assert_eq!(shape.shape.0.len(), if apart < 2.0 { 1 } else { 2 }, "{apart}");
        assert_eq!(shape.fallbacks, 0);
    }
}

#[test]
fn a_ring_of_discs_has_a_hole_and_a_disc_in_the_hole_is_apart() {
    let (radius_m, at) = (500.0, place(120.0, 31.0));
    let turn = |step: i32| f64::from(step) * core::f64::consts::TAU / 12.0;
    let around: Vec<LonLat> = (0..12)
        .map(|step| beside(at, radius_m, [3.5 * turn(step).cos(), 3.5 * turn(step).sin()]))
        .collect();
    let ring = covered(&around, radius_m).shape;
    assert_valid(&ring, "ring");
    assert_eq!((ring.0.len(), ring.0[0].interiors().len()), (1, 1));
    assert_close(area_m2(&ring), counted_m2(&around, radius_m, 1000), 3e-4, "ring");
    let with: Vec<LonLat> = around.iter().copied().chain([at]).collect();
    let both = covered(&with, radius_m).shape;
    assert_valid(&both, "island");
    assert_eq!(both.0.len(), 2);
    assert_close(
        area_m2(&both) - area_m2(&ring),
        area_m2(&disc(at, radius(radius_m))),
        1e-6,
        "island",
    );
}

#[test]
fn areas_agree_with_a_million_counted_points() {
    let cases: [(u64, usize, LonLat, f64, f64); 9] = [
        (1, 12, place(113.6, 34.7), 833.33, 8.0),
        (2, 40, place(109.5, 18.2), 833.33, 12.0),
        (3, 60, place(126.6, 53.0), 5000.0, 12.0),
        (4, 30, place(180.0, -17.0), 10_000.0, 9.0),
        (5, 25, place(30.0, 90.0), 20_000.0, 10.0),
        (6, 25, place(100.0, 89.5), 60_000.0, 10.0),
        (7, 40, place(-179.5, -88.0), 100_000.0, 12.0),
        (8, 50, place(20.0, 69.0), 100_000.0, 14.0),
        (9, 20, place(0.0, 0.0), 10.0, 9.0),
    ];
    for (seed, count, middle, radius_m, wide) in cases {
        let centres = spread(seed, count, middle, (radius_m, wide));
        let shape = covered(&centres, radius_m);
        let what = format!("{count} discs of {radius_m} m around {middle:?}");
        assert_valid(&shape.shape, &what);
        assert_close(
            area_m2(&shape.shape),
            counted_m2(&centres, radius_m, 1000),
            6e-4,
            &what,
        );
        assert_close(area_m2(&shape.shape), united_m2(&centres, radius_m), 4e-4, &what);
        assert_eq!(shape.fallbacks, 0, "{what}");
    }
}

#[test]
fn a_belt_around_the_earth_and_a_crown_around_a_pole_are_closed_at_the_date_line() {
    let belt: Vec<LonLat> = (0..360).map(|lon| place(f64::from(lon) - 180.0, 0.0)).collect();
    let shape = covered(&belt, 100_000.0).shape;
    assert_valid(&shape, "belt");
    assert_eq!((shape.0.len(), shape.0[0].interiors().len()), (1, 0));
    assert_close(area_m2(&shape), counted_m2(&belt, 100_000.0, 700), 6e-4, "belt");
    let crown: Vec<LonLat> = (0..36)
        .map(|step| place(f64::from(step) * 10.0 - 175.0, -87.0))
        .collect();
    let shape = covered(&crown, 100_000.0).shape;
    assert_valid(&shape, "crown");
    assert!(!contains(&shape, place(0.0, -89.9)) && contains(&shape, place(3.0, -87.2)));
    assert_close(
        area_m2(&shape),
        counted_m2(&crown, 100_000.0, 1000),
        6e-4,
        "crown",
    );
}

#[test]
fn the_whole_earth_is_covered_but_for_a_hole() {
    let mut centres = Vec::new();
    let mut lat_deg = -90.0_f64;
    while lat_deg <= 90.0 {
        let steps = (lat_deg.to_radians().cos() * 360.0).ceil().max(1.0);
        let mut step = 0.0;
        while step < steps {
            centres.push(place(step * 360.0 / steps - 180.0, lat_deg));
            step += 1.0;
        }
        lat_deg += 1.0;
    }
    let whole = covered(&centres, 100_000.0).shape;
    assert_close(area_m2(&whole), 510_065_621_724_088.0, 1e-12, "the whole earth");
    let hole = place(100.0, 30.0);
    centres.retain(|&centre| karney(centre, hole).get() > 250_000.0);
    let shape = covered(&centres, 100_000.0).shape;
    assert_eq!((shape.0.len(), shape.0[0].interiors().len()), (1, 1));
    assert!(!contains(&shape, hole) && contains(&shape, place(-100.0, 30.0)));
}

#[test]
fn the_same_centres_give_the_same_bytes_on_any_number_of_threads() {
    let centres = spread(11, 600, place(104.0, 30.6), (833.0, 50.0));
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let shape = pool.install(|| covered(&centres, 833.0).shape);
        let corners = shape
            .iter()
            .flat_map(|polygon| core::iter::once(polygon.exterior()).chain(polygon.interiors()));
        corners
            .flat_map(|ring| ring.coords().flat_map(|at| [at.x.to_bits(), at.y.to_bits()]))
            .collect::<Vec<u64>>()
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn the_union_stops_when_it_is_cancelled() {
    let watch = Watch::default();
    watch.cancel();
    let centres = spread(1, 10, place(104.0, 30.6), (833.0, 5.0));
    assert_eq!(union(&centres, radius(833.0), &watch), Err(Cancelled));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn places_are_inside_when_a_centre_is_near(
        seed in 0_u64..1_000_000,
        count in 1_usize..60,
        wide in 1.0_f64..14.0,
        lon_deg in -180.0_f64..180.0,
        lat_deg in -90.0_f64..90.0,
        size in 1.0_f64..5.0,
    ) {
        let (middle, radius_m) = (place(lon_deg, lat_deg), 10.0_f64.powf(size));
        let centres = spread(seed, count, middle, (radius_m, wide));
        let found = covered(&centres, radius_m);
        prop_assert_eq!(found.fallbacks, 0);
        assert_valid(&found.shape, "random discs");
        let mut random = Seeded(seed + 1);
        for _ in 0..300 {
            let mut offset = || (random.unit() - 0.5) * (wide + 3.0);
            let at = beside(middle, radius_m, [offset(), offset()]);
            let nearest = centres.iter().map(|&centre| karney(centre, at).get()).fold(f64::INFINITY, f64::min) / radius_m;
            if (nearest - 1.0).abs() > 2.5e-3 {
                prop_assert_eq!(contains(&found.shape, at), nearest < 1.0, "{:?} at {} radii", at, nearest);
            }
        }
    }

    #[test]
    fn discs_across_the_date_line_are_those_elsewhere_turned(seed in 0_u64..1_000_000, lat_deg in -80.0_f64..80.0) {
        let centres = spread(seed, 12, place(20.0, lat_deg), (5000.0, 6.0));
        let turned: Vec<LonLat> = centres.iter().map(|at| place((at.lon_deg() + 160.0 + 180.0).rem_euclid(360.0) - 180.0, at.lat_deg())).collect();
        let (here, there) = (covered(&centres, 5000.0).shape, covered(&turned, 5000.0).shape);
        assert_valid(&there, "turned");
        prop_assert!((area_m2(&there) / area_m2(&here) - 1.0).abs() < 1e-7);
        let crosses = there.bounding_rect().is_some_and(|bounds| bounds.width() > 300.0);
        prop_assert!(crosses || there.0.len() == here.0.len());
    }
}
