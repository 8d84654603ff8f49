//! `--help` says what there is, what the defaults are, and how the program ends.

use crate::run;

#[test]
fn the_main_help_shows_commands_examples_and_exit_codes() {
    let help = run(&["-h"]);
    assert_eq!(help.code, Some(0), "{}", help.err);
    insta::assert_snapshot!(help.out);
}

#[test]
fn every_command_has_help_of_its_own() {
    for command in [
        "serve",
        "nearest",
        "along-route",
        "audit",
        "coverage",
        "gaps",
        "by-hour",
        "report",
        "check",
        "convert",
        "datum",
        "hours",
        "import",
        "undo",
        "token",
        "feed",
        "backup",
        "restore",
        "export",
    ] {
        let help = run(&[command, "--help"]);
        assert_eq!(help.code, Some(0), "{command}: {}", help.err);
        assert!(
            help.out.contains(&format!("Usage: yizhan {command}")),
            "{}",
            help.out
        );
        let short = run(&[command, "-h"]);
        assert_eq!(short.code, Some(0), "{command}");
    }
}

#[test]
fn help_names_the_defaults_that_the_endpoints_have() {
    // Lines are wrapped, so that a default may be split over two.
    let words = |command: &str| {
        run(&[command, "--help"])
            .out
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let nearest = words("nearest");
    for default in [
        "[default: 10]",
        "[default: walk]",
        "[default: open]",
        "[default: wgs84]",
        "[default: geojson]",
    ] {
        assert!(nearest.contains(default), "{default}: {nearest}");
    }
    let along = words("along-route");
    for default in ["[default: 500]", "[default: 100]", "[default: walk]"] {
        assert!(along.contains(default), "{default}: {along}");
    }
    for (command, own) in [
        ("coverage", "[default: districts]"),
        ("gaps", "[default: perhaps]"),
        ("by-hour", "[default: an ordinary week]"),
    ] {
        let help = words(command);
        for default in [
            own,
            "[default: 15]",
            "[default: walk]",
            "[default: 1]",
            "[default: open]",
        ] {
            assert!(help.contains(default), "{default}: {help}");
        }
    }
    assert!(words("serve").contains("[default: 127.0.0.1:8080]"));
}

#[test]
fn the_version_is_printed() {
    let version = run(&["--version"]);
    assert_eq!(
        (version.code, version.out.as_str()),
        (Some(0), concat!("yizhan ", env!("CARGO_PKG_VERSION"), "\n"))
    );
}

#[test]
fn an_unknown_command_flag_or_value_ends_with_2() {
    for args in [
        &["nearst"][..],
        &["nearest", "--lon", "109.5", "--lat", "18.25", "--colour", "red"],
        &["nearest", "--lon", "109.5"],
        &["audit"],
        &["coverage", "--format", "xlsx"],
        &["gaps", "--demand-coord", "utm"],
        &["audit", "--standard", "sanya-ten", "--format", "xlsx"],
        &["check"],
        &["check", "x.csv", "--lang", "fr"],
        &["check", "x.csv", "--coord", "utm"],
        &["convert", "--to", "xlsx"],
        &["datum", "--from", "gcj02", "113,34"],
        &["hours", "24/7", "--at", "gestern"],
        &["serve", "--workers", "0"],
        &["along-route"],
        &[
            "along-route",
            "--line",
            "109.5,18.2;109.6,18.3",
            "--polyline",
            "abc",
        ],
    ] {
        let ended = run(args);
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (Some(2), ""),
            "{args:?}: {}",
            ended.err
        );
        assert!(ended.err.contains("error: "), "{args:?}: {}", ended.err);
    }
}
