//! Resolves names to addresses that may be connected to, so that what was checked is what is used.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use super::address::is_public;

/// A name leads to no public address.
#[derive(Debug, Error)]
#[error("`{name}` leads to {address}, which is no public address")]
pub(super) struct NotPublic {
    pub name: String,
    pub address: IpAddr,
}

/// The system's resolver, held to public addresses.
#[derive(Debug)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(public(name.as_str(), found)?.into_iter()) as Addrs)
        })
    }
}

/// The public ones among addresses; an error when there are others only.
fn public(name: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NotPublic> {
    let first = found.first().copied();
    let public: Vec<SocketAddr> = found
        .into_iter()
        .filter(|address| is_public(address.ip()))
        .collect();
    match first {
        Some(address) if public.is_empty() => Err(NotPublic {
            name: name.to_owned(),
            address: address.ip(),
        }),
        _ => Ok(public),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_addresses_only_public_ones_are_handed_out() {
        let all = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.parse().unwrap())
                .collect::<Vec<SocketAddr>>()
        };
        let mixed = all(&["127.0.0.1:0", "8.8.8.8:0", "[::1]:0", "[2400:3200::1]:0"]);
        assert_eq!(
            public("x", mixed).unwrap(),
            all(&["8.8.8.8:0", "[2400:3200::1]:0"])
        );
        let error = public("x.example", all(&["10.0.0.1:0"])).unwrap_err().to_string();
        assert!(error.contains("`x.example` leads to 10.0.0.1"), "{error}");
        assert!(public("x", Vec::new()).unwrap().is_empty());
    }
}
