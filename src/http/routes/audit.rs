//! `GET /v1/audit`: which stations pass a standard, which fail it, and what to do first.

use std::ops::Range;
use std::sync::Arc;

use actix_web::http::header::{ACCEPT, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, NaiveDate, Utc};

use super::items::{self, after, with_parameter};
use super::{OfflineAnswer, off_thread};
use crate::domain::filter::WordSet;
use crate::domain::opening_hours::LocalMinute;
use crate::domain::standard::Standard;
use crate::domain::station::Status;
use crate::export::Style;
use crate::export::audit::{self as written, AuditSource};
use crate::export::geojson::Link;
use crate::http::conditions::{self, Arrival};
use crate::http::error::{ApiError, shortened};
use crate::http::params::Params;
use crate::http::respond::{self, Keep, Tagged};
use crate::http::state::{ApiState, Published};
use crate::locator::{Conditions, ItemsQuery, Moment, Snapshot};
use crate::planner::audit::{Audit, audit};

/// The most stations of a page; totals are always of all stations.
pub const MAX_LIMIT: usize = 10_000;
/// Stations of a page when nothing is said: the whole register of most cities.
const DEFAULT_LIMIT: usize = 1000;

/// The query parameters.
pub const PARAMETERS: &[&[&str]] = &[
    &["standard", "today", "limit", "cursor"],
    &[
        "facilities",
        "facilities_any",
        "include_unknown",
        "hosts",
        "status",
        "district",
    ],
    &["out_coord", "f", "lang"],
];

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AuditFormat {
    Json,
    Csv,
    GeoJson,
    Text,
}

impl AuditFormat {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => respond::JSON,
            Self::Csv => "text/csv; charset=utf-8",
            Self::GeoJson => respond::GEO_JSON,
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// The form that `f` names, else the one that `Accept` likes best, else JSON.
    fn of(params: &Params<'_>, headers: &HeaderMap) -> Result<Self, ApiError> {
        match params.text("f") {
            Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some("geojson") => Ok(Self::GeoJson),
            Some("txt") => Ok(Self::Text),
            Some(text) => Err(ApiError::invalid("f", text, "json, csv, geojson or txt")),
            None => Self::accepted(headers),
        }
    }

    fn accepted(headers: &HeaderMap) -> Result<Self, ApiError> {
        let Some(accept) = headers.get(ACCEPT).and_then(|value| value.to_str().ok()) else {
            return Ok(Self::Json);
        };
        let mut best: Option<(f32, Self)> = None;
        for (media_type, weight) in respond::weighted(accept) {
            let format = match media_type.as_str() {
                // Browsers ask for HTML and get what a person can read as well.
                respond::JSON | "application/*" | "*/*" | "text/html" => Self::Json,
                respond::GEO_JSON => Self::GeoJson,
                "text/csv" => Self::Csv,
                "text/plain" | "text/*" => Self::Text,
                _ => continue,
            };
            if weight > 0.0 && best.is_none_or(|(liked, _)| weight > liked) {
                best = Some((weight, format));
            }
        }
        best.map(|(_, format)| format)
            .ok_or_else(|| ApiError::NotAcceptable {
                given: shortened(accept),
                offered: "application/json, application/geo+json, text/csv, text/plain",
            })
    }
}

/// A question, read and checked.
struct Question {
    standard: Standard,
    today: NaiveDate,
    conditions: Conditions,
    after: Option<Box<str>>,
    /// Stations of a page; `None` for all of them.
    limit: Option<usize>,
    format: AuditFormat,
    style: Style,
    now: DateTime<Utc>,
}

/// Answers with the audit.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let published = state.published()?;
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let mut question = question(&params, &published.snapshot, request.headers(), Utc::now())?;
    question.limit.get_or_insert(DEFAULT_LIMIT);
    let format = question.format;
    let tag = Tagged {
        published: &published,
        // Ages are told in days, so that the answer changes with the day when no day is named.
        minute: Some(midnight(&published.snapshot, question.today)),
        keep: Keep::Public,
    };
    if respond::is_known(&request, &tag.etag(&request)) {
        return respond::tagged(&request, tag, format.media_type(), || Ok(String::new()));
    }
    let (own, self_url) = (Arc::clone(&published), respond::self_url(&request));
    let (text, links) = off_thread(&request, move || {
        let found = find(&own, &question);
        let links = links(&own, &found, &self_url, format);
        Ok((write(&own, &question, &found, &links), links))
    })
    .await?;
    let mut response = respond::tagged(&request, tag, format.media_type(), || Ok(text))?;
    respond::add_links(&mut response, &links);
    Ok(response)
}

/// The same answer without a server, from a query string; without `limit` it has all stations.
pub fn offline(query_string: &str, published: &Published) -> Result<OfflineAnswer, ApiError> {
    let params = Params::parse(query_string, PARAMETERS)?;
    let question = question(&params, &published.snapshot, &HeaderMap::new(), Utc::now())?;
    let found = find(published, &question);
    Ok(OfflineAnswer {
        text: write(published, &question, &found, &[]),
        found: found.audit.stations.len(),
    })
}

