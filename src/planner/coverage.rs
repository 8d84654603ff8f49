//! The share of demand that is covered: overall, by district, by facility, with the distances to the nearest station.

use super::assign::OUTSIDE;
use super::counting::{Bits, Counted};
use super::demand::Demand;
use super::distances::{self, DistanceTable};
use super::reach::{NearestStation, Reach, fold_within, nearest};
use super::stations::{Certainty, PlanStations};
use super::tally::{Cover, Sums, Tallies, Tally};
use super::watch::{Cancelled, Watch};
use crate::domain::facility::Facility;

/// What is asked of coverage.
#[derive(Debug, Clone, Copy)]
pub struct CoverageAsk<'a> {
    /// What should be covered.
    pub demand: &'a Demand,
    /// What covers it.
    pub stations: &'a PlanStations,
    /// What "covered" means.
    pub reach: Reach,
    /// Positions of the districts that are asked about; `None` for all of them and what lies outside.
    pub districts: Option<&'a [u32]>,
}

/// Coverage of the demand that is asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// Everything inside the districts asked about; without any districts, everything.
    pub overall: Tally,
    /// By district, in the order of the districts; only those that hold demand.
    pub districts: Vec<(u32, Tally)>,
    /// What lies in no district, when there are districts; not part of `overall`.
    pub outside: Tally,
    /// For each facility: the same question, asked of stations that also have it. Ends where `overall` ends.
    pub facilities: Vec<(Facility, Tally)>,
    /// Distances to the nearest station that surely matches.
    pub distances: DistanceTable,
    /// Distances to the nearest station that matches at least perhaps.
    pub distances_perhaps: DistanceTable,
    /// The answer for each place.
    pub places: PlaceAnswers,
}

/// Answers place by place, in the order of the demand's places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlaceAnswers {
    /// Whether it is covered.
    pub covers: Vec<Cover>,
    /// How many stations reach it surely, and how many at least perhaps; at most `k` are counted.
    pub reached: Vec<(u8, u8)>,
    /// The nearest station that surely matches, as a position among the stations of the question.
    pub nearest_sure: Vec<Option<NearestStation>>,
    /// The nearest station that matches at least perhaps.
    pub nearest: Vec<Option<NearestStation>>,
}

/// The sums of an answer.
struct Summed {
    overall: Tally,
    districts: Vec<(u32, Tally)>,
    outside: Tally,
    facilities: Vec<(Facility, Tally)>,
}

/// Where a place belongs in the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Group {
    /// In this district, or everywhere when there are none (0).
    District(u32),
    /// In no district.
    Outside,
    /// In a district that is not asked about.
    Unasked,
}

