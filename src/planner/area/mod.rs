//! The covered area as a shape: the union of geodesic discs of one radius, and what of it lies in a district.
//!
//! # How
//! Not by the union of polygons: the circles themselves are cut. [`grid`] finds the neighbours of each disc, [`arcs`] the
//! pieces of its circle that no neighbour covers, [`mod@link`] joins the pieces into rings, and [`cut`] makes polygons of them
//! as RFC 7946 wants them: exteriors counter-clockwise, holes clockwise, cut at ±180°. Discs inside the crowd cost next to
//! nothing, because some dozen neighbours cover their circles. Where the pieces do not fit together (many circles through
//! one point, to the last digit), the polygons of that connected part are united by the `geo` crate instead, and
//! [`CoveredArea::fallbacks`] counts it.

mod arcs;
pub mod clip;
mod cut;
mod disc;
mod grid;
mod link;
pub mod outline;

use geo::algorithm::unary_union;
use geo::{Coord, MultiPolygon, Polygon};
use rayon::prelude::*;
use thiserror::Error;

use self::arcs::{Arc, Circles};
use self::disc::Centre;
pub use self::disc::{VERTICES, disc};
use self::grid::Grid;
use self::link::link;
use super::watch::{Cancelled, Watch};
use crate::domain::coordinate::LonLat;
use crate::domain::geodesic::{EarthCentred, chord_2, earth_centred};
use crate::domain::units::Meters;

/// The radius of the sphere with the surface of the earth, metres.
const SPHERE_M: f64 = 6_371_007.2;
/// Centres nearer to each other than this are one, metres: 0.1 mm.
const SAME_CENTRE_M: f64 = 1e-4;

/// The radius of discs: 10 m to 100 km.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct DiscRadius(Meters);

/// A radius that no disc is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("radius `{0}` is out of range; expected 10 to 100000 metres")]
pub struct RadiusOutOfRange(pub f64);

impl DiscRadius {
    /// The smallest radius, metres.
    pub const MIN_M: f64 = 10.0;
    /// The largest radius, metres.
    pub const MAX_M: f64 = 100_000.0;

    /// Checks a radius.
    pub fn new(radius: Meters) -> Result<Self, RadiusOutOfRange> {
        if (Self::MIN_M..=Self::MAX_M).contains(&radius.get()) {
            Ok(Self(radius))
        } else {
            Err(RadiusOutOfRange(radius.get()))
        }
    }

    /// The radius along the surface.
    pub const fn get(self) -> Meters {
        self.0
    }

    /// The chord of the radius, metres; off by at most 2 cm at 100 km, wherever and in whichever direction.
    fn chord_m(self) -> f64 {
        2.0 * SPHERE_M * (self.0.get() / (2.0 * SPHERE_M)).sin()
    }
}

/// The union of discs.
#[derive(Debug, Clone, PartialEq)]
pub struct CoveredArea {
    /// What is covered, WGS-84 degrees, valid by RFC 7946; parts in the order of the smallest cube of space they are in.
    pub shape: MultiPolygon<f64>,
    /// How many connected parts were united as polygons, because their arcs did not fit together.
    pub fallbacks: usize,
}

/// The union of geodesic discs of one radius. Empty without centres; centres within 0.1 mm of each other are one.
///
/// Lines follow the true circles: each vertex lies on its circle or up to 0.16 % of the radius outside, so that areas are
/// true within 0.01 %. The same centres give the same shape on any number of threads. O(n log n) for scattered discs;
/// discs on the rim of a crowd look at each of their neighbours. Stops when `watch` says so; counts discs.
pub fn union(centres: &[LonLat], radius: DiscRadius, watch: &Watch) -> Result<CoveredArea, Cancelled> {
    let crowd = Crowd::of(centres, radius);
    watch.expect(crowd.places.len());
    let arcs = crowd.arcs(watch)?;
    Ok(crowd.shape(&arcs))
}

/// Distinct centres, and which are near each other.
#[derive(Debug)]
struct Crowd {
    radius: DiscRadius,
    places: Vec<LonLat>,
    points: Vec<EarthCentred>,
    grid: Grid,
    /// For each cell of the grid the cells around it.
    around: Vec<Vec<u32>>,
}

impl Crowd {
    fn of(centres: &[LonLat], radius: DiscRadius) -> Self {
        let places = distinct(centres);
        let points: Vec<EarthCentred> = places.iter().map(|&place| earth_centred(place)).collect();
        let grid = Grid::build(&points, radius.chord_m());
        let around = grid
            .cells()
            .into_par_iter()
            .map(|cell| grid.around(cell))
            .collect();
        Self {
            radius,
            places,
            points,
            grid,
            around,
        }
    }

    /// The arcs of every circle that no other disc covers.
    fn arcs(&self, watch: &Watch) -> Result<Vec<Arc>, Cancelled> {
        let frames: Vec<Centre> = self.places.par_iter().map(|&place| Centre::at(place)).collect();
        let circles = Circles {
            centres: &frames,
            chord_m: self.radius.chord_m(),
        };
        let arcs: Result<Vec<Vec<Arc>>, Cancelled> = self
            .grid
            .cells()
            .into_par_iter()
            .map(|cell| {
                let around = &self.around[cell as usize];
                let near = || {
                    around
                        .iter()
                        .flat_map(|&cell| self.grid.members(cell).iter().copied())
                };
                let members = self.grid.members(cell);
                watch.advance(members.len())?;
                Ok(members
                    .iter()
                    .flat_map(|&disc| circles.uncovered(disc, near()))
                    .collect())
            })
            .collect();
        Ok(arcs?.into_iter().flatten().collect())
    }

