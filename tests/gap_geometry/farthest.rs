//! Farthest points against dense samples.

use geo::{Contains as _, LineString, Point, Polygon};
use h3o::{CellIndex, LatLng, Resolution};
use proptest::prelude::*;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::geodesic::karney;
use yizhan::domain::units::Meters;
use yizhan::planner::farthest::{EXACT_TO_M, FarthestPoint, farthest_point};
use yizhan::planner::pieces::CellGraph;

use crate::world::{cell, centre, numbers, patch};

/// The nearest of some stations, by looking at each.
pub fn nearest(stations: &[LonLat], place: LonLat) -> Option<(u32, Meters)> {
    let distances = (0..)
        .zip(stations)
        .map(|(at, station)| (at, karney(place, *station)));
    distances.min_by(|(_, a), (_, b)| a.get().total_cmp(&b.get()))
}

fn found(cells: &[CellIndex], stations: &[LonLat]) -> Option<FarthestPoint> {
    let graph = CellGraph::build(&numbers(cells)).expect("cells");
    let all: Vec<u32> = (0..).take(graph.cells().len()).collect();
    farthest_point(&graph, &all, |place| nearest(stations, place))
}

fn place_of(point: LatLng) -> LonLat {
    LonLat::new(point.lng(), point.lat()).expect("a place on the earth")
}

/// Where places lie on the plane that touches the earth, a sphere, at a place: arcs of great circles are straight
/// there, which the edges of cells are, also across ±180° and at the poles.
fn on_plane_at(middle: LatLng) -> impl Fn(LatLng) -> (f64, f64) {
    let (sin_lat, cos_lat) = middle.lat_radians().sin_cos();
    let lon = middle.lng_radians();
    move |place| {
        let (sin, cos) = place.lat_radians().sin_cos();
        let (sin_lon, cos_lon) = (place.lng_radians() - lon).sin_cos();
        let up = sin_lat * sin + cos_lat * cos * cos_lon;
        (cos * sin_lon / up, (cos_lat * sin - sin_lat * cos * cos_lon) / up)
    }
}

/// Corners of cells, and centres of their descendants some levels down that lie inside them.
fn samples(cells: &[CellIndex], levels: u8) -> Vec<LonLat> {
    let mut samples = Vec::new();
    for cell in cells {
        let finer = Resolution::try_from(u8::from(cell.resolution()) + levels).expect("a finer resolution");
        let on_plane = on_plane_at(LatLng::from(*cell));
        let corners = cell.boundary();
        let ring: Vec<(f64, f64)> = corners.iter().map(|corner| on_plane(*corner)).collect();
        let polygon = Polygon::new(LineString::from(ring), Vec::new());
        let inside = |child: &LatLng| polygon.contains(&Point::from(on_plane(*child)));
        let children = cell.children(finer).map(LatLng::from);
        samples.extend(children.filter(inside).map(place_of));
        samples.extend(corners.iter().map(|corner| place_of(*corner)));
    }
    samples
}

#[test]
fn a_sample_of_a_cell_across_the_antimeridian_lies_in_the_cell() {
    let across = CellIndex::try_from(0x887_eb57_221f_ffff).unwrap();
    let corners = across.boundary();
    let least = corners
        .iter()
        .map(|corner| corner.lng())
        .fold(f64::INFINITY, f64::min);
    assert!(least < -179.0, "{least}");
    for sample in samples(&[across], 3) {
        let there = LatLng::new(sample.lat_deg(), sample.lon_deg()).unwrap();
        let near: Vec<CellIndex> = there.to_cell(Resolution::Eight).grid_disk(1);
        assert!(near.contains(&across), "{sample:?}");
    }
}

#[test]
fn without_stations_or_cells_there_is_no_farthest_point() {
    let cells: Vec<CellIndex> = cell(18.25, 109.5, 9).grid_disk(2);
    assert_eq!(found(&cells, &[]), None);
    assert_eq!(found(&[], &[LonLat::new(109.5, 18.25).unwrap()]), None);
}

