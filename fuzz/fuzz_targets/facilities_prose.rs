//! Facilities in prose.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| yizhan_fuzz::facilities_prose(text));
