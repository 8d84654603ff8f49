//! The store's contract, on SQLite and on PostgreSQL alike, and what only one of them has.

/// Each function of a file as a test on SQLite and as one on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite { $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let (store, _folder) = super::sqlite().await;
                super::$name(store).await;
            }
        )+ }
        mod on_postgresql { $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(store) = super::on_postgres().await {
                    super::$name(store).await;
                }
            }
        )+ }
    };
}

mod backup;
mod beside;
mod contract;
mod imports;
mod killed;
#[path = "../postgres/mod.rs"]
mod postgres;
mod replay;

use std::collections::BTreeMap;

use yizhan::storage::{LogPosition, NewChange, NewRevision, RevisionKind, StationStore};

use postgres::Postgres;

/// A store on a new SQLite file; the folder goes when it is dropped.
async fn sqlite() -> (StationStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let address = folder.path().join("yizhan.db").display().to_string();
    let store = StationStore::open(&address.parse().expect("an address")).await;
    (store.expect("a new register"), folder)
}

/// A store on a new PostgreSQL database; `None` where there is no PostgreSQL.
async fn on_postgres() -> Option<StationStore> {
    let address = Postgres::shared()?.database().await.parse().expect("an address");
    Some(StationStore::open(&address).await.expect("a new register"))
}

/// A revision with these changes, by nobody in particular.
fn edit(changes: Vec<NewChange>) -> NewRevision {
    NewRevision {
        who: "test".to_owned(),
        kind: RevisionKind::Edit,
        why: None,
        request: None,
        changes,
        bases: None,
    }
}

/// A change that takes the station to be new.
fn new(id: &str, body: &str) -> NewChange {
    NewChange {
        id: id.to_owned(),
        expected: None,
        after: Some(body.to_owned()),
    }
}

/// Stations by id, with revision and body.
type Items = BTreeMap<String, (u64, String)>;

/// The stations that the store has.
async fn items(store: &StationStore) -> (u64, Items) {
    let loaded = store.load().await.expect("stations");
    let records = loaded.records.into_iter();
    (
        loaded.revision,
        records
            .map(|record| (record.id, (record.revision, record.body)))
            .collect(),
    )
}

/// The stations that a reader of the log ends with, reading `page` changes at a time. Every change must fit the one before.
async fn replayed(store: &StationStore, page: u32) -> Items {
    let mut items = Items::new();
    let mut position = LogPosition::default();
    loop {
        let changes = store.changes_after(position, page).await.expect("changes");
        let Some(last) = changes.last() else { return items };
        for change in &changes {
            assert!(change.position > position, "{change:?} after {position:?}");
            position = change.position;
            let before = items.remove(&change.id);
            assert_eq!(before.as_ref().map(|before| before.0), change.before_revision);
            assert_eq!(before.map(|before| before.1), change.before);
            if let Some(after) = &change.after {
                items.insert(change.id.clone(), (change.position.revision, after.clone()));
            }
        }
        assert_eq!(position, last.position);
    }
}
