//! The flags that say which stations and reference data to load, and the loading itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use chrono_tz::Tz;
use clap::Args;
use clap::builder::FalseyValueParser;
use indicatif::{ProgressBar, ProgressStyle};

use super::{register, terminal};
use crate::domain::datum::Datum;
use crate::domain::work_calendar::WorkCalendar;
use crate::http::Published;
use crate::import::{self, ImportFormat, ImportOptions, Imported, RowProblem, Severity};
use crate::locator::{Clock, Reference, Snapshot};

/// The demo city: 74 synthetic stations in Sanya.
const DEMO_STATIONS: &[u8] = include_bytes!("../../data/demo_city.geojson");
/// Outlines of the demo city's districts.
const DEMO_DISTRICTS: &[u8] = include_bytes!("../../data/districts.geojson");
/// Facility standards.
const STANDARDS: &str = include_str!("../../data/standards.json");
/// Problems that are printed one by one.
const PRINTED_PROBLEMS: usize = 20;

/// Which data to load.
#[derive(Debug, Clone, Args)]
pub struct DataArgs {
    /// Files or folders with stations (CSV, GeoJSON); the bundled demo city when left out
    #[arg(long, value_name = "PATH", num_args = 1.., value_delimiter = ',', env = "YIZHAN_STATIONS")]
    pub stations: Vec<PathBuf>,
    /// Keep the register in a database: a SQLite file (yizhan.db when no name is given) or a postgres:// URL; a new one is
    /// filled from --stations
    #[arg(long, value_name = "FILE|URL", num_args = 0..=1, default_missing_value = "yizhan.db", env = "YIZHAN_DATABASE",
        hide_env_values = true)]
    pub database: Option<String>,
    /// Datum of the coordinates in these files; else the column `coord`, else wgs84
    #[arg(long, value_name = "wgs84|gcj02|bd09", env = "YIZHAN_COORD")]
    pub coord: Option<Datum>,
    /// GeoJSON file with outlines of districts (properties `name` and `adcode`)
    #[arg(long, value_name = "PATH", env = "YIZHAN_DISTRICTS")]
    pub districts: Option<PathBuf>,
    /// JSON file with statutory days off and make-up workdays
    #[arg(long, value_name = "PATH", env = "YIZHAN_CALENDAR")]
    pub calendar: Option<PathBuf>,
    /// JSON file with facility standards
    #[arg(long, value_name = "PATH", env = "YIZHAN_STANDARDS")]
    pub standards: Option<PathBuf>,
    /// Time zone in which opening hours are read
    #[arg(
        long,
        value_name = "NAME",
        default_value = "Asia/Shanghai",
        env = "YIZHAN_TIME_ZONE"
    )]
    pub time_zone: Tz,
    /// Refuse files in which any row is wrong, instead of leaving those rows out
    #[arg(long, env = "YIZHAN_STRICT", value_parser = FalseyValueParser::new())]
    pub strict: bool,
}

/// What was loaded, and from where.
#[derive(Debug)]
pub struct Loaded {
    /// Ready to be asked.
    pub published: Published,
    /// One line for a person.
    pub summary: String,
}

impl DataArgs {
    /// The stations of a register as they are, read against nothing.
    pub fn of_register(address: &str) -> Self {
        Self {
            stations: Vec::new(),
            database: Some(address.to_owned()),
            coord: None,
            districts: None,
            calendar: None,
            standards: None,
            time_zone: Tz::Asia__Shanghai,
            strict: false,
        }
    }

    /// Loads everything. Problems of rows go to standard error; the data are whole or there is an error.
    pub fn load(&self, revision: u64) -> anyhow::Result<Loaded> {
        if let Some(address) = &self.database {
            return register::load(self, address);
        }
        let begun = Instant::now();
        let reference = self.reference()?;
        let imported = self.imported()?;
        let problems = imported.errors + imported.warnings;
        report(&imported.problems, (problems, "; `yizhan check` lists them all"));
        if self.strict && imported.errors > 0 {
            bail!(
                "{} errors in {}; --strict takes no such files",
                imported.errors,
                names(&self.stations)
            );
        }
        if !self.stations.is_empty() && imported.stations.is_empty() {
            bail!("no station could be read from {}", names(&self.stations));
        }
        let count = imported.stations.len();
        let published = Published::new(Snapshot::build(imported.stations, reference, revision));
        let origin = if self.stations.is_empty() {
            "the bundled demo city, synthetic · 内置示例数据（合成）".to_owned()
        } else {
            names(&self.stations)
        };
        let (rows, warnings) = (imported.rows, imported.warnings);
        // One row can have several errors.
        let left_out = rows.saturating_sub(count as u64);
        let summary = format!(
            "{count} stations of {rows} rows ({left_out} rows left out, {warnings} warnings) from {origin}, in {:.2} s",
            begun.elapsed().as_secs_f64()
        );
        Ok(Loaded { published, summary })
    }

    /// Reads the stations.
    pub fn imported(&self) -> anyhow::Result<Imported> {
        let options = ImportOptions {
            datum: self.coord,
            format: None,
        };
        if self.stations.is_empty() {
            let demo = import::parse(
                DEMO_STATIONS,
                "demo_city.geojson",
                Some(ImportFormat::GeoJson),
                &ImportOptions::default(),
            );
            return demo.context("the bundled demo city");
        }
        let bar = progress_bar();
        let imported = import::load(&self.stations, &options, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        });
        bar.finish_and_clear();
        Ok(imported?)
    }

    /// Reads what stations are read against.
    pub fn reference(&self) -> anyhow::Result<Reference> {
        let calendar = match &self.calendar {
            None => WorkCalendar::bundled(),
            Some(path) => {
                let text = read(path)?;
                WorkCalendar::from_json(&text).with_context(|| format!("calendar {}", path.display()))?
            }
        };
        let districts = match &self.districts {
            Some(path) => import::load_districts(path)?,
            None if self.stations.is_empty() && self.database.is_none() => {
                import::parse_districts(DEMO_DISTRICTS, "districts.geojson")?
            }
            None => Vec::new(),
        };
        let standards = match &self.standards {
            None => import::parse_standards(STANDARDS)?,
            Some(path) => import::parse_standards(&read(path)?)
                .with_context(|| format!("standards {}", path.display()))?,
        };
        Ok(Reference {
            calendar: Arc::new(calendar),
            clock: Clock::new(self.time_zone),
            districts: districts.into(),
            standards: standards.into(),
        })
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn names(paths: &[PathBuf]) -> String {
    paths
        .iter()
        .map(|path| path.display().to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A bar on standard error, where that is a terminal; it shows after a moment, so that quick loads stay quiet.
pub fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// The same for rows.
pub fn row_bar() -> ProgressBar {
    let bar = progress_bar();
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} {eta}") {
        bar.set_style(style);
    }
    bar
}

/// Prints the first problems of rows, errors before warnings, and how many more of `all` there are, with
/// a hint where to see them.
pub fn report(problems: &[RowProblem], (all, hint): (u64, &str)) {
    let mut problems: Vec<_> = problems.iter().collect();
    problems.sort_by_key(|problem| problem.severity == Severity::Warning);
    for problem in problems.iter().take(PRINTED_PROBLEMS) {
        terminal::tell(format_args!("{}: {problem}", problem.severity));
    }
    if all > PRINTED_PROBLEMS as u64 {
        terminal::tell(format_args!("… and {} more{hint}", all - PRINTED_PROBLEMS as u64));
    }
}
