//! Records that may be one place, in a sheet and beside a station that somebody adds.

use proptest::prelude::*;
use yizhan::domain::geodesic::karney;
use yizhan::domain::station::Station;
use yizhan::domain::work_calendar::WorkCalendar;
use yizhan::locator::{Clock, Reference, Snapshot};
use yizhan::register::duplicates::{BESIDE_M, Ground, NAMESAKE_M, find_similar, list_similar_rows};
use yizhan::register::names::{ALIKE, StationName};
use yizhan::register::row::IncomingRow;

use crate::world::{row, station};

fn snapshot(stations: Vec<Station>) -> Snapshot {
    let reference = Reference {
        calendar: WorkCalendar::bundled().into(),
        clock: Clock::default(),
        districts: Vec::new().into(),
        standards: Vec::new().into(),
    };
    Snapshot::build(stations, reference, 1)
}

#[test]
fn a_station_beside_another_or_with_its_name_not_far_away_is_a_candidate() {
    let register = snapshot(vec![
        station("beside", "胜利广场驿站", (49.0, 0.0)),
        station("system", "解放路环卫驿站", (0.0, 51.0)),
        station("namesake", "解放路户外劳动者爱心驿站", (499.0, 0.0)),
        station("too-far", "解放路爱心驿站", (501.0, 0.0)),
        station("other", "崖城社区驿站", (0.0, -51.0)),
        station("own", "解放路工会驿站", (0.0, 0.0)),
    ]);
    let found = find_similar(&register, &station("own", "解放路工会驿站", (0.0, 0.0)));
    let found: Vec<(&str, Ground)> = found
        .iter()
        .map(|found| (found.id.as_str(), found.ground))
        .collect();
    assert_eq!(
        found,
        [
            ("beside", Ground::Beside),
            ("system", Ground::OtherSystem),
            ("namesake", Ground::SimilarName)
        ]
    );
}

proptest! {
    #[test]
    fn the_pairs_of_a_sheet_are_those_of_everything_compared_with_everything(
        all in proptest::collection::vec((0_usize..5, -400.0..400.0, -30.0..30.0), 0..12),
    ) {
        const NAMES: [&str; 5] = ["解放路工会驿站", "解放路环卫驿站", "胜利广场驿站", "解放路2号驿站", "驿站"];
        let rows: Vec<IncomingRow> = all
            .iter()
            .zip(0..)
            .map(|((name, east_m, north_m), number)| row(number, station(&format!("s{number}"), NAMES[*name], (*east_m, *north_m))))
            .collect();
        let mut expected = Vec::new();
        for (position, first) in rows.iter().enumerate() {
            for second in &rows[position + 1..] {
                let metres = karney(first.station.location.place(), second.station.location.place()).get();
                let (one, two) = (StationName::new(&first.station.name), StationName::new(&second.station.name));
                let alike = !one.is_generic() && !two.is_generic() && one.likeness(&two) >= ALIKE;
                if metres <= BESIDE_M || (alike && metres <= NAMESAKE_M) {
                    expected.push((first.number, second.number));
                }
            }
        }
        let found: Vec<(u64, u64)> = list_similar_rows(&rows, |_| true).iter().map(|pair| (pair.first, pair.second)).collect();
        prop_assert_eq!(found, expected);
    }
}
