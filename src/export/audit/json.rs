//! The whole audit as JSON: summary, items, districts, what to do first, and a page of stations.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::{AuditSource, Head, Shares, head, rounded, words};
use crate::domain::facility::Facility;
use crate::domain::language::Language;
use crate::domain::standard::{Level, MapService, Requirement, Standard};
use crate::domain::station::Status;
use crate::export::geojson::Link;
use crate::export::json::push_value;
use crate::planner::audit::{
    Action, ActionKind, Cause, Counts, Listing, StationAudit, Target, Verdict, WITHIN_DAYS, listing, share,
};

/// The most stations in `to_do.first`; the rank of each further one stands beside it under `stations`.
pub const MAX_FIRST: usize = 100;

/// Names with values, in an order that means something.
struct Ordered<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Ordered<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    items: Vec<Item<'a>>,
    districts: Vec<District<'a>>,
    verification: Verification,
    map_listings: Ordered<'a, Listings>,
    to_do: ToDo<'a>,
    stations: Vec<Station<'a>>,
    links: &'a [Link],
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    name: &'a str,
    level: Level,
    requirement: &'a Requirement,
    pass: usize,
    fail: usize,
    unknown: usize,
    out_of_order: usize,
}

#[derive(Serialize)]
struct District<'a> {
    name: Option<&'a str>,
    adcode: Option<&'a str>,
    #[serde(flatten)]
    shares: Shares,
}

#[derive(Serialize)]
struct Verification {
    never: usize,
    after_today: usize,
    median_days: Option<f64>,
    within: Vec<Within>,
}

#[derive(Serialize)]
struct Within {
    days: i64,
    stations: usize,
    share: Option<f64>,
}

#[derive(Serialize)]
struct Listings {
    yes: usize,
    no: usize,
    unknown: usize,
}

#[derive(Serialize)]
struct ToDo<'a> {
    stations: usize,
    by_heaviest_action: Ordered<'a, usize>,
    best_items: Vec<BestItem<'a>>,
    first: Vec<First<'a>>,
}

#[derive(Serialize)]
struct BestItem<'a> {
    item: &'a str,
    name: &'a str,
    stations: usize,
    by_check: usize,
    by_work: usize,
}

#[derive(Serialize)]
struct First<'a> {
    rank: Option<usize>,
    id: &'a str,
    name: &'a str,
    district: Option<&'a str>,
    result: Verdict,
    heaviest_action: Option<ActionKind>,
    number_of_actions: usize,
    text: String,
}

#[derive(Serialize)]
struct Station<'a> {
    id: &'a str,
    name: &'a str,
    district: Option<&'a str>,
    adcode: Option<&'a str>,
    status: Status,
    result: Verdict,
    required: LevelCounts,
    recommended: LevelCounts,
    items: Ordered<'a, Verdict>,
    causes: Ordered<'a, Cause>,
    actions: Vec<ActionEntry<'a>>,
    rank: Option<usize>,
    verified_at: Option<NaiveDate>,
    days_since_verified: Option<i64>,
    map_listings: Ordered<'a, Listing>,
    synthetic: bool,
}

#[derive(Serialize)]
struct LevelCounts {
    pass: usize,
    fail: usize,
    unknown: usize,
}

impl From<Counts> for LevelCounts {
    fn from(counts: Counts) -> Self {
        let Counts { pass, fail, unknown } = counts;
        Self { pass, fail, unknown }
    }
}

#[derive(Serialize)]
struct ActionEntry<'a> {
    kind: ActionKind,
    items: Vec<&'a str>,
    facilities: Vec<Facility>,
    map_services: Vec<MapService>,
    text: String,
}

/// Writes the whole audit with a page of its stations.
pub fn json(source: &AuditSource<'_>, links: &[Link]) -> String {
    let audit = source.audit;
    let document = Document {
        head: head(source),
        items: items(source),
        districts: audit
            .districts
            .iter()
            .map(|district| District {
                name: district.name.as_deref(),
                adcode: district.adcode.as_deref(),
                shares: district.counts.into(),
            })
            .collect(),
        verification: verification(source),
        map_listings: Ordered(
            audit
                .map_listings
                .iter()
                .map(|(service, counts)| {
                    let (yes, no, unknown) = (counts.yes, counts.no, counts.unknown);
                    (service.word(), Listings { yes, no, unknown })
                })
                .collect(),
        ),
        to_do: to_do(source),
        stations: source
            .page
            .iter()
            .map(|station| station_entry(source, station))
            .collect(),
        links,
    };
    let mut out = String::with_capacity(4096 + source.page.len() * 1024);
    push_value(&mut out, &document);
    out
}

