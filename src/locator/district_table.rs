//! Which district each station belongs to, and which districts a name or code means.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use thiserror::Error;

use crate::domain::district::District;
use crate::domain::station::Station;

/// A name or code that neither the outlines nor any station knows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("district `{given}` is not known; expected the name or code of one of: {known}")]
pub struct UnknownDistrict {
    /// The text as given.
    pub given: String,
    /// Some districts that are known, separated by `, `.
    pub known: String,
}

/// Some districts, as a question names them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DistrictSet {
    /// Ascending.
    ordinals: Vec<u32>,
}

impl DistrictSet {
    /// One bit for each district modulo 64, as the index keeps them.
    pub fn bits(&self) -> u64 {
        self.ordinals
            .iter()
            .fold(0, |bits, &ordinal| bits | district_bit(ordinal))
    }

    /// Whether the district is in the set.
    pub fn contains(&self, district: u32) -> bool {
        self.ordinals.binary_search(&district).is_ok()
    }
}

/// The bit of a district in the index's envelopes.
pub const fn district_bit(ordinal: u32) -> u64 {
    1 << (ordinal % 64)
}

/// Name and code of a district, as far as they are known.
type DistrictName = (Option<Box<str>>, Option<Box<str>>);

/// The district of each station: as its record states it, or by the outlines where the record says nothing.
#[derive(Debug, Default)]
pub struct DistrictTable {
    /// Name and code of each district; ordinal 0 is "not known".
    names: Vec<DistrictName>,
    by_station: Vec<u32>,
}

/// How many districts an error names.
const NAMED_IN_ERROR: usize = 20;

impl DistrictTable {
    /// Works out the district of each station. O(stations × districts) at worst, on all cores, and only for stations
    /// whose record names no district.
    pub fn build(stations: &[Arc<Station>], outlines: &[District]) -> Self {
        Self::default().following(stations, outlines, |_| None)
    }

    /// The table of a register that follows this one: `before` gives the ordinal here of each station whose record is
    /// the same, by its new ordinal. It equals the table that [`DistrictTable::build`] makes of the stations.
    #[must_use]
    pub fn following(
        &self,
        stations: &[Arc<Station>],
        outlines: &[District],
        before: impl Fn(usize) -> Option<u32> + Sync,
    ) -> Self {
        let located: Vec<Option<usize>> = stations
            .par_iter()
            .enumerate()
            .with_min_len(1024)
            .map(|(ordinal, station)| {
                let is_known = before(ordinal).is_some();
                if is_known || station.district.is_some() || station.adcode.is_some() {
                    return None;
                }
                let place = station.location.place();
                outlines.iter().position(|outline| outline.contains(place))
            })
            .collect();
        let mut table = Self {
            names: vec![(None, None)],
            by_station: Vec::with_capacity(stations.len()),
        };
        let mut ordinals: HashMap<(Option<&str>, Option<&str>), u32> = HashMap::from([((None, None), 0)]);
        for outline in outlines {
            table.ordinal(&mut ordinals, Some(&outline.name), outline.adcode.as_deref());
        }
        // Districts are numbered in the order of the stations, as always, so a district of before may change its number.
        let mut renumbered: Vec<Option<u32>> = vec![None; self.names.len()];
        for ((station, located), number) in stations.iter().zip(located).zip(0..) {
            let known = before(number).map(|before| self.of_station(before));
            let ordinal = known.and_then(|known| renumbered[known as usize]);
            let ordinal = ordinal.unwrap_or_else(|| {
                let outline = located.and_then(|position| outlines.get(position));
                let (name, adcode) = match (known, outline) {
                    (Some(known), _) => self.name(known),
                    (None, Some(outline)) => (Some(&*outline.name), outline.adcode.as_deref()),
                    (None, None) => (station.district.as_deref(), station.adcode.as_deref()),
                };
                table.ordinal(&mut ordinals, name, adcode)
            });
            if let Some(known) = known {
                renumbered[known as usize] = Some(ordinal);
            }
            table.by_station.push(ordinal);
        }
        table
    }

