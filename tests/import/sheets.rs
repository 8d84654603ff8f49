//! Sheets as people make them: titles, headers of two rows, merged cells, totals, days, numbers, remarks.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::*;

/// A workbook of one sheet.
pub fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

/// Writes rows of texts, cells separated by `|`, from a row on.
pub fn write(sheet: &mut Worksheet, first: u32, lines: &[&str]) {
    for (row, line) in (first..).zip(lines) {
        for (column, cell) in (0..).zip(line.split('|')) {
            if !cell.is_empty() {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
}

fn read_book(bytes: &[u8]) -> ReadFile {
    read_with(bytes, "站点.xlsx", &Mapping::default())
}

/// A sheet with titles, a header of two rows, merged cells, full-width digits, blank rows, a total and a remark.
fn messy_sheet() -> Vec<u8> {
    let plain = Format::new();
    book(|sheet| {
        sheet
            .merge_range(0, 0, 0, 8, "三亚市户外劳动者服务站点一览表", &plain)
            .expect("a cell");
        sheet
            .merge_range(1, 0, 1, 8, "填表日期：2026年5月1日", &plain)
            .expect("a cell");
        for (column, name) in (0..).zip(["序号", "区县", "站点名称", "经度", "纬度"]) {
            sheet
                .merge_range(2, column, 3, column, name, &plain)
                .expect("a cell");
        }
        sheet.merge_range(2, 5, 2, 7, "服务设施", &plain).expect("a cell");
        sheet.merge_range(2, 8, 3, 8, "联系电话", &plain).expect("a cell");
        write(sheet, 3, &["|||||饮水机|微波炉|卫生间"]);
        sheet.merge_range(4, 1, 5, 1, "吉阳区", &plain).expect("a cell");
        write(
            sheet,
            4,
            &[
                "1||河东路驿站|109.513|１８．２５２７|√|有(2个)|×",
                "2||迎宾路驿站|109.5571|18.2631|1|0|",
                "3|天涯区|解放路驿站|109.501|18.241|有|无|是",
                "||||",
                "合计||3个",
                "备注：以上数据由各区工会提供",
            ],
        );
        sheet.merge_range(5, 8, 6, 8, "12351", &plain).expect("a cell");
        sheet.write_blank(60, 3, &plain).expect("a cell");
    })
}

#[test]
fn a_sheet_with_every_usual_fault_is_read_and_what_was_done_is_named() {
    let read = read_book(&messy_sheet());
    assert_eq!(names(&read), ["河东路驿站", "迎宾路驿站", "解放路驿站"]);
    assert_eq!(
        (read.format, read.header_row, read.rows_seen),
        (ImportFormat::Xlsx, Some(3), 3)
    );
    assert_eq!(
        read.titles,
        ["三亚市户外劳动者服务站点一览表", "填表日期：2026年5月1日"]
    );
    let districts: Vec<_> = read
        .rows
        .iter()
        .map(|row| row.station.district.as_deref().unwrap())
        .collect();
    assert_eq!(districts, ["吉阳区", "吉阳区", "天涯区"]);
    let phones: Vec<_> = read.rows.iter().map(|row| row.station.phone.as_deref()).collect();
    assert_eq!(phones, [None, Some("12351"), Some("12351")]);
    let state = |row: usize, facility| read.rows[row].station.facilities.state(facility);
    let water = [0, 1, 2].map(|row| state(row, Facility::DrinkingWater));
    assert_eq!(water, [FacilityState::Yes; 3]);
    let microwave = [0, 1, 2].map(|row| state(row, Facility::Microwave));
    assert_eq!(
        microwave,
        [FacilityState::Yes, FacilityState::No, FacilityState::No]
    );
    let toilet = [0, 1, 2].map(|row| state(row, Facility::Toilet));
    assert_eq!(
        toilet,
        [FacilityState::No, FacilityState::Unknown, FacilityState::Yes]
    );
    assert_eq!(
        read.rows.iter().map(|row| row.number).collect::<Vec<_>>(),
        [5, 6, 7]
    );
    assert_eq!(
        codes(&read),
        [
            "ignored_columns",
            "ids_made",
            "merged_cells",
            "row_left_out",
            "row_left_out"
        ]
    );
    let merged = coded(&read, "merged_cells");
    assert!(
        merged.row == 6 && merged.message.contains("I6:I7") && merged.message.contains("`12351`"),
        "{merged}"
    );
    assert!(
        coded(&read, "row_left_out").message.contains("`合计 3个`"),
        "{:?}",
        read.problems
    );
}

#[test]
fn days_times_and_numbers_of_a_sheet_are_read_as_a_person_sees_them() {
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let time = Format::new().set_num_format("hh:mm");
    let bytes = book(|sheet| {
        write(
            sheet,
            0,
            &["编号|名称|经度|纬度|启用日期|座位数|开门时间|关门时间|电话|地址"],
        );
        sheet.write_number(1, 0, 7).unwrap();
        write(sheet, 1, &["|甲|||||||"]);
        sheet.write_number(1, 2, 109.513).unwrap();
        sheet.write_number(1, 3, 18.2527).unwrap();
        let opened = ExcelDateTime::from_ymd(2024, 5, 1).unwrap();
        sheet.write_datetime_with_format(1, 4, &opened, &day).unwrap();
        sheet.write_number(1, 5, 12).unwrap();
        sheet
            .write_datetime_with_format(1, 6, ExcelDateTime::from_hms(8, 30, 0).unwrap(), &time)
            .unwrap();
        sheet
            .write_datetime_with_format(1, 7, ExcelDateTime::from_hms(17, 30, 0).unwrap(), &time)
            .unwrap();
        sheet.write_number(1, 8, 13_800_138_000.0).unwrap();
        sheet.write_string(1, 9, "河东路1号\n二楼").unwrap();
        write(sheet, 2, &["8|乙|109.52|18.25|45413|||  |１３９－１"]);
        write(sheet, 3, &["9|丙|109.53|18.25|2024年5月1日"]);
    });
    let read = read_book(&bytes);
    let first = &read.rows[0].station;
    assert_eq!(
        (first.id.as_str(), first.seats, first.phone.as_deref()),
        ("7", Some(12), Some("13800138000"))
    );
    assert_eq!(first.hours.osm.as_deref(), Some("08:30-17:30"));
    assert_eq!(first.address.as_deref(), Some("河东路1号；二楼"));
    assert!(
        read.rows
            .iter()
            .all(|row| row.station.opened_on.unwrap().to_string() == "2024-05-01")
    );
    assert_eq!(read.rows[1].station.phone.as_deref(), Some("139-1"));
    assert_eq!(codes(&read), ["date_from_number"]);
    let problem = &read.problems[0];
    assert_eq!(
        (problem.row, problem.letter.as_deref(), problem.value.as_deref()),
        (3, Some("E"), Some("45413"))
    );
}

#[test]
fn the_first_sheet_with_a_header_is_read_and_the_others_are_named() {
    let mut book = Workbook::new();
    write(
        book.add_worksheet().set_name("说明").unwrap(),
        0,
        &["请逐行填写", "谢谢"],
    );
    write(
        book.add_worksheet().set_name("站点").unwrap(),
        0,
        &["名称|经度|纬度", "甲|109.5|18.25"],
    );
    write(
        book.add_worksheet().set_name("旧").unwrap(),
        0,
        &["名称|经度|纬度", "乙|109.6|18.25"],
    );
    let bytes = book.save_to_buffer().unwrap();
    let first = read_book(&bytes);
    assert_eq!(
        (names(&first), first.sheet.as_deref()),
        (vec!["甲"], Some("站点"))
    );
    assert_eq!(first.other_sheets, ["说明", "旧"]);
    assert!(coded(&first, "other_sheets").message_zh.contains("`说明`, `旧`"));
    let wanted = Mapping::from_json(r#"{"sheet":"旧"}"#).unwrap();
    assert_eq!(names(&read_with(&bytes, "a.xlsx", &wanted)), ["乙"]);
    let missing = Mapping::from_json(r#"{"sheet":"新"}"#).unwrap();
    let options = ReadOptions {
        mapping: Some(&missing),
        ..ReadOptions::default()
    };
    let error = read("a.xlsx", &mut &bytes[..], &options, &|_| {}).unwrap_err();
    assert!(
        error.to_string().contains("`新`") && error.to_string().contains("`旧`"),
        "{error}"
    );
}

#[test]
fn a_register_is_loaded_from_a_workbook_as_from_a_table() {
    let bytes = book(|sheet| write(sheet, 0, &["id|name|lon|lat|hours", "a|甲|109.5|18.25|24小时"]));
    let imported = parse(&bytes, "a.bin", None, &ImportOptions::default()).unwrap();
    assert_eq!(only(&imported).hours.osm.as_deref(), Some("24/7"));
    assert_eq!(imported.files[0].format, ImportFormat::Xlsx);
    let without = book(|sheet| write(sheet, 0, &["id|name", "a|甲"]));
    assert!(matches!(
        refused(&without, "a.xlsx"),
        ImportError::MissingColumns { .. }
    ));
}

#[test]
fn a_table_in_text_has_titles_totals_and_a_header_of_two_rows_too() {
    let read = rows(
        "三亚市户外劳动者服务站点一览表,,,,,\n\n序号,名称,坐标,服务设施,,备注\n,,,饮水机,微波炉,\n1,甲,\"18.25,109.5\",有,无,\n\
         序号,名称,坐标,服务设施,,备注\n2,乙,\"109.6,18.25\",×,√,\n合计,2,,,,\n",
    );
    assert_eq!(names(&read), ["甲", "乙"]);
    assert_eq!(read.header_row, Some(3));
    assert_eq!(read.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [5, 7]);
    let place = read.rows[0].station.location.place();
    assert_eq!((place.lon_deg(), place.lat_deg()), (109.5, 18.25));
    assert!(coded(&read, "latitude_first").message.starts_with("`1` cells"));
}

#[test]
fn separators_are_found_by_content() {
    for separator in [",", ";", "\t", "|", "，", "；"] {
        let text = [
            "名称@经度@纬度@地址",
            "甲@109.5@18.25@\"一@二\"",
            "乙@109.6@18.25@三",
        ]
        .join("\n");
        let read = rows(&text.replace('@', separator));
        assert_eq!(names(&read), ["甲", "乙"], "{separator:?}");
        if separator != "\t" {
            let expected = format!("一{separator}二");
            assert_eq!(
                read.rows[0].station.address.as_deref(),
                Some(&*expected),
                "{separator:?}"
            );
        }
    }
}

#[test]
fn errors_of_formulas_count_as_empty_and_are_named() {
    let bytes = book(|sheet| {
        write(sheet, 0, &["名称|经度|纬度|地址", "甲|109.5|18.25"]);
        sheet
            .write_formula(1, 3, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!"))
            .unwrap();
    });
    let read = read_book(&bytes);
    assert_eq!(names(&read), ["甲"]);
    assert_eq!(
        read.rows[0].station.address, None,
        "{:?}",
        read.rows[0].station.address
    );
    assert!(
        coded(&read, "cell_errors").message.contains("D2"),
        "{:?}",
        read.problems
    );
}

#[test]
fn a_merged_name_is_never_spread() {
    let plain = Format::new();
    let bytes = book(|sheet| {
        write(sheet, 0, &["名称|经度|纬度"]);
        sheet.merge_range(1, 0, 2, 0, "甲", &plain).unwrap();
        write(sheet, 1, &["|109.5|18.25", "|109.6|18.25"]);
    });
    let read = read_book(&bytes);
    assert_eq!(names(&read), ["甲"]);
    assert!(
        coded(&read, "merged_cells")
            .message
            .contains("the first row only")
    );
    let missing = coded(&read, "missing_value");
    assert_eq!((missing.row, missing.letter.as_deref()), (3, Some("A")));
}
