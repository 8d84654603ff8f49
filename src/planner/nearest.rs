//! The nearest station of every place: exact, with the work shared between neighbours.
//!
//! # How neighbours share
//! A run of places has a box around it and a short list of stations that may be the nearest of some place inside. The
//! list comes from one walk through the stations' tree of boxes, which begins with what the run before found; a run
//! whose list would be long is halved first, so a run is as long as the stations around it are sparse. Then the list is
//! cut down by a bound that holds for the whole box, and is handed to the two halves of the run, whose boxes are
//! smaller, until one station or a few places are left. The bound: with c the middle of the box and n the station nearest to c, the difference of the squared chords
//! |p − q|² − |p − n|² is linear in p, so its least value over the box is known at once. Where it stays so large that
//! q is farther than n even on an ellipsoid, by more than [`NEAR_TIE_M`], q is dropped.
//!
//! # How it stays exact
//! Two stations at the same chord can differ in distance, because the ellipsoid is not equally curved in all directions.
//! But neighbours differ little: among stations at one and the same distance from a place, the chord c changes by at
//! most 1.4e-17·c² a metre from station to station up to 3,000 km, and 2.5e-17·c² up to 19,000 km (a test below repeats
//! it). So a station q whose chord is longer than that of n by more than [`CHANGE`]·c²·|n − q| and a near tie is farther.
//! The few stations left get their distances, and those within [`NEAR_TIE_M`] of the least are settled by Karney's
//! method to the micrometre, then by position, as in a search. Distances from chords are used up to [`EULER_LIMIT_M`],
//! where two of them are off by 0.1 mm together at most: half of a near tie, so the nearest is always among those.
//! Beyond 19,000 km chords decide nothing, and [`antipodes`] takes the place over.

use core::ops::Range;

use rayon::prelude::*;

use super::antipodes;
use super::blocks::{BLOCK, PlaceBlocks};
use super::cuboid::{Cuboid, lanes_within};
use super::station_points::StationPoints;
use super::watch::{Cancelled, Watch};
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{self, EULER_LIMIT_M, EarthCentred, NEAR_TIE_M, chord_2};
use crate::domain::units::Meters;
use crate::index::micrometres;

/// Places that one thread works on at a time; progress is reported after each such part.
const PART: usize = 4096;
/// Stations in a list that is worth going on with, however few its places are.
const FEW: usize = 64;
/// Places that are settled together, once their list is shared.
const TOGETHER: usize = 16;

/// The nearest station of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearestStation {
    /// Position of the station; of several at the same distance the first.
    pub station: u32,
    /// Geodesic distance in metres.
    pub distance: Meters,
}

/// The nearest station of every place, in the order of the blocks; all `None` without stations.
///
/// On all threads; the answer does not depend on their number. Places among few stations cost little more than their
/// own distance; beyond 700 km that is a full geodesic, about 1 µs, and near the antipodes of all stations some hundreds.
pub fn nearest(
    places: &PlaceBlocks,
    stations: &StationPoints,
    watch: &Watch,
) -> Result<Vec<Option<NearestStation>>, Cancelled> {
    let count = places.places().len();
    watch.expect(count);
    let mut found: Vec<Option<NearestStation>> = rayon::iter::repeat_n(None, count).collect();
    found
        .par_chunks_mut(PART)
        .enumerate()
        .try_for_each(|(part, found)| {
            let mut search = Search {
                places,
                stations,
                first_place: part * PART,
                seed: None,
                listed: Vec::new(),
                found,
            };
            search.run();
            watch.advance(search.found.len())
        })?;
    Ok(found)
}

/// A station in a list.
#[derive(Debug, Clone, Copy)]
struct Listed {
    point: EarthCentred,
    station: u32,
    bucket: u32,
}

/// The search for one part of the places.
struct Search<'a> {
    places: &'a PlaceBlocks,
    stations: &'a StationPoints,
    first_place: usize,
    /// The bucket of the last station that was the nearest: it is not far from the places that follow.
    seed: Option<u32>,
    /// A stack of lists: each part's stations follow those of the part that it is half of.
    listed: Vec<Listed>,
    found: &'a mut [Option<NearestStation>],
}

/// The two halves of some places; of more than a block, whole blocks.
fn halves(places: &Range<usize>) -> [Range<usize>; 2] {
    let half = places.len() / 2;
    let middle = places.start
        + if half > BLOCK {
            half.next_multiple_of(BLOCK)
        } else if places.len() > BLOCK {
            BLOCK
        } else {
            half
        };
    [places.start..middle, middle..places.end]
}

