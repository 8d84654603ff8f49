//! The document of a coverage answer.

use serde::Serialize;

use super::question::Preamble;

/// A whole coverage answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoverageDocument {
    /// What it was made from.
    #[serde(flatten)]
    pub preamble: Preamble,
    /// Everything inside the districts asked about.
    pub overall: CoverageRow,
    /// By district, in the order of their codes.
    pub districts: Vec<CoverageRow>,
    /// Demand in no district, which is not part of `overall`; `null` when there is none.
    pub outside: Option<CoverageRow>,
    /// The same question, asked of stations that also have the facility.
    pub facilities: Vec<FacilityRow>,
}

/// Coverage of one area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoverageRow {
    /// Name of the district; `null` for the whole.
    pub name: Option<String>,
    /// Code of the district, where it has one.
    pub adcode: Option<String>,
    /// Number of places.
    pub places: PlaceCounts,
    /// By weight.
    pub weights: Vec<WeightShares>,
    /// Exact to the outline and not to cells; `null` without outlines, or when more than one station must reach a place.
    pub area: Option<AreaShares>,
    /// Distances to the nearest station that surely matches.
    pub distances: Distances,
    /// Distances to the nearest station that matches at least perhaps; `null` when every match is sure.
    pub distances_perhaps: Option<Distances>,
}

/// Places by how surely they are covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlaceCounts {
    /// All of them.
    pub total: u64,
    /// Surely covered.
    pub sure: u64,
    /// Perhaps covered.
    pub perhaps: u64,
    /// Not covered.
    pub not: u64,
}

/// One weight by how surely it is covered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightShares {
    /// Name of the weight.
    pub name: String,
    /// All of it.
    #[serde(serialize_with = "super::weight")]
    pub total: f64,
    /// Surely covered.
    #[serde(serialize_with = "super::weight")]
    pub sure: f64,
    /// Perhaps covered.
    #[serde(serialize_with = "super::weight")]
    pub perhaps: f64,
    /// Not covered.
    #[serde(serialize_with = "super::weight")]
    pub not: f64,
    /// `sure / total`; `null` when the total is 0.
    #[serde(serialize_with = "super::share")]
    pub sure_share: Option<f64>,
    /// `perhaps / total`.
    #[serde(serialize_with = "super::share")]
    pub perhaps_share: Option<f64>,
    /// `not / total`.
    #[serde(serialize_with = "super::share")]
    pub not_share: Option<f64>,
}

/// Area by how surely it is covered: discs on the ellipsoid, joined and clipped to the outlines.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AreaShares {
    /// Area of the outlines.
    #[serde(serialize_with = "super::tenth")]
    pub total_m2: f64,
    /// Surely covered.
    #[serde(serialize_with = "super::tenth")]
    pub sure_m2: f64,
    /// Perhaps covered.
    #[serde(serialize_with = "super::tenth")]
    pub perhaps_m2: f64,
    /// `sure_m2 / total_m2`.
    #[serde(serialize_with = "super::share")]
    pub sure_share: Option<f64>,
    /// `perhaps_m2 / total_m2`.
    #[serde(serialize_with = "super::share")]
    pub perhaps_share: Option<f64>,
}

/// Distances to the nearest station.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distances {
    /// Every place counts once; `null` without stations or places.
    pub by_place: Option<DistanceRow>,
    /// By weight, `null` where the weight is 0.
    pub by_weight: Vec<NamedDistances>,
}

/// Distances by one weight.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedDistances {
    /// Name of the weight.
    pub name: String,
    /// The figures.
    #[serde(flatten)]
    pub figures: Option<DistanceRow>,
}

/// Figures over distances, metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(clippy::struct_field_names, reason = "units are in names")]
pub struct DistanceRow {
    /// Mean.
    #[serde(serialize_with = "super::tenth")]
    pub mean_m: f64,
    /// Half is at most so far.
    #[serde(serialize_with = "super::tenth")]
    pub median_m: f64,
    /// 90 % is at most so far.
    #[serde(serialize_with = "super::tenth")]
    pub p90_m: f64,
    /// 99 % is at most so far.
    #[serde(serialize_with = "super::tenth")]
    pub p99_m: f64,
    /// Nothing is farther.
    #[serde(serialize_with = "super::tenth")]
    pub max_m: f64,
}

/// Coverage by stations that also have a facility.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FacilityRow {
    /// The facility's word.
    pub facility: &'static str,
    /// Its name in the answer's language.
    pub name: &'static str,
    /// Number of places.
    pub places: PlaceCounts,
    /// By weight.
    pub weights: Vec<WeightShares>,
}

/// Before, after and the difference of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhatIfDocument {
    /// Coverage without the changes.
    pub before: CoverageDocument,
    /// Coverage with the changes.
    pub after: CoverageDocument,
    /// After minus before.
    pub difference: Vec<DifferenceRow>,
}

/// What the changes bring to one area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DifferenceRow {
    /// Name of the district; `null` for the whole.
    pub name: Option<String>,
    /// Code of the district, where it has one.
    pub adcode: Option<String>,
    /// By weight.
    pub weights: Vec<WeightDifference>,
}

/// What the changes bring to one weight.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightDifference {
    /// Name of the weight.
    pub name: String,
    /// Surely covered after, less surely covered before.
    #[serde(serialize_with = "super::weight")]
    pub sure: f64,
    /// Surely or perhaps covered after, less the same before.
    #[serde(serialize_with = "super::weight")]
    pub at_least_perhaps: f64,
    /// As a share of the total, sure.
    #[serde(serialize_with = "super::share")]
    pub sure_share: Option<f64>,
}
