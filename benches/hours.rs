//! How fast opening hours are read, prepared and evaluated: 200,000 stations that share 40 texts.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use yizhan::domain::opening_hours::{
    CompiledHours, HoursId, HoursTable, HoursTableBuilder, LocalMinute, OpenState,
};
use yizhan::domain::station::StatedHours;
use yizhan::domain::work_calendar::WorkCalendar;

const STATIONS: usize = 200_000;

/// Day parts and times that station hours are made of.
const DAYS: [&str; 5] = ["", "Mo-Fr ", "Mo-Sa ", "Mo-Su,PH ", "Apr-Sep "];
const TIMES: [&str; 4] = [
    "08:00-18:00",
    "08:30-12:00,14:00-17:30",
    "06:00-22:00",
    "18:00-02:00",
];
const HOLIDAYS: [&str; 2] = ["", "; PH off"];

/// 40 distinct texts.
fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for days in DAYS {
        for times in TIMES {
            for holidays in HOLIDAYS {
                texts.push(format!("{days}{times}{holidays}"));
            }
        }
    }
    texts
}

fn now() -> LocalMinute {
    LocalMinute::from_local("2026-11-20T10:00:00".parse().expect("a time"))
}

/// A table of all texts, and the hours of each station in a fixed, shuffled order.
fn register() -> (HoursTable, Vec<HoursId>) {
    let texts = texts();
    let mut builder = HoursTableBuilder::new(Arc::new(WorkCalendar::bundled()));
    let mut seed = 20_261_121_u64;
    let mut stations = Vec::with_capacity(STATIONS);
    for _ in 0..STATIONS {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let choice = usize::try_from(seed >> 33).expect("31 bits") % texts.len();
        let hours = StatedHours {
            osm: texts.get(choice).map(|text| text.as_str().into()),
            text: None,
        };
        stations.push(builder.intern(&hours));
    }
    (builder.build(), stations)
}

fn evaluate(c: &mut Criterion) {
    let (table, stations) = register();
    let now = now();
    let mut group = c.benchmark_group("hours");
    group.throughput(Throughput::Elements(STATIONS as u64));
    group.bench_function("state of 200,000 stations at one time", |b| {
        b.iter(|| {
            let window = table.window(black_box(now));
            stations
                .iter()
                .filter(|&&id| window.state(id, now) == OpenState::Open)
                .count()
        });
    });
    group.bench_function("state of 200,000 stations during a stay", |b| {
        let until = now.plus_minutes(30);
        b.iter(|| {
            let window = table.window(black_box(now));
            stations
                .iter()
                .filter(|&&id| window.state_during(id, now, until) == OpenState::Open)
                .count()
        });
    });
    group.throughput(Throughput::Elements(100));
    group.bench_function("full answers for 100 stations", |b| {
        let window = table.window(now);
        b.iter(|| {
            stations
                .iter()
                .take(100)
                .filter(|&&id| window.answer(id, now).changes_at.is_some())
                .count()
        });
    });
    group.finish();
}

fn prepare(c: &mut Criterion) {
    let texts = texts();
    let calendar = Arc::new(WorkCalendar::bundled());
    let mut group = c.benchmark_group("hours");
    group.throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("read 40 texts", |b| {
        b.iter(|| {
            texts
                .iter()
                .filter(|text| CompiledHours::parse(text, &calendar).is_ok())
                .count()
        });
    });
    group.bench_function("fill a new window with 40 texts", |b| {
        let make = || register_of(&texts);
        b.iter_batched(
            make,
            |(table, ids)| {
                let window = table.window(now());
                ids.iter()
                    .filter(|&&id| window.state(id, now()) == OpenState::Open)
                    .count()
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn register_of(texts: &[String]) -> (HoursTable, Vec<HoursId>) {
    let mut builder = HoursTableBuilder::new(Arc::new(WorkCalendar::bundled()));
    let stated = |text: &String| StatedHours {
        osm: Some(text.as_str().into()),
        text: None,
    };
    let ids = texts.iter().map(|text| builder.intern(&stated(text))).collect();
    (builder.build(), ids)
}

criterion_group!(benches, evaluate, prepare);
criterion_main!(benches);
