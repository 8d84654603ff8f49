//! Tables: headers, separators, lines, cells.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

#[test]
fn a_chinese_header_with_a_byte_order_mark_and_crlf_is_read() {
    let text = "\u{feff}编号, 站点名称 ,经度,纬度,坐标系,营业时间,状态\r\n1,\"甲,乙\"\"驿站\"\"\",109.5,18.25,高德,24小时,正常\r\n";
    let imported = csv(text);
    let station = only(&imported);
    assert_eq!((station.id.as_str(), &*station.name), ("1", "甲,乙\"驿站\""));
    assert_eq!(station.location.datum(), Datum::Gcj02);
    assert_eq!(station.hours.osm.as_deref(), Some("24/7"));
    assert!(imported.problems.is_empty(), "{:?}", imported.problems);
}

#[test]
fn the_separator_is_found_in_the_header_line() {
    for separator in [",", ";", "\t"] {
        let text = ["id,name,lon,lat,address", "a,甲,109.5,18.25,某路1号"]
            .join("\n")
            .replace(',', separator);
        assert_eq!(
            only(&csv(&text)).address.as_deref(),
            Some("某路1号"),
            "{separator:?}"
        );
    }
    // Commas inside a quoted name do not count.
    assert_eq!(
        csv("\"id\";\"name\";\"lon\";\"lat\";\"a,b,c,d,e\"\n1;甲;109.5;18.25;x\n")
            .stations
            .len(),
        1
    );
}

#[test]
fn headers_are_found_whatever_their_case_and_blanks() {
    let imported = csv(" ID ,Name,LONGITUDE, Latitude ,Opening_Hours\na,甲,109.5,18.25,Mo-Fr 09:00-17:00\n");
    assert_eq!(only(&imported).hours.osm.as_deref(), Some("Mo-Fr 09:00-17:00"));
}

#[test]
fn missing_columns_are_named_with_what_was_found() {
    let error = refused("编号,名称,地址\n1,甲,某路\n".as_bytes(), "t.csv");
    let ImportError::MissingColumns { missing, found, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(missing.len(), 2);
    assert_eq!(found, &["编号", "名称", "地址"]);
    let text = error.to_string();
    assert!(
        text.contains("lon / lng / longitude / long / 经度") && text.contains("`地址`"),
        "{text}"
    );
}

#[test]
fn unknown_columns_give_one_warning_for_the_file_that_names_them() {
    let imported =
        csv("id,name,lon,lat,foo,,open_hours_inferred\na,甲,109.5,18.25,1,,全天\nb,乙,109.6,18.25,2,,全天\n");
    let warning = problem(&imported, "ignored_columns", Severity::Warning);
    assert_eq!(warning.row, 0);
    assert!(
        warning.message.contains("`foo`, `open_hours_inferred`"),
        "{warning}"
    );
    assert!(
        imported
            .stations
            .iter()
            .all(|station| station.hours.osm.is_none() && station.hours.text.is_none())
    );
}

#[test]
fn of_two_columns_for_one_thing_the_first_counts_and_the_second_is_named() {
    let imported = csv("id,name,lon,lat,地址,address\na,甲,109.5,18.25,一,二\n");
    assert_eq!(only(&imported).address.as_deref(), Some("一"));
    assert!(
        problem(&imported, "repeated_columns", Severity::Warning)
            .message
            .contains("`address`")
    );
}

#[test]
fn rows_are_numbered_by_the_physical_line_on_which_they_start() {
    for end in ["\n", "\r\n", "\r"] {
        let lines = [
            "id,name,lon,lat,address",
            "a,甲,x,18,\"一",
            "二\"",
            "",
            "b,乙,x,18,",
            ",,,,",
            "c,丙,x,18,",
        ];
        let imported = csv(&lines.join(end));
        let rows: Vec<u64> = imported.problems.iter().map(|problem| problem.row).collect();
        assert_eq!(rows, [2, 5, 7], "{end:?}");
        assert_eq!(imported.rows, 3);
    }
    let imported = csv("\n\nid,name,lon,lat\na,甲,x,18\n");
    assert_eq!(imported.problems[0].row, 4);
    assert_eq!(
        imported.problems[0]
            .to_string()
            .split(": ")
            .take(2)
            .collect::<Vec<_>>(),
        ["t.csv:4", "lon"]
    );
}

#[test]
fn blank_tail_rows_are_skipped_silently() {
    let imported = csv("id,name,lon,lat\na,甲,109.5,18.25\n,,,\n, ,　,\n\n\n");
    only(&imported);
    assert!(imported.problems.is_empty() && imported.rows == 1);
}

#[test]
fn rows_with_too_few_or_too_many_cells_are_errors_with_both_counts() {
    let imported = csv("id,name,lon,lat\na,甲,109.5\nb,乙,109.5,18.25,x\nc,丙,109.5,18.25\n");
    assert_eq!(only(&imported).id.as_str(), "c");
    assert_eq!(imported.errors, 2);
    let texts: Vec<String> = imported.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts[0],
        "t.csv:2: the row has `3` cells; expected 4, as the header line has"
    );
    assert!(texts[1].contains("`5` cells"), "{texts:?}");
}

