//! Every station inside a box, in longitudes and latitudes or in earth-centred metres.

use rstar::{ParentNode, RTreeNode};

use super::packing::{Boxes, GROUP};
use super::{Leaf, Slot, StationIndex, Wanted};
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
        visit(self.tree.root(), (low, high), wanted, &mut |leaf| {
            for block in meeting(&self.leaves[leaf], leaf, (low, high), wanted) {
                for bucket in meeting(&self.blocks[block], block, (low, high), wanted) {
                    for slot in self.slots(bucket).map(Slot) {
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

/// The parts of one group that may hold something wanted inside the box, numbered over all groups.
fn meeting<'a>(
    boxes: &'a Boxes,
    group: usize,
    (low, high): (&'a EarthCentred, &'a EarthCentred),
    wanted: Wanted<'a>,
) -> impl Iterator<Item = usize> + 'a {
    let meets = move |part: &usize| boxes.meets(*part, (low, high)) && wanted.may_match(boxes.traits(*part));
    (0..boxes.count())
        .filter(meets)
        .map(move |part| group * GROUP + part)
}

fn visit(
    node: &ParentNode<Leaf>,
    (low, high): (&EarthCentred, &EarthCentred),
    wanted: Wanted<'_>,
    found: &mut impl FnMut(usize),
) {
    for child in node.children() {
        let envelope = match child {
            RTreeNode::Leaf(leaf) => &leaf.whole.envelope,
            RTreeNode::Parent(parent) => &parent.envelope(),
        };
        if envelope.meets(low, high) && wanted.may_match(&envelope.traits) {
            match child {
                RTreeNode::Leaf(leaf) => found(leaf.number as usize),
                RTreeNode::Parent(parent) => visit(parent, (low, high), wanted, found),
            }
        }
    }
}
