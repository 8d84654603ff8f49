//! Demand: places that should be covered, with named weights, by district.

use std::sync::OnceLock;

use rayon::prelude::*;
use thiserror::Error;

use super::assign::{Assigned, NEAR_DISTRICT_M, OUTSIDE, assign};
use super::blocks::PlaceBlocks;
use super::watch::{Cancelled, Watch};
use crate::domain::bounds::Bounds;
use crate::domain::cells::{self, cell_at};
use crate::domain::coordinate::LonLat;
use crate::domain::demand::{
    DemandKind, DemandNote, DemandRecords, HOURS_PER_WEEK, MAX_PLACES, Profile, WeightColumn,
};
use crate::domain::district::District;

/// Places that should be covered. Every column is in the order of [`Demand::places`].
///
/// Memory: 40 bytes a place and 8 for each weight, and 8 more once the cells of points were asked for.
#[derive(Debug)]
pub struct Demand {
    source: Box<str>,
    kind: DemandKind,
    places: PlaceBlocks,
    weights: Vec<WeightColumn>,
    areas: Vec<Area>,
    area_of: Vec<u32>,
    places_by_area: Vec<usize>,
    cells: OnceLock<Vec<u64>>,
    /// In the order of the rows.
    ids: Vec<Box<str>>,
    profile: Option<WeekFactors>,
    counts: DemandCounts,
    notes: Vec<DemandNote>,
}

/// An area that figures are given for: a district, or the one area without a name when there are no districts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The name of the district.
    pub name: Option<Box<str>>,
    /// Its six-digit code, where known.
    pub adcode: Option<Box<str>>,
}

/// What had to be decided while places were put into districts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DemandCounts {
    /// All places.
    pub places: u64,
    /// Places outside every district; they are kept, and count in no district.
    pub outside: u64,
    /// Places just outside that belong to the nearest district, within [`NEAR_DISTRICT_M`].
    pub near: u64,
    /// Places in several districts at once, which count in the first.
    pub overlapping: u64,
    /// Rows, features or pixels of the source that were left out.
    pub rows_skipped: u64,
}

/// A profile whose weights are columns of the demand.
#[derive(Debug, Clone, PartialEq)]
pub struct WeekFactors {
    /// Position of each weight in [`Demand::weights`], and its factors.
    pub columns: Vec<(usize, [f64; HOURS_PER_WEEK])>,
}

/// Why there is no demand to plan with.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DemandError {
    /// Nobody waits for it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// There is not one place.
    #[error("demand `{0}` has no places; expected at least one")]
    Empty(Box<str>),
    /// All places lie elsewhere.
    #[error(
        "none of the {places} places of demand `{demand}` lies in a district or within {NEAR_DISTRICT_M} m of one; \
         expected some: the demand is in `{found}`, the districts in `{expected}` (west,south,east,north)"
    )]
    Elsewhere {
        /// Where the demand comes from.
        demand: Box<str>,
        /// How many places there are.
        places: usize,
        /// The box around the demand.
        found: String,
        /// The box around the districts.
        expected: String,
    },
    /// There are more than [`MAX_PLACES`] places.
    #[error("demand `{demand}` has `{places}` places; expected at most {MAX_PLACES}")]
    TooManyPlaces {
        /// Where the demand comes from.
        demand: Box<str>,
        /// How many places there are.
        places: usize,
    },
    /// A column does not go with the places.
    #[error(
        "column `{column}` of demand `{demand}` has `{values}` values; expected {places}, one for each place"
    )]
    Uneven {
        /// Where the demand comes from.
        demand: Box<str>,
        /// The column.
        column: Box<str>,
        /// How many values it has.
        values: usize,
        /// How many places there are.
        places: usize,
    },
    /// The profile names a weight that the demand does not have.
    #[error(
        "the time profile has factors for `{weight}`, which is no weight of the demand; expected some of {known}"
    )]
    UnknownProfileWeight {
        /// The name in the profile.
        weight: Box<str>,
        /// The weights of the demand.
        known: String,
    },
    /// An even grid has nothing to cover.
    #[error("there are `0` districts; expected at least one for an even grid, or demand of your own")]
    NoDistricts,
    /// The grid was asked for at a resolution that H3 or this program does not have.
    #[error("resolution `{0}` is not usable for an even grid; expected 0 to 12")]
    Resolution(u8),
    /// The grid was asked for too fine.
    #[error(
        "an even grid of resolution `{resolution}` has more than {limit} cells here; expected a coarser one"
    )]
    GridTooFine {
        /// As asked for.
        resolution: u8,
        /// The most cells.
        limit: usize,
    },
}

