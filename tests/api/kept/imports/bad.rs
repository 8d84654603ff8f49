//! Files that are none, clients that may not, clients that leave.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;
use yizhan::register::token::Role;

use super::{SHEET, commit, dry_run, read, upload};
use crate::service::Kept;

#[test]
fn what_is_no_sheet_is_refused_with_the_reason_and_nothing_is_kept() {
    let kept = Kept::demo();
    let broken = b"PK\x03\x04 and then something that is no archive".to_vec();
    for (name, bytes, told) in [
        ("a.csv", Vec::new(), "is empty"),
        ("a.csv", b"\x00\x01\x02\x03".repeat(50), "expected"),
        ("a.xlsx", broken, "cannot be read as a workbook"),
        ("a.csv", b"colour,weight\nred,3\n".to_vec(), "has no column"),
        (
            "a.geojson",
            b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec(),
            "`a.geojson`",
        ),
        ("a.json", b"[1,2".to_vec(), "`a.json`"),
    ] {
        let refused = upload(&kept, &format!("source=x&filename={name}"), bytes);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, "bad_file"),
            "{name}: {}",
            refused.text()
        );
        assert!(refused.text().contains(told), "{name}: {}", refused.text());
    }
    for (query, code) in [
        ("filename=a.csv", "missing_parameter"),
        ("source=x&coord=mars", "invalid_parameter"),
        ("source=x&mapping=%7B", "invalid_parameter"),
        (
            "source=x&mapping=%7B%22columns%22%3A%7B%22a%22%3A%22b%22%7D%7D",
            "invalid_parameter",
        ),
        ("source=x&decisions=1", "unknown_parameter"),
        (&format!("source={}", "x".repeat(201)), "invalid_parameter"),
    ] {
        let refused = upload(&kept, query, SHEET);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, code),
            "{query}: {}",
            refused.text()
        );
    }
    let bearer = format!("Bearer {}", kept.editor);
    let form = [
        ("authorization", bearer.as_str()),
        ("content-type", "multipart/form-data; boundary=x"),
    ];
    let refused = kept
        .service
        .send("POST", "/v1/imports?source=x", &form, Some(b"--x".to_vec()));
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (415, "unsupported_media_type")
    );
    assert!(refused.text().contains("--data-binary"), "{}", refused.text());
    assert_eq!(read(&kept, "/v1/imports")["imports"], json!([]));
}

#[test]
fn a_file_above_the_limit_is_refused_with_the_way_on() {
    let kept = Kept::demo();
    // At the limit the file is read, and found to be none.
    let mut sheet = b"PK\x03\x04".to_vec();
    sheet.resize(64 << 20, b'x');
    let read = upload(&kept, "source=x&coord=wgs84", sheet.clone());
    assert_eq!(
        (read.status, read.code().as_str()),
        (400, "bad_file"),
        "{}",
        read.text()
    );
    sheet.push(b'\n');
    let refused = upload(&kept, "source=x&coord=wgs84", sheet);
    assert_eq!((refused.status, refused.code().as_str()), (413, "body_too_large"));
    assert!(
        refused.text().contains("67108864") && refused.text().contains("yizhan import"),
        "{}",
        refused.text()
    );
}

#[test]
fn imports_are_for_editors() {
    let kept = Kept::demo();
    let id = dry_run(&kept, "source=x&coord=wgs84", SHEET);
    let reader = format!("Bearer {}", kept.token(Role::Reader));
    let paths = [
        ("POST", "/v1/imports?source=x".to_owned()),
        ("GET", "/v1/imports".to_owned()),
        ("GET", format!("/v1/imports/{id}")),
        ("GET", format!("/v1/imports/{id}/rows")),
        ("PATCH", format!("/v1/imports/{id}")),
        ("DELETE", format!("/v1/imports/{id}")),
        ("POST", format!("/v1/imports/{id}/commit")),
        ("POST", "/v1/revisions/1/undo".to_owned()),
    ];
    for (method, path) in &paths {
        for (header, status) in [("Bearer yz_wrong", 401), (reader.as_str(), 403)] {
            let refused = kept
                .service
                .send(method, path, &[("authorization", header)], Some(b"{}".to_vec()));
            assert_eq!(refused.status, status, "{method} {path}: {}", refused.text());
        }
        let refused = crate::client::demo().send(method, path, &[], Some(b"{}".to_vec()));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (405, "read_only"),
            "{method} {path}"
        );
        let nowhere = path.replace(&id, "nowhere");
        if nowhere != *path {
            let headers = [("content-type", "application/json")];
            let refused = kept.edit(method, &nowhere, &headers, Some(&json!({})));
            assert_eq!(
                (refused.status, refused.code().as_str()),
                (404, "not_found"),
                "{method} {nowhere}"
            );
        }
    }
    assert_eq!(
        kept.edit("DELETE", &format!("/v1/imports/{id}"), &[], None)
            .status,
        204
    );
    assert_eq!(commit(&kept, &id).status, 404);
    let wrong = kept.edit("PUT", &format!("/v1/imports/{id}"), &[], None);
    assert_eq!(
        (wrong.status, wrong.header("allow")),
        (405, "GET, HEAD, PATCH, DELETE, OPTIONS")
    );
    assert_eq!(
        kept.edit("GET", &format!("/v1/imports/{id}/commit"), &[], None)
            .status,
        405
    );
}

