//! The body of a question to the planner: demand, districts, and changes to try out; every part may be left out.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Payload};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::body;
use super::error::ApiError;
use super::state::Published;
use crate::domain::coordinate::LonLat;
use crate::domain::demand::DemandRecords;
use crate::domain::facility::{Facility, FacilityState};
use crate::domain::station::{Station, StationId, Status};
use crate::import::demand::{DemandOptions, parse_demand};
use crate::import::{self, ImportFormat, ImportOptions, Severity};
use crate::planner::base::PlanBase;
use crate::planner::demand::Demand;
use crate::planner::watch::Watch;
use crate::planner::what_if::{Change, Edit, MAX_CHANGES};

/// The largest body, bytes: about 100,000 points with two weights. Larger demand is for `yizhan coverage --demand`.
pub const MAX_PLAN_BODY_BYTES: usize = 16 * 1_048_576;

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
    #[serde(default, borrow)]
    changes: Vec<ChangeFile<'a>>,
}

/// A change as a client words it.
#[derive(Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
enum ChangeFile<'a> {
    Add {
        #[serde(borrow)]
        station: &'a RawValue,
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
    body::read_up_to(request, payload, MAX_PLAN_BODY_BYTES).await
}

/// Reads the body. Demand and districts that it does not give are those of the service.
pub fn read(bytes: &[u8], published: &Published) -> Result<PlanBody, ApiError> {
    let refused = |problem: String| ApiError::InvalidBody {
        problem: super::error::shortened(&problem),
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
        Some(text) => {
            let districts = import::parse_districts(text.get().as_bytes(), "districts");
            districts.map_err(|error| refused(error.to_string()))?.into()
        }
        None => Arc::clone(&published.snapshot.reference().districts),
    };
    let demand = match file.demand {
        Some(text) => {
            let records = demand_of(text.get().as_bytes());
            let records = records.map_err(refused)?;
            Demand::build(records, &districts, None, &watch)
        }
        None => Demand::even_grid(&districts, None, &watch),
    };
    let demand = demand.map_err(|error| refused(error.to_string()))?;
    Ok(PlanBody {
        base: Arc::new(PlanBase::new(districts, demand)),
        changes,
    })
}

fn changes(files: Vec<ChangeFile<'_>>) -> Result<Vec<Change>, ApiError> {
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

fn change(file: ChangeFile<'_>, number: usize) -> Result<Change, ApiError> {
    let refused = |problem: String| ApiError::InvalidBody {
        problem: format!("change {number}: {}", super::error::shortened(&problem)),
        expected: "changes as /docs describes them",
    };
    let station_id = |id: &str| StationId::new(id).map_err(|error| refused(error.to_string()));
    match file {
        ChangeFile::Add { station } => added(station.get(), number)
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
fn added(feature: &str, number: usize) -> Result<Station, String> {
    let mut value: serde_json::Value = serde_json::from_str(feature).map_err(|error| error.to_string())?;
    if let Some(object) = value.as_object_mut()
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
    let collection = serde_json::json!({"type": "FeatureCollection", "features": [value]}).to_string();
    let imported = import::parse(
        collection.as_bytes(),
        "station",
        Some(ImportFormat::GeoJson),
        &ImportOptions::default(),
    );
    let imported = imported.map_err(|error| error.to_string())?;
    match imported.stations.into_iter().next() {
        Some(station) => Ok(station),
        None => Err(imported.problems.first().map_or_else(
            || "`station` is no GeoJSON Feature with a Point".to_owned(),
            ToString::to_string,
        )),
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
