//! Stations as points, packed into buckets of neighbours.

use super::cuboid::Cuboid;
use super::hilbert;
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{EarthCentred, chord_2, earth_centred};

/// Stations in a bucket.
const BUCKET: usize = 16;

/// Stations as points; a station is named by its position in the slice given to [`StationPoints::build`].
///
/// Holds 51 bytes a station.
#[derive(Debug, Default)]
pub struct StationPoints {
    /// In the order in which they were given.
    places: Vec<LonLat>,
    /// In the order of neighbours.
    sites: Vec<Site>,
    /// The box around each run of [`BUCKET`] sites.
    boxes: Vec<Cuboid>,
}

/// One station.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    /// Earth-centred, metres.
    pub point: EarthCentred,
    /// The station's position in the slice that the points were built from.
    pub station: u32,
    /// Whether an earlier station stands at the very same place.
    pub is_repeated: bool,
}

impl StationPoints {
    /// Packs the stations: O(n log n). At most `u32::MAX` stations.
    pub fn build(places: &[LonLat]) -> Self {
        let order = hilbert::neighbour_order(places);
        let mut sites: Vec<Site> = order
            .iter()
            .map(|&station| Site {
                point: earth_centred(places[station as usize]),
                station,
                is_repeated: false,
            })
            .collect();
        mark_repeated(places, &mut sites);
        let boxes = sites
            .chunks(BUCKET)
            .map(|sites| {
                let column = |axis: usize| sites.iter().map(|site| site.point[axis]).collect::<Vec<f64>>();
                Cuboid::around([&column(0), &column(1), &column(2)])
            })
            .collect();
        Self {
            places: places.to_vec(),
            sites,
            boxes,
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

    /// The stations of the buckets whose boxes lie within a straight distance of another box; its square is given, m².
    pub(super) fn near_box(&self, around: Cuboid, reach_2: f64) -> impl Iterator<Item = &Site> {
        let buckets = self.boxes.iter().zip(self.sites.chunks(BUCKET));
        buckets
            .filter(move |(bucket, _)| bucket.gap_2(&around) <= reach_2)
            .flat_map(|(_, sites)| sites)
    }

    /// The square of the straight distance from a point to the nearest station of the bucket whose box is nearest, m²:
    /// no less than to the nearest of all stations. Infinite without stations.
    pub(super) fn some_near_chord_2(&self, point: &EarthCentred) -> f64 {
        let gaps = self.boxes.iter().map(|bucket| bucket.chords_2_to(point).0);
        let nearest = gaps
            .zip(self.sites.chunks(BUCKET))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let sites = nearest.map(|(_, sites)| sites).unwrap_or_default();
        sites.iter().fold(f64::INFINITY, |least, site| {
            least.min(chord_2(point, &site.point))
        })
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
    fn the_chord_to_some_station_nearby_is_no_less_than_to_the_nearest() {
        let places: Vec<LonLat> = (0..500_i32)
            .map(|i| LonLat::new(f64::from(i * 37 % 360 - 180), f64::from(i * 91 % 180 - 90)).unwrap())
            .collect();
        let stations = StationPoints::build(&places);
        for i in 0..100 {
            let point =
                earth_centred(LonLat::new(f64::from(i) * 3.3 - 170.0, f64::from(i) * 1.7 - 80.0).unwrap());
            let chords_2 = stations.sites.iter().map(|site| chord_2(&point, &site.point));
            let least = chords_2.fold(f64::INFINITY, f64::min);
            let some = stations.some_near_chord_2(&point);
            assert!(least <= some && some.is_finite());
            let around = Cuboid::around([&point[..1], &point[1..2], &point[2..]]);
            assert!(
                stations
                    .near_box(around, some)
                    .any(|site| chord_2(&point, &site.point) <= least)
            );
        }
        assert!(StationPoints::default().is_empty());
        assert!(
            StationPoints::default()
                .some_near_chord_2(&[0.0; 3])
                .is_infinite()
        );
    }
}
