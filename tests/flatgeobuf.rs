//! `FlatGeobuf` tables read back with the format's own library, and with GDAL where it is installed.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::process::Command;

use flatgeobuf::{
    ColumnType, FallibleStreamingIterator as _, FeatureProperties as _, FgbReader, GeometryType,
};
use geo::{LineString, MultiPolygon, Polygon, polygon};
use proptest::prelude::*;
use yizhan::domain::coordinate::LonLat;
use yizhan::export::flatgeobuf::{Column, ColumnKind, FlatError, FlatTable, Shape, ShapeKind, Value};

fn columns() -> Vec<Column> {
    let kinds = [
        ("id", ColumnKind::Text),
        ("places", ColumnKind::Whole),
        ("distance_m", ColumnKind::Number),
        ("sure", ColumnKind::Truth),
    ];
    let column = |(name, kind): (&str, ColumnKind)| Column {
        name: name.into(),
        kind,
    };
    kinds.into_iter().map(column).collect()
}

fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("a place on the earth")
}

fn bytes(table: FlatTable) -> Vec<u8> {
    let mut bytes = Vec::new();
    table.write(&mut bytes).expect("memory takes the file");
    bytes
}

fn points(rows: &[(LonLat, [Value<'_>; 4])]) -> Vec<u8> {
    let mut table = FlatTable::new("stations", ShapeKind::Points, columns()).expect("a table");
    for (place, values) in rows {
        table.push(Shape::Point(*place), values).expect("a row that fits");
    }
    bytes(table)
}

/// The polygons of each row, by the text in the column `id`.
fn polygons_read(bytes: &[u8]) -> BTreeMap<String, MultiPolygon<f64>> {
    let mut features = FgbReader::open(Cursor::new(bytes))
        .expect("a header")
        .select_all()
        .expect("features");
    let mut rows = BTreeMap::new();
    while let Some(feature) = features.next().expect("a feature") {
        let parts = feature.geometry().expect("a geometry").parts().expect("parts");
        let polygon = |part: flatgeobuf::Geometry<'_>| {
            let xy: Vec<f64> = part.xy().expect("corners").iter().collect();
            let corners: Vec<(f64, f64)> = xy.chunks(2).map(|pair| (pair[0], pair[1])).collect();
            let ends: Vec<u32> = part.ends().map_or_else(Vec::new, |ends| ends.iter().collect());
            let (mut rings, mut from) = (Vec::new(), 0);
            let all = u32::try_from(corners.len()).expect("few corners");
            for end in if ends.is_empty() { vec![all] } else { ends } {
                rings.push(LineString::from(corners[from..end as usize].to_vec()));
                from = end as usize;
            }
            let outer = rings.remove(0);
            Polygon::new(outer, rings)
        };
        let id = feature.property::<String>("id").expect("an id");
        rows.insert(id, MultiPolygon::new(parts.iter().map(polygon).collect()));
    }
    rows
}

fn two_polygons_and_a_hole() -> MultiPolygon<f64> {
    let with_hole = polygon!(
        exterior: [(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 0.0, y: 9.0)],
        interiors: [[(x: 1.0, y: 1.0), (x: 1.0, y: 2.0), (x: 2.0, y: 2.0), (x: 2.0, y: 1.0)]],
    );
    let apart = polygon![(x: 20.0, y: 0.0), (x: 21.0, y: 0.0), (x: 21.0, y: 1.5)];
    MultiPolygon::new(vec![with_hole, apart])
}

#[test]
fn the_header_names_the_columns_and_epsg_4326() {
    let file = points(&[(place(109.5, 18.25), [Value::Missing; 4])]);
    let reader = FgbReader::open(Cursor::new(&file)).unwrap();
    let header = reader.header();
    assert_eq!(
        (header.name(), header.geometry_type()),
        (Some("stations"), GeometryType::Point)
    );
    assert_eq!((header.features_count(), header.index_node_size()), (1, 16));
    let crs = header.crs().unwrap();
    assert_eq!((crs.org(), crs.code()), (Some("EPSG"), 4326));
    let found: Vec<_> = header
        .columns()
        .unwrap()
        .iter()
        .map(|column| (column.name(), column.type_()))
        .collect();
    let expected = [
        ("id", ColumnType::String),
        ("places", ColumnType::Long),
        ("distance_m", ColumnType::Double),
        ("sure", ColumnType::Bool),
    ];
    assert_eq!(found, expected);
}

#[test]
fn values_and_missing_values_come_back() {
    let known = [
        Value::Text("驿站 \"1\""),
        Value::Whole(i64::MIN),
        Value::Number(-0.1),
        Value::Truth(true),
    ];
    let unknown = [
        Value::Text("2"),
        Value::Missing,
        Value::Number(f64::NAN),
        Value::Missing,
    ];
    let file = points(&[(place(-180.0, 90.0), known), (place(180.0, -90.0), unknown)]);
    let mut features = FgbReader::open(Cursor::new(&file)).unwrap().select_all().unwrap();
    let mut rows = BTreeMap::new();
    while let Some(feature) = features.next().unwrap() {
        let xy: Vec<f64> = feature.geometry().unwrap().xy().unwrap().iter().collect();
        let row = (
            xy,
            feature.property::<i64>("places").ok(),
            feature.property::<f64>("distance_m").ok(),
            feature.property::<bool>("sure").ok(),
        );
        rows.insert(feature.property::<String>("id").unwrap(), row);
    }
    let expected = [
        ("2".to_owned(), (vec![180.0, -90.0], None, None, None)),
        (
            "驿站 \"1\"".to_owned(),
            (vec![-180.0, 90.0], Some(i64::MIN), Some(-0.1), Some(true)),
        ),
    ];
    assert_eq!(rows, BTreeMap::from(expected));
}

#[test]
fn polygons_come_back_with_their_holes() {
    let shapes = two_polygons_and_a_hole();
    let single = MultiPolygon::new(vec![shapes.0[1].clone()]);
    let mut table = FlatTable::new("gaps", ShapeKind::MultiPolygons, columns()).unwrap();
    for (id, shape) in [("a", &shapes), ("b", &single)] {
        let values = [Value::Text(id), Value::Missing, Value::Missing, Value::Missing];
        table.push(Shape::MultiPolygon(shape), &values).unwrap();
    }
    let expected = BTreeMap::from([("a".to_owned(), shapes.clone()), ("b".to_owned(), single.clone())]);
    assert_eq!(polygons_read(&bytes(table)), expected);
}

#[test]
fn a_table_without_rows_can_be_read() {
    let file = points(&[]);
    let reader = FgbReader::open(Cursor::new(&file)).unwrap();
    assert_eq!(reader.header().columns().unwrap().len(), 4);
    let mut features = reader.select_all().unwrap();
    assert!(features.next().unwrap().is_none());
}

#[test]
fn rows_that_do_not_fit_are_refused_and_leave_no_trace() {
    let mut table = FlatTable::new("gaps", ShapeKind::MultiPolygons, columns()).unwrap();
    let shapes = two_polygons_and_a_hole();
    let good = [
        Value::Text("a"),
        Value::Whole(1),
        Value::Number(2.0),
        Value::Truth(false),
    ];
    let narrow = table.push(Shape::MultiPolygon(&shapes), &good[..3]).unwrap_err();
    assert_eq!(
        narrow.to_string(),
        "row `0` has 3 values; expected 4, one for each column"
    );
    let mixed = [
        Value::Text("a"),
        Value::Number(1.0),
        Value::Missing,
        Value::Missing,
    ];
    let mixed = table.push(Shape::MultiPolygon(&shapes), &mixed).unwrap_err();
    assert!(
        matches!(&mixed, FlatError::Kind { column, expected: ColumnKind::Whole, .. } if &**column == "places")
    );
    let empty = MultiPolygon::new(Vec::new());
    for shape in [Shape::Point(place(0.0, 0.0)), Shape::MultiPolygon(&empty)] {
        let error = table.push(shape, &good).unwrap_err();
        assert!(matches!(error, FlatError::Shape { row: 0, .. }), "{error}");
    }
    table.push(Shape::MultiPolygon(&shapes), &good).unwrap();
    assert_eq!(
        polygons_read(&bytes(table)),
        BTreeMap::from([("a".to_owned(), shapes)])
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_index_finds_what_lies_in_a_box(
        places in prop::collection::vec((-180.0..=180.0, -90.0..=90.0), 1..200),
        edges in (-180.0..180.0_f64, -90.0..90.0_f64, 0.0..200.0_f64, 0.0..100.0_f64),
    ) {
        let rows: Vec<(LonLat, [Value<'_>; 4])> = (0..)
            .zip(&places)
            .map(|(at, (lon, lat))| (place(*lon, *lat), [Value::Missing, Value::Whole(at), Value::Missing, Value::Missing]))
            .collect();
        let file = points(&rows);
        prop_assert_eq!(&file, &points(&rows));
        let (west, south, width, height) = edges;
        let reader = FgbReader::open(Cursor::new(&file)).unwrap();
        let mut features = reader.select_bbox(west, south, west + width, south + height).unwrap();
        let mut found = Vec::new();
        while let Some(feature) = features.next().unwrap() {
            found.push(feature.property::<i64>("places").unwrap());
        }
        found.sort_unstable();
        let is_inside = |(lon, lat): &(f64, f64)| {
            (west..=west + width).contains(lon) && (south..=south + height).contains(lat)
        };
        let expected: Vec<i64> =
            (0..).zip(&places).filter(|(_, place)| is_inside(place)).map(|(at, _)| at).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn gdal_reads_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gaps.fgb");
    let mut table = FlatTable::new("gaps", ShapeKind::MultiPolygons, columns()).unwrap();
    let values = [
        Value::Text("gap-1"),
        Value::Missing,
        Value::Number(1234.5),
        Value::Truth(true),
    ];
    let shapes = two_polygons_and_a_hole();
    table.push(Shape::MultiPolygon(&shapes), &values).unwrap();
    std::fs::write(&path, bytes(table)).unwrap();
    let output = match Command::new("ogrinfo").arg("-al").arg(&path).output() {
        Ok(output) => output,
        Err(error) if std::env::var_os("CI").is_none_or(|ci| ci != "true") => {
            println!("left out: ogrinfo does not start: {error}");
            return;
        }
        Err(error) => panic!("ogrinfo: {error}; expected GDAL in CI"),
    };
    let text = String::from_utf8_lossy(&output.stdout);
    for part in [
        "Layer name: gaps",
        "Feature Count: 1",
        "Geometry: Multi Polygon",
        "ID[\"EPSG\",4326]",
        "id (String) = gap-1",
        "distance_m (Real) = 1234.5",
        "sure (Integer(Boolean)) = 1",
        "MULTIPOLYGON (((0 0,9 0,9 9,0 9,0 0),(1 1,1 2,2 2,2 1,1 1)),((20 0,21 0,21.0 1.5,20 0)))",
    ] {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
    assert!(
        !text.contains("places (Integer64) ="),
        "a missing value is there:\n{text}"
    );
}
