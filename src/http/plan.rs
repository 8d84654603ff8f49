//! A whole request to the planner: parameters and body in, document or table out. Used by the routes and the command line.

use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use chrono::Utc;

use super::conditions;
use super::covered::Covered;
use super::error::ApiError;
use super::params::Params;
use super::plan_form::{FLATGEOBUF, Form, Table, form};
use super::planning;
use super::respond::{GEO_JSON, JSON};
use super::state::Published;
use crate::domain::language::Language;
use crate::export::flatgeobuf::FlatError;
use crate::export::plan::by_hour::ByHourDocument;
use crate::export::plan::coverage::{CoverageDocument, WhatIfDocument};
use crate::export::plan::gaps::GapsDocument;
use crate::export::plan::preamble::Told;
use crate::export::plan::{
    by_hour_document, cells, coverage_document, gaps_document, tables, text as written,
};
use crate::locator::Snapshot;
use crate::planner::base::PlanBase;
use crate::planner::by_hour::by_hour;
use crate::planner::coverage::CoverageAsk;
use crate::planner::gaps::{GapsAsk, GapsError, MAX_GAPS};
use crate::planner::hours::{HourSpan, open_hours};
use crate::planner::question::PlanQuestion;
use crate::planner::shape::{self, CoveredDistrict};
use crate::planner::stations::{Certainty, PlanStations, near_misses};
use crate::planner::tally::Cover;
use crate::planner::watch::{Cancelled, Watch};
use crate::planner::what_if::{Change, apply};

/// Gaps of an answer when nothing is said.
const DEFAULT_GAPS: usize = 20;
/// Carrying stations of an answer when nothing is said.
const DEFAULT_CARRIES: usize = 20;
/// Most carrying stations of an answer.
const MAX_CARRIES: usize = 1_000;
/// Most places that a cell table in GeoJSON or CSV may have; `FlatGeobuf` has no such limit.
pub const MAX_CELL_FEATURES: usize = 300_000;

/// The questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanKind {
    /// `/v1/coverage`.
    Coverage,
    /// `/v1/coverage/gaps`.
    Gaps,
    /// `/v1/coverage/by-hour`.
    ByHour,
    /// `/v1/report`, which asks all three.
    Report,
}

/// An answer as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanAnswer {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A request that was read and checked.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    published: Arc<Published>,
    base: Arc<PlanBase>,
    question: PlanQuestion,
    kind: PlanKind,
    form: Form,
    language: Language,
    covered_from: Certainty,
    limit: usize,
    span: (HourSpan, &'static str),
    /// What is asked "if"; empty for a plain question.
    changes: Vec<Change>,
}

impl PlanKind {
    /// The query parameters of its endpoint.
    pub const fn parameters(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Coverage => COVERAGE_PARAMETERS,
            Self::Gaps => GAPS_PARAMETERS,
            Self::ByHour => BY_HOUR_PARAMETERS,
            Self::Report => REPORT_PARAMETERS,
        }
    }
}

/// The query parameters of `/v1/coverage`.
pub const COVERAGE_PARAMETERS: &[&[&str]] = &[planning::SHARED, &["at", "shape", "table", "f"]];

/// The query parameters of `/v1/coverage/gaps`.
pub const GAPS_PARAMETERS: &[&[&str]] = &[planning::SHARED, &["at", "covered_from", "limit", "f"]];

/// The query parameters of `/v1/coverage/by-hour`.
pub const BY_HOUR_PARAMETERS: &[&[&str]] = &[planning::SHARED, &["date", "week", "limit", "f"]];

/// The query parameters of `/v1/report`.
pub const REPORT_PARAMETERS: &[&[&str]] = &[
    planning::SHARED,
    &["at", "covered_from", "date", "week", "limit", "standard", "title"],
];

