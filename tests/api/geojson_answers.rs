//! Answers as RFC 7946 reads them, through another reader than the one that wrote them, and what is promised of each
//! property.

use std::collections::BTreeSet;

use geojson::{Feature, FeatureCollection, GeoJson, GeometryValue};
use serde_json::Value;
use yizhan::domain::facility::Facility;
use yizhan::export::properties::PROPERTIES;

use crate::client::demo;
use crate::world;

const COLLECTIONS: [&str; 5] = [
    "/v1/nearest?lon=109.51&lat=18.25&limit=100&status=open,planned,suspended,closed",
    "/v1/along-route?line=109.3,18.2;109.8,18.4&distance_m=50000",
    "/v1/collections/stations/items?limit=10000",
    "/v1/nearest?lon=180&lat=-45&radius_m=1",
    "/v1/districts",
];

fn collection(path: &str) -> FeatureCollection {
    let answer = demo().get(path);
    match answer.text().parse::<GeoJson>() {
        Ok(GeoJson::FeatureCollection(collection)) => collection,
        other => unreachable!("{path}: {other:?}"),
    }
}

#[test]
fn collections_are_geojson_of_rfc_7946() {
    for path in COLLECTIONS {
        let collection = collection(path);
        let members = collection.foreign_members.as_ref().expect("members of our own");
        assert!(!members.contains_key("crs"), "{path}: RFC 7946 has no crs");
        assert_eq!(members["numberReturned"], collection.features.len(), "{path}");
        // Section 7.1: what another kind of object defines must not be used here.
        for foreign in ["coordinates", "geometries", "geometry", "properties"] {
            assert!(!members.contains_key(foreign), "{path}: {foreign}");
        }
        for feature in &collection.features {
            assert!(feature.id.is_some() && feature.properties.is_some(), "{path}");
            positions(feature, path);
        }
    }
}

/// Checks every position: two numbers, longitude first, within range; rings are closed and the outer one runs
/// counterclockwise.
fn positions(feature: &Feature, path: &str) {
    let check = |position: &[f64]| {
        let &[lon, lat] = position else {
            unreachable!("{path}: {position:?} has not two numbers")
        };
        assert!(
            (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat),
            "{path}"
        );
        assert!(
            (108.0..111.0).contains(&lon) && (17.0..20.0).contains(&lat),
            "{path}: not Sanya"
        );
    };
    match &feature.geometry.as_ref().expect("a geometry").value {
        GeometryValue::Point { coordinates } => check(coordinates.as_slice()),
        GeometryValue::MultiPolygon { coordinates } => {
            for rings in coordinates {
                for (ring, position) in rings.iter().zip(0..) {
                    let ring: Vec<&[f64]> = ring.iter().map(geojson::Position::as_slice).collect();
                    for position in &ring {
                        check(position);
                    }
                    assert_eq!(ring.first(), ring.last(), "{path}: an open ring");
                    let doubled_area: f64 = ring
                        .windows(2)
                        .map(|leg| leg[0][0] * leg[1][1] - leg[1][0] * leg[0][1])
                        .sum();
                    assert_eq!(doubled_area > 0.0, position == 0, "{path}: wrong winding");
                }
            }
        }
        other => unreachable!("{path}: {other:?}"),
    }
}

#[test]
fn single_answers_are_features() {
    for path in ["/v1/collections/stations/items/sy-001", "/v1/districts/460203"] {
        let answer = demo().get(path);
        assert!(
            matches!(
                answer.text().parse(),
                Ok(GeoJson::Feature(Feature { id: Some(_), .. }))
            ),
            "{path}"
        );
    }
}

#[test]
fn coordinates_have_at_most_six_decimals_and_are_those_of_the_record() {
    for path in COLLECTIONS {
        let answer = demo().get(path);
        for tail in answer.text().split("\"coordinates\":").skip(1) {
            let numbers = tail
                .split(|c: char| !(c.is_ascii_digit() || "[],.-eE".contains(c)))
                .next();
            for number in numbers.unwrap_or_default().split(['[', ']', ',']) {
                let decimals = number.split('.').nth(1).unwrap_or_default();
                assert!(
                    decimals.len() <= 6 && !number.contains(['e', 'E']),
                    "{path}: {number}"
                );
            }
        }
    }
    let stations = world::demo_stations();
    let features = demo().features("/v1/collections/stations/items?limit=10000");
    for (station, feature) in stations.iter().zip(&features) {
        let place = station.location.place();
        let [lon, lat] = [place.lon_deg(), place.lat_deg()].map(|degrees| (degrees * 1e6).round() / 1e6);
        assert_eq!(feature["id"], station.id.as_str());
        assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([lon, lat]));
    }
}

