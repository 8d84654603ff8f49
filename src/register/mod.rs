//! The pure half of every change to the register: which station a row means, what it would change, and how to undo it.
//!
//! Nothing here reads a file, a clock or a network; the same rows and the same register give the same answer.
//!
//! rows → [`matching`] → [`diff`] → a list of changes → [`apply`], and back by `undo`. [`duplicates`] and
//! [`datum_evidence`] are looked at beside it.
#![warn(clippy::indexing_slicing)]

pub mod apply;
mod candidates;
pub mod datum_evidence;
mod datum_words;
pub mod diff;
pub mod duplicates;
pub mod likeness;
pub mod matching;
mod name_form;
mod name_words;
pub mod names;
pub mod part;
pub mod row;
