//! Demand from tables: real cells, datums, cells of every spelling, and the words for whatever is wrong.

use std::fmt::Write as _;

use h3o::{CellIndex, Resolution};
use yizhan::domain::cells::{cell_at, centre};
use yizhan::domain::datum::{Datum, convert};
use yizhan::domain::demand::{DemandKind, HOURS_PER_WEEK, MAX_WEIGHTS};
use yizhan::import::Severity;
use yizhan::import::demand::{
    DemandFileError, DemandOptions, ImportedDemand, load_demand, load_profile, parse_demand, parse_profile,
};
use yizhan::planner::demand::Demand;
use yizhan::planner::watch::Watch;

use super::*;

fn table(text: &str) -> ImportedDemand {
    parse_demand(text.as_bytes(), "d.csv", &DemandOptions::default()).expect("usable demand")
}

fn refused(text: &str) -> String {
    parse_demand(text.as_bytes(), "d.csv", &DemandOptions::default())
        .expect_err("refused")
        .to_string()
}

fn codes(imported: &ImportedDemand) -> Vec<&'static str> {
    imported.records.notes.iter().map(|note| note.code).collect()
}

#[test]
fn porto_alegre_loads_with_all_its_people_in_its_cells() {
    let Some(text) = shared_data::read("demand-porto-alegre/poa_hexgrid.csv") else {
        return;
    };
    let imported = table(&text);
    let records = imported.records;
    assert_eq!(
        (records.places.len(), records.kind, imported.errors),
        (1_227, DemandKind::H3Cells, 0)
    );
    let sums: Vec<(&str, f64)> = records
        .weights
        .iter()
        .map(|weight| (&*weight.name, weight.values.iter().sum()))
        .collect();
    assert_eq!(
        sums,
        [
            ("population", 812_935.0),
            ("schools", 194.0),
            ("jobs", 337_921.0),
            ("healthcare", 141.0)
        ]
    );
    let missing: Vec<&str> = records
        .notes
        .iter()
        .filter(|note| note.code == "weight_missing")
        .map(|note| &*note.en)
        .collect();
    assert_eq!(
        missing,
        [
            "5 places have no `jobs` and weigh 0 there",
            "5 places have no `healthcare` and weigh 0 there"
        ]
    );
    let demand = Demand::build(records, &[], None, &Watch::default()).expect("demand");
    for (at, cell) in demand.cells().iter().enumerate() {
        let cell = CellIndex::try_from(*cell).expect("a cell");
        assert_eq!(demand.id(at), Some(cell.to_string().as_str()));
        assert_eq!(cell_at(demand.places().places()[at], Resolution::Nine), cell);
    }
}

#[test]
fn a_table_of_points_is_read_in_both_languages_and_every_separator() {
    for text in [
        "编号,经度,纬度,人口,骑手\na,109.5,18.25,120,3\nb,109.6,18.3,80.5,0\n",
        "\u{feff}id;lng;latitude;人口;骑手\r\na;109.5;18.25;120;3\r\n\r\nb;109.6;18.3;80.5;0\r\n",
        "id\tlon\tlat\t人口\t骑手\na\t109.5\t18.25\t１２０\t3\nb\t109.6\t18.3\t80.5\t0",
    ] {
        let records = table(text).records;
        assert_eq!(records.kind, DemandKind::Points);
        assert_eq!(records.places, [place(109.5, 18.25), place(109.6, 18.3)]);
        assert_eq!(
            (&*records.weights[0].name, &*records.weights[0].values),
            ("人口", [120.0, 80.5].as_slice())
        );
        assert_eq!(
            (&*records.weights[1].name, &*records.weights[1].values),
            ("骑手", [3.0, 0.0].as_slice())
        );
        assert_eq!(records.ids, ["a".into(), "b".into()]);
        assert!(records.cells.is_empty() && records.notes.is_empty());
    }
}

#[test]
fn datums_are_converted_by_row_or_for_the_whole_file_and_named() {
    let original = place(109.5, 18.25);
    let expected = convert(original, Datum::Gcj02, Datum::Wgs84);
    let by_row = table("lon,lat,坐标系,w\n109.5,18.25,高德,1\n109.5,18.25,wgs84,1\n109.5,18.25,,1\n").records;
    assert_eq!(by_row.places, [expected, original, original]);
    assert_eq!(by_row.notes[0].en, "1 places were converted from gcj02 to wgs84");
    let options = DemandOptions {
        datum: Some(Datum::Gcj02),
        ..DemandOptions::default()
    };
    let whole = parse_demand(b"lon,lat,w\n109.5,18.25,1\n", "d.csv", &options)
        .expect("usable")
        .records;
    assert_eq!(whole.places, [expected]);
}

