//! One address on the way of a request: what may be asked, where it leads to, and how errors name it.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::{Response, Url, header};

use super::error::RemoteError;
use super::resolver::NotPublic;

/// A URL that may be asked, and its host as errors name it.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub url: Url,
    pub host: String,
    pub port: u16,
}

impl Hop {
    pub(super) fn new(url: &str) -> Result<Self, RemoteError> {
        let url = Url::parse(url).map_err(|error| RemoteError::BadUrl {
            given: url.split('?').next().unwrap_or_default().to_owned(),
            reason: error.to_string(),
        })?;
        Self::of(url)
    }

    fn of(mut url: Url) -> Result<Self, RemoteError> {
        url.set_fragment(None);
        let refused = |reason: &str| RemoteError::BadUrl {
            given: shown(&url),
            reason: reason.to_owned(),
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused("only http and https are asked"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("it has a user name or a password"));
        }
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(refused("it names no host"));
        };
        Ok(Self {
            host: host.to_owned(),
            port,
            url,
        })
    }

    /// The address, when the URL has one in the place of a name.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.host.trim_matches(['[', ']']).parse().ok()
    }

    /// Where an answer leads to; `None` when it is no redirect.
    pub(super) fn redirect(&self, response: &Response) -> Result<Option<Self>, RemoteError> {
        if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        let next = location.and_then(|location| self.url.join(location).ok());
        let next = next.ok_or_else(|| self.broken("it redirects to nowhere".to_owned()))?;
        if self.url.scheme() == "https" && next.scheme() == "http" {
            return Err(self.broken("it redirects from https to http".to_owned()));
        }
        Self::of(next).map(Some)
    }

    pub(super) fn not_public(&self, address: IpAddr) -> RemoteError {
        RemoteError::NotPublic {
            host: self.host.clone(),
            port: self.port,
            address,
        }
    }

    pub(super) fn slow(&self, what: &'static str, limit: Duration) -> RemoteError {
        RemoteError::Slow {
            host: self.host.clone(),
            what,
            limit,
        }
    }

    pub(super) fn broken(&self, reason: String) -> RemoteError {
        RemoteError::Broken {
            host: self.host.clone(),
            reason,
        }
    }

    /// What the client says, without the URL that it names.
    pub(super) fn failed(&self, error: &reqwest::Error) -> RemoteError {
        if let Some(refused) = causes(error).find_map(|cause| cause.downcast_ref::<NotPublic>()) {
            return self.not_public(refused.address);
        }
        if error.is_connect() {
            return RemoteError::Connect {
                host: self.host.clone(),
                reason: innermost(error),
            };
        }
        self.broken(innermost(error))
    }
}

/// A URL as errors show it: no query, no secret.
fn shown(url: &Url) -> String {
    format!(
        "{}://{}{}",
        url.scheme(),
        url.host_str().unwrap_or_default(),
        url.path()
    )
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    core::iter::successors(Some(error), |cause| (*cause).source())
}

/// The innermost reason, which names no URL.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    causes(error)
        .filter(|cause| !cause.is::<reqwest::Error>())
        .last()
        .map_or_else(|| "the request failed".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_none_are_named_without_their_query() {
        for (given, reason) in [
            ("ftp://a/b?key=secret", "only http"),
            ("file:///etc/passwd", "only http"),
            ("http://me:secret@a/", "password"),
            ("nothing?key=secret", "relative"),
        ] {
            let error = Hop::new(given).err().unwrap().to_string();
            assert!(error.contains(reason) && !error.contains("secret"), "{error}");
        }
        let hop = Hop::new("http://0x7f.1/x").unwrap();
        assert_eq!(
            hop.address(),
            Some("127.0.0.1".parse().unwrap()),
            "however it is written"
        );
    }
}
