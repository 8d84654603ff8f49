//! What answers are put together from: each station's JSON, written once per revision.
//!
//! # Why parts
//! Between two revisions a station's record does not change, so its properties are written once, into one run of
//! memory, and an answer copies them. Neighbours on the earth stand beside each other, so that the ten stations of an
//! answer lie on a few pages of memory instead of ten times as many. Facilities are the longest property and few combinations of them exist, so
//! equal ones are written once for all stations. About 0.7 kB a station.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::hint::black_box;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rayon::prelude::*;
use serde::Serialize;

use super::OutDatum;
use super::json::{push_fixed, push_value};
use super::links::{CoordinateText, LinkParts};
use super::open_state::OpenTexts;
use crate::domain::coordinate::LonLat;
use crate::domain::datum::{Datum, convert};
use crate::domain::facility::{Facilities, Facility, FacilityDetail, FacilityState};
use crate::domain::station::{MapListings, Station};
use crate::locator::Snapshot;

/// Stations whose parts lie in one run of memory.
const CHUNK: usize = 1024;
/// Bytes that come from memory together; a guess that only speed depends on.
const CACHE_LINE: usize = 64;
/// Pieces of one station's text, see [`Piece`].
const PIECES: usize = 7;

/// The pieces of one station's text, in their order.
#[derive(Clone, Copy)]
#[repr(usize)]
enum Piece {
    Id,
    Wgs84,
    BeforeFacilities,
    AfterFacilities,
    EncodedName,
    Gcj02,
    Bd09,
}

/// The parts of all stations of one snapshot, by ordinal.
#[derive(Debug)]
pub struct Parts {
    chunks: Vec<Chunk>,
    facilities: Vec<Box<str>>,
    /// The snapshot's own: the place of each station, by ordinal, in the order of `chunks`.
    positions: Arc<[u32]>,
    open_texts: OpenTexts,
    fingerprint: u64,
}

#[derive(Debug)]
struct Chunk {
    text: String,
    records: Vec<Record>,
}

/// Where one station's pieces end in its chunk's text, and which facilities it has.
#[derive(Debug, Hash)]
struct Record {
    ends: [u32; PIECES],
    facilities: u32,
}

/// The parts of one station.
#[derive(Debug, Clone, Copy)]
pub struct StationParts<'a> {
    text: &'a str,
    start: u32,
    ends: &'a [u32; PIECES],
    /// `"facilities":{…},`
    pub facilities: &'a str,
}

impl Parts {
    /// Writes the parts of all stations, on all cores. O(n).
    pub fn build(snapshot: &Snapshot) -> Self {
        let order = snapshot.index().neighbour_order();
        let stations = || {
            order
                .iter()
                .map(|&ordinal| &snapshot.stations()[ordinal as usize])
        };
        let mut facilities: Vec<Box<str>> = Vec::new();
        let mut known: HashMap<[u32; 3], u32> = HashMap::new();
        let facilities_of = stations().map(|station| {
            let states = &station.facilities;
            let key = [
                states.yes().bits(),
                states.no().bits(),
                states.out_of_order().bits(),
            ];
            *known.entry(key).or_insert_with(|| {
                facilities.push(facilities_text(states).into());
                u32::try_from(facilities.len() - 1).expect("fewer combinations than stations")
            })
        });
        let facilities_of: Vec<u32> = facilities_of.collect();
        let chunks: Vec<Chunk> = order
            .par_chunks(CHUNK)
            .zip(facilities_of.par_chunks(CHUNK))
            .map(|(order, facilities)| Chunk::build(snapshot.stations(), order, facilities))
            .collect();
        let mut hasher = DefaultHasher::new();
        facilities.hash(&mut hasher);
        let chunk_hashes: Vec<u64> = chunks.par_iter().map(Chunk::fingerprint).collect();
        chunk_hashes.hash(&mut hasher);
        Self {
            chunks,
            facilities,
            positions: Arc::clone(snapshot.neighbour_positions()),
            open_texts: OpenTexts::default(),
            fingerprint: hasher.finish(),
        }
    }

