//! The answers by definition: every station is looked at with plain logic that shares nothing with the index.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use yizhan::domain::facility::FacilityState;
use yizhan::domain::filter::{StationFilter, UnknownPolicy, WordSet};
use yizhan::domain::opening_hours::{CompiledHours, LocalMinute, OpenState};
use yizhan::domain::station::{Station, Status};
use yizhan::domain::units::Meters;
use yizhan::locator::{Conditions, DistrictSet, OpenAsk, Snapshot};

use crate::world::{Ask, CALENDAR, DISTRICTS, ELSEWHERE, Open, outlines};

/// The longest stay that is simulated minute by minute; longer ones are asked of the hours at once.
const SIMULATED_MIN: u16 = 90;

/// A distance in whole micrometres, the resolution at which distances count as equal.
pub fn micrometres(distance: Meters) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 2.1e13, not negative"
    )]
    let whole = (distance.get() * 1e6).round() as u64;
    whole
}

/// A number of seconds, rounded up.
pub fn whole_seconds(seconds: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "finite and not negative"
    )]
    let whole = seconds.ceil() as u64;
    whole
}

/// The same conditions as the code under test takes them. `None` when a district is asked for that nobody knows.
pub fn conditions(snapshot: &Snapshot, ask: &Ask) -> Option<Conditions> {
    let districts = match &ask.districts {
        None => None,
        Some(keys) => Some(find(snapshot, keys)?),
    };
    let moment = |instant| snapshot.moment(instant);
    Some(Conditions {
        filter: StationFilter {
            facilities: ask.all_of.iter().copied().collect(),
            facilities_any: ask.any_of.iter().copied().collect(),
            unknown: if ask.allows_unknown {
                UnknownPolicy::Allow
            } else {
                UnknownPolicy::Refuse
            },
            hosts: ask.hosts.as_deref().map_or(WordSet::ALL, WordSet::of_hosts),
            statuses: ask.statuses.as_deref().map_or(WordSet::ALL, WordSet::of_statuses),
        },
        districts,
        open: match ask.open {
            Open::Any => OpenAsk::Any,
            Open::At(at, stay_min) => OpenAsk::At {
                moment: moment(at),
                stay_min,
            },
            Open::OnArrival(stay_min) => OpenAsk::OnArrival { stay_min },
        },
    })
}

/// The districts, or `None` when one is asked for that no outline and no station has; only then may it be unknown.
fn find(snapshot: &Snapshot, keys: &[&str]) -> Option<DistrictSet> {
    let found = snapshot.district_table().find(keys);
    let is_elsewhere_stated = snapshot
        .stations()
        .iter()
        .any(|station| station.district.as_deref() == Some(ELSEWHERE));
    assert_eq!(
        found.is_err(),
        keys.contains(&ELSEWHERE) && !is_elsewhere_stated,
        "{keys:?}"
    );
    found.ok()
}

/// Remembers what hours say, because a register has few different ones.
#[derive(Default)]
pub struct Oracle {
    compiled: HashMap<String, Option<CompiledHours>>,
    known: HashMap<(String, LocalMinute, u16), OpenState>,
}

impl Oracle {
    /// Whether a station meets everything that is asked; `arrival` is when the person would be there.
    pub fn meets(&mut self, station: &Station, ask: &Ask, arrival: DateTime<Utc>) -> bool {
        let has = |facility: &_| match station.facilities.state(*facility) {
            FacilityState::Yes => true,
            FacilityState::Unknown => ask.allows_unknown,
            FacilityState::No | FacilityState::OutOfOrder => false,
        };
        let host = |hosts: &Vec<_>| station.host.is_some_and(|host| hosts.contains(&host));
        ask.all_of.iter().all(has)
            && (ask.any_of.is_empty() || ask.any_of.iter().any(has))
            && ask.hosts.as_ref().is_none_or(host)
            && ask
                .statuses
                .as_ref()
                .is_none_or(|statuses| statuses.contains(&station.status))
            && ask
                .districts
                .as_ref()
                .is_none_or(|keys| keys.iter().any(|key| is_in_district(station, key)))
            && match ask.open {
                Open::Any => true,
                Open::At(at, stay_min) => self.is_open(station, (at, stay_min), ask),
                Open::OnArrival(stay_min) => self.is_open(station, (arrival, stay_min), ask),
            }
    }

    fn is_open(&mut self, station: &Station, (at, stay_min): (DateTime<Utc>, u16), ask: &Ask) -> bool {
        if station.status != Status::Open {
            return false;
        }
        match self.state(station, at, stay_min) {
            OpenState::Open => true,
            OpenState::Closed => false,
            OpenState::Unknown => ask.allows_unknown,
        }
    }

    fn state(&mut self, station: &Station, at: DateTime<Utc>, stay_min: u16) -> OpenState {
        let Some(text) = station.hours.osm.as_deref() else {
            return OpenState::Unknown;
        };
        // China Standard Time has been eight hours ahead without summer time since 1991.
        let minute = LocalMinute::from_local((at + TimeDelta::hours(8)).naive_utc());
        let compiled = self
            .compiled
            .entry(text.to_owned())
            .or_insert_with(|| CompiledHours::parse(text, &CALENDAR).ok());
        let Some(hours) = compiled else {
            return OpenState::Unknown;
        };
        *self
            .known
            .entry((text.to_owned(), minute, stay_min))
            .or_insert_with(|| state_for(hours, minute, stay_min))
    }
}

fn state_for(hours: &CompiledHours, from: LocalMinute, stay_min: u16) -> OpenState {
    if stay_min > SIMULATED_MIN {
        return hours.state_during(from, from.plus_minutes(stay_min.into()));
    }
    let minutes = 0..i32::from(stay_min.max(1));
    let states: Vec<OpenState> = minutes
        .map(|later| hours.state(from.plus_minutes(later)))
        .collect();
    if states.contains(&OpenState::Closed) {
        OpenState::Closed
    } else if states.contains(&OpenState::Unknown) {
        OpenState::Unknown
    } else {
        OpenState::Open
    }
}

/// Whether a station belongs to the district of a name or code: as its record says, else by the rectangle it lies in.
fn is_in_district(station: &Station, key: &str) -> bool {
    let wanted = DISTRICTS
        .iter()
        .position(|(name, adcode)| [*name, *adcode].contains(&key));
    let stated = station.district.as_deref().or(station.adcode.as_deref());
    match stated {
        Some(stated) if stated == ELSEWHERE => key == ELSEWHERE,
        Some(stated) => {
            let own = DISTRICTS
                .iter()
                .position(|(name, adcode)| [*name, *adcode].contains(&stated));
            own.is_some() && own == wanted
        }
        None => {
            let (lon, lat) = (
                station.location.place().lon_deg(),
                station.location.place().lat_deg(),
            );
            let own = outlines().iter().position(|([west, south, east, north], _)| {
                *west < lon && lon < *east && *south < lat && lat < *north
            });
            own.is_some() && own == wanted
        }
    }
}
