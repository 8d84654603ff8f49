//! Demand from GeoJSON: points with weights, and polygons whose weights are spread over the H3 cells inside.

use std::path::Path;
use std::sync::Arc;

use geo::{Coord, LineString, MapCoords as _, MultiPolygon, Polygon};
use serde::Deserialize;

use super::batch::{Batch, checked_weight, weight_name};
use super::csv::collect;
use super::error::DemandFileError;
use super::{DemandOptions, ImportedDemand};
use crate::domain::cells::{RESOLUTION, cells_of};
use crate::domain::coordinate::LonLat;
use crate::domain::datum::{Datum, convert};
use crate::domain::demand::DemandNote;
use crate::domain::outline::Outline;
use crate::import::blocks::{Piece, Source};
use crate::import::collection::CollectionCutter;
use crate::import::encoding::utf8;
use crate::import::fields::{Fault, fault};
use crate::import::item::Item;
use crate::import::{ImportError, names};

/// The most cells that the weights of one polygon are spread over; larger polygons get coarser cells.
pub const MAX_CELLS_PER_POLYGON: usize = 250_000;

/// What is around the features.
#[derive(Deserialize, Default)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    crs: Item<'a>,
}

/// Reads a collection.
pub(super) fn read(
    source: &mut Source<'_>,
    options: &DemandOptions,
) -> Result<ImportedDemand, DemandFileError> {
    let path = source.path;
    let file: Arc<str> = path.display().to_string().into();
    let mut cutter = CollectionCutter::new(path);
    let mut whole = Batch::new();
    for name in &options.weights {
        whole.column(&weight_name(name));
    }
    let reader = Features { file, path, options };
    let parse = |block: &[u8], piece: &Piece| reader.parse_piece(block, piece);
    collect(source, &mut cutter, &parse, &mut whole)?;
    let notes = crs_notes(cutter.envelope(), path)?;
    for column in &whole.columns {
        if column.missing == whole.places.len() as u64 && !whole.places.is_empty() {
            return Err(DemandFileError::NoSuchWeight {
                path: path.to_owned(),
                name: column.name.to_string(),
                found: "the numbers among its properties".to_owned(),
            });
        }
    }
    let rows = whole.rows;
    let (records, log) = whole.finish(path, notes)?;
    Ok(ImportedDemand {
        records,
        problems: log.kept,
        errors: log.errors,
        warnings: log.warnings,
        rows,
    })
}

struct Features<'o> {
    file: Arc<str>,
    path: &'o Path,
    options: &'o DemandOptions,
}

/// What is wrong with a feature, and with which property.
type FeatureFault = (Option<String>, Fault);

/// Where a feature is.
enum Shape {
    Point(f64, f64),
    Area(MultiPolygon<f64>),
}

impl Features<'_> {
    fn parse_piece(&self, block: &[u8], piece: &Piece) -> Result<Batch, ImportError> {
        utf8(
            block.get(piece.bytes.clone()).unwrap_or_default(),
            piece.line,
            self.path,
        )?;
        let mut batch = Batch::new();
        for (number, range) in (piece.first_row..).zip(&piece.rows) {
            batch.rows += 1;
            let bytes = block.get(range.clone()).unwrap_or_default();
            if let Err((field, fault)) = self.take(bytes, &mut batch) {
                batch.skip(&self.file, number, field.as_deref(), fault);
            }
        }
        Ok(batch)
    }

    fn take(&self, bytes: &[u8], batch: &mut Batch) -> Result<(), FeatureFault> {
        let feature: Item<'_> = serde_json::from_slice(bytes).map_err(|error| {
            let en = format!("the feature is no JSON: {error}; expected valid JSON");
            let zh = "不是有效的 JSON；应为有效的 JSON".to_owned();
            (
                None,
                Fault {
                    code: "invalid_json",
                    en,
                    zh,
                },
            )
        })?;
        let weights = self.weights(&feature)?;
        let id = feature
            .member("id")
            .or_else(|| feature.member("properties")?.member("id"));
        let id = id.map(Item::shown).unwrap_or_default();
        match shape(feature.member("geometry").unwrap_or(&Item::Null)) {
            None => Err((Some("geometry".to_owned()), no_shape(&feature))),
            Some(Shape::Point(lon, lat)) => {
                let coord = feature
                    .member("properties")
                    .and_then(|properties| properties.member("coord"));
                let place = batch
                    .place((lon, lat), coord.and_then(Item::as_text), self.options)
                    .map_err(|(field, fault)| (Some(field.to_owned()), fault))?;
                let weights: Vec<(usize, f64)> = weights
                    .into_iter()
                    .map(|(name, value)| (batch.column(&name), value))
                    .collect();
                batch.push(place, None, &id, &weights);
                Ok(())
            }
            Some(Shape::Area(outline)) => {
                let outline = self.in_wgs84(outline);
                let cells = cells_of(&Outline::new(&outline), RESOLUTION, MAX_CELLS_PER_POLYGON);
                let share = |value: f64| value / cells.len() as f64;
                let weights: Vec<(usize, f64)> = weights
                    .into_iter()
                    .map(|(name, value)| (batch.column(&name), share(value)))
                    .collect();
                for (cell, place) in &cells {
                    batch.push(*place, Some((*cell).into()), &id, &weights);
                }
                batch.polygons += 1;
                Ok(())
            }
        }
    }

    /// The outline in WGS-84, when the options give another datum.
    fn in_wgs84(&self, outline: MultiPolygon<f64>) -> MultiPolygon<f64> {
        let Some(datum) = self.options.datum.filter(|datum| *datum != Datum::Wgs84) else {
            return outline;
        };
        outline.map_coords(|corner| {
            let place = convert(LonLat::from_computed(corner.x, corner.y), datum, Datum::Wgs84);
            Coord {
                x: place.lon_deg(),
                y: place.lat_deg(),
            }
        })
    }

    /// The numbers among the properties; with names in the options only those.
    fn weights(&self, feature: &Item<'_>) -> Result<Vec<(Box<str>, f64)>, FeatureFault> {
        let Some(Item::Object(properties)) = feature.member("properties") else {
            return Ok(Vec::new());
        };
        let mut weights = Vec::new();
        for (name, value) in properties {
            let is_asked = self.options.weights.iter().any(|weight| **weight == **name);
            if !is_asked && (!self.options.weights.is_empty() || names::find(name).is_some()) {
                continue;
            }
            let number = match value {
                Item::Integer(whole) => *whole as f64,
                Item::Float(value) => *value,
                Item::Null => continue,
                Item::Text(_) | Item::Bool(_) | Item::List(_) | Item::Object(_) if !is_asked => continue,
                other => {
                    let fault = fault(
                        "not_a_number",
                        &other.shown(),
                        ("is not a number", "a weight such as `120`"),
                        ("不是数字", "权重，例如 `120`"),
                    );
                    return Err((Some(name.to_string()), fault));
                }
            };
            let checked = checked_weight(number, &value.shown());
            weights.push((
                weight_name(name),
                checked.map_err(|fault| (Some(name.to_string()), fault))?,
            ));
        }
        Ok(weights)
    }
}

