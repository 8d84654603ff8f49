//! The body of a question to the planner: demand, districts, and changes to try out; every part may be left out.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Payload};
use geo::CoordsIter as _;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::body;
use super::error::ApiError;
use super::state::Published;
use crate::domain::coordinate::LonLat;
use crate::domain::demand::{DemandNote, DemandRecords};
use crate::domain::district::District;
use crate::domain::facility::{Facility, FacilityState};
use crate::domain::station::{Station, StationId, Status};
use crate::import::demand::{DemandOptions, parse_demand};
use crate::import::{self, ImportFormat, ImportOptions, RowProblem, Severity};
use crate::planner::area::outline::{check_outline, overlaps};
use crate::planner::base::PlanBase;
use crate::planner::demand::Demand;
use crate::planner::watch::Watch;
use crate::planner::what_if::{Change, Edit, MAX_CHANGES};

/// The largest body, bytes: about 100,000 points with two weights. Larger demand is for `yizhan coverage --demand`.
pub const MAX_PLAN_BODY_BYTES: usize = 16 * 1_048_576;

/// The most outlines of districts in a body.
pub const MAX_BODY_DISTRICTS: usize = 500;
/// The most corners of all outlines in a body.
pub const MAX_BODY_CORNERS: usize = 100_000;
/// Outlines that share less than this are neighbours whose border was drawn twice, m².
const LEAST_OVERLAP_M2: f64 = 10_000.0;
/// Characters of a problem that are told; a client's own text in it may be long.
const TOLD_CHARACTERS: usize = 400;

/// What to do instead of sending a larger body.
const SMALLER: &str = "a smaller one, or the command `yizhan coverage --demand FILE` (`gaps`, `by-hour`), which reads demand of \
                       any size";

/// What a body must be.
const EXPECTED: &str = "a JSON object with some of `demand` (GeoJSON FeatureCollection), `districts` (GeoJSON \
                        FeatureCollection of outlines with `name`) and `changes` (a list, see /docs)";

/// A body that was read.
#[derive(Debug)]
pub struct PlanBody {
    /// The demand and districts to ask about.
    pub base: Arc<PlanBase>,
    /// What is asked "if".
    pub changes: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyFile<'a> {
    #[serde(borrow)]
    demand: Option<&'a RawValue>,
    #[serde(borrow)]
    districts: Option<&'a RawValue>,
    #[serde(default)]
    changes: Vec<ChangeFile>,
}

/// A change as a client words it.
#[derive(Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
enum ChangeFile {
    Add {
        // Not as raw text: a tagged enum is read from values that are parsed already.
        station: serde_json::Value,
    },
    Remove {
        id: String,
    },
    Edit {
        id: String,
        lon: Option<f64>,
        lat: Option<f64>,
        hours: Option<String>,
        status: Option<String>,
        #[serde(default)]
        facilities: std::collections::BTreeMap<String, String>,
    },
}

/// Receives the body.
pub async fn receive(request: &HttpRequest, payload: Payload) -> Result<Bytes, ApiError> {
    body::read_up_to(request, payload, (MAX_PLAN_BODY_BYTES, SMALLER)).await
}

/// Reads the body. Demand and districts that it does not give are those of the service.
pub fn read(bytes: &[u8], published: &Published) -> Result<PlanBody, ApiError> {
    let refused = |problem: String| ApiError::InvalidBody {
        problem: told(&problem),
        expected: EXPECTED,
    };
    let file: BodyFile<'_> = serde_json::from_slice(bytes).map_err(|error| refused(error.to_string()))?;
    let changes = changes(file.changes)?;
    if file.demand.is_none() && file.districts.is_none() {
        let base = published.plan_base()?;
        return Ok(PlanBody { base, changes });
    }
    let watch = Watch::default();
    let districts = match file.districts {
        Some(text) => districts_of(text.get().as_bytes()).map_err(refused)?.into(),
        None => Arc::clone(&published.snapshot.reference().districts),
    };
    let demand = match file.demand {
        Some(text) => {
            let records = demand_of(text.get().as_bytes()).map_err(refused)?;
            Demand::build(records, &districts, None, &watch)
        }
        None => Demand::even_grid(&districts, None, &watch),
    };
    let mut demand = demand.map_err(|error| refused(error.to_string()))?;
    if let Some(note) = file.districts.and_then(|_| overlap_note(&districts)) {
        demand.add_note(note);
    }
    Ok(PlanBody {
        base: Arc::new(PlanBase::new(districts, demand)),
        changes,
    })
}

/// A problem, cut to a length that is fit for an answer.
fn told(problem: &str) -> String {
    let mut short: String = problem.chars().take(TOLD_CHARACTERS).collect();
    if short.len() < problem.len() {
        short.push('…');
    }
    short
}

/// Outlines of districts, each of which encloses an area and does not cross itself.
fn districts_of(bytes: &[u8]) -> Result<Vec<District>, String> {
    let districts = import::parse_districts(bytes, "districts").map_err(|error| error.to_string())?;
    let corners = districts.iter().map(|district| district.outline().coords_count());
    let corners: usize = corners.sum();
    if districts.is_empty() || districts.len() > MAX_BODY_DISTRICTS || corners > MAX_BODY_CORNERS {
        return Err(format!(
            "`districts` has {} outlines with {corners} corners, and takes 1 to {MAX_BODY_DISTRICTS} with at most \
             {MAX_BODY_CORNERS}",
            districts.len()
        ));
    }
    for district in &districts {
        check_outline(district.outline()).map_err(|problem| {
            let name = super::error::shortened(&district.name);
            format!("district `{name}`: {problem}")
        })?;
    }
    Ok(districts)
}

