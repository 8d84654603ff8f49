//! Each error and its status.

use actix_web::ResponseError as _;

use super::error::{ApiError, PROBLEM_JSON};

/// Formats whose names are the same in every language.
const NAMES: [&str; 6] = ["CSV", "GeoJSON", "JSON", "OpenStreetMap", "HTTP", "UTF"];

/// Checks that a text is a Chinese one with no English word outside backticks.
pub fn assert_is_chinese(text: &str) {
    assert!(text.chars().any(|c| ('一'..='鿿').contains(&c)), "{text}");
    let outside: String = text.split('`').step_by(2).collect::<Vec<_>>().join("`");
    let mut words = outside.split(|c: char| !c.is_ascii_alphabetic());
    let word = words.find(|word| word.len() > 2 && !NAMES.contains(word));
    assert_eq!(word, None, "{text}");
}

/// Checks that a Chinese text names every value that the English one has in backticks.
pub fn assert_says_the_same(detail: &str, detail_zh: &str) {
    assert_is_chinese(detail_zh);
    for value in detail.split('`').skip(1).step_by(2) {
        assert!(
            detail_zh.contains(&format!("`{value}`")),
            "{detail_zh}: `{value}`"
        );
    }
}

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
                expected: "",
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
