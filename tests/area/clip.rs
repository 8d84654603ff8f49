//! Covered area in a district, and what is wrong with outlines.

use geo::{MultiPolygon, Polygon, polygon, wkt};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::ellipsoid_area::area_m2;
use yizhan::planner::area::clip::{centres_near, clip};
use yizhan::planner::area::disc;
use yizhan::planner::area::outline::{OutlineProblem, check_outline, overlaps};

use super::{assert_close, assert_valid, beside, covered, place, radius, spread};

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Polygon<f64> {
    polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)]
}

#[test]
fn a_disc_in_a_district_is_whole_and_half_of_it_at_a_straight_border() {
    let shape = disc(place(0.0, 0.0), radius(1000.0));
    let around = MultiPolygon::new(vec![rectangle(-1.0, -1.0, 1.0, 1.0)]);
    assert_close(area_m2(&clip(&shape, &around)), area_m2(&shape), 1e-6, "whole");
    let half = MultiPolygon::new(vec![rectangle(-1.0, -1.0, 0.0, 1.0)]);
    assert_close(area_m2(&clip(&shape, &half)), area_m2(&shape) / 2.0, 1e-5, "half");
    let away = MultiPolygon::new(vec![rectangle(1.0, 1.0, 2.0, 2.0)]);
    assert!(clip(&shape, &away).0.is_empty());
    assert!(clip(&shape, &MultiPolygon::new(Vec::new())).0.is_empty());
}

#[test]
fn holes_and_several_polygons_of_a_district_count() {
    let shape = disc(place(113.0, 34.0), radius(20_000.0));
    let hole = rectangle(112.95, 33.95, 113.05, 34.05);
    let outer = rectangle(112.0, 33.0, 114.0, 35.0).into_inner().0;
    let with_hole = MultiPolygon::new(vec![Polygon::new(outer, vec![hole.exterior().clone()])]);
    let clipped = clip(&shape, &with_hole);
    assert_valid(&clipped, "hole");
    let expected = area_m2(&shape) - area_m2(&MultiPolygon::new(vec![hole]));
    assert_close(area_m2(&clipped), expected, 1e-6, "hole");
    let halves = MultiPolygon::new(vec![
        rectangle(112.0, 33.0, 113.0, 35.0),
        rectangle(113.0, 33.0, 114.0, 35.0),
    ]);
    assert_close(
        area_m2(&clip(&shape, &halves)),
        area_m2(&shape),
        1e-6,
        "two halves",
    );
}

#[test]
fn a_district_across_the_date_line_is_clipped_on_both_sides() {
    let shape = disc(place(179.9, -16.5), radius(30_000.0));
    let both = MultiPolygon::new(vec![
        rectangle(179.0, -18.0, 180.0, -15.0),
        rectangle(-180.0, -18.0, -179.0, -15.0),
    ]);
    let clipped = clip(&shape, &both);
    assert_valid(&clipped, "date line");
    assert_eq!(clipped.0.len(), 2);
    assert_close(area_m2(&clipped), area_m2(&shape), 1e-6, "date line");
}

#[test]
fn only_the_discs_near_a_district_change_what_is_covered_there() {
    for (middle, bounds) in [
        (place(113.6, 34.7), rectangle(113.5, 34.6, 113.7, 34.75)),
        (place(-179.95, 70.0), rectangle(-180.0, 69.9, -179.8, 70.1)),
        (place(50.0, 88.9), rectangle(0.0, 88.85, 60.0, 89.0)),
    ] {
        let centres: Vec<LonLat> = spread(7, 300, middle, (3000.0, 30.0));
        let outline = MultiPolygon::new(vec![bounds]);
        let near = centres_near(&centres, radius(3000.0), &outline);
        assert!(near.len() < centres.len() || middle.lat_deg() > 88.0);
        let all = area_m2(&clip(&covered(&centres, 3000.0).shape, &outline));
        let some = area_m2(&clip(&covered(&near, 3000.0).shape, &outline));
        assert!(all > 0.0);
        assert_close(some, all, 1e-4, &format!("{middle:?}"));
    }
    let outline = MultiPolygon::new(vec![rectangle(120.0, 60.0, 121.0, 61.0)]);
    for east in [0.99, 1.01] {
        let centre = beside(place(121.0, 60.5), 50_000.0, [east, 0.0]);
        assert!(east > 1.0 || !centres_near(&[centre], radius(50_000.0), &outline).is_empty());
    }
}

