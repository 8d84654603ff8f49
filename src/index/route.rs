//! A route as short pieces of geodesic: where along it a station lies, and how far off.

use rstar::primitives::{GeomWithData, Line};
use rstar::{PointDistance as _, RTree};

use super::{Slot, StationIndex, Wanted};
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{self, EULER_LIMIT_M, EarthCentred, chord_2, earth_centred};
use crate::domain::units::Meters;

/// The longest piece, metres. Its chord runs at most 2 cm below the surface, which moves a foot point by less than a
/// millimetre.
const PIECE_M: f64 = 1_000.0;
/// Feet nearer to each other than this count as equally near; then the first in the order of travel is taken, metres.
const SAME_FOOT_M: f64 = 1e-3;

/// A line of geodesics through its vertices, cut into pieces of at most [`PIECE_M`].
pub struct Route {
    pieces: Vec<Piece>,
    tree: RTree<GeomWithData<Line<EarthCentred>, u32>>,
    length: Meters,
}

impl core::fmt::Debug for Route {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Route")
            .field("pieces", &self.pieces.len())
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

struct Piece {
    start: LonLat,
    azimuth_deg: f64,
    length_m: f64,
    /// Length of the route before this piece, metres.
    before_m: f64,
    ends: [EarthCentred; 2],
}

/// Where a station lies beside a route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// Distance along the route from its start to the nearest point of it.
    pub along: Meters,
    /// Geodesic distance from that point to the station.
    pub off: Meters,
}

impl Route {
    /// A route through the vertices, in order. A single vertex, or equal ones, make a route of length 0.
    pub fn new(vertices: &[LonLat]) -> Self {
        let mut pieces = Vec::new();
        let mut before_m = 0.0;
        for leg in vertices.windows(2) {
            before_m = cut_leg(leg[0], leg[1], before_m, &mut pieces);
        }
        if let (true, Some(&only)) = (pieces.is_empty(), vertices.first()) {
            let point = earth_centred(only);
            pieces.push(Piece {
                start: only,
                azimuth_deg: 0.0,
                length_m: 0.0,
                before_m: 0.0,
                ends: [point, point],
            });
        }
        let lines = pieces
            .iter()
            .zip(0_u32..)
            .map(|(piece, number)| GeomWithData::new(Line::new(piece.ends[0], piece.ends[1]), number));
        let tree = RTree::bulk_load(lines.collect());
        Self {
            pieces,
            tree,
            length: Meters::from_computed(before_m),
        }
    }

    /// The length of the route.
    pub const fn length(&self) -> Meters {
        self.length
    }

    /// Where a place lies beside the route; of equally near points the first in the order of travel.
    pub fn beside(&self, place: LonLat) -> Option<Beside> {
        let point = earth_centred(place);
        let nearest_m = self.tree.nearest_neighbor(point)?.distance_2(&point).sqrt();
        let reach_m = nearest_m + SAME_FOOT_M;
        let as_near = self.tree.locate_within_distance(point, reach_m * reach_m);
        let first = as_near.map(|line| Self::foot(&self.pieces[line.data as usize], &point));
        let (along_m, foot) = first.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(Beside {
            along: Meters::from_computed(along_m),
            off: distance(foot, place),
        })
    }

