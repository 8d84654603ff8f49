//! A register that is written to: edits, tokens, changes, several instances, a store that goes away.

mod changes;
mod edits;
mod feeds;
mod history;
mod imports;
mod inspections;
mod instances;
mod problems_zh;
mod reports;
mod said;
mod tickets;
mod token_admin;
mod tokens;
mod visits;
