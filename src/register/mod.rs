//! Use cases that write to the register, and how every instance comes to know of what was written.
//!
//! Reading order: `record` (a station as it is stored) · `keeper` (from the store to the published snapshot) · `edit` (one
//! station at a time) · `token` (who may).

pub mod edit;
pub mod keeper;
mod random;
pub mod record;
pub mod token;