impl Demand {
    /// Puts demand into the order of neighbours and into districts: the first that holds a place, else the nearest within
    /// [`NEAR_DISTRICT_M`]. Without districts everything is one area. On all cores.
    pub fn build(
        records: DemandRecords,
        districts: &[District],
        profile: Option<Profile>,
        watch: &Watch,
    ) -> Result<Self, DemandError> {
        check_shape(&records)?;
        let profile = profile
            .map(|profile| WeekFactors::of(profile, &records.weights))
            .transpose()?;
        let places = PlaceBlocks::build(&records.places);
        let assigned = if districts.is_empty() {
            Assigned {
                areas: vec![0; places.places().len()],
                ..Assigned::default()
            }
        } else {
            assign(places.places(), districts, watch)?
        };
        if assigned.outside == records.places.len() as u64 {
            return Err(elsewhere(&records, districts));
        }
        let counts = DemandCounts {
            places: records.places.len() as u64,
            outside: assigned.outside,
            near: assigned.near,
            overlapping: assigned.overlapping,
            rows_skipped: records.rows_skipped,
        };
        let mut notes = records.notes;
        notes.extend(counts.notes());
        let order = places.order();
        let column = |column: WeightColumn| WeightColumn {
            name: column.name,
            values: ordered(&column.values, order),
        };
        let areas = areas(districts);
        let mut places_by_area = vec![0; areas.len()];
        for area in assigned.areas.iter().filter(|area| **area != OUTSIDE) {
            places_by_area[*area as usize] += 1;
        }
        let cells = OnceLock::new();
        if !records.cells.is_empty() {
            cells.get_or_init(|| ordered(&records.cells, order));
        }
        Ok(Self {
            source: records.source,
            kind: records.kind,
            weights: records.weights.into_iter().map(column).collect(),
            areas,
            area_of: assigned.areas,
            places_by_area,
            cells,
            ids: records.ids,
            profile,
            counts,
            notes,
            places,
        })
    }

    /// Where the demand comes from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What kind of places these are.
    pub const fn kind(&self) -> DemandKind {
        self.kind
    }

    /// The places in the order of neighbours.
    pub const fn places(&self) -> &PlaceBlocks {
        &self.places
    }

    /// The weights; at least one.
    pub fn weights(&self) -> &[WeightColumn] {
        &self.weights
    }

    /// Districts in their order, or one area without a name.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// For each place the position of its area in [`Demand::areas`], or [`OUTSIDE`].
    pub fn area_of(&self) -> &[u32] {
        &self.area_of
    }

    /// How many places each area holds, in the order of [`Demand::areas`].
    pub fn places_by_area(&self) -> &[usize] {
        &self.places_by_area
    }

    /// The area of a place; `None` outside every district.
    pub fn area(&self, place: usize) -> Option<&Area> {
        let area = self.area_of.get(place).filter(|area| **area != OUTSIDE)?;
        self.areas.get(*area as usize)
    }

    /// The H3 cell of each place: as the demand gives it, else at [`cells::RESOLUTION`], which is worked out at the first
    /// question (on all cores).
    pub fn cells(&self) -> &[u64] {
        self.cells.get_or_init(|| {
            let places = self.places.places().par_iter();
            places
                .map(|place| cell_at(*place, cells::RESOLUTION).into())
                .collect()
        })
    }

    /// The name that the source gives a place.
    pub fn id(&self, place: usize) -> Option<&str> {
        self.ids.get(self.row(place)?).map(AsRef::as_ref)
    }

    /// The position of a place in the source, without rows that were left out.
    pub fn row(&self, place: usize) -> Option<usize> {
        self.places.order().get(place).map(|row| *row as usize)
    }

    /// How the weights change with the hour of the week, where that is known.
    pub const fn profile(&self) -> Option<&WeekFactors> {
        self.profile.as_ref()
    }

    /// What had to be decided on the way.
    pub const fn counts(&self) -> DemandCounts {
        self.counts
    }

    /// The same and more in words.
    pub fn notes(&self) -> &[DemandNote] {
        &self.notes
    }

    /// Adds something that a reader of the figures should know.
    pub fn add_note(&mut self, note: DemandNote) {
        self.notes.push(note);
    }
}

