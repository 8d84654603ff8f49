//! A plan: stations added, removed, moved, or given other hours, facilities or status. Nothing is stored.
//!
//! The planned register is built like any other, so that what holds for a snapshot holds for a plan, and the answer after
//! the changes is the answer that the edited register would give.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::domain::coordinate::LonLat;
use crate::domain::datum::Datum;
use crate::domain::facility::{Facility, FacilityState};
use crate::domain::opening_hours::CompiledHours;
use crate::domain::station::{Location, StatedHours, Station, StationId, Status};
use crate::locator::{Snapshot, StationChange};

/// Most changes in one plan.
pub const MAX_CHANGES: usize = 1_000;

/// One change of the register.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new station. Its id must be new.
    Add(Box<Station>),
    /// A station that is no longer there.
    Remove(StationId),
    /// Another station record in the place of the one with this id.
    Edit(StationId, Edit),
}

/// What changes about a station; what is `None` or empty stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edit {
    /// Where it is moved to, WGS-84.
    pub place: Option<LonLat>,
    /// Its opening hours, OSM syntax.
    pub hours: Option<Box<str>>,
    /// Facilities that change.
    pub facilities: Vec<(Facility, FacilityState)>,
    /// Where it stands in its life.
    pub status: Option<Status>,
}

/// A change that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChangeProblem {
    /// There are too many.
    #[error("the plan has {0} changes; expected at most {MAX_CHANGES}")]
    TooMany(usize),
    /// A station that is not there.
    #[error(
        "change {number} is about station `{id}`, which is not in the register; expected the id of a station"
    )]
    NotThere {
        /// Position of the change, from 1.
        number: usize,
        /// The id.
        id: String,
    },
    /// A station that is there already.
    #[error(
        "change {number} adds station `{id}`, which is in the register already; expected another id, or an edit"
    )]
    AlreadyThere {
        /// Position of the change, from 1.
        number: usize,
        /// The id.
        id: String,
    },
    /// Opening hours that cannot be read, which would make the plan's answer unknown without a word.
    #[error(
        "change {number} gives station `{id}` the hours `{hours}`, which cannot be read: {problem}; expected OSM opening_hours syntax such as `Mo-Fr 08:00-20:00; PH off`"
    )]
    Hours {
        /// Position of the change, from 1.
        number: usize,
        /// The id.
        id: String,
        /// The hours as given.
        hours: String,
        /// What is wrong with them.
        problem: String,
    },
}

/// The register as it would be after the changes, one after the other. As costly as [`Snapshot::with_changes`].
pub fn apply(snapshot: &Snapshot, changes: &[Change]) -> Result<Snapshot, ChangeProblem> {
    if changes.len() > MAX_CHANGES {
        return Err(ChangeProblem::TooMany(changes.len()));
    }
    // The stations that are named, as they are so far; `None` for one that is gone.
    let mut planned: BTreeMap<&StationId, Option<Station>> = BTreeMap::new();
    for (change, number) in changes.iter().zip(1..) {
        let id = change.id();
        let now = planned.remove(id).unwrap_or_else(|| {
            let ordinal = snapshot.find(id.as_str())?;
            Some(Station::clone(&snapshot.stations()[ordinal as usize]))
        });
        if now.is_some() || matches!(change, Change::Add(_)) {
            readable_hours(change, number, snapshot)?;
        }
        let id_text = || id.as_str().to_owned();
        let after = match (change, now) {
            (Change::Add(station), None) => Some(Station::clone(station)),
            (Change::Add(_), Some(_)) => {
                return Err(ChangeProblem::AlreadyThere {
                    number,
                    id: id_text(),
                });
            }
            (Change::Remove(_), Some(_)) => None,
            (Change::Edit(_, edit), Some(mut station)) => {
                edit.apply(&mut station);
                Some(station)
            }
            (Change::Remove(_) | Change::Edit(..), None) => {
                return Err(ChangeProblem::NotThere {
                    number,
                    id: id_text(),
                });
            }
        };
        planned.insert(id, after);
    }
    let changes = planned.into_iter().map(|(id, station)| match station {
        Some(station) => StationChange::Put(station),
        None => StationChange::Remove(id.clone()),
    });
    Ok(snapshot.with_changes(changes.collect(), snapshot.revision()))
}

/// Whether the hours that a change gives can be read.
fn readable_hours(change: &Change, number: usize, snapshot: &Snapshot) -> Result<(), ChangeProblem> {
    let hours = match change {
        Change::Add(station) => station.hours.osm.as_deref(),
        Change::Edit(_, edit) => edit.hours.as_deref(),
        Change::Remove(_) => None,
    };
    let Some(hours) = hours else { return Ok(()) };
    match CompiledHours::parse(hours, &snapshot.reference().calendar) {
        Ok(_) => Ok(()),
        Err(problem) => Err(ChangeProblem::Hours {
            number,
            id: change.id().as_str().to_owned(),
            hours: hours.to_owned(),
            problem: problem.to_string(),
        }),
    }
}

impl Change {
    /// The station that is changed.
    fn id(&self) -> &StationId {
        match self {
            Self::Add(station) => &station.id,
            Self::Remove(id) | Self::Edit(id, _) => id,
        }
    }
}

impl Edit {
    fn apply(&self, station: &mut Station) {
        if let Some(place) = self.place {
            station.location = Location::new(place, Datum::Wgs84);
        }
        if let Some(hours) = &self.hours {
            station.hours = StatedHours {
                osm: Some(hours.clone()),
                text: None,
            };
        }
        for &(facility, state) in &self.facilities {
            station.facilities.set(facility, state);
        }
        if let Some(status) = self.status {
            station.status = status;
        }
    }
}
