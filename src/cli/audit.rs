//! `yizhan audit`: which stations pass a facility standard, which fail it, and what to do first.
//!
//! Flags become the parameters of `GET /v1/audit` and are read by the same rules; there are no pages here, every station
//! is in the answer.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::data::DataArgs;
use super::{exit, file, question, terminal};
use crate::http::{self, ApiError};

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for the terminal: districts, items, what to do first.
    Table,
    /// Everything.
    Json,
    /// One row a station.
    Csv,
    /// One point a station.
    Geojson,
}

impl Format {
    /// The value of the endpoint's parameter `f`.
    const fn parameter(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Geojson => "geojson",
        }
    }

    /// The form that the name of a file asks for.
    fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "geojson" => Some(Self::Geojson),
            _ => None,
        }
    }
}

/// Flags of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// Id of the standard, such as `sanya-ten`; a wrong one is answered with those that there are
    #[arg(long, value_name = "ID")]
    standard: String,
    /// The day as of which ages are told [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
    /// Only stations that have all of these facilities, such as `microwave,toilet`
    #[arg(long, value_name = "WORD,…")]
    facilities: Option<String>,
    /// Only stations that have at least one of these facilities
    #[arg(long, value_name = "WORD,…")]
    facilities_any: Option<String>,
    /// Stations for which these facilities are not known pass, too [default: false]
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
    /// Datum of the coordinates in the answer [default: wgs84]
    #[arg(long, value_name = "wgs84|gcj02|bd09")]
    out_coord: Option<String>,
    /// Form of the answer; by the name of --out when left out, else table
    #[arg(long, short = 'f', visible_alias = "f", value_enum)]
    format: Option<Format>,
    /// Language of texts for people [default: zh]
    #[arg(long, value_name = "zh|en")]
    lang: Option<String>,
    /// File to write; standard output when left out
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
}

/// Answers; exit code 1 when no station matches, whatever the verdicts are.
pub fn run(args: &AuditArgs) -> anyhow::Result<u8> {
    let by_name = args.out.as_deref().and_then(Format::of_file);
    let format = args.format.or(by_name).unwrap_or(Format::Table);
    let (standard, form) = (Some(args.standard.clone()), Some(format.parameter().to_owned()));
    let given = [
        ("standard", &standard),
        ("today", &args.today),
        ("facilities", &args.facilities),
        ("facilities_any", &args.facilities_any),
        ("include_unknown", &args.include_unknown),
        ("hosts", &args.hosts),
        ("status", &args.status),
        ("district", &args.district),
        ("out_coord", &args.out_coord),
        ("f", &form),
        ("lang", &args.lang),
    ];
    let pairs = given
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
    let loaded = args.data.load(1)?;
    let answer = match http::offline("/v1/audit", &question::query_string(pairs), &loaded.published) {
        Ok(answer) => answer,
        Err(error @ ApiError::Internal) => return Err(error.into()),
        Err(error) => {
            terminal::tell(format_args!("yizhan: {}", question::in_flags(&error.to_string())));
            return Ok(exit::USAGE);
        }
    };
    match &args.out {
        Some(path) => {
            file::replace(path, &answer.text)?;
            let found = answer.found;
            terminal::tell(format_args!(
                "{}: {found} stations audited · 检查了{found}个站点",
                path.display()
            ));
        }
        None => writeln!(terminal::output(), "{}", answer.text.trim_end())?,
    }
    Ok(if answer.found == 0 {
        exit::NOTHING_OR_PROBLEMS
    } else {
        exit::DONE
    })
}
