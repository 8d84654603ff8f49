//! The only user of actix-web: routes, parameters, errors, middleware and the running server.
//!
//! A request goes `routes/…` (parameters → question) → `locator` (answer) → `export` (text) → `respond` (headers).
//! Status codes are in `error` only.

#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod access;
mod base_map;
mod body;
mod conditions;
mod covered;
mod error;
#[cfg(test)]
mod error_tests;
mod error_zh;
mod fields;
mod import_refused;
#[cfg(test)]
mod import_refused_tests;
mod import_refused_zh;
mod import_work;
mod keep_refused;
mod long_work;
mod metrics;
mod observe;
mod pages;
mod params;
pub mod plan;
mod plan_body;
pub mod plan_form;
pub mod plan_report;
mod planning;
mod problem;
mod respond;
mod rings;
mod routes;
pub mod server;
pub mod state;

pub use base_map::{BaseMap, InvalidBaseMap};
pub use error::ApiError;
pub use fields::FieldProblem;
pub use import_refused::ImportRefused;
pub use keep_refused::KeepRefused;
pub use routes::{OPERATIONS, OfflineAnswer, Operation, configure, offline};
pub use server::{Limits, Server};
pub use state::{ApiState, Published};
