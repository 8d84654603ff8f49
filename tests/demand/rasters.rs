//! Demand from `GeoTIFF`: every kind of sample, strips and tiles, windows, and the words for rasters that cannot be used.

use std::io::Cursor;
use std::process::Command;

use tiff::encoder::colortype::{ColorType, Gray16, Gray32Float, Gray64Float, GrayI32, RGB8};
use tiff::encoder::{
    Compression, DeflateLevel, DirectoryEncoder, TiffEncoder, TiffKind, TiffKindBig, TiffKindStandard,
    TiffValue,
};
use tiff::tags::Tag;
use yizhan::domain::bounds::Bounds;
use yizhan::domain::demand::DemandKind;
use yizhan::import::demand::{DemandOptions, ImportedDemand, parse_demand};

use super::*;

const WGS_84: &[u16] = &[1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];

/// What is written beside the pixels.
#[derive(Clone, Copy)]
struct Tags<'t> {
    keys: &'t [u16],
    scale: &'t [f64],
    ties: &'t [f64],
    matrix: &'t [f64],
    no_data: &'t str,
}

/// Pixels of 0.01° from 109° E, 19° N.
const PLACED: Tags<'static> = Tags {
    keys: WGS_84,
    scale: &[0.01, 0.01, 0.0],
    ties: &[0.0, 0.0, 0.0, 109.0, 19.0, 0.0],
    matrix: &[],
    no_data: "-99999",
};

impl Tags<'_> {
    fn write<K: TiffKind>(&self, directory: &mut DirectoryEncoder<'_, &mut Cursor<Vec<u8>>, K>) {
        let doubles = [
            (Tag::ModelPixelScaleTag, self.scale),
            (Tag::ModelTiepointTag, self.ties),
            (Tag::ModelTransformationTag, self.matrix),
        ];
        for (tag, values) in doubles.into_iter().filter(|(_, values)| !values.is_empty()) {
            directory.write_tag(tag, values).expect("written");
        }
        if !self.keys.is_empty() {
            directory
                .write_tag(Tag::GeoKeyDirectoryTag, self.keys)
                .expect("written");
        }
        directory
            .write_tag(Tag::GdalNodata, self.no_data)
            .expect("written");
    }
}

fn raster<C: ColorType, K: TiffKind>(
    (width, height): (u32, u32),
    pixels: &[C::Inner],
    tags: Tags<'_>,
    compression: Compression,
) -> Vec<u8>
where
    [C::Inner]: TiffValue,
{
    let mut file = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::<_, K>::new_generic(&mut file)
        .expect("an encoder")
        .with_compression(compression);
    let mut image = encoder.new_image::<C>(width, height).expect("an image");
    image.rows_per_strip(3).expect("strips");
    tags.write(image.encoder());
    image.write_data(pixels).expect("written");
    file.into_inner()
}

fn floats(size: (u32, u32), pixels: &[f32], tags: Tags<'_>) -> Vec<u8> {
    raster::<Gray32Float, TiffKindStandard>(size, pixels, tags, Compression::Uncompressed)
}

/// A raster of tiles of 16 × 16, filled up with 7 beyond the edge.
fn tiled((width, height): (u32, u32), pixels: &[f32]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut file).expect("an encoder");
    let mut directory = encoder.image_directory().expect("a directory");
    let (mut offsets, mut counts) = (Vec::new(), Vec::new());
    for top in (0..height).step_by(16) {
        for left in (0..width).step_by(16) {
            let value = |at: u32| {
                let (column, row) = (left + at % 16, top + at / 16);
                if column < width && row < height {
                    pixels[(row * width + column) as usize]
                } else {
                    7.0
                }
            };
            let tile: Vec<f32> = (0..256).map(value).collect();
            offsets
                .push(u32::try_from(directory.write_data(tile.as_slice()).expect("written")).expect("small"));
            counts.push(1024_u32);
        }
    }
    for (tag, value) in [
        (Tag::ImageWidth, width),
        (Tag::ImageLength, height),
        (Tag::BitsPerSample, 32),
        (Tag::Compression, 1),
        (Tag::PhotometricInterpretation, 1),
        (Tag::SamplesPerPixel, 1),
        (Tag::SampleFormat, 3),
        (Tag::TileWidth, 16),
        (Tag::TileLength, 16),
    ] {
        directory
            .write_tag(tag, u16::try_from(value).expect("small"))
            .expect("written");
    }
    directory
        .write_tag(Tag::TileOffsets, offsets.as_slice())
        .expect("written");
    directory
        .write_tag(Tag::TileByteCounts, counts.as_slice())
        .expect("written");
    PLACED.write(&mut directory);
    directory.finish().expect("written");
    file.into_inner()
}

