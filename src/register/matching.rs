//! Which station of the register each row of a sheet means: one to one, with the reason, and never by a toss of a coin.
//!
//! # The rule
//! 1. What a person has decided holds.
//! 2. A row is the station whose id it has: first the ids under which the source knows its stations, then those of
//!    the register. An id is doubted when name, place and telephone number do not support it (see
//!    [`super::likeness`]) and another station is at least likely by them, or when it lies beyond
//!    [`super::likeness::FAR_M`] under another name: lists are renumbered.
//! 3. All other pairs that are worth it are compared and put in order: the surer first, then the lower cost
//!    (distance, likeness of names, telephone number), then the number of the row, then the id. From the top, each
//!    row gets its best station.
//! 4. A row is left undecided when its best station is taken by a surer row or wanted by an undecided one, when
//!    another pair of the row or of the station is as sure and costs less than [`RIVAL_M`] more, or when its best
//!    pair is only possible. So no two rows are one station, and the order of rows and stations decides nothing.
//! 5. A row without any pair is new. So is a row with nothing but possible pairs whose stations other rows are sure
//!    of: a neighbour that is in the sheet under its own row is no candidate.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::candidates::{Finder, Pair, Profiles};
use super::likeness::{Basis, Confidence, Evidence, FAR_M, Profile, SAME_PLACE_M};
use super::names::ALIKE;
use super::row::{Decisions, IncomingRow, InvalidDecision, Known, Target};
use crate::domain::geodesic::karney;
use crate::domain::units::Meters;

/// Two pairs that differ by less are equally good, metres: a coordinate is rarely better than that, and 20 m are 7 %
/// of a name.
pub const RIVAL_M: f64 = 20.0;

/// What was found for a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// It is this station, by position among the known ones.
    Station {
        /// The position.
        station: usize,
        /// Why.
        evidence: Evidence,
    },
    /// A person has to say which of these it is, or that it is a new one.
    Undecided(Vec<Candidate>),
    /// It is none of the register.
    New,
}

/// A station that a row may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Position among the known stations.
    pub station: usize,
    /// What speaks for it.
    pub evidence: Evidence,
    /// The number of the row that is this station, if another one is.
    pub taken_by: Option<u64>,
}

/// Finds the station of each row, in the order of the rows.
///
/// O((n + m) log m) for n rows and m stations, on all cores, and close to O(n + m) when all rows come with known ids.
pub fn match_rows(
    known: &[Known<'_>],
    rows: &[IncomingRow],
    decisions: &Decisions,
) -> Result<Vec<Found>, InvalidDecision> {
    let mut matcher = Matcher {
        known,
        rows,
        found: vec![None; rows.len()],
        taken: HashMap::new(),
        contested: HashSet::new(),
    };
    matcher.take_decided(decisions)?;
    matcher.take_plain_ids();
    if matcher.open_rows().next().is_none() {
        return Ok(matcher.result(&[]));
    }
    let (of_rows, of_stations) = rayon::join(|| Profiles::of_rows(rows), || Profiles::of_stations(known));
    let finder = Finder::new(&of_rows, &of_stations);
    let doubted = matcher.take_ids(&finder);
    let mut pairs = matcher.pairs(&finder);
    pairs.extend(doubted);
    pairs.sort_by(|a, b| matcher.order(a, b));
    pairs.dedup_by(|b, a| (a.row, a.station) == (b.row, b.station));
    matcher.settle(&pairs);
    Ok(matcher.result(&pairs))
}

struct Matcher<'a> {
    known: &'a [Known<'a>],
    rows: &'a [IncomingRow],
    found: Vec<Option<Found>>,
    /// The row that each station was given to.
    taken: HashMap<u32, u32>,
    /// Stations that an undecided row may be.
    contested: HashSet<u32>,
}

