//! Whether the rings of an area are usable: no crossing, no overlap, holes inside. O(n log n + pairs that share a longitude).
//!
//! # Why not the validation of `geo`
//! It compares every edge with every other and then relates every ring to every other: minutes of a processor for
//! the 10,000 vertices that a client may send, against milliseconds here.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{
    BoundingRect as _, Contains as _, Coord, Intersects as _, Line, LineString, MultiPolygon, Polygon, Rect,
};

/// One edge of a ring.
#[derive(Debug, Clone, Copy)]
struct Edge {
    line: Line<f64>,
    /// Number of the ring among all.
    ring: usize,
    /// Number of the edge in its ring.
    position: usize,
    /// Edges of the ring.
    of: usize,
}

impl Edge {
    fn west(&self) -> f64 {
        self.line.start.x.min(self.line.end.x)
    }

    fn east(&self) -> f64 {
        self.line.start.x.max(self.line.end.x)
    }

    fn south(&self) -> f64 {
        self.line.start.y.min(self.line.end.y)
    }

    fn north(&self) -> f64 {
        self.line.start.y.max(self.line.end.y)
    }

    fn is_neighbour(&self, other: &Self) -> bool {
        let apart = self.position.abs_diff(other.position);
        self.ring == other.ring && (apart == 1 || apart + 1 == self.of)
    }
}

/// Checks closed rings of an area; the error says what is wrong, and where.
pub fn check(area: &MultiPolygon<f64>) -> Result<(), String> {
    let mut edges = Vec::new();
    let rings = area
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    for (number, ring) in rings.enumerate() {
        push_edges(&mut edges, number, ring)?;
    }
    check_edges(edges)?;
    area.iter().try_for_each(check_holes)
}

fn push_edges(edges: &mut Vec<Edge>, ring: usize, line: &LineString<f64>) -> Result<(), String> {
    let lines: Vec<Line<f64>> = line.lines().filter(|line| line.start != line.end).collect();
    let of = lines.len();
    if of < 3 {
        return Err("a ring has fewer than three different positions".to_owned());
    }
    edges.extend(lines.into_iter().enumerate().map(|(position, line)| Edge {
        line,
        ring,
        position,
        of,
    }));
    Ok(())
}

/// From west to east, each edge against those that begin before it ends.
fn check_edges(mut edges: Vec<Edge>) -> Result<(), String> {
    edges.sort_by(|a, b| a.west().total_cmp(&b.west()));
    let mut rest = edges.as_slice();
    while let Some((edge, others)) = rest.split_first() {
        rest = others;
        let (east, south, north) = (edge.east(), edge.south(), edge.north());
        let near = others.iter().take_while(|other| other.west() <= east);
        for other in near.filter(|other| other.south() <= north && other.north() >= south) {
            check_pair(edge, other)?;
        }
    }
    Ok(())
}

fn check_pair(edge: &Edge, other: &Edge) -> Result<(), String> {
    let (problem, place) = match line_intersection(edge.line, other.line) {
        None => return Ok(()),
        Some(LineIntersection::Collinear { intersection }) if intersection.start != intersection.end => {
            ("runs along itself or another", intersection.start)
        }
        Some(LineIntersection::SinglePoint {
            intersection,
            is_proper: true,
        }) => ("crosses itself or another", intersection),
        // Rings may touch each other at a point, and not themselves.
        Some(
            LineIntersection::SinglePoint { intersection, .. }
            | LineIntersection::Collinear {
                intersection: Line {
                    start: intersection, ..
                },
            },
        ) => {
            if edge.ring != other.ring || edge.is_neighbour(other) {
                return Ok(());
            }
            ("touches itself", intersection)
        }
    };
    Err(format!("a ring {problem} at {},{}", place.x, place.y))
}

