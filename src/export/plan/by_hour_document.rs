//! From coverage by hour to its document.

use chrono::Days;

use super::by_hour::{
    ByHourDocument, CarryRow, DayInfo, DistrictHours, HourRow, HourShares, ProfileShares, SpanInfo,
};
use super::preamble::Told;
use crate::domain::work_calendar::DayKind;
use crate::planner::by_hour::ByHour;
use crate::planner::demand::WeekFactors;
use crate::planner::hours::{HourSpan, hour_name};
use crate::planner::tally::{Cover, Tally};

/// Hours that are named as the worst.
const WORST_HOURS: usize = 10;

/// Writes coverage by hour; `kind` says how the span was chosen, `stations` how many carrying stations are told.
pub fn by_hour(
    told: &Told<'_>,
    answer: &ByHour,
    (span, kind): (HourSpan, &'static str),
    stations: usize,
) -> ByHourDocument {
    let hours = |tallies: &[Tally]| {
        let rows = tallies.iter().enumerate();
        rows.map(|(hour, tally)| HourRow {
            hour: hour_name(span.hour_of_week(hour)),
            weights: (0..told.demand.weights().len())
                .map(|column| HourShares {
                    sure_share: tally.share(Cover::Sure, column),
                    perhaps_share: tally.share(Cover::Perhaps, column),
                })
                .collect(),
            profile: told
                .demand
                .profile()
                .map(|profile| profile_shares(profile, tally, span.hour_of_week(hour))),
        })
        .collect::<Vec<_>>()
    };
    let districts = answer.districts.iter().filter_map(|(position, tallies)| {
        let district = told.districts.get(*position as usize)?;
        Some(DistrictHours {
            name: district.name.to_string(),
            adcode: district.adcode.as_deref().map(str::to_owned),
            hours: hours(tallies),
        })
    });
    let mut preamble = told.preamble();
    // The question names no time because every hour is looked at.
    preamble.notes.retain(|note| note.code != "any_time");
    ByHourDocument {
        preamble,
        span: span_info(told, span, kind),
        hours: hours(&answer.overall),
        districts: districts.collect(),
        worst_hours: worst(&answer.overall),
        carries: carries(told, answer, stations),
    }
}

fn profile_shares(profile: &WeekFactors, tally: &Tally, hour_of_week: usize) -> ProfileShares {
    let [sure, perhaps, not] = Cover::ALL.map(|cover| profile.sum_at(&tally.of(cover).weights, hour_of_week));
    let total = sure + perhaps + not;
    let share = |part: f64| (total > 0.0).then(|| part / total);
    ProfileShares {
        total,
        not,
        sure_share: share(sure),
        perhaps_share: share(perhaps),
    }
}

fn span_info(told: &Told<'_>, span: HourSpan, kind: &'static str) -> SpanInfo {
    let calendar = &told.snapshot.reference().calendar;
    let days = (0..u64::from(span.days)).filter_map(|day| span.first_day.checked_add_days(Days::new(day)));
    let day = |date| {
        let (kind, holiday) = match calendar.day_kind(date) {
            DayKind::Workday => ("workday", None),
            DayKind::Weekend => ("weekend", None),
            DayKind::StatutoryOff { name } => ("statutory_day_off", Some(name.to_string())),
            DayKind::MakeUpWorkday { name } => ("make_up_workday", Some(name.to_string())),
            DayKind::NotPublished => ("not_published", None),
        };
        DayInfo {
            date: date.to_string(),
            kind,
            holiday,
        }
    };
    SpanInfo {
        kind,
        first_day: span.first_day.to_string(),
        days: days.map(day).collect(),
    }
}

/// The hours with the least surely covered share of the first weight, worst first.
fn worst(tallies: &[Tally]) -> Vec<usize> {
    let mut hours: Vec<usize> = (0..tallies.len()).collect();
    let covered = |hour: usize| tallies[hour].of(Cover::Sure).weight(0);
    hours.sort_by(|a, b| covered(*a).total_cmp(&covered(*b)).then(a.cmp(b)));
    hours.truncate(WORST_HOURS);
    hours
}

fn carries(told: &Told<'_>, answer: &ByHour, most: usize) -> Vec<CarryRow> {
    let stations = told.snapshot.stations();
    let rows = answer.carries.iter().filter_map(|(position, sums)| {
        let station = told.stations.stations().get(*position as usize)?;
        let station = stations.get(station.ordinal as usize)?;
        let lost = |hour: usize| sums[hour].weight(0);
        // The first of several hours in which the same would be lost.
        let worst_hour = (0..sums.len())
            .rev()
            .max_by(|a, b| lost(*a).total_cmp(&lost(*b)))?;
        Some(CarryRow {
            id: station.id.as_str().to_owned(),
            name: station.name.to_string(),
            worst_hour,
            lost: sums[worst_hour].weights.clone(),
            hours: sums.iter().filter(|sums| sums.places > 0).count(),
        })
    });
    let mut rows: Vec<CarryRow> = rows.collect();
    let lost = |row: &CarryRow| row.lost.first().copied().unwrap_or(0.0);
    rows.sort_by(|a, b| lost(b).total_cmp(&lost(a)).then_with(|| a.id.cmp(&b.id)));
    rows.truncate(most);
    rows
}
