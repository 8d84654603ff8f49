//! The least that must be done so that a station passes.
//!
//! # Why a search
//! Mostly each item that does not pass needs one action of its own. Two items may ask for the same thing, though ("an
//! air conditioner" and "heating or air conditioning"), and then one action serves both. So the actions are a least
//! weighted set of fixes that meets every item: as few enlargements as possible, then additions, repairs, listings and
//! checks. An item that is only unknown is therefore never answered with work where a check may do.

use super::verdict::{Judgement, Listing, listing};
use crate::domain::facility::{Facility, FacilityState};
use crate::domain::standard::{MapService, Requirement, Standard};
use crate::domain::station::Station;
use crate::domain::words::vocabulary;

vocabulary! {
    /// What kind of action it is, from the lightest to the heaviest.
    ActionKind, "kind of action" {
        Check = "check", "核实", "check";
        ListOnMap = "list_on_map", "上地图", "list on";
        Repair = "repair", "修好", "repair";
        Add = "add", "增加", "add";
        Enlarge = "enlarge", "扩大", "enlarge";
    }
}

/// What an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A facility.
    Facility(Facility),
    /// A map service.
    MapService(MapService),
    /// The floor area; the items say how much.
    FloorArea,
    /// The number of seats; the items say how many.
    Seats,
    /// What only a look tells: the item at this position in the standard.
    NotRecorded(usize),
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What kind of action.
    pub kind: ActionKind,
    /// What it is about. Of several, any one will do.
    pub targets: Vec<Target>,
    /// The items that it makes pass, as positions in the standard; a check does so when it turns out well.
    pub items: Vec<usize>,
}

/// A set of fixes: facilities from bit 0, then map services, floor area, seats.
type Fixes = u64;
const MAP_BIT: u32 = 32;
const FLOOR_AREA_BIT: u32 = 40;
const SEATS_BIT: u32 = 41;

/// An item that does not pass yet, and the fixes of which any one makes it pass.
struct Obstacle {
    item: usize,
    fixes: Fixes,
}

/// The least actions by which a station meets every required item, the lightest kinds first; empty when it does.
///
/// O(items) where items share no facilities; only `any_of` items that overlap each other are searched through.
pub fn least_actions(station: &Station, standard: &Standard, judgements: &[Judgement]) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut obstacles = Vec::new();
    for (item, judgement) in super::required(standard).map(|item| (item, judgements.get(item))) {
        let Some(Judgement::Fail(_) | Judgement::Unknown(_)) = judgement else {
            continue;
        };
        match fixes(&standard.items[item].requirement) {
            Some(fixes) => obstacles.push(Obstacle { item, fixes }),
            None => actions.push(Action {
                kind: ActionKind::Check,
                targets: vec![Target::NotRecorded(item)],
                items: vec![item],
            }),
        }
    }
    let kind = |bit| kind_of(station, bit);
    let mut chosen = least_fixes(&obstacles, &kind);
    while chosen != 0 {
        let bit = chosen.trailing_zeros();
        chosen &= chosen - 1;
        let is_own = |obstacle: &Obstacle| obstacle.fixes >> bit & 1 == 1;
        let (own, rest): (Vec<_>, Vec<_>) = obstacles.into_iter().partition(is_own);
        obstacles = rest;
        let common = own.iter().fold(Fixes::MAX, |common, own| common & own.fixes);
        let alternatives = bits(common).filter(|other| kind(*other) == kind(bit));
        actions.push(Action {
            kind: kind(bit),
            targets: alternatives.filter_map(target).collect(),
            items: own.iter().map(|own| own.item).collect(),
        });
    }
    actions.sort_by_key(|action| (action.kind, action.items.first().copied()));
    actions
}

/// The fixes of which any one meets a requirement; `None` for what no record holds.
fn fixes(requirement: &Requirement) -> Option<Fixes> {
    let one = |bit: u32| 1 << bit;
    Some(match requirement {
        Requirement::Facility(facility) => one(*facility as u32),
        Requirement::AnyOf(facilities) => facilities
            .iter()
            .fold(0, |set, facility| set | one(*facility as u32)),
        Requirement::MinFloorAreaM2(_) => one(FLOOR_AREA_BIT),
        Requirement::MinSeats(_) => one(SEATS_BIT),
        Requirement::MapListingAnyOf(services) => services
            .iter()
            .fold(0, |set, service| set | one(MAP_BIT + *service as u32)),
        Requirement::NotRecorded(_) => return None,
    })
}

