//! Points for benches: the world's populated places where the shared data are there, a seeded likeness where not.

use std::path::Path;

use yizhan::domain::coordinate::LonLat;

/// A small generator with a fixed seed, the same on every machine.
#[derive(Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// Starts a sequence.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number of the sequence, 0 ≤ x < 1.
    pub fn unit(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A place with the number of people there.
#[derive(Debug, Clone, Copy)]
pub struct Populated {
    /// Where.
    pub place: LonLat,
    /// People; 0 when not known.
    pub people: f64,
}

/// GeoNames' 234,908 places (`../shared/data`), or as many seeded ones in crowded clusters when the file is missing.
pub fn populated_places() -> (&'static str, Vec<Populated>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/large-geonames-cities500/cities500.csv.zst");
    std::fs::File::open(path).map_or_else(
        |_| ("seeded clusters", seeded_places()),
        |file| ("GeoNames cities500", read_places(file)),
    )
}

fn read_places(file: std::fs::File) -> Vec<Populated> {
    let reader = zstd::Decoder::new(file).expect("a zstd stream");
    let mut rows = csv::Reader::from_reader(reader);
    let headers = rows.headers().expect("a header").clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|header| header == name)
            .expect("a known column")
    };
    let (lon, lat, people) = (column("lon"), column("lat"), column("population"));
    rows.records()
        .map(|row| {
            let row = row.expect("a readable row");
            let number = |column: usize| row[column].parse::<f64>().unwrap_or(0.0);
            Populated {
                place: LonLat::new(number(lon), number(lat)).expect("a place"),
                people: number(people),
            }
        })
        .collect()
}

fn seeded_places() -> Vec<Populated> {
    let mut random = Seeded::new(1);
    let centres: Vec<(f64, f64)> = (0..2000)
        .map(|_| (random.unit() * 360.0 - 180.0, random.unit() * 140.0 - 70.0))
        .collect();
    (0..234_908)
        .map(|_| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "from 0 to 1,999"
            )]
            let (lon, lat) = centres[(random.unit() * 2000.0) as usize];
            let spread = random.unit() * random.unit() * 3.0;
            let (east, north) = (
                lon + (random.unit() - 0.5) * spread,
                lat + (random.unit() - 0.5) * spread,
            );
            let place = LonLat::new(east.clamp(-180.0, 180.0), north.clamp(-90.0, 90.0)).expect("a place");
            Populated {
                place,
                people: random.unit() * 1e5,
            }
        })
        .collect()
}

/// Places where people ask from: near a populated place, drawn in proportion to its people, up to some 5 km away.
pub fn people_weighted_queries(places: &[Populated], count: usize) -> Vec<LonLat> {
    let mut random = Seeded::new(2);
    let mut sums = Vec::with_capacity(places.len());
    let mut sum = 0.0;
    for populated in places {
        sum += populated.people + 100.0;
        sums.push(sum);
    }
    (0..count)
        .map(|_| {
            let draw = random.unit() * sum;
            let near = places[sums.partition_point(|&upto| upto <= draw).min(places.len() - 1)].place;
            let (east, north) = ((random.unit() - 0.5) * 0.1, (random.unit() - 0.5) * 0.1);
            LonLat::new(
                (near.lon_deg() + east).clamp(-180.0, 180.0),
                (near.lat_deg() + north).clamp(-90.0, 90.0),
            )
            .expect("a place")
        })
        .collect()
}
