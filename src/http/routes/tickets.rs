//! `POST …/items/{id}/reports` for everybody, and `/v1/tickets` for editors, who decide what becomes of them.
//!
//! Nothing of the person who reports is asked for or kept. What they write is shown to editors only; whoever knows the
//! number of a ticket may ask where it stands.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, ETAG, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::edit_item::{self, MAX_STATION_BYTES, expected};
use super::{item, no_parameters};
use crate::domain::coordinate::LonLat;
use crate::domain::datum::{Datum, convert};
use crate::domain::ticket::{ReportKind, TicketState};
use crate::http::access::{self, PublicWrite};
use crate::http::body::read_up_to;
use crate::http::error::{ApiError, shortened};
use crate::http::fields::Fields;
use crate::http::params::Params;
use crate::http::respond;
use crate::http::state::ApiState;
use crate::register::tickets::{Handling, Report, TicketError};
use crate::register::token::Role;
use crate::storage::{Saying, TicketFilter, TicketRecord};

/// The query parameters of the list.
pub const PARAMETERS: &[&[&str]] = &[&["state", "station", "cursor", "limit"]];
/// Tickets on one page: unless asked, and at most.
const LIMITS: (usize, usize) = (50, 200);
/// The largest report, bytes.
const MAX_REPORT_BYTES: usize = 8_192;
/// The longest text of a report and the longest note, in characters.
const MAX_TEXT_CHARS: usize = 500;
/// The longest language tag, in characters.
const MAX_LANG_CHARS: usize = 35;

/// Takes a report from anybody.
pub async fn post_report(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let keeper = state.register()?;
    access::may_send(&request, &state, PublicWrite::Report).await?;
    let station = item::id_before_last(&request);
    if state.published()?.snapshot.find(&station).is_none() {
        return Err(item::not_found(&station));
    }
    let document = read_up_to(&request, payload, (MAX_REPORT_BYTES, "a shorter report")).await?;
    let report = read_report(station, &document)?;
    let counted = keeper.report(&report).await;
    let counted = counted.map_err(|error| ApiError::of_storage(&error))?;
    let url = format!("{}/v1/tickets/{}", respond::base_url(&request), counted.ticket);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, url))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({ "id": counted.ticket, "state": counted.state, "is_text_kept": counted.is_kept })))
}

/// Answers an editor with the tickets that a filter passes, the oldest first.
pub async fn list(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let filter = TicketFilter {
        state: params.word("state")?,
        station: params.text("station").map(str::to_owned),
        after: params.text("cursor").map_or(Ok(0), after)?,
    };
    let limit = params.limit(LIMITS.0, LIMITS.1)?;
    let (keeper, _) = access::require(&request, &state, Role::Editor).await?;
    // One more tells whether there is a next page.
    let asked = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let tickets = keeper.tickets(&filter, asked).await;
    let mut tickets = tickets.map_err(|error| ApiError::of_storage(&error))?;
    let has_next = tickets.len() > limit;
    tickets.truncate(limit);
    let next = tickets
        .last()
        .filter(|_| has_next)
        .map(|ticket| URL_SAFE_NO_PAD.encode(format!("t{}", ticket.id)));
    let body = json!({
        "tickets": tickets.iter().map(document).collect::<Vec<_>>(),
        "next": next,
        "numberReturned": tickets.len(),
    });
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(body))
}

/// Answers an editor with a ticket, and everybody else with where it stands.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let keeper = state.register()?;
    let is_editor = request.headers().contains_key(AUTHORIZATION)
        && access::require(&request, &state, Role::Reader).await?.1.role >= Role::Editor;
    let id = number_of(&request)?;
    let ticket = keeper
        .ticket(id)
        .await
        .map_err(|error| ApiError::of_storage(&error))?;
    let ticket = ticket.ok_or_else(|| not_found(&id.to_string()))?;
    if is_editor {
        return Ok(answer(&ticket));
    }
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({ "id": ticket.id, "state": ticket.state })))
}

