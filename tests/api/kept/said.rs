//! What is said of stations, whatever befalls the register: it is of files, closed, restarted, shared, or its database is gone.

use serde_json::{Value, json};
use yizhan::http::Limits;
use yizhan::register::token::Role;
use yizhan::storage::DatabaseAddress;

use super::instances::until;
use super::tickets::{patch, properties, reported, ticket};
use crate::client::one_worker;
use crate::postgres::Postgres;
use crate::service::{ITEMS, Kept};
use crate::world;

/// Every path of this part, with what is sent.
fn endpoints() -> Vec<(&'static str, String, Option<Value>)> {
    let item = format!("{ITEMS}/sy-001");
    let inspection =
        json!({ "date": "2026-01-02", "inspector": "检查员", "standard": "sanya-ten", "results": [] });
    vec![
        (
            "POST",
            format!("{item}/reports"),
            Some(json!({ "kind": "no_water" })),
        ),
        ("POST", format!("{item}/visits"), None),
        ("GET", format!("{item}/statistics"), None),
        ("POST", format!("{item}/inspections"), Some(inspection)),
        ("GET", format!("{item}/inspections"), None),
        ("GET", format!("{item}/history"), None),
        ("GET", "/v1/tickets".to_owned(), None),
        ("GET", "/v1/tickets/1".to_owned(), None),
        (
            "PATCH",
            "/v1/tickets/1".to_owned(),
            Some(json!({ "state": "resolved" })),
        ),
    ]
}

#[test]
fn a_register_of_files_takes_nothing_and_says_how_to_change_that() {
    for (method, path, body) in endpoints() {
        let headers = [("content-type", "application/json"), ("if-match", "*")];
        let body = body.map(|body| body.to_string().into_bytes());
        let refused = crate::client::demo().send(method, &path, &headers, body);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (405, "read_only"),
            "{method} {path}"
        );
        assert!(refused.text().contains("--database"), "{path}");
    }
}

#[test]
fn without_the_database_everything_here_says_when_to_ask_again() {
    let kept = Kept::with_a_report();
    kept.run(kept.keeper.store().close());
    for (method, path, body) in endpoints() {
        let refused = kept.edit(method, &path, &[("if-match", "*")], body.as_ref());
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (503, "store_unavailable"),
            "{method} {path}"
        );
        assert_eq!(refused.header("retry-after"), "2", "{path}");
    }
    assert_eq!(kept.item("sy-001").status, 200);
}

#[test]
fn a_closed_register_takes_reports_and_visits_with_a_token_of_any_role_only() {
    let limits = Limits {
        is_closed: true,
        ..one_worker()
    };
    let kept = Kept::with(&world::demo_stations(), limits);
    let reader = format!("Bearer {}", kept.token(Role::Reader));
    for (method, path, body) in endpoints() {
        let send = |headers: &[(&str, &str)]| {
            let mut all = vec![("content-type", "application/json"), ("if-match", "*")];
            all.extend_from_slice(headers);
            let body = body.as_ref().map(|body| body.to_string().into_bytes());
            kept.service.send(method, &path, &all, body)
        };
        let refused = send(&[]);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (401, "unauthorized"),
            "{method} {path}"
        );
        let needs_editor = method == "PATCH"
            || path == "/v1/tickets"
            || (method == "POST" && body.is_some() && path.ends_with("inspections"));
        let taken = send(&[("authorization", &reader)]);
        let expected: &[u16] = if needs_editor { &[403] } else { &[200, 201, 204] };
        assert!(
            expected.contains(&taken.status),
            "{method} {path}: {}",
            taken.text()
        );
    }
}

#[test]
fn a_restart_keeps_tickets_visits_and_inspections() {
    let folder = tempfile::tempdir().unwrap();
    let address: DatabaseAddress = folder
        .path()
        .join("yizhan.db")
        .display()
        .to_string()
        .parse()
        .unwrap();
    let start = || Kept::at(&address, &world::demo_stations(), one_worker());
    let reads: Vec<String> = endpoints()
        .into_iter()
        .filter(|(method, ..)| *method == "GET")
        .map(|(_, path, _)| path)
        .collect();
    let answers = |kept: &Kept| -> Vec<Value> {
        let answers = reads.iter().map(|path| kept.edit("GET", path, &[], None));
        answers
            .map(|answer| {
                assert_eq!(answer.status, 200, "{}", answer.text());
                answer.json()
            })
            .collect()
    };
    let first = start();
    for (method, path, body) in endpoints().into_iter().filter(|(method, ..)| *method == "POST") {
        let made = first.edit(method, &path, &[], body.as_ref());
        assert!([201, 204].contains(&made.status), "{}", made.text());
    }
    patch(
        &first,
        1,
        "*",
        &json!({ "state": "resolved", "confirmed": true, "note": "是的" }),
    );
    let before = answers(&first);
    drop(first);
    let again = start();
    assert_eq!(answers(&again), before);
    assert_eq!(
        properties(&again, "sy-001")["facilities"]["drinking_water"],
        "out_of_order"
    );
}

#[test]
fn instances_on_one_database_see_each_others_tickets_at_once() {
    let Some(server) = Postgres::shared() else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address: DatabaseAddress = runtime.block_on(server.database()).parse().unwrap();
    let instances: Vec<Kept> = (0..3)
        .map(|_| Kept::at(&address, &world::demo_stations(), one_worker()))
        .collect();
    let report = json!({ "kind": "broken_facility", "facility": "microwave" });
    std::thread::scope(|scope| {
        for number in 0..24 {
            let (kept, report) = (&instances[number % 3], &report);
            scope.spawn(move || {
                assert_eq!(reported(kept, "sy-001", report), 1);
                let path = format!("{ITEMS}/sy-001/visits");
                assert_eq!(kept.service.send("POST", &path, &[], None).status, 204);
            });
        }
    });
    for kept in &instances {
        assert_eq!(ticket(kept, 1).json()["reports"], 24);
        let statistics = kept.service.get(&format!("{ITEMS}/sy-001/statistics")).json();
        assert_eq!(
            (&statistics["visits"], &statistics["tickets"]["open"]),
            (&json!(24), &json!(1))
        );
    }
    let seen = ticket(&instances[1], 1).header("etag").to_owned();
    let body = json!({ "state": "resolved", "confirmed": true });
    let resolved = patch(&instances[0], 1, &seen, &body);
    assert_eq!(resolved.json()["revision"], 2, "{}", resolved.text());
    assert_eq!(patch(&instances[2], 1, &seen, &body).status, 412);
    for kept in &instances {
        assert_eq!(ticket(kept, 1).json(), resolved.json());
        until("the change of the station", || {
            properties(kept, "sy-001")["facilities"]["microwave"] == "out_of_order"
        });
    }
}
