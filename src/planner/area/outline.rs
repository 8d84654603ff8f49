//! Outlines of districts: what is wrong with one, and which overlap.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{BooleanOps as _, BoundingRect as _, Intersects as _, Line, MultiPolygon, Rect};
use thiserror::Error;

use crate::domain::ellipsoid_area::area_m2;

/// Outlines smaller than this enclose nothing, m².
const LEAST_AREA_M2: f64 = 1e-3;

/// What is wrong with an outline. Polygons and rings are counted from 0; ring 0 is the exterior.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum OutlineProblem {
    /// It has no polygon, or one without corners.
    #[error("outline is empty; expected at least one polygon with a ring of 4 places")]
    Empty,
    /// A ring is too short to enclose anything.
    #[error(
        "ring `{ring}` of polygon `{polygon}` has {places} places; expected 4 or more, the last equal to the first"
    )]
    TooFewPlaces {
        /// The polygon.
        polygon: usize,
        /// The ring in the polygon.
        ring: usize,
        /// How many places it has, the closing one included.
        places: usize,
    },
    /// It encloses no area.
    #[error("outline encloses {0} square metres; expected an area")]
    NoArea(f64),
    /// A ring crosses itself, or another ring of the outline.
    #[error(
        "ring `{ring}` of polygon `{polygon}` crosses ring `{other_ring}` of polygon `{other_polygon}` at `{lon_deg:.6},{lat_deg:.6}`; expected rings that touch at most"
    )]
    Crossing {
        /// The polygon.
        polygon: usize,
        /// The ring in the polygon.
        ring: usize,
        /// The polygon of the other ring; often the same.
        other_polygon: usize,
        /// The other ring; the same where a ring crosses itself.
        other_ring: usize,
        /// Where, degrees.
        lon_deg: f64,
        /// Where, degrees.
        lat_deg: f64,
    },
}

/// Finds the first thing that is wrong with an outline: too few places, a crossing, no area.
///
/// Rings that touch themselves or each other at a point are accepted. O(n log n) for outlines as they are drawn; an
/// outline with many long edges side by side takes more.
pub fn check_outline(outline: &MultiPolygon<f64>) -> Result<(), OutlineProblem> {
    if outline.0.is_empty() || outline.iter().any(|polygon| polygon.exterior().0.is_empty()) {
        return Err(OutlineProblem::Empty);
    }
    for (number, polygon) in outline.iter().enumerate() {
        for (ring, line) in core::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .enumerate()
        {
            if line.0.len() < 4 {
                return Err(OutlineProblem::TooFewPlaces {
                    polygon: number,
                    ring,
                    places: line.0.len(),
                });
            }
        }
    }
    first_crossing(outline).map_or(Ok(()), Err)?;
    let area = area_m2(outline);
    if area < LEAST_AREA_M2 {
        return Err(OutlineProblem::NoArea(area));
    }
    Ok(())
}

/// An edge with where it comes from.
#[derive(Debug, Clone, Copy)]
struct Edge {
    line: Line<f64>,
    polygon: usize,
    ring: usize,
}

impl Edge {
    const fn west(&self) -> f64 {
        self.line.start.x.min(self.line.end.x)
    }

    const fn east(&self) -> f64 {
        self.line.start.x.max(self.line.end.x)
    }
}

/// Goes through the edges from west to east and looks at each pair whose longitudes overlap.
fn first_crossing(outline: &MultiPolygon<f64>) -> Option<OutlineProblem> {
    let mut edges: Vec<Edge> = Vec::new();
    for (polygon, shape) in outline.iter().enumerate() {
        for (ring, line) in core::iter::once(shape.exterior())
            .chain(shape.interiors())
            .enumerate()
        {
            edges.extend(line.lines().map(|line| Edge { line, polygon, ring }));
        }
    }
    edges.sort_by(|a, b| a.west().total_cmp(&b.west()));
    let mut open: Vec<Edge> = Vec::new();
    for edge in edges {
        open.retain(|other| other.east() >= edge.west());
        for other in &open {
            if let Some(LineIntersection::SinglePoint {
                intersection,
                is_proper: true,
            }) = line_intersection(edge.line, other.line)
            {
                let (first, second) = if (other.polygon, other.ring) <= (edge.polygon, edge.ring) {
                    (other, &edge)
                } else {
                    (&edge, other)
                };
                return Some(OutlineProblem::Crossing {
                    polygon: first.polygon,
                    ring: first.ring,
                    other_polygon: second.polygon,
                    other_ring: second.ring,
                    lon_deg: intersection.x,
                    lat_deg: intersection.y,
                });
            }
        }
        open.push(edge);
    }
    None
}

/// Two outlines that overlap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Position of the first outline.
    pub first: usize,
    /// Position of the second outline, behind the first.
    pub second: usize,
    /// The area that both enclose, m².
    pub area_m2: f64,
}

/// The pairs of outlines that share more than `least_m2` square metres, in order.
///
/// Neighbours drawn from different sources
/// share slivers along their border, which is what the limit is for. Looks at the pairs whose boxes meet.
pub fn overlaps(outlines: &[&MultiPolygon<f64>], least_m2: f64) -> Vec<Overlap> {
    let boxes: Vec<Option<Rect<f64>>> = outlines.iter().map(|outline| outline.bounding_rect()).collect();
    let mut found = Vec::new();
    for (first, (a, box_a)) in outlines.iter().zip(&boxes).enumerate() {
        for (second, (b, box_b)) in outlines.iter().zip(&boxes).enumerate().skip(first + 1) {
            let (Some(box_a), Some(box_b)) = (box_a, box_b) else {
                continue;
            };
            if !box_a.intersects(box_b) {
                continue;
            }
            let area_m2 = area_m2(&a.intersection(*b));
            if area_m2 > least_m2 {
                found.push(Overlap {
                    first,
                    second,
                    area_m2,
                });
            }
        }
    }
    found
}
