//! What goes wrong with a request, and the only place with its status codes: `application/problem+json` (RFC 9457).

#![warn(clippy::wildcard_enum_match_arm)]

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use thiserror::Error;

/// Media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// Characters of a client's own text that an error repeats.
const REPEATED_CHARACTERS: usize = 120;

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
    #[error("media type `{given}` is not read here; expected application/geo+json or application/json")]
    UnsupportedMediaType {
        /// The media type.
        given: String,
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

    /// The problem as JSON.
    pub fn body(&self) -> Vec<u8> {
        let status = self.status_code();
        let problem = Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            title_zh: self.title_zh(),
            status: status.as_u16(),
            code: self.code(),
            detail: self.to_string(),
            parameter: self.parameter(),
            given: self.given(),
            expected: self.expected(),
        };
        // Texts and numbers only, which always have a form in JSON.
        serde_json::to_vec(&problem).unwrap_or_default()
    }

    /// The stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownParameter { .. } => "unknown_parameter",
            Self::DuplicateParameter { .. } => "duplicate_parameter",
            Self::MissingParameter { .. } => "missing_parameter",
            Self::InvalidParameter { .. } => "invalid_parameter",
            Self::Contradictory { .. } => "contradictory_parameters",
            Self::InvalidBody { .. } => "invalid_body",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::UnsupportedMediaType { .. } => "unsupported_media_type",
            Self::NotAcceptable { .. } => "not_acceptable",
            Self::NotFound { .. } => "not_found",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::RequestTimeout { .. } => "request_timeout",
            Self::NoDemand { .. } => "no_demand",
            Self::AnswerTooLarge { .. } => "answer_too_large",
            Self::Busy => "busy",
            Self::GivenUp => "given_up",
            Self::NotReady => "not_ready",
            Self::Internal => "internal",
        }
    }

    fn parameter(&self) -> Option<&str> {
        match self {
            Self::UnknownParameter { name, .. }
            | Self::DuplicateParameter { name }
            | Self::InvalidParameter { name, .. } => Some(name),
            Self::MissingParameter { name, .. } | Self::Contradictory { name, .. } => Some(name),
            Self::InvalidBody { .. }
            | Self::BodyTooLarge { .. }
            | Self::UnsupportedMediaType { .. }
            | Self::NotAcceptable { .. }
            | Self::NotFound { .. }
            | Self::MethodNotAllowed { .. }
            | Self::RequestTimeout { .. }
            | Self::NoDemand { .. }
            | Self::AnswerTooLarge { .. }
            | Self::Busy
            | Self::GivenUp
            | Self::NotReady
            | Self::Internal => None,
        }
    }

    fn given(&self) -> Option<&str> {
        match self {
            Self::InvalidParameter { given, .. }
            | Self::UnsupportedMediaType { given }
            | Self::NotAcceptable { given, .. }
            | Self::NotFound { given, .. }
            | Self::MethodNotAllowed { given, .. } => Some(given),
            Self::UnknownParameter { .. }
            | Self::DuplicateParameter { .. }
            | Self::MissingParameter { .. }
            | Self::Contradictory { .. }
            | Self::InvalidBody { .. }
            | Self::BodyTooLarge { .. }
            | Self::RequestTimeout { .. }
            | Self::NoDemand { .. }
            | Self::AnswerTooLarge { .. }
            | Self::Busy
            | Self::GivenUp
            | Self::NotReady
            | Self::Internal => None,
        }
    }

    fn expected(&self) -> Option<&str> {
        match self {
            Self::UnknownParameter { expected, .. }
            | Self::MissingParameter { expected, .. }
            | Self::InvalidParameter { expected, .. } => Some(expected),
            Self::InvalidBody { expected, .. }
            | Self::BodyTooLarge { expected, .. }
            | Self::NotFound { expected, .. } => Some(expected),
            Self::NotAcceptable { offered, .. } => Some(offered),
            Self::MethodNotAllowed { allowed, .. } => Some(allowed),
            Self::DuplicateParameter { .. }
            | Self::Contradictory { .. }
            | Self::UnsupportedMediaType { .. }
            | Self::RequestTimeout { .. }
            | Self::NoDemand { .. }
            | Self::AnswerTooLarge { .. }
            | Self::Busy
            | Self::GivenUp
            | Self::NotReady
            | Self::Internal => None,
        }
    }

    /// A short Chinese sentence beside the English detail.
    const fn title_zh(&self) -> &'static str {
        match self {
            Self::UnknownParameter { .. } => "没有这个参数",
            Self::DuplicateParameter { .. } => "参数重复",
            Self::MissingParameter { .. } => "缺少参数",
            Self::InvalidParameter { .. } => "参数值无效",
            Self::Contradictory { .. } => "参数互相矛盾",
            Self::InvalidBody { .. } => "请求内容无效",
            Self::BodyTooLarge { .. } => "请求内容过大",
            Self::UnsupportedMediaType { .. } => "不支持的内容类型",
            Self::NotAcceptable { .. } => "没有可接受的格式",
            Self::NotFound { .. } => "没有找到",
            Self::MethodNotAllowed { .. } => "不支持的方法",
            Self::RequestTimeout { .. } => "请求超时",
            Self::NoDemand { .. } => "没有需求数据",
            Self::AnswerTooLarge { .. } => "结果过大",
            Self::Busy => "服务繁忙",
            Self::GivenUp => "计算已取消",
            Self::NotReady => "数据正在载入",
            Self::Internal => "服务器内部错误",
        }
    }
}

