//! The audit: which stations pass a standard, which fail it, of which it is not known, and what to do first.
//!
//! Reading order: `verdict` (one item at one station) · `actions` (what would make a station pass) · `league` (districts)
//! · `verification` (age of records) · here, the whole.
//!
//! Nothing is said without a fact: what a record does not state is unknown, so a register that states nothing neither
//! passes nor fails. The shares that follow are a lower bound (what surely passes) and an upper one (what would pass if
//! everything unknown turned out well).

mod actions;
mod league;
mod verdict;
mod verification;

use core::cmp::Ordering;

use chrono::NaiveDate;
use rayon::prelude::*;

pub use actions::{Action, ActionKind, Target, least_actions};
pub use league::DistrictAudit;
pub use verdict::{Cause, Judgement, Listing, Verdict, judge, listing};
pub use verification::{Verification, WITHIN_DAYS, days_since};

use crate::domain::standard::{Level, MapService, Standard};
use crate::domain::station::Station;
use crate::locator::Snapshot;

/// How many stations or the like pass, fail, or are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Surely pass.
    pub pass: usize,
    /// Surely fail.
    pub fail: usize,
    /// Neither is sure.
    pub unknown: usize,
}

impl Counts {
    const fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Pass => self.pass += 1,
            Verdict::Fail => self.fail += 1,
            Verdict::Unknown => self.unknown += 1,
        }
    }

    const fn join(&mut self, other: Self) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.unknown += other.unknown;
    }

    /// All together.
    pub const fn total(&self) -> usize {
        self.pass + self.fail + self.unknown
    }

    /// The share that surely passes, 0 to 1; `None` of nothing.
    pub fn share_sure(&self) -> Option<f64> {
        share(self.pass, self.total())
    }

    /// The share that passes if everything unknown turns out well, 0 to 1; `None` of nothing.
    pub fn share_possible(&self) -> Option<f64> {
        share(self.pass + self.unknown, self.total())
    }

    /// Compares the shares that surely pass, without rounding.
    fn compare_sure(&self, other: &Self) -> Ordering {
        let product = |part: usize, whole: usize| part as u128 * whole as u128;
        product(self.pass, other.total()).cmp(&product(other.pass, self.total()))
    }
}

/// A part of a whole, 0 to 1; `None` of nothing.
pub fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// One station against the standard.
#[derive(Debug, Clone, PartialEq)]
pub struct StationAudit {
    /// The station's ordinal.
    pub station: u32,
    /// `Pass` when every required item passes, `Fail` when one of them fails, else `Unknown`.
    pub verdict: Verdict,
    /// The judgement on each item, in the order of the standard.
    pub judgements: Box<[Judgement]>,
    /// The required items.
    pub required: Counts,
    /// The recommended items; they never fail a station.
    pub recommended: Counts,
    /// The least that must be done so that it passes; empty when it does.
    pub actions: Vec<Action>,
    /// Place in the order of what to do first, from 1; `None` when it passes.
    pub rank: Option<usize>,
    /// Days since the record was verified, negative when that lies after the day of the audit; `None` for never.
    pub days_since_verified: Option<i64>,
}

impl StationAudit {
    /// The heaviest kind of action that the station needs; `None` when it passes.
    pub fn heaviest(&self) -> Option<ActionKind> {
        self.actions.iter().map(|action| action.kind).max()
    }
}

/// One item of the standard over all stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemAudit {
    /// Stations at which it passes, fails, is not known.
    pub counts: Counts,
    /// Of those that fail, the ones at which it is there and out of order.
    pub out_of_order: usize,
    /// Stations that pass once this item alone does: it is required and every other required item passes. `fail` counts
    /// those that need work for it, `unknown` those that need a check; `pass` is always 0.
    pub alone: Counts,
}

/// Whether one map service lists the stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListingCounts {
    /// Listed.
    pub yes: usize,
    /// Not listed.
    pub no: usize,
    /// Not known.
    pub unknown: usize,
}

/// Some stations against a standard.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// The stations, in the order in which they were asked about.
    pub stations: Vec<StationAudit>,
    /// All stations together.
    pub counts: Counts,
    /// Each item, in the order of the standard.
    pub items: Vec<ItemAudit>,
    /// The districts, the largest share that surely passes first.
    pub districts: Vec<DistrictAudit>,
    /// Positions in `stations` of those that do not pass, what to do first at the beginning: the lightest kind of action
    /// first, then the fewest actions, then the order of `stations`.
    pub todo: Vec<usize>,
    /// Positions of the items that would alone make stations pass, most stations first, ties in the order of the
    /// standard.
    pub best_items: Vec<usize>,
    /// Age of the records.
    pub verification: Verification,
    /// Each map service, in the order of [`MapService::ALL`].
    pub map_listings: Vec<(MapService, ListingCounts)>,
    /// Stations that were made up.
    pub synthetic: usize,
}

