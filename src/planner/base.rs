//! What questions are asked of: the districts, the demand in them, and its cells; loaded once, shared by every question.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::demand::Demand;
use super::outline::cell_area_m2;
use super::pieces::{CellGraph, NotACell};
use crate::domain::district::District;

/// Districts and demand. The graph of cells is worked out when gaps are first asked for.
#[derive(Debug)]
pub struct PlanBase {
    /// The districts of the demand's areas, in their order; none when the demand has the one area without a name.
    pub districts: Arc<[District]>,
    /// What should be covered.
    pub demand: Demand,
    cells: OnceLock<Result<Cells, NotACell>>,
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
        }
    }

    /// The cells of the demand; about 0.5 s for a million at the first question.
    pub fn cells(&self) -> Result<&Cells, NotACell> {
        let cells = self.cells.get_or_init(|| {
            let graph = CellGraph::build(self.demand.cells())?;
            let areas_m2 = graph.cells().par_iter().map(|cell| cell_area_m2(*cell)).collect();
            Ok(Cells { graph, areas_m2 })
        });
        cells.as_ref().map_err(|problem| *problem)
    }
}
