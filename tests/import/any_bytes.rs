//! Whatever the bytes are: no panic, no endless work, an error that names the file.

use proptest::prelude::*;

use super::sheets::{book, write};
use super::*;

fn read_any(bytes: &[u8], name: &str) {
    match read(name, &mut &bytes[..], &ReadOptions::default(), &|_| {}) {
        Ok(read) => assert!(read.rows.len() as u64 <= read.rows_seen),
        Err(error) => assert!(error.to_string().contains(name), "{error}"),
    }
}

fn workbook() -> Vec<u8> {
    book(|sheet| write(sheet, 0, &["名称|经度|纬度", "甲|109.5|18.25"]))
}

fn old_workbook() -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/fixtures/stations.xls");
    std::fs::read(path).expect("the fixture")
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), name in "t\\.(csv|xlsx|xls|ods|json|jsonl)") {
        read_any(&bytes, &name);
    }

    #[test]
    fn bytes_that_start_like_a_workbook_never_panic(
        head in prop_oneof![Just(&b"PK\x03\x04"[..]), Just(&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..])],
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
    ) {
        read_any(&[head, &bytes].concat(), "t.bin");
    }

    #[test]
    fn a_workbook_with_changed_bytes_never_panics(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        for mut bytes in [workbook(), old_workbook()] {
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            read_any(&bytes, "t.bin");
        }
    }

    #[test]
    fn a_workbook_that_is_cut_off_never_panics(at in any::<prop::sample::Index>()) {
        for bytes in [workbook(), old_workbook()] {
            read_any(&bytes[..at.index(bytes.len())], "t.bin");
        }
    }

    #[test]
    fn cells_of_any_text_never_panic_and_no_title_is_a_station(text in "[名称经度纬度合计备注有无√×甲0-9.,;|\t\n\"（）： -]{0,200}") {
        read_any(text.as_bytes(), "t.csv");
        read_any(format!("名称,经度,纬度,微波炉,开放时间\n{text}").as_bytes(), "t.csv");
    }
}
