//! `yizhan nearest` and `yizhan along-route`: the endpoints' questions and answers without a server.
//!
//! Flags become the endpoint's query parameters and are read by the same rules, so that both give the same answer and
//! the same error.

use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::data::DataArgs;
use super::exit;
use crate::http::{self, ApiError};

/// The parameters that both questions share; each is checked as the endpoint checks it.
#[derive(Debug, Args)]
struct SharedArgs {
    /// Datum of the coordinates given here: wgs84, gcj02 or bd09
    #[arg(long = "coord-of-question", value_name = "DATUM")]
    coord: Option<String>,
    /// At most this many stations
    #[arg(long, allow_hyphen_values = true)]
    limit: Option<String>,
    /// walk, ebike or straight
    #[arg(long)]
    mode: Option<String>,
    /// Facilities that must all be there, separated by commas
    #[arg(long)]
    facilities: Option<String>,
    /// Facilities of which one must be there
    #[arg(long)]
    facilities_any: Option<String>,
    /// true: stations whose facility or open state is not known pass, too
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    include_unknown: Option<String>,
    /// Kinds of host
    #[arg(long)]
    hosts: Option<String>,
    /// Statuses; `open` when left out
    #[arg(long)]
    status: Option<String>,
    /// Names or codes of districts
    #[arg(long)]
    district: Option<String>,
    /// now, arrival, or an RFC 3339 time
    #[arg(long)]
    open: Option<String>,
    /// Minutes for which it must stay open
    #[arg(long)]
    stay_min: Option<String>,
    /// Datum of the coordinates in the answer
    #[arg(long)]
    out_coord: Option<String>,
    /// Properties to keep
    #[arg(long)]
    fields: Option<String>,
    /// geojson, csv or txt
    #[arg(long, short = 'f', value_name = "FORMAT")]
    f: Option<String>,
    /// zh or en
    #[arg(long)]
    lang: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

/// Flags of `nearest`.
#[derive(Debug, Args)]
pub struct NearestArgs {
    /// Longitude in degrees
    #[arg(long, allow_hyphen_values = true)]
    lon: String,
    /// Latitude in degrees
    #[arg(long, allow_hyphen_values = true)]
    lat: String,
    /// No station farther than this many metres
    #[arg(long, allow_hyphen_values = true)]
    radius_m: Option<String>,
    #[command(flatten)]
    shared: SharedArgs,
}

/// Flags of `along-route`.
#[derive(Debug, Args)]
pub struct AlongRouteArgs {
    /// The line as lon,lat;lon,lat;…
    #[arg(long, allow_hyphen_values = true, required_unless_present = "polyline")]
    line: Option<String>,
    /// The line as an encoded polyline, precision 5
    #[arg(long)]
    polyline: Option<String>,
    /// No station farther off the line than this many metres
    #[arg(long, allow_hyphen_values = true)]
    distance_m: Option<String>,
    #[command(flatten)]
    shared: SharedArgs,
}

/// Answers `nearest`.
pub fn nearest(args: &NearestArgs) -> anyhow::Result<u8> {
    let own = [
        ("lon", Some(&args.lon)),
        ("lat", Some(&args.lat)),
        ("radius_m", args.radius_m.as_ref()),
    ];
    answer("/v1/nearest", &own, &args.shared)
}

/// Answers `along-route`.
pub fn along_route(args: &AlongRouteArgs) -> anyhow::Result<u8> {
    let own = [
        ("line", args.line.as_ref()),
        ("polyline", args.polyline.as_ref()),
        ("distance_m", args.distance_m.as_ref()),
    ];
    answer("/v1/along-route", &own, &args.shared)
}

fn answer(path: &str, own: &[(&str, Option<&String>)], shared: &SharedArgs) -> anyhow::Result<u8> {
    let given = [
        ("coord", &shared.coord),
        ("limit", &shared.limit),
        ("mode", &shared.mode),
        ("facilities", &shared.facilities),
        ("facilities_any", &shared.facilities_any),
        ("include_unknown", &shared.include_unknown),
        ("hosts", &shared.hosts),
        ("status", &shared.status),
        ("district", &shared.district),
        ("open", &shared.open),
        ("stay_min", &shared.stay_min),
        ("out_coord", &shared.out_coord),
        ("fields", &shared.fields),
        ("f", &shared.f),
        ("lang", &shared.lang),
    ];
    let shared_given = given
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
    let pairs = own
        .iter()
        .filter_map(|(name, value)| value.map(|value| (*name, value)))
        .chain(shared_given);
    let query: Vec<String> = pairs
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    let loaded = shared.data.load(1)?;
    match http::offline(path, &query.join("&"), &loaded.published) {
        Ok(answer) => {
            println!("{}", answer.text.trim_end());
            Ok(if answer.found == 0 {
                exit::NOTHING_OR_PROBLEMS
            } else {
                exit::DONE
            })
        }
        Err(error @ ApiError::Internal) => Err(error.into()),
        Err(error) => {
            eprintln!("yizhan: {error}");
            Ok(exit::USAGE)
        }
    }
}
