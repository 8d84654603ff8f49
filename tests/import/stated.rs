//! What a row states, and rows without a place.

use proptest::prelude::*;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::field::Field;
use yizhan::domain::station::Location;
use yizhan::import::Stated;

use super::*;

fn fields(stated: &Stated) -> Vec<&'static str> {
    stated.fields.iter().map(Field::word).collect()
}

fn facilities(stated: &Stated) -> Vec<&'static str> {
    stated.facilities.iter().map(Facility::word).collect()
}

#[test]
fn a_row_states_what_its_cells_say_and_an_empty_or_unreadable_cell_states_nothing() {
    let read = rows(
        "编号,名称,经度,纬度,电话,启用日期,微波炉,卫生间,空调,设施\n1,甲,109.5,18.25,,昨天,有,未知,-,饮水;wifi=no\n2,乙,109.6,18.25,123,,,,,\n",
    );
    let [first, second] = [&read.rows[0].stated, &read.rows[1].stated];
    assert_eq!(fields(first), ["name", "location", "facilities"]);
    assert_eq!(
        facilities(first),
        ["microwave", "drinking_water", "toilet", "wifi"]
    );
    assert_eq!(fields(second), ["name", "location", "phone"]);
    assert!(facilities(second).is_empty() && first.id && !first.datum);
}

