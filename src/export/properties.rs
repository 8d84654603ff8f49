//! The names of a station's properties in answers, in their order, with types and units for schema and queryables.

use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::domain::facility::{Facility, FacilityState};
use crate::domain::station::{Audience, Host, Status};

/// One property of a station in answers.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// What it is, in English.
    pub title: &'static str,
    /// Whether only some answers have it (nearest, along-route).
    pub is_dynamic: bool,
}

const fn property(name: &'static str, title: &'static str) -> Property {
    Property {
        name,
        title,
        is_dynamic: false,
    }
}

const fn dynamic(name: &'static str, title: &'static str) -> Property {
    Property {
        name,
        title,
        is_dynamic: true,
    }
}

/// Every property, in the order in which answers have them.
pub const PROPERTIES: &[Property] = &[
    property("name", "Name"),
    property("aliases", "Other names of the same place"),
    property("address", "Postal address"),
    property("district", "Name of the administrative district"),
    property("adcode", "Six-digit code of the administrative district"),
    property("host", "Whose place it is"),
    property("audience", "Whom it serves"),
    property("status", "Where it stands in its life"),
    property(
        "hours",
        "Opening hours in OpenStreetMap's opening_hours syntax; null when not stated",
    ),
    property("hours_text", "Opening hours in the words of the source"),
    property(
        "facilities",
        "State of each facility: yes, no, unknown or out_of_order",
    ),
    property(
        "facility_details",
        "Source and day of verification of single facilities",
    ),
    property("floor_area_m2", "Floor area in square metres"),
    property("seats", "How many people can sit"),
    property("opened_on", "Day of opening"),
    property("operator", "Who runs it"),
    property("phone", "Telephone number for the public"),
    property("photos", "Addresses of photos, on other sites as a rule"),
    property("map_listings", "Whether Amap, Baidu and Tencent maps list it"),
    property("source", "Where the record comes from"),
    property(
        "verified_at",
        "Day on which the record was last checked at the place",
    ),
    property("synthetic", "True for a record that was made up"),
    property("original", "The coordinate and datum as they were given"),
    property("updated_at", "Time of the last change"),
    property("revision", "Revision of the last change"),
    dynamic(
        "distance_m",
        "Geodesic distance in metres, from the origin or off the route",
    ),
    dynamic(
        "bearing_deg",
        "Azimuth from the origin, degrees clockwise from north",
    ),
    dynamic("along_m", "Distance along the route in metres"),
    dynamic("travel_time_s", "Travel time in seconds by the answer's `travel`"),
    dynamic("open_state", "Whether it is open, why, and until when"),
    property("links", "Links that open the place in map apps"),
];

/// A name in `fields` that is no property.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("property `{0}` is not known; expected some of: {names}", names = known_names())]
pub struct UnknownProperty(pub String);

fn known_names() -> String {
    PROPERTIES
        .iter()
        .map(|property| property.name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The properties that an answer keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// `None` keeps all.
    names: Option<Vec<&'static str>>,
}

impl Selection {
    /// Keeps the named properties only.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownProperty> {
        let mut known = Vec::new();
        for name in names {
            let property = PROPERTIES.iter().find(|property| property.name == name);
            known.push(
                property
                    .ok_or_else(|| UnknownProperty(name.chars().take(60).collect()))?
                    .name,
            );
        }
        Ok(Self { names: Some(known) })
    }

    /// Whether every property is kept.
    pub const fn is_all(&self) -> bool {
        self.names.is_none()
    }

    /// Whether the property is kept.
    pub fn keeps(&self, name: &str) -> bool {
        self.names.as_ref().is_none_or(|names| names.contains(&name))
    }
}

