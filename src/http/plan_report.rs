//! `GET /v1/report`: coverage, hours, gaps and the audit of one question as one page of HTML that needs no network.

use std::sync::Arc;

use geo::MultiPolygon;

use super::error::ApiError;
use super::params::Params;
use super::plan::{PlanAnswer, PlanKind, PlanRequest};
use super::state::Published;
use crate::domain::coordinate::LonLat;
use crate::domain::filter::StationFilter;
use crate::domain::standard::Standard;
use crate::export::audit::words;
use crate::export::report::{
    self, AuditSummary, FirstAction, Ground, LeagueRow, MapCell, MapDistrict, MapStation, ReportInput,
    ReportMap, StationPart,
};
use crate::locator::Snapshot;
use crate::planner::audit::audit;
use crate::planner::stations::{Certainty, PlanStations};
use crate::planner::tally::Cover;
use crate::planner::watch::Watch;

/// The longest title, characters.
const MAX_TITLE: usize = 80;
/// What to do first that a report names.
const FIRST_ACTIONS: usize = 10;

/// What a report is about besides the planner's question.
#[derive(Debug, Clone)]
pub struct ReportAsk {
    request: PlanRequest,
    title: Option<String>,
    /// The standard of the audit; without one there is none.
    standard: Option<Standard>,
}

impl ReportAsk {
    /// Reads the question of a report.
    pub fn read(
        query_string: &str,
        headers: &actix_web::http::header::HeaderMap,
        published: &Arc<Published>,
    ) -> Result<Self, ApiError> {
        let params = Params::parse(query_string, PlanKind::Report.parameters())?;
        let title = params.text("title").map(str::to_owned);
        if let Some(title) = title.as_ref().filter(|title| title.chars().count() > MAX_TITLE) {
            return Err(ApiError::invalid(
                "title",
                title,
                format!("at most {MAX_TITLE} characters"),
            ));
        }
        let standard = params
            .text("standard")
            .map(|id| standard(id, &published.snapshot))
            .transpose()?;
        let base = published.plan_base()?;
        let request = PlanRequest::read(
            PlanKind::Report,
            query_string,
            headers,
            (Arc::clone(published), base, Vec::new()),
        )?;
        Ok(Self {
            request,
            title,
            standard,
        })
    }

    /// Writes the report. The same question, data and minute give the same bytes.
    pub fn answer(&self, watch: &Watch) -> Result<PlanAnswer, ApiError> {
        let request = &self.request;
        let (coverage, by_hour, gaps) = (
            request.coverage(watch)?,
            request.by_hour(watch)?,
            request.gaps(watch)?,
        );
        let audit = self.standard.as_ref().map(|standard| self.audit(standard));
        let map = self.map(watch)?;
        let html = report::html(&ReportInput {
            title: self.title.as_deref(),
            language: request.language(),
            coverage: &coverage,
            by_hour: &by_hour,
            gaps: &gaps,
            audit: audit.as_ref(),
            map: &map,
        });
        Ok(PlanAnswer {
            media_type: "text/html; charset=utf-8",
            body: html.into_bytes(),
        })
    }

    fn map(&self, watch: &Watch) -> Result<ReportMap, ApiError> {
        let request = &self.request;
        let snapshot = request.snapshot();
        let stations = PlanStations::select(snapshot, &request.question().conditions);
        let districts = request.base().districts.iter();
        let ground = match request.areas(watch)? {
            Some(covered) => {
                let joined = |of: fn(&crate::planner::shape::CoveredDistrict) -> &MultiPolygon<f64>| {
                    MultiPolygon::new(covered.iter().flat_map(|covered| of(covered).0.clone()).collect())
                };
                Ground::Areas {
                    sure: joined(|covered| &covered.sure),
                    perhaps: joined(|covered| &covered.perhaps),
                }
            }
            None => Ground::Cells(self.cells(&stations, watch)?),
        };
        Ok(ReportMap {
            districts: districts
                .map(|district| MapDistrict {
                    name: district.name.to_string(),
                    outline: district.outline().clone(),
                })
                .collect(),
            stations: map_stations(snapshot, &stations),
            ground,
        })
    }

