//! All stations within a radius of every place: exact, with the work shared between neighbours.
//!
//! A part of the places has a box around it. A station that is out of reach of the whole box is dropped, one that reaches
//! all of it is kept without asking again, and only the rest is handed on to the halves of the part to be told apart. So
//! where everything is within the radius, a long list is put together once for thousands of places.

use core::ops::Range;

use rayon::prelude::*;

use super::blocks::{BLOCK, PlaceBlocks};
use super::cuboid::Cuboid;
use super::nearest::distance;
use super::station_points::StationPoints;
use super::watch::{Cancelled, Watch};
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{self, EarthCentred, NEAR_TIE_M, chord_2, earth_centred};
use crate::domain::units::Meters;
use crate::index::micrometres;

/// Blocks that one thread works on at a time, unless there are so many that [`MAX_PARTS`] would be exceeded.
const PART_BLOCKS: usize = 256;
/// At most this many intermediate answers are held.
const MAX_PARTS: usize = 256;

/// Visits every place once with the stations within the radius, on all threads.
///
/// A station at exactly the radius is in, by the rule of a search: distances count to the micrometre. `visit` gets the
/// answer of its part of the places (begun by `init`), the place's position in the order of the blocks, and the stations'
/// positions, ascending. The answers of the parts are merged in the order of the places; which places make a part depends
/// on their number alone, so the answer is the same on any number of threads.
#[expect(
    clippy::too_many_arguments,
    reason = "three things to read and the three functions of a fold"
)]
pub fn fold_within<A: Send>(
    places: &PlaceBlocks,
    stations: &StationPoints,
    radius: Meters,
    watch: &Watch,
    init: impl Fn() -> A + Sync,
    visit: impl Fn(&mut A, usize, &[u32]) + Sync,
    mut merge: impl FnMut(&mut A, A),
) -> Result<A, Cancelled> {
    watch.expect(places.places().len());
    let limit = Limit::of(radius);
    let part_blocks = PART_BLOCKS.max(places.block_count().div_ceil(MAX_PARTS));
    let parts = places.block_count().div_ceil(part_blocks);
    let answers: Result<Vec<A>, Cancelled> = (0..parts)
        .into_par_iter()
        .with_max_len(1)
        .map(|part| {
            let mut answer = init();
            let mut first = part * part_blocks;
            let end = (first + part_blocks).min(places.block_count());
            while first < end {
                let blocks = first..(first + PART_BLOCKS).min(end);
                first = blocks.end;
                let count = places.places_of(blocks.clone()).len();
                Fold::new(places, stations, limit, |place: usize, stations: &[u32]| {
                    // With many stations a part takes long, and nobody waits for the rest of it.
                    if !watch.is_cancelled() {
                        visit(&mut answer, place, stations);
                    }
                })
                .run(blocks);
                watch.advance(count)?;
            }
            Ok(answer)
        })
        .collect();
    let mut answers = answers?.into_iter();
    let mut whole = answers.next().unwrap_or_else(init);
    for answer in answers {
        merge(&mut whole, answer);
    }
    Ok(whole)
}

/// Visits the places within the radius of a point, in their order, by the same rule. Takes time for the blocks that the
/// circle cuts and for the places that it holds.
pub(super) fn for_each_within(
    places: &PlaceBlocks,
    from: LonLat,
    limit: &Limit,
    mut visit: impl FnMut(usize),
) {
    let point = earth_centred(from);
    let around = Cuboid::around([&point[..1], &point[1..2], &point[2..]]);
    let mut blocks: Vec<usize> = Vec::new();
    places
        .tree()
        .walk(&around, limit.surely_out_2, &mut |block, reach_2| {
            blocks.push(block);
            reach_2
        });
    blocks.sort_unstable();
    for block in blocks {
        let own = places.places_of(block..block + 1);
        if places.box_at(block).chords_2_to(&point).1 <= limit.surely_in_2 {
            own.for_each(&mut visit);
            continue;
        }
        let [x, y, z] = places.columns(&own);
        let mut chords_2 = [f64::INFINITY; BLOCK];
        for (chord, ((x, y), z)) in chords_2.iter_mut().zip(x.iter().zip(y).zip(z)) {
            *chord = chord_2(&[*x, *y, *z], &point);
        }
        for (place, chord_2) in own.zip(chords_2) {
            let is_within = chord_2 <= limit.surely_in_2
                || (chord_2 <= limit.surely_out_2
                    && is_exactly_within(
                        limit.radius,
                        (places.places()[place], &places.point(place)),
                        (from, &point),
                    ));
            if is_within {
                visit(place);
            }
        }
    }
}

