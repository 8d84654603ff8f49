//! Which datum the coordinates of a file are in when it does not say so: the evidence, never a conversion.
//!
//! # The evidence
//! Each point is read in each datum, and three things are looked at:
//! - whether it lies in the district that its row states (by name or code);
//! - whether it lies in any district at all;
//! - how far it is from the station of the same normalised name in the register.
//!
//! # The rule
//! | verdict | known stations | districts |
//! | --- | --- | --- |
//! | no difference | every point lies where no datum moves it | |
//! | sure | at least [`SURE_PAIRS`] pairs; the median is at most [`SURE_MEDIAN_M`] and every other datum's is [`SURE_GAP_M`] more; [`SURE_SHARE`] of the pairs are nearest in this datum and none fits another | not likely another datum |
//! | likely | at least [`LIKELY_PAIRS`] pairs; at most [`LIKELY_MEDIAN_M`], [`LIKELY_GAP_M`] more, [`LIKELY_SHARE`] | not likely another datum |
//! | likely | not enough | this datum wins against each other by the rule below |
//!
//! A datum wins against another by districts when at least [`DISTRICT_POINTS`] points lie inside under it and not
//! under the other, and they are [`DISTRICT_SHARE`] of all points that the two disagree on. Stated districts are
//! asked first; where they do not decide, any district is.
//!
//! # Why districts alone are never sure
//! The three readings of a place lie 0.3 to 1.4 km apart, and outlines in use are drawn more coarsely than that:
//! along a coast the outline is off in one direction for kilometres, and then the wrong datum puts more points
//! inside.
//!
//! # What it cannot see
//! A register that was itself loaded in the wrong datum. The evidence says which reading agrees with the register.

use core::borrow::Borrow;
use std::collections::HashMap;

use rayon::prelude::*;

use super::names::StationName;
use crate::domain::coordinate::LonLat;
use crate::domain::datum::{Datum, convert, is_obfuscated};
use crate::domain::district::District;
use crate::domain::geodesic::karney;
use crate::domain::outline::Outline;
use crate::domain::station::Station;

/// The fewest pairs of a point and a known station that make a verdict sure.
///
/// A file can hold rows in several datums. When half of them are in another, ten pairs agree by chance once in 500
/// files.
pub const SURE_PAIRS: usize = 10;
/// The largest median distance to the known stations that is sure, metres: what two people who put pins differ by.
pub const SURE_MEDIAN_M: f64 = 60.0;
/// How much larger the median of every other datum must be, metres.
pub const SURE_GAP_M: f64 = 200.0;
/// The share of pairs that must be nearest in the datum.
pub const SURE_SHARE: f64 = 0.9;
/// The fewest pairs that make a verdict likely.
pub const LIKELY_PAIRS: usize = 3;
/// The largest median distance that is likely, metres.
pub const LIKELY_MEDIAN_M: f64 = 200.0;
/// How much larger the median of every other datum must be, metres.
pub const LIKELY_GAP_M: f64 = 150.0;
/// The share of pairs that must be nearest in the datum.
pub const LIKELY_SHARE: f64 = 0.7;
/// The fewest points by which a datum wins against another by districts.
pub const DISTRICT_POINTS: usize = 5;
/// Their share of the points that the two datums disagree on.
pub const DISTRICT_SHARE: f64 = 0.9;
/// A known station of the same name farther away than this in every datum is another one, metres.
pub const SAME_STATION_M: f64 = 2000.0;

/// One coordinate of a file whose datum is asked.
#[derive(Debug, Clone, Copy)]
pub struct EvidencePoint<'a> {
    /// The coordinate as the file has it.
    pub given: LonLat,
    /// The name of the station; may be empty.
    pub name: &'a str,
    /// The district that the row states.
    pub district: Option<&'a str>,
    /// The code of the district that the row states.
    pub adcode: Option<&'a str>,
}

/// What speaks for one datum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DatumEvidence {
    /// The datum.
    pub datum: Datum,
    /// Points inside the district that their row states.
    pub in_stated_district: usize,
    /// Points inside any district.
    pub in_any_district: usize,
    /// The median distance to the known stations of the same name, metres; `None` without pairs.
    pub median_residual_m: Option<f64>,
    /// Pairs that are nearest in this datum.
    pub nearest_pairs: usize,
}

/// What the evidence amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is this datum.
    Sure(Datum),
    /// It is probably this datum.
    Likely(Datum),
    /// The evidence does not tell.
    Undecided,
    /// All points lie where the three datums are one.
    NoDifference,
}

