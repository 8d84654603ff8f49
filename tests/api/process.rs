//! The program itself: its start, its end, its signals, its log, its exit codes.

use std::io::BufReader;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::PATIENCE;
use crate::raw::{self, Connection};
use crate::sheets::Server;

const LINE: &str = r#"{"type":"LineString","coordinates":[[109.49,18.24],[109.53,18.26]]}"#;

/// A run of the program, killed at the latest when it is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    lines: Receiver<String>,
    /// Every line of standard output and error that was read so far.
    log: String,
}

impl Program {
    /// Starts the program with these arguments and nothing of this process's environment.
    fn run(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_yizhan"))
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let (sender, lines) = mpsc::channel();
        let output = child.stdout.take().expect("its output");
        let errors = child.stderr.take().expect("its log");
        let to_log = sender.clone();
        std::thread::spawn(move || pass_on(BufReader::new(output), &sender));
        std::thread::spawn(move || pass_on(BufReader::new(errors), &to_log));
        Self {
            child,
            lines,
            log: String::new(),
        }
    }

    /// Starts a server on a free port and waits until it listens.
    pub fn serve(arguments: &[&str]) -> (Self, SocketAddr) {
        let mut program = Self::run(
            &[
                ["serve", "--listen", "127.0.0.1:0", "--workers", "1"].as_slice(),
                arguments,
            ]
            .concat(),
        );
        let line = program.wait_for("listens on http://");
        let address = line
            .split("http://")
            .nth(1)
            .expect("an address")
            .trim()
            .parse()
            .expect("an address");
        (program, address)
    }

    /// Reads lines until one holds the text.
    fn wait_for(&mut self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| unreachable!("no line with `{text}` in\n{}", self.log));
            self.log.push_str(&line);
            self.log.push('\n');
            if line.contains(text) {
                return line;
            }
        }
    }

    pub fn signal(&self, name: &str) {
        let process = self.child.id().to_string();
        let status = Command::new("kill")
            .args(["-s", name, &process])
            .status()
            .expect("kill");
        assert!(status.success(), "kill -s {name}");
    }

    /// Waits for the end; the rest of the output is in the log then.
    fn end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.log.push_str(&line);
            self.log.push('\n');
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "the program does not end:\n{}",
            self.log
        );
        self.child.wait().expect("an exit status")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn pass_on(lines: impl std::io::BufRead, sender: &mpsc::Sender<String>) {
    for line in lines.lines().map_while(Result::ok) {
        if sender.send(line).is_err() {
            return;
        }
    }
}

fn get(address: SocketAddr, path: &str) -> String {
    raw::exchange(
        address,
        format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
    )
}

/// A request whose head and half of whose body were sent, and the other half.
fn half_sent(address: SocketAddr) -> (Connection, &'static str) {
    let mut connection = Connection::open(address);
    let (first, second) = LINE.split_at(20);
    connection.send(format!(
        "POST /v1/along-route HTTP/1.1\r\nHost: h\r\nContent-Type: application/geo+json\r\nContent-Length: {}\r\n\r\n{first}",
        LINE.len()
    ));
    (connection, second)
}

#[test]
fn sigterm_and_sigint_finish_what_has_begun_and_end_with_0() {
    for signal in ["TERM", "INT"] {
        let (mut program, address) = Program::serve(&[]);
        let (mut begun, rest) = half_sent(address);
        // An answer to a later request shows that the earlier one has been taken up.
        assert_eq!(raw::status_of(&get(address, "/readyz")), 200);
        program.signal(signal);
        program.wait_for("Ending");
        begun.send(rest);
        let answer = begun.read_to_end();
        assert_eq!(raw::status_of(&answer), 200, "{signal}: {answer}");
        assert!(answer.contains("\"numberReturned\""), "{signal}: {answer}");
        assert_eq!(program.end().code(), Some(0), "{signal}: {}", program.log);
    }
}

#[test]
fn a_second_signal_does_not_wait() {
    let (mut program, address) = Program::serve(&[]);
    let (_never_finished, _) = half_sent(address);
    assert_eq!(raw::status_of(&get(address, "/readyz")), 200);
    program.signal("INT");
    program.wait_for("Ending");
    let asked = Instant::now();
    program.signal("INT");
    assert_eq!(program.end().code(), Some(0), "{}", program.log);
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "ended after {:?}",
        asked.elapsed()
    );
}

fn register(rows: &[&str]) -> String {
    let mut text = "id,name,lon,lat\n".to_owned();
    for row in rows {
        text.push_str(row);
        text.push('\n');
    }
    text
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file that can be written");
}

