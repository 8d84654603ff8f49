//! Use cases that write to the register, and how every instance comes to know of what was written.
//!
//! Reading order: `record` (a station as it is stored) · `keeper` (from the store to the published snapshot) · `edit` (one
//! station at a time).

pub mod edit;
pub mod keeper;
pub mod record;
