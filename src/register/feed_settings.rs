//! What a feed is told to do, within which bounds, and what came of it.

use core::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::feed::FeedError;
use crate::domain::datum::Datum;
use crate::domain::words::vocabulary;
use crate::remote::Remote;
use crate::storage::{FeedRecord, StationStore, StorageError};

/// The longest name of a feed, in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// The longest address of a feed, in characters.
pub const MAX_URL_CHARS: usize = 2_000;
/// Seconds between two fetches: five minutes to thirty days.
pub const EVERY_S: RangeInclusive<u32> = 300..=30 * 86_400;
/// Seconds between two fetches when nothing is said.
pub const DEFAULT_EVERY_S: u32 = 6 * 3_600;
/// The least share of rows that is left to a person.
pub const SHARE: RangeInclusive<f64> = 0.0..=1.0;

vocabulary! {
    /// What came of fetching a feed.
    FeedState, "state of a feed" {
        Unchanged = "unchanged", "没有变化", "nothing new";
        Waiting = "waiting", "等待确认", "waits for a person";
        Committed = "committed", "已写入", "committed";
        Failed = "failed", "失败", "failed";
    }
}

vocabulary! {
    /// Why a fetched file waits for a person.
    WaitReason, "reason to wait" {
        NotAsked = "not_asked", "未设自动写入", "it is not set to commit by itself";
        TooMuch = "too_much", "变化过多", "more would change than the share that is allowed";
        Open = "open", "有冲突或待定", "conflicts or open decisions";
        Errors = "errors", "有错误或缺坐标的行", "rows with errors or without a place";
        Datum = "datum", "未说明坐标系", "the datum is not stated";
    }
}

/// How a feed is fetched and taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FeedSettings {
    /// Seconds between two fetches.
    pub every_s: u32,
    /// The datum of its coordinates; `None` leaves it to the file.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "datum")]
    pub coord: Option<Datum>,
    /// Commits by itself what changes less than this share of rows, 0 to 1; `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_changed_share: Option<f64>,
}

fn datum<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Datum>, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    word.map(|word| word.parse().map_err(serde::de::Error::custom))
        .transpose()
}

/// What came of the last time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// When it was fetched.
    pub at: DateTime<Utc>,
    /// The word of a [`FeedState`].
    pub state: String,
    /// Why it waits, the words of [`WaitReason`]s; or why it failed, one text.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Rows that are new, changed, and missing stations, of how many.
    #[serde(default)]
    pub changed: Option<ChangedRows>,
    /// The revision that it became.
    #[serde(default)]
    pub revision: Option<u64>,
}

/// How much of a register a file would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedRows {
    /// Rows that add a station.
    pub new: usize,
    /// Rows that change one.
    pub changed: usize,
    /// Stations of the source that are not in the file.
    pub missing: usize,
    /// All rows, and the missing stations.
    pub all: usize,
}

impl ChangedRows {
    /// The share of what would change, 0 to 1; 0 of nothing.
    pub fn share(&self) -> f64 {
        (self.new + self.changed + self.missing) as f64 / self.all.max(1) as f64
    }
}

/// Reads settings as they are stored.
pub fn settings(feed: &FeedRecord) -> Result<FeedSettings, FeedError> {
    serde_json::from_str(&feed.settings)
        .map_err(|error| FeedError::Corrupt(feed.name.clone(), error.to_string()))
}

/// Reads the last outcome as it is stored.
pub fn outcome(feed: &FeedRecord) -> Option<Outcome> {
    let text = feed.outcome.as_deref()?;
    serde_json::from_str(text).ok()
}

/// The name of a feed's file: the last part of its address.
pub fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.is_empty() { "feed" } else { name }
}

/// An address as lists show it: keys may stand in its query.
pub fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// Whether a text without outer blanks can be the name of a feed.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_NAME_CHARS && !text.chars().any(char::is_control)
}

/// Whether an address is one that can be asked at all; where it leads to is looked at when it is fetched.
pub fn check_url(url: &str) -> Result<(), String> {
    let count = url.chars().count();
    if count > MAX_URL_CHARS {
        return Err(format!(
            "address has {count} characters; expected at most {MAX_URL_CHARS}"
        ));
    }
    Remote::check(url).map_err(|error| error.to_string())
}

/// Keeps a new feed, due at once; `false` when there is one of that name. Name, address and settings were checked.
pub async fn add(
    store: &StationStore,
    (name, url): (&str, &str),
    settings: &FeedSettings,
) -> Result<bool, StorageError> {
    // Numbers and words, which always have a form in JSON.
    let settings = serde_json::to_string(settings).unwrap_or_default();
    store.add_feed((name, url), &settings, Utc::now()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_up_to_their_limit_and_named_without_their_keys() {
        let long = |count: usize| format!("https://a.example/{}", "x".repeat(count - 18));
        assert_eq!(long(MAX_URL_CHARS).len(), MAX_URL_CHARS);
        assert!(check_url(&long(MAX_URL_CHARS)).is_ok());
        assert!(check_url(&long(MAX_URL_CHARS + 1)).is_err());
        for bad in [
            "",
            "stations.csv",
            "ftp://a/b?key=secret",
            "https://me:secret@a/b",
        ] {
            assert!(!check_url(bad).unwrap_err().contains("secret"), "{bad}");
        }
        assert_eq!(without_query("https://a/b.csv?key=secret#x"), "https://a/b.csv");
        assert_eq!(without_query("https://a/b.csv#secret"), "https://a/b.csv");
        assert_eq!(file_name("https://a/b.csv?key=secret"), "b.csv");
    }

    #[test]
    fn names_have_one_to_a_hundred_characters_on_one_line() {
        assert!(is_name(&"站".repeat(MAX_NAME_CHARS)) && is_name("x"));
        for bad in ["", "a\nb", &"站".repeat(MAX_NAME_CHARS + 1)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
