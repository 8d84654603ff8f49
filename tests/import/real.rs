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