#[test]
fn cells_may_be_of_mixed_resolutions_and_of_any_spelling() {
    let nine = cell_at(place(109.5, 18.25), Resolution::Nine);
    let seven = nine.parent(Resolution::Seven).expect("a parent");
    let decimal = u64::from(nine);
    let imported = table(&format!(
        "hex_id,people\n{nine},5\n0x{seven},6\n{decimal},7\nnothing,8\n8928308280fffff0,9\n"
    ));
    let records = imported.records;
    assert_eq!(records.kind, DemandKind::H3Cells);
    assert_eq!(records.cells, [u64::from(nine), seven.into(), decimal]);
    assert_eq!(records.places[1], centre(seven));
    assert_eq!(records.weights[0].values, [5.0, 6.0, 7.0]);
    assert_eq!((imported.errors, records.rows_skipped), (2, 2));
    assert_eq!(
        imported.problems[0].to_string(),
        "d.csv:5: hex_id: `nothing` is no H3 cell; expected one such as `8940a4c1a3bffff`"
    );
}

#[test]
fn without_weights_every_place_weighs_one_and_that_is_said() {
    let imported = table("lon,lat,remark\n109.5,18.25,x\n109.6,18.3,y\n");
    assert_eq!(
        (
            &*imported.records.weights[0].name,
            &*imported.records.weights[0].values
        ),
        ("places", [1.0, 1.0].as_slice())
    );
    assert_eq!(
        imported.records.notes[0].en,
        "no weights were given: each of the 2 places weighs 1, as `places`"
    );
    assert_eq!(
        (imported.problems[0].code, imported.problems[0].severity),
        ("ignored_columns", Severity::Warning)
    );
    assert_eq!(
        imported.problems[0].message,
        "columns `remark` were ignored; expected `lon`, `lat`, `h3`, `id`, `coord` and weights"
    );
}

#[test]
fn weights_that_are_asked_for_come_in_that_order_and_must_be_there() {
    let options = |names: &[&str]| DemandOptions {
        weights: names.iter().map(|name| (*name).into()).collect(),
        ..DemandOptions::default()
    };
    let text = b"lon,lat,a,b,c\n1,2,3,4,5\n";
    let records = parse_demand(text, "d.csv", &options(&["c", "a"]))
        .expect("usable")
        .records;
    let found: Vec<(&str, f64)> = records
        .weights
        .iter()
        .map(|weight| (&*weight.name, weight.values[0]))
        .collect();
    assert_eq!(found, [("c", 5.0), ("a", 3.0)]);
    let error = parse_demand(text, "d.csv", &options(&["riders"])).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "file `d.csv` has no weight `riders`; expected one of `lon`, `lat`, `a`, `b`, `c`"
    );
}

/// Rows, what is said of each, and the word for it.
const BAD_ROWS: [(&str, &str, &str); 12] = [
    (
        "109.5,18.25,-1",
        "people: `-1` is a negative weight; expected a number from 0 to 1e15",
        "bad_weight",
    ),
    (
        "109.5,18.25,NaN",
        "people: `NaN` is not a finite weight; expected a number from 0 to 1e15",
        "bad_weight",
    ),
    (
        "109.5,18.25,inf",
        "people: `inf` is not a finite weight; expected a number from 0 to 1e15",
        "bad_weight",
    ),
    (
        "109.5,18.25,1.1e15",
        "people: `1.1e15` is too large a weight; expected a number from 0 to 1e15",
        "bad_weight",
    ),
    (
        "109.5,18.25,many",
        "people: `many` is not a number; expected a weight such as `120`",
        "not_a_number",
    ),
    (
        "18.25,109.5,1",
        "lat: `18.25,109.5` has latitude first; expected longitude,latitude: did you mean `109.5,18.25`",
        "swapped_axes",
    ),
    (
        "109.5,91,1",
        "lat: `91` is out of range; expected -90 to 90 degrees",
        "out_of_range",
    ),
    (
        "181,18.25,1",
        "lon: `181` is out of range; expected -180 to 180 degrees",
        "out_of_range",
    ),
    (
        "east,18.25,1",
        "lon: `east` is not a number; expected a decimal number such as `34.819187`",
        "not_a_number",
    ),
    (",18.25,1", "lon: `` is empty; expected degrees", "missing_value"),
    ("109.5,,1", "lat: `` is empty; expected degrees", "missing_value"),
    (
        "109.5,18.25",
        "the row has `2` cells; expected 3, as the header line has",
        "wrong_cell_count",
    ),
];

