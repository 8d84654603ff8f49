//! Bodies under gzip, br and zstd: smaller, and the same after decoding.

use std::io::Read as _;

use crate::client::demo;

fn decoded(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match coding {
        "gzip" => flate2::read::GzDecoder::new(body).read_to_end(&mut out),
        "br" => brotli::Decompressor::new(body, 4096).read_to_end(&mut out),
        "zstd" => {
            out = zstd::decode_all(body).expect("zstd");
            Ok(out.len())
        }
        other => unreachable!("{other}"),
    }
    .expect("a body that can be decoded");
    out
}

#[test]
fn each_coding_gives_the_same_body_and_the_same_headers() {
    for path in [
        "/v1/standards",
        "/v1/openapi.yaml",
        "/v1/districts/460203",
        "/v1/collections/stations/items?f=csv",
    ] {
        let plain = demo().get(path);
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        for coding in ["gzip", "br", "zstd"] {
            let coded = demo().get_with(path, &[("accept-encoding", coding)]);
            assert_eq!(
                (coded.status, coded.header("content-encoding")),
                (200, coding),
                "{path}"
            );
            assert!(
                coded.body.len() < plain.body.len() * 3 / 4,
                "{path}: {coding} saves nothing"
            );
            let body = decoded(coding, &coded.body);
            if path.contains("districts") {
                let json: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
                assert_eq!(json["geometry"], plain.json()["geometry"]);
            } else {
                assert_eq!(body, plain.body, "{path}: {coding}");
            }
            assert_eq!(
                coded.header("content-type"),
                plain.header("content-type"),
                "{path}"
            );
            assert_eq!(
                coded.header("etag"),
                plain.header("etag"),
                "{path}: a weak tag is of all codings"
            );
        }
    }
}

#[test]
fn caches_are_told_that_the_coding_the_form_and_the_language_vary() {
    for coding in ["identity", "gzip"] {
        let answer = demo().get_with("/v1/nearest?lon=109.51&lat=18.25", &[("accept-encoding", coding)]);
        let vary: Vec<&str> = answer
            .headers
            .get_all("vary")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let vary = vary.join(", ").to_ascii_lowercase();
        for name in ["accept", "accept-language", "accept-encoding"] {
            assert!(
                vary.split(", ").any(|entry| entry == name),
                "{coding}: {name} is not in {vary}"
            );
        }
    }
}

#[test]
fn a_coding_that_the_client_refuses_or_that_nobody_knows_is_not_used() {
    for accepted in [
        "identity",
        "br;q=0, gzip;q=0, zstd;q=0",
        "compress, x-own;q=0.5, identity",
    ] {
        for path in ["/v1/standards", "/", "/plan", "/keep", "/docs"] {
            let answer = demo().get_with(path, &[("accept-encoding", accepted)]);
            assert_eq!(
                (answer.status, answer.header("content-encoding")),
                (200, ""),
                "{path}: {accepted}"
            );
        }
    }
}

#[test]
fn pages_are_sent_under_brotli_and_decode_to_themselves() {
    for path in ["/", "/plan", "/keep", "/docs"] {
        let plain = demo().get(path);
        let coded = demo().get_with(path, &[("accept-encoding", "gzip, br")]);
        let body = match coded.header("content-encoding") {
            "" => coded.body,
            coding => decoded(coding, &coded.body),
        };
        assert!(body == plain.body, "{path}");
    }
}

#[test]
fn head_under_a_coding_has_no_body_and_a_304_none_either() {
    let path = "/v1/standards";
    let head = demo().send("HEAD", path, &[("accept-encoding", "gzip")], None);
    assert_eq!((head.status, head.body.len()), (200, 0));
    let tag = head.header("etag");
    let known = demo().get_with(path, &[("accept-encoding", "gzip"), ("if-none-match", tag)]);
    assert_eq!((known.status, known.body.len()), (304, 0));
}

#[test]
fn a_problem_can_be_read_under_a_coding() {
    let answer = demo().get_with("/v1/nearest?lon=1", &[("accept-encoding", "gzip")]);
    assert_eq!(answer.status, 400);
    let body = match answer.header("content-encoding") {
        "" => answer.body,
        coding => decoded(coding, &answer.body),
    };
    assert!(
        String::from_utf8(body)
            .expect("UTF-8")
            .contains("missing_parameter")
    );
}
