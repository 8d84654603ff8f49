//! Demand as it was read: places with named weights, before they are put in order and into districts.

use super::coordinate::LonLat;

/// How places of demand came about. Answers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemandKind {
    /// Nobody gave any: the cells of an even grid over the districts, weighted by their area.
    EvenGrid,
    /// Points with weights.
    Points,
    /// H3 cells with weights; the place is the cell's centre.
    H3Cells,
    /// Polygons with weights, spread evenly over the cells inside.
    Polygons,
    /// Pixels of a raster; the place is the pixel's centre.
    Raster,
}

/// One named weight of every place.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightColumn {
    /// For example `population`.
    pub name: Box<str>,
    /// Finite and not negative, one for each place.
    pub values: Vec<f64>,
}

/// Demand as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandRecords {
    /// Where it comes from: a file name, or the name of the method.
    pub source: Box<str>,
    /// What kind of places these are.
    pub kind: DemandKind,
    /// The places, WGS-84.
    pub places: Vec<LonLat>,
    /// At least one column.
    pub weights: Vec<WeightColumn>,
    /// The H3 cell of each place, where the places are cells or parts of cells; empty otherwise.
    pub cells: Vec<u64>,
    /// The name that the file gives each place (its id), where it does; empty otherwise.
    pub ids: Vec<Box<str>>,
}
