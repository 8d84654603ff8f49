//! The parameters that every search shares: what a station must meet, and how the answer is written.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use chrono::{DateTime, Utc};

use super::error::ApiError;
use super::params::Params;
use super::respond;
use crate::domain::coordinate::{InvalidCoordinate, LonLat};
use crate::domain::datum::{Datum, convert};
use crate::domain::facility::{Facility, FacilitySet};
use crate::domain::filter::{StationFilter, UnknownPolicy, WordSet};
use crate::domain::language::Language;
use crate::domain::station::{Host, Status};
use crate::domain::units::{Travel, TravelMode};
use crate::export::properties::Selection;
use crate::export::{OutDatum, Style};
use crate::locator::{Conditions, OpenAsk, Snapshot};

/// The query parameters that say what a station must meet, read by [`conditions`].
pub const FILTERS: &[&str] = &[
    "facilities",
    "facilities_any",
    "include_unknown",
    "hosts",
    "status",
    "district",
    "open",
    "stay_min",
];
/// The query parameters that say how an answer is written, read by [`style`] and [`respond::Format::of`].
pub const WRITING: &[&str] = &["out_coord", "fields", "f", "lang"];
/// The longest time for which a station can be asked to stay open, minutes.
const MAX_STAY_MIN: f64 = 1440.0;

/// Whether a question can be about the time of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// There is a way to a station.
    Possible,
    /// Nobody travels.
    Impossible,
}

/// Reads what a station's record must say; `statuses` when nothing is said of them.
pub fn filter(params: &Params<'_>, statuses: WordSet) -> Result<StationFilter, ApiError> {
    let set = |words: Option<Vec<Facility>>| words.unwrap_or_default().into_iter().collect::<FacilitySet>();
    Ok(StationFilter {
        facilities: set(params.words("facilities")?),
        facilities_any: set(params.words("facilities_any")?),
        unknown: if params.flag("include_unknown")? {
            UnknownPolicy::Allow
        } else {
            UnknownPolicy::Refuse
        },
        hosts: params
            .words::<Host>("hosts")?
            .map_or(WordSet::ALL, |hosts| WordSet::of_hosts(&hosts)),
        statuses: params
            .words::<Status>("status")?
            .map_or(statuses, |given| WordSet::of_statuses(&given)),
    })
}

/// Reads what a station must meet.
pub fn conditions(
    params: &Params<'_>,
    snapshot: &Snapshot,
    now: DateTime<Utc>,
    (arrival, statuses): (Arrival, WordSet),
) -> Result<Conditions, ApiError> {
    let filter = filter(params, statuses)?;
    let districts = params.list("district")?;
    let districts = districts
        .map(|keys| snapshot.district_table().find(&keys))
        .transpose()
        .map_err(|error| {
            ApiError::invalid(
                "district",
                &error.given,
                format!("the name or code of one of: {}", error.known),
            )
        })?;
    Ok(Conditions {
        filter,
        districts,
        open: open(params, snapshot, now, arrival)?,
    })
}

fn open(
    params: &Params<'_>,
    snapshot: &Snapshot,
    now: DateTime<Utc>,
    arrival: Arrival,
) -> Result<OpenAsk, ApiError> {
    let stay = params.number("stay_min", 0.0, MAX_STAY_MIN)?;
    let Some(text) = params.text("open") else {
        return match stay {
            None => Ok(OpenAsk::Any),
            Some(_) => Err(ApiError::Contradictory {
                name: "stay_min",
                detail: "parameter `stay_min` says how long a station must stay open, and `open` does not say from when; \
                         expected both or neither",
            }),
        };
    };
    if stay.is_some_and(|minutes| minutes.fract() != 0.0) {
        let given = params.text("stay_min").unwrap_or_default();
        return Err(ApiError::invalid(
            "stay_min",
            given,
            "whole minutes from 0 to 1440",
        ));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, from 0 to 1440"
    )]
    let stay_min = stay.unwrap_or(0.0) as u16;
    match (text, arrival) {
        ("now", _) => Ok(OpenAsk::At {
            moment: snapshot.moment(now),
            stay_min,
        }),
        ("arrival", Arrival::Possible) => Ok(OpenAsk::OnArrival { stay_min }),
        (text, arrival) => {
            // A `+` that was not percent-encoded arrives as a blank, which no time has.
            let instant = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
            let expected = match arrival {
                Arrival::Possible => {
                    "now, arrival, or an RFC 3339 time with an offset such as 2026-02-14T12:30:00+08:00"
                }
                Arrival::Impossible => {
                    "now, or an RFC 3339 time with an offset such as 2026-02-14T12:30:00+08:00"
                }
            };
            let instant = instant.map_err(|_invalid| ApiError::invalid("open", text, expected))?;
            Ok(OpenAsk::At {
                moment: snapshot.moment(instant.with_timezone(&Utc)),
                stay_min,
            })
        }
    }
}

