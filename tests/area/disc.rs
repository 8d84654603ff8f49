//! One disc: its area at every latitude, against a polygon of many places at the true distance.

use geo::{GeodesicArea as _, LineString, MultiPolygon, Polygon};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::ellipsoid_area::{area_m2, cell_area_m2};
use yizhan::domain::geodesic::{direct, karney};
use yizhan::planner::area::{DiscRadius, disc};

use super::{assert_close, assert_valid, metres, place, radius};

/// The area by Karney's method of 4,000 places on the true circle.
fn true_m2(centre: LonLat, radius_m: f64) -> f64 {
    let places = (0..4000).map(|step| {
        let at = direct(centre, f64::from(step) * -0.09, radius_m);
        (at.lon_deg(), at.lat_deg())
    });
    let polygon = Polygon::new(LineString::from(places.collect::<Vec<_>>()), Vec::new());
    polygon.geodesic_area_unsigned()
}

#[test]
fn a_disc_has_its_area_at_every_latitude_and_radius() {
    for radius_m in [10.0, 100.0, 833.333, 1000.0, 5000.0, 20_000.0, 100_000.0] {
        for lat_deg in [
            0.0, 0.01, 18.3, 34.7, 45.0, -60.0, 75.0, -85.0, 89.0, 89.5, 89.99, 90.0, -90.0,
        ] {
            for lon_deg in [0.0, 109.5, 179.999, -180.0] {
                let what = format!("{radius_m} m at {lon_deg},{lat_deg}");
                let shape = disc(place(lon_deg, lat_deg), radius(radius_m));
                assert_valid(&shape, &what);
                let expected = true_m2(place(lon_deg, lat_deg), radius_m);
                // Near a pole the last digit of an area is some hundredths of a square metre, in both methods.
                let digits = 0.1 / expected;
                assert_close(area_m2(&shape), expected, 1e-5 + digits, &what);
            }
        }
    }
}

#[test]
fn a_small_disc_has_the_area_of_the_closed_form() {
    // On a surface of Gaussian curvature K: πr²·(1 − K·r²/12).
    let (radius_m, lat_rad) = (1000.0_f64, 30.0_f64.to_radians());
    let e_2 = 0.006_694_379_990_141_3;
    let curvature = (1.0 - e_2 * lat_rad.sin().powi(2)).powi(2) / (6_378_137.0_f64.powi(2) * (1.0 - e_2));
    let expected = core::f64::consts::PI * radius_m.powi(2) * (1.0 - curvature * radius_m.powi(2) / 12.0);
    let shape = disc(place(120.0, 30.0), radius(radius_m));
    assert_close(area_m2(&shape), expected, 1e-6, "closed form");
}

#[test]
fn vertices_lie_eight_hundredths_of_a_percent_outside_and_straight_lines_inside() {
    for lat_deg in [0.0, 30.0, 60.0, 80.0] {
        for radius_m in [10.0, 1000.0, 50_000.0] {
            let centre = place(109.5, lat_deg);
            let shape = disc(centre, radius(radius_m));
            for corner in shape.iter().flat_map(|polygon| polygon.exterior().coords()) {
                let part = karney(centre, place(corner.x, corner.y)).get() / radius_m;
                assert!((0.9995..1.000_81).contains(&part), "{lat_deg} {radius_m}: {part}");
            }
        }
    }
}

#[test]
fn radii_are_checked_at_the_limits() {
    for good in [10.0, 100_000.0] {
        assert!(DiscRadius::new(metres(good)).is_ok());
    }
    for bad in [0.0, 9.999, 100_000.001] {
        let error = DiscRadius::new(metres(bad)).unwrap_err();
        assert!(error.to_string().contains("expected 10 to 100000 metres"));
    }
}

#[test]
fn areas_agree_with_karneys_method() {
    // Straight lines on the map, cut into pieces so small that geodesics are the same.
    let straight = |corners: &[[f64; 2]]| {
        let mut fine = Vec::new();
        for (from, to) in corners.iter().zip(corners.iter().cycle().skip(1)) {
            for step in 0..20_000 {
                let part = f64::from(step) / 20_000.0;
                fine.push((
                    from[0] + part * (to[0] - from[0]),
                    from[1] + part * (to[1] - from[1]),
                ));
            }
        }
        fine
    };
    let shapes: [&[[f64; 2]]; 3] = [
        &[[73.0, 18.0], [135.0, 20.0], [120.0, 53.0]],
        &[[-10.0, -80.0], [40.0, -75.0], [20.0, 89.0]],
        &[[113.6, 34.7], [113.61, 34.7], [113.61, 34.71], [113.6, 34.712]],
    ];
    for corners in shapes {
        let ring = LineString::from(corners.iter().map(|&[x, y]| (x, y)).collect::<Vec<_>>());
        let expected = Polygon::new(LineString::from(straight(corners)), Vec::new()).geodesic_area_unsigned();
        let shape = MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]);
        assert_close(area_m2(&shape), expected, 1e-9, "a polygon");
    }
}

#[test]
fn h3_cells_have_the_area_that_karneys_method_gives() {
    for resolution in [5_u8, 7, 9, 11] {
        for (lon_deg, lat_deg) in [
            (113.6, 34.7),
            (109.5, 18.2),
            (179.999, -16.5),
            (20.0, 89.9),
            (-70.0, -53.0),
        ] {
            let resolution = h3o::Resolution::try_from(resolution).unwrap();
            let cell = h3o::LatLng::new(lat_deg, lon_deg).unwrap().to_cell(resolution);
            let corners: Vec<(f64, f64)> = cell.boundary().iter().map(|at| (at.lng(), at.lat())).collect();
            let ring = LineString::from(corners);
            let expected = Polygon::new(ring.clone(), Vec::new()).geodesic_area_unsigned();
            let part = if lat_deg > 80.0 { 2e-2 } else { 3e-5 };
            assert_close(
                cell_area_m2(&ring),
                expected,
                part,
                &format!("{resolution} at {lat_deg}"),
            );
        }
    }
}
