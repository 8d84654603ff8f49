//! yizhan (驿站) finds, keeps and plans outdoor-worker service stations. Modules in reading order.

/// The command line.
pub mod cli;
/// Words and rules: places, stations, facilities, hours, filters. No I/O, no async, no framework.
pub mod domain;
/// Answers as GeoJSON, CSV and plain text.
pub mod export;
/// The HTTP server; the only user of actix-web.
pub mod http;
/// Bytes to checked stations and row problems.
pub mod import;
/// The R-tree over earth-centred points.
pub mod index;
/// Use cases over a snapshot: nearest, along a route, items.
pub mod locator;
/// Log lines.
pub mod telemetry;
