//! The compiler of `opening_hours`, and its answers.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| yizhan_fuzz::opening_hours(text));
