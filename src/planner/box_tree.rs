//! A tree of boxes above leaves that stand in the order of neighbours: sixteen boxes a group, level by level.

use super::cuboid::{Cuboid, LANES, Lanes, lanes_within};

/// The tree. A leaf is named by its position.
#[derive(Debug, Default)]
pub(super) struct BoxTree {
    /// The boxes of the leaves, [`LANES`] at a time; then those around each such group, and so on up to one group.
    levels: Vec<Vec<Lanes>>,
}

impl BoxTree {
    /// Builds the tree above the boxes of leaves. O(n).
    pub fn build(mut boxes: Vec<Cuboid>) -> Self {
        let mut levels = Vec::new();
        while !boxes.is_empty() {
            levels.push(boxes.chunks(LANES).map(Lanes::of).collect());
            if boxes.len() <= LANES {
                break;
            }
            boxes = boxes.chunks(LANES).map(Cuboid::around_all).collect();
        }
        Self { levels }
    }

    /// The level that has one group; `None` without leaves.
    pub const fn top(&self) -> Option<usize> {
        self.levels.len().checked_sub(1)
    }

    /// The parts of a group with their boxes: groups of the level below, or leaves.
    pub fn parts(&self, level: usize, group: usize) -> impl Iterator<Item = (usize, Cuboid)> {
        let boxes = self.levels[level][group].boxes();
        boxes.map(move |(lane, around)| (group * LANES + lane, around))
    }

    /// The first leaf of a part of a group of this level.
    pub const fn first_leaf(level: usize, part: usize) -> usize {
        part << (LANES.ilog2() as usize * level)
    }

    /// Visits the leaves whose boxes lie within a straight distance of another box, the nearest of a group first.
    ///
    /// `visit` gets a leaf and the square of the distance, m², and answers with the square for those that follow: less
    /// when it has found something near, negative when it has seen enough.
    pub fn walk(&self, around: &Cuboid, reach_2: f64, visit: &mut impl FnMut(usize, f64) -> f64) {
        if let Some(top) = self.top() {
            self.walk_group((top, 0), around, reach_2, visit);
        }
    }

    fn walk_group(
        &self,
        (level, group): (usize, usize),
        around: &Cuboid,
        mut reach_2: f64,
        visit: &mut impl FnMut(usize, f64) -> f64,
    ) -> f64 {
        let gaps_2 = self.levels[level][group].gaps_2(around);
        let mut order = [(f64::INFINITY, 0); LANES];
        let mut count = 0;
        for lane in lanes_within(&gaps_2, reach_2) {
            let mut at = count;
            while at > 0 && order[at - 1].0 > gaps_2[lane] {
                order[at] = order[at - 1];
                at -= 1;
            }
            order[at] = (gaps_2[lane], lane);
            count += 1;
        }
        for &(gap_2, lane) in &order[..count] {
            if gap_2 > reach_2 {
                break;
            }
            let below = group * LANES + lane;
            reach_2 = match level.checked_sub(1) {
                None => visit(below, reach_2),
                Some(level) => self.walk_group((level, below), around, reach_2, visit),
            };
        }
        reach_2
    }
}
