//! `yizhan coverage`, `yizhan gaps` and `yizhan by-hour`: the planner's questions and answers without a server.
//!
//! Flags become the parameters of `GET /v1/coverage`, `/v1/coverage/gaps` and `/v1/coverage/by-hour` and are read by the
//! same rules, so that both give the same answer and the same error.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::data::DataArgs;
use super::demand::DemandArgs;
use super::serve::EndSignals;
use super::{exit, file, question, terminal};
use crate::http::ApiError;
use crate::http::plan::{PlanAnswer, PlanKind, PlanRequest};
use crate::planner::stations::PlanStations;
use crate::planner::watch::Watch;

/// Time from one look at the progress to the next.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for the terminal.
    Table,
    /// Everything.
    Json,
    /// One table.
    Csv,
    /// Shapes for a map.
    Geojson,
    /// Shapes as `FlatGeobuf`, for QGIS, `DuckDB` or pandas.
    Fgb,
}

impl Format {
    /// The value of the endpoint's parameter `f`.
    const fn parameter(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Geojson => "geojson",
            Self::Fgb => "fgb",
        }
    }

    /// The form that the name of a file asks for.
    fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "txt" => Some(Self::Table),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "geojson" => Some(Self::Geojson),
            "fgb" => Some(Self::Fgb),
            _ => None,
        }
    }
}

/// The parameters that all questions to the planner share; each is checked as the endpoint checks it.
#[derive(Debug, Args)]
pub struct QuestionArgs {
    /// A station covers what lies within so many metres of it, in the place of --minutes
    #[arg(long, value_name = "METRES", allow_hyphen_values = true)]
    radius_m: Option<String>,
    /// A station covers what is so many minutes away [default: 15]
    #[arg(long, value_name = "MINUTES", allow_hyphen_values = true)]
    minutes: Option<String>,
    /// How people travel [default: walk]
    #[arg(long, value_name = "walk|ebike|straight")]
    mode: Option<String>,
    /// How many stations must reach a place, 1 to 5 [default: 1]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    k: Option<String>,
    /// Only stations that have all of these facilities, such as `microwave,toilet`
    #[arg(long, value_name = "WORD,…")]
    facilities: Option<String>,
    /// Only stations that have at least one of these facilities
    #[arg(long, value_name = "WORD,…")]
    facilities_any: Option<String>,
    /// Kinds of host, such as `union,bank_branch` [default: all]
    #[arg(long, value_name = "WORD,…")]
    hosts: Option<String>,
    /// Statuses: planned, open, suspended, closed [default: open]
    #[arg(long, value_name = "WORD,…")]
    status: Option<String>,
    /// Names or six-digit codes of the districts asked about [default: all]
    #[arg(long, value_name = "NAME,…")]
    district: Option<String>,
}

impl QuestionArgs {
    /// The endpoint's parameters and their values.
    pub const fn parameters(&self) -> [Given<'_>; 9] {
        [
            ("radius_m", &self.radius_m),
            ("minutes", &self.minutes),
            ("mode", &self.mode),
            ("k", &self.k),
            ("facilities", &self.facilities),
            ("facilities_any", &self.facilities_any),
            ("hosts", &self.hosts),
            ("status", &self.status),
            ("district", &self.district),
        ]
    }
}

/// What the three questions share besides their parameters.
#[derive(Debug, Args)]
struct SharedArgs {
    #[command(flatten)]
    question: QuestionArgs,
    /// Form of the answer; by the name of --out when left out, else table
    #[arg(long, short = 'f', visible_alias = "f", value_enum)]
    format: Option<Format>,
    /// Language of texts for people [default: zh]
    #[arg(long, value_name = "zh|en")]
    lang: Option<String>,
    /// File to write, .txt, .json, .csv, .geojson or .fgb; standard output when left out
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    #[command(flatten)]
    demand: DemandArgs,
    #[command(flatten)]
    data: DataArgs,
}

/// Flags of `coverage`.
#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// When stations must be open: now, 2026-02-14T04:00:00+08:00, or an hour of the ordinary week such as
    /// mo-04:00 [default: hours are not looked at]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Which table --format csv gives [default: districts]
    #[arg(long, value_name = "districts|facilities|cells")]
    table: Option<String>,
    /// Which shapes --format geojson gives: covered areas, or each place [default: area]
    #[arg(long, value_name = "area|cells")]
    shape: Option<String>,
    #[command(flatten)]
    shared: SharedArgs,
}

/// Flags of `gaps`.
#[derive(Debug, Args)]
pub struct GapsArgs {
    /// When stations must be open: now, 2026-02-14T04:00:00+08:00, or an hour of the ordinary week such as
    /// mo-04:00 [default: hours are not looked at]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Whether what is perhaps covered counts as covered [default: perhaps]
    #[arg(long, value_name = "perhaps|sure")]
    covered_from: Option<String>,
    /// At most this many gaps, the largest [default: 20]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    limit: Option<String>,
    #[command(flatten)]
    shared: SharedArgs,
}

/// Flags of `by-hour`.
#[derive(Debug, Args)]
pub struct ByHourArgs {
    /// The hours of this date, such as a holiday [default: an ordinary week]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// The hours of the week of this date
    #[arg(long, value_name = "YYYY-MM-DD")]
    week: Option<String>,
    /// At most this many of the stations that carry most [default: 20]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    limit: Option<String>,
    #[command(flatten)]
    shared: SharedArgs,
}

