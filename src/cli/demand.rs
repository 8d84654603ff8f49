//! The flags that say which demand planners' questions are asked of, and the loading itself.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::data::{self, Loaded};
use crate::domain::datum::Datum;
use crate::domain::district::District;
use crate::import::demand::{DemandOptions, load_all_demand, load_profile};
use crate::planner::base::PlanBase;
use crate::planner::demand::Demand;
use crate::planner::watch::Watch;

/// Which demand to load.
#[derive(Debug, Clone, Args)]
pub struct DemandArgs {
    /// Files with what should be covered: points or H3 cells with weights (CSV), points or polygons (GeoJSON), or
    /// population (GeoTIFF); an even grid over the districts when left out
    #[expect(clippy::doc_markdown, reason = "help for the terminal, without marks")]
    #[arg(long, value_name = "PATH", num_args = 1.., value_delimiter = ',', env = "YIZHAN_DEMAND")]
    demand: Vec<PathBuf>,
    /// Datum of the coordinates in these files; else the column `coord`, else wgs84
    #[arg(long, value_name = "wgs84|gcj02|bd09", env = "YIZHAN_DEMAND_COORD")]
    demand_coord: Option<Datum>,
    /// Columns that are weights, such as `population,riders`; every column of numbers when left out
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', env = "YIZHAN_WEIGHTS")]
    weights: Vec<String>,
    /// CSV file that says how weights change with the hour of the week
    #[arg(long, value_name = "PATH", env = "YIZHAN_PROFILE", requires = "demand")]
    profile: Option<PathBuf>,
}

impl DemandArgs {
    /// Puts the demand beside what was loaded; nothing when none was given. Problems of rows go to standard error.
    pub fn attach(&self, loaded: Loaded) -> anyhow::Result<Loaded> {
        if self.demand.is_empty() {
            return Ok(loaded);
        }
        let Loaded { published, summary } = loaded;
        let districts = Arc::clone(&published.snapshot.reference().districts);
        let spinner = spinner();
        let built = self.demand(&districts);
        spinner.finish_and_clear();
        let demand = built?;
        let summary = format!(
            "{summary}; demand: {} places from {}",
            demand.counts().places,
            demand.source()
        );
        Ok(Loaded {
            published: published.with_demand(Arc::new(PlanBase::new(districts, demand))),
            summary,
        })
    }

    fn demand(&self, districts: &[District]) -> anyhow::Result<Demand> {
        let options = DemandOptions {
            datum: self.demand_coord,
            weights: self.weights.iter().map(|name| name.as_str().into()).collect(),
            window: districts.iter().map(|district| *district.bounds()).collect(),
        };
        let profile = self.profile.as_deref().map(load_profile).transpose()?;
        let imported = load_all_demand(&self.demand, &options)?;
        data::report(&imported.problems, (imported.errors + imported.warnings, ""));
        Ok(Demand::build(
            imported.records,
            districts,
            profile,
            &Watch::default(),
        )?)
    }
}

/// Says on standard error, where that is a terminal, that something goes on; it shows after a moment.
fn spinner() -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message("demand · 需求");
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(200));
    spinner
}
