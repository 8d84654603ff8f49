//! Coordinates in one cell: pairs, brackets, degrees and minutes, well-known text.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| yizhan_fuzz::coordinates(text));