impl Matcher<'_> {
    fn take_decided(&mut self, decisions: &Decisions) -> Result<(), InvalidDecision> {
        let mut positions = BTreeMap::new();
        for (row, position) in self.rows.iter().zip(0_u32..) {
            if positions.insert(row.number, position).is_some() {
                return Err(InvalidDecision::RepeatedRow(row.number));
            }
        }
        let by_id: HashMap<&str, u32> = if decisions.rows.is_empty() {
            HashMap::new()
        } else {
            let ids = self.known.iter().map(|known| known.station.id.as_str());
            ids.zip(0..).collect()
        };
        for (&number, decision) in &decisions.rows {
            let Some(&row) = positions.get(&number) else {
                return Err(InvalidDecision::UnknownRow(number));
            };
            match &decision.target {
                Target::AsFound => {}
                Target::New => self.put(row, Found::New),
                Target::Station(id) => {
                    let id = id.as_str();
                    let Some(&station) = by_id.get(id) else {
                        return Err(InvalidDecision::UnknownStation {
                            row: number,
                            id: id.to_owned(),
                        });
                    };
                    if let Some(&first) = self.taken.get(&station) {
                        return Err(InvalidDecision::TwoRows {
                            first: self.number(first),
                            second: number,
                            id: id.to_owned(),
                        });
                    }
                    let evidence = self.plain_evidence(row, station);
                    self.give(row, station, evidence);
                }
            }
        }
        Ok(())
    }

    /// Distance and likeness for a pair that a person has decided on.
    fn plain_evidence(&self, row: u32, station: u32) -> Evidence {
        let mut evidence = Evidence {
            basis: Basis::Decision,
            confidence: Confidence::Sure,
            distance: Meters::ZERO,
            likeness: 0.0,
            same_phone: false,
        };
        if let (Some(row), Some(known)) = (self.rows.get(row as usize), self.known.get(station as usize)) {
            let (one, two) = (Profile::new(&row.station), Profile::new(known.station));
            evidence.distance = one.distance(&two);
            evidence.likeness = one.compare_names(&two).likeness;
            evidence.same_phone = one.phones.iter().any(|phone| two.phones.contains(phone));
        }
        evidence
    }

    /// The position of each id: those of the source go before those of the register.
    fn ids(&self) -> HashMap<&str, (u32, Basis)> {
        let mut ids: HashMap<&str, (u32, Basis)> = HashMap::with_capacity(self.known.len());
        for (known, position) in self.known.iter().zip(0_u32..) {
            ids.entry(known.station.id.as_str())
                .or_insert((position, Basis::Id));
        }
        for (known, position) in self.known.iter().zip(0_u32..) {
            if let Some(base) = known.base {
                ids.insert(base.id.as_str(), (position, Basis::SourceId));
            }
        }
        ids
    }

    /// The open rows whose id is known, with the station and the kind of id.
    fn rows_with_ids(&self) -> Vec<(u32, u32, Basis)> {
        let ids = self.ids();
        let asked = self.open_rows().filter_map(|row| {
            let (station, basis) = ids.get(self.rows.get(row as usize)?.station.id.as_str())?;
            Some((row, *station, *basis))
        });
        asked.collect()
    }

    /// Gives rows the stations whose ids they have where the very name at the very place supports it, which is the
    /// case of most rows of a sheet that comes again, and needs no normal form.
    fn take_plain_ids(&mut self) {
        for (row, station, basis) in self.rows_with_ids() {
            let (Some(one), Some(two)) = (self.rows.get(row as usize), self.known.get(station as usize))
            else {
                continue;
            };
            let (one, two) = (&one.station, two.station);
            let distance = karney(one.location.place(), two.location.place());
            let is_plain = one.name == two.name && distance.get() <= SAME_PLACE_M;
            if is_plain && !self.taken.contains_key(&station) {
                let evidence = Evidence {
                    basis,
                    confidence: Confidence::Sure,
                    distance,
                    likeness: 1.0,
                    same_phone: one.phone.is_some() && one.phone == two.phone,
                };
                self.give(row, station, evidence);
            }
        }
    }

    /// Gives rows the stations whose ids they have. Returns the pairs of the rows whose id is doubted.
    fn take_ids(&mut self, finder: &Finder<'_>) -> Vec<Pair> {
        let asked = self.rows_with_ids();
        let weighed: Vec<(Pair, Vec<Pair>)> = asked
            .par_iter()
            .map(|&(row, station, basis)| weigh_id(finder, (row, station), basis))
            .collect();
        let mut doubted = Vec::new();
        for (pair, others) in weighed {
            if self.taken.contains_key(&pair.station) {
                continue;
            }
            if pair.evidence.confidence == Confidence::Sure {
                self.give(pair.row, pair.station, pair.evidence);
            } else {
                self.put(pair.row, Found::Undecided(Vec::new()));
                self.contested.insert(pair.station);
                doubted.push(pair);
            }
            doubted.extend(others);
        }
        doubted
    }

    fn pairs(&self, finder: &Finder<'_>) -> Vec<Pair> {
        let open: Vec<u32> = self.open_rows().collect();
        let pairs: Vec<Vec<Pair>> = open.par_iter().map(|row| finder.pairs_of(*row)).collect();
        pairs.into_iter().flatten().collect()
    }

    /// Goes through the pairs from the best to the worst; see the rule at the head of the file.
    fn settle(&mut self, pairs: &[Pair]) {
        let (mut of_row, mut of_station) = (HashMap::new(), HashMap::new());
        for pair in pairs {
            of_row.entry(pair.row).or_insert_with(Vec::new).push(pair);
            of_station.entry(pair.station).or_insert_with(Vec::new).push(pair);
        }
        for pair in pairs {
            if self.is_settled(pair.row) {
                continue;
            }
            let confidence = pair.evidence.confidence;
            let is_taken = self.taken.contains_key(&pair.station);
            if is_taken && confidence == Confidence::Possible {
                continue;
            }
            let is_rival = |other: &&&Pair| {
                let gap_m = other.evidence.cost_m() - pair.evidence.cost_m();
                other.evidence.confidence == confidence && gap_m < RIVAL_M
            };
            let by_row = of_row.get(&pair.row).map_or(&[][..], Vec::as_slice);
            let by_station = of_station.get(&pair.station).map_or(&[][..], Vec::as_slice);
            let is_clear = confidence > Confidence::Possible
                && !is_taken
                && !self.contested.contains(&pair.station)
                && !by_row
                    .iter()
                    .filter(is_rival)
                    .any(|other| other.station != pair.station && !self.taken.contains_key(&other.station))
                && !by_station
                    .iter()
                    .filter(is_rival)
                    .any(|other| other.row != pair.row && !self.is_settled(other.row));
            if is_clear {
                self.give(pair.row, pair.station, pair.evidence);
            } else {
                self.put(pair.row, Found::Undecided(Vec::new()));
                let likely = by_row
                    .iter()
                    .filter(|other| other.evidence.confidence > Confidence::Possible);
                self.contested.extend(likely.map(|other| other.station));
            }
        }
    }

    /// Fills in what undecided rows may be, and calls the rest new.
    fn result(self, pairs: &[Pair]) -> Vec<Found> {
        let mut candidates: HashMap<u32, Vec<Candidate>> = HashMap::new();
        for pair in pairs {
            let taken_by = self.taken.get(&pair.station).map(|row| self.number(*row));
            candidates.entry(pair.row).or_default().push(Candidate {
                station: pair.station as usize,
                evidence: pair.evidence,
                taken_by,
            });
        }
        let found = self.found.into_iter().zip(0_u32..);
        found
            .map(|(found, row)| match found {
                None => Found::New,
                Some(Found::Undecided(_)) => Found::Undecided(candidates.remove(&row).unwrap_or_default()),
                Some(found) => found,
            })
            .collect()
    }

    fn open_rows(&self) -> impl Iterator<Item = u32> {
        let rows = self.found.iter().zip(0_u32..);
        rows.filter(|(found, _)| found.is_none()).map(|(_, row)| row)
    }

    fn is_settled(&self, row: u32) -> bool {
        self.found.get(row as usize).is_some_and(Option::is_some)
    }

    fn put(&mut self, row: u32, found: Found) {
        if let Some(place) = self.found.get_mut(row as usize) {
            *place = Some(found);
        }
    }

    fn give(&mut self, row: u32, station: u32, evidence: Evidence) {
        self.taken.insert(station, row);
        let station = station as usize;
        self.put(row, Found::Station { station, evidence });
    }

    fn number(&self, row: u32) -> u64 {
        self.rows.get(row as usize).map_or(0, |row| row.number)
    }

    /// The surer first, then the cheaper, then the number of the row, then the id.
    fn order(&self, a: &Pair, b: &Pair) -> core::cmp::Ordering {
        let id = |pair: &Pair| {
            self.known
                .get(pair.station as usize)
                .map(|known| &known.station.id)
        };
        b.evidence
            .confidence
            .cmp(&a.evidence.confidence)
            .then(a.evidence.cost_m().total_cmp(&b.evidence.cost_m()))
            .then_with(|| self.number(a.row).cmp(&self.number(b.row)))
            .then_with(|| id(a).cmp(&id(b)))
    }
}

/// Decides whether an id can be trusted: the pair is sure when it can, and only possible when it cannot. In that
/// case, and only then, the other pairs of the row come with it.
fn weigh_id(finder: &Finder<'_>, (row, station): (u32, u32), basis: Basis) -> (Pair, Vec<Pair>) {
    let (own, distance, names) = finder.look_at(row, station);
    let by_id = |confidence| Pair {
        row,
        station,
        evidence: Evidence {
            basis,
            confidence,
            distance,
            likeness: names,
            same_phone: own.is_some_and(|own| own.same_phone),
        },
    };
    if own.is_some_and(|own| own.confidence > Confidence::Possible) {
        return (by_id(Confidence::Sure), Vec::new());
    }
    let mut others = finder.pairs_of(row);
    others.retain(|other| other.station != station);
    let is_another = others
        .iter()
        .any(|other| other.evidence.confidence > Confidence::Possible);
    let is_elsewhere = own.is_none() && distance.get() > FAR_M && names < ALIKE;
    if is_another || is_elsewhere {
        (by_id(Confidence::Possible), others)
    } else {
        (by_id(Confidence::Sure), Vec::new())
    }
}
