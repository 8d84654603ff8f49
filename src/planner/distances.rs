//! Distances to the nearest station: mean, median, 90th and 99th percentile, largest, by weight and by district.

use super::coverage::Groups;
use super::demand::Demand;
use super::distance_bins::Measured;
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

/// Works the table out, on all cores: two passes over the places, and a sort of the few in a hundred that lie near a
/// percentile.
///
/// A percentile is the smallest distance within which at least that share of the weight lies.
pub(super) fn table(
    demand: &Demand,
    groups: &Groups<'_>,
    nearest: &[Option<NearestStation>],
) -> DistanceTable {
    let mut rows = Measured::new(demand, groups, nearest).rows().into_iter();
    let overall = rows.next().flatten().unwrap_or_default();
    let districts = rows.zip(0_u32..);
    DistanceTable {
        overall,
        districts: districts
            .filter_map(|(row, district)| Some((district, row?)))
            .collect(),
    }
}
