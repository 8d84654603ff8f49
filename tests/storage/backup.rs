//! A backup is checked by restoring it: from each engine into each, while a writer writes, and after every kind of damage.
#![expect(
    clippy::unwrap_used,
    reason = "what compares registers is a function that several tests use"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sqlx::Row as _;
use yizhan::storage::{
    BackupError, BackupHeader, BaseChange, ImportBase, Kind, LEFT_OUT, LogPosition, LoggedChange, NewChange,
    NewRevision, OnFull, StationStore, TABLES, TokenRecord,
};

use super::{Items, Postgres, edit, items, new, on_postgres, replayed, sqlite};

/// Everything that a register says of itself.
#[derive(Debug, PartialEq)]
struct Told {
    items: (u64, Items),
    log: Vec<LoggedChange>,
    tokens: Vec<TokenRecord>,
    bases: Vec<ImportBase>,
    mapping: Option<String>,
    request: bool,
}

async fn told(store: &StationStore) -> Told {
    let items = items(store).await;
    assert_eq!(replayed(store, 100).await, items.1, "changes from zero");
    Told {
        items,
        log: store
            .changes_after(LogPosition::default(), u32::MAX)
            .await
            .unwrap(),
        tokens: store.tokens().await.unwrap(),
        bases: store.bases("总表").await.unwrap(),
        mapping: store.mapping("总表").await.unwrap(),
        request: store.committed("import 7").await.unwrap().is_some(),
    }
}

/// A register with something in every table: edits, tombstones, an empty revision, an import, tokens.
async fn fill(store: &StationStore) {
    let texts = [
        "{\"name\":\"驿站 \\\"甲\\\" \\n 𠮷\"}",
        "'; DROP TABLE stations; --",
        "",
    ];
    let changes = texts.iter().zip(["a", "中/文 id", "\u{fdd0}"]);
    store
        .commit(&edit(changes.map(|(body, id)| new(id, body)).collect()))
        .await
        .unwrap();
    let removed = NewChange {
        id: "a".to_owned(),
        expected: Some(1),
        after: None,
    };
    store.commit(&edit(vec![removed])).await.unwrap();
    store.commit(&edit(Vec::new())).await.unwrap();
    let many = (0..1_300).map(|number| new(&format!("s{number}"), "{\"x\":\"驿\"}"));
    let base = |number: u32| ImportBase {
        station: format!("s{number:04}"),
        source_id: "1 号".to_owned(),
        body: "{}".to_owned(),
    };
    let import = NewRevision {
        why: Some("表.csv\n".to_owned()),
        request: Some("import 7".to_owned()),
        bases: Some(BaseChange::Replace {
            source: "总表".to_owned(),
            bases: (0..700).map(base).collect(),
            mapping: Some("{}".to_owned()),
        }),
        ..edit(many.collect())
    };
    store.commit(&import).await.unwrap();
    let at = |second: i64| DateTime::<Utc>::from_timestamp(1_790_000_000 + second, 0).unwrap();
    let token = |id: &str, expires_at, revoked_at| TokenRecord {
        id: id.to_owned(),
        name: "王小明".to_owned(),
        role: "editor".to_owned(),
        hash: format!("{id}00ff"),
        made_at: at(0),
        expires_at,
        revoked_at,
    };
    store
        .add_token(&token("t1", Some(at(5)), Some(at(6))))
        .await
        .unwrap();
    store.add_token(&token("t2", None, None)).await.unwrap();
}

async fn backup(store: &StationStore) -> (BackupHeader, Vec<u8>) {
    store.backup(Vec::new(), &|_, _| {}).await.unwrap()
}

