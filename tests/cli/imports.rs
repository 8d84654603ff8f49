//! Decisions about a sheet from the command line, an import that is interrupted, and one of 200,000 rows.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{Ended, file, folder, program, run, text};

fn import(folder: &TempDir, sheet: &str, more: &[&str]) -> Ended {
    let database = folder.path().join("yizhan.db").display().to_string();
    let path = file(folder, "sheet.csv", sheet);
    let args = ["import", text(&path), "--database", &database];
    let fixed = ["--source", "x", "--coord", "wgs84", "--lang", "en"];
    run(&[args.as_slice(), &fixed, more].concat())
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn rows_and_conflicts_are_decided_in_a_file_and_the_listing_says_how() {
    let folder = folder();
    let head = "编号,名称,经度,纬度,联系电话\n";
    let first = format!(
        "{head}a,解放路工会驿站,109.50,18.25,1\nb,崖城社区驿站,109.60,18.30,2\nc,胜利广场环卫驿站,109.40,18.20,3\n"
    );
    let done = import(&folder, &first, &["--commit"]);
    assert!(done.err.contains("revision 1: 3 new"), "{done:?}");
    // Another sheet edits `a`, so that the first one's next version is in conflict.
    let database = folder.path().join("yizhan.db").display().to_string();
    let other = file(
        &folder,
        "other.csv",
        "编号,名称,经度,纬度,联系电话\na,解放路工会驿站,109.50,18.25,100\n",
    );
    let edit = [
        "import",
        text(&other),
        "--database",
        &database,
        "--coord",
        "wgs84",
        "--commit",
    ];
    assert!(run(&edit).err.contains("revision 2: 0 new, 1 changed"));
    let second = format!(
        "{head}a,解放路工会驿站,109.50,18.25,11\nzz,胜利广场工会驿站,109.40003,18.20,\nn1,凤凰机场驿站,109.41,18.30,\n\
         n2,凤凰机场爱心驿站,109.4101,18.30,\n"
    );
    let dry = import(&folder, &second, &[]);
    assert_eq!(dry.code, Some(1), "{dry:?}");
    for told in [
        "phone: 100 ≠ 11",
        "c 胜利广场环卫驿站",
        "= 5?",
        "row,decide,field,station",
        "8,match,,ID",
        "conflict 冲突 1 · undecided 待定 1 · perhaps twice 疑似重复 1 · missing 缺失 1",
    ] {
        assert!(dry.out.contains(told), "{told}: {}", dry.out);
    }
    let decisions = "row,decide,field,station\n2,theirs,phone,\n3,match,,c\n5,skip,,\n,delete,,b\n";
    let decisions = file(&folder, "decisions.csv", decisions);
    let decided = import(&folder, &second, &["--decisions", text(&decisions)]);
    assert_eq!(decided.code, Some(0), "{decided:?}");
    assert!(
        decided.out.contains("new 新增 1 · changed 修改 2 · unchanged 未变 0 · conflict 冲突 0 · undecided 待定 0 · skipped 跳过 1 · deleted 删除 1"),
        "{}",
        decided.out
    );
    let as_json = file(
        &folder,
        "decisions.json",
        r#"[{"row":2,"decide":"theirs"},{"row":3,"decide":"match","station":"c"},{"row":5,"decide":"skip"},{"decide":"delete","station":"b"}]"#,
    );
    let done = import(&folder, &second, &["--decisions", text(&as_json), "--commit"]);
    assert!(done.err.contains("revision 3: 1 new, 2 changed"), "{done:?}");
    for (bad, told) in [
        (
            "row,decide\n99,skip\n",
            "row `99` is decided about and is not in the sheet",
        ),
        (
            "row,decide\n2,perhaps\n",
            "line 2: `decide` is `perhaps`; expected one of take, skip",
        ),
    ] {
        let bad = file(&folder, "bad.csv", bad);
        let refused = import(&folder, &second, &["--decisions", text(&bad)]);
        assert!(
            refused.code == Some(3) && refused.err.contains(told),
            "{refused:?}"
        );
    }
}

#[test]
fn the_copy_of_the_sheet_says_what_becomes_of_each_row() {
    let folder = folder();
    let sheet = "编号,名称,经度,纬度,联系电话\na,解放路工会驿站,109.50,18.25,1\nb,崖城社区驿站,x,18.30,2\n";
    assert!(
        import(&folder, sheet, &["--commit"])
            .err
            .contains("revision 1: 1 new")
    );
    let changed = sheet.replace(",1\n", ",12351\n");
    let remarks = folder.path().join("remarks.csv");
    import(&folder, &changed, &["--remarks", text(&remarks)]);
    let copy = std::fs::read_to_string(&remarks).unwrap();
    let lines: Vec<&str> = copy.lines().collect();
    assert!(lines[0].ends_with(",Remark"), "{copy}");
    assert!(lines[1].ends_with(",changed: telephone 1 → 12351"), "{copy}");
    assert!(lines[2].contains("error [C 经度]"), "{copy}");
}

/// A sheet of stations on a grid of 200 m, each with hours and facilities in words.
fn large(rows: u32) -> String {
    let mut sheet = "编号,名称,地址,经度,纬度,开放时间,联系电话,服务设施\n".to_owned();
    let kinds = ["工会驿站", "爱心驿站", "环卫驿站", "城市驿站"];
    for number in 0..rows {
        let (east, north) = (f64::from(number % 450) / 500.0, f64::from(number / 450) / 500.0);
        let kind = kinds[number as usize % kinds.len()];
        sheet.extend([format!(
            "n{number:06},第{}街道{}号{kind},人民路{number}号,{:.4},{:.4},周一至周五 08:{:02}-17:30,138{number:08},饮水、微波炉、手机充电、休息座椅\n",
            number / 97,
            number % 97,
            113.0 + east,
            34.0 + north,
            number % 60,
        )]);
    }
    sheet
}

#[test]
fn an_import_that_is_interrupted_leaves_nothing_behind() {
    let folder = folder();
    let path = file(&folder, "sheet.csv", large(60_000));
    let database = folder.path().join("yizhan.db");
    let remarks = folder.path().join("remarks.csv");
    let args = [
        "import",
        text(&path),
        "--database",
        text(&database),
        "--coord",
        "wgs84",
        "--commit",
    ];
    for wait_ms in [300, 900, 2_500] {
        let child = program(&[args.as_slice(), &["--remarks", text(&remarks)]].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        #[expect(
            clippy::disallowed_methods,
            reason = "the moment of the end is what is varied"
        )]
        std::thread::sleep(Duration::from_millis(wait_ms));
        let interrupt = Command::new("kill")
            .args(["-s", "INT", &child.id().to_string()])
            .status();
        assert!(interrupt.unwrap().success());
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(130), "{said}");
        assert!(said.contains("nothing was written"), "{said}");
        let mut names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["sheet.csv", "yizhan.db"], "after {wait_ms} ms");
    }
    let list = run(&["undo", "1", "--database", text(&database)]);
    assert!(list.err.contains("revision `1` has changed nothing"), "{list:?}");
}

