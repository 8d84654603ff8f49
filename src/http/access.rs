//! Who may do what: bearer tokens with roles, and how often an address or a token may ask.
//!
//! A token comes in the `Authorization` header and nowhere else: no cookie, no parameter. So no page of another origin can
//! write with somebody's token, and no token gets into a log of addresses.

use core::net::IpAddr;
use core::num::NonZeroU32;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::error::ApiError;
use super::routes::RoutePattern;
use super::server::Limits;
use super::state::ApiState;
use crate::register::edit::Author;
use crate::register::keeper::Keeper;
use crate::register::token::{Identity, Role};

/// Changes a second with one token, and how many at once after a rest.
const WRITES: (u32, u32) = (20, 100);
/// Refused tokens a minute from one address, and how many at once after a rest.
const REFUSALS: (u32, u32) = (10, 20);
/// Reports a minute from one address, and how many at once after a rest.
const REPORTS: (u32, u32) = (5, 10);
/// Visits a second from one address, which may be that of a whole station, and how many at once after a rest.
const VISITS: (u32, u32) = (1, 60);
/// The longest `X-Yizhan-Why`, in characters.
const MAX_WHY_CHARS: usize = 200;

/// How often somebody may ask; a clone is another handle to the same counters.
#[derive(Debug, Clone)]
pub struct Gates(Arc<Counters>);

#[derive(Debug)]
struct Counters {
    writes: DefaultKeyedRateLimiter<String>,
    refusals: DefaultKeyedRateLimiter<IpAddr>,
    reports: DefaultKeyedRateLimiter<IpAddr>,
    visits: DefaultKeyedRateLimiter<IpAddr>,
    reads: Option<DefaultKeyedRateLimiter<IpAddr>>,
}

impl Gates {
    /// Counters at zero.
    pub fn new(limits: &Limits) -> Self {
        Self(Arc::new(Counters {
            writes: RateLimiter::keyed(quota(Quota::per_second, WRITES)),
            refusals: RateLimiter::keyed(quota(Quota::per_minute, REFUSALS)),
            reports: RateLimiter::keyed(quota(Quota::per_minute, REPORTS)),
            visits: RateLimiter::keyed(quota(Quota::per_second, VISITS)),
            reads: limits
                .reads_per_second
                .map(|reads| RateLimiter::keyed(Quota::per_second(reads))),
        }))
    }

    /// Counts a question; refuses it when its address asks too often.
    pub fn read(&self, request: &HttpRequest) -> Result<(), ApiError> {
        match &self.0.reads {
            Some(reads) => pass(reads, &address(request)),
            None => Ok(()),
        }
    }
}

/// What everybody may send without an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicWrite {
    /// That something is wrong with a station.
    Report,
    /// That a station was used.
    Visit,
}

/// Lets something in that needs no account: as reading, so not to a closed register, and no oftener than its address may.
/// The address is counted in memory and written nowhere.
pub async fn may_send(request: &HttpRequest, state: &ApiState, what: PublicWrite) -> Result<(), ApiError> {
    let counters = &state.gates(request).0;
    let limiter = match what {
        PublicWrite::Report => &counters.reports,
        PublicWrite::Visit => &counters.visits,
    };
    pass(limiter, &network(address(request)))?;
    may_read(request, state).await
}

/// What one customer of a provider has: an IPv4 address, or 64 bits of an IPv6 address and all that begin with them.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(whole) => match whole.to_ipv4_mapped() {
            Some(inside) => inside.into(),
            None => core::net::Ipv6Addr::from_bits(whole.to_bits() & !u128::from(u64::MAX)).into(),
        },
    }
}

fn quota(per: impl Fn(NonZeroU32) -> Quota, (rate, burst): (u32, u32)) -> Quota {
    let positive = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    per(positive(rate)).allow_burst(positive(burst))
}

