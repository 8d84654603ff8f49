//! The nearest station of a place that has every station near its antipode, where chords say next to nothing.

use super::box_tree::BoxTree;
use super::reach::NearestStation;
use super::station_points::StationPoints;
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{self, chord_2};
use crate::index::micrometres;

/// Bounds this close to the best distance do not exclude a station, metres; far above the error of a full geodesic.
const SLACK_M: f64 = 1e-5;

/// The nearest station by full geodesics alone, to the micrometre, then by position; `witness` is any of the stations.
///
/// A walk through the tree of boxes with the triangle inequality: no station of a box is nearer than one of its
/// stations by more than the two are apart. Some hundreds of geodesics for thousands of stations.
pub(super) fn nearest(from: LonLat, stations: &StationPoints, witness: u32) -> NearestStation {
    let mut walk = Walk {
        from,
        stations,
        best: NearestStation {
            station: witness,
            distance: geodesic::karney(from, stations.place(witness)),
        },
    };
    if let Some(top) = stations.tree().top() {
        walk.visit(top, 0);
    }
    walk.best
}

struct Walk<'a> {
    from: LonLat,
    stations: &'a StationPoints,
    best: NearestStation,
}

impl Walk<'_> {
    /// The distance of a station, which may become the best.
    fn measure(&mut self, station: u32) -> f64 {
        let distance = geodesic::karney(self.from, self.stations.place(station));
        let key = |found: &NearestStation| (micrometres(found.distance), found.station);
        let found = NearestStation { station, distance };
        if key(&found) < key(&self.best) {
            self.best = found;
        }
        distance.get()
    }

    /// Whether a station no nearer than this can be the nearest.
    fn is_possible(&self, least_m: f64) -> bool {
        least_m <= self.best.distance.get() + SLACK_M
    }

    fn visit(&mut self, level: usize, group: usize) {
        let mut parts: Vec<(f64, usize)> = Vec::new();
        for (part, around) in self.stations.tree().parts(level, group) {
            let bucket = BoxTree::first_leaf(level, part);
            let distance_m = self.measure(self.stations.sites(bucket)[0].station);
            let apart = geodesic::longest_for_chord_2(around.chords_2_to(&self.stations.point(bucket, 0)).1);
            parts.push((distance_m - apart.get(), part));
        }
        parts.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        for (least_m, part) in parts {
            if !self.is_possible(least_m) {
                break;
            }
            match level.checked_sub(1) {
                None => self.visit_bucket(part),
                Some(level) => self.visit(level, part),
            }
        }
    }

    fn visit_bucket(&mut self, bucket: usize) {
        let sites = self.stations.sites(bucket);
        let pivot = self.stations.point(bucket, 0);
        let pivot_m = self.measure(sites[0].station);
        for (lane, site) in sites.iter().enumerate().skip(1) {
            let apart = geodesic::longest_for_chord_2(chord_2(&pivot, &self.stations.point(bucket, lane)));
            if !site.is_repeated && self.is_possible(pivot_m - apart.get()) {
                self.measure(site.station);
            }
        }
    }
}