    /// A number that is the same for the same records, on any machine; for entity tags.
    pub const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The open states of the current minute.
    pub(super) const fn open_texts(&self) -> &OpenTexts {
        &self.open_texts
    }

    /// The parts of several stations, brought near the processor.
    pub fn of_all(&self, ordinals: impl Iterator<Item = u32>) -> Vec<StationParts<'_>> {
        let stations: Vec<StationParts<'_>> = ordinals.map(|ordinal| self.of(ordinal)).collect();
        black_box(stations.iter().fold(0, |seen, station| seen ^ station.fetch()));
        stations
    }

    /// The parts of a station.
    #[inline]
    pub fn of(&self, ordinal: u32) -> StationParts<'_> {
        let position = self.positions[ordinal as usize] as usize;
        let (chunk, position) = (&self.chunks[position / CHUNK], position % CHUNK);
        let start = position
            .checked_sub(1)
            .map_or(0, |previous| chunk.records[previous].ends[PIECES - 1]);
        let record = &chunk.records[position];
        let facilities = &self.facilities[record.facilities as usize];
        StationParts {
            text: &chunk.text,
            start,
            ends: &record.ends,
            facilities,
        }
    }
}

impl<'a> StationParts<'a> {
    fn piece(&self, piece: Piece) -> &'a str {
        let position = piece as usize;
        let start = position
            .checked_sub(1)
            .map_or(self.start, |previous| self.ends[previous]);
        let range: Range<usize> = start as usize..self.ends[position] as usize;
        self.text.get(range).unwrap_or_default()
    }

    /// Reads a byte of each cache line of the text, so that the processor waits for all lines of all stations at once
    /// and not for one after the other.
    #[inline]
    fn fetch(&self) -> u8 {
        let range = self.start as usize..self.ends[PIECES - 1] as usize;
        let bytes = self.text.as_bytes().get(range).unwrap_or_default();
        bytes.iter().step_by(CACHE_LINE).fold(0, |seen, byte| seen ^ byte)
    }

    /// The id as a JSON string.
    pub fn id(&self) -> &'a str {
        self.piece(Piece::Id)
    }

    /// `"name":…,` up to the property before `facilities`.
    pub fn before_facilities(&self) -> &'a str {
        self.piece(Piece::BeforeFacilities)
    }

    /// From the property after `facilities` up to `"revision":…,`.
    pub fn after_facilities(&self) -> &'a str {
        self.piece(Piece::AfterFacilities)
    }

    /// The coordinate in a datum, six decimals.
    pub fn coordinate(&self, datum: OutDatum) -> CoordinateText<'a> {
        CoordinateText::of_triple(self.piece(match datum.0 {
            Datum::Wgs84 => Piece::Wgs84,
            Datum::Gcj02 => Piece::Gcj02,
            Datum::Bd09 => Piece::Bd09,
        }))
    }

    /// What the links to map apps are made of.
    pub fn links(&self) -> LinkParts<'a> {
        LinkParts {
            wgs84: self.coordinate(OutDatum(Datum::Wgs84)),
            gcj02: self.coordinate(OutDatum(Datum::Gcj02)),
            bd09: self.coordinate(OutDatum(Datum::Bd09)),
            name: self.piece(Piece::EncodedName),
        }
    }
}

impl Chunk {
    fn build(stations: &[Station], order: &[u32], facilities: &[u32]) -> Self {
        let mut chunk = Self {
            text: String::with_capacity(order.len() * 700),
            records: Vec::with_capacity(order.len()),
        };
        for (&ordinal, &facilities) in order.iter().zip(facilities) {
            chunk.push(&stations[ordinal as usize], facilities);
        }
        chunk.text.shrink_to_fit();
        chunk
    }