#[test]
fn sighup_serves_the_changed_file_under_a_higher_revision_and_a_broken_one_leaves_the_old_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("register.csv");
    write(&path, &register(&["a,甲,109.5,18.2"]));
    let (mut program, address) = Program::serve(&["--stations", path.to_str().expect("UTF-8")]);
    let items = || {
        let answer = get(address, "/v1/collections/stations/items");
        let body = answer.split("\r\n\r\n").nth(1).expect("a body").to_owned();
        let json: Value = serde_json::from_str(&body).expect("JSON");
        (
            json["revision"].as_u64().expect("a revision"),
            crate::client::ids(json["features"].as_array().expect("features")),
        )
    };
    assert_eq!(items(), (1, vec!["a".to_owned()]));

    write(&path, &register(&["a,甲,109.5,18.2", "b,乙,109.6,18.3"]));
    program.signal("HUP");
    program.wait_for("Reloaded");
    let second = (2, vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(items(), second);

    for broken in ["", "this is no register\n", "id,name\na,b\n", "\u{0}\u{1}\u{2}"] {
        write(&path, broken);
        program.signal("HUP");
        let line = program.wait_for("Reload refused");
        assert!(
            line.contains("revision 2 goes on") && line.contains("register.csv"),
            "{broken:?}: {line}"
        );
        assert_eq!(items(), second, "{broken:?}");
    }
    std::fs::remove_file(&path).expect("a file to remove");
    program.signal("HUP");
    program.wait_for("Reload refused");
    assert_eq!(items(), second);

    write(&path, &register(&["c,丙,109.7,18.4"]));
    program.signal("HUP");
    program.wait_for("Reloaded");
    assert_eq!(items(), (3, vec!["c".to_owned()]));
}

#[test]
fn the_log_has_one_line_a_request_and_never_says_where_somebody_is() {
    for format in ["text", "json"] {
        let (mut program, address) = Program::serve(&["--log-format", format]);
        get(address, "/v1/nearest?lon=109.512345&lat=18.234567&limit=3");
        get(address, "/v1/nearest?lon=18.234567&lat=109.512345");
        get(address, "/v1/along-route?line=109.512345,18.234567;109.52,18.25");
        get(
            address,
            "/v1/collections/stations/items?bbox=109.512345,18.234567,109.6,18.3",
        );
        get(address, "/v1/collections/stations/items/secret-id");
        get(address, "/somewhere/secret-id?lon=109.512345");
        let body = r#"{"type":"LineString","coordinates":[[109.512345,18.234567],[1095.12345,18.26]]}"#;
        raw::exchange(
            address,
            format!(
                "POST /v1/along-route HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        );
        program.signal("TERM");
        assert_eq!(program.end().code(), Some(0));
        for secret in ["512345", "234567", "secret-id", "12345"] {
            assert!(!program.log.contains(secret), "{secret} is in\n{}", program.log);
        }
        let lines: Vec<&str> = program
            .log
            .lines()
            .filter(|line| line.contains("Answered"))
            .collect();
        assert_eq!(lines.len(), 7, "{}", program.log);
        assert!(
            lines[0].contains("/v1/nearest") && lines[0].contains("200") && lines[0].contains("duration_ms")
        );
        assert!(lines[1].contains("400") && lines[4].contains("/v1/collections/stations/items/{id}"));
        if format == "json" {
            let entry: Value = serde_json::from_str(lines[0]).expect("a JSON line");
            assert_eq!((&entry["status"], &entry["method"]), (&200.into(), &"GET".into()));
            assert!(entry["duration_ms"].is_number(), "{entry}");
        }
    }
}

#[test]
fn a_log_that_goes_to_a_file_or_pipe_has_no_colours() {
    let (mut program, address) = Program::serve(&[]);
    get(address, "/healthz");
    program.signal("TERM");
    assert_eq!(program.end().code(), Some(0));
    assert!(!program.log.contains('\u{1b}'), "{}", program.log);
}

#[test]
fn a_port_in_use_is_exit_code_3_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let mut program = Program::run(&["serve", "--listen", &address]);
    assert_eq!(program.end().code(), Some(3), "{}", program.log);
    assert!(
        program.log.contains(&address) && program.log.contains("--listen"),
        "{}",
        program.log
    );
    assert!(!program.log.contains("panicked"), "{}", program.log);
}

#[test]
fn a_bad_row_is_left_out_and_named_and_under_strict_it_is_exit_code_3() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("register.csv");
    write(
        &path,
        &register(&["a,甲,109.5,18.2", "b,乙,18.2,109.5", "c,丙,109.6,north"]),
    );
    let path = path.to_str().expect("UTF-8");
    let (mut program, address) = Program::serve(&["--stations", path]);
    assert!(get(address, "/readyz").contains("\"stations\":1"));
    program.signal("TERM");
    assert_eq!(program.end().code(), Some(0));
    assert!(program.log.contains("2 rows left out"), "{}", program.log);

    let mut strict = Program::run(&["serve", "--listen", "127.0.0.1:0", "--strict", "--stations", path]);
    assert_eq!(strict.end().code(), Some(3), "{}", strict.log);
    assert!(
        strict.log.contains("2 errors") && strict.log.contains("--strict"),
        "{}",
        strict.log
    );
    assert!(!strict.log.contains("listens on"), "{}", strict.log);
}

