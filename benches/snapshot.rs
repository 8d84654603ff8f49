//! An edit of a large register: the whole register built anew beside one change, a hundred, and what goes when it is over.
//!
//! `cargo bench --bench snapshot`. 200,000 stations at populated places; each figure is what passes until readers could
//! be given the new state, index and texts included. Figures are in `benches/README.md`.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::station::{Location, Station, StationId};
use yizhan::http::Published;
use yizhan::locator::{Snapshot, StationChange};

#[path = "support/register.rs"]
mod register;
#[expect(dead_code, reason = "other benches use more of it")]
mod support;

const STATIONS: usize = 200_000;

/// The number-th change of a kind that leaves every station where it is.
fn other_record(published: &Published, number: usize) -> StationChange {
    let mut station = nth(published, number);
    station.seats = Some(7);
    StationChange::Put(station)
}

/// A station that moves by some 10 m.
fn other_place(published: &Published, number: usize) -> StationChange {
    let mut station = nth(published, number);
    let place = station.location.place();
    let place = LonLat::new(place.lon_deg() * 0.999_999, place.lat_deg()).expect("a place");
    station.location = Location::new(place, Datum::Wgs84);
    StationChange::Put(station)
}

fn new_station(published: &Published, number: usize) -> StationChange {
    let mut station = nth(published, number);
    station.id = StationId::new(&format!("new-{number}")).expect("an id");
    StationChange::Put(station)
}

fn other_hours(published: &Published, number: usize) -> StationChange {
    let mut station = nth(published, number);
    station.hours.osm = Some(format!("Mo-Su 08:00-2{}:00; PH off", number % 4).into());
    StationChange::Put(station)
}

fn nth(published: &Published, number: usize) -> Station {
    let stations = published.snapshot.stations();
    Station::clone(&stations[number * 7919 % stations.len()])
}

fn edits(criterion: &mut Criterion) {
    let (source, places) = support::populated_places();
    let mut group = criterion.benchmark_group(format!("{STATIONS} stations ({source})"));
    group.sample_size(20);
    let stations = register::stations(STATIONS, &places);
    group.bench_function("all anew: snapshot", |bench| {
        bench.iter_batched(
            || stations.clone(),
            |stations| Snapshot::build(stations, register::reference(), 1),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("all anew: snapshot and texts", |bench| {
        bench.iter_batched(
            || stations.clone(),
            |stations| Published::new(Snapshot::build(stations, register::reference(), 1)),
            BatchSize::PerIteration,
        );
    });
    let published = Published::new(Snapshot::build(stations, register::reference(), 1));
    let mut number = 0;
    for (kind, change) in [
        (
            "another record",
            other_record as fn(&Published, usize) -> StationChange,
        ),
        ("other hours", other_hours),
        ("another place", other_place),
        ("a new station", new_station),
    ] {
        for count in [1, 100] {
            group.bench_function(format!("{kind}, {count} of them"), |bench| {
                bench.iter_batched(
                    || {
                        number += count;
                        (number - count..number)
                            .map(|number| change(&published, number))
                            .collect::<Vec<_>>()
                    },
                    |changes| published.with_changes(changes, 2),
                    BatchSize::PerIteration,
                );
            });
        }
    }
    group.bench_function("letting go of the state before an edit", |bench| {
        bench.iter_batched(
            || published.with_changes(vec![other_place(&published, 1)], 2),
            |before| drop(black_box(before)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, edits);
criterion_main!(benches);
