//! A real register, as a reader of the README would load it: Zhengzhou's, in GCJ-02, most hours not stated.

use serde_json::Value;
use yizhan::import::{ImportOptions, parse};

use crate::client::Service;
use crate::{shared_data, world};

/// The register, served; `None` where the shared data are not.
fn zhengzhou() -> Option<Service> {
    let text = shared_data::read("stations-zhengzhou/stations_observed.csv")?;
    let options = ImportOptions::default();
    let imported = parse(text.as_bytes(), "register.csv", None, &options).expect("a good register");
    assert_eq!((imported.stations.len(), imported.errors), (82, 0));
    Some(Service::start(world::state(imported.stations)))
}

fn originals(service: &Service) -> Vec<(String, f64, f64)> {
    let features = service.features("/v1/collections/stations/items?limit=10000");
    assert_eq!(features.len(), 82);
    let original = |feature: &Value| {
        let original = &feature["properties"]["original"];
        assert_eq!(original["datum"], "gcj02");
        let number = |name: &str| original[name].as_f64().expect("degrees");
        (
            feature["id"].as_str().expect("an id").to_owned(),
            number("lon"),
            number("lat"),
        )
    };
    features.iter().map(original).collect()
}

#[test]
fn each_station_is_found_at_the_coordinate_that_the_register_gives_it() {
    let Some(service) = zhengzhou() else { return };
    for (id, lon, lat) in originals(&service) {
        let found = service.features(&format!("/v1/nearest?lon={lon}&lat={lat}&coord=gcj02&limit=3"));
        let distance_m = |feature: &Value| feature["properties"]["distance_m"].as_f64().expect("a distance");
        let mut here = found.iter().filter(|feature| distance_m(feature) < 0.1);
        assert!(
            here.any(|feature| feature["id"] == id.as_str()),
            "{id} is not at its place"
        );
        // Taken for WGS-84 the same numbers are half a kilometre away.
        let wrong = service.features(&format!("/v1/nearest?lon={lon}&lat={lat}&limit=100"));
        let own = wrong
            .iter()
            .find(|feature| feature["id"] == id.as_str())
            .expect("all 82");
        assert!(
            (300.0..800.0).contains(&distance_m(own)),
            "{id}: {}",
            distance_m(own)
        );
    }
}

#[test]
fn an_answer_in_the_registers_datum_gives_back_its_numbers() {
    let Some(service) = zhengzhou() else { return };
    let originals = originals(&service);
    let features = service.features("/v1/collections/stations/items?limit=10000&out_coord=gcj02");
    for ((id, lon, lat), feature) in originals.iter().zip(&features) {
        let given = [0, 1].map(|n| feature["geometry"]["coordinates"][n].as_f64().expect("degrees"));
        assert_eq!(feature["id"], id.as_str());
        assert!(
            (given[0] - lon).abs() < 1.5e-6 && (given[1] - lat).abs() < 1.5e-6,
            "{id}: {given:?} for {lon},{lat}"
        );
    }
    // What a client gets in bd09 and sends back as bd09 is the same place.
    for feature in service.features("/v1/collections/stations/items?limit=20&out_coord=bd09") {
        let [lon, lat] = [0, 1].map(|n| feature["geometry"]["coordinates"][n].as_f64().expect("degrees"));
        let found = service.features(&format!(
            "/v1/nearest?lon={lon}&lat={lat}&coord=bd09&limit=3&out_coord=bd09"
        ));
        let here = found
            .iter()
            .find(|found| found["id"] == feature["id"])
            .expect("the station");
        assert!(here["properties"]["distance_m"].as_f64().expect("a distance") < 0.2);
        assert_eq!(here["geometry"], feature["geometry"]);
    }
}

#[test]
fn hours_that_nobody_stated_are_unknown_and_never_open() {
    let Some(service) = zhengzhou() else { return };
    let reasons = |query: &str| -> Vec<String> {
        let features = service.features(&format!("/v1/nearest?lon=113.6&lat=34.8&limit=100{query}"));
        let reason = |feature: &Value| {
            let state = &feature["properties"]["open_state"];
            format!(
                "{}:{}",
                state["state"].as_str().expect("a state"),
                state["reason"].as_str().expect("a reason")
            )
        };
        features.iter().map(reason).collect()
    };
    let all = reasons("");
    assert_eq!(all.len(), 82);
    assert_eq!(
        all.iter()
            .filter(|reason| *reason == "unknown:hours_not_stated")
            .count(),
        60
    );
    assert_eq!(
        all.iter()
            .filter(|reason| *reason == "unknown:hours_not_readable")
            .count(),
        0
    );
    for time in ["now", "2026-11-23T10:00:00%2B08:00", "arrival"] {
        let open = reasons(&format!("&open={time}"));
        assert!(
            open.iter().all(|reason| reason.starts_with("open:")),
            "{time}: {open:?}"
        );
        let lenient = reasons(&format!("&open={time}&include_unknown=true"));
        assert!(
            lenient.len() >= open.len() + 60,
            "{time}: {} and {}",
            lenient.len(),
            open.len()
        );
        assert!(
            lenient.iter().all(|reason| !reason.starts_with("closed:")),
            "{time}"
        );
    }
    let at_ten = reasons("&open=2026-11-23T10:00:00%2B08:00");
    assert!(at_ten.len() > 5, "a Monday at ten: {at_ten:?}");
}