    fn shape(&self, arcs: &[Arc]) -> CoveredArea {
        let parts = Parts::of(&self.grid, &self.around, &self.points, self.radius);
        parts.shape(&self.places, arcs, self.radius)
    }
}

/// The centres without those that repeat an earlier one, in order.
fn distinct(centres: &[LonLat]) -> Vec<LonLat> {
    let points: Vec<EarthCentred> = centres.iter().map(|&centre| earth_centred(centre)).collect();
    // Along a slanting axis equal centres are next to each other, and few others are near.
    let along = |disc: u32| {
        let [x, y, z] = points[disc as usize];
        0.48 * x + 0.6 * y + 0.64 * z
    };
    let mut order: Vec<u32> = (0..).take(points.len()).collect();
    order.sort_unstable_by(|&a, &b| along(a).total_cmp(&along(b)).then(a.cmp(&b)));
    let mut repeats = vec![false; points.len()];
    for (at, &disc) in order.iter().enumerate() {
        for &other in order[at + 1..]
            .iter()
            .take_while(|&&other| along(other) - along(disc) <= SAME_CENTRE_M)
        {
            if chord_2(&points[disc as usize], &points[other as usize]) <= SAME_CENTRE_M * SAME_CENTRE_M {
                repeats[disc.max(other) as usize] = true;
            }
        }
    }
    let kept = centres.iter().zip(repeats).filter(|(_, repeats)| !repeats);
    kept.map(|(&centre, _)| centre).collect()
}

/// Which connected part each disc belongs to.
#[derive(Debug)]
struct Parts {
    of_disc: Vec<u32>,
    count: usize,
}

impl Parts {
    fn of(grid: &Grid, around: &[Vec<u32>], points: &[EarthCentred], radius: DiscRadius) -> Self {
        let leads = grid.connect(around, points, 2.0 * radius.chord_m());
        let mut part_of_lead = vec![0; leads.len()];
        let mut of_disc = vec![0; points.len()];
        let mut count = 0;
        for (cell, &lead) in (0_u32..).zip(&leads) {
            if lead == cell {
                part_of_lead[cell as usize] = count;
                count += 1;
            }
            for &disc in grid.members(cell) {
                of_disc[disc as usize] = part_of_lead[lead as usize];
            }
        }
        Self {
            of_disc,
            count: count as usize,
        }
    }

    /// The polygons of all parts.
    fn shape(&self, places: &[LonLat], arcs: &[Arc], radius: DiscRadius) -> CoveredArea {
        let linked = link(arcs, radius.chord_m());
        let part_of = |arc: u32| self.of_disc[arcs[arc as usize].disc as usize] as usize;
        let mut failed = vec![false; self.count];
        for &arc in &linked.loose {
            failed[part_of(arc)] = true;
        }
        let mut rings: Vec<Vec<&[u32]>> = vec![Vec::new(); self.count];
        for ring in &linked.rings {
            if let Some(&first) = ring.first() {
                rings[part_of(first)].push(ring);
            }
        }
        let mut discs: Vec<Vec<LonLat>> = vec![Vec::new(); self.count];
        for (&part, &place) in self
            .of_disc
            .iter()
            .zip(places)
            .filter(|&(&part, _)| failed[part as usize])
        {
            discs[part as usize].push(place);
        }
        let polygons: Vec<Vec<Polygon<f64>>> = (0..self.count)
            .into_par_iter()
            .map(|part| {
                if failed[part] {
                    return unite(&discs[part], radius);
                }
                let rings = rings[part].iter().map(|ring| vertices(arcs, ring));
                cut::polygons(rings.collect(), radius)
            })
            .collect();
        CoveredArea {
            shape: MultiPolygon::new(polygons.into_iter().flatten().collect()),
            fallbacks: failed.into_iter().filter(|&failed| failed).count(),
        }
    }
}

/// The places of a ring, in order.
fn vertices(arcs: &[Arc], ring: &[u32]) -> Vec<Coord<f64>> {
    let arcs = ring.iter().map(|&arc| &arcs[arc as usize].vertices);
    arcs.flatten().copied().collect()
}

/// The union of discs as polygons on the map, for what the arcs could not settle.
fn unite(places: &[LonLat], radius: DiscRadius) -> Vec<Polygon<f64>> {
    let discs: Vec<MultiPolygon<f64>> = places.iter().map(|&place| disc(place, radius)).collect();
    unary_union(&discs).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ellipsoid_area::area_m2;

    #[test]
    fn a_part_whose_arcs_do_not_fit_together_is_united_as_polygons_and_the_others_are_not() {
        let place = |lon, lat| LonLat::new(lon, lat).expect("a place");
        let centres = [
            place(109.5, 18.25),
            place(109.51, 18.25),
            place(110.5, 18.25),
            place(110.51, 18.26),
        ];
        let radius = DiscRadius::new(Meters::new(1_000.0).expect("a length")).expect("a radius");
        let crowd = Crowd::of(&centres, radius);
        let mut arcs = crowd.arcs(&Watch::default()).expect("not cancelled");
        let whole = crowd.shape(&arcs);
        assert_eq!((whole.fallbacks, whole.shape.0.len()), (0, 2));
        // Without one of its arcs the ring around the first two discs cannot be closed.
        let lost = arcs.iter().position(|arc| arc.disc == 0).expect("an arc");
        arcs.remove(lost);
        let mended = crowd.shape(&arcs);
        assert_eq!((mended.fallbacks, mended.shape.0.len()), (1, 2));
        let off = (area_m2(&mended.shape) / area_m2(&whole.shape) - 1.0).abs();
        assert!(off < 1e-4, "{off}");
    }
}
