//! Reading registers: every rule for good and bad input, on documents made here and on the real data beside a checkout.

use yizhan::domain::datum::Datum;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::station::Station;
use yizhan::import::{
    ImportError, ImportFormat, ImportOptions, Imported, Mapping, ReadFile, ReadOptions, RowProblem, Severity,
    parse, read,
};

mod shared_data;

#[path = "import/any_bytes.rs"]
mod any_bytes;
#[path = "import/books.rs"]
mod books;
#[path = "import/doubts.rs"]
mod doubts;
#[path = "import/encodings.rs"]
mod encodings;
#[path = "import/files.rs"]
mod files;
#[path = "import/geojson.rs"]
mod geojson;
#[path = "import/json_lines.rs"]
mod json_lines;
#[path = "import/mapping.rs"]
mod mapping;
#[path = "import/osm.rs"]
mod osm;
#[path = "import/osm_damage.rs"]
mod osm_damage;
#[path = "import/osm_real.rs"]
mod osm_real;
#[path = "import/pbf.rs"]
mod pbf;
#[path = "import/real.rs"]
mod real;
#[path = "import/remarks.rs"]
mod remarks;
#[path = "import/sheets.rs"]
mod sheets;
#[path = "import/stated.rs"]
mod stated;
#[path = "import/table.rs"]
mod table;
#[path = "import/values.rs"]
mod values;

/// Imports a table with default options.
pub fn csv(text: &str) -> Imported {
    parse(text.as_bytes(), "t.csv", None, &ImportOptions::default()).expect("a usable table")
}

/// The refusal of a whole table.
pub fn refused(bytes: &[u8], name: &str) -> ImportError {
    parse(bytes, name, None, &ImportOptions::default()).expect_err("a refused file")
}

/// Imports features, given as JSON, as one collection.
pub fn features(features: &[&str]) -> Imported {
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",\n")
    );
    parse(text.as_bytes(), "t.geojson", None, &ImportOptions::default()).expect("a usable collection")
}

/// A table of one row below `header`.
pub fn one_row(header: &str, row: &str) -> Imported {
    csv(&format!("id,name,lon,lat,{header}\na,甲,109.5,18.25,{row}\n"))
}

/// The only station.
pub fn only(imported: &Imported) -> &Station {
    assert_eq!(imported.stations.len(), 1, "{:?}", imported.problems);
    &imported.stations[0]
}

/// The only problem, which must have this code and severity.
pub fn problem<'i>(imported: &'i Imported, code: &str, severity: Severity) -> &'i RowProblem {
    assert_eq!(imported.problems.len(), 1, "{:?}", imported.problems);
    let problem = &imported.problems[0];
    assert_eq!((problem.code, problem.severity), (code, severity), "{problem}");
    assert!(
        !problem.message_zh.is_empty() && problem.message.contains('`'),
        "{problem}"
    );
    problem
}

/// Reads a file for changes, with a mapping.
pub fn read_with(bytes: &[u8], name: &str, mapping: &Mapping) -> ReadFile {
    let options = ReadOptions {
        mapping: Some(mapping),
        ..ReadOptions::default()
    };
    read(name, &mut &bytes[..], &options, &|_bytes| {}).expect("a usable file")
}

/// Reads a table for changes.
pub fn rows(text: &str) -> ReadFile {
    read_with(text.as_bytes(), "t.csv", &Mapping::default())
}

/// The codes of all problems, in their order.
pub fn codes(read: &ReadFile) -> Vec<&'static str> {
    read.problems.iter().map(|problem| problem.code).collect()
}

/// The names of the stations, in the order of the rows.
pub fn names(read: &ReadFile) -> Vec<&str> {
    read.rows.iter().map(|row| &*row.station.name).collect()
}

/// The first problem with a code.
pub fn coded<'r>(read: &'r ReadFile, code: &str) -> &'r RowProblem {
    let found = read.problems.iter().find(|problem| problem.code == code);
    assert!(found.is_some(), "no `{code}` among {:?}", read.problems);
    found.expect("looked at above")
}