#[test]
fn every_bad_value_of_a_row_is_told_with_row_and_column_and_costs_that_row_only() {
    let good = "109.5,18.25,1\n".repeat(9);
    for (row, expected, code) in BAD_ROWS {
        let imported = table(&format!("lon,lat,people\n{good}{row}\n{good}"));
        assert_eq!(
            (imported.rows, imported.errors, imported.records.places.len()),
            (19, 1, 18),
            "{row}"
        );
        let problem = &imported.problems[0];
        assert_eq!(
            (problem.to_string(), problem.code),
            (format!("d.csv:11: {expected}"), code)
        );
        assert!(problem.message_zh.contains("应"), "{}", problem.message_zh);
        assert_eq!(codes(&imported), ["rows_skipped"]);
    }
    let unknown = table("lon,lat,coord,w\n109.5,18.25,mars,1\n109.5,18.25,wgs84,1\n");
    assert_eq!(
        unknown.problems[0].to_string(),
        "d.csv:2: coord: `mars` is no known datum; expected wgs84, gcj02 or bd09"
    );
}

#[test]
fn a_file_is_read_by_what_it_holds_whatever_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demand.txt");
    std::fs::write(
        &path,
        r#" [{"type":"Feature","properties":{"w":2},"geometry":{"type":"Point","coordinates":[1,2]}}]"#,
    )
    .expect("written");
    let records = load_demand(&path, &DemandOptions::default())
        .expect("usable")
        .records;
    assert_eq!(
        (&*records.places, records.weights[0].values[0]),
        ([place(1.0, 2.0)].as_slice(), 2.0)
    );
    let missing = load_demand(&folder.path().join("none"), &DemandOptions::default()).expect_err("refused");
    assert!(
        missing
            .to_string()
            .ends_with("cannot be read; expected a readable file or folder"),
        "{missing}"
    );
    let profile = folder.path().join("profile.csv");
    std::fs::write(&profile, profile_text(named_hours())).expect("written");
    assert_eq!(load_profile(&profile).expect("a profile").columns.len(), 2);
}

#[test]
fn the_largest_weight_is_still_a_weight() {
    assert_eq!(table("lon,lat,w\n1,2,1e15\n").records.weights[0].values, [1e15]);
}

#[test]
fn a_table_that_cannot_be_used_is_refused_in_words() {
    assert_eq!(
        refused("name,people\na,1\n"),
        "file `d.csv` has no columns for places; expected `lon` and `lat` (经度, 纬度), or `h3`, in the header line, which has `name`, `people`"
    );
    assert_eq!(
        refused("lon,lat,w\n1,2,-3\n"),
        "file `d.csv` has no usable demand: `1` rows were left out; expected at least one place"
    );
    assert_eq!(
        refused("lon,lat,w\n"),
        "file `d.csv` has no usable demand: `0` rows were left out; expected at least one place"
    );
    for empty in ["", "\n \n", "\u{feff}"] {
        assert!(refused(empty).contains("file `d.csv` is empty"), "{empty:?}");
    }
    let header = |count: usize| {
        (0..count).fold("lon,lat".to_owned(), |mut text, at| {
            write!(text, ",w{at}").expect("text");
            text
        })
    };
    let row = |count: usize| format!("1,2{}", ",3".repeat(count));
    assert_eq!(
        table(&format!("{}\n{}\n", header(MAX_WEIGHTS), row(MAX_WEIGHTS)))
            .records
            .weights
            .len(),
        MAX_WEIGHTS
    );
    assert_eq!(
        refused(&format!(
            "{}\n{}\n",
            header(MAX_WEIGHTS + 1),
            row(MAX_WEIGHTS + 1)
        )),
        "file `d.csv` has `17` columns of numbers; expected at most 16 weights: name the ones that count"
    );
    let error = parse_demand(
        b"lon,lat,\xc8\xcb\xbf\xda\n1,2,3\n",
        "d.csv",
        &DemandOptions::default(),
    )
    .expect_err("refused");
    assert!(
        matches!(error, DemandFileError::File(_)) && error.to_string().contains("iconv -f GB18030"),
        "{error}"
    );
}

