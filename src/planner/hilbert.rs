//! The order of neighbours: positions along a Hilbert curve over longitudes and latitudes.

use rayon::prelude::*;

use crate::domain::coordinate::LonLat;

/// Bits of each coordinate: cells of 1.2 m at the equator. Places in one cell follow in the order they came in.
const BITS: u32 = 25;
/// Below this many places a part is worked out on the thread that it is on.
const PARALLEL_PLACES: usize = 16_384;

/// For each of the curve's four shapes and each quarter (east bit, north bit): the quarter's position along the curve,
/// and the shape of the curve inside it.
const QUARTERS: [[(u8, u8); 4]; 4] = [
    [(0, 1), (1, 0), (3, 3), (2, 0)],
    [(0, 0), (3, 2), (1, 1), (2, 1)],
    [(2, 2), (3, 1), (1, 2), (0, 3)],
    [(2, 3), (1, 3), (3, 0), (0, 2)],
];

/// The positions of `places` in the order of neighbours. O(n log n) on all threads, the same on any number of them.
///
/// # Why degrees
/// Nothing depends on the order but speed, because boxes are taken around earth-centred points afterwards. Degrees
/// need no trigonometry; toward the poles the runs become narrow in longitude, which costs a little and breaks nothing.
pub fn neighbour_order(places: &[LonLat]) -> Vec<u32> {
    let count = u32::try_from(places.len()).expect("fewer than 2^32 places fit into memory");
    let mut keyed: Vec<(u64, u32)> = places
        .par_iter()
        .with_min_len(PARALLEL_PLACES)
        .zip(0..count)
        .map(|(place, position)| (position_on_curve(*place), position))
        .collect();
    keyed.par_sort_unstable();
    keyed
        .into_par_iter()
        .with_min_len(PARALLEL_PLACES)
        .map(|(_, position)| position)
        .collect()
}

/// The position of a place's cell along the curve.
fn position_on_curve(place: LonLat) -> u64 {
    let (east, north) = (cell(place.lon_deg() + 180.0), cell(place.lat_deg() + 90.0));
    let (mut position, mut shape) = (0_u64, 0_u8);
    for bit in (0..BITS).rev() {
        let quarter = (east >> bit & 1) << 1 | (north >> bit & 1);
        let (digit, inside) = QUARTERS[shape as usize][quarter as usize];
        position = position << 2 | u64::from(digit);
        shape = inside;
    }
    position
}

/// The cell of an angle from 0 to 360 degrees.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to 2^25, cut below it"
)]
fn cell(angle_deg: f64) -> u32 {
    let cells = 1_u32 << BITS;
    ((angle_deg / 360.0 * f64::from(cells)) as u32).min(cells - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_visits_every_cell_once_and_steps_to_a_neighbour() {
        let side = 32_i32;
        let step_deg = 360.0 / f64::from(1 << BITS);
        let mut cells: Vec<(u64, i32, i32)> = (0..side * side)
            .map(|at| {
                let (x, y) = (at / side, at % side);
                let at_cell = |cell: i32, from: f64| (f64::from(cell) + 0.5) * step_deg - from;
                let place = LonLat::new(at_cell(x, 180.0), at_cell(y, 90.0)).unwrap();
                (position_on_curve(place), x, y)
            })
            .collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            let (&(before, x, y), &(after, next_x, next_y)) = (&pair[0], &pair[1]);
            assert_eq!(after - before, 1);
            assert_eq!((next_x - x).abs() + (next_y - y).abs(), 1, "{x} {y}");
        }
    }

    #[test]
    fn every_place_is_in_the_order_once_and_equal_places_keep_theirs() {
        let place = |lon, lat| LonLat::new(lon, lat).unwrap();
        let places = [
            place(180.0, 90.0),
            place(1.0, 1.0),
            place(-180.0, -90.0),
            place(1.0, 1.0),
        ];
        let mut order = neighbour_order(&places);
        let first = order.iter().position(|&at| at == 1).unwrap();
        assert_eq!(order[first + 1], 3);
        order.sort_unstable();
        assert_eq!(order, [0, 1, 2, 3]);
        assert!(neighbour_order(&[]).is_empty());
    }
}
