//! Extracts of OpenStreetMap: what becomes a station, what is said of it, and what is left out.

use yizhan::domain::station::{Audience, Host, Status};

use super::pbf::{Extract, Packing, blob, block, deltas, field, header, number, packed, zigzag};
use super::*;

/// Reads an extract as a register of its own.
pub fn register(bytes: &[u8]) -> Imported {
    parse(bytes, "city.osm.pbf", None, &ImportOptions::default()).expect("a usable extract")
}

pub fn station<'i>(imported: &'i Imported, id: &str) -> &'i Station {
    let found = imported.stations.iter().find(|station| station.id.as_str() == id);
    assert!(found.is_some(), "{id} is not there: {:?}", imported.problems);
    found.expect("it is there")
}

/// A small city: every shape, every reason to be left out.
pub fn city() -> Extract {
    let square = |extract: Extract, first: i64, (lon, lat): (f64, f64), size: f64| {
        extract
            .node(first, (lon, lat), "")
            .node(first + 1, (lon + size, lat), "")
            .node(first + 2, (lon + size, lat + size), "")
            .node(first + 3, (lon, lat + size), "")
    };
    let extract = Extract::default()
        .node(
            1,
            (109.5082, 18.2472),
            "amenity=toilets|fee=no|wheelchair=yes|opening_hours=Mo-Su 06:00-22:00; PH off|operator=环卫处|ref=12|access=yes|check_date=2025-11-02|survey:date=2024-01-01",
        )
        .node(
            2,
            (109.51, 18.25),
            "amenity=drinking_water|name=Beach tap|name:zh=海滩饮水点|bottle=yes",
        )
        .node(
            3,
            (109.52, 18.26),
            "amenity=toilets|access=customers",
        )
        .node(4, (109.52, 18.27), "disused:amenity=drinking_water")
        .node(
            5,
            (109.53, 18.27),
            "amenity=shelter|shelter_type=public_transport",
        )
        .node(
            6,
            (109.53, 18.28),
            "amenity=social_facility|name=迎宾路户外劳动者驿站|microwave=yes|toilets=no|drinking_water=yes|internet_access=wlan|indoor=yes|opening_hours=早八点到晚八点半吧|addr:city=三亚市|addr:street=迎宾路|addr:housenumber=8|addr:district=吉阳区|phone=+86 898 8888 0001|start_date=2023-05-01|operational_status=closed",
        )
        .node(
            7,
            (109.54, 18.28),
            "amenity=cafe|toilets=yes|drinking_water=yes",
        )
        .node(8, (109.55, 18.28), "amenity=charging_station");
    let extract = square(extract, 20, (109.56, 18.20), 0.001);
    let extract = square(extract, 30, (109.57, 18.20), 0.004);
    let extract = square(extract, 40, (109.571, 18.201), 0.002);
    extract
        .way(100, &[20, 21, 22, 23, 20], "amenity=toilets|building=yes")
        .way(101, &[30, 31, 32], "")
        .way(102, &[32, 33, 30], "")
        .way(103, &[40, 41, 42, 43, 40], "")
        .way(104, &[900, 901, 902, 900], "amenity=shower")
        .way(105, &[30, 40], "highway=rest_area")
        .relation(
            200,
            &[(101, "outer"), (102, "outer"), (103, "inner")],
            "type=multipolygon|amenity=shelter",
        )
        .relation(201, &[(100, "")], "type=site|amenity=toilets")
}

#[test]
fn a_city_becomes_a_register_with_what_its_tags_say() {
    let imported = register(&city().bytes(Packing::Zlib));
    let ids: Vec<&str> = imported
        .stations
        .iter()
        .map(|station| station.id.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "osm-node-1",
            "osm-node-2",
            "osm-node-6",
            "osm-relation-200",
            "osm-way-100",
            "osm-way-105"
        ]
    );
    assert_eq!(
        (imported.rows, imported.errors, imported.files[0].format),
        (12, 0, ImportFormat::OsmPbf)
    );
}