/// The JSON schema of each property, by name.
fn schema_of(name: &str) -> Value {
    let words = |words: Vec<&str>| json!({ "type": "string", "enum": words });
    let nullable = |kind: &str| json!({ "type": [kind, "null"] });
    let states: Vec<&str> = FacilityState::ALL.iter().map(|state| state.word()).collect();
    match name {
        "name" => json!({ "type": "string" }),
        "aliases" => json!({ "type": "array", "items": { "type": "string" } }),
        "photos" => json!({ "type": "array", "items": { "type": "string", "format": "uri" } }),
        "audience" => {
            let entries = Audience::ALL.iter().map(|entry| entry.word()).collect();
            json!({ "type": "array", "items": words(entries) })
        }
        "host" => {
            let mut entries: Vec<Value> = Host::ALL.iter().map(|host| json!(host.word())).collect();
            entries.push(Value::Null);
            json!({ "type": ["string", "null"], "enum": entries })
        }
        "status" => words(Status::ALL.iter().map(|status| status.word()).collect()),
        "facilities" => {
            let each = Facility::ALL.iter().map(|facility| {
                let schema = json!({ "title": facility.label(crate::domain::language::Language::En),
                    "type": "string", "enum": states });
                (facility.word().to_owned(), schema)
            });
            json!({ "type": "object", "properties": each.collect::<Map<_, _>>() })
        }
        "facility_details" | "map_listings" | "original" | "links" | "open_state" => {
            json!({ "type": "object" })
        }
        "floor_area_m2" | "distance_m" | "bearing_deg" | "along_m" => nullable("number"),
        "seats" | "travel_time_s" => nullable("integer"),
        "revision" => json!({ "type": "integer" }),
        "synthetic" => json!({ "type": "boolean" }),
        "opened_on" | "verified_at" => json!({ "type": ["string", "null"], "format": "date" }),
        "updated_at" => json!({ "type": ["string", "null"], "format": "date-time" }),
        _ => nullable("string"),
    }
}

fn with_title(property: &Property, mut schema: Value) -> (String, Value) {
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("title".to_owned(), json!(property.title));
    }
    (property.name.to_owned(), schema)
}

/// The JSON schema of a station feature's properties, for `…/schema`.
pub fn schema(id_url: &str) -> Value {
    let mut properties: Map<String, Value> = PROPERTIES
        .iter()
        .filter(|property| !property.is_dynamic)
        .map(|property| with_title(property, schema_of(property.name)))
        .collect();
    let place =
        json!({ "title": "Place, WGS-84", "x-ogc-role": "primary-geometry", "format": "geometry-point" });
    properties.insert("geometry".to_owned(), place);
    properties.insert(
        "id".to_owned(),
        json!({ "title": "Id", "type": "string", "x-ogc-role": "id" }),
    );
    document(id_url, "Station", properties)
}

/// The parameters that filter items, as a JSON schema, for `…/queryables`.
pub fn queryables(id_url: &str) -> Value {
    let words = |words: Vec<&str>| json!({ "type": "string", "enum": words });
    let facility_words = words(Facility::ALL.iter().map(|facility| facility.word()).collect());
    let queryable = |name: &str, title: &str, mut schema: Value| {
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("title".to_owned(), json!(title));
        }
        (name.to_owned(), schema)
    };
    let properties = Map::from_iter([
        queryable(
            "facilities",
            "Facilities that must all be there",
            facility_words.clone(),
        ),
        queryable(
            "facilities_any",
            "Facilities of which one must be there",
            facility_words,
        ),
        queryable(
            "hosts",
            "Whose place it may be",
            words(Host::ALL.iter().map(|host| host.word()).collect()),
        ),
        queryable(
            "status",
            "Where it may stand in its life",
            words(Status::ALL.iter().map(|s| s.word()).collect()),
        ),
        queryable(
            "district",
            "Name or code of the administrative district",
            json!({ "type": "string" }),
        ),
        queryable(
            "open",
            "`now` or a time at which it must be open",
            json!({ "type": "string" }),
        ),
        queryable("geometry", "Place", json!({ "format": "geometry-point" })),
    ]);
    document(id_url, "Queryables of the stations", properties)
}

fn document(id_url: &str, title: &str, properties: Map<String, Value>) -> Value {
    let properties = Value::Object(properties);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id_url,
        "type": "object",
        "title": title,
        "properties": properties,
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_that_is_not_known_is_named_with_those_that_are() {
        let error = Selection::of(["name", "colour"]).unwrap_err().to_string();
        assert!(
            error.starts_with("property `colour` is not known; expected some of: name, aliases"),
            "{error}"
        );
        assert!(Selection::default().keeps("links") && Selection::default().is_all());
        let some = Selection::of(["name"]).unwrap();
        assert!(some.keeps("name") && !some.keeps("links"));
    }

    #[test]
    fn every_static_property_is_in_the_schema() {
        let schema = schema("x");
        for property in PROPERTIES.iter().filter(|property| !property.is_dynamic) {
            assert!(
                schema["properties"][property.name].is_object(),
                "{}",
                property.name
            );
        }
    }
}
