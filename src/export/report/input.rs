//! What a report is made from beside the planner's documents: the map and what is shown of the audit.

use geo::MultiPolygon;

use crate::domain::language::Language;
use crate::export::plan::by_hour::ByHourDocument;
use crate::export::plan::coverage::CoverageDocument;
use crate::export::plan::gaps::GapsDocument;

/// Everything that a report shows. Texts inside the documents must be in the report's language already.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// The heading, such as `三亚市户外劳动者服务站点覆盖评估报告`; `None` for the same without a city.
    pub title: Option<&'a str>,
    /// The language of every text of the report's own.
    pub language: Language,
    /// Who is covered, by district and by facility.
    pub coverage: &'a CoverageDocument,
    /// Coverage hour by hour.
    pub by_hour: &'a ByHourDocument,
    /// What is not covered; the outlines are drawn on the map.
    pub gaps: &'a GapsDocument,
    /// The audit, when one was made.
    pub audit: Option<&'a AuditSummary>,
    /// What is drawn beside the gaps.
    pub map: &'a ReportMap,
}

/// What the map shows, WGS-84 degrees throughout.
#[derive(Debug, Clone, Default)]
pub struct ReportMap {
    /// The districts asked about.
    pub districts: Vec<MapDistrict>,
    /// The stations.
    pub stations: Vec<MapStation>,
    /// What is covered and what is not.
    pub ground: Ground,
}

/// A district's name and outline.
#[derive(Debug, Clone)]
pub struct MapDistrict {
    /// Its name.
    pub name: String,
    /// Its outline.
    pub outline: MultiPolygon<f64>,
}

/// A station on the map.
#[derive(Debug, Clone)]
pub struct MapStation {
    /// Its name.
    pub name: String,
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
    /// Whether it counts.
    pub part: StationPart,
}

/// Whether a station counts in the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StationPart {
    /// It surely matches.
    Sure,
    /// It matches when what is not known of it turns out well.
    Perhaps,
    /// It does not match.
    Other,
}

/// What is covered and what is not, as areas or place by place.
#[derive(Debug, Clone)]
pub enum Ground {
    /// Areas, clipped to the districts; the rest of the districts is not covered.
    Areas {
        /// Surely covered.
        sure: MultiPolygon<f64>,
        /// Perhaps covered; what is surely covered as well is drawn as that.
        perhaps: MultiPolygon<f64>,
    },
    /// The places of the demand; cells of one kind are joined before they are drawn.
    Cells(Vec<MapCell>),
}

impl Default for Ground {
    fn default() -> Self {
        Self::Cells(Vec::new())
    }
}

/// One place of the demand.
#[derive(Debug, Clone)]
pub struct MapCell {
    /// Where it is: the corners of a ring, the first one repeated or not, or one point.
    pub ring: Vec<[f64; 2]>,
    /// How it is covered.
    pub cover: Cover,
    /// Its first weight; it decides which kind is drawn where places are too close to be drawn apart.
    pub weight: f64,
}

/// How surely a place is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// Surely.
    Sure,
    /// Perhaps.
    Perhaps,
    /// Not.
    Not,
}

/// What a report shows of an audit.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditSummary {
    /// The standard's name in Chinese.
    pub standard_zh: String,
    /// The standard's name in English.
    pub standard_en: String,
    /// Stations that surely pass.
    pub pass: u64,
    /// Stations that surely fail.
    pub fail: u64,
    /// Stations of which too little is known.
    pub unknown: u64,
    /// Districts, best first.
    pub league: Vec<LeagueRow>,
    /// What to check or repair first.
    pub first_actions: Vec<FirstAction>,
}

/// One district in the league table.
#[derive(Debug, Clone, PartialEq)]
pub struct LeagueRow {
    /// Name of the district.
    pub district: String,
    /// Stations that were audited.
    pub stations: u64,
    /// Share of stations that surely pass; `None` without stations.
    pub sure_pass_share: Option<f64>,
    /// Share of stations that pass if what is not known turns out well, the sure ones included; `None` without stations.
    pub possible_pass_share: Option<f64>,
}

/// Something to check or repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAction {
    /// The station's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What to do there, in the report's language.
    pub text: String,
}