impl Search<'_> {
    fn run(&mut self) {
        if !self.stations.is_empty() {
            self.search(self.first_place..self.first_place + self.found.len());
        }
    }

    /// Settles some places from one list, or from two for their halves when it would be long.
    fn search(&mut self, places: Range<usize>) {
        let around = self.places.box_of(&places);
        let most = if places.len() == 1 {
            usize::MAX
        } else {
            FEW.max(places.len() / 8)
        };
        let is_listed = self.list(&around, most);
        if is_listed {
            self.descend(places, &around, 0..self.listed.len());
            self.listed.clear();
        } else {
            self.listed.clear();
            for half in halves(&places) {
                self.search(half);
            }
        }
    }

    /// Lists the stations that may be the nearest of something in a box, unless they are more than `most`.
    fn list(&mut self, around: &Cuboid, most: usize) -> bool {
        let (stations, listed) = (self.stations, &mut self.listed);
        // Everything in the box has a station within this chord.
        let bound_2_of = |bucket| {
            let (least_2, greatest_2) = around.chords_2_to_all(stations.columns(bucket));
            (
                least_2,
                greatest_2
                    .iter()
                    .fold(f64::INFINITY, |a, b| if *b < a { *b } else { a }),
            )
        };
        let mut bound_2 = self
            .seed
            .map_or(f64::INFINITY, |seed| bound_2_of(seed as usize).1);
        let mut is_listed = true;
        stations
            .tree()
            .walk(around, no_farther_chord_2(bound_2), &mut |bucket, mut reach_2| {
                let (least_2, nearest_2) = bound_2_of(bucket);
                if nearest_2 < bound_2 {
                    bound_2 = nearest_2;
                    reach_2 = no_farther_chord_2(bound_2);
                }
                let sites = stations.sites(bucket);
                for lane in lanes_within(&least_2, reach_2).filter(|&lane| !sites[lane].is_repeated) {
                    #[expect(clippy::cast_possible_truncation, reason = "fewer buckets than stations")]
                    let number = bucket as u32;
                    listed.push(Listed {
                        point: stations.point(bucket, lane),
                        station: sites[lane].station,
                        bucket: number,
                    });
                }
                is_listed = listed.len() <= most;
                if is_listed { reach_2 } else { -1.0 }
            });
        is_listed
    }

    /// Cuts the list of some places down, and goes on with their halves.
    fn descend(&mut self, places: Range<usize>, around: &Cuboid, above: Range<usize>) {
        let own = above.end..self.keep_possible(around, above);
        if own.len() == 1 {
            for start in places.clone().step_by(TOGETHER) {
                self.measure_together(start..(start + TOGETHER).min(places.end), &[own.start; TOGETHER]);
            }
            self.seed = Some(self.listed[own.start].bucket);
        } else if places.len() <= TOGETHER {
            self.settle_together(places, own.clone());
        } else {
            for half in halves(&places) {
                let around = self.places.box_of(&half);
                self.descend(half, &around, own.clone());
            }
        }
        self.listed.truncate(own.start);
    }

    /// Puts those of the stations `above` on the stack that may be the nearest somewhere in the box; gives its new end.
    fn keep_possible(&mut self, around: &Cuboid, above: Range<usize>) -> usize {
        let (middle, half) = around.middle_and_half();
        let (mut nearest, mut least_2) = (middle, f64::INFINITY);
        for site in &self.listed[above.clone()] {
            let length_2 = chord_2(&middle, &site.point);
            if length_2 < least_2 {
                (nearest, least_2) = (site.point, length_2);
            }
        }
        let (least_m, radius_m) = (least_2.sqrt(), length(half));
        let change = change(least_m + radius_m);
        // By the inequality of means √x ≤ (x/s + s)/2 for any s: no root is needed for a bound.
        let scale_m = (least_m + radius_m).max(1.0);
        let at_most_m = |length_2: f64| 0.5 * (length_2 / scale_m + scale_m);
        let start = self.listed.len();
        self.listed.extend_from_within(above);
        let mut end = start;
        for at in start..self.listed.len() {
            let site = self.listed[at];
            let length_2 = chord_2(&middle, &site.point);
            let [x, y, z]: [f64; 3] =
                core::array::from_fn(|axis| half[axis] * (site.point[axis] - nearest[axis]).abs());
            // The least that |p − q|² − |p − n|² is in the box, against the most that |p − q| + |p − n| is.
            let least_difference_2 = length_2 - least_2 - 2.0 * (x + y + z);
            let margin_m = change * at_most_m(chord_2(&nearest, &site.point)) + NEAR_M;
            let is_possible =
                least_difference_2 <= margin_m * (at_most_m(length_2) + least_m + 2.0 * radius_m);
            self.listed[end] = site;
            end += usize::from(is_possible);
        }
        self.listed.truncate(end);
        end
    }

    /// A station of the stack with its distance from a place.
    fn measure(&self, place: usize, at: usize) -> NearestStation {
        let (from, site) = (self.places.places()[place], self.listed[at]);
        let station = (self.stations.place(site.station), &site.point);
        NearestStation {
            station: site.station,
            distance: distance((from, &self.places.point(place)), station),
        }
    }

    /// Finds the nearest of several stations for each of at most [`TOGETHER`] places.
    fn settle_together(&mut self, places: Range<usize>, own: Range<usize>) {
        let (mut least_2, mut second_2) = ([f64::INFINITY; TOGETHER], [f64::INFINITY; TOGETHER]);
        let mut nearest = [0_u64; TOGETHER];
        let [x, y, z] = self.places.columns(&places);
        for (site, number) in self.listed[own.clone()].iter().zip(0_u64..) {
            // Written with choices instead of branches, so that several places are worked out at a time.
            let lanes = least_2.iter_mut().zip(&mut second_2).zip(&mut nearest);
            for (((least_2, second_2), nearest), ((x, y), z)) in lanes.zip(x.iter().zip(y).zip(z)) {
                let length_2 = chord_2(&[*x, *y, *z], &site.point);
                let is_nearer = length_2 < *least_2;
                let loser_2 = if is_nearer { *least_2 } else { length_2 };
                *second_2 = if loser_2 < *second_2 { loser_2 } else { *second_2 };
                *nearest = if is_nearer { number } else { *nearest };
                *least_2 = if is_nearer { length_2 } else { *least_2 };
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "counts the stations of a list")]
        let at = nearest.map(|number| own.start + number as usize);
        self.measure_together(places.clone(), &at);
        for (lane, place) in places.enumerate() {
            if second_2[lane] <= no_farther_chord_2(least_2[lane]) {
                self.found[place - self.first_place] = Some(self.settle(place, at[lane], own.clone()));
            }
        }
        self.seed = Some(self.listed[at[0]].bucket);
    }

    /// Writes down the distances of at most [`TOGETHER`] places from a station of the stack each.
    fn measure_together(&mut self, places: Range<usize>, at: &[usize; TOGETHER]) {
        let (mut from, mut to) = ([[0.0; TOGETHER]; 3], [[0.0; TOGETHER]; 3]);
        for (axis, column) in self.places.columns(&places).into_iter().enumerate() {
            from[axis][..places.len()].copy_from_slice(column);
            for (to, at) in to[axis].iter_mut().zip(at) {
                *to = self.listed[*at].point[axis];
            }
        }
        let mut distances = [Meters::ZERO; TOGETHER];
        for lane in 0..TOGETHER {
            let [from, to] =
                [&from, &to].map(|columns| [columns[0][lane], columns[1][lane], columns[2][lane]]);
            distances[lane] = geodesic::euler(&from, &to);
        }
        let found = &mut self.found[places.start - self.first_place..places.end - self.first_place];
        for (lane, found) in found.iter_mut().enumerate() {
            let [from, to] =
                [&from, &to].map(|columns| [columns[0][lane], columns[1][lane], columns[2][lane]]);
            let station = self.listed[at[lane]].station;
            let is_near = chord_2(&from, &to) <= EULER_LIMIT_M * EULER_LIMIT_M;
            let distance = if is_near {
                distances[lane]
            } else {
                geodesic::karney(
                    self.places.places()[places.start + lane],
                    self.stations.place(station),
                )
            };
            *found = Some(NearestStation { station, distance });
        }
    }

    /// The nearest where chords alone do not decide: to the micrometre, then by position. `at` has the least chord.
    fn settle(&self, place: usize, at: usize, own: Range<usize>) -> NearestStation {
        let (point, nearest) = (self.places.point(place), &self.listed[at].point);
        let least_m = chord_2(&point, nearest).sqrt();
        if least_m > FAR_CHORD_M {
            return antipodes::nearest(
                self.places.places()[place],
                self.stations,
                self.listed[at].station,
            );
        }
        let change = change(least_m);
        let is_possible = |other: &usize| {
            let other = &self.listed[*other].point;
            let margin_m = change * chord_2(nearest, other).sqrt() + NEAR_M;
            chord_2(&point, other).sqrt() <= least_m + margin_m
        };
        let possible = own.filter(is_possible).map(|at| self.measure(place, at));
        let measured: Vec<NearestStation> = possible.collect();
        let least = measured.iter().map(|found| found.distance.get());
        let most_m = least.fold(f64::INFINITY, f64::min) + NEAR_TIE_M;
        let mut ties = measured.iter().filter(|found| found.distance.get() <= most_m);
        if let (Some(only), None) = (ties.next(), ties.next()) {
            return *only;
        }
        let ties = measured.iter().filter(|found| found.distance.get() <= most_m);
        let exact = ties.map(|found| NearestStation {
            distance: geodesic::karney(self.places.places()[place], self.stations.place(found.station)),
            ..*found
        });
        exact
            .min_by_key(|found| (micrometres(found.distance), found.station))
            .unwrap_or_else(|| self.measure(place, at))
    }
}

