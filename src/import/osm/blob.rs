//! The outer frame of the file: blobs, each with a header, most of them compressed.

use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use super::wire::{Damage, Fields};

/// The longest header of a blob, bytes, as the format says.
pub(super) const MAX_HEADER_BYTES: u32 = 64 << 10;
/// The longest blob, bytes, packed as well as unpacked, as the format says.
pub(super) const MAX_BLOB_BYTES: usize = 32 << 20;

const NOT_WHOLE: Damage = Damage("the file ends within a blob; expected the rest of it");
const LONG_HEADER: Damage =
    Damage("the header of a blob has more than 65536 bytes; expected a file of OpenStreetMap in PBF");
const LONG_BLOB: Damage =
    Damage("a blob has more than 33554432 bytes; expected at most that many, packed and unpacked");
const NO_SIZE: Damage = Damage("the header of a blob does not say its kind and size; expected both");
const NO_DATA: Damage = Damage("a blob holds no data; expected data as they are or packed with zlib");
const OTHER_PACKING: Damage =
    Damage("a blob is packed with lzma, bzip2, lz4 or zstd; expected zlib (`osmium cat -f pbf` writes it)");
const BAD_ZLIB: Damage = Damage("a blob cannot be unpacked; expected zlib data");
const WRONG_SIZE: Damage = Damage("a blob unpacks to another size than it says; expected the same");
const UNKNOWN_FEATURE: Damage = Damage(
    "the file needs a feature other than `OsmSchema-V0.6` and `DenseNodes`; expected an extract without history",
);

/// What a blob is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlobKind {
    /// What a reader must know.
    Header,
    /// Nodes, ways and relations.
    Data,
    /// Something that may be skipped.
    Other,
}

/// A blob as it stands in the file.
#[derive(Debug)]
pub(super) struct Blob {
    pub(super) kind: BlobKind,
    /// Where its frame begins, bytes from the start of the file.
    pub(super) at: u64,
    /// The message, packed.
    bytes: Vec<u8>,
}

/// Why there is no next blob.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file cannot be read.
    Unreadable(io::Error),
    /// It can, and is not what it should be.
    Damaged(Damage),
}

/// Whether a file begins as OpenStreetMap files in PBF do: a length, and the name of the first blob.
pub(in crate::import) fn is_beginning(bytes: &[u8]) -> bool {
    bytes.get(..2) == Some(&[0, 0]) && bytes.get(4..15) == Some(b"\x0a\x09OSMHeader")
}

/// Reads the blob at `at`; `None` where the file ends.
pub(super) fn next(input: &mut dyn Read, at: u64) -> Result<Option<(Blob, u64)>, Stop> {
    let Some(frame) = bytes(input, 4, true)? else {
        return Ok(None);
    };
    let length = frame
        .iter()
        .fold(0_u32, |length, byte| length << 8 | u32::from(*byte));
    if length > MAX_HEADER_BYTES {
        return Err(Stop::Damaged(LONG_HEADER));
    }
    let header = bytes(input, length as usize, false)?.unwrap_or_default();
    let (kind, size) = read_header(&header).map_err(Stop::Damaged)?;
    let bytes = bytes(input, size, false)?.unwrap_or_default();
    let end = at + 4 + u64::from(length) + bytes.len() as u64;
    Ok(Some((Blob { kind, at, bytes }, end)))
}

/// Takes exactly `count` bytes; nothing at all is an end only where one `may_end`.
fn bytes(input: &mut dyn Read, count: usize, may_end: bool) -> Result<Option<Vec<u8>>, Stop> {
    let mut taken = Vec::new();
    input
        .take(count as u64)
        .read_to_end(&mut taken)
        .map_err(Stop::Unreadable)?;
    if taken.is_empty() && may_end {
        return Ok(None);
    }
    if taken.len() < count {
        return Err(Stop::Damaged(NOT_WHOLE));
    }
    Ok(Some(taken))
}

fn read_header(header: &[u8]) -> Result<(BlobKind, usize), Damage> {
    let (mut kind, mut size) = (None, None);
    for field in Fields::of(header) {
        match field? {
            (1, value) => {
                kind = Some(match value.bytes()? {
                    b"OSMHeader" => BlobKind::Header,
                    b"OSMData" => BlobKind::Data,
                    _ => BlobKind::Other,
                });
            }
            (3, value) => size = Some(usize::try_from(value.number()?).map_err(|_too_long| LONG_BLOB)?),
            _ => {}
        }
    }
    let (kind, size) = kind.zip(size).ok_or(NO_SIZE)?;
    if size > MAX_BLOB_BYTES {
        return Err(LONG_BLOB);
    }
    Ok((kind, size))
}

impl Blob {
    /// The message within, unpacked: never more than [`MAX_BLOB_BYTES`], whatever the blob says.
    pub(super) fn unpacked(&self) -> Result<Vec<u8>, Damage> {
        let (mut raw, mut packed, mut size, mut is_other) = (None, None, None, false);
        for field in Fields::of(&self.bytes) {
            match field? {
                (1, value) => raw = Some(value.bytes()?),
                (2, value) => size = Some(value.number()?),
                (3, value) => packed = Some(value.bytes()?),
                (4..=7, _) => is_other = true,
                _ => {}
            }
        }
        if let Some(raw) = raw {
            return Ok(raw.to_vec());
        }
        let packed = packed.ok_or(if is_other { OTHER_PACKING } else { NO_DATA })?;
        let size = size.ok_or(WRONG_SIZE)?;
        if size > MAX_BLOB_BYTES as u64 {
            return Err(LONG_BLOB);
        }
        let mut message = Vec::new();
        let mut decoder = ZlibDecoder::new(packed).take(size + 1);
        decoder.read_to_end(&mut message).map_err(|_error| BAD_ZLIB)?;
        if message.len() as u64 != size {
            return Err(WRONG_SIZE);
        }
        Ok(message)
    }
}

/// Refuses a header that demands what this reader does not know, as files with deleted objects do.
pub(super) fn check_header(message: &[u8]) -> Result<(), Damage> {
    for field in Fields::of(message) {
        if let (4, value) = field? {
            let feature = value.bytes()?;
            if feature != b"OsmSchema-V0.6" && feature != b"DenseNodes" {
                return Err(UNKNOWN_FEATURE);
            }
        }
    }
    Ok(())
}
