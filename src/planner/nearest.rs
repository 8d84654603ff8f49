//! The nearest station of every place: exact, with the work shared between neighbours.
//!
//! # How neighbours share
//! A part of the places has a box around it and a short list of stations that may be the nearest of some place inside.
//! The list begins with whole buckets, is cut down by a bound that holds for the whole box, and is handed to the two
//! halves of the part, whose boxes are smaller; so most parts are left with one station before they are down to a
//! block. The bound: with c the middle of the box and n the station nearest to c, the difference of the squared chords
//! |p − q|² − |p − n|² is linear in p, so its least value over the box is known at once. Where it stays so large that
//! q is farther than n even on an ellipsoid, by more than [`NEAR_TIE_M`], q is dropped.
//!
//! # How it stays exact
//! As in a search: chords that could belong to equal distances are kept ([`no_farther_chord_2`]), their distances worked
//! out, and those within [`NEAR_TIE_M`] of the least settled by Karney's method to the micrometre, then by position.

use core::ops::Range;

use rayon::prelude::*;

use super::blocks::{BLOCK, PlaceBlocks};
use super::station_points::{Site, StationPoints};
use super::watch::{Cancelled, Watch};
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{self, EULER_LIMIT_M, EarthCentred, NEAR_TIE_M, chord_2, no_farther_chord_2};
use crate::domain::units::Meters;
use crate::index::micrometres;

/// Blocks that one thread works on at a time; progress is reported after each such part.
const PART_BLOCKS: usize = 512;

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
/// own distance; beyond 100 km that is a full geodesic, about 1 µs.
pub fn nearest(
    places: &PlaceBlocks,
    stations: &StationPoints,
    watch: &Watch,
) -> Result<Vec<Option<NearestStation>>, Cancelled> {
    let count = places.places().len();
    watch.expect(count);
    let mut found: Vec<Option<NearestStation>> = rayon::iter::repeat_n(None, count).collect();
    found
        .par_chunks_mut(PART_BLOCKS * BLOCK)
        .enumerate()
        .try_for_each(|(part, found)| {
            let first = part * PART_BLOCKS;
            let blocks = first..(first + PART_BLOCKS).min(places.block_count());
            let mut search = Search {
                places,
                first_place: first * BLOCK,
                sites: Vec::new(),
                found,
            };
            search.run(stations, blocks);
            watch.advance(search.found.len())
        })?;
    Ok(found)
}

/// The search for one part of the places.
struct Search<'a> {
    places: &'a PlaceBlocks,
    first_place: usize,
    /// A stack of lists: each part's stations follow those of the part that it is half of.
    sites: Vec<Site>,
    found: &'a mut [Option<NearestStation>],
}