    fn ordinal<'a>(
        &mut self,
        ordinals: &mut HashMap<(Option<&'a str>, Option<&'a str>), u32>,
        name: Option<&'a str>,
        adcode: Option<&'a str>,
    ) -> u32 {
        *ordinals.entry((name, adcode)).or_insert_with(|| {
            self.names.push((name.map(Into::into), adcode.map(Into::into)));
            u32::try_from(self.names.len() - 1)
                .expect("fewer districts than stations, fewer stations than 2^32")
        })
    }

    /// The district of a station, by the station's ordinal.
    pub fn of_station(&self, station: u32) -> u32 {
        self.by_station.get(station as usize).copied().unwrap_or(0)
    }

    /// Name and code of a district, as far as they are known; both `None` for ordinal 0.
    pub fn name(&self, district: u32) -> (Option<&str>, Option<&str>) {
        self.names
            .get(district as usize)
            .map_or((None, None), |(name, adcode)| {
                (name.as_deref(), adcode.as_deref())
            })
    }

    /// Name and code of every district, in the order of ordinals: those of the outlines first.
    pub fn names(&self) -> impl Iterator<Item = (Option<&str>, Option<&str>)> {
        self.names
            .iter()
            .map(|(name, adcode)| (name.as_deref(), adcode.as_deref()))
    }

    /// Every district that one of the names or codes means. A name stands for every district of that name, and for
    /// stations that state only the code of such a district; the other way round likewise.
    pub fn find(&self, keys: &[&str]) -> Result<DistrictSet, UnknownDistrict> {
        let mut found = Vec::new();
        for key in keys {
            let direct = |name: &Option<Box<str>>| name.as_deref() == Some(*key);
            let named: Vec<_> = self
                .names
                .iter()
                .filter(|(name, adcode)| direct(name) || direct(adcode))
                .collect();
            if named.is_empty() {
                return Err(self.unknown(key));
            }
            let same = |(name, adcode): &DistrictName| {
                named
                    .iter()
                    .any(|(known_name, known_code)| match (adcode, known_code) {
                        (Some(code), Some(known)) => code == known,
                        _ => name.is_some() && name == known_name,
                    })
            };
            found.extend(
                self.names
                    .iter()
                    .zip(0_u32..)
                    .skip(1)
                    .filter(|(names, _)| same(names))
                    .map(|(_, ordinal)| ordinal),
            );
        }
        found.sort_unstable();
        found.dedup();
        Ok(DistrictSet { ordinals: found })
    }

    fn unknown(&self, given: &str) -> UnknownDistrict {
        let label = |(name, adcode): &DistrictName| name.as_ref().or(adcode.as_ref()).cloned();
        let mut known: Vec<Box<str>> = self.names.iter().filter_map(label).collect();
        known.sort_unstable();
        known.dedup();
        let more = known.len().saturating_sub(NAMED_IN_ERROR);
        known.truncate(NAMED_IN_ERROR);
        let known = known.join(", ");
        let known = if more > 0 {
            format!("{known} and {more} more")
        } else {
            known
        };
        UnknownDistrict {
            given: given.chars().take(60).collect(),
            known,
        }
    }
}

#[cfg(test)]
mod tests {
    use geo::{MultiPolygon, polygon};

    use super::*;
    use crate::domain::coordinate::LonLat;
    use crate::domain::datum::Datum;
    use crate::domain::station::{Location, StationId};

    fn station(id: &str, lon: f64, district: Option<&str>, adcode: Option<&str>) -> Arc<Station> {
        let place = Location::new(LonLat::new(lon, 0.5).unwrap(), Datum::Wgs84);
        let mut station = Station::new(StationId::new(id).unwrap(), id, place);
        station.district = district.map(Into::into);
        station.adcode = adcode.map(Into::into);
        Arc::new(station)
    }

    fn square(name: &str, adcode: &str, west: f64) -> District {
        let (east, x) = (west + 1.0, west);
        let ring = polygon![(x: x, y: 0.0), (x: east, y: 0.0), (x: east, y: 1.0), (x: x, y: 1.0)];
        District::new(name, Some(adcode), MultiPolygon::new(vec![ring])).unwrap()
    }

    #[test]
    fn a_name_and_a_code_find_the_same_stations_however_the_record_words_it() {
        let stations = [
            station("by-name", 9.0, Some("甲区"), None),
            station("by-code", 9.0, None, Some("110101")),
            station("by-both", 9.0, Some("甲区"), Some("110101")),
            station("by-place", 0.5, None, None),
            station("elsewhere", 1.5, None, None),
        ];
        let table = DistrictTable::build(
            &stations,
            &[square("甲区", "110101", 0.0), square("乙区", "110102", 1.0)],
        );
        for key in ["甲区", "110101"] {
            let set = table.find(&[key]).unwrap();
            let inside: Vec<bool> = (0..5).map(|i| set.contains(table.of_station(i))).collect();
            assert_eq!(inside, [true, true, true, true, false], "{key}");
        }
        assert_eq!(table.find(&["甲区", "乙区"]).unwrap().ordinals.len(), 4);
    }

    #[test]
    fn a_district_that_nobody_knows_is_an_error_that_names_some() {
        let table = DistrictTable::build(&[station("a", 0.0, Some("甲区"), None)], &[]);
        let error = table.find(&["丙区"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "district `丙区` is not known; expected the name or code of one of: 甲区"
        );
    }
}
