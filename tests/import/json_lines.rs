//! JSON lines: objects and features, one a line.

use std::fmt::Write as _;

use super::*;

fn lines(text: &str) -> ReadFile {
    read_with(text.as_bytes(), "t.jsonl", &Mapping::default())
}

#[test]
fn objects_and_features_are_read_a_line_each() {
    let read = lines(concat!(
        "{\"编号\":\"1\",\"名称\":\"甲\",\"经度\":109.5,\"纬度\":18.25,\"微波炉\":true}\r\n\n",
        "{\"type\":\"Feature\",\"id\":2,\"geometry\":{\"type\":\"Point\",\"coordinates\":[109.6,18.25]},\"properties\":{\"name\":\"乙\"}}\n",
        "\u{1e}{\"id\":\"3\",\"name\":\"丙\",\"坐标\":\"18.25,109.7\",\"colour\":1}\n",
        "{\"id\":\"4\",\"name\":\"丁\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[109.8,18.25]}}\n",
        "{\"id\":\"5\",\"name\":\"戊\",\"coordinates\":[109.9,18.25]}\n",
        "{\"id\":\"6\",\"name\":\"己\",\"address\":\"一路\"}\n",
    ));
    assert_eq!(names(&read), ["甲", "乙", "丙", "丁", "戊"]);
    assert_eq!(
        read.rows.iter().map(|row| row.number).collect::<Vec<_>>(),
        [1, 3, 4, 5, 6]
    );
    let lons: Vec<f64> = read
        .rows
        .iter()
        .map(|row| row.station.location.place().lon_deg())
        .collect();
    assert_eq!(lons, [109.5, 109.6, 109.7, 109.8, 109.9]);
    assert_eq!(
        read.rows[0].station.facilities.state(Facility::Microwave),
        FacilityState::Yes
    );
    assert_eq!(read.unplaced[0].address(), Some("一路"));
    assert_eq!(
        codes(&read),
        ["ignored_columns", "latitude_first", "missing_coordinate"]
    );
    assert_eq!((read.format, read.header_row), (ImportFormat::JsonLines, None));
}

#[test]
fn json_lines_are_found_by_content_and_load_as_a_register() {
    let text = "{\"id\":\"1\",\"name\":\"甲\",\"lon\":109.5,\"lat\":18.25}\n{\"id\":\"2\",\"name\":\"乙\",\"lon\":109.6,\"lat\":18.25}";
    for name in ["t.json", "t", "t.ndjson"] {
        let imported = parse(text.as_bytes(), name, None, &ImportOptions::default()).unwrap();
        assert_eq!(imported.stations.len(), 2, "{name}");
        assert_eq!(imported.files[0].format, ImportFormat::JsonLines);
    }
}

#[test]
fn a_bad_line_carries_its_number_and_does_not_stop_the_rest() {
    let read = lines(
        "7\n{\"name\":\"甲\"\n{\"name\":\"乙\",\"lon\":109.5,\"lat\":18.25}\n{\"type\":\"Feature\",\"geometry\":{\"type\":\"LineString\"},\"properties\":{\"name\":\"丙\"}}\n",
    );
    assert_eq!(names(&read), ["乙"]);
    let found: Vec<(u64, &str)> = read
        .problems
        .iter()
        .map(|problem| (problem.row, problem.code))
        .collect();
    assert_eq!(
        found,
        [
            (0, "ids_made"),
            (1, "not_an_object"),
            (2, "invalid_json"),
            (4, "not_a_point")
        ]
    );
}

#[test]
fn many_lines_keep_their_numbers_across_blocks() {
    let mut text = String::new();
    for at in 0..45_000 {
        writeln!(text, "{{\"id\":\"{at}\",\"name\":\"第{at}号驿站\",\"lon\":109.5,\"lat\":18.{at:05},\"address\":\"某市某区某路一个很长的地址\"}}").expect("a string takes everything");
    }
    let read = lines(&text);
    assert_eq!((read.rows.len(), read.errors), (45_000, 0));
    assert!(
        read.rows
            .iter()
            .zip(1..)
            .all(|(row, number)| row.number == number)
    );
}

#[test]
fn a_feature_without_a_geometry_is_a_row_without_a_place_for_changes() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","geometry":null,"properties":{"name":"甲","address":"一路"}}]}"#;
    let read = read_with(text.as_bytes(), "t.geojson", &Mapping::default());
    assert_eq!(
        (read.unplaced[0].name(), codes(&read)),
        ("甲", vec!["missing_coordinate"])
    );
}

#[test]
fn a_mapping_reads_properties_and_gives_one_of_them_two_meanings() {
    let mapping = Mapping::from_json(
        r#"{"columns":{"amenity":["name","facilities"]},"values":{"facilities":{"toilets":"toilet"},"name":{"toilets":"公厕"}}}"#,
    )
    .unwrap();
    let text =
        "{\"amenity\":\"toilets\",\"lon\":1,\"lat\":2}\n{\"amenity\":\"shower\",\"lon\":1,\"lat\":3}\n";
    let read = read_with(text.as_bytes(), "t.jsonl", &mapping);
    assert_eq!(names(&read), ["公厕", "shower"]);
    let state = |row: usize, facility| read.rows[row].station.facilities.state(facility);
    assert_eq!(state(0, Facility::Toilet), FacilityState::Yes);
    assert_eq!(state(1, Facility::Shower), FacilityState::Yes);
}