fn pass<K: Clone + Eq + core::hash::Hash>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), ApiError> {
    // Addresses that have rested as long as it takes are forgotten, so that many of them do not fill the memory.
    if limiter.len() > 10_000 {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|refused| {
        let wait = refused.wait_time_from(DefaultClock::default().now());
        ApiError::TooManyRequests {
            wait_s: wait.as_secs() + 1,
        }
    })
}

/// The address that a request comes from; behind a proxy that is trusted, the one that the proxy names.
fn address(request: &HttpRequest) -> IpAddr {
    let unknown = IpAddr::from([0, 0, 0, 0]);
    if Limits::of(request).trust_forwarded {
        let info = request.connection_info();
        let named = info.realip_remote_addr().unwrap_or_default();
        return named.parse().unwrap_or(unknown);
    }
    request.peer_addr().map_or(unknown, |peer| peer.ip())
}

/// The register, and who asks, when the token that the request brings has at least this role.
pub async fn require(
    request: &HttpRequest,
    state: &ApiState,
    needed: Role,
) -> Result<(Arc<Keeper>, Identity), ApiError> {
    let keeper = state.register()?;
    let identity = identity(request, state, &keeper, needed).await?;
    if identity.role < needed {
        refuse(
            request,
            &format!("token `{}` has role {}", identity.token, identity.role),
        );
        return Err(ApiError::Forbidden {
            role: identity.role,
            needed,
        });
    }
    if needed > Role::Reader {
        pass(&state.gates(request).0.writes, &identity.token)?;
    }
    Ok((keeper, identity))
}

/// Lets a question through: reading is open to everybody, unless the register is closed to those without a token.
pub async fn may_read(request: &HttpRequest, state: &ApiState) -> Result<(), ApiError> {
    if Limits::of(request).is_closed {
        require(request, state, Role::Reader).await?;
    }
    Ok(())
}

async fn identity(
    request: &HttpRequest,
    state: &ApiState,
    keeper: &Keeper,
    needed: Role,
) -> Result<Identity, ApiError> {
    let header = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let secret = header.and_then(|header| {
        let (scheme, secret) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
    });
    let refused = match secret {
        None => "no token was given".to_owned(),
        Some(secret) => match keeper.identify(secret).await {
            Ok(identity) => return Ok(identity),
            Err(reason) => reason.to_string(),
        },
    };
    refuse(request, &refused);
    if secret.is_some() {
        // Guessing is slow.
        pass(&state.gates(request).0.refusals, &address(request))?;
    }
    Err(ApiError::Unauthorized {
        reason: refused,
        needed,
    })
}

/// Writes down that somebody was turned away, without what they brought.
fn refuse(request: &HttpRequest, reason: &str) {
    let route = request
        .app_data::<RoutePattern>()
        .map_or("none", |pattern| &*pattern.0);
    let address = address(request);
    tracing::warn!(%address, route, reason, "Refused {route} to {address}: {reason}");
}

/// The author of a change: the holder of the token, with the reason that the request gives.
pub fn author(request: &HttpRequest, identity: Identity) -> Result<Author, ApiError> {
    const NAME: &str = "X-Yizhan-Why";
    let why = match request.headers().get(NAME) {
        None => None,
        Some(value) => {
            let text = percent_encoding::percent_decode(value.as_bytes()).decode_utf8();
            let text = text.ok().filter(|text| text.chars().count() <= MAX_WHY_CHARS);
            let expected = || format!("at most {MAX_WHY_CHARS} characters of UTF-8, percent-encoded");
            Some(
                text.ok_or_else(|| ApiError::invalid(NAME, "…", expected()))?
                    .into_owned(),
            )
        }
    };
    Ok(Author {
        name: identity.name,
        why,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_with_its_whole_network() {
        let network_of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network_of("203.0.113.7"), "203.0.113.7");
        assert_eq!(network_of("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_ne!(network_of("2001:db8:1:3::"), network_of("2001:db8:1:2::"));
    }
}
