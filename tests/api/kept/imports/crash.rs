//! The server is killed while it commits.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::runtime::Runtime;
use yizhan::register::token::{self, Role};
use yizhan::storage::StationStore;

use crate::client::builder;
use crate::process::Program;

/// Rows of the sheet that is committed.
const ROWS: usize = 3_000;
/// How often the server is killed.
const KILLS: u32 = 8;

fn sheet() -> String {
    let mut sheet = "编号,名称,经度,纬度\n".to_owned();
    for number in 0..ROWS {
        let (east, north) = ((number % 60) as f64 / 50.0, (number / 60) as f64 / 50.0);
        sheet.extend([format!(
            "n{number:04},第{number}号站,{},{}\n",
            105.0 + east,
            30.0 + north
        )]);
    }
    sheet
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn a_server_that_is_killed_during_a_commit_loses_nothing_and_halves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yizhan.db").display().to_string();
    let made = token::make("甲", Role::Editor, None);
    let runtime = Runtime::new().unwrap();
    let open = || {
        runtime
            .block_on(StationStore::open(&path.parse().unwrap()))
            .unwrap()
    };
    runtime.block_on(open().add_token(&made.record)).unwrap();
    let client = builder().timeout(Duration::from_mins(2)).build().unwrap();
    let mut took = Duration::from_millis(400);
    let mut killed_before = 0;
    for round in 0..KILLS {
        let (program, address) = Program::serve(&["--database", &path]);
        let post = |path: &str, body: String| {
            let request = client
                .post(format!("http://{address}{path}"))
                .bearer_auth(&made.secret);
            request.body(body).send()
        };
        let before = runtime.block_on(open().revision()).unwrap();
        let import: Value = post("/v1/imports?source=x&coord=wgs84", sheet())
            .unwrap()
            .json()
            .unwrap();
        let commit = format!("/v1/imports/{}/commit", import["id"].as_str().unwrap());
        let begun = Instant::now();
        let (answer, store) = std::thread::scope(|scope| {
            let asking = scope.spawn(|| post(&commit, String::new()));
            #[expect(
                clippy::disallowed_methods,
                reason = "the moment of the kill is what is varied"
            )]
            std::thread::sleep(took * round / (KILLS - 2));
            program.signal("KILL");
            (asking.join().unwrap(), open())
        });
        let revision = runtime.block_on(store.revision()).unwrap();
        let stations = runtime.block_on(store.load()).unwrap().records.len();
        let (is_written, is_there) = (revision > before, stations > 0);
        assert!(
            revision <= before + 1 && stations == if is_there { ROWS } else { 0 },
            "{revision} {stations}"
        );
        assert_eq!(is_written, is_there);
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            assert!(is_written, "what was acknowledged is there");
            took = took.min(begun.elapsed());
        }
        killed_before += u32::from(!is_written);
        drop(program);
        // The server comes again, the dry run is there as it was, and its commit is done or still to do.
        let (_program, address) = Program::serve(&["--database", &path]);
        let again = |path: &str| {
            let request = client
                .post(format!("http://{address}{path}"))
                .bearer_auth(&made.secret);
            request.send().unwrap().json::<Value>().unwrap()
        };
        assert_eq!(again(&commit)["revision"], before + 1);
        assert_eq!(runtime.block_on(store.revision()).unwrap(), before + 1);
        assert_eq!(
            again(&format!("/v1/revisions/{}/undo", before + 1))["revision"],
            before + 2
        );
        assert_eq!(runtime.block_on(store.load()).unwrap().records.len(), 0);
    }
    assert!(killed_before > 0, "no kill came before the end of a commit");
}