/// The whole evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Forensics {
    /// Points looked at.
    pub points: usize,
    /// Points whose row states a district that has an outline.
    pub with_stated_district: usize,
    /// Points that have a known station of the same name.
    pub pairs: usize,
    /// For each datum, in the order of [`Datum::ALL`].
    pub by_datum: Vec<DatumEvidence>,
    /// What it amounts to.
    pub verdict: Verdict,
}

/// Three readings of something, in the order of [`Datum::ALL`].
type Readings<T> = [T; 3];

/// What one point says.
struct Reading {
    has_stated: bool,
    in_stated: Readings<bool>,
    in_any: Readings<bool>,
    /// The distances to the known station of the same name.
    residuals_m: Option<Readings<f64>>,
}

/// Looks at the evidence for the datum of a file. O((points + districts) log points), on all cores.
pub fn examine<S: Borrow<Station> + Sync>(
    points: &[EvidencePoint<'_>],
    districts: &[District],
    known: &[S],
) -> Forensics {
    let outlines: Vec<Outline> = districts
        .iter()
        .map(|district| Outline::new(district.outline()))
        .collect();
    let namesakes = namesakes(known);
    let keys: Vec<Box<str>> = points
        .par_iter()
        .map(|point| StationName::new(point.name).key().into())
        .collect();
    let mut bearers: HashMap<&str, usize> = HashMap::new();
    for key in &keys {
        *bearers.entry(key).or_insert(0) += 1;
    }
    let readings: Vec<Reading> = points
        .par_iter()
        .zip(&keys)
        .map(|(point, key)| {
            let is_only = bearers.get(&**key) == Some(&1);
            let stations = namesakes.get(key).filter(|_| is_only);
            read(point, (districts, &outlines), stations.map_or(&[], Vec::as_slice))
        })
        .collect();
    let residuals: Vec<Readings<f64>> = readings
        .iter()
        .filter_map(|reading| reading.residuals_m)
        .collect();
    let is_moved = |point: &EvidencePoint<'_>| is_obfuscated(point.given);
    let by_datum: Vec<DatumEvidence> = Datum::ALL
        .iter()
        .zip(0..)
        .map(|(datum, at)| evidence(*datum, at, &readings, &residuals))
        .collect();
    let verdict = if points.iter().any(is_moved) {
        verdict(&by_datum, &readings, &residuals)
    } else {
        Verdict::NoDifference
    };
    Forensics {
        points: points.len(),
        with_stated_district: readings.iter().filter(|reading| reading.has_stated).count(),
        pairs: residuals.len(),
        by_datum,
        verdict,
    }
}

/// The known stations that bear a name, the generic names left out.
fn namesakes<S: Borrow<Station> + Sync>(known: &[S]) -> HashMap<Box<str>, Vec<LonLat>> {
    let keys: Vec<Box<str>> = known
        .par_iter()
        .map(|station| StationName::new(&station.borrow().name).key().into())
        .collect();
    let mut namesakes: HashMap<Box<str>, Vec<LonLat>> = HashMap::new();
    for (key, station) in keys.into_iter().zip(known) {
        if !key.is_empty() {
            namesakes
                .entry(key)
                .or_default()
                .push(station.borrow().location.place());
        }
    }
    namesakes
}

fn read(
    point: &EvidencePoint<'_>,
    (districts, outlines): (&[District], &[Outline]),
    namesakes: &[LonLat],
) -> Reading {
    let places: Readings<LonLat> =
        [Datum::Wgs84, Datum::Gcj02, Datum::Bd09].map(|datum| convert(point.given, datum, Datum::Wgs84));
    let is_named = |district: &District| match (point.adcode, district.adcode.as_deref()) {
        (Some(stated), Some(code)) => stated == code,
        _ => point.district.is_some_and(|stated| stated == &*district.name),
    };
    let (mut has_stated, mut in_stated, mut in_any) = (false, [false; 3], [false; 3]);
    for (district, outline) in districts.iter().zip(outlines) {
        let is_named = is_named(district);
        has_stated |= is_named;
        for (place, (in_stated, in_any)) in places.iter().zip(in_stated.iter_mut().zip(&mut in_any)) {
            let is_inside = (is_named || !*in_any) && outline.contains(*place);
            *in_any |= is_inside;
            *in_stated |= is_inside && is_named;
        }
    }
    Reading {
        has_stated,
        in_stated,
        in_any,
        residuals_m: residuals_m(&places, namesakes),
    }
}

/// The distances to the only known station of the name within [`SAME_STATION_M`]; `None` when there is none or more
/// than one.
fn residuals_m(places: &Readings<LonLat>, stations: &[LonLat]) -> Option<Readings<f64>> {
    let mut near = stations
        .iter()
        .map(|station| places.map(|place| karney(place, *station).get()))
        .filter(|residuals| residuals.iter().any(|metres| *metres <= SAME_STATION_M));
    let only = near.next()?;
    near.next().is_none().then_some(only)
}

fn evidence(datum: Datum, at: usize, readings: &[Reading], residuals: &[Readings<f64>]) -> DatumEvidence {
    let of = |reading: &Readings<bool>| reading.get(at).copied().unwrap_or(false);
    let metres = |residuals: &Readings<f64>| residuals.get(at).copied().unwrap_or(f64::INFINITY);
    let is_nearest = |residuals: &&Readings<f64>| {
        let others = residuals.iter().enumerate().filter(|(other, _)| *other != at);
        others.into_iter().all(|(_, other)| metres(residuals) < *other)
    };
    DatumEvidence {
        datum,
        in_stated_district: readings.iter().filter(|reading| of(&reading.in_stated)).count(),
        in_any_district: readings.iter().filter(|reading| of(&reading.in_any)).count(),
        median_residual_m: median(residuals.iter().map(metres).collect()),
        nearest_pairs: residuals.iter().filter(is_nearest).count(),
    }
}

/// The middle value; of two middle ones the higher.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn verdict(by_datum: &[DatumEvidence], readings: &[Reading], residuals: &[Readings<f64>]) -> Verdict {
    let pairs = residuals.len();
    let by_districts = won_by_districts(readings, |reading| &reading.in_stated)
        .or_else(|| won_by_districts(readings, |reading| &reading.in_any));
    let by_stations = by_datum
        .iter()
        .filter_map(|evidence| Some((evidence, evidence.median_residual_m?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    let Some((best, median_m)) = by_stations.filter(|_| pairs >= LIKELY_PAIRS) else {
        return by_districts.map_or(Verdict::Undecided, Verdict::Likely);
    };
    let others = by_datum.iter().filter(|other| other.datum != best.datum);
    let gap_m = others
        .filter_map(|other| Some(other.median_residual_m? - median_m))
        .fold(f64::INFINITY, f64::min);
    let share = best.nearest_pairs as f64 / pairs as f64;
    let is_contradicted = by_districts.is_some_and(|datum| datum != best.datum);
    let fits_another = residuals.iter().any(|residuals| {
        let readings = || Datum::ALL.iter().zip(residuals);
        let is_off = readings().any(|(datum, metres)| *datum == best.datum && *metres >= SURE_GAP_M);
        is_off && readings().any(|(datum, metres)| *datum != best.datum && *metres <= SURE_MEDIAN_M)
    });
    let is_sure = !fits_another
        && pairs >= SURE_PAIRS
        && median_m <= SURE_MEDIAN_M
        && gap_m >= SURE_GAP_M
        && share >= SURE_SHARE;
    let is_likely = median_m <= LIKELY_MEDIAN_M && gap_m >= LIKELY_GAP_M && share >= LIKELY_SHARE;
    match (is_contradicted, is_sure, is_likely) {
        (true, _, _) | (false, false, false) => Verdict::Undecided,
        (false, true, _) => Verdict::Sure(best.datum),
        (false, false, true) => Verdict::Likely(best.datum),
    }
}

/// The datum that wins against each other one by the points inside of districts.
fn won_by_districts(readings: &[Reading], inside: fn(&Reading) -> &Readings<bool>) -> Option<Datum> {
    let beats = |one: usize, other: usize| {
        let is_in = |reading: &Reading, at: usize| inside(reading).get(at).copied().unwrap_or(false);
        let for_one = readings
            .iter()
            .filter(|reading| is_in(reading, one) && !is_in(reading, other));
        let for_other = readings
            .iter()
            .filter(|reading| is_in(reading, other) && !is_in(reading, one));
        let (for_one, for_other) = (for_one.count(), for_other.count());
        for_one >= DISTRICT_POINTS && for_one as f64 >= DISTRICT_SHARE * (for_one + for_other) as f64
    };
    let wins = |at: &usize| (0..3).all(|other| other == *at || beats(*at, other));
    (0..3).find(wins).and_then(|at| Datum::ALL.get(at).copied())
}
