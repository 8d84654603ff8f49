//! The copy of a sheet with a column of remarks.

use calamine::{Data, Reader as _, Xlsx};
use yizhan::domain::language::Language;
use yizhan::import::CopyFormat;

use super::sheets::{book, write};
use super::*;

fn copy(read: &ReadFile, bytes: &[u8], to: CopyFormat, language: Language) -> Vec<u8> {
    read.copy_with_remarks(bytes, &read.remarks(language), (to, language))
        .expect("a copy in UTF-8")
}

fn lines(copy: Vec<u8>) -> Vec<String> {
    let text = String::from_utf8(copy).expect("a copy in UTF-8");
    text.strip_prefix('\u{feff}')
        .expect("a mark for spreadsheet programs")
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_table_is_copied_with_what_is_wrong_in_each_row() {
    let text =
        "一览表,,,\n名称,经度,纬度,地址\n甲,18.25,109.51,一路\n乙,109.6,18.25,\"二路,东\"\n丙,,,三路\n";
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let read = read_with(&gb, "t.csv", &Mapping::default());
    let english = lines(copy(&read, &gb, CopyFormat::Csv, Language::En));
    assert_eq!(english[0], "一览表,,,,");
    assert_eq!(english[1], "名称,经度,纬度,地址,Remark");
    assert!(
        english[2].starts_with("甲,18.25,109.51,一路,\"error [C 纬度]: `18.25,109.51` has latitude first"),
        "{}",
        english[2]
    );
    assert!(
        english[2].ends_with("(fix: swap longitude and latitude: 109.51,18.25)\""),
        "{}",
        english[2]
    );
    assert_eq!(english[3], "乙,109.6,18.25,\"二路,东\",");
    let chinese = lines(copy(&read, &gb, CopyFormat::Csv, Language::Zh));
    assert_eq!(chinese[1], "名称,经度,纬度,地址,备注");
    assert!(
        chinese[4].contains("错误[B 经度]：该行没有坐标") && chinese[4].contains("按地址 `三路` 查找"),
        "{}",
        chinese[4]
    );
}

#[test]
fn a_sheet_is_copied_as_a_workbook_with_its_cells_where_they_were() {
    let bytes = book(|sheet| {
        write(
            sheet,
            1,
            &[
                "名称|经度|纬度|备注|电话",
                "甲|18.25|109.51|x|0012",
                "",
                "乙|109.6|18.25||",
            ],
        );
        sheet.write_number(4, 1, 109.6).unwrap();
    });
    let read = read_with(&bytes, "t.xlsx", &Mapping::default());
    let copied = copy(&read, &bytes, CopyFormat::Xlsx, Language::Zh);
    assert_eq!(
        copied,
        copy(&read, &bytes, CopyFormat::Xlsx, Language::Zh),
        "the same bytes"
    );
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(copied)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let cell = |row, column| range.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(
        cell(1, 5),
        Data::String("导入备注".to_owned()),
        "a column 备注 is there already"
    );
    assert_eq!(cell(4, 1), Data::Float(109.6));
    assert_eq!(cell(2, 4), Data::String("0012".to_owned()));
    assert!(matches!(cell(2, 5), Data::String(remark) if remark.contains("对调经度和纬度：109.51,18.25")));
    assert_eq!((cell(3, 0), cell(4, 5)), (Data::Empty, Data::Empty));
}

#[test]
fn the_copy_can_be_put_right_and_read_again() {
    let text = "编号,名称,经度,纬度\n1,甲,18.25,109.51\n2,乙,109.6,18.25\n";
    let read = rows(text);
    for to in [CopyFormat::Csv, CopyFormat::Xlsx] {
        let copied = copy(&read, text.as_bytes(), to, Language::Zh);
        let again = read_with(&copied, "copy", &Mapping::default());
        assert_eq!((names(&again), again.errors), (vec!["乙"], 1), "{to:?}");
        assert_eq!(again.rows, read.rows);
    }
}

#[test]
fn rows_of_json_are_listed_with_their_remarks() {
    let text = "{\"id\":\"a\",\"name\":\"甲\",\"lon\":109.5,\"lat\":18.25}\n7\n";
    let read = read_with(text.as_bytes(), "t.jsonl", &Mapping::default());
    let lines = lines(copy(&read, text.as_bytes(), CopyFormat::Csv, Language::En));
    assert_eq!(lines[..2], ["row,id,name,Remark", "1,a,甲,"]);
    assert!(
        lines[2].starts_with("2,,,error: `7` is no object"),
        "{}",
        lines[2]
    );
    assert!(!copy(&read, text.as_bytes(), CopyFormat::Xlsx, Language::Zh).is_empty());
}

#[test]
fn separators_of_the_source_do_not_matter() {
    let text = "名称，经度，纬度\n甲，x，18.25\n";
    let read = rows(text);
    let lines = lines(copy(&read, text.as_bytes(), CopyFormat::Csv, Language::Zh));
    assert_eq!(lines[0], "名称,经度,纬度,备注");
    assert!(
        lines[1].starts_with("甲,x,18.25,错误[B 经度]：`x` 不是数字"),
        "{}",
        lines[1]
    );
}
