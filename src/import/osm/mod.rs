//! OpenStreetMap extracts (`.osm.pbf`): a first register for any place on earth.
//!
//! # What is a station
//! One object is one station; nothing is put together or guessed from what lies near. A node, a way or a multipolygon is one
//! when its main tag says that it serves the public ([`kinds::KINDS`]: toilets, drinking water, showers, shelters, charging
//! of phones and e-bikes, repair stands, rest areas), or when its name says that it is a station for outdoor workers. What
//! only has such a thing beside its business, as a café with toilets, and what belongs to a home, is none.
//!
//! Left out and counted: what `access` keeps for some, what is disused or not yet built, roofs of stops, chargers that do not
//! name bicycles, and objects whose place is not in the file.
//!
//! # What is said of it
//! Facilities come from tags ([`tags`]); what no plain yes or no says stays unknown. `opening_hours` is kept as it stands. A
//! place without a name gets one of its kind, operator and number that ends in the object's number, so that everybody sees
//! that it is made. Coordinates are WGS-84 by definition, whatever the options say of other files.
//!
//! # Why a reader of our own
//! `osmpbf`, the usual crate, panics on files that are damaged on purpose (a member of an unknown kind; coordinates beyond 64
//! bits, with overflow checks) and builds every object of a blob first, a hundred times its size. The parts of the format that
//! stations need are four small files here, which borrow from the unpacked blob and have a limit for everything.
//!
//! # Memory
//! The file is put aside as it comes, above 64 MiB in a temporary file, and read up to three times: for stations, for the
//! ways of relations, for the nodes of ways. Kept are the stations, and the ids and places of those nodes; never all nodes.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod blob;
mod block;
mod judge;
mod kinds;
mod passes;
mod shape;
mod station;
mod tags;
mod wire;

use std::io::{Cursor, Read, Write as _, copy};
use std::path::Path;

use rayon::prelude::*;
use tempfile::SpooledTempFile;

pub(super) use blob::is_beginning;

use self::blob::Stop;
use self::judge::LeftOut;
use self::passes::{Broken, Harvest, Passes};
use super::parsed::Parsed;
use super::problem::{RowProblem, Severity};
use super::record::{Checker, Context};
use super::{ImportError, ImportOptions, MAX_FILE_BYTES};

/// The most stations, taken or left out, of one extract.
pub(super) const MAX_OSM_STATIONS: u64 = 1_000_000;
/// The most bytes in the tags of these (256 MiB).
pub(super) const MAX_OSM_TAG_BYTES: u64 = 256 << 20;
/// The most corners of their outlines.
pub(super) const MAX_OSM_CORNERS: u64 = 16_000_000;
/// How many times its size an extract may unpack to; maps unpack to two or three times.
pub(super) const MAX_PACKING: u64 = 100;
/// What a small extract may unpack to in any case, bytes (64 MiB).
pub(super) const MAX_SMALL_BYTES: u64 = 64 << 20;
/// Up to this size a file is put aside in memory, bytes (64 MiB).
const MAX_HELD_BYTES: usize = 64 << 20;
/// How many objects one task checks.
const OBJECTS_PER_TASK: usize = 500;

/// Reads an extract: its stations, and how many bytes it has. `head` is what was read of `input` before.
pub(super) fn read(
    context: Context<'_>,
    (head, input): (Vec<u8>, &mut dyn Read),
    on_block: &dyn Fn(u64),
) -> Result<(Parsed, u64), ImportError> {
    let (mut file, bytes) = put_aside(context.path, (head, input))?;
    let passes = Passes {
        file: &mut file,
        bytes,
        on_block,
    };
    let harvest = passes.run().map_err(|broken| refusal(context.path, broken))?;
    let options = ImportOptions {
        datum: None,
        ..*context.options
    };
    let context = Context {
        options: &options,
        ..context
    };
    Ok((check(context, &harvest), bytes))
}

fn put_aside(
    path: &Path,
    (head, input): (Vec<u8>, &mut dyn Read),
) -> Result<(SpooledTempFile, u64), ImportError> {
    let failed = |source| ImportError::Read {
        path: path.to_owned(),
        source,
    };
    let mut file = tempfile::spooled_tempfile(MAX_HELD_BYTES);
    let mut limited = Cursor::new(head).chain(input).take(MAX_FILE_BYTES + 1);
    let bytes = copy(&mut limited, &mut file).map_err(failed)?;
    file.flush().map_err(failed)?;
    if bytes > MAX_FILE_BYTES {
        return Err(ImportError::TooLarge {
            path: path.to_owned(),
        });
    }
    Ok((file, bytes))
}

fn refusal(path: &Path, broken: Broken) -> ImportError {
    let path = path.to_owned();
    match broken.stop {
        Stop::Unreadable(source) => ImportError::Read { path, source },
        Stop::Damaged(damage) => ImportError::NotOsm {
            path,
            at: broken.at,
            reason: damage.0,
        },
    }
}

fn check(context: Context<'_>, harvest: &Harvest) -> Parsed {
    let pieces: Vec<Parsed> = harvest
        .found
        .par_chunks(OBJECTS_PER_TASK)
        .enumerate()
        .map(|(piece, objects)| {
            let mut checker = Checker::new(context, context.no_columns);
            let mut parsed = Parsed::default();
            let first = (piece * OBJECTS_PER_TASK) as u64 + 1;
            for (number, (found, place)) in (first..).zip(objects) {
                parsed.rows += 1;
                let outcome = station::check(&mut checker, number, found, *place);
                parsed.push(number, outcome);
            }
            parsed.take_from(checker);
            parsed
        })
        .collect();
    let mut all = Parsed::default();
    all.log.limit = super::MAX_PROBLEMS;
    for piece in pieces {
        all.append(piece);
    }
    let left_out: u64 = harvest.left_out.values().sum();
    if left_out > 0 {
        all.rows += left_out;
        all.log.push(note(context, harvest, left_out));
    }
    all
}

/// What was left out, said once.
fn note(context: Context<'_>, harvest: &Harvest, left_out: u64) -> RowProblem {
    let (mut reasons, mut reasons_zh) = (Vec::new(), Vec::new());
    for reason in LeftOut::ALL {
        if let Some(count) = harvest.left_out.get(&reason) {
            let (en, zh) = reason.words();
            reasons.push(format!("{count} {en}"));
            reasons_zh.push(format!("{count} 个{zh}"));
        }
    }
    RowProblem::new(context.file, 0, Severity::Warning, "osm_left_out").saying(
        format!(
            "`{left_out}` objects were left out: {}; expected places that anybody may use now",
            reasons.join(", ")
        ),
        format!(
            "已略去`{left_out}`个对象：{}；应为公众现可使用的地点",
            reasons_zh.join("，")
        ),
    )
}
