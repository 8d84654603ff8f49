//! A PostgreSQL server of the tests' own: on a free port, in a temporary folder, gone when the tests end.
//!
//! Without PostgreSQL's programs the tests that need it say on standard error that they were skipped; with `CI=true` they
//! fail.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Starts and ends the server as it is told on its standard input, and ends it when that closes: also when the tests were
/// killed.
const SUPERVISOR: &str = r#"
bin=$1 dir=$2 port=$3
"$bin/initdb" -D "$dir/data" -U yizhan --auth=trust --encoding=UTF8 --no-locale --no-sync >"$dir/log" 2>&1 || exit 1
start() {
  "$bin/postgres" -D "$dir/data" -p "$port" -k "$dir" -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200 \
    >>"$dir/log" 2>&1 &
  pid=$!
}
while read -r command; do
  case $command in
    start) start ;;
    stop) kill -INT $pid; wait $pid ;;
    kill) kill -KILL $pid; wait $pid ;;
  esac
  echo done
done
kill -INT $pid 2>/dev/null; wait; rm -rf "$dir"
"#;
/// How long the server may take to answer after a start.
const START: Duration = Duration::from_mins(1);

/// A running server.
pub struct Postgres {
    port: u16,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
}

static DATABASES: AtomicU32 = AtomicU32::new(0);

impl Postgres {
    /// A server for a test that stops or kills it.
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    #[expect(
        clippy::zombie_processes,
        reason = "it ends when its input closes, also when the tests are killed"
    )]
    pub fn own() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "CI needs PostgreSQL (Debian: postgresql), which is missing"
            );
            eprintln!("skipped: PostgreSQL's initdb and postgres were not found");
            return None;
        };
        let dir = tempfile::Builder::new()
            .prefix("yizhan-postgres-")
            .tempdir()
            .expect("a temporary folder")
            .keep();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let mut child = supervisor(&dir)
            .arg(programs)
            .arg(&dir)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let pipes = (
            child.stdin.take().expect("its input"),
            BufReader::new(child.stdout.take().expect("its output")),
        );
        let server = Self {
            port,
            pipes: Mutex::new(pipes),
        };
        server.start();
        Some(server)
    }

    /// The server that tests share.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Postgres>> = OnceLock::new();
        SHARED.get_or_init(Self::own).as_ref()
    }

    /// Starts the server again and waits until it answers.
    pub fn start(&self) {
        self.tell("start");
        let begun = Instant::now();
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
            assert!(
                begun.elapsed() < START,
                "PostgreSQL does not answer on port {}",
                self.port
            );
            #[expect(
                clippy::disallowed_methods,
                reason = "the server tells nobody that it is ready"
            )]
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends the server in order; connections are cut.
    pub fn stop(&self) {
        self.tell("stop");
    }

    /// Ends the server as a power cut does.
    pub fn kill(&self) {
        self.tell("kill");
    }

    fn tell(&self, command: &str) {
        let mut pipes = self
            .pipes
            .lock()
            .expect("no test panicked while it held the pipes");
        writeln!(pipes.0, "{command}").expect("the supervisor reads");
        let mut answer = String::new();
        pipes.1.read_line(&mut answer).expect("the supervisor answers");
        assert_eq!(answer, "done\n", "PostgreSQL's supervisor ended at `{command}`");
    }

    /// A new, empty database.
    pub async fn database(&self) -> String {
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let begun = Instant::now();
        let mut connection = loop {
            match PgConnection::connect(&self.url("postgres")).await {
                Ok(connection) => break connection,
                Err(error) => {
                    assert!(begun.elapsed() < START, "{error}");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        };
        connection
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await
            .expect("a new database");
        self.url(&name)
    }

    /// The URL of a database on this server.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://yizhan@127.0.0.1:{}/{database}", self.port)
    }
}

/// The shell that runs [`SUPERVISOR`], as somebody whom PostgreSQL accepts: it refuses root.
fn supervisor(dir: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().expect("id").stdout;
    let mut command = if id.trim_ascii() == b"0" {
        let given = Command::new("chown").arg("nobody").arg(dir).status();
        assert!(
            given.is_ok_and(|status| status.success()),
            "chown nobody {}",
            dir.display()
        );
        let mut command = Command::new("setpriv");
        command.args(["--reuid=nobody", "--clear-groups", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    command.args(["-c", SUPERVISOR, "supervisor"]).current_dir("/");
    command
}

/// The folder with PostgreSQL's programs; of several versions the latest.
fn programs() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&on_path).collect();
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    versions.sort();
    folders.splice(0..0, versions.into_iter().rev().map(|(_, path)| path));
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}