impl PlanRequest {
    /// Reads a request. `base` is the demand that is asked about: the published one, or one that came with the request.
    pub fn read(
        kind: PlanKind,
        query_string: &str,
        headers: &HeaderMap,
        (published, base, changes): (Arc<Published>, Arc<PlanBase>, Vec<Change>),
    ) -> Result<Self, ApiError> {
        let params = Params::parse(query_string, kind.parameters())?;
        let now = Utc::now();
        let question = planning::question(&params, &published.snapshot, &base.districts, now)?;
        let limit = match kind {
            PlanKind::Coverage => 0,
            PlanKind::Gaps | PlanKind::Report => params.limit(DEFAULT_GAPS, MAX_GAPS)?,
            PlanKind::ByHour => params.limit(DEFAULT_CARRIES, MAX_CARRIES)?,
        };
        let covered_from = match params.text("covered_from") {
            None | Some("perhaps") => Certainty::Perhaps,
            Some("sure") => Certainty::Sure,
            Some(text) => return Err(ApiError::invalid("covered_from", text, "perhaps or sure")),
        };
        let form = form(kind, &params, headers)?;
        planning::check_form(&params, (kind, form), &question, &base)?;
        Ok(Self {
            form,
            language: conditions::language(&params, headers)?,
            span: planning::span(&params, &published.snapshot, now)?,
            published,
            base,
            question,
            kind,
            covered_from,
            limit,
            changes,
        })
    }

    /// The register that is asked.
    pub fn snapshot(&self) -> &Snapshot {
        &self.published.snapshot
    }

    /// The districts and the demand.
    pub fn base(&self) -> &PlanBase {
        &self.base
    }

    /// The language of texts for people.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Reads a request that did not come over HTTP, and asks the published demand. Makes the even grid where nobody gave
    /// demand; see [`Published::plan_base`].
    pub fn offline(kind: PlanKind, query_string: &str, published: Arc<Published>) -> Result<Self, ApiError> {
        let base = published.plan_base()?;
        Self::read(
            kind,
            query_string,
            &HeaderMap::new(),
            (published, base, Vec::new()),
        )
    }

    /// The question.
    pub const fn question(&self) -> &PlanQuestion {
        &self.question
    }

    /// Whether the answer is bytes and no text.
    pub fn is_of_bytes(&self) -> bool {
        self.form == Form::FlatGeobuf
    }

    /// Answers in the form that was asked for.
    pub fn answer(&self, watch: &Watch) -> Result<PlanAnswer, ApiError> {
        match self.kind {
            PlanKind::Coverage | PlanKind::Report => self.coverage_answer(watch),
            PlanKind::Gaps => {
                let document = self.gaps(watch)?;
                match self.form {
                    Form::Shapes | Form::Cells => Ok(text(GEO_JSON, tables::gaps_geojson(&document))),
                    Form::Csv(_) => Ok(text(CSV, tables::gaps_csv(&document))),
                    Form::FlatGeobuf => flat(tables::gaps_flatgeobuf(&document)),
                    Form::Text => Ok(text(TEXT, written::gaps(&document, self.language))),
                    Form::Json => json(&document),
                }
            }
            PlanKind::ByHour => {
                let document = self.by_hour(watch)?;
                match self.form {
                    Form::Csv(_) => Ok(text(CSV, tables::by_hour_csv(&document))),
                    Form::Text => Ok(text(TEXT, written::by_hour(&document, self.language))),
                    _ => json(&document),
                }
            }
        }
    }