/// The radius, and the squared chords that decide without a distance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    radius: Meters,
    /// A chord up to this square is within the radius in any direction, m²; negative when none is.
    surely_in_2: f64,
    /// A chord beyond this square is not, m².
    surely_out_2: f64,
}

impl Limit {
    pub fn of(radius: Meters) -> Self {
        // The longest chord all of whose geodesics are within the radius lies between these two, and halving finds it.
        let surely_out_2 = geodesic::max_chord_2(Meters::from_computed(radius.get() + 1e-5));
        let (mut low_m, mut high_m) = (0.0, surely_out_2.sqrt());
        for _ in 0..64 {
            let middle_m = f64::midpoint(low_m, high_m);
            if geodesic::longest_for_chord_2(middle_m * middle_m) <= radius {
                low_m = middle_m;
            } else {
                high_m = middle_m;
            }
        }
        Self {
            radius,
            surely_in_2: if low_m > 0.0 { low_m * low_m } else { -1.0 },
            surely_out_2,
        }
    }
}

/// A station in a list, and whether it reaches every place that the list is for.
#[derive(Debug, Clone, Copy)]
struct Listed {
    point: EarthCentred,
    station: u32,
    reaches_all: bool,
}

/// The work on one part of the places.
struct Fold<'a, V> {
    places: &'a PlaceBlocks,
    stations: &'a StationPoints,
    limit: Limit,
    visit: V,
    /// A stack of lists, each ascending by position: each part's follows that of the part that it is half of.
    listed: Vec<Listed>,
    /// The stations of the place in hand.
    within: Vec<u32>,
    /// Which of the list that is.
    pattern: Vec<bool>,
}

impl<'a, V: FnMut(usize, &[u32])> Fold<'a, V> {
    const fn new(places: &'a PlaceBlocks, stations: &'a StationPoints, limit: Limit, visit: V) -> Self {
        Self {
            places,
            stations,
            limit,
            visit,
            listed: Vec::new(),
            within: Vec::new(),
            pattern: Vec::new(),
        }
    }

    fn run(&mut self, blocks: Range<usize>) {
        let around = self.places.box_around(blocks.clone());
        let (stations, listed) = (self.stations, &mut self.listed);
        stations
            .tree()
            .walk(&around, self.limit.surely_out_2, &mut |bucket, reach_2| {
                let sites = stations.sites(bucket).iter().enumerate();
                listed.extend(sites.map(|(lane, site)| Listed {
                    point: stations.point(bucket, lane),
                    station: site.station,
                    reaches_all: false,
                }));
                reach_2
            });
        self.listed.sort_unstable_by_key(|listed| listed.station);
        let all = 0..self.listed.len();
        self.descend(blocks, all);
    }

    /// Cuts the list of a part down, and goes on with its halves.
    fn descend(&mut self, blocks: Range<usize>, above: Range<usize>) {
        let around = self.places.box_around(blocks.clone());
        let mut is_settled = true;
        for at in above.clone() {
            let mut listed = self.listed[at];
            if !listed.reaches_all {
                let (least_2, greatest_2) = around.chords_2_to(&listed.point);
                if least_2 > self.limit.surely_out_2 {
                    continue;
                }
                listed.reaches_all = greatest_2 <= self.limit.surely_in_2;
                is_settled &= listed.reaches_all;
            }
            self.listed.push(listed);
        }
        let own = above.end..self.listed.len();
        if is_settled {
            self.visit_alike(blocks, own.clone());
        } else if blocks.len() == 1 {
            self.visit_apart(blocks, own.clone());
        } else {
            let middle = blocks.start + blocks.len() / 2;
            self.descend(blocks.start..middle, own.clone());
            self.descend(middle..blocks.end, own.clone());
        }
        self.listed.truncate(own.start);
    }