#[test]
fn a_file_that_is_not_there_is_exit_code_3_and_a_wrong_flag_2() {
    for (arguments, code) in [
        (
            [
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--stations",
                "/nothing/here.csv",
            ]
            .as_slice(),
            3,
        ),
        (&["serve", "--listen", "nowhere"], 3),
        (&["serve", "--listen", "127.0.0.1:0", "--coord", "mars"], 2),
        (&["serve", "--workers", "0"], 2),
        (&["serve", "--no-such-flag"], 2),
    ] {
        let mut program = Program::run(arguments);
        assert_eq!(program.end().code(), Some(code), "{arguments:?}: {}", program.log);
        assert!(
            !program.log.is_empty() && !program.log.contains("panicked"),
            "{arguments:?}: {}",
            program.log
        );
    }
}

#[test]
fn the_first_lines_say_where_what_and_what_to_try_and_what_they_say_works() {
    let (mut program, address) = Program::serve(&[]);
    program.wait_for("The contract for reading");
    assert!(
        program.log.contains("74 stations") && program.log.contains("synthetic"),
        "{}",
        program.log
    );
    let tries: Vec<&str> = program
        .log
        .lines()
        .filter_map(|line| line.trim().strip_prefix("http://"))
        .collect();
    assert_eq!(tries.len(), 3, "{}", program.log);
    for line in tries {
        let path = line.strip_prefix(&address.to_string()).expect("our address");
        assert_eq!(raw::status_of(&get(address, path)), 200, "{path}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn no_secret_of_a_token_or_a_feed_is_in_the_log() {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let sheets = runtime.block_on(Server::start());
    sheets.put("/a.csv", "名称,经度,纬度,坐标系\n甲,113.5,34.8,wgs84\n");
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("yizhan.db").display().to_string();
    let made = Command::new(env!("CARGO_BIN_EXE_yizhan"))
        .args(["token", "make", "王", "--role", "admin", "--database", &database])
        .output()
        .expect("the program");
    let admin = String::from_utf8(made.stdout).expect("UTF-8").trim().to_owned();
    let allowed = sheets.address.to_string();
    let arguments = [
        "--database",
        &database,
        "--allow-host",
        &allowed,
        "--log",
        "trace",
    ];
    let (mut program, address) = Program::serve(&arguments);
    let client = crate::client::builder().build().expect("a client");
    let ask = |method: &str, path: &str, secret: &str, body: Option<Value>| {
        let method = method.parse::<reqwest::Method>().expect("a method");
        let request = client.request(method, format!("http://{address}{path}"));
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string()),
            None => request,
        };
        let answer = request.bearer_auth(secret).send().expect("an answer");
        (answer.status().as_u16(), answer.text().expect("a text"))
    };
    let wanted = json!({ "name": "李", "role": "editor" });
    let (status, made) = ask("POST", "/v1/tokens", &admin, Some(wanted));
    assert_eq!(status, 201, "{made}");
    let made: Value = serde_json::from_str(&made).expect("JSON");
    let (id, editor) = (made["token"]["id"].as_str(), made["secret"].as_str());
    let (id, editor) = (id.expect("an id"), editor.expect("a secret"));
    let feed = json!({ "name": "x", "url": sheets.url("/a.csv?key=feed-key") });
    let mut answers = String::new();
    for (method, path, secret, body, status) in [
        ("POST", "/v1/feeds", admin.as_str(), Some(feed), 201),
        ("POST", "/v1/feeds/x/runs", editor, None, 200),
        ("POST", "/v1/feeds/x/import", editor, None, 201),
        ("GET", "/v1/feeds", editor, None, 200),
        ("GET", "/v1/me", editor, None, 200),
        ("GET", "/v1/tokens", &admin, None, 200),
        ("GET", "/v1/me", "yz_guessed", None, 401),
        ("DELETE", &format!("/v1/tokens/{id}"), &admin, None, 204),
        ("GET", "/v1/me", editor, None, 401),
        ("DELETE", "/v1/feeds/x", &admin, None, 204),
    ] {
        // The server itself may be fetching the new feed in this moment.
        let begun = Instant::now();
        let answered = loop {
            let (answered, text) = ask(method, path, secret, body.clone());
            answers.push_str(&text);
            if answered != 409 || begun.elapsed() > PATIENCE {
                break answered;
            }
        };
        assert_eq!(answered, status, "{method} {path}: {answers}");
    }
    program.signal("TERM");
    program.end();
    for expected in ["Token `", "was revoked by", "Feed `x`: waiting"] {
        assert!(program.log.contains(expected), "no {expected} in {}", program.log);
    }
    for secret in [admin.as_str(), editor, "yz_guessed", "feed-key"] {
        for (what, text) in [("log", &program.log), ("answers", &answers)] {
            assert!(!text.contains(secret), "{secret} is in the {what}: {text}");
        }
    }
}