#[test]
fn a_file_without_an_id_column_gets_the_same_ids_in_every_import() {
    let text = "name,lon,lat\n甲,109.5,18.25\n乙,109.5,18.25\n";
    let (first, second) = (csv(text), csv(&format!("{text}丙,109.6,18.3\n")));
    problem(&first, "ids_made", Severity::Warning);
    assert!(
        first
            .stations
            .iter()
            .all(|station| station.id.as_str().len() == 18)
    );
    assert!(
        first
            .stations
            .iter()
            .all(|station| second.stations.iter().any(|other| other.id == station.id))
    );
    assert_eq!(first.stations.len(), 2);
}

#[test]
fn an_empty_id_in_an_id_column_is_an_error() {
    let imported = csv("id,name,lon,lat\n,甲,109.5,18.25\n");
    assert_eq!(
        problem(&imported, "missing_value", Severity::Error)
            .field
            .as_deref(),
        Some("id")
    );
}

#[test]
fn the_second_row_of_an_id_is_an_error_that_names_the_first() {
    let imported = csv("id,name,lon,lat\nb,乙,109.6,18.25\na,甲,109.5,18.25\nb,丙,109.7,18.25\n");
    let ids: Vec<&str> = imported
        .stations
        .iter()
        .map(|station| station.id.as_str())
        .collect();
    assert_eq!(ids, ["a", "b"], "ordered by id");
    assert_eq!(&*imported.stations[1].name, "乙");
    let error = problem(&imported, "duplicate_id", Severity::Error);
    assert_eq!(error.row, 4);
    assert!(
        error.message.contains("`b` is already used at t.csv:2"),
        "{error}"
    );
}

#[test]
fn one_name_within_50_metres_is_a_possible_duplicate_and_beyond_it_is_not() {
    let row = |id: &str, lat: f64| format!("{id},甲,109.5,{lat}\n");
    let text = |lat| format!("id,name,lon,lat\n{}{}", row("a", 18.25), row("b", lat));
    let imported = csv(&text(18.2504));
    assert_eq!(imported.stations.len(), 2);
    let warning = problem(&imported, "possible_duplicate", Severity::Warning);
    assert!(
        warning.row == 3 && warning.message.contains("44 m away, id `a` at t.csv:2"),
        "{warning}"
    );
    assert!(csv(&text(18.2506)).problems.is_empty());
}

#[test]
fn an_empty_table_and_a_header_alone_differ() {
    assert!(matches!(refused(b" \r\n", "t.csv"), ImportError::Empty { .. }));
    let imported = csv("id,name,lon,lat");
    assert!(imported.stations.is_empty() && imported.problems.is_empty());
}

#[test]
fn a_large_table_keeps_its_order_lines_and_problems() {
    let mut text = String::from("id,name,lon,lat,address\n");
    for i in 0..100_000 {
        let lat = if i % 1000 == 7 {
            "x".to_owned()
        } else {
            format!("{:.6}", 18.0 + f64::from(i) / 1e5)
        };
        writeln!(text, "s{i:06},站点{i},109.5,{lat},\"两行\n地址{i}\"").expect("a string takes everything");
    }
    let imported = csv(&text);
    assert_eq!(
        (imported.stations.len(), imported.rows, imported.errors),
        (99_900, 100_000, 100)
    );
    assert_eq!(imported.warnings, 99_900);
    assert!(imported.stations.is_sorted_by(|a, b| a.id < b.id));
    let errors = imported
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error);
    let rows: Vec<u64> = errors.map(|problem| problem.row).collect();
    assert_eq!(
        rows,
        (0..100).map(|i| 2 + 2 * (i * 1000 + 7)).collect::<Vec<u64>>()
    );
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_refused_at_its_line() {
    let mut text = "id,name,lon,lat\na,甲,109.5,18.25\nb,\"乙,109.5,18.25\n".to_owned();
    text.push_str(&"c,丙,109.5,18.25\n".repeat(1_500_000));
    let error = refused(text.as_bytes(), "t.csv");
    assert!(
        matches!(error, ImportError::RecordTooLong { line: 3, .. }),
        "{error}"
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic_as_a_table(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _result = parse(&bytes, "t.csv", Some(ImportFormat::Csv), &ImportOptions::default());
    }

    #[test]
    fn arbitrary_cells_never_panic_and_give_ordered_unique_ids(text in "([a-c12,;\"\n\r有无:\\-. ]|109\\.5|18\\.2|,){0,200}") {
        let text = format!("id,name,lon,lat,hours,facilities,微波炉\n{text}");
        if let Ok(imported) = parse(text.as_bytes(), "t.csv", None, &ImportOptions::default()) {
            prop_assert!(imported.stations.is_sorted_by(|a, b| a.id < b.id));
            prop_assert!(imported.stations.len() as u64 <= imported.rows);
        }
    }
}