    /// Visits places that are all reached by the whole list.
    fn visit_alike(&mut self, blocks: Range<usize>, own: Range<usize>) {
        self.within.clear();
        self.within
            .extend(self.listed[own].iter().map(|listed| listed.station));
        for place in self.places.places_of(blocks) {
            (self.visit)(place, &self.within);
        }
    }

    /// Visits places one by one. Neighbours are mostly reached by the same stations; then the list is used again.
    fn visit_apart(&mut self, blocks: Range<usize>, own: Range<usize>) {
        self.pattern.clear();
        self.pattern.resize(own.len(), false);
        self.within.clear();
        for place in self.places.places_of(blocks) {
            let from = (self.places.places()[place], &self.places.point(place));
            let mut is_changed = false;
            for (listed, was_within) in self.listed[own.clone()].iter().zip(&mut self.pattern) {
                let is_within = listed.reaches_all || {
                    let chord_2 = chord_2(from.1, &listed.point);
                    chord_2 <= self.limit.surely_in_2
                        || (chord_2 <= self.limit.surely_out_2 && {
                            let station = (self.stations.place(listed.station), &listed.point);
                            is_exactly_within(self.limit.radius, from, station)
                        })
                };
                is_changed |= is_within != *was_within;
                *was_within = is_within;
            }
            if is_changed {
                let chosen = self.listed[own.clone()].iter().zip(&self.pattern);
                let chosen = chosen.filter(|(_, is_within)| **is_within);
                self.within.clear();
                self.within.extend(chosen.map(|(listed, _)| listed.station));
            }
            (self.visit)(place, &self.within);
        }
    }
}

/// Whether a station lies within the radius, by the full geodesic where it is close.
fn is_exactly_within(
    radius: Meters,
    from: (LonLat, &EarthCentred),
    station: (LonLat, &EarthCentred),
) -> bool {
    let mut distance = distance(from, station);
    if (distance.get() - radius.get()).abs() <= NEAR_TIE_M {
        distance = geodesic::karney(from.0, station.0);
    }
    micrometres(distance) <= micrometres(radius)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_within_reach_of_a_point_are_those_of_karney_in_their_order() {
        let mut draw = 3_u64;
        let mut unit = || {
            draw = draw
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (draw >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut given: Vec<LonLat> = (0..6_000)
            .map(|number| match number % 5 {
                0 => LonLat::from_computed(unit() * 360.0, (2.0 * unit() - 1.0).asin().to_degrees()),
                1 => LonLat::from_computed(unit() * 360.0, 90.0 - unit() * 0.1),
                2 => LonLat::from_computed(179.9 + unit() * 0.2, unit() * 0.1),
                _ => LonLat::from_computed(109.4 + unit() * 0.2, 18.2 + unit() * 0.2),
            })
            .collect();
        given.extend([given[3]; 40]);
        let places = PlaceBlocks::build(&given);
        for from in (0..places.places().len()).step_by(397) {
            let from = places.places()[from];
            let somebody = places.places()[(from.lon_deg().to_bits() % 6_000) as usize];
            for radius in [
                Meters::from_computed(1.0),
                Meters::from_computed(833.333),
                Meters::from_computed(9_000.0),
                Meters::from_computed(2_000_000.0),
                // Somebody stands on the rim.
                geodesic::karney(somebody, from),
            ] {
                let mut found = Vec::new();
                for_each_within(&places, from, &Limit::of(radius), |place| found.push(place));
                let is_within =
                    |place: &LonLat| micrometres(geodesic::karney(*place, from)) <= micrometres(radius);
                let expected = places.places().iter().enumerate();
                let expected: Vec<usize> = expected
                    .filter(|(_, place)| is_within(place))
                    .map(|(at, _)| at)
                    .collect();
                assert_eq!(found, expected, "{from:?} {radius:?}");
            }
        }
        for_each_within(
            &PlaceBlocks::build(&[]),
            given[0],
            &Limit::of(Meters::ZERO),
            |_| unreachable!(),
        );
    }
}
