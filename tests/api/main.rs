//! The service as its clients see it: the real server on a real socket, asked over HTTP.

mod along_route;
mod audit;
mod bad_input;
mod client;
mod compression;
mod conditional;
mod contract;
mod coverage;
mod examples;
mod geojson_answers;
mod kept;
mod limits;
mod methods;
mod negotiation;
mod ogc_pages;
mod ogc_walk;
#[path = "../postgres/mod.rs"]
mod postgres;
mod process;
mod raw;
mod register;
mod service;
#[path = "../shared_data/mod.rs"]
mod shared_data;
#[path = "../remote/server.rs"]
#[expect(dead_code, reason = "other tests look at more of what was asked")]
mod sheets;
mod slow_clients;
mod text_search;
mod world;
