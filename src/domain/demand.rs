//! Demand as it was read: places with named weights, before they are put in order and into districts.

use super::coordinate::LonLat;
use super::words::vocabulary;

vocabulary! {
    /// How places of demand came about. Answers name it.
    DemandKind, "kind of demand" {
        /// Nobody gave any: the cells of an even grid over the districts, weighted by their area.
        EvenGrid = "even_grid", "均匀网格", "even grid";
        /// Points with weights.
        Points = "points", "点", "points";
        /// H3 cells with weights; the place is the cell's centre.
        H3Cells = "h3_cells", "H3 网格", "H3 cells";
        /// Polygons with weights, spread evenly over the cells inside.
        Polygons = "polygons", "面", "polygons";
        /// Pixels of a raster; the place is the pixel's centre.
        Raster = "raster", "栅格", "raster";
    }
}

/// The hours of a week; hour 0 begins on Monday at 00:00, hour 167 on Sunday at 23:00.
pub const HOURS_PER_WEEK: usize = 168;

/// The most places that a demand may have; with one weight they take about 1 GB.
pub const MAX_PLACES: usize = 20_000_000;
/// The most weights of a place.
pub const MAX_WEIGHTS: usize = 16;
/// The largest weight of one place.
pub const MAX_WEIGHT: f64 = 1e15;

/// One named weight of every place.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightColumn {
    /// For example `population`.
    pub name: Box<str>,
    /// Finite and not negative, one for each place.
    pub values: Vec<f64>,
}

/// Something that a reader of figures should know about the demand behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandNote {
    /// A stable word, for example `even_grid`.
    pub code: &'static str,
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
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
    /// Rows, features or pixels that were left out because of what they hold.
    pub rows_skipped: u64,
    /// What happened on the way, for whoever reads the figures.
    pub notes: Vec<DemandNote>,
}

impl DemandRecords {
    /// Demand of places and weights, without cells, ids and notes.
    pub fn new(source: &str, kind: DemandKind, places: Vec<LonLat>, weights: Vec<WeightColumn>) -> Self {
        Self {
            source: source.into(),
            kind,
            places,
            weights,
            cells: Vec::new(),
            ids: Vec::new(),
            rows_skipped: 0,
            notes: Vec::new(),
        }
    }
}

/// How weights change with the hour of the week: the demand of a place at an hour is the sum, over the weights that the
/// profile names, of weight × factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// At least one column.
    pub columns: Vec<ProfileColumn>,
}

/// The factors of one weight.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileColumn {
    /// The name of the weight.
    pub weight: Box<str>,
    /// Finite and not negative, one for each hour of the week.
    pub factors: [f64; HOURS_PER_WEEK],
}
