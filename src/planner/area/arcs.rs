//! The arcs of each circle that no other disc covers.
//!
//! # Why chords
//! A disc is what of the ellipsoid lies in a ball around the centre: the geodesic circle is the end of chords of one
//! length, within 2 cm at a radius of 100 km and 20 µm at 10 km. Balls of one size meet in the plane midway, so crossings
//! need no trigonometry, and a point of a circle that no other disc covers is nearer to its own centre than to any other.
//! Such points and the straight lines between them stay in their own cell of the Voronoi diagram: the outlines of
//! different discs cannot cross. Vertices are set a little outside the circle, so that an arc encloses its true area;
//! one that would leave its cell is put back on the circle.

use core::f64::consts::TAU;

use geo::Coord;

use super::disc::{Centre, STEP_RAD, lon_lat};
use crate::domain::geodesic::{EarthCentred, chord_2};

/// Discs that overlap by less than this part of the radius only touch.
const TOUCH: f64 = 1e-9;
/// Shorter arcs are left out, radians, and with them the marks of three circles through one point.
const SHORTEST_ARC_RAD: f64 = 1e-8;
/// The same for small discs, metres: what is left of digits in earth-centred coordinates.
const SHORTEST_ARC_M: f64 = 2e-8;
/// Arcs up to this length are one straight line, radians.
const STRAIGHT_RAD: f64 = 0.02;
/// How far the cosine of half a covered angle can be off before the dip is known.
const COSINE_MARGIN: f64 = 2e-6;
/// Neighbours from this part of two radii on can have a stretched vertex of ours in their cell.
const NEARLY_TOUCHING: f64 = 0.985;
/// Where a vertex is put that has another disc in front of it: so that discs that touch do not overlap by rounding.
const HELD_BACK: f64 = 1.0 - 1e-6;
/// How much a vertex is stretched at most: an arc of two steps.
const MOST_STRETCHED: f64 = 1.002;

/// Where one circle, followed counter-clockwise, goes into another disc; the other circle comes out of the first there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crossing {
    /// The disc whose circle goes in.
    pub(super) enters: u32,
    /// The disc that it goes into.
    pub(super) entered: u32,
    pub(super) point: EarthCentred,
}

/// A piece of a circle that no other disc covers, counter-clockwise.
#[derive(Debug)]
pub(super) struct Arc {
    pub(super) disc: u32,
    /// Beginning and end; `None` for a whole circle.
    pub(super) ends: Option<[Crossing; 2]>,
    /// The vertices from the beginning to before the end, degrees.
    pub(super) vertices: Vec<Coord<f64>>,
}

/// A piece of a circle that nothing covers so far, by angles counter-clockwise from east.
#[derive(Debug, Clone, Copy)]
struct Gap {
    from_rad: f64,
    to_rad: f64,
    start: Crossing,
    end: Crossing,
}

/// What another disc covers of a circle.
#[derive(Debug, Clone, Copy)]
struct Covered {
    from_rad: f64,
    width_rad: f64,
    into: Crossing,
    out: Crossing,
}

/// All discs, and the length of their chords.
#[derive(Debug)]
pub(super) struct Circles<'a> {
    pub(super) centres: &'a [Centre],
    pub(super) chord_m: f64,
}