fn no_shape(feature: &Item<'_>) -> Fault {
    let geometry = feature.member("geometry").unwrap_or(&Item::Null);
    let given = geometry.member("type").unwrap_or(geometry).shown();
    let expected = "a Point, Polygon or MultiPolygon in degrees";
    fault(
        "bad_geometry",
        &given,
        ("is no usable geometry", expected),
        ("不是可用的几何", "以度为单位的 Point、Polygon 或 MultiPolygon"),
    )
}

fn shape(geometry: &Item<'_>) -> Option<Shape> {
    let coordinates = geometry.member("coordinates")?;
    match geometry.member("type")?.as_text()? {
        "Point" => position(coordinates).map(|at| Shape::Point(at.x, at.y)),
        "Polygon" => Some(Shape::Area(MultiPolygon::new(vec![polygon(coordinates)?]))),
        "MultiPolygon" => {
            let Item::List(polygons) = coordinates else {
                return None;
            };
            let polygons: Vec<Polygon<f64>> = polygons.iter().map(polygon).collect::<Option<_>>()?;
            (!polygons.is_empty()).then(|| Shape::Area(MultiPolygon::new(polygons)))
        }
        _ => None,
    }
}

fn polygon(coordinates: &Item<'_>) -> Option<Polygon<f64>> {
    let Item::List(rings) = coordinates else {
        return None;
    };
    let mut rings = rings.iter().map(ring).collect::<Option<Vec<_>>>()?.into_iter();
    Some(Polygon::new(rings.next()?, rings.collect()))
}

/// A ring of at least three places on the earth.
fn ring(coordinates: &Item<'_>) -> Option<LineString<f64>> {
    let Item::List(positions) = coordinates else {
        return None;
    };
    let corners: Vec<Coord<f64>> = positions.iter().map(position).collect::<Option<_>>()?;
    let is_on_earth = |corner: &Coord<f64>| corner.x.abs() <= 180.0 && corner.y.abs() <= 90.0;
    (corners.len() >= 4 && corners.iter().all(is_on_earth)).then(|| LineString::new(corners))
}

fn position(item: &Item<'_>) -> Option<Coord<f64>> {
    let Item::List(numbers) = item else {
        return None;
    };
    let number = |item: &Item<'_>| match item {
        Item::Integer(whole) => Some(*whole as f64),
        Item::Float(value) => Some(*value),
        _ => None,
    };
    Some(Coord {
        x: number(numbers.first()?)?,
        y: number(numbers.get(1)?)?,
    })
}

/// What the old `crs` member says: nothing and WGS-84 are fine, CGCS2000 is said, everything else is refused.
fn crs_notes(envelope: &[u8], path: &Path) -> Result<Vec<DemandNote>, DemandFileError> {
    let envelope: Envelope<'_> = serde_json::from_slice(envelope).unwrap_or_default();
    let name = envelope
        .crs
        .member("properties")
        .and_then(|properties| properties.member("name"));
    let Some(name) = name.and_then(Item::as_text) else {
        return Ok(Vec::new());
    };
    let code = name.rsplit([':', '/']).next().unwrap_or(name).to_uppercase();
    match code.as_str() {
        "4326" | "CRS84" | "CRS84H" => Ok(Vec::new()),
        "4490" => Ok(vec![cgcs2000_note()]),
        _ => {
            let shown_path = path.display();
            Err(DemandFileError::Crs {
                path: path.to_owned(),
                found: super::super::problem::shown(name),
                advice: format!("ogr2ogr -t_srs EPSG:4326 wgs84.geojson {shown_path}"),
            })
        }
    }
}

/// CGCS2000 and WGS-84 differ by less than a metre.
pub(super) fn cgcs2000_note() -> DemandNote {
    DemandNote {
        code: "cgcs2000",
        en: "coordinates are in CGCS2000 (EPSG:4490) and were taken as WGS-84, which is the same within a metre".to_owned(),
        zh: "坐标为 CGCS2000（EPSG:4490），按 WGS-84 使用，相差不到一米".to_owned(),
    }
}
