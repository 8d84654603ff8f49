//! Every station inside a box, in longitudes and latitudes or in earth-centred metres.

use rstar::{ParentNode, RTreeNode};

use super::{Block, Slot, StationIndex, Wanted};
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
        visit(self.tree.root(), (low, high), wanted, &mut |block| {
            let boxes = &self.boxes[block.number as usize];
            for bucket in 0..boxes.count() {
                if boxes.meets(bucket, (low, high)) && wanted.may_match(boxes.traits(bucket)) {
                    for slot in self.slots(block.number, bucket).map(Slot) {
                        let point = self.point(slot);
                        let inside = (0..3).all(|axis| low[axis] <= point[axis] && point[axis] <= high[axis]);
                        if inside && wanted.may_match(&self.traits[slot.at()]) {
                            found(slot);
                        }
                    }
                }
            }
        });
    }
}

fn visit(
    node: &ParentNode<Block>,
    (low, high): (&EarthCentred, &EarthCentred),
    wanted: Wanted<'_>,
    found: &mut impl FnMut(&Block),
) {
    for child in node.children() {
        let envelope = match child {
            RTreeNode::Leaf(block) => &block.envelope,
            RTreeNode::Parent(parent) => &parent.envelope(),
        };
        if envelope.meets(low, high) && wanted.may_match(&envelope.traits) {
            match child {
                RTreeNode::Leaf(block) => found(block),
                RTreeNode::Parent(parent) => visit(parent, (low, high), wanted, found),
            }
        }
    }
}
