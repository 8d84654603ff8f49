//! The whole register into a file and back, from the command line.

use serde_json::Value;

use crate::{file, folder, run, text};

const SHEET: &str = "编号,名称,经度,纬度,坐标系,联系电话,微波炉,营业时间\n1,甲站,113.50,34.80,gcj02,110,有,周一至周五 08:30-17:30\n\
    2,乙站,113.60,34.90,wgs84,,无,\n3,丙站,113.70,34.90,bd09,,,全天\n";

#[test]
fn a_register_is_backed_up_restored_and_exported() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (first, second) = (path("first.db"), path("second.db"));
    let sheet = file(&folder, "sheet.csv", SHEET);
    let done = run(&["import", text(&sheet), "--database", &first, "--commit"]);
    assert!(done.err.contains("revision 1: 3 new"), "{done:?}");
    assert_eq!(run(&["undo", "1", "--database", &first]).code, Some(0));
    assert_eq!(
        run(&["import", text(&sheet), "--database", &first, "--commit"]).code,
        Some(0)
    );

    let saved = path("all.backup");
    let backup = run(&["backup", &saved, "--database", &first]);
    assert_eq!((backup.code, backup.out.as_str()), (Some(0), ""), "{backup:?}");
    assert!(backup.err.contains("revision 3, 3 stations"), "{}", backup.err);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&saved).unwrap().permissions());
    assert_eq!(mode & 0o077, 0, "nobody else reads hashes of tokens");

    let restored = run(&["restore", &saved, "--database", &second]);
    assert_eq!(restored.code, Some(0), "{restored:?}");
    let again = run(&["restore", &saved, "--database", &second]);
    assert!(
        again.code == Some(3) && again.err.contains("--replace"),
        "{again:?}"
    );
    assert_eq!(
        run(&["restore", &saved, "--database", &second, "--replace"]).code,
        Some(0)
    );

    let (a, b) = (path("a.geojson"), path("b.geojson"));
    let exported = run(&["export", "--out", &a, "--history", "--database", &first]);
    assert_eq!(exported.code, Some(0), "{exported:?}");
    let log = path("b.jsonl");
    run(&["export", "--out", &b, "--history", &log, "--database", &second]);
    let read = |name: &str| std::fs::read_to_string(name).unwrap();
    assert_eq!(read(&a), read(&b), "what was restored is what was there");
    assert_eq!(read(&path("a.history.jsonl")), read(&log));
    let changes: Vec<Value> = read(&log)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(changes.len(), 9);
    let removed = changes.iter().filter(|change| change["after"].is_null());
    assert_eq!(removed.count(), 3, "tombstones are there");
    assert_eq!(changes[0]["after"]["properties"]["phone"], "110");

    // Read again, the exported file gives equal stations: the same text, datum and original coordinates included.
    let c = path("c.geojson");
    assert_eq!(run(&["convert", &a, "--out", &c]).code, Some(0));
    assert_eq!(read(&a), read(&c));
    let leftover = std::fs::read_dir(folder.path()).unwrap().flatten();
    assert!(
        leftover
            .map(|entry| entry.file_name())
            .all(|name| !name.to_string_lossy().contains(".part"))
    );
}

#[test]
fn what_is_no_backup_is_refused_and_a_backup_that_fails_leaves_no_file() {
    let folder = folder();
    let database = folder.path().join("x.db").display().to_string();
    let sheet = file(&folder, "sheet.csv", SHEET);
    for (path, expected) in [
        (text(&sheet), "no backup of a register"),
        ("/nowhere/at/all", "cannot read"),
    ] {
        let refused = run(&["restore", path, "--database", &database]);
        assert!(
            refused.code == Some(3) && refused.err.contains(expected),
            "{refused:?}"
        );
    }
    let target = folder.path().join("new.backup");
    let failed = run(&[
        "backup",
        text(&target),
        "--database",
        "postgres://nobody@127.0.0.1:1/x",
    ]);
    assert_eq!(failed.code, Some(3), "{failed:?}");
    assert!(!target.exists());
    let nowhere = run(&["backup", "/nowhere/at/all", "--database", &database]);
    assert!(
        nowhere.code == Some(3) && nowhere.err.contains("cannot write"),
        "{nowhere:?}"
    );
}
