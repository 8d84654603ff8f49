//! Outlines made ready for many questions: whether a place lies inside, and how far outside it lies.
//!
//! # Why bands
//! Whether a place is inside is decided by the edges at its latitude. Each polygon is cut into bands of latitude, about as
//! many as it has edges, and each band lists the edges that reach into it, so that a question looks at a handful of edges
//! instead of all. The answer is the one that the `geo` crate gives, with its exact predicate, but for one thing: a place
//! on the outline is inside, as all bounds here include their ends.
//!
//! # Why rings are unrolled
//! GeoJSON wants polygons cut at ±180°; not every file does so. An edge that spans more than half and less than the whole
//! of the earth's longitudes is taken the short way, which is over ±180°.

use geo::kernels::{Kernel as _, Orientation, RobustKernel};
use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::bounds::Bounds;
use super::coordinate::LonLat;
use super::geodesic::meters_per_degree;

/// The most entries that the bands of a polygon hold, per edge.
const ENTRIES_PER_EDGE: f64 = 8.0;

/// An outline made ready for many questions. Memory: about 70 bytes a corner.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    parts: Vec<Part>,
}

/// One polygon with its holes. Longitudes are unrolled: a part that crosses ±180° goes on beyond it.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
    /// Ring by ring, the exterior first.
    edges: Vec<Edge>,
    /// Where each band starts in `entries`; one more than there are bands.
    starts: Vec<usize>,
    /// Positions in `edges`, ascending within a band.
    entries: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    start: Coord<f64>,
    end: Coord<f64>,
    ring: u32,
}

impl Outline {
    /// Prepares an outline in WGS-84 degrees. O(corners).
    pub fn new(outline: &MultiPolygon<f64>) -> Self {
        Self {
            parts: outline.iter().filter_map(Part::new).collect(),
        }
    }

    /// Whether the place lies inside or on the outline.
    pub fn contains(&self, place: LonLat) -> bool {
        self.parts.iter().any(|part| part.contains(place))
    }

    /// The distance in metres from a place to the outline's nearest edge, when it is at most `limit_m` (a few kilometres:
    /// the neighbourhood is taken as flat, which is good to a millionth at 200 m).
    pub fn distance_m(&self, place: LonLat, limit_m: f64) -> Option<f64> {
        let near = self
            .parts
            .iter()
            .filter_map(|part| part.distance_m(place, limit_m));
        near.min_by(f64::total_cmp)
    }

    /// Whether some place within the box can lie inside the outline or, roughly, within `margin_m` of it.
    pub fn is_near(&self, edges_deg: [f64; 4], margin_m: f64) -> bool {
        self.parts.iter().any(|part| part.is_near(edges_deg, margin_m))
    }

    /// A place well inside the largest polygon: halfway up, in the middle of the widest piece.
    pub fn inner_place(&self) -> Option<LonLat> {
        let size = |part: &&Part| (part.east - part.west) * (part.north - part.south);
        let part = self.parts.iter().max_by(|a, b| size(a).total_cmp(&size(b)))?;
        Some(part.inner_place())
    }

    /// About which share of the earth lies inside.
    pub(crate) fn share_of_earth(&self) -> f64 {
        self.parts.iter().map(Part::share_of_earth).sum()
    }

    /// The polygons.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }
}

impl Part {
    fn new(polygon: &Polygon<f64>) -> Option<Self> {
        let exterior = unrolled(polygon.exterior());
        let edge_of = |values: &dyn Fn(&Coord<f64>) -> f64, pick: fn(f64, f64) -> f64| {
            exterior.iter().map(values).reduce(pick)
        };
        let mut part = Self {
            west: edge_of(&|corner| corner.x, f64::min)?,
            south: edge_of(&|corner| corner.y, f64::min)?,
            east: edge_of(&|corner| corner.x, f64::max)?,
            north: edge_of(&|corner| corner.y, f64::max)?,
            edges: Vec::new(),
            starts: Vec::new(),
            entries: Vec::new(),
        };
        part.push_ring(&exterior, 0);
        for (interior, ring) in polygon.interiors().iter().zip(1..) {
            let mut hole = unrolled(interior);
            part.shift_into_box(&mut hole);
            part.push_ring(&hole, ring);
        }
        part.fill_bands();
        Some(part)
    }

    fn push_ring(&mut self, corners: &[Coord<f64>], ring: u32) {
        let pairs = corners.iter().zip(corners.iter().skip(1));
        self.edges
            .extend(pairs.map(|(&start, &end)| Edge { start, end, ring }));
    }

