//! The document of a by-hour answer.

use serde::Serialize;

use super::question::Preamble;

/// Coverage hour by hour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ByHourDocument {
    /// What it was made from; `question.at` is `null`.
    #[serde(flatten)]
    pub preamble: Preamble,
    /// Which days the hours belong to.
    pub span: SpanInfo,
    /// Coverage in each hour, overall.
    pub hours: Vec<HourRow>,
    /// By district.
    pub districts: Vec<DistrictHours>,
    /// Positions in `hours` of the hours with the least share surely covered by the first weight, worst first; ties in the
    /// order of hours.
    pub worst_hours: Vec<usize>,
    /// What stations alone carry, those that carry most first.
    pub carries: Vec<CarryRow>,
}

/// Which days the hours belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpanInfo {
    /// `ordinary_week`, `week` or `date`.
    pub kind: &'static str,
    /// The first day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Days of the span: their dates, and what kind of day each is by the work calendar.
    pub days: Vec<DayInfo>,
}

/// One day of the span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayInfo {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// `workday`, `weekend`, `statutory_day_off`, `make_up_workday` or `not_published`.
    pub kind: &'static str,
    /// Name of the holiday, where there is one.
    pub holiday: Option<String>,
}

/// Coverage in one hour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HourRow {
    /// The hour of the week, such as `mo-04`; coverage is that of its first minute.
    pub hour: String,
    /// By weight.
    pub weights: Vec<HourShares>,
    /// The demand of that hour by the time profile: weights × factors; `null` without a profile.
    pub profile: Option<ProfileShares>,
}

/// The demand of one hour by the time profile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProfileShares {
    /// All of it.
    #[serde(serialize_with = "super::weight")]
    pub total: f64,
    /// Not covered, even perhaps.
    #[serde(serialize_with = "super::weight")]
    pub not: f64,
    /// Surely covered.
    #[serde(serialize_with = "super::share")]
    pub sure_share: Option<f64>,
    /// Perhaps covered.
    #[serde(serialize_with = "super::share")]
    pub perhaps_share: Option<f64>,
}

/// Shares of one weight in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HourShares {
    /// Surely covered.
    #[serde(serialize_with = "super::share")]
    pub sure_share: Option<f64>,
    /// Perhaps covered.
    #[serde(serialize_with = "super::share")]
    pub perhaps_share: Option<f64>,
}

/// Hours of one district.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DistrictHours {
    /// Name of the district.
    pub name: String,
    /// Its code, where it has one.
    pub adcode: Option<String>,
    /// In the order of [`ByHourDocument::hours`].
    pub hours: Vec<HourRow>,
}

/// What one station alone carries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CarryRow {
    /// The station.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Position in `hours` of the hour in which most of the first weight would be lost if the station closed.
    pub worst_hour: usize,
    /// What would be lost in that hour, by weight.
    pub lost: Vec<f64>,
    /// Hours in which something would be lost.
    pub hours: usize,
}
