//! Arcs linked into rings.

use std::collections::HashMap;

use super::arcs::{Arc, Crossing};
use crate::domain::geodesic::chord_2;

/// Ends and beginnings this near to each other are one point when three circles meet there: a part of the radius …
const SAME_POINT: f64 = 1e-6;
/// … and some metres.
const SAME_POINT_M: f64 = 1e-6;

/// Closed rings, each a list of arcs by position, and the arcs whose end is no arc's beginning.
#[derive(Debug, Default)]
pub(super) struct Linked {
    pub(super) rings: Vec<Vec<u32>>,
    pub(super) loose: Vec<u32>,
}

/// Links each arc to the one that begins where it ends.
///
/// At a crossing where circle i goes into disc k, the outline goes on along circle k; the pair (i, k) names the point, so
/// no coordinates are compared. Where three and more circles meet in a point, rounding may have named it by different
/// pairs; there the only beginning nearby is taken, and none when there are several. O(n).
pub(super) fn link(arcs: &[Arc], chord_m: f64) -> Linked {
    let next = successors(arcs, SAME_POINT * chord_m + SAME_POINT_M);
    let mut linked = Linked::default();
    let mut seen = vec![false; arcs.len()];
    for first in (0_u32..).take(arcs.len()) {
        let mut ring = Vec::new();
        let mut arc = first;
        while !core::mem::replace(&mut seen[arc as usize], true) {
            ring.push(arc);
            let Some(following) = next[arc as usize] else {
                break;
            };
            arc = following;
        }
        match ring.last().and_then(|&last| next[last as usize]) {
            Some(back) if back == first => linked.rings.push(ring),
            _ => linked.loose.extend(ring),
        }
    }
    linked
}

/// For each arc the one that follows it; `None` where it is not certain.
fn successors(arcs: &[Arc], same_point_m: f64) -> Vec<Option<u32>> {
    let key = |crossing: &Crossing| (crossing.enters, crossing.entered);
    let mut starts: HashMap<(u32, u32), u32> = HashMap::with_capacity(arcs.len());
    for (arc, position) in arcs.iter().zip(0_u32..) {
        if let Some([start, _]) = &arc.ends {
            starts.insert(key(start), position);
        }
    }
    let mut next = vec![None; arcs.len()];
    let mut loose: Vec<u32> = Vec::new();
    for (arc, position) in arcs.iter().zip(0_u32..) {
        next[position as usize] = match &arc.ends {
            None => Some(position),
            Some([_, end]) => starts.remove(&key(end)),
        };
        if next[position as usize].is_none() {
            loose.push(position);
        }
    }
    let mut free: Vec<u32> = starts.into_values().collect();
    free.sort_unstable();
    for &position in &loose {
        next[position as usize] = only_near(arcs, position, &free, same_point_m);
    }
    refuse_shared(&mut next, &loose);
    next
}

/// The one free beginning at the end of an arc.
fn only_near(arcs: &[Arc], position: u32, free: &[u32], same_point_m: f64) -> Option<u32> {
    let [_, end] = arcs[position as usize].ends.as_ref()?;
    let mut near = free.iter().copied().filter(|&other| {
        let start = arcs[other as usize].ends.as_ref();
        start.is_some_and(|[start, _]| chord_2(&start.point, &end.point) < same_point_m * same_point_m)
    });
    let only = near.next();
    only.filter(|_| near.next().is_none())
}

/// Where two arcs claim the same successor, neither gets it.
fn refuse_shared(next: &mut [Option<u32>], loose: &[u32]) {
    let mut claims: HashMap<u32, u32> = HashMap::new();
    for &position in loose {
        if let Some(following) = next[position as usize] {
            *claims.entry(following).or_default() += 1;
        }
    }
    for &position in loose {
        let shared = next[position as usize].is_some_and(|following| claims[&following] > 1);
        if shared {
            next[position as usize] = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arc(disc: u32, from: u32, to: u32, [start, end]: [f64; 2]) -> Arc {
        let crossing = |enters, entered, x| Crossing {
            enters,
            entered,
            point: [x, 0.0, 0.0],
        };
        Arc {
            disc,
            ends: Some([crossing(from, disc, start), crossing(disc, to, end)]),
            vertices: Vec::new(),
        }
    }

    #[test]
    fn arcs_are_linked_by_their_crossings() {
        let arcs = [arc(0, 1, 1, [0.0, 5.0]), arc(1, 0, 0, [5.0, 0.0])];
        let linked = link(&arcs, 100.0);
        assert_eq!(linked.rings, [[0, 1]]);
        assert!(linked.loose.is_empty());
    }

    #[test]
    fn the_only_beginning_nearby_is_taken_when_three_circles_meet() {
        // Disc 0 says it goes into 2 at 5.0; disc 1 says that it begins where 3 came in.
        let arcs = [arc(0, 1, 2, [0.0, 5.0]), arc(1, 3, 0, [5.000_001, 0.0])];
        assert_eq!(link(&arcs, 100.0).rings, [[0, 1]]);
    }

    #[test]
    fn arcs_without_a_certain_successor_stay_loose() {
        let arcs = [arc(0, 1, 2, [0.0, 5.0]), arc(1, 3, 0, [6.0, 0.0])];
        let linked = link(&arcs, 100.0);
        assert!(linked.rings.is_empty());
        assert_eq!(linked.loose, [0, 1]);
        let arcs = [
            arc(0, 1, 2, [0.0, 5.0]),
            arc(1, 3, 0, [5.0, 0.0]),
            arc(4, 5, 6, [5.0, 7.0]),
        ];
        assert_eq!(link(&arcs, 100.0).loose, [0, 1, 2]);
    }
}
