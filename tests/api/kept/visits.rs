//! Uses of stations: counted, told by day, and nothing else.

use chrono::{Days, NaiveDate, Utc};
use serde_json::json;
use yizhan::http::Limits;

use crate::client::one_worker;
use crate::service::{ITEMS, Kept};
use crate::world;

fn today() -> NaiveDate {
    Utc::now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive()
}

fn visit_from(kept: &Kept, address: &str, station: &str) -> u16 {
    let path = format!("{ITEMS}/{station}/visits");
    kept.service
        .send("POST", &path, &[("x-forwarded-for", address)], None)
        .status
}

fn behind_a_proxy() -> Kept {
    let limits = Limits {
        trust_forwarded: true,
        ..one_worker()
    };
    Kept::with(&world::demo_stations(), limits)
}

#[test]
fn visits_are_counted_for_today_where_the_stations_are_and_make_no_revision() {
    let kept = behind_a_proxy();
    let statistics = || kept.service.get(&format!("{ITEMS}/sy-001/statistics"));
    let empty = statistics();
    assert_eq!(empty.status, 200, "{}", empty.text());
    assert_eq!(
        (&empty.json()["visits"], &empty.json()["visits_in_all"]),
        (&json!(0), &json!(0))
    );
    let before = kept.item("sy-001");
    let begun = today();
    std::thread::scope(|scope| {
        for sender in 0..40 {
            let kept = &kept;
            scope.spawn(move || {
                for _ in 0..3 {
                    let answered = visit_from(kept, &format!("10.0.0.{sender}"), "sy-001");
                    assert_eq!(answered, 204);
                }
            });
        }
    });
    visit_from(&kept, "10.0.1.1", "sy-002");
    let told = statistics().json();
    assert_eq!(
        (&told["visits"], &told["visits_in_all"], &told["time_zone"]),
        (&json!(120), &json!(120), &json!("Asia/Shanghai"))
    );
    let days = told["days"].as_array().unwrap();
    assert_eq!((days.len(), &told["to"]), (30, &days[29]["day"]));
    // A test that runs over midnight has them on two days.
    if begun == today() {
        assert_eq!(days[29], json!({ "day": begun, "visits": 120 }));
        assert!(days[..29].iter().all(|day| day["visits"] == 0));
    }
    // The tag stands for all records.
    assert_eq!(kept.item("sy-001").header("etag"), before.header("etag"));
    assert_eq!(kept.service.get("/readyz").json()["revision"], 1);
}

#[test]
fn statistics_tell_every_day_that_was_asked_about() {
    let kept = Kept::with_a_report();
    let day = |day: u32| NaiveDate::from_ymd_opt(2024, 2, day).unwrap();
    kept.run(async {
        for at in [27, 28, 28, 29] {
            kept.keeper.count_visit("sy-004", day(at)).await.unwrap();
        }
    });
    let ask = |query: &str| {
        let answer = kept.service.get(&format!("{ITEMS}/sy-004/statistics?{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        answer.json()
    };
    let two = ask("from=2024-02-28&to=2024-03-01");
    let expected = json!([{ "day": "2024-02-28", "visits": 2 }, { "day": "2024-02-29", "visits": 1 },
        { "day": "2024-03-01", "visits": 0 }]);
    assert_eq!(
        (&two["days"], &two["visits"], &two["visits_in_all"]),
        (&expected, &json!(3), &json!(4))
    );
    assert_eq!(two["tickets"], json!({ "open": 1, "acknowledged": 0 }));
    // A leap year has 366 days, and that is the limit.
    let year = ask("from=2024-01-01&to=2024-12-31");
    assert_eq!(
        (year["days"].as_array().unwrap().len(), &year["visits"]),
        (366, &json!(4))
    );
    assert_eq!(
        ask("to=2024-02-29")["from"],
        json!(day(29).checked_sub_days(Days::new(29)))
    );
    for (query, code, parameter) in [
        ("from=2024-01-01&to=2025-01-01", "invalid_parameter", "from"),
        ("from=2024-02-30", "invalid_parameter", "from"),
        ("to=2024-2-3", "invalid_parameter", "to"),
        ("to=today", "invalid_parameter", "to"),
        (
            "from=2024-02-02&to=2024-02-01",
            "contradictory_parameters",
            "from",
        ),
        ("from=9999-01-01", "contradictory_parameters", "from"),
        ("day=2024-02-02", "unknown_parameter", "day"),
        ("to=-262143-01-01", "invalid_parameter", "to"),
    ] {
        let refused = kept.service.get(&format!("{ITEMS}/sy-004/statistics?{query}"));
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (400, code),
            "{query}: {}",
            refused.text()
        );
        assert_eq!(refused.json()["parameter"], parameter, "{query}");
    }
}

#[test]
fn a_station_that_is_not_here_is_not_counted() {
    let kept = Kept::demo();
    for path in ["nowhere/statistics", "nowhere/visits"] {
        let method = if path.ends_with("visits") { "POST" } else { "GET" };
        let refused = kept.service.send(method, &format!("{ITEMS}/{path}"), &[], None);
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (404, "not_found"),
            "{path}"
        );
    }
}

#[test]
fn an_address_may_visit_sixty_times_at_once_and_others_go_on() {
    let kept = behind_a_proxy();
    let begun = std::time::Instant::now();
    let taken = (0..2_000)
        .take_while(|_| visit_from(&kept, "203.0.113.9", "sy-001") == 204)
        .count();
    let let_in_since = usize::try_from(begun.elapsed().as_secs()).unwrap() + 1;
    assert!((60..=60 + let_in_since).contains(&taken), "{taken}");
    let path = format!("{ITEMS}/sy-001/visits");
    let refused = (0..10)
        .map(|_| {
            kept.service
                .send("POST", &path, &[("x-forwarded-for", "203.0.113.9")], None)
        })
        .find(|answer| answer.status == 429)
        .expect("nobody was slowed down");
    assert_eq!(refused.code(), "too_many_requests");
    assert!(["1", "2"].contains(&refused.header("retry-after")));
    assert_eq!(visit_from(&kept, "203.0.113.10", "sy-001"), 204);
    assert_eq!(kept.item("sy-001").status, 200, "reading goes on");
}
