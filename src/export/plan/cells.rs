//! Coverage place by place: GeoJSON, CSV and the table for `FlatGeobuf`, from one list of columns.

use geo::MultiPolygon;

use super::preamble::Told;
use crate::domain::demand::DemandKind;
use crate::export::flatgeobuf::{Column, ColumnKind, FlatError, FlatTable, Shape, ShapeKind, Value};
use crate::export::json::{push_fixed, push_integer, push_text, push_value};
use crate::planner::coverage::Coverage;
use crate::planner::outline::cell_outline;
use crate::planner::reach::NearestStation;

/// One value of a row.
enum Cell<'a> {
    Text(Option<&'a str>),
    Metres(Option<f64>),
    Weight(f64),
}

/// Names of the columns that come before the weights.
const COLUMNS: [&str; 8] = [
    "id",
    "district",
    "adcode",
    "cover",
    "nearest_station",
    "distance_m",
    "nearest_perhaps_station",
    "distance_perhaps_m",
];

/// One feature for each place that is asked about.
pub fn geojson(told: &Told<'_>, answer: &Coverage) -> String {
    let mut out = String::from("{\"type\":\"FeatureCollection\",\"coverage\":");
    push_value(&mut out, &told.preamble());
    out.push_str(",\"features\":[");
    let names = names(told);
    for (number, place) in asked(told).enumerate() {
        out.push_str(if number > 0 {
            ",\n{\"type\":\"Feature\",\"id\":"
        } else {
            "\n{\"type\":\"Feature\",\"id\":"
        });
        push_integer(&mut out, told.demand.row(place).unwrap_or(place));
        out.push_str(",\"geometry\":");
        push_geometry(&mut out, told, place);
        out.push_str(",\"properties\":{");
        for (column, (name, cell)) in names.iter().zip(cells(told, answer, place)).enumerate() {
            if column > 0 {
                out.push(',');
            }
            push_text(&mut out, name);
            out.push(':');
            match cell {
                Cell::Text(Some(text)) => push_text(&mut out, text),
                Cell::Metres(Some(metres)) => push_fixed(&mut out, metres, 1),
                Cell::Weight(weight) => push_value(&mut out, &weight),
                Cell::Text(None) | Cell::Metres(None) => out.push_str("null"),
            }
        }
        out.push_str("}}");
    }
    out.push_str("\n]}\n");
    out
}

