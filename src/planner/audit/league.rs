//! Districts side by side: how many of their stations pass, surely and at best.

use std::collections::HashMap;

use super::Counts;
use super::verdict::Verdict;
use crate::locator::DistrictTable;

/// One district in the league table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictAudit {
    /// Its name; `None` when only its code is known, or nothing.
    pub name: Option<Box<str>>,
    /// Its six-digit code, when it is known.
    pub adcode: Option<Box<str>>,
    /// Its stations.
    pub counts: Counts,
}

/// The districts of some stations, the largest share that surely passes first, ties by name and code; what has no name
/// comes last.
///
/// Records name one district by its name, by its code or by both. A name that only one code goes with, and a code, are
/// one district here.
pub fn league(table: &DistrictTable, stations: impl Iterator<Item = (u32, Verdict)>) -> Vec<DistrictAudit> {
    let mut by_ordinal: HashMap<u32, Counts> = HashMap::new();
    for (station, verdict) in stations {
        by_ordinal
            .entry(table.of_station(station))
            .or_default()
            .add(verdict);
    }
    let mut found: Vec<(u32, Counts)> = by_ordinal.into_iter().collect();
    found.sort_unstable_by_key(|(ordinal, _)| *ordinal);
    let mut districts: Vec<DistrictAudit> = Vec::new();
    for (ordinal, counts) in found {
        let (name, adcode) = whole_name(table, ordinal);
        let same = districts.iter_mut().find(|known| {
            if adcode.is_some() {
                known.adcode.as_deref() == adcode
            } else {
                known.adcode.is_none() && known.name.as_deref() == name
            }
        });
        match same {
            Some(known) => known.counts.join(counts),
            None => districts.push(DistrictAudit {
                name: name.map(Into::into),
                adcode: adcode.map(Into::into),
                counts,
            }),
        }
    }
    districts.sort_by(|a, b| {
        let key = |district: &DistrictAudit| (district.name.is_none(), district.adcode.is_none());
        b.counts
            .compare_sure(&a.counts)
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| a.adcode.cmp(&b.adcode))
    });
    districts
}

/// Name and code of a district, each completed by what other records and the outlines say.
fn whole_name(table: &DistrictTable, ordinal: u32) -> (Option<&str>, Option<&str>) {
    match table.name(ordinal) {
        (Some(name), None) => {
            let mut codes = table
                .names()
                .filter(|other| other.0 == Some(name))
                .filter_map(|other| other.1);
            let first = codes.next();
            let is_only = codes.all(|code| Some(code) == first);
            (Some(name), first.filter(|_| is_only))
        }
        (_, Some(code)) => {
            // The first name that goes with the code, so that a code has one name only.
            let name = table
                .names()
                .filter(|other| other.1 == Some(code))
                .find_map(|other| other.0);
            (name, Some(code))
        }
        nothing => nothing,
    }
}