/// The distance between two places: from the chord up to 700 km, by the full geodesic beyond.
#[inline]
pub(super) fn distance(from: (LonLat, &EarthCentred), to: (LonLat, &EarthCentred)) -> Meters {
    if chord_2(from.1, to.1) <= EULER_LIMIT_M * EULER_LIMIT_M {
        geodesic::euler(from.1, to.1)
    } else {
        geodesic::karney(from.0, to.0)
    }
}

/// Among stations at one distance from a place, how much the chord c changes from one to another a metre and c²; 1/m².
const CHANGE: f64 = 3e-17;
/// Beyond this chord (19,000 km; the antipodes are near) every station counts as possible, metres.
const FAR_CHORD_M: f64 = 12_700_000.0;
/// A change that nothing exceeds; finite, so that a station is zero away from itself.
const EVERYTHING: f64 = 1e30;
/// Chords that are this close are worth a look whatever their direction: a near tie and rounding, metres.
const NEAR_M: f64 = 1.1 * NEAR_TIE_M;

/// How much the chord changes among stations at the same distance, a metre from one to another, for chords up to this.
#[inline]
fn change(chord_m: f64) -> f64 {
    if chord_m > FAR_CHORD_M {
        EVERYTHING
    } else {
        CHANGE * chord_m * chord_m
    }
}