/// One row for each place that is asked about, with its longitude and latitude.
pub fn csv(told: &Told<'_>, answer: &Coverage) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut header = vec!["lon".to_owned(), "lat".to_owned()];
    header.extend(names(told));
    // Writing to memory cannot fail, so the results say nothing.
    drop(writer.write_record(&header));
    for place in asked(told) {
        let at = told.demand.places().places()[place];
        let mut row = vec![fixed(at.lon_deg(), 6), fixed(at.lat_deg(), 6)];
        row.extend(cells(told, answer, place).into_iter().map(|cell| match cell {
            Cell::Text(text) => text.unwrap_or_default().to_owned(),
            Cell::Metres(metres) => metres.map(|metres| fixed(metres, 1)).unwrap_or_default(),
            Cell::Weight(weight) => weight.to_string(),
        }));
        drop(writer.write_record(&row));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The same as a `FlatGeobuf` file: outlines of cells, or points.
pub fn flatgeobuf(told: &Told<'_>, answer: &Coverage) -> Result<Vec<u8>, FlatError> {
    let kinds = COLUMNS.iter().map(|name| match *name {
        "distance_m" | "distance_perhaps_m" => ColumnKind::Number,
        _ => ColumnKind::Text,
    });
    let kinds = kinds.chain(std::iter::repeat(ColumnKind::Number));
    let columns = names(told).into_iter().zip(kinds).map(|(name, kind)| Column {
        name: name.into(),
        kind,
    });
    let kind = if is_of_cells(told) {
        ShapeKind::MultiPolygons
    } else {
        ShapeKind::Points
    };
    let mut table = FlatTable::new("coverage", kind, columns.collect())?;
    for place in asked(told) {
        let row = cells(told, answer, place);
        let values: Vec<Value<'_>> = row
            .iter()
            .map(|cell| match cell {
                Cell::Text(Some(text)) => Value::Text(text),
                Cell::Metres(Some(metres)) => Value::Number((metres * 10.0).round() / 10.0),
                Cell::Weight(weight) => Value::Number(*weight),
                Cell::Text(None) | Cell::Metres(None) => Value::Missing,
            })
            .collect();
        match outline(told, place) {
            Some(outline) => table.push(Shape::MultiPolygon(&outline), &values)?,
            None => table.push(Shape::Point(told.demand.places().places()[place]), &values)?,
        }
    }
    let mut bytes = Vec::new();
    table.write(&mut bytes)?;
    Ok(bytes)
}

fn names(told: &Told<'_>) -> Vec<String> {
    let fixed = COLUMNS.iter().map(|name| (*name).to_owned());
    fixed.chain(told.weight_names()).collect()
}

fn cells<'a>(told: &Told<'a>, answer: &Coverage, place: usize) -> Vec<Cell<'a>> {
    let area = told.demand.area(place);
    let id = |hit: &Option<NearestStation>| {
        let station = told.stations.stations().get(hit.as_ref()?.station as usize)?;
        let station = told.snapshot.stations().get(station.ordinal as usize)?;
        Some(station.id.as_str())
    };
    let metres = |hit: &Option<NearestStation>| hit.as_ref().map(|hit| hit.distance.get());
    let (sure, any) = (&answer.places.nearest_sure[place], &answer.places.nearest[place]);
    let mut cells = vec![
        Cell::Text(told.demand.id(place)),
        Cell::Text(area.and_then(|area| area.name.as_deref())),
        Cell::Text(area.and_then(|area| area.adcode.as_deref())),
        Cell::Text(Some(answer.places.covers[place].word())),
        Cell::Text(id(sure)),
        Cell::Metres(metres(sure)),
        Cell::Text(id(any)),
        Cell::Metres(metres(any)),
    ];
    let weights = told.demand.weights().iter();
    cells.extend(weights.map(|column| Cell::Weight(column.values[place])));
    cells
}

/// The places that are asked about, in the order in which the demand names them.
fn asked<'a>(told: &Told<'a>) -> impl Iterator<Item = usize> + use<'a> {
    let districts = told.question.districts.as_deref();
    let demand = told.demand;
    let is_asked =
        move |place: &usize| districts.is_none_or(|districts| districts.contains(&demand.area_of()[*place]));
    let mut places: Vec<usize> = (0..demand.places().places().len()).filter(is_asked).collect();
    places.sort_by_key(|place| demand.places().order()[*place]);
    places.into_iter()
}

/// Whether places are cells and not points.
const fn is_of_cells(told: &Told<'_>) -> bool {
    match told.demand.kind() {
        DemandKind::EvenGrid | DemandKind::H3Cells | DemandKind::Polygons => true,
        DemandKind::Points | DemandKind::Raster => false,
    }
}

/// The outline of a place that is a cell.
fn outline(told: &Told<'_>, place: usize) -> Option<MultiPolygon<f64>> {
    let cell = is_of_cells(told)
        .then(|| told.demand.cells().get(place))
        .flatten();
    cell_outline(*cell?)
}

fn push_geometry(out: &mut String, told: &Told<'_>, place: usize) {
    let point = |out: &mut String, x: f64, y: f64| {
        out.push('[');
        push_fixed(out, x, 6);
        out.push(',');
        push_fixed(out, y, 6);
        out.push(']');
    };
    let Some(outline) = outline(told, place) else {
        let at = told.demand.places().places()[place];
        out.push_str("{\"type\":\"Point\",\"coordinates\":");
        point(out, at.lon_deg(), at.lat_deg());
        out.push('}');
        return;
    };
    out.push_str("{\"type\":\"MultiPolygon\",\"coordinates\":[");
    for (number, polygon) in outline.iter().enumerate() {
        out.push_str(if number > 0 { ",[[" } else { "[[" });
        for (number, corner) in polygon.exterior().coords().enumerate() {
            if number > 0 {
                out.push(',');
            }
            point(out, corner.x, corner.y);
        }
        out.push_str("]]");
    }
    out.push_str("]}");
}

fn fixed(value: f64, decimals: u32) -> String {
    let mut out = String::new();
    push_fixed(&mut out, value, decimals);
    out
}