    /// Place by place, where there are no outlines or several stations must reach a place.
    fn cells(&self, stations: &PlanStations, watch: &Watch) -> Result<Vec<MapCell>, ApiError> {
        let demand = &self.request.base().demand;
        let covers = self.request.covers(stations, watch)?;
        let weights = demand
            .weights()
            .first()
            .map_or(&[][..], |column| &column.values[..]);
        let cell = |((at, cover), weight): ((&LonLat, &Cover), &f64)| MapCell {
            ring: vec![[at.lon_deg(), at.lat_deg()]],
            cover: match cover {
                Cover::Sure => report::Cover::Sure,
                Cover::Perhaps => report::Cover::Perhaps,
                Cover::Not => report::Cover::Not,
            },
            weight: *weight,
        };
        let places = demand.places().places().iter().zip(&covers);
        Ok(places.zip(weights).map(cell).collect())
    }

    /// The audit of the stations in service, whatever their hours.
    fn audit(&self, standard: &Standard) -> AuditSummary {
        let snapshot = self.request.snapshot();
        let language = self.request.language();
        let filter = StationFilter {
            statuses: self.request.question().conditions.filter.statuses,
            ..StationFilter::ANY
        };
        let stations = snapshot.stations().iter().zip(0_u32..);
        let audited =
            stations.filter(|(station, _)| filter.matches(&station.facilities, station.host, station.status));
        let ordinals: Vec<u32> = audited.map(|(_, ordinal)| ordinal).collect();
        let today = snapshot.moment(self.request.question().now).minute.date();
        let found = audit(snapshot, standard, &ordinals, today);
        let count = |number: usize| number as u64;
        AuditSummary {
            standard_zh: standard.name.zh.to_string(),
            standard_en: standard.name.en.to_string(),
            pass: count(found.counts.pass),
            fail: count(found.counts.fail),
            unknown: count(found.counts.unknown),
            league: found
                .districts
                .iter()
                .map(|district| LeagueRow {
                    district: district
                        .name
                        .as_deref()
                        .or(district.adcode.as_deref())
                        .unwrap_or("—")
                        .to_owned(),
                    stations: count(district.counts.total()),
                    sure_pass_share: district.counts.share_sure(),
                    possible_pass_share: district.counts.share_possible(),
                })
                .collect(),
            first_actions: found
                .todo
                .iter()
                .take(FIRST_ACTIONS)
                .filter_map(|position| {
                    let audited = found.stations.get(*position)?;
                    let station = snapshot.stations().get(audited.station as usize)?;
                    Some(FirstAction {
                        id: station.id.as_str().to_owned(),
                        name: station.name.to_string(),
                        text: words::actions(&audited.actions, standard, language),
                    })
                })
                .collect(),
        }
    }
}

fn map_stations(snapshot: &Snapshot, counted: &PlanStations) -> Vec<MapStation> {
    let mut parts = vec![StationPart::Other; snapshot.stations().len()];
    for station in counted.stations() {
        if let Some(part) = parts.get_mut(station.ordinal as usize) {
            *part = match station.certainty {
                Certainty::Sure => StationPart::Sure,
                Certainty::Perhaps => StationPart::Perhaps,
            };
        }
    }
    let stations = snapshot.stations().iter().zip(parts);
    let drawn = stations.map(|(station, part)| MapStation {
        name: station.name.to_string(),
        lon: station.location.place().lon_deg(),
        lat: station.location.place().lat_deg(),
        part,
    });
    drawn.collect()
}

fn standard(id: &str, snapshot: &Snapshot) -> Result<Standard, ApiError> {
    let standards = &snapshot.reference().standards;
    let found = standards.iter().find(|standard| &*standard.id == id).cloned();
    found.ok_or_else(|| {
        let ids: Vec<&str> = standards.iter().map(|standard| &*standard.id).collect();
        ApiError::invalid(
            "standard",
            id,
            format!("the id of a standard, one of {}", ids.join(", ")),
        )
    })
}
