//! Stations as points, packed into buckets of neighbours below a tree of boxes.

use super::box_tree::BoxTree;
use super::cuboid::{Cuboid, LANES};
use super::hilbert;
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{EarthCentred, earth_centred};

/// Stations as points; a station is named by its position in the slice given to [`StationPoints::build`].
///
/// Holds 52 bytes a station.
#[derive(Debug, Default)]
pub struct StationPoints {
    /// In the order in which they were given.
    places: Vec<LonLat>,
    /// In the order of neighbours.
    sites: Vec<Site>,
    /// The points of each run of [`LANES`] sites; beyond the last site they are infinitely far.
    buckets: Vec<[[f64; LANES]; 3]>,
    /// The boxes around buckets.
    tree: BoxTree,
}

/// One station.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    /// The station's position in the slice that the points were built from.
    pub station: u32,
    /// Whether an earlier station stands at the very same place.
    pub is_repeated: bool,
}

impl StationPoints {
    /// Packs the stations: O(n log n). At most `u32::MAX` stations.
    pub fn build(places: &[LonLat]) -> Self {
        let mut sites: Vec<Site> = hilbert::neighbour_order(places)
            .into_iter()
            .map(|station| Site {
                station,
                is_repeated: false,
            })
            .collect();
        mark_repeated(places, &mut sites);
        let mut buckets = vec![[[f64::INFINITY; LANES]; 3]; sites.len().div_ceil(LANES)];
        for (at, site) in sites.iter().enumerate() {
            let point = earth_centred(places[site.station as usize]);
            for (column, value) in buckets[at / LANES].iter_mut().zip(point) {
                column[at % LANES] = value;
            }
        }
        let boxes = buckets
            .iter()
            .zip(sites.chunks(LANES))
            .map(|([x, y, z], sites)| Cuboid::around([x, y, z].map(|column| &column[..sites.len()])));
        Self {
            places: places.to_vec(),
            tree: BoxTree::build(boxes.collect()),
            sites,
            buckets,
        }
    }

    /// Whether there is no station.
    pub const fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }

    /// The place of a station, as it was given.
    #[inline]
    pub(super) fn place(&self, station: u32) -> LonLat {
        self.places[station as usize]
    }

    /// The stations of a bucket, in the order of its points.
    #[inline]
    pub(super) fn sites(&self, bucket: usize) -> &[Site] {
        &self.sites[bucket * LANES..((bucket + 1) * LANES).min(self.sites.len())]
    }

    /// The points of a bucket, coordinate by coordinate; infinitely far beyond its last station.
    #[inline]
    pub(super) fn columns(&self, bucket: usize) -> &[[f64; LANES]; 3] {
        &self.buckets[bucket]
    }

    /// The point of the station at a lane of a bucket.
    #[inline]
    pub(super) fn point(&self, bucket: usize, lane: usize) -> EarthCentred {
        self.buckets[bucket].each_ref().map(|column| column[lane])
    }

    /// The tree of boxes above the buckets.
    #[inline]
    pub(super) const fn tree(&self) -> &BoxTree {
        &self.tree
    }
}

/// Marks every station but the first at each place. Places are the same when their numbers are, bit by bit; others that
/// fall together (180° and −180°) are told apart by their distances.
fn mark_repeated(places: &[LonLat], sites: &mut [Site]) {
    let bits = |site: &Site| {
        let place = places[site.station as usize];
        (place.lon_deg().to_bits(), place.lat_deg().to_bits())
    };
    let mut by_place: Vec<u32> = (0..).take(sites.len()).collect();
    by_place.sort_unstable_by_key(|&at| {
        let site = &sites[at as usize];
        (bits(site), site.station)
    });
    for pair in by_place.windows(2) {
        let (before, after) = (pair[0] as usize, pair[1] as usize);
        sites[after].is_repeated = bits(&sites[before]) == bits(&sites[after]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::geodesic::chord_2;

    #[test]
    fn only_the_first_station_at_a_place_is_not_repeated() {
        let place = |lon| LonLat::new(lon, 10.0).unwrap();
        let places = [place(5.0), place(1.0), place(5.0), place(2.0), place(5.0)];
        let stations = StationPoints::build(&places);
        let mut repeated: Vec<u32> = stations
            .sites
            .iter()
            .filter(|site| site.is_repeated)
            .map(|site| site.station)
            .collect();
        repeated.sort_unstable();
        assert_eq!(repeated, [2, 4]);
        assert!(
            (0..)
                .zip(places)
                .all(|(station, place)| stations.place(station) == place)
        );
    }

    #[test]
    fn a_walk_visits_every_bucket_within_reach_and_stops_when_told() {
        let places: Vec<LonLat> = (0..5000_i32)
            .map(|i| {
                LonLat::new(
                    f64::from(i * 37 % 3600 - 1800) / 10.0,
                    f64::from(i * 91 % 1800 - 900) / 10.0,
                )
                .unwrap()
            })
            .collect();
        let stations = StationPoints::build(&places);
        for i in 0..100 {
            let point =
                earth_centred(LonLat::new(f64::from(i) * 3.3 - 170.0, f64::from(i) * 1.7 - 80.0).unwrap());
            let around = Cuboid::around([&point[..1], &point[1..2], &point[2..]]);
            let reach_2 = (f64::from(i) * 1e5).powi(2);
            let mut seen = Vec::new();
            stations.tree().walk(&around, reach_2, &mut |bucket, reach_2| {
                seen.extend(stations.sites(bucket).iter().map(|site| site.station));
                reach_2
            });
            seen.sort_unstable();
            let is_within = |place: &LonLat| chord_2(&earth_centred(*place), &point) <= reach_2;
            for (station, _) in (0..).zip(&places).filter(|(_, place)| is_within(place)) {
                assert!(seen.binary_search(&station).is_ok());
            }
            let mut visits = 0;
            stations.tree().walk(&around, f64::INFINITY, &mut |_, _| {
                visits += 1;
                -1.0
            });
            assert_eq!(visits, 1);
        }
        assert!(StationPoints::default().is_empty());
        StationPoints::default()
            .tree()
            .walk(&Cuboid::EMPTY, f64::INFINITY, &mut |_, _| unreachable!());
    }
}
