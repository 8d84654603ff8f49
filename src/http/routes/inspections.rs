//! `POST` and `GET …/items/{id}/inspections`: what inspectors found, item by item of a standard.

use std::collections::{BTreeMap, HashSet};

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::edit_item::{self, MAX_STATION_BYTES};
use super::visits::today;
use super::{item, no_parameters};
use crate::domain::facility::FacilityState;
use crate::domain::inspection::ItemResult;
use crate::domain::standard::{Requirement, Standard, StandardItem};
use crate::http::access;
use crate::http::body::read_up_to;
use crate::http::error::{ApiError, shortened};
use crate::http::fields::Fields;
use crate::http::params::Params;
use crate::http::state::ApiState;
use crate::register::inspections::{Finding, Inspection, suggestions};
use crate::register::token::Role;
use crate::storage::InspectionRecord;

/// The query parameters of the list.
pub const PARAMETERS: &[&[&str]] = &[&["cursor", "limit"]];
/// Inspections on one page: unless asked, and at most.
const LIMITS: (usize, usize) = (20, 100);
/// The longest role of an inspector, in characters.
const MAX_ROLE_CHARS: usize = 100;
/// The longest remark, in characters.
const MAX_REMARK_CHARS: usize = 500;
/// The first day that an inspection can be of: earlier ones are slips.
const FIRST_YEAR: i32 = 2000;

/// Keeps an inspection; the latest one moves the station's day of verification.
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, identity) = access::require(&request, &state, Role::Editor).await?;
    let author = access::author(&request, identity)?;
    let document = read_up_to(&request, payload, (MAX_STATION_BYTES, "shorter remarks")).await?;
    let id = item::id_before_last(&request);
    let published = state.published()?;
    let standards = &published.snapshot.reference().standards;
    let (inspection, standard) = read(&document, standards, today(&published))?;
    let inspected = keeper.inspect(&id, &inspection, &author).await;
    let inspected = inspected.map_err(|error| edit_item::refused(error, &document))?;
    let body = json!({
        "id": inspected.id,
        "station": id,
        "revision": inspected.revision,
        "verified_at": inspected.station.verified_at,
        "suggestions": suggestions(standard, &inspection.results, &inspected.station),
        "inspection": inspection,
    });
    Ok(HttpResponse::Created()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(body))
}

/// Answers with the inspections of a station, the latest day first.
pub async fn get(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let params = Params::parse(request.query_string(), PARAMETERS)?;
    let keeper = state.register()?;
    let before = params.text("cursor").map(before).transpose()?;
    let limit = params.limit(LIMITS.0, LIMITS.1)?;
    let id = item::id_before_last(&request);
    // One more tells whether there is a next page.
    let asked = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let found = keeper.inspections(&id, before, asked).await;
    let mut found = found.map_err(|error| ApiError::of_storage(&error))?;
    if found.is_empty() && state.published()?.snapshot.find(&id).is_none() {
        return Err(item::not_found(&id));
    }
    let has_next = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_next).map(|last| {
        let (day, id) = (last.day, last.id);
        URL_SAFE_NO_PAD.encode(format!("i{day}.{id}"))
    });
    let body = json!({
        "inspections": found.iter().map(listed).collect::<Vec<_>>(),
        "next": next,
        "numberReturned": found.len(),
    });
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-cache"))
        .json(body))
}

fn listed(record: &InspectionRecord) -> Value {
    let inspection: Value = serde_json::from_str(&record.body).unwrap_or_default();
    json!({ "id": record.id, "at": record.at, "who": record.who, "revision": record.revision,
        "inspection": inspection })
}

fn read<'a>(
    document: &[u8],
    standards: &'a [Standard],
    today: NaiveDate,
) -> Result<(Inspection, &'a Standard), ApiError> {
    let mut fields = Fields::read(
        document,
        "a JSON object with `date`, `inspector`, `standard` and `results`",
    )?;
    let date = fields.needed("date", |fields, name| read_date(fields, name, today));
    let inspector = fields.needed("inspector", |fields, name| fields.text(name, MAX_ROLE_CHARS));
    let standard = fields.needed("standard", |fields, name| read_standard(fields, name, standards));
    let remark = fields.text("remark", MAX_REMARK_CHARS);
    let results = fields.needed("results", Fields::list).unwrap_or_default();
    let findings = read_results(&mut fields, results, standard);
    fields.finish("inspection")?;
    let (Some(date), Some(inspector), Some(standard)) = (date, inspector, standard) else {
        return Err(ApiError::Internal);
    };
    let inspection = Inspection {
        date,
        inspector,
        standard: standard.id.to_string(),
        results: findings,
        remark,
    };
    Ok((inspection, standard))
}

fn read_date(fields: &mut Fields, name: &str, today: NaiveDate) -> Option<NaiveDate> {
    let date = fields.day(name)?;
    let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1)?;
    if (first..=today).contains(&date) {
        return Some(date);
    }
    let en = format!("`{name}` is `{date}`; expected a day from {first} to today, {today}");
    let zh = format!("`{name}` 是 `{date}`，应在 {first} 与今天 {today} 之间");
    fields.problem(name, "day_out_of_range", (en, zh));
    None
}