#[test]
fn an_empty_cell_states_not_known_where_the_mapping_says_so() {
    let mapping = Mapping::from_json(r#"{"empty_is_unknown":["phone","hours","facility:toilet"]}"#).unwrap();
    let text = "名称,经度,纬度,电话,卫生间,微波炉\n甲,109.5,18.25,,,\n";
    let read = read_with(text.as_bytes(), "t.csv", &mapping);
    let row = &read.rows[0];
    // There is no column of hours, so that nothing is said of them.
    assert_eq!(fields(&row.stated), ["name", "location", "facilities", "phone"]);
    assert_eq!(
        (facilities(&row.stated), row.station.phone.as_deref()),
        (vec!["toilet"], None)
    );
}

#[test]
fn hours_in_words_and_a_contradiction_are_stated_or_not() {
    let read = rows("名称,经度,纬度,开放时间,设施\n甲,109.5,18.25,随营业时间,微波炉;microwave=no\n");
    assert_eq!(fields(&read.rows[0].stated), ["name", "location", "hours"]);
}

#[test]
fn a_row_without_a_coordinate_is_kept_with_its_address_and_can_be_placed_later() {
    let read = rows(
        "编号,名称,经度,纬度,地址,电话\n1,甲,,,河东路1号,12351\n,乙,0,0,,\n3,丙,109.6,18.25,,\n4,丁,109.6,,,\n5,戊,x,18,,\n",
    );
    assert_eq!(names(&read), ["丙"]);
    assert_eq!(
        codes(&read),
        [
            "missing_coordinate",
            "null_island",
            "missing_value",
            "not_a_number"
        ]
    );
    let fix = coded(&read, "missing_coordinate").fix.clone().unwrap();
    assert!(
        fix.en.contains("`河东路1号`") && fix.zh.contains("`河东路1号`"),
        "{fix:?}"
    );
    assert_eq!(coded(&read, "null_island").value.as_deref(), Some("0,0"));
    let [first, second] = &read.unplaced[..] else {
        panic!("{:?}", read.unplaced)
    };
    assert_eq!(
        (first.number, first.name(), first.address()),
        (2, "甲", Some("河东路1号"))
    );
    assert_eq!(first.id().map(|id| id.as_str().to_owned()), Some("1".to_owned()));
    assert_eq!(fields(&first.stated), ["name", "address", "phone"]);
    assert_eq!((second.id(), second.name()), (None, "乙"));
    let place = Location::new(LonLat::new(109.513, 18.2527).unwrap(), Datum::Gcj02);
    let row = second.clone().at(place);
    assert_eq!(row.station.location, place);
    assert!(row.station.id.as_str().starts_with("m-") && row.stated.fields.contains(Field::Location));
    let same = rows("名称,经度,纬度,coord\n乙,109.513,18.2527,gcj02\n");
    assert_eq!(
        row.station.id, same.rows[0].station.id,
        "the id that the row would have had with its place"
    );
    assert_eq!(first.clone().at(place).station.id.as_str(), "1");
}

#[test]
fn a_table_without_coordinates_can_update_stations_by_their_ids() {
    let table = rows("编号,名称,开放时间\n1,甲,24小时\n2,乙,8:00-20:00\n");
    assert!(table.rows.is_empty() && table.unplaced.len() == 2);
    assert_eq!(codes(&table), ["no_coordinates"]);
    assert_eq!(fields(&table.unplaced[0].stated), ["name", "hours"]);
    let without_name = read(
        "t.csv",
        &mut "编号,地址\n1,甲\n".as_bytes(),
        &ReadOptions::default(),
        &|_| {},
    );
    assert!(matches!(without_name, Err(ImportError::MissingColumns { .. })));
}

#[test]
fn the_datum_comes_from_the_header_when_nothing_else_says_it() {
    let read = rows("名称,高德经度,高德纬度\n甲,109.5,18.25\n");
    assert_eq!(read.rows[0].station.location.datum(), Datum::Gcj02);
    assert!(!read.rows[0].stated.datum && codes(&read).contains(&"datum_from_header"));
    let read = rows("名称,经度,纬度,坐标系\n甲,109.5,18.25,百度\n");
    assert_eq!(
        (read.rows[0].station.location.datum(), read.rows[0].stated.datum),
        (Datum::Bd09, true)
    );
}

#[test]
fn problems_name_the_column_its_letter_the_value_and_the_fix() {
    let read = rows("序号,编号,名称,经度,纬度,座位数\n1,a,甲,18.25,109.51,很多\n2,b,乙,109.5,18.25,很多\n");
    let swapped = coded(&read, "swapped_axes");
    assert_eq!(
        (swapped.field.as_deref(), swapped.letter.as_deref()),
        (Some("纬度"), Some("E"))
    );
    assert_eq!(swapped.value.as_deref(), Some("18.25,109.51"));
    let fix = swapped.fix.as_ref().unwrap();
    assert_eq!(fix.en, "swap longitude and latitude: 109.51,18.25");
    assert_eq!(fix.zh, "对调经度和纬度：109.51,18.25");
    let seats = coded(&read, "not_a_number");
    assert_eq!(
        (seats.letter.as_deref(), seats.value.as_deref()),
        (Some("F"), Some("很多"))
    );
    let read = rows("名称,坐标\n甲,\"109.5,18.25,3\"\n");
    let bad = coded(&read, "bad_coordinates");
    assert_eq!(
        (bad.letter.as_deref(), bad.value.as_deref()),
        (Some("B"), Some("109.5,18.25,3"))
    );
}

#[test]
fn every_row_is_a_station_a_row_without_a_place_or_an_error() {
    let read = rows("编号,名称,经度,纬度\n1,甲,109.5,18.25\n2,,109.5,18.25\n3,丙,,\n");
    assert_eq!(
        (read.rows.len(), read.unplaced.len(), read.errors, read.rows_seen),
        (1, 1, 2, 3)
    );
}

#[test]
fn a_file_of_too_many_rows_for_changes_is_refused_one_above_the_limit() {
    let most = usize::try_from(yizhan::import::MAX_SHEET_ROWS).unwrap();
    let lines = |count: usize| format!("name,lon,lat\n{}", "a\n".repeat(count));
    let options = ReadOptions::default();
    let read_all = |text: String| read("t.csv", &mut text.as_bytes(), &options, &|_| {});
    assert_eq!(read_all(lines(most)).unwrap().rows_seen, most as u64);
    assert!(matches!(
        read_all(lines(most + 1)),
        Err(ImportError::SheetTooLarge { .. })
    ));
}

proptest! {
    #[test]
    fn no_row_is_lost(cells in proptest::collection::vec("[a-c]{0,2},(109\\.5|x|0|),(18\\.2|y|0|)", 0..20)) {
        let text = format!("name,lon,lat\n{}\n", cells.join("\n"));
        let read = rows(&text);
        let left_out: std::collections::BTreeSet<u64> = read.problems.iter()
            .filter(|problem| problem.severity == Severity::Error && problem.row > 0)
            .map(|problem| problem.row)
            .collect();
        let kept: Vec<u64> = read.rows.iter().map(|row| row.number).collect();
        prop_assert_eq!(kept.len() + left_out.len(), usize::try_from(read.rows_seen).unwrap());
        prop_assert!(kept.iter().all(|row| !left_out.contains(row)));
    }
}
