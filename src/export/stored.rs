//! One station as the register keeps it: a GeoJSON Feature with what is known of it and nothing else, read back by `import`.
//!
//! Unlike an answer it has no links, no `null`, no revision and no time of change: those stand beside it in the store.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::json::push_value;
use super::record_text::GeocodedBy;
use crate::domain::datum::Datum;
use crate::domain::facility::{Facility, FacilityState};
use crate::domain::station::{Audience, Host, MapListings, Station, Status};

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: &'a str,
    geometry: Geometry,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Geometry {
    r#type: &'static str,
    coordinates: [f64; 2],
}

#[derive(Serialize)]
struct Properties<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'a [Box<str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    district: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adcode: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<Host>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    audience: &'a [Audience],
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours_text: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facilities: BTreeMap<&'static str, FacilityState>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facility_details: BTreeMap<&'static str, Detail<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    floor_area_m2: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seats: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opened_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    photos: &'a [Box<str>],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    map_listings: BTreeMap<&'static str, FacilityState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_at: Option<NaiveDate>,
    #[serde(skip_serializing_if = "is_false")]
    synthetic: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<Original>,
}

#[derive(Serialize)]
struct Detail<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_at: Option<NaiveDate>,
}

#[derive(Serialize)]
struct Original {
    lon: f64,
    lat: f64,
    datum: Datum,
    #[serde(skip_serializing_if = "Option::is_none")]
    geocoded: Option<GeocodedBy>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// The station as JSON in one line; equal stations give equal texts. Some 0.4 kB.
pub fn record(station: &Station) -> String {
    let location = &station.location;
    let (place, original, datum) = (location.place(), location.original(), location.datum());
    let geocoded = location.geocoded().map(GeocodedBy::from);
    let states = Facility::ALL
        .iter()
        .map(|facility| (facility.word(), station.facilities.state(*facility)));
    let details = station.facilities.details().iter().map(|detail| {
        let said = Detail {
            source: detail.source.as_deref(),
            verified_at: detail.verified_at,
        };
        (detail.facility.word(), said)
    });
    let MapListings { amap, baidu, tencent } = station.map_listings;
    let listings = [("amap", amap), ("baidu", baidu), ("tencent", tencent)];
    let is_known = |(_, state): &(&'static str, FacilityState)| *state != FacilityState::Unknown;
    let feature = Feature {
        r#type: "Feature",
        id: station.id.as_str(),
        geometry: Geometry {
            r#type: "Point",
            coordinates: [place.lon_deg(), place.lat_deg()],
        },
        properties: Properties {
            name: &station.name,
            aliases: &station.aliases,
            address: station.address.as_deref(),
            district: station.district.as_deref(),
            adcode: station.adcode.as_deref(),
            host: station.host,
            audience: &station.audience,
            status: station.status,
            hours: station.hours.osm.as_deref(),
            hours_text: station.hours.text.as_deref(),
            facilities: states.filter(is_known).collect(),
            facility_details: details.collect(),
            floor_area_m2: station.floor_area_m2,
            seats: station.seats,
            opened_on: station.opened_on,
            operator: station.operator.as_deref(),
            phone: station.phone.as_deref(),
            photos: &station.photos,
            map_listings: listings.into_iter().filter(is_known).collect(),
            source: station.source.as_deref(),
            verified_at: station.verified_at,
            synthetic: station.synthetic,
            original: (datum != Datum::Wgs84 || original != place || geocoded.is_some()).then(|| Original {
                lon: original.lon_deg(),
                lat: original.lat_deg(),
                datum,
                geocoded,
            }),
        },
    };
    let mut text = String::with_capacity(512);
    push_value(&mut text, &feature);
    text
}
