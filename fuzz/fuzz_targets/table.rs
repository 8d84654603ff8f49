//! Tables in text: any encoding, any separator, any header.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yizhan_fuzz::import(bytes, "t.csv"));
