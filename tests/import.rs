//! Reading registers: every rule for good and bad input, on documents made here and on the real data beside a checkout.

use yizhan::domain::datum::Datum;
use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::station::Station;
use yizhan::import::{ImportError, ImportFormat, ImportOptions, Imported, RowProblem, Severity, parse};

mod shared_data;

#[path = "import/files.rs"]
mod files;
#[path = "import/geojson.rs"]
mod geojson;
#[path = "import/real.rs"]
mod real;
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
