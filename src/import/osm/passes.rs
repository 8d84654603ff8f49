//! The passes over the file: first the stations and their shapes, then the ways that relations need, then the nodes that
//! ways need. What nobody needs is never kept.

use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use rayon::prelude::*;

use super::blob::{self, Blob, BlobKind, Stop};
use super::block::{Block, Degrees, Object, ObjectKind};
use super::judge::{Hint, LeftOut, Verdict, judge};
use super::kinds::Kind;
use super::shape::point_of;
use super::tags::Tags;
use super::wire::Damage;
use super::{MAX_OSM_CORNERS, MAX_OSM_STATIONS, MAX_OSM_TAG_BYTES, MAX_PACKING, MAX_SMALL_BYTES};

/// How much is read before it is worked on by all processors, bytes.
const BATCH_BYTES: u64 = 16 << 20;
/// What a tag costs besides its text, bytes.
const TAG_BYTES: u64 = 64;

const NO_HEADER: Damage =
    Damage("the file does not begin with a header; expected a file of OpenStreetMap in PBF");
const MANY_STATIONS: Damage = Damage("the file has more than 1000000 stations; expected a smaller extract");
const LONG_TAGS: Damage =
    Damage("the tags of the stations have more than 268435456 bytes; expected a smaller extract");
const MANY_CORNERS: Damage =
    Damage("the outlines of stations have more than 16000000 corners; expected a smaller extract");
const NODE_AGAIN: Damage = Damage("a block has the same object more than once; expected each once");
const BOMB: Damage =
    Damage("the file unpacks to far more than any map; expected data packed to a hundredth or more");

/// Where the search stopped, bytes from the start of the file, and why.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) at: u64,
    pub(super) stop: Stop,
}

/// An object that is a station.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) kind: ObjectKind,
    pub(super) id: i64,
    pub(super) kinds: Vec<&'static Kind>,
    pub(super) tags: Tags,
    shape: Shape,
}

/// What is known of an object's place.
#[derive(Debug)]
enum Shape {
    /// Everything.
    Places(Vec<Degrees>),
    /// The nodes of a way.
    Nodes(Vec<i64>),
    /// The ways of a relation.
    Ways(Vec<i64>),
}

/// What the file holds.
#[derive(Debug, Default)]
pub(super) struct Harvest {
    /// The stations with their places, in the order of the file.
    pub(super) found: Vec<(Found, Degrees)>,
    /// What was left out, counted.
    pub(super) left_out: BTreeMap<LeftOut, u64>,
}

/// A file that is read several times.
pub(super) struct Passes<'p, F> {
    pub(super) file: &'p mut F,
    pub(super) bytes: u64,
    /// Called with the bytes that are done, as if there were one pass.
    pub(super) on_block: &'p dyn Fn(u64),
}

/// How many passes there are at most.
const PASSES: u64 = 3;

