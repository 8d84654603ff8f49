//! Means, maxima and exact percentiles of millions of weighted distances, for many groups at once, without sorting them.
//!
//! # How
//! A first pass adds the weights up in bins of distance, narrow ones near by and wider ones far away. Their sums tell into
//! which bin a percentile falls. A second pass picks the places of those bins out, a few in a hundred, and only these are
//! sorted. Places are taken in runs whose bounds depend on their number alone, and the sums of the runs are added in their
//! order, so the answer is the same on any number of threads.

use core::ops::Range;

use rayon::prelude::*;

use super::coverage::{Group, Groups, has_districts};
use super::demand::Demand;
use super::distances::{DistanceFigures, DistanceRow};
use super::reach::NearestStation;

/// The shares of weight that the percentiles stand for.
const QUANTILES: [f64; 3] = [0.5, 0.9, 0.99];
/// Places of a run, unless there are so many that [`MAX_RUNS`] would be exceeded.
const RUN: usize = 16_384;
/// At most so many sums are held at a time.
const MAX_RUNS: usize = 64;
/// Powers of two that a distance in centimetres can have: no geodesic is longer than 2.1e9 cm.
const OCTAVES: usize = 32;
/// At most 2⁷ bins a power of two, each 0.8 % of its distance wide or less.
const FINEST: u32 = 7;
/// Sums come in another order than their total did, so the last place may miss it by a rounding.
const ROUNDING: f64 = 1e-12;

/// Distances of places, to be summed for all of them together and for each district.
#[derive(Clone, Copy)]
pub(super) struct Measured<'a> {
    demand: &'a Demand,
    groups: &'a Groups<'a>,
    nearest: &'a [Option<NearestStation>],
}

/// The sums of one group: all places together (group 0), or those of a district (1 and on).
#[derive(Clone)]
struct Bins {
    fineness: u32,
    /// For each column the sum of weight × distance, and the largest distance with any weight.
    moments: Vec<(f64, f64)>,
    /// For each bin the weight of each column; column 0 counts the places.
    weights: Vec<f64>,
}

/// Where a percentile lies.
#[derive(Clone, Copy, Default)]
struct Target {
    bin: usize,
    /// The weight in the bins before.
    before: f64,
    /// The weight to be reached.
    least: f64,
}

/// A group's totals and, for each column, where its percentiles lie; `None` for a column without weight.
struct Aimed {
    fineness: u32,
    totals: Vec<Option<(f64, [Target; 3])>>,
    is_wanted: Vec<bool>,
}

/// A place near a percentile: its group, its distance in centimetres, its number.
type Picked = (u32, u32, u32);

impl<'a> Measured<'a> {
    /// Distances by place, in the order of the demand.
    pub(super) const fn new(
        demand: &'a Demand,
        groups: &'a Groups<'a>,
        nearest: &'a [Option<NearestStation>],
    ) -> Self {
        Self {
            demand,
            groups,
            nearest,
        }
    }

    /// Figures of all places together, and then of each district; `None` where there is no place with a distance.
    pub(super) fn rows(&self) -> Vec<Option<DistanceRow>> {
        let bins = self.bins();
        let aimed: Vec<Option<Aimed>> = bins.iter().map(|bins| Some(bins.as_ref()?.aim())).collect();
        let mut picked = self.picked(&aimed);
        picked.par_sort_unstable();
        let row = |((group, bins), aimed): ((u32, &Option<Bins>), &Option<Aimed>)| {
            let start = picked.partition_point(|picked| picked.0 < group);
            let end = picked.partition_point(|picked| picked.0 <= group);
            Some(self.row(bins.as_ref()?, aimed.as_ref()?, &picked[start..end]))
        };
        (0..).zip(&bins).zip(&aimed).map(row).collect()
    }

    fn columns(&self) -> usize {
        self.demand.weights().len() + 1
    }

