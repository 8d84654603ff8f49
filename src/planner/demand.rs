//! Demand: places that should be covered, with named weights, by district.

use super::blocks::PlaceBlocks;

/// Places that should be covered. Every column is in the order of [`Demand::places`].
#[derive(Debug, Default)]
pub struct Demand {
    places: PlaceBlocks,
}

impl Demand {
    /// The places in the order of neighbours.
    pub const fn places(&self) -> &PlaceBlocks {
        &self.places
    }
}
