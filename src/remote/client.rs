//! One guarded GET: redirects by hand, limits of time and size, retries of what may pass.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{self, HeaderMap};
use reqwest::{Client, Response, StatusCode};
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;

use super::address::{AllowedHost, is_public};
use super::error::RemoteError;
use super::hop::{Hop, innermost};
use super::resolver::PublicOnly;

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// The longest wait that another server may ask for between two attempts.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(1);

/// What one request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the head of the answer, and between two pieces of it.
    pub piece: Duration,
    /// One attempt from its beginning to its end.
    pub whole: Duration,
    /// Bytes of the answer after decompression.
    pub max_bytes: u64,
    /// Attempts, the first one included.
    pub attempts: u32,
    /// The wait after the first attempt; it doubles with each.
    pub backoff: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            piece: Duration::from_secs(20),
            whole: Duration::from_mins(2),
            max_bytes: 64 * 1024 * 1024,
            attempts: 4,
            backoff: Duration::from_secs(1),
        }
    }
}

/// What the last answer said of its version, to ask whether there is a newer one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// The header `ETag`.
    pub etag: Option<String>,
    /// The header `Last-Modified`.
    pub last_modified: Option<String>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The same as last time.
    NotModified,
    /// A whole answer.
    Body(Body),
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// After decompression.
    pub bytes: Vec<u8>,
    /// Its version.
    pub validators: Validators,
}

/// The client.
#[derive(Debug, Clone)]
pub struct Remote {
    /// For every host: connects to public addresses only.
    guarded: Client,
    /// For hosts that are allowed by name.
    open: Client,
    allowed: Arc<[AllowedHost]>,
    limits: Limits,
}

impl Remote {
    /// A client that reaches public addresses and the hosts that are allowed by name.
    pub fn new(allowed: &[AllowedHost], limits: Limits) -> Result<Self, RemoteError> {
        let builder = || {
            Client::builder()
                .tls_backend_preconfigured(TLS.clone())
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(limits.connect)
                .user_agent(concat!("yizhan/", env!("CARGO_PKG_VERSION")))
        };
        let built = |client: Result<Client, reqwest::Error>| {
            client.map_err(|error| RemoteError::Broken {
                host: "client".to_owned(),
                reason: innermost(&error),
            })
        };
        Ok(Self {
            guarded: built(builder().dns_resolver(PublicOnly).build())?,
            open: built(builder().build())?,
            allowed: allowed.into(),
            limits,
        })
    }

    /// Whether an address is one that can be asked at all; where it leads to is looked at when it is asked.
    pub fn check(url: &str) -> Result<(), RemoteError> {
        Hop::new(url).map(drop)
    }

    /// Asks for a document; with `known`, only for one that is not the same as last time.
    ///
    /// What may pass is tried again, with a wait that doubles and is spread at random. Dropping the future ends the request.
    pub async fn get(&self, url: &str, known: &Validators) -> Result<Fetched, RemoteError> {
        let hop = Hop::new(url)?;
        let mut attempt = 1;
        loop {
            let tried = timeout(self.limits.whole, self.attempt(&hop, known)).await;
            let error = match tried {
                Ok(Ok(fetched)) => return Ok(fetched),
                Ok(Err(error)) => error,
                Err(_elapsed) => hop.slow("whole answer", self.limits.whole),
            };
            let asked = error.retry_after().unwrap_or_default();
            if !error.may_pass() || attempt >= self.limits.attempts || asked > MAX_RETRY_AFTER {
                return Err(error);
            }
            let wait = spread(self.limits.backoff * 2_u32.saturating_pow(attempt - 1));
            tokio::time::sleep(wait.max(asked)).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, first: &Hop, known: &Validators) -> Result<Fetched, RemoteError> {
        let mut hop = first.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send(&hop, known).await?;
            let status = response.status();
            if status == StatusCode::NOT_MODIFIED && *known != Validators::default() {
                return Ok(Fetched::NotModified);
            }
            if let Some(next) = hop.redirect(&response)? {
                hop = next;
                continue;
            }
            if status != StatusCode::OK {
                return Err(RemoteError::Status {
                    host: hop.host,
                    status: status.as_u16(),
                    retry_after: retry_after(response.headers(), Utc::now()),
                });
            }
            return self.body(&hop, response).await.map(Fetched::Body);
        }
        Err(RemoteError::TooManyRedirects {
            host: first.host.clone(),
            limit: MAX_REDIRECTS,
        })
    }

