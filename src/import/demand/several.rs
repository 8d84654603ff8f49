//! Demand from several files as one: tiles of a raster, or a table for each district.

use std::path::PathBuf;

use super::error::DemandFileError;
use super::{DemandOptions, ImportedDemand, load_demand};
use crate::domain::demand::{DemandRecords, MAX_WEIGHTS, WeightColumn};
use crate::import::MAX_PROBLEMS;

/// Reads demand from files, one after the other. All must hold the same kind of places; a weight that a file does not
/// have weighs nothing at its places. The same place in two files counts twice.
pub fn load_all_demand(
    paths: &[PathBuf],
    options: &DemandOptions,
) -> Result<ImportedDemand, DemandFileError> {
    let mut whole: Option<ImportedDemand> = None;
    for path in paths {
        let next = load_demand(path, options)?;
        let Some(whole) = &mut whole else {
            whole = Some(next);
            continue;
        };
        let (kind, expected) = (next.records.kind, whole.records.kind);
        if kind != expected {
            return Err(DemandFileError::OtherKind {
                path: path.clone(),
                kind: kind.word(),
                expected: expected.word(),
            });
        }
        append(&mut whole.records, next.records);
        whole.problems.extend(next.problems);
        whole.problems.truncate(MAX_PROBLEMS);
        whole.errors += next.errors;
        whole.warnings += next.warnings;
        whole.rows += next.rows;
        let count = whole.records.weights.len();
        if count > MAX_WEIGHTS {
            return Err(DemandFileError::TooManyWeights {
                path: path.clone(),
                count,
            });
        }
    }
    whole.ok_or_else(|| DemandFileError::NoDemand {
        path: PathBuf::new(),
        skipped: 0,
    })
}

fn append(whole: &mut DemandRecords, next: DemandRecords) {
    let (before, more) = (whole.places.len(), next.places.len());
    for column in &mut whole.weights {
        let own = next.weights.iter().find(|own| own.name == column.name);
        match own {
            Some(own) => column.values.extend_from_slice(&own.values),
            None => column.values.resize(before + more, 0.0),
        }
    }
    for column in next.weights {
        if whole.weights.iter().all(|own| own.name != column.name) {
            let mut values = vec![0.0; before];
            values.extend(column.values);
            whole.weights.push(WeightColumn {
                name: column.name,
                values,
            });
        }
    }
    if !whole.ids.is_empty() || !next.ids.is_empty() {
        whole.ids.resize(before, "".into());
        whole.ids.extend(next.ids);
        whole.ids.resize(before + more, "".into());
    }
    // Places of one kind have cells, or have none.
    whole.cells.extend(next.cells);
    whole.places.extend(next.places);
    whole.source = format!("{}, {}", whole.source, next.source).into();
    whole.rows_skipped += next.rows_skipped;
    for note in next.notes {
        if !whole.notes.contains(&note) {
            whole.notes.push(note);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[&str]) -> Result<ImportedDemand, DemandFileError> {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = (0..files.len())
            .map(|number| folder.path().join(format!("{number}.csv")))
            .collect();
        for (path, text) in paths.iter().zip(files) {
            std::fs::write(path, text).unwrap();
        }
        load_all_demand(&paths, &DemandOptions::default())
    }

    #[test]
    fn places_follow_each_other_and_a_weight_that_is_missing_weighs_nothing() {
        let whole = read(&[
            "lon,lat,population\n109.5,18.2,3\n109.6,18.3,4\n",
            "lon,lat,riders,population\n109.7,18.4,5,6\n",
        ])
        .unwrap();
        assert_eq!((whole.rows, whole.records.places.len()), (3, 3));
        let weights: Vec<(&str, &[f64])> = whole
            .records
            .weights
            .iter()
            .map(|column| (&*column.name, &*column.values))
            .collect();
        assert_eq!(
            weights,
            [("population", &[3.0, 4.0, 6.0][..]), ("riders", &[0.0, 0.0, 5.0])]
        );
    }

    #[test]
    fn points_and_cells_do_not_go_together() {
        let points = "lon,lat,population\n109.5,18.2,3\n";
        let cells = "h3,population\n89411c8a8a7ffff,3\n";
        let problem = read(&[points, cells]).unwrap_err().to_string();
        assert!(
            problem.contains("h3_cells") && problem.contains("points"),
            "{problem}"
        );
    }
}
