//! Queries of the endpoints that answer without a server.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| yizhan_fuzz::query(text));