    /// Sends one request to a host that may be asked, and reads the head of its answer.
    async fn send(&self, hop: &Hop, known: &Validators) -> Result<Response, RemoteError> {
        let is_allowed = self.allowed.iter().any(|allowed| allowed.is(&hop.host, hop.port));
        // The resolver is not asked about addresses.
        if let Some(address) = hop.address()
            && !is_allowed
            && !is_public(address)
        {
            return Err(hop.not_public(address));
        }
        let client = if is_allowed { &self.open } else { &self.guarded };
        let mut request = client.get(hop.url.clone());
        if let Some(etag) = &known.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(last_modified) = &known.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, last_modified);
        }
        match timeout(self.limits.piece, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(hop.failed(&error)),
            Err(_elapsed) => Err(hop.slow("answer", self.limits.piece)),
        }
    }

    /// Reads the body up to the limit; what comes after it is never read.
    async fn body(&self, hop: &Hop, mut response: Response) -> Result<Body, RemoteError> {
        // What the client decodes, it also takes out of the head.
        if let Some(coding) = response.headers().get(header::CONTENT_ENCODING)
            && coding != "identity"
        {
            return Err(hop.broken(format!("it is coded as {coding:?}, which was not asked for")));
        }
        let max = self.limits.max_bytes;
        let too_large = || RemoteError::TooLarge {
            host: hop.host.clone(),
            limit_bytes: max,
        };
        if response.content_length().is_some_and(|length| length > max) {
            return Err(too_large());
        }
        let text = |name| {
            let value = response.headers().get(name);
            value.and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let validators = Validators {
            etag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
        };
        let mut bytes = Vec::new();
        loop {
            let piece = match timeout(self.limits.piece, response.chunk()).await {
                Ok(Ok(piece)) => piece,
                Ok(Err(error)) => return Err(hop.broken(innermost(&error))),
                Err(_elapsed) => return Err(hop.slow("next piece", self.limits.piece)),
            };
            let Some(piece) = piece else {
                return Ok(Body { bytes, validators });
            };
            if (bytes.len() + piece.len()) as u64 > max {
                return Err(too_large());
            }
            bytes.extend_from_slice(&piece);
        }
    }
}

/// When the server wants to be asked again: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or_default())
}

/// Half to one and a half of a wait, so that many who failed together do not come back together.
fn spread(wait: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    wait.mul_f64(0.5 + f64::from(random) / f64::from(u32::MAX))
}

/// The certificates that this machine trusts; without any, every https address is refused.
static TLS: LazyLock<ClientConfig> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows the versions of TLS that rustls takes to be safe")
        .with_root_certificates(roots)
        .with_no_client_auth()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_was_asked_for_is_read_as_seconds_or_as_a_date() {
        let now = "2026-11-22T08:00:00Z".parse().unwrap();
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers, now)
        };
        assert_eq!(read("7"), Some(Duration::from_secs(7)));
        assert_eq!(
            read("Sun, 22 Nov 2026 08:01:00 GMT"),
            Some(Duration::from_mins(1))
        );
        assert_eq!(read("Sun, 22 Nov 2026 07:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!((read("soon"), retry_after(&HeaderMap::new(), now)), (None, None));
    }

    #[test]
    fn waits_are_spread_around_what_they_should_be() {
        let wait = Duration::from_secs(2);
        let spread: Vec<Duration> = (0..100).map(|_| spread(wait)).collect();
        let bounds = Duration::from_secs(1)..=Duration::from_secs(3);
        assert!(spread.iter().all(|wait| bounds.contains(wait)));
        assert!(spread.iter().any(|one| *one != spread[0]), "not all the same");
    }
}