/// Which districts overlap; a place in two of them counts in the first.
fn overlap_note(districts: &[District]) -> Option<DemandNote> {
    let outlines: Vec<_> = districts.iter().map(District::outline).collect();
    let found = overlaps(&outlines, LEAST_OVERLAP_M2);
    let first = found.first()?;
    let name = |position: usize| {
        let district = districts.get(position);
        super::error::shortened(district.map_or("", |district| &*district.name))
    };
    let (pairs, one, other) = (found.len(), name(first.first), name(first.second));
    let area_km2 = first.area_m2 / 1e6;
    Some(DemandNote {
        code: "overlapping_outlines",
        en: format!(
            "{pairs} pairs of districts overlap, such as {one} and {other} by {area_km2:.2} km²; areas count in both, places in the first"
        ),
        zh: format!(
            "{pairs} 对区域互相重叠，例如{one}与{other}重叠 {area_km2:.2} 平方公里；面积计入两者，位置计入排在最前的区域"
        ),
    })
}

fn changes(files: Vec<ChangeFile>) -> Result<Vec<Change>, ApiError> {
    if files.len() > MAX_CHANGES {
        return Err(ApiError::InvalidBody {
            problem: format!("it has {} changes", files.len()),
            expected: "at most 1000 changes",
        });
    }
    files
        .into_iter()
        .zip(1..)
        .map(|(file, number)| change(file, number))
        .collect()
}

fn change(file: ChangeFile, number: usize) -> Result<Change, ApiError> {
    let refused = |problem: String| ApiError::InvalidBody {
        problem: format!("change {number}: {}", told(&problem)),
        expected: "changes as /docs describes them",
    };
    let station_id = |id: &str| StationId::new(id).map_err(|error| refused(error.to_string()));
    match file {
        ChangeFile::Add { station } => added(station, number)
            .map(|station| Change::Add(Box::new(station)))
            .map_err(refused),
        ChangeFile::Remove { id } => Ok(Change::Remove(station_id(&id)?)),
        ChangeFile::Edit {
            id,
            lon,
            lat,
            hours,
            status,
            facilities,
        } => {
            let place = match (lon, lat) {
                (Some(lon), Some(lat)) => {
                    Some(LonLat::new(lon, lat).map_err(|error| refused(error.to_string()))?)
                }
                (None, None) => None,
                _ => return Err(refused("one of `lon` and `lat` is missing".to_owned())),
            };
            let facilities = facilities.iter().map(|(facility, state)| {
                let facility = facility
                    .parse::<Facility>()
                    .map_err(|error| refused(error.to_string()))?;
                let state = state
                    .parse::<FacilityState>()
                    .map_err(|error| refused(error.to_string()))?;
                Ok((facility, state))
            });
            let edit = Edit {
                place,
                hours: hours.map(Into::into),
                facilities: facilities.collect::<Result<_, ApiError>>()?,
                status: status
                    .map(|status| {
                        status
                            .parse::<Status>()
                            .map_err(|error| refused(error.to_string()))
                    })
                    .transpose()?,
            };
            Ok(Change::Edit(station_id(&id)?, edit))
        }
    }
}

/// A station as a GeoJSON feature, read by the rules of import. Without an id it gets one that says what it is.
fn added(mut feature: serde_json::Value, number: usize) -> Result<Station, String> {
    if let Some(object) = feature.as_object_mut()
        && !object.contains_key("id")
        && object
            .get("properties")
            .and_then(|properties| properties.get("id"))
            .is_none()
    {
        object.insert("id".to_owned(), format!("new-{number}").into());
        if let Some(properties) = object
            .get_mut("properties")
            .and_then(serde_json::Value::as_object_mut)
        {
            properties
                .entry("name")
                .or_insert_with(|| format!("new-{number}").into());
        }
    }
    let collection = serde_json::json!({"type": "FeatureCollection", "features": [feature]}).to_string();
    let imported = import::parse(
        collection.as_bytes(),
        "station",
        Some(ImportFormat::GeoJson),
        &ImportOptions::default(),
    );
    let imported = imported.map_err(|error| error.to_string())?;
    // Whatever an import would only warn of is a problem here, as it is of edits.
    let problems: Vec<String> = imported.problems.iter().map(told_of).collect();
    match imported.stations.into_iter().next() {
        Some(station) if problems.is_empty() => match (&station.hours.osm, &station.hours.text) {
            (None, Some(text)) => Err(format!(
                "the hours `{}` cannot be read",
                super::error::shortened(text)
            )),
            _ => Ok(station),
        },
        None if problems.is_empty() => Err("`station` is no GeoJSON Feature with a Point".to_owned()),
        Some(_) | None => Err(problems.join("; ")),
    }
}

/// A problem of the station of a change, with the field that it is about.
fn told_of(problem: &RowProblem) -> String {
    match &problem.field {
        Some(field) => format!("station: {field}: {}", problem.message),
        None => format!("station: {}", problem.message),
    }
}

/// Demand in GeoJSON. One wrong row refuses the body: what a client sends, it can mend.
fn demand_of(bytes: &[u8]) -> Result<DemandRecords, String> {
    let read = parse_demand(bytes, "demand.geojson", &DemandOptions::default());
    let read = read.map_err(|error| error.to_string())?;
    match read
        .problems
        .into_iter()
        .find(|problem| problem.severity == Severity::Error)
    {
        Some(problem) => Err(problem.to_string()),
        None => Ok(read.records),
    }
}
