//! Typical hours of Chinese service stations, in OSM syntax and as tables.

use crate::oracle::{Holidays, Pattern, Spans};

/// A span from one clock time to another, in minutes.
const fn span(from_hour: i32, from_minute: i32, to_hour: i32, to_minute: i32) -> (i32, i32) {
    (from_hour * 60 + from_minute, to_hour * 60 + to_minute)
}

const CLOSED: Spans = &[];
const ALL_DAY: Spans = &[span(0, 0, 24, 0)];
const EIGHT_TO_SIX: Spans = &[span(8, 0, 18, 0)];
const EIGHT_TO_EIGHT: Spans = &[span(8, 0, 20, 0)];
const TEN_TO_FOUR: Spans = &[span(10, 0, 16, 0)];
const WITH_NOON_BREAK: Spans = &[span(8, 30, 12, 0), span(14, 0, 17, 30)];
const NINE_TO_NOON: Spans = &[span(9, 0, 12, 0)];
const EVENING: Spans = &[span(18, 0, 26, 0)];
const LONG_EVENING: Spans = &[span(18, 0, 28, 0)];
const NIGHT: Spans = &[span(20, 0, 32, 0)];
const SUMMER: Spans = &[span(7, 0, 19, 0)];
const NINE_TO_FIVE: Spans = &[span(9, 0, 17, 0)];

const fn workdays(work: Spans, saturday: Spans, sunday: Spans) -> [Spans; 7] {
    [work, work, work, work, work, saturday, sunday]
}

/// Hours by season and weekday, holidays and nights, as stations state them.
pub const PATTERNS: [Pattern; 16] = [
    Pattern {
        osm: "24/7",
        by_month: |_| [ALL_DAY; 7],
        holidays: Holidays::NoMatter,
    },
    Pattern {
        osm: "08:00-20:00",
        by_month: |_| [EIGHT_TO_EIGHT; 7],
        holidays: Holidays::NotStated,
    },
    Pattern {
        osm: "Mo-Su,PH 08:00-20:00",
        by_month: |_| [EIGHT_TO_EIGHT; 7],
        holidays: Holidays::Stated(EIGHT_TO_EIGHT),
    },
    Pattern {
        osm: "Mo-Fr 08:00-18:00",
        by_month: |_| workdays(EIGHT_TO_SIX, CLOSED, CLOSED),
        holidays: Holidays::NotStated,
    },
    Pattern {
        osm: "Mo-Fr 08:30-12:00,14:00-17:30; PH off",
        by_month: |_| workdays(WITH_NOON_BREAK, CLOSED, CLOSED),
        holidays: Holidays::Stated(CLOSED),
    },
    Pattern {
        osm: "Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00; PH 10:00-16:00",
        by_month: |_| workdays(WITH_NOON_BREAK, NINE_TO_NOON, CLOSED),
        holidays: Holidays::Stated(TEN_TO_FOUR),
    },
    Pattern {
        osm: "Mo-Sa 08:00-18:00",
        by_month: |_| workdays(EIGHT_TO_SIX, EIGHT_TO_SIX, CLOSED),
        holidays: Holidays::NotStated,
    },
    Pattern {
        osm: "Sa-Su 10:00-16:00; PH off",
        by_month: |_| workdays(CLOSED, TEN_TO_FOUR, TEN_TO_FOUR),
        holidays: Holidays::Stated(CLOSED),
    },
    Pattern {
        osm: "Apr-Sep 07:00-19:00; Oct-Mar 08:00-18:00",
        by_month: |month| {
            [if (4..=9).contains(&month) {
                SUMMER
            } else {
                EIGHT_TO_SIX
            }; 7]
        },
        holidays: Holidays::NotStated,
    },
    Pattern {
        osm: "Apr-Sep Mo-Fr 07:00-19:00; Oct-Mar Mo-Fr 08:00-18:00; PH 10:00-16:00",
        by_month: |month| {
            let work = if (4..=9).contains(&month) {
                SUMMER
            } else {
                EIGHT_TO_SIX
            };
            workdays(work, CLOSED, CLOSED)
        },
        holidays: Holidays::Stated(TEN_TO_FOUR),
    },
    Pattern {
        osm: "18:00-02:00",
        by_month: |_| [EVENING; 7],
        holidays: Holidays::NotStated,
    },
    Pattern {
        osm: "Mo-Fr 08:00-18:00; Sa 18:00-02:00; PH off",
        by_month: |_| workdays(EIGHT_TO_SIX, EVENING, CLOSED),
        holidays: Holidays::Stated(CLOSED),
    },
    Pattern {
        osm: "Mo-Th 18:00-02:00; Fr-Sa 18:00-04:00; Su off",
        by_month: |_| {
            [
                EVENING,
                EVENING,
                EVENING,
                EVENING,
                LONG_EVENING,
                LONG_EVENING,
                CLOSED,
            ]
        },
        holidays: Holidays::NotStated,
    },
    Pattern {
        osm: "Mo-Su 20:00-08:00; PH off",
        by_month: |_| [NIGHT; 7],
        holidays: Holidays::Stated(CLOSED),
    },
    Pattern {
        osm: "Mo-Th 08:00-18:00; Fr 09:00-17:00; Su 09:00-12:00; PH 09:00-17:00",
        by_month: |_| {
            [
                EIGHT_TO_SIX,
                EIGHT_TO_SIX,
                EIGHT_TO_SIX,
                EIGHT_TO_SIX,
                NINE_TO_FIVE,
                CLOSED,
                NINE_TO_NOON,
            ]
        },
        holidays: Holidays::Stated(NINE_TO_FIVE),
    },
    Pattern {
        osm: "Tu-Su 09:00-17:00; Mo off; PH off",
        by_month: |_| {
            [
                CLOSED,
                NINE_TO_FIVE,
                NINE_TO_FIVE,
                NINE_TO_FIVE,
                NINE_TO_FIVE,
                NINE_TO_FIVE,
                NINE_TO_FIVE,
            ]
        },
        holidays: Holidays::Stated(CLOSED),
    },
];