/// Answers `coverage`.
pub fn coverage(args: &CoverageArgs) -> anyhow::Result<u8> {
    let own = [("at", &args.at), ("table", &args.table), ("shape", &args.shape)];
    answer(PlanKind::Coverage, &own, &args.shared)
}

/// Answers `gaps`.
pub fn gaps(args: &GapsArgs) -> anyhow::Result<u8> {
    let own = [
        ("at", &args.at),
        ("covered_from", &args.covered_from),
        ("limit", &args.limit),
    ];
    answer(PlanKind::Gaps, &own, &args.shared)
}

/// Answers `by-hour`.
pub fn by_hour(args: &ByHourArgs) -> anyhow::Result<u8> {
    let own = [("date", &args.date), ("week", &args.week), ("limit", &args.limit)];
    answer(PlanKind::ByHour, &own, &args.shared)
}

/// A parameter of the endpoint and its value, where it is given.
pub type Given<'a> = (&'static str, &'a Option<String>);

/// Answers; exit code 1 when no station meets the conditions.
fn answer(kind: PlanKind, own: &[Given<'_>], shared: &SharedArgs) -> anyhow::Result<u8> {
    let format = match format(kind, shared) {
        Ok(format) => format,
        Err(wrong) => {
            terminal::tell(format_args!("yizhan: {wrong}"));
            return Ok(exit::USAGE);
        }
    };
    let query = query_string(own, shared, format);
    let published = Arc::new(shared.demand.attach(shared.data.load(1)?)?.published);
    let asked = match PlanRequest::offline(kind, &query, Arc::clone(&published)) {
        Ok(asked) => asked,
        Err(error) => return refused(error),
    };
    let (sure, perhaps) = PlanStations::select(&published.snapshot, &asked.question().conditions).counts();
    let answer = match watched(move |watch| asked.answer(watch))? {
        Ok(answer) => answer,
        Err(error) => return refused(error),
    };
    if let Some(path) = &shared.out {
        file::replace(path, &answer.body)?;
        let (stations, bytes) = (sure + perhaps, answer.body.len());
        terminal::tell(format_args!(
            "{}: {bytes} bytes, {stations} stations match · {bytes} 字节，{stations} 个站点符合条件",
            path.display()
        ));
    } else {
        let mut out = terminal::output();
        out.write_all(&answer.body)?;
        if format != Format::Fgb && !answer.body.ends_with(b"\n") {
            out.write_all(b"\n")?;
        }
        out.flush()?;
    }
    Ok(if sure + perhaps == 0 {
        exit::NOTHING_OR_PROBLEMS
    } else {
        exit::DONE
    })
}

/// The form of the answer, or what is wrong with the one that was asked for.
fn format(kind: PlanKind, shared: &SharedArgs) -> Result<Format, String> {
    let format = match (shared.format, shared.out.as_deref()) {
        (Some(format), _) => format,
        (None, None) => Format::Table,
        (None, Some(path)) => Format::of_file(path).ok_or_else(|| {
            format!(
                "`--out` is `{}`; expected a name that ends in .txt, .json, .csv, .geojson or .fgb, or `--format`",
                path.display()
            )
        })?,
    };
    if kind == PlanKind::ByHour && matches!(format, Format::Geojson | Format::Fgb) {
        let word = format.parameter();
        return Err(format!(
            "`--format` is `{word}`; expected table, json or csv, because hours have no shapes"
        ));
    }
    if format == Format::Fgb && shared.out.is_none() && std::io::stdout().is_terminal() {
        return Err(
            "`--format` is `fgb`, which is not for reading; expected `--out FILE` with it".to_owned(),
        );
    }
    Ok(format)
}

fn query_string(own: &[Given<'_>], shared: &SharedArgs, format: Format) -> String {
    let form = Some(format.parameter().to_owned());
    let written: [Given<'_>; 2] = [("f", &form), ("lang", &shared.lang)];
    let asked = shared.question.parameters();
    let pairs = own.iter().chain(&asked).chain(&written);
    question::query_string(pairs.filter_map(|(name, value)| value.as_ref().map(|value| (*name, value))))
}

/// Says why a question is not answered.
pub fn refused(error: ApiError) -> anyhow::Result<u8> {
    match error {
        ApiError::Internal => Err(error.into()),
        ApiError::GivenUp => {
            terminal::tell("yizhan: interrupted, nothing was written · 已中断，没有写出任何内容");
            Ok(exit::INTERRUPTED)
        }
        error => {
            terminal::tell(format_args!("yizhan: {}", question::in_flags(&error.to_string())));
            Ok(exit::USAGE)
        }
    }
}

/// Does the work on threads of its own, shows how far it is, and gives it up on Ctrl-C or SIGTERM.
pub fn watched(
    asked: impl FnOnce(&Watch) -> Result<PlanAnswer, ApiError> + Send + 'static,
) -> anyhow::Result<Result<PlanAnswer, ApiError>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let watch = Arc::new(Watch::default());
        let mut signals = EndSignals::listen()?;
        let own = Arc::clone(&watch);
        let mut work = tokio::task::spawn_blocking(move || asked(&own));
        let bar = progress_bar();
        let mut look = tokio::time::interval(LOOK_EVERY);
        let done = loop {
            tokio::select! {
                done = &mut work => break done,
                () = signals.next() => watch.cancel(),
                _ = look.tick() => {
                    let (done, total) = watch.progress();
                    bar.set_length(total);
                    bar.set_position(done);
                }
            }
        };
        bar.finish_and_clear();
        done.context("the thread that works the answer out")
    })
}

/// A bar on standard error, where that is a terminal; it shows after a moment, so that quick answers stay quiet.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent} % {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
