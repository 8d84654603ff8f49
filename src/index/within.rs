//! Every station inside a box, and every station near a piece of a line.

use rstar::{ParentNode, RTreeNode};

use super::{Bucket, Slot, StationFilter, StationIndex};
use crate::domain::bounds::Bounds;
use crate::domain::geodesic::EarthCentred;

impl StationIndex {
    /// Calls `found` for every station inside the bounds that passes the filter, in no particular order.
    ///
    /// O(log n + stations met); the whole earth costs O(n).
    pub fn within(
        &self,
        bounds: &Bounds,
        filter: &StationFilter,
        districts: u64,
        mut found: impl FnMut(Slot),
    ) {
        let (low, high) = bounds.earth_centred_box();
        self.meeting_box(&low, &high, filter, districts, |slot| {
            if bounds.contains(self.places[slot.at()]) {
                found(slot);
            }
        });
    }

    /// Calls `found` for every station inside an earth-centred box that passes the filter, in no particular order.
    pub fn meeting_box(
        &self,
        low: &EarthCentred,
        high: &EarthCentred,
        filter: &StationFilter,
        districts: u64,
        mut found: impl FnMut(Slot),
    ) {
        if !self.is_empty() {
            self.visit_box(self.tree.root(), low, high, &mut |bucket| {
                for slot in bucket.first..bucket.first + bucket.count {
                    let slot = Slot(slot);
                    let point = &self.points[slot.at()];
                    let inside = (0..3).all(|axis| low[axis] <= point[axis] && point[axis] <= high[axis]);
                    if inside && self.traits[slot.at()].may_match(filter, districts) {
                        found(slot);
                    }
                }
            });
        }
    }

    fn visit_box(
        &self,
        node: &ParentNode<Bucket>,
        low: &EarthCentred,
        high: &EarthCentred,
        found: &mut impl FnMut(&Bucket),
    ) {
        for child in node.children() {
            match child {
                RTreeNode::Leaf(bucket) if bucket.envelope.meets(low, high) => found(bucket),
                RTreeNode::Parent(parent) if parent.envelope().meets(low, high) => {
                    self.visit_box(parent, low, high, found);
                }
                RTreeNode::Leaf(_) | RTreeNode::Parent(_) => {}
            }
        }
    }
}
