//! Which stations reach each of millions of places: ours beside kiddo's immutable k-d tree and scipy's cKDTree, in one run.
//!
//! `cargo bench --bench coverage`. All get the same places in the same order of neighbours and use all processors. The
//! peers return squared chords; ours returns exact geodesic distances with exact ties. scipy takes part when
//! `YIZHAN_PYTHON` (or `python3`) has it. Figures are in `benches/README.md`.
#![expect(clippy::print_stdout, reason = "ratios are for a reader")]

use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kiddo::{ImmutableKdTree, SquaredEuclidean};
use rayon::prelude::*;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::geodesic::earth_centred;
use yizhan::domain::units::Meters;
use yizhan::planner::blocks::PlaceBlocks;
use yizhan::planner::reach::{StationPoints, fold_within, nearest};
use yizhan::planner::watch::Watch;

mod support;

/// Fifteen minutes on foot, metres.
const RADIUS_M: f64 = 833.33;

/// How far demand is scattered around a populated place, km (standard deviation).
const SPREAD_KM: f64 = 4.0;

/// A place scattered around another by the normal distribution.
fn scattered(random: &mut support::Seeded, near: LonLat) -> LonLat {
    let (draw, turn) = (random.unit().max(1e-18), random.unit() * core::f64::consts::TAU);
    let spread_deg = (-2.0 * draw.ln()).sqrt() * SPREAD_KM / 111.2;
    let shrink = near.lat_deg().to_radians().cos().max(0.05);
    LonLat::new(
        (near.lon_deg() + spread_deg * turn.cos() / shrink).clamp(-180.0, 180.0),
        (near.lat_deg() + spread_deg * turn.sin()).clamp(-90.0, 90.0),
    )
    .expect("a place")
}

/// Places scattered around where people live, in proportion to their number.
fn around_people(places: &[support::Populated], count: usize) -> Vec<LonLat> {
    let mut random = support::Seeded::new(11);
    let mut sums = Vec::with_capacity(places.len());
    let mut sum = 0.0;
    for populated in places {
        sum += populated.people + 100.0;
        sums.push(sum);
    }
    (0..count)
        .map(|_| {
            let draw = random.unit() * sum;
            let near = sums.partition_point(|&upto| upto <= draw).min(places.len() - 1);
            scattered(&mut random, places[near].place)
        })
        .collect()
}

fn points(places: &[LonLat]) -> Vec<[f64; 3]> {
    places.par_iter().map(|place| earth_centred(*place)).collect()
}

/// The shortest of three runs, seconds.
fn shortest_s<T>(mut run: impl FnMut() -> T) -> f64 {
    let times = (0..3).map(|_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

fn write_points(path: &Path, points: &[[f64; 3]]) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    for value in points.iter().flatten() {
        file.write_all(&value.to_le_bytes()).expect("room for the points");
    }
    file.flush().expect("room for the points");
}

/// The time of scipy's cKDTree over the same points, seconds; `None` where scipy is missing.
fn scipy_s(places: &[[f64; 3]], stations: &[[f64; 3]]) -> Option<f64> {
    let folder = tempfile::tempdir().expect("a folder");
    let (places_file, stations_file) = (folder.path().join("places"), folder.path().join("stations"));
    write_points(&places_file, places);
    write_points(&stations_file, stations);
    let python = std::env::var("YIZHAN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ckdtree.py");
    let output = Command::new(python)
        .arg(script)
        .args([places_file, stations_file])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.trim().parse().ok()
}

/// Ours, kiddo and scipy over the same places, one line each with the ratio.
fn ratios(blocks: &PlaceBlocks, stations: &[LonLat]) {
    let (queries, targets) = (points(blocks.places()), points(stations));
    let packed = StationPoints::build(stations);
    let tree = ImmutableKdTree::<f64, 3>::new_from_slice(&targets).expect("a tree");
    let ours_s = shortest_s(|| nearest(blocks, &packed, &Watch::default()));
    let kiddo_s = shortest_s(|| all_with_kiddo(&tree, &queries));
    let each_ns = |time_s: f64| time_s * 1e9 / queries.len() as f64;
    let scipy = scipy_s(&queries, &targets).map_or_else(
        || "scipy is not here".to_owned(),
        |time_s| {
            format!(
                "scipy {:.0} ns, {:.1} times ours",
                each_ns(time_s),
                time_s / ours_s
            )
        },
    );
    println!(
        "{} places, {} stations: ours {:.0} ns a place; kiddo {:.0} ns, {:.1} times ours; {scipy}",
        queries.len(),
        stations.len(),
        each_ns(ours_s),
        each_ns(kiddo_s),
        kiddo_s / ours_s
    );
}

fn all_with_kiddo(tree: &ImmutableKdTree<f64, 3>, queries: &[[f64; 3]]) -> usize {
    let found = queries
        .par_iter()
        .map(|point| tree.query(point).nearest_one::<SquaredEuclidean<f64>>().execute());
    found.collect::<Vec<_>>().len()
}

fn coverage(criterion: &mut Criterion) {
    let (source, people) = support::populated_places();
    for count in [1_000_000, 10_000_000] {
        let given = around_people(&people, count);
        let mut group = criterion.benchmark_group(format!("coverage of {count} ({source})"));
        group
            .sample_size(10)
            .throughput(Throughput::Elements(given.len() as u64));
        group.bench_function("blocks", |bench| bench.iter(|| PlaceBlocks::build(&given)));
        let blocks = PlaceBlocks::build(&given);
        for stations in [7_000, 200_000] {
            let places = support::people_weighted_queries(&people, stations);
            let packed = StationPoints::build(&places);
            group.bench_function(format!("nearest of {stations}"), |bench| {
                bench.iter(|| nearest(&blocks, &packed, &Watch::default()));
            });
            group.bench_function(format!("within a walk of {stations}"), |bench| {
                bench.iter(|| count_within(&blocks, &packed));
            });
            ratios(&blocks, &places);
        }
        group.finish();
    }
}

/// A million cells of a city and a hundred stations: what a planner waits for who drags a station.
fn city(criterion: &mut Criterion) {
    let cells: Vec<LonLat> = (0..1_000_000_u32)
        .map(|at| {
            let (east, north) = (f64::from(at % 1000), f64::from(at / 1000));
            LonLat::new(109.0 + east * 0.001, 18.0 + north * 0.0007).expect("a place")
        })
        .collect();
    let mut random = support::Seeded::new(5);
    let stations: Vec<LonLat> = (0..100)
        .map(|_| LonLat::new(109.0 + random.unit(), 18.0 + random.unit() * 0.7).expect("a place"))
        .collect();
    let (blocks, packed) = (PlaceBlocks::build(&cells), StationPoints::build(&stations));
    let mut group = criterion.benchmark_group("a city of 1,000,000 cells, 100 stations");
    group.sample_size(10).throughput(Throughput::Elements(1_000_000));
    group.bench_function("nearest", |bench| {
        bench.iter(|| nearest(&blocks, &packed, &Watch::default()));
    });
    group.bench_function("within a walk", |bench| {
        bench.iter(|| count_within(&blocks, &packed));
    });
    group.finish();
}

fn count_within(blocks: &PlaceBlocks, stations: &StationPoints) -> usize {
    let radius = Meters::new(RADIUS_M).expect("a length");
    let count = |sum: &mut usize, _: usize, within: &[u32]| *sum += within.len();
    let merge = |sum: &mut usize, part: usize| *sum += part;
    fold_within(blocks, stations, radius, &Watch::default(), || 0, count, merge).expect("nobody cancels")
}

criterion_group!(benches, city, coverage);
criterion_main!(benches);
