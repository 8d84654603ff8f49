//! `GET /v1/imports/{id}/rows`: what a dry run would do, row by row; or a copy of the sheet with remarks.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::imports::{begin, reply};
use crate::http::conditions;
use crate::http::error::ApiError;
use crate::http::import_refused::ImportRefused;
use crate::http::import_work::not_here;
use crate::http::long_work::LongWork;
use crate::http::params::Params;
use crate::http::respond::JSON;
use crate::http::state::ApiState;
use crate::import::CopyFormat;
use crate::register::row_report::RowOutcome;
use crate::storage::StationStore;

/// The query parameters.
pub const PARAMETERS: &[&[&str]] = &[&["outcome", "cursor", "limit", "f", "lang"]];
/// Rows on one page: unless asked, and at most.
const LIMITS: (usize, usize) = (100, 1_000);

/// Some rows, as they are sent.
#[derive(Serialize)]
struct Listing {
    rows: Vec<Box<RawValue>>,
    #[serde(rename = "numberReturned")]
    number_returned: usize,
    version: u64,
    next: Option<String>,
}

/// Where a page of rows begins: in which version, in which stored page, behind how many of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    version: u64,
    page: u64,
    line: usize,
}

/// Answers with rows, or with a copy of the sheet.
pub async fn get(
    request: HttpRequest,
    state: web::Data<ApiState>,
    long_work: web::Data<LongWork>,
) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let format = match params.text("f") {
        None | Some("json") => None,
        Some("csv") => Some(CopyFormat::Csv),
        Some("xlsx") => Some(CopyFormat::Xlsx),
        Some(text) => return Err(ApiError::invalid("f", text, "json, csv or xlsx")),
    };
    let outcomes: Option<Vec<RowOutcome>> = params.words("outcome")?;
    let mask = outcomes.map_or(u32::MAX, |all| all.iter().fold(0, |mask, one| mask | one.bit()));
    let limit = params.limit(LIMITS.0, LIMITS.1)?;
    let cursor = params.text("cursor").map(place).transpose()?;
    let language = conditions::language(&params, request.headers())?;
    let (work, _author) = begin(&request, &state).await?;
    let id = request.match_info().query("id").to_owned();
    if let Some(format) = format {
        let turn = long_work.turn().await?;
        let copy = move |_watch: &_| work.copy(&id, (format, language));
        let mut response = reply(&request, turn, StatusCode::OK, copy).await?;
        let name = match format {
            CopyFormat::Csv => "attachment; filename=\"remarks.csv\"",
            CopyFormat::Xlsx => "attachment; filename=\"remarks.xlsx\"",
        };
        response.headers_mut().insert(
            CONTENT_DISPOSITION,
            actix_web::http::header::HeaderValue::from_static(name),
        );
        return Ok(response);
    }
    page(work.keeper.store(), &id, (cursor, mask, limit)).await
}

/// The rows from a place on that have one of the outcomes.
async fn page(
    store: &StationStore,
    id: &str,
    (cursor, mask, limit): (Option<Place>, u32, usize),
) -> Result<HttpResponse, ApiError> {
    let failed = |error| ApiError::of_storage(&error);
    let entry = store.dry_run(id, Utc::now()).await.map_err(failed)?;
    let version = entry.ok_or_else(|| not_here(id))?.run.version;
    let mut place = cursor.unwrap_or(Place {
        version,
        page: 0,
        line: 0,
    });
    if place.version != version {
        return Err(ImportRefused::AnotherVersion { version }.into());
    }
    let mut rows = Listing {
        rows: Vec::new(),
        number_returned: 0,
        version,
        next: None,
    };
    while let Some((number, page)) = store.dry_run_page(id, (place.page, mask)).await.map_err(failed)? {
        let skipped = if number == place.page { place.line } else { 0 };
        for (line, text) in page.body.lines().enumerate().skip(skipped) {
            if bits(text) & mask == 0 {
                continue;
            }
            if rows.rows.len() == limit {
                place = Place {
                    version,
                    page: number,
                    line,
                };
                rows.next = Some(place.cursor());
                return Ok(answer(rows));
            }
            let text = RawValue::from_string(text.to_owned());
            rows.rows.push(text.map_err(|error| {
                tracing::error!(%error, "A row of a dry run cannot be read");
                ApiError::Internal
            })?);
        }
        (place.page, place.line) = (number + 1, 0);
    }
    Ok(answer(rows))
}

fn answer(mut rows: Listing) -> HttpResponse {
    rows.number_returned = rows.rows.len();
    HttpResponse::Ok()
        .content_type(JSON)
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(serde_json::to_string(&rows).unwrap_or_default())
}

/// The outcomes of a stored row, a bit each.
fn bits(text: &str) -> u32 {
    #[derive(Deserialize)]
    struct Outcomes<'t> {
        #[serde(borrow)]
        outcomes: Vec<&'t str>,
    }
    let row: Option<Outcomes<'_>> = serde_json::from_str(text).ok();
    let words = row.into_iter().flat_map(|row| row.outcomes);
    words
        .filter_map(RowOutcome::from_word)
        .fold(0, |bits, outcome| bits | outcome.bit())
}

impl Place {
    /// As clients bring it back.
    fn cursor(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("r{}.{}.{}", self.version, self.page, self.line))
    }
}

fn place(cursor: &str) -> Result<Place, ApiError> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor.trim()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut numbers = text.strip_prefix('r')?.split('.');
        let place = Place {
            version: numbers.next()?.parse().ok()?,
            page: numbers.next()?.parse::<u32>().ok()?.into(),
            line: numbers.next()?.parse::<u16>().ok()?.into(),
        };
        numbers.next().is_none().then_some(place)
    };
    read().ok_or_else(|| ApiError::invalid("cursor", cursor, "the `next` of an earlier answer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_others_are_refused() {
        let at = Place {
            version: 3,
            page: 799,
            line: 249,
        };
        assert_eq!(place(&at.cursor()).unwrap(), at);
        for wrong in [
            "",
            "r1.2.3",
            "x",
            &URL_SAFE_NO_PAD.encode("r1.2"),
            &URL_SAFE_NO_PAD.encode("r1.2.3.4"),
        ] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
