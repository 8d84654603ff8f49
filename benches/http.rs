//! Requests a second of `GET /v1/nearest` beside a fixed body of the same size from the same server, in one run.
//!
//! `cargo bench --bench http` needs Debian's `wrk`. For each number of stations and connections it loads, in turns, the
//! fixed body and the real question, three rounds each, on 127.0.0.1, and prints medians and their ratio. Options after
//! `--`: numbers of stations, for example `cargo bench --bench http -- 1000 200000`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::process::Command;
use std::sync::mpsc;

use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use yizhan::http::{ApiState, Limits, Published, Server};
use yizhan::locator::Snapshot;

#[path = "support/register.rs"]
mod register;
mod support;

const SECONDS: u32 = 4;
const ROUNDS: usize = 3;

fn main() {
    let sizes: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![1_000, 200_000, 1_000_000]
    } else {
        sizes
    };
    if Command::new("wrk").arg("-v").output().is_err() {
        println!(
            "`wrk` is not on this machine; install Debian's package of that name. Nothing was measured."
        );
        return;
    }
    let (source, places) = support::populated_places();
    println!(
        "places: {source}; {SECONDS} s a round, {ROUNDS} rounds, medians; workers: 2; load: wrk, 1 thread"
    );
    println!(
        "| stations | connections | fixed body req/s | nearest req/s | ratio | fixed, server + wrk µs | nearest, server + wrk µs | ratio by processor time | fixed p50 / p99 | nearest p50 / p99 |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for size in sizes {
        measure(size, &places);
    }
    let city = around_shanghai(&places);
    println!(
        "the same with all stations and questions in {} places of one city",
        city.len()
    );
    measure(1_000, &city);
}

/// A city's register has a shorter way to its stations than one over the whole earth.
fn around_shanghai(places: &[support::Populated]) -> Vec<support::Populated> {
    let is_near = |degrees: f64, of: f64| (degrees - of).abs() < 0.4;
    let near = places
        .iter()
        .filter(|near| is_near(near.place.lon_deg(), 121.47) && is_near(near.place.lat_deg(), 31.23));
    let near: Vec<support::Populated> = near.copied().collect();
    if near.is_empty() {
        places[..1].to_vec()
    } else {
        near
    }
}

fn measure(size: usize, places: &[support::Populated]) {
    let state = ApiState::default();
    state.publish(Published::new(Snapshot::build(
        register::stations(size, places),
        register::reference(),
        1,
    )));
    let base = serve(state);
    let script = write_script(places);
    let question = format!("{base}/v1/nearest?limit=10");
    let bytes = body_size(&question, &script.1);
    println!("answers of {bytes} bytes");
    for connections in [1, 16, 64] {
        let (mut fixed, mut nearest) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            fixed.push(load(
                &format!("{base}/fixed?bytes={bytes}"),
                connections,
                &script.0,
            ));
            nearest.push(load(&question, connections, &script.0));
        }
        let (fixed, nearest) = (median(fixed), median(nearest));
        println!(
            "| {size} | {connections} | {:.0} | {:.0} | {:.2} | {:.1} + {:.1} | {:.1} + {:.1} | {:.2} | {} / {} | {} / {} |",
            fixed.per_s,
            nearest.per_s,
            nearest.per_s / fixed.per_s,
            fixed.server_us,
            fixed.wrk_us,
            nearest.server_us,
            nearest.wrk_us,
            (fixed.server_us + fixed.wrk_us) / (nearest.server_us + nearest.wrk_us),
            fixed.p50,
            fixed.p99,
            nearest.p50,
            nearest.p99
        );
    }
}

/// Serves on a free port of this machine until the process ends.
fn serve(state: ApiState) -> String {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let limits = Limits {
                workers: 2,
                ..Limits::default()
            };
            let server = Server::bind("127.0.0.1:0", state, limits).expect("a free port");
            sender
                .send(server.address().expect("an address"))
                .expect("a receiver");
            let running = server.start_with(|config| {
                config.route("/fixed", web::get().to(fixed));
            });
            running.expect("a server").await.expect("an orderly end");
        });
    });
    format!("http://{}", receiver.recv().expect("an address"))
}

