//! What answers are put together from: each station's JSON, written once per revision.
//!
//! # Why parts
//! Between two revisions a station's record does not change, so its properties are written once, into one run of
//! memory, and an answer copies them. Neighbours on the earth stand beside each other, so that the ten stations of an
//! answer lie on a few pages of memory instead of ten times as many. Facilities are the longest property and few
//! combinations of them exist, so equal ones are written once for all stations. About 0.7 kB a station.
//!
//! For registers of up to some 25,000 stations whole features are kept besides, each in two pieces with the properties
//! that depend on the question between them, written when first asked for.
//!
//! # After an edit
//! The runs of memory are shared with the parts before. What changed is written behind the last run, and where each
//! station's text stands is a list of its own. Texts that no station has any more stay until they are a fifth of all;
//! then everything is written anew.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::hint::black_box;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rayon::prelude::*;

use super::OutDatum;
use super::json::push_value;
use super::links::{CoordinateText, LinkParts};
use super::open_state::OpenTexts;
use super::record_text::{facilities_text, push_after_facilities, push_before_facilities, push_triple};
use crate::domain::datum::{Datum, convert};
use crate::domain::facility::{Facilities, FacilitySet};
use crate::domain::station::Station;
use crate::locator::Snapshot;

/// Stations whose parts lie in one run of memory.
const CHUNK: usize = 1024;
/// Bytes that come from memory together; a guess that only speed depends on.
const CACHE_LINE: usize = 64;
/// At most this many texts are kept for so many stations: a quarter more than are needed.
const MOST_WRITTEN: (usize, usize) = (5, 4);
/// Memory that [`Parts::ready`] may take, bytes: enough for any city.
const READY_BYTES: usize = 64 << 20;
/// About the size of a feature, bytes.
pub(super) const FEATURE_BYTES: usize = 2_600;
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
    chunks: Vec<Arc<Chunk>>,
    facilities: Arc<FacilityTexts>,
    /// Where each station's record stands, by ordinal: [`CHUNK`] times the number of its chunk, and its place therein.
    positions: Arc<[u32]>,
    open_texts: OpenTexts,
    /// Whole features by ordinal, written when first asked for; none for a register that is too large for it.
    ready: Box<[OnceLock<ReadyFeature>]>,
    /// The sum of [`StationParts::fingerprint`] over all stations, so that it does not matter how they came together.
    fingerprint: u64,
}

/// The text of a feature in the usual form, but for what depends on the question.
#[derive(Debug)]
pub(super) struct ReadyFeature {
    /// All before the properties that depend on the question.
    pub before: Box<str>,
    /// All after them.
    pub after: Box<str>,
}

/// The distinct facilities of a register as text, each written once.
#[derive(Debug, Clone, Default)]
struct FacilityTexts {
    texts: Vec<Arc<str>>,
    known: HashMap<[u32; 3], u32>,
}

#[derive(Debug, Clone, Default)]
struct Chunk {
    text: String,
    records: Vec<Record>,
}

/// Where one station's pieces end in its chunk's text, and which facilities it has.
#[derive(Debug, Clone)]
struct Record {
    ends: [u32; PIECES],
    facilities: u32,
}

