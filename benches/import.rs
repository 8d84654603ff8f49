//! How long it takes to load 200,000 stations from a table and from GeoJSON; seeds are fixed by construction.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use yizhan::import::{ImportFormat, ImportOptions, parse};

/// How many stations each document holds.
const STATIONS: u32 = 200_000;

fn place(i: u32) -> (f64, f64) {
    // A low-discrepancy walk over Hainan to Henan: spread out, without a random generator.
    let (lon, lat) = (f64::from(i) * 0.754_877_666, f64::from(i) * 0.569_840_291);
    (105.0 + 10.0 * lon.fract(), 18.0 + 16.0 * lat.fract())
}

fn table() -> String {
    let mut text = String::from(
        "id,name,address,district,adcode,lon,lat,coord,host,status,hours,facilities,floor_area_m2,seats,updated_at\n",
    );
    for i in 0..STATIONS {
        let (lon, lat) = place(i);
        writeln!(
            text,
            "s{i:06},第{i}号工会驿站,某市某区某路{i}号,某区,460203,{lon:.6},{lat:.6},gcj02,bank_branch,open,\"Mo-Fr 08:30-12:00,14:30-17:30\",\
             indoor_rest;seats;drinking_water;微波炉=无;toilet;wifi=unknown,34.5,8,2026-11-01T00:00:00Z"
        )
        .expect("a string takes everything");
    }
    text
}

fn collection() -> String {
    let words = [
        "indoor_rest",
        "seats",
        "microwave",
        "drinking_water",
        "toilet",
        "first_aid",
        "reading",
        "phone_charging",
        "refrigerator",
        "umbrella",
        "air_conditioning",
        "ebike_charging",
        "heating",
        "meals",
        "wifi",
        "shower",
        "washing_machine",
        "nap_area",
        "insect_repellent",
        "ice",
        "tool_kit",
        "lockers",
        "television",
        "wheelchair_access",
    ];
    let facilities: Vec<String> = words.iter().map(|word| format!(r#""{word}":"yes""#)).collect();
    let facilities = facilities.join(",");
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for i in 0..STATIONS {
        let (lon, lat) = place(i);
        let end = if i + 1 == STATIONS { "\n]}" } else { ",\n" };
        write!(
            text,
            r#"{{"type":"Feature","id":"s{i:06}","geometry":{{"type":"Point","coordinates":[{lon:.6},{lat:.6}]}},"properties":{{"name":"第{i}号工会驿站","aliases":[],"address":"某市某区某路{i}号","district":"某区","adcode":"460203","host":"bank_branch","audience":["courier","rider","public"],"status":"open","hours":"Mo-Fr 08:30-12:00,14:30-17:30; PH off","hours_text":null,"facilities":{{{facilities}}},"facility_details":{{"toilet":{{"source":"巡查","verified_at":"2026-09-16"}}}},"floor_area_m2":34.5,"seats":8,"opened_on":"2024-04-17","operator":null,"phone":null,"map_listings":{{"amap":"yes","baidu":"no","tencent":"unknown"}},"source":"bench","verified_at":"2026-10-07","synthetic":true,"original":{{"lon":{lon:.6},"lat":{lat:.6},"datum":"wgs84"}},"updated_at":"2026-11-01T00:00:00Z","revision":1}}}}{end}"#
        )
        .expect("a string takes everything");
    }
    text
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("import_200k");
    group.sample_size(10);
    for (name, format, text) in [
        ("csv", ImportFormat::Csv, table()),
        ("geojson", ImportFormat::GeoJson, collection()),
    ] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let imported = parse(
                    black_box(text.as_bytes()),
                    name,
                    Some(format),
                    &ImportOptions::default(),
                )
                .expect("a usable document");
                assert_eq!((imported.stations.len(), imported.errors), (STATIONS as usize, 0));
                imported
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
