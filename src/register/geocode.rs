//! Rows without a place get one from a geocoding service, by their addresses; what it knows only roughly is listed, not taken.

use std::collections::HashMap;

use chrono::{TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::coordinate::LonLat;
use crate::domain::datum::Datum;
use crate::domain::geocode::{GeocodePrecision, GeocodeProvider, Geocoded};
use crate::domain::station::Location;
use crate::import::ReadFile;
use crate::remote::{Found, Geocoder};
use crate::storage::{StationStore, StorageError};

/// How long a service is believed that it knows nothing of an address.
const NOTHING_HOLDS: TimeDelta = TimeDelta::days(30);

/// What was found for the rows of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Rows that got a place, by precision.
    pub placed: Vec<(u64, GeocodePrecision)>,
    /// Rows whose address the service knows by its area only; they stay without a place.
    pub too_rough: Vec<u64>,
    /// Rows whose address it does not know.
    pub nothing: Vec<u64>,
    /// Rows without an address.
    pub without_address: Vec<u64>,
    /// Rows that were not asked about, because the service failed.
    pub not_asked: Vec<u64>,
    /// How it failed.
    pub failure: Option<String>,
    /// Questions that the service was asked; the others were known.
    pub asked: usize,
}

/// An answer as the store keeps it; `place` is none when nothing was found.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    place: Option<Place>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Place {
    lon: f64,
    lat: f64,
    datum: String,
    precision: String,
}

/// Asks for every row without a place and puts those found into the file.
///
/// `progress` hears how many rows of how many are looked up. What was answered is kept in the store at once, so that it can be ended and begun again at any time.
pub async fn place(
    store: &StationStore,
    geocoder: &mut Geocoder,
    (file, city): (&mut ReadFile, Option<&str>),
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Report, StorageError> {
    let mut report = Report::default();
    let mut found = HashMap::new();
    let provider = geocoder.provider();
    let all = file.unplaced.len() as u64;
    for (done, row) in (0_u64..).zip(&file.unplaced) {
        progress(done, all);
        let Some(address) = address(row.address(), row.district()) else {
            report.without_address.push(row.number);
            continue;
        };
        if report.failure.is_some() {
            report.not_asked.push(row.number);
            continue;
        }
        let answer = match known(store, provider, &question(&address, city)).await? {
            Some(answer) => answer,
            None => match geocoder.find(&address, city).await {
                Ok(answer) => {
                    report.asked += 1;
                    keep(store, (provider, &question(&address, city)), answer).await?;
                    answer
                }
                Err(error) => {
                    report.failure = Some(error.to_string());
                    report.not_asked.push(row.number);
                    continue;
                }
            },
        };
        match answer {
            None => report.nothing.push(row.number),
            Some(answer) if answer.precision == GeocodePrecision::Area => report.too_rough.push(row.number),
            Some(Found {
                place,
                datum,
                precision,
            }) => {
                report.placed.push((row.number, precision));
                let location = Location::new(place, datum);
                found.insert(row.number, location.geocoded_by(Geocoded { provider, precision }));
            }
        }
    }
    progress(all, all);
    file.place(&found);
    Ok(report)
}

/// The address with its district before it, unless it says that itself.
fn address(address: Option<&str>, district: Option<&str>) -> Option<String> {
    let address = address.map(str::trim).filter(|address| !address.is_empty())?;
    Some(match district {
        Some(district) if !address.contains(district) => format!("{district}{address}"),
        _ => address.to_owned(),
    })
}

/// What is asked, written in one way: no blanks, no full-width digits, small letters; and the city.
fn question(address: &str, city: Option<&str>) -> String {
    let plain = |text: &str| -> String {
        let signs = text.chars().filter(|sign| !sign.is_whitespace());
        let narrow = signs.map(|sign| match sign {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
            _ => sign,
        });
        narrow.flat_map(char::to_lowercase).collect()
    };
    format!("{}\n{}", plain(address), city.map(plain).unwrap_or_default())
}

/// What the service answered before; `None` when it has to be asked.
async fn known(
    store: &StationStore,
    provider: GeocodeProvider,
    question: &str,
) -> Result<Option<Option<Found>>, StorageError> {
    let Some((text, at)) = store.geocode(provider.word(), question).await? else {
        return Ok(None);
    };
    let Ok(Answer { place }) = serde_json::from_str::<Answer>(&text) else {
        return Ok(None);
    };
    let Some(place) = place else {
        return Ok((Utc::now() - at < NOTHING_HOLDS).then_some(None));
    };
    let found = LonLat::new(place.lon, place.lat).ok().and_then(|point| {
        Some(Found {
            place: point,
            datum: Datum::from_word(&place.datum)?,
            precision: GeocodePrecision::from_word(&place.precision)?,
        })
    });
    Ok(found.map(Some))
}

async fn keep(
    store: &StationStore,
    asked: (GeocodeProvider, &str),
    answer: Option<Found>,
) -> Result<(), StorageError> {
    let place = answer.map(|found| Place {
        lon: found.place.lon_deg(),
        lat: found.place.lat_deg(),
        datum: found.datum.word().to_owned(),
        precision: found.precision.word().to_owned(),
    });
    let text = serde_json::to_string(&Answer { place }).unwrap_or_default();
    store
        .keep_geocode((asked.0.word(), asked.1), &text, Utc::now())
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_address_is_the_same_question_however_it_is_typed() {
        let one = question("郑州市 中原区翠竹街１号Ａ座", Some("郑州"));
        assert_eq!(one, question("郑州市中原区翠竹街1号a座 ", Some(" 郑州")));
        assert_ne!(one, question("郑州市中原区翠竹街1号a座", None));
        assert_ne!(one, question("郑州市中原区翠竹街2号a座", Some("郑州")));
    }

    #[test]
    fn the_district_stands_before_an_address_that_does_not_name_it() {
        assert_eq!(
            address(Some(" 翠竹街1号 "), Some("中原区")).as_deref(),
            Some("中原区翠竹街1号")
        );
        assert_eq!(
            address(Some("中原区翠竹街1号"), Some("中原区")).as_deref(),
            Some("中原区翠竹街1号")
        );
        assert_eq!((address(Some(" "), Some("x")), address(None, None)), (None, None));
    }
}
