//! Whole files: formats, folders, encodings, districts and standards.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::fs;

use yizhan::domain::standard::Requirement;
use yizhan::import::{MAX_FILE_BYTES, load, load_districts, parse_districts, parse_standards};

use super::*;

#[test]
fn the_format_is_told_by_the_name_then_by_the_first_byte() {
    let table = b"id,name,lon,lat\na,b,109.5,18.25\n";
    let collection = br#" {"type":"FeatureCollection","features":[]}"#;
    let format = |bytes: &[u8], name: &str| {
        parse(bytes, name, None, &ImportOptions::default()).unwrap().files[0].format
    };
    assert_eq!(format(table, "a.TSV"), ImportFormat::Csv);
    assert_eq!(format(table, "a"), ImportFormat::Csv);
    assert_eq!(format(collection, "a.json"), ImportFormat::GeoJson);
    assert_eq!(format(collection, "upload"), ImportFormat::GeoJson);
    assert!(matches!(refused(b"", "a"), ImportError::Empty { .. }));
}

#[test]
fn a_folder_is_read_by_name_and_ids_are_unique_across_files() {
    let folder = tempfile::tempdir().unwrap();
    let row = |id: &str, lat: f64| format!("id,name,lon,lat\n{id},甲{id},109.5,{lat}\n");
    fs::write(folder.path().join("b.csv"), row("1", 18.1)).unwrap();
    fs::write(folder.path().join("a.csv"), row("1", 18.2) + "2,乙,109.5,18.3\n").unwrap();
    fs::write(
        folder.path().join("c.geojson"),
        r#"{"type":"FeatureCollection","features":[]}"#,
    )
    .unwrap();
    fs::write(folder.path().join("readme.txt"), "x").unwrap();
    let seen = RefCell::new(Vec::new());
    let progress = |done, total| seen.borrow_mut().push((done, total));
    let imported = load(&[folder.path().to_owned()], &ImportOptions::default(), &progress).unwrap();
    let files: Vec<(u64, u64)> = imported
        .files
        .iter()
        .map(|file| (file.rows, file.stations))
        .collect();
    assert_eq!(files, [(2, 2), (1, 0), (0, 0)]);
    let error = problem(&imported, "duplicate_id", Severity::Error);
    assert!(
        error.file.ends_with("b.csv") && error.message.contains("a.csv:2"),
        "{error}"
    );
    let seen = seen.into_inner();
    assert!(
        seen.is_sorted() && seen.iter().all(|(done, total)| done <= total),
        "{seen:?}"
    );
}

#[test]
fn files_that_cannot_be_read_and_folders_without_stations_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let load_one = |path| load(&[path], &ImportOptions::default(), &|_, _| {}).unwrap_err();
    assert!(matches!(
        load_one(folder.path().to_owned()),
        ImportError::EmptyFolder { .. }
    ));
    let error = load_one(folder.path().join("missing.csv"));
    assert!(
        matches!(error, ImportError::Read { .. }) && error.to_string().contains("missing.csv"),
        "{error}"
    );
}

#[test]
fn a_file_above_the_limit_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.csv");
    fs::File::create(&path)
        .unwrap()
        .set_len(MAX_FILE_BYTES + 1)
        .unwrap();
    let error = load(&[path], &ImportOptions::default(), &|_, _| {}).unwrap_err();
    assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
}

#[test]
fn a_table_in_another_encoding_is_read_with_a_warning_that_shows_a_line_of_it() {
    let mut table = "id,name,lon,lat\n".as_bytes().to_vec();
    // 郑州工会 in GB18030.
    table.extend_from_slice(b"b,\xd6\xa3\xd6\xdd\xb9\xa4\xbb\xe1,109.6,18.25\n");
    let imported = parse(&table, "t.csv", None, &ImportOptions::default()).unwrap();
    assert_eq!(&*only(&imported).name, "郑州工会");
    let warning = problem(&imported, "encoding_guessed", Severity::Warning);
    assert!(
        warning.message.contains("GB18030") && warning.message.contains("`b,郑州工会,109.6,18.25`"),
        "{warning}"
    );
    let utf16: Vec<u8> = "\u{feff}编号,name,经度,纬度\n1,甲,109.5,18.25\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let imported = parse(&utf16, "t.csv", None, &ImportOptions::default()).unwrap();
    assert!(
        imported.problems.is_empty(),
        "a byte order mark is no guess: {:?}",
        imported.problems
    );
    only(&imported);
    let latin = parse(
        b"id,name,lon,lat\na,caf\xe9,109,18\n",
        "t.csv",
        None,
        &ImportOptions::default(),
    )
    .unwrap();
    assert_eq!(&*only(&latin).name, "café");
}