impl Search<'_> {
    fn run(&mut self, stations: &StationPoints, blocks: Range<usize>) {
        if stations.is_empty() {
            return;
        }
        let around = self.places.box_around(blocks.clone());
        let (middle, half) = around.middle_and_half();
        let reach_m = stations.some_near_chord_2(&middle).sqrt() + length(half);
        let reach_m = reach_m + margin_m(reach_m);
        let near = stations.near_box(around, reach_m * reach_m);
        self.sites.extend(near.filter(|site| !site.is_repeated));
        let all = 0..self.sites.len();
        self.descend(blocks, all);
    }

    /// Cuts the list of a part down, and goes on with its halves.
    fn descend(&mut self, blocks: Range<usize>, above: Range<usize>) {
        let own = above.end..self.keep_possible(blocks.clone(), above);
        if own.len() == 1 || blocks.len() == 1 {
            for place in self.places.places_of(blocks) {
                self.found[place - self.first_place] = self.settle(place, own.clone());
            }
        } else {
            let middle = blocks.start + blocks.len() / 2;
            self.descend(blocks.start..middle, own.clone());
            self.descend(middle..blocks.end, own.clone());
        }
        self.sites.truncate(own.start);
    }

    /// Puts those of the stations `above` on the stack that may be the nearest somewhere in the box; gives its new end.
    fn keep_possible(&mut self, blocks: Range<usize>, above: Range<usize>) -> usize {
        let (middle, half) = self.places.box_around(blocks).middle_and_half();
        let chords_2 = self.sites[above.clone()]
            .iter()
            .map(|site| chord_2(&middle, &site.point));
        let Some((at, least_2)) = above.clone().zip(chords_2).min_by(|a, b| a.1.total_cmp(&b.1)) else {
            return above.end;
        };
        let (nearest, radius_m) = (self.sites[at].point, length(half));
        let least_m = least_2.sqrt();
        let margin_m = margin_m(least_m + radius_m);
        for at in above {
            let site = self.sites[at];
            let chord_2 = chord_2(&middle, &site.point);
            let turn: f64 = (0..3)
                .map(|axis| half[axis] * (site.point[axis] - nearest[axis]).abs())
                .sum();
            // The least that |p − q|² − |p − n|² is in the box, against the most that |p − q| + |p − n| is.
            let least_difference_2 = chord_2 - least_2 - 2.0 * turn;
            let most_sum_m = chord_2.sqrt() + least_m + 2.0 * radius_m;
            if least_difference_2 <= margin_m * most_sum_m {
                self.sites.push(site);
            }
        }
        self.sites.len()
    }

    /// The nearest of some stations, exactly.
    fn settle(&self, place: usize, own: Range<usize>) -> Option<NearestStation> {
        let (point, sites) = (self.places.point(place), &self.sites[own]);
        let chords_2 = sites.iter().map(|site| chord_2(&point, &site.point));
        let (mut best, mut least_2, mut second_2) = (None, f64::INFINITY, f64::INFINITY);
        for (site, chord_2) in sites.iter().zip(chords_2) {
            if chord_2 < least_2 {
                (best, second_2, least_2) = (Some(site), least_2, chord_2);
            } else {
                second_2 = second_2.min(chord_2);
            }
        }
        let from = (self.places.places()[place], &point);
        let reach_m = least_2.sqrt();
        let reach_m = reach_m + margin_m(reach_m);
        if second_2 > reach_m * reach_m {
            return best.map(|site| NearestStation {
                station: site.station,
                distance: distance(from, site),
            });
        }
        settle_near(from, sites, reach_m * reach_m)
    }
}

/// Of the stations whose chords are possible for the nearest, the one with the least distance to the micrometre, then
/// with the lowest position.
fn settle_near(from: (LonLat, &EarthCentred), sites: &[Site], reach_2: f64) -> Option<NearestStation> {
    let near = sites
        .iter()
        .filter(|site| chord_2(from.1, &site.point) <= reach_2);
    let measured: Vec<(Meters, &Site)> = near.map(|site| (distance(from, site), site)).collect();
    let least_m = measured
        .iter()
        .fold(f64::INFINITY, |least, (distance, _)| least.min(distance.get()));
    let exact = measured
        .iter()
        .filter(|(distance, _)| distance.get() <= least_m + NEAR_TIE_M)
        .map(|(_, site)| NearestStation {
            station: site.station,
            distance: geodesic::karney(from.0, site.place),
        });
    exact.min_by_key(|nearest| (micrometres(nearest.distance), nearest.station))
}

/// The distance from a place to a station: from the chord up to 100 km, by the full geodesic beyond.
#[inline]
pub(super) fn distance((place, point): (LonLat, &EarthCentred), site: &Site) -> Meters {
    if chord_2(point, &site.point) <= EULER_LIMIT_M * EULER_LIMIT_M {
        geodesic::euler(point, &site.point)
    } else {
        geodesic::karney(place, site.place)
    }
}

/// Chords beyond this length are not told apart by their lengths, metres.
const FAR_CHORD_M: f64 = 12_000_000.0;

/// How much longer than a chord another one can be while its place is no farther, metres; never less for a longer chord.
#[inline]
fn margin_m(chord_m: f64) -> f64 {
    if chord_m <= EULER_LIMIT_M {
        return no_farther_chord_2(chord_m * chord_m).sqrt() - chord_m;
    }
    if chord_m > FAR_CHORD_M {
        return f64::INFINITY;
    }
    let longest = geodesic::longest_for_chord_2(chord_m * chord_m);
    geodesic::max_chord_2(Meters::from_computed(longest.get() + NEAR_TIE_M)).sqrt() - chord_m
}

/// The length of a vector, metres.
fn length([x, y, z]: [f64; 3]) -> f64 {
    (x * x + y * y + z * z).sqrt()
}
