//! The nearest stations that pass a filter, in exact geodesic order, with ties broken by ordinal.
//!
//! # How it stays exact
//! The tree is walked by squared chords, which cost three multiplications. Two points at the same chord can differ in
//! geodesic distance by the ellipsoid's anisotropy (2.6 mm at 50 km), so the walk keeps every candidate whose chord is
//! possible for a station no farther than the k-th best ([`geodesic::no_farther_chord_2`]), and only the few candidates left at the end get
//! their geodesic distance. Distances that are nearer to each other than [`NEAR_TIE_M`] are settled by Karney's method.
//! Distances count as equal when they agree to the micrometre, where rounding begins; then the lower ordinal comes first.
//!
//! # Why it has few branches
//! Which box is next and which of the k best a number replaces cannot be foreseen, and a wrong guess of the processor
//! costs as much as a dozen distances. So the nearest of sixteen boxes is found by comparing all of them, and [`Best`]
//! moves all its numbers at once.

use rstar::{ParentNode, RTreeNode};

use super::best::Best;
use super::envelope::Traits;
use super::packing::{Boxes, GROUP};
use super::rare::Stations;
use super::{Leaf, Meters, Origin, Slot, StationFilter, StationIndex};
use crate::domain::geodesic::{self, EULER_LIMIT_M, NEAR_TIE_M, chord_2};

/// What is asked of a nearest search.
#[derive(Debug, Clone, Copy)]
pub struct NearestAsk {
    /// At most this many stations.
    pub limit: usize,
    /// No station farther than this, if given; a station at exactly this distance is in.
    pub radius: Option<Meters>,
    /// What the record must say.
    pub filter: StationFilter,
    /// District bits that a station must share; all ones when any district will do.
    pub districts: u64,
}

impl NearestAsk {
    /// The nearest station, whatever it is.
    pub const ONE: Self = Self {
        limit: 1,
        radius: None,
        filter: StationFilter::ANY,
        districts: u64::MAX,
    };
}

/// A station found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Its slot.
    pub slot: Slot,
    /// Its geodesic distance.
    pub distance: Meters,
    /// Its azimuth from the origin, degrees clockwise from north, where the full geodesic was worked out anyway.
    pub azimuth_deg: Option<f64>,
}

impl StationIndex {
    /// Finds the nearest stations that pass the filter and `accept`, which sees only stations that pass the filter.
    ///
    /// Ordered by distance (equal to the micrometre counts as equal), then by ordinal. About O(log n + limit) for a
    /// filter that most stations pass; what few stations have is looked for by the union of facilities in the envelopes, and a
    /// facility that is rare in the whole register in a list of its own.
    pub fn nearest(&self, origin: &Origin, ask: &NearestAsk, accept: impl FnMut(Slot) -> bool) -> Vec<Hit> {
        if ask.limit == 0 || self.is_empty() {
            return Vec::new();
        }
        let most = ask.limit.min(self.len());
        let mut walk = Walk {
            index: self,
            origin,
            ask,
            accept,
            best: Best::new(most),
            candidates: Vec::with_capacity(most * 4),
            reach_2: ask.radius.map_or(ALL_CHORDS_2, geodesic::max_chord_2),
        };
        match self.rare.holding(&ask.filter) {
            Some(stations) => walk.look_through(stations),
            None => walk.visit(self.tree.root()),
        }
        let (candidates, reach_2) = (walk.candidates, walk.reach_2);
        self.settle(origin, ask, candidates, reach_2)
    }

    /// Puts the candidates into their exact order and cuts at the limit and the radius.
    fn settle(
        &self,
        origin: &Origin,
        ask: &NearestAsk,
        mut candidates: Vec<(f64, Slot)>,
        reach_2: f64,
    ) -> Vec<Hit> {
        candidates.retain(|(chord_2, _)| *chord_2 <= reach_2);
        let mut hits: Vec<Hit> = candidates
            .iter()
            .map(|(chord_2, slot)| self.hit(origin, *chord_2, *slot))
            .collect();
        let by_distance = |a: &Hit, b: &Hit| {
            let (near, far) = (a.distance.get(), b.distance.get());
            near.total_cmp(&far)
                .then_with(|| self.ordinal(a.slot).cmp(&self.ordinal(b.slot)))
        };
        hits.sort_unstable_by(by_distance);
        let near_radius = |hit: &Hit| {
            ask.radius
                .is_some_and(|r| (hit.distance.get() - r.get()).abs() <= NEAR_TIE_M)
        };
        let mut settled = 0;
        while settled < hits.len().min(ask.limit) {
            let end = end_of_near_ties(&hits, settled);
            if end - settled > 1 || near_radius(&hits[settled]) {
                self.settle_run(origin, &mut hits[settled..end]);
            }
            settled = end;
        }
        if let Some(radius) = ask.radius {
            hits.retain(|hit| micrometres(hit.distance) <= micrometres(radius));
        }
        hits.truncate(ask.limit);
        hits
    }

