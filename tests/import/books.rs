//! Workbooks of the other two formats: ods, which the tests write themselves, and xls, a fixture.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use yizhan::import::MAX_WORKBOOK_BYTES;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

/// An ods file with the given tables.
fn ods(tables: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    archive.start_file("mimetype", stored).expect("written to memory");
    archive
        .write_all(b"application/vnd.oasis.opendocument.spreadsheet")
        .expect("written to memory");
    let files = [
        (
            "META-INF/manifest.xml",
            r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#
                .to_owned(),
        ),
        (
            "content.xml",
            format!(
                r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
            ),
        ),
    ];
    for (name, text) in files {
        archive
            .start_file(name, SimpleFileOptions::default())
            .expect("written to memory");
        archive.write_all(text.as_bytes()).expect("written to memory");
    }
    archive.finish().expect("written to memory").into_inner()
}

fn text_cell(text: &str) -> String {
    format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
}

fn row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

fn table(name: &str, rows: &str) -> String {
    format!(r#"<table:table table:name="{name}">{rows}</table:table>"#)
}

#[test]
fn an_ods_file_is_read_with_its_days_numbers_merged_cells_and_repetitions() {
    let header = row(
        &["区县", "名称", "经度", "纬度", "启用日期", "开门时间", "关门时间"]
            .map(text_cell)
            .concat(),
    );
    let value = |kind: &str, attribute: &str, value: &str| {
        format!(r#"<table:table-cell office:value-type="{kind}" office:{attribute}="{value}"/>"#)
    };
    let first = row(&format!(
        r#"<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>吉阳区</text:p></table:table-cell>{}{}{}{}{}{}"#,
        text_cell("甲"),
        value("float", "value", "109.513"),
        value("float", "value", "18.2527"),
        value("date", "date-value", "2024-05-01"),
        value("time", "time-value", "PT08H30M00S"),
        value("time", "time-value", "PT17H30M00S"),
    ));
    let second = row(&format!(
        r#"<table:covered-table-cell/>{}{}{}<table:table-cell table:number-columns-repeated="16380"/>"#,
        text_cell("乙"),
        text_cell("109.6"),
        text_cell("18.25"),
    ));
    let tail = r#"<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let title = row(&text_cell("一览表"));
    let sheets = format!(
        "{}{}",
        table("说明", &row(&text_cell("请填写"))),
        table("站点", &format!("{title}{header}{first}{second}{tail}"))
    );
    let read = read_with(&ods(&sheets), "t.ods", &Mapping::default());
    assert_eq!((names(&read), read.format), (vec!["甲", "乙"], ImportFormat::Ods));
    assert_eq!((read.sheet.as_deref(), read.header_row), (Some("站点"), Some(2)));
    let districts: Vec<_> = read
        .rows
        .iter()
        .map(|row| row.station.district.as_deref())
        .collect();
    assert_eq!(districts, [Some("吉阳区"), Some("吉阳区")]);
    let first = &read.rows[0].station;
    assert_eq!(first.opened_on.unwrap().to_string(), "2024-05-01");
    assert_eq!(first.hours.osm.as_deref(), Some("08:30-17:30"));
    assert_eq!(first.location.place().lon_deg().to_bits(), 109.513_f64.to_bits());
}

#[test]
fn an_ods_file_that_would_blow_up_is_refused() {
    let cell = r#"<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>"#;
    let bytes = ods(&table("a", &row(cell).repeat(5_000)));
    assert!(bytes.len() < 50_000);
    let error = refused(&bytes, "t.ods");
    assert!(matches!(error, ImportError::SheetTooLarge { .. }), "{error}");
}

#[test]
fn a_zip_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("xl/workbook.xml", SimpleFileOptions::default())
        .unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..(yizhan::import::MAX_UNPACKED_BYTES >> 20) {
        archive.write_all(&zeros).unwrap();
    }
    archive.write_all(b"0").unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 2 << 20);
    let error = refused(&bytes, "t.xlsx");
    assert!(error.to_string().contains("when unpacked"), "{error}");
}

#[test]
fn a_workbook_above_the_limit_is_refused() {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(usize::try_from(MAX_WORKBOOK_BYTES).unwrap() + 1, 0);
    assert!(matches!(
        refused(&bytes, "t.xlsx"),
        ImportError::SheetTooLarge { .. }
    ));
    bytes.pop();
    assert!(matches!(refused(&bytes, "t.xlsx"), ImportError::Workbook { .. }));
}

