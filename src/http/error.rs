//! What goes wrong with a request, and the only place with its status codes: `application/problem+json` (RFC 9457).

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::fields::FieldProblem;
use super::import_refused::ImportRefused;
use super::keep_refused::KeepRefused;
use super::problem::Problem;
pub use super::problem::shortened;
use crate::import::RowProblem;
use crate::register::token::Role;
use crate::storage::StorageError;

/// Media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request is not answered.
#[derive(Debug, Error)]
pub enum ApiError {
    /// A parameter that the operation does not have.
    #[error("parameter `{name}` is not known here; expected {expected}")]
    UnknownParameter {
        /// The parameter.
        name: String,
        /// The parameters that there are, in words.
        expected: String,
    },
    /// A parameter that is there more than once.
    #[error("parameter `{name}` is given more than once; expected one value, a list separated by commas")]
    DuplicateParameter {
        /// The parameter.
        name: String,
    },
    /// A parameter that must be there.
    #[error("parameter `{name}` is missing; expected {expected}")]
    MissingParameter {
        /// The parameter.
        name: &'static str,
        /// What is expected.
        expected: String,
    },
    /// A value that the parameter cannot have.
    #[error("parameter `{name}` is `{given}`; expected {expected}")]
    InvalidParameter {
        /// The parameter.
        name: String,
        /// Its value.
        given: String,
        /// What is expected.
        expected: String,
    },
    /// Parameters that cannot be there together.
    #[error("{detail}")]
    Contradictory {
        /// One of the parameters.
        name: &'static str,
        /// What contradicts what.
        detail: &'static str,
    },
    /// A body that is not what was expected.
    #[error("body is not usable: {problem}; expected {expected}")]
    InvalidBody {
        /// What is wrong with it.
        problem: String,
        /// What is expected.
        expected: &'static str,
    },
    /// A body above the limit.
    #[error("body is larger than {limit_bytes} bytes; expected {expected}")]
    BodyTooLarge {
        /// The limit in bytes.
        limit_bytes: usize,
        /// What to send, or to do, instead.
        expected: &'static str,
    },
    /// A body of a media type that is not read here.
    #[error("media type `{given}` is not read here; expected {expected}")]
    UnsupportedMediaType {
        /// The media type.
        given: String,
        /// What to send instead.
        expected: &'static str,
    },
    /// No form of the answer is acceptable to the client.
    #[error("no form of the answer is acceptable as `{given}`; expected one of {offered}")]
    NotAcceptable {
        /// The `Accept` header.
        given: String,
        /// The forms that there are.
        offered: &'static str,
    },
    /// Nothing is there.
    #[error("{what} `{given}` is not here; expected {expected}")]
    NotFound {
        /// What was looked for, for example `station`.
        what: &'static str,
        /// Its name.
        given: String,
        /// Where to look instead.
        expected: &'static str,
    },
    /// The path does not have the method.
    #[error("method `{given}` is not answered here; expected one of {allowed}")]
    MethodNotAllowed {
        /// The method.
        given: String,
        /// The methods that there are.
        allowed: String,
    },
    /// Reading or answering took too long.
    #[error("the request took longer than {limit_s} s; expected a smaller question or a faster network")]
    RequestTimeout {
        /// The limit in seconds.
        limit_s: u64,
    },
    /// There is nothing to plan with.
    #[error("there is no demand to plan with: {problem}; expected stations, `--districts` or `--demand`")]
    NoDemand {
        /// Why not.
        problem: String,
    },
    /// The answer would be larger than the limit.
    #[error("the answer would have more than {limit} {what}; expected a smaller area, or {instead}")]
    AnswerTooLarge {
        /// What there are too many of.
        what: &'static str,
        /// The limit.
        limit: usize,
        /// What to ask for instead.
        instead: &'static str,
    },
    /// Too much long work at a time.
    #[error(
        "as much long work is going on as this server takes; expected to be asked again in a few seconds"
    )]
    Busy,
    /// Long work that nobody waits for any more.
    #[error("the work was given up")]
    GivenUp,
    /// Stations come from files, which nobody edits here.
    #[error("this register is read from files; expected a server that was started with `--database`")]
    ReadOnly,
    /// No token, or one that is not good.
    #[error("{reason}; expected `Authorization: Bearer` with a token of role {needed} or above")]
    Unauthorized {
        /// What is wrong with the token.
        reason: String,
        /// The least role.
        needed: Role,
    },
    /// A good token that may not do this.
    #[error("the token has role {role}; expected role {needed} or above")]
    Forbidden {
        /// Its role.
        role: Role,
        /// The least role.
        needed: Role,
    },
    /// Too many requests from one address or with one token.
    #[error("too many requests; expected the next one in {wait_s} s")]
    TooManyRequests {
        /// Time to wait, seconds.
        wait_s: u64,
    },
    /// A change of a record without word of which record was seen.
    #[error("header `If-Match` is missing; expected the ETag of what you saw, or * for whichever there is")]
    PreconditionRequired,
    /// The record has changed since it was seen.
    #[error(
        "station `{id}` has changed since you read it; expected the changes to be made again on what is there now"
    )]
    Stale {
        /// The station.
        id: String,
        /// The Feature that is there now; `null` when it is gone.
        current: Value,
        /// The document that was sent; `null` for a removal.
        given: Value,
    },
    /// Another station has the id.
    #[error("a station with id `{id}` is here already; expected another id, or PUT to replace it")]
    Taken {
        /// The id.
        id: String,
        /// The Feature that is there.
        current: Value,
    },
    /// The station may be there already.
    #[error("{} similar stations are here already; expected `force=true` if it is another one", candidates.as_array().map_or(0, Vec::len))]
    Similar {
        /// The stations, each with distance and reason.
        candidates: Value,
    },
    /// Fields of a station are not usable.
    #[error("the station has {} problems: {}", problems.len(), problems.first().map_or("", |problem| &problem.message))]
    BadStation {
        /// Every problem.
        problems: Vec<RowProblem>,
    },
    /// Members of a small body are not usable.
    #[error("the {what} has {} problems: {}", problems.len(), problems.first().map_or("", |problem| &problem.message))]
    BadFields {
        /// What the body is, for example `report`.
        what: &'static str,
        /// Every problem.
        problems: Vec<FieldProblem>,
    },
    /// An editor has changed the ticket since it was seen.
    #[error(
        "ticket `{id}` has changed since you read it; expected the change to be made on what is there now"
    )]
    StaleTicket {
        /// The ticket.
        id: u64,
        /// The ticket as it is now.
        current: Value,
    },
    /// The ticket was resolved or rejected before.
    #[error("ticket `{id}` is closed; expected one that is open or acknowledged")]
    TicketClosed {
        /// The ticket.
        id: u64,
        /// The ticket as it is.
        current: Value,
    },
    /// An import or an undo that is refused.
    #[error(transparent)]
    Import(#[from] ImportRefused),
    /// A token or a feed that is not made, ended or fetched.
    #[error(transparent)]
    Keep(#[from] KeepRefused),
    /// The database does not answer.
    #[error(
        "the register cannot be written to at the moment; reading goes on; expected to be asked again in a few seconds"
    )]
    StoreUnavailable,
    /// No data yet.
    #[error("the stations are still being loaded; expected to be ready within seconds")]
    NotReady,
    /// Our fault; the cause is in the log and never in the answer.
    #[error("internal error")]
    Internal,
}

