//! Coverage: which demand a station reaches, surely or perhaps, where the gaps are, and what would close them.
//!
//! Pure functions over three things: a [`demand::Demand`] (places with weights), stations as points with what is known of
//! them, and a [`reach::Reach`] (what "covered" means). Nothing here reads files or answers requests. Unlike the first
//! sketch of the module table, the planner may read a [`crate::locator::Snapshot`]: its questions are asked of the same
//! snapshot, with the same conditions, as a search, and [`stations`] is the one place where the two meet.

mod antipodes;
mod arcs;
pub mod area;
pub mod assign;
pub mod audit;
pub mod base;
pub mod blocks;
mod box_tree;
pub mod by_hour;
pub mod counting;
pub mod coverage;
mod cuboid;
pub mod demand;
mod distance_bins;
pub mod distances;
pub mod farthest;
pub mod gaps;
pub mod grid;
mod hilbert;
pub mod hours;
mod labels;
mod nearest;
pub mod outline;
pub mod pieces;
pub mod question;
pub mod reach;
pub mod remedies;
mod rings;
pub mod shape;
mod station_points;
pub mod stations;
pub mod tally;
pub mod watch;
pub mod what_if;
mod within;