/// Runs an import and tells how long it took and how much memory it held at most, in MB.
fn measured(args: &[&str]) -> (Duration, u64, String) {
    let begun = Instant::now();
    let mut child = program(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kb = 0;
    while child.try_wait().expect("a child").is_none() {
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        peak_kb = number.unwrap_or_default().max(peak_kb);
        #[expect(clippy::disallowed_methods, reason = "the process is looked at now and then")]
        std::thread::sleep(Duration::from_millis(10));
    }
    let took = begun.elapsed();
    let out = String::from_utf8(child.wait_with_output().expect("its end").stdout).expect("UTF-8");
    (
        took,
        peak_kb / 1_000,
        out.lines().last().unwrap_or_default().to_owned(),
    )
}

#[test]
#[ignore = "a measurement of the optimised program: cargo test --release --test cli two_hundred -- --ignored --nocapture"]
fn two_hundred_thousand_rows_are_compared_in_ten_seconds_and_a_gigabyte() {
    let folder = folder();
    let path = file(&folder, "sheet.csv", large(200_000));
    let database = folder.path().join("yizhan.db");
    let args = [
        "import",
        text(&path),
        "--database",
        text(&database),
        "--coord",
        "wgs84",
    ];
    let dry = |what: &str| {
        let (took, peak_mb, counts) = measured(&args);
        println!("dry run {what}: {took:.2?}, {peak_mb} MB; {counts}");
        assert!(took < Duration::from_secs(10) && peak_mb < 1_000, "{what}");
        counts
    };
    assert!(dry("on an empty register").starts_with("new 新增 200000 "));
    let (took, peak_mb, _) = measured(&[args.as_slice(), &["--commit"]].concat());
    println!("commit: {took:.2?}, {peak_mb} MB");
    assert!(dry("on a register of the same").contains("unchanged 未变 200000 "));
}