/// Changes a ticket, and the station with it where the editor says so.
pub async fn patch(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, identity) = access::require(&request, &state, Role::Editor).await?;
    let (id, expected) = (number_of(&request)?, expected(&request)?);
    let document = read_up_to(&request, payload, (MAX_STATION_BYTES, "a shorter note")).await?;
    let handling = read_handling(&document)?;
    let handled = keeper.handle((id, expected), &handling, &identity.name).await;
    let ticket = handled.map_err(|error| refused(error, &document))?;
    Ok(answer(&ticket))
}

fn read_report(station: String, document: &[u8]) -> Result<Report, ApiError> {
    let mut fields = Fields::read(document, "a JSON object with `kind`")?;
    let kind = fields.needed::<ReportKind>("kind", Fields::word);
    let facility = match kind {
        Some(ReportKind::BrokenFacility) => fields.needed("facility", Fields::word),
        _ => fields
            .word("facility")
            .filter(|_| is_for(&mut fields, kind, "facility")),
    };
    let text = match kind {
        Some(ReportKind::Other) => fields.needed("text", |fields, name| fields.text(name, MAX_TEXT_CHARS)),
        _ => fields.text("text", MAX_TEXT_CHARS),
    };
    let place = read_place(&mut fields, kind);
    let lang = read_lang(&mut fields);
    fields.finish("report")?;
    let kind = kind.ok_or(ApiError::Internal)?;
    Ok(Report {
        station,
        kind,
        facility,
        text,
        lang,
        place,
    })
}

/// Whether a member belongs to no other kind of report; a member that does is a problem.
fn is_for(fields: &mut Fields, kind: Option<ReportKind>, name: &str) -> bool {
    if let Some(kind) = kind {
        let en = format!("`{name}` does not go with kind `{kind}`; expected no such member");
        let zh = format!("`{kind}` 不需要 `{name}`，请去掉");
        fields.problem(name, "not_for_kind", (en, zh));
    }
    false
}

fn read_place(fields: &mut Fields, kind: Option<ReportKind>) -> Option<LonLat> {
    if kind != Some(ReportKind::WrongPlace) {
        for name in ["lon", "lat", "coord"] {
            if fields.any(name).is_some() {
                is_for(fields, kind, name);
            }
        }
        return None;
    }
    let is_given = ["lon", "lat", "coord"].iter().any(|name| fields.has(name));
    if !is_given {
        return None;
    }
    let lon = fields.needed("lon", Fields::number);
    let lat = fields.needed("lat", Fields::number);
    let datum = fields.word::<Datum>("coord").unwrap_or(Datum::Wgs84);
    match LonLat::new(lon?, lat?) {
        Ok(place) => Some(convert(place, datum, Datum::Wgs84)),
        Err(error) => {
            let zh = format!("坐标 `{},{}` 无效，应为经度在前的度数", lon?, lat?);
            fields.problem("lon", "bad_place", (error.to_string(), zh));
            None
        }
    }
}

fn read_lang(fields: &mut Fields) -> Option<String> {
    let lang = fields.text("lang", MAX_LANG_CHARS)?;
    let is_tag =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if lang.len() >= 2 && lang.split('-').all(is_tag) {
        return Some(lang);
    }
    let given = shortened(&lang);
    let en = format!("`lang` is `{given}`; expected a language tag such as zh or zh-CN");
    let zh = format!("`lang` 是 `{given}`，应为语言代码，如 zh、zh-CN");
    fields.problem("lang", "bad_language", (en, zh));
    None
}