impl Circles<'_> {
    /// The arcs of one circle. `others` are all discs within [`Circles::reach_m`], perhaps more; near ones first is best.
    pub(super) fn uncovered(&self, disc: u32, others: impl Iterator<Item = u32>) -> Vec<Arc> {
        let centre = self.centre(disc);
        let (reach_2, nearly_2) = (
            self.reach_m().powi(2),
            (2.0 * self.chord_m * NEARLY_TOUCHING).powi(2),
        );
        let mut touching: Vec<EarthCentred> = Vec::new();
        let mut gaps: Option<Vec<Gap>> = None;
        for other in others.filter(|&other| other != disc) {
            let point = &self.centre(other).point;
            let apart_2 = chord_2(&centre.point, point);
            if apart_2 > reach_2 {
                continue;
            }
            if apart_2 > nearly_2 {
                touching.push(*point);
            }
            if gaps
                .as_ref()
                .is_some_and(|gaps| !self.may_cover(gaps, centre, point))
            {
                continue;
            }
            if let Some(covered) = self.covered(disc, other) {
                let left = self.without(gaps, covered);
                if left.is_empty() {
                    return Vec::new();
                }
                gaps = Some(left);
            }
        }
        let keep = |point, direction| self.keep_in_cell(centre, &touching, point, direction);
        match gaps {
            None => vec![Arc {
                disc,
                ends: None,
                vertices: centre.circle(self.chord_m, keep),
            }],
            Some(gaps) => gaps
                .iter()
                .map(|gap| Arc {
                    disc,
                    ends: Some([gap.start, gap.end]),
                    vertices: self.vertices(centre, gap, keep),
                })
                .collect(),
        }
    }

    /// How far away a disc can be that matters to another, metres.
    pub(super) fn reach_m(&self) -> f64 {
        2.0 * self.chord_m * MOST_STRETCHED
    }

    fn centre(&self, disc: u32) -> &Centre {
        &self.centres[disc as usize]
    }

    /// Puts a vertex back on the circle, and a hair inside, when it is nearer to another centre than to its own.
    fn keep_in_cell(
        &self,
        centre: &Centre,
        touching: &[EarthCentred],
        point: EarthCentred,
        direction: [f64; 2],
    ) -> EarthCentred {
        let own_2 = chord_2(&point, &centre.point);
        if touching.iter().any(|other| chord_2(&point, other) <= own_2) {
            centre.toward(direction, self.chord_m * HELD_BACK)
        } else {
            point
        }
    }

    /// Whether the disc around `point` can cover a part of one of the gaps; `false` is sure.
    fn may_cover(&self, gaps: &[Gap], centre: &Centre, point: &EarthCentred) -> bool {
        let [east, north, up] = centre.local(point);
        let level_2 = east * east + north * north;
        let cosine = (level_2 + up * up) / (2.0 * self.chord_m * level_2.sqrt());
        // The dip turns the cosine by at most some 1e-4 of itself: (ρ/2R)² at the longest chord.
        let half_rad = (cosine * (1.0 - 2e-4) - COSINE_MARGIN).clamp(-1.0, 1.0).acos();
        let from_rad = north.atan2(east) - half_rad;
        gaps.iter().any(|gap| {
            let from_rad = after(gap.from_rad, from_rad);
            from_rad < gap.to_rad || from_rad + 2.0 * half_rad - TAU > gap.from_rad
        })
    }

    /// What `other` covers of the circle of `disc`. Both crossings are worked out from the lower disc of the two, so that
    /// both circles have the same points, to the bit.
    fn covered(&self, disc: u32, other: u32) -> Option<Covered> {
        let (low, high) = (disc.min(other), disc.max(other));
        let (into, out) = crossings(self.centre(low), &self.centre(high).point, self.chord_m)?;
        let low_enters = Crossing {
            enters: low,
            entered: high,
            point: into,
        };
        let high_enters = Crossing {
            enters: high,
            entered: low,
            point: out,
        };
        let (into, out) = if disc == low {
            (low_enters, high_enters)
        } else {
            (high_enters, low_enters)
        };
        let angle = |point| {
            let [east, north, _] = self.centre(disc).local(point);
            north.atan2(east)
        };
        let from_rad = angle(&into.point);
        Some(Covered {
            from_rad,
            width_rad: after(from_rad, angle(&out.point)) - from_rad,
            into,
            out,
        })
    }

    /// Takes what is covered out of the gaps; `None` is the whole circle.
    fn without(&self, gaps: Option<Vec<Gap>>, covered: Covered) -> Vec<Gap> {
        let shortest_rad = SHORTEST_ARC_RAD + SHORTEST_ARC_M / self.chord_m;
        let mut left = Vec::with_capacity(4);
        let mut push = |gap: Gap| {
            if gap.to_rad - gap.from_rad > shortest_rad {
                left.push(gap);
            }
        };
        let Some(gaps) = gaps else {
            push(Gap {
                from_rad: covered.from_rad + covered.width_rad,
                to_rad: covered.from_rad + TAU,
                start: covered.out,
                end: covered.into,
            });
            return left;
        };
        for mut gap in gaps {
            let from_rad = after(gap.from_rad, covered.from_rad);
            let to_rad = from_rad + covered.width_rad;
            // The same angles one turn earlier can cover the beginning of the gap.
            if to_rad - TAU > gap.from_rad {
                gap.from_rad = to_rad - TAU;
                gap.start = covered.out;
            }
            if from_rad >= gap.to_rad {
                push(gap);
                continue;
            }
            push(Gap {
                to_rad: from_rad,
                end: covered.into,
                ..gap
            });
            push(Gap {
                from_rad: to_rad,
                start: covered.out,
                ..gap
            });
        }
        left
    }

    /// The vertices of an arc, so stretched that it encloses its true area with the centre.
    fn vertices(
        &self,
        centre: &Centre,
        gap: &Gap,
        keep: impl Fn(EarthCentred, [f64; 2]) -> EarthCentred,
    ) -> Vec<Coord<f64>> {
        let length_rad = gap.to_rad - gap.from_rad;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 64")]
        let steps = if length_rad < STRAIGHT_RAD {
            1
        } else {
            ((length_rad / STEP_RAD).ceil() as u32).max(2)
        };
        let step_rad = length_rad / f64::from(steps);
        let stretched_m = self.chord_m * stretch(steps, step_rad);
        let mut vertices = Vec::with_capacity(steps as usize);
        vertices.push(lon_lat(&gap.start.point));
        for step in 1..steps {
            let (sine, cosine) = (gap.from_rad + step_rad * f64::from(step)).sin_cos();
            let point = centre.toward([cosine, sine], stretched_m);
            vertices.push(lon_lat(&keep(point, [cosine, sine])));
        }
        vertices
    }
}

