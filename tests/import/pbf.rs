//! Writes small extracts of OpenStreetMap, straight from the description of the format, so that tests know every byte.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Tags as people write them: `amenity=toilets|fee=no`.
fn pairs(tags: &str) -> impl Iterator<Item = (&str, &str)> {
    tags.split('|').filter_map(|tag| tag.split_once('='))
}

/// How data are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Raw,
    Zlib,
}

/// An extract in the making: one block of nodes, one of ways, one of relations.
#[derive(Debug, Default)]
pub struct Extract {
    strings: Vec<String>,
    nodes: Vec<(i64, [i64; 2], Vec<u64>)>,
    ways: Vec<Vec<u8>>,
    relations: Vec<Vec<u8>>,
}

pub fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
    bytes
}

pub const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

/// A field of bytes.
pub fn field(number: u64, bytes: &[u8]) -> Vec<u8> {
    [
        varint(number << 3 | 2),
        varint(bytes.len() as u64),
        bytes.to_vec(),
    ]
    .concat()
}

/// A field of one number.
pub fn number(field: u64, number: u64) -> Vec<u8> {
    [varint(field << 3), varint(number)].concat()
}

pub fn packed(numbers: impl IntoIterator<Item = u64>) -> Vec<u8> {
    numbers.into_iter().flat_map(varint).collect()
}

/// Differences, each from the number before.
pub fn deltas(numbers: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let mut before = 0;
    packed(numbers.into_iter().map(|number| {
        let delta = number - before;
        before = number;
        zigzag(delta)
    }))
}

/// A blob with its frame; `kind` is `OSMHeader` or `OSMData`.
pub fn blob(kind: &str, message: &[u8], packing: Packing) -> Vec<u8> {
    let content = match packing {
        Packing::Raw => field(1, message),
        Packing::Zlib => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(message).expect("packed");
            let data = encoder.finish().expect("packed");
            [number(2, message.len() as u64), field(3, &data)].concat()
        }
    };
    framed(kind, &content)
}

/// The frame around the content of a blob.
pub fn framed(kind: &str, content: &[u8]) -> Vec<u8> {
    let header = [field(1, kind.as_bytes()), number(3, content.len() as u64)].concat();
    [
        &u32::try_from(header.len()).expect("a short header").to_be_bytes(),
        header.as_slice(),
        content,
    ]
    .concat()
}

/// A header that demands what usual extracts demand.
pub fn header(packing: Packing) -> Vec<u8> {
    let features = [field(4, b"OsmSchema-V0.6"), field(4, b"DenseNodes")].concat();
    blob("OSMHeader", &features, packing)
}

/// Texts and one group, as a block.
pub fn block(strings: &[&str], group: &[u8]) -> Vec<u8> {
    let table: Vec<u8> = strings
        .iter()
        .flat_map(|text| field(1, text.as_bytes()))
        .collect();
    [field(1, &table), field(2, group)].concat()
}

impl Extract {
    fn text(&mut self, text: &str) -> u64 {
        if self.strings.is_empty() {
            self.strings.push(String::new());
        }
        let known = self.strings.iter().position(|known| known == text);
        let at = known.unwrap_or_else(|| {
            self.strings.push(text.to_owned());
            self.strings.len() - 1
        });
        at as u64
    }

    fn tags(&mut self, tags: &str) -> Vec<u8> {
        let keys: Vec<u64> = pairs(tags).map(|tag| self.text(tag.0)).collect();
        let values: Vec<u64> = pairs(tags).map(|tag| self.text(tag.1)).collect();
        [field(2, &packed(keys)), field(3, &packed(values))].concat()
    }

    /// Adds a node at longitude and latitude in degrees.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "degrees times ten million are far below 64 bits"
    )]
    pub fn node(mut self, id: i64, (lon_deg, lat_deg): (f64, f64), tags: &str) -> Self {
        let units = |degrees: f64| (degrees * 1e7).round() as i64;
        let mut texts = Vec::new();
        for (key, value) in pairs(tags) {
            texts.push(self.text(key));
            texts.push(self.text(value));
        }
        self.nodes.push((id, [units(lon_deg), units(lat_deg)], texts));
        self
    }

    /// Adds a way through nodes.
    pub fn way(mut self, id: i64, nodes: &[i64], tags: &str) -> Self {
        let tags = self.tags(tags);
        let refs = field(8, &deltas(nodes.iter().copied()));
        self.ways
            .push([number(1, id.cast_unsigned()), tags, refs].concat());
        self
    }

    /// Adds a relation of ways.
    pub fn relation(mut self, id: i64, ways: &[(i64, &str)], tags: &str) -> Self {
        let tags = self.tags(tags);
        let roles: Vec<u64> = ways.iter().map(|(_, role)| self.text(role)).collect();
        let members = field(9, &deltas(ways.iter().map(|(id, _)| *id)));
        let kinds = field(10, &packed(ways.iter().map(|_| 1)));
        self.relations.push(
            [
                number(1, id.cast_unsigned()),
                tags,
                field(8, &packed(roles)),
                members,
                kinds,
            ]
            .concat(),
        );
        self
    }

    /// The file, nodes as columns.
    pub fn bytes(&self, packing: Packing) -> Vec<u8> {
        let strings: Vec<&str> = self.strings.iter().map(String::as_str).collect();
        let has_tags = self.nodes.iter().any(|node| !node.2.is_empty());
        let texts = self
            .nodes
            .iter()
            .flat_map(|node| node.2.iter().copied().chain([0]));
        let columns = [
            field(1, &deltas(self.nodes.iter().map(|node| node.0))),
            field(8, &deltas(self.nodes.iter().map(|node| node.1[1]))),
            field(9, &deltas(self.nodes.iter().map(|node| node.1[0]))),
            if has_tags {
                field(10, &packed(texts))
            } else {
                Vec::new()
            },
        ];
        let groups = [
            field(2, &columns.concat()),
            self.ways.iter().flat_map(|way| field(3, way)).collect(),
            self.relations
                .iter()
                .flat_map(|relation| field(4, relation))
                .collect(),
        ];
        let mut file = header(packing);
        for group in groups.iter().filter(|group| !group.is_empty()) {
            file.extend(blob("OSMData", &block(&strings, group), packing));
        }
        file
    }
}
