//! Demand from GeoJSON: points, polygons whose weights are spread without loss, and reference systems.

use geo::{Intersects as _, Point};
use h3o::{CellIndex, Resolution};
use proptest::prelude::*;
use yizhan::domain::demand::DemandKind;
use yizhan::import::demand::{DemandOptions, ImportedDemand, parse_demand};

use super::*;

fn collection(before: &str, features: &[String]) -> Result<ImportedDemand, String> {
    let text = format!(
        r#"{{"type":"FeatureCollection",{before}"features":[{}]}}"#,
        features.join(",")
    );
    parse_demand(text.as_bytes(), "d.geojson", &DemandOptions::default()).map_err(|error| error.to_string())
}

fn feature(kind: &str, coordinates: &str, properties: &str) -> String {
    format!(
        r#"{{"type":"Feature","id":7,"properties":{properties},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}"#
    )
}

fn ring_text(ring: &LineString<f64>) -> String {
    let corners: Vec<String> = ring
        .coords()
        .map(|corner| format!("[{},{}]", corner.x, corner.y))
        .collect();
    format!("[[{}]]", corners.join(","))
}

#[test]
fn points_with_numbers_among_their_properties_are_demand() {
    let features = [
        feature(
            "Point",
            "[109.5,18.25,3]",
            r#"{"name":"甲","people":120,"adcode":460203}"#,
        ),
        feature(
            "Point",
            "[109.6,18.3]",
            r#"{"riders":2.5,"note":"x","people":null}"#,
        ),
    ];
    let records = collection("", &features).expect("usable").records;
    assert_eq!(
        (records.kind, &*records.places),
        (
            DemandKind::Points,
            [place(109.5, 18.25), place(109.6, 18.3)].as_slice()
        )
    );
    let found: Vec<(&str, &[f64])> = records
        .weights
        .iter()
        .map(|weight| (&*weight.name, &*weight.values))
        .collect();
    assert_eq!(
        found,
        [
            ("people", [120.0, 0.0].as_slice()),
            ("riders", [0.0, 2.5].as_slice())
        ]
    );
    assert_eq!(records.ids, ["7".into(), "7".into()]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn the_weights_of_polygons_are_spread_over_the_cells_inside_and_none_is_lost(
        polygons in prop::collection::vec(
            (-0.05..0.05_f64, -0.05..0.05_f64, 0.000_01..0.03_f64, prop::collection::vec(0.3..1.0_f64, 3..12), 0.0..1e6_f64),
            1..5,
        ),
    ) {
        let rings: Vec<LineString<f64>> =
            polygons.iter().map(|(lon, lat, radius, shares, _)| star(109.5 + lon, 18.3 + lat, *radius, shares)).collect();
        let features: Vec<String> = rings.iter().zip(&polygons)
            .map(|(ring, polygon)| feature("Polygon", &ring_text(ring), &format!(r#"{{"people":{},"one":1}}"#, polygon.4)))
            .collect();
        let records = collection("", &features).expect("usable").records;
        prop_assert_eq!(records.kind, DemandKind::Polygons);
        for (weight, expected) in records.weights.iter().zip([polygons.iter().map(|p| p.4).sum::<f64>(), polygons.len() as f64]) {
            let sum: f64 = weight.values.iter().sum();
            prop_assert!((sum - expected).abs() <= expected * 1e-12, "{} {sum} {expected}", weight.name);
        }
        // By brute force: the cells of resolution 9 around, by centre.
        let around = yizhan::domain::cells::cell_at(place(109.5, 18.3), Resolution::Four);
        let near: Vec<CellIndex> = around.grid_disk::<Vec<_>>(1).into_iter().flat_map(|cell| cell.children(Resolution::Nine)).collect();
        let mut at = 0;
        for ring in rings {
            let polygon = Polygon::new(ring, Vec::new());
            let is_inside = |cell: &&CellIndex| {
                let centre = yizhan::domain::cells::centre(**cell);
                polygon.intersects(&Point::new(centre.lon_deg(), centre.lat_deg()))
            };
            let mut expected: Vec<u64> = near.iter().filter(is_inside).map(|cell| u64::from(*cell)).collect();
            expected.sort_unstable();
            if expected.is_empty() {
                let cell = CellIndex::try_from(records.cells[at]).expect("a cell");
                prop_assert!(cell.resolution() > Resolution::Nine);
                while records.cells.get(at).is_some_and(|own| CellIndex::try_from(*own).expect("a cell").resolution() == cell.resolution())
                    && polygon.intersects(&Point::new(records.places[at].lon_deg(), records.places[at].lat_deg())) {
                    at += 1;
                }
            } else {
                prop_assert_eq!(&records.cells[at..at + expected.len()], &*expected);
                at += expected.len();
            }
        }
        prop_assert!(at <= records.cells.len());
    }
}

#[test]
fn a_multipolygon_with_a_hole_leaves_the_hole_empty() {
    let text = "[[[[109.5,18.2],[109.6,18.2],[109.6,18.3],[109.5,18.3],[109.5,18.2]],[[109.52,18.22],[109.58,18.22],[109.58,18.28],[109.52,18.28],[109.52,18.22]]],\
                [[[109.7,18.2],[109.71,18.2],[109.71,18.21],[109.7,18.2]]]]";
    let records = collection("", &[feature("MultiPolygon", text, r#"{"people":10}"#)])
        .expect("usable")
        .records;
    let hole = Polygon::new(rectangle(109.52, 18.22, 109.58, 18.28), Vec::new());
    assert!(
        records
            .places
            .iter()
            .all(|place| !hole.intersects(&Point::new(place.lon_deg(), place.lat_deg())))
    );
    assert!(records.places.iter().any(|place| place.lon_deg() > 109.7));
    assert!((records.weights[0].values.iter().sum::<f64>() - 10.0).abs() < 1e-9);
}

#[test]
fn reference_systems_are_accepted_said_or_refused_by_name() {
    let point = [feature("Point", "[109.5,18.25]", r#"{"people":1}"#)];
    let with_crs = |name: &str| {
        collection(
            &format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}},"#),
            &point,
        )
    };
    for name in [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "EPSG:4326",
        "urn:ogc:def:crs:EPSG::4326",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    ] {
        assert!(with_crs(name).expect("usable").records.notes.is_empty(), "{name}");
    }
    let notes = with_crs("urn:ogc:def:crs:EPSG::4490")
        .expect("usable")
        .records
        .notes;
    assert_eq!(
        notes[0].en,
        "coordinates are in CGCS2000 (EPSG:4490) and were taken as WGS-84, which is the same within a metre"
    );
    assert_eq!(
        with_crs("urn:ogc:def:crs:EPSG::3857").expect_err("refused"),
        "file `d.geojson` has coordinates in `urn:ogc:def:crs:EPSG::3857`; expected WGS-84 longitude and latitude (EPSG:4326): \
         convert it with `ogr2ogr -t_srs EPSG:4326 wgs84.geojson d.geojson`"
    );
}

#[test]
fn a_bad_feature_is_left_out_with_its_number_and_what_was_expected() {
    let good = feature("Point", "[109.5,18.25]", r#"{"people":1}"#);
    for (bad, expected) in [
        (
            feature("Point", "[109.5,18.25]", r#"{"people":-1}"#),
            "people: `-1` is a negative weight; expected a number from 0 to 1e15",
        ),
        (
            feature("Point", "[109.5,18.25]", r#"{"people":2e15}"#),
            "people: `2000000000000000` is too large a weight; expected a number from 0 to 1e15",
        ),
        (
            feature("Point", "[18.25,109.5]", "{}"),
            "lat: `18.25,109.5` has latitude first; expected longitude,latitude: did you mean `109.5,18.25`",
        ),
        (
            feature("LineString", "[[1,2],[3,4]]", "{}"),
            "geometry: `LineString` is no usable geometry; expected a Point, Polygon or MultiPolygon in degrees",
        ),
        (
            feature("Polygon", "[]", "{}"),
            "geometry: `Polygon` is no usable geometry; expected a Point, Polygon or MultiPolygon in degrees",
        ),
        (
            feature("Polygon", "[[[1,2],[3,400],[5,6],[1,2]]]", "{}"),
            "geometry: `Polygon` is no usable geometry; expected a Point, Polygon or MultiPolygon in degrees",
        ),
        (
            r#"{"type":"Feature","properties":{},"geometry":null}"#.to_owned(),
            "geometry: `null` is no usable geometry; expected a Point, Polygon or MultiPolygon in degrees",
        ),
    ] {
        let imported = collection("", &[good.clone(), bad, good.clone()]).expect("usable");
        assert_eq!(
            (
                imported.errors,
                imported.records.places.len(),
                imported.records.rows_skipped
            ),
            (1, 2, 1)
        );
        assert_eq!(
            imported.problems[0].to_string(),
            format!("d.geojson:2: {expected}")
        );
    }
    assert_eq!(
        collection("", &[]).expect_err("refused"),
        "file `d.geojson` has no usable demand: `0` rows were left out; expected at least one place"
    );
}

#[test]
fn asked_weights_must_be_among_the_properties() {
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        feature("Point", "[109.5,18.25]", r#"{"a":1,"b":2,"c":"x"}"#)
    );
    let read = |names: &[&str]| {
        let options = DemandOptions {
            weights: names.iter().map(|name| (*name).into()).collect(),
            ..DemandOptions::default()
        };
        parse_demand(text.as_bytes(), "d.geojson", &options).map_err(|error| error.to_string())
    };
    let weights = read(&["b"]).expect("usable").records.weights;
    assert_eq!(
        (weights.len(), &*weights[0].name, weights[0].values[0]),
        (1, "b", 2.0)
    );
    assert_eq!(
        read(&["d"]).expect_err("refused"),
        "file `d.geojson` has no weight `d`; expected one of the numbers among its properties"
    );
}