    fn hit(&self, origin: &Origin, chord_2: f64, slot: Slot) -> Hit {
        let point = self.point(slot);
        if chord_2 <= EULER_LIMIT_M * EULER_LIMIT_M {
            return Hit {
                slot,
                distance: geodesic::euler(&origin.point, &point),
                azimuth_deg: None,
            };
        }
        let to = (self.places[slot.at()], &point);
        let (distance, azimuth_deg) = geodesic::long_line((origin.place, &origin.point), to);
        Hit {
            slot,
            distance,
            azimuth_deg: Some(azimuth_deg),
        }
    }

    /// Orders a run of near ties by the full geodesic; stations at one and the same place share one computation.
    fn settle_run(&self, origin: &Origin, run: &mut [Hit]) {
        let mut known: Option<Hit> = None;
        for hit in run.iter_mut() {
            let same = known.filter(|known| chord_2(&self.point(known.slot), &self.point(hit.slot)) == 0.0);
            hit.distance = same.map_or_else(|| self.exact_distance(origin, hit.slot), |known| known.distance);
            known = Some(*hit);
        }
        run.sort_unstable_by_key(|hit| (micrometres(hit.distance), self.ordinal(hit.slot)));
    }
}

/// The end of the run of hits, from `start`, in which each lies within [`NEAR_TIE_M`] of the one before.
fn end_of_near_ties(hits: &[Hit], start: usize) -> usize {
    let near = |pair: &[Hit]| pair[1].distance.get() - pair[0].distance.get() <= NEAR_TIE_M;
    start + 1 + hits[start..].windows(2).take_while(|pair| near(pair)).count()
}

/// A distance in whole micrometres, the resolution at which two distances count as equal.
pub fn micrometres(distance: Meters) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 2.1e13, not negative"
    )]
    let whole = (distance.get() * 1e6).round() as u64;
    whole
}

/// More than the squared diameter of the equator, m². Finite, so that what is infinitely far is never within reach.
const ALL_CHORDS_2: f64 = 4.1 * geodesic::A_M * geodesic::A_M;

/// Children of a node whose distances are worked out at a time. The tree's nodes have at most 12, or a few more (see
/// rstar's notes on bulk loading); should a node ever have more, the rest follow in a second round.
const CHILDREN: usize = 16;

/// One depth-first walk, nearest child first.
struct Walk<'a, A> {
    index: &'a StationIndex,
    origin: &'a Origin,
    ask: &'a NearestAsk,
    accept: A,
    /// The smallest squared chords so far, at most `limit` of them.
    best: Best,
    /// Every station accepted whose chord was within reach when it was met.
    candidates: Vec<(f64, Slot)>,
    /// Squared chord beyond which no station can be in the answer, m²; finite.
    reach_2: f64,
}

