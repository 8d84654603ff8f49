//! The nearest ten stations: our index beside rstar's own iterator and kiddo's immutable k-d tree, in one run.
//!
//! `cargo bench --bench nearest`. The peers get the same earth-centred points and return squared chords; ours returns
//! exact geodesic distances in exact order. Figures are in `benches/README.md`.

use std::hint::black_box;
use std::num::NonZero;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use kiddo::{ImmutableKdTree, SquaredEuclidean};
use rstar::RTree;
use rstar::primitives::GeomWithData;
use yizhan::domain::facility::{Facility, FacilitySet};
use yizhan::domain::filter::{StationFilter, WordSet};
use yizhan::domain::geodesic::earth_centred;
use yizhan::domain::station::{Host, Status};
use yizhan::index::envelope::Traits;
use yizhan::index::{Entry, NearestAsk, Origin, StationIndex};

mod support;

const K: usize = 10;

/// Every station is open and has a toilet; 1 in 1,000 has a shower.
fn entries(places: &[support::Populated]) -> Vec<Entry> {
    let toilet: FacilitySet = [Facility::Toilet].into_iter().collect();
    let both: FacilitySet = [Facility::Toilet, Facility::Shower].into_iter().collect();
    let mut random = support::Seeded::new(3);
    places
        .iter()
        .map(|populated| {
            let yes = if random.unit() < 0.001 {
                both.bits()
            } else {
                toilet.bits()
            };
            let traits = Traits {
                yes,
                yes_or_unknown: yes,
                hosts: WordSet::host_bit(Some(Host::Union)),
                statuses: WordSet::status_bit(Status::Open),
                districts: 1,
            };
            Entry {
                place: populated.place,
                traits,
            }
        })
        .collect()
}

fn asking(facilities: &[Facility]) -> NearestAsk {
    let filter = StationFilter {
        facilities: facilities.iter().copied().collect(),
        statuses: WordSet::of_statuses(&[Status::Open]),
        ..StationFilter::default()
    };
    NearestAsk {
        limit: K,
        radius: None,
        filter,
        districts: u64::MAX,
    }
}

fn nearest(criterion: &mut Criterion) {
    let (source, places) = support::populated_places();
    let queries = support::people_weighted_queries(&places, 4096);
    let (entries, points): (Vec<Entry>, Vec<[f64; 3]>) = (
        entries(&places),
        places
            .iter()
            .map(|populated| earth_centred(populated.place))
            .collect(),
    );
    let mut group = criterion.benchmark_group(format!("nearest {K} of {} ({source})", places.len()));
    group.throughput(Throughput::Elements(1));

    let index = StationIndex::build(&entries);
    let mut next = queries.iter().cycle();
    for (name, facilities) in [
        ("yizhan", &[][..]),
        ("yizhan, all have it", &[Facility::Toilet]),
        ("yizhan, 1 in 1,000 has it", &[Facility::Shower]),
    ] {
        let ask = asking(facilities);
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let origin = Origin::from(*next.next().expect("a cycle"));
                black_box(index.nearest(&origin, &ask, |_| true))
            });
        });
    }
    let tree = ImmutableKdTree::<f64, 3>::new_from_slice(&points).expect("a tree");
    group.bench_function("kiddo immutable, chords", |bench| {
        bench.iter(|| {
            let point = earth_centred(*next.next().expect("a cycle"));
            let k = NonZero::new(K).expect("not zero");
            black_box(tree.query(&point).nearest_n::<SquaredEuclidean<f64>>(k).execute())
        });
    });
    let tree = RTree::bulk_load(
        points
            .iter()
            .zip(0_u32..)
            .map(|(point, i)| GeomWithData::new(*point, i))
            .collect(),
    );
    group.bench_function("rstar iterator, chords", |bench| {
        bench.iter(|| {
            let point = earth_centred(*next.next().expect("a cycle"));
            black_box(
                tree.nearest_neighbor_iter_with_distance_2(point)
                    .take(K)
                    .collect::<Vec<_>>(),
            )
        });
    });
    group.finish();
}

fn build(criterion: &mut Criterion) {
    let (source, places) = support::populated_places();
    let entries = entries(&places);
    let mut group = criterion.benchmark_group(format!("build over {} ({source})", places.len()));
    group
        .sample_size(10)
        .throughput(Throughput::Elements(entries.len() as u64));
    group.bench_function("yizhan", |bench| {
        bench.iter_batched(|| (), |()| StationIndex::build(&entries), BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group!(benches, nearest, build);
criterion_main!(benches);
