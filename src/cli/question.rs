//! `yizhan nearest` and `yizhan along-route`: the endpoints' questions and answers without a server.
//!
//! Flags become the endpoint's query parameters and are read by the same rules, so that both give the same answer and
//! the same error.

use std::io::Write as _;

use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::data::DataArgs;
use super::{exit, terminal};
use crate::http::{self, ApiError};

/// The parameters that both questions share; each is checked as the endpoint checks it.
#[derive(Debug, Args)]
struct SharedArgs {
    /// Datum of the coordinates in this question (that of the register is --coord) [default: wgs84]
    #[arg(long, value_name = "wgs84|gcj02|bd09")]
    from_coord: Option<String>,
    /// How the person travels [default: walk]
    #[arg(long, value_name = "walk|ebike|straight")]
    mode: Option<String>,
    /// Facilities that must all be there, such as `microwave,toilet`
    #[arg(long, value_name = "WORD,…")]
    facilities: Option<String>,
    /// Facilities of which at least one must be there
    #[arg(long, value_name = "WORD,…")]
    facilities_any: Option<String>,
    /// Stations whose facility or open state is not known pass, too [default: false]
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    include_unknown: Option<String>,
    /// Kinds of host, such as `union,bank_branch` [default: all]
    #[arg(long, value_name = "WORD,…")]
    hosts: Option<String>,
    /// Statuses: planned, open, suspended, closed [default: open]
    #[arg(long, value_name = "WORD,…")]
    status: Option<String>,
    /// Names or six-digit codes of districts [default: all]
    #[arg(long, value_name = "NAME,…")]
    district: Option<String>,
    /// When it must be open: now, arrival, or a time such as 2026-02-14T12:30:00+08:00 [default: at any time]
    #[arg(long, value_name = "TIME")]
    open: Option<String>,
    /// Minutes for which it must stay open; needs --open [default: 0]
    #[arg(long, value_name = "MINUTES", allow_hyphen_values = true)]
    stay_min: Option<String>,
    /// Datum of the coordinates in the answer [default: wgs84]
    #[arg(long, value_name = "wgs84|gcj02|bd09")]
    out_coord: Option<String>,
    /// Properties to keep, such as `name,distance_m` [default: all]
    #[arg(long, value_name = "NAME,…")]
    fields: Option<String>,
    /// Form of the answer [default: geojson]
    #[arg(long, short = 'f', value_name = "geojson|csv|txt")]
    f: Option<String>,
    /// Language of texts for people [default: zh]
    #[arg(long, value_name = "zh|en")]
    lang: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

/// Flags of `nearest`.
#[derive(Debug, Args)]
pub struct NearestArgs {
    /// Longitude in degrees, east positive
    #[arg(long, value_name = "DEGREES", allow_hyphen_values = true)]
    lon: String,
    /// Latitude in degrees, north positive
    #[arg(long, value_name = "DEGREES", allow_hyphen_values = true)]
    lat: String,
    /// No station farther than this many metres [default: any distance]
    #[arg(long, value_name = "METRES", allow_hyphen_values = true)]
    radius_m: Option<String>,
    /// At most this many stations, 1 to 100 [default: 10]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    limit: Option<String>,
    #[command(flatten)]
    shared: SharedArgs,
}

/// Flags of `along-route`.
#[derive(Debug, Args)]
pub struct AlongRouteArgs {
    /// The line as lon,lat;lon,lat;…
    #[arg(
        long,
        value_name = "LON,LAT;…",
        allow_hyphen_values = true,
        required_unless_present = "polyline"
    )]
    line: Option<String>,
    /// The line as an encoded polyline, precision 5
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        conflicts_with = "line"
    )]
    polyline: Option<String>,
    /// No station farther off the line than this many metres [default: 500]
    #[arg(long, value_name = "METRES", allow_hyphen_values = true)]
    distance_m: Option<String>,
    /// At most this many stations, the first ones of the journey, 1 to 1000 [default: 100]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    limit: Option<String>,
    #[command(flatten)]
    shared: SharedArgs,
}

/// Answers `nearest`.
pub fn nearest(args: &NearestArgs) -> anyhow::Result<u8> {
    let own = [
        ("lon", Some(&args.lon)),
        ("lat", Some(&args.lat)),
        ("radius_m", args.radius_m.as_ref()),
        ("limit", args.limit.as_ref()),
    ];
    answer("/v1/nearest", &own, &args.shared)
}

/// Answers `along-route`.
pub fn along_route(args: &AlongRouteArgs) -> anyhow::Result<u8> {
    let own = [
        ("line", args.line.as_ref()),
        ("polyline", args.polyline.as_ref()),
        ("distance_m", args.distance_m.as_ref()),
        ("limit", args.limit.as_ref()),
    ];
    answer("/v1/along-route", &own, &args.shared)
}

fn answer(path: &str, own: &[(&str, Option<&String>)], shared: &SharedArgs) -> anyhow::Result<u8> {
    let given = [
        ("coord", &shared.from_coord),
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
    let loaded = shared.data.load(1)?;
    match http::offline(path, &query_string(pairs), &loaded.published) {
        Ok(answer) => {
            let mut out = terminal::output();
            writeln!(out, "{}", answer.text.trim_end())?;
            Ok(if answer.found == 0 {
                exit::NOTHING_OR_PROBLEMS
            } else {
                exit::DONE
            })
        }
        Err(error @ ApiError::Internal) => Err(error.into()),
        Err(error) => {
            terminal::tell(format_args!("yizhan: {}", in_flags(&error.to_string())));
            Ok(exit::USAGE)
        }
    }
}

/// Parameters with their values as a query string.
pub fn query_string<'a>(pairs: impl Iterator<Item = (&'a str, &'a String)>) -> String {
    let pairs = pairs.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The endpoint's message with the names of flags in the place of those of parameters.
pub fn in_flags(message: &str) -> String {
    let (before, rest) = match (
        message.split_once("parameter `"),
        message.strip_prefix("parameters `"),
    ) {
        (Some(parts), _) => parts,
        (None, Some(rest)) => ("", rest),
        (None, None) => return message.to_owned(),
    };
    let Some((name, after)) = rest.split_once('`') else {
        return message.to_owned();
    };
    let second = after.strip_prefix(" and `").and_then(|rest| rest.split_once('`'));
    match second {
        Some((second, after)) => format!("{before}`{}` and `{}`{after}", flag(name), flag(second)),
        None => format!("{before}`{}`{after}", flag(name)),
    }
}

/// The flag of a parameter.
fn flag(parameter: &str) -> String {
    match parameter {
        "coord" => "--from-coord".to_owned(),
        other => format!("--{}", other.replace('_', "-")),
    }
}
