//! Distances to the nearest station: mean, median, 90th and 99th percentile, largest, by weight and by district.

use rayon::prelude::*;

use super::coverage::{Group, Groups, has_districts};
use super::demand::Demand;
use super::reach::NearestStation;

/// Figures over the distances of many places, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_field_names, reason = "units are in names")]
pub struct DistanceFigures {
    /// Weighted mean.
    pub mean_m: f64,
    /// Half of the weight is at most so far; to a centimetre, as are the next two.
    pub median_m: f64,
    /// 90 % of the weight is at most so far.
    pub p90_m: f64,
    /// 99 % of the weight is at most so far.
    pub p99_m: f64,
    /// The largest distance of a place with any weight.
    pub max_m: f64,
}

/// Distances for a group of places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DistanceRow {
    /// Every place counts once; `None` without places or without stations.
    pub places: Option<DistanceFigures>,
    /// By each weight, in the order of the demand's columns.
    pub weights: Vec<Option<DistanceFigures>>,
}

/// Distances overall and by district.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DistanceTable {
    /// Everything that is asked about.
    pub overall: DistanceRow,
    /// By district, ascending; only those that hold demand.
    pub districts: Vec<(u32, DistanceRow)>,
}

impl DistanceTable {
    /// The row of a district.
    pub fn of(&self, district: u32) -> Option<&DistanceRow> {
        let found = self
            .districts
            .binary_search_by_key(&district, |(position, _)| *position);
        Some(&self.districts.get(found.ok()?)?.1)
    }
}

/// The shares of weight that the percentiles stand for.
const QUANTILES: [f64; 3] = [0.5, 0.9, 0.99];

/// Works the table out: one sort of the places by distance, then one pass. O(n log n), the sort on all
/// cores.
///
/// A percentile is the smallest distance within which at least that share of the weight lies.
pub(super) fn table(
    demand: &Demand,
    groups: &Groups<'_>,
    nearest: &[Option<NearestStation>],
) -> DistanceTable {
    let mut order: Vec<u64> = nearest
        .par_iter()
        .enumerate()
        .filter_map(|(place, hit)| hit.map(|hit| sort_key(hit.distance.get(), place)))
        .collect();
    order.par_sort_unstable();
    let columns = demand.weights().len() + 1;
    let mut districts: Vec<Figures> = (0..demand.areas().len()).map(|_| Figures::new(columns)).collect();
    let weight = |place: usize, column: usize| match column {
        0 => 1.0,
        _ => demand.weights()[column - 1].values[place],
    };
    for (place, hit) in nearest.iter().enumerate() {
        if let (Group::District(district), Some(hit)) = (groups.of(place), hit) {
            for column in 0..columns {
                districts[district as usize].total(column, weight(place, column), hit.distance.get());
            }
        }
    }
    let mut overall = Figures::new(columns);
    for district in &districts {
        overall.total_all(district);
    }
    for &key in &order {
        let place = place_of(key);
        if let Group::District(district) = groups.of(place) {
            let distance_m = metres_of(key);
            for column in 0..columns {
                let weight = weight(place, column);
                overall.pass(column, weight, distance_m);
                districts[district as usize].pass(column, weight, distance_m);
            }
        }
    }
    let districts = districts.into_iter().zip(0_u32..);
    let held = districts.filter(|(figures, _)| figures.columns[0].weight > 0.0);
    DistanceTable {
        overall: overall.row(),
        districts: if has_districts(demand) {
            held.map(|(figures, district)| (district, figures.row()))
                .collect()
        } else {
            Vec::new()
        },
    }
}

/// Centimetres in the upper half, so that keys sort by distance, and the place in the lower half. No geodesic is longer
/// than 2.1e9 cm.
fn sort_key(distance_m: f64, place: usize) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 2.1e9"
    )]
    let centimetres = (distance_m * 100.0) as u64;
    centimetres << 32 | place as u64
}

fn place_of(key: u64) -> usize {
    usize::try_from(key & u64::from(u32::MAX)).unwrap_or(usize::MAX)
}

fn metres_of(key: u64) -> f64 {
    (key >> 32) as f64 / 100.0
}

/// One column of one group while it is worked out.
#[derive(Debug, Clone, Copy, Default)]
struct Column {
    weight: f64,
    moment: f64,
    max_m: f64,
    passed: f64,
    /// How many of the quantiles are found.
    found: usize,
    quantiles: [f64; 3],
}

#[derive(Debug)]
struct Figures {
    columns: Vec<Column>,
}

impl Figures {
    fn new(columns: usize) -> Self {
        Self {
            columns: vec![Column::default(); columns],
        }
    }

    fn total(&mut self, column: usize, weight: f64, distance_m: f64) {
        let column = &mut self.columns[column];
        column.weight += weight;
        column.moment += weight * distance_m;
        if weight > 0.0 {
            column.max_m = column.max_m.max(distance_m);
        }
    }

    fn total_all(&mut self, other: &Self) {
        for (column, more) in self.columns.iter_mut().zip(&other.columns) {
            column.weight += more.weight;
            column.moment += more.moment;
            column.max_m = column.max_m.max(more.max_m);
        }
    }

    fn pass(&mut self, column: usize, weight: f64, distance_m: f64) {
        let column = &mut self.columns[column];
        column.passed += weight;
        while let Some(quantile) = QUANTILES.get(column.found) {
            // The sum comes in another order than the total did, so the last place may miss it by a rounding.
            if column.passed < quantile * column.weight * (1.0 - 1e-12) {
                break;
            }
            column.quantiles[column.found] = distance_m;
            column.found += 1;
        }
    }

    fn row(self) -> DistanceRow {
        let mut figures = self.columns.into_iter().map(|column| {
            let [median_m, p90_m, p99_m] = column.quantiles;
            (column.weight > 0.0).then(|| DistanceFigures {
                mean_m: column.moment / column.weight,
                median_m,
                p90_m,
                p99_m,
                max_m: column.max_m,
            })
        });
        DistanceRow {
            places: figures.next().flatten(),
            weights: figures.collect(),
        }
    }
}