    /// The point of a piece that is nearest to a point: distance along the route, and the place on the surface.
    fn foot(piece: &Piece, point: &EarthCentred) -> (f64, LonLat) {
        let [start, end] = &piece.ends;
        let (mut dot, mut square) = (0.0, 0.0);
        for axis in 0..3 {
            dot += (end[axis] - start[axis]) * (point[axis] - start[axis]);
            square += (end[axis] - start[axis]).powi(2);
        }
        let share = if square > 0.0 {
            (dot / square).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let along_m = share * piece.length_m;
        (
            piece.before_m + along_m,
            geodesic::direct(piece.start, piece.azimuth_deg, along_m),
        )
    }

    /// Boxes that together hold every place within `distance` of the route, in earth-centred metres.
    fn boxes(&self, distance: Meters) -> Vec<(EarthCentred, EarthCentred)> {
        let wide_m = (2.0 * distance.get()).max(4.0 * PIECE_M);
        let mut boxes: Vec<(EarthCentred, EarthCentred)> = Vec::new();
        for piece in &self.pieces {
            let (mut low, mut high) = boxes.last().copied().unwrap_or((piece.ends[0], piece.ends[0]));
            for end in &piece.ends {
                for axis in 0..3 {
                    low[axis] = low[axis].min(end[axis]);
                    high[axis] = high[axis].max(end[axis]);
                }
            }
            let fits = (0..3).all(|axis| high[axis] - low[axis] <= wide_m);
            match boxes.last_mut() {
                Some(last) if fits => *last = (low, high),
                _ => boxes.push(bounds_of(&piece.ends)),
            }
        }
        // A chord never exceeds its geodesic; the sag of a piece adds at most 2 cm.
        let margin_m = distance.get() + 1.0;
        let widen = |(low, high): (EarthCentred, EarthCentred)| {
            (low.map(|v| v - margin_m), high.map(|v| v + margin_m))
        };
        boxes.into_iter().map(widen).collect()
    }
}

impl StationIndex {
    /// Every station within `distance` of the route (inclusive) that passes the filter and `accept`, in the order of
    /// travel, then by distance off the route, then by ordinal. O(stations near the route · log pieces).
    pub fn along(
        &self,
        route: &Route,
        distance: Meters,
        wanted: Wanted<'_>,
        mut accept: impl FnMut(Slot, Beside) -> bool,
    ) -> Vec<(Slot, Beside)> {
        let mut near = Vec::new();
        for (low, high) in route.boxes(distance) {
            self.meeting_box((&low, &high), wanted, |slot| near.push(slot));
        }
        near.sort_unstable();
        near.dedup();
        let mut found: Vec<(Slot, Beside)> = near
            .into_iter()
            .filter_map(|slot| route.beside(self.places[slot.at()]).map(|beside| (slot, beside)))
            .filter(|(_, beside)| beside.off.get() <= distance.get() + 5e-7)
            .filter(|(slot, beside)| accept(*slot, *beside))
            .collect();
        found.sort_by(|(a, x), (b, y)| {
            let by_travel = x
                .along
                .get()
                .total_cmp(&y.along.get())
                .then(x.off.get().total_cmp(&y.off.get()));
            by_travel.then_with(|| self.ordinal(*a).cmp(&self.ordinal(*b)))
        });
        found
    }
}

fn cut_leg(from: LonLat, to: LonLat, before_m: f64, pieces: &mut Vec<Piece>) -> f64 {
    let length_m = geodesic::karney(from, to).get();
    let Some(azimuth_deg) = geodesic::bearing_deg(from, to) else {
        return before_m;
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 20,004 pieces a leg"
    )]
    let count = (length_m / PIECE_M).ceil().max(1.0) as u32;
    let mut start = from;
    for number in 1..=count {
        let reach_m = length_m * f64::from(number) / f64::from(count);
        let end = if number == count {
            to
        } else {
            geodesic::direct(from, azimuth_deg, reach_m)
        };
        let piece_m = length_m / f64::from(count);
        let azimuth_deg = geodesic::bearing_deg(start, end).unwrap_or(azimuth_deg);
        let ends = [earth_centred(start), earth_centred(end)];
        pieces.push(Piece {
            start,
            azimuth_deg,
            length_m: piece_m,
            before_m: before_m + reach_m - piece_m,
            ends,
        });
        start = end;
    }
    before_m + length_m
}

fn bounds_of(ends: &[EarthCentred; 2]) -> (EarthCentred, EarthCentred) {
    let [a, b] = ends;
    (
        core::array::from_fn(|axis| a[axis].min(b[axis])),
        core::array::from_fn(|axis| a[axis].max(b[axis])),
    )
}

fn distance(from: LonLat, to: LonLat) -> Meters {
    let (p, q) = (earth_centred(from), earth_centred(to));
    if chord_2(&p, &q) <= EULER_LIMIT_M * EULER_LIMIT_M {
        geodesic::euler(&p, &q)
    } else {
        geodesic::karney(from, to)
    }
}
