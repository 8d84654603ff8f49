//! yizhan (驿站) finds, keeps and plans outdoor-worker service stations. Modules in reading order.

/// Words and rules: places, stations, facilities, hours, filters. No I/O, no async, no framework.
pub mod domain;
/// The R-tree over earth-centred points.
pub mod index;