    #[inline]
    fn weight(&self, place: usize, column: usize) -> f64 {
        match column {
            0 => 1.0,
            _ => self.demand.weights()[column - 1].values[place],
        }
    }

    fn runs(&self) -> impl IndexedParallelIterator<Item = Range<usize>> {
        let places = self.nearest.len();
        let run = RUN.max(places.div_ceil(MAX_RUNS));
        let runs = (0..places.div_ceil(run)).into_par_iter().with_max_len(1);
        runs.map(move |number| number * run..((number + 1) * run).min(places))
    }

    /// Visits the places of a run that count, with their districts and distances in metres.
    #[inline]
    fn each(&self, run: Range<usize>, mut visit: impl FnMut(usize, usize, f64)) {
        for (place, hit) in run.clone().zip(&self.nearest[run]) {
            if let (Some(hit), Group::District(district)) = (hit, self.groups.of(place)) {
                visit(place, district as usize, hit.distance.get());
            }
        }
    }

    /// The sums of every group that holds a place.
    fn bins(&self) -> Vec<Option<Bins>> {
        let sizes = self.demand.places_by_area();
        let has_districts = has_districts(self.demand);
        let groups = 1 + if has_districts { sizes.len() } else { 0 };
        let columns = self.columns();
        let of_run = |run: Range<usize>| {
            let mut sums: Vec<Option<Bins>> = vec![None; groups];
            self.each(run, |place, district, distance_m| {
                let centimetres = centimetres(distance_m);
                let weight = |column| self.weight(place, column);
                let all = sums[0].get_or_insert_with(|| Bins::new(self.nearest.len(), columns));
                all.add(centimetres, distance_m, weight);
                if has_districts {
                    let own = sums[district + 1].get_or_insert_with(|| Bins::new(sizes[district], columns));
                    own.add(centimetres, distance_m, weight);
                }
            });
            sums
        };
        let runs: Vec<Vec<Option<Bins>>> = self.runs().map(of_run).collect();
        let mut sums: Vec<Option<Bins>> = vec![None; groups];
        for run in runs {
            for (sum, more) in sums.iter_mut().zip(run) {
                match (sum.as_mut(), more) {
                    (Some(sum), Some(more)) => sum.add_all(&more),
                    (None, more) => *sum = more,
                    (Some(_), None) => {}
                }
            }
        }
        sums
    }

    /// The places in the bins that percentiles fall into, in no order.
    fn picked(&self, aimed: &[Option<Aimed>]) -> Vec<Picked> {
        let of_run = |run: Range<usize>| {
            let mut picked: Vec<Picked> = Vec::new();
            self.each(run, |place, district, distance_m| {
                let centimetres = centimetres(distance_m);
                for group in [0, district + 1] {
                    let aimed = aimed.get(group).and_then(Option::as_ref);
                    if aimed.is_some_and(|aimed| aimed.is_wanted[bin_of(centimetres, aimed.fineness)]) {
                        picked.push((to_u32(group), centimetres, to_u32(place)));
                    }
                }
            });
            picked
        };
        let runs: Vec<Vec<Picked>> = self.runs().map(of_run).collect();
        runs.concat()
    }

    /// The figures of a group; `picked` are its places near percentiles, by distance.
    fn row(&self, bins: &Bins, aimed: &Aimed, picked: &[Picked]) -> DistanceRow {
        let columns = aimed.totals.iter().zip(&bins.moments).enumerate();
        let mut figures = columns.map(|(column, (total, (moment, max_m)))| {
            let (weight, targets) = total.as_ref()?;
            let [median_m, p90_m, p99_m] =
                targets.map(|target| self.distance_m(column, (&target, aimed.fineness), picked));
            Some(DistanceFigures {
                mean_m: moment / weight,
                median_m,
                p90_m,
                p99_m,
                max_m: *max_m,
            })
        });
        DistanceRow {
            places: figures.next().flatten(),
            weights: figures.collect(),
        }
    }