fn read_standard<'a>(fields: &mut Fields, name: &str, standards: &'a [Standard]) -> Option<&'a Standard> {
    let id = fields.text(name, MAX_ROLE_CHARS)?;
    let standard = standards.iter().find(|standard| *standard.id == *id);
    if standard.is_none() {
        let ids: Vec<&str> = standards.iter().map(|standard| &*standard.id).collect();
        let (given, ids) = (shortened(&id), ids.join(", "));
        let en = format!("`{name}` is `{given}`; expected one of {ids}");
        fields.problem(
            name,
            "unknown_word",
            (en, format!("`{name}` 是 `{given}`，应为其中之一：{ids}")),
        );
    }
    standard
}

/// What was found of each item of the standard, in its order; an item that is not mentioned was not looked at.
fn read_results(fields: &mut Fields, results: Vec<Value>, standard: Option<&Standard>) -> Vec<Finding> {
    let mut found: BTreeMap<usize, Finding> = BTreeMap::new();
    let mut seen = HashSet::new();
    for (index, result) in results.into_iter().enumerate() {
        let name = format!("results[{index}]");
        let Value::Object(members) = result else {
            let words = (
                format!("`{name}` is no object; expected `item` and `result`"),
                format!("`{name}` 应为含 `item` 和 `result` 的对象"),
            );
            fields.problem(&name, "wrong_kind", words);
            continue;
        };
        let mut inner = Fields::of(members, format!("{name}."));
        let place = inner.needed("item", |inner, name| read_item(inner, name, standard));
        let result = inner.needed("result", Fields::word);
        let state = read_state(&mut inner, result, place.map(|(_, item)| item));
        let remark = inner.text("remark", MAX_REMARK_CHARS);
        if let (Some((place, item)), Some(result)) = (place, result) {
            if !seen.insert(place) {
                let words = (
                    format!("item `{}` is there twice; expected it once", item.id),
                    format!("`{}` 出现了两次", item.id),
                );
                inner.problem("item", "repeated", words);
            }
            let item = item.id.to_string();
            found.insert(
                place,
                Finding {
                    item,
                    result,
                    state,
                    remark,
                },
            );
        }
        fields.absorb(inner);
    }
    let items = standard.map(|standard| standard.items.iter().enumerate());
    let items = items.into_iter().flatten();
    items
        .map(|(place, item)| {
            found.remove(&place).unwrap_or_else(|| Finding {
                item: item.id.to_string(),
                result: ItemResult::Unknown,
                state: None,
                remark: None,
            })
        })
        .collect()
}

/// The item of the standard that is named, and its place there. Without a standard nothing can be said of items.
fn read_item<'a>(
    fields: &mut Fields,
    name: &str,
    standard: Option<&'a Standard>,
) -> Option<(usize, &'a StandardItem)> {
    let id = fields.text(name, MAX_ROLE_CHARS)?;
    let mut items = standard?.items.iter().enumerate();
    let found = items.find(|(_, item)| *item.id == *id);
    if found.is_none() {
        let given = shortened(&id);
        let en = format!("`{name}` is `{given}`; expected the id of an item of the standard");
        fields.problem(
            name,
            "unknown_word",
            (en, format!("`{name}` 是 `{given}`，标准里没有这一项")),
        );
    }
    found
}

/// The state of the facility that the item asks for. It cannot contradict the result.
fn read_state(
    fields: &mut Fields,
    result: Option<ItemResult>,
    item: Option<&StandardItem>,
) -> Option<FacilityState> {
    let state = fields.word::<FacilityState>("state")?;
    let item = item?;
    let is_one_facility = match &item.requirement {
        Requirement::Facility(_) => true,
        Requirement::AnyOf(facilities) => facilities.len() == 1,
        _ => false,
    };
    let is_said = state != FacilityState::Unknown;
    let is_pass = state == FacilityState::Yes;
    if is_one_facility && is_said && (result != Some(ItemResult::Pass) || is_pass) {
        return Some(state);
    }
    let en = format!(
        "`state` is `{state}`; expected yes, no or out_of_order of an item about one facility, and yes where it passes"
    );
    let zh = format!("`state` 是 `{state}`；只用于单项设施：yes、no 或 out_of_order，合格时只能是 yes");
    fields.problem("state", "contradictory", (en, zh));
    None
}

fn before(cursor: &str) -> Result<(NaiveDate, u64), ApiError> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor.trim()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (day, id) = text.strip_prefix('i')?.split_once('.')?;
        let id: u64 = id.parse().ok()?;
        i64::try_from(id).ok()?;
        Some((day.parse().ok()?, id))
    };
    read().ok_or_else(|| ApiError::invalid("cursor", cursor, "the `next` of an earlier answer"))
}
