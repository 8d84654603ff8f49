//! The covered area as a shape: discs joined, clipped to the outlines, surely and perhaps covered, with their areas.

use geo::{BooleanOps as _, MultiPolygon};
use rayon::prelude::*;

use super::area::{self, DiscRadius};
use super::stations::{Certainty, PlanStations};
use super::watch::{Cancelled, Watch};
use crate::domain::coordinate::LonLat;
use crate::domain::district::District;
use crate::domain::ellipsoid_area;
use crate::domain::units::Meters;

/// Areas, m².
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[expect(clippy::struct_field_names, reason = "units are in names")]
pub struct AreaSums {
    /// Of the outlines.
    pub total_m2: f64,
    /// Of it surely covered.
    pub sure_m2: f64,
    /// Of it perhaps covered, and not surely.
    pub perhaps_m2: f64,
}

/// Covered areas of the districts that are asked about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AreaTable {
    /// All of them together.
    pub overall: AreaSums,
    /// By district, ascending.
    pub districts: Vec<(u32, AreaSums)>,
}

impl AreaTable {
    /// The areas of a district.
    pub fn of(&self, district: u32) -> Option<AreaSums> {
        let found = self
            .districts
            .binary_search_by_key(&district, |(position, _)| *position);
        Some(self.districts.get(found.ok()?)?.1)
    }
}

/// The covered area within one district.
#[derive(Debug, Clone, PartialEq)]
pub struct CoveredDistrict {
    /// Position of the district.
    pub district: u32,
    /// What is surely covered.
    pub sure: MultiPolygon<f64>,
    /// What is covered only perhaps.
    pub perhaps: MultiPolygon<f64>,
    /// The rest.
    pub not: MultiPolygon<f64>,
}

/// The covered area of each district that is asked about, ascending. For one station a place; cover by several has no
/// simple outline, and cells tell it.
///
/// # Errors
/// [`Cancelled`] when nobody waits for it.
pub fn covered(
    stations: &PlanStations,
    radius: Meters,
    (districts, asked): (&[District], Option<&[u32]>),
    watch: &Watch,
) -> Result<Vec<CoveredDistrict>, Cancelled> {
    // A question's radius is within the limits of discs; below ten metres there is no area to speak of.
    let Ok(radius) = DiscRadius::new(radius) else {
        return Ok(Vec::new());
    };
    let centres = |least: Certainty| -> Vec<LonLat> {
        let counted = stations
            .stations()
            .iter()
            .filter(|station| station.certainty <= least);
        counted.map(|station| station.place).collect()
    };
    let (sure, all) = (centres(Certainty::Sure), centres(Certainty::Perhaps));
    let has_perhaps = sure.len() < all.len();
    let positions = (0..u32::try_from(districts.len()).unwrap_or(u32::MAX))
        .filter(|position| asked.is_none_or(|asked| asked.contains(position)))
        .collect::<Vec<_>>();
    let covered = positions.into_par_iter().map(|position| {
        let outline = districts[position as usize].outline();
        let within = |centres: &[LonLat]| -> Result<MultiPolygon<f64>, Cancelled> {
            let near = area::clip::centres_near(centres, radius, outline);
            Ok(area::clip::clip(
                &area::union(&near, radius, watch)?.shape,
                outline,
            ))
        };
        let surely = within(&sure)?;
        let at_least_perhaps = if has_perhaps {
            within(&all)?
        } else {
            surely.clone()
        };
        Ok(CoveredDistrict {
            district: position,
            perhaps: if has_perhaps {
                at_least_perhaps.difference(&surely)
            } else {
                MultiPolygon::new(Vec::new())
            },
            not: outline.difference(&at_least_perhaps),
            sure: surely,
        })
    });
    covered.collect()
}

/// The areas of covered districts.
pub fn table(covered: &[CoveredDistrict]) -> AreaTable {
    let mut table = AreaTable::default();
    let areas: Vec<(u32, AreaSums)> = covered
        .par_iter()
        .map(|covered| {
            let [sure_m2, perhaps_m2, not_m2] =
                [&covered.sure, &covered.perhaps, &covered.not].map(ellipsoid_area::area_m2);
            let sums = AreaSums {
                total_m2: sure_m2 + perhaps_m2 + not_m2,
                sure_m2,
                perhaps_m2,
            };
            (covered.district, sums)
        })
        .collect();
    for (_, sums) in &areas {
        table.overall.total_m2 += sums.total_m2;
        table.overall.sure_m2 += sums.sure_m2;
        table.overall.perhaps_m2 += sums.perhaps_m2;
    }
    table.districts = areas;
    table
}