    /// Moves a hole by whole turns to where the exterior is.
    fn shift_into_box(&self, hole: &mut [Coord<f64>]) {
        let Some(first) = hole.first().map(|corner| corner.x) else {
            return;
        };
        let fits = |turn: &f64| (self.west..=self.east).contains(&(first + turn));
        let turn = [0.0, 360.0, -360.0].into_iter().find(fits).unwrap_or(0.0);
        for corner in hole {
            corner.x += turn;
        }
    }

    fn fill_bands(&mut self) {
        let height = self.north - self.south;
        let climbed: f64 = self
            .edges
            .iter()
            .map(|edge| (edge.end.y - edge.start.y).abs())
            .sum();
        let edges = self.edges.len() as f64;
        let most = if climbed > 0.0 {
            (ENTRIES_PER_EDGE * edges * height / climbed).min(edges)
        } else {
            1.0
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and the number of edges"
        )]
        let bands = most.max(1.0) as usize;
        self.starts = vec![0; bands + 1];
        let reach = |part: &Self, edge: &Edge| {
            let (low, high) = (edge.start.y.min(edge.end.y), edge.start.y.max(edge.end.y));
            part.band(low)..=part.band(high)
        };
        for edge in &self.edges {
            for band in reach(self, edge) {
                self.starts[band + 1] += 1;
            }
        }
        for band in 0..bands {
            self.starts[band + 1] += self.starts[band];
        }
        let mut next = self.starts.clone();
        self.entries = vec![0; self.starts[bands]];
        for (edge, position) in self.edges.iter().zip(0..) {
            for band in reach(self, edge) {
                self.entries[next[band]] = position;
                next[band] += 1;
            }
        }
    }

    /// The band of a latitude; it never falls when the latitude rises.
    fn band(&self, lat: f64) -> usize {
        let bands = self.starts.len().saturating_sub(1);
        let share = (lat - self.south) / (self.north - self.south);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; not a number, for a flat part, becomes 0"
        )]
        let band = (share * bands as f64) as usize;
        band.min(bands.saturating_sub(1))
    }

    fn edges_between(&self, low_lat: f64, high_lat: f64) -> impl Iterator<Item = &Edge> {
        let (first, last) = (self.band(low_lat), self.band(high_lat));
        let start = self.starts.get(first).copied().unwrap_or(0);
        let end = self.starts.get(last + 1).copied().unwrap_or(start);
        let entries = self.entries.get(start..end).unwrap_or_default();
        entries.iter().filter_map(|entry| self.edges.get(*entry as usize))
    }

    /// Holes are taken off; rings may run either way.
    fn share_of_earth(&self) -> f64 {
        let rings = self.edges.chunk_by(|a, b| a.ring == b.ring);
        let areas = rings.map(|ring| {
            let slices = ring.iter().map(|edge| {
                let height = edge.start.y.to_radians().sin() + edge.end.y.to_radians().sin();
                (edge.end.x - edge.start.x).to_radians() * height / 2.0
            });
            let steradians: f64 = slices.sum::<f64>().abs();
            let is_hole = ring.first().is_some_and(|edge| edge.ring > 0);
            if is_hole { -steradians } else { steradians }
        });
        areas.sum::<f64>().max(0.0) / (4.0 * core::f64::consts::PI)
    }

    /// Whether the place lies inside or on the outline of this part.
    pub(crate) fn contains(&self, place: LonLat) -> bool {
        let (lon, lat) = (place.lon_deg(), place.lat_deg());
        if !(self.south..=self.north).contains(&lat) {
            return false;
        }
        [lon, lon + 360.0, lon - 360.0]
            .into_iter()
            .any(|x| (self.west..=self.east).contains(&x) && self.covers(Coord { x, y: lat }))
    }

    /// Counts, ring by ring, how often the outline winds around the point.
    fn covers(&self, point: Coord<f64>) -> bool {
        let (mut ring, mut winding) = (0, 0_i32);
        for edge in self.edges_between(point.y, point.y) {
            if edge.ring != ring {
                // Outside of the exterior, or inside of a hole.
                if (ring == 0) == (winding == 0) {
                    return false;
                }
                (ring, winding) = (edge.ring, 0);
            }
            match edge.passes(point) {
                Passing::On => return true,
                Passing::Beside(turn) => winding += turn,
            }
        }
        (ring == 0) == (winding != 0)
    }

    fn distance_m(&self, place: LonLat, limit_m: f64) -> Option<f64> {
        let (lon, lat) = (place.lon_deg(), place.lat_deg());
        let (east_m, north_m) = meters_per_degree(lat);
        let north_deg = limit_m / north_m;
        let east_deg = limit_m / east_m;
        if lat + north_deg < self.south || lat - north_deg > self.north {
            return None;
        }
        let mut nearest: Option<f64> = None;
        for x in [lon, lon + 360.0, lon - 360.0] {
            if x + east_deg < self.west || x - east_deg > self.east {
                continue;
            }
            for edge in self.edges_between(lat - north_deg, lat + north_deg) {
                let (left, right) = (edge.start.x.min(edge.end.x), edge.start.x.max(edge.end.x));
                if x + east_deg < left || x - east_deg > right {
                    continue;
                }
                let flat = |corner: Coord<f64>| ((corner.x - x) * east_m, (corner.y - lat) * north_m);
                let distance_m = from_origin(flat(edge.start), flat(edge.end));
                if distance_m <= nearest.unwrap_or(limit_m) {
                    nearest = Some(distance_m);
                }
            }
        }
        nearest
    }

    fn is_near(&self, [west, south, east, north]: [f64; 4], margin_m: f64) -> bool {
        let highest = south.abs().max(north.abs());
        let (east_m, north_m) = meters_per_degree((highest + 1.0).min(90.0));
        let (lat_deg, lon_deg) = (margin_m / north_m, margin_m / east_m);
        let is_level = south - lat_deg <= self.north && self.south <= north + lat_deg;
        is_level
            && [0.0, 360.0, -360.0]
                .into_iter()
                .any(|turn| west + turn - lon_deg <= self.east && self.west <= east + turn + lon_deg)
    }

    fn inner_place(&self) -> LonLat {
        let lat = f64::midpoint(self.south, self.north);
        let mut crossings: Vec<f64> = self
            .edges_between(lat, lat)
            .filter(|edge| (edge.start.y <= lat) != (edge.end.y <= lat))
            .map(|edge| {
                let share = (lat - edge.start.y) / (edge.end.y - edge.start.y);
                edge.start.x + share * (edge.end.x - edge.start.x)
            })
            .collect();
        crossings.sort_by(f64::total_cmp);
        let (pieces, _) = crossings.as_chunks::<2>();
        let widest = pieces
            .iter()
            .max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
        let lon = widest.map_or_else(
            || f64::midpoint(self.west, self.east),
            |[left, right]| f64::midpoint(*left, *right),
        );
        LonLat::from_computed(lon, lat)
    }

    /// The box around this part.
    pub(crate) fn bounds(&self) -> Bounds {
        let world = Bounds::whole_earth();
        if self.east - self.west >= 360.0 {
            return world;
        }
        let corner = |lon, lat| LonLat::from_computed(lon, lat);
        Bounds::new(corner(self.west, self.south), corner(self.east, self.north)).unwrap_or(world)
    }
}

