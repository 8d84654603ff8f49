//! The evaluations of `opening_hours.js`, the reference implementation of the syntax, run through ours.

use std::collections::BTreeMap;
use std::io::Read as _;

use serde::Deserialize;
use yizhan::domain::opening_hours::{CompiledHours, LocalMinute, OpenState};

use crate::library::has_night;
use crate::{DAY_MINUTES, compile_with, date, plain_calendar, shared_data};

#[derive(Deserialize)]
struct Vectors {
    tests: Vec<Vector>,
    should_fail: Vec<Rejected>,
    /// Name, text, time, next change.
    next_change: Vec<(String, String, String, Option<String>)>,
}

#[derive(Deserialize)]
struct Rejected {
    value: String,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    value: String,
    from: String,
    to: String,
    /// From, to, whether unknown, comment.
    expected: Vec<(String, String, bool, Option<String>)>,
}

type Span = (LocalMinute, LocalMinute, OpenState);

fn load() -> Option<Vectors> {
    let path = shared_data::path("opening-hours/opening_hours_js_vectors.json.gz")?;
    let file = std::fs::File::open(path).expect("a readable file");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .expect("gzip of UTF-8");
    Some(serde_json::from_str(&text).expect("the form of the vectors"))
}

fn time(text: &str) -> LocalMinute {
    let (day, clock) = text.split_once(' ').unwrap_or((text, "0:00"));
    let (hour, minute) = clock.split_once(':').expect("hours and minutes");
    let number = |digits: &str| {
        digits
            .get(..2.min(digits.len()))
            .and_then(|digits| digits.parse::<i32>().ok())
    };
    let minutes = number(hour).expect("hours") * 60 + number(minute).expect("minutes");
    // Some vectors name a 30 February, as dates of JavaScript may.
    let (month, day) = day.rsplit_once('-').expect("a year, a month and a day");
    let days: i32 = day.parse().expect("a day");
    LocalMinute::start_of(date(&format!("{month}-01"))).plus_minutes((days - 1) * DAY_MINUTES + minutes)
}

fn expected_spans(vector: &Vector) -> Vec<Span> {
    let state = |is_unknown| {
        if is_unknown {
            OpenState::Unknown
        } else {
            OpenState::Open
        }
    };
    let spans = vector
        .expected
        .iter()
        .map(|(from, to, is_unknown, _)| (time(from), time(to), state(*is_unknown)));
    joined(spans)
}

fn our_spans(hours: &CompiledHours, vector: &Vector) -> Vec<Span> {
    let intervals = hours.intervals(time(&vector.from), time(&vector.to));
    let spans = intervals
        .into_iter()
        .map(|interval| (interval.from, interval.to, interval.state));
    joined(spans.filter(|(_, _, state)| *state != OpenState::Closed))
}

/// Joins neighbours of the same state, which differ in the comment only.
fn joined(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for (from, to, state) in spans {
        match joined.last_mut() {
            Some((_, end, last)) if *end == from && *last == state => *end = to,
            _ => joined.push((from, to, state)),
        }
    }
    joined
}

/// Why an evaluation differs from the reference; each cause is recognised by a property of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// Am and pm, words for dashes, names of days in other languages: the reference corrects them, to us they are not
    /// readable. Also points in time and steps of days, which the crate does not read.
    NotReadable,
    /// Public and school holidays of other countries.
    OtherHolidays,
    /// Times of the sun; ours are fixed, the reference computes them for a place.
    Sun,
    /// `13:00-02:00,17:00+`: we trust the stated end, the reference the open one; `11:00-24:00+` is `11:00+` to us.
    OpenEnd,
    /// Date ranges that begin or end at Easter, which the crate reads differently.
    Easter,
    /// `10:00-16:00/01:30`: moments in the reference, unknown throughout with us.
    RepeatedTimes,
    /// A later rule wipes the night of the day before in the reference, and not with us.
    Night,
}

fn cause_of(vector: &Vector, is_read: bool) -> Option<Cause> {
    let has = |words: &[&str]| words.iter().any(|word| vector.value.contains(word));
    if !is_read {
        Some(Cause::NotReadable)
    } else if has(&["PH", "SH"]) {
        Some(Cause::OtherHolidays)
    } else if has(&["sunrise", "sunset", "dawn", "dusk"]) {
        Some(Cause::Sun)
    } else if has(&["00+"]) {
        Some(Cause::OpenEnd)
    } else if has(&["easter"]) {
        Some(Cause::Easter)
    } else if has(&["0/0"]) {
        Some(Cause::RepeatedTimes)
    } else if opening_hours_syntax::parse(&vector.value).is_ok_and(|expression| has_night(&expression)) {
        Some(Cause::Night)
    } else {
        None
    }
}

/// Three vectors give their times in UTC.
fn is_local(vector: &Vector) -> bool {
    !vector.from.ends_with('Z') && !vector.expected.iter().any(|(from, ..)| from.ends_with('Z'))
}

#[test]
fn the_evaluations_of_the_reference_agree_except_for_known_causes() {
    let Some(vectors) = load() else { return };
    let calendar = plain_calendar();
    let mut agreeing = 0;
    let mut causes: BTreeMap<Cause, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for vector in vectors.tests.iter().filter(|vector| is_local(vector)) {
        let hours = CompiledHours::parse(&vector.value, &calendar);
        let is_read = hours.is_ok();
        if hours.is_ok_and(|hours| our_spans(&hours, vector) == expected_spans(vector)) {
            agreeing += 1;
            continue;
        }
        match cause_of(vector, is_read) {
            Some(cause) => *causes.entry(cause).or_default() += 1,
            None => unexplained.push((&vector.value, &vector.name)),
        }
    }
    assert!(
        unexplained.is_empty(),
        "differ without a known cause: {unexplained:#?}"
    );
    let differing: Vec<(Cause, usize)> = causes.into_iter().collect();
    let known = [
        (Cause::NotReadable, 223),
        (Cause::OtherHolidays, 126),
        (Cause::Sun, 35),
        (Cause::OpenEnd, 5),
        (Cause::Easter, 6),
        (Cause::RepeatedTimes, 3),
        (Cause::Night, 4),
    ];
    assert_eq!(agreeing, 274, "differing: {differing:?}");
    assert_eq!(differing, known);
}

#[test]
fn texts_that_the_reference_rejects_are_mostly_rejected() {
    let Some(vectors) = load() else { return };
    let calendar = plain_calendar();
    let is_accepted = |case: &&Rejected| CompiledHours::parse(&case.value, &calendar).is_ok();
    let accepted: Vec<&str> = vectors
        .should_fail
        .iter()
        .filter(is_accepted)
        .map(|case| case.value.as_str())
        .collect();
    // 18 are right texts that lack a country; the rest name days such as 31 April, which never come, or odd steps.
    assert!(
        accepted.len() <= 38,
        "of {}: {accepted:#?}",
        vectors.should_fail.len()
    );
}

#[test]
fn the_next_changes_of_the_reference_agree() {
    let Some(vectors) = load() else { return };
    assert!(!vectors.next_change.is_empty());
    for (name, value, at, expected) in &vectors.next_change {
        let change = compile_with(value, &plain_calendar()).answer(time(at)).changes_at;
        assert_eq!(change, expected.as_deref().map(time), "{name}");
    }
}
