//! H3 cells as pieces of demand: where their centres lie, how large they are, and which of them fill an outline.
//!
//! # Why not the library's own areas
//! H3 works on a sphere, and its areas are those of a sphere: up to 0.5 % off, more in the north than in the south. Here
//! latitudes are first moved to the sphere that has the ellipsoid's areas (authalic latitude), which is exact but for
//! the edges: those of a cell of resolution 4 or finer differ from geodesics by less than a millionth of its area.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use h3o::{CellIndex, LatLng, Resolution};
use rayon::prelude::*;

use super::coordinate::LonLat;
use super::geodesic::{EarthCentred, earth_centred};
use super::outline::{Outline, Part};

/// The resolution at which demand is cut into cells unless something asks for another: 0.1 km² a cell.
pub const RESOLUTION: Resolution = Resolution::Nine;
/// The finest resolution that an outline smaller than a cell is filled with: 300 m² a cell.
pub const FINEST_RESOLUTION: Resolution = Resolution::Twelve;
/// Centres of all cells within a cell lie nearer to its centre than its farthest corner, times this.
const DESCENDANTS_REACH: f64 = 1.5;
/// The largest cells of a resolution are less than this many times as large as the average.
const LARGEST_CELLS: f64 = 4.0;
/// Authalic less geodetic latitude on WGS-84 is the sum of these times the sines of 2, 4, 6, 8 and 10 times the latitude.
///
/// Fourier coefficients of asin(q(φ)/q(90°)), worked out with 40 digits; the next is below 1e-17. Near the poles the
/// series keeps the digits that the formula loses.
const AUTHALIC_AMPLITUDES_RAD: [f64; 5] = [
    -0.002_239_209_838_678_64,
    2.130_860_651_325_022e-6,
    -2.559_257_686_419_122_4e-9,
    3.370_196_525_542_269e-12,
    -4.667_543_015_625_586e-15,
];
/// The radius of the sphere that has the area of the WGS-84 ellipsoid, metres.
const AUTHALIC_RADIUS_M: f64 = 6_371_007.180_918_474;
/// How many levels one task of a fill goes down; 7⁴ = 2,401 cells.
const LEVELS_PER_TASK: u8 = 4;

/// The centre of a cell.
pub fn centre(cell: CellIndex) -> LonLat {
    let centre = LatLng::from(cell);
    LonLat::from_computed(centre.lng(), centre.lat())
}

/// The cell that a place lies in.
pub fn cell_at(place: LonLat, resolution: Resolution) -> CellIndex {
    LatLng::new(place.lat_deg(), place.lon_deg())
        .expect("a place is finite")
        .to_cell(resolution)
}

/// The area of a cell on the WGS-84 ellipsoid, m².
///
/// Triangles of unit vectors with a common corner, each by the solid angle of van Oosterom and Strackee (1983). Only
/// differences of corners are multiplied, so that the smallest cells keep ten digits; no pole and no date line is special.
pub fn area_m2(cell: CellIndex) -> f64 {
    let boundary = cell.boundary();
    let mut corners = boundary
        .iter()
        .map(|corner| on_authalic_sphere(corner.lng_radians(), corner.lat_radians()));
    let (Some(first), Some(mut second)) = (corners.next(), corners.next()) else {
        return 0.0;
    };
    let mut steradians = 0.0;
    for third in corners {
        let (to_second, to_third) = (minus(second, first), minus(third, first));
        let volume = dot(first, cross(to_second, to_third));
        let below = 1.0 + dot(first, second) + dot(second, third) + dot(third, first);
        steradians += 2.0 * volume.atan2(below);
        second = third;
    }
    steradians.abs() * AUTHALIC_RADIUS_M * AUTHALIC_RADIUS_M
}