#[test]
fn a_toilet_has_what_its_tags_say_and_nothing_more() {
    let imported = register(&city().bytes(Packing::Zlib));
    let toilet = station(&imported, "osm-node-1");
    assert_eq!(
        (toilet.name.as_ref(), toilet.aliases[0].as_ref()),
        ("公共厕所 环卫处 12 node/1", "public toilet 环卫处 12 node/1")
    );
    assert_eq!(toilet.hours.osm.as_deref(), Some("Mo-Su 06:00-22:00; PH off"));
    assert_eq!(
        (toilet.hours.text.as_deref(), toilet.operator.as_deref()),
        (None, Some("环卫处"))
    );
    assert_eq!(toilet.facilities.state(Facility::Toilet), FacilityState::Yes);
    assert_eq!(
        toilet.facilities.state(Facility::WheelchairAccess),
        FacilityState::Yes
    );
    assert_eq!(
        toilet.facilities.state(Facility::DrinkingWater),
        FacilityState::Unknown
    );
    let details: Vec<_> = toilet
        .facilities
        .details()
        .iter()
        .filter_map(|detail| detail.source.as_deref())
        .collect();
    assert_eq!(
        details,
        [
            "OpenStreetMap amenity=toilets; fee=no; access=yes",
            "OpenStreetMap wheelchair=yes"
        ]
    );
    assert_eq!(toilet.verified_at.unwrap().to_string(), "2025-11-02");
    assert_eq!(
        (toilet.audience.as_slice(), toilet.host),
        ([Audience::Public].as_slice(), None)
    );
    assert!(
        toilet
            .source
            .as_deref()
            .unwrap()
            .contains("© OpenStreetMap contributors, ODbL 1.0")
    );
    assert_eq!(
        (
            toilet.location.place().lon_deg(),
            toilet.location.place().lat_deg()
        ),
        (109.5082, 18.2472)
    );
}

#[test]
fn names_addresses_and_a_state_come_from_their_tags() {
    let imported = register(&city().bytes(Packing::Zlib));
    let tap = station(&imported, "osm-node-2");
    assert_eq!(
        (tap.name.as_ref(), tap.aliases[0].as_ref()),
        ("Beach tap", "海滩饮水点")
    );
    assert_eq!(
        tap.hours,
        yizhan::domain::station::StatedHours::default(),
        "not stated is not always"
    );

    let workers = station(&imported, "osm-node-6");
    let state = |facility| workers.facilities.state(facility);
    for facility in [
        Facility::Microwave,
        Facility::DrinkingWater,
        Facility::Wifi,
        Facility::IndoorRest,
    ] {
        assert_eq!(state(facility), FacilityState::Yes, "{facility}");
    }
    assert_eq!(
        (state(Facility::Toilet), workers.status),
        (FacilityState::No, Status::Suspended)
    );
    assert_eq!(workers.address.as_deref(), Some("三亚市吉阳区迎宾路8号"));
    assert_eq!(
        (workers.district.as_deref(), workers.phone.as_deref()),
        (Some("吉阳区"), Some("+86 898 8888 0001"))
    );
    assert_eq!(workers.opened_on.unwrap().to_string(), "2023-05-01");
    assert_eq!(station(&imported, "osm-way-105").host, Some(Host::Transport));
}

#[test]
fn hours_are_never_changed_and_what_is_no_syntax_is_kept_as_text() {
    let imported = register(&city().bytes(Packing::Raw));
    let workers = station(&imported, "osm-node-6");
    assert_eq!(
        (workers.hours.osm.as_deref(), workers.hours.text.as_deref()),
        (None, Some("早八点到晚八点半吧"))
    );
    let problem = imported
        .problems
        .iter()
        .find(|problem| problem.code == "hours_not_readable")
        .unwrap();
    assert_eq!((problem.row, problem.severity), (3, Severity::Warning));
    for given in [
        "Mo-Fr 08:00-12:00,13:00-17:30; PH,SH off",
        "24/7",
        "sunrise-sunset",
        "Apr-Oct Mo-Su 07:00+",
    ] {
        let extract =
            Extract::default().node(1, (1.0, 1.0), &format!("amenity=toilets|opening_hours={given}"));
        let imported = register(&extract.bytes(Packing::Raw));
        assert_eq!(only(&imported).hours.osm.as_deref(), Some(given));
    }
}

#[test]
fn what_is_left_out_is_counted_by_reason() {
    let imported = register(&city().bytes(Packing::Zlib));
    let note = imported
        .problems
        .iter()
        .find(|problem| problem.code == "osm_left_out")
        .unwrap();
    assert_eq!((note.row, note.severity), (0, Severity::Warning));
    assert_eq!(
        note.message,
        "`6` objects were left out: 1 not for the public (`access`), 1 out of use or not yet built, 1 roofs of stops, \
         1 charging without a word of bicycles, 2 without a place in this file; expected places that anybody may use now"
    );
    assert!(
        note.message_zh.starts_with("已略去`6`个对象：1 个不对公众开放"),
        "{}",
        note.message_zh
    );
    let benches = register(
        &Extract::default()
            .node(1, (1.0, 1.0), "amenity=bench")
            .bytes(Packing::Raw),
    );
    assert_eq!(
        (benches.stations.len(), benches.rows, benches.problems.len()),
        (0, 0, 0)
    );
}

