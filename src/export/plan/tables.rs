//! Planner's documents as tables and shapes: CSV, GeoJSON, and rows for `FlatGeobuf`.

use geo::{LineString, MultiPolygon, Polygon};
use serde_json::{Value as Json, json};

use super::by_hour::ByHourDocument;
use super::coverage::{CoverageDocument, WeightShares};
use super::gaps::{GapRow, GapsDocument};
use super::preamble::Told;
use crate::export::flatgeobuf::{Column, ColumnKind, FlatError, FlatTable, Shape, ShapeKind, Value};
use crate::planner::shape::CoveredDistrict;

/// Districts as rows: shares of every weight, area, distances.
pub fn districts_csv(document: &CoverageDocument) -> String {
    let mut header = vec!["district".to_owned(), "adcode".to_owned(), "places".to_owned()];
    for weight in &document.overall.weights {
        header.extend(weight_columns(&weight.name));
    }
    header.extend(["area_m2", "area_sure_m2", "area_perhaps_m2"].map(str::to_owned));
    header.extend(["mean_m", "median_m", "p90_m", "p99_m", "max_m"].map(str::to_owned));
    let rows = document.districts.iter().chain([&document.overall]).map(|row| {
        let mut cells = vec![
            row.name.clone().unwrap_or_default(),
            row.adcode.clone().unwrap_or_default(),
            row.places.total.to_string(),
        ];
        cells.extend(row.weights.iter().flat_map(weight_cells));
        let area = row
            .area
            .map(|area| [area.total_m2, area.sure_m2, area.perhaps_m2]);
        cells.extend(numbers(area, 1));
        let distances = row.distances.by_place;
        let distances = distances.map(|row| [row.mean_m, row.median_m, row.p90_m, row.p99_m, row.max_m]);
        cells.extend(numbers(distances, 1));
        cells
    });
    table(&header, rows)
}

/// Facilities as rows.
pub fn facilities_csv(document: &CoverageDocument) -> String {
    let mut header = vec!["facility".to_owned(), "name".to_owned(), "places".to_owned()];
    for weight in &document.overall.weights {
        header.extend(weight_columns(&weight.name));
    }
    let rows = document.facilities.iter().map(|row| {
        let mut cells = vec![
            row.facility.to_owned(),
            row.name.to_owned(),
            row.places.total.to_string(),
        ];
        cells.extend(row.weights.iter().flat_map(weight_cells));
        cells
    });
    table(&header, rows)
}

/// Hours as rows: overall first, then each district.
pub fn by_hour_csv(document: &ByHourDocument) -> String {
    let mut header = vec!["district".to_owned(), "adcode".to_owned(), "hour".to_owned()];
    for name in &document.preamble.demand.weights {
        header.extend([format!("{name}_sure_share"), format!("{name}_perhaps_share")]);
    }
    let overall = (String::new(), String::new(), &document.hours);
    let districts = document.districts.iter().map(|district| {
        let adcode = district.adcode.clone().unwrap_or_default();
        (district.name.clone(), adcode, &district.hours)
    });
    let rows = std::iter::once(overall)
        .chain(districts)
        .flat_map(|(name, adcode, hours)| {
            hours.iter().map(move |hour| {
                let mut cells = vec![name.clone(), adcode.clone(), hour.hour.clone()];
                let shares = hour.weights.iter();
                cells.extend(
                    shares.flat_map(|shares| [share(shares.sure_share), share(shares.perhaps_share)]),
                );
                cells
            })
        });
    table(&header, rows)
}

/// Gaps as rows, with the best remedy.
pub fn gaps_csv(document: &GapsDocument) -> String {
    let header: Vec<String> = gap_columns(document).into_iter().map(|(name, _)| name).collect();
    let rows = document.gaps.iter().map(|gap| {
        let cells = gap_cells(gap).into_iter().map(|cell| match cell {
            GapCell::Text(text) => text.unwrap_or_default(),
            GapCell::Whole(number) => number.to_string(),
            GapCell::Number(number) => number.map(|number| number.to_string()).unwrap_or_default(),
        });
        cells.collect::<Vec<_>>()
    });
    table(&header, rows)
}

