//! `GET /v1/me`, and `/v1/tokens` for administrators: who may do what, and until when.
//!
//! A secret is in one answer only, that of the request which made it; it is written to no log.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{item, no_parameters};
use crate::http::access;
use crate::http::body::read_up_to;
use crate::http::error::{ApiError, shortened};
use crate::http::fields::Fields;
use crate::http::keep_refused::KeepRefused;
use crate::http::state::ApiState;
use crate::register::token::{self, NewToken, Role};
use crate::storage::TokenRecord;

/// The largest description of a new token, bytes.
const MAX_TOKEN_BYTES: usize = 8_192;

/// Tells whoever asks what the token is good for.
pub async fn me(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, identity) = access::require(&request, &state, Role::Reader).await?;
    let token = keeper.token(&identity).ok_or(ApiError::Internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(
            json!({ "id": token.id, "name": token.name, "role": token.role, "made_at": token.made_at,
            "expires_at": token.expires_at }),
        ))
}

/// All tokens, the newest first, without what would let anybody in.
pub async fn list(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, _) = access::require(&request, &state, Role::Admin).await?;
    let tokens = keeper.tokens().await;
    let tokens = tokens.map_err(|error| ApiError::of_storage(&error))?;
    let now = Utc::now();
    let tokens: Vec<Value> = tokens.iter().rev().map(|token| document(token, now)).collect();
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({ "tokens": tokens })))
}

/// Makes a token and shows its secret, this once.
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, identity) = access::require(&request, &state, Role::Admin).await?;
    let document_given = read_up_to(&request, payload, (MAX_TOKEN_BYTES, "a shorter name")).await?;
    let NewToken { record, secret } = read(&document_given)?;
    let kept = keeper.add_token(&record).await;
    kept.map_err(|error| ApiError::of_storage(&error))?;
    let (id, role, by) = (&record.id, &record.role, &identity.token);
    tracing::info!(
        token = id,
        role,
        by,
        "Token `{id}` of role {role} was made by `{by}`"
    );
    Ok(HttpResponse::Created()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({ "token": document(&record, Utc::now()), "secret": secret })))
}

/// Ends a token.
pub async fn delete(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    no_parameters(&request)?;
    let (keeper, identity) = access::require(&request, &state, Role::Admin).await?;
    let id = item::id_of(&request);
    if id == identity.token {
        return Err(KeepRefused::OwnToken(id).into());
    }
    let is_known = keeper.revoke_token(&id).await;
    if !is_known.map_err(|error| ApiError::of_storage(&error))? {
        return Err(ApiError::NotFound {
            what: "token",
            given: shortened(&id),
            expected: "an id of /v1/tokens",
        });
    }
    let by = &identity.token;
    tracing::info!(token = id, by, "Token `{id}` was revoked by `{by}`");
    Ok(HttpResponse::NoContent().finish())
}

fn read(document: &[u8]) -> Result<NewToken, ApiError> {
    let mut fields = Fields::read(document, "a JSON object with `name` and `role`")?;
    let name = fields.needed("name", |fields, name| fields.text(name, token::MAX_NAME_CHARS));
    let role = fields.needed::<Role>("role", Fields::word);
    let (least, most) = token::DAYS.into_inner();
    let days = fields.whole("days", least.into()..=most.into());
    fields.finish("token")?;
    let days = days.and_then(|days| u16::try_from(days).ok());
    Ok(token::make_for_days(
        &name.ok_or(ApiError::Internal)?,
        role.ok_or(ApiError::Internal)?,
        days.unwrap_or(token::DEFAULT_DAYS),
    ))
}

/// A token as administrators see it.
fn document(record: &TokenRecord, now: DateTime<Utc>) -> Value {
    json!({ "id": record.id, "name": record.name, "role": record.role, "made_at": record.made_at,
        "expires_at": record.expires_at, "revoked_at": record.revoked_at, "state": token::state(record, now) })
}
