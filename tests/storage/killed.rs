//! A process that writes is killed at any moment, again and again: what it had acknowledged is there, whole revisions only.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what starts the process to be killed is no test itself"
)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use yizhan::storage::{DatabaseAddress, NewChange, StationStore};

use super::{Items, Postgres, edit, items, replayed};

/// How often the writer is killed.
const KILLS: u32 = 200;
/// Stations that one large revision writes.
const LARGE: usize = 300;
const ADDRESS: &str = "YIZHAN_TEST_WRITER";

/// Not a test: what the tests below start and kill. It writes small and large revisions in turns and says each when it is
/// acknowledged.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the process that the other tests start and kill"]
async fn writer() {
    let Ok(address) = std::env::var(ADDRESS) else {
        return;
    };
    let store = StationStore::open(&address.parse().unwrap()).await.unwrap();
    let mut known = items(&store).await.1;
    println!("writing");
    loop {
        let next = store.revision().await.unwrap() + 1;
        let ids: Vec<String> = if next.is_multiple_of(3) {
            (0..LARGE).map(|number| format!("large {number}")).collect()
        } else {
            vec![format!("small {}", next % 5)]
        };
        let changes = ids.iter().map(|id| NewChange {
            id: id.clone(),
            expected: known.get(id).map(|known| known.0),
            after: Some(next.to_string()),
        });
        let revision = store.commit(&edit(changes.collect())).await.unwrap().revision;
        println!("wrote {revision}");
        for id in ids {
            known.insert(id, (revision, revision.to_string()));
        }
    }
}

/// Starts the writer, kills it after a while and tells the last revision that it had acknowledged.
fn write_and_be_killed(address: &DatabaseAddress, url: &str, after: Duration) -> u64 {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::writer", "--ignored", "--nocapture"])
        .env(ADDRESS, url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(writer.stdout.take().unwrap());
    let mut line = String::new();
    while line != "writing\n" {
        line.clear();
        if output.read_line(&mut line).unwrap() == 0 {
            let mut why = String::new();
            writer.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            panic!("the writer did not open {address}: {why}");
        }
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "the moment of the kill is what is varied"
    )]
    std::thread::sleep(after);
    writer.kill().unwrap();
    writer.wait().unwrap();
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    // A last line that was cut short was not acknowledged.
    let whole = rest.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let acknowledged = whole
        .lines()
        .filter_map(|line| line.strip_prefix("wrote ")?.parse().ok());
    acknowledged.max().unwrap_or(0)
}

/// Checks that a store holds whole revisions only, those that were acknowledged among them.
async fn check(store: &StationStore, acknowledged: u64) {
    let (revision, stored) = items(store).await;
    assert!(
        revision >= acknowledged,
        "revision {acknowledged} was acknowledged, {revision} is there"
    );
    assert!(
        revision <= acknowledged + 1,
        "more was written than one call can be under way"
    );
    let expected_large = revision - revision % 3;
    let large: Items = stored
        .iter()
        .filter(|(id, _)| id.starts_with("large"))
        .map(|(id, at)| (id.clone(), at.clone()))
        .collect();
    assert_eq!(large.len(), if expected_large > 0 { LARGE } else { 0 });
    assert!(
        large
            .values()
            .all(|(at, body)| *at == expected_large && *body == at.to_string())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_of_the_writer_loses_or_halves_a_revision() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("yizhan.db").display().to_string();
    let address: DatabaseAddress = url.parse().unwrap();
    let mut last = 0;
    for kill in 0..KILLS {
        let after = Duration::from_micros(u64::from(kill) * 7_919 % 40_000);
        last = write_and_be_killed(&address, &url, after).max(last);
        let store = StationStore::open(&address).await.unwrap();
        check(&store, last).await;
        last = store.revision().await.unwrap();
        store.close().await;
    }
    // How many is a matter of the machine and of what else it does; that it was killed while it wrote is what counts.
    assert!(
        last > u64::from(KILLS) / 4,
        "only {last} revisions were written in all"
    );
    let store = StationStore::open(&address).await.unwrap();
    assert_eq!(replayed(&store, 10_000).await, items(&store).await.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_of_a_writer_on_postgresql_loses_or_halves_a_revision() {
    let Some(server) = Postgres::shared() else { return };
    let url = server.database().await;
    let address: DatabaseAddress = url.parse().unwrap();
    let mut last = 0;
    for kill in 0..KILLS / 10 {
        let after = Duration::from_micros(u64::from(kill) * 79_190 % 150_000);
        last = write_and_be_killed(&address, &url, after).max(last);
        let store = StationStore::open(&address).await.unwrap();
        check(&store, last).await;
        last = store.revision().await.unwrap();
        store.close().await;
    }
    let store = StationStore::open(&address).await.unwrap();
    assert_eq!(replayed(&store, 10_000).await, items(&store).await.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_the_server_was_stopped_or_killed() {
    let Some(server) = Postgres::own() else { return };
    let address: DatabaseAddress = server.database().await.parse().unwrap();
    let store = StationStore::open(&address).await.unwrap();
    let mut expected = Items::new();
    for (round, end) in [Postgres::stop, Postgres::kill, Postgres::kill]
        .into_iter()
        .enumerate()
    {
        for number in 0..20 {
            let id = format!("{round} {number}");
            let revision = store
                .commit(&edit(vec![super::new(&id, "1")]))
                .await
                .unwrap()
                .revision;
            expected.insert(id, (revision, "1".to_owned()));
        }
        end(&server);
        let error = store
            .commit(&edit(vec![super::new("lost", "1")]))
            .await
            .unwrap_err();
        assert!(
            matches!(error, yizhan::storage::StorageError::Unavailable { .. }),
            "{error:?}"
        );
        server.start();
        // The same store goes on without being opened again.
        while store.revision().await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(items(&store).await.1, expected);
    }
    assert_eq!(replayed(&store, 7).await, expected);
}