/// Gaps with their outlines as a `FlatGeobuf` file.
pub fn gaps_flatgeobuf(document: &GapsDocument) -> Result<Vec<u8>, FlatError> {
    let columns = gap_columns(document).into_iter().map(|(name, kind)| Column {
        name: name.into(),
        kind,
    });
    let mut table = FlatTable::new("gaps", ShapeKind::MultiPolygons, columns.collect())?;
    for gap in &document.gaps {
        let cells = gap_cells(gap);
        let values = cells.iter().map(|cell| match cell {
            GapCell::Text(Some(text)) => Value::Text(text),
            GapCell::Whole(number) => Value::Whole(*number),
            GapCell::Number(Some(number)) => Value::Number(*number),
            GapCell::Text(None) | GapCell::Number(None) => Value::Missing,
        });
        let values: Vec<Value<'_>> = values.collect();
        table.push(Shape::MultiPolygon(&outline(gap)), &values)?;
    }
    let mut bytes = Vec::new();
    table.write(&mut bytes)?;
    Ok(bytes)
}

/// One value of a gap's row.
enum GapCell {
    Text(Option<String>),
    Whole(i64),
    Number(Option<f64>),
}

/// The columns of a gap's row.
fn gap_columns(document: &GapsDocument) -> Vec<(String, ColumnKind)> {
    let own = |columns: &[(&str, ColumnKind)]| {
        let columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
        columns.collect::<Vec<_>>()
    };
    let (text, number) = (ColumnKind::Text, ColumnKind::Number);
    let mut columns = own(&[
        ("rank", ColumnKind::Whole),
        ("districts", text),
        ("places", ColumnKind::Whole),
        ("area_m2", number),
    ]);
    let weights = document.preamble.demand.weights.iter();
    columns.extend(weights.map(|name| (name.clone(), number)));
    columns.extend(own(&[
        ("farthest_lon", number),
        ("farthest_lat", number),
        ("farthest_distance_m", number),
        ("nearest_station", text),
        ("best_action", text),
        ("best_station", text),
        ("best_gain_share", number),
    ]));
    columns
}

/// The values of a gap's row, in the order of [`gap_columns`].
fn gap_cells(gap: &GapRow) -> Vec<GapCell> {
    let whole = |number: u64| GapCell::Whole(i64::try_from(number).unwrap_or(i64::MAX));
    let rounded = |value: f64| (value * 1e3).round() / 1e3;
    let farthest = gap.farthest.as_ref();
    let best = gap.remedies.first();
    let mut cells = vec![
        whole(gap.rank as u64),
        GapCell::Text(Some(gap.districts.join(";"))),
        whole(gap.places),
        GapCell::Number(Some(rounded(gap.area_m2))),
    ];
    let weights = gap.weights.iter();
    cells.extend(weights.map(|weight| GapCell::Number(Some(rounded(weight.value)))));
    cells.extend([
        GapCell::Number(farthest.map(|point| point.lon)),
        GapCell::Number(farthest.map(|point| point.lat)),
        GapCell::Number(farthest.map(|point| rounded(point.distance_m))),
        GapCell::Text(farthest.map(|point| point.nearest_station.id.clone())),
        GapCell::Text(best.map(|remedy| remedy.action.to_owned())),
        GapCell::Text(best.and_then(|remedy| Some(remedy.station.as_ref()?.id.clone()))),
        GapCell::Number(best.and_then(|remedy| remedy.gain_share)),
    ]);
    cells
}

