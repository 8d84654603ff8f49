//! `yizhan convert`: a register as GeoJSON, losslessly, or as CSV.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::data::DataArgs;
use super::{exit, file, terminal};
use crate::domain::datum::Datum;
use crate::export::row::Row;
use crate::export::{OutDatum, Style, csv, geojson};

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// Lossless; WGS-84, with the original coordinate kept.
    Geojson,
    /// A table with the columns that tables are read by.
    Csv,
}

/// Flags of `convert`.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    /// Files or folders with stations, in the place of --stations; the bundled demo city when left out
    files: Vec<PathBuf>,
    /// Form of the output; by the name of --out when left out, else geojson
    #[arg(long, value_enum)]
    to: Option<To>,
    /// Datum of the coordinates of a table
    #[arg(long, value_name = "DATUM", default_value = "wgs84")]
    out_coord: Datum,
    /// File to write; standard output when left out
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
}

/// Converts and writes; a file is replaced as a whole or not at all.
pub fn run(args: &ConvertArgs) -> anyhow::Result<u8> {
    let mut data = args.data.clone();
    if !args.files.is_empty() {
        data.stations.clone_from(&args.files);
    }
    let loaded = data.load(1)?;
    let (snapshot, parts) = (&loaded.published.snapshot, &loaded.published.parts);
    let is_csv_name = args
        .out
        .as_ref()
        .is_some_and(|path| path.extension().is_some_and(|ending| ending == "csv"));
    let text = match args.to.unwrap_or(if is_csv_name { To::Csv } else { To::Geojson }) {
        To::Geojson => geojson::register(snapshot, parts),
        To::Csv => {
            let rows: Vec<Row> = (0_u32..)
                .zip(snapshot.stations())
                .map(|(ordinal, _)| Row::item(ordinal))
                .collect();
            let style = Style {
                datum: OutDatum(args.out_coord),
                ..Style::default()
            };
            csv::items(snapshot, parts, &rows, &style)
        }
    };
    let Some(path) = &args.out else {
        let mut out = terminal::output();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        return Ok(exit::DONE);
    };
    file::replace(path, &text)?;
    terminal::tell(format_args!("{}: {}", path.display(), loaded.summary));
    Ok(exit::DONE)
}