#[test]
fn ways_and_relations_get_a_point_inside_them() {
    let imported = register(&city().bytes(Packing::Zlib));
    let at = |id| {
        let place = station(&imported, id).location.place();
        (place.lon_deg(), place.lat_deg())
    };
    let (lon, lat) = at("osm-way-100");
    assert!(
        (lon - 109.5605).abs() < 1e-9 && (lat - 18.2005).abs() < 1e-9,
        "{lon} {lat}"
    );
    // The ring between two squares: the mean is in the hole.
    let (lon, lat) = at("osm-relation-200");
    assert!(
        (109.57..109.574).contains(&lon) && (18.20..18.204).contains(&lat),
        "{lon} {lat}"
    );
    assert!(
        !(109.571..109.573).contains(&lon) || !(18.201..18.203).contains(&lat),
        "{lon} {lat}"
    );
}

#[test]
fn the_datum_of_an_extract_is_wgs84_whatever_the_options_say() {
    let options = ImportOptions {
        datum: Some(Datum::Gcj02),
        format: None,
    };
    let imported = parse(&city().bytes(Packing::Raw), "city.osm.pbf", None, &options).unwrap();
    let location = station(&imported, "osm-node-1").location;
    assert_eq!(
        (location.datum(), location.original()),
        (Datum::Wgs84, location.place())
    );
}

#[test]
fn an_extract_is_known_by_its_content_and_anything_else_by_that_name_is_refused() {
    let bytes = city().bytes(Packing::Zlib);
    for name in ["city.osm.pbf", "city.pbf", "city", "city.csv"] {
        let imported = parse(&bytes, name, None, &ImportOptions::default()).unwrap();
        assert_eq!(imported.stations.len(), 6, "{name}");
    }
    assert_eq!(ImportFormat::infer_from_bytes(&bytes), Some(ImportFormat::OsmPbf));
    let error = refused("名称,经度,纬度\n甲,1,2\n".as_bytes(), "city.osm.pbf");
    assert!(matches!(error, ImportError::NotOsm { at: 0, .. }), "{error}");
}

#[test]
fn nodes_one_by_one_with_offsets_and_ways_with_places_are_read_as_well() {
    let strings = ["", "amenity", "toilets"];
    let node = [
        number(1, zigzag(5)),
        field(2, &packed([1])),
        field(3, &packed([2])),
        number(8, zigzag(3)),
        number(9, zigzag(-4)),
    ];
    let way = [
        number(1, 9),
        field(2, &packed([1])),
        field(3, &packed([2])),
        field(8, &deltas([1, 2, 3, 1])),
        field(9, &deltas([0, 0, 9, 0])),
        field(10, &deltas([0, 9, 9, 0])),
    ];
    let group = [field(1, &node.concat()), field(3, &way.concat())].concat();
    // A unit is a tenth of a degree; the origin is at 10° east, 20° south.
    let scale = [
        number(17, 100_000_000),
        number(19, (-20_000_000_000_i64).cast_unsigned()),
        number(20, 10_000_000_000),
    ];
    let data = [block(&strings, &group), scale.concat()].concat();
    let imported = register(&[header(Packing::Raw), blob("OSMData", &data, Packing::Raw)].concat());
    let at = |id| {
        let place = station(&imported, id).location.place();
        (place.lon_deg(), place.lat_deg())
    };
    assert_eq!(at("osm-node-5"), (9.6, -19.7));
    let (lon, lat) = at("osm-way-9");
    assert!(
        (lon - 10.6).abs() < 1e-9 && (lat + 19.7).abs() < 1e-9,
        "{lon} {lat}"
    );
}

#[test]
fn what_is_read_for_changes_states_its_id_and_only_what_the_tags_say() {
    let bytes = city().bytes(Packing::Zlib);
    let last = std::cell::Cell::new(0);
    let read = read(
        "city.osm.pbf",
        &mut bytes.as_slice(),
        &ReadOptions::default(),
        &|done| {
            assert!(done >= last.replace(done));
        },
    );
    let read = read.unwrap();
    assert_eq!(
        (last.get(), read.rows.len(), read.rows_seen),
        (bytes.len() as u64, 6, 12)
    );
    assert!(read.rows.iter().all(|row| row.stated.id && row.stated.datum));
    let stated = read
        .rows
        .iter()
        .find(|row| row.station.id.as_str() == "osm-way-100")
        .unwrap()
        .stated;
    assert!(!stated.fields.contains(yizhan::domain::field::Field::Hours));
    assert_eq!(stated.facilities.iter().collect::<Vec<_>>(), [Facility::Toilet]);
}

#[test]
fn the_city_of_the_readme_is_the_one_that_is_written_here() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/fixtures/city.osm.pbf");
    let bytes = city().bytes(Packing::Raw);
    if std::env::var_os("YIZHAN_WRITE_FIXTURES").is_some() {
        std::fs::write(&path, &bytes).expect("written");
    }
    assert_eq!(std::fs::read(path).expect("the fixture"), bytes);
}