#[test]
fn between_four_stations_it_is_the_middle() {
    let cells: Vec<CellIndex> = cell(0.0, 109.5, 9).grid_disk(6);
    let stations = [(109.48, 0.0), (109.52, 0.0), (109.5, 0.02), (109.5, -0.02)];
    let stations = stations.map(|(lon, lat)| LonLat::new(lon, lat).unwrap());
    let found = found(&cells, &stations).unwrap();
    assert!(
        karney(found.place, LonLat::new(109.5, 0.0).unwrap()).get() < 30.0,
        "{found:?}"
    );
}

#[test]
fn descendants_reach_no_farther_than_the_search_allows() {
    let mut largest: f64 = 0.0;
    for resolution in 0..=2 {
        let resolution = Resolution::try_from(resolution).unwrap();
        let cells = CellIndex::base_cells().flat_map(|base| base.children(resolution));
        for cell in cells.step_by(1 + 40 * usize::from(u8::from(resolution) / 2)) {
            let centre = LatLng::from(cell);
            let rim = |of: CellIndex| {
                let corners = of.boundary();
                corners
                    .iter()
                    .map(|corner| centre.distance_rads(*corner))
                    .fold(0.0, f64::max)
            };
            let finer = Resolution::try_from(u8::from(resolution) + 3).unwrap();
            let reach = cell.children(finer).map(rim).fold(0.0, f64::max);
            largest = largest.max(reach / rim(cell));
        }
    }
    assert!((1.0..1.2).contains(&largest), "{largest}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_sampled_point_is_farther_by_more_than_a_metre(
        cells in patch(7..=11), offsets in prop::collection::vec((-1.0..1.0, -1.0..1.0), 1..12), which in 0_usize..3,
    ) {
        let Some(first) = cells.first() else {
            return Ok(());
        };
        let middle = LatLng::from(*first);
        let reach_deg = [0.02, 0.2, 2.0][which];
        let stations: Vec<LonLat> = offsets.iter().map(|(east, north): &(f64, f64)| {
            let lat = (middle.lat() + north * reach_deg).clamp(-90.0, 90.0);
            let lon = middle.lng() + east * reach_deg;
            LonLat::new(if lon > 180.0 { lon - 360.0 } else if lon < -180.0 { lon + 360.0 } else { lon }, lat).unwrap()
        }).collect();
        let found = found(&cells, &stations).unwrap();
        let (station, distance) = nearest(&stations, found.place).unwrap();
        prop_assert_eq!((station, distance), (found.station, found.distance));
        let resolution = first.resolution();
        let cell_there = LatLng::new(found.place.lat_deg(), found.place.lon_deg()).unwrap().to_cell(resolution);
        prop_assert!(cells.contains(&cell_there), "{:?} is not inside", found.place);
        let levels = if cells.len() > 40 { 2 } else { 3 };
        for sample in samples(&cells, levels) {
            let (_, there) = nearest(&stations, sample).unwrap();
            prop_assert!(there.get() <= found.distance.get() + EXACT_TO_M, "{sample:?} is {there:?} away: {found:?}");
        }
    }

    #[test]
    fn cells_of_several_resolutions_are_searched_together(which in 0_usize..19, lon in -0.3..0.3_f64, lat in -0.3..0.3_f64) {
        let middle = centre(which, 6);
        let mut cells: Vec<CellIndex> = middle.children(Resolution::Eight).step_by(3).collect();
        cells.extend(middle.grid_disk::<Vec<_>>(1).into_iter().skip(1));
        let at = LatLng::from(middle);
        let lon = (at.lng() + lon).clamp(-180.0, 180.0);
        let stations = [LonLat::new(lon, (at.lat() + lat).clamp(-90.0, 90.0)).unwrap()];
        let found = found(&cells, &stations).unwrap();
        for sample in samples(&cells, 2) {
            let there = karney(sample, stations[0]);
            prop_assert!(there.get() <= found.distance.get() + EXACT_TO_M, "{sample:?} is {there:?} away: {found:?}");
        }
    }
}
