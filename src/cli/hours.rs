//! `yizhan hours`: what an opening-hours text means on given days, by the work calendar.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{NaiveDate, NaiveDateTime, Utc};
use clap::Args;

use super::{exit, terminal};
use crate::domain::language::Language;
use crate::domain::opening_hours::{CompiledHours, LocalMinute, OpenState};
use crate::domain::work_calendar::WorkCalendar;
use crate::locator::Clock;

/// Flags of `hours`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes · 退出码: 0 open at that time · 1 closed or not known · 2 the text or the time cannot be read"
)]
pub struct HoursArgs {
    /// Opening hours in OpenStreetMap's syntax, such as 'Mo-Fr 08:30-12:00,14:30-17:30; PH off'
    text: String,
    /// Local time to ask about, such as 2026-02-14T10:00; now when left out
    #[arg(long, value_name = "TIME", value_parser = local_time)]
    at: Option<NaiveDateTime>,
    /// JSON file with statutory days off and make-up workdays
    #[arg(long, value_name = "PATH", env = "YIZHAN_CALENDAR")]
    calendar: Option<PathBuf>,
    /// Language of the answer
    #[arg(long, value_name = "zh|en", default_value = "zh", value_parser = ["zh", "en"])]
    lang: String,
}

fn local_time(text: &str) -> Result<NaiveDateTime, String> {
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"];
    let time = formats
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let midnight = || {
        text.parse::<NaiveDate>()
            .ok()
            .and_then(|date| date.and_hms_opt(0, 0, 0))
    };
    time.or_else(midnight)
        .ok_or_else(|| "expected a local time such as 2026-02-14T10:00".to_owned())
}

/// Prints the state at the time, and the seven days from it on. Exit code 0 when open, 1 when not.
pub fn run(args: &HoursArgs) -> anyhow::Result<u8> {
    let calendar = match &args.calendar {
        None => WorkCalendar::bundled(),
        Some(path) => {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            WorkCalendar::from_json(&text).with_context(|| format!("calendar {}", path.display()))?
        }
    };
    let hours = match CompiledHours::parse(&args.text, &Arc::new(calendar)) {
        Ok(hours) => hours,
        Err(error) => {
            terminal::tell(format_args!("yizhan: {error}"));
            return Ok(exit::USAGE);
        }
    };
    let language = if args.lang == "en" {
        Language::En
    } else {
        Language::Zh
    };
    let at = args.at.map_or_else(
        || Clock::default().moment(Utc::now()).minute,
        LocalMinute::from_local,
    );
    let answer = hours.answer(at);
    let state = |state: OpenState| match (language, state) {
        (Language::Zh, OpenState::Open) => "开放",
        (Language::Zh, OpenState::Closed) => "关闭",
        (Language::Zh, OpenState::Unknown) => "不清楚",
        (Language::En, state) => state.word(),
    };
    let mut out = terminal::output();
    writeln!(
        out,
        "{at}  {}  {}",
        state(answer.state),
        answer.reason.text(language)
    )?;
    if let (Some(change), Some(next)) = (answer.changes_at, answer.next_state) {
        writeln!(out, "{change}  → {}", state(next))?;
    }
    writeln!(out)?;
    for interval in hours.week(at.date()) {
        writeln!(
            out,
            "{}  {}  {:<8} {}",
            interval.from,
            interval.to,
            state(interval.state),
            interval.reason.text(language)
        )?;
    }
    Ok(if answer.state == OpenState::Open {
        exit::DONE
    } else {
        exit::NOTHING_OR_PROBLEMS
    })
}