fn read(bytes: &[u8]) -> ImportedDemand {
    parse_demand(bytes, "r.tif", &DemandOptions::default()).expect("a usable raster")
}

fn refused(bytes: &[u8]) -> String {
    parse_demand(bytes, "r.tif", &DemandOptions::default())
        .expect_err("refused")
        .to_string()
}

/// Values 1, 2, 3 …, every tenth without data.
fn ramp(count: u32) -> Vec<f64> {
    (1..=count)
        .map(|number| {
            if number % 10 == 0 {
                -99999.0
            } else {
                f64::from(number)
            }
        })
        .collect()
}

#[test]
#[expect(clippy::cast_possible_truncation, reason = "small whole numbers")]
fn every_kind_of_sample_and_of_packing_gives_the_same_places_and_weights() {
    let (size, values) = ((37, 23), ramp(37 * 23));
    let single: Vec<f32> = values.iter().map(|value| *value as f32).collect();
    let whole: Vec<i32> = values.iter().map(|value| *value as i32).collect();
    let deflate = Compression::Deflate(DeflateLevel::Balanced);
    let files = [
        ("f32", floats(size, &single, PLACED)),
        (
            "f32 deflate",
            raster::<Gray32Float, TiffKindStandard>(size, &single, PLACED, deflate),
        ),
        (
            "f64 lzw",
            raster::<Gray64Float, TiffKindStandard>(size, &values, PLACED, Compression::Lzw),
        ),
        (
            "i32 packbits",
            raster::<GrayI32, TiffKindStandard>(size, &whole, PLACED, Compression::Packbits),
        ),
        (
            "BigTIFF",
            raster::<Gray32Float, TiffKindBig>(size, &single, PLACED, deflate),
        ),
        ("tiles", tiled(size, &single)),
    ];
    let mut expected: Vec<(u64, u64, f64)> = Vec::new();
    for (at, value) in (0..).zip(&values).filter(|(_, value)| **value > 0.0) {
        let centre = place(
            109.0 + (f64::from(at % 37) + 0.5) * 0.01,
            19.0 - (f64::from(at / 37) + 0.5) * 0.01,
        );
        expected.push((centre.lon_deg().to_bits(), centre.lat_deg().to_bits(), *value));
    }
    expected.sort_by(|a, b| a.2.total_cmp(&b.2));
    for (name, file) in files {
        let imported = read(&file);
        let records = imported.records;
        assert_eq!(
            (records.kind, &*records.weights[0].name),
            (DemandKind::Raster, "population"),
            "{name}"
        );
        let mut found: Vec<(u64, u64, f64)> = records
            .places
            .iter()
            .zip(&records.weights[0].values)
            .map(|(place, value)| (place.lon_deg().to_bits(), place.lat_deg().to_bits(), *value))
            .collect();
        found.sort_by(|a, b| a.2.total_cmp(&b.2));
        assert!(found == expected, "{name}");
        assert_eq!((imported.rows, records.rows_skipped), (37 * 23, 85), "{name}");
        assert_eq!(
            records.notes[0].en,
            "pixels left out: 85 without data, 0 with 0 or less, 0 not finite or above 1e15",
            "{name}"
        );
    }
}

#[test]
fn pixels_without_people_are_left_out_and_counted_by_reason() {
    let pixels = [1.5, -99999.0, f32::NAN, 0.0, -3.0, f32::INFINITY, 2e15, 2.5];
    let records = read(&floats((4, 2), &pixels, PLACED)).records;
    assert_eq!(records.weights[0].values, [1.5, 2.5]);
    assert_eq!(
        records.notes[0].en,
        "pixels left out: 2 without data, 2 with 0 or less, 2 not finite or above 1e15"
    );
    // -3.4028234663852886e+38 is how GDAL writes the least single float.
    let least = Tags {
        no_data: "-3.40282346638529e+38",
        ..PLACED
    };
    assert_eq!(
        read(&floats((2, 1), &[f32::MIN, 4.0], least)).records.notes[0].en,
        "pixels left out: 1 without data, 0 with 0 or less, 0 not finite or above 1e15"
    );
    let zero = raster::<Gray16, TiffKindStandard>(
        (2, 1),
        &[0, 9],
        Tags {
            no_data: "0",
            ..PLACED
        },
        Compression::Uncompressed,
    );
    assert_eq!(read(&zero).records.weights[0].values, [9.0]);
    assert_eq!(
        refused(&floats((2, 1), &[f32::NAN, 0.0], PLACED)),
        "file `r.tif` has no usable demand: `2` rows were left out; expected at least one place"
    );
}

