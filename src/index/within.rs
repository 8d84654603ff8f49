//! Every station inside a box, in longitudes and latitudes or in earth-centred metres.

use rstar::{ParentNode, RTreeNode};

use super::{Bucket, Slot, StationIndex, Wanted};
use crate::domain::bounds::Bounds;
use crate::domain::geodesic::EarthCentred;

impl StationIndex {
    /// Calls `found` for every wanted station inside the bounds, in no particular order.
    ///
    /// O(log n + stations met); the whole earth costs O(n).
    pub fn within(&self, bounds: &Bounds, wanted: Wanted<'_>, mut found: impl FnMut(Slot)) {
        let (low, high) = bounds.earth_centred_box();
        self.meeting_box((&low, &high), wanted, |slot| {
            if bounds.contains(self.places[slot.at()]) {
                found(slot);
            }
        });
    }

    /// Calls `found` for every wanted station inside an earth-centred box, in no particular order.
    pub(super) fn meeting_box(
        &self,
        (low, high): (&EarthCentred, &EarthCentred),
        wanted: Wanted<'_>,
        mut found: impl FnMut(Slot),
    ) {
        if self.is_empty() {
            return;
        }
        visit(self.tree.root(), (low, high), wanted, &mut |bucket| {
            for slot in (bucket.first..bucket.first + bucket.count).map(Slot) {
                let point = &self.points[slot.at()];
                let inside = (0..3).all(|axis| low[axis] <= point[axis] && point[axis] <= high[axis]);
                if inside && wanted.may_match(&self.traits[slot.at()]) {
                    found(slot);
                }
            }
        });
    }
}

fn visit(
    node: &ParentNode<Bucket>,
    (low, high): (&EarthCentred, &EarthCentred),
    wanted: Wanted<'_>,
    found: &mut impl FnMut(&Bucket),
) {
    for child in node.children() {
        match child {
            RTreeNode::Leaf(Bucket { envelope, .. })
                if !envelope.meets(low, high) || !wanted.may_match(&envelope.traits) => {}
            RTreeNode::Leaf(bucket) => found(bucket),
            RTreeNode::Parent(parent) => {
                let envelope = parent.envelope();
                if envelope.meets(low, high) && wanted.may_match(&envelope.traits) {
                    visit(parent, (low, high), wanted, found);
                }
            }
        }
    }
}
