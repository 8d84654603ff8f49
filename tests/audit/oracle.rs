//! The audit's rules once more, written as they are worded and as slowly as they come: the oracle.

use std::collections::BTreeMap;

use yizhan::domain::facility::{Facility, FacilityState};
use yizhan::domain::standard::{Level, MapService, Requirement, Standard};
use yizhan::domain::station::Station;
use yizhan::planner::audit::ActionKind;

/// The verdict on an item or a station in one letter: `p`ass, `f`ail, `u`nknown.
pub fn verdict_on_item(station: &Station, requirement: &Requirement) -> char {
    match requirement {
        Requirement::Facility(facility) => letter(&[station.facilities.state(*facility)]),
        Requirement::AnyOf(facilities) => {
            let states = facilities
                .iter()
                .map(|facility| station.facilities.state(*facility));
            letter(&states.collect::<Vec<_>>())
        }
        Requirement::MinFloorAreaM2(least) => number(station.floor_area_m2, *least),
        Requirement::MinSeats(least) => number(station.seats.map(f64::from), f64::from(*least)),
        Requirement::MapListingAnyOf(services) => {
            let states = services.iter().map(|service| on_map(station, *service));
            letter(&states.collect::<Vec<_>>())
        }
        Requirement::NotRecorded(_) => 'u',
    }
}

fn letter(states: &[FacilityState]) -> char {
    if states.contains(&FacilityState::Yes) {
        return 'p';
    }
    if states.contains(&FacilityState::Unknown) {
        return 'u';
    }
    'f'
}

fn number(known: Option<f64>, least: f64) -> char {
    match known {
        None => 'u',
        Some(known) if known < least => 'f',
        Some(_) => 'p',
    }
}

pub fn on_map(station: &Station, service: MapService) -> FacilityState {
    match service {
        MapService::Amap => station.map_listings.amap,
        MapService::Baidu => station.map_listings.baidu,
        MapService::Tencent => station.map_listings.tencent,
    }
}

pub fn verdict_on_station(station: &Station, standard: &Standard) -> char {
    let required = standard.items.iter().filter(|item| item.level == Level::Required);
    let verdicts: Vec<char> = required
        .map(|item| verdict_on_item(station, &item.requirement))
        .collect();
    if verdicts.contains(&'f') {
        'f'
    } else if verdicts.contains(&'u') {
        'u'
    } else {
        'p'
    }
}

/// Something that can be done at a station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deed {
    Facility(Facility),
    Map(MapService),
    Area,
    Seats,
}

/// Does it: the record says yes afterwards.
pub fn done(station: &mut Station, deed: Deed) {
    match deed {
        Deed::Facility(facility) => station.facilities.set(facility, FacilityState::Yes),
        Deed::Map(MapService::Amap) => station.map_listings.amap = FacilityState::Yes,
        Deed::Map(MapService::Baidu) => station.map_listings.baidu = FacilityState::Yes,
        Deed::Map(MapService::Tencent) => station.map_listings.tencent = FacilityState::Yes,
        Deed::Area => station.floor_area_m2 = Some(1e9),
        Deed::Seats => station.seats = Some(u32::MAX),
    }
}

fn kind(station: &Station, deed: Deed) -> ActionKind {
    match deed {
        Deed::Facility(facility) => match station.facilities.state(facility) {
            FacilityState::Unknown => ActionKind::Check,
            FacilityState::OutOfOrder => ActionKind::Repair,
            _ => ActionKind::Add,
        },
        Deed::Map(service) => match on_map(station, service) {
            FacilityState::Unknown => ActionKind::Check,
            _ => ActionKind::ListOnMap,
        },
        Deed::Area if station.floor_area_m2.is_some() => ActionKind::Enlarge,
        Deed::Seats if station.seats.is_some() => ActionKind::Add,
        Deed::Area | Deed::Seats => ActionKind::Check,
    }
}

/// The standard without what only a look tells, and how many such items it requires.
pub fn recorded(standard: &Standard) -> (Standard, usize) {
    let mut recorded = standard.clone();
    let is_recorded = |requirement: &Requirement| !matches!(requirement, Requirement::NotRecorded(_));
    recorded.items.retain(|item| is_recorded(&item.requirement));
    let looks = standard
        .items
        .iter()
        .filter(|item| item.level == Level::Required && !is_recorded(&item.requirement));
    (recorded, looks.count())
}

/// How many actions of each kind, heaviest kind first, the least work has: every set of deeds is tried.
pub fn least_work(station: &Station, standard: &Standard, deeds: &[Deed]) -> [usize; 5] {
    let (recorded, looks) = recorded(standard);
    let mut best = [usize::MAX; 5];
    for set in 0_u32..1 << deeds.len() {
        let chosen: Vec<Deed> = deeds
            .iter()
            .enumerate()
            .filter(|(bit, _)| set >> bit & 1 == 1)
            .map(|(_, deed)| *deed)
            .collect();
        let mut changed = station.clone();
        let mut work = [0; 5];
        for deed in chosen {
            work[4 - kind(station, deed) as usize] += 1;
            done(&mut changed, deed);
        }
        work[4] += looks;
        if work < best && verdict_on_station(&changed, &recorded) == 'p' {
            best = work;
        }
    }
    best
}

/// Passed, failed, unknown by name of the district, and the order of the league table.
pub fn league(verdicts: &[(Option<String>, char)]) -> Vec<(Option<String>, [usize; 3])> {
    let mut by_name: BTreeMap<Option<String>, [usize; 3]> = BTreeMap::new();
    for (name, verdict) in verdicts {
        let counts = by_name.entry(name.clone()).or_default();
        counts["pfu".find(*verdict).expect("a verdict")] += 1;
    }
    let mut table: Vec<_> = by_name.into_iter().collect();
    let share = |counts: &[usize; 3]| counts[0] as f64 / counts.iter().sum::<usize>() as f64;
    table.sort_by(|(a, of_a), (b, of_b)| {
        let by_share = share(of_b).total_cmp(&share(of_a));
        by_share.then(a.is_none().cmp(&b.is_none())).then(a.cmp(b))
    });
    table
}
