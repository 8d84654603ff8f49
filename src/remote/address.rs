//! Which addresses may be asked: public ones, and hosts that somebody allowed by name.

use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use thiserror::Error;

/// Blocks of IPv4 that are not the public internet: first address and length of the prefix.
const NOT_PUBLIC_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),       // this network
    ([10, 0, 0, 0], 8),      // private
    ([100, 64, 0, 0], 10),   // carrier-grade NAT
    ([127, 0, 0, 0], 8),     // loopback
    ([169, 254, 0, 0], 16),  // link-local, and the metadata of clouds
    ([172, 16, 0, 0], 12),   // private
    ([192, 0, 0, 0], 24),    // protocol assignments
    ([192, 0, 2, 0], 24),    // documentation
    ([192, 88, 99, 0], 24),  // relays of 6to4
    ([192, 168, 0, 0], 16),  // private
    ([198, 18, 0, 0], 15),   // measurements
    ([198, 51, 100, 0], 24), // documentation
    ([203, 0, 113, 0], 24),  // documentation
    ([224, 0, 0, 0], 3),     // multicast, reserved, broadcast
];

/// Blocks of IPv6's global unicast that are not: first two groups and length of the prefix.
const NOT_PUBLIC_V6: &[([u16; 2], u32)] = &[
    ([0x2001, 0], 23),     // protocol assignments, Teredo among them
    ([0x2001, 0xdb8], 32), // documentation
    ([0x3fff, 0], 20),     // documentation
];

/// Whether an address is one of the public internet. One that carries an IPv4 address inside is what that one is.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match inner(address) {
            Some(inside) => is_public_v4(inside),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    let mut blocks = NOT_PUBLIC_V4.iter();
    !blocks.any(|(first, length)| (bits ^ Ipv4Addr::from(*first).to_bits()) >> (32 - length) == 0)
}

/// The IPv4 address that is reached: mapped, by NAT64 or by 6to4.
fn inner(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let joined = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(joined(high, low)),
        _ => None,
    }
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let bits = u32::from(first) << 16 | u32::from(second);
    let is_global_unicast = bits >> 29 == 1;
    let mut blocks = NOT_PUBLIC_V6.iter();
    is_global_unicast
        && !blocks.any(|([high, low], length)| {
            (bits ^ (u32::from(*high) << 16 | u32::from(*low))) >> (32 - length) == 0
        })
}

/// A host and port that may be asked whatever its address is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    host: String,
    port: u16,
}

/// A text that names no host and port.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("host `{0}` is not usable; expected name and port such as `sheets.example:8080` or `[::1]:8080`")]
pub struct InvalidHost(String);

impl AllowedHost {
    /// Whether a URL's host and port are these.
    pub fn is(&self, host: &str, port: u16) -> bool {
        self.port == port && self.host == plain(host)
    }
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl FromStr for AllowedHost {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || InvalidHost(text.to_owned());
        let (host, port) = text.rsplit_once(':').ok_or_else(refused)?;
        let is_name = |sign: char| sign.is_alphanumeric() || ".-_:[]".contains(sign);
        if host.is_empty() || !host.chars().all(is_name) {
            return Err(refused());
        }
        // An address of IPv6 stands in brackets, or its last group would be the port.
        if host.contains(':') && !(host.starts_with('[') && host.ends_with(']')) {
            return Err(refused());
        }
        match port.parse() {
            Ok(port) if port > 0 => Ok(Self {
                host: plain(host),
                port,
            }),
            _ => Err(refused()),
        }
    }
}

/// A host as it is compared: small letters, no root dot.
fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_told_from_public_ones_at_both_ends_of_each_block() {
        // From IANA's registries of special-purpose addresses, with the neighbours on either side.
        let special = "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 \
            127.255.255.255 169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 \
            192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.255 224.0.0.1 \
            239.255.255.255 240.0.0.0 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 \
            ::ffff:169.254.169.254 ::7f00:1 64:ff9b::7f00:1 64:ff9b::10.1.2.3 64:ff9b:1::1 100::1 2001::1 \
            2001:1ff::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101:: 3fff::1 3fff:fff::1 fc00::1 \
            fdff::1 fe80::1 febf::1 fec0::1 ff02::1 5f00::1 4000::1";
        for text in special.split_whitespace() {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        let public = "1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 \
            169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255 \
            192.169.0.0 198.17.255.255 198.20.0.0 198.51.101.0 203.0.114.0 223.255.255.255 8.8.8.8 \
            ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2001:200::1 2001:db9::1 2001:4860:4860::8888 2002:808:808::1 \
            2400:3200::1 3ffe:ffff::1 3fff:1000::1";
        for text in public.split_whitespace() {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_host_is_allowed_with_its_port_only() {
        let host: AllowedHost = "Sheets.Example.:8080".parse().unwrap();
        assert!(host.is("sheets.example", 8080) && host.is("SHEETS.example.", 8080));
        assert!(!host.is("sheets.example", 80) && !host.is("example", 8080));
        assert!("[::1]:80".parse::<AllowedHost>().unwrap().is("[::1]", 80));
        for bad in [
            "",
            "a",
            ":1",
            "a:0",
            "a:x",
            "a:65536",
            "::1",
            "::1:80",
            "http://a:1",
            "a/b:1",
            "a b:1",
        ] {
            assert!(bad.parse::<AllowedHost>().is_err(), "{bad}");
        }
    }
}
