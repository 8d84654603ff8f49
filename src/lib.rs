//! yizhan (驿站) finds, keeps and plans outdoor-worker service stations (户外劳动者服务站点).
//!
//! Modules in reading order; each may use those above it only, and `tests/tidy` holds them to it:
//!
//! - [`domain`]: words and rules; no I/O, no async, no framework
//! - [`index`]: the R-tree over earth-centred points
//! - [`import`]: bytes to checked stations and row problems
//! - [`storage`]: the register in SQLite or PostgreSQL, and the log of its changes
//! - [`remote`]: asks other servers, through one guarded client
//! - [`locator`]: use cases over one snapshot: nearest, along a route, items
//! - [`planner`]: coverage: demand, gaps, hours, audit
//! - [`export`]: answers as GeoJSON, CSV and text
//! - [`register`]: use cases that write: edits, imports, undo; and how every instance follows the store
//! - [`http`]: the server; the only user of actix-web
//! - [`telemetry`]: log lines
//! - [`cli`]: the command line; may use everything

pub mod domain;

pub mod index;

pub mod import;

pub mod storage;

pub mod remote;

pub mod locator;

pub mod planner;

pub mod export;

pub mod register;

pub mod http;

pub mod telemetry;

pub mod cli;
