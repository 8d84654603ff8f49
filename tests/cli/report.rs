//! `yizhan report` writes one page that stands alone, the same for the same question and minute.

use crate::{folder, run};

fn report(more: &[&str]) -> crate::Ended {
    run(&[&["report", "--standard", "sanya-ten"], more].concat())
}

#[test]
fn the_page_stands_alone_and_says_what_it_was_made_from_in_both_languages() {
    for (language, told) in [
        ("zh", ["覆盖评估报告", "示例数据", "吉阳区"]),
        ("en", ["Coverage", "synthetic", "吉阳区"]),
    ] {
        let ended = report(&["--lang", language]);
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        for words in told {
            assert!(ended.out.contains(words), "{language}: {words}");
        }
        assert!(ended.out.starts_with("<!DOCTYPE html>") && ended.out.trim_end().ends_with("</html>"));
        assert!(
            !ended.out.contains("<script") && !ended.out.contains("src=") && !ended.out.contains("http://")
        );
    }
}

#[test]
fn the_same_question_in_the_same_minute_gives_the_same_bytes() {
    let twice = || report(&["--at", "mo-04:00"]).out == report(&["--at", "mo-04:00"]).out;
    // The minute may turn between two runs, but hardly twice in a row.
    assert!(twice() || twice());
}

#[test]
fn a_file_is_written_whole_and_a_mistake_writes_none() {
    let folder = folder();
    let path = folder.path().join("report.html");
    let out = path.to_str().expect("UTF-8");
    let wrong = report(&["--minutes", "0", "--out", out]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    assert!(wrong.err.contains("--minutes") && !path.exists(), "{}", wrong.err);
    let unknown = run(&["report", "--standard", "no-such", "--out", out]);
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.err.contains("sanya-ten") && !path.exists(),
        "{}",
        unknown.err
    );
    let done = report(&["--k", "2", "--title", "三亚<驿站>", "--out", out]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let page = std::fs::read_to_string(&path).expect("a file");
    assert!(page.contains("三亚&lt;驿站&gt;"));
}
