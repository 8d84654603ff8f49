//! Prepared outlines answer as the plain ones do, and distances agree with Karney's.

use geo::{Contains as _, Intersects as _, Point, Simplify as _};
use proptest::prelude::*;
use yizhan::domain::geodesic::{direct, karney};
use yizhan::domain::outline::Outline;

use super::*;

/// Inside or on one of the polygons, by the plain algorithm.
fn plainly(outline: &MultiPolygon<f64>, at: LonLat) -> bool {
    let point = Point::new(at.lon_deg(), at.lat_deg());
    outline.iter().any(|polygon| polygon.intersects(&point))
}

fn shares(corners: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.55..1.0_f64, corners)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_prepared_outline_holds_what_the_plain_one_holds(
        outer in shares(8..60), inner in shares(3..12), other in shares(3..8),
        (lon, lat) in (-170.0..170.0_f64, -80.0..80.0_f64), radius in 0.001..9.0_f64,
        tries in prop::collection::vec((-1.1..1.1_f64, -1.1..1.1_f64), 100),
    ) {
        let hole = star(lon, lat, radius * 0.4, &inner);
        let outline = MultiPolygon::new(vec![
            Polygon::new(star(lon, lat, radius, &outer), vec![hole.clone()]),
            // An island within the hole.
            Polygon::new(star(lon, lat, radius * 0.2, &other), Vec::new()),
        ]);
        let prepared = Outline::new(&outline);
        for (across, up) in tries {
            let at = place(lon + radius * across, (lat + radius * up).clamp(-90.0, 90.0));
            prop_assert_eq!(prepared.contains(at), plainly(&outline, at), "{:?}", at);
        }
        // Corners, and places at the height of a corner, are where counting crossings goes wrong.
        for ring in [outline.0[0].exterior(), &hole] {
            for corner in ring.coords() {
                prop_assert!(prepared.contains(place(corner.x, corner.y)), "corner {:?}", corner);
                let beside = place(lon, corner.y);
                prop_assert_eq!(prepared.contains(beside), plainly(&outline, beside), "{:?}", beside);
            }
        }
    }

    #[test]
    fn a_place_beside_an_edge_is_as_far_as_karney_says(
        (lon, lat) in (-179.0..179.0_f64, -85.0..85.0_f64), distance_m in 1.0..400.0_f64, towards in prop::bool::ANY,
    ) {
        // East and west of a long meridian edge the nearest place is on the parallel, up to a curve that does not show here.
        let (edge, azimuth) = if towards { (lon + 0.5, 90.0) } else { (lon - 0.5, 270.0) };
        let ring = rectangle(lon.min(edge), lat - 1.0, lon.max(edge), lat + 1.0);
        let outline = Outline::new(&MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]));
        let at = direct(place(edge, lat), azimuth, distance_m);
        prop_assert!(!outline.contains(at));
        match outline.distance_m(at, 200.0) {
            Some(found) => prop_assert!((found - distance_m).abs() < distance_m * 2e-3 && found <= 200.0, "{found} {distance_m}"),
            None => prop_assert!(distance_m > 199.9, "{distance_m}"),
        }
    }
}

#[test]
fn a_ring_over_the_antimeridian_and_one_cut_there_hold_the_same_places() {
    let over = rectangle(179.0, -17.0, -179.0, -16.0);
    let over = Outline::new(&MultiPolygon::new(vec![Polygon::new(
        over,
        vec![rectangle(-179.6, -16.6, -179.4, -16.4)],
    )]));
    let cut = MultiPolygon::new(vec![
        Polygon::new(rectangle(179.0, -17.0, 180.0, -16.0), Vec::new()),
        Polygon::new(
            rectangle(-180.0, -17.0, -179.0, -16.0),
            vec![rectangle(-179.6, -16.6, -179.4, -16.4)],
        ),
    ]);
    let cut = Outline::new(&cut);
    for lon in [
        178.9, 179.0, 179.5, 180.0, -180.0, -179.7, -179.5, -179.3, -179.0, -178.9, 0.0,
    ] {
        let at = place(lon, -16.5);
        assert_eq!(over.contains(at), cut.contains(at), "{lon}");
        assert_eq!(over.contains(at), !(lon.abs() < 179.0 || lon == -179.5), "{lon}");
    }
    assert!(
        over.distance_m(place(-178.999, -16.5), 200.0)
            .is_some_and(|found| (found - 106.7).abs() < 0.2)
    );
}

#[test]
fn a_ring_around_a_pole_is_taken_as_it_is_drawn() {
    // As Natural Earth draws Antarctica: along ±180° and the pole's parallel.
    let ring = LineString::from(vec![
        (-180.0, -84.0),
        (-180.0, -90.0),
        (180.0, -90.0),
        (180.0, -84.0),
        (90.0, -70.0),
        (0.0, -75.0),
        (-90.0, -72.0),
        (-180.0, -84.0),
    ]);
    let outline = Outline::new(&MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]));
    for (lon, lat, is_inside) in [
        (0.0, -90.0, true),
        (179.0, -85.0, true),
        (0.0, -74.0, false),
        (45.0, -80.0, true),
    ] {
        assert_eq!(outline.contains(place(lon, lat)), is_inside, "{lon},{lat}");
    }
}

#[test]
fn the_inner_place_of_a_ring_with_a_hole_is_in_neither_hole_nor_bay() {
    let comb = LineString::from(vec![
        (0.0, 0.0),
        (10.0, 0.0),
        (10.0, 10.0),
        (6.0, 10.0),
        (6.0, 2.0),
        (4.0, 2.0),
        (4.0, 10.0),
        (0.0, 10.0),
        (0.0, 0.0),
    ]);
    let polygon = Polygon::new(comb, vec![rectangle(1.0, 4.0, 3.0, 6.0)]);
    assert!(polygon.simplify(0.1).exterior().0.len() > 4);
    let outline = MultiPolygon::new(vec![polygon]);
    let inner = Outline::new(&outline).inner_place().expect("a place");
    assert!(
        outline.contains(&Point::new(inner.lon_deg(), inner.lat_deg())),
        "{inner:?}"
    );
}

#[test]
fn distances_to_a_slanting_edge_agree_with_a_search_along_it() {
    let ring = LineString::from(vec![(109.5, 18.2), (109.6, 18.3), (109.5, 18.4), (109.5, 18.2)]);
    let outline = Outline::new(&MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]));
    let at = place(109.551, 18.2496);
    let along = |step: i32| {
        place(
            109.5 + 0.1 * f64::from(step) / 1e5,
            18.2 + 0.1 * f64::from(step) / 1e5,
        )
    };
    let nearest = (0..=100_000)
        .map(|step| karney(at, along(step)).get())
        .fold(f64::MAX, f64::min);
    let found = outline.distance_m(at, 200.0).expect("near");
    assert!((found - nearest).abs() < 0.01, "{found} {nearest}");
}
