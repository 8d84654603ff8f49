//! Which stations reach a place: the nearest one of each place, and all within a radius.

pub use super::nearest::{NearestStation, nearest};
pub use super::station_points::StationPoints;
pub use super::within::fold_within;
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
