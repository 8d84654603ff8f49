//! What questions are asked of: the districts, the demand in them, and its cells; loaded once, shared by every question.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, OnceLock};

use geo::{Coord, CoordsIter as _, MultiPolygon, Rect};
use rayon::prelude::*;

use super::demand::{Demand, DemandError};
use super::pieces::{CellGraph, NotACell};
use super::watch::Watch;
use crate::domain::bounds::Bounds;
use crate::domain::cells;
use crate::domain::district::District;
use crate::locator::Snapshot;

/// Districts and demand. The graph of cells is worked out when gaps are first asked for.
#[derive(Debug)]
pub struct PlanBase {
    /// The districts of the demand's areas, in their order; none when the demand has the one area without a name.
    pub districts: Arc<[District]>,
    /// What should be covered.
    pub demand: Demand,
    cells: OnceLock<Result<Cells, NotACell>>,
    fingerprint: OnceLock<u64>,
}

/// The cells of a demand.
#[derive(Debug)]
pub struct Cells {
    /// Which are neighbours.
    pub graph: CellGraph,
    /// The area of each, m².
    pub areas_m2: Vec<f64>,
}

impl PlanBase {
    /// Puts districts and demand together.
    pub const fn new(districts: Arc<[District]>, demand: Demand) -> Self {
        Self {
            districts,
            demand,
            cells: OnceLock::new(),
            fingerprint: OnceLock::new(),
        }
    }

    /// An even grid where nobody gave demand: over the districts of a register, else over the box around its stations.
    pub fn even_grid(snapshot: &Snapshot) -> Result<Self, DemandError> {
        let mut districts = Arc::clone(&snapshot.reference().districts);
        if districts.is_empty() {
            districts = snapshot.extent().and_then(around).into_iter().collect();
        }
        let demand = Demand::even_grid(&districts, None, &Watch::default())?;
        Ok(Self::new(districts, demand))
    }

    /// A number that changes with the districts and the demand, the same in every process. About 50 ms for a million places
    /// at the first question.
    pub fn fingerprint(&self) -> u64 {
        *self.fingerprint.get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            let demand = &self.demand;
            let small = (demand.source(), demand.kind(), demand.areas(), demand.profile());
            format!("{small:?} {:?} {:?}", demand.counts(), demand.notes()).hash(&mut hasher);
            for district in &*self.districts {
                (&district.name, &district.adcode, &district.source).hash(&mut hasher);
                for corner in district.outline().coords_iter() {
                    [corner.x, corner.y].map(f64::to_bits).hash(&mut hasher);
                }
            }
            let cells = demand.cells();
            for (at, place) in demand.places().places().iter().enumerate() {
                [place.lon_deg(), place.lat_deg()]
                    .map(f64::to_bits)
                    .hash(&mut hasher);
                (demand.area_of()[at], cells[at], demand.id(at)).hash(&mut hasher);
            }
            for column in demand.weights() {
                column.name.hash(&mut hasher);
                for value in &column.values {
                    value.to_bits().hash(&mut hasher);
                }
            }
            hasher.finish()
        })
    }

    /// The cells of the demand; about 0.5 s for a million at the first question.
    pub fn cells(&self) -> Result<&Cells, NotACell> {
        let cells = self.cells.get_or_init(|| {
            let graph = CellGraph::build(self.demand.cells())?;
            let areas_m2 = graph
                .cells()
                .par_iter()
                .map(|cell| cells::area_m2(*cell))
                .collect();
            Ok(Cells { graph, areas_m2 })
        });
        cells.as_ref().map_err(|problem| *problem)
    }
}

/// How far the box around the stations goes beyond them, degrees of latitude: about 1 km.
const MARGIN_DEG: f64 = 0.009;

/// The box around all stations as a district of its own; cut at ±180°, and with a margin, because a station at the edge
/// of the register is not at the edge of what it serves.
fn around(extent: &Bounds) -> Option<District> {
    let [west, south, east, north] = extent.edges_deg();
    let (south, north) = ((south - MARGIN_DEG).max(-90.0), (north + MARGIN_DEG).min(90.0));
    let margin = MARGIN_DEG / south.abs().max(north.abs()).to_radians().cos().max(0.01);
    let (west, east) = ((west - margin).max(-180.0), (east + margin).min(180.0));
    let part = |west: f64, east: f64| {
        Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).to_polygon()
    };
    let parts = if west <= east {
        vec![part(west, east)]
    } else {
        vec![part(west, 180.0), part(-180.0, east)]
    };
    District::new(EXTENT_NAME, None, MultiPolygon::new(parts)).ok()
}

/// The name of that district.
const EXTENT_NAME: &str = "全部站点范围 (extent of the stations)";