    fn coverage_answer(&self, watch: &Watch) -> Result<PlanAnswer, ApiError> {
        match self.form {
            Form::Json if !self.changes.is_empty() => return json(&self.what_if(watch)?),
            Form::Text if !self.changes.is_empty() => {
                return Ok(text(TEXT, written::what_if(&self.what_if(watch)?, self.language)));
            }
            _ => {}
        }
        let planned = self.planned()?;
        let snapshot = planned.as_ref().unwrap_or(&self.published.snapshot);
        let covered = self.covered(snapshot, watch)?;
        let answer = &covered.answer;
        let told = self.told(snapshot, &covered.stations);
        if matches!(self.form, Form::Cells | Form::Csv(Table::Cells))
            && self.base.demand.places().places().len() > MAX_CELL_FEATURES
        {
            return Err(ApiError::AnswerTooLarge {
                what: "places",
                limit: MAX_CELL_FEATURES,
                instead: "`f=fgb`, or `yizhan coverage --out cells.fgb`",
            });
        }
        let document = || self.document(snapshot, &covered);
        match self.form {
            Form::Json => json(&document()),
            Form::Shapes => {
                let areas = covered.areas.as_deref().unwrap_or_default();
                Ok(text(GEO_JSON, tables::areas_geojson(&told, areas)))
            }
            Form::Cells => Ok(text(GEO_JSON, cells::geojson(&told, answer))),
            Form::Csv(Table::Cells) => Ok(text(CSV, cells::csv(&told, answer))),
            Form::Csv(Table::Facilities) => Ok(text(CSV, tables::facilities_csv(&document()))),
            Form::Csv(Table::Districts | Table::Whole) => Ok(text(CSV, tables::districts_csv(&document()))),
            Form::FlatGeobuf => flat(cells::flatgeobuf(&told, answer)),
            Form::Text => Ok(text(TEXT, written::coverage(&document(), self.language))),
        }
    }

    /// Coverage, as a document.
    pub fn coverage(&self, watch: &Watch) -> Result<CoverageDocument, ApiError> {
        let planned = self.planned()?;
        self.coverage_of(planned.as_ref().unwrap_or(&self.published.snapshot), watch)
    }

    /// Coverage before and after the changes.
    pub fn what_if(&self, watch: &Watch) -> Result<WhatIfDocument, ApiError> {
        let planned = self.planned()?;
        let published = &self.published;
        let work_out = || self.covered(&published.snapshot, watch);
        let is_its_demand = published
            .plan_base()
            .is_ok_and(|base| Arc::ptr_eq(&base, &self.base));
        let before = if is_its_demand {
            published.last_covered().or_work_out(&self.question, work_out)?
        } else {
            // Nothing is kept of a demand that came with the request.
            Arc::new(work_out()?)
        };
        let before = self.document(&published.snapshot, &before);
        let after = match &planned {
            Some(snapshot) => self.coverage_of(snapshot, watch)?,
            None => before.clone(),
        };
        Ok(coverage_document::what_if(before, after))
    }

    /// The gaps, as a document.
    pub fn gaps(&self, watch: &Watch) -> Result<GapsDocument, ApiError> {
        let planned = self.planned()?;
        let snapshot = planned.as_ref().unwrap_or(&self.published.snapshot);
        let stations = PlanStations::select(snapshot, &self.question.conditions);
        let near_misses = near_misses(snapshot, &self.question.conditions, self.covered_from);
        let ask = GapsAsk {
            coverage: self.ask(&stations),
            covered_from: self.covered_from,
            near_misses: &near_misses,
            limit: self.limit,
        };
        let gaps = ask.answer(&self.base, watch).map_err(|error| match error {
            GapsError::Cancelled(cancelled) => given_up(cancelled),
            GapsError::NotACell(problem) => ApiError::InvalidBody {
                problem: problem.to_string(),
                expected: "demand with H3 cells",
            },
        })?;
        let cells = self.base.cells().map_err(|_told_above| ApiError::Internal)?;
        let told = self.told(snapshot, &stations);
        Ok(gaps_document::gaps(&told, &gaps, self.covered_from, cells))
    }

    /// Coverage by hour, as a document.
    pub fn by_hour(&self, watch: &Watch) -> Result<ByHourDocument, ApiError> {
        let planned = self.planned()?;
        let snapshot = planned.as_ref().unwrap_or(&self.published.snapshot);
        // Every hour is asked about, whatever time the question names.
        let question = self.question.at_any_time();
        let stations = PlanStations::select(snapshot, &question.conditions);
        let (span, _) = self.span;
        let open = open_hours(snapshot, &question.conditions.filter, &stations, span);
        let answer = by_hour(&self.ask(&stations), &open, span.hours(), watch).map_err(given_up)?;
        let told = Told {
            question: &question,
            ..self.told(snapshot, &stations)
        };
        Ok(by_hour_document::by_hour(&told, &answer, self.span, self.limit))
    }