/// Holes lie inside their outer ring and outside each other.
fn check_holes(polygon: &Polygon<f64>) -> Result<(), String> {
    let outside = Polygon::new(polygon.exterior().clone(), Vec::new());
    let holes = polygon.interiors().iter().map(|ring| {
        let hole = Polygon::new(ring.clone(), Vec::new());
        (hole.bounding_rect(), hole)
    });
    let holes: Vec<(Option<Rect<f64>>, Polygon<f64>)> = holes.collect();
    for (number, (_, hole)) in holes.iter().enumerate() {
        for &corner in &hole.exterior().0 {
            let is_within_other = holes.iter().enumerate().any(|(other, (bounds, polygon))| {
                other != number
                    && bounds.is_some_and(|bounds| bounds.intersects(&corner))
                    && polygon.contains(&corner)
            });
            if is_within_other || !outside.intersects(&corner) {
                let Coord { x, y } = corner;
                return Err(format!(
                    "a hole is outside its outer ring or inside another hole at {x},{y}"
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    fn problem(polygon: Polygon<f64>) -> String {
        check(&MultiPolygon::new(vec![polygon])).err().unwrap_or_default()
    }

    #[test]
    fn simple_rings_and_holes_that_touch_at_a_point_are_taken() {
        let with_hole = polygon!(
            exterior: [(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 0.0, y: 9.0)],
            interiors: [[(x: 0.0, y: 0.0), (x: 4.0, y: 1.0), (x: 4.0, y: 4.0)], [(x: 4.0, y: 4.0), (x: 5.0, y: 5.0), (x: 4.0, y: 6.0)]],
        );
        assert_eq!(problem(with_hole), "");
        let repeated = polygon![(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0)];
        assert_eq!(problem(repeated), "");
    }

    #[test]
    fn rings_that_cross_overlap_or_touch_themselves_are_refused_with_the_place() {
        let bow = polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)];
        assert_eq!(problem(bow), "a ring crosses itself or another at 1,1");
        let flat = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 2.0, y: 0.0)];
        assert!(problem(flat).contains("runs along"));
        let spike = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 2.0, y: 0.0), (x: 2.0, y: 2.0)];
        assert!(problem(spike).contains("runs along"));
        let pinched = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 2.0, y: 2.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0), (x: 2.0, y: 2.0)];
        assert!(problem(pinched).contains("touches itself"));
        let point = polygon![(x: 1.0, y: 1.0), (x: 1.0, y: 1.0), (x: 1.0, y: 1.0)];
        assert!(problem(point).contains("fewer than three"));
    }

    #[test]
    fn holes_outside_or_within_each_other_are_refused() {
        for hole in [
            [(20.0, 1.0), (21.0, 1.0), (21.0, 2.0)],
            [(2.5, 2.1), (2.7, 2.1), (2.7, 2.3)],
        ] {
            let line = |places: &[(f64, f64)]| LineString::from(places.to_vec());
            let polygon = Polygon::new(
                line(&[(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)]),
                vec![line(&[(1.0, 1.0), (4.0, 1.0), (4.0, 4.0)]), line(&hole)],
            );
            assert!(problem(polygon).contains("a hole"), "{hole:?}");
        }
    }

    #[test]
    fn ten_thousand_vertices_that_all_share_longitudes_are_checked_in_a_moment() {
        // A comb whose every tooth spans the whole width.
        let teeth = (0..5_000).flat_map(|n| {
            let y = f64::from(n) * 0.01;
            [
                (if n % 2 == 0 { 0.0 } else { 9.0 }, y),
                (if n % 2 == 0 { 9.0 } else { 0.0 }, y),
            ]
        });
        let ring: Vec<(f64, f64)> = teeth.chain([(-1.0, 50.0), (-1.0, 0.0)]).collect();
        let begun = std::time::Instant::now();
        let comb = Polygon::new(LineString::from(ring), Vec::new());
        assert_eq!(problem(comb), "");
        assert!(begun.elapsed() < std::time::Duration::from_secs(20));
    }
}
