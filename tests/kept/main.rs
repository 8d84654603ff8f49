//! A register that is written to, as its clients see it: edits, tokens, changes, several instances, a store that goes away.

mod changes;
#[path = "../api/client.rs"]
mod client;
mod edits;
mod instances;
#[path = "../postgres/mod.rs"]
mod postgres;
mod service;
mod tokens;
#[path = "../api/world.rs"]
mod world;
