//! Extracts that are damaged, cut off or made to do harm: an error that says where, never a panic, never much memory.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;

use super::osm::city;
use super::pbf::{Packing, blob, block, deltas, field, framed, header, number, packed};
use super::*;

fn reason(bytes: &[u8]) -> String {
    refused(bytes, "city.osm.pbf").to_string()
}

fn with_data(message: &[u8]) -> Vec<u8> {
    [header(Packing::Raw), blob("OSMData", message, Packing::Raw)].concat()
}

fn with_content(content: &[u8]) -> Vec<u8> {
    [header(Packing::Raw), framed("OSMData", content)].concat()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// Each file is refused at the byte where the frame begins, for what is expected.
fn refuses(at: usize, cases: &[(Vec<u8>, &str)]) {
    for (bytes, expected) in cases {
        let reason = reason(bytes);
        assert!(
            reason.contains(expected) && reason.contains("expected"),
            "{expected}: {reason}"
        );
        assert!(reason.contains(&format!("at byte {at}: ")), "{at}: {reason}");
    }
}

#[test]
fn a_damaged_frame_is_named_with_its_place() {
    let no_header = blob("OSMData", b"", Packing::Raw);
    refuses(
        0,
        &[
            (no_header, "does not begin with a header"),
            (b"\0\x02\0\0".to_vec(), "more than 65536 bytes"),
            (b"\0\0\0\x05ab".to_vec(), "ends within a blob"),
            (b"\0\0".to_vec(), "ends within a blob"),
            (framed("OSMHeader", b"\x48\x01"), "holds no data"),
        ],
    );
}

#[test]
fn a_blob_that_cannot_be_unpacked_is_named_with_its_place() {
    let data = zlib(b"123");
    refuses(
        header(Packing::Raw).len(),
        &[
            (with_content(&field(7, b"zstd")), "lzma, bzip2, lz4 or zstd"),
            (
                with_content(&[number(2, 4), field(3, b"no zlib")].concat()),
                "cannot be unpacked",
            ),
            (
                with_content(&[number(2, 4), field(3, &data)].concat()),
                "another size than it says",
            ),
            (
                with_content(&[number(2, 2), field(3, &data)].concat()),
                "another size than it says",
            ),
            (
                with_content(&[number(2, u64::MAX), field(3, &data)].concat()),
                "more than 33554432 bytes",
            ),
            (with_content(&field(3, &data)), "another size than it says"),
        ],
    );
}

#[test]
fn wrong_counts_and_numbers_are_named_with_their_place() {
    let strings = ["", "amenity", "toilets"];
    let dense = |ids: &[i64], lats: &[i64], lons: &[i64], tags: &[u64]| {
        let column = |number, values: &[i64]| field(number, &deltas(values.iter().copied()));
        let tags = if tags.is_empty() {
            Vec::new()
        } else {
            field(10, &packed(tags.iter().copied()))
        };
        let columns = [column(1, ids), column(8, lats), column(9, lons), tags].concat();
        with_data(&block(&strings, &field(2, &columns)))
    };
    let way = |fields: &[u8]| with_data(&block(&strings, &field(3, fields)));
    refuses(
        header(Packing::Raw).len(),
        &[
            (with_data(b"\x0a\x05ab"), "in the middle of a field"),
            (dense(&[1, 2], &[1, 2], &[1], &[]), "different lengths"),
            (dense(&[1], &[1, 2], &[1], &[]), "different lengths"),
            (dense(&[1], &[1], &[1], &[1, 2]), "different lengths"),
            (dense(&[1], &[1], &[1], &[1, 9, 0]), "names a text"),
            (dense(&[1], &[i64::MAX], &[1], &[]), "more than 64 bits"),
            (way(&field(2, &packed([1]))), "different lengths"),
            (way(b""), "has no id"),
            (way(&number(2, 7)), "expected bytes"),
        ],
    );
}

#[test]
fn a_file_with_history_is_refused() {
    let features = [field(4, b"OsmSchema-V0.6"), field(4, b"HistoricalInformation")].concat();
    assert!(reason(&blob("OSMHeader", &features, Packing::Raw)).contains("without history"));
}

#[test]
fn a_member_of_an_unknown_kind_and_unknown_fields_are_passed_over() {
    let relation = [
        number(1, 7),
        field(2, &packed([1, 3])),
        field(3, &packed([2, 4])),
        field(9, &deltas([1, 2])),
        field(10, &packed([9, 77])),
    ];
    let strings = ["", "amenity", "toilets", "type", "multipolygon"];
    let data = block(
        &strings,
        &[field(4, &relation.concat()), field(6, b"?"), number(99, 1)].concat(),
    );
    let other = blob("OSMOther", b"anything", Packing::Raw);
    let imported = osm::register(&[with_data(&data), other].concat());
    assert_eq!((imported.stations.len(), imported.rows), (0, 1));
}

#[test]
fn a_blob_that_unpacks_to_far_more_than_it_says_is_not_unpacked() {
    let bomb = zlib(&vec![0; 64 << 20]);
    assert!(bomb.len() < 100_000);
    for size in [10, 32 << 20] {
        let reason = reason(&with_content(&[number(2, size), field(3, &bomb)].concat()));
        assert!(reason.contains("another size than it says"), "{reason}");
    }
}

#[test]
fn a_small_file_that_unpacks_to_more_than_64_megabytes_is_refused() {
    let message = block(&[], &field(9, &vec![0; 31 << 20]));
    let one = framed(
        "OSMData",
        &[number(2, message.len() as u64), field(3, &zlib(&message))].concat(),
    );
    let bytes = [header(Packing::Raw), one.repeat(3)].concat();
    assert!(bytes.len() < 1 << 20);
    assert!(reason(&bytes).contains("far more than any map"));
}

#[test]
fn tags_that_name_one_long_text_many_times_are_refused() {
    let long = "x".repeat(1 << 20);
    let count = 300;
    let same = || packed(std::iter::repeat_n(2, count));
    let tags = packed((0..count).flat_map(|_| [1, 2, 3, 4, 0]));
    let columns = [
        field(1, &same()),
        field(8, &same()),
        field(9, &same()),
        field(10, &tags),
    ]
    .concat();
    let data = block(&["", "amenity", "toilets", "name", &long], &field(2, &columns));
    assert!(reason(&with_data(&data)).contains("tags of the stations"));
}

#[test]
fn a_file_that_ends_anywhere_is_refused_or_read_up_to_a_whole_blob() {
    let bytes = city().bytes(Packing::Zlib);
    let whole = (0..bytes.len()).filter(|end| {
        let outcome = parse(&bytes[..*end], "city.osm.pbf", None, &ImportOptions::default());
        outcome.is_ok()
    });
    assert_eq!(whole.count(), 3, "the header; with nodes; with ways");
}

proptest! {
    #[test]
    fn bytes_that_start_like_an_extract_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), is_data in any::<bool>()) {
        let file = if is_data { with_data(&bytes) } else { [header(Packing::Raw), bytes].concat() };
        let _outcome = parse(&file, "city.osm.pbf", None, &ImportOptions::default());
    }

    #[test]
    fn an_extract_with_changed_bytes_never_panics(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        for packing in [Packing::Raw, Packing::Zlib] {
            let mut bytes = city().bytes(packing);
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            let _outcome = parse(&bytes, "city.osm.pbf", None, &ImportOptions::default());
        }
    }
}
