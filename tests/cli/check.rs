//! `check` tells the person who keeps a register what is wrong, where, and what was expected.

use crate::{BAD_CSV, GOOD_CSV, ended, file, folder, program, run, run_into_closed_pipe, shared_data, text};

#[test]
fn a_bad_row_is_named_by_line_field_and_expectation_in_both_languages() {
    let folder = folder();
    let path = file(&folder, "bad.csv", BAD_CSV);
    let zh = run(&["check", text(&path)]);
    assert_eq!((zh.code, zh.err.as_str()), (Some(1), ""));
    let en = run(&["check", text(&path), "--lang", "en"]);
    assert_eq!(en.code, Some(1));
    let name = text(&path);
    for line in [
        format!(
            "{name}:3: 错误 纬度 [swapped_axes] `34.8,113.5` 经纬度颠倒；应为经度,纬度，是不是 `113.5,34.8`\n"
        ),
        format!("{name}:4: 错误 经度 [not_a_number] `x` 不是数字；"),
        "共4行，可用2个站点，3个错误，1个提醒\n".to_owned(),
    ] {
        assert!(zh.out.contains(&line), "{line}{}", zh.out);
    }
    for line in [
        format!("{name}:3: error 名称 [missing_value] `` is empty; expected a name\n"),
        format!(
            "{name}:3: error 纬度 [swapped_axes] `34.8,113.5` has latitude first; expected longitude,latitude"
        ),
        format!("{name}:4: error 经度 [not_a_number] `x` is not a number; expected a decimal number"),
        format!("{name}:5: warning 设施 "),
        "4 rows, 2 stations usable, 3 errors, 1 warnings\n".to_owned(),
    ] {
        assert!(en.out.contains(&line), "{line}{}", en.out);
    }
}

#[test]
fn a_good_register_ends_with_0_and_one_without_stations_with_1() {
    let folder = folder();
    let good = run(&[
        "check",
        text(&file(&folder, "good.csv", GOOD_CSV)),
        "--lang",
        "en",
        "--strict",
    ]);
    assert_eq!(
        (good.code, good.out.as_str()),
        (Some(0), "2 rows, 2 stations usable, 0 errors, 0 warnings\n")
    );
    let header_only = run(&["check", text(&file(&folder, "header.csv", "id,name,lon,lat\n"))]);
    assert_eq!(header_only.code, Some(1), "{}", header_only.out);
}

#[test]
fn warnings_count_as_problems_only_when_strict() {
    let folder = folder();
    let path = file(
        &folder,
        "warn.csv",
        "id,name,lon,lat,facilities\na,甲,113.5,34.8,sauna\n",
    );
    assert_eq!(run(&["check", text(&path)]).code, Some(0));
    assert_eq!(run(&["check", text(&path), "--strict"]).code, Some(1));
}

#[test]
fn the_datum_comes_from_the_flag_or_the_environment() {
    let folder = folder();
    let path = file(
        &folder,
        "coord.csv",
        "id,name,lon,lat,coord\na,甲,113.5,34.8,bd09\n",
    );
    let args = ["check", text(&path), "--lang", "en"];
    assert!(!run(&args).out.contains("datum_overridden"));
    assert!(
        run(&[&args[..], &["--coord", "gcj02"]].concat())
            .out
            .contains("datum_overridden")
    );
    assert!(
        ended(program(&args).env("YIZHAN_COORD", "gcj02"))
            .out
            .contains("datum_overridden")
    );
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let folder = folder();
    let rows = "x,,1,1\n".repeat(20_000);
    let path = file(&folder, "long.csv", format!("id,name,lon,lat\n{rows}"));
    let ended = run_into_closed_pipe(&["check", text(&path)]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
}

#[test]
fn the_real_register_of_zhengzhou_has_no_errors() {
    let name = "stations-zhengzhou/stations_observed.csv";
    let (Some(path), Some(table)) = (shared_data::path(name), shared_data::read(name)) else {
        return;
    };
    let ended = run(&["check", text(&path), "--coord", "gcj02", "--lang", "en"]);
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    let rows = table.lines().count() - 1;
    let summary = format!("{rows} rows, {rows} stations usable, 0 errors, 3 warnings\n");
    assert!(ended.out.ends_with(&summary), "{}", ended.out);
}
