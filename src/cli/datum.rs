//! `yizhan datum`: coordinates from one datum to another.

use std::io::{BufRead as _, Write as _};

use anyhow::Context as _;
use clap::Args;

use super::{exit, terminal};
use crate::domain::coordinate::LonLat;
use crate::domain::datum::{Datum, convert};

/// Flags of `datum`.
#[derive(Debug, Args)]
pub struct DatumArgs {
    /// Datum of what is given
    #[arg(long, value_name = "wgs84|gcj02|bd09")]
    from: Datum,
    /// Datum of what is wanted
    #[arg(long, value_name = "wgs84|gcj02|bd09")]
    to: Datum,
    /// Coordinates as lon,lat; read from standard input, one a line, when left out
    #[arg(allow_hyphen_values = true)]
    coordinates: Vec<String>,
}

/// Prints one `lon,lat` a line; a bad one is named on standard error and the rest goes on.
pub fn run(args: &DatumArgs) -> anyhow::Result<u8> {
    let mut code = exit::DONE;
    let mut out = terminal::output();
    let mut print = |text: &str, whence: &str| -> std::io::Result<()> {
        match read(text) {
            Ok(place) => {
                let place = convert(place, args.from, args.to);
                writeln!(out, "{:.7},{:.7}", place.lon_deg(), place.lat_deg())?;
            }
            Err(problem) => {
                terminal::tell(format_args!("{whence}: {problem}"));
                code = exit::USAGE;
            }
        }
        Ok(())
    };
    if args.coordinates.is_empty() {
        for (line, number) in std::io::stdin().lock().lines().zip(1_u64..) {
            let line = line.context("cannot read standard input")?;
            if !line.trim().is_empty() {
                print(&line, &format!("line {number}"))?;
            }
        }
    } else {
        for text in &args.coordinates {
            print(text, "yizhan")?;
        }
    }
    Ok(code)
}

fn read(text: &str) -> Result<LonLat, String> {
    let numbers = text
        .split_once(',')
        .and_then(|(lon, lat)| Some((lon.trim().parse().ok()?, lat.trim().parse().ok()?)));
    let (lon_deg, lat_deg) =
        numbers.ok_or_else(|| format!("`{text}` is no coordinate; expected lon,lat in degrees"))?;
    LonLat::new(lon_deg, lat_deg).map_err(|error| error.to_string())
}