    fn push(&mut self, station: &Station, facilities: u32) {
        let mut ends = [0; PIECES];
        let mut end = |piece: Piece, text: &str| {
            ends[piece as usize] =
                u32::try_from(text.len()).expect("a chunk of 1,024 limited records is below 4 GiB");
        };
        let out = &mut self.text;
        push_value(out, station.id.as_str());
        end(Piece::Id, out);
        let wgs84 = station.location.place();
        let gcj02 = convert(wgs84, Datum::Wgs84, Datum::Gcj02);
        push_triple(out, wgs84);
        end(Piece::Wgs84, out);
        push_before_facilities(out, station);
        end(Piece::BeforeFacilities, out);
        push_after_facilities(out, station);
        end(Piece::AfterFacilities, out);
        out.extend(utf8_percent_encode(&station.name, NON_ALPHANUMERIC));
        end(Piece::EncodedName, out);
        push_triple(out, gcj02);
        end(Piece::Gcj02, out);
        push_triple(out, convert(gcj02, Datum::Gcj02, Datum::Bd09));
        end(Piece::Bd09, out);
        self.records.push(Record { ends, facilities });
    }

    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.text.hash(&mut hasher);
        self.records.hash(&mut hasher);
        hasher.finish()
    }
}

/// Appends longitude, latitude and longitude again, six decimals, for [`CoordinateText::of_triple`].
fn push_triple(out: &mut String, place: LonLat) {
    let start = out.len();
    push_fixed(out, place.lon_deg(), 6);
    let lon = start..out.len();
    out.push(',');
    push_fixed(out, place.lat_deg(), 6);
    out.push(',');
    out.extend_from_within(lon);
}

/// What `facility_details` says of one facility.
#[derive(Serialize)]
struct Detail<'a> {
    source: Option<&'a str>,
    verified_at: Option<NaiveDate>,
}

impl<'a> From<&'a FacilityDetail> for Detail<'a> {
    fn from(detail: &'a FacilityDetail) -> Self {
        Self {
            source: detail.source.as_deref(),
            verified_at: detail.verified_at,
        }
    }
}

#[derive(Serialize)]
struct Listings {
    amap: FacilityState,
    baidu: FacilityState,
    tencent: FacilityState,
}

#[derive(Serialize)]
struct Original {
    lon: f64,
    lat: f64,
    datum: Datum,
}

fn push_property<T: Serialize + ?Sized>(out: &mut String, name: &str, value: &T) {
    out.push('"');
    out.push_str(name);
    out.push_str("\":");
    push_value(out, value);
    out.push(',');
}

fn push_before_facilities(out: &mut String, station: &Station) {
    push_property(out, "name", &station.name);
    push_property(out, "aliases", &station.aliases);
    push_property(out, "address", &station.address);
    push_property(out, "district", &station.district);
    push_property(out, "adcode", &station.adcode);
    push_property(out, "host", &station.host);
    push_property(out, "audience", &station.audience);
    push_property(out, "status", &station.status);
    push_property(out, "hours", &station.hours.osm);
    push_property(out, "hours_text", &station.hours.text);
}

fn facilities_text(facilities: &Facilities) -> String {
    let mut out = String::from("\"facilities\":{");
    for (position, facility) in Facility::ALL.iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        push_value(&mut out, facility);
        out.push(':');
        push_value(&mut out, &facilities.state(*facility));
    }
    out.push_str("},");
    out
}

fn push_after_facilities(out: &mut String, station: &Station) {
    let details = station.facilities.details().iter();
    let details = details.map(|detail| (detail.facility.word(), Detail::from(detail)));
    push_property(out, "facility_details", &details.collect::<BTreeMap<_, _>>());
    push_property(out, "floor_area_m2", &station.floor_area_m2);
    push_property(out, "seats", &station.seats);
    push_property(out, "opened_on", &station.opened_on);
    push_property(out, "operator", &station.operator);
    push_property(out, "phone", &station.phone);
    let MapListings { amap, baidu, tencent } = station.map_listings;
    push_property(out, "map_listings", &Listings { amap, baidu, tencent });
    push_property(out, "source", &station.source);
    push_property(out, "verified_at", &station.verified_at);
    push_property(out, "synthetic", &station.synthetic);
    let (original, datum) = (station.location.original(), station.location.datum());
    // The shortest digits that give the numbers back, so that nothing is lost.
    push_property(
        out,
        "original",
        &Original {
            lon: original.lon_deg(),
            lat: original.lat_deg(),
            datum,
        },
    );
    push_property(out, "updated_at", &station.updated_at);
    push_property(out, "revision", &station.revision);
}