    /// The covered areas of the districts, for a map; `None` where [`PlanRequest::covers`] has to tell it.
    pub fn areas(&self, watch: &Watch) -> Result<Option<Vec<CoveredDistrict>>, ApiError> {
        let stations = PlanStations::select(&self.published.snapshot, &self.question.conditions);
        self.shapes(&stations, watch)
    }

    /// The cover of each place of the demand.
    pub fn covers(&self, stations: &PlanStations, watch: &Watch) -> Result<Vec<Cover>, ApiError> {
        let answer = self.ask(stations).answer(watch).map_err(given_up)?;
        Ok(answer.places.covers)
    }

    fn coverage_of(&self, snapshot: &Snapshot, watch: &Watch) -> Result<CoverageDocument, ApiError> {
        Ok(self.document(snapshot, &self.covered(snapshot, watch)?))
    }

    fn document(&self, snapshot: &Snapshot, covered: &Covered) -> CoverageDocument {
        let areas = covered.areas.as_deref().map(shape::table);
        let told = self.told(snapshot, &covered.stations);
        coverage_document::coverage(&told, &covered.answer, areas.as_ref())
    }

    fn covered(&self, snapshot: &Snapshot, watch: &Watch) -> Result<Covered, ApiError> {
        let stations = PlanStations::select(snapshot, &self.question.conditions);
        let answer = self.ask(&stations).answer(watch).map_err(given_up)?;
        let areas = self.shapes(&stations, watch)?;
        Ok(Covered {
            stations,
            answer,
            areas,
        })
    }

    /// Covered areas; none without outlines or when more than one station must reach a place.
    fn shapes(
        &self,
        stations: &PlanStations,
        watch: &Watch,
    ) -> Result<Option<Vec<CoveredDistrict>>, ApiError> {
        if self.base.districts.is_empty() || self.question.reach.k > 1 {
            return Ok(None);
        }
        let districts = (&*self.base.districts, self.question.districts.as_deref());
        let covered = shape::covered(stations, self.question.reach.radius, districts, watch);
        covered.map(Some).map_err(given_up)
    }

    fn planned(&self) -> Result<Option<Snapshot>, ApiError> {
        if self.changes.is_empty() {
            return Ok(None);
        }
        let planned = apply(&self.published.snapshot, &self.changes);
        planned.map(Some).map_err(|problem| ApiError::InvalidBody {
            problem: problem.to_string(),
            expected: "changes that fit the register",
        })
    }

    fn ask<'a>(&'a self, stations: &'a PlanStations) -> CoverageAsk<'a> {
        CoverageAsk {
            demand: &self.base.demand,
            stations,
            reach: self.question.reach,
            districts: self.question.districts.as_deref(),
        }
    }

    fn told<'a>(&'a self, snapshot: &'a Snapshot, stations: &'a PlanStations) -> Told<'a> {
        Told {
            snapshot,
            districts: &self.base.districts,
            demand: &self.base.demand,
            question: &self.question,
            stations,
            language: self.language,
        }
    }
}

const CSV: &str = "text/csv; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

fn json(document: &impl serde::Serialize) -> Result<PlanAnswer, ApiError> {
    let body = serde_json::to_vec(document).map_err(|error| {
        tracing::error!(%error, "A document could not be written");
        ApiError::Internal
    })?;
    Ok(PlanAnswer {
        media_type: JSON,
        body,
    })
}

fn text(media_type: &'static str, text: String) -> PlanAnswer {
    PlanAnswer {
        media_type,
        body: text.into_bytes(),
    }
}

fn flat(written: Result<Vec<u8>, FlatError>) -> Result<PlanAnswer, ApiError> {
    let body = written.map_err(|error| {
        tracing::error!(%error, "A FlatGeobuf file could not be written");
        ApiError::Internal
    })?;
    Ok(PlanAnswer {
        media_type: FLATGEOBUF,
        body,
    })
}

fn given_up(_cancelled: Cancelled) -> ApiError {
    ApiError::GivenUp
}
