//! Following the register: pages of changes, streams of events, and what a client that follows ends with.
#![expect(
    clippy::unwrap_used,
    reason = "what reads streams and copies is no test itself"
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{Service, one_worker};
use crate::service::{ITEMS, Kept, feature};
use crate::world;

/// What a client that follows knows.
#[derive(Default)]
struct Copy {
    stations: BTreeMap<String, Value>,
    cursor: Option<String>,
}

impl Copy {
    fn apply(&mut self, change: &Value) {
        let id = change["id"].as_str().unwrap().to_owned();
        match change["kind"].as_str().unwrap() {
            "put" => drop(self.stations.insert(id, change["feature"].clone())),
            "remove" => assert!(self.stations.remove(&id).is_some(), "{change}"),
            other => unreachable!("{other}"),
        }
    }

    /// Reads everything there is, in pages.
    fn follow(&mut self, service: &Service, page: usize) {
        loop {
            let since = self
                .cursor
                .as_ref()
                .map(|cursor| format!("&since={cursor}"))
                .unwrap_or_default();
            let answer = service.get(&format!("/v1/changes?limit={page}{since}"));
            assert_eq!(answer.status, 200, "{}", answer.text());
            let answer = answer.json();
            for change in answer["changes"].as_array().unwrap() {
                self.apply(change);
            }
            self.cursor = Some(answer["next"].as_str().unwrap().to_owned());
            if answer["is_complete"] == true {
                return;
            }
        }
    }

    /// The copy holds just what the list of stations does.
    fn check(&self, service: &Service) {
        let items = service.features(&format!("{ITEMS}?limit=10000"));
        let ids: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(ids, self.stations.keys().map(String::as_str).collect::<Vec<_>>());
        for item in &items {
            let copy = &self.stations[item["id"].as_str().unwrap()]["properties"];
            for name in ["name", "phone", "revision", "status"] {
                assert_eq!(
                    copy.get(name).unwrap_or(&Value::Null),
                    &item["properties"][name],
                    "{name} of {item}"
                );
            }
        }
    }
}

/// One edit of a random sequence.
#[derive(Debug, Clone)]
enum Edit {
    Put(u8, u8),
    Remove(u8),
    Follow(usize),
    Restart,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        6 => (0_u8..8, any::<u8>()).prop_map(|(id, phone)| Edit::Put(id, phone)),
        3 => (0_u8..8).prop_map(Edit::Remove),
        3 => (1_usize..5).prop_map(Edit::Follow),
        1 => Just(Edit::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_client_that_follows_from_zero_ends_with_the_stations(edits in prop::collection::vec(edit(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let address = folder.path().join("yizhan.db").display().to_string().parse().unwrap();
        let stations = vec![world::station("s0", 109.5, 18.25), world::station("s1", 109.51, 18.25)];
        let mut kept = Kept::at(&address, &stations, one_worker());
        let mut copy = Copy::default();
        for edit in edits {
            match edit {
                Edit::Put(id, phone) => {
                    let mut body = feature("站", 109.5 + f64::from(id) * 0.01, 18.2);
                    body["id"] = json!(format!("s{id}"));
                    body["properties"]["phone"] = json!(phone.to_string());
                    let path = format!("{ITEMS}/s{id}");
                    let put = kept.edit("PUT", &path, &[("if-match", "*")], Some(&body));
                    if put.status == 404 {
                        let made = kept.edit("POST", &format!("{ITEMS}?force=true"), &[], Some(&body));
                        prop_assert_eq!(made.status, 201, "{}", made.text());
                    } else {
                        prop_assert_eq!(put.status, 200, "{}", put.text());
                    }
                }
                Edit::Remove(id) => {
                    let removed = kept.edit("DELETE", &format!("{ITEMS}/s{id}"), &[("if-match", "*")], None);
                    prop_assert!([204, 404].contains(&removed.status), "{}", removed.text());
                }
                Edit::Follow(page) => copy.follow(&kept.service, page),
                Edit::Restart => {
                    drop(kept);
                    kept = Kept::at(&address, &[], one_worker());
                }
            }
        }
        copy.follow(&kept.service, 3);
        copy.check(&kept.service);
    }
}

#[test]
fn a_cursor_from_elsewhere_is_refused() {
    let kept = Kept::demo();
    for cursor in ["abc", "0", "%20x"] {
        let refused = kept.service.get(&format!("/v1/changes?since={cursor}"));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "invalid_parameter"),
            "{cursor}"
        );
    }
    let end = kept.service.get("/v1/changes?limit=5000").json()["next"]
        .as_str()
        .unwrap()
        .to_owned();
    let nothing = kept.service.get(&format!("/v1/changes?since={end}")).json();
    assert_eq!(
        (&nothing["numberReturned"], &nothing["next"]),
        (&json!(0), &json!(end))
    );
}

/// The events of a stream, as they come.
struct Events(BufReader<TcpStream>);

impl Events {
    fn open(service: &Service, more: &str) -> Self {
        use std::io::Write as _;
        let mut socket = TcpStream::connect(service.address).unwrap();
        socket.set_read_timeout(Some(crate::client::PATIENCE)).unwrap();
        write!(socket, "GET /v1/events HTTP/1.1\r\nHost: x\r\n{more}\r\n").unwrap();
        let mut events = Self(BufReader::new(socket));
        assert!(events.line().contains("200"), "a stream");
        while !events.line().contains("here are the changes") {}
        events
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
        line
    }

    /// The id and the data of the next event.
    fn next(&mut self) -> (String, Value) {
        let mut id = String::new();
        loop {
            let line = self.line();
            if let Some(text) = line.strip_prefix("id: ") {
                text.trim().clone_into(&mut id);
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return (id, serde_json::from_str(data).unwrap());
            }
        }
    }
}

#[test]
fn events_come_as_they_happen_and_a_stream_goes_on_where_it_was_cut() {
    let kept = Kept::demo();
    let mut events = Events::open(&kept.service, "");
    let patch = |phone: &str| {
        let path = format!("{ITEMS}/sy-001");
        let body = json!({ "properties": { "phone": phone } });
        assert_eq!(
            kept.edit("PATCH", &path, &[("if-match", "*")], Some(&body))
                .status,
            200
        );
    };
    patch("1");
    let (first, data) = events.next();
    assert_eq!(
        (&data["id"], &data["feature"]["properties"]["phone"]),
        (&json!("sy-001"), &json!("1"))
    );
    drop(events);
    patch("2");
    patch("3");
    let mut resumed = Events::open(&kept.service, &format!("Last-Event-ID: {first}\r\n"));
    assert_eq!(resumed.next().1["feature"]["properties"]["phone"], "2");
    assert_eq!(resumed.next().1["feature"]["properties"]["phone"], "3");
    patch("4");
    assert_eq!(resumed.next().1["feature"]["properties"]["phone"], "4");
}
