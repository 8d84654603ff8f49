//! The pure half of the register: names, matches, differences, undo, and the evidence for a datum.

mod datum;
mod diff;
mod duplicates;
mod large;
mod matching;
mod names;
#[path = "../shared_data/mod.rs"]
mod shared_data;
mod undo;
mod world;
