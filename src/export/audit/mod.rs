//! Answers to the audit: JSON with everything, one row or point a station as CSV and GeoJSON, a few tables as text.

mod json;
mod rows;
mod text;
pub mod words;

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound as _, Utc};
use serde::Serialize;

pub use json::{MAX_FIRST, json};
pub use rows::{csv, geojson};
pub use text::text;

use super::Style;
use super::parts::Parts;
use crate::domain::standard::{BilingualName, Level, Standard};
use crate::domain::station::Station;
use crate::locator::Snapshot;
use crate::planner::audit::{Audit, Counts, StationAudit};

/// What an answer is written from.
#[derive(Debug, Clone, Copy)]
pub struct AuditSource<'a> {
    /// The snapshot that was asked.
    pub snapshot: &'a Snapshot,
    /// Its parts.
    pub parts: &'a Parts,
    /// The time of the answer.
    pub now: DateTime<Utc>,
    /// The standard.
    pub standard: &'a Standard,
    /// The day as of which ages are told.
    pub today: NaiveDate,
    /// The audit of all stations that were asked about.
    pub audit: &'a Audit,
    /// Those of this page.
    pub page: &'a [StationAudit],
    /// How it is to be written.
    pub style: &'a Style,
}

impl<'a> AuditSource<'a> {
    fn record(&self, station: &StationAudit) -> &'a Station {
        &self.snapshot.stations()[station.station as usize]
    }

    /// Name and code of a station's district, as its record or the outlines have it.
    fn district(&self, station: &StationAudit) -> (Option<&'a str>, Option<&'a str>) {
        let table = self.snapshot.district_table();
        table.name(table.of_station(station.station))
    }

    /// The name of an item of the standard.
    fn item_name(&self, item: usize) -> &'a str {
        let item = self.standard.items.get(item);
        item.map_or("", |item| words::of(&item.name, self.style.language))
    }
}

/// What every form of the answer says of itself.
#[derive(Serialize)]
struct Head<'a> {
    standard: StandardHead<'a>,
    today: NaiveDate,
    revision: u64,
    #[serde(rename = "timeStamp")]
    time_stamp: String,
    #[serde(rename = "numberMatched")]
    matched: usize,
    #[serde(rename = "numberReturned")]
    returned: usize,
    synthetic: usize,
    summary: Shares,
}

#[derive(Serialize)]
struct StandardHead<'a> {
    id: &'a str,
    name: &'a BilingualName,
    issuer: &'a str,
    source: &'a str,
    required_items: usize,
    recommended_items: usize,
}

/// Counts with the two shares that follow from them.
#[derive(Serialize)]
struct Shares {
    stations: usize,
    pass: usize,
    fail: usize,
    unknown: usize,
    share_pass: Option<f64>,
    share_could_pass: Option<f64>,
}

impl From<Counts> for Shares {
    fn from(counts: Counts) -> Self {
        Self {
            stations: counts.total(),
            pass: counts.pass,
            fail: counts.fail,
            unknown: counts.unknown,
            share_pass: counts.share_sure().map(rounded),
            share_could_pass: counts.share_possible().map(rounded),
        }
    }
}

/// A share with four decimals.
fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

fn head<'a>(source: &AuditSource<'a>) -> Head<'a> {
    let standard = source.standard;
    let of_level = |level| standard.items.iter().filter(|item| item.level == level).count();
    Head {
        standard: StandardHead {
            id: &standard.id,
            name: &standard.name,
            issuer: &standard.issuer,
            source: &standard.source,
            required_items: of_level(Level::Required),
            recommended_items: of_level(Level::Recommended),
        },
        today: source.today,
        revision: source.snapshot.revision(),
        time_stamp: source
            .now
            .trunc_subsecs(0)
            .to_rfc3339_opts(SecondsFormat::Secs, true),
        matched: source.audit.stations.len(),
        returned: source.page.len(),
        synthetic: source.audit.synthetic,
        summary: source.audit.counts.into(),
    }
}