/// Where an edge runs, seen from a point that looks east.
enum Passing {
    /// Through the point.
    On,
    /// Not through it; how much that adds to the number of windings.
    Beside(i32),
}

impl Edge {
    /// The rules of the winding number: an upward edge has its lower end, a downward edge its lower end too, and a level edge
    /// does not count.
    fn passes(&self, point: Coord<f64>) -> Passing {
        let (start, end) = (self.start, self.end);
        let is_level_with = start.y.min(end.y) <= point.y && point.y <= start.y.max(end.y);
        if !is_level_with || start.x.max(end.x) < point.x {
            return Passing::Beside(0);
        }
        let turn = i32::from(start.y <= point.y && point.y < end.y)
            - i32::from(end.y <= point.y && point.y < start.y);
        if start.x.min(end.x) > point.x {
            return Passing::Beside(turn);
        }
        match RobustKernel::orient2d(start, end, point) {
            Orientation::Collinear => Passing::On,
            Orientation::CounterClockwise => Passing::Beside(turn.max(0)),
            Orientation::Clockwise => Passing::Beside(turn.min(0)),
        }
    }
}

/// The corners of a ring, with edges over ±180° taken the short way where the ring still closes.
fn unrolled(ring: &LineString<f64>) -> Vec<Coord<f64>> {
    let mut corners = ring.0.clone();
    let (mut turn, mut before) = (0.0, f64::NAN);
    for corner in &mut corners {
        let step = corner.x - before;
        if step.abs() > 180.0 && step.abs() < 360.0 {
            turn -= 360.0 * step.signum();
        }
        before = corner.x;
        corner.x += turn;
    }
    if turn == 0.0 { corners } else { ring.0.clone() }
}

/// The distance from the origin to a straight piece.
fn from_origin((ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length_2 = dx * dx + dy * dy;
    let along = if length_2 > 0.0 {
        (-(ax * dx + ay * dy) / length_2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (ax + along * dx).hypot(ay + along * dy)
}