#[test]
fn only_blocks_near_the_districts_are_read() {
    let (size, pixels) = ((64, 64), vec![1.0_f32; 64 * 64]);
    let window = Bounds::new(place(109.1, 18.8), place(109.2, 18.85)).expect("a box");
    let options = DemandOptions {
        window: vec![window],
        weights: vec!["people".into()],
        ..DemandOptions::default()
    };
    for (name, file) in [
        ("strips", floats(size, &pixels, PLACED)),
        ("tiles", tiled(size, &pixels)),
    ] {
        let records = parse_demand(&file, "r.tif", &options).expect("usable").records;
        let expected = (0..64 * 64).filter(|at| {
            let (lon, lat) = (
                109.005 + 0.01 * f64::from(at % 64),
                18.995 - 0.01 * f64::from(at / 64),
            );
            (109.09..=109.21).contains(&lon) && (18.79..=18.86).contains(&lat)
        });
        assert_eq!(records.places.len(), expected.count(), "{name}");
        assert_eq!(
            (&*records.weights[0].name, records.notes[1].code),
            ("people", "window"),
            "{name}"
        );
    }
}

#[test]
fn rasters_over_the_antimeridian_and_of_points_are_placed_rightly() {
    let wrapped = Tags {
        ties: &[0.0, 0.0, 0.0, 179.98, 10.0, 0.0],
        ..PLACED
    };
    let lons: Vec<f64> = read(&floats((4, 1), &[1.0; 4], wrapped))
        .records
        .places
        .iter()
        .map(|place| place.lon_deg())
        .collect();
    for (found, expected) in lons.iter().zip([179.985, 179.995, -179.995, -179.985]) {
        assert!((found - expected).abs() < 1e-9, "{lons:?}");
    }
    let keys: Vec<u16> = WGS_84
        .iter()
        .enumerate()
        .map(|(at, value)| if at == 11 { 2 } else { *value })
        .collect();
    let points = read(&floats(
        (1, 1),
        &[1.0],
        Tags {
            keys: &keys,
            ..PLACED
        },
    ))
    .records;
    assert!(
        (points.places[0].lon_deg() - 109.0).abs() < 1e-12
            && (points.places[0].lat_deg() - 19.0).abs() < 1e-12
    );
    let matrix = [
        0.01, 0.0, 0.0, 109.0, 0.0, -0.01, 0.0, 19.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0,
    ];
    let by_matrix = read(&floats(
        (1, 1),
        &[1.0],
        Tags {
            scale: &[],
            ties: &[],
            matrix: &matrix,
            ..PLACED
        },
    ))
    .records;
    assert_eq!(by_matrix.places, [place(109.005, 18.995)]);
}

#[test]
fn rasters_that_cannot_be_used_are_refused_with_what_was_found_and_what_to_do() {
    let one = |tags| refused(&floats((2, 2), &[1.0; 4], tags));
    let keys = |model: u16, key: u16, code: u16| vec![1, 1, 0, 2, 1024, 0, 1, model, key, 0, 1, code];
    let rotated = [
        0.01, 0.002, 0.0, 109.0, 0.001, -0.01, 0.0, 19.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0,
    ];
    let warp =
        "expected WGS-84 longitude and latitude (EPSG:4326): convert it with `gdalwarp -t_srs EPSG:4326`";
    for (tags, expected) in [
        (Tags { keys: &keys(1, 3072, 32649), ..PLACED }, format!("is projected in `EPSG:32649`; {warp}")),
        (Tags { keys: &keys(1, 3072, 32767), ..PLACED }, format!("is projected in a system of its own; {warp}")),
        (Tags { keys: &keys(2, 2048, 4214), ..PLACED }, format!("is georeferenced in `EPSG:4214`; {warp}")),
        (Tags { keys: &keys(3, 2048, 4978), ..PLACED }, format!("has coordinates of model type `3`; {warp}")),
        (
            Tags { keys: &[], ..PLACED },
            "has no reference system; expected WGS-84 (EPSG:4326): if it is, say so with `gdal_edit.py -a_srs EPSG:4326`".to_owned(),
        ),
        (
            Tags { scale: &[], ties: &[], matrix: &rotated, ..PLACED },
            "is rotated or sheared (`0.002`, `0.001`); expected rows from west to east: straighten it with `gdalwarp -t_srs EPSG:4326`".to_owned(),
        ),
        (
            Tags { scale: &[], ties: &[], ..PLACED },
            "does not say where it lies (no ModelTiepoint with ModelPixelScale); expected a georeferenced raster: \
             place it with `gdal_translate -a_srs EPSG:4326 -a_ullr WEST NORTH EAST SOUTH`".to_owned(),
        ),
        (
            Tags { ties: &[0.0; 24], ..PLACED },
            "is placed by `4` ground control points; expected one corner and the size of a pixel: convert it with `gdalwarp -t_srs EPSG:4326`".to_owned(),
        ),
        (
            Tags { ties: &[0.0, 0.0, 0.0, 500_000.0, 2_000_000.0, 0.0], scale: &[100.0, 100.0, 0.0], ..PLACED },
            "reaches from `500000`,`1999800` to `500200`,`2000000`; expected degrees of longitude and latitude: \
             convert it with `gdalwarp -t_srs EPSG:4326`".to_owned(),
        ),
        (
            Tags { no_data: "nothing", ..PLACED },
            "has `nothing` for pixels without data; expected a number: set it with `gdal_translate -a_nodata -99999`".to_owned(),
        ),
    ] {
        assert_eq!(one(tags), format!("raster `r.tif` {expected}"));
    }
    let colours = raster::<RGB8, TiffKindStandard>((1, 1), &[1, 2, 3], PLACED, Compression::Uncompressed);
    assert_eq!(
        refused(&colours),
        "raster `r.tif` has `3` bands; expected one: choose it with `gdal_translate -b 1`"
    );
    let cgcs = read(&floats(
        (1, 1),
        &[1.0],
        Tags {
            keys: &keys(2, 2048, 4490),
            ..PLACED
        },
    ))
    .records;
    assert_eq!(cgcs.notes[1].code, "cgcs2000");
}

