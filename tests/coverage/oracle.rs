//! Coverage worked out the long way: every place against every station, written from the rules and not from the code.

use std::sync::Arc;

use proptest::prelude::*;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::demand::{DemandKind, DemandRecords, WeightColumn};
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::filter::{StationFilter, WordSet};
use yizhan::domain::geodesic::karney;
use yizhan::domain::opening_hours::{CompiledHours, LocalMinute, OpenState};
use yizhan::domain::station::{Station, Status};
use yizhan::domain::units::Meters;
use yizhan::locator::{Conditions, OpenAsk, Snapshot};
use yizhan::planner::demand::Demand;
use yizhan::planner::reach::Reach;
use yizhan::planner::stations::Certainty;
use yizhan::planner::tally::Cover;
use yizhan::planner::watch::Watch;

use crate::world::{self, CALENDAR, place};

/// What a random question asks.
#[derive(Debug, Clone)]
pub struct Ask {
    pub all_of: Vec<Facility>,
    pub at: Option<LocalMinute>,
    pub statuses: Vec<Status>,
    pub radius_m: f64,
    pub k: u8,
}

pub fn ask() -> impl Strategy<Value = Ask> {
    let facilities = proptest::sample::subsequence(world::FACILITIES.to_vec(), 0..=2);
    let at =
        prop::option::of(world::time().prop_map(|at| yizhan::locator::Clock::default().moment(at).minute));
    let statuses = prop_oneof![
        3 => Just(vec![Status::Open]),
        1 => Just(vec![Status::Open, Status::Planned]),
    ];
    let radius = prop_oneof![3 => 100.0..5_000.0, 1 => 5_000.0..100_000.0];
    (facilities, at, statuses, radius, 1_u8..=3).prop_map(|(all_of, at, statuses, radius_m, k)| Ask {
        all_of,
        at,
        statuses,
        radius_m,
        k,
    })
}

impl Ask {
    /// The conditions of the question, as the planner takes them.
    pub fn conditions(&self, snapshot: &Snapshot) -> Conditions {
        let open = self.at.map_or(OpenAsk::Any, |minute| OpenAsk::At {
            moment: snapshot.moment(
                snapshot
                    .reference()
                    .clock
                    .begin(minute)
                    .with_timezone(&chrono::Utc),
            ),
            stay_min: 0,
        });
        Conditions {
            filter: StationFilter {
                facilities: self.all_of.iter().copied().collect(),
                statuses: WordSet::of_statuses(&self.statuses),
                ..StationFilter::ANY
            },
            districts: None,
            open,
        }
    }

    pub fn reach(&self) -> Reach {
        Reach {
            radius: Meters::new(self.radius_m).expect("a radius"),
            minutes: None,
            k: self.k,
        }
    }

    /// How surely a station matches.
    pub fn certainty(&self, station: &Station) -> Option<Certainty> {
        self.certainty_at(station, self.at)
    }

    pub fn certainty_at(&self, station: &Station, at: Option<LocalMinute>) -> Option<Certainty> {
        if !self.statuses.contains(&station.status) {
            return None;
        }
        let states: Vec<FacilityState> = self
            .all_of
            .iter()
            .map(|facility| station.facilities.state(*facility))
            .collect();
        let open = at.map_or(OpenState::Open, |minute| open_state(station, minute));
        let is_out = states
            .iter()
            .any(|state| matches!(state, FacilityState::No | FacilityState::OutOfOrder));
        if is_out || open == OpenState::Closed {
            return None;
        }
        let is_sure = open == OpenState::Open && states.iter().all(|state| *state == FacilityState::Yes);
        Some(if is_sure {
            Certainty::Sure
        } else {
            Certainty::Perhaps
        })
    }
}

fn open_state(station: &Station, minute: LocalMinute) -> OpenState {
    let hours = station.hours.osm.as_deref();
    let compiled = hours.and_then(|hours| CompiledHours::parse(hours, &CALENDAR).ok());
    compiled.map_or(OpenState::Unknown, |compiled| compiled.state(minute))
}

/// Distance in whole micrometres, at which distances count as equal.
pub fn micrometres(distance: Meters) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 2.1e13"
    )]
    let whole = (distance.get() * 1e6).round() as u64;
    whole
}

/// The stations within the radius of a place that match, with how surely.
pub fn within(ask: &Ask, stations: &[Arc<Station>], at: LonLat) -> Vec<(usize, Certainty)> {
    let limit = micrometres(ask.reach().radius);
    let near = stations
        .iter()
        .enumerate()
        .filter(|(_, station)| micrometres(karney(at, station.location.place())) <= limit);
    near.filter_map(|(ordinal, station)| Some((ordinal, ask.certainty(station)?)))
        .collect()
}

pub fn cover(ask: &Ask, within: &[(usize, Certainty)]) -> Cover {
    let sure = within
        .iter()
        .filter(|(_, certainty)| *certainty == Certainty::Sure)
        .count();
    Cover::of(sure >= usize::from(ask.k), within.len() >= usize::from(ask.k))
}

/// The nearest of some stations: least distance, the first of equals.
pub fn nearest<'a>(stations: impl Iterator<Item = (usize, &'a Station)>, at: LonLat) -> Option<(usize, u64)> {
    let distances =
        stations.map(|(ordinal, station)| (ordinal, micrometres(karney(at, station.location.place()))));
    distances.min_by_key(|(ordinal, distance)| (*distance, *ordinal))
}

/// Demand of whole numbers, so that sums are exact in any order: people and jobs, some of them nothing.
pub fn demand() -> impl Strategy<Value = Demand> {
    let city = (109.3..109.7, 18.1..18.5).prop_map(|(lon, lat)| place(lon, lat));
    let anywhere = (-180.0..=180.0, -90.0..=90.0).prop_map(|(lon, lat)| place(lon, lat));
    let grid = (-3..=3, -3..=3).prop_map(|(x, y)| place(f64::from(x) * 0.01, f64::from(y) * 0.01));
    let edge = (-0.5..0.5, -20.0..20.0)
        .prop_map(|(lon, lat): (f64, f64)| place(if lon < 0.0 { 180.0 + lon } else { lon - 180.0 }, lat));
    let pole = (-180.0..=180.0, 89.9..=90.0).prop_map(|(lon, lat)| place(lon, lat));
    let one = prop_oneof![6 => city, 1 => anywhere, 1 => grid, 1 => edge, 1 => pole];
    // One place inside a district at least: demand that lies in none is an error.
    prop::collection::vec((one, 0_u32..500, 0_u32..3), 1..150).prop_map(|mut rows| {
        rows.push((place(109.45, 18.25), 7, 1));
        let column = |name: &str, values: Vec<f64>| WeightColumn {
            name: name.into(),
            values,
        };
        let weights = vec![
            column("population", rows.iter().map(|row| f64::from(row.1)).collect()),
            column("jobs", rows.iter().map(|row| f64::from(row.2)).collect()),
        ];
        let places = rows.iter().map(|row| row.0).collect();
        let records = DemandRecords::new("test", DemandKind::Points, places, weights);
        let districts: Vec<_> = world::outlines()
            .into_iter()
            .map(|(_, district)| district)
            .collect();
        Demand::build(records, &districts, None, &Watch::default()).expect("demand")
    })
}