impl ApiError {
    /// An invalid value, cut to a length that is fit for an answer.
    pub fn invalid(name: impl Into<String>, given: &str, expected: impl Into<String>) -> Self {
        Self::InvalidParameter {
            name: name.into(),
            given: shortened(given),
            expected: expected.into(),
        }
    }

    /// A failure of the store: one that may pass is told as such, any other is ours.
    pub fn of_storage(error: &StorageError) -> Self {
        let is_passing = matches!(error, StorageError::Unavailable { .. });
        let source = std::error::Error::source(error).map(ToString::to_string);
        tracing::error!(%error, source, "The register's database failed");
        if is_passing {
            Self::StoreUnavailable
        } else {
            Self::Internal
        }
    }

    /// The problem as JSON.
    pub fn body(&self) -> Vec<u8> {
        let description = self.description();
        let status = description.status;
        let problem = Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            title_zh: description.title_zh,
            status: status.as_u16(),
            code: description.code,
            detail: self.to_string(),
            detail_zh: self.detail_zh(),
            parameter: description.parameter,
            given: description.given,
            expected: description.expected,
            more: self.more(),
        };
        // Texts and numbers only, which always have a form in JSON.
        serde_json::to_vec(&problem).unwrap_or_default()
    }

    /// The stable word for programs.
    pub fn code(&self) -> &'static str {
        self.description().code
    }

    /// Members that only some problems have.
    fn more(&self) -> Map<String, Value> {
        let members = match self {
            Self::Stale { current, given, .. } => {
                vec![("current", current.clone()), ("yours", given.clone())]
            }
            Self::Taken { current, .. }
            | Self::StaleTicket { current, .. }
            | Self::TicketClosed { current, .. } => vec![("current", current.clone())],
            Self::Similar { candidates } => vec![("candidates", candidates.clone())],
            Self::BadStation { problems } => {
                let problems = problems.iter().map(|problem| {
                    json!({ "field": problem.field, "code": problem.code, "message": problem.message,
                        "message_zh": problem.message_zh })
                });
                vec![("problems", problems.collect())]
            }
            Self::BadFields { problems, .. } => {
                let problems = problems.iter().map(|problem| {
                    json!({ "field": problem.field, "code": problem.code, "message": problem.message,
                        "message_zh": problem.message_zh })
                });
                vec![("problems", problems.collect())]
            }
            Self::Import(refused) => refused.more(),
            _ => Vec::new(),
        };
        let members = members.into_iter();
        members.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Status, code and Chinese title of each error, and what it says of a parameter: the only place that knows them.
    fn description(&self) -> Description<'_> {
        use StatusCode as S;
        let plain = |status, code, title_zh| Description {
            status,
            code,
            title_zh,
            parameter: None,
            given: None,
            expected: None,
        };
        let mut described = match self {
            Self::UnknownParameter { .. } => plain(S::BAD_REQUEST, "unknown_parameter", "没有这个参数"),
            Self::DuplicateParameter { .. } => plain(S::BAD_REQUEST, "duplicate_parameter", "参数重复"),
            Self::MissingParameter { .. } => plain(S::BAD_REQUEST, "missing_parameter", "缺少参数"),
            Self::InvalidParameter { .. } => plain(S::BAD_REQUEST, "invalid_parameter", "参数值无效"),
            Self::Contradictory { .. } => plain(S::BAD_REQUEST, "contradictory_parameters", "参数互相矛盾"),
            Self::InvalidBody { .. } => plain(S::BAD_REQUEST, "invalid_body", "请求内容无效"),
            Self::AnswerTooLarge { .. } => plain(S::BAD_REQUEST, "answer_too_large", "结果过大"),
            Self::BadStation { .. } => plain(S::BAD_REQUEST, "bad_station", "站点信息有误"),
            Self::BadFields { .. } => plain(S::BAD_REQUEST, "bad_fields", "填写有误"),
            Self::Unauthorized { .. } => plain(S::UNAUTHORIZED, "unauthorized", "需要有效的令牌"),
            Self::Forbidden { .. } => plain(S::FORBIDDEN, "forbidden", "令牌权限不足"),
            Self::NotFound { .. } => plain(S::NOT_FOUND, "not_found", "没有找到"),
            Self::NoDemand { .. } => plain(S::NOT_FOUND, "no_demand", "没有需求数据"),
            Self::MethodNotAllowed { .. } => {
                plain(S::METHOD_NOT_ALLOWED, "method_not_allowed", "不支持的方法")
            }
            Self::ReadOnly => plain(S::METHOD_NOT_ALLOWED, "read_only", "本服务只读"),
            Self::NotAcceptable { .. } => plain(S::NOT_ACCEPTABLE, "not_acceptable", "没有可接受的格式"),
            Self::RequestTimeout { .. } => plain(S::REQUEST_TIMEOUT, "request_timeout", "请求超时"),
            Self::Import(refused) => {
                let (status, code, title_zh) = refused.description();
                plain(status, code, title_zh)
            }
            Self::Keep(refused) => {
                let (status, code, title_zh) = refused.description();
                plain(status, code, title_zh)
            }
            Self::Taken { .. } => plain(S::CONFLICT, "id_taken", "编号已被使用"),
            Self::Similar { .. } => plain(S::CONFLICT, "similar_stations", "附近已有相似站点"),
            Self::TicketClosed { .. } => plain(S::CONFLICT, "ticket_closed", "工单已结束"),
            Self::StaleTicket { .. } => plain(S::PRECONDITION_FAILED, "stale", "工单已被他人修改"),
            Self::Stale { .. } => plain(S::PRECONDITION_FAILED, "stale", "站点已被他人修改"),
            Self::BodyTooLarge { .. } => plain(S::PAYLOAD_TOO_LARGE, "body_too_large", "请求内容过大"),
            Self::UnsupportedMediaType { .. } => plain(
                S::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "不支持的内容类型",
            ),
            Self::PreconditionRequired => {
                plain(S::PRECONDITION_REQUIRED, "precondition_required", "缺少 If-Match")
            }
            Self::TooManyRequests { .. } => plain(S::TOO_MANY_REQUESTS, "too_many_requests", "请求过于频繁"),
            Self::Busy => plain(S::SERVICE_UNAVAILABLE, "busy", "服务繁忙"),
            Self::GivenUp => plain(S::SERVICE_UNAVAILABLE, "given_up", "计算已取消"),
            Self::StoreUnavailable => plain(S::SERVICE_UNAVAILABLE, "store_unavailable", "数据库暂不可用"),
            Self::NotReady => plain(S::SERVICE_UNAVAILABLE, "not_ready", "数据正在载入"),
            Self::Internal => plain(S::INTERNAL_SERVER_ERROR, "internal", "服务器内部错误"),
        };
        (described.parameter, described.given, described.expected) = self.words();
        described
    }

    /// The parameter that the error is about, what was given and what was expected.
    fn words(&self) -> (Option<&str>, Option<&str>, Option<&str>) {
        match self {
            Self::UnknownParameter { name, expected } => (Some(name), None, Some(expected)),
            Self::MissingParameter { name, expected } => (Some(name), None, Some(expected)),
            Self::DuplicateParameter { name } => (Some(name), None, None),
            Self::InvalidParameter {
                name,
                given,
                expected,
            } => (Some(name), Some(given), Some(expected)),
            Self::Contradictory { name, .. } => (Some(name), None, None),
            Self::InvalidBody { expected, .. } | Self::BodyTooLarge { expected, .. } => {
                (None, None, Some(expected))
            }
            Self::NotAcceptable { given, offered } => (None, Some(given), Some(offered)),
            Self::UnsupportedMediaType { given, expected } | Self::NotFound { given, expected, .. } => {
                (None, Some(given), Some(expected))
            }
            Self::MethodNotAllowed { given, allowed } => (None, Some(given), Some(allowed)),
            _ => (None, None, None),
        }
    }

    /// Seconds after which it makes sense to ask again.
    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::TooManyRequests { wait_s } => Some(*wait_s),
            Self::NotReady | Self::Busy | Self::GivenUp | Self::StoreUnavailable => Some(2),
            _ => None,
        }
    }
}

/// What stands in a problem beside its detail.
struct Description<'a> {
    status: StatusCode,
    code: &'static str,
    title_zh: &'static str,
    parameter: Option<&'a str>,
    given: Option<&'a str>,
    expected: Option<&'a str>,
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.description().status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response
            .content_type(PROBLEM_JSON)
            .insert_header((CACHE_CONTROL, "no-store"));
        match self {
            Self::MethodNotAllowed { allowed, .. } => {
                response.insert_header((ALLOW, allowed.as_str()));
            }
            Self::ReadOnly => {
                response.insert_header((ALLOW, "GET, HEAD, OPTIONS"));
            }
            Self::Unauthorized { .. } => {
                response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"yizhan\""));
            }
            _ => {}
        }
        if let Some(wait_s) = self.retry_after_s() {
            response.insert_header((RETRY_AFTER, wait_s.to_string()));
        }
        response.body(self.body())
    }
}
