//! A plan: stations added, removed, moved, or given other hours, facilities or status. Nothing is stored.
//!
//! The planned register is built like any other, so that what holds for a snapshot holds for a plan, and the answer after
//! the changes is the answer that the edited register would give.

use thiserror::Error;

use crate::domain::coordinate::LonLat;
use crate::domain::datum::Datum;
use crate::domain::facility::{Facility, FacilityState};
use crate::domain::station::{Location, StatedHours, Station, StationId, Status};
use crate::locator::Snapshot;

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

/// The register as it would be after the changes, one after the other. O(n).
pub fn apply(snapshot: &Snapshot, changes: &[Change]) -> Result<Snapshot, ChangeProblem> {
    if changes.len() > MAX_CHANGES {
        return Err(ChangeProblem::TooMany(changes.len()));
    }
    let mut stations = snapshot.stations().to_vec();
    let calendar = &snapshot.reference().calendar;
    for (change, number) in changes.iter().zip(1..) {
        let position = |stations: &[Station], id: &StationId| {
            stations.binary_search_by(|station| station.id.as_str().cmp(id.as_str()))
        };
        let not_there = |id: &StationId| ChangeProblem::NotThere {
            number,
            id: id.as_str().to_owned(),
        };
        let readable = |id: &StationId, hours: Option<&str>| match hours {
            Some(hours) => crate::domain::opening_hours::CompiledHours::parse(hours, calendar)
                .map(|_| ())
                .map_err(|problem| ChangeProblem::Hours {
                    number,
                    id: id.as_str().to_owned(),
                    hours: hours.to_owned(),
                    problem: problem.to_string(),
                }),
            None => Ok(()),
        };
        match change {
            Change::Add(station) => {
                readable(&station.id, station.hours.osm.as_deref())?;
                match position(&stations, &station.id) {
                    Ok(_) => {
                        return Err(ChangeProblem::AlreadyThere {
                            number,
                            id: station.id.as_str().to_owned(),
                        });
                    }
                    Err(place) => stations.insert(place, (**station).clone()),
                }
            }
            Change::Remove(id) => {
                let found = position(&stations, id).map_err(|_place| not_there(id))?;
                stations.remove(found);
            }
            Change::Edit(id, edit) => {
                let found = position(&stations, id).map_err(|_place| not_there(id))?;
                readable(id, edit.hours.as_deref())?;
                edit.apply(&mut stations[found]);
            }
        }
    }
    let reference = snapshot.reference().clone();
    Ok(Snapshot::build(stations, reference, snapshot.revision()))
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
