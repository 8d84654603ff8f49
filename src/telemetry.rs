//! Log lines on standard error: readable ones on a terminal, JSON where programs collect them.

use std::io::IsTerminal as _;

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging with a filter such as `info` or `yizhan=debug`; a filter that cannot be read is an error.
pub fn start(format: LogFormat, filter: &str) -> Result<(), tracing_subscriber::filter::ParseError> {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(filter)?)
        .with_writer(std::io::stderr);
    let is_terminal = std::io::stderr().is_terminal();
    // A second start, as tests do it, changes nothing.
    match format {
        LogFormat::Text => drop(lines.with_target(false).with_ansi(is_terminal).try_init()),
        LogFormat::Json => drop(
            lines
                .json()
                .flatten_event(true)
                .with_current_span(false)
                .try_init(),
        ),
    }
    Ok(())
}
