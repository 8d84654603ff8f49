//! Which district each place of demand belongs to.

use rayon::prelude::*;

use super::watch::{Cancelled, Watch};
use crate::domain::coordinate::LonLat;
use crate::domain::district::District;
use crate::domain::outline::Outline;

/// A place outside every district but at most this far from one belongs to the nearest, metres: outlines of coasts and
/// rivers are coarse.
pub const NEAR_DISTRICT_M: f64 = 200.0;
/// What [`Assigned::areas`] says of a place outside every district.
pub const OUTSIDE: u32 = u32::MAX;
/// How many neighbouring places share the choice of districts to look at.
const CHUNK: usize = 512;

/// The district of each place, and what had to be decided on the way.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// Position of the district, or [`OUTSIDE`].
    pub areas: Vec<u32>,
    /// Places outside every district.
    pub outside: u64,
    /// Places outside every district that were given to the nearest one.
    pub near: u64,
    /// Places in several districts at once, which went to the first of them.
    pub overlapping: u64,
}

/// Finds the district of each place: the first that holds it, else the nearest within [`NEAR_DISTRICT_M`].
///
/// Of several at the same distance the first. Places should come in an order of neighbours. On all cores.
pub fn assign(places: &[LonLat], districts: &[District], watch: &Watch) -> Result<Assigned, Cancelled> {
    let outlines: Vec<Outline> = districts
        .par_iter()
        .map(|district| Outline::new(district.outline()))
        .collect();
    watch.expect(places.len());
    let parts: Vec<Assigned> = places
        .par_chunks(CHUNK)
        .map(|chunk| {
            watch.advance(chunk.len())?;
            Ok(assign_chunk(chunk, &outlines))
        })
        .collect::<Result<_, Cancelled>>()?;
    let mut all = Assigned {
        areas: Vec::with_capacity(places.len()),
        ..Assigned::default()
    };
    for part in parts {
        all.areas.extend(part.areas);
        all.outside += part.outside;
        all.near += part.near;
        all.overlapping += part.overlapping;
    }
    Ok(all)
}

fn assign_chunk(chunk: &[LonLat], outlines: &[Outline]) -> Assigned {
    let mut edges = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for place in chunk {
        let (lon, lat) = (place.lon_deg(), place.lat_deg());
        let [west, south, east, north] = edges;
        edges = [west.min(lon), south.min(lat), east.max(lon), north.max(lat)];
    }
    let near: Vec<(u32, &Outline)> = (0..)
        .zip(outlines)
        .filter(|(_, outline)| outline.is_near(edges, NEAR_DISTRICT_M))
        .collect();
    let mut assigned = Assigned::default();
    for place in chunk {
        let mut holding = near.iter().filter(|(_, outline)| outline.contains(*place));
        let area = if let Some((area, _)) = holding.next() {
            assigned.overlapping += u64::from(holding.next().is_some());
            *area
        } else if let Some(area) = nearest(*place, &near) {
            assigned.near += 1;
            area
        } else {
            assigned.outside += 1;
            OUTSIDE
        };
        assigned.areas.push(area);
    }
    assigned
}

fn nearest(place: LonLat, near: &[(u32, &Outline)]) -> Option<u32> {
    let distances = near
        .iter()
        .filter_map(|(area, outline)| Some((outline.distance_m(place, NEAR_DISTRICT_M)?, *area)));
    distances
        .min_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, area)| area)
}
