//! The forms in which the planner answers: by `f`, else by what `Accept` likes best.

use actix_web::http::header::{ACCEPT, HeaderMap};

use super::error::{ApiError, shortened};
use super::params::Params;
use super::plan::PlanKind;
use super::respond::{self, GEO_JSON, JSON};

/// Media type of a stream of events.
pub const EVENT_STREAM: &str = "text/event-stream";

/// Media type of `FlatGeobuf`; there is no registered one.
pub const FLATGEOBUF: &str = "application/vnd.flatgeobuf";

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The document.
    Json,
    /// Shapes: covered areas or gaps.
    Shapes,
    /// One feature for each place.
    Cells,
    /// A table; of coverage the districts, or one of the others by `table`.
    Csv(Table),
    /// One row for each place or gap, `FlatGeobuf`.
    FlatGeobuf,
    /// Tables for a person.
    Text,
}

/// The tables of a coverage answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// One row for each district.
    Districts,
    /// One row for each facility.
    Facilities,
    /// One row for each place.
    Cells,
    /// The only table of its answer.
    Whole,
}

/// Reads the form of an answer.
pub fn form(kind: PlanKind, params: &Params<'_>, headers: &HeaderMap) -> Result<Form, ApiError> {
    let shapes = match params.text("shape") {
        None | Some("area") => Form::Shapes,
        Some("cells") => Form::Cells,
        Some(text) => return Err(ApiError::invalid("shape", text, "area or cells")),
    };
    let table = match params.text("table") {
        None if kind == PlanKind::Coverage => Table::Districts,
        None => Table::Whole,
        Some("districts") => Table::Districts,
        Some("facilities") => Table::Facilities,
        Some("cells") => Table::Cells,
        Some(text) => return Err(ApiError::invalid("table", text, "districts, facilities or cells")),
    };
    let has_shapes = matches!(kind, PlanKind::Coverage | PlanKind::Gaps);
    if kind == PlanKind::Report {
        return Ok(Form::Json);
    }
    match params.text("f") {
        Some("json") => Ok(Form::Json),
        Some("csv") => Ok(Form::Csv(table)),
        Some("txt") => Ok(Form::Text),
        Some("geojson") if has_shapes => Ok(shapes),
        Some("fgb") if has_shapes => Ok(Form::FlatGeobuf),
        Some(text) => {
            let expected = if has_shapes {
                "json, geojson, csv, fgb or txt"
            } else {
                "json, csv or txt"
            };
            Err(ApiError::invalid("f", text, expected))
        }
        None => accepted(headers, has_shapes.then_some(shapes), table),
    }
}

/// The form that `Accept` likes best; the document when it says nothing.
fn accepted(headers: &HeaderMap, shapes: Option<Form>, table: Table) -> Result<Form, ApiError> {
    let Some(accept) = headers.get(ACCEPT).and_then(|value| value.to_str().ok()) else {
        return Ok(Form::Json);
    };
    let mut best: Option<(f32, Form)> = None;
    for (media_type, weight) in respond::weighted(accept) {
        let form = match (media_type.as_str(), shapes) {
            // A stream of progress ends with the document.
            (JSON | "application/*" | "*/*" | "text/html" | EVENT_STREAM, _) => Form::Json,
            (GEO_JSON, Some(shapes)) => shapes,
            (FLATGEOBUF, Some(_)) => Form::FlatGeobuf,
            ("text/csv" | "text/*", _) => Form::Csv(table),
            ("text/plain", _) => Form::Text,
            _ => continue,
        };
        if weight > 0.0 && best.is_none_or(|(liked, _)| weight > liked) {
            best = Some((weight, form));
        }
    }
    best.map(|(_, form)| form).ok_or_else(|| ApiError::NotAcceptable {
        given: shortened(accept),
        offered: "application/json, application/geo+json, text/csv, text/plain, application/vnd.flatgeobuf, text/event-stream",
    })
}
