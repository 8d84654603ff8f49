//! The objects in a block of data: nodes, ways and relations with their tags, without copies of what nobody wants.

use super::wire::{Damage, Fields, Packed, Value, zigzag};

/// The most texts that one block may name.
pub(super) const MAX_STRINGS: usize = 4_000_000;
/// The most tags of one object.
pub(super) const MAX_TAGS: usize = 5000;
/// The most nodes of a way, or members of a relation, that are followed.
pub(super) const MAX_PARTS: usize = 32_000;

const MANY_STRINGS: Damage = Damage("a block has more than 4000000 texts; expected at most that many");
const MANY_TAGS: Damage = Damage("an object has more than 5000 tags; expected at most that many");
const MANY_PARTS: Damage =
    Damage("an object has more than 32000 nodes or members; expected at most that many");
const NO_TEXT: Damage =
    Damage("a tag names a text that the block does not have; expected a number below its count");
const UNEVEN: Damage =
    Damage("lists that belong together have different lengths; expected the same count in each");
const FAR_AWAY: Damage = Damage("a coordinate has more than 64 bits; expected degrees");
const NO_ID: Damage = Damage("an object has no id; expected one");

/// The kinds of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ObjectKind {
    Node,
    Way,
    Relation,
}

impl ObjectKind {
    /// The word that OpenStreetMap uses.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Way => "way",
            Self::Relation => "relation",
        }
    }
}

/// Longitude and latitude, degrees.
pub(super) type Degrees = (f64, f64);

/// One object, with the lists of it that are rarely wanted still packed.
#[derive(Debug)]
pub(super) struct Object<'o, 'b> {
    pub(super) kind: ObjectKind,
    pub(super) id: i64,
    /// Key and value of each tag, as numbers of texts in the block.
    pub(super) tags: &'o [(usize, usize)],
    /// Where a node is.
    pub(super) place: Option<Degrees>,
    parts: Parts<'b>,
}

/// The packed lists of a way or relation.
#[derive(Debug, Default, Clone)]
struct Parts<'b> {
    ids: Packed<'b>,
    types: Packed<'b>,
    lats: Packed<'b>,
    lons: Packed<'b>,
}

impl Object<'_, '_> {
    /// The ids of the nodes of a way.
    pub(super) fn nodes(&self) -> Result<Vec<i64>, Damage> {
        let mut ids = Vec::new();
        for id in self.parts.ids.clone().sums() {
            ids.push(id?);
            if ids.len() > MAX_PARTS {
                return Err(MANY_PARTS);
            }
        }
        Ok(ids)
    }

    /// The ids of the ways that are members of a relation.
    pub(super) fn member_ways(&self) -> Result<Vec<i64>, Damage> {
        let mut ways = Vec::new();
        let mut types = self.parts.types.clone();
        for (position, id) in self.parts.ids.clone().sums().enumerate() {
            let (id, kind) = (id?, types.next().ok_or(UNEVEN)??);
            if kind == 1 {
                ways.push(id);
            }
            if position >= MAX_PARTS {
                return Err(MANY_PARTS);
            }
        }
        Ok(ways)
    }

    /// Where the nodes of a way are, in files that say so with the way itself; else empty.
    pub(super) fn node_places(&self, block: &Block<'_>) -> Result<Vec<Degrees>, Damage> {
        let mut places = Vec::new();
        let mut lats = self.parts.lats.clone().sums();
        for lon in self.parts.lons.clone().sums() {
            let (lon, lat) = (lon?, lats.next().ok_or(UNEVEN)??);
            places.push(block.degrees(lon, lat)?);
            if places.len() > MAX_PARTS {
                return Err(MANY_PARTS);
            }
        }
        Ok(places)
    }
}

/// A block of data: its texts, its groups of objects, and how its coordinates are to be read.
#[derive(Debug)]
pub(super) struct Block<'b> {
    pub(super) strings: Vec<&'b [u8]>,
    groups: Vec<&'b [u8]>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

impl<'b> Block<'b> {
    /// Reads the outline of a block.
    pub(super) fn parse(message: &'b [u8]) -> Result<Self, Damage> {
        let mut block = Self {
            strings: Vec::new(),
            groups: Vec::new(),
            granularity: 100,
            lat_offset: 0,
            lon_offset: 0,
        };
        for field in Fields::of(message) {
            match field? {
                (1, table) => {
                    for text in Fields::of(table.bytes()?) {
                        if let (1, text) = text? {
                            block.strings.push(text.bytes()?);
                        }
                        if block.strings.len() > MAX_STRINGS {
                            return Err(MANY_STRINGS);
                        }
                    }
                }
                (2, group) => block.groups.push(group.bytes()?),
                (17, value) => block.granularity = value.number()?.cast_signed(),
                (19, value) => block.lat_offset = value.number()?.cast_signed(),
                (20, value) => block.lon_offset = value.number()?.cast_signed(),
                _ => {}
            }
        }
        Ok(block)
    }

    /// Calls `visit` with each object of the kinds that are wanted, in the order of the file.
    pub(super) fn visit(
        &self,
        wanted: &[ObjectKind],
        visit: &mut dyn FnMut(&Object<'_, 'b>) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let mut tags = Vec::new();
        for group in &self.groups {
            for field in Fields::of(group) {
                let (kind, value) = match field? {
                    (2, dense) if wanted.contains(&ObjectKind::Node) => {
                        self.dense(dense.bytes()?, &mut tags, visit)?;
                        continue;
                    }
                    (1, value) => (ObjectKind::Node, value),
                    (3, value) => (ObjectKind::Way, value),
                    (4, value) => (ObjectKind::Relation, value),
                    _ => continue,
                };
                if wanted.contains(&kind) {
                    self.object(kind, value, &mut tags, visit)?;
                }
            }
        }
        Ok(())
    }

