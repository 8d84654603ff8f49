//! The nearest stations that match, with the moment at which each is reached or asked about.

use chrono::{DateTime, Utc};

use super::Conditions;
use super::snapshot::Snapshot;
use super::time::{Moment, OpenAsk};
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::LocalFrame;
use crate::domain::units::{Meters, Travel};
use crate::index::{NearestAsk, Origin};

/// A question for the nearest stations.
#[derive(Debug, Clone)]
pub struct NearestQuery {
    /// Where the person is, WGS-84.
    pub origin: LonLat,
    /// At most this many stations.
    pub limit: usize,
    /// No station farther than this, a station at exactly this distance included; `None` for any distance.
    pub radius: Option<Meters>,
    /// What each station must meet. Checked during the search, never after the limit.
    pub conditions: Conditions,
    /// How the person travels.
    pub travel: Travel,
    /// The time of asking.
    pub now: DateTime<Utc>,
}

/// A station found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearestFound {
    /// The station's ordinal.
    pub station: u32,
    /// Its geodesic distance from the origin.
    pub distance: Meters,
    /// Azimuth from the origin, degrees clockwise from north; `None` at the origin itself.
    pub bearing_deg: Option<f64>,
    /// Travel time in seconds, by [`NearestQuery::travel`].
    pub travel_time_s: u64,
    /// The moment that its open state is told for: the one asked about, the arrival, or the time of asking.
    pub at: Moment,
}

impl Snapshot {
    /// When nothing lies within the radius: the nearest station beyond it that meets the conditions. A radius is never
    /// widened silently, and a person who finds nothing is still told how far it would be.
    pub fn nearest_beyond(&self, query: &NearestQuery) -> Option<NearestFound> {
        query.radius?;
        self.nearest(&NearestQuery {
            limit: 1,
            radius: None,
            ..query.clone()
        })
        .pop()
    }

    /// Finds the nearest stations: by geodesic distance, ties by id.
    pub fn nearest(&self, query: &NearestQuery) -> Vec<NearestFound> {
        let origin = Origin::from(query.origin);
        let clock = self.reference().clock;
        let now = clock.moment(query.now);
        let asked = match query.conditions.open {
            OpenAsk::At { moment, .. } => moment,
            OpenAsk::Any | OpenAsk::OnArrival { .. } => now,
        };
        let window = self.hours().window(asked.minute);
        let index = self.index();
        let arrival = |distance| now.after_s(clock, query.travel.time_s(distance));
        let ask = NearestAsk {
            limit: query.limit,
            radius: query.radius,
            filter: query.conditions.filter,
            districts: query.conditions.wanted().districts,
        };
        let hits = index.nearest(&origin, &ask, |slot| {
            let station = index.ordinal(slot);
            self.meets(&window, station, &query.conditions)
                && match query.conditions.open {
                    OpenAsk::OnArrival { stay_min } => {
                        let minute = arrival(index.distance(&origin, slot)).minute;
                        self.is_open_for(
                            &window,
                            station,
                            (minute, stay_min, query.conditions.filter.unknown),
                        )
                    }
                    OpenAsk::Any | OpenAsk::At { .. } => true,
                }
        });
        let frame = LocalFrame::at(query.origin);
        let found = hits.into_iter().map(|hit| NearestFound {
            station: index.ordinal(hit.slot),
            distance: hit.distance,
            bearing_deg: hit
                .azimuth_deg
                .or_else(|| frame.bearing_deg(&index.point(hit.slot), hit.distance)),
            travel_time_s: query.travel.time_s(hit.distance),
            at: match query.conditions.open {
                OpenAsk::OnArrival { .. } => arrival(hit.distance),
                OpenAsk::Any | OpenAsk::At { .. } => asked,
            },
        });
        found.collect()
    }
}
