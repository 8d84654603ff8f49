//! Feeds against a real server: what waits, what is committed by itself, what fails, and who fetches.
#![expect(clippy::unwrap_used, reason = "what several tests use is no test itself")]

use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use yizhan::register::feed::{self, FeedSettings, FeedState, Outcome, WaitReason};
use yizhan::register::intake::Basis;
use yizhan::register::sheet::Sheet;
use yizhan::remote::Remote;
use yizhan::storage::{DatabaseAddress, StationStore};

use crate::postgres::Postgres;
use crate::server::Server;
use crate::{LIMITS, allowed, host};

/// A sheet of so many stations; the telephone numbers of the first ones are `phone`.
fn sheet(count: usize, (changed, phone): (usize, &str)) -> String {
    let rows = (0..count).map(|number| {
        let phone = if number < changed { phone } else { "110" };
        // A kilometre apart, so that none is taken for another.
        let lon = 113.0 + 0.01 * f64::from(u32::try_from(number).unwrap());
        format!("n{number},站点第{number}号,{lon:.2},34.80,wgs84,{phone}\n")
    });
    let head = "编号,名称,经度,纬度,坐标系,联系电话\n".to_owned();
    core::iter::once(head).chain(rows).collect::<Vec<_>>().concat()
}

async fn sqlite() -> (StationStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let address: DatabaseAddress = folder
        .path()
        .join("yizhan.db")
        .display()
        .to_string()
        .parse()
        .unwrap();
    (StationStore::open(&address).await.unwrap(), folder)
}

async fn add(store: &StationStore, url: &str, max_changed_share: Option<f64>) {
    let settings = FeedSettings {
        every_s: 3_600,
        coord: None,
        max_changed_share,
    };
    let settings = serde_json::to_string(&settings).unwrap();
    assert!(
        store
            .add_feed(("区工会", url), &settings, Utc::now())
            .await
            .unwrap()
    );
}

async fn run(store: &StationStore, remote: &Remote) -> Outcome {
    feed::run(store, remote, "区工会").await.unwrap()
}

fn is(outcome: &Outcome, state: FeedState, reasons: &[WaitReason]) -> bool {
    let words: Vec<&str> = reasons.iter().map(|reason| reason.word()).collect();
    outcome.state == state.word() && outcome.reasons == words
}

/// Writes what waits, as a person does.
async fn commit(store: &StationStore) {
    let (record, bytes) = feed::waiting(store, "区工会").await.unwrap();
    let file = feed::read(&record, &bytes, None).unwrap();
    let basis = Basis::load(store, "区工会").await.unwrap();
    let settings = feed::settings(&record).unwrap();
    let sheet = Sheet::of(file);
    let examined = feed::examine((&record, &settings), &basis, (&bytes, &sheet)).unwrap();
    let revision = store.commit(&examined.revision.unwrap()).await.unwrap().revision;
    assert!(
        feed::note_committed(store, ("区工会", &bytes), Some(revision))
            .await
            .unwrap()
    );
}