/// Reads how the answer is to be written.
pub fn style(params: &Params<'_>, headers: &HeaderMap) -> Result<Style, ApiError> {
    let datum = OutDatum(params.word::<Datum>("out_coord")?.unwrap_or(Datum::Wgs84));
    let selection = params
        .list("fields")?
        .map(Selection::of)
        .transpose()
        .map_err(|error| {
            let given = error.0.clone();
            let text = error.to_string();
            ApiError::invalid(
                "fields",
                &given,
                text.split_once("expected ")
                    .map_or("property names", |(_, names)| names),
            )
        })?;
    Ok(Style {
        datum,
        language: language(params, headers)?,
        selection: selection.unwrap_or_default(),
    })
}

/// Reads the language of texts for people.
pub fn language(params: &Params<'_>, headers: &HeaderMap) -> Result<Language, ApiError> {
    match params.text("lang") {
        Some("zh") => Ok(Language::Zh),
        Some("en") => Ok(Language::En),
        Some(text) => Err(ApiError::invalid("lang", text, "zh or en")),
        None => Ok(accepted_language(headers)),
    }
}

/// The better liked of Chinese and English; Chinese when neither is named.
fn accepted_language(headers: &HeaderMap) -> Language {
    let header = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let weight = |language: &str| {
        let entries = respond::weighted(header).filter(|(tag, _)| tag.split('-').next() == Some(language));
        entries.fold(0.0_f32, |best, (_, weight)| best.max(weight))
    };
    if weight("en") > weight("zh") {
        Language::En
    } else {
        Language::Zh
    }
}

/// Reads the mode of travel.
pub fn travel(params: &Params<'_>) -> Result<Travel, ApiError> {
    Ok(Travel::of(params.word("mode")?.unwrap_or(TravelMode::Walk)))
}

/// Reads the datum of the coordinates that are sent.
pub fn datum(params: &Params<'_>) -> Result<Datum, ApiError> {
    Ok(params.word("coord")?.unwrap_or(Datum::Wgs84))
}

/// A place from two numbers in a datum, with the parameter at fault named.
pub fn place(
    lon_deg: f64,
    lat_deg: f64,
    datum: Datum,
    (lon_name, lat_name): (&str, &str),
) -> Result<LonLat, ApiError> {
    let place = LonLat::new(lon_deg, lat_deg).map_err(|error| match error {
        InvalidCoordinate::SwappedAxes { .. } => {
            let expected =
                format!("longitude first: did you mean `{lat_deg}` as longitude and `{lon_deg}` as latitude");
            ApiError::invalid(lat_name, &lat_deg.to_string(), expected)
        }
        InvalidCoordinate::Longitude(given) => ApiError::invalid(
            lon_name,
            &given.to_string(),
            "a longitude from -180 to 180 degrees",
        ),
        InvalidCoordinate::Latitude(given) => {
            ApiError::invalid(lat_name, &given.to_string(), "a latitude from -90 to 90 degrees")
        }
        InvalidCoordinate::NotFinite { .. } => ApiError::invalid(
            lon_name,
            &format!("{lon_deg},{lat_deg}"),
            "finite degrees, longitude first",
        ),
    })?;
    Ok(convert(place, datum, Datum::Wgs84))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn the_better_liked_language_is_taken_and_chinese_when_none_is_named() {
        let language = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(text));
            accepted_language(&headers)
        };
        assert_eq!(language("en-GB,en;q=0.9"), Language::En);
        assert_eq!(language("zh-CN,zh;q=0.9,en;q=0.8"), Language::Zh);
        assert_eq!(language("fr"), Language::Zh);
        assert_eq!(language("zh;q=0.1, en;q=0.2"), Language::En);
        assert_eq!(language("en; q=0.1, zh; q=0.9"), Language::Zh);
        assert_eq!(accepted_language(&HeaderMap::new()), Language::Zh);
    }
}
