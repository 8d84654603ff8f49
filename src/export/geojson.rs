//! Whole answers as GeoJSON (RFC 7946), put together from parts.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound as _, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use super::json::{push_fixed, push_integer, push_text, push_time, push_value};
use super::open_state::OpenStates;
use super::parts::{FEATURE_BYTES, Parts, ReadyFeature, StationParts};
use super::properties::PROPERTIES;
use super::{OutDatum, Style, links};
use crate::domain::district::District;
use crate::domain::units::{Meters, Travel};
use crate::locator::{AlongRouteFound, ItemsPage, NearestFound, Snapshot};

/// A link of an answer, as OGC API words it.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it is to the answer.
    pub rel: &'static str,
    /// Media type of what is there.
    #[serde(rename = "type")]
    pub media_type: &'static str,
    /// A label for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'static str>,
}

/// What every answer is written from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The snapshot that was asked.
    pub snapshot: &'a Snapshot,
    /// Its parts.
    pub parts: &'a Parts,
    /// The time of the answer.
    pub now: DateTime<Utc>,
}

impl<'a> Source<'a> {
    fn open_states(&self, style: &Style) -> OpenStates<'a> {
        OpenStates::new(self.snapshot, self.parts.open_texts(), self.now, style.language)
    }
}

/// What was found nearest to a place.
#[derive(Debug, Clone, Copy)]
pub struct NearestPage<'a> {
    /// How the person travels.
    pub travel: Travel,
    /// The stations, nearest first.
    pub found: &'a [NearestFound],
    /// When nothing lies within the radius, the nearest one beyond it.
    pub beyond: Option<NearestFound>,
}

/// The answer to `nearest`.
pub fn nearest(source: Source<'_>, page: &NearestPage<'_>, style: &Style, links: &[Link]) -> String {
    let mut out = String::with_capacity(1024 + page.found.len() * FEATURE_BYTES);
    push_head(&mut out, source, style, page.found.len());
    push_travel(&mut out, page.travel);
    push_member(&mut out, "nearest_beyond", |out| match page.beyond {
        Some(beyond) => {
            out.push_str("{\"id\":");
            out.push_str(source.parts.of(beyond.station).id());
            out.push_str(",\"distance_m\":");
            push_fixed(out, beyond.distance.get(), 2);
            out.push('}');
        }
        None => out.push_str("null"),
    });
    out.push_str("\"features\":[");
    let mut states = source.open_states(style);
    source.parts.fetch(page.found.iter().map(|found| found.station));
    push_features(&mut out, page.found, |out, found| {
        let extra = |out: &mut String| {
            push_distance(out, found.distance);
            push_bearing(out, found.bearing_deg);
            push_member(out, "travel_time_s", |out| push_integer(out, found.travel_time_s));
            states.push(out, found.station, found.at);
        };
        push_feature(out, (source.parts, found.station), style, extra);
    });
    push_tail(&mut out, links);
    out
}

/// The answer to `along-route`.
pub fn along_route(
    source: Source<'_>,
    travel: Travel,
    found: &AlongRouteFound,
    style: &Style,
    links: &[Link],
) -> String {
    let mut out = String::with_capacity(1024 + found.stations.len() * FEATURE_BYTES);
    push_head(&mut out, source, style, found.stations.len());
    push_travel(&mut out, travel);
    push_member(&mut out, "numberMatched", |out| push_integer(out, found.matched));
    push_member(&mut out, "route_length_m", |out| {
        push_fixed(out, found.length.get(), 2);
    });
    out.push_str("\"features\":[");
    let mut states = source.open_states(style);
    push_features(&mut out, &found.stations, |out, found| {
        let extra = |out: &mut String| {
            push_distance(out, found.beside.off);
            push_bearing(out, None);
            push_member(out, "along_m", |out| push_fixed(out, found.beside.along.get(), 2));
            push_member(out, "travel_time_s", |out| push_integer(out, found.travel_time_s));
            states.push(out, found.station, found.at);
        };
        push_feature(out, (source.parts, found.station), style, extra);
    });
    push_tail(&mut out, links);
    out
}

/// A page of items.
pub fn items(source: Source<'_>, page: &ItemsPage, style: &Style, links: &[Link]) -> String {
    let mut out = String::with_capacity(1024 + page.stations.len() * FEATURE_BYTES);
    push_head(&mut out, source, style, page.stations.len());
    push_member(&mut out, "numberMatched", |out| push_integer(out, page.matched));
    out.push_str("\"features\":[");
    push_features(&mut out, &page.stations, |out, &station| {
        push_feature(out, (source.parts, station), style, |_| {});
    });
    push_tail(&mut out, links);
    out
}

