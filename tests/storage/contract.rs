//! What both databases must do.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the tests are functions that a macro runs on both databases"
)]

use yizhan::storage::{
    BaseChange, Committed, ImportBase, LogPosition, NewChange, NewRevision, StationStore, StorageError,
};

use super::imports::{
    dry_runs_are_kept_replaced_by_their_next_version_and_forgotten,
    what_a_later_import_has_remembered_stays_when_an_earlier_one_is_taken_back,
};
use super::{edit, items, new, on_postgres, replayed, sqlite};

on_both!(
    a_new_register_has_no_stations_and_revision_zero,
    what_was_written_is_read_back_to_the_byte,
    a_revision_is_refused_whole_when_one_record_has_changed,
    a_request_is_written_once,
    a_station_can_be_removed_and_come_back,
    an_empty_revision_counts,
    thousands_of_changes_are_one_revision,
    writers_take_turns,
    the_history_of_a_station_is_told_from_the_end,
    opening_again_changes_nothing,
    what_a_source_said_is_written_with_its_revision,
    what_a_later_import_has_remembered_stays_when_an_earlier_one_is_taken_back,
    dry_runs_are_kept_replaced_by_their_next_version_and_forgotten,
);

async fn a_new_register_has_no_stations_and_revision_zero(store: StationStore) {
    assert_eq!(items(&store).await, (0, super::Items::new()));
    assert_eq!(store.revision().await.unwrap(), 0);
    assert!(
        store
            .changes_after(LogPosition::default(), 10)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn what_was_written_is_read_back_to_the_byte(store: StationStore) {
    let bodies = [
        ("中/文 id", r#"{"name":"驿站 \"甲\" \\ \u0000 \n 𠮷"}"#.to_owned()),
        ("it's", "{\"name\":\"'; DROP TABLE stations; --\"}".to_owned()),
        ("%_", format!("{{\"name\":\"{}\"}}", "长".repeat(100_000))),
        ("\u{fdd0}", "{}".to_owned()),
        ("e\u{301}", "1".to_owned()),
        ("é", "2".to_owned()),
    ];
    let mut revision = edit(bodies.iter().map(|(id, body)| new(id, body)).collect());
    "小王 'x'".clone_into(&mut revision.who);
    revision.why = Some("第一次\n\"载入\"".to_owned());
    let committed = store.commit(&revision).await.unwrap();
    assert_eq!((committed.revision, committed.is_repeated), (1, false));

    let (at, stored) = items(&store).await;
    assert_eq!(at, 1);
    let expected = bodies
        .iter()
        .map(|(id, body)| ((*id).to_owned(), (1, body.clone())))
        .collect();
    assert_eq!(stored, expected);
    assert_eq!(replayed(&store, 4).await, expected);
    let change = &store.changes_after(LogPosition::default(), 1).await.unwrap()[0];
    assert_eq!(
        (&change.who, &change.why, change.kind),
        (&revision.who, &revision.why, revision.kind)
    );
    assert_eq!(change.at, committed.at);
    assert_eq!(store.load().await.unwrap().records[0].at, committed.at);
}

async fn a_revision_is_refused_whole_when_one_record_has_changed(store: StationStore) {
    store
        .commit(&edit(vec![new("a", "1"), new("b", "1")]))
        .await
        .unwrap();
    let change = |id: &str, expected, after: Option<&str>| NewChange {
        id: id.to_owned(),
        expected,
        after: after.map(str::to_owned),
    };
    store
        .commit(&edit(vec![change("b", Some(1), Some("2"))]))
        .await
        .unwrap();
    let before = items(&store).await;
    let attempts = [
        vec![change("a", Some(1), Some("3")), change("b", Some(1), Some("3"))],
        vec![change("a", Some(1), None), change("b", None, Some("3"))],
        vec![new("c", "3"), change("d", Some(1), None)],
        vec![change("b", Some(3), Some("3"))],
    ];
    for changes in attempts {
        let last = changes.last().unwrap().clone();
        let error = store.commit(&edit(changes)).await.unwrap_err();
        let StorageError::Stale(stale) = error else {
            panic!("{error:?}")
        };
        assert_eq!(stale.len(), 1, "{stale:?}");
        assert_eq!((&stale[0].id, stale[0].expected), (&last.id, last.expected));
        let found = stale[0]
            .found
            .as_ref()
            .map(|record| (record.revision, record.body.clone()));
        assert_eq!(found, before.1.get(&last.id).cloned());
        assert_eq!(items(&store).await, before);
    }
    assert_eq!(replayed(&store, 100).await, before.1);
}

async fn a_request_is_written_once(store: StationStore) {
    let mut revision = edit(vec![new("a", "1")]);
    revision.request = Some("import 7".to_owned());
    let first = store.commit(&revision).await.unwrap();
    let again = store.commit(&revision).await.unwrap();
    assert!(again.is_repeated && again.revision == first.revision && again.at == first.at);
    revision.request = Some("import 8".to_owned());
    assert!(matches!(
        store.commit(&revision).await,
        Err(StorageError::Stale(_))
    ));
    assert_eq!(store.revision().await.unwrap(), 1);
}

async fn a_station_can_be_removed_and_come_back(store: StationStore) {
    store.commit(&edit(vec![new("a", "1")])).await.unwrap();
    let remove = NewChange {
        id: "a".to_owned(),
        expected: Some(1),
        after: None,
    };
    store.commit(&edit(vec![remove.clone()])).await.unwrap();
    assert!(items(&store).await.1.is_empty());
    assert!(matches!(
        store.commit(&edit(vec![remove])).await,
        Err(StorageError::Stale(_))
    ));
    store.commit(&edit(vec![new("a", "2")])).await.unwrap();
    assert_eq!(items(&store).await.1["a"], (3, "2".to_owned()));
    assert_eq!(replayed(&store, 1).await, items(&store).await.1);
}

async fn an_empty_revision_counts(store: StationStore) {
    assert_eq!(store.commit(&edit(Vec::new())).await.unwrap().revision, 1);
    assert_eq!(
        store.commit(&edit(vec![new("a", "1")])).await.unwrap().revision,
        2
    );
    assert_eq!(items(&store).await.0, 2);
}

async fn thousands_of_changes_are_one_revision(store: StationStore) {
    let many = |body: &str, expected| -> Vec<NewChange> {
        (0..2_345)
            .map(|number| NewChange {
                expected,
                ..new(
                    &format!("s{number}"),
                    &format!("{{\"n\":{number},\"b\":\"{body}\"}}"),
                )
            })
            .collect()
    };
    store.commit(&edit(many("x", None))).await.unwrap();
    store.commit(&edit(many("y", Some(1)))).await.unwrap();
    let (revision, stored) = items(&store).await;
    assert_eq!((revision, stored.len()), (2, 2_345));
    assert_eq!(stored["s2344"], (2, "{\"n\":2344,\"b\":\"y\"}".to_owned()));
    assert_eq!(replayed(&store, 1_000).await, stored);
}

async fn writers_take_turns(store: StationStore) {
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..6 {
        let store = store.clone();
        writers.spawn(async move {
            let mut revisions = Vec::new();
            for number in 0..15 {
                let change = new(&format!("{writer} {number}"), "1");
                revisions.push(store.commit(&edit(vec![change])).await.unwrap().revision);
                // A reader between the writes sees whole revisions in order.
                replayed(&store, 7).await;
            }
            assert!(revisions.is_sorted());
            revisions
        });
    }
    let mut revisions: Vec<u64> = writers.join_all().await.into_iter().flatten().collect();
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=90).collect::<Vec<_>>());
    assert_eq!(replayed(&store, 1_000).await, items(&store).await.1);
}

async fn the_history_of_a_station_is_told_from_the_end(store: StationStore) {
    for revision in 0..5_u64 {
        let change = NewChange {
            expected: (revision > 0).then_some(revision),
            ..new("a", &revision.to_string())
        };
        store
            .commit(&edit(vec![change, new(&format!("other {revision}"), "1")]))
            .await
            .unwrap();
    }
    let history = store.history("a", 3).await.unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|change| change.after.as_deref().unwrap())
        .collect();
    assert_eq!(told, ["4", "3", "2"]);
    assert!(store.history("nobody", 3).await.unwrap().is_empty());
}