fn unpacked(file: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

fn packed(text: &str) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

/// The lines of a file without the time of its making and the checksum that follows from it.
fn rows(file: &[u8]) -> Vec<String> {
    let text = unpacked(file);
    let lines: Vec<&str> = text.lines().collect();
    let mut header: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    header["made_at"] = serde_json::Value::Null;
    let mut rows = vec![header.to_string()];
    rows.extend(lines[1..lines.len() - 1].iter().map(|line| (*line).to_owned()));
    rows
}

async fn moves(from: StationStore, to: StationStore) {
    fill(&from).await;
    let (header, file) = backup(&from).await;
    assert_eq!((header.revision, header.stations()), (4, 1_302));
    assert_eq!(to.restore(&*file, OnFull::Refuse).await.unwrap(), header);
    assert_eq!(told(&to).await, told(&from).await);
    let (_, again) = backup(&to).await;
    assert_eq!(rows(&again), rows(&file), "a backup of what was restored");
    // Work goes on where it stood.
    let next = to.commit(&edit(vec![new("b", "1")])).await.unwrap();
    assert_eq!(next.revision, 5);
    let refused = to.restore(&*file, OnFull::Refuse).await.unwrap_err();
    assert!(matches!(refused, BackupError::NotEmpty { .. }), "{refused}");
    to.restore(&*file, OnFull::Replace).await.unwrap();
    assert_eq!(told(&to).await, told(&from).await, "replaced");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_moves_from_sqlite_to_sqlite() {
    let ((from, _a), (to, _b)) = (sqlite().await, sqlite().await);
    moves(from, to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_moves_between_the_engines_both_ways() {
    for is_from_sqlite in [true, false] {
        let (lite, _folder) = sqlite().await;
        let Some(postgres) = on_postgres().await else {
            return;
        };
        if is_from_sqlite {
            moves(lite, postgres).await;
        } else {
            moves(postgres, lite).await;
        }
    }
}

/// Backs up again and again while others write, and restores each.
async fn is_consistent_under_writes(store: StationStore) {
    let is_done = Arc::new(AtomicBool::new(false));
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..2 {
        let (store, is_done) = (store.clone(), Arc::clone(&is_done));
        writers.spawn(async move {
            for number in 0.. {
                let changes = (0..20).map(|place| new(&format!("{writer} {number} {place}"), "{}"));
                store.commit(&edit(changes.collect())).await.unwrap();
                if is_done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
    }
    let mut revisions = BTreeSet::new();
    for _ in 0..8 {
        let (header, file) = backup(&store).await;
        let (other, _folder) = sqlite().await;
        other.restore(&*file, OnFull::Refuse).await.unwrap();
        let copy = told(&other).await;
        assert_eq!(
            (copy.items.0, header.stations()),
            (header.revision, 20 * header.revision)
        );
        let whole = store
            .changes_after(LogPosition::default(), u32::MAX)
            .await
            .unwrap();
        let until = |log: Vec<LoggedChange>| -> Vec<LoggedChange> {
            log.into_iter()
                .filter(|change| change.position.revision <= header.revision)
                .collect()
        };
        assert_eq!(
            copy.log,
            until(whole),
            "the log up to that revision and no further"
        );
        revisions.insert(header.revision);
    }
    is_done.store(true, Ordering::Relaxed);
    writers.join_all().await;
    assert!(revisions.len() > 3, "the writers wrote in between: {revisions:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_write_load_is_of_one_revision_on_sqlite() {
    let (store, _folder) = sqlite().await;
    is_consistent_under_writes(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_write_load_is_of_one_revision_on_postgresql() {
    if let Some(store) = on_postgres().await {
        is_consistent_under_writes(store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cut_anywhere_is_refused_and_leaves_nothing() {
    let ((store, _a), (to, _b)) = (sqlite().await, sqlite().await);
    store
        .commit(&edit(vec![new("a", "{}"), new("b", "{}")]))
        .await
        .unwrap();
    let (_, file) = backup(&store).await;
    for length in 0..file.len() {
        let error = to.restore(&file[..length], OnFull::Refuse).await.unwrap_err();
        assert!(
            matches!(error, BackupError::Truncated { .. } | BackupError::NotABackup(_)),
            "{length}: {error}"
        );
    }
    let lines = unpacked(&file);
    let all: Vec<&str> = lines.lines().collect();
    for count in 1..all.len() {
        let error = to
            .restore(&*packed(&(all[..count].join("\n") + "\n")), OnFull::Refuse)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("is truncated"), "{count}: {error}");
    }
    assert_eq!(told(&to).await.items, (0, Items::new()));
    to.restore(&*file, OnFull::Refuse).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_changed_is_refused_by_saying_so() {
    let (store, _a) = sqlite().await;
    store
        .commit(&edit(vec![new("a", "{\"n\":1}"), new("b", "{}")]))
        .await
        .unwrap();
    let (_, file) = backup(&store).await;
    let text = unpacked(&file);
    let (to, _b) = sqlite().await;
    let wrong = [
        (text.replacen("{\\\"n\\\":1}", "{\\\"n\\\":2}", 1), "checksum"),
        (text.replacen("\"test\"", "null", 1), "NOT NULL"),
        (text.replacen("[\"b\",1,", "[\"b\",", 1), "2 values, expected 3"),
        (text.replacen("\"stations\"", "\"places\"", 1), "table `places`"),
        (text.replacen("\"who\"", "\"whom\"", 1), "column `whom`"),
        (text.clone() + "{}\n", "behind the last line"),
        (text.replacen("yizhan backup", "other backup", 1), "no backup"),
        (text.replacen("\"version\":1", "\"version\":2", 1), "form 2"),
        (text.replacen("\"schema\":", "\"schema\":9", 1), "has schema 9"),
        ("not even JSON\n".to_owned(), "no backup"),
    ];
    for (text, expected) in wrong {
        let error = to.restore(&*packed(&text), OnFull::Refuse).await.unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(said.contains(expected), "expected {expected}: {said}");
        assert_eq!(items(&to).await, (0, Items::new()), "{expected}");
    }
    let mut behind = file.clone();
    behind.extend_from_slice(b"more");
    let error = to.restore(&*behind, OnFull::Refuse).await.unwrap_err();
    assert!(error.to_string().contains("behind the end"), "{error}");
    // One flipped bit anywhere is either known, or of no meaning (gzip's own header has a time, for example).
    for place in 0..file.len() {
        let mut flipped = file.clone();
        flipped[place] ^= 1 << (place % 8);
        if to.restore(&*flipped, OnFull::Replace).await.is_ok() {
            assert_eq!(told(&to).await, told(&store).await, "bit of byte {place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_fails_leaves_what_it_would_have_replaced() {
    let ((store, _a), (to, _b)) = (sqlite().await, sqlite().await);
    fill(&store).await;
    let (_, file) = backup(&store).await;
    to.commit(&edit(vec![new("mine", "{}")])).await.unwrap();
    let before = told(&to).await;
    let cut = &file[..file.len() - 20];
    let error = to.restore(cut, OnFull::Replace).await.unwrap_err();
    assert!(matches!(error, BackupError::Truncated { .. }), "{error}");
    assert_eq!(told(&to).await, before);
}

/// Every column of every table by the database's own word, and whether it holds whole numbers.
fn covered() -> BTreeMap<(String, String), bool> {
    let columns = TABLES.iter().flat_map(|table| {
        assert!((1..=table.columns.len()).contains(&table.key), "{}", table.name);
        table.columns.iter().map(|(column, kind)| {
            let place = (table.name.to_owned(), (*column).to_owned());
            (place, *kind == Kind::Whole)
        })
    });
    columns.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_of_sqlite_is_in_a_backup_or_left_out_on_purpose() {
    let (store, folder) = sqlite().await;
    store.close().await;
    let path = folder.path().join("yizhan.db");
    let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    let rows = sqlx::query(
        "SELECT t.name, c.name, c.type FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let found = rows.iter().map(|row| {
        let kind: String = row.get(2);
        (
            (row.get::<String, _>(0), row.get::<String, _>(1)),
            kind == "BIGINT",
        )
    });
    let found: BTreeMap<(String, String), bool> = found
        .filter(|((table, _), _)| !LEFT_OUT.contains(&table.as_str()))
        .collect();
    assert_eq!(
        found,
        covered(),
        "the database on the left, storage::TABLES on the right"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_of_postgresql_is_in_a_backup_or_left_out_on_purpose() {
    let Some(server) = Postgres::shared() else { return };
    let url = server.database().await;
    let store = StationStore::open(&url.parse().unwrap()).await.unwrap();
    store.close().await;
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    let rows = sqlx::query(
        "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = current_schema()",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let found = rows.iter().map(|row| {
        let kind: String = row.get(2);
        (
            (row.get::<String, _>(0), row.get::<String, _>(1)),
            kind == "bigint",
        )
    });
    let found: BTreeMap<(String, String), bool> = found
        .filter(|((table, _), _)| !LEFT_OUT.contains(&table.as_str()))
        .collect();
    assert_eq!(
        found,
        covered(),
        "the database on the left, storage::TABLES on the right"
    );
}
