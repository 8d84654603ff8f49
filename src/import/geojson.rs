//! GeoJSON: turns features into raw records, without building the document in memory.

use core::fmt;
use std::collections::BTreeSet;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::blocks::{Piece, line_ends};
use super::columns::Column;
use super::encoding::utf8;
use super::error::ImportError;
use super::fields::{Fault, fault};
use super::item::{Item, Key};
use super::mapping::Mapping;
use super::names::Meaning;
use super::parsed::Parsed;
use super::problem::Severity;
use super::properties::Properties;
use super::record::{Checker, Context, Purpose, RawRecord};
use super::stated::Checked;

/// A feature as far as stations need it.
#[derive(Debug, Default)]
struct RawFeature<'a> {
    kind: Item<'a>,
    id: Item<'a>,
    geometry: Item<'a>,
    record: RawRecord<'a>,
}

/// Reads one feature; names of properties that the importer does not know go to `ignored`.
struct FeatureSeed<'i> {
    ignored: &'i mut BTreeSet<String>,
    mapping: &'i Mapping,
}

impl<'de> DeserializeSeed<'de> for FeatureSeed<'_> {
    type Value = RawFeature<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FeatureSeed<'_> {
    type Value = RawFeature<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a Feature object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut feature = RawFeature::default();
        while let Some(Key(key)) = members.next_key()? {
            match key.as_ref() {
                "type" => feature.kind = members.next_value()?,
                "id" => feature.id = members.next_value()?,
                "geometry" => feature.geometry = members.next_value()?,
                "properties" => {
                    let seed = PropertiesSeed {
                        properties: Properties::new(&mut feature.record, self.ignored, self.mapping),
                    };
                    members.next_value_seed(seed)?;
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(feature)
    }
}

struct PropertiesSeed<'s, 'de> {
    properties: Properties<'s, 'de>,
}

impl<'de> DeserializeSeed<'de> for PropertiesSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PropertiesSeed<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = members.next_key()? {
            match self.properties.meaning(&key) {
                // The geometry says where the feature is.
                Some(Meaning::Column(Column::Lon | Column::Lat | Column::Coordinates)) | None => {
                    members.next_value::<IgnoredAny>()?;
                    self.properties.ignore(key);
                }
                Some(meaning) => {
                    let item = members.next_value()?;
                    self.properties.set(key, meaning, item);
                }
            }
        }
        Ok(())
    }
}

/// Parses the features of one piece.
pub(super) fn parse_piece(
    context: Context<'_>,
    (block, piece): (&[u8], &Piece),
) -> Result<Parsed, ImportError> {
    utf8(
        block.get(piece.bytes.clone()).unwrap_or_default(),
        piece.line,
        context.path,
    )?;
    let mut checker = Checker::new(context, context.no_columns);
    let mut parsed = Parsed::default();
    for (number, range) in (piece.first_row..).zip(&piece.rows) {
        parsed.rows += 1;
        checker.row = number;
        let bytes = block.get(range.clone()).unwrap_or_default();
        let mut deserializer =
            serde_json::Deserializer::from_str(core::str::from_utf8(bytes).unwrap_or_default());
        let seed = FeatureSeed {
            ignored: &mut parsed.ignored,
            mapping: context.mapping,
        };
        let feature = seed
            .deserialize(&mut deserializer)
            .and_then(|feature| deserializer.end().map(|()| feature));
        match feature {
            Ok(feature) => {
                let row = check(&mut checker, number, feature);
                parsed.push(number, row);
            }
            Err(error) => {
                let before = block.get(piece.bytes.start..range.start).unwrap_or_default();
                let line = piece.line + line_ends(before) + (error.line() as u64).saturating_sub(1);
                checker.note(Severity::Error, None, bad_feature(&error, line));
            }
        }
    }
    parsed.take_from(checker);
    Ok(parsed)
}

fn check(checker: &mut Checker<'_>, number: u64, feature: RawFeature<'_>) -> Checked {
    if feature.kind.as_text() != Some("Feature") {
        let problem = fault(
            "not_a_feature",
            &feature.kind.shown(),
            ("is no feature type", "`Feature`"),
            ("不是要素类型", "`Feature`"),
        );
        checker.note_named(Severity::Error, Some("type".to_owned()), problem);
        return Checked::Rejected;
    }
    let mut record = feature.record;
    if !feature.id.is_blank() {
        record.set(Column::Id, feature.id);
    }
    if let Some((lon, lat)) = point(&feature.geometry) {
        record.set(Column::Lon, lon);
        record.set(Column::Lat, lat);
    } else if feature.geometry != Item::Null || checker.context.purpose == Purpose::Register {
        note_geometry(checker, &feature.geometry);
        return Checked::Rejected;
    }
    checker.check(number, &mut record)
}

/// Notes that a geometry is no place.
pub(super) fn note_geometry(checker: &mut Checker<'_>, geometry: &Item<'_>) {
    let given = geometry.member("type").unwrap_or(geometry).shown();
    let expected = "a Point with longitude and latitude in degrees";
    let problem = fault(
        "not_a_point",
        &given,
        ("is no usable geometry", expected),
        ("不是可用的几何", "含经度和纬度（度）的 Point"),
    );
    checker.note_named(Severity::Error, Some("geometry".to_owned()), problem);
}

/// The two numbers of a Point; a height is left out.
pub(super) fn point<'a>(geometry: &Item<'a>) -> Option<(Item<'a>, Item<'a>)> {
    if geometry.member("type")?.as_text()? != "Point" {
        return None;
    }
    match geometry.member("coordinates")? {
        Item::List(numbers) => match numbers.as_slice() {
            [
                lon @ (Item::Integer(_) | Item::Float(_)),
                lat @ (Item::Integer(_) | Item::Float(_)),
                ..,
            ] => Some((lon.clone(), lat.clone())),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn bad_feature(error: &serde_json::Error, line: u64) -> Fault {
    if error.is_data() {
        let (en, zh) = (
            format!("the feature is not usable: {error}"),
            "不是要素；应为 Feature 对象".to_owned(),
        );
        return Fault {
            code: "not_a_feature",
            en,
            zh,
        };
    }
    let en = format!("the feature is no JSON at line `{line}` of the file: {error}; expected valid JSON");
    let zh = format!("文件第`{line}`行不是有效的 JSON；应为有效的 JSON");
    Fault {
        code: "invalid_json",
        en,
        zh,
    }
}
