//! The only module that asks other servers: feeds and geocoders, through one guarded client.
//!
//! Reading order: `address` (which addresses may be reached) · `resolver` (names are held to the same) · `hop`, `client` (one request:
//! redirects, limits, retries) · `error` · `geocoder` (three services, one answer).
//!
//! # Why a guard
//! Addresses of feeds come from people, and what they lead to from strangers: a name can resolve to, and a redirect can name,
//! the database beside this service or the cloud's own metadata. What is connected to is therefore what was checked: the
//! address in the URL, or those that the resolver here hands out. Hosts of one's own are allowed by name and port.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod address;
mod client;
mod error;
mod geocoder;
mod hop;
mod resolver;

pub use address::{AllowedHost, InvalidHost, is_public};
pub use client::{Body, Fetched, Limits, Remote, Validators};
pub use error::RemoteError;
pub use geocoder::{Found, GeocodeError, Geocoder, default_base, default_per_second};