fn bits(mut set: Fixes) -> impl Iterator<Item = u32> {
    core::iter::from_fn(move || {
        let bit = (set != 0).then(|| set.trailing_zeros())?;
        set &= set - 1;
        Some(bit)
    })
}

fn target(bit: u32) -> Option<Target> {
    match bit {
        FLOOR_AREA_BIT => Some(Target::FloorArea),
        SEATS_BIT => Some(Target::Seats),
        bit if bit >= MAP_BIT => MapService::ALL
            .get((bit - MAP_BIT) as usize)
            .map(|service| Target::MapService(*service)),
        bit => Facility::ALL
            .get(bit as usize)
            .map(|facility| Target::Facility(*facility)),
    }
}

/// What a fix takes at a station that has not got it yet.
fn kind_of(station: &Station, bit: u32) -> ActionKind {
    match target(bit) {
        Some(Target::Facility(facility)) => match station.facilities.state(facility) {
            FacilityState::Unknown => ActionKind::Check,
            FacilityState::OutOfOrder => ActionKind::Repair,
            FacilityState::No | FacilityState::Yes => ActionKind::Add,
        },
        Some(Target::MapService(service)) => match listing(station.map_listings, service) {
            Listing::Unknown => ActionKind::Check,
            Listing::No | Listing::Yes => ActionKind::ListOnMap,
        },
        Some(Target::FloorArea) if station.floor_area_m2.is_some() => ActionKind::Enlarge,
        Some(Target::Seats) if station.seats.is_some() => ActionKind::Add,
        Some(Target::FloorArea | Target::Seats | Target::NotRecorded(_)) | None => ActionKind::Check,
    }
}

/// There are fewer than 64 fixes, so that one of a heavier kind outweighs all of the lighter ones together.
const fn weight(kind: ActionKind) -> u64 {
    1 << (6 * kind as u32)
}

/// The set of fixes that meets every obstacle with the least weight; of equal ones, the one with the lowest bits first.
fn least_fixes(obstacles: &[Obstacle], kind: &impl Fn(u32) -> ActionKind) -> Fixes {
    let mut forced = 0;
    for obstacle in obstacles {
        if obstacle.fixes.is_power_of_two() {
            forced |= obstacle.fixes;
        }
    }
    let open: Vec<Fixes> = obstacles
        .iter()
        .map(|obstacle| obstacle.fixes)
        .filter(|fixes| fixes & forced == 0)
        .collect();
    let open = without_dominated(open, kind);
    let mut best = (u64::MAX, 0);
    search(&open, (0, 0), kind, &mut best);
    forced | best.1
}

/// Leaves out every fix in whose place another one of the same or less weight meets the same obstacles. Where obstacles
/// share nothing, one fix is left for each.
fn without_dominated(mut open: Vec<Fixes>, kind: &impl Fn(u32) -> ActionKind) -> Vec<Fixes> {
    let all = open.iter().fold(0, |all, fixes| all | fixes);
    let mut dropped = 0;
    for bit in bits(all) {
        let serves = |other: u32| {
            open.iter()
                .all(|fixes| fixes >> bit & 1 == 0 || fixes >> other & 1 == 1)
        };
        let is_better = |other: u32| {
            let (own, its) = (weight(kind(bit)), weight(kind(other)));
            // Of two that serve the same at the same weight, the first one stays.
            let serves_back = || {
                open.iter()
                    .all(|fixes| fixes >> other & 1 == 0 || fixes >> bit & 1 == 1)
            };
            serves(other) && (its < own || (its == own && (other < bit || !serves_back())))
        };
        let others = all & !dropped & !(1 << bit);
        if bits(others).any(is_better) {
            dropped |= 1 << bit;
        }
    }
    for fixes in &mut open {
        *fixes &= !dropped;
    }
    open
}

fn search(
    open: &[Fixes],
    (cost, chosen): (u64, Fixes),
    kind: &impl Fn(u32) -> ActionKind,
    best: &mut (u64, Fixes),
) {
    if cost >= best.0 {
        return;
    }
    let Some(unmet) = open.iter().find(|fixes| **fixes & chosen == 0) else {
        *best = (cost, chosen);
        return;
    };
    for bit in bits(*unmet) {
        search(open, (cost + weight(kind(bit)), chosen | 1 << bit), kind, best);
    }
}
