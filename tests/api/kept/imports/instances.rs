//! Several clients and several instances on one register.

use serde_json::json;
use yizhan::storage::DatabaseAddress;

use super::{SHEET, commit, dry_run, read, revision, rows, undo};
use crate::client::one_worker;
use crate::postgres::Postgres;
use crate::service::Kept;
use crate::world;

#[test]
fn two_clients_that_commit_at_once_write_one_revision() {
    let kept = Kept::demo();
    let same = dry_run(&kept, "source=x&coord=wgs84", SHEET);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(|| commit(&kept, &same))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    for answer in &answers {
        assert_eq!((answer.status, answer.text()), (200, answers[0].text()));
    }
    assert_eq!(revision(&kept), 2);

    // Two dry runs of two files that both change a station: one of them has to look again.
    let sheet = |phone: &str| format!("编号,名称,经度,纬度,联系电话\nx1,甲站,109.20,18.10,{phone}\n");
    let ids = [
        dry_run(&kept, "source=y&coord=wgs84", sheet("7")),
        dry_run(&kept, "source=z&coord=wgs84", sheet("8")),
    ];
    let answers: Vec<_> = std::thread::scope(|scope| {
        let clients: Vec<_> = ids.iter().map(|id| scope.spawn(|| commit(&kept, id))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let mut statuses = [answers[0].status, answers[1].status];
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [200, 409],
        "{} {}",
        answers[0].text(),
        answers[1].text()
    );
    assert!(answers.iter().any(|answer| answer.code() == "base_moved"));
    assert_eq!(revision(&kept), 3);
}

/// The whole story on a register that two instances share.
fn shared(address: &DatabaseAddress) {
    let stations = world::demo_stations();
    let (one, other) = (
        Kept::at(address, &stations, one_worker()),
        Kept::at(address, &stations, one_worker()),
    );
    let id = dry_run(&one, "source=x&coord=wgs84&filename=a.csv", SHEET);
    assert_eq!(rows(&other, &id, "new").len(), 3);
    let decided = super::decide(&other, &id, json!([{ "row": 3, "decide": "skip" }]));
    assert_eq!(decided.json()["counts"]["new"], 2, "{}", decided.text());
    let done = commit(&other, &id);
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(commit(&one, &id).text(), done.text());
    assert_eq!((other.item("x1").status, other.item("x2").status), (200, 404));
    let back = undo(&one, 2);
    assert_eq!(back.status, 200, "{}", back.text());
    assert_eq!(one.item("x1").status, 404);
    assert_eq!(undo(&other, 2).text(), back.text());
    drop(one);
    drop(other);
    // A restart loses nothing.
    let later = Kept::at(address, &stations, one_worker());
    let document = read(&later, &format!("/v1/imports/{id}"));
    assert_eq!(
        (&document["state"], &document["version"]),
        (&json!("undone"), &json!(2))
    );
}

#[test]
fn any_instance_answers_for_a_dry_run_and_a_restart_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("yizhan.db").display().to_string();
    shared(&address.parse().unwrap());
}

#[test]
fn any_instance_on_postgresql_answers_for_a_dry_run() {
    let Some(server) = Postgres::shared() else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    shared(&runtime.block_on(server.database()).parse().unwrap());
}
