//! Places of addresses, as three services know them: Amap in GCJ-02, Tianditu and Nominatim-style servers in WGS-84.
//!
//! Tianditu answers in CGCS2000, which differs from WGS-84 by less than a metre and counts as it.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use thiserror::Error;
use tokio::time::Instant;

use super::client::{Fetched, Remote, Validators};
use super::error::RemoteError;
use crate::domain::coordinate::LonLat;
use crate::domain::datum::Datum;
use crate::domain::geocode::{GeocodePrecision, GeocodeProvider};

/// Characters of a service's own words that errors repeat.
const MAX_SAID_CHARS: usize = 200;

/// A service that is asked for places.
pub struct Geocoder {
    remote: Remote,
    provider: GeocodeProvider,
    base: String,
    key: Option<String>,
    /// Between two questions.
    pace: Duration,
    next: Instant,
}

/// A place that a service knows for an address.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Where, in [`Found::datum`].
    pub place: LonLat,
    /// The datum of the service.
    pub datum: Datum,
    /// How well it knows.
    pub precision: GeocodePrecision,
}

/// Why a service gave no answer. No text has the key.
#[derive(Debug, Error)]
pub enum GeocodeError {
    /// The request.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// It does not accept the key.
    #[error("{provider} does not accept the key: {said}")]
    BadKey {
        /// The service.
        provider: GeocodeProvider,
        /// Its words.
        said: String,
    },
    /// So many questions were not agreed.
    #[error("{provider} answers no more questions for now: {said}")]
    Quota {
        /// The service.
        provider: GeocodeProvider,
        /// Its words.
        said: String,
    },
    /// It failed, or answers something else.
    #[error("{provider} gives no answer that can be read: {said}")]
    Unreadable {
        /// The service.
        provider: GeocodeProvider,
        /// Its words, or what is wrong with them.
        said: String,
    },
}

impl core::fmt::Debug for Geocoder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Geocoder")
            .field("provider", &self.provider)
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

/// Where a service is when nothing else is said.
pub const fn default_base(provider: GeocodeProvider) -> &'static str {
    match provider {
        GeocodeProvider::Amap => "https://restapi.amap.com",
        GeocodeProvider::Tianditu => "https://api.tianditu.gov.cn",
        GeocodeProvider::Nominatim => "https://nominatim.openstreetmap.org",
    }
}

/// Questions a second when nothing else is said: what the services allow those who pay nothing.
pub const fn default_per_second(provider: GeocodeProvider) -> f64 {
    match provider {
        GeocodeProvider::Amap | GeocodeProvider::Tianditu => 3.0,
        GeocodeProvider::Nominatim => 1.0,
    }
}

impl Geocoder {
    /// A service at an address of its own or at its usual one, asked at most so often a second.
    pub fn new(
        remote: Remote,
        provider: GeocodeProvider,
        (base, key): (Option<&str>, Option<&str>),
        per_second: f64,
    ) -> Result<Self, GeocodeError> {
        let base = base.unwrap_or(default_base(provider)).trim_end_matches('/');
        Remote::check(base)?;
        let key = key.map(str::trim).filter(|key| !key.is_empty());
        if key.is_none() && provider != GeocodeProvider::Nominatim {
            let said = "none was given".to_owned();
            return Err(GeocodeError::BadKey { provider, said });
        }
        Ok(Self {
            remote,
            provider,
            base: base.to_owned(),
            key: key.map(str::to_owned),
            pace: Duration::from_secs_f64(1.0 / per_second.clamp(0.01, 1_000.0)),
            next: Instant::now(),
        })
    }

    /// Which service it is.
    pub const fn provider(&self) -> GeocodeProvider {
        self.provider
    }

    /// The place of an address, the best one that the service knows; `None` when it knows none. Waits for its turn.
    pub async fn find(&mut self, address: &str, city: Option<&str>) -> Result<Option<Found>, GeocodeError> {
        tokio::time::sleep_until(self.next).await;
        self.next = Instant::now() + self.pace;
        let url = self.url(address, city);
        let bytes = match self.remote.get(&url, &Validators::default()).await {
            Ok(Fetched::Body(body)) => body.bytes,
            Ok(Fetched::NotModified) => return Err(self.unreadable("nothing was known of it before")),
            Err(error) => return Err(self.refused(error)),
        };
        let answer: Value =
            serde_json::from_slice(&bytes).map_err(|error| self.unreadable(&error.to_string()))?;
        match self.provider {
            GeocodeProvider::Amap => self.amap(&answer),
            GeocodeProvider::Tianditu => self.tianditu(&answer),
            GeocodeProvider::Nominatim => self.nominatim(&answer),
        }
    }

    fn url(&self, address: &str, city: Option<&str>) -> String {
        let coded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let key = coded(self.key.as_deref().unwrap_or_default());
        let base = &self.base;
        // Services without a parameter for the city read it before the address.
        let whole = match city {
            Some(city) if !address.contains(city) => format!("{city}{address}"),
            _ => address.to_owned(),
        };
        match self.provider {
            GeocodeProvider::Amap => {
                let city = city.map_or_else(String::new, |city| format!("&city={}", coded(city)));
                format!(
                    "{base}/v3/geocode/geo?output=JSON&address={}{city}&key={key}",
                    coded(address)
                )
            }
            GeocodeProvider::Tianditu => {
                let question = serde_json::json!({ "keyWord": whole }).to_string();
                format!("{base}/geocoder?ds={}&tk={key}", coded(&question))
            }
            GeocodeProvider::Nominatim => {
                let key = self
                    .key
                    .as_ref()
                    .map_or_else(String::new, |_| format!("&key={key}"));
                format!("{base}/search?format=jsonv2&limit=1&q={}{key}", coded(&whole))
            }
        }
    }

