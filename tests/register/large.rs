//! A sheet of 200,000 rows against a register of 200,000 stations, by hand: `cargo test --test register large --
//! --ignored --nocapture`.

use std::time::Instant;

use yizhan::domain::coordinate::LonLat;
use yizhan::domain::datum::Datum;
use yizhan::domain::station::{Location, Station, StationId};
use yizhan::register::apply::apply;
use yizhan::register::datum_evidence::{EvidencePoint, examine};
use yizhan::register::diff::diff;
use yizhan::register::duplicates::list_similar_rows;
use yizhan::register::row::{Decisions, IncomingRow, Known};

use crate::world::{row, with_phone};

const STATIONS: u64 = 200_000;

/// A number between 0 and 1 that is the same for the same arguments.
fn share(number: u64, salt: u64) -> f64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt.wrapping_mul(0xd1b5_4a32_d192_ed03);
    mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Stations in a square of 60 km, about 55 to the square kilometre: denser than any city plans them. A tenth of a
/// degree is 11 km.
fn made(number: u64, id: &str, moved_deg: f64) -> Station {
    const KINDS: [&str; 5] = [
        "工会驿站",
        "户外劳动者爱心驿站",
        "党群服务中心驿站",
        "环卫驿站",
        "城市驿站",
    ];
    let (lon, lat) = (113.3 + share(number, 1) * 0.65, 34.5 + share(number, 2) * 0.54);
    let place = LonLat::new(lon + moved_deg, lat).expect("a place");
    let below = |limit: f64, salt: u64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the limit"
        )]
        let whole = (share(number, salt) * limit) as u32;
        whole
    };
    let road = char::from_u32(0x4e00 + below(3000.0, 3)).expect("a sign");
    let area = char::from_u32(0x5e00 + below(200.0, 4)).expect("a sign");
    let kind = KINDS[below(5.0, 5) as usize];
    let name = format!("{area}山街道{road}花路{}号{kind}", 1 + below(300.0, 6));
    let station = Station::new(
        StationId::new(id).expect("an id"),
        &name,
        Location::new(place, Datum::Wgs84),
    );
    with_phone(station, &format!("138{number:08}"))
}

#[test]
#[ignore = "takes most of a minute without optimisation; a measurement, run by hand"]
fn two_hundred_thousand_rows_are_matched_in_seconds() {
    let mut stations: Vec<Station> = (0..STATIONS)
        .map(|number| made(number, &format!("s{number:06}"), 0.0))
        .collect();
    stations.sort_by(|a, b| a.id.cmp(&b.id));
    let known: Vec<Known<'_>> = stations.iter().map(Known::from).collect();
    // Without ids, moved by 27 m, with another telephone number.
    let moved = |number: u64| {
        with_phone(
            made(number, &format!("r{number}"), 0.0003),
            &format!("139{number:08}"),
        )
    };
    let rows: Vec<IncomingRow> = (0..STATIONS).map(|number| row(number, moved(number))).collect();
    let start = Instant::now();
    let found = diff(&known, &rows, &Decisions::default(), "大表").unwrap();
    println!("diff without ids: {:.2?}, {:?}", start.elapsed(), found.counts());
    assert!(found.counts().changed > 190_000, "{:?}", found.counts());
    let start = Instant::now();
    let written = apply(&stations, &found.changes()).unwrap();
    println!("apply: {:.2?}", start.elapsed());

    let own: Vec<IncomingRow> = (0..)
        .zip(&written)
        .map(|(number, station)| row(number, station.clone()))
        .collect();
    let known: Vec<Known<'_>> = written.iter().map(Known::from).collect();
    let start = Instant::now();
    assert!(
        diff(&known, &own, &Decisions::default(), "大表")
            .unwrap()
            .is_empty()
    );
    println!("diff with ids: {:.2?}", start.elapsed());

    let start = Instant::now();
    println!(
        "similar rows: {} in {:.2?}",
        list_similar_rows(&rows, |_| true).len(),
        start.elapsed()
    );

    let points: Vec<EvidencePoint<'_>> = rows
        .iter()
        .map(|row| EvidencePoint {
            given: row.station.location.original(),
            name: &row.station.name,
            district: None,
            adcode: None,
        })
        .collect();
    let start = Instant::now();
    let evidence = examine(&points, &[], &stations);
    println!("datum evidence: {:.2?}, {:?}", start.elapsed(), evidence.verdict);
}
