//! Stations near a route, in the order of travel.

use chrono::{DateTime, Utc};

use super::Conditions;
use super::snapshot::Snapshot;
use super::time::{Moment, OpenAsk};
use crate::domain::coordinate::LonLat;
use crate::domain::units::{Meters, Travel};
use crate::index::route::{Beside, Route};

/// A question for the stations along a route.
#[derive(Debug, Clone)]
pub struct AlongRouteQuery {
    /// The vertices of the route in the order of travel, WGS-84; geodesics between them.
    pub vertices: Vec<LonLat>,
    /// How far off the route a station may lie; a station at exactly this distance is in.
    pub distance: Meters,
    /// At most this many stations; the first ones of the journey.
    pub limit: usize,
    /// What each station must meet.
    pub conditions: Conditions,
    /// How the person travels.
    pub travel: Travel,
    /// The time of asking, at which the journey starts.
    pub now: DateTime<Utc>,
}

/// The stations along a route.
#[derive(Debug, Clone, PartialEq)]
pub struct AlongRouteFound {
    /// Length of the route.
    pub length: Meters,
    /// How many stations match, of which `stations` are the first.
    pub matched: usize,
    /// The stations in the order of travel.
    pub stations: Vec<AlongRouteStation>,
}

/// One station along a route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlongRouteStation {
    /// The station's ordinal.
    pub station: u32,
    /// Where it lies beside the route.
    pub beside: Beside,
    /// Seconds from the start: along the route as it is given, then off it with the detour factor.
    pub travel_time_s: u64,
    /// The moment that its open state is told for.
    pub at: Moment,
}

impl Snapshot {
    /// Finds the stations along a route. Ordered by distance along it, then off it, then by id.
    pub fn along_route(&self, query: &AlongRouteQuery) -> AlongRouteFound {
        let route = Route::new(&query.vertices);
        let clock = self.reference().clock;
        let now = clock.moment(query.now);
        let asked = match query.conditions.open {
            OpenAsk::At { moment, .. } => moment,
            OpenAsk::Any | OpenAsk::OnArrival { .. } => now,
        };
        let window = self.hours().window(asked.minute);
        let wanted = query.conditions.wanted();
        let mut found = self
            .index()
            .along(&route, query.distance, wanted, |slot, beside| {
                let station = self.index().ordinal(slot);
                self.meets(&window, station, &query.conditions)
                    && match query.conditions.open {
                        OpenAsk::OnArrival { stay_min } => {
                            let minute = now.after_s(clock, travel_time_s(query.travel, beside)).minute;
                            self.is_open_for(
                                &window,
                                station,
                                (minute, stay_min, query.conditions.filter.unknown),
                            )
                        }
                        OpenAsk::Any | OpenAsk::At { .. } => true,
                    }
            });
        let matched = found.len();
        found.truncate(query.limit);
        let stations = found.into_iter().map(|(slot, beside)| {
            let travel_time_s = travel_time_s(query.travel, beside);
            let at = match query.conditions.open {
                OpenAsk::OnArrival { .. } => now.after_s(clock, travel_time_s),
                OpenAsk::Any | OpenAsk::At { .. } => asked,
            };
            AlongRouteStation {
                station: self.index().ordinal(slot),
                beside,
                travel_time_s,
                at,
            }
        });
        AlongRouteFound {
            length: route.length(),
            matched,
            stations: stations.collect(),
        }
    }
}

/// The route is travelled as it is drawn; only the way off it is a guess that needs the detour factor.
fn travel_time_s(travel: Travel, beside: Beside) -> u64 {
    let along = Travel {
        detour_factor: 1.0,
        ..travel
    };
    along.time_s(beside.along) + travel.time_s(beside.off)
}