    /// `status` 1 is good; else `infocode` says what is wrong.
    fn amap(&self, answer: &Value) -> Result<Option<Found>, GeocodeError> {
        if text(answer, "status") != Some("1") {
            let said = text(answer, "info").unwrap_or("no reason");
            let code = text(answer, "infocode").unwrap_or_default();
            let said = format!("{said} ({code})");
            return Err(match code {
                "10001" | "10002" | "10005" | "10006" | "10007" | "10008" | "10009" | "10012" | "10013"
                | "10026" => self.bad_key(&said),
                "10003" | "10004" | "10010" | "10014" | "10015" | "10019" | "10020" | "10021" | "10029"
                | "10044" | "10045" => self.quota(&said),
                // The address itself means nothing to it.
                "30001" => return Ok(None),
                _ => self.unreadable(&said),
            });
        }
        let Some(best) = answer.get("geocodes").and_then(|found| found.get(0)) else {
            return Ok(None);
        };
        let place = text(best, "location").and_then(|location| location.split_once(','));
        let place = place.and_then(|(lon, lat)| place_of(lon, lat));
        let place = place.ok_or_else(|| self.unreadable("`location` is no coordinate"))?;
        Ok(Some(Found {
            place,
            datum: Datum::Gcj02,
            precision: chinese_level(text(best, "level").unwrap_or_default()),
        }))
    }

    /// `status` 0 is good, 101 means that nothing was found.
    fn tianditu(&self, answer: &Value) -> Result<Option<Found>, GeocodeError> {
        let status = answer.get("status").map(plain).unwrap_or_default();
        if status == "101" {
            return Ok(None);
        }
        if status != "0" {
            let said = text(answer, "msg").unwrap_or("no reason");
            let code = answer.get("code").map(plain).unwrap_or_default();
            let said = format!("{said} ({code}{status})");
            // 3010xx are about the key; more than a day's questions are told in words only.
            return Err(if said.contains('超') || said.contains("limit") {
                self.quota(&said)
            } else if code.starts_with("3010") || said.contains('权') {
                self.bad_key(&said)
            } else {
                self.unreadable(&said)
            });
        }
        let Some(best) = answer.get("location").filter(|best| best.get("lon").is_some()) else {
            return Ok(None);
        };
        let coordinate = |name| best.get(name).map(plain).unwrap_or_default();
        let place = place_of(&coordinate("lon"), &coordinate("lat"));
        let place = place.ok_or_else(|| self.unreadable("`location` is no coordinate"))?;
        Ok(Some(Found {
            place,
            datum: Datum::Wgs84,
            precision: chinese_level(text(best, "level").unwrap_or_default()),
        }))
    }

    /// A list, the best first; `place_rank` is 30 for a house or a named place, 26 and 27 for streets.
    fn nominatim(&self, answer: &Value) -> Result<Option<Found>, GeocodeError> {
        let Some(list) = answer.as_array() else {
            let error = answer.get("error");
            let said = error.and_then(|error| text(error, "message").or(error.as_str()));
            return Err(self.unreadable(said.unwrap_or("no list")));
        };
        let Some(best) = list.first() else { return Ok(None) };
        let coordinate = |name| best.get(name).map(plain).unwrap_or_default();
        let place = place_of(&coordinate("lon"), &coordinate("lat"));
        let place = place.ok_or_else(|| self.unreadable("`lon` and `lat` are no coordinate"))?;
        let precision = match best.get("place_rank").and_then(Value::as_u64) {
            Some(28..=30) => GeocodePrecision::Address,
            Some(26 | 27) => GeocodePrecision::Street,
            _ => GeocodePrecision::Area,
        };
        Ok(Some(Found {
            place,
            datum: Datum::Wgs84,
            precision,
        }))
    }

    fn refused(&self, error: RemoteError) -> GeocodeError {
        match error {
            RemoteError::Status {
                status: 401 | 403, ..
            } => self.bad_key(&error.to_string()),
            RemoteError::Status { status: 429, .. } => self.quota(&error.to_string()),
            _ => GeocodeError::Remote(error),
        }
    }

    fn bad_key(&self, said: &str) -> GeocodeError {
        GeocodeError::BadKey {
            provider: self.provider,
            said: self.said(said),
        }
    }

    fn quota(&self, said: &str) -> GeocodeError {
        GeocodeError::Quota {
            provider: self.provider,
            said: self.said(said),
        }
    }

    fn unreadable(&self, said: &str) -> GeocodeError {
        GeocodeError::Unreadable {
            provider: self.provider,
            said: self.said(said),
        }
    }

    /// A service's words, without the key should they repeat it.
    fn said(&self, said: &str) -> String {
        let said = match &self.key {
            Some(key) => said.replace(key.as_str(), "…"),
            None => said.to_owned(),
        };
        said.chars().take(MAX_SAID_CHARS).collect()
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

/// A number or a text as a text; services write numbers either way.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn place_of(lon: &str, lat: &str) -> Option<LonLat> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    LonLat::new(number(lon)?, number(lat)?).ok()
}

/// What Amap and Tianditu call the level of an answer. A word that is not known counts as an area, which is no place.
fn chinese_level(level: &str) -> GeocodePrecision {
    match level {
        "门牌号" | "门址" | "单元号" | "楼栋号" | "兴趣点" | "POI" | "公交站台" | "地铁站"
        | "公交地铁站点" => GeocodePrecision::Address,
        "道路" | "道路交叉路口" | "道路交叉口" => GeocodePrecision::Street,
        _ => GeocodePrecision::Area,
    }
}
