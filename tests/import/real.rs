//! Real registers, which lie beside a checkout.

use yizhan::import::load;

use super::*;

#[test]
fn the_register_of_zhengzhou_loads_with_its_stated_hours_and_nothing_guessed() {
    let Some(path) = shared_data::path("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let imported = load(&[path], &ImportOptions::default(), &|_, _| {}).unwrap();
    assert_eq!(
        (imported.stations.len(), imported.rows, imported.errors),
        (82, 82, 0)
    );
    assert!(
        imported
            .stations
            .iter()
            .all(|station| station.location.datum() == Datum::Gcj02)
    );
    let stated = |station: &&Station| station.hours.osm.is_some() || station.hours.text.is_some();
    assert_eq!(imported.stations.iter().filter(stated).count(), 22);
    // "工作日开放" (twice) states no times, but that it is closed on all other days.
    assert_eq!(
        imported
            .stations
            .iter()
            .filter(|station| station.hours.osm.is_some())
            .count(),
        22
    );
    let first = imported
        .stations
        .iter()
        .find(|station| station.id.as_str() == "1")
        .unwrap();
    let (original, place) = (first.location.original(), first.location.place());
    assert_eq!(
        (original.lon_deg(), original.lat_deg()),
        (113.564_525, 34.819_187)
    );
    assert!(
        (place.lon_deg() - original.lon_deg()).abs() > 0.003,
        "converted to WGS-84"
    );
    let mut codes: Vec<&str> = imported.problems.iter().map(|problem| problem.code).collect();
    codes.retain(|code| *code != "possible_duplicate");
    assert_eq!(codes, ["ignored_columns", "hours_inferred", "hours_inferred"]);
}

#[test]
fn the_public_toilets_of_takamatsu_load_by_their_latitude_and_longitude_columns() {
    let Some(text) = shared_data::read("toilets-takamatsu/public_toilet.csv") else {
        return;
    };
    let imported = parse(
        text.as_bytes(),
        "public_toilet.csv",
        None,
        &ImportOptions::default(),
    )
    .unwrap();
    assert_eq!(
        (imported.stations.len(), imported.rows, imported.errors),
        (169, 169, 0),
        "{:?}",
        imported.problems
    );
    let first = imported
        .stations
        .iter()
        .find(|station| station.id.as_str() == "1")
        .unwrap();
    assert_eq!(
        (&*first.name, first.address.as_deref()),
        ("高松市片原町公衆便所", Some("香川県高松市片原町9番地9"))
    );
    // Seven toilets of one park share a name and a coordinate.
    assert!(
        imported
            .problems
            .iter()
            .any(|problem| problem.code == "possible_duplicate")
    );
    assert!(
        imported
            .problems
            .iter()
            .any(|problem| problem.message.contains("`multifunctionalRestroom`"))
    );
}

#[test]
fn the_register_of_zhengzhou_is_read_for_changes_row_by_row() {
    let Some(text) = shared_data::read("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let read = rows(&text);
    assert_eq!((read.rows.len(), read.rows_seen, read.errors), (82, 82, 0));
    assert!(
        read.rows
            .iter()
            .zip(2..)
            .all(|(row, number)| row.number == number && row.stated.id && row.stated.datum)
    );
    let hours = read
        .rows
        .iter()
        .filter(|row| row.stated.fields.contains(yizhan::domain::field::Field::Hours));
    assert_eq!(hours.count(), 22, "only what was observed is stated");
    assert!(read.rows.iter().all(|row| row.stated.facilities.is_empty()));
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    let again = read_with(&gb, "t.csv", &Mapping::default());
    assert_eq!((again.encoding, &again.rows), (Some("GB18030"), &read.rows));
}

#[test]
fn the_public_toilets_of_takamatsu_are_read_through_a_mapping_file() {
    let Some(text) = shared_data::read("toilets-takamatsu/public_toilet.csv") else {
        return;
    };
    let mapping = Mapping::from_json(include_str!("fixtures/takamatsu.json")).unwrap();
    let read = read_with(text.as_bytes(), "public_toilet.csv", &mapping);
    assert_eq!((read.rows.len(), read.errors), (169, 0), "{:?}", read.problems);
    let station = |id: &str| {
        &read
            .rows
            .iter()
            .find(|row| row.station.id.as_str() == id)
            .unwrap()
            .station
    };
    let first = station("1");
    assert_eq!(first.facilities.state(Facility::Toilet), FacilityState::Yes);
    assert_eq!(
        first.facilities.state(Facility::WheelchairAccess),
        FacilityState::No
    );
    assert_eq!(
        station("2").facilities.state(Facility::WheelchairAccess),
        FacilityState::Yes
    );
    assert_eq!(first.hours.osm.as_deref(), Some("24/7"));
    assert_eq!(
        (first.district.as_deref(), first.host.unwrap().word()),
        (Some("高松市"), "government")
    );
    assert_eq!(&*first.aliases[0], "タカマツシカタハラマチコウシュウベンジョ");
    let with_hours = read.rows.iter().filter(|row| row.station.hours.osm.is_some());
    assert_eq!(with_hours.count(), 23);
    let remembered = Mapping::from_json(&read.mapping.to_json()).unwrap();
    assert_eq!(read_with(text.as_bytes(), "t.csv", &remembered).rows, read.rows);
}

#[test]
fn facilities_of_openstreetmap_are_read_through_a_mapping() {
    let mapping = Mapping::from_json(
        r#"{"columns":{"amenity":["name","facilities"],"shop":"name","name":"aliases","wheelchair":"facility:wheelchair_access","source":"ignore","phone":"ignore"},
            "values":{"facilities":{"toilets":"toilet","drinking_water":"drinking_water","shelter":"indoor_rest"},
                      "facility":{"limited":"yes","designated":"yes"}},
            "constants":{"source":"OpenStreetMap"}}"#,
    )
    .unwrap();
    for (name, count, hours) in [("porto_alegre", 27, 3), ("helsinki_centre", 616, 326)] {
        let Some(path) = shared_data::path(&format!("osm-pois/{name}.geojson.gz")) else {
            return;
        };
        let mut text = Vec::new();
        let packed = std::fs::File::open(path).unwrap();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed), &mut text).unwrap();
        let read = read_with(&text, "pois.geojson", &mapping);
        assert_eq!((read.rows.len(), read.errors), (count, 0), "{name}");
        let stated = read
            .rows
            .iter()
            .filter(|row| row.station.hours.osm.is_some() || row.station.hours.text.is_some());
        assert_eq!(stated.count(), hours, "{name}");
        let toilets = read
            .rows
            .iter()
            .filter(|row| row.station.facilities.state(Facility::Toilet) == FacilityState::Yes);
        assert_eq!(toilets.count(), if name == "porto_alegre" { 11 } else { 18 });
        assert!(
            read.rows
                .iter()
                .all(|row| row.station.id.as_str().contains('/') && row.stated.id)
        );
        assert!(
            read.rows
                .iter()
                .all(|row| row.station.source.as_deref() == Some("OpenStreetMap"))
        );
        assert!(!codes(&read).contains(&"far_from_the_rest"));
    }
}
