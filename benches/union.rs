//! The union of discs: scattered over China, crowded around one city, and 200,000 of them; beside the `geo` crate's union
//! of the same discs as polygons. `benches/geos_union.py` runs GEOS on the same centres, which this bench writes to
//! `target/union-*.csv`; with `YIZHAN_ONLY_GEOS` set it stops after the sets of 7,000 beside GEOS.
//!
//! `cargo bench --bench union`. Figures are in `benches/README.md`.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use geo::MultiPolygon;
use geo::algorithm::unary_union;
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::ellipsoid_area::area_m2;
use yizhan::domain::units::Meters;
use yizhan::planner::area::{DiscRadius, disc, union};
use yizhan::planner::watch::Watch;

#[path = "support/clock.rs"]
mod clock;
#[expect(dead_code, reason = "each bench uses its own part of the support")]
mod support;

/// Evenly over China's box.
fn scattered(count: usize) -> Vec<LonLat> {
    let mut random = support::Seeded::new(21);
    let mut place =
        || LonLat::new(random.unit() * 62.0 + 73.0, random.unit() * 35.0 + 18.0).expect("a place");
    (0..count).map(|_| place()).collect()
}

/// Around one city, dense in the middle, within some 50 km.
fn crowded(count: usize) -> Vec<LonLat> {
    let mut random = support::Seeded::new(22);
    let mut around = || (0..4).map(|_| random.unit() - 0.5).sum::<f64>() * 0.45;
    (0..count)
        .map(|_| LonLat::new(113.65 + around(), 34.75 + around()).expect("a place"))
        .collect()
}

fn radius(metres: f64) -> DiscRadius {
    DiscRadius::new(Meters::new(metres).expect("a length")).expect("a radius")
}

#[expect(clippy::print_stdout, reason = "a bench says what it measured")]
/// Writes the centres where the Python script finds them, and says what our union is.
fn announce(name: &str, centres: &[LonLat], radius_m: f64) {
    let mut text = String::from("lon,lat\n");
    for centre in centres {
        let _infallible = writeln!(text, "{},{}", centre.lon_deg(), centre.lat_deg());
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    std::fs::write(folder.join(format!("union-{name}.csv")), text).expect("a file in target");
    let area = union(centres, radius(radius_m), &Watch::default()).expect("not cancelled");
    let rings: usize = area
        .shape
        .iter()
        .map(|polygon| 1 + polygon.interiors().len())
        .sum();
    println!(
        "{name}, {radius_m} m: {:.3} km², {} polygons, {rings} rings, {} fallbacks",
        area_m2(&area.shape) / 1e6,
        area.shape.0.len(),
        area.fallbacks
    );
}

/// Ours and, where `YIZHAN_PYTHON` (or `python3`) has shapely, GEOS over the same centres, one after the other.
#[expect(clippy::print_stdout, reason = "a bench says what it measured")]
fn beside_geos(name: &str, centres: &[LonLat]) {
    for radius_m in [833.0, 5000.0] {
        announce(name, centres, radius_m);
        let (clock_s, processor_s) = clock::medians_s(|| union(centres, radius(radius_m), &Watch::default()));
        println!("{name} {radius_m} m: from centres to the union, ours {clock_s:.3} s ({processor_s:.3})");
    }
    let python = std::env::var("YIZHAN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let geos = Command::new(python)
        .arg(root.join("benches/geos_union.py"))
        .arg(root.join("target"))
        .arg(name)
        .output();
    match geos {
        Ok(output) if output.status.success() => println!("{}", String::from_utf8_lossy(&output.stdout)),
        _ => println!("shapely is not here"),
    }
}

fn unions(criterion: &mut Criterion) {
    beside_geos("scattered-7000", &scattered(7000));
    beside_geos("crowded-7000", &crowded(7000));
    if std::env::var_os("YIZHAN_ONLY_GEOS").is_some() {
        return;
    }
    let sets = [
        ("scattered-7000", scattered(7000)),
        ("crowded-7000", crowded(7000)),
        ("scattered-200000", scattered(200_000)),
        ("crowded-200000", crowded(200_000)),
    ];
    let mut group = criterion.benchmark_group("union");
    group.sample_size(10);
    for (name, centres) in &sets {
        for radius_m in [833.0, 5000.0] {
            announce(name, centres, radius_m);
            group.bench_with_input(BenchmarkId::new(*name, radius_m), centres, |bench, centres| {
                bench.iter(|| black_box(union(centres, radius(radius_m), &Watch::default())));
            });
        }
    }
    for (name, centres) in &sets[..2] {
        for radius_m in [833.0, 5000.0] {
            let discs: Vec<MultiPolygon<f64>> = centres
                .iter()
                .map(|&centre| disc(centre, radius(radius_m)))
                .collect();
            let id = BenchmarkId::new(format!("{name}, polygons by geo"), radius_m);
            group.bench_with_input(id, &discs, |bench, discs| {
                bench.iter(|| black_box(unary_union(discs)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, unions);
criterion_main!(benches);
