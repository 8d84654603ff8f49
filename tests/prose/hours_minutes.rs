//! What was read, evaluated on four days, is what a person works out by hand.

use std::sync::Arc;

use yizhan::domain::opening_hours::{CompiledHours, LocalMinute, OpenState};
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::import::read_hours;

use crate::rows;

const TABLE: &str = include_str!("hours_prose_minutes.tsv");
/// A Monday, a Saturday, a worked Saturday and a statutory day off.
const DAYS: [&str; 4] = ["2026-11-16", "2026-11-21", "2026-10-10", "2026-10-01"];

#[test]
fn what_was_read_opens_at_the_minutes_that_were_worked_out_by_hand() {
    let calendar = Arc::new(WorkCalendar::bundled());
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows(TABLE) {
        let text = row[0];
        let osm = read_hours(text)
            .osm
            .unwrap_or_else(|| panic!("`{text}` is not read"));
        let hours = CompiledHours::parse(&osm, &calendar).expect("syntax");
        for (day, cell) in DAYS.iter().zip(&row[1..]) {
            count += 1;
            let expected = expected(cell);
            let start = LocalMinute::from_local(format!("{day}T00:00:00").parse().expect("a day"));
            let differs = (0..1440).find(|minute| {
                hours.state(start.plus_minutes(*minute))
                    != expected[usize::try_from(*minute).expect("a minute")]
            });
            if let Some(minute) = differs {
                let state = hours.state(start.plus_minutes(minute));
                wrong.push(format!(
                    "`{text}` as `{osm}` on {day} at {}:{:02}: {state:?}, by hand {cell}",
                    minute / 60,
                    minute % 60
                ));
            }
        }
    }
    assert!(count >= 240, "{count} days");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `8-12 ?12-14:30` as a state for each minute; what is not named is closed.
fn expected(cell: &str) -> Vec<OpenState> {
    let mut states = vec![OpenState::Closed; 1440];
    for span in cell.split(' ').filter(|span| *span != "-") {
        let (state, span) = match span.strip_prefix('?') {
            Some(span) => (OpenState::Unknown, span),
            None => (OpenState::Open, span),
        };
        let (from, to) = span.split_once('-').expect("a span");
        states[minute(from)..minute(to)].fill(state);
    }
    states
}

fn minute(clock: &str) -> usize {
    let (hour, minute) = clock.split_once(':').unwrap_or((clock, "0"));
    hour.parse::<usize>().expect("an hour") * 60 + minute.parse::<usize>().expect("a minute")
}