    /// The distance at which enough weight has passed.
    fn distance_m(&self, column: usize, (target, fineness): (&Target, u32), picked: &[Picked]) -> f64 {
        let start = picked.partition_point(|picked| bin_of(picked.1, fineness) < target.bin);
        let in_bin = picked[start..]
            .iter()
            .take_while(|picked| bin_of(picked.1, fineness) == target.bin);
        let (mut passed, mut last) = (target.before, 0);
        for (_, centimetres, place) in in_bin {
            let weight = self.weight(*place as usize, column);
            if weight > 0.0 {
                passed += weight;
                last = *centimetres;
            }
            if passed >= target.least {
                break;
            }
        }
        f64::from(last) / 100.0
    }
}

impl Bins {
    fn new(places: usize, columns: usize) -> Self {
        // At least 16 places a bin, so that bins take little beside the places.
        let fineness = (places / (16 * OCTAVES)).max(1).ilog2().min(FINEST);
        Self {
            fineness,
            moments: vec![(0.0, 0.0); columns],
            weights: vec![0.0; (OCTAVES << fineness) * columns],
        }
    }

    #[inline]
    fn add(&mut self, centimetres: u32, distance_m: f64, weight: impl Fn(usize) -> f64) {
        let columns = self.moments.len();
        let first = bin_of(centimetres, self.fineness) * columns;
        let in_bin = self.weights[first..first + columns].iter_mut();
        for (column, (sum, (moment, max_m))) in in_bin.zip(&mut self.moments).enumerate() {
            let weight = weight(column);
            *sum += weight;
            *moment += weight * distance_m;
            if weight > 0.0 && distance_m > *max_m {
                *max_m = distance_m;
            }
        }
    }

    fn add_all(&mut self, other: &Self) {
        for (sum, more) in self.weights.iter_mut().zip(&other.weights) {
            *sum += more;
        }
        for (sum, more) in self.moments.iter_mut().zip(&other.moments) {
            *sum = (sum.0 + more.0, sum.1.max(more.1));
        }
    }

    /// Finds the bins that the percentiles of each column fall into.
    fn aim(&self) -> Aimed {
        let columns = self.moments.len();
        let mut is_wanted = vec![false; self.weights.len() / columns];
        let of_column = |column: usize| {
            let weights = || self.weights.iter().skip(column).step_by(columns);
            let total = weights().fold(0.0, |sum, weight| sum + weight);
            let mut targets = [Target::default(); 3];
            for (target, quantile) in targets.iter_mut().zip(QUANTILES) {
                target.least = quantile * total * (1.0 - ROUNDING);
                for (bin, weight) in weights().enumerate() {
                    target.bin = bin;
                    if target.before + weight >= target.least {
                        break;
                    }
                    target.before += weight;
                }
                is_wanted[target.bin] |= total > 0.0;
            }
            (total > 0.0).then_some((total, targets))
        };
        Aimed {
            totals: (0..columns).map(of_column).collect(),
            fineness: self.fineness,
            is_wanted,
        }
    }
}

/// Whole centimetres.
#[inline]
fn centimetres(distance_m: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 2.1e9"
    )]
    let whole = (distance_m * 100.0) as u32;
    whole
}

/// The bin of a distance: its power of two, and so many bits below it. Never falls when the distance grows.
#[inline]
fn bin_of(centimetres: u32, fineness: u32) -> usize {
    const MANTISSA: u32 = f32::MANTISSA_DIGITS - 1;
    const ONE: u32 = 1.0_f32.to_bits() >> MANTISSA;
    let bits = (centimetres as f32 + 1.0).to_bits();
    ((bits >> (MANTISSA - fineness)) - (ONE << fineness)) as usize
}

/// Places and districts are counted in u32 everywhere.
#[expect(clippy::cast_possible_truncation, reason = "at most 2³² − 1 places")]
const fn to_u32(position: usize) -> u32 {
    position as u32
}