impl WeekFactors {
    fn of(profile: Profile, weights: &[WeightColumn]) -> Result<Self, DemandError> {
        let position = |name: &str| weights.iter().position(|weight| &*weight.name == name);
        let mut columns = Vec::with_capacity(profile.columns.len());
        for column in profile.columns {
            let Some(weight) = position(&column.weight) else {
                let known: Vec<String> = weights
                    .iter()
                    .map(|weight| format!("`{}`", weight.name))
                    .collect();
                return Err(DemandError::UnknownProfileWeight {
                    weight: column.weight,
                    known: known.join(", "),
                });
            };
            columns.push((weight, column.factors));
        }
        Ok(Self { columns })
    }

    /// What sums of the weights amount to at an hour of the week, 0 to 167: the sum of weight × factor.
    pub fn sum_at(&self, sums: &[f64], hour: usize) -> f64 {
        let columns = self.columns.iter();
        let product = |(weight, factors): &(usize, [f64; HOURS_PER_WEEK])| {
            Some(sums.get(*weight)? * factors.get(hour)?)
        };
        columns.filter_map(product).sum()
    }

    /// The demand of a place at an hour of the week, 0 to 167: the sum of weight × factor.
    pub fn weight_at(&self, weights: &[WeightColumn], place: usize, hour: usize) -> f64 {
        let columns = self.columns.iter();
        let product = |(weight, factors): &(usize, [f64; HOURS_PER_WEEK])| {
            let value = weights.get(*weight)?.values.get(place)?;
            Some(value * factors.get(hour)?)
        };
        columns.filter_map(product).sum()
    }
}

impl DemandCounts {
    fn notes(&self) -> Vec<DemandNote> {
        let Self {
            outside,
            near,
            overlapping,
            ..
        } = *self;
        let mut notes = Vec::new();
        let mut note = |count: u64, code, en: String, zh: String| {
            if count > 0 {
                notes.push(DemandNote { code, en, zh });
            }
        };
        note(
            outside,
            "outside_districts",
            format!("{outside} places lie outside every district and count in none"),
            format!("{outside} 个位置在所有区域之外，不计入任何区域"),
        );
        note(
            near,
            "near_district",
            format!("{near} places lie up to {NEAR_DISTRICT_M} m outside and count in the nearest district"),
            format!("{near} 个位置在区域外 {NEAR_DISTRICT_M} 米以内，计入最近的区域"),
        );
        note(
            overlapping,
            "overlapping_districts",
            format!("{overlapping} places lie in several districts and count in the first"),
            format!("{overlapping} 个位置同时在多个区域内，计入排在最前的区域"),
        );
        notes
    }
}

fn check_shape(records: &DemandRecords) -> Result<(), DemandError> {
    let places = records.places.len();
    let demand = records.source.clone();
    if places == 0 {
        return Err(DemandError::Empty(demand));
    }
    if places > MAX_PLACES {
        return Err(DemandError::TooManyPlaces { demand, places });
    }
    let columns = records
        .weights
        .iter()
        .map(|column| (&*column.name, column.values.len()));
    let optional = [("cells", records.cells.len()), ("ids", records.ids.len())];
    let uneven = columns
        .chain(optional.into_iter().filter(|(_, values)| *values > 0))
        .chain(records.weights.is_empty().then_some(("weights", 0)))
        .find(|(_, values)| *values != places);
    match uneven {
        None => Ok(()),
        Some((column, values)) => Err(DemandError::Uneven {
            demand,
            column: column.into(),
            values,
            places,
        }),
    }
}

fn areas(districts: &[District]) -> Vec<Area> {
    if districts.is_empty() {
        return vec![Area {
            name: None,
            adcode: None,
        }];
    }
    let area = |district: &District| Area {
        name: Some(district.name.clone()),
        adcode: district.adcode.clone(),
    };
    districts.iter().map(area).collect()
}

fn ordered<T: Copy + Send + Sync>(values: &[T], order: &[u32]) -> Vec<T> {
    let pick = |row: &u32| values.get(*row as usize).copied();
    order.iter().filter_map(pick).collect()
}

fn elsewhere(records: &DemandRecords, districts: &[District]) -> DemandError {
    let text = |places: &mut dyn Iterator<Item = LonLat>| {
        let edges = Bounds::around(places).map(|bounds| bounds.edges_deg().map(|edge| format!("{edge:.4}")));
        edges.unwrap_or_default().join(",")
    };
    let corners = |district: &District| {
        let [west, south, east, north] = district.bounds().edges_deg();
        [(west, south), (east, north)].map(|(lon, lat)| LonLat::from_computed(lon, lat))
    };
    DemandError::Elsewhere {
        demand: records.source.clone(),
        places: records.places.len(),
        found: text(&mut records.places.iter().copied()),
        expected: text(&mut districts.iter().flat_map(corners)),
    }
}