fn items<'a>(source: &AuditSource<'a>) -> Vec<Item<'a>> {
    let language = source.style.language;
    let items = source.standard.items.iter().zip(&source.audit.items);
    items
        .map(|(item, audit)| Item {
            id: &item.id,
            name: words::of(&item.name, language),
            level: item.level,
            requirement: &item.requirement,
            pass: audit.counts.pass,
            fail: audit.counts.fail,
            unknown: audit.counts.unknown,
            out_of_order: audit.out_of_order,
        })
        .collect()
}

fn verification(source: &AuditSource<'_>) -> Verification {
    let (found, all) = (source.audit.verification, source.audit.stations.len());
    let within = WITHIN_DAYS
        .iter()
        .zip(found.within)
        .map(|(days, stations)| Within {
            days: *days,
            stations,
            share: share(stations, all).map(rounded),
        });
    Verification {
        never: found.never,
        after_today: found.after_today,
        median_days: found.median_days,
        within: within.collect(),
    }
}

fn to_do<'a>(source: &AuditSource<'a>) -> ToDo<'a> {
    let audit = source.audit;
    let todo = || {
        audit
            .todo
            .iter()
            .filter_map(|position| audit.stations.get(*position))
    };
    let of_kind = |kind: ActionKind| todo().filter(|station| station.heaviest() == Some(kind)).count();
    let best = audit.best_items.iter().filter_map(|&position| {
        let (item, counts) = (
            source.standard.items.get(position)?,
            audit.items.get(position)?.alone,
        );
        Some(BestItem {
            item: &item.id,
            name: source.item_name(position),
            stations: counts.total(),
            by_check: counts.unknown,
            by_work: counts.fail,
        })
    });
    ToDo {
        stations: audit.todo.len(),
        by_heaviest_action: Ordered(
            ActionKind::ALL
                .iter()
                .map(|kind| (kind.word(), of_kind(*kind)))
                .collect(),
        ),
        best_items: best.collect(),
        first: todo()
            .take(MAX_FIRST)
            .map(|station| first(source, station))
            .collect(),
    }
}

fn first<'a>(source: &AuditSource<'a>, station: &StationAudit) -> First<'a> {
    let record = source.record(station);
    First {
        rank: station.rank,
        id: record.id.as_str(),
        name: &record.name,
        district: source.district(station).0,
        result: station.verdict,
        heaviest_action: station.heaviest(),
        number_of_actions: station.actions.len(),
        text: words::actions(&station.actions, source.standard, source.style.language),
    }
}

fn station_entry<'a>(source: &AuditSource<'a>, station: &StationAudit) -> Station<'a> {
    let (record, standard) = (source.record(station), source.standard);
    let (district, adcode) = source.district(station);
    let judged = || standard.items.iter().zip(&station.judgements);
    let causes = judged().filter_map(|(item, judgement)| Some((&*item.id, judgement.cause()?)));
    let listings = MapService::ALL
        .iter()
        .map(|service| (service.word(), listing(record.map_listings, *service)));
    Station {
        id: record.id.as_str(),
        name: &record.name,
        district,
        adcode,
        status: record.status,
        result: station.verdict,
        required: station.required.into(),
        recommended: station.recommended.into(),
        items: Ordered(
            judged()
                .map(|(item, judgement)| (&*item.id, judgement.verdict()))
                .collect(),
        ),
        causes: Ordered(causes.collect()),
        actions: station
            .actions
            .iter()
            .map(|action| action_entry(action, standard, source.style.language))
            .collect(),
        rank: station.rank,
        verified_at: record.verified_at,
        days_since_verified: station.days_since_verified,
        map_listings: Ordered(listings.collect()),
        synthetic: record.synthetic,
    }
}

fn action_entry<'a>(action: &Action, standard: &'a Standard, language: Language) -> ActionEntry<'a> {
    let items = action.items.iter().filter_map(|item| standard.items.get(*item));
    let facilities = action.targets.iter().filter_map(|target| match target {
        Target::Facility(facility) => Some(*facility),
        _ => None,
    });
    let services = action.targets.iter().filter_map(|target| match target {
        Target::MapService(service) => Some(*service),
        _ => None,
    });
    ActionEntry {
        kind: action.kind,
        items: items.map(|item| &*item.id).collect(),
        facilities: facilities.collect(),
        map_services: services.collect(),
        text: words::action(action, standard, language),
    }
}