#[test]
fn a_text_with_a_broken_character_names_the_line_and_shows_it() {
    let mut table = "id,name,lon,lat\n".to_owned();
    for row in 0..40 {
        writeln!(table, "{row},站点{row},109.{row},18.25").expect("a string takes everything");
    }
    let mut table = table.into_bytes();
    table.extend_from_slice(b"x,\xff\xfe,109.6,18.25\n");
    let error = refused(&table, "t.csv");
    assert!(matches!(error, ImportError::NotText { line: 42, .. }), "{error}");
    assert!(
        error.to_string().contains("`x,\u{fffd}\u{fffd},109.6,18.25`"),
        "{error}"
    );
    let binary: Vec<u8> = (0..=255).cycle().take(4000).collect();
    assert!(matches!(
        refused(&binary, "t.csv"),
        ImportError::UnknownFormat { .. }
    ));
    assert!(matches!(
        refused(b"<html><table>", "t.xls"),
        ImportError::UnknownFormat { .. }
    ));
}

#[test]
fn the_bundled_data_loads_without_a_problem() {
    let data = |name: &str| {
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("data")
            .join(name)
    };
    let imported = load(
        &[data("demo_city.geojson")],
        &ImportOptions::default(),
        &|_, _| {},
    )
    .unwrap();
    assert_eq!(imported.stations.len(), 74);
    assert!(imported.problems.is_empty(), "{:?}", imported.problems);
    assert!(imported.stations.iter().all(|station| station.synthetic));
    let districts = load_districts(&data("districts.geojson")).unwrap();
    assert_eq!(districts.len(), 4);
    for station in &imported.stations {
        let district = districts
            .iter()
            .find(|district| district.adcode == station.adcode)
            .unwrap();
        assert!(
            district.contains(station.location.place()),
            "{} lies outside {}",
            station.name,
            district.name
        );
    }
    let standards = parse_standards(&fs::read_to_string(data("standards.json")).unwrap()).unwrap();
    assert_eq!(standards.len(), 5);
    assert!(
        standards[4]
            .items
            .iter()
            .any(|item| item.requirement == Requirement::MinFloorAreaM2(25.0))
    );
}

#[test]
fn standards_are_written_as_they_were_read() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/standards.json");
    let text = fs::read_to_string(path).unwrap();
    let standards = parse_standards(&text).unwrap();
    let written = serde_json::json!({ "standards": standards })
        .to_string()
        .replace("25.0", "25");
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), read);
}

#[test]
fn a_standard_with_an_unknown_word_is_refused() {
    let standard = |requirement: &str, level: &str| {
        format!(
            r#"{{"standards":[{{"id":"s","name":{{"zh":"标","en":"s"}},"issuer":"i","source":"s","items":[{{"id":"a","name":{{"zh":"甲","en":"a"}},"requirement":{requirement},"level":"{level}"}}]}}]}}"#
        )
    };
    assert!(parse_standards(&standard(r#"{"facility":"toilet"}"#, "recommended")).is_ok());
    for (requirement, level) in [
        (r#"{"facility":"sauna"}"#, "required"),
        (r#"{"any_of":[]}"#, "required"),
        (r#"{"min_floor_area_m2":-1}"#, "required"),
        (r#"{"facility":"toilet"}"#, "wanted"),
        (r#"{"colour":"red"}"#, "required"),
        (r#"{"map_listing_any_of":["google"]}"#, "required"),
    ] {
        let error = parse_standards(&standard(requirement, level))
            .unwrap_err()
            .to_string();
        assert!(error.contains("expected"), "{error}");
    }
}

#[test]
fn districts_without_a_name_or_an_area_are_refused_with_their_number() {
    let collection = |feature: &str| format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
    let ring = r#"{"type":"Polygon","coordinates":[[[109,18],[110,18],[110,19],[109,18]]]}"#;
    let feature = |properties: &str, geometry: &str| {
        collection(&format!(
            r#"{{"type":"Feature","id":"156460203","properties":{properties},"geometry":{geometry}}}"#
        ))
    };
    let districts = parse_districts(feature(r#"{"name":"吉阳区"}"#, ring).as_bytes(), "d.json").unwrap();
    assert_eq!(districts[0].adcode.as_deref(), Some("460203"));
    for (properties, geometry) in [
        ("null", ring),
        (r#"{"name":"甲"}"#, "null"),
        (r#"{"name":"甲"}"#, r#"{"type":"Point","coordinates":[109,18]}"#),
    ] {
        let error = parse_districts(feature(properties, geometry).as_bytes(), "d.json").unwrap_err();
        assert!(
            matches!(error, ImportError::District { feature: 1, .. }),
            "{error}"
        );
    }
    for (text, line) in [("{\"type\":\"FeatureCollection\",\n", 2), ("[]", 1)] {
        let error = parse_districts(text.as_bytes(), "d.json").unwrap_err();
        assert!(
            matches!(error, ImportError::NotGeoJson { line: found, .. } if found == line),
            "{error}"
        );
    }
}
