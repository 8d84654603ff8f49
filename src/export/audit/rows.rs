//! One row or one point a station: CSV and GeoJSON with the same names.

use chrono::NaiveDate;
use serde_json::Value;

use super::{AuditSource, head, words};
use crate::domain::standard::MapService;
use crate::export::geojson::Link;
use crate::export::json::{push_text, push_value};
use crate::planner::audit::{ActionKind, StationAudit, listing};

/// What stands before the id of an item, so that no item is taken for another property.
const ITEM_PREFIX: &str = "item_";
/// Properties before those of the items.
const BEFORE_ITEMS: &[&str] = &["name", "district", "adcode", "status", "result"];
/// Properties after those of the items.
const AFTER_ITEMS: &[&str] = &[
    "causes",
    "actions",
    "rank",
    "heaviest_action",
    "verified_at",
    "days_since_verified",
    "listed_amap",
    "listed_baidu",
    "listed_tencent",
    "synthetic",
];
/// Columns that only a table needs: the id, the place, and what the head of GeoJSON says.
const TABLE_ENDS: &[&str] = &["lon", "lat", "coord", "standard", "today", "revision"];

/// The names of a station's properties.
fn names(source: &AuditSource<'_>) -> Vec<String> {
    let items = source
        .standard
        .items
        .iter()
        .map(|item| format!("{ITEM_PREFIX}{}", item.id));
    let owned = |names: &'static [&str]| names.iter().map(|name| (*name).to_owned());
    owned(BEFORE_ITEMS)
        .chain(items)
        .chain(owned(AFTER_ITEMS))
        .collect()
}

/// The values of a station's properties, in the order of [`names`].
fn values(source: &AuditSource<'_>, station: &StationAudit) -> Vec<Value> {
    let record = source.record(station);
    let (district, adcode) = source.district(station);
    let text = |text: &str| Value::from(text);
    let day = |day: Option<NaiveDate>| day.map_or(Value::Null, |day| Value::from(day.to_string()));
    let mut values = vec![
        text(&record.name),
        district.into(),
        adcode.into(),
        text(record.status.word()),
        text(station.verdict.word()),
    ];
    let verdicts = station.judgements.iter();
    values.extend(verdicts.map(|judgement| text(judgement.verdict().word())));
    let judged = source.standard.items.iter().zip(&station.judgements);
    let causes = judged.filter_map(|(item, judgement)| Some(format!("{}={}", item.id, judgement.cause()?)));
    values.extend([
        causes.collect::<Vec<_>>().join(";").into(),
        words::actions(&station.actions, source.standard, source.style.language).into(),
        station.rank.into(),
        station.heaviest().map(ActionKind::word).into(),
        day(record.verified_at),
        station.days_since_verified.into(),
    ]);
    let listings = MapService::ALL
        .iter()
        .map(|service| text(listing(record.map_listings, *service).word()));
    values.extend(listings);
    values.push(record.synthetic.into());
    values
}

fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Writes the page as a table: UTF-8 with a header row.
pub fn csv(source: &AuditSource<'_>) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::with_capacity(512 + source.page.len() * 400));
    let columns = std::iter::once("id".to_owned())
        .chain(names(source))
        .chain(TABLE_ENDS.iter().map(|name| (*name).to_owned()));
    // Writing to memory cannot fail, so the results say nothing.
    drop(writer.write_record(columns));
    for station in source.page {
        let coordinate = source.parts.of(station.station).coordinate(source.style.datum);
        let ends = [
            coordinate.lon().to_owned(),
            coordinate.lat().to_owned(),
            source.style.datum.0.word().to_owned(),
            source.standard.id.to_string(),
            source.today.to_string(),
            source.snapshot.revision().to_string(),
        ];
        let id = source.record(station).id.as_str().to_owned();
        let own = values(source, station).into_iter().map(cell);
        drop(writer.write_record(std::iter::once(id).chain(own).chain(ends)));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Writes the page as points with the properties of the table.
pub fn geojson(source: &AuditSource<'_>, links: &[Link]) -> String {
    let mut out = String::with_capacity(1024 + source.page.len() * 800);
    push_value(&mut out, &head(source));
    // The closing brace makes way for the members of a collection.
    out.pop();
    out.replace_range(..1, "{\"type\":\"FeatureCollection\",");
    out.push_str(",\"datum\":");
    push_value(&mut out, &source.style.datum.0);
    out.push_str(",\"features\":[");
    let names = names(source);
    for (station, position) in source.page.iter().zip(0_usize..) {
        if position > 0 {
            out.push(',');
        }
        push_feature(&mut out, source, station, &names);
    }
    out.push_str("],\"links\":");
    push_value(&mut out, links);
    out.push('}');
    out
}

fn push_feature(out: &mut String, source: &AuditSource<'_>, station: &StationAudit, names: &[String]) {
    let parts = source.parts.of(station.station);
    let coordinate = parts.coordinate(source.style.datum);
    for text in [
        "{\"type\":\"Feature\",\"id\":",
        parts.id(),
        ",\"geometry\":{\"type\":\"Point\",\"coordinates\":[",
        coordinate.lon(),
        ",",
        coordinate.lat(),
        "]},\"properties\":{",
    ] {
        out.push_str(text);
    }
    for ((name, value), position) in names.iter().zip(values(source, station)).zip(0_usize..) {
        if position > 0 {
            out.push(',');
        }
        push_text(out, name);
        out.push(':');
        push_value(out, &value);
    }
    out.push_str("}}");
}
