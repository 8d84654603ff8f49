//! The point of a gap that lies farthest from every station: the centre of the largest empty circle.
//!
//! # How
//! Branch and bound. The distance to the nearest station changes by at most a metre when one moves a metre, so nothing
//! in a region is farther from every station than its middle is, plus the way from the middle to its rim. Regions are
//! taken in the order of that bound and divided: a run of cells by their ancestors in H3, a cell into the triangles
//! around its centre, a triangle into four. When no bound exceeds the farthest point found by more than [`EXACT_TO_M`],
//! that point is the answer. A gap of a million cells is not looked at cell by cell.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use h3o::{CellIndex, LatLng, Resolution};

use super::arcs::{self, Normal};
use super::pieces::CellGraph;
use crate::domain::coordinate::LonLat;
use crate::domain::units::Meters;

/// No point of the gap is farther from every station than the one that is found by more than this, metres.
pub const EXACT_TO_M: f64 = 1.0;

/// How far descendants of a cell reach from its centre, in units of its own rim's distance: 1.06 on a plane, and H3's
/// sphere distorts the largest cells.
const DESCENDANTS_REACH: f64 = 1.25;

/// The point of a gap that is farthest from every station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FarthestPoint {
    /// The point, inside a cell of the gap.
    pub place: LonLat,
    /// The station nearest to it.
    pub station: u32,
    /// The distance of that station.
    pub distance: Meters,
}

/// The point farthest from every station within some cells of a graph, given by their positions, ascending; `None`
/// without cells or stations.
///
/// `nearest` tells the nearest station of a place and its geodesic distance. It is asked some hundreds of times.
pub fn farthest_point(
    graph: &CellGraph,
    cells: &[u32],
    nearest: impl Fn(LonLat) -> Option<(u32, Meters)>,
) -> Option<FarthestPoint> {
    let mut search = Search {
        cells: graph.cells(),
        nearest,
        best: None,
        queue: BinaryHeap::new(),
    };
    search.push(Region::Run(cells))?;
    while let Some(Bounded { bound_m, region }) = search.queue.pop() {
        if bound_m <= search.best_m() + EXACT_TO_M {
            break;
        }
        match region {
            Region::Run(run) => search.divide_run(run)?,
            Region::Triangle(corners) => search.divide_triangle(&corners)?,
        }
    }
    search.best
}

/// A part of the gap.
#[derive(Debug)]
enum Region<'a> {
    /// Cells that follow each other in the graph.
    Run(&'a [u32]),
    /// A part of a cell.
    Triangle([Normal; 3]),
}

/// A region that waits, with what no point in it exceeds, metres.
#[derive(Debug)]
struct Bounded<'a> {
    bound_m: f64,
    region: Region<'a>,
}

impl Ord for Bounded<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound_m.total_cmp(&other.bound_m)
    }
}

impl PartialOrd for Bounded<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Bounded<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Bounded<'_> {}

struct Search<'a, N> {
    cells: &'a [CellIndex],
    nearest: N,
    best: Option<FarthestPoint>,
    queue: BinaryHeap<Bounded<'a>>,
}

impl<'a, N: Fn(LonLat) -> Option<(u32, Meters)>> Search<'a, N> {
    fn best_m(&self) -> f64 {
        self.best.map_or(-EXACT_TO_M, |best| best.distance.get())
    }

    /// Bounds a region and lets it wait. `None` when there is no station.
    fn push(&mut self, region: Region<'a>) -> Option<()> {
        let bound_m = match &region {
            Region::Run(run) => self.bound_of_run(run)?,
            Region::Triangle(corners) => {
                let centre = arcs::middle(corners.each_ref());
                self.ask(&centre)? + rim_m(&centre, corners)
            }
        };
        if bound_m > self.best_m() + EXACT_TO_M {
            self.queue.push(Bounded { bound_m, region });
        }
        Some(())
    }

    fn bound_of_run(&mut self, run: &[u32]) -> Option<f64> {
        let Some(around) = common_ancestor(self.cells, run) else {
            return Some(f64::INFINITY);
        };
        let centre = arcs::normal_at(LatLng::from(around));
        let rim_m = rim_m(&centre, &corners(around));
        // The centre of a lone cell is a point of the gap; that of an ancestor need not be.
        if run.len() == 1 {
            return Some(self.ask(&centre)? + rim_m);
        }
        let (_, distance) = (self.nearest)(arcs::place(&centre))?;
        Some(distance.get() + rim_m * DESCENDANTS_REACH)
    }

    /// The distance of the nearest station from a point of the gap, metres; remembers the farthest such point.
    fn ask(&mut self, point: &Normal) -> Option<f64> {
        let place = arcs::place(point);
        let (station, distance) = (self.nearest)(place)?;
        if self.best.is_none_or(|best| distance > best.distance) {
            self.best = Some(FarthestPoint {
                place,
                station,
                distance,
            });
        }
        Some(distance.get())
    }

    /// Divides a run of cells by the children of their common ancestor, and a lone cell into triangles.
    fn divide_run(&mut self, run: &'a [u32]) -> Option<()> {
        if let [only] = run {
            return self.divide_cell(self.cells[*only as usize]);
        }
        let finer = match common_ancestor(self.cells, run) {
            Some(around) => around.resolution().succ(),
            None => Some(Resolution::Zero),
        };
        let mut rest = run;
        while let Some(&first) = rest.first() {
            let first = self.cells[first as usize];
            // A cell that holds all the others comes last and stays by itself.
            let group = finer.and_then(|finer| first.parent(finer)).unwrap_or(first);
            let in_group = rest.partition_point(|cell| self.cells[*cell as usize] <= group);
            let (run, others) = rest.split_at(in_group);
            self.push(Region::Run(run))?;
            rest = others;
        }
        Some(())
    }

    fn divide_cell(&mut self, cell: CellIndex) -> Option<()> {
        let centre = arcs::normal_at(LatLng::from(cell));
        let corners = corners(cell);
        for (&one, &two) in corners.iter().zip(corners.iter().cycle().skip(1)) {
            self.push(Region::Triangle([centre, one, two]))?;
        }
        Some(())
    }

    fn divide_triangle(&mut self, [a, b, c]: &[Normal; 3]) -> Option<()> {
        let [ab, bc, ca] = [[a, b], [b, c], [c, a]].map(arcs::middle);
        for corners in [[*a, ab, ca], [ab, *b, bc], [ca, bc, *c], [ab, bc, ca]] {
            self.push(Region::Triangle(corners))?;
        }
        Some(())
    }
}

/// The finest cell that holds the first and the last cell of a run, and so all of them; `None` when there is none.
fn common_ancestor(cells: &[CellIndex], run: &[u32]) -> Option<CellIndex> {
    let (first, last) = (cells[*run.first()? as usize], cells[*run.last()? as usize]);
    let finest = first.resolution().min(last.resolution());
    Resolution::range(Resolution::Zero, finest)
        .rev()
        .filter_map(|resolution| first.parent(resolution))
        .find(|ancestor| last.parent(ancestor.resolution()) == Some(*ancestor))
}

fn corners(cell: CellIndex) -> Vec<Normal> {
    cell.boundary()
        .iter()
        .map(|corner| arcs::normal_at(*corner))
        .collect()
}

/// The distance of the farthest corner from the centre, metres.
fn rim_m(centre: &Normal, corners: &[Normal]) -> f64 {
    let distances = corners.iter().map(|corner| arcs::longest_m(centre, corner));
    distances.fold(0.0, f64::max)
}
