//! A server on a free port in its own thread, and a client that shows answers as they came.

use std::net::SocketAddr;
use std::sync::{LazyLock, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use reqwest::Method;
use reqwest::blocking::{Client, Response};
use reqwest::header::HeaderMap;
use serde_json::Value;
use yizhan::http::{ApiState, Limits, Server};

use crate::world;

/// Time after which a test gives up on an answer.
pub const PATIENCE: Duration = Duration::from_mins(3);

/// Limits with one worker, so that a test that blocks it is noticed, and with time for long work on a busy machine.
pub fn one_worker() -> Limits {
    Limits {
        workers: 1,
        shutdown_timeout_s: 5,
        request_timeout: PATIENCE,
        long_work_wait: PATIENCE,
        ..Limits::default()
    }
}

/// The demo city, shared by all tests that only read.
pub fn demo() -> &'static Service {
    static DEMO: LazyLock<Service> = LazyLock::new(|| Service::start(world::demo_state()));
    &DEMO
}

/// A running server; dropping it ends it.
#[derive(Debug)]
pub struct Service {
    pub address: SocketAddr,
    client: Client,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// A client that shows answers as they came. The program's own client brings no provider of TLS for others.
pub fn builder() -> reqwest::blocking::ClientBuilder {
    // Whoever comes second finds it installed.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy().no_gzip().timeout(PATIENCE)
}

impl Service {
    pub fn start(state: ApiState) -> Self {
        Self::start_with(state, one_worker())
    }

    pub fn start_with(state: ApiState, limits: Limits) -> Self {
        let server = Server::bind("127.0.0.1:0", state, limits).expect("a free port");
        let address = server.address().expect("an address");
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let running = server.start().expect("a server that starts");
                sender.send(running.handle()).expect("a test that waits");
                running.await.expect("a server that ends well");
            });
        });
        let handle = receiver.recv().expect("a server that starts");
        let client = builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self {
            address,
            client,
            handle,
            thread: Some(thread),
        }
    }

    /// The address of a path, or a whole address as it is.
    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http://") {
            return path.to_owned();
        }
        format!("http://{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, None)
    }

    /// The features of a `GeoJSON` answer that must be there.
    pub fn features(&self, path: &str) -> Vec<Value> {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.features()
    }

    pub fn post_geo_json(&self, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.send(
            "POST",
            path,
            &[("content-type", "application/geo+json")],
            Some(body.into()),
        )
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send();
        Answer::of(response.unwrap_or_else(|error| unreachable!("{path} is answered: {error:?}")))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // The command is sent when the future is made; nobody needs to wait on it here.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// An answer as it came, not decoded.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().expect("a whole body").to_vec(),
        }
    }

    /// A header, empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The media type without its parameters.
    pub fn media_type(&self) -> &str {
        self.header("content-type")
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| unreachable!("JSON ({error}): {}", self.text()))
    }

    /// The `code` of a problem, empty when there is none.
    pub fn code(&self) -> String {
        let problem: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        problem["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The problems of a body, each as its field and its code; every one must be told in both languages.
    pub fn problems(&self) -> Vec<String> {
        let problems = self.json()["problems"].as_array().cloned().unwrap_or_default();
        let text = |problem: &Value, name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        let problems = problems.iter().inspect(|problem| {
            let [en, zh] = ["message", "message_zh"].map(|name| text(problem, name));
            assert!(!en.is_empty() && !zh.is_empty(), "{problem}");
        });
        problems
            .map(|problem| format!("{} {}", text(problem, "field"), text(problem, "code")))
            .collect()
    }

    pub fn features(&self) -> Vec<Value> {
        let features = &self.json()["features"];
        features.as_array().expect("a FeatureCollection").clone()
    }

    pub fn ids(&self) -> Vec<String> {
        ids(&self.features())
    }

    /// The address of a link of the answer.
    pub fn link(&self, rel: &str) -> Option<String> {
        let json = self.json();
        let links = json["links"].as_array().expect("links");
        let link = links.iter().find(|link| link["rel"] == rel)?;
        Some(link["href"].as_str().expect("an address").to_owned())
    }
}

/// The ids of features.
pub fn ids(features: &[Value]) -> Vec<String> {
    let id = |feature: &Value| feature["id"].as_str().expect("an id").to_owned();
    features.iter().map(id).collect()
}