/// Gaps as features; the geometry is the outline.
pub fn gaps_geojson(document: &GapsDocument) -> String {
    let features = document.gaps.iter().map(|gap| {
        json!({
            "type": "Feature",
            "id": gap.rank,
            "geometry": {"type": "MultiPolygon", "coordinates": gap.outline},
            "properties": gap,
        })
    });
    let collection = json!({
        "type": "FeatureCollection",
        "numberMatched": document.number_matched,
        "numberReturned": document.gaps.len(),
        "coverage": document.preamble,
        "covered_from": document.covered_from,
        "features": features.collect::<Vec<_>>(),
    });
    collection.to_string()
}

/// Covered, perhaps covered and uncovered areas as features, one of each for each district that has some.
pub fn areas_geojson(told: &Told<'_>, covered: &[CoveredDistrict]) -> String {
    let features = covered.iter().flat_map(|covered| {
        let district = told.districts.get(covered.district as usize);
        let shapes = [
            ("sure", &covered.sure),
            ("perhaps", &covered.perhaps),
            ("not", &covered.not),
        ];
        shapes
            .into_iter()
            .filter(|(_, shape)| !shape.0.is_empty())
            .map(move |(cover, shape)| {
                json!({
                    "type": "Feature",
                    "geometry": {"type": "MultiPolygon", "coordinates": coordinates(shape)},
                    "properties": {
                        "district": district.map(|district| &*district.name),
                        "adcode": district.and_then(|district| district.adcode.as_deref()),
                        "cover": cover,
                        "area_m2": (crate::domain::ellipsoid_area::area_m2(shape) * 10.0).round() / 10.0,
                    },
                })
            })
    });
    let collection = json!({
        "type": "FeatureCollection",
        "coverage": told.preamble(),
        "features": features.collect::<Vec<Json>>(),
    });
    collection.to_string()
}

fn coordinates(shape: &MultiPolygon<f64>) -> Vec<Vec<Vec<[f64; 2]>>> {
    let six = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let ring = |ring: &LineString<f64>| {
        let corners = ring.coords().map(|corner| [six(corner.x), six(corner.y)]);
        corners.collect::<Vec<_>>()
    };
    let polygon = |polygon: &Polygon<f64>| {
        let holes = polygon.interiors().iter().map(ring);
        std::iter::once(ring(polygon.exterior())).chain(holes).collect()
    };
    shape.iter().map(polygon).collect()
}

fn outline(gap: &GapRow) -> MultiPolygon<f64> {
    let ring = |ring: &Vec<[f64; 2]>| LineString::from(ring.clone());
    let polygon = |rings: &Vec<Vec<[f64; 2]>>| {
        let mut rings = rings.iter().map(ring);
        let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        Polygon::new(exterior, rings.collect())
    };
    MultiPolygon::new(gap.outline.iter().map(polygon).collect())
}

fn weight_columns(name: &str) -> [String; 6] {
    ["total", "sure", "perhaps", "not", "sure_share", "perhaps_share"].map(|part| format!("{name}_{part}"))
}

fn weight_cells(weight: &WeightShares) -> [String; 6] {
    let sum = |value: f64| ((value * 1e3).round() / 1e3).to_string();
    [
        sum(weight.total),
        sum(weight.sure),
        sum(weight.perhaps),
        sum(weight.not),
        share(weight.sure_share),
        share(weight.perhaps_share),
    ]
}

fn share(share: Option<f64>) -> String {
    share
        .map(|share| ((share * 1e6).round() / 1e6).to_string())
        .unwrap_or_default()
}

/// Numbers as cells; empty ones where there are none.
fn numbers<const N: usize>(values: Option<[f64; N]>, decimals: i32) -> Vec<String> {
    let scale = 10.0_f64.powi(decimals);
    match values {
        Some(values) => values
            .iter()
            .map(|value| ((value * scale).round() / scale).to_string())
            .collect(),
        None => vec![String::new(); N],
    }
}

fn table(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, so the results say nothing.
    drop(writer.write_record(header));
    for row in rows {
        drop(writer.write_record(&row));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