/// How much longer the chord of a station no farther can be, wherever it stands: the two are at most as far apart as the
/// sum of their chords.
#[inline]
fn farthest_margin_m(chord_m: f64) -> f64 {
    change(chord_m) * 2.1 * chord_m + NEAR_M
}

/// The square of the longest chord of a station no farther than one with this square is, wherever it stands, m².
#[inline]
fn no_farther_chord_2(chord_2: f64) -> f64 {
    let chord_m = chord_2.sqrt();
    let reach_m = chord_m + farthest_margin_m(chord_m);
    reach_m * reach_m
}

/// The length of a vector, metres.
fn length([x, y, z]: [f64; 3]) -> f64 {
    (x * x + y * y + z * z).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::geodesic::{direct, earth_centred};

    #[test]
    fn chords_of_equal_distances_change_as_little_as_the_documentation_says() {
        let mut draw = 1_u64;
        let mut unit = || {
            draw = draw
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (draw >> 11) as f64 / (1_u64 << 53) as f64
        };
        for (length_m, allowed) in [(1e5, 1.4e-17), (3e6, 1.45e-17), (1e7, 1.7e-17), (1.9e7, 2.5e-17)] {
            for _ in 0..5000 {
                let from = LonLat::from_computed(unit() * 360.0, (2.0 * unit() - 1.0).asin().to_degrees());
                let azimuth = unit() * 360.0;
                let other = azimuth + 180.0 * unit() * unit() * unit();
                let ends = [azimuth, other].map(|azimuth| earth_centred(direct(from, azimuth, length_m)));
                let point = earth_centred(from);
                let [one_m, other_m] = ends.map(|end| chord_2(&point, &end).sqrt());
                let (apart_m, largest_m) = (chord_2(&ends[0], &ends[1]).sqrt(), one_m.max(other_m));
                assert!(
                    (one_m - other_m).abs() <= allowed * largest_m * largest_m * apart_m + 1e-6,
                    "{length_m} {from:?} {azimuth} {other}"
                );
            }
        }
    }
}
