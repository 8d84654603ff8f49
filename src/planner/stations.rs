//! The stations of a snapshot as the planner sees them: what surely matches, what perhaps does, and what nearly does.

use super::reach::StationPoints;
use crate::domain::coordinate::LonLat;
use crate::domain::facility::{FacilitySet, FacilityState};
use crate::domain::filter::{StationFilter, UnknownPolicy, WordSet};
use crate::domain::opening_hours::{HoursWindow, LocalMinute, OpenState};
use crate::domain::station::{Station, Status};
use crate::locator::{Conditions, OpenAsk, Snapshot};

/// How sure it is that a station matches the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The record says so.
    Sure,
    /// Nothing speaks against it, but a facility or the open state is not known.
    Perhaps,
}

/// A station that matches, surely or perhaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanStation {
    /// Its ordinal in the snapshot.
    pub ordinal: u32,
    /// Where it is.
    pub place: LonLat,
    /// Facilities that it has.
    pub yes: FacilitySet,
    /// Facilities of which nothing is known.
    pub unknown: FacilitySet,
    /// How sure the match is, at the time asked about.
    pub certainty: Certainty,
}

/// What keeps a station from matching, when lifting it is within somebody's power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obstacle {
    /// It has the facilities and is closed at the time asked about.
    pub closed_then: bool,
    /// Facilities that are asked for and that it does not have, or has out of order.
    pub lacks: FacilitySet,
    /// It is planned or suspended, not in service.
    pub status: Option<Status>,
    /// It matches perhaps already, and somebody has to find out.
    pub not_known: bool,
}

/// A station that does not match and would, if its obstacle were lifted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearMiss {
    /// Its ordinal in the snapshot.
    pub ordinal: u32,
    /// Where it is.
    pub place: LonLat,
    /// What stands in the way.
    pub obstacle: Obstacle,
    /// How sure the match would be without it.
    pub certainty: Certainty,
}

/// The stations that count for a question, in the order of their ids, with their points.
#[derive(Debug, Default)]
pub struct PlanStations {
    stations: Vec<PlanStation>,
    points: StationPoints,
}

impl PlanStations {
    /// The stations of a snapshot that match surely or perhaps. Districts in the conditions are not looked at: they name
    /// the area that is asked about, and a station across the border serves it as well. O(n).
    pub fn select(snapshot: &Snapshot, conditions: &Conditions) -> Self {
        let moment = asked_minute(conditions);
        let window = moment.map(|minute| snapshot.hours().window(minute));
        let matching = snapshot
            .stations()
            .iter()
            .zip(0_u32..)
            .filter_map(|(station, ordinal)| {
                let open = moment.zip(window.as_deref());
                let open = open.map_or(OpenState::Open, |(minute, window)| {
                    open_state(snapshot, window, ordinal, minute)
                });
                let certainty = certainty(&conditions.filter, station, open)?;
                Some(PlanStation {
                    ordinal,
                    place: station.location.place(),
                    yes: station.facilities.yes(),
                    unknown: station.facilities.unknown(),
                    certainty,
                })
            });
        Self::of(matching.collect())
    }

    /// Stations that are known already.
    pub fn of(stations: Vec<PlanStation>) -> Self {
        let places: Vec<LonLat> = stations.iter().map(|station| station.place).collect();
        Self {
            points: StationPoints::build(&places),
            stations,
        }
    }

    /// The stations; a kernel's station position is a position here.
    pub fn stations(&self) -> &[PlanStation] {
        &self.stations
    }

    /// Their points.
    pub const fn points(&self) -> &StationPoints {
        &self.points
    }

    /// Only those that match surely. The second value gives for each its position among all.
    pub fn sure(&self) -> (Self, Vec<u32>) {
        let sure = self.stations.iter().zip(0_u32..);
        let (stations, positions) = sure
            .filter(|(station, _)| station.certainty == Certainty::Sure)
            .map(|(station, position)| (*station, position))
            .unzip();
        (Self::of(stations), positions)
    }

    /// How many match surely, and how many perhaps.
    pub fn counts(&self) -> (usize, usize) {
        let sure = self
            .stations
            .iter()
            .filter(|station| station.certainty == Certainty::Sure);
        let sure = sure.count();
        (sure, self.stations.len() - sure)
    }
}

