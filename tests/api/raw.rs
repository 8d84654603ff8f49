//! Bytes over a socket, for what an HTTP client would tidy up or hide.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use crate::client::PATIENCE;

/// A connection that has sent some bytes.
#[derive(Debug)]
pub struct Connection(TcpStream);

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a server that listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        Self(stream)
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).expect("an open connection");
    }

    /// Everything that the server sends until it closes the connection. A reset ends it, too: a server that answers
    /// before it has read all that was sent may well reset.
    pub fn read_to_end(&mut self) -> String {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match self.0.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => bytes.extend(buffer.iter().take(read)),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
                Err(error) => unreachable!("the server neither answers nor closes: {error}"),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// One answer with a `Content-Length`, or without a body, on a connection that stays open: head and body.
    pub fn read_answer(&mut self, has_body: bool) -> (String, String) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).expect("an answer");
            head.extend(byte);
        }
        let head = String::from_utf8(head).expect("UTF-8").to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; if has_body { length } else { 0 }];
        self.0.read_exact(&mut body).expect("a body");
        (head, String::from_utf8_lossy(&body).into_owned())
    }
}

/// Sends one request as it stands and reads what comes until the end.
pub fn exchange(address: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let mut connection = Connection::open(address);
    connection.send(request);
    connection.read_to_end()
}

/// The status of a raw answer, 0 when there is none.
pub fn status_of(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or(0)
}
