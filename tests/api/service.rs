//! A server with a register behind it.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use yizhan::domain::datum::Datum;
use yizhan::domain::station::Station;
use yizhan::http::{ApiState, Limits, Published};
use yizhan::locator::Snapshot;
use yizhan::register::feed::{self, FeedSettings};
use yizhan::register::keeper::{Keeper, Publish, first_load};
use yizhan::register::token::{self, NewToken, Role};
use yizhan::remote::Remote;
use yizhan::storage::{DatabaseAddress, FeedFile, FeedRun, StationStore};

use crate::client::{Answer, Service, one_worker};
use crate::contract::Documented;
use crate::world;

pub const ITEMS: &str = "/v1/collections/stations/items";

/// A server, its register and the threads that follow it.
pub struct Kept {
    pub service: Service,
    pub keeper: Arc<Keeper>,
    pub editor: String,
    // Dropped after the server.
    runtime: Option<Runtime>,
    // The folder goes when this is dropped.
    folder: Option<TempDir>,
}

impl Kept {
    /// The demo city in a new SQLite file.
    pub fn demo() -> Self {
        Self::with(&world::demo_stations(), one_worker())
    }

    /// The demo city with ticket 1.
    pub fn with_a_report() -> Self {
        let kept = Self::demo();
        let made = kept.report("sy-004", &json!({ "kind": "no_water" }));
        assert_eq!(
            (made.status, &made.json()["id"]),
            (201, &json!(1)),
            "{}",
            made.text()
        );
        kept
    }

    /// Some stations in a new SQLite file.
    pub fn with(stations: &[Station], limits: Limits) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = folder.path().join("yizhan.db").display().to_string();
        let mut kept = Self::at(&address.parse().expect("an address"), stations, limits);
        kept.folder = Some(folder);
        kept
    }

    /// An instance on a register; one that is empty gets the stations.
    pub fn at(address: &DatabaseAddress, stations: &[Station], limits: Limits) -> Self {
        let remote = Remote::new(&[], yizhan::remote::Limits::default()).expect("a client");
        Self::fetching(address, stations, (limits, remote))
    }

    /// The same with a client of its own that fetches feeds.
    pub fn fetching(
        address: &DatabaseAddress,
        stations: &[Station],
        (limits, remote): (Limits, Remote),
    ) -> Self {
        let runtime = Runtime::new().expect("threads");
        let state = ApiState::default();
        let publish: Publish = {
            let state = state.clone();
            Arc::new(move |new| state.publish_changes(new))
        };
        let editor = token::make("测试员", Role::Editor, None);
        let (keeper, stations, revision) = runtime.block_on(async {
            let store = StationStore::open(address).await.expect("a register");
            if store.revision().await.expect("a revision") == 0 && !stations.is_empty() {
                store
                    .commit(&first_load(stations, "test", "demo"))
                    .await
                    .expect("a first revision");
            }
            store.add_token(&editor.record).await.expect("a token");
            Keeper::open(store, remote, publish).await.expect("a register")
        });
        let keeper = Arc::new(keeper);
        state.keep(Arc::clone(&keeper));
        state.publish(Published::new(Snapshot::build(
            stations,
            world::reference(),
            revision,
        )));
        let following = Arc::clone(&keeper);
        runtime.spawn(async move { following.follow().await });
        Self {
            service: Service::start_with(state, limits),
            keeper,
            editor: editor.secret,
            runtime: Some(runtime),
            folder: None,
        }
    }

    /// The secret of a new token with a role.
    pub fn token(&self, role: Role) -> String {
        self.made(role).secret
    }

    /// A new token with a role, made behind the server's back.
    pub fn made(&self, role: Role) -> NewToken {
        let made = token::make(role.word(), role, None);
        self.run(self.keeper.store().add_token(&made.record))
            .expect("a token");
        made
    }

    /// The name of a new feed in WGS-84 that nobody can fetch, with a file that waits where one is given.
    pub fn feed(&self, file: Option<&str>) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("feed-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let settings = FeedSettings {
            every_s: feed::DEFAULT_EVERY_S,
            coord: Some(Datum::Wgs84),
            max_changed_share: None,
        };
        let (store, url) = (self.keeper.store(), "http://127.0.0.1:9/a.csv?key=secret");
        self.run(feed::add(store, (&name, url), &settings))
            .expect("a feed");
        if let Some(file) = file {
            let until = self.claim(&name);
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(file.as_bytes()).expect("memory");
            let run = FeedRun {
                due_at: until,
                etag: None,
                last_modified: None,
                outcome: json!({ "at": until, "state": "waiting", "reasons": ["not_asked"] }).to_string(),
                file: FeedFile::Put(BASE64_STANDARD.encode(packed.finish().expect("memory"))),
            };
            assert!(
                self.run(store.finish_feed((&name, until), &run))
                    .expect("a store")
            );
        }
        name
    }

    /// The name of a new feed that another instance is fetching.
    pub fn busy_feed(&self) -> String {
        let name = self.feed(None);
        self.claim(&name);
        name
    }

    /// Takes a feed as another instance does; until when.
    fn claim(&self, name: &str) -> DateTime<Utc> {
        let now = Utc::now().trunc_subsecs(3);
        let until = now + TimeDelta::minutes(20);
        let claimed = self.keeper.store().claim_feed(name, (now, until, until));
        assert!(self.run(claimed).expect("a store"), "{name} is free");
        until
    }

    /// A request with a token, and JSON where there is a body.
    pub fn ask(&self, secret: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let bearer = format!("Bearer {secret}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        let body = body.map(|body| body.to_string().into_bytes());
        self.service.send(method, path, &headers, body)
    }

    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime
            .as_ref()
            .expect("there until it is dropped")
            .block_on(work)
    }

    /// A request with the editor's token and more headers.
    pub fn edit(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let bearer = format!("Bearer {}", self.editor);
        let mut all = vec![
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        all.extend_from_slice(headers);
        self.service
            .send(method, path, &all, body.map(|body| body.to_string().into_bytes()))
    }

    /// A report of a worker, without a token.
    pub fn report(&self, station: &str, report: &Value) -> Answer {
        let json = [("content-type", "application/json")];
        let path = format!("{ITEMS}/{station}/reports");
        self.service
            .send("POST", &path, &json, Some(report.to_string().into_bytes()))
    }

    /// GET or HEAD, with the token of an administrator where the contract asks for one.
    pub fn read(&self, method: &str, entry: Documented, request: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token(Role::Admin));
        let headers = [("authorization", bearer.as_str())];
        let needed = usize::from(entry.operation["security"].is_array());
        self.service.send(method, request, &headers[..needed], None)
    }

    /// One station as it is now.
    pub fn item(&self, id: &str) -> Answer {
        self.service.get(&format!("{ITEMS}/{id}"))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // The one that follows is in the middle of a wait; nobody waits for it.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A station that says little.
pub fn feature(name: &str, lon_deg: f64, lat_deg: f64) -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon_deg, lat_deg] },
        "properties": { "name": name } })
}