impl CoverageAsk<'_> {
    /// The group of each place.
    pub(super) fn groups(&self) -> Groups<'_> {
        Groups::new(self.demand, self.districts)
    }

    /// Works the coverage out. Three passes over the places; see [`fold_within`] and [`nearest`] for what each costs.
    pub fn answer(&self, watch: &Watch) -> Result<Coverage, Cancelled> {
        let (sure, positions) = self.stations.sure();
        let places = self.demand.places();
        let nearest_any = nearest(places, self.stations.points(), watch)?;
        let nearest_sure = if positions.len() == self.stations.stations().len() {
            nearest_any.clone()
        } else {
            let mut found = nearest(places, sure.points(), watch)?;
            for hit in found.iter_mut().flatten() {
                hit.station = positions[hit.station as usize];
            }
            found
        };
        let (tallies, reached) = self.tallied(watch)?;
        let k = self.reach.k;
        let covers = reached.iter();
        let covers = covers
            .map(|(sure, perhaps)| Cover::of(*sure >= k, *perhaps >= k))
            .collect();
        let groups = self.groups();
        let (distances, distances_perhaps) = if nearest_sure == nearest_any {
            let table = distances::table(self.demand, &groups, &nearest_any);
            (table.clone(), table)
        } else {
            rayon::join(
                || distances::table(self.demand, &groups, &nearest_sure),
                || distances::table(self.demand, &groups, &nearest_any),
            )
        };
        let summed = self.summed(&tallies);
        Ok(Coverage {
            overall: summed.overall,
            districts: summed.districts,
            outside: summed.outside,
            facilities: summed.facilities,
            distances,
            distances_perhaps,
            places: PlaceAnswers {
                covers,
                reached,
                nearest_sure,
                nearest: nearest_any,
            },
        })
    }

    /// [`PlaceAnswers::reached`] alone, for who needs no sums and no distances: one pass over the places; see [`fold_within`].
    pub fn reached(&self, watch: &Watch) -> Result<Vec<(u8, u8)>, Cancelled> {
        let stations = self.stations.stations();
        let is_sure = |position: &&u32| stations[**position as usize].certainty == Certainty::Sure;
        let k = usize::from(self.reach.k);
        fold_within(
            self.demand.places(),
            self.stations.points(),
            self.reach.radius,
            watch,
            Vec::new,
            |reached, _, within| {
                let sure = within.iter().filter(is_sure).take(k).count();
                reached.push((counted(sure, k), counted(within.len(), k)));
            },
            Vec::extend,
        )
    }

    /// Sums by district, cover and the facilities within reach; and how many stations reach each place.
    #[expect(
        clippy::type_complexity,
        reason = "the two things that one pass over the places gives"
    )]
    fn tallied(&self, watch: &Watch) -> Result<(Vec<(Key, Sums)>, Vec<(u8, u8)>), Cancelled> {
        let groups = self.groups();
        let stations = self.stations.stations();
        let weights = self.demand.weights();
        let k = usize::from(self.reach.k);
        let (tallies, reached) = fold_within(
            self.demand.places(),
            self.stations.points(),
            self.reach.radius,
            watch,
            || (Tallies::<Key>::default(), Vec::new()),
            |(tallies, reached), place, within| {
                let mut key = Key::new(groups.of(place));
                let mut sure = 0;
                let (mut surely_there, mut perhaps_there) = (Counted::default(), Counted::default());
                for &position in within {
                    let station = &stations[position as usize];
                    let yes = Bits([u64::from(station.yes.bits())]);
                    if station.certainty == Certainty::Sure {
                        sure += 1;
                        surely_there.add(&yes, k);
                    }
                    perhaps_there.add(&yes.or(&Bits([u64::from(station.unknown.bits())])), k);
                }
                key.cover = Cover::of(sure >= k, within.len() >= k);
                (key.yes, key.perhaps) = (surely_there.at_least(k), perhaps_there.at_least(k));
                reached.push((counted(sure, k), counted(within.len(), k)));
                if key.group != Group::Unasked {
                    tallies.add(key, weights, place);
                }
            },
            |(tallies, reached), (more, more_reached)| {
                tallies.merge(more);
                reached.extend(more_reached);
            },
        )?;
        Ok((tallies.into_sorted(), reached))
    }

    fn summed(&self, sums: &[(Key, Sums)]) -> Summed {
        let (mut overall, mut outside) = (Tally::default(), Tally::default());
        let mut districts: Vec<(u32, Tally)> = Vec::new();
        let mut facilities: Vec<(Facility, Tally)> = Facility::ALL
            .iter()
            .map(|facility| (*facility, Tally::default()))
            .collect();
        for (key, sums) in sums {
            let Group::District(district) = key.group else {
                outside.add(key.cover, sums);
                continue;
            };
            overall.add(key.cover, sums);
            match districts.last_mut() {
                Some((last, tally)) if *last == district => tally.add(key.cover, sums),
                _ => {
                    let mut tally = Tally::default();
                    tally.add(key.cover, sums);
                    districts.push((district, tally));
                }
            }
            for (facility, tally) in &mut facilities {
                let bit = *facility as usize;
                tally.add(Cover::of(key.yes.has(bit), key.perhaps.has(bit)), sums);
            }
        }
        if !has_districts(self.demand) {
            districts.clear();
        }
        Summed {
            overall,
            districts,
            outside,
            facilities,
        }
    }
}

/// How many of some stations count, at most `k`, which is at most [`super::counting::MAX_K`].
fn counted(stations: usize, k: usize) -> u8 {
    u8::try_from(stations.min(k)).unwrap_or(u8::MAX)
}

/// What the sums are told apart by. Districts come first, so that sorted keys lie together by district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    group: Group,
    cover: Cover,
    /// Facilities that enough sure stations have.
    yes: Bits<1>,
    /// Facilities that enough stations have or may have.
    perhaps: Bits<1>,
}

impl Key {
    const fn new(group: Group) -> Self {
        Self {
            group,
            cover: Cover::Not,
            yes: Bits([0]),
            perhaps: Bits([0]),
        }
    }
}

/// The group of each place.
#[derive(Debug)]
pub(super) struct Groups<'a> {
    area_of: &'a [u32],
    asked: Option<Vec<bool>>,
}

impl<'a> Groups<'a> {
    fn new(demand: &'a Demand, districts: Option<&[u32]>) -> Self {
        let asked = districts.map(|districts| {
            let mut asked = vec![false; demand.areas().len()];
            for &district in districts {
                if let Some(is_asked) = asked.get_mut(district as usize) {
                    *is_asked = true;
                }
            }
            asked
        });
        Self {
            area_of: demand.area_of(),
            asked,
        }
    }

    /// The group of a place.
    #[inline]
    pub fn of(&self, place: usize) -> Group {
        let area = self.area_of[place];
        match &self.asked {
            None if area == OUTSIDE => Group::Outside,
            None => Group::District(area),
            Some(asked) if asked.get(area as usize) == Some(&true) => Group::District(area),
            Some(_) => Group::Unasked,
        }
    }
}

/// Whether there are districts, and not only the one area without a name.
pub(super) fn has_districts(demand: &Demand) -> bool {
    demand.areas().iter().any(|area| area.name.is_some())
}
