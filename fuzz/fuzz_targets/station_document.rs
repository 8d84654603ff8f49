//! Stations as an editor sends them: a Feature in JSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yizhan_fuzz::station_document(bytes));