    fn degrees(&self, lon: i64, lat: i64) -> Result<Degrees, Damage> {
        let degrees = |raw: i64, offset: i64| {
            let nanodegrees = raw
                .checked_mul(self.granularity)
                .and_then(|nano| nano.checked_add(offset))
                .ok_or(FAR_AWAY)?;
            Ok(nanodegrees as f64 / 1e9)
        };
        Ok((degrees(lon, self.lon_offset)?, degrees(lat, self.lat_offset)?))
    }

    fn text_number(&self, number: u64) -> Result<usize, Damage> {
        let number = usize::try_from(number).map_err(|_too_large| NO_TEXT)?;
        if number < self.strings.len() {
            Ok(number)
        } else {
            Err(NO_TEXT)
        }
    }

    /// Nodes as columns: ids, longitudes, latitudes, and tags with a 0 behind those of each node.
    fn dense(
        &self,
        message: &'b [u8],
        tags: &mut Vec<(usize, usize)>,
        visit: &mut dyn FnMut(&Object<'_, 'b>) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let (mut ids, mut lats, mut lons, mut texts) = (
            Packed::default(),
            Packed::default(),
            Packed::default(),
            Packed::default(),
        );
        let mut has_tags = false;
        for field in Fields::of(message) {
            match field? {
                (1, value) => ids = Packed::of(value.bytes()?),
                (8, value) => lats = Packed::of(value.bytes()?),
                (9, value) => lons = Packed::of(value.bytes()?),
                (10, value) => {
                    texts = Packed::of(value.bytes()?);
                    has_tags = !value.bytes()?.is_empty();
                }
                _ => {}
            }
        }
        let (mut lats, mut lons) = (lats.sums(), lons.sums());
        for id in ids.sums() {
            let (id, lat, lon) = (id?, lats.next().ok_or(UNEVEN)??, lons.next().ok_or(UNEVEN)??);
            tags.clear();
            if has_tags {
                self.tags_of_dense(&mut texts, tags)?;
            }
            visit(&Object {
                kind: ObjectKind::Node,
                id,
                tags,
                place: Some(self.degrees(lon, lat)?),
                parts: Parts::default(),
            })?;
        }
        if lats.next().is_some() || lons.next().is_some() || texts.next().is_some() {
            return Err(UNEVEN);
        }
        Ok(())
    }

    /// Takes the tags of one node, up to the 0 behind them.
    fn tags_of_dense(&self, texts: &mut Packed<'_>, tags: &mut Vec<(usize, usize)>) -> Result<(), Damage> {
        loop {
            let key = texts.next().ok_or(UNEVEN)??;
            if key == 0 {
                return Ok(());
            }
            let value = texts.next().ok_or(UNEVEN)??;
            self.push_tag(tags, key, value)?;
        }
    }

    fn object(
        &self,
        kind: ObjectKind,
        value: Value<'b>,
        tags: &mut Vec<(usize, usize)>,
        visit: &mut dyn FnMut(&Object<'_, 'b>) -> Result<(), Damage>,
    ) -> Result<(), Damage> {
        let (mut id, mut lat, mut lon) = (None, 0, 0);
        let (mut keys, mut values, mut parts) = (Packed::default(), Packed::default(), Parts::default());
        for field in Fields::of(value.bytes()?) {
            match (kind, field?) {
                (ObjectKind::Node, (1, value)) => id = Some(zigzag(value.number()?)),
                (ObjectKind::Node, (8, value)) => lat = zigzag(value.number()?),
                (ObjectKind::Node, (9, value)) => lon = zigzag(value.number()?),
                (_, (1, value)) => id = Some(value.number()?.cast_signed()),
                (_, (2, value)) => keys = Packed::of(value.bytes()?),
                (_, (3, value)) => values = Packed::of(value.bytes()?),
                (ObjectKind::Way, (8, value)) | (ObjectKind::Relation, (9, value)) => {
                    parts.ids = Packed::of(value.bytes()?);
                }
                (ObjectKind::Way, (9, value)) => parts.lats = Packed::of(value.bytes()?),
                (ObjectKind::Way, (10, value)) => parts.lons = Packed::of(value.bytes()?),
                (ObjectKind::Relation, (10, value)) => parts.types = Packed::of(value.bytes()?),
                _ => {}
            }
        }
        tags.clear();
        for key in keys {
            let (key, value) = (key?, values.next().ok_or(UNEVEN)??);
            self.push_tag(tags, key, value)?;
        }
        let is_node = kind == ObjectKind::Node;
        let place = if is_node {
            Some(self.degrees(lon, lat)?)
        } else {
            None
        };
        visit(&Object {
            kind,
            id: id.ok_or(NO_ID)?,
            tags,
            place,
            parts,
        })
    }

    fn push_tag(&self, tags: &mut Vec<(usize, usize)>, key: u64, value: u64) -> Result<(), Damage> {
        if tags.len() >= MAX_TAGS {
            return Err(MANY_TAGS);
        }
        tags.push((self.text_number(key)?, self.text_number(value)?));
        Ok(())
    }
}
