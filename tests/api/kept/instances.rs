//! Several instances on one PostgreSQL, connections that break, a database that goes away and comes back.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{Connection as _, Executor as _, PgConnection};
use yizhan::storage::DatabaseAddress;

use crate::client::one_worker;
use crate::postgres::Postgres;
use crate::service::{ITEMS, Kept};
use crate::world;

/// Asks until the answer is right; how long it took.
pub fn until(what: &str, is_right: impl Fn() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_right() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{what} did not come");
        #[expect(
            clippy::disallowed_methods,
            reason = "the test asks as a client would, again and again"
        )]
        std::thread::sleep(Duration::from_millis(5));
    }
    begun.elapsed()
}

fn phone(kept: &Kept, id: &str) -> String {
    kept.item(id).json()["properties"]["phone"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn call(kept: &Kept, id: &str, phone: &str) -> u16 {
    let body = json!({ "properties": { "phone": phone } });
    kept.edit(
        "PATCH",
        &format!("{ITEMS}/{id}"),
        &[("if-match", "*")],
        Some(&body),
    )
    .status
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn what_one_of_three_instances_writes_the_others_answer_soon() {
    let Some(server) = Postgres::shared() else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = runtime.block_on(server.database());
    let address: DatabaseAddress = url.parse().unwrap();
    let instances: Vec<Kept> = (0..3)
        .map(|_| Kept::at(&address, &world::demo_stations(), one_worker()))
        .collect();
    for (round, writer) in (0..9).zip([0, 1, 2].into_iter().cycle()) {
        let text = round.to_string();
        assert_eq!(call(&instances[writer], "sy-001", &text), 200);
        assert_eq!(
            phone(&instances[writer], "sy-001"),
            text,
            "its own writer sees it at once"
        );
        for reader in &instances {
            until("a change", || phone(reader, "sy-001") == text);
        }
        if round == 4 {
            // Every connection of every instance is cut.
            runtime.block_on(async {
                let mut admin = PgConnection::connect(&url).await.unwrap();
                admin
                    .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()")
                    .await
                    .unwrap();
            });
            until("a writer after the cut", || {
                call(&instances[0], "sy-002", "x") == 200
            });
        }
    }
    // Two that edit the same record at once: one of them is told.
    let tag = instances[0].item("sy-003").header("etag").to_owned();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let edits: Vec<_> = instances
            .iter()
            .zip(["a", "b", "c"])
            .map(|(kept, phone)| {
                let tag = &tag;
                scope.spawn(move || {
                    let body = json!({ "properties": { "phone": phone } });
                    kept.edit(
                        "PATCH",
                        &format!("{ITEMS}/sy-003"),
                        &[("if-match", tag)],
                        Some(&body),
                    )
                    .status
                })
            })
            .collect();
        edits.into_iter().map(|edit| edit.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 412).count(),
        2,
        "{statuses:?}"
    );
}

#[test]
fn without_the_database_reading_goes_on_and_says_how_old_the_data_are() {
    let Some(server) = Postgres::own() else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address: DatabaseAddress = runtime.block_on(server.database()).parse().unwrap();
    let kept = Kept::at(&address, &world::demo_stations(), one_worker());
    let nearest = || kept.service.get("/v1/nearest?lon=109.51&lat=18.25&limit=1");
    assert_eq!(call(&kept, "sy-001", "1"), 200);
    assert!(!nearest().headers.contains_key("yizhan-stale-seconds"));
    for end in [Postgres::stop, Postgres::kill] {
        end(&server);
        until("word of stale data", || {
            nearest().headers.contains_key("yizhan-stale-seconds")
        });
        let age = || {
            nearest()
                .header("yizhan-stale-seconds")
                .parse::<u64>()
                .unwrap_or(0)
        };
        until("an age that grows", || age() >= 2);
        assert_eq!(nearest().status, 200);
        assert!(kept.service.get("/readyz").json()["stale_seconds"].is_u64());
        let body = json!({ "properties": { "phone": "2" } });
        let refused = kept.edit(
            "PATCH",
            &format!("{ITEMS}/sy-001"),
            &[("if-match", "*")],
            Some(&body),
        );
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (503, "store_unavailable"),
            "{}",
            refused.text()
        );
        assert_eq!(refused.header("retry-after"), "2");
        server.start();
        until("fresh data", || {
            !nearest().headers.contains_key("yizhan-stale-seconds")
        });
        until("a writer that writes again", || call(&kept, "sy-001", "3") == 200);
    }
    assert_eq!(phone(&kept, "sy-001"), "3");
}
