//! `yizhan check`: every problem of a register, for the person who keeps it.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::{data, exit, terminal};
use crate::domain::datum::Datum;
use crate::import::{self, ImportOptions, Severity};

/// Flags of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Files or folders with stations
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Datum of the coordinates; else the column `coord`, else wgs84
    #[arg(long, value_name = "wgs84|gcj02|bd09", env = "YIZHAN_COORD")]
    coord: Option<Datum>,
    /// Language of the messages
    #[arg(long, value_name = "zh|en", default_value = "zh", value_parser = ["zh", "en"])]
    lang: String,
    /// Warnings count as problems for the exit code, too
    #[arg(long)]
    strict: bool,
}

/// Lists problems; exit code 1 when a row would be left out or there is no station at all.
pub fn run(args: &CheckArgs) -> anyhow::Result<u8> {
    let bar = data::progress_bar();
    let options = ImportOptions {
        datum: args.coord,
        format: None,
    };
    let imported = import::load(&args.files, &options, &|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let imported = imported?;
    let is_chinese = args.lang == "zh";
    let mut out = terminal::output();
    for problem in &imported.problems {
        let (severity, message) = match (is_chinese, problem.severity) {
            (true, Severity::Error) => ("错误", &problem.message_zh),
            (true, Severity::Warning) => ("提醒", &problem.message_zh),
            (false, severity) => (severity.word(), &problem.message),
        };
        let field = problem.field.as_deref().unwrap_or("-");
        writeln!(
            out,
            "{}:{}: {severity} {} [{}] {message}",
            problem.file, problem.row, field, problem.code
        )?;
    }
    let (rows, taken) = (imported.rows, imported.stations.len());
    let (errors, warnings) = (imported.errors, imported.warnings);
    if is_chinese {
        writeln!(
            out,
            "共{rows}行，可用{taken}个站点，{errors}个错误，{warnings}个提醒"
        )?;
    } else {
        writeln!(
            out,
            "{rows} rows, {taken} stations usable, {errors} errors, {warnings} warnings"
        )?;
    }
    let is_bad = errors > 0 || taken == 0 || (args.strict && warnings > 0);
    Ok(if is_bad {
        exit::NOTHING_OR_PROBLEMS
    } else {
        exit::DONE
    })
}
