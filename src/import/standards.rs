//! Facility standards from their JSON file.

use serde::Deserialize;

use super::error::ImportError;
use crate::domain::facility::Facility;
use crate::domain::standard::{BilingualName, Level, MapService, Requirement, Standard, StandardItem};
use crate::domain::words::UnknownWord;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    standards: Vec<RawStandard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStandard {
    id: Box<str>,
    name: RawName,
    issuer: Box<str>,
    source: Box<str>,
    items: Vec<RawItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawName {
    zh: Box<str>,
    en: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawItem {
    id: Box<str>,
    name: RawName,
    requirement: RawRequirement,
    level: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawRequirement {
    Facility(String),
    AnyOf(Vec<String>),
    MinFloorAreaM2(f64),
    MinSeats(u32),
    MapListingAnyOf(Vec<String>),
    NotRecorded(Box<str>),
}

/// Reads standards from the text of a JSON file such as the bundled `standards.json`.
///
/// A standard decides who fails an inspection, so nothing in the file may be misread: an unknown word, member or a
/// repeated id refuses the whole text.
pub fn parse_standards(text: &str) -> Result<Vec<Standard>, ImportError> {
    let refuse = |reason: String| ImportError::Standards { reason };
    let file: RawFile = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| refuse(format!("{error}; expected an object with a list `standards`")))?;
    let mut standards: Vec<Standard> = Vec::with_capacity(file.standards.len());
    for raw in file.standards {
        if standards.iter().any(|known| known.id == raw.id) {
            return Err(refuse(format!(
                "id `{}` is used twice; expected an id of its own for each standard",
                raw.id
            )));
        }
        let mut items: Vec<StandardItem> = Vec::with_capacity(raw.items.len());
        for item in raw.items {
            let at = format!("standard `{}`, item `{}`", raw.id, item.id);
            if items.iter().any(|known| known.id == item.id) {
                return Err(refuse(format!(
                    "{at}: the id is used twice; expected an id of its own for each item"
                )));
            }
            let item = checked(item).map_err(|reason| refuse(format!("{at}: {reason}")))?;
            items.push(item);
        }
        let RawStandard {
            id,
            name,
            issuer,
            source,
            ..
        } = raw;
        standards.push(Standard {
            id,
            name: bilingual(name),
            issuer,
            source,
            items,
        });
    }
    Ok(standards)
}

fn bilingual(name: RawName) -> BilingualName {
    BilingualName {
        zh: name.zh,
        en: name.en,
    }
}

fn checked(item: RawItem) -> Result<StandardItem, String> {
    let unknown = |error: UnknownWord| error.to_string();
    let requirement = match item.requirement {
        RawRequirement::Facility(word) => Requirement::Facility(word.parse().map_err(unknown)?),
        RawRequirement::AnyOf(words) => {
            let facilities: Result<Vec<Facility>, _> = words.iter().map(|word| word.parse()).collect();
            Requirement::AnyOf(facilities.map_err(unknown)?)
        }
        RawRequirement::MinFloorAreaM2(area_m2) if area_m2 > 0.0 && area_m2.is_finite() => {
            Requirement::MinFloorAreaM2(area_m2)
        }
        RawRequirement::MinFloorAreaM2(area_m2) => {
            return Err(format!(
                "floor area `{area_m2}` is not usable; expected square metres above 0"
            ));
        }
        RawRequirement::MinSeats(seats) => Requirement::MinSeats(seats),
        RawRequirement::MapListingAnyOf(words) => {
            let services: Result<Vec<MapService>, _> = words.iter().map(|word| word.parse()).collect();
            Requirement::MapListingAnyOf(services.map_err(unknown)?)
        }
        RawRequirement::NotRecorded(what) => Requirement::NotRecorded(what),
    };
    let is_empty = match &requirement {
        Requirement::AnyOf(facilities) => facilities.is_empty(),
        Requirement::MapListingAnyOf(services) => services.is_empty(),
        _ => false,
    };
    if is_empty {
        return Err("the list of alternatives is empty; expected at least one".to_owned());
    }
    let level: Level = item.level.parse().map_err(unknown)?;
    Ok(StandardItem {
        id: item.id,
        name: bilingual(item.name),
        requirement,
        level,
    })
}
