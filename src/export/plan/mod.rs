//! Answers of the planner as documents: one set of shapes that JSON, tables, the terminal and the report are made from.
//!
//! Names follow the rest of the contract: units in names, shares from 0 to 1, every sum beside its total. A number that is
//! not known is `null`. Weights are named as the demand names them.

pub mod by_hour;
pub mod by_hour_document;
pub mod cells;
pub mod coverage;
pub mod coverage_document;
pub mod gaps;
pub mod gaps_document;
pub mod preamble;
pub mod question;
pub mod tables;
pub mod text;

use serde::{Serialize as _, Serializer};

/// Writes a number with at most one decimal, so that documents stay short and the same inputs give the same bytes.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn tenth<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((value * 10.0).round() / 10.0)
}

/// Writes a share with at most six decimals.
#[expect(clippy::ref_option, reason = "serde passes references")]
fn share<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    value
        .map(|value| (value * 1e6).round() / 1e6)
        .serialize(serializer)
}

/// Writes a weight with at most three decimals.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn weight<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((value * 1e3).round() / 1e3)
}
