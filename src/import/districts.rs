//! District outlines from a GeoJSON file.

use std::path::Path;

use ::geojson::feature::Id;
use ::geojson::{Feature, FeatureCollection, JsonObject};
use geo::{Geometry, MultiPolygon};
use serde::de::IgnoredAny;
use serde_json::Value;

use super::encoding::utf8;
use super::error::ImportError;
use super::{MAX_FILE_BYTES, number};
use crate::domain::district::District;

/// Loads district outlines (`Polygon` or `MultiPolygon`, WGS-84) with their names and six-digit codes from a GeoJSON file.
pub fn load_districts(path: &Path) -> Result<Vec<District>, ImportError> {
    let failed = |source| ImportError::Read {
        path: path.to_owned(),
        source,
    };
    if std::fs::metadata(path).map_err(failed)?.len() > MAX_FILE_BYTES {
        return Err(ImportError::TooLarge {
            path: path.to_owned(),
        });
    }
    parse_districts(&std::fs::read(path).map_err(failed)?, &path.display().to_string())
}

/// Reads district outlines from memory; `name` is shown in messages.
pub fn parse_districts(bytes: &[u8], name: &str) -> Result<Vec<District>, ImportError> {
    let path = Path::new(name);
    let text = utf8(
        bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(bytes),
        1,
        path,
    )?;
    if text.trim().is_empty() {
        return Err(ImportError::Empty {
            path: path.to_owned(),
        });
    }
    let refuse = |line, column, reason| ImportError::NotGeoJson {
        path: path.to_owned(),
        line,
        column,
        reason,
    };
    let _valid: IgnoredAny = serde_json::from_str(text).map_err(|error| {
        refuse(
            error.line() as u64,
            error.column() as u64,
            format!("{error}; expected valid JSON"),
        )
    })?;
    let collection = text.parse::<FeatureCollection>().map_err(|error| {
        refuse(
            1,
            1,
            format!("{error}; expected a FeatureCollection of districts"),
        )
    })?;
    let mut districts = Vec::with_capacity(collection.features.len());
    for (position, feature) in collection.features.into_iter().enumerate() {
        let feature_number = position as u64 + 1;
        let district = checked(feature).map_err(|reason| ImportError::District {
            path: path.to_owned(),
            feature: feature_number,
            reason,
        })?;
        districts.push(district);
    }
    Ok(districts)
}

/// One district, or what is wrong with its feature.
fn checked(feature: Feature) -> Result<District, String> {
    let properties = feature.properties.unwrap_or_default();
    let name = text_of(&properties, &["name", "名称", "NAME"])
        .ok_or_else(|| "the district has no `name`; expected a text such as `吉阳区`".to_owned())?;
    let id = feature.id.map(|id| match id {
        Id::String(text) => text,
        Id::Number(number) => number.to_string(),
    });
    let stated = text_of(&properties, &["adcode", "行政区划代码", "code", "gb"]).or(id);
    let adcode = stated.and_then(|code| six_digits(&code));
    let outline = match feature.geometry.map(Geometry::<f64>::try_from) {
        Some(Ok(Geometry::Polygon(polygon))) => MultiPolygon::new(vec![polygon]),
        Some(Ok(Geometry::MultiPolygon(polygons))) => polygons,
        _ => {
            return Err(format!(
                "district `{name}` has no area; expected a Polygon or MultiPolygon"
            ));
        }
    };
    let mut district = District::new(&name, adcode.as_deref(), outline).map_err(|error| error.to_string())?;
    district.source = text_of(&properties, &["source", "来源"]).map(Into::into);
    Ok(district)
}

/// The first of the named properties that holds a text or a number.
fn text_of(properties: &JsonObject, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match properties.get(*name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// A six-digit code; nine-digit national codes (`156460203`) carry it behind the country's number.
fn six_digits(code: &str) -> Option<String> {
    let code: String = code.chars().map(number::half_width_digit).collect();
    let bare = code
        .strip_prefix("156")
        .filter(|rest| rest.len() == 6)
        .unwrap_or(&code);
    (bare.len() == 6 && bare.bytes().all(|byte| byte.is_ascii_digit())).then(|| bare.to_owned())
}
