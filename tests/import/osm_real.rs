//! Real extracts against what another reader (pyosmium) cut from the same files.

use std::collections::{BTreeMap, BTreeSet};

use yizhan::domain::coordinate::LonLat;
use yizhan::domain::geodesic::karney;

use super::osm::station;
use super::*;

/// A feature as the other reader has it.
struct Cut {
    tags: BTreeMap<String, String>,
    place: LonLat,
}

impl Cut {
    fn tag(&self, key: &str) -> &str {
        self.tags.get(key).map_or("", String::as_str)
    }

    /// Whether the public finds water, a toilet or a roof here, which is no roof of a stop.
    fn is_station(&self) -> bool {
        let is_kind = ["toilets", "drinking_water", "shelter"].contains(&self.tag("amenity"));
        let is_public = !["private", "customers", "no"].contains(&self.tag("access"));
        is_kind && is_public && self.tag("shelter_type") != "public_transport"
    }

    fn wheelchair(&self) -> FacilityState {
        match (self.tag("wheelchair"), self.tag("toilets:wheelchair")) {
            ("yes" | "designated", _) | ("" | "limited", "yes") => FacilityState::Yes,
            ("no", _) | ("" | "limited", "no") => FacilityState::No,
            _ => FacilityState::Unknown,
        }
    }

    fn agrees_with(&self, station: &Station) {
        let id = station.id.as_str();
        let away_m = karney(self.place, station.location.place()).get();
        assert!(
            away_m < if id.contains("node") { 0.01 } else { 20.0 },
            "{id} is {away_m} m away"
        );
        for (kind, facility) in [
            ("toilets", Facility::Toilet),
            ("drinking_water", Facility::DrinkingWater),
        ] {
            let is_stated = self.tag("amenity") == kind || self.tag(kind) == "yes";
            let expected = if is_stated {
                FacilityState::Yes
            } else {
                FacilityState::Unknown
            };
            assert_eq!(
                station.facilities.state(facility),
                expected,
                "{id} {:?}",
                self.tags
            );
        }
        let access = station.facilities.state(Facility::WheelchairAccess);
        assert_eq!(access, self.wheelchair(), "{id} {:?}", self.tags);
        let hours = station.hours.osm.as_deref().or(station.hours.text.as_deref());
        assert_eq!(hours.unwrap_or_default(), self.tag("opening_hours"), "{id}");
        assert!(station.name.contains(self.tag("name")), "{id}");
    }
}

fn features_of(name: &str) -> Option<BTreeMap<String, Cut>> {
    let file = std::fs::File::open(shared_data::path(name)?).expect("a readable file");
    let document: serde_json::Value =
        serde_json::from_reader(flate2::read::GzDecoder::new(file)).expect("JSON");
    let mut features = BTreeMap::new();
    for feature in document["features"].as_array().expect("features") {
        let at = |position: usize| {
            feature["geometry"]["coordinates"][position]
                .as_f64()
                .expect("degrees")
        };
        let cut = Cut {
            tags: serde_json::from_value(feature["properties"].clone()).expect("tags"),
            place: LonLat::new(at(0), at(1)).expect("a place"),
        };
        let id = feature["id"].as_str().expect("an id").replace('/', "-");
        features.insert(format!("osm-{id}"), cut);
    }
    Some(features)
}

/// How many stations both have.
fn compare(extract: &str, cut: &str) -> Option<usize> {
    let (extract, features) = (shared_data::path(extract)?, features_of(cut)?);
    let imported =
        yizhan::import::load(&[extract], &ImportOptions::default(), &|_, _| {}).expect("a real extract");
    let mut taken = BTreeSet::new();
    for (id, cut) in &features {
        if cut.is_station() {
            cut.agrees_with(station(&imported, id));
            taken.insert(id.as_str());
        } else if cut.tag("amenity") != "charging_station" {
            let is_absent = imported.stations.iter().all(|station| station.id.as_str() != id);
            assert!(is_absent, "{id} {:?}", cut.tags);
        }
    }
    for station in &imported.stations {
        let details = station.facilities.details().iter();
        let mut words = details.filter_map(|detail| detail.source.as_deref());
        let is_cut =
            words.any(|words| words.contains("amenity=toilets") || words.contains("amenity=drinking_water"));
        let id = station.id.as_str();
        assert!(
            !is_cut || taken.contains(id) || id.starts_with("osm-relation"),
            "{id} is not in the cut"
        );
    }
    assert_eq!(imported.errors, 0, "{:?}", imported.problems);
    Some(taken.len())
}

#[test]
fn helsinki_has_the_facilities_that_another_reader_found_at_the_same_places() {
    if let Some(both) = compare(
        "street-networks/Helsinki.osm.pbf",
        "osm-pois/helsinki_centre.geojson.gz",
    ) {
        assert!(both >= 15, "{both}");
    }
}

#[test]
fn porto_alegre_has_the_facilities_that_another_reader_found_at_the_same_places() {
    if let Some(both) = compare("street-networks/poa_osm.pbf", "osm-pois/porto_alegre.geojson.gz") {
        assert!(both >= 15, "{both}");
    }
}
