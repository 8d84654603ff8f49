//! Mapping files: what they change, how they are remembered, and what is wrong with them.

use yizhan::import::{MAX_MAPPING_BYTES, MAX_MAPPING_ENTRIES, MappingError, Recognised, Target};

use super::*;

fn error(text: &str) -> MappingError {
    Mapping::from_json(text).expect_err(text)
}

#[test]
fn a_mapping_reads_columns_that_no_name_tells() {
    let mapping = Mapping::from_json(
        r#"{"header_row":2,"datum":"gcj02",
            "columns":{"场地":"name","B":["address","aliases"],"东":"lon","北":"lat","ウォーター":"facility:drinking_water","电话":"ignore"},
            "values":{"facility":{"○":"yes","無":"no"},"status":{"営業中":"open"}},
            "constants":{"host":"bank_branch","status":"suspended","wifi":"yes"}}"#,
    )
    .unwrap();
    let text = "名称,经度,纬度,,,\n场地,哪里,东,北,ウォーター,电话\n甲,一路,109.5,18.25,○,1\n乙,二路,109.6,18.25,無,2\n";
    let read = read_with(text.as_bytes(), "t.csv", &mapping);
    assert_eq!((names(&read), read.header_row), (vec!["甲", "乙"], Some(2)));
    let station = &read.rows[0].station;
    assert_eq!(
        (station.address.as_deref(), &*station.aliases[0]),
        (Some("一路"), "一路")
    );
    assert_eq!(station.location.datum(), Datum::Gcj02);
    assert_eq!(station.status.word(), "suspended");
    assert_eq!(
        (station.host.unwrap().word(), station.phone.as_deref()),
        ("bank_branch", None)
    );
    let water = |row: usize| read.rows[row].station.facilities.state(Facility::DrinkingWater);
    assert_eq!((water(0), water(1)), (FacilityState::Yes, FacilityState::No));
    assert_eq!(station.facilities.state(Facility::Wifi), FacilityState::Yes);
    assert!(
        read.rows[0].stated.datum && codes(&read) == ["ids_made"],
        "{:?}",
        read.problems
    );
}

#[test]
fn the_mapping_is_shown_and_read_back_from_json_it_reads_the_same() {
    let text = "序号,站点名称,经度,纬度,微波炉,电话,联系电话\n1,甲,109.5,18.25,有,1,2\n";
    let read = rows(text);
    let shown: Vec<(&str, &str, String, Recognised)> = read
        .columns
        .iter()
        .map(|column| {
            (
                &*column.letter,
                &*column.header,
                column.targets.join("+"),
                column.recognised,
            )
        })
        .collect();
    assert_eq!(shown[0], ("A", "序号", String::new(), Recognised::Unknown));
    assert_eq!(shown[1], ("B", "站点名称", "name".to_owned(), Recognised::ByName));
    assert_eq!(
        shown[4],
        ("E", "微波炉", "facility:microwave".to_owned(), Recognised::ByName)
    );
    assert_eq!(shown[6].3, Recognised::Repeated);
    let remembered = Mapping::from_json(&read.mapping.to_json()).unwrap();
    assert_eq!(remembered, read.mapping);
    assert_eq!(
        remembered.columns["微波炉"],
        [Target::from_word("facility:microwave").unwrap()]
    );
    let again = read_with(text.as_bytes(), "t.csv", &remembered);
    assert_eq!((again.rows, &again.mapping), (read.rows, &remembered));
    assert_eq!(again.columns[1].recognised, Recognised::ByMapping);
}

#[test]
fn a_column_that_the_mapping_names_and_the_file_lacks_is_a_warning() {
    let mapping = Mapping::from_json(r#"{"columns":{"网址":"source"}}"#).unwrap();
    let table = read_with("名称,经度,纬度\n甲,109.5,18.25\n".as_bytes(), "t.csv", &mapping);
    assert!(coded(&table, "mapped_columns_absent").message.contains("`网址`"));
    let mapping = Mapping::from_json(r#"{"header_row":7}"#).unwrap();
    let options = ReadOptions {
        mapping: Some(&mapping),
        ..ReadOptions::default()
    };
    let error = read("t.csv", &mut "名称,经度\n甲,1\n".as_bytes(), &options, &|_| {}).unwrap_err();
    assert!(
        matches!(error, ImportError::NoHeaderRow { row: 7, .. }),
        "{error}"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn an_error_of_a_mapping_names_the_member_the_value_and_what_was_expected() {
    for (text, member, value, expected) in [
        ("[]", "the file", "[]", "a JSON object"),
        ("{", "the file", "EOF", "a JSON object"),
        (r#"{"colums":{}}"#, "a member", "colums", "columns"),
        (r#"{"columns":{"名":"nmae"}}"#, "columns.名", "nmae", "name"),
        (r#"{"columns":{"名":3}}"#, "columns.名", "3", "name"),
        (r#"{"columns":{"名":[]}}"#, "columns.名", "[]", "name"),
        (
            r#"{"columns":{"名":"facility:sauna"}}"#,
            "columns.名",
            "facility:sauna",
            "microwave",
        ),
        (r#"{"columns":[]}"#, "columns", "[]", "a JSON object"),
        (r#"{"header_row":0}"#, "header_row", "0", "a row number from 1"),
        (r#"{"datum":"mars"}"#, "datum", "mars", "wgs84, gcj02 or bd09"),
        (r#"{"encoding":"klingon"}"#, "encoding", "klingon", "GB18030"),
        (r#"{"sheet":" "}"#, "sheet", " ", "a text"),
        (
            r#"{"values":{"facility":{"○":"ja"}}}"#,
            "values.facility.○",
            "ja",
            "yes, no, unknown, out_of_order",
        ),
        (
            r#"{"values":{"status":{"○":"ja"}}}"#,
            "values.status.○",
            "ja",
            "planned, open",
        ),
        (
            r#"{"values":{"hosts":{}}}"#,
            "a member of values",
            "hosts",
            "facility, or id",
        ),
        (
            r#"{"constants":{"host":"church"}}"#,
            "constants.host",
            "church",
            "union",
        ),
        (
            r#"{"constants":{"id":"1"}}"#,
            "a member of constants",
            "id",
            "the same in all rows",
        ),
        (
            r#"{"empty_is_unknown":["name"]}"#,
            "empty_is_unknown",
            "name",
            "may lack",
        ),
        (
            r#"{"empty_is_unknown":"phone"}"#,
            "empty_is_unknown",
            "phone",
            "a list",
        ),
    ] {
        let error = error(text);
        assert_eq!(error.member, member, "{text}: {error}");
        assert!(
            error.value.contains(value) && error.expected.contains(expected),
            "{text}: {error}"
        );
        assert!(error.to_string().starts_with("mapping: "), "{error}");
    }
}

#[test]
fn the_limits_of_a_mapping_hold_at_the_limit_and_one_above() {
    let padded = |bytes: usize| format!("{}{{}}", " ".repeat(bytes - 2));
    assert!(Mapping::from_json(&padded(MAX_MAPPING_BYTES)).is_ok());
    assert_eq!(error(&padded(MAX_MAPPING_BYTES + 1)).member, "the file");
    let columns = |count: usize| {
        let entries: Vec<String> = (0..count).map(|at| format!(r#""c{at}":"ignore""#)).collect();
        format!(r#"{{"columns":{{{}}}}}"#, entries.join(","))
    };
    assert!(Mapping::from_json(&columns(MAX_MAPPING_ENTRIES)).is_ok());
    assert_eq!(error(&columns(MAX_MAPPING_ENTRIES + 1)).member, "columns");
}
