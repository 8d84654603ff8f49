//! The beginning of every planner's document: question, demand, stations, notes.

use super::question::{DemandInfo, Note, Preamble, Question, ReachInfo, StationCounts};
use crate::domain::demand::DemandKind;
use crate::domain::district::District;
use crate::domain::facility::{Facility, FacilitySet};
use crate::domain::filter::WordSet;
use crate::domain::language::Language;
use crate::domain::station::{Host, Status};
use crate::domain::units::Travel;
use crate::locator::{Moment, Snapshot};
use crate::planner::demand::Demand;
use crate::planner::question::PlanQuestion;
use crate::planner::reach::Reach;
use crate::planner::stations::PlanStations;

/// Everything that a document is written from besides the answer itself.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The register.
    pub snapshot: &'a Snapshot,
    /// The districts of the demand.
    pub districts: &'a [District],
    /// The demand.
    pub demand: &'a Demand,
    /// The question.
    pub question: &'a PlanQuestion,
    /// The stations that count.
    pub stations: &'a PlanStations,
    /// The language of texts for people.
    pub language: Language,
}

impl Told<'_> {
    /// The beginning of the document.
    pub fn preamble(&self) -> Preamble {
        let snapshot = self.snapshot;
        let now = snapshot.moment(self.question.now).local();
        Preamble {
            revision: snapshot.revision(),
            time_stamp: now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            datum: "wgs84",
            question: self.question(),
            demand: DemandInfo {
                kind: kind_word(self.demand.kind()),
                source: self.demand.source().to_owned(),
                places: self.demand.places().places().len(),
                weights: self.weight_names(),
            },
            stations: self.counts(),
            notes: self.notes(),
        }
    }

    /// The names of the demand's weights.
    pub fn weight_names(&self) -> Vec<String> {
        let weights = self.demand.weights().iter();
        weights.map(|column| column.name.to_string()).collect()
    }

    /// A text in the answer's language.
    pub fn say(&self, zh: impl Into<String>, en: impl Into<String>) -> String {
        match self.language {
            Language::Zh => zh.into(),
            Language::En => en.into(),
        }
    }

    fn counts(&self) -> StationCounts {
        let (sure, perhaps) = self.stations.counts();
        let all = self.snapshot.stations();
        StationCounts {
            registered: all.len(),
            synthetic: all.iter().filter(|station| station.synthetic).count(),
            sure,
            perhaps,
        }
    }

    fn question(&self) -> Question {
        let PlanQuestion {
            conditions,
            hour_of_week,
            reach,
            districts,
            ..
        } = self.question;
        let filter = conditions.filter;
        let words = |set: FacilitySet| set.iter().map(Facility::word).collect();
        let at = self.question.moment().map(Moment::local);
        let name = |position: &u32| {
            let district = self.districts.get(*position as usize);
            district.map(|district| district.name.to_string())
        };
        Question {
            reach: reach_info(reach),
            at: at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
            hour_of_week: hour_of_week.clone(),
            facilities: words(filter.facilities),
            facilities_any: words(filter.facilities_any),
            hosts: (filter.hosts != WordSet::ALL).then(|| {
                let asked = Host::ALL.iter();
                let asked = asked.filter(|host| WordSet::host_bit(Some(**host)) & filter.hosts.bits() != 0);
                asked.map(|host| host.word()).collect()
            }),
            status: Status::ALL
                .iter()
                .filter(|status| WordSet::status_bit(**status) & filter.statuses.bits() != 0)
                .map(|status| status.word())
                .collect(),
            district: districts
                .as_ref()
                .map(|districts| districts.iter().filter_map(name).collect()),
        }
    }

    /// How many places or rows a note of the demand is about, where that was counted.
    fn count_of(&self, code: &str) -> Option<u64> {
        let counts = self.demand.counts();
        match code {
            "outside_districts" => Some(counts.outside),
            "near_district" => Some(counts.near),
            "overlapping_districts" => Some(counts.overlapping),
            "rows_skipped" => Some(counts.rows_skipped),
            _ => None,
        }
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut note = |code, count, text| notes.push(Note { code, count, text });
        let counts = self.counts();
        if counts.synthetic > 0 {
            let text = self.say(
                format!("{} 个站点是为演示而编造的，不是真实站点", counts.synthetic),
                format!(
                    "{} stations are synthetic, made up for demonstration",
                    counts.synthetic
                ),
            );
            note("synthetic_stations", Some(counts.synthetic as u64), text);
        }
        if counts.perhaps > 0 {
            let text = self.say(
                format!("{} 个站点的设施或开放时间不清楚，只算“可能覆盖”", counts.perhaps),
                format!(
                    "{} stations have facilities or hours that are not known; they cover only perhaps",
                    counts.perhaps
                ),
            );
            note("unknown_stations", Some(counts.perhaps as u64), text);
        }
        if counts.sure + counts.perhaps == 0 {
            let text = self.say("没有符合条件的站点", "no station meets the conditions");
            note("no_station", Some(0), text);
        }
        if self.question.moment().is_none() {
            let text = self.say("未考虑开放时间", "opening hours are not looked at");
            note("any_time", None, text);
        }
        for told in self.demand.notes() {
            let text = match self.language {
                Language::Zh => &told.zh,
                Language::En => &told.en,
            };
            note(told.code, self.count_of(told.code), text.clone());
        }
        notes
    }
}

fn reach_info(reach: &Reach) -> ReachInfo {
    let travel = reach.minutes.map(|(_, travel)| travel);
    ReachInfo {
        radius_m: reach.radius.get(),
        minutes: reach.minutes.map(|(minutes, _)| minutes),
        mode: travel.map(|travel| travel.mode.word()),
        method: travel.map(|_| Travel::METHOD),
        speed_m_s: travel.map(|travel| travel.speed_m_s),
        detour_factor: travel.map(|travel| travel.detour_factor),
        k: reach.k,
    }
}

const fn kind_word(kind: DemandKind) -> &'static str {
    match kind {
        DemandKind::EvenGrid => "even_grid",
        DemandKind::Points => "points",
        DemandKind::H3Cells => "h3_cells",
        DemandKind::Polygons => "polygons",
        DemandKind::Raster => "raster",
    }
}
