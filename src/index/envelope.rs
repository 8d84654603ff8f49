//! The tree's envelope: an earth-centred box that also knows what the stations inside have, so that filters prune.

use rstar::{AABB, Envelope, RTreeObject};

use crate::domain::filter::StationFilter;
use crate::domain::filter::UnknownPolicy;
use crate::domain::geodesic::EarthCentred;

/// What a search can ask of one station without reading its record, in bits; of a box, the union over its stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traits {
    /// Facilities that are surely there.
    pub yes: u32,
    /// Facilities that are there or not known.
    pub yes_or_unknown: u32,
    /// [`crate::domain::filter::WordSet::host_bit`].
    pub hosts: u16,
    /// [`crate::domain::filter::WordSet::status_bit`].
    pub statuses: u16,
    /// One bit for each district modulo 64; neighbours share few districts, so this prunes well and never wrongly.
    pub districts: u64,
}

impl Traits {
    /// Those of a point that only its place is asked of.
    pub const PLACE_ONLY: Self = Self {
        yes: 0,
        yes_or_unknown: 0,
        hosts: u16::MAX,
        statuses: u16::MAX,
        districts: u64::MAX,
    };

    fn merge(&mut self, other: Self) {
        self.yes |= other.yes;
        self.yes_or_unknown |= other.yes_or_unknown;
        self.hosts |= other.hosts;
        self.statuses |= other.statuses;
        self.districts |= other.districts;
    }

    /// The traits that both have. A question that passes these passes each: every part of one asks for bits to be there.
    #[must_use]
    pub const fn in_common(self, other: Self) -> Self {
        Self {
            yes: self.yes & other.yes,
            yes_or_unknown: self.yes_or_unknown & other.yes_or_unknown,
            hosts: self.hosts & other.hosts,
            statuses: self.statuses & other.statuses,
            districts: self.districts & other.districts,
        }
    }

    /// Whether a station with these traits passes; of a box, whether any station inside may pass.
    #[inline]
    pub const fn may_match(&self, filter: &StationFilter, districts: u64) -> bool {
        let usable = match filter.unknown {
            UnknownPolicy::Refuse => self.yes,
            UnknownPolicy::Allow => self.yes_or_unknown,
        };
        self.districts & districts != 0 && filter.matches_bits(usable, self.hosts, self.statuses)
    }
}

/// A box in earth-centred metres and the union of the traits inside.
#[derive(Debug, Clone, PartialEq)]
pub struct StationEnvelope {
    low: [f64; 3],
    high: [f64; 3],
    /// The union of the traits of the stations inside.
    pub traits: Traits,
}

impl StationEnvelope {
    /// The envelope of a single point.
    pub const fn of_point(point: EarthCentred, traits: Traits) -> Self {
        Self {
            low: point,
            high: point,
            traits,
        }
    }

    /// Lowest and highest x, y, z, metres.
    pub const fn corners(&self) -> ([f64; 3], [f64; 3]) {
        (self.low, self.high)
    }

    /// The square of the straight distance from a point to the box, m²; 0 inside.
    #[inline]
    pub fn chord_2(&self, point: &EarthCentred) -> f64 {
        let gap = |axis: usize| {
            (self.low[axis] - point[axis])
                .max(point[axis] - self.high[axis])
                .max(0.0)
        };
        let [x, y, z] = [gap(0), gap(1), gap(2)];
        x * x + y * y + z * z
    }

    /// Whether the box and the box from `low` to `high` share a point.
    #[inline]
    pub fn meets(&self, low: &EarthCentred, high: &EarthCentred) -> bool {
        (0..3).all(|axis| self.low[axis] <= high[axis] && low[axis] <= self.high[axis])
    }

    fn aabb(&self) -> AABB<[f64; 3]> {
        AABB::from_corners(self.low, self.high)
    }
}

/// Geometry is left to [`AABB`]; only the union of traits is our own. The tree is bulk-loaded and never edited.
impl Envelope for StationEnvelope {
    type Point = [f64; 3];

    fn new_empty() -> Self {
        Self {
            low: [f64::INFINITY; 3],
            high: [f64::NEG_INFINITY; 3],
            traits: Traits::default(),
        }
    }

    fn contains_point(&self, point: &[f64; 3]) -> bool {
        self.aabb().contains_point(point)
    }

    fn contains_envelope(&self, other: &Self) -> bool {
        self.aabb().contains_envelope(&other.aabb())
    }

    fn merge(&mut self, other: &Self) {
        for axis in 0..3 {
            self.low[axis] = self.low[axis].min(other.low[axis]);
            self.high[axis] = self.high[axis].max(other.high[axis]);
        }
        self.traits.merge(other.traits);
    }

    fn merged(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.merge(other);
        both
    }

    fn intersects(&self, other: &Self) -> bool {
        self.meets(&other.low, &other.high)
    }

    fn intersection_area(&self, other: &Self) -> f64 {
        self.aabb().intersection_area(&other.aabb())
    }

    fn area(&self) -> f64 {
        self.aabb().area()
    }

    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        self.chord_2(point)
    }

    fn min_max_dist_2(&self, point: &[f64; 3]) -> f64 {
        self.aabb().min_max_dist_2(point)
    }

    fn center(&self) -> [f64; 3] {
        self.aabb().center()
    }

    fn perimeter_value(&self) -> f64 {
        self.aabb().perimeter_value()
    }

    fn sort_envelopes<T: RTreeObject<Envelope = Self>>(axis: usize, envelopes: &mut [T]) {
        envelopes.sort_by(|a, b| a.envelope().low[axis].total_cmp(&b.envelope().low[axis]));
    }

    fn partition_envelopes<T: RTreeObject<Envelope = Self>>(
        axis: usize,
        envelopes: &mut [T],
        selection_size: usize,
    ) {
        envelopes.select_nth_unstable_by(selection_size, |a, b| {
            a.envelope().low[axis].total_cmp(&b.envelope().low[axis])
        });
    }
}
