//! A register in a database from the command line: sheets in and out again, tokens, questions asked of it.

use crate::{Ended, file, folder, run, shared_data, text};

const SHEET: &str =
    "编号,名称,经度,纬度,联系电话,微波炉\n1,甲站,113.50,34.80,110,有\n2,乙站,113.60,34.90,,无\n";

fn counts(ended: &Ended) -> String {
    let line = ended.out.lines().last().unwrap_or_default();
    let words = line.split(" · ").take(5);
    words
        .filter_map(|word| Some(word.split_once(' ')?.0.to_owned() + word.rsplit_once(' ')?.1))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn a_sheet_goes_in_changes_what_it_states_and_is_taken_back() {
    let folder = folder();
    let database = folder.path().join("yizhan.db").display().to_string();
    let import = |path: &str, more: &[&str]| {
        let mut args = vec![
            "import",
            path,
            "--database",
            &database,
            "--source",
            "总表",
            "--coord",
            "wgs84",
        ];
        args.extend_from_slice(more);
        run(&args)
    };
    let sheet = file(&folder, "sheet.csv", SHEET);
    let dry = import(text(&sheet), &[]);
    assert_eq!(
        (dry.code, counts(&dry).as_str()),
        (Some(0), "new2 changed0 unchanged0 conflict0 undecided0"),
        "{dry:?}"
    );
    assert!(dry.err.contains("nothing was written"), "{}", dry.err);
    let again = import(text(&sheet), &["--commit"]);
    assert!(
        again.err.contains("revision 1: 2 new, 0 changed"),
        "the dry run wrote nothing: {}",
        again.err
    );
    let same = import(text(&sheet), &["--commit"]);
    assert_eq!(
        (same.code, counts(&same).as_str()),
        (Some(0), "new0 changed0 unchanged2 conflict0 undecided0"),
        "{same:?}"
    );
    assert!(same.err.contains("nothing to write"), "{}", same.err);

    // A corrected sheet without the column of the microwave leaves the microwave alone.
    let corrected = file(
        &folder,
        "corrected.csv",
        "编号,名称,经度,纬度,联系电话\n1,甲站,113.50,34.80,12351\n2,乙站（新）,113.60,34.90,\n",
    );
    let dry = import(text(&corrected), &[]);
    assert!(
        dry.out.contains("phone: 110 → 12351") && dry.out.contains("name: 乙站 → 乙站（新）"),
        "{}",
        dry.out
    );
    let done = import(text(&corrected), &["--commit"]);
    assert!(done.err.contains("revision 2: 0 new, 2 changed"), "{}", done.err);
    let near = |facility: &str| {
        let ended = run(&[
            "nearest",
            "--database",
            &database,
            "--lon",
            "113.5",
            "--lat",
            "34.8",
            "--facilities",
            facility,
            "-f",
            "csv",
        ]);
        ended.out.lines().count()
    };
    assert_eq!(near("microwave"), 2, "a header and one station");

    let undone = run(&["undo", "2", "--database", &database]);
    assert!(
        undone.code == Some(0) && undone.err.contains("revision 3 takes 2 back"),
        "{undone:?}"
    );
    let twice = run(&["undo", "2", "--database", &database]);
    assert!(
        twice.code == Some(3) && twice.err.contains("was taken back before, by revision 3"),
        "{twice:?}"
    );
    let back = import(text(&corrected), &[]);
    assert_eq!(
        counts(&back),
        "new0 changed2 unchanged0 conflict0 undecided0",
        "what was taken back can come again"
    );
    // The first import cannot be taken back without what came after, which has been undone: so it can.
    let first = run(&["undo", "1", "--database", &database]);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(near("microwave"), 1, "a header alone");
}

#[test]
fn an_import_that_was_edited_since_is_not_taken_back() {
    let folder = folder();
    let database = folder.path().join("yizhan.db").display().to_string();
    let first = file(&folder, "first.csv", SHEET);
    let second = file(
        &folder,
        "second.csv",
        "编号,名称,经度,纬度,联系电话\n1,甲站,113.50,34.80,999\n",
    );
    for path in [&first, &second] {
        let done = run(&[
            "import",
            text(path),
            "--database",
            &database,
            "--source",
            "x",
            "--coord",
            "wgs84",
            "--commit",
        ]);
        assert!(done.err.contains("revision"), "{done:?}");
    }
    let refused = run(&["undo", "1", "--database", &database]);
    assert_eq!(refused.code, Some(3));
    assert!(refused.err.contains("`1` were edited later"), "{}", refused.err);
    let nothing = run(&["undo", "77", "--database", &database]);
    assert!(
        nothing.code == Some(3) && nothing.err.contains("revision `77` has changed nothing"),
        "{nothing:?}"
    );
}

#[test]
fn zhengzhous_register_comes_in_by_its_own_datum_and_says_so_when_there_is_none() {
    let Some(path) = shared_data::path("stations-zhengzhou/stations_observed.csv") else {
        return;
    };
    let folder = folder();
    let database = folder.path().join("yizhan.db").display().to_string();
    let done = run(&["import", text(&path), "--database", &database, "--commit"]);
    assert!(done.err.contains("revision 1: 82 new"), "{done:?}");
    // The same sheet without the column that names the datum.
    let bare: String = std::fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(|line| line.replace(",crs,", ",").replace(",GCJ-02,", ",") + "\n")
        .collect();
    let bare = file(&folder, "bare.csv", &bare);
    let other = folder.path().join("other.db").display().to_string();
    let refused = run(&["import", text(&bare), "--database", &other, "--commit"]);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert!(refused.err.contains("--coord"), "{}", refused.err);
    let evidence = run(&[
        "import",
        text(&bare),
        "--database",
        &database,
        "--source",
        "bare",
        "--lang",
        "en",
    ]);
    assert!(
        evidence.out.contains("GCJ-02"),
        "known stations tell the datum: {}",
        evidence.out
    );
    let remarks = folder.path().join("remarks.xlsx");
    let said = folder.path().join("mapping.json");
    let files = [
        "--remarks",
        text(&remarks),
        "--save-mapping",
        text(&said),
        "--coord",
        "gcj02",
    ];
    let mut args = vec!["import", text(&bare), "--database", &other];
    args.extend_from_slice(&files);
    assert_eq!(run(&args).code, Some(0));
    assert!(std::fs::read(&remarks).unwrap().starts_with(b"PK"), "a workbook");
    assert!(std::fs::read_to_string(&said).unwrap().contains("columns"));
}

#[test]
fn tokens_are_made_listed_and_revoked() {
    let folder = folder();
    let database = folder.path().join("yizhan.db").display().to_string();
    let token = |args: &[&str]| {
        let mut all = vec!["token"];
        all.extend_from_slice(args);
        all.extend_from_slice(&["--database", &database]);
        run(&all)
    };
    assert_eq!(token(&["list"]).code, Some(1));
    let made = token(&["make", "王小明", "--role", "editor", "--days", "30"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(
        made.out.starts_with("yz_") && made.out.trim().len() == 46,
        "{}",
        made.out
    );
    assert!(
        !made.err.contains(made.out.trim()),
        "the secret is on standard output only"
    );
    let list = token(&["list"]);
    assert!(
        list.out.contains("王小明") && list.out.contains("good") && !list.out.contains("yz_"),
        "{}",
        list.out
    );
    let id = list
        .out
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().next())
        .unwrap()
        .to_owned();
    assert_eq!(token(&["revoke", &id]).code, Some(0));
    assert_eq!(token(&["revoke", &id]).code, Some(1));
    assert!(token(&["list"]).out.contains("revoked"));
    for (args, code) in [
        (["make", "x", "--role", "king"], 2),
        (["make", "", "--role", "admin"], 3),
    ] {
        assert_eq!(token(&args).code, Some(code));
    }
}

#[test]
fn a_database_that_is_none_is_refused_with_what_was_expected() {
    for address in [
        "mysql://root:secret@127.0.0.1/x",
        "postgres://nobody@127.0.0.1:1/x",
    ] {
        let refused = run(&["token", "list", "--database", address]);
        assert!(matches!(refused.code, Some(2 | 3)), "{refused:?}");
        assert!(
            !refused.err.contains("secret") && !refused.err.is_empty(),
            "{}",
            refused.err
        );
    }
}