async fn opening_again_changes_nothing(store: StationStore) {
    store.commit(&edit(vec![new("a", "1")])).await.unwrap();
    let address = store.address().clone();
    let before = items(&store).await;
    store.close().await;
    assert!(matches!(
        store.revision().await,
        Err(StorageError::Unavailable { .. })
    ));
    let again = StationStore::open(&address).await.unwrap();
    assert_eq!(items(&again).await, before);
}

async fn what_a_source_said_is_written_with_its_revision(store: StationStore) {
    let base = |station: &str, body: &str| ImportBase {
        station: station.to_owned(),
        source_id: format!("{station} 号"),
        body: body.to_owned(),
    };
    let with = |changes, bases: BaseChange| NewRevision {
        bases: Some(bases),
        ..edit(changes)
    };
    let replace = |source: &str, bases: Vec<ImportBase>, mapping: Option<&str>| BaseChange::Replace {
        source: source.to_owned(),
        bases,
        mapping: mapping.map(str::to_owned),
    };
    let many: Vec<ImportBase> = (0..1_200)
        .map(|number| base(&format!("s{number:04}"), "{\"x\":\"驿\"}"))
        .collect();
    store
        .commit(&with(
            vec![new("a", "1")],
            replace("总表", many.clone(), Some("{}")),
        ))
        .await
        .unwrap();
    store
        .commit(&with(Vec::new(), replace("分表", vec![base("a", "1")], None)))
        .await
        .unwrap();
    assert_eq!(store.bases("总表").await.unwrap(), many);
    assert_eq!(store.mapping("总表").await.unwrap().as_deref(), Some("{}"));
    assert_eq!(store.mapping("分表").await.unwrap(), None);
    // A revision that is refused leaves them as they were.
    let refused = with(vec![new("a", "2")], replace("总表", Vec::new(), Some("[]")));
    assert!(matches!(
        store.commit(&refused).await,
        Err(StorageError::Stale(_))
    ));
    assert_eq!(store.bases("总表").await.unwrap().len(), 1_200);
    assert!(matches!(
        store.commit(&with(Vec::new(), BaseChange::Restore(1))).await,
        Ok(Committed { revision: 3, .. })
    ));
    assert!(store.bases("总表").await.unwrap().is_empty());
    assert_eq!(store.mapping("总表").await.unwrap(), None);
    assert_eq!(store.bases("分表").await.unwrap().len(), 1, "another source");
    // What an undo has put back, the undo of the undo takes away again.
    store
        .commit(&with(Vec::new(), BaseChange::Restore(3)))
        .await
        .unwrap();
    assert_eq!(store.bases("总表").await.unwrap(), many);
    assert_eq!(store.mapping("总表").await.unwrap().as_deref(), Some("{}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_can_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("a b#?%.db").display().to_string();
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let address = address.parse().unwrap();
        opening.spawn(async move {
            StationStore::open(&address)
                .await
                .unwrap()
                .revision()
                .await
                .unwrap()
        });
    }
    assert_eq!(opening.join_all().await, [0; 8]);
    assert!(
        folder.path().join("a b#?%.db").is_file(),
        "a file of just this name"
    );
}

#[tokio::test]
async fn a_register_of_a_later_version_is_left_alone() {
    let (store, folder) = sqlite().await;
    store.close().await;
    let path = folder.path().join("yizhan.db");
    let later = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    sqlx::query("INSERT INTO schema_steps VALUES (9999)")
        .execute(&later)
        .await
        .unwrap();
    later.close().await;
    let error = StationStore::open(&path.display().to_string().parse().unwrap())
        .await
        .unwrap_err();
    assert!(
        matches!(error, StorageError::TooNew { found: 9999, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "not a database, but somebody's notes ".repeat(100)).unwrap();
    let error = StationStore::open(&path.display().to_string().parse().unwrap())
        .await
        .unwrap_err();
    assert!(matches!(error, StorageError::Failed { .. }), "{error:?}");
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .starts_with("not a database")
    );
}
