//! The even grid: what is covered when nobody says where demand is.

use h3o::{CellIndex, Resolution};
use rayon::prelude::*;

use super::demand::{Demand, DemandError};
use super::watch::Watch;
use crate::domain::cells::{self, FINEST_RESOLUTION, Filling, area_m2, cells_of, centre, fill};
use crate::domain::coordinate::LonLat;
use crate::domain::demand::{DemandKind, DemandNote, DemandRecords, WeightColumn};
use crate::domain::district::District;
use crate::domain::outline::Outline;

/// The most cells of a grid whose resolution nobody asked for; it gets coarser until it has no more.
pub const MAX_GRID_CELLS: usize = 250_000;
/// The most cells of a grid whose resolution was asked for.
pub const MAX_ASKED_GRID_CELLS: usize = 5_000_000;
/// The name of the grid's only weight: square metres of a cell on the ellipsoid.
pub const GRID_WEIGHT: &str = "area_m2";

impl Demand {
    /// An even grid over districts: the H3 cells whose centre lies in one, weighted by their area on the ellipsoid.
    ///
    /// Without a resolution it is [`cells::RESOLUTION`], or coarser for at most [`MAX_GRID_CELLS`]. A district too small for
    /// a centre gets finer cells, at least one.
    pub fn even_grid(
        districts: &[District],
        resolution: Option<u8>,
        watch: &Watch,
    ) -> Result<Self, DemandError> {
        if districts.is_empty() {
            return Err(DemandError::NoDistricts);
        }
        let outlines: Vec<Outline> = districts
            .par_iter()
            .map(|district| Outline::new(district.outline()))
            .collect();
        let (resolution, filling) = match resolution {
            Some(asked) => asked_grid(&outlines, asked)?,
            None => finest_grid(&outlines, cells::RESOLUTION)?,
        };
        watch.advance(0)?;
        let mut grid: Vec<(CellIndex, LonLat)> = filling
            .cells
            .into_par_iter()
            .map(|cell| (cell, centre(cell)))
            .collect();
        let empty = outlines.iter().zip(filling.is_filled);
        let empty: Vec<&Outline> = empty
            .filter(|(_, is_filled)| !is_filled)
            .map(|(outline, _)| outline)
            .collect();
        for outline in &empty {
            grid.extend(cells_of(outline, resolution, MAX_GRID_CELLS));
        }
        Self::build(records(&grid, resolution, empty.len()), districts, None, watch)
    }
}

fn asked_grid(outlines: &[Outline], asked: u8) -> Result<(Resolution, Filling), DemandError> {
    let resolution = Resolution::try_from(asked)
        .ok()
        .filter(|resolution| *resolution <= FINEST_RESOLUTION)
        .ok_or(DemandError::Resolution(asked))?;
    let filling = fill(outlines, resolution, MAX_ASKED_GRID_CELLS).ok_or(DemandError::GridTooFine {
        resolution: asked,
        limit: MAX_ASKED_GRID_CELLS,
    })?;
    Ok((resolution, filling))
}

fn finest_grid(outlines: &[Outline], start: Resolution) -> Result<(Resolution, Filling), DemandError> {
    let mut resolution = start;
    loop {
        if let Some(filling) = fill(outlines, resolution, MAX_GRID_CELLS) {
            return Ok((resolution, filling));
        }
        resolution = resolution.pred().ok_or(DemandError::GridTooFine {
            resolution: 0,
            limit: MAX_GRID_CELLS,
        })?;
    }
}

fn records(grid: &[(CellIndex, LonLat)], resolution: Resolution, finer: usize) -> DemandRecords {
    let areas = grid.par_iter().map(|(cell, _)| area_m2(*cell)).collect();
    let weight = WeightColumn {
        name: GRID_WEIGHT.into(),
        values: areas,
    };
    let places = grid.iter().map(|(_, place)| *place).collect();
    let mut records = DemandRecords::new("even grid", DemandKind::EvenGrid, places, vec![weight]);
    records.cells = grid.iter().map(|(cell, _)| (*cell).into()).collect();
    let count = grid.len();
    records.notes.push(DemandNote {
        code: "even_grid",
        en: format!(
            "no demand was given: {count} H3 cells of resolution {resolution} lie evenly over the districts, each with its area as weight"
        ),
        zh: format!("未提供需求数据：在区域内均匀布置 {count} 个 {resolution} 级 H3 网格，以网格面积为权重"),
    });
    if finer > 0 {
        records.notes.push(DemandNote {
            code: "finer_cells",
            en: format!("{finer} districts are too small for a cell of that resolution and have finer ones"),
            zh: format!("{finer} 个区域小于该级网格，采用更细的网格"),
        });
    }
    records
}