/// The ceiling: the same middleware, and as many bytes as the real answer has.
async fn fixed(request: HttpRequest) -> HttpResponse {
    static BODY: std::sync::LazyLock<Bytes> = std::sync::LazyLock::new(|| Bytes::from(vec![b'x'; 1 << 20]));
    let bytes = request
        .query_string()
        .split(['=', '&'])
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    HttpResponse::Ok()
        .content_type("application/geo+json")
        .body(BODY.slice(..bytes))
}

/// A script for wrk that adds a place to each request, and some of its places as query strings.
fn write_script(places: &[support::Populated]) -> (String, Vec<String>) {
    let queries: Vec<String> = support::people_weighted_queries(places, 2000)
        .iter()
        .map(|place| format!("&lon={:.5}&lat={:.5}", place.lon_deg(), place.lat_deg()))
        .collect();
    let lines: Vec<String> = queries.iter().map(|query| format!("\"{query}\"")).collect();
    let script = format!(
        "local q = {{{}}}\nlocal i = 0\nrequest = function()\n  i = i % #q + 1\n  return wrk.format(\"GET\", wrk.path .. q[i])\nend\n",
        lines.join(",")
    );
    let path = std::env::temp_dir().join(format!("yizhan-bench-{}.lua", std::process::id()));
    std::fs::write(&path, script).expect("a writable temporary folder");
    (path.display().to_string(), queries)
}

fn body_size(question: &str, queries: &[String]) -> usize {
    // Whoever comes second finds it installed.
    drop(rustls::crypto::ring::default_provider().install_default());
    let sizes = queries.iter().take(200).map(|query| {
        let answer = reqwest::blocking::get(format!("{question}{query}")).expect("an answer");
        answer.bytes().expect("a body").len()
    });
    let sizes: Vec<usize> = sizes.collect();
    sizes.iter().sum::<usize>() / sizes.len()
}

struct Figures {
    per_s: f64,
    p50: String,
    p99: String,
    /// Processor time of this process and of `wrk` for each answer, µs.
    server_us: f64,
    wrk_us: f64,
}

/// Processor time so far of this process, and of the processes that it started and that have ended, in clock ticks.
fn processor_ticks() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let (_, after_name) = stat.rsplit_once(')').unwrap_or_default();
    let fields: Vec<f64> = after_name
        .split_whitespace()
        .map(|field| field.parse().unwrap_or(0.0))
        .collect();
    let ticks = |from: usize| fields.iter().skip(from).take(2).sum();
    (ticks(11), ticks(13))
}

/// What the kernel counts processor time in: hundredths of a second, in µs.
const TICK_US: f64 = 10_000.0;

fn load(url: &str, connections: u32, script: &str) -> Figures {
    let arguments = [
        "-t1".to_owned(),
        format!("-c{connections}"),
        format!("-d{SECONDS}s"),
        "--latency".to_owned(),
    ];
    let before = processor_ticks();
    let output = Command::new("wrk")
        .args(arguments)
        .args(["-s", script, url])
        .output()
        .expect("wrk runs");
    let after_load = processor_ticks();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains("Non-2xx"), "an answer was no success: {text}");
    // The table above this line has columns of the same names.
    let (_, summary) = text.split_once("Latency Distribution").unwrap_or_default();
    let after = |label: &str| {
        let rest = summary
            .split_once(label)
            .map(|(_, rest)| rest)
            .unwrap_or_default();
        rest.split_whitespace().next().unwrap_or_default().to_owned()
    };
    let (before_in, _) = summary.split_once(" requests in ").unwrap_or_default();
    let answers: f64 = before_in
        .split_whitespace()
        .last()
        .and_then(|n| n.parse().ok())
        .expect("a number");
    Figures {
        server_us: (after_load.0 - before.0) * TICK_US / answers,
        wrk_us: (after_load.1 - before.1) * TICK_US / answers,
        per_s: after("Requests/sec:").parse().expect("a rate"),
        p50: after("50%"),
        p99: after("99%"),
    }
}

fn median(mut rounds: Vec<Figures>) -> Figures {
    rounds.sort_by(|a, b| a.per_s.total_cmp(&b.per_s));
    rounds.swap_remove(ROUNDS / 2)
}
