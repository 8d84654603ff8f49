//! Tables in every encoding, with and without a byte order mark: what is written is read back the same.

use std::fmt::Write as _;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use proptest::prelude::*;

use super::*;

/// A text in an encoding, with or without a byte order mark.
fn encoded(text: &str, encoding: &'static Encoding, has_mark: bool) -> Vec<u8> {
    let marked = if has_mark {
        format!("\u{feff}{text}")
    } else {
        text.to_owned()
    };
    if encoding == UTF_16LE {
        return marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    if encoding == UTF_16BE {
        return marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
    }
    encoding.encode(&marked).0.into_owned()
}

const ALL: [(&Encoding, bool); 7] = [
    (UTF_8, false),
    (UTF_8, true),
    (GB18030, false),
    (UTF_16LE, true),
    (UTF_16BE, true),
    (UTF_16LE, false),
    (UTF_16BE, false),
];

const TABLE: &str = "编号,站点名称,地址,经度,纬度,开放时间\n1,河东路驿站,\"三亚市河东路1号,二楼\",109.513,18.2527,周一至周五 08:30-17:30\n";

#[test]
fn one_table_gives_the_same_stations_in_every_encoding() {
    let plain = rows(TABLE);
    for (encoding, has_mark) in ALL {
        let read = read_with(&encoded(TABLE, encoding, has_mark), "t.csv", &Mapping::default());
        assert_eq!(read.rows, plain.rows, "{}", encoding.name());
        assert!(
            read.encoding
                .is_some_and(|name| name.eq_ignore_ascii_case(encoding.name()))
        );
        let is_guess = !has_mark && encoding != UTF_8;
        assert_eq!(
            codes(&read) == ["encoding_guessed"],
            is_guess,
            "{:?}",
            read.problems
        );
    }
    let collection = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"1","geometry":{"type":"Point","coordinates":[109.513,18.2527]},"properties":{"name":"河东路驿站"}}]}"#;
    for (encoding, has_mark) in ALL {
        let read = read_with(
            &encoded(collection, encoding, has_mark),
            "t.geojson",
            &Mapping::default(),
        );
        assert_eq!(names(&read), ["河东路驿站"], "{}", encoding.name());
    }
}

#[test]
fn a_large_table_in_another_encoding_is_read_across_blocks() {
    let mut text = String::from("编号,站点名称,经度,纬度,地址\n");
    for row in 0..45_000 {
        writeln!(text, "{row},第{row}号驿站,109.{row:05},18.25,某市某区某街道某路第{row}号院内东侧一层大厅左手第一间，门口有驿站标志").expect("a string takes everything");
    }
    for encoding in [UTF_8, GB18030, UTF_16LE] {
        let read = read_with(&encoded(&text, encoding, false), "t.csv", &Mapping::default());
        assert_eq!((read.rows.len(), read.errors), (45_000, 0), "{}", encoding.name());
        assert_eq!(read.rows[44_999].number, 45_001);
        assert_eq!(&*read.rows[44_999].station.name, "第44999号驿站");
    }
}

#[test]
fn a_mapping_may_name_the_encoding() {
    let bytes = encoded("名称,经度,纬度\n甲,109.5,18.25\n", GB18030, false);
    let mapping = Mapping::from_json(r#"{"encoding":"gbk"}"#).unwrap();
    let read = read_with(&bytes, "t.csv", &mapping);
    assert_eq!((names(&read), read.encoding), (vec!["甲"], Some("GB18030")));
    assert!(!codes(&read).contains(&"encoding_guessed"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn what_is_written_in_any_encoding_or_workbook_is_read_back_the_same(
        cells in proptest::collection::vec(("[\u{4e00}-\u{9fa5}a-z]{1,8}", "[\u{4e00}-\u{9fa5}0-9,;\"|，； ]{0,12}"), 1..12),
        pick in 0..ALL.len(),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["编号", "站点名称", "地址", "经度", "纬度", "开放时间"]).unwrap();
        let bytes = sheets::book(|sheet| {
            sheets::write(sheet, 0, &["编号|站点名称|地址|经度|纬度"]);
            for (row, (name, address)) in (1..).zip(&cells) {
                sheet.write_string(row, 0, row.to_string()).unwrap();
                sheet.write_string(row, 1, name).unwrap();
                sheet.write_string(row, 2, address).unwrap();
                sheet.write_number(row, 3, 109.5).unwrap();
                sheet.write_number(row, 4, 18.0 + f64::from(row) / 100.0).unwrap();
            }
        });
        for (row, (name, address)) in (1..).zip(&cells) {
            let (id, lat) = (row.to_string(), (18.0 + f64::from(row) / 100.0).to_string());
            writer.write_record([&*id, name, address, "109.5", &lat, ""]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let (encoding, has_mark) = ALL[pick];
        let table = read_with(&encoded(&text, encoding, has_mark), "t.csv", &Mapping::default());
        let sheet = read_with(&bytes, "t.xlsx", &Mapping::default());
        for read in [&table, &sheet] {
            let found: Vec<(&str, &str)> = read.rows.iter()
                .map(|row| (&*row.station.name, row.station.address.as_deref().unwrap_or_default()))
                .collect();
            let expected: Vec<(&str, &str)> = cells.iter().map(|(name, address)| (&**name, address.trim())).collect();
            prop_assert_eq!(found, expected, "{}", encoding.name());
        }
    }
}
