//! Answers as CSV: UTF-8, a header row, the property names of GeoJSON, lists separated by `;`.

use chrono::SecondsFormat;

use super::Style;
use super::json::push_fixed;
use super::parts::Parts;
use super::row::Row;
use crate::domain::facility::{Facility, FacilityState};
use crate::domain::station::{Host, Station};
use crate::locator::Snapshot;

/// The columns in their order; those that a question does not give stay out unless `is_always` says so.
const COLUMNS: &[&str] = &[
    "id",
    "name",
    "aliases",
    "address",
    "district",
    "adcode",
    "lon",
    "lat",
    "coord",
    "host",
    "audience",
    "status",
    "hours",
    "hours_text",
    "facilities",
    "floor_area_m2",
    "seats",
    "opened_on",
    "operator",
    "phone",
    "photos",
    "source",
    "verified_at",
    "synthetic",
    "updated_at",
    "revision",
];
/// Columns of answers that have a distance.
const DYNAMIC_COLUMNS: &[&str] = &[
    "distance_m",
    "bearing_deg",
    "along_m",
    "travel_time_s",
    "open_at",
    "open_state",
    "open_reason",
    "changes_at",
];
/// Columns that `fields` never takes away: without them a row is no place.
const KEPT_COLUMNS: &[&str] = &["id", "lon", "lat", "coord"];

/// Writes rows as CSV. The columns that only some answers have follow when `is_found` is set.
fn write(snapshot: &Snapshot, parts: &Parts, rows: &[Row], columns: &[&str], style: &Style) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::with_capacity(256 + rows.len() * 400));
    // Writing to memory cannot fail, so the results say nothing.
    drop(writer.write_record(columns));
    for row in rows {
        let record = row.record(snapshot);
        let open = row.open(snapshot);
        let dynamic = |column: &str| dynamic_cell(row, open.as_ref(), snapshot, column);
        let cells = columns.iter().map(|column| match *column {
            "lon" => parts.of(row.station).coordinate(style.datum).lon().to_owned(),
            "lat" => parts.of(row.station).coordinate(style.datum).lat().to_owned(),
            "coord" => style.datum.0.word().to_owned(),
            column => static_cell(record, column).unwrap_or_else(|| dynamic(column)),
        });
        drop(writer.write_record(cells));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Rows of an answer with distances.
pub fn found(snapshot: &Snapshot, parts: &Parts, rows: &[Row], style: &Style) -> String {
    let columns: Vec<&str> = COLUMNS
        .iter()
        .chain(DYNAMIC_COLUMNS)
        .copied()
        .filter(|name| keeps(style, name))
        .collect();
    write(snapshot, parts, rows, &columns, style)
}

/// Rows of a page of items.
pub fn items(snapshot: &Snapshot, parts: &Parts, rows: &[Row], style: &Style) -> String {
    let columns: Vec<&str> = COLUMNS
        .iter()
        .copied()
        .filter(|name| keeps(style, name))
        .collect();
    write(snapshot, parts, rows, &columns, style)
}

fn keeps(style: &Style, column: &str) -> bool {
    let property = match column {
        "open_at" | "open_reason" | "changes_at" => "open_state",
        other => other,
    };
    KEPT_COLUMNS.contains(&column) || style.selection.keeps(property)
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The cell of a column that the record decides.
fn static_cell(record: &Station, column: &str) -> Option<String> {
    Some(match column {
        "id" => record.id.as_str().to_owned(),
        "name" => record.name.to_string(),
        "aliases" => record.aliases.join(";"),
        "address" => text(record.address.as_deref()),
        "district" => text(record.district.as_deref()),
        "adcode" => text(record.adcode.as_deref()),
        "host" => text(record.host.map(Host::word)),
        "audience" => record
            .audience
            .iter()
            .map(|entry| entry.word())
            .collect::<Vec<_>>()
            .join(";"),
        "status" => record.status.word().to_owned(),
        "hours" => text(record.hours.osm.as_deref()),
        "hours_text" => text(record.hours.text.as_deref()),
        "facilities" => facilities(record),
        "floor_area_m2" => shown(record.floor_area_m2),
        "seats" => shown(record.seats),
        "opened_on" => shown(record.opened_on),
        "operator" => text(record.operator.as_deref()),
        "phone" => text(record.phone.as_deref()),
        // An address may have a `;` of its own, and never a blank.
        "photos" => record.photos.join(" "),
        "source" => text(record.source.as_deref()),
        "verified_at" => shown(record.verified_at),
        "synthetic" => record.synthetic.to_string(),
        "updated_at" => shown(
            record
                .updated_at
                .map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        ),
        "revision" => record.revision.to_string(),
        _ => return None,
    })
}

/// What is known of the facilities: `word` for yes, `word=no`, `word=out_of_order`; unknown ones stay out.
fn facilities(record: &Station) -> String {
    let known = Facility::ALL
        .iter()
        .filter_map(|facility| match record.facilities.state(*facility) {
            FacilityState::Yes => Some(facility.word().to_owned()),
            FacilityState::Unknown => None,
            state => Some(format!("{facility}={state}")),
        });
    known.collect::<Vec<_>>().join(";")
}

fn dynamic_cell(
    row: &Row,
    open: Option<&(crate::domain::opening_hours::OpenAnswer, crate::locator::Moment)>,
    snapshot: &Snapshot,
    column: &str,
) -> String {
    let fixed = |value: Option<f64>, decimals| {
        let mut out = String::new();
        if let Some(value) = value {
            push_fixed(&mut out, value, decimals);
        }
        out
    };
    match column {
        "distance_m" => fixed(row.distance.map(crate::domain::units::Meters::get), 2),
        "bearing_deg" => fixed(row.bearing_deg, 1),
        "along_m" => fixed(row.along.map(crate::domain::units::Meters::get), 2),
        "travel_time_s" => shown(row.travel_time_s),
        "open_at" => shown(open.map(|(_, at)| at.local().to_rfc3339_opts(SecondsFormat::Secs, true))),
        "open_state" => text(open.map(|(answer, _)| answer.state.word())),
        "open_reason" => text(open.map(|(answer, _)| answer.reason.code())),
        "changes_at" => {
            let minute = open.and_then(|(answer, _)| answer.changes_at);
            let clock = &snapshot.reference().clock;
            shown(minute.map(|minute| clock.begin(minute).to_rfc3339_opts(SecondsFormat::Secs, true)))
        }
        _ => String::new(),
    }
}
