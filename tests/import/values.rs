//! Single values: places, hours, facilities, words, texts, numbers, dates.

use super::*;

fn at(lon: &str, lat: &str) -> Imported {
    csv(&format!("id,name,lon,lat\na,甲,{lon},{lat}\n"))
}

#[test]
fn numbers_may_be_full_width_and_have_blanks() {
    let imported = at(" １０９．５　", "18.25°");
    let place = only(&imported).location.place();
    assert_eq!((place.lon_deg(), place.lat_deg()), (109.5, 18.25));
}

#[test]
fn coordinates_that_are_missing_or_no_numbers_are_errors() {
    assert_eq!(
        problem(&at("", "18.25"), "missing_value", Severity::Error)
            .field
            .as_deref(),
        Some("lon")
    );
    for bad in ["NaN", "inf", "abc", "18,25", "1e999"] {
        let imported = at("109.5", &format!("\"{bad}\""));
        let error = problem(&imported, "not_a_number", Severity::Error);
        assert!(
            error
                .message
                .contains(&format!("`{bad}` is not a number; expected")),
            "{error}"
        );
    }
}

#[test]
fn coordinates_out_of_range_are_errors() {
    assert_eq!(
        problem(&at("180.1", "18.25"), "out_of_range", Severity::Error)
            .field
            .as_deref(),
        Some("lon")
    );
    assert_eq!(
        problem(&at("0.5", "-90.5"), "out_of_range", Severity::Error)
            .field
            .as_deref(),
        Some("lat")
    );
    assert_eq!(at("180", "-90").stations.len(), 1);
}

#[test]
fn swapped_axes_are_named_as_such_within_range_and_beyond() {
    for (lon, lat) in [("18.25", "109.5"), ("39.9", "80.1")] {
        let imported = at(lon, lat);
        let error = problem(&imported, "swapped_axes", Severity::Error);
        assert!(
            error.message.contains(&format!("did you mean `{lat},{lon}`")),
            "{error}"
        );
    }
}

#[test]
fn null_island_is_an_error() {
    problem(&at("0", "0.0"), "null_island", Severity::Error);
    assert_eq!(at("0", "5").stations.len(), 1);
}

#[test]
fn the_datum_comes_from_the_options_then_the_column_then_is_wgs84() {
    let text = "id,name,lon,lat,crs\na,甲,109.5,18.25,GCJ-02\nb,乙,109.6,18.25,\n";
    let imported = csv(text);
    let datums: Vec<Datum> = imported
        .stations
        .iter()
        .map(|station| station.location.datum())
        .collect();
    assert_eq!(datums, [Datum::Gcj02, Datum::Wgs84]);
    let options = ImportOptions {
        datum: Some(Datum::Bd09),
        ..ImportOptions::default()
    };
    let imported = parse(text.as_bytes(), "t.csv", None, &options).unwrap();
    assert!(
        imported
            .stations
            .iter()
            .all(|station| station.location.datum() == Datum::Bd09)
    );
    assert!(
        problem(&imported, "datum_overridden", Severity::Warning)
            .message
            .starts_with("`1` rows")
    );
}

#[test]
fn an_unknown_datum_is_an_error() {
    let imported = one_row("coord", "西安80");
    assert!(
        problem(&imported, "unknown_datum", Severity::Error)
            .message
            .contains("expected wgs84, gcj02 or bd09")
    );
    assert!(imported.stations.is_empty());
}

#[test]
fn opening_hours_syntax_is_kept_and_plain_chinese_is_translated_with_its_text() {
    let imported = one_row("hours", "\"Mo-Fr 09:00-17:00; PH off\"");
    let hours = &only(&imported).hours;
    assert_eq!(
        (hours.osm.as_deref(), hours.text.as_deref()),
        (Some("Mo-Fr 09:00-17:00; PH off"), None)
    );
    let imported = one_row("hours", "周一至周五 ８：００～１８：００");
    let hours = &only(&imported).hours;
    assert_eq!(hours.osm.as_deref(), Some("Mo-Fr 08:00-18:00"));
    assert_eq!(hours.text.as_deref(), Some("周一至周五 ８：００～１８：００"));
    assert!(imported.problems.is_empty());
}

#[test]
fn other_hours_stay_text_with_a_warning_and_are_never_guessed() {
    for text in ["open", "2026", "9:00-5:00", "随营业时间"] {
        let imported = one_row("hours", text);
        let hours = &only(&imported).hours;
        assert_eq!((hours.osm.as_deref(), hours.text.as_deref()), (None, Some(text)));
        problem(&imported, "hours_not_readable", Severity::Warning);
    }
}