impl<A: FnMut(Slot) -> bool> Walk<'_, A> {
    fn visit(&mut self, node: &ParentNode<Leaf>) {
        for children in node.children().chunks(CHILDREN) {
            let mut ahead = [f64::INFINITY; CHILDREN];
            for (position, child) in children.iter().enumerate() {
                let envelope = match child {
                    RTreeNode::Leaf(leaf) => &leaf.whole.envelope,
                    RTreeNode::Parent(parent) => &parent.envelope(),
                };
                if self.matches(&envelope.traits) {
                    ahead[position] = envelope.chord_2(&self.origin.point);
                }
            }
            while let Some(child) = take_nearest(&mut ahead, self.reach_2) {
                match &children[child] {
                    RTreeNode::Leaf(leaf) => self.visit_leaf(leaf),
                    RTreeNode::Parent(parent) => self.visit(parent),
                }
            }
        }
    }

    fn visit_leaf(&mut self, leaf: &Leaf) {
        let number = leaf.number as usize;
        let boxes = &self.index.leaves[number];
        let all_match = self.matches(&leaf.whole.common);
        let mut ahead = self.ahead(boxes, all_match);
        while let Some(part) = take_nearest(&mut ahead, self.reach_2) {
            let all_match = all_match || self.matches(boxes.common(part));
            self.visit_block(number * GROUP + part, all_match);
        }
    }

    /// Scans the buckets of a block; `all_match` says that every station in it passes the filter.
    fn visit_block(&mut self, block: usize, all_match: bool) {
        let boxes = &self.index.blocks[block];
        let mut ahead = self.ahead(boxes, all_match);
        // The nearest bucket makes the reach short; the others are then mostly out of it, so their order hardly matters.
        let Some(nearest) = take_nearest(&mut ahead, self.reach_2) else {
            return;
        };
        self.scan(
            block * GROUP + nearest,
            all_match || self.matches(boxes.common(nearest)),
        );
        for bucket in lanes(lanes_within(&ahead, self.reach_2)).map(|bucket| bucket as usize) {
            if ahead[bucket] <= self.reach_2 {
                self.scan(
                    block * GROUP + bucket,
                    all_match || self.matches(boxes.common(bucket)),
                );
            }
        }
    }

    /// The squared chords to the parts of a group; infinite where no station may match.
    #[inline]
    fn ahead(&self, boxes: &Boxes, all_match: bool) -> [f64; GROUP] {
        let mut ahead = boxes.chords_2(&self.origin.point);
        if !all_match {
            for (part, chord_2) in ahead.iter_mut().enumerate() {
                if !self.matches(boxes.traits(part)) {
                    *chord_2 = f64::INFINITY;
                }
            }
        }
        ahead
    }

    #[inline]
    fn matches(&self, traits: &Traits) -> bool {
        traits.may_match(&self.ask.filter, self.ask.districts)
    }

    fn scan(&mut self, bucket: usize, all_match: bool) {
        let slots = self.index.slots(bucket);
        let to_points = self.index.points[bucket].chords_2(&self.origin.point);
        let left = lanes_within(&to_points, self.reach_2) & ((1 << slots.len()) - 1);
        for lane in lanes(left) {
            let slot = Slot(slots.start + lane);
            if (all_match || self.matches(&self.index.traits[slot.at()])) && (self.accept)(slot) {
                self.take(to_points[lane as usize], slot);
            }
        }
        self.shorten();
    }

    /// Looks through the few stations that have a rare facility, the nearest `limit` of them before the others, so that
    /// mostly no other is asked anything.
    fn look_through(&mut self, stations: &Stations) {
        let mut near: Vec<(f64, Slot)> = Vec::with_capacity(stations.len());
        for (points, slots) in stations.buckets() {
            let to_points = points.chords_2(&self.origin.point);
            near.extend(to_points.into_iter().zip(slots.iter().copied()));
        }
        if self.ask.limit < near.len() {
            near.select_nth_unstable_by(self.ask.limit, |a, b| a.0.total_cmp(&b.0));
        }
        for (chord_2, slot) in near {
            if chord_2 <= self.reach_2 && self.matches(&self.index.traits[slot.at()]) && (self.accept)(slot) {
                self.take(chord_2, slot);
                self.shorten();
            }
        }
    }

    #[inline]
    fn take(&mut self, chord_2: f64, slot: Slot) {
        self.candidates.push((chord_2, slot));
        self.best.take(chord_2);
    }

    /// Sets the reach to what may still be in the answer.
    #[inline]
    fn shorten(&mut self) {
        let worst = self.best.worst();
        if worst < self.reach_2 {
            self.reach_2 = self.reach_2.min(geodesic::no_farther_chord_2(worst));
        }
    }
}

/// One bit for each number that is not above `limit`.
#[inline]
fn lanes_within<const N: usize>(numbers: &[f64; N], limit: f64) -> u32 {
    let mut bits = 0;
    for (lane, number) in numbers.iter().enumerate() {
        bits |= u32::from(*number <= limit) << lane;
    }
    bits
}

/// The positions of the bits that are set, lowest first.
#[inline]
pub(super) fn lanes(mut bits: u32) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let lane = (bits != 0).then(|| bits.trailing_zeros())?;
        bits &= bits - 1;
        Some(lane)
    })
}

/// Takes out the position of the smallest number, the first of equal ones, unless it is above `limit`.
#[inline]
fn take_nearest<const N: usize>(numbers: &mut [f64; N], limit: f64) -> Option<usize> {
    let least = least(numbers);
    (least <= limit).then(|| {
        let position = lanes_within(numbers, least).trailing_zeros() as usize;
        numbers[position] = f64::INFINITY;
        position
    })
}

/// The smallest of a power of two of numbers; pairs are compared side by side, not one after the other.
#[inline]
fn least<const N: usize>(numbers: &[f64; N]) -> f64 {
    let mut least = *numbers;
    let mut half = N / 2;
    while half > 0 {
        for lane in 0..half {
            let (a, b) = (least[lane], least[lane + half]);
            least[lane] = if b < a { b } else { a };
        }
        half /= 2;
    }
    least[0]
}
