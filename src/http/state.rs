//! What handlers share: the published snapshot, swapped as a whole, and the metrics.

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;

use super::error::ApiError;
use super::metrics::Metrics;
use crate::export::parts::Parts;
use crate::locator::Snapshot;
use crate::planner::base::PlanBase;
use crate::planner::demand::DemandError;

/// A snapshot and the parts that its answers are put together from.
#[derive(Debug)]
pub struct Published {
    /// The state of the register.
    pub snapshot: Snapshot,
    /// Its records, written as JSON.
    pub parts: Parts,
    /// The demand that planners ask about, as the operator gave it.
    given: Option<Arc<PlanBase>>,
    /// An even grid in its place, made at the first question.
    grid: OnceLock<Result<Arc<PlanBase>, DemandError>>,
}

impl Published {
    /// Writes the parts of a snapshot. O(n), on all cores.
    pub fn new(snapshot: Snapshot) -> Self {
        let parts = Parts::build(&snapshot);
        Self {
            snapshot,
            parts,
            given: None,
            grid: OnceLock::new(),
        }
    }

    /// Puts the demand beside it that planners ask about.
    #[must_use]
    pub fn with_demand(mut self, base: Arc<PlanBase>) -> Self {
        self.given = Some(base);
        self
    }

    /// The demand that planners ask about: what was given, else an even grid over the districts, else over the extent of
    /// the stations.
    ///
    /// The first question makes the grid, about 0.3 s for a city; ask off the threads that serve.
    pub fn plan_base(&self) -> Result<Arc<PlanBase>, ApiError> {
        if let Some(base) = &self.given {
            return Ok(Arc::clone(base));
        }
        let grid = self
            .grid
            .get_or_init(|| PlanBase::even_grid(&self.snapshot).map(Arc::new));
        match grid {
            Ok(base) => Ok(Arc::clone(base)),
            Err(error) => Err(ApiError::NoDemand {
                problem: error.to_string(),
            }),
        }
    }
}

/// Shared by all workers; a clone is another handle to the same state.
#[derive(Debug, Clone, Default)]
pub struct ApiState {
    published: Arc<ArcSwapOption<Published>>,
    metrics: Metrics,
}

impl ApiState {
    /// Puts a new snapshot in the place of the old one. Requests that have begun finish on the old one.
    pub fn publish(&self, published: Published) {
        self.metrics
            .set_stations(published.snapshot.stations().len(), published.snapshot.revision());
        self.published.store(Some(Arc::new(published)));
    }

    /// The published snapshot; before the first one is loaded, the error that says so.
    pub fn published(&self) -> Result<Arc<Published>, ApiError> {
        self.published.load_full().ok_or(ApiError::NotReady)
    }

    /// What is counted.
    pub(super) const fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}