/// A client's own text, cut so that an error stays short.
pub fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(REPEATED_CHARACTERS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    title_zh: &'static str,
    status: u16,
    code: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::UnknownParameter { .. }
            | Self::DuplicateParameter { .. }
            | Self::MissingParameter { .. }
            | Self::InvalidParameter { .. }
            | Self::Contradictory { .. }
            | Self::InvalidBody { .. }
            | Self::AnswerTooLarge { .. } => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotAcceptable { .. } => StatusCode::NOT_ACCEPTABLE,
            Self::NotFound { .. } | Self::NoDemand { .. } => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::NotReady | Self::Busy | Self::GivenUp => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let mut response = HttpResponse::build(status);
        response
            .content_type(PROBLEM_JSON)
            .insert_header((CACHE_CONTROL, "no-store"));
        if let Self::MethodNotAllowed { allowed, .. } = self {
            response.insert_header((ALLOW, allowed.as_str()));
        }
        if matches!(self, Self::NotReady | Self::Busy | Self::GivenUp) {
            response.insert_header((RETRY_AFTER, "2"));
        }
        response.body(self.body())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_the_status_that_the_contract_gives_its_code() {
        let body = || ApiError::InvalidBody {
            problem: String::new(),
            expected: "",
        };
        for (error, status) in [
            (ApiError::invalid("limit", "0", "1 to 100"), 400),
            (
                ApiError::DuplicateParameter {
                    name: "open".to_owned(),
                },
                400,
            ),
            (body(), 400),
            (
                ApiError::BodyTooLarge {
                    limit_bytes: 1,
                    expected: "",
                },
                413,
            ),
            (
                ApiError::UnsupportedMediaType {
                    given: "text/xml".to_owned(),
                },
                415,
            ),
            (
                ApiError::NotAcceptable {
                    given: "x/y".to_owned(),
                    offered: "",
                },
                406,
            ),
            (
                ApiError::NotFound {
                    what: "station",
                    given: "x".to_owned(),
                    expected: "",
                },
                404,
            ),
            (
                ApiError::MethodNotAllowed {
                    given: "PUT".to_owned(),
                    allowed: "GET".to_owned(),
                },
                405,
            ),
            (ApiError::RequestTimeout { limit_s: 1 }, 408),
            (ApiError::NotReady, 503),
            (ApiError::Internal, 500),
        ] {
            assert_eq!(error.status_code().as_u16(), status, "{}", error.code());
            assert_eq!(
                error.error_response().headers().get("content-type").unwrap(),
                PROBLEM_JSON
            );
        }
    }

    #[test]
    fn a_long_value_is_cut_before_it_is_repeated() {
        let error = ApiError::invalid("id", &"驿".repeat(10_000), "a short id").to_string();
        assert!(error.chars().count() < 200 && error.contains('…'));
    }
}
