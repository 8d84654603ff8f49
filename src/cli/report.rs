//! `yizhan report`: coverage, hours, gaps and the audit on one page of HTML, as `GET /v1/report` answers.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::http::header::HeaderMap;
use clap::Args;

use super::data::DataArgs;
use super::demand::DemandArgs;
use super::plan::{QuestionArgs, refused, watched};
use super::{exit, file, question, terminal};
use crate::http::plan_report::ReportAsk;

/// Flags of `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// When stations must be open for coverage and gaps: now, 2026-02-14T04:00:00+08:00, or an hour of the ordinary week
    /// such as mo-04:00 [default: hours are not looked at; the table of hours is there in any case]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Whether what is perhaps covered counts as covered in gaps [default: perhaps]
    #[arg(long, value_name = "perhaps|sure")]
    covered_from: Option<String>,
    /// The hours of this date, such as a holiday [default: an ordinary week]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// The hours of the week of this date
    #[arg(long, value_name = "YYYY-MM-DD")]
    week: Option<String>,
    /// At most this many gaps, the largest [default: 20]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    limit: Option<String>,
    /// Id of the standard that stations are audited against, such as `sanya-ten` [default: no audit]
    #[arg(long, value_name = "ID")]
    standard: Option<String>,
    /// Title of the page
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    question: QuestionArgs,
    /// Language of the page [default: zh]
    #[arg(long, value_name = "zh|en")]
    lang: Option<String>,
    /// File to write; standard output when left out
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    #[command(flatten)]
    demand: DemandArgs,
    #[command(flatten)]
    data: DataArgs,
}

/// Writes the report.
pub fn run(args: &ReportArgs) -> anyhow::Result<u8> {
    let own = [
        ("at", &args.at),
        ("covered_from", &args.covered_from),
        ("date", &args.date),
        ("week", &args.week),
        ("limit", &args.limit),
        ("standard", &args.standard),
        ("title", &args.title),
        ("lang", &args.lang),
    ];
    let shared = args.question.parameters();
    let given = own.iter().chain(&shared);
    let query =
        question::query_string(given.filter_map(|(name, value)| value.as_ref().map(|value| (*name, value))));
    let published = Arc::new(args.demand.attach(args.data.load(1)?)?.published);
    let asked = match ReportAsk::read(&query, &HeaderMap::new(), &published) {
        Ok(asked) => asked,
        Err(error) => return refused(error),
    };
    let answer = match watched(move |watch| asked.answer(watch))? {
        Ok(answer) => answer,
        Err(error) => return refused(error),
    };
    match &args.out {
        Some(path) => {
            file::replace(path, &answer.body)?;
            terminal::tell(format_args!("{}: {} bytes", path.display(), answer.body.len()));
        }
        None => terminal::output().write_all(&answer.body)?,
    }
    Ok(exit::DONE)
}
