//! One station of an answer as the flat formats see it, whatever was asked.

use crate::domain::opening_hours::OpenAnswer;
use crate::domain::station::Station;
use crate::domain::units::Meters;
use crate::locator::{AlongRouteStation, Moment, NearestFound, Snapshot};

/// One station of an answer; what the question does not give is `None`.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The station's ordinal.
    pub station: u32,
    /// From the origin, or off the route.
    pub distance: Option<Meters>,
    /// Azimuth from the origin, degrees.
    pub bearing_deg: Option<f64>,
    /// Along the route.
    pub along: Option<Meters>,
    /// Seconds on the way.
    pub travel_time_s: Option<u64>,
    /// The moment that the open state is told for.
    pub at: Option<Moment>,
}

impl Row {
    /// A station of an answer to `nearest`.
    pub const fn nearest(found: &NearestFound) -> Self {
        Self {
            station: found.station,
            distance: Some(found.distance),
            bearing_deg: found.bearing_deg,
            along: None,
            travel_time_s: Some(found.travel_time_s),
            at: Some(found.at),
        }
    }

    /// A station of an answer to `along-route`.
    pub const fn along_route(found: &AlongRouteStation) -> Self {
        Self {
            station: found.station,
            distance: Some(found.beside.off),
            bearing_deg: None,
            along: Some(found.beside.along),
            travel_time_s: Some(found.travel_time_s),
            at: Some(found.at),
        }
    }

    /// A station of a page of items.
    pub const fn item(station: u32) -> Self {
        Self {
            station,
            distance: None,
            bearing_deg: None,
            along: None,
            travel_time_s: None,
            at: None,
        }
    }

    /// The station's record.
    pub fn record<'a>(&self, snapshot: &'a Snapshot) -> &'a Station {
        &snapshot.stations()[self.station as usize]
    }

    /// The open state at the row's moment.
    pub fn open(&self, snapshot: &Snapshot) -> Option<(OpenAnswer, Moment)> {
        let at = self.at?;
        let window = snapshot.hours().window(at.minute);
        Some((snapshot.open_answer(&window, self.station, at.minute), at))
    }
}
