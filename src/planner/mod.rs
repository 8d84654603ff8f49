//! Coverage: which demand a station reaches, surely or perhaps, where the gaps are, and what would close them.
//!
//! Pure functions over three things: a [`demand::Demand`] (places with weights), stations as points with what is known of
//! them, and a [`reach::Reach`] (what "covered" means). Nothing here reads files or answers requests. Unlike the first
//! sketch of the module table, the planner may read a [`crate::locator::Snapshot`]: its questions are asked of the same
//! snapshot, with the same conditions, as a search, and [`stations`] is the one place where the two meet.

pub mod audit;
pub mod blocks;
pub mod demand;
pub mod reach;
pub mod watch;