#[test]
fn a_table_of_many_blocks_keeps_its_order_and_its_sum() {
    let mut text = "lon,lat,w\n".to_owned();
    for number in 0..300_000 {
        writeln!(
            text,
            "{:.6},{:.6},{number}",
            109.0 + f64::from(number % 1000) * 1e-3,
            18.0 + f64::from(number / 1000) * 1e-3
        )
        .expect("text");
    }
    let records = table(&text).records;
    assert!(
        records.weights[0]
            .values
            .iter()
            .zip(0..)
            .all(|(value, number)| *value == f64::from(number))
    );
    assert_eq!(
        (records.places.len(), records.places[299_999]),
        (300_000, place(109.999, 18.299))
    );
}

fn profile_text(hours: impl Iterator<Item = String>) -> String {
    hours.fold("hour,residents,jobs\n".to_owned(), |text, hour| {
        format!("{text}{hour},0.25,1\n")
    })
}

fn named_hours() -> impl Iterator<Item = String> {
    let days = ["mo", "tu", "we", "th", "fr", "sa", "su"];
    days.into_iter()
        .flat_map(|day| (0..24).map(move |hour| format!("{day}-{hour:02}")))
}

#[test]
fn a_profile_has_every_hour_once_by_name_or_number_in_any_order() {
    let by_name = parse_profile(profile_text(named_hours()).as_bytes(), "p.csv").expect("a profile");
    let numbers: Vec<String> = (0..HOURS_PER_WEEK).rev().map(|hour| hour.to_string()).collect();
    let by_number = parse_profile(profile_text(numbers.into_iter()).as_bytes(), "p.csv").expect("a profile");
    assert_eq!(by_name, by_number);
    assert_eq!(
        (&*by_name.columns[0].weight, by_name.columns[0].factors[167]),
        ("residents", 0.25)
    );
    let chinese = profile_text(named_hours())
        .replacen("hour", "小时", 1)
        .replace("su-", "周日-");
    assert_eq!(
        parse_profile(chinese.as_bytes(), "p.csv").expect("a profile"),
        by_name
    );
}

#[test]
fn a_profile_that_cannot_be_used_names_the_line_and_the_column() {
    let whole = profile_text(named_hours());
    for (text, expected) in [
        (
            whole.replace("we-05,0.25", "we-05,-1"),
            "time profile `p.csv`, line 55, column `residents`: `-1` is no factor; expected a number from 0 to 1e15",
        ),
        (
            whole.replace("we-05,0.25", "we-05,"),
            "time profile `p.csv`, line 55, column `residents`: `` is no factor; expected a number from 0 to 1e15",
        ),
        (
            whole.replace("we-05,", "we-24,"),
            "time profile `p.csv`, line 55, column `hour`: `we-24` is no hour of the week; expected `mo-00` to `su-23`, or 0 to 167",
        ),
        (
            whole.replace("we-05,", "we-04,"),
            "time profile `p.csv`, line 55, column `hour`: `we-04` is given again; expected each hour once, line 54 has it",
        ),
        (
            whole.replace("we-05,0.25,1\n", ""),
            "time profile `p.csv`, column `hour`: `1` of the 168 hours are missing, first `we-05`; expected all",
        ),
        (
            whole.replace("we-05,0.25,1\n", "we-05,0.25\n"),
            "time profile `p.csv`, line 55: the row has `2` cells; expected 3, as the header line has",
        ),
        (
            whole.replacen("hour", "time", 1),
            "time profile `p.csv`: the header line has `time`, `residents`, `jobs`; expected a column `hour`",
        ),
        (
            "hour\n0\n".to_owned(),
            "time profile `p.csv`: there are `0` columns of factors; expected 1 to 16",
        ),
    ] {
        assert_eq!(
            parse_profile(text.as_bytes(), "p.csv")
                .expect_err("refused")
                .to_string(),
            expected
        );
    }
    assert!(
        parse_profile(b"", "p.csv")
            .expect_err("refused")
            .to_string()
            .contains("is empty")
    );
}
