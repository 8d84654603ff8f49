//! One station's record as JSON, property by property, for [`super::parts`].

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::json::{push_fixed, push_value};
use crate::domain::coordinate::LonLat;
use crate::domain::datum::Datum;
use crate::domain::facility::{Facilities, Facility, FacilityDetail, FacilityState};
use crate::domain::geocode::{GeocodePrecision, GeocodeProvider, Geocoded};
use crate::domain::station::{MapListings, Station};

/// Appends longitude, latitude and longitude again, six decimals, for `CoordinateText::of_triple`.
pub fn push_triple(out: &mut String, place: LonLat) {
    let start = out.len();
    push_fixed(out, place.lon_deg(), 6);
    let lon = start..out.len();
    out.push(',');
    push_fixed(out, place.lat_deg(), 6);
    out.push(',');
    out.extend_from_within(lon);
}

/// What `facility_details` says of one facility.
#[derive(Serialize)]
struct Detail<'a> {
    source: Option<&'a str>,
    verified_at: Option<NaiveDate>,
}

impl<'a> From<&'a FacilityDetail> for Detail<'a> {
    fn from(detail: &'a FacilityDetail) -> Self {
        Self {
            source: detail.source.as_deref(),
            verified_at: detail.verified_at,
        }
    }
}

#[derive(Serialize)]
struct Listings {
    amap: FacilityState,
    baidu: FacilityState,
    tencent: FacilityState,
}

/// Who found the place by its address, and how well.
#[derive(Serialize)]
pub(super) struct GeocodedBy {
    provider: GeocodeProvider,
    precision: GeocodePrecision,
}

impl From<Geocoded> for GeocodedBy {
    fn from(geocoded: Geocoded) -> Self {
        let Geocoded { provider, precision } = geocoded;
        Self { provider, precision }
    }
}

#[derive(Serialize)]
struct Original {
    lon: f64,
    lat: f64,
    datum: Datum,
    #[serde(skip_serializing_if = "Option::is_none")]
    geocoded: Option<GeocodedBy>,
}

fn push_property<T: Serialize + ?Sized>(out: &mut String, name: &str, value: &T) {
    out.push('"');
    out.push_str(name);
    out.push_str("\":");
    push_value(out, value);
    out.push(',');
}

/// Appends `"name":…,` up to the property before `facilities`.
pub fn push_before_facilities(out: &mut String, station: &Station) {
    push_property(out, "name", &station.name);
    push_property(out, "aliases", &station.aliases);
    push_property(out, "address", &station.address);
    push_property(out, "district", &station.district);
    push_property(out, "adcode", &station.adcode);
    push_property(out, "host", &station.host);
    push_property(out, "audience", &station.audience);
    push_property(out, "status", &station.status);
    push_property(out, "hours", &station.hours.osm);
    push_property(out, "hours_text", &station.hours.text);
}

/// `"facilities":{…},`
pub fn facilities_text(facilities: &Facilities) -> String {
    let mut out = String::from("\"facilities\":{");
    for (position, facility) in Facility::ALL.iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        push_value(&mut out, facility);
        out.push(':');
        push_value(&mut out, &facilities.state(*facility));
    }
    out.push_str("},");
    out
}

/// Appends the property after `facilities` up to `"revision":…,`.
pub fn push_after_facilities(out: &mut String, station: &Station) {
    let details = station.facilities.details().iter();
    let details = details.map(|detail| (detail.facility.word(), Detail::from(detail)));
    push_property(out, "facility_details", &details.collect::<BTreeMap<_, _>>());
    push_property(out, "floor_area_m2", &station.floor_area_m2);
    push_property(out, "seats", &station.seats);
    push_property(out, "opened_on", &station.opened_on);
    push_property(out, "operator", &station.operator);
    push_property(out, "phone", &station.phone);
    push_property(out, "photos", &station.photos);
    let MapListings { amap, baidu, tencent } = station.map_listings;
    push_property(out, "map_listings", &Listings { amap, baidu, tencent });
    push_property(out, "source", &station.source);
    push_property(out, "verified_at", &station.verified_at);
    push_property(out, "synthetic", &station.synthetic);
    let (original, datum) = (station.location.original(), station.location.datum());
    // The shortest digits that give the numbers back, so that nothing is lost.
    push_property(
        out,
        "original",
        &Original {
            lon: original.lon_deg(),
            lat: original.lat_deg(),
            datum,
            geocoded: station.location.geocoded().map(GeocodedBy::from),
        },
    );
    push_property(out, "updated_at", &station.updated_at);
    push_property(out, "revision", &station.revision);
}
