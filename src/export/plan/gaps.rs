//! The document of the gaps.

use serde::Serialize;

use super::question::Preamble;

/// What is not covered, piece by piece.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GapsDocument {
    /// What it was made from.
    #[serde(flatten)]
    pub preamble: Preamble,
    /// From which certainty on a place counts as covered: `perhaps` or `sure`.
    pub covered_from: &'static str,
    /// How many gaps there are.
    #[serde(rename = "numberMatched")]
    pub number_matched: usize,
    /// The largest ones, by the first weight, then area, then the smallest cell.
    pub gaps: Vec<GapRow>,
}

/// One connected piece of what is not covered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GapRow {
    /// 1 for the largest.
    pub rank: usize,
    /// Districts it lies in, most of the first weight first.
    pub districts: Vec<String>,
    /// Places in it.
    pub places: u64,
    /// What is not covered, by weight.
    pub weights: Vec<NamedWeight>,
    /// Area of its cells.
    #[serde(serialize_with = "super::tenth")]
    pub area_m2: f64,
    /// The point in it that is farthest from every station of the question; `null` without stations.
    pub farthest: Option<FarthestPoint>,
    /// What would close it, most of the first weight first.
    pub remedies: Vec<Remedy>,
    /// Its outline, `MultiPolygon` coordinates in WGS-84 degrees. In GeoJSON it is the geometry.
    #[serde(skip)]
    pub outline: Vec<Vec<Vec<[f64; 2]>>>,
}

/// A sum of one weight.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedWeight {
    /// Name of the weight.
    pub name: String,
    /// The sum.
    #[serde(serialize_with = "super::weight")]
    pub value: f64,
}

/// The centre of the largest empty circle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FarthestPoint {
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
    /// Distance to the nearest station that counts.
    #[serde(serialize_with = "super::tenth")]
    pub distance_m: f64,
    /// That station.
    pub nearest_station: StationName,
}

/// A station by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StationName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Something that would close a gap, or a part of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Remedy {
    /// `new_station`, `longer_hours`, `facilities` or `back_in_service`.
    pub action: &'static str,
    /// The station that it is about; `null` for a new one.
    pub station: Option<StationName>,
    /// Where a new station would stand: longitude and latitude, degrees; `null` for others.
    pub place: Option<[f64; 2]>,
    /// The facilities that are missing.
    pub facilities: Vec<&'static str>,
    /// What of this gap would be covered, by weight.
    pub gain: Vec<NamedWeight>,
    /// The gain as a share of the gap's first weight.
    #[serde(serialize_with = "super::share")]
    pub gain_share: Option<f64>,
    /// A sentence for people.
    pub text: String,
}
