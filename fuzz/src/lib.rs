//! What each target does with its bytes. A panic, a hang or a memory that grows without end is a finding; an error is not.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use yizhan::domain::opening_hours::{CompiledHours, LocalMinute};
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::http::{Published, offline};
use yizhan::import::{
    HoursConfidence, ImportOptions, MAX_FACILITIES_BYTES, ReadOptions, parse, read, read_facilities,
    read_hours,
};
use yizhan::locator::{Clock, Reference, Snapshot};
use yizhan::register::edit::{DocumentOptions, read_new};

static CALENDAR: LazyLock<Arc<WorkCalendar>> = LazyLock::new(|| Arc::new(WorkCalendar::bundled()));
static PUBLISHED: LazyLock<Published> = LazyLock::new(|| {
    let table = "id,name,lon,lat,hours,facilities\na,甲,109.5,18.25,Mo-Fr 08:00-18:00,饮水;微波炉\nb,乙,109.51,18.26,,卫生间=无\n";
    let imported = parse(table.as_bytes(), "t.csv", None, &ImportOptions::default()).expect("a table");
    let reference = Reference {
        calendar: Arc::clone(&CALENDAR),
        clock: Clock::new(chrono_tz()),
        districts: Arc::from(Vec::new()),
        standards: Arc::from(Vec::new()),
    };
    Published::new(Snapshot::build(imported.stations, reference, 1))
});

fn chrono_tz<T: std::str::FromStr>() -> T
where
    T::Err: std::fmt::Debug,
{
    "Asia/Shanghai".parse().expect("a known time zone")
}

/// What the reader of workbooks panics at is caught and refused by `import/workbook.rs`, so it is an answer, not a finding;
/// every other panic still ends the run.
static CONTAINED: LazyLock<()> = LazyLock::new(|| {
    let ends_the_run = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|at| at.file().contains("/calamine-")) {
            ends_the_run(panic);
        }
    }));
});

/// Reads a file in both ways: as a register, and for changes with a copy that has remarks.
pub fn import(bytes: &[u8], name: &str) {
    LazyLock::force(&CONTAINED);
    let _register = parse(bytes, name, None, &ImportOptions::default());
    let mut input = bytes;
    if let Ok(file) = read(name, &mut input, &ReadOptions::default(), &|_bytes| {}) {
        assert!(file.rows.len() as u64 <= file.rows_seen);
    }
}

/// Reads hours in prose; what is said to be read must be syntax that the compiler takes.
pub fn hours_prose(text: &str) {
    let reading = read_hours(text);
    if reading.confidence == HoursConfidence::None {
        assert_eq!(reading.osm, None, "{text:?}");
    }
    if let Some(osm) = &reading.osm {
        opening_hours(osm);
        assert!(
            CompiledHours::parse(osm, &CALENDAR).is_ok(),
            "{text:?} became {osm:?}"
        );
    }
}

/// Reads facilities in prose.
pub fn facilities_prose(text: &str) {
    let reading = read_facilities(text);
    assert!(text.len() <= MAX_FACILITIES_BYTES || reading.facilities.is_empty());
}

/// Compiles hours and asks for a year: the state at a moment, a span, and a week.
pub fn opening_hours(text: &str) {
    let Ok(hours) = CompiledHours::parse(text, &CALENDAR) else {
        return;
    };
    let day = NaiveDate::from_ymd_opt(2026, 2, 27).expect("a day");
    let at = LocalMinute::start_of(day);
    let answer = hours.answer(at);
    assert_eq!(answer.state, hours.state(at), "{text:?}");
    let _states = hours.state_during(at, at.plus_minutes(1500));
    let _week = hours.week(day);
    let _intervals = hours.intervals(at, at.plus_minutes(60 * 24 * 40));
}

/// Reads a cell with a place.
pub fn coordinates(text: &str) {
    let cell = text.replace('"', "\"\"");
    for header in ["坐标", "经度,纬度"] {
        let row = if header == "坐标" {
            format!("\"{cell}\"")
        } else {
            format!("\"{cell}\",\"{cell}\"")
        };
        import(format!("名称,{header}\n甲,{row}\n").as_bytes(), "t.csv");
    }
}

/// Asks what can be asked without a server.
pub fn query(text: &str) {
    for path in ["/v1/nearest", "/v1/along-route", "/v1/audit"] {
        if let Err(error) = offline(path, text, &PUBLISHED) {
            assert!(error.to_string().len() < 10_000, "{error}");
        }
    }
}

/// Reads a station that an editor sends.
pub fn station_document(bytes: &[u8]) {
    let _station = read_new(bytes, DocumentOptions::default());
}
