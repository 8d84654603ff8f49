//! A route as short pieces of geodesic: where along it a station lies, and how far off.

use rstar::primitives::{GeomWithData, Line};
use rstar::{PointDistance as _, RTree};

use super::nearest::micrometres;
use super::{Slot, StationIndex, Wanted};
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{self, EarthCentred, earth_centred};
use crate::domain::units::Meters;

/// The longest piece, metres. Its chord runs at most 2 cm below the surface, which moves a foot point by less than a
/// millimetre.
const PIECE_M: f64 = 1_000.0;
/// More than the surface rises above the chord of a piece, metres.
const SAG_M: f64 = 0.021;
/// Good enough for the curve of a piece, metres.
const MEAN_RADIUS_M: f64 = 6_371_000.0;
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

impl Piece {
    /// How far along the piece the point of its chord lies that is nearest to `point`: 0 at the start, 1 at the end.
    fn share(&self, point: &EarthCentred) -> f64 {
        let [start, end] = &self.ends;
        let (mut dot, mut square) = (0.0, 0.0);
        for axis in 0..3 {
            dot += (end[axis] - start[axis]) * (point[axis] - start[axis]);
            square += (end[axis] - start[axis]).powi(2);
        }
        if square > 0.0 {
            (dot / square).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// The point of the chord at `share`, lifted to the surface; good to 0.2 mm.
    fn on_surface(&self, share: f64) -> EarthCentred {
        let [start, end] = &self.ends;
        let chord: EarthCentred =
            core::array::from_fn(|axis| start[axis] + share * (end[axis] - start[axis]));
        let lift_m = share * (1.0 - share) * self.length_m.powi(2) / (2.0 * MEAN_RADIUS_M);
        // Over 2 cm the direction from the centre is as good as the normal.
        let scale = 1.0 + lift_m / chord.iter().map(|side| side * side).sum::<f64>().sqrt();
        chord.map(|side| side * scale)
    }
}

/// The point of a piece that is nearest to a place.
struct Foot {
    piece: usize,
    /// From the start of the piece, metres.
    in_piece_m: f64,
    /// From the start of the route, metres.
    along_m: f64,
    /// To the place, good to 0.3 mm up to 100 km; metres.
    off_m: f64,
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
        let nearest_m = self.tree.nearest_neighbor(point)?.distance_2(&point).sqrt() + SAG_M;
        let reach_m = geodesic::no_farther_chord_2(nearest_m * nearest_m).sqrt() + SAG_M + SAME_FOOT_M;
        let mut near: Vec<Foot> = self
            .tree
            .locate_within_distance(point, reach_m * reach_m)
            .filter_map(|line| self.foot(line.data as usize, &point))
            .collect();
        near.sort_unstable_by(|a, b| a.along_m.total_cmp(&b.along_m));
        let nearest = near.iter().min_by(|a, b| a.off_m.total_cmp(&b.off_m))?;
        let first = near
            .iter()
            .find(|foot| foot.off_m <= nearest.off_m + SAME_FOOT_M)?;
        let off = |foot: &Foot| geodesic::karney(self.place(foot), place).get();
        let off_m = if core::ptr::eq(first, nearest) {
            off(nearest)
        } else {
            off(nearest).min(off(first))
        };
        Some(Beside {
            along: Meters::from_computed(first.along_m),
            off: Meters::from_computed(off_m),
        })
    }

    /// The point of a piece that is nearest to a point. `None` when the route comes nearer as it goes on into the next
    /// piece or comes from the previous one: then the foot is that piece's.
    fn foot(&self, number: usize, point: &EarthCentred) -> Option<Foot> {
        let piece = self.pieces.get(number)?;
        let share = piece.share(point);
        let share_of = |piece: Option<&Piece>| piece.map(|piece| piece.share(point));
        let goes_on = share >= 1.0 && share_of(self.pieces.get(number + 1)).is_some_and(|next| next > 0.0);
        let previous = number.checked_sub(1).and_then(|number| self.pieces.get(number));
        let comes_from = share <= 0.0 && share_of(previous).is_some_and(|previous| previous < 1.0);
        if goes_on || comes_from {
            return None;
        }
        Some(Foot {
            piece: number,
            in_piece_m: share * piece.length_m,
            along_m: piece.before_m + share * piece.length_m,
            off_m: geodesic::euler(&piece.on_surface(share), point).get(),
        })
    }

    fn place(&self, foot: &Foot) -> LonLat {
        let piece = &self.pieces[foot.piece];
        geodesic::direct(piece.start, piece.azimuth_deg, foot.in_piece_m)
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
            .filter(|(_, beside)| micrometres(beside.off) <= micrometres(distance))
            .filter(|(slot, beside)| accept(*slot, *beside))
            .collect();
        // Feet at one vertex may differ in the last bit of their distance along the route.
        found.sort_by_cached_key(|(slot, beside)| {
            (
                micrometres(beside.along),
                micrometres(beside.off),
                self.ordinal(*slot),
            )
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