impl<F: Read + Seek + Send> Passes<'_, F> {
    /// All passes.
    pub(super) fn run(mut self) -> Result<Harvest, Broken> {
        let mut harvest = Harvest::default();
        let mut found = self.stations(&mut harvest.left_out)?;
        let ways = wanted(found.iter().flat_map(|found| match &found.shape {
            Shape::Ways(ways) => ways.as_slice(),
            Shape::Places(_) | Shape::Nodes(_) => &[],
        }));
        let ways = self.ways(&ways)?;
        let members = ways.values().flat_map(Vec::as_slice);
        let nodes = wanted(members.chain(found.iter().flat_map(|found| match &found.shape {
            Shape::Nodes(nodes) => nodes.as_slice(),
            Shape::Places(_) | Shape::Ways(_) => &[],
        })));
        let nodes = self.nodes(nodes)?;
        for found in found.drain(..) {
            let place = match &found.shape {
                Shape::Places(places) => point_of(std::slice::from_ref(places)),
                Shape::Nodes(ids) => point_of(&[nodes.line(ids)]),
                Shape::Ways(ids) => {
                    let lines = ids.iter().filter_map(|id| ways.get(id));
                    point_of(&lines.map(|ids| nodes.line(ids)).collect::<Vec<_>>())
                }
            };
            match place {
                Some(place) => harvest.found.push((found, place)),
                None => *harvest.left_out.entry(LeftOut::NoPlace).or_default() += 1,
            }
        }
        (self.on_block)(self.bytes);
        Ok(harvest)
    }

    /// The first pass: which objects are stations.
    fn stations(&mut self, left_out: &mut BTreeMap<LeftOut, u64>) -> Result<Vec<Found>, Broken> {
        let budget = Budget::default();
        let mut all = Vec::new();
        self.each_block(0, &|block| stations_of(block, &budget), &mut |(
            found,
            reasons,
        )| {
            all.extend(found);
            for reason in reasons {
                *left_out.entry(reason).or_default() += 1;
            }
        })?;
        Ok(all)
    }

    /// The second pass: the nodes of the ways that relations are made of.
    fn ways(&mut self, wanted: &[i64]) -> Result<BTreeMap<i64, Vec<i64>>, Broken> {
        let mut ways = BTreeMap::new();
        if wanted.is_empty() {
            return Ok(ways);
        }
        let budget = Budget::default();
        let of_block = |block: &Block<'_>| {
            let mut found = Vec::new();
            block.visit(&[ObjectKind::Way], &mut |way| {
                if wanted.binary_search(&way.id).is_ok() {
                    let nodes = way.nodes()?;
                    budget.corners(nodes.len())?;
                    found.push((way.id, nodes));
                }
                if found.len() > wanted.len() {
                    Err(NODE_AGAIN)
                } else {
                    Ok(())
                }
            })?;
            Ok(found)
        };
        self.each_block(1, &of_block, &mut |found| ways.extend(found))?;
        Ok(ways)
    }

    /// The last pass: where the nodes are that outlines are made of.
    fn nodes(&mut self, wanted: Vec<i64>) -> Result<Nodes, Broken> {
        let mut nodes = Nodes {
            places: vec![None; wanted.len()],
            ids: wanted,
        };
        if nodes.ids.is_empty() {
            return Ok(nodes);
        }
        let ids = &nodes.ids;
        let of_block = |block: &Block<'_>| {
            let mut found = Vec::new();
            block.visit(&[ObjectKind::Node], &mut |node| {
                if let (Ok(position), Some(place)) = (ids.binary_search(&node.id), node.place) {
                    found.push((position, place));
                }
                if found.len() > ids.len() {
                    Err(NODE_AGAIN)
                } else {
                    Ok(())
                }
            })?;
            Ok(found)
        };
        let places = &mut nodes.places;
        self.each_block(2, &of_block, &mut |found| {
            for (position, place) in found {
                if let Some(slot) = places.get_mut(position) {
                    *slot = Some(place);
                }
            }
        })?;
        Ok(nodes)
    }

    /// Reads the file once; `work` is done on many blocks at a time, `take` gets the results in the order of the file.
    fn each_block<T: Send>(
        &mut self,
        pass: u64,
        work: &(dyn Fn(&Block<'_>) -> Result<T, Damage> + Sync),
        take: &mut dyn FnMut(T),
    ) -> Result<(), Broken> {
        let broken = |at, stop| Broken { at, stop };
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(|error| broken(0, Stop::Unreadable(error)))?;
        let unpacked = AtomicU64::new(0);
        let most = (self.bytes.saturating_mul(MAX_PACKING)).max(MAX_SMALL_BYTES);
        let open = |blob: &Blob| {
            let message = blob.unpacked()?;
            let bytes = message.len() as u64;
            if unpacked.fetch_add(bytes, Ordering::Relaxed) + bytes > most {
                return Err(BOMB);
            }
            if blob.kind == BlobKind::Header {
                return blob::check_header(&message).map(|()| None);
            }
            work(&Block::parse(&message)?).map(Some)
        };
        let mut at = 0;
        while at < self.bytes {
            let (batch, end) = self.batch(at)?;
            if at == 0 && batch.first().is_none_or(|blob| blob.kind != BlobKind::Header) {
                return Err(broken(0, Stop::Damaged(NO_HEADER)));
            }
            let results: Vec<_> = batch
                .par_iter()
                .map(|blob| open(blob).map_err(|damage| (blob.at, damage)))
                .collect();
            for result in results {
                match result {
                    Ok(result) => result.into_iter().for_each(&mut *take),
                    Err((at, damage)) => return Err(broken(at, Stop::Damaged(damage))),
                }
            }
            at = end;
            (self.on_block)((self.bytes * pass + at) / PASSES);
        }
        Ok(())
    }

    /// Some blobs that hold data, and where the next begins.
    fn batch(&mut self, begin: u64) -> Result<(Vec<Blob>, u64), Broken> {
        let (mut batch, mut at) = (Vec::new(), begin);
        while at - begin < BATCH_BYTES {
            match blob::next(&mut *self.file, at) {
                Ok(None) => return Ok((batch, self.bytes)),
                Ok(Some((blob, end))) => {
                    at = end;
                    if blob.kind != BlobKind::Other {
                        batch.push(blob);
                    }
                }
                Err(stop) => return Err(Broken { at, stop }),
            }
        }
        Ok((batch, at))
    }
}

/// The nodes of outlines: their ids in order, and the place of each that the file has.
#[derive(Debug)]
struct Nodes {
    ids: Vec<i64>,
    places: Vec<Option<Degrees>>,
}

impl Nodes {
    /// The places of the nodes of a way, without those that the file does not have.
    fn line(&self, ids: &[i64]) -> Vec<Degrees> {
        let place = |id: &i64| {
            let position = self.ids.binary_search(id).ok()?;
            self.places.get(position).copied().flatten()
        };
        ids.iter().filter_map(place).collect()
    }
}

/// Ids in order, each once.
fn wanted<'i>(ids: impl Iterator<Item = &'i i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What all blocks together may still bring, so that a small file cannot fill the memory.
#[derive(Debug, Default)]
struct Budget {
    stations: AtomicU64,
    tag_bytes: AtomicU64,
    corners: AtomicU64,
}

impl Budget {
    fn spend(counter: &AtomicU64, amount: u64, most: u64, damage: Damage) -> Result<(), Damage> {
        let spent = counter
            .fetch_add(amount, Ordering::Relaxed)
            .saturating_add(amount);
        if spent > most { Err(damage) } else { Ok(()) }
    }

    fn station(&self) -> Result<(), Damage> {
        Self::spend(&self.stations, 1, MAX_OSM_STATIONS, MANY_STATIONS)
    }

    fn tag(&self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
        let bytes = (key.len() + value.len()) as u64 + TAG_BYTES;
        Self::spend(&self.tag_bytes, bytes, MAX_OSM_TAG_BYTES, LONG_TAGS)
    }

    fn corners(&self, count: usize) -> Result<(), Damage> {
        Self::spend(&self.corners, count as u64, MAX_OSM_CORNERS, MANY_CORNERS)
    }
}

/// The stations of one block, and why others are none.
type OfBlock = (Vec<Found>, Vec<LeftOut>);

fn stations_of(block: &Block<'_>, budget: &Budget) -> Result<OfBlock, Damage> {
    let hints: Vec<Hint> = block.strings.iter().map(|text| Hint::of(text)).collect();
    let hint = |number: usize| hints.get(number).copied().unwrap_or_default();
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    let all = [ObjectKind::Node, ObjectKind::Way, ObjectKind::Relation];
    block.visit(&all, &mut |object| {
        let is_telling = |(key, value): &(usize, usize)| Hint::is_telling(hint(*key), hint(*value));
        if !object.tags.iter().any(is_telling) {
            return Ok(());
        }
        let tags = tags_of(block, object, budget)?;
        match judge(&tags) {
            Verdict::Nothing => {}
            Verdict::LeftOut(reason) => {
                budget.station()?;
                left_out.push(reason);
            }
            Verdict::Station(kinds) => {
                budget.station()?;
                let shape = shape_of(block, object, &tags, budget)?;
                found.push(Found {
                    kind: object.kind,
                    id: object.id,
                    kinds,
                    tags,
                    shape,
                });
            }
        }
        Ok(())
    })?;
    Ok((found, left_out))
}

fn tags_of(block: &Block<'_>, object: &Object<'_, '_>, budget: &Budget) -> Result<Tags, Damage> {
    let text = |number: usize| block.strings.get(number).copied().unwrap_or_default();
    let mut tags = Vec::new();
    for (key, value) in object.tags {
        let (key, value) = (text(*key), text(*value));
        budget.tag(key, value)?;
        tags.push((
            String::from_utf8_lossy(key).into(),
            String::from_utf8_lossy(value).into(),
        ));
    }
    Ok(tags.into_iter().collect())
}

fn shape_of(
    block: &Block<'_>,
    object: &Object<'_, '_>,
    tags: &Tags,
    budget: &Budget,
) -> Result<Shape, Damage> {
    let shape = match object.kind {
        ObjectKind::Node => Shape::Places(object.place.into_iter().collect()),
        ObjectKind::Way => {
            let places = object.node_places(block)?;
            if places.is_empty() {
                Shape::Nodes(object.nodes()?)
            } else {
                Shape::Places(places)
            }
        }
        // Other relations, as sites and routes, have no outline.
        ObjectKind::Relation if tags.is("type", "multipolygon") => Shape::Ways(object.member_ways()?),
        ObjectKind::Relation => Shape::Ways(Vec::new()),
    };
    budget.corners(match &shape {
        Shape::Places(places) => places.len(),
        Shape::Nodes(ids) | Shape::Ways(ids) => ids.len(),
    })?;
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_budget_is_spent_up_to_its_limit_and_not_beyond() {
        let budget = Budget {
            stations: AtomicU64::new(MAX_OSM_STATIONS - 1),
            tag_bytes: AtomicU64::new(MAX_OSM_TAG_BYTES - TAG_BYTES - 2),
            corners: AtomicU64::new(MAX_OSM_CORNERS - 4),
        };
        assert_eq!((budget.station(), budget.station()), (Ok(()), Err(MANY_STATIONS)));
        assert_eq!(
            (budget.tag(b"k", b"v"), budget.tag(b"", b"")),
            (Ok(()), Err(LONG_TAGS))
        );
        assert_eq!(
            (budget.corners(4), budget.corners(1)),
            (Ok(()), Err(MANY_CORNERS))
        );
    }

    #[test]
    fn nodes_that_the_file_does_not_have_are_left_out_of_a_line() {
        let nodes = Nodes {
            ids: wanted([3, 1, 3, 2].iter()),
            places: vec![Some((1.0, 1.0)), None, Some((3.0, 3.0))],
        };
        assert_eq!(nodes.ids, [1, 2, 3]);
        assert_eq!(nodes.line(&[3, 2, 1, 9, 3]), [(3.0, 3.0), (1.0, 1.0), (3.0, 3.0)]);
    }
}
