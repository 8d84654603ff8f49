//! Each refusal of an import says in Chinese what it says in English.

use std::path::PathBuf;

use super::error_tests::{assert_is_chinese, assert_says_the_same};
use super::import_refused::ImportRefused;
use crate::domain::station::StationId;
use crate::import::ImportError;
use crate::register::apply::Refused;
use crate::register::decisions;
use crate::register::row::InvalidDecision;

fn says_the_same(refused: impl Into<ImportRefused>) {
    let refused = refused.into();
    assert_says_the_same(&refused.to_string(), &refused.detail_zh());
}

fn ids(count: usize) -> Vec<StationId> {
    let ids = (0..count).map(|number| StationId::new(&format!("sy-{number}")).unwrap());
    ids.collect()
}

fn files() -> Vec<ImportError> {
    let (path, text) = (|| PathBuf::from("a.csv"), || "it is damaged".to_owned());
    let names = || vec!["name".to_owned(), "名称".to_owned()];
    let too_large = |limit: &str| ImportError::SheetTooLarge {
        path: path(),
        given: "more".to_owned(),
        limit: limit.to_owned(),
    };
    let missing = |found: Vec<String>| ImportError::MissingColumns {
        path: path(),
        missing: names(),
        found,
    };
    let source = std::io::Error::other("gone");
    vec![
        ImportError::Read { path: path(), source },
        ImportError::EmptyFolder { path: path() },
        ImportError::Empty { path: path() },
        ImportError::NotText {
            path: path(),
            line: 3,
            encoding: "UTF-8",
            preview: "驿".to_owned(),
        },
        missing(names()),
        missing(Vec::new()),
        ImportError::NoHeaderRow { path: path(), row: 3 },
        ImportError::Workbook {
            path: path(),
            reason: text(),
        },
        too_large("1000000 rows"),
        too_large("9 bytes in a cell"),
        too_large("9 leaves"),
        ImportError::NotGeoJson {
            path: path(),
            line: 3,
            column: 4,
            reason: text(),
        },
        ImportError::NotOsm {
            path: path(),
            at: 3,
            reason: "it is damaged",
        },
        ImportError::UnknownFormat { path: path() },
        ImportError::TooLarge { path: path() },
        ImportError::TooManyStations { path: path() },
        ImportError::RecordTooLong {
            path: path(),
            line: 3,
        },
        ImportError::District {
            path: path(),
            feature: 3,
            reason: text(),
        },
        ImportError::Standards { reason: text() },
    ]
}

#[test]
fn each_refusal_says_the_same_in_chinese() {
    let id = || "sy-1".to_owned();
    files()
        .into_iter()
        .map(ImportRefused::BadFile)
        .for_each(says_the_same);
    for error in [
        InvalidDecision::UnknownRow(3),
        InvalidDecision::RepeatedRow(3),
        InvalidDecision::UnknownStation { row: 3, id: id() },
        InvalidDecision::TwoRows {
            first: 3,
            second: 4,
            id: id(),
        },
        InvalidDecision::NotMissing(id()),
    ] {
        says_the_same(error);
    }
    says_the_same(ImportRefused::BaseMoved { base: 3 });
    says_the_same(ImportRefused::AnotherVersion { version: 3 });
    says_the_same(ImportRefused::DatumNotStated);
    says_the_same(ImportRefused::Committed { revision: 3 });
    let [moved, edited] = [ids(1), ids(20)];
    for refused in [
        Refused::BaseMoved(moved),
        Refused::LaterEdits(edited),
        Refused::Repeated(ids(1).remove(0)),
    ] {
        says_the_same(ImportRefused::LaterEdits {
            refused,
            later: Vec::new(),
        });
    }
    let many = ImportRefused::LaterEdits {
        refused: Refused::LaterEdits(ids(21)),
        later: Vec::new(),
    };
    assert!(many.detail_zh().contains("等 21 个站点"));
}

#[test]
fn each_list_of_decisions_that_cannot_be_read_is_told_in_chinese() {
    for list in [
        "{}",
        "[3]",
        "[[]]",
        "{",
        "no,columns\n1,2\n",
        "decide,row\nfly,3\n",
        "decide,row\ntake,x\n",
        r#"[{"decide":"take","wing":3}]"#,
        r#"[{"decide":[]}]"#,
        r#"[{"decide":"take"}]"#,
        r#"[{"decide":"match","row":3}]"#,
        r#"[{"decide":"delete"}]"#,
        r#"[{"decide":"ours","station":"x"}]"#,
        r#"[{"decide":"undecided","row":3,"station":"x"}]"#,
        r#"[{"decide":"ours","field":"x"}]"#,
        r#"[{"decide":"match","row":3,"station":""}]"#,
    ] {
        let error = decisions::read(list.as_bytes()).unwrap_err();
        let told = ImportRefused::from(error).detail_zh();
        assert_is_chinese(&told);
    }
}
