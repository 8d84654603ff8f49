//! By hour: the same as asking hour by hour; what a station carries is what is lost without it.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use yizhan::domain::opening_hours::LocalMinute;
use yizhan::locator::OpenAsk;
use yizhan::planner::by_hour::{ByHour, by_hour};
use yizhan::planner::coverage::CoverageAsk;
use yizhan::planner::demand::Demand;
use yizhan::planner::hours::{HourSpan, open_hours};
use yizhan::planner::stations::PlanStations;
use yizhan::planner::tally::Cover;
use yizhan::planner::watch::Watch;

use crate::oracle::{Ask, ask, demand};
use crate::places::answer;
use crate::world;

/// Coverage by hour of a question, whose own time is left out.
fn asked_by_hour(
    ask: &Ask,
    snapshot: &yizhan::locator::Snapshot,
    demand: &Demand,
    span: HourSpan,
) -> (PlanStations, ByHour) {
    let mut conditions = ask.conditions(snapshot);
    conditions.open = OpenAsk::Any;
    let stations = PlanStations::select(snapshot, &conditions);
    let open = open_hours(snapshot, &conditions.filter, &stations, span);
    let coverage = CoverageAsk {
        demand,
        stations: &stations,
        reach: ask.reach(),
        districts: None,
    };
    let answer = by_hour(&coverage, &open, span.hours(), &Watch::default()).expect("not cancelled");
    (stations, answer)
}

fn at(ask: &Ask, minute: LocalMinute) -> Ask {
    Ask {
        at: Some(minute),
        ..ask.clone()
    }
}

fn span() -> impl Strategy<Value = HourSpan> {
    let days = proptest::sample::select(vec![
        "2026-11-16",
        "2026-02-14",
        "2026-10-01",
        "2025-12-31",
        "2027-03-03",
    ]);
    (days, any::<bool>()).prop_map(|(day, is_week)| {
        let day = day.parse().expect("a day");
        if is_week {
            HourSpan::week(day)
        } else {
            HourSpan::day(day)
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_hour_is_what_coverage_at_that_hour_answers(
        stations in world::stations(),
        demand in demand(),
        ask in ask(),
        span in span(),
        some in prop::collection::vec(0_usize..168, 12),
    ) {
        let snapshot = world::snapshot(stations);
        let (_, hourly) = asked_by_hour(&ask, &snapshot, &demand, span);
        let minutes: Vec<LocalMinute> = span.minutes().collect();
        prop_assert_eq!(hourly.overall.len(), minutes.len());
        for hour in some.into_iter().map(|hour| hour % minutes.len()) {
            let (_, then) = answer(&at(&ask, minutes[hour]), &snapshot, &demand);
            prop_assert_eq!(&hourly.overall[hour], &then.overall, "hour {}", hour);
            for ((district, tallies), (same, tally)) in hourly.districts.iter().zip(&then.districts) {
                prop_assert_eq!(district, same);
                prop_assert_eq!(&tallies[hour], tally);
            }
        }
    }

    #[test]
    fn a_station_carries_what_is_no_longer_surely_covered_without_it(
        stations in world::stations().prop_filter("some", |stations| !stations.is_empty()),
        demand in demand(),
        ask in ask(),
        span in span(),
        which in any::<prop::sample::Index>(),
        hour in 0_usize..24,
    ) {
        let snapshot = world::snapshot(stations.clone());
        let (asked, hourly) = asked_by_hour(&ask, &snapshot, &demand, span);
        let removed = which.index(snapshot.stations().len());
        let id = snapshot.stations()[removed].id.clone();
        let rest: Vec<_> = stations.into_iter().filter(|station| station.id != id).collect();
        let minute = span.minutes().nth(hour).expect("an hour");
        let (_, with) = answer(&at(&ask, minute), &snapshot, &demand);
        let (_, without) = answer(&at(&ask, minute), &world::snapshot(rest), &demand);
        let lost = with.overall.of(Cover::Sure).weight(0) - without.overall.of(Cover::Sure).weight(0);
        let carried = hourly.carries.iter().find(|(position, _)| {
            asked.stations()[*position as usize].ordinal as usize == removed
        });
        let carried = carried.map_or(0.0, |(_, hours)| hours[hour].weight(0));
        prop_assert_eq!(carried, lost);
    }
}

#[test]
fn all_168_hours_of_a_week_agree_with_168_questions() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut draw = |strategy: BoxedStrategy<_>| strategy.new_tree(&mut runner).expect("a world").current();
    let stations = draw(
        world::stations()
            .prop_filter("a city", |stations| stations.len() > 60)
            .boxed(),
    );
    let snapshot = world::snapshot(stations);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let demand = demand().new_tree(&mut runner).expect("demand").current();
    let ask = Ask {
        all_of: Vec::new(),
        at: None,
        statuses: vec![yizhan::domain::station::Status::Open],
        radius_m: 4_000.0,
        k: 1,
    };
    let span = HourSpan::week("2026-11-16".parse().expect("a day"));
    let (_, hourly) = asked_by_hour(&ask, &snapshot, &demand, span);
    for (hour, minute) in span.minutes().enumerate() {
        let (_, then) = answer(&at(&ask, minute), &snapshot, &demand);
        assert_eq!(hourly.overall[hour], then.overall, "hour {hour}");
    }
}
