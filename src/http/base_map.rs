//! The base map that pages draw below the stations, as the operator configured it; without one they draw districts.

use serde_json::{Value, json};

use crate::domain::datum::Datum;

/// What the operator says about a base map.
#[derive(Debug, Clone)]
pub struct BaseMap {
    /// Addresses of raster tiles with `{z}`, `{x}` and `{y}`, lowest first, or of one style.
    pub addresses: Vec<String>,
    /// The datum that its pictures are drawn in.
    pub datum: Datum,
    /// Whom to thank; shown on the map.
    pub credit: Option<String>,
    /// More origins that a style loads from.
    pub origins: Vec<String>,
}

/// Why a base map cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidBaseMap {
    /// An address is neither on this server nor on another.
    #[error(
        "base map `{0}` is not an address; expected https://… or /… without spaces, quotes or semicolons"
    )]
    Address(String),
    /// Only raster tiles lie over each other.
    #[error(
        "base map `{0}` has no {{z}}, {{x}} and {{y}}; expected that of raster tiles, or one style alone"
    )]
    Several(String),
    /// Tiles of BD-09 are cut in another way.
    #[error("base map datum `bd09` cannot be drawn; expected wgs84 or gcj02")]
    Datum,
}

impl BaseMap {
    /// Checks what the operator says.
    pub fn check(self) -> Result<Self, InvalidBaseMap> {
        if self.datum == Datum::Bd09 {
            return Err(InvalidBaseMap::Datum);
        }
        for address in self.addresses.iter().chain(&self.origins) {
            if origin(address).is_none() {
                return Err(InvalidBaseMap::Address(address.clone()));
            }
        }
        let style = self.addresses.iter().find(|address| !is_raster(address));
        match style.filter(|_| self.addresses.len() > 1) {
            Some(style) => Err(InvalidBaseMap::Several(style.clone())),
            None => Ok(self),
        }
    }

    /// The origins of other servers that a page may load from, each with a space before it.
    pub fn sources(&self) -> String {
        let mut origins: Vec<&str> = self
            .addresses
            .iter()
            .chain(&self.origins)
            .filter_map(|address| origin(address))
            .filter(|origin| !origin.is_empty())
            .collect();
        origins.sort_unstable();
        origins.dedup();
        origins.iter().flat_map(|origin| [" ", origin]).collect()
    }

    /// The base map as pages read it.
    pub fn document(&self) -> Value {
        let is_raster = self.addresses.iter().all(|address| is_raster(address));
        json!({
            "kind": if is_raster { "raster" } else { "style" },
            "addresses": self.addresses,
            "datum": self.datum.word(),
            "credit": self.credit,
        })
    }
}

fn is_raster(address: &str) -> bool {
    ["{z}", "{x}", "{y}"].iter().all(|part| address.contains(part))
}

/// Scheme, host and port of an address; empty for one on this server.
fn origin(address: &str) -> Option<&str> {
    // What could end the directive of a policy, or the policy.
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !";,'\"<>".contains(c);
    if !address.chars().all(is_plain) {
        return None;
    }
    if address.starts_with('/') && !address.starts_with("//") {
        return Some("");
    }
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| address.starts_with(scheme))?;
    let host = address.get(scheme.len()..)?;
    let host = host.split_once(['/', '?', '#']).map_or(host, |(host, _)| host);
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.chars().all(is_host)).then_some(())?;
    address.get(..scheme.len() + host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(addresses: &[&str]) -> BaseMap {
        BaseMap {
            addresses: addresses.iter().map(|&address| address.to_owned()).collect(),
            datum: Datum::Wgs84,
            credit: None,
            origins: vec!["https://fonts.example.org:8443/any".to_owned()],
        }
    }

    #[test]
    fn origins_are_named_once_and_our_own_not_at_all() {
        let tiles = base(&[
            "https://t0.example.com/{z}/{x}/{y}?tk=1",
            "https://t0.example.com/cva/{z}/{x}/{y}",
            "/own/{z}/{x}/{y}",
        ]);
        let tiles = tiles.check().unwrap();
        assert_eq!(
            tiles.sources(),
            " https://fonts.example.org:8443 https://t0.example.com"
        );
        assert_eq!(tiles.document()["kind"], "raster");
        assert_eq!(
            base(&["/style.json"]).check().unwrap().document()["kind"],
            "style"
        );
    }

    #[test]
    fn what_could_change_the_policy_is_refused() {
        for wrong in [
            "https://a.example; script-src *",
            "https://a.example 'unsafe-inline'",
            "https://*/x",
            "//a.example/x",
            "javascript:1",
            "https://",
            "a.example",
            "https://user@a.example/",
        ] {
            assert_eq!(
                base(&[wrong]).check().unwrap_err(),
                InvalidBaseMap::Address(wrong.to_owned())
            );
        }
    }

    #[test]
    fn a_style_stands_alone_and_bd09_is_refused() {
        let both = base(&["/{z}/{x}/{y}", "/style.json"]);
        assert_eq!(
            both.check().unwrap_err(),
            InvalidBaseMap::Several("/style.json".to_owned())
        );
        let mut other = base(&["/{z}/{x}/{y}"]);
        other.datum = Datum::Bd09;
        assert_eq!(other.check().unwrap_err(), InvalidBaseMap::Datum);
    }
}