/// How the parts of a snapshot differ from those of the one before.
struct Difference {
    /// As [`Parts::positions`] after the edit; 0 for those that are yet to be written.
    positions: Vec<u32>,
    /// The ordinals before the edit of records that are no more.
    gone: Vec<u32>,
    /// The ordinals after the edit of records that were not there.
    fresh: Vec<u32>,
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
        let station = |ordinal: &u32| &*snapshot.stations()[*ordinal as usize];
        let mut facilities = FacilityTexts::default();
        let facilities_of: Vec<u32> = order
            .iter()
            .map(|ordinal| facilities.intern(&station(ordinal).facilities))
            .collect();
        let chunks: Vec<(Arc<Chunk>, u64)> = order
            .par_chunks(CHUNK)
            .zip(facilities_of.par_chunks(CHUNK))
            .map(|(order, facilities)| {
                let mut chunk = Chunk::with_capacity(order.len());
                let mut sum = 0_u64;
                for (ordinal, &facilities) in order.iter().zip(facilities) {
                    sum = sum.wrapping_add(chunk.push(station(ordinal), facilities));
                }
                chunk.text.shrink_to_fit();
                (Arc::new(chunk), sum)
            })
            .collect();
        Self {
            fingerprint: chunks.iter().fold(0, |sum, (_, part)| sum.wrapping_add(*part)),
            chunks: chunks.into_iter().map(|(chunk, _)| chunk).collect(),
            facilities: Arc::new(facilities),
            positions: Arc::clone(snapshot.neighbour_positions()),
            open_texts: OpenTexts::default(),
            ready: none_ready(snapshot.stations().len()),
        }
    }

    /// The parts of a snapshot that follows `before`, whose parts these are; stations that are the same record in both
    /// keep their texts. They are those that [`Parts::build`] writes. O(n), a short pass, and the writing of what changed.
    #[must_use]
    pub fn following(&self, before: &Snapshot, after: &Snapshot) -> Self {
        let Difference {
            mut positions,
            gone,
            fresh,
        } = self.difference(before, after);
        let written: usize = self.chunks.iter().map(|chunk| chunk.records.len()).sum();
        if written + fresh.len() > after.stations().len() * MOST_WRITTEN.0 / MOST_WRITTEN.1 + CHUNK {
            return Self::build(after);
        }
        let mut fingerprint = self.fingerprint;
        for ordinal in gone {
            let station = &before.stations()[ordinal as usize];
            fingerprint = fingerprint.wrapping_sub(self.of(ordinal).fingerprint(station));
        }
        let mut facilities = Arc::clone(&self.facilities);
        let mut chunks = self.chunks.clone();
        for ordinal in fresh {
            let station = &after.stations()[ordinal as usize];
            if facilities.find(&station.facilities).is_none() {
                Arc::make_mut(&mut facilities).intern(&station.facilities);
            }
            let facilities = facilities
                .find(&station.facilities)
                .expect("it was interned just now");
            if chunks.last().is_none_or(|last| last.records.len() == CHUNK) {
                chunks.push(Arc::default());
            }
            let number = chunks.len() - 1;
            let last = Arc::make_mut(&mut chunks[number]);
            positions[ordinal as usize] = u32::try_from(number * CHUNK + last.records.len())
                .expect("a register has far fewer than 2^32 stations");
            fingerprint = fingerprint.wrapping_add(last.push(station, facilities));
        }
        Self {
            chunks,
            facilities,
            open_texts: OpenTexts::default(),
            ready: none_ready(positions.len()),
            positions: positions.into(),
            fingerprint,
        }
    }

    /// What differs between two snapshots, of which the first is the one that these parts belong to.
    fn difference(&self, before: &Snapshot, after: &Snapshot) -> Difference {
        let mut difference = Difference {
            positions: Vec::with_capacity(after.stations().len()),
            gone: Vec::new(),
            fresh: Vec::new(),
        };
        let mut old = before.stations().iter().zip(0_u32..).peekable();
        for (station, ordinal) in after.stations().iter().zip(0_u32..) {
            // Ids are looked at only where the records are not the same; most of a register never comes to mind.
            while let Some((_, gone)) =
                old.next_if(|(known, _)| !Arc::ptr_eq(known, station) && known.id < station.id)
            {
                difference.gone.push(gone);
            }
            match old.next_if(|(known, _)| Arc::ptr_eq(known, station) || known.id == station.id) {
                Some((known, before)) if Arc::ptr_eq(known, station) => {
                    difference.positions.push(self.positions[before as usize]);
                    continue;
                }
                Some((_, before)) => difference.gone.push(before),
                None => {}
            }
            difference.positions.push(0);
            difference.fresh.push(ordinal);
        }
        difference.gone.extend(old.map(|(_, gone)| gone));
        difference
    }

    /// A number that is the same for the same records, on any machine; for entity tags.
    pub const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The open states of the current minute.
    pub(super) const fn open_texts(&self) -> &OpenTexts {
        &self.open_texts
    }

    /// Brings the parts of several stations near the processor.
    pub fn fetch(&self, ordinals: impl Iterator<Item = u32>) {
        if self.ready.is_empty() {
            black_box(ordinals.fold(0, |seen, ordinal| seen ^ self.of(ordinal).fetch()));
        }
    }

    /// The place of a station's whole feature, when the register is small enough to keep them.
    pub(super) fn ready(&self, ordinal: u32) -> Option<&OnceLock<ReadyFeature>> {
        self.ready.get(ordinal as usize)
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
        let facilities = &self.facilities.texts[record.facilities as usize];
        StationParts {
            text: &chunk.text,
            start,
            ends: &record.ends,
            facilities,
        }
    }
}

