//! What can go wrong between this program and another server. No text has the query of a URL, where keys stand.

use std::net::IpAddr;
use std::time::Duration;

use thiserror::Error;

/// A failure of a request; nothing was taken from the answer.
#[derive(Debug, Error)]
pub enum RemoteError {
    /// The address is not one that can be asked.
    #[error("address `{given}` is not usable: {reason}; expected such as `https://host/stations.csv`")]
    BadUrl {
        /// The address without its query.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The address, or what it leads to, is inside a network of one's own.
    #[error(
        "`{host}` leads to {address}, which is no public address; `--allow-host {host}:{port}` allows it by name"
    )]
    NotPublic {
        /// The host.
        host: String,
        /// Its port.
        port: u16,
        /// Where it leads to.
        address: IpAddr,
    },
    /// One redirect after the other.
    #[error("`{host}` redirects more than {limit} times")]
    TooManyRedirects {
        /// The host that was asked first.
        host: String,
        /// How many are followed.
        limit: usize,
    },
    /// No connection.
    #[error("`{host}` cannot be reached: {reason}")]
    Connect {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
    /// It took too long.
    #[error("`{host}` is too slow: no {what} within {} s", .limit.as_secs_f32())]
    Slow {
        /// The host.
        host: String,
        /// What was waited for.
        what: &'static str,
        /// How long.
        limit: Duration,
    },
    /// An answer, but none to use.
    #[error("`{host}` answers {status}")]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: u16,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// More than is taken.
    #[error("`{host}` sends more than {limit_bytes} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit, bytes after decompression.
        limit_bytes: u64,
    },
    /// The answer ended before it was whole, or is not what it says.
    #[error("the answer of `{host}` cannot be read: {reason}")]
    Broken {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
}

impl RemoteError {
    /// Whether the same request may go well later: no connection, 429, 5xx.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Connect { .. } => true,
            Self::Status { status, .. } => *status == 429 || *status >= 500,
            _ => false,
        }
    }

    /// When the other server wants to be asked again.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