#[test]
fn good_outlines_pass_and_bad_ones_are_named() {
    let good: MultiPolygon<f64> = wkt!(MULTIPOLYGON(((0. 0.,4. 0.,4. 4.,0. 4.,0. 0.),(1. 1.,1. 2.,2. 2.,2. 1.,1. 1.)),((4. 4.,5. 4.,5. 5.,4. 4.))));
    assert_eq!(check_outline(&good), Ok(()));
    assert_eq!(
        check_outline(&MultiPolygon::new(Vec::new())),
        Err(OutlineProblem::Empty)
    );
    let short: MultiPolygon<f64> = wkt!(MULTIPOLYGON(((0. 0.,4. 0.,0. 0.))));
    assert_eq!(
        check_outline(&short),
        Err(OutlineProblem::TooFewPlaces {
            polygon: 0,
            ring: 0,
            places: 3
        })
    );
    let flat: MultiPolygon<f64> = wkt!(MULTIPOLYGON(((0. 0.,4. 0.,2. 0.,0. 0.))));
    assert!(matches!(check_outline(&flat), Err(OutlineProblem::NoArea(_))));
}

#[test]
fn a_crossing_is_found_with_its_rings_and_place() {
    let bow: MultiPolygon<f64> =
        wkt!(MULTIPOLYGON(((9. 9.,10. 9.,10. 10.,9. 9.)),((0. 0.,4. 4.,4. 0.,0. 4.,0. 0.))));
    let problem = check_outline(&bow).unwrap_err();
    assert!(matches!(
        problem,
        OutlineProblem::Crossing {
            polygon: 1,
            ring: 0,
            other_polygon: 1,
            other_ring: 0,
            ..
        }
    ));
    assert!(
        problem.to_string().contains("at `2.000000,2.000000`"),
        "{problem}"
    );
    let hole: MultiPolygon<f64> =
        wkt!(MULTIPOLYGON(((0. 0.,4. 0.,4. 4.,0. 4.,0. 0.),(3. 1.,5. 1.,5. 2.,3. 2.,3. 1.))));
    assert!(matches!(
        check_outline(&hole),
        Err(OutlineProblem::Crossing {
            polygon: 0,
            ring: 0,
            other_polygon: 0,
            other_ring: 1,
            ..
        })
    ));
}

#[test]
fn a_crossing_outline_is_clipped_by_the_even_odd_rule() {
    let bow: MultiPolygon<f64> = wkt!(MULTIPOLYGON(((-1. -1.,1. 1.,1. -1.,-1. 1.,-1. -1.))));
    let shape = disc(place(0.0, 0.0), radius(1000.0));
    assert_close(
        area_m2(&clip(&shape, &bow)),
        area_m2(&shape) / 2.0,
        1e-2,
        "bow tie",
    );
}

#[test]
fn overlapping_districts_are_listed_with_the_area_they_share() {
    let districts = [
        MultiPolygon::new(vec![rectangle(0.0, 0.0, 1.0, 1.0)]),
        MultiPolygon::new(vec![rectangle(1.0, 0.0, 2.0, 1.0)]),
        MultiPolygon::new(vec![rectangle(1.5, 0.5, 3.0, 1.5)]),
    ];
    let found = overlaps(&districts.iter().collect::<Vec<_>>(), 1.0);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].first, found[0].second), (1, 2));
    let shared = area_m2(&MultiPolygon::new(vec![rectangle(1.5, 0.5, 2.0, 1.0)]));
    assert_close(found[0].area_m2, shared, 1e-6, "shared");
}
