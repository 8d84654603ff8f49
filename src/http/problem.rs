//! The wire form of an error: problem details (RFC 9457) with a Chinese title, Chinese detail where there is one, and a stable code.

use serde::Serialize;
use serde_json::{Map, Value};

/// Characters of a client's own text that an error repeats.
const REPEATED_CHARACTERS: usize = 120;

/// A client's own text, cut so that an error stays short.
pub fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(REPEATED_CHARACTERS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[derive(Serialize)]
pub(super) struct Problem<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) title: &'static str,
    pub(super) title_zh: &'static str,
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail_zh: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parameter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) given: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expected: Option<&'a str>,
    #[serde(flatten)]
    pub(super) more: Map<String, Value>,
}