fn old_workbook() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/fixtures/stations.xls"))
        .expect("the fixture")
}

#[test]
fn an_xls_file_is_read_with_its_title_merged_districts_days_and_total() {
    let read = read_with(&old_workbook(), "stations.xls", &Mapping::default());
    assert_eq!(names(&read), ["河东路驿站", "迎宾路驿站", "解放路驿站"]);
    assert_eq!(
        (read.format, read.sheet.as_deref(), read.header_row),
        (ImportFormat::Xls, Some("站点"), Some(2))
    );
    let districts: Vec<_> = read
        .rows
        .iter()
        .map(|row| row.station.district.as_deref().unwrap())
        .collect();
    assert_eq!(districts, ["吉阳区", "吉阳区", "天涯区"]);
    let days: Vec<String> = read
        .rows
        .iter()
        .map(|row| row.station.opened_on.unwrap().to_string())
        .collect();
    assert_eq!(days, ["2024-05-01", "2023-12-31", "2025-01-02"]);
    assert_eq!(read.rows[0].station.phone.as_deref(), Some("13800138000"));
    let microwave: Vec<_> = read
        .rows
        .iter()
        .map(|row| row.station.facilities.state(Facility::Microwave))
        .collect();
    assert_eq!(
        microwave,
        [FacilityState::Yes, FacilityState::No, FacilityState::Yes]
    );
    assert_eq!(
        codes(&read),
        ["other_sheets", "ignored_columns", "ids_made", "row_left_out"]
    );
}

#[test]
fn an_xls_file_that_claims_cells_at_the_far_ends_is_refused() {
    let mut bytes = old_workbook();
    // The record with the dimensions of a sheet: kind 0x0200, 14 bytes; the last row is made to be the last there is.
    let at = bytes
        .windows(4)
        .rposition(|window| window == [0x00, 0x02, 14, 0])
        .expect("dimensions");
    bytes[at + 8..at + 12].copy_from_slice(&u32::MAX.to_le_bytes());
    let error = refused(&bytes, "t.xls");
    assert!(matches!(error, ImportError::SheetTooLarge { .. }), "{error}");
}

#[test]
fn an_xlsx_file_whose_row_number_no_counter_holds_is_refused() {
    let sheet = |number: &str| {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let packed = "http://schemas.openxmlformats.org/package/2006/relationships";
        let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
        let head = [cell("A1", "名称"), cell("B1", "经度"), cell("C1", "纬度")].concat();
        let values = [cell("A2", "海边驿站"), cell("B2", "109.2"), cell("C2", "18.1")].concat();
        let relation = |kind: &str, target: &str| {
            format!(
                r#"<Relationships xmlns="{packed}"><Relationship Id="r1" Type="{office}/{kind}" Target="{target}"/></Relationships>"#
            )
        };
        let files = [
            ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
            (
                "xl/_rels/workbook.xml.rels",
                relation("worksheet", "worksheets/sheet1.xml"),
            ),
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(
                    r#"<worksheet xmlns="{main}"><sheetData><row r="1">{head}</row><row r="{number}">{values}</row></sheetData></worksheet>"#
                ),
            ),
        ];
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            archive
                .start_file(name, SimpleFileOptions::default())
                .expect("written to memory");
            archive.write_all(text.as_bytes()).expect("written to memory");
        }
        archive.finish().expect("written to memory").into_inner()
    };
    assert_eq!(
        read_with(&sheet("2"), "t.xlsx", &Mapping::default()).rows.len(),
        1
    );
    for number in ["4294967298", "99999999999999999999"] {
        let error = refused(&sheet(number), "t.xlsx");
        assert!(matches!(error, ImportError::Workbook { .. }), "{number}: {error}");
    }
}

#[test]
fn a_protected_or_damaged_workbook_says_so() {
    let error = refused(
        &[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat(),
        "t.xls",
    );
    assert!(
        matches!(error, ImportError::Workbook { .. }) && error.to_string().contains("damaged"),
        "{error}"
    );
    let error = refused(b"PK\x03\x04 and no more", "t.xlsx");
    assert!(matches!(error, ImportError::Workbook { .. }), "{error}");
}