fn none_ready(stations: usize) -> Box<[OnceLock<ReadyFeature>]> {
    let fits = stations <= READY_BYTES / FEATURE_BYTES;
    std::iter::repeat_with(OnceLock::new)
        .take(if fits { stations } else { 0 })
        .collect()
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

    fn whole(&self) -> &'a str {
        let range = self.start as usize..self.ends[PIECES - 1] as usize;
        self.text.get(range).unwrap_or_default()
    }

    /// The number that stands for these parts of `station`.
    fn fingerprint(&self, station: &Station) -> u64 {
        fingerprint(station, self.whole())
    }

    /// Reads a byte of each cache line of the text, so that the processor waits for all lines of all stations at once
    /// and not for one after the other.
    #[inline]
    fn fetch(&self) -> u8 {
        let bytes = self.whole().as_bytes();
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
    fn with_capacity(stations: usize) -> Self {
        Self {
            text: String::with_capacity(stations * 700),
            records: Vec::with_capacity(stations),
        }
    }

    /// Writes a station's parts and returns their fingerprint.
    fn push(&mut self, station: &Station, facilities: u32) -> u64 {
        let start = self.text.len();
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
        fingerprint(station, self.text.get(start..).unwrap_or_default())
    }
}

/// A number for all that answers say of a station: its texts, its facilities, and its place to the last digit.
fn fingerprint(station: &Station, text: &str) -> u64 {
    let place = station.location.place();
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    facilities_key(&station.facilities).hash(&mut hasher);
    [place.lon_deg(), place.lat_deg()]
        .map(f64::to_bits)
        .hash(&mut hasher);
    hasher.finish()
}

impl FacilityTexts {
    fn find(&self, facilities: &Facilities) -> Option<u32> {
        self.known.get(&facilities_key(facilities)).copied()
    }

    fn intern(&mut self, facilities: &Facilities) -> u32 {
        *self.known.entry(facilities_key(facilities)).or_insert_with(|| {
            self.texts.push(facilities_text(facilities).into());
            u32::try_from(self.texts.len() - 1).expect("fewer combinations than stations")
        })
    }
}

fn facilities_key(facilities: &Facilities) -> [u32; 3] {
    [facilities.yes(), facilities.no(), facilities.out_of_order()].map(FacilitySet::bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::coordinate::LonLat;
    use crate::domain::datum::Datum;
    use crate::domain::station::{Location, StationId};
    use crate::domain::work_calendar::WorkCalendar;
    use crate::locator::{Clock, Reference, StationChange};

    fn station(number: u32) -> Station {
        let place = LonLat::new(f64::from(number % 97), f64::from(number % 61)).unwrap();
        let id = StationId::new(&format!("s{number:05}")).unwrap();
        Station::new(id, &format!("驿站{number}"), Location::new(place, Datum::Wgs84))
    }

    #[test]
    fn texts_that_nobody_needs_any_more_go_when_they_are_a_fifth() {
        let reference = Reference {
            calendar: Arc::new(WorkCalendar::bundled()),
            clock: Clock::default(),
            districts: Arc::new([]),
            standards: Arc::new([]),
        };
        let mut snapshot = Snapshot::build((0..6_000).map(station).collect(), reference, 1);
        let mut parts = Parts::build(&snapshot);
        let (mut kept, mut anew) = (0, 0);
        for round in 0_u32..12 {
            let changes = (0..500).map(|number| {
                let mut station = station((round * 500 + number * 7) % 6_000);
                station.seats = Some(round);
                StationChange::Put(station)
            });
            let after = snapshot.with_changes(changes.collect(), 2);
            let following = parts.following(&snapshot, &after);
            let is_kept = Arc::ptr_eq(&parts.chunks[0], &following.chunks[0]);
            (kept, anew) = (kept + u32::from(is_kept), anew + u32::from(!is_kept));
            (snapshot, parts) = (after, following);
            let written: usize = parts.chunks.iter().map(|chunk| chunk.records.len()).sum();
            assert!(written <= 6_000 * 5 / 4 + CHUNK, "{written}");
            assert!(parts.chunks.iter().all(|chunk| chunk.records.len() <= CHUNK));
            let whole = Parts::build(&snapshot);
            assert_eq!(parts.fingerprint(), whole.fingerprint());
            assert!((0..6_000).all(|ordinal| parts.of(ordinal).whole() == whole.of(ordinal).whole()));
        }
        assert!(kept >= 8 && anew >= 1, "{kept} {anew}");
    }
}