/// The stations that do not count from `from` on, but would without one obstacle that staff can lift.
///
/// Obstacles are hours, facilities, being suspended or still planned, something not known; whose place it is, is none. O(n).
pub fn near_misses(snapshot: &Snapshot, conditions: &Conditions, from: Certainty) -> Vec<NearMiss> {
    let moment = asked_minute(conditions);
    let window = moment.map(|minute| snapshot.hours().window(minute));
    let filter = &conditions.filter;
    let misses = snapshot
        .stations()
        .iter()
        .zip(0_u32..)
        .filter_map(|(station, ordinal)| {
            let open = moment.zip(window.as_deref());
            let open = open.map_or(OpenState::Open, |(minute, window)| {
                open_state(snapshot, window, ordinal, minute)
            });
            let is_foreign = WordSet::host_bit(station.host) & filter.hosts.bits() == 0;
            let now = certainty(filter, station, open);
            if is_foreign || station.status == Status::Closed || now.is_some_and(|now| now <= from) {
                return None;
            }
            let (obstacle, certainty) = obstacle(filter, station, (open, now))?;
            (certainty <= from).then_some(NearMiss {
                ordinal,
                place: station.location.place(),
                obstacle,
                certainty,
            })
        });
    misses.collect()
}

/// The one thing that keeps a station from counting, and how sure the match is without it; `None` when it takes more.
fn obstacle(
    filter: &StationFilter,
    station: &Station,
    (open, now): (OpenState, Option<Certainty>),
) -> Option<(Obstacle, Certainty)> {
    let none = Obstacle {
        closed_then: false,
        lacks: FacilitySet::EMPTY,
        status: None,
        not_known: false,
    };
    if now.is_some() {
        let asked = Obstacle {
            not_known: true,
            ..none
        };
        return Some((asked, Certainty::Sure));
    }
    if let Some(certainty) = certainty(filter, station, OpenState::Open) {
        let closed = Obstacle {
            closed_then: true,
            ..none
        };
        return Some((closed, certainty));
    }
    let any_status = StationFilter {
        statuses: WordSet::ALL,
        ..*filter
    };
    if let Some(certainty) = certainty(&any_status, station, open) {
        let status = Obstacle {
            status: Some(station.status),
            ..none
        };
        return Some((status, certainty));
    }
    let lacks = lacking(filter, station);
    let mut equipped = station.clone();
    for facility in lacks.iter() {
        equipped.facilities.set(facility, FacilityState::Yes);
    }
    let certainty = certainty(filter, &equipped, open)?;
    Some((Obstacle { lacks, ..none }, certainty))
}

/// The open state of a station by its hours alone. Its status is the filter's matter, so that a planned station counts
/// with the hours that it is planned with when planned stations are asked for.
pub(super) fn open_state(
    snapshot: &Snapshot,
    window: &HoursWindow,
    ordinal: u32,
    minute: LocalMinute,
) -> OpenState {
    window.state(snapshot.hours_id(ordinal), minute)
}

/// Whether a station matches, given its open state at the time asked about; `None` when it surely does not.
pub(super) fn certainty(filter: &StationFilter, station: &Station, open: OpenState) -> Option<Certainty> {
    let passes = |unknown| {
        let filter = StationFilter { unknown, ..*filter };
        filter.matches(&station.facilities, station.host, station.status)
    };
    match open {
        OpenState::Open if passes(UnknownPolicy::Refuse) => Some(Certainty::Sure),
        OpenState::Open | OpenState::Unknown if passes(UnknownPolicy::Allow) => Some(Certainty::Perhaps),
        OpenState::Open | OpenState::Unknown | OpenState::Closed => None,
    }
}

/// The facilities whose lack keeps a station from matching: those of all-of, or of any-of when it has none of them.
fn lacking(filter: &StationFilter, station: &Station) -> FacilitySet {
    let usable = station.facilities.yes().bits() | station.facilities.unknown().bits();
    let mut lacks = filter.facilities.bits() & !usable;
    if usable & filter.facilities_any.bits() == 0 {
        lacks |= filter.facilities_any.bits();
    }
    FacilitySet::from_bits(lacks)
}

fn asked_minute(conditions: &Conditions) -> Option<LocalMinute> {
    match conditions.open {
        OpenAsk::At { moment, .. } => Some(moment.minute),
        OpenAsk::Any | OpenAsk::OnArrival { .. } => None,
    }
}
