//! Places of addresses from a real server that answers as Amap, Tianditu and Nominatim do, with all that goes wrong there.

use std::process::{Command, Stdio};

use serde_json::Value;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::{Datum, convert};
use yizhan::domain::geocode::{GeocodePrecision, GeocodeProvider};
use yizhan::domain::geodesic::karney;
use yizhan::remote::{Found, GeocodeError, Geocoder};

use crate::allowed;
use crate::server::Server;

const KEY: &str = "k3y-that-nobody-sees";
const AMAP: &str = "/v3/geocode/geo";
const TIANDITU: &str = "/geocoder";
const NOMINATIM: &str = "/search";

async fn find(
    server: &Server,
    provider: GeocodeProvider,
    prefix: &str,
) -> Result<Option<Found>, GeocodeError> {
    let base = server.url(prefix);
    let given = (Some(base.as_str()), Some(KEY));
    let mut geocoder = Geocoder::new(allowed(server), provider, given, 1_000.0).expect("a geocoder");
    assert!(!format!("{geocoder:?}").contains(KEY));
    geocoder.find("翠竹街1号", Some("郑州市")).await
}

async fn place(server: &Server, provider: GeocodeProvider) -> (f64, f64, Datum, GeocodePrecision) {
    let found = find(server, provider, "")
        .await
        .expect("an answer")
        .expect("a place");
    (
        found.place.lon_deg(),
        found.place.lat_deg(),
        found.datum,
        found.precision,
    )
}

fn amap(level: &str) -> String {
    format!(
        r#"{{"status":"1","info":"OK","infocode":"10000","count":"1","geocodes":[{{"formatted_address":"河南省郑州市中原区翠竹街1号",
        "province":"河南省","city":"郑州市","district":"中原区","adcode":"410102","location":"113.564525,34.819187","level":"{level}"}}]}}"#
    )
}

fn tianditu(level: &str) -> String {
    format!(
        r#"{{"msg":"ok","location":{{"score":100,"level":"{level}","lon":"113.558","lat":34.8201,"keyWord":"郑州市翠竹街1号"}},"searchVersion":"6.4.9V","status":"0"}}"#
    )
}

fn nominatim(rank: u32) -> String {
    format!(
        r#"[{{"place_id":1,"lat":"34.8201","lon":"113.558","category":"building","type":"yes","place_rank":{rank},"importance":0.1,"display_name":"1, 翠竹街"}}]"#
    )
}

#[tokio::test]
async fn each_service_is_asked_in_its_way_and_answers_in_its_datum() {
    let server = Server::start().await;
    server.put(AMAP, &amap("门牌号"));
    server.put(TIANDITU, &tianditu("门址"));
    server.put(NOMINATIM, &nominatim(30));
    let address = GeocodePrecision::Address;
    assert_eq!(
        place(&server, GeocodeProvider::Amap).await,
        (113.564_525, 34.819_187, Datum::Gcj02, address)
    );
    let asked = percent_encoding::percent_decode_str(&server.last_head())
        .decode_utf8_lossy()
        .into_owned();
    assert!(
        asked.contains("?output=JSON&address=翠竹街1号&city=郑州市&key="),
        "{asked}"
    );
    assert_eq!(
        place(&server, GeocodeProvider::Tianditu).await,
        (113.558, 34.8201, Datum::Wgs84, address)
    );
    let asked = percent_encoding::percent_decode_str(&server.last_head())
        .decode_utf8_lossy()
        .into_owned();
    assert!(
        asked.contains("?ds={\"keyWord\":\"郑州市翠竹街1号\"}&tk="),
        "{asked}"
    );
    assert_eq!(
        place(&server, GeocodeProvider::Nominatim).await,
        (113.558, 34.8201, Datum::Wgs84, address)
    );
    let asked = percent_encoding::percent_decode_str(&server.last_head())
        .decode_utf8_lossy()
        .into_owned();
    assert!(
        asked.contains("?format=jsonv2&limit=1&q=郑州市翠竹街1号"),
        "{asked}"
    );
}

#[tokio::test]
async fn levels_tell_a_house_from_a_street_and_from_an_area() {
    use GeocodePrecision::{Address, Area, Street};
    let server = Server::start().await;
    for (level, precision) in [
        ("门牌号", Address),
        ("兴趣点", Address),
        ("道路", Street),
        ("道路交叉路口", Street),
        ("区县", Area),
        ("市", Area),
        ("乡镇", Area),
        ("村庄", Area),
        ("未知", Area),
        ("", Area),
        ("新的词", Area),
    ] {
        server.put(AMAP, &amap(level));
        server.put(TIANDITU, &tianditu(level));
        for provider in [GeocodeProvider::Amap, GeocodeProvider::Tianditu] {
            assert_eq!(place(&server, provider).await.3, precision, "{provider} {level}");
        }
    }
    for (rank, precision) in [
        (30, Address),
        (28, Address),
        (27, Street),
        (26, Street),
        (25, Area),
        (8, Area),
        (0, Area),
    ] {
        server.put(NOMINATIM, &nominatim(rank));
        assert_eq!(
            place(&server, GeocodeProvider::Nominatim).await.3,
            precision,
            "{rank}"
        );
    }
}

