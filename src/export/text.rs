//! Answers as a few short lines for a poor network: about 100 bytes a station, no markup, read aloud as they stand.

use super::open_state;
use super::row::Row;
use crate::domain::facility::{Facility, FacilitySet, FacilityState};
use crate::domain::language::Language;
use crate::domain::station::Station;
use crate::domain::units::{Meters, Travel, TravelMode};
use crate::locator::Snapshot;

/// Facilities that a line names at most, when the question names none.
const NAMED_FACILITIES: usize = 6;

/// What a text answer is written from.
#[derive(Debug, Clone, Copy)]
pub struct TextSource<'a> {
    /// The snapshot that was asked.
    pub snapshot: &'a Snapshot,
    /// How people travel; `None` where nothing is travelled.
    pub travel: Option<Travel>,
    /// The facilities that were asked for; they are named first and whatever their state.
    pub asked: FacilitySet,
    /// The language of the lines.
    pub language: Language,
}

/// Writes one line for each station, and a last line when some of them are made up.
pub fn lines(source: &TextSource<'_>, rows: &[Row]) -> String {
    let mut out = String::new();
    if rows.is_empty() {
        out.push_str(match source.language {
            Language::Zh => "没有符合条件的驿站\n",
            Language::En => "no station matches\n",
        });
    }
    for (row, number) in rows.iter().zip(1_usize..) {
        let words = line(source, row);
        out.push_str(&number.to_string());
        out.push(' ');
        out.push_str(&words.join(separator(source.language)));
        out.push('\n');
    }
    if rows.iter().any(|row| row.record(source.snapshot).synthetic) {
        out.push_str(match source.language {
            Language::Zh => "注意：示例数据，不是真实站点\n",
            Language::En => "Note: synthetic demo data, not real stations\n",
        });
    }
    out
}

/// A line about the nearest station beyond the radius that was asked for; nothing when there is none.
pub fn beyond(source: &TextSource<'_>, row: Option<&Row>) -> String {
    let Some((row, distance)) = row.and_then(|row| Some((row, row.distance?))) else {
        return String::new();
    };
    let (name, away) = (
        &row.record(source.snapshot).name,
        length(distance, source.language),
    );
    match source.language {
        Language::Zh => format!("这个范围以外最近的：{name} {away}\n"),
        Language::En => format!("the nearest beyond this radius: {name}, {away}\n"),
    }
}

const fn separator(language: Language) -> &'static str {
    match language {
        Language::Zh => " ",
        Language::En => ", ",
    }
}

fn line(source: &TextSource<'_>, row: &Row) -> Vec<String> {
    let (snapshot, language) = (source.snapshot, source.language);
    let record = row.record(snapshot);
    let mut words = vec![record.name.to_string()];
    if let Some(along) = row.along {
        words.push(match language {
            Language::Zh => format!("沿途{}处", length(along, language)),
            Language::En => format!("{} along", length(along, language)),
        });
    }
    if let Some(distance) = row.distance {
        words.push(length(distance, language));
    }
    if let (Some(seconds), Some(travel)) = (row.travel_time_s, source.travel) {
        let minutes = seconds.div_ceil(60);
        words.push(match (language, travel.mode) {
            (Language::Zh, TravelMode::Ebike) => format!("骑车约{minutes}分"),
            (Language::Zh, _) => format!("步行约{minutes}分"),
            (Language::En, TravelMode::Ebike) => format!("about {minutes} min by e-bike"),
            (Language::En, _) => format!("about {minutes} min on foot"),
        });
    }
    if let Some((answer, at)) = row.open(snapshot) {
        words.push(open_state::in_words(&answer, at, language));
    } else {
        words.push(record.status.label(language).to_owned());
    }
    words.extend(facilities(record, source.asked, language));
    words
}

/// `850米`, `1.2公里`; `850 m`, `1.2 km`.
fn length(length: Meters, language: Language) -> String {
    let metres = length.get();
    match (language, metres < 1000.0) {
        (Language::Zh, true) => format!("{metres:.0}米"),
        (Language::Zh, false) => format!("{:.1}公里", metres / 1000.0),
        (Language::En, true) => format!("{metres:.0} m"),
        (Language::En, false) => format!("{:.1} km", metres / 1000.0),
    }
}

fn facilities(record: &Station, asked: FacilitySet, language: Language) -> Vec<String> {
    let state = |facility: Facility| record.facilities.state(facility);
    let named: Vec<Facility> = if asked.is_empty() {
        record.facilities.yes().iter().take(NAMED_FACILITIES).collect()
    } else {
        asked.iter().collect()
    };
    let label = |facility: &Facility| facility.label(language);
    let list = |wanted: FacilityState| -> Option<String> {
        let labels: Vec<&str> = named
            .iter()
            .filter(|facility| state(**facility) == wanted)
            .map(label)
            .collect();
        (!labels.is_empty()).then(|| labels.join(if language == Language::Zh { "、" } else { " + " }))
    };
    let prefix = |zh: &str, en: &str| {
        if language == Language::Zh {
            zh.to_owned()
        } else {
            en.to_owned()
        }
    };
    let mut words = Vec::new();
    for (wanted, zh, en) in [
        (FacilityState::Yes, "有:", "has "),
        (FacilityState::Unknown, "不清楚:", "not known: "),
        (FacilityState::OutOfOrder, "坏了:", "out of order: "),
        (FacilityState::No, "没有:", "without "),
    ] {
        words.extend(list(wanted).map(|labels| prefix(zh, en) + &labels));
    }
    words
}
