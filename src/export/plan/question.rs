//! What a planner's answer was made from: the echo of the question, the demand, the stations.

use serde::Serialize;

/// What every answer of the planner begins with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preamble {
    /// The revision of the register.
    pub revision: u64,
    /// When the answer was made, RFC 3339.
    #[serde(rename = "timeStamp")]
    pub time_stamp: String,
    /// Datum of every coordinate in the answer.
    pub datum: &'static str,
    /// The question as it was understood, defaults included.
    pub question: Question,
    /// The demand that it was asked of.
    pub demand: DemandInfo,
    /// The stations that count.
    pub stations: StationCounts,
    /// What a reader must know about method and data, in the answer's language.
    pub notes: Vec<Note>,
}

/// A question with its defaults filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// What "covered" means.
    pub reach: ReachInfo,
    /// The time asked about, RFC 3339; `null` when opening hours are not looked at.
    pub at: Option<String>,
    /// The hour of the week it stands for, such as `mo-04`, when it was asked for so.
    pub hour_of_week: Option<String>,
    /// Every one of these facilities.
    pub facilities: Vec<&'static str>,
    /// At least one of these facilities.
    pub facilities_any: Vec<&'static str>,
    /// These hosts; `null` for any.
    pub hosts: Option<Vec<&'static str>>,
    /// These statuses.
    pub status: Vec<&'static str>,
    /// The districts asked about, by name; `null` for all.
    pub district: Option<Vec<String>>,
}

/// What "covered" means.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReachInfo {
    /// A station at exactly this geodesic distance still covers.
    #[serde(serialize_with = "super::tenth")]
    pub radius_m: f64,
    /// The minutes that the radius was worked out from; `null` when a radius was asked for.
    pub minutes: Option<f64>,
    /// How people travel; `null` when a radius was asked for.
    pub mode: Option<&'static str>,
    /// How minutes become metres; `null` when a radius was asked for.
    pub method: Option<&'static str>,
    /// Speed along the way.
    pub speed_m_s: Option<f64>,
    /// Length of the way over the length of the straight line.
    pub detour_factor: Option<f64>,
    /// How many stations must reach a place.
    pub k: u8,
}

/// The demand that was asked about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DemandInfo {
    /// `even_grid`, `points`, `h3_cells`, `polygons` or `raster`.
    pub kind: &'static str,
    /// A file's name, or the name of the method.
    pub source: String,
    /// How many places there are, asked about or not.
    pub places: usize,
    /// The names of the weights.
    pub weights: Vec<String>,
}

/// The stations that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StationCounts {
    /// Stations in the register.
    pub registered: usize,
    /// Of these, how many say that they are synthetic.
    pub synthetic: usize,
    /// How many surely match the question.
    pub sure: usize,
    /// How many match only perhaps: a facility or the open state is not known.
    pub perhaps: usize,
}

/// Something that a reader must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A stable word for programs.
    pub code: &'static str,
    /// How many places or rows it is about, where that can be counted.
    pub count: Option<u64>,
    /// A sentence for people.
    pub text: String,
}