#[expect(clippy::too_many_lines, reason = "one story")]
async fn a_feed_goes_its_way(store: StationStore) {
    let server = Server::start().await;
    let (remote, url) = (allowed(&server), server.url("/stations.csv"));
    server.put("/stations.csv", &sheet(20, (0, "")));
    add(&store, &url, None).await;

    let first = run(&store, &remote).await;
    assert!(
        is(&first, FeedState::Waiting, &[WaitReason::NotAsked]),
        "{first:?}"
    );
    assert_eq!(store.revision().await.unwrap(), 0, "nothing is written");
    let (_, waiting) = feed::waiting(&store, "区工会").await.unwrap();
    assert_eq!(waiting, sheet(20, (0, "")).into_bytes());
    let again = run(&store, &remote).await;
    assert_eq!(
        (&again.state, &again.reasons),
        (&first.state, &first.reasons),
        "not modified: it waits on"
    );
    assert!(server.last_head().contains("if-none-match"));

    store.remove_feed("区工会").await.unwrap();
    add(&store, &url, Some(0.25)).await;
    let all_new = run(&store, &remote).await;
    assert!(
        is(&all_new, FeedState::Waiting, &[WaitReason::TooMuch]),
        "{all_new:?}"
    );
    commit(&store).await;
    assert_eq!(store.load().await.unwrap().records.len(), 20);
    assert!(
        feed::waiting(&store, "区工会").await.is_err(),
        "nothing waits any more"
    );

    server.put("/stations.csv", &sheet(20, (4, "12351")));
    let few = run(&store, &remote).await;
    assert!(
        is(&few, FeedState::Committed, &[]) && few.revision == Some(2),
        "{few:?}"
    );
    server.put("/stations.csv", &sheet(20, (5, "12320")));
    let a_quarter = run(&store, &remote).await;
    assert!(
        is(&a_quarter, FeedState::Waiting, &[WaitReason::TooMuch]),
        "not below the share: {a_quarter:?}"
    );
    server.put("/stations.csv", &sheet(14, (1, "12320")));
    let gone = run(&store, &remote).await;
    assert!(
        is(&gone, FeedState::Waiting, &[WaitReason::TooMuch]),
        "six are missing: {gone:?}"
    );
    let bad = sheet(20, (4, "12351")) + "n77,无处,x,y,wgs84,1\n";
    server.put("/stations.csv", &bad);
    let wrong = run(&store, &remote).await;
    assert!(is(&wrong, FeedState::Waiting, &[WaitReason::Errors]), "{wrong:?}");
    server.put("/stations.csv", &sheet(20, (4, "12351")));
    let same = run(&store, &remote).await;
    assert!(is(&same, FeedState::Unchanged, &[]), "{same:?}");
    assert_eq!(store.revision().await.unwrap(), 2);

    // A feed that fails says why, without its key, and comes again soon; the datum is never guessed.
    store.remove_feed("区工会").await.unwrap();
    add(&store, &server.url("/404?key=secret"), Some(0.5)).await;
    let failed = run(&store, &remote).await;
    assert!(
        failed.state == "failed" && failed.reasons[0].contains("answers 404"),
        "{failed:?}"
    );
    let record = store.feeds().await.unwrap().remove(0);
    assert!(!record.outcome.unwrap().contains("secret"));
    assert!(record.due_at - Utc::now() <= TimeDelta::minutes(15));
    store.remove_feed("区工会").await.unwrap();
    server.put("/bare.csv", "名称,经度,纬度\n甲,113.5,34.8\n");
    add(&store, &server.url("/bare.csv"), Some(1.0)).await;
    let bare = run(&store, &remote).await;
    assert!(
        bare.reasons.contains(&WaitReason::Datum.word().to_owned()),
        "{bare:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_goes_its_way_on_sqlite() {
    let (store, _folder) = sqlite().await;
    a_feed_goes_its_way(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_goes_its_way_on_postgresql() {
    let Some(server) = Postgres::shared() else { return };
    let address = server.database().await.parse().unwrap();
    a_feed_goes_its_way(StationStore::open(&address).await.unwrap()).await;
}

/// Many instances look for due feeds at once; one fetches.
async fn one_of_many_fetches(address: &DatabaseAddress) {
    let server = Server::start().await;
    server.put("/stations.csv", &sheet(3, (0, "")));
    let first = StationStore::open(address).await.unwrap();
    add(&first, &server.url("/stations.csv"), Some(1.0)).await;
    let mut instances = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let (store, remote) = (StationStore::open(address).await.unwrap(), allowed(&server));
        instances.spawn(async move { feed::run_due(&store, &remote).await.unwrap() });
    }
    let done: usize = instances.join_all().await.into_iter().sum();
    assert_eq!((done, server.hits("/stations.csv")), (1, 1));
    // An instance that died keeps its claim for a while only.
    let feed = first.feeds().await.unwrap().remove(0);
    let (now, due) = (Utc::now(), feed.due_at);
    let later = now + TimeDelta::minutes(20);
    assert!(first.claim_feed("区工会", (now, due, later)).await.unwrap());
    assert!(!first.claim_feed("区工会", (now, due, later)).await.unwrap());
    let refused = feed::run(&first, &allowed(&server), "区工会").await.unwrap_err();
    assert!(refused.to_string().contains("another instance"), "{refused}");
    assert!(
        first
            .claim_feed("区工会", (later, due, later + TimeDelta::minutes(20)))
            .await
            .unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_fetches_on_sqlite() {
    let (store, _folder) = sqlite().await;
    one_of_many_fetches(store.address()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_fetches_on_postgresql() {
    let Some(server) = Postgres::shared() else { return };
    one_of_many_fetches(&server.database().await.parse().unwrap()).await;
}

/// Runs the program on a database; its exit code and what it said.
fn program(args: &[&str], database: &str) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_yizhan"))
        .args(args)
        .args(["--database", database])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_adds_runs_shows_and_commits() {
    let server = Server::start().await;
    server.put("/stations.csv", &sheet(3, (0, "")));
    let (store, _folder) = sqlite().await;
    let database = store.address().to_string();
    let yizhan = |args: &[&str]| program(args, &database);
    let url = server.url("/stations.csv?key=secret");
    assert_eq!(yizhan(&["feed", "list"]).0, Some(1));
    assert_eq!(
        yizhan(&["feed", "add", &url, "--source", "区工会", "--every", "30m"]).0,
        Some(0)
    );
    assert_eq!(
        yizhan(&["feed", "add", &url, "--source", "区工会"]).0,
        Some(3),
        "there is one"
    );
    for wrong in ["ftp://a/b", "file:///etc/passwd", "http://a:secret@b/"] {
        let (code, said) = yizhan(&["feed", "add", wrong, "--source", "x"]);
        assert!(code == Some(3) && !said.contains("secret"), "{said}");
    }
    let (code, said) = yizhan(&["feed", "run"]);
    assert!(
        code == Some(1) && said.contains("--allow-host 127.0.0.1:"),
        "{said}"
    );
    let allow = host(&server).to_string();
    let (code, said) = yizhan(&["feed", "run", "区工会", "--allow-host", &allow]);
    assert!(
        code == Some(1) && said.contains("waits for a person; 3 new, 0 changed, 0 missing of 3"),
        "{said}"
    );
    let (_, list) = yizhan(&["feed", "list", "--lang", "en"]);
    assert!(
        list.contains("it is not set to commit by itself") && list.contains("30 min"),
        "{list}"
    );
    assert!(!list.contains("secret"), "{list}");
    let (code, show) = yizhan(&["feed", "show", "区工会"]);
    assert!(code == Some(0) && show.contains("新增 3"), "{show}");
    assert_eq!(store.revision().await.unwrap(), 0);
    let (code, said) = yizhan(&["feed", "commit", "区工会", "--author", "王小明"]);
    assert!(code == Some(0) && said.contains("revision 1: 3 new"), "{said}");
    let (_, list) = yizhan(&["feed", "list", "--lang", "zh"]);
    assert!(list.contains("已写入") && list.contains("第 1 版"), "{list}");
    assert_eq!(yizhan(&["feed", "commit", "区工会"]).0, Some(3), "nothing waits");
    assert_eq!(yizhan(&["feed", "remove", "区工会"]).0, Some(0));
    assert_eq!(yizhan(&["feed", "remove", "区工会"]).0, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_fetches_what_is_due_by_itself() {
    let server = Server::start().await;
    server.put("/stations.csv", &sheet(3, (0, "")));
    let (store, _folder) = sqlite().await;
    // Anything less than everything is committed; a new station among three known ones is.
    add(&store, &server.url("/stations.csv"), Some(0.5)).await;
    run(&store, &Remote::new(&[host(&server)], LIMITS).unwrap()).await;
    commit(&store).await;
    store.remove_feed("区工会").await.unwrap();
    server.put("/stations.csv", &sheet(4, (0, "")));
    add(&store, &server.url("/stations.csv"), Some(0.5)).await;
    let mut serving = Command::new(env!("CARGO_BIN_EXE_yizhan"))
        .args(["serve", "--listen", "127.0.0.1:0", "--database"])
        .arg(store.address().to_string())
        .args(["--allow-host", &host(&server).to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let fetched = tokio::time::timeout(Duration::from_mins(1), async {
        while store.revision().await.unwrap() < 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let is_fetched = fetched.await.is_ok();
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert!(is_fetched, "{:?}", store.feeds().await.unwrap());
    assert_eq!(store.load().await.unwrap().records.len(), 4);
}