/// By how much the vertices inside an arc lie beyond the circle, with both ends on it: the triangles have the area of
/// the sector when (m − 2)·f² + 2·f = m·δ/sin δ.
fn stretch(steps: u32, step_rad: f64) -> f64 {
    let missing = step_rad / step_rad.sin();
    if steps <= 2 {
        return missing;
    }
    let (steps, inner) = (f64::from(steps), f64::from(steps - 2));
    ((1.0 + inner * steps * missing).sqrt() - 1.0) / inner
}

/// The angle turned by whole circles into the one that begins at `from_rad`.
fn after(from_rad: f64, angle_rad: f64) -> f64 {
    let turns = ((angle_rad - from_rad) / TAU).floor();
    angle_rad - turns * TAU
}

/// Where the circle around `centre` goes into the disc around `other` and where it comes out; `None` when they do not
/// overlap.
///
/// The points of both circles lie in the plane midway: d·D = |D|²/2ρ, with the direction d = (level, dip).
fn crossings(centre: &Centre, other: &EarthCentred, chord_m: f64) -> Option<(EarthCentred, EarthCentred)> {
    let [east, north, up] = centre.local(other);
    let level_2 = east * east + north * north;
    let (level, half) = (level_2.sqrt(), (level_2 + up * up) / (2.0 * chord_m));
    let (cosine, sine) = (east / level, north / level);
    let crossing = |side: f64| {
        let mut direction = [cosine, sine];
        for _ in 0..4 {
            let (sin_dip, cos_dip) = centre.dip(direction[1], chord_m);
            let turn_cos = (half + sin_dip * up) / (level * cos_dip);
            if turn_cos >= 1.0 - TOUCH {
                return None;
            }
            let turn_sin = side * (1.0 - turn_cos * turn_cos).sqrt();
            direction = [
                cosine * turn_cos - sine * turn_sin,
                sine * turn_cos + cosine * turn_sin,
            ];
        }
        Some(centre.toward(direction, chord_m))
    };
    Some((crossing(-1.0)?, crossing(1.0)?))
}
