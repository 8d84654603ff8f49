//! Use cases that write to the register, and how every instance comes to know of what was written.
//!
//! Reading order: `record` (a station as it is stored) · `keeper` (from the store to the published snapshot) · `edit` (one
//! station at a time) · `tickets`, `inspections`, `visits` (what is said of stations) · `history` (what became of one) · `token` (who
//! may). The pure half of an import: rows → [`matching`] (which station a row means) → [`diff`] (what it would change) → a
//! list of changes → [`apply`], and back by `undo`; [`duplicates`] and [`datum_evidence`] are looked at beside it. That half
//! reads no file, clock or network; `intake` puts it between a file and the store, and `feed` between a file that is fetched on a
//! schedule and the store.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

pub mod apply;
mod candidates;
pub mod datum_evidence;
mod datum_words;
pub mod decisions;
pub mod diff;
pub mod dry_run;
pub mod duplicates;
pub mod edit;
pub mod feed;
mod feed_settings;
pub mod geocode;
pub mod history;
pub mod inspections;
pub mod intake;
pub mod keeper;
pub mod likeness;
pub mod matching;
mod name_form;
mod name_words;
pub mod names;
pub mod part;
mod random;
pub mod record;
pub mod row;
pub mod row_remark;
pub mod row_report;
pub mod sheet;
pub mod tickets;
pub mod token;
pub mod undo;
pub mod visits;