#[tokio::test]
async fn no_result_is_an_answer() {
    let server = Server::start().await;
    for (provider, path, answer) in [
        (
            GeocodeProvider::Amap,
            AMAP,
            r#"{"status":"1","info":"OK","infocode":"10000","count":"0","geocodes":[]}"#,
        ),
        (
            GeocodeProvider::Amap,
            AMAP,
            r#"{"status":"0","info":"ENGINE_RESPONSE_DATA_ERROR","infocode":"30001"}"#,
        ),
        (
            GeocodeProvider::Tianditu,
            TIANDITU,
            r#"{"msg":"无结果","status":"101","searchVersion":"6"}"#,
        ),
        (
            GeocodeProvider::Tianditu,
            TIANDITU,
            r#"{"msg":"ok","status":"0"}"#,
        ),
        (GeocodeProvider::Nominatim, NOMINATIM, "[]"),
    ] {
        server.put(path, answer);
        assert_eq!(find(&server, provider, "").await.unwrap(), None, "{answer}");
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of answers")]
async fn a_bad_key_a_spent_quota_and_nonsense_are_told_apart_and_never_show_the_key() {
    let server = Server::start().await;
    let refusals = [
        (
            GeocodeProvider::Amap,
            AMAP,
            format!(r#"{{"status":"0","info":"INVALID_USER_KEY {KEY}","infocode":"10001"}}"#),
            "key",
        ),
        (
            GeocodeProvider::Amap,
            AMAP,
            r#"{"status":"0","info":"DAILY_QUERY_OVER_LIMIT","infocode":"10003"}"#.to_owned(),
            "quota",
        ),
        (
            GeocodeProvider::Amap,
            AMAP,
            r#"{"status":"0","info":"CUQPS_HAS_EXCEEDED_THE_LIMIT","infocode":"10021"}"#.to_owned(),
            "quota",
        ),
        (
            GeocodeProvider::Amap,
            AMAP,
            r#"{"status":"0","info":"UNKNOWN_ERROR","infocode":"20003"}"#.to_owned(),
            "nonsense",
        ),
        (
            GeocodeProvider::Amap,
            AMAP,
            r#"{"status":"1","geocodes":[{"location":"x"}]}"#.to_owned(),
            "nonsense",
        ),
        (
            GeocodeProvider::Tianditu,
            TIANDITU,
            format!(r#"{{"code":"301006","msg":"非法Key {KEY}"}}"#),
            "key",
        ),
        (
            GeocodeProvider::Tianditu,
            TIANDITU,
            r#"{"code":"301003","msg":"访问次数超限"}"#.to_owned(),
            "quota",
        ),
        (
            GeocodeProvider::Tianditu,
            TIANDITU,
            r#"{"msg":"错误","status":"404"}"#.to_owned(),
            "nonsense",
        ),
        (
            GeocodeProvider::Nominatim,
            NOMINATIM,
            r#"{"error":{"code":400,"message":"Nothing to search for."}}"#.to_owned(),
            "nonsense",
        ),
        (
            GeocodeProvider::Nominatim,
            NOMINATIM,
            "<html>".to_owned(),
            "nonsense",
        ),
    ];
    for (provider, path, answer, expected) in refusals {
        server.put(path, &answer);
        let error = find(&server, provider, "").await.unwrap_err();
        let kind = match error {
            GeocodeError::BadKey { .. } => "key",
            GeocodeError::Quota { .. } => "quota",
            GeocodeError::Unreadable { .. } => "nonsense",
            GeocodeError::Remote(_) => "remote",
        };
        assert_eq!(kind, expected, "{answer}: {error}");
        assert!(!format!("{error} {error:?}").contains(KEY), "{error}");
    }
    for provider in GeocodeProvider::ALL {
        for (prefix, expected) in [
            ("/status/403", "key"),
            ("/status/429", "no more questions"),
            ("/never", "too slow"),
        ] {
            let error = find(&server, *provider, prefix).await.unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(
                told.contains(expected) && !told.contains(KEY),
                "{provider} {prefix}: {told}"
            );
        }
    }
    for provider in [GeocodeProvider::Amap, GeocodeProvider::Tianditu] {
        let none = Geocoder::new(allowed(&server), provider, (None, None), 1.0).unwrap_err();
        assert!(matches!(none, GeocodeError::BadKey { .. }), "{none}");
    }
}

#[tokio::test]
async fn questions_keep_their_distance() {
    let server = Server::start().await;
    server.put(NOMINATIM, "[]");
    let base = server.url("");
    let mut geocoder = Geocoder::new(
        allowed(&server),
        GeocodeProvider::Nominatim,
        (Some(&base), None),
        20.0,
    )
    .unwrap();
    let begun = std::time::Instant::now();
    for _ in 0..5 {
        geocoder.find("x", None).await.unwrap();
    }
    assert!(begun.elapsed().as_millis() >= 200, "four waits of 50 ms");
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn rows_without_coordinates_come_in_with_the_place_of_their_address_and_keep_the_mark() {
    let server = Server::start().await;
    server.put(AMAP, &amap("兴趣点"));
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let sheet = "编号,名称,地址,经度,纬度,坐标系\n1,甲站,中原区翠竹街1号,,,\n2,乙站,,,,\n3,丙站,石楠路,113.60,34.80,wgs84\n";
    std::fs::write(path("sheet.csv"), sheet).unwrap();
    let base = server.url("");
    let yizhan = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_yizhan"))
            .args(args)
            .env("YIZHAN_GEOCODE_KEY", KEY)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!said.contains(KEY), "{said}");
        (output.status.code(), said)
    };
    let (sheet, database) = (path("sheet.csv"), path("yizhan.db"));
    let allow = server.address.to_string();
    let import = |more: &[&str]| {
        let mut args = vec!["import", &sheet, "--database", &database, "--geocode", "amap"];
        args.extend_from_slice(&["--geocode-url", &base, "--geocode-city", "郑州市"]);
        args.extend_from_slice(more);
        yizhan(&args)
    };
    let (_, refused) = import(&[]);
    assert!(
        refused.contains("--allow-host") && refused.contains("1 rows not asked about"),
        "{refused}"
    );
    let (_, dry) = import(&["--allow-host", &allow]);
    assert!(
        dry.contains("1 placed") && dry.contains("1 asked") && dry.contains("new 新增 2"),
        "{dry}"
    );
    assert!(dry.contains("without an address · 没有地址: 3"), "{dry}");
    let (_, done) = import(&["--allow-host", &allow, "--commit"]);
    assert!(
        done.contains("revision 1: 2 new") && done.contains("0 asked"),
        "what was answered is kept: {done}"
    );
    assert_eq!(server.hits(AMAP), 1);
    let (_, again) = import(&["--allow-host", &allow, "--commit"]);
    assert!(again.contains("nothing to write"), "{again}");

    let (a, b) = (path("a.geojson"), path("b.geojson"));
    yizhan(&["export", "--out", &a, "--history", "--database", &database]);
    yizhan(&["convert", &a, "--out", &b]);
    let text = std::fs::read_to_string(&a).unwrap();
    assert_eq!(
        text,
        std::fs::read_to_string(&b).unwrap(),
        "the mark is not lost on the way"
    );
    let document: Value = serde_json::from_str(&text).unwrap();
    let [found, stated] = [0, 1].map(|place| &document["features"][place]["properties"]["original"]);
    let geocoded = serde_json::json!({"provider": "amap", "precision": "address"});
    assert_eq!(
        (&found["geocoded"], &found["datum"]),
        (&geocoded, &Value::from("gcj02"))
    );
    assert!(stated.get("geocoded").is_none(), "{stated}");
    let place = &document["features"][0]["geometry"]["coordinates"];
    let place = LonLat::new(place[0].as_f64().unwrap(), place[1].as_f64().unwrap()).unwrap();
    let expected = convert(
        LonLat::new(113.564_525, 34.819_187).unwrap(),
        Datum::Gcj02,
        Datum::Wgs84,
    );
    assert!(
        karney(place, expected).get() < 0.2,
        "converted from the service's datum"
    );
    for name in ["yizhan.db", "yizhan.db-wal", "a.history.jsonl"] {
        let bytes = std::fs::read(path(name)).unwrap_or_default();
        assert!(
            !bytes.windows(KEY.len()).any(|piece| piece == KEY.as_bytes()),
            "the key is in {name}"
        );
    }

    // What the service knows by its area only is no place.
    server.put(AMAP, &amap("区县"));
    std::fs::write(&sheet, "编号,名称,地址,经度,纬度\n9,远站,中原区,,\n").unwrap();
    let (_, rough) = import(&["--allow-host", &allow, "--source", "rough"]);
    assert!(
        rough.contains("0 placed") && rough.contains("未采用: 2") && rough.contains("new 新增 0"),
        "{rough}"
    );
}