#[test]
fn a_raster_of_complex_numbers_is_refused_by_name() {
    // The sample format of a plain raster is changed in place: tag 339, short, one value.
    let mut file = floats((1, 1), &[1.0], PLACED);
    let entry = [0x53, 0x01, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00];
    let at = file.windows(8).position(|bytes| bytes == entry).expect("the tag");
    file[at + 8] = 6;
    assert_eq!(
        refused(&file),
        "raster `r.tif` has `complex numbers`; expected real numbers, one a pixel: convert it with `gdal_translate -ot Float32`"
    );
}

/// Runs a program of GDAL in a folder; `None` where GDAL is not installed.
fn gdal(folder: &std::path::Path, command: &str) -> Option<String> {
    let mut words = command.split(' ');
    let output = Command::new(words.next()?)
        .args(words)
        .current_dir(folder)
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
#[expect(clippy::cast_possible_truncation, reason = "small whole numbers")]
fn rasters_that_gdal_writes_hold_what_gdal_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let single: Vec<f32> = ramp(200 * 150).iter().map(|value| *value as f32).collect();
    let own = floats((200, 150), &single, PLACED);
    std::fs::write(folder.path().join("own.tif"), &own).expect("written");
    let expected: f64 = read(&own).records.weights[0].values.iter().sum();
    for options in [
        "-co TILED=YES -co BLOCKXSIZE=64 -co BLOCKYSIZE=64 -co COMPRESS=DEFLATE -co PREDICTOR=3",
        "-co COMPRESS=LZW -co PREDICTOR=2 -ot Int32",
        "-co BIGTIFF=YES -ot Float64 -co ENDIANNESS=BIG",
    ] {
        if gdal(
            folder.path(),
            &format!("gdal_translate -q {options} own.tif other.tif"),
        )
        .is_none()
        {
            return;
        }
        let other = read(&std::fs::read(folder.path().join("other.tif")).expect("a file")).records;
        let sum: f64 = other.weights[0].values.iter().sum();
        assert_eq!((sum, other.places.len()), (expected, 27_000), "{options}");
        let said = gdal(folder.path(), "gdalinfo -stats other.tif").expect("GDAL");
        let mean = said
            .split("STATISTICS_MEAN=")
            .nth(1)
            .and_then(|rest| rest.lines().next());
        let mean: f64 = mean.and_then(|mean| mean.parse().ok()).expect("a mean");
        assert!((mean * 27_000.0 / sum - 1.0).abs() < 1e-9, "{mean}");
    }
    gdal(folder.path(), "gdalwarp -q -t_srs EPSG:32649 own.tif utm.tif").expect("GDAL");
    let utm = std::fs::read(folder.path().join("utm.tif")).expect("a file");
    assert!(refused(&utm).starts_with("raster `r.tif` is projected in `EPSG:32649`; expected WGS-84"));
}

#[test]
fn truncated_and_broken_files_are_refused_and_never_end_the_program() {
    let deflate = Compression::Deflate(DeflateLevel::Balanced);
    let file = raster::<Gray32Float, TiffKindStandard>((40, 40), &vec![3.5; 1600], PLACED, deflate);
    for length in (0..file.len()).step_by(7) {
        let result = parse_demand(&file[..length], "r.tif", &DemandOptions::default());
        assert!(result.is_err(), "{length}");
    }
    for position in 0..file.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut broken = file.clone();
            broken[position] ^= change;
            if let Err(error) = parse_demand(&broken, "r.tif", &DemandOptions::default()) {
                assert!(error.to_string().contains("expected"), "{error}");
            }
        }
    }
}