fn question(
    params: &Params<'_>,
    snapshot: &Snapshot,
    headers: &HeaderMap,
    now: DateTime<Utc>,
) -> Result<Question, ApiError> {
    let statuses = WordSet::of_statuses(&[Status::Open]);
    Ok(Question {
        standard: standard(params, snapshot)?.clone(),
        today: match params.text("today") {
            Some(text) => day(text)?,
            None => snapshot.moment(now).minute.date(),
        },
        conditions: conditions::conditions(params, snapshot, now, (Arrival::Impossible, statuses))?,
        after: params.text("cursor").map(after).transpose()?,
        limit: match params.text("limit") {
            Some(_) => Some(params.limit(DEFAULT_LIMIT, MAX_LIMIT)?),
            None => None,
        },
        format: AuditFormat::of(params, headers)?,
        style: conditions::style(params, headers)?,
        now,
    })
}

fn standard<'a>(params: &Params<'_>, snapshot: &'a Snapshot) -> Result<&'a Standard, ApiError> {
    let standards = &snapshot.reference().standards;
    let known = || {
        let ids: Vec<&str> = standards.iter().map(|standard| &*standard.id).collect();
        ids.join(", ")
    };
    let Some(id) = params.text("standard") else {
        return Err(ApiError::MissingParameter {
            name: "standard",
            expected: format!("the id of a standard, one of {}", known()),
        });
    };
    standards
        .iter()
        .find(|standard| *standard.id == *id)
        .ok_or_else(|| {
            ApiError::invalid(
                "standard",
                id,
                format!("the id of a standard, one of {}", known()),
            )
        })
}

fn day(text: &str) -> Result<NaiveDate, ApiError> {
    // The parser alone would take `2026-1-2` and years with a sign.
    let is_whole =
        text.len() == "2026-11-22".len() && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    day.filter(|_| is_whole && !text.starts_with('-'))
        .ok_or_else(|| ApiError::invalid("today", text, "a day such as 2026-11-22"))
}

fn midnight(snapshot: &Snapshot, day: NaiveDate) -> Moment {
    let clock = snapshot.reference().clock;
    clock.moment(clock.begin(LocalMinute::start_of(day)).with_timezone(&Utc))
}

/// The audit of all stations, and which of them are on the page.
struct Found {
    audit: Audit,
    page: Range<usize>,
}

fn find(published: &Published, question: &Question) -> Found {
    let snapshot = &published.snapshot;
    let matching = snapshot.items(&ItemsQuery {
        conditions: question.conditions.clone(),
        limit: usize::MAX,
        ..ItemsQuery::default()
    });
    let audit = audit(snapshot, &question.standard, &matching.stations, question.today);
    let id = |station: u32| {
        let record = snapshot.stations().get(station as usize);
        record.map_or("", |record| record.id.as_str())
    };
    let first = question.after.as_ref().map_or(0, |after| {
        audit
            .stations
            .partition_point(|station| id(station.station) <= &**after)
    });
    let end = question
        .limit
        .map_or(usize::MAX, |limit| first.saturating_add(limit));
    let page = first..end.min(audit.stations.len());
    Found { audit, page }
}

fn links(published: &Published, found: &Found, self_url: &str, format: AuditFormat) -> Vec<Link> {
    let link = |href: String, rel, media_type| Link {
        href,
        rel,
        media_type,
        title: None,
    };
    let forms = [
        (AuditFormat::Json, "json", respond::JSON),
        (AuditFormat::Csv, "csv", "text/csv"),
        (AuditFormat::GeoJson, "geojson", respond::GEO_JSON),
    ];
    let own = forms.iter().find(|(form, ..)| *form == format);
    let own_type = own.map_or("text/plain", |(_, _, media_type)| *media_type);
    let mut links = vec![link(self_url.to_owned(), "self", own_type)];
    let others = forms.iter().filter(|(form, ..)| *form != format);
    links.extend(
        others
            .map(|(_, name, media_type)| link(with_parameter(self_url, "f", name), "alternate", media_type)),
    );
    let has_more = found.page.end < found.audit.stations.len() && format != AuditFormat::Text;
    let last = found
        .page
        .clone()
        .next_back()
        .and_then(|last| found.audit.stations.get(last));
    if let (true, Some(last)) = (has_more, last) {
        let record = published.snapshot.stations().get(last.station as usize);
        let cursor = record.map(|record| items::cursor(record.id.as_str()));
        let href = with_parameter(self_url, "cursor", &cursor.unwrap_or_default());
        links.push(link(href, "next", own_type));
    }
    links
}

fn write(published: &Published, question: &Question, found: &Found, links: &[Link]) -> String {
    let source = AuditSource {
        snapshot: &published.snapshot,
        parts: &published.parts,
        now: question.now,
        standard: &question.standard,
        today: question.today,
        audit: &found.audit,
        page: found.audit.stations.get(found.page.clone()).unwrap_or_default(),
        style: &question.style,
    };
    match question.format {
        AuditFormat::Json => written::json(&source, links),
        AuditFormat::Csv => written::csv(&source),
        AuditFormat::GeoJson => written::geojson(&source, links),
        AuditFormat::Text => written::text(&source),
    }
}
