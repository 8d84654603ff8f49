//! Distances against Karney's published lines, and the accuracy that the module's documentation claims.

use geographiclib_rs::{DirectGeodesic as _, Geodesic};
use proptest::prelude::*;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::geodesic::{self, EULER_LIMIT_M, chord_2, earth_centred};
use yizhan::domain::long_line;

mod shared_data;

fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("a place on the earth")
}

/// A small linear congruential generator: the lines are the same on every machine.
struct Seeded(u64);

impl Seeded {
    fn unit(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// 3,000 lines of one length spread over the whole earth: both ends, and the azimuth at the first.
fn lines(length_m: f64, seed: u64) -> Vec<(LonLat, LonLat, f64)> {
    let (mut random, ellipsoid) = (Seeded(seed), Geodesic::wgs84());
    let line = |_| {
        let (lat, lon) = (
            (2.0 * random.unit() - 1.0).asin().to_degrees(),
            random.unit() * 360.0 - 180.0,
        );
        let azimuth = random.unit() * 360.0;
        let (lat_2, lon_2): (f64, f64) = ellipsoid.direct(lat, lon, azimuth, length_m);
        (place(lon, lat), place(lon_2, lat_2), azimuth)
    };
    (0..3000).map(line).collect()
}

#[test]
fn the_distance_from_the_chord_is_as_exact_as_the_documentation_says() {
    for (length_m, allowed_m) in [
        (1_000.0, 2e-8),
        (50_000.0, 5e-8),
        (200_000.0, 1e-7),
        (500_000.0, 8e-6),
        (700_000.0, 5e-5),
    ] {
        let error_m = lines(length_m, 7)
            .iter()
            .map(|(p, q, _)| geodesic::euler(&earth_centred(*p), &earth_centred(*q)).get() - length_m)
            .fold(0.0, |most: f64, error| most.max(error.abs()));
        assert!(
            error_m <= allowed_m,
            "{length_m} m: off by {error_m} m, allowed {allowed_m} m"
        );
    }
}

#[test]
fn long_lines_are_as_exact_as_the_documentation_says() {
    for (length_m, allowed_m) in [
        (700_000.0, 6e-6),
        (2_000_000.0, 2e-5),
        (5_000_000.0, 4e-5),
        (11_000_000.0, 7e-5),
    ] {
        let (mut error_m, mut error_deg) = (0.0_f64, 0.0_f64);
        for (p, q, azimuth) in lines(length_m, 11) {
            let found = long_line::inverse(&earth_centred(p), &earth_centred(q));
            let (distance, found_azimuth) = found.expect("far from the antipodes");
            error_m = error_m.max((distance.get() - length_m).abs());
            let turn = (found_azimuth - azimuth).rem_euclid(360.0);
            error_deg = error_deg.max(turn.min(360.0 - turn));
        }
        assert!(
            error_m <= allowed_m && error_deg <= 1e-6,
            "{length_m} m: off by {error_m} m and {error_deg}°, allowed {allowed_m} m"
        );
    }
}

#[test]
fn karneys_published_lines_are_met_to_a_tenth_of_a_micrometre() {
    let Some(text) = shared_data::read("geodesic-vectors/GeodTest-100.dat") else {
        return;
    };
    let mut lines = 0;
    for line in text.lines() {
        let numbers: Vec<f64> = line
            .split_whitespace()
            .map(|n| n.parse().expect("a number"))
            .collect();
        let [lat_1, lon_1, azimuth, lat_2, lon_2, _, s12, ..] = numbers[..] else {
            panic!("a short line: {line}")
        };
        let (from, to) = (place(lon_1, lat_1), place(lon_2, lat_2));
        assert!((geodesic::karney(from, to).get() - s12).abs() < 1e-7, "{line}");
        // Between nearly opposite places the azimuth is as good as undetermined.
        if (1.0..19_900_000.0).contains(&s12) {
            let bearing = geodesic::bearing_deg(from, to).expect("two different places");
            let turn = (bearing - azimuth).rem_euclid(360.0);
            assert!(turn.min(360.0 - turn) < 1e-6, "{bearing} against {azimuth}");
        }
        lines += 1;
    }
    assert_eq!(lines, 100);
}

#[test]
fn two_hundred_lines_at_sanya_agree_with_the_published_lengths() {
    let Some(text) = shared_data::read("geodesic-vectors/hainan_scale_200_generated.csv") else {
        return;
    };
    let mut lines = 0;
    for line in text.lines().skip(1) {
        let numbers: Vec<f64> = line.split(',').map(|n| n.parse().expect("a number")).collect();
        let (from, to, s12) = (
            place(numbers[1], numbers[0]),
            place(numbers[3], numbers[2]),
            numbers[4],
        );
        let fast = geodesic::euler(&earth_centred(from), &earth_centred(to)).get();
        // The file rounds coordinates to nine decimals (0.1 mm) and lengths to a micrometre.
        assert!(
            (fast - s12).abs() < 3e-4 && (fast - geodesic::karney(from, to).get()).abs() < 1e-4,
            "{line}"
        );
        lines += 1;
    }
    assert_eq!(lines, 200);
}

#[test]
fn equal_places_are_zero_apart_and_have_no_bearing() {
    let here = place(109.5, 18.25);
    let point = earth_centred(here);
    assert_eq!(geodesic::euler(&point, &point).get().to_bits(), 0);
    assert_eq!(geodesic::bearing_deg(here, here), None);
}

fn anywhere() -> impl Strategy<Value = LonLat> {
    let lon = prop_oneof![4 => -180.0..=180.0, 1 => Just(180.0), 1 => Just(-180.0), 1 => 179.999..=180.0];
    let lat = prop_oneof![4 => -90.0..=90.0, 1 => Just(90.0), 1 => Just(-90.0), 1 => 89.999..=90.0, 1 => -0.001..=0.001];
    (lon, lat).prop_map(|(lon, lat)| place(lon, lat))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn chord_bounds_hold_for_any_two_places(from in anywhere(), to in anywhere()) {
        let (distance, chord_2) = (geodesic::karney(from, to), chord_2(&earth_centred(from), &earth_centred(to)));
        prop_assert!(chord_2 <= geodesic::max_chord_2(distance), "chord² {chord_2}, {distance:?}");
        prop_assert!(distance <= geodesic::longest_for_chord_2(chord_2), "chord² {chord_2}, {distance:?}");
        if distance.get() < EULER_LIMIT_M {
            let error_m = (geodesic::euler(&earth_centred(from), &earth_centred(to)).get() - distance.get()).abs();
            prop_assert!(error_m < 1e-4, "off by {error_m} m at {distance:?}");
        } else {
            let (from_point, to_point) = (earth_centred(from), earth_centred(to));
            let long = geodesic::long_line((from, &from_point), (to, &to_point)).0;
            prop_assert!((long.get() - distance.get()).abs() < 1e-4, "{long:?} against {distance:?}");
        }
    }

    #[test]
    fn a_place_with_a_chord_out_of_reach_is_farther(
        origin in anywhere(), azimuths in (0.0..360.0_f64, 0.0..360.0_f64), length_m in prop_oneof![1.0..1_000_000.0_f64, 1.0..19_900_000.0_f64], extra in 0.0..1e-7_f64,
    ) {
        let ellipsoid = Geodesic::wgs84();
        let at = |azimuth: f64, length_m: f64| -> LonLat {
            let (lat, lon): (f64, f64) = ellipsoid.direct(origin.lat_deg(), origin.lon_deg(), azimuth, length_m);
            place(lon, lat)
        };
        let (one, other) = (at(azimuths.0, length_m), at(azimuths.1, length_m * (1.0 - extra)));
        let from = earth_centred(origin);
        let reach_2 = geodesic::no_farther_chord_2(chord_2(&from, &earth_centred(one)));
        prop_assert!(chord_2(&from, &earth_centred(other)) <= reach_2);
    }
}

#[test]
fn bearings_seen_along_the_chord_are_those_of_the_geodesic() {
    let (mut random, ellipsoid) = (Seeded(11), Geodesic::wgs84());
    for _ in 0..3000 {
        let (lat, lon) = (
            (2.0 * random.unit() - 1.0).asin().to_degrees(),
            random.unit() * 360.0 - 180.0,
        );
        let (azimuth, length_m) = (random.unit() * 360.0, 1.0 + random.unit() * 800_000.0);
        let (lat_2, lon_2): (f64, f64) = ellipsoid.direct(lat, lon, azimuth, length_m);
        let (from, to) = (place(lon, lat), place(lon_2, lat_2));
        let bearing = geodesic::LocalFrame::at(from)
            .bearing_deg(&earth_centred(to), geodesic::karney(from, to))
            .expect("two places");
        let turn = (bearing - azimuth).rem_euclid(360.0);
        assert!(
            turn.min(360.0 - turn) < 5e-4,
            "{bearing} against {azimuth} at {length_m} m"
        );
    }
}