#[test]
fn every_property_is_always_there_in_its_order() {
    let names = |is_dynamic: &[&str]| -> Vec<&str> {
        let kept = PROPERTIES
            .iter()
            .filter(|property| !property.is_dynamic || is_dynamic.contains(&property.name));
        kept.map(|property| property.name).collect()
    };
    let nearest = ["distance_m", "bearing_deg", "travel_time_s", "open_state"];
    let along_route = [
        "distance_m",
        "along_m",
        "bearing_deg",
        "travel_time_s",
        "open_state",
    ];
    for (path, dynamic) in [
        (COLLECTIONS[0], nearest.as_slice()),
        (COLLECTIONS[1], along_route.as_slice()),
        (COLLECTIONS[2], [].as_slice()),
    ] {
        let expected: BTreeSet<&str> = names(dynamic).into_iter().collect();
        let features = demo().features(path);
        assert!(features.len() > 10, "{path}: too few to prove anything");
        for feature in &features {
            let properties = feature["properties"].as_object().expect("properties");
            let given: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
            assert_eq!(given, expected, "{path}");
            let facilities = properties["facilities"].as_object().expect("facilities");
            assert!(
                Facility::ALL
                    .iter()
                    .all(|facility| facilities.contains_key(facility.word()))
            );
            assert_eq!(facilities.len(), Facility::ALL.len());
            assert_eq!(properties["synthetic"], true);
        }
        let text = demo().get(path).text().to_owned();
        let first = text.split(r#""type":"Feature","#).nth(1).expect("a feature");
        let mut after = 0;
        for name in names(dynamic) {
            let key = format!("\"{name}\":");
            let position = first.get(after..).and_then(|rest| rest.find(&key));
            after += position.unwrap_or_else(|| unreachable!("{path}: {name} is out of order"));
        }
    }
}

#[test]
fn what_nobody_stated_is_null() {
    let features = demo().features(COLLECTIONS[2]);
    let is_unknown = |name: &str| {
        features
            .iter()
            .any(|feature| feature["properties"][name] == Value::Null)
    };
    for name in [
        "hours",
        "hours_text",
        "floor_area_m2",
        "seats",
        "opened_on",
        "operator",
        "phone",
        "verified_at",
    ] {
        assert!(
            is_unknown(name),
            "no station of the demo city leaves `{name}` unknown"
        );
    }
}

#[test]
fn fields_keep_what_is_named_and_nothing_else() {
    let [full, cut] = ["", "&fields=open_state,name,distance_m"]
        .map(|fields| demo().features(&format!("/v1/nearest?lon=109.51&lat=18.25&limit=5{fields}")));
    for (full, cut) in full.iter().zip(&cut) {
        assert_eq!((&full["id"], &full["geometry"]), (&cut["id"], &cut["geometry"]));
        let properties = cut["properties"].as_object().expect("properties");
        let names: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(names, BTreeSet::from(["distance_m", "name", "open_state"]));
        assert_eq!(full["properties"]["distance_m"], cut["properties"]["distance_m"]);
    }
    let item = demo().get("/v1/collections/stations/items/sy-001?fields=hours");
    assert_eq!(
        item.json()["properties"].as_object().map(serde_json::Map::len),
        Some(1)
    );
}

#[test]
fn distances_grow_and_ties_go_by_id() {
    let features = demo().features(COLLECTIONS[0]);
    let key = |feature: &Value| {
        let distance_m = feature["properties"]["distance_m"].as_f64().expect("a distance");
        (distance_m, feature["id"].as_str().expect("an id").to_owned())
    };
    assert!(features.iter().map(key).is_sorted_by(|a, b| a <= b));
    assert_eq!(features.len(), 74);
}

#[test]
fn stations_at_one_place_come_in_the_order_of_their_ids() {
    let stations = ["c", "a", "d", "b"]
        .map(|id| world::station(id, 109.5, 18.2))
        .to_vec();
    let service = crate::client::Service::start(world::state(stations));
    assert_eq!(
        service.get("/v1/nearest?lon=109.5&lat=18.2").ids(),
        ["a", "b", "c", "d"]
    );
    assert_eq!(
        service.get("/v1/nearest?lon=109.5&lat=18.3&limit=2").ids(),
        ["a", "b"]
    );
}