/// A place as a unit vector on the sphere of the same area, below whose parallels the same share of it lies.
fn on_authalic_sphere(lon_rad: f64, lat_rad: f64) -> [f64; 3] {
    let mut authalic_rad = lat_rad;
    let mut angle_rad = 0.0;
    for amplitude_rad in AUTHALIC_AMPLITUDES_RAD {
        angle_rad += 2.0 * lat_rad;
        authalic_rad += amplitude_rad * angle_rad.sin();
    }
    let (sin_lat, cos_lat) = authalic_rad.sin_cos();
    let (sin_lon, cos_lon) = lon_rad.sin_cos();
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

fn minus(to: [f64; 3], from: [f64; 3]) -> [f64; 3] {
    [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
}

fn cross(one: [f64; 3], other: [f64; 3]) -> [f64; 3] {
    [
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    ]
}

fn dot(one: [f64; 3], other: [f64; 3]) -> f64 {
    one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
}

/// Which cells fill some outlines.
#[derive(Debug, Default)]
pub struct Filling {
    /// Cells whose centres lie inside or on an outline, ascending.
    pub cells: Vec<CellIndex>,
    /// For each outline whether there is such a cell.
    pub is_filled: Vec<bool>,
}

/// Fills outlines with the cells of one resolution whose centres lie inside; `None` when that takes more than `limit`
/// cells. O(cells of the boxes around the polygons), on all cores.
pub fn fill(outlines: &[Outline], resolution: Resolution, limit: usize) -> Option<Filling> {
    let largest = outlines.iter().map(Outline::share_of_earth).fold(0.0, f64::max);
    if largest * resolution.cell_count() as f64 > limit.saturating_add(16) as f64 * LARGEST_CELLS {
        return None;
    }
    let search = Search::new(outlines, resolution, limit);
    let all: Vec<u32> = (0..).take(search.parts.len()).collect();
    let level = Resolution::try_from(u8::from(resolution).saturating_sub(LEVELS_PER_TASK)).ok()?;
    let mut starts = Vec::new();
    for cell in CellIndex::base_cells() {
        search.descend(cell, &all, level, &mut |cell, parts| starts.push((cell, parts)));
    }
    let found: Vec<Vec<CellIndex>> = starts
        .par_iter()
        .map(|(start, parts)| {
            let mut cells = Vec::new();
            search.descend(*start, parts, resolution, &mut |cell, parts| {
                if search.holds(cell, &parts) {
                    cells.push(cell);
                }
            });
            cells
        })
        .collect();
    (search.found.into_inner() <= limit).then(|| Filling {
        cells: found.concat(),
        is_filled: search.is_filled.into_iter().map(AtomicBool::into_inner).collect(),
    })
}

/// Cells that stand for one outline, and their places.
///
/// Of resolution `start`, or coarser for at most `limit` cells, or finer, down to [`FINEST_RESOLUTION`], for at least one
/// centre inside. An outline without any centre gets the finest cell around a place inside it, and that place.
pub fn cells_of(outline: &Outline, start: Resolution, limit: usize) -> Vec<(CellIndex, LonLat)> {
    let outlines = core::slice::from_ref(outline);
    let with_places = |filling: Filling| {
        let cells = filling.cells.into_iter();
        cells.map(|cell| (cell, centre(cell))).collect::<Vec<_>>()
    };
    let mut resolution = start;
    let mut filling = fill(outlines, resolution, limit);
    while let (None, Some(coarser)) = (&filling, resolution.pred()) {
        resolution = coarser;
        filling = fill(outlines, resolution, limit);
    }
    let mut cells = filling.map(with_places).unwrap_or_default();
    while let (true, Some(finer)) = (cells.is_empty(), resolution.succ()) {
        if finer > FINEST_RESOLUTION {
            break;
        }
        resolution = finer;
        cells = fill(outlines, resolution, limit)
            .map(with_places)
            .unwrap_or_default();
    }
    if cells.is_empty() {
        let inner = outline.inner_place();
        cells.extend(inner.map(|place| (cell_at(place, FINEST_RESOLUTION), place)));
    }
    cells
}

/// A fill under way.
struct Search<'o> {
    parts: Vec<SearchedPart<'o>>,
    resolution: Resolution,
    limit: usize,
    found: AtomicUsize,
    is_filled: Vec<AtomicBool>,
}

struct SearchedPart<'o> {
    part: &'o Part,
    outline: usize,
    low: EarthCentred,
    high: EarthCentred,
}

impl<'o> Search<'o> {
    fn new(outlines: &'o [Outline], resolution: Resolution, limit: usize) -> Self {
        let with_boxes = |(outline, part): (usize, &'o Part)| {
            let (low, high) = part.bounds().earth_centred_box();
            SearchedPart {
                part,
                outline,
                low,
                high,
            }
        };
        let parts = outlines.iter().enumerate();
        let parts = parts.flat_map(|(at, outline)| outline.parts().iter().map(move |part| (at, part)));
        Self {
            parts: parts.map(with_boxes).collect(),
            resolution,
            limit,
            found: AtomicUsize::new(0),
            is_filled: outlines.iter().map(|_| AtomicBool::new(false)).collect(),
        }
    }

    /// Calls `visit` for the cells of a resolution at or below `cell` whose descendants can have centres in the boxes of
    /// some of the parts, ascending, with those parts.
    fn descend(
        &self,
        cell: CellIndex,
        parts: &[u32],
        to: Resolution,
        visit: &mut dyn FnMut(CellIndex, Vec<u32>),
    ) {
        if self.found.load(Ordering::Relaxed) > self.limit {
            return;
        }
        let centre_point = earth_centred(centre(cell));
        let reach_2 = if cell.resolution() == self.resolution {
            0.0
        } else {
            reach_2(cell, &centre_point)
        };
        let is_near = |part: &&u32| {
            let part = self.parts.get(**part as usize);
            part.is_some_and(|part| to_box_2(&centre_point, &part.low, &part.high) <= reach_2)
        };
        let near: Vec<u32> = parts.iter().filter(is_near).copied().collect();
        if near.is_empty() {
        } else if cell.resolution() >= to {
            visit(cell, near);
        } else if let Some(finer) = cell.resolution().succ() {
            for child in cell.children(finer) {
                self.descend(child, &near, to, visit);
            }
        }
    }

    /// Whether the centre of a cell lies inside one of the parts.
    fn holds(&self, cell: CellIndex, parts: &[u32]) -> bool {
        let place = centre(cell);
        let mut is_inside = false;
        for part in parts.iter().filter_map(|part| self.parts.get(*part as usize)) {
            if part.part.contains(place) {
                is_inside = true;
                if let Some(flag) = self.is_filled.get(part.outline) {
                    flag.store(true, Ordering::Relaxed);
                }
            }
        }
        if is_inside {
            self.found.fetch_add(1, Ordering::Relaxed);
        }
        is_inside
    }
}

/// The square of the chord within which the centres of all descendants lie, m².
fn reach_2(cell: CellIndex, centre: &EarthCentred) -> f64 {
    let to_corner_2 = |corner: &LatLng| {
        let point = earth_centred(LonLat::from_computed(corner.lng(), corner.lat()));
        super::geodesic::chord_2(centre, &point)
    };
    let farthest_2 = cell.boundary().iter().map(to_corner_2).fold(0.0, f64::max);
    farthest_2 * DESCENDANTS_REACH * DESCENDANTS_REACH
}

/// The square of the distance from a point to a box, m²; 0 inside.
fn to_box_2(point: &EarthCentred, low: &EarthCentred, high: &EarthCentred) -> f64 {
    let sides = point.iter().zip(low).zip(high);
    sides
        .map(|((at, low), high)| (low - at).max(at - high).max(0.0).powi(2))
        .sum()
}