/// A sheet that takes a while to read.
fn large() -> String {
    let mut sheet = "编号,名称,经度,纬度,开放时间,服务设施\n".to_owned();
    for number in 0..40_000_u32 {
        let (east, north) = (f64::from(number % 200) / 100.0, f64::from(number / 200) / 100.0);
        sheet.extend([format!(
            "n{number},第{number}号工会驿站,{},{},工作日 08:{:02}-17:30,饮水、微波炉\n",
            105.0 + east,
            30.0 + north,
            number % 60
        )]);
    }
    sheet
}

#[test]
fn a_client_that_waits_hears_how_far_it_is_and_gets_the_dry_run_at_the_end() {
    let kept = Kept::demo();
    let bearer = format!("Bearer {}", kept.editor);
    let headers = [
        ("authorization", bearer.as_str()),
        ("accept", "text/event-stream"),
    ];
    let sheet = large().into_bytes();
    let path = "/v1/imports?source=x&coord=wgs84&filename=a.csv";
    let answer = kept.service.send("POST", path, &headers, Some(sheet));
    assert_eq!((answer.status, answer.media_type()), (200, "text/event-stream"));
    let text = answer.text();
    assert!(
        text.starts_with("event: progress\ndata: {\"done\":0,\"total\":"),
        "{}",
        text.chars().take(200).collect::<String>()
    );
    let last = text
        .split("event: result\ndata: ")
        .nth(1)
        .unwrap_or_else(|| panic!("{text}"));
    let document: serde_json::Value = serde_json::from_str(last.trim()).unwrap();
    assert_eq!(document["counts"]["new"], 40_000);
    let bad = kept
        .service
        .send("POST", path, &headers, Some(b"no sheet".to_vec()));
    assert!(
        bad.text().contains("event: problem\ndata: {") && bad.text().contains("bad_file"),
        "{}",
        bad.text()
    );
}

#[test]
fn a_client_that_leaves_leaves_nothing_behind() {
    let kept = Kept::demo();
    let sheet = large();
    let mut stream = TcpStream::connect(kept.service.address).unwrap();
    write!(
        stream,
        "POST /v1/imports?source=x&coord=wgs84&filename=a.csv HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: text/csv\r\ncontent-length: {}\r\n\r\n",
        kept.editor,
        sheet.len()
    )
    .unwrap();
    stream.write_all(sheet.as_bytes()).unwrap();
    stream.flush().unwrap();
    // The file is there and is being read; then the client goes.
    #[expect(clippy::disallowed_methods, reason = "the client leaves in the middle")]
    std::thread::sleep(Duration::from_millis(300));
    drop(stream);
    // Work that nobody waits for gives its turn back, and a dry run that is asked for now is the only one.
    let begun = Instant::now();
    let id = dry_run(&kept, "source=x&coord=wgs84", SHEET);
    assert!(begun.elapsed() < Duration::from_mins(1));
    #[expect(clippy::disallowed_methods, reason = "what was begun would be kept by now")]
    std::thread::sleep(Duration::from_secs(2));
    let imports = read(&kept, "/v1/imports")["imports"].clone();
    assert_eq!(
        (imports.as_array().map(Vec::len), &imports[0]["id"]),
        (Some(1), &json!(id)),
        "{imports}"
    );
}
