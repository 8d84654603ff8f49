//! The way that QGIS, GDAL and OWSLib take from the landing page to the features.

use serde_json::Value;

use crate::client::{Answer, demo};

const OPENAPI_JSON: &str = "application/vnd.oai.openapi+json;version=3.0";

fn landing_page() -> Answer {
    let answer = demo().get("/v1");
    assert_eq!(answer.status, 200);
    answer
}

fn links(document: &Value) -> Vec<&Value> {
    document["links"].as_array().expect("links").iter().collect()
}

fn href(document: &Value, rel: &str, media_type: &str) -> String {
    let mut links = links(document).into_iter();
    let link = links.find(|link| link["rel"] == rel && link["type"] == media_type);
    let link = link.unwrap_or_else(|| unreachable!("no link {rel} of {media_type}"));
    link["href"].as_str().expect("an address").to_owned()
}

#[test]
fn the_landing_page_leads_to_the_contract_by_the_exact_type_that_owslib_asks_for() {
    let landing_page = landing_page().json();
    let address = href(&landing_page, "service-desc", OPENAPI_JSON);
    let contract = demo().get(&address);
    assert_eq!(contract.header("content-type"), OPENAPI_JSON);
    assert_eq!(contract.json()["openapi"], "3.0.3");
    let page = href(&landing_page, "service-doc", "text/html");
    assert_eq!(demo().get(&page).status, 200);
}

#[test]
fn the_contract_tells_qgis_and_gdal_the_largest_page() {
    let contract = demo().get("/v1/openapi.json").json();
    let parameters = contract["paths"]["/v1/collections/stations/items"]["get"]["parameters"]
        .as_array()
        .expect("parameters");
    let mut resolved = parameters.iter().map(|parameter| {
        let reference = parameter["$ref"]
            .as_str()
            .and_then(|reference| reference.strip_prefix('#'));
        contract
            .pointer(reference.expect("a reference"))
            .expect("a parameter")
    });
    let limit = resolved
        .find(|parameter| parameter["name"] == "limit")
        .expect("limit");
    assert_eq!(
        (&limit["schema"]["maximum"], &limit["schema"]["default"]),
        (&10_000.into(), &100.into())
    );
}

#[test]
fn the_collection_is_of_features_in_crs84_with_the_extent_of_the_stations() {
    let address = href(&landing_page().json(), "data", "application/json");
    let collections = demo().get(&address).json();
    let listed = collections["collections"].as_array().expect("collections");
    assert_eq!(listed.len(), 1);
    let collection = demo().get(&href(&listed[0], "self", "application/json")).json();
    assert_eq!(collection, listed[0]);
    assert_eq!(
        (&collection["id"], &collection["itemType"]),
        (&"stations".into(), &"feature".into())
    );
    assert_eq!(
        collection["storageCrs"],
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    );
    let [west, south, east, north] = [0, 1, 2, 3].map(|n| {
        collection["extent"]["spatial"]["bbox"][0][n]
            .as_f64()
            .expect("degrees")
    });
    for feature in demo().features("/v1/collections/stations/items?limit=10000") {
        let [lon, lat] = [0, 1].map(|n| feature["geometry"]["coordinates"][n].as_f64().expect("degrees"));
        assert!((west - 1e-6..=east + 1e-6).contains(&lon) && (south - 1e-6..=north + 1e-6).contains(&lat));
    }
}

#[test]
fn conformance_declares_core_geojson_and_openapi_and_nothing_that_is_not_tested() {
    let address = href(&landing_page().json(), "conformance", "application/json");
    let classes = demo().get(&address).json();
    let mut classes: Vec<&str> = classes["conformsTo"]
        .as_array()
        .expect("classes")
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|class| class.strip_prefix("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"))
        .collect();
    classes.sort_unstable();
    assert_eq!(classes, ["core", "geojson", "oas30"]);
}

#[test]
fn queryables_and_schema_are_json_schemas_under_their_own_addresses() {
    let collection = demo().get("/v1/collections/stations").json();
    for rel in ["queryables", "schema"] {
        let rel = format!("http://www.opengis.net/def/rel/ogc/1.0/{rel}");
        let address = href(&collection, &rel, "application/schema+json");
        let answer = demo().get(&address);
        let schema = answer.json();
        assert_eq!(answer.header("content-type"), "application/schema+json");
        assert_eq!(schema["$id"], address.as_str());
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        jsonschema::meta::validate(&schema).expect("a schema by its own meta-schema");
    }
}

#[test]
fn a_station_fits_the_schema_that_the_collection_describes_it_by() {
    let schema = demo().get("/v1/collections/stations/schema").json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for feature in demo().features("/v1/collections/stations/items?limit=10000") {
        let errors: Vec<String> = validator
            .iter_errors(&feature["properties"])
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", feature["id"]);
    }
}

#[test]
fn every_queryable_is_a_parameter_of_items() {
    let queryables = demo().get("/v1/collections/stations/queryables").json();
    let operation = yizhan::http::OPERATIONS
        .iter()
        .find(|operation| operation.path == "/v1/collections/stations/items")
        .expect("items");
    for name in queryables["properties"].as_object().expect("properties").keys() {
        let is_asked = name == "geometry" || operation.parameters.concat().contains(&name.as_str());
        assert!(is_asked, "{name}");
    }
}

#[test]
fn every_link_of_every_document_is_absolute_and_leads_somewhere() {
    for path in [
        "/v1",
        "/v1/collections",
        "/v1/collections/stations",
        "/v1/collections/stations/items?limit=3",
        "/v1/collections/stations/items/sy-001",
        "/v1/nearest?lon=109.51&lat=18.25",
        "/v1/along-route?line=109.49,18.24;109.53,18.26",
        "/v1/districts",
        "/v1/districts/460202",
        "/v1/standards",
    ] {
        let document = demo().get(path).json();
        let mut all = links(&document);
        for collection in document["collections"].as_array().into_iter().flatten() {
            all.extend(links(collection));
        }
        let own = demo().url(path);
        assert!(
            all.iter()
                .any(|link| link["rel"] == "self" && link["href"] == own.as_str()),
            "{path} does not name itself"
        );
        for link in all {
            let address = link["href"].as_str().expect("an address");
            assert!(address.starts_with(&demo().url("/")), "{path}: {address}");
            if link["rel"] == "related" {
                continue; // A template: it says that it needs lon and lat.
            }
            let answer = demo().get(address);
            assert_eq!(answer.status, 200, "{path}: {address}");
            let stated = link["type"].as_str().unwrap_or_default();
            let media_type = stated.split(';').next().unwrap_or_default();
            let is_page = media_type == "text/html";
            assert!(
                is_page || answer.media_type() == media_type,
                "{path}: {address} is not {stated}"
            );
        }
    }
}

#[test]
fn links_name_the_host_that_the_client_asked() {
    for (headers, base) in [
        (vec![("host", "yizhan.example")], "http://yizhan.example/v1"),
        (
            vec![
                ("x-forwarded-proto", "https"),
                ("x-forwarded-host", "stations.example:8443"),
            ],
            "https://stations.example:8443/v1",
        ),
    ] {
        let answer = demo().get_with("/v1", &headers);
        assert_eq!(answer.link("self").as_deref(), Some(base));
    }
}
