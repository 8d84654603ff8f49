//! Sheets into the register over HTTP: dry run, rows, decisions, commit, undo.

mod bad;
mod crash;
mod decisions;
mod instances;
mod story;

use serde_json::{Value, json};

use crate::client::Answer;
use crate::service::Kept;

/// Three stations that the demo city does not have, and one row without a place.
const SHEET: &str = "编号,名称,经度,纬度,联系电话,微波炉\n\
                     x1,甲站,109.20,18.10,110,有\n\
                     x2,乙站,109.22,18.12,,无\n\
                     x3,丙站,109.24,18.14,12351,\n\
                     x4,丁站,,,,\n";

/// Sends a file.
fn upload(kept: &Kept, query: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    let bearer = format!("Bearer {}", kept.editor);
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/octet-stream"),
    ];
    let path = format!("/v1/imports?{query}");
    kept.service.send("POST", &path, &headers, Some(bytes.into()))
}

/// The id of a new dry run.
fn dry_run(kept: &Kept, query: &str, bytes: impl Into<Vec<u8>>) -> String {
    let made = upload(kept, query, bytes);
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().expect("an id").to_owned()
}

fn read(kept: &Kept, path: &str) -> Value {
    let answer = kept.edit("GET", path, &[], None);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn commit(kept: &Kept, id: &str) -> Answer {
    kept.edit("POST", &format!("/v1/imports/{id}/commit"), &[], None)
}

#[expect(clippy::needless_pass_by_value, reason = "a literal at every call")]
fn decide(kept: &Kept, id: &str, decisions: Value) -> Answer {
    let body = json!({ "decisions": decisions });
    kept.edit("PATCH", &format!("/v1/imports/{id}"), &[], Some(&body))
}

fn undo(kept: &Kept, revision: u64) -> Answer {
    kept.edit("POST", &format!("/v1/revisions/{revision}/undo"), &[], None)
}

/// The rows of a dry run with an outcome.
fn rows(kept: &Kept, id: &str, outcome: &str) -> Vec<Value> {
    let rows = read(kept, &format!("/v1/imports/{id}/rows?outcome={outcome}"));
    rows["rows"].as_array().expect("rows").clone()
}

fn revision(kept: &Kept) -> u64 {
    kept.service.get("/readyz").json()["revision"]
        .as_u64()
        .expect("a revision")
}