#[test]
fn hours_in_prose_are_read_with_their_text_and_a_warning_where_they_are_inferred() {
    let imported = one_row("hours", "09:00-17:00 周末除外");
    let hours = &only(&imported).hours;
    assert_eq!(
        (hours.osm.as_deref(), hours.text.as_deref()),
        (Some("Mo-Fr 09:00-17:00"), Some("09:00-17:00 周末除外"))
    );
    assert!(imported.problems.is_empty(), "{:?}", imported.problems);
    let imported = one_row("hours", "9点到晚上9点半");
    assert_eq!(only(&imported).hours.osm.as_deref(), Some("09:00-21:30"));
    let warning = problem(&imported, "hours_inferred", Severity::Warning);
    assert!(
        warning
            .message
            .starts_with("`9点到晚上9点半` is read as `09:00-21:30`"),
        "{warning}"
    );
}

#[test]
fn hours_text_is_kept_beside_hours_and_is_not_translated() {
    let imported = one_row("hours,hours_text", "08:00-20:00,早八点到晚八点");
    let hours = &only(&imported).hours;
    assert_eq!(
        (hours.osm.as_deref(), hours.text.as_deref()),
        (Some("08:00-20:00"), Some("早八点到晚八点"))
    );
    let imported = one_row("hours,hours_text", ",08:00-20:00");
    let hours = &only(&imported).hours;
    assert_eq!(
        (hours.osm.as_deref(), hours.text.as_deref()),
        (None, Some("08:00-20:00"))
    );
}

#[test]
fn facilities_are_words_with_or_without_a_state_and_any_separator() {
    let imported = one_row(
        "facilities",
        "\"饮水机；microwave=no、卫生间：无，wifi=unknown;空调=故障,Seats\"",
    );
    let facilities = &only(&imported).facilities;
    for (facility, state) in [
        (Facility::DrinkingWater, FacilityState::Yes),
        (Facility::Microwave, FacilityState::No),
        (Facility::Toilet, FacilityState::No),
        (Facility::Wifi, FacilityState::Unknown),
        (Facility::AirConditioning, FacilityState::OutOfOrder),
        (Facility::Seats, FacilityState::Yes),
        (Facility::Shower, FacilityState::Unknown),
    ] {
        assert_eq!(facilities.state(facility), state, "{facility}");
    }
    assert!(imported.problems.is_empty(), "{:?}", imported.problems);
}

#[test]
fn an_unknown_facility_is_a_warning_with_the_closest_known_words() {
    let imported = one_row("facilities", "mircowave;toilet");
    assert_eq!(
        only(&imported).facilities.state(Facility::Toilet),
        FacilityState::Yes
    );
    let warning = problem(&imported, "unknown_facility", Severity::Warning);
    assert_eq!(
        warning.message,
        "`mircowave` is no known facility; expected microwave"
    );
}

#[test]
fn one_column_per_facility_is_understood() {
    let imported = one_row("微波炉,饮水,toilet,空调,淋浴,seats", "有,√,0,,两个,12");
    let station = only(&imported);
    let state = |facility| station.facilities.state(facility);
    assert_eq!(state(Facility::Microwave), FacilityState::Yes);
    assert_eq!(state(Facility::DrinkingWater), FacilityState::Yes);
    assert_eq!(state(Facility::Toilet), FacilityState::No);
    assert_eq!(state(Facility::AirConditioning), FacilityState::Unknown);
    assert_eq!(state(Facility::Shower), FacilityState::Unknown);
    assert_eq!(
        (state(Facility::Seats), station.seats),
        (FacilityState::Unknown, Some(12))
    );
    assert_eq!(
        problem(&imported, "bad_facility_state", Severity::Warning)
            .field
            .as_deref(),
        Some("淋浴")
    );
}

#[test]
fn a_facility_that_is_stated_both_ways_is_unknown_with_a_warning() {
    let imported = one_row("facilities", "微波炉;microwave=no");
    assert_eq!(
        only(&imported).facilities.state(Facility::Microwave),
        FacilityState::Unknown
    );
    problem(&imported, "contradictory_facility", Severity::Warning);
}

