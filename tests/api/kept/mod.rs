//! A register that is written to: edits, tokens, changes, several instances, a store that goes away.

mod changes;
mod edits;
mod imports;
mod instances;
mod tokens;
