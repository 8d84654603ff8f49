//! A server that does what other people's servers do: it is slow, cuts off, lies, redirects, never ends.

use std::collections::HashMap;
use std::hash::{Hash as _, Hasher as _};
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What was asked, and how much of an endless answer was taken.
#[derive(Debug, Default)]
struct Seen {
    heads: Vec<String>,
    hits: HashMap<String, u32>,
    sent_bytes: u64,
    documents: HashMap<String, String>,
}

/// A running server; it ends with the runtime of its test.
#[derive(Debug, Clone)]
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let server = Self {
            address: listener.local_addr().expect("an address"),
            seen: Arc::default(),
        };
        let running = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = running.clone();
                tokio::spawn(async move { drop(server.attend(stream).await) });
            }
        });
        server
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Puts a document at a path, in the place of what is there. Its version is told by `ETag`.
    pub fn put(&self, path: &str, text: &str) {
        let mut seen = self.seen.lock().expect("no panic");
        seen.documents.insert(path.to_owned(), text.to_owned());
    }

    /// The answer for a document that was put here.
    fn document(&self, path: &str, head: &str) -> Option<String> {
        let seen = self.seen.lock().expect("no panic");
        let text = seen.documents.get(path)?;
        let mut hasher = std::hash::DefaultHasher::new();
        text.hash(&mut hasher);
        let etag = format!("\"{:x}\"", hasher.finish());
        if head.contains(&etag) {
            return Some("HTTP/1.1 304 Not Modified\r\n\r\n".to_owned());
        }
        Some(whole("200 OK", &format!("ETag: {etag}\r\n"), text))
    }

    /// How often a path was asked for.
    pub fn hits(&self, path: &str) -> u32 {
        let seen = self.seen.lock().expect("no panic");
        seen.hits.get(path).copied().unwrap_or_default()
    }

    /// The last request as it came.
    pub fn last_head(&self) -> String {
        let seen = self.seen.lock().expect("no panic");
        seen.heads.last().cloned().unwrap_or_default()
    }

    pub fn sent_bytes(&self) -> u64 {
        self.seen.lock().expect("no panic").sent_bytes
    }

    /// Answers one request and closes.
    async fn attend(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let plain = path.split('?').next().unwrap_or_default().to_owned();
        let hit = {
            let mut seen = self.seen.lock().expect("no panic");
            seen.heads.push(head.clone());
            let hits = seen.hits.entry(plain.clone()).or_default();
            *hits += 1;
            *hits
        };
        self.answer(&mut stream, (&plain, &path, &head), hit).await?;
        stream.shutdown().await
    }

    async fn answer(
        &self,
        stream: &mut TcpStream,
        (plain, path, head): (&str, &str, &str),
        hit: u32,
    ) -> std::io::Result<()> {
        if let Some(text) = self.document(plain, head) {
            return stream.write_all(text.as_bytes()).await;
        }
        let text = match plain {
            "/ok" if head.contains("if-none-match: \"v1\"") => "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned(),
            "/ok" => whole(
                "200 OK",
                "ETag: \"v1\"\r\nLast-Modified: Sun, 22 Nov 2026 08:00:00 GMT\r\n",
                "hello",
            ),
            "/unasked-304" => "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned(),
            "/cut" => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.".to_owned(),
            "/cut-chunk" => {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nten bytes.".to_owned()
            }
            "/too-short" => "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nten bytes.".to_owned(),
            "/says-10-gb" => "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\nlittle".to_owned(),
            "/nonsense" => "220 mail.example ESMTP\r\n\r\n".to_owned(),
            "/br" => whole("200 OK", "Content-Encoding: br\r\n", "hello"),
            "/404" => whole("404 Not Found", "", "no"),
            "/500" => whole("500 Internal Server Error", "", "no"),
            "/later" if hit == 1 => whole("503 Service Unavailable", "Retry-After: 1\r\n", ""),
            "/later" if hit == 2 => whole("429 Too Many Requests", "Retry-After: 0\r\n", ""),
            "/later" => whole("200 OK", "", "at last"),
            "/much-later" => whole("429 Too Many Requests", "Retry-After: 86400\r\n", ""),
            "/loop" => redirect("/loop"),
            "/nowhere" => "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
            "/to" => redirect(path.split_once('?').map_or("", |(_, to)| to)),
            _ if plain.starts_with("/hops/") => match plain.trim_start_matches("/hops/").parse::<u32>() {
                Ok(0) | Err(_) => whole("200 OK", "", "arrived"),
                Ok(left) => redirect(&format!("{}", left - 1)),
            },
            _ if plain.starts_with("/status/") => {
                let status = plain.split('/').nth(2).unwrap_or_default();
                whole(&format!("{status} Said"), "", "no")
            }
            "/bomb" => return bomb(stream).await,
            "/endless" => return self.endless(stream).await,
            "/drip" => return drip(stream).await,
            "/stall" => {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
                    .await?;
                return std::future::pending().await;
            }
            _ => return std::future::pending().await,
        };
        stream.write_all(text.as_bytes()).await
    }

    /// 10 GB, if somebody takes them.
    async fn endless(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        let piece = vec![b'x'; 64 * 1024];
        for _ in 0..160_000 {
            stream.write_all(&piece).await?;
            self.seen.lock().expect("no panic").sent_bytes += piece.len() as u64;
        }
        Ok(())
    }
}

fn whole(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn redirect(to: &str) -> String {
    whole("302 Found", &format!("Location: {to}\r\n"), "")
}

/// 256 MiB of nothing, some 1 MB under gzip.
async fn bomb(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..256 {
        packed.write_all(&zeros)?;
    }
    let packed = packed.finish()?;
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        packed.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&packed).await
}

/// A byte now and then, for ever.
async fn drip(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    loop {
        stream.write_all(b"x").await?;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
