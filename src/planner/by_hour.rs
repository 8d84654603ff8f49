//! Coverage hour by hour, in one pass over the places instead of one pass for each hour.
//!
//! Every station carries one bit for each hour in which it is open. What covers a place is the union of such bits over the
//! stations within reach, so 168 questions cost one walk and some words of logic; places with equal bits are added up
//! together and told apart by the hour only at the end.

use super::counting::Counted;
use super::coverage::{CoverageAsk, Group, has_districts};
use super::hours::{HourBits, OpenHours};
use super::reach::fold_within;
use super::tally::{Cover, Sums, Tallies, Tally};
use super::watch::{Cancelled, Watch};

/// Coverage in each hour of a span.
#[derive(Debug, Clone, PartialEq)]
pub struct ByHour {
    /// Overall, hour by hour.
    pub overall: Vec<Tally>,
    /// By district, hour by hour; only those that hold demand.
    pub districts: Vec<(u32, Vec<Tally>)>,
    /// What each station alone carries: the demand that is no longer surely covered in an hour when the station closes in
    /// it. By position among the question's stations; only those that carry something.
    pub carries: Vec<(u32, Vec<Sums>)>,
}

/// What sums are told apart by: where, and in which hours covered.
type Key = (Group, HourBits, HourBits);

/// Works the coverage out for `hours` hours; `open` gives each station's hours, in the order of the question's stations.
pub fn by_hour(
    ask: &CoverageAsk<'_>,
    open: &[OpenHours],
    hours: usize,
    watch: &Watch,
) -> Result<ByHour, Cancelled> {
    let groups = ask.groups();
    let weights = ask.demand.weights();
    let k = usize::from(ask.reach.k);
    let (covered, carried) = fold_within(
        ask.demand.places(),
        ask.stations.points(),
        ask.reach.radius,
        watch,
        || (Tallies::<Key>::default(), Tallies::<(u32, HourBits)>::default()),
        |(covered, carried), place, within| {
            let group = groups.of(place);
            if group == Group::Unasked {
                return;
            }
            let (mut sure, mut perhaps) = (Counted::default(), Counted::default());
            for &station in within {
                let open = &open[station as usize];
                sure.add(&open.sure, k + 1);
                perhaps.add(&open.perhaps, k);
            }
            covered.add((group, sure.at_least(k), perhaps.at_least(k)), weights, place);
            let just_enough = sure.at_least(k).and_not(&sure.at_least(k + 1));
            if group == Group::Outside || just_enough.is_empty() {
                return;
            }
            for &station in within {
                let alone = open[station as usize].sure.and(&just_enough);
                if !alone.is_empty() {
                    carried.add((station, alone), weights, place);
                }
            }
        },
        |(covered, carried), (more_covered, more_carried)| {
            covered.merge(more_covered);
            carried.merge(more_carried);
        },
    )?;
    let (overall, districts) = by_district(covered.into_sorted(), hours);
    Ok(ByHour {
        overall,
        districts: if has_districts(ask.demand) {
            districts
        } else {
            Vec::new()
        },
        carries: by_station(carried.into_sorted(), hours),
    })
}

fn by_district(covered: Vec<(Key, Sums)>, hours: usize) -> (Vec<Tally>, Vec<(u32, Vec<Tally>)>) {
    let mut overall = vec![Tally::default(); hours];
    let mut districts: Vec<(u32, Vec<Tally>)> = Vec::new();
    for ((group, sure, perhaps), sums) in covered {
        let Group::District(district) = group else {
            continue;
        };
        if districts.last().is_none_or(|(last, _)| *last != district) {
            districts.push((district, vec![Tally::default(); hours]));
        }
        let own = districts.last_mut().map(|(_, tallies)| tallies);
        for (hour, (all, own)) in overall.iter_mut().zip(own.into_iter().flatten()).enumerate() {
            let cover = Cover::of(sure.has(hour), perhaps.has(hour));
            all.add(cover, &sums);
            own.add(cover, &sums);
        }
    }
    (overall, districts)
}

fn by_station(carried: Vec<((u32, HourBits), Sums)>, hours: usize) -> Vec<(u32, Vec<Sums>)> {
    let mut stations: Vec<(u32, Vec<Sums>)> = Vec::new();
    for ((station, alone), sums) in carried {
        if stations.last().is_none_or(|(last, _)| *last != station) {
            stations.push((station, vec![Sums::default(); hours]));
        }
        let own = stations.last_mut().map(|(_, sums)| sums);
        for (hour, own) in own.into_iter().flatten().enumerate() {
            if alone.has(hour) {
                own.add(&sums);
            }
        }
    }
    stations
}