fn read_handling(document: &[u8]) -> Result<Handling, ApiError> {
    let mut fields = Fields::read(document, "a JSON object with `state`")?;
    let state = fields.needed::<TicketState>("state", Fields::word);
    let note = fields.text("note", MAX_TEXT_CHARS);
    let is_confirmed = fields.flag("confirmed");
    let patch = fields.object("patch");
    if let Some(state) = state.filter(|state| *state != TicketState::Resolved) {
        for (name, is_given) in [("confirmed", is_confirmed), ("patch", patch.is_some())] {
            if is_given {
                let en = format!("`{name}` goes with state `resolved` only, and the state is `{state}`");
                let zh = format!("`{name}` 只能用于 `resolved`，而状态是 `{state}`");
                fields.problem(name, "not_for_state", (en, zh));
            }
        }
    }
    fields.finish("change of a ticket")?;
    Ok(Handling {
        state: state.ok_or(ApiError::Internal)?,
        note,
        is_confirmed,
        patch,
    })
}

fn number_of(request: &HttpRequest) -> Result<u64, ApiError> {
    let text = item::id_of(request);
    let number = text.parse::<u64>().ok();
    let number = number.filter(|number| number.to_string() == text && i64::try_from(*number).is_ok());
    number.ok_or_else(|| not_found(&text))
}

fn not_found(id: &str) -> ApiError {
    ApiError::NotFound {
        what: "ticket",
        given: shortened(id),
        expected: "the number that a report was answered with, or an id of /v1/tickets",
    }
}

/// The ticket with the tag that the next change of it brings back.
fn answer(ticket: &TicketRecord) -> HttpResponse {
    HttpResponse::build(StatusCode::OK)
        .insert_header((ETAG, format!("W/\"{}-{}\"", ticket.version, ticket.reports)))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(document(ticket))
}

/// A ticket as editors see it.
fn document(ticket: &TicketRecord) -> Value {
    json!({
        "id": ticket.id,
        "station": ticket.station,
        "kind": ticket.kind,
        "facility": ticket.facility,
        "state": ticket.state,
        "version": ticket.version,
        "reports": ticket.reports,
        "opened_at": ticket.opened_at,
        "reported_at": ticket.reported_at,
        "changed_at": ticket.changed_at,
        "changed_by": ticket.changed_by,
        "note": ticket.note,
        "revision": ticket.revision,
        "said": ticket.sayings.iter().map(said).collect::<Vec<_>>(),
    })
}

fn said(saying: &Saying) -> Value {
    let body: Value = serde_json::from_str(&saying.body).unwrap_or_default();
    let member = |name: &str| body.get(name).cloned().unwrap_or_default();
    json!({ "at": saying.at, "text": member("text"), "lang": member("lang"), "lon": member("lon"),
        "lat": member("lat") })
}

fn refused(error: TicketError, document_given: &[u8]) -> ApiError {
    match error {
        TicketError::NotFound(id) => not_found(&id.to_string()),
        TicketError::Stale(ticket) => ApiError::StaleTicket {
            id: ticket.id,
            current: document(&ticket),
        },
        TicketError::Closed(ticket) => ApiError::TicketClosed {
            id: ticket.id,
            current: document(&ticket),
        },
        TicketError::NothingToConfirm(kind) => {
            let mut fields = Fields::of(serde_json::Map::new(), String::new());
            let en = format!(
                "`confirmed` changes nothing of kind `{kind}`; expected a `patch` that says what is right"
            );
            let zh = format!("`{kind}` 仅确认不会修改站点，请在 `patch` 里写明正确的内容");
            fields.problem("confirmed", "nothing_to_confirm", (en, zh));
            fields
                .finish("change of a ticket")
                .err()
                .unwrap_or(ApiError::Internal)
        }
        TicketError::Edit(error) => edit_item::refused(error, document_given),
    }
}

fn after(cursor: &str) -> Result<u64, ApiError> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor.trim()).ok()?;
        let number: u64 = String::from_utf8(bytes).ok()?.strip_prefix('t')?.parse().ok()?;
        i64::try_from(number).is_ok().then_some(number)
    };
    read().ok_or_else(|| ApiError::invalid("cursor", cursor, "the `next` of an earlier answer"))
}