#[test]
fn an_unknown_status_is_an_error_and_an_unknown_host_or_audience_a_warning() {
    let imported = one_row("status", "可能开");
    assert!(
        problem(&imported, "unknown_status", Severity::Error)
            .message
            .contains("planned, open, suspended, closed")
    );
    let imported = one_row("类型", "教堂");
    assert_eq!(only(&imported).host, None);
    assert_eq!(
        problem(&imported, "unknown_host", Severity::Warning)
            .field
            .as_deref(),
        Some("类型")
    );
    let imported = one_row("audience", "快递员;宇航员");
    assert_eq!(only(&imported).audience.len(), 1);
    problem(&imported, "unknown_audience", Severity::Warning);
}

#[test]
fn bad_optional_values_are_warnings_and_stay_unknown() {
    for (column, value, code) in [
        ("adcode", "4602", "bad_adcode"),
        ("opened_on", "2024年5月", "bad_date"),
        ("verified_at", "2024-02-30", "bad_date"),
        ("floor_area_m2", "-1", "out_of_range"),
        ("floor_area_m2", "大", "not_a_number"),
        ("seats", "100001", "not_a_number"),
        ("seats", "2.5", "not_a_number"),
        ("synthetic", "也许", "bad_flag"),
        ("updated_at", "昨天", "bad_time"),
        ("address", "\"两\n行\"", "control_character"),
        ("photos", "http://a.cn/1.jpg", "bad_photo"),
        ("map_listings", "google=yes", "unknown_map_service"),
    ] {
        let imported = one_row(column, value);
        let plain = csv("id,name,lon,lat\na,甲,109.5,18.25\n");
        assert_eq!(only(&imported), only(&plain), "{column}");
        assert_eq!(
            problem(&imported, code, Severity::Warning).field.as_deref(),
            Some(column)
        );
    }
}

#[test]
fn good_optional_values_arrive() {
    let imported = one_row(
        "aliases,adcode,面积,seats,opened_on,verified_at,synthetic,updated_at,map_listings,audience,host,照片",
        "乙；丙,４６０２０３,80.5㎡,１２,2024-05-01,2026-01-31,是,2026-11-21T08:00:00+08:00,amap=yes;百度=无,骑手,银行,https://a.cn/1.jpg;https://b.cn/2.jpg",
    );
    let station = only(&imported);
    assert!(imported.problems.is_empty(), "{:?}", imported.problems);
    assert_eq!(station.aliases.len(), 2);
    assert_eq!(
        (station.adcode.as_deref(), station.floor_area_m2, station.seats),
        (Some("460203"), Some(80.5), Some(12))
    );
    assert_eq!(station.opened_on.unwrap().to_string(), "2024-05-01");
    assert_eq!(
        station.updated_at.unwrap().to_rfc3339(),
        "2026-11-21T00:00:00+00:00"
    );
    assert!(station.synthetic);
    assert_eq!(station.map_listings.amap, FacilityState::Yes);
    assert_eq!(station.map_listings.baidu, FacilityState::No);
    assert_eq!(station.photos.join(" "), "https://a.cn/1.jpg https://b.cn/2.jpg");
}

#[test]
fn limits_hold_at_the_limit_and_one_above() {
    use yizhan::domain::station::{MAX_ID_BYTES, MAX_NAME_BYTES};
    use yizhan::import::{MAX_LIST_ENTRIES, MAX_TEXT_BYTES};
    let table = |id: usize, name: usize| {
        csv(&format!(
            "id,name,lon,lat\n{},{},109.5,18.25\n",
            "i".repeat(id),
            "n".repeat(name)
        ))
    };
    only(&table(MAX_ID_BYTES, MAX_NAME_BYTES));
    problem(&table(MAX_ID_BYTES + 1, 1), "too_long", Severity::Error);
    problem(&table(1, MAX_NAME_BYTES + 1), "too_long", Severity::Error);
    assert!(
        only(&one_row("address", &"a".repeat(MAX_TEXT_BYTES)))
            .address
            .is_some()
    );
    let imported = one_row("address", &"a".repeat(MAX_TEXT_BYTES + 1));
    assert!(problem(&imported, "too_long", Severity::Warning).message.len() < 200);
    assert_eq!(
        only(&one_row("aliases", &"a;".repeat(MAX_LIST_ENTRIES)))
            .aliases
            .len(),
        MAX_LIST_ENTRIES
    );
    problem(
        &one_row("aliases", &"a;".repeat(MAX_LIST_ENTRIES + 1)),
        "too_long",
        Severity::Warning,
    );
}

#[test]
fn everything_wrong_with_a_row_is_said_at_once() {
    let imported = csv("id,name,lon,lat,status\n,,x,y,z\n");
    assert_eq!(imported.errors, 5, "{:?}", imported.problems);
}