/// One item.
pub fn item(source: Source<'_>, station: u32, style: &Style, links: &[Link]) -> String {
    let mut out = String::with_capacity(1024 + FEATURE_BYTES);
    push_feature(&mut out, (source.parts, station), style, |_| {});
    // The feature's closing brace makes way for what an answer of its own says besides.
    out.pop();
    out.push(',');
    push_state_of_data(&mut out, source, style);
    push_tail_links(&mut out, links);
    out
}

/// Every station as one collection: our own lossless format. It has no time of answering, so equal records give equal
/// bytes.
pub fn register(snapshot: &Snapshot, parts: &Parts) -> String {
    let mut out = String::with_capacity(64 + snapshot.stations().len() * FEATURE_BYTES);
    out.push_str("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for ordinal in 0..u32::try_from(snapshot.stations().len()).unwrap_or(u32::MAX) {
        if ordinal > 0 {
            out.push_str(",\n");
        }
        let parts = parts.of(ordinal);
        push_feature_start(&mut out, parts, &Style::default());
        push_properties(&mut out, parts);
        out.pop();
        out.push_str("}}");
    }
    out.push_str("\n]}\n");
    out
}

/// Districts as a collection, with their outlines.
pub fn districts(source: Source<'_>, links: &[Link]) -> String {
    let mut out = String::new();
    let districts = &source.snapshot.reference().districts;
    push_head(&mut out, source, &Style::default(), districts.len());
    push_member(&mut out, "numberMatched", |out| {
        push_integer(out, districts.len());
    });
    out.push_str("\"features\":[");
    push_features(&mut out, districts, push_district);
    push_tail(&mut out, links);
    out
}

/// One district.
pub fn district(source: Source<'_>, district: &District, links: &[Link]) -> String {
    let mut out = String::new();
    push_district(&mut out, district);
    out.pop();
    out.push(',');
    push_state_of_data(&mut out, source, &Style::default());
    push_tail_links(&mut out, links);
    out
}

fn push_features<T>(out: &mut String, found: &[T], mut push: impl FnMut(&mut String, &T)) {
    for (position, found) in found.iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        push(out, found);
    }
}

fn push_member(out: &mut String, name: &str, value: impl FnOnce(&mut String)) {
    out.push('"');
    out.push_str(name);
    out.push_str("\":");
    value(out);
    out.push(',');
}

fn push_head(out: &mut String, source: Source<'_>, style: &Style, returned: usize) {
    out.push_str("{\"type\":\"FeatureCollection\",");
    push_member(out, "numberReturned", |out| push_integer(out, returned));
    push_state_of_data(out, source, style);
}

/// Revision, time and datum.
fn push_state_of_data(out: &mut String, source: Source<'_>, style: &Style) {
    push_member(out, "revision", |out| {
        push_integer(out, source.snapshot.revision());
    });
    push_member(out, "timeStamp", |out| {
        push_time(out, source.now.trunc_subsecs(0).fixed_offset());
    });
    push_member(out, "datum", |out| push_value(out, &style.datum.0));
}

fn push_travel(out: &mut String, travel: Travel) {
    push_member(out, "travel", |out| {
        out.push_str("{\"mode\":\"");
        out.push_str(travel.mode.word());
        out.push_str("\",\"method\":\"");
        out.push_str(Travel::METHOD);
        out.push_str("\",\"speed_m_s\":");
        push_fixed(out, travel.speed_m_s, 2);
        out.push_str(",\"detour_factor\":");
        push_fixed(out, travel.detour_factor, 2);
        out.push('}');
    });
}

fn push_tail(out: &mut String, links: &[Link]) {
    out.push_str("],");
    push_tail_links(out, links);
}

fn push_tail_links(out: &mut String, links: &[Link]) {
    out.push_str("\"links\":[");
    push_features(out, links, push_link);
    out.push_str("]}");
}

fn push_link(out: &mut String, link: &Link) {
    out.push('{');
    push_member(out, "href", |out| push_text(out, &link.href));
    push_member(out, "rel", |out| push_text(out, link.rel));
    push_member(out, "type", |out| push_text(out, link.media_type));
    if let Some(title) = link.title {
        push_member(out, "title", |out| push_text(out, title));
    }
    // An object's last member has no comma after it.
    out.pop();
    out.push('}');
}