/// Positions of the required items.
fn required(standard: &Standard) -> impl Iterator<Item = usize> {
    let items = standard.items.iter().enumerate();
    items
        .filter(|(_, item)| item.level == Level::Required)
        .map(|(position, _)| position)
}

/// Audits the stations with these ordinals as of a day. The same input gives the same answer, whatever the day of asking.
///
/// O(stations × items + stations × log stations), the first part on all cores.
pub fn audit(snapshot: &Snapshot, standard: &Standard, stations: &[u32], today: NaiveDate) -> Audit {
    let known = |ordinal: &u32| Some((*ordinal, &**snapshot.stations().get(*ordinal as usize)?));
    let records: Vec<(u32, &Station)> = stations.iter().filter_map(known).collect();
    let judged = records
        .par_iter()
        .map(|(ordinal, record)| audit_station(*ordinal, record, standard, today));
    let mut audited: Vec<StationAudit> = judged.collect();
    let todo = rank(&mut audited);
    let mut counts = Counts::default();
    for station in &audited {
        counts.add(station.verdict);
    }
    let items = audit_items(standard, &audited);
    let verdicts = audited.iter().map(|station| (station.station, station.verdict));
    let ages = audited.iter().map(|station| station.days_since_verified);
    Audit {
        counts,
        best_items: best_items(&items),
        items,
        districts: league::league(snapshot.district_table(), verdicts),
        todo,
        verification: verification::summarise(ages),
        map_listings: map_listings(&records),
        synthetic: records.iter().filter(|(_, record)| record.synthetic).count(),
        stations: audited,
    }
}

fn audit_station(ordinal: u32, record: &Station, standard: &Standard, today: NaiveDate) -> StationAudit {
    let judgements: Box<[Judgement]> = standard
        .items
        .iter()
        .map(|item| judge(record, &item.requirement))
        .collect();
    let (mut required, mut recommended) = (Counts::default(), Counts::default());
    for (item, judgement) in standard.items.iter().zip(&judgements) {
        match item.level {
            Level::Required => required.add(judgement.verdict()),
            Level::Recommended => recommended.add(judgement.verdict()),
        }
    }
    let verdict = match required {
        Counts { fail: 1.., .. } => Verdict::Fail,
        Counts { unknown: 1.., .. } => Verdict::Unknown,
        Counts { .. } => Verdict::Pass,
    };
    StationAudit {
        station: ordinal,
        verdict,
        required,
        recommended,
        actions: least_actions(record, standard, &judgements),
        judgements,
        rank: None,
        days_since_verified: record.verified_at.map(|day| days_since(day, today)),
    }
}

/// Puts what to do first in order, and tells each station its place.
fn rank(stations: &mut [StationAudit]) -> Vec<usize> {
    let positions = stations.iter().zip(0_usize..);
    let mut order: Vec<(ActionKind, usize, usize)> = positions
        .filter_map(|(station, position)| Some((station.heaviest()?, station.actions.len(), position)))
        .collect();
    order.sort_unstable();
    let todo: Vec<usize> = order.into_iter().map(|(_, _, position)| position).collect();
    for (&position, rank) in todo.iter().zip(1..) {
        if let Some(station) = stations.get_mut(position) {
            station.rank = Some(rank);
        }
    }
    todo
}

fn audit_items(standard: &Standard, stations: &[StationAudit]) -> Vec<ItemAudit> {
    let mut items = vec![ItemAudit::default(); standard.items.len()];
    for station in stations {
        let is_one_short = station.required.fail + station.required.unknown == 1;
        for ((own, item), judgement) in items.iter_mut().zip(&standard.items).zip(&station.judgements) {
            own.counts.add(judgement.verdict());
            own.out_of_order += usize::from(judgement.cause() == Some(Cause::OutOfOrder));
            let stands_alone =
                is_one_short && item.level == Level::Required && judgement.verdict() != Verdict::Pass;
            if stands_alone {
                own.alone.add(judgement.verdict());
            }
        }
    }
    items
}

fn best_items(items: &[ItemAudit]) -> Vec<usize> {
    let lifting = items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.alone.total() > 0);
    let mut best: Vec<(usize, usize)> = lifting
        .map(|(position, item)| (item.alone.total(), position))
        .collect();
    best.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    best.into_iter().map(|(_, position)| position).collect()
}

fn map_listings(records: &[(u32, &Station)]) -> Vec<(MapService, ListingCounts)> {
    let count = |service: MapService| {
        let mut counts = ListingCounts::default();
        for (_, record) in records {
            match listing(record.map_listings, service) {
                Listing::Yes => counts.yes += 1,
                Listing::No => counts.no += 1,
                Listing::Unknown => counts.unknown += 1,
            }
        }
        (service, counts)
    };
    MapService::ALL.iter().map(|service| count(*service)).collect()
}
