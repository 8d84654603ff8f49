//! Opening hours in prose, and what comes out of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| yizhan_fuzz::hours_prose(text));