fn push_distance(out: &mut String, distance: Meters) {
    push_member(out, "distance_m", |out| push_fixed(out, distance.get(), 2));
}

fn push_bearing(out: &mut String, bearing_deg: Option<f64>) {
    push_member(out, "bearing_deg", |out| match bearing_deg {
        // 359.97° rounds to 360.0°, which is north again.
        Some(degrees) => push_fixed(out, if degrees >= 359.95 { 0.0 } else { degrees }, 1),
        None => out.push_str("null"),
    });
}

fn push_feature_start(out: &mut String, parts: StationParts<'_>, style: &Style) {
    // One after the other and not in a loop: a piece of known length is copied by a few instructions.
    out.push_str("{\"type\":\"Feature\",\"id\":");
    out.push_str(parts.id());
    out.push_str(",\"geometry\":{\"type\":\"Point\",\"coordinates\":[");
    out.push_str(parts.coordinate(style.datum).lon_lat());
    out.push_str("]},\"properties\":{");
}

/// Appends a feature; `extra` appends the properties that only this kind of answer has.
fn push_feature(
    out: &mut String,
    (all, station): (&Parts, u32),
    style: &Style,
    mut extra: impl FnMut(&mut String),
) {
    let is_usual = style.datum == OutDatum::default() && style.selection.is_all();
    if let Some(ready) = all.ready(station).filter(|_| is_usual) {
        let ready = ready.get_or_init(|| ready_feature(all.of(station), style));
        out.push_str(&ready.before);
        extra(out);
        out.push_str(&ready.after);
        return;
    }
    let parts = all.of(station);
    push_feature_start(out, parts, style);
    let properties_start = out.len();
    push_properties(out, parts);
    extra(out);
    links::push(out, &parts.links());
    if !style.selection.is_all() {
        keep_selected(out, properties_start, style);
    }
    out.push_str("}}");
}

/// Appends the properties that do not depend on the question, but for the links.
fn push_properties(out: &mut String, parts: StationParts<'_>) {
    out.push_str(parts.before_facilities());
    out.push_str(parts.facilities);
    out.push_str(parts.after_facilities());
}

#[cold]
fn ready_feature(parts: StationParts<'_>, style: &Style) -> ReadyFeature {
    let (mut before, mut after) = (
        String::with_capacity(FEATURE_BYTES),
        String::with_capacity(FEATURE_BYTES),
    );
    push_feature_start(&mut before, parts, style);
    push_properties(&mut before, parts);
    links::push(&mut after, &parts.links());
    after.push_str("}}");
    ReadyFeature {
        before: before.into(),
        after: after.into(),
    }
}

/// Cuts the properties that were just written down to the selected ones.
fn keep_selected(out: &mut String, start: usize, style: &Style) {
    let written = format!("{{{}}}", out.split_off(start));
    let all: BTreeMap<&str, &RawValue> = serde_json::from_str(&written).unwrap_or_default();
    let kept = PROPERTIES
        .iter()
        .filter(|property| style.selection.keeps(property.name));
    let mut is_first = true;
    for (name, value) in kept.filter_map(|property| Some((property.name, all.get(property.name)?))) {
        if !is_first {
            out.push(',');
        }
        is_first = false;
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
        out.push_str(value.get());
    }
}

fn push_district(out: &mut String, district: &District) {
    out.push_str("{\"type\":\"Feature\",\"id\":");
    push_value(out, district.adcode.as_ref().unwrap_or(&district.name));
    out.push_str(",\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[");
    push_features(out, &district.outline().0, |out, polygon| {
        out.push('[');
        let rings: Vec<_> = std::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .collect();
        push_features(out, &rings, |out, ring| {
            out.push('[');
            push_features(out, &ring.0, |out, corner| {
                out.push('[');
                push_fixed(out, corner.x, 6);
                out.push(',');
                push_fixed(out, corner.y, 6);
                out.push(']');
            });
            out.push(']');
        });
        out.push(']');
    });
    out.push_str("]},\"properties\":{");
    push_member(out, "name", |out| push_value(out, &district.name));
    push_member(out, "adcode", |out| push_value(out, &district.adcode));
    out.push_str("\"source\":");
    push_value(out, &district.source);
    out.push_str("}}");
}
