//! What handlers share: the published snapshot, swapped as a whole, and the metrics.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use super::error::ApiError;
use super::metrics::Metrics;
use crate::export::parts::Parts;
use crate::locator::Snapshot;

/// A snapshot and the parts that its answers are put together from.
#[derive(Debug)]
pub struct Published {
    /// The state of the register.
    pub snapshot: Snapshot,
    /// Its records, written as JSON.
    pub parts: Parts,
}

impl Published {
    /// Writes the parts of a snapshot. O(n), on all cores.
    pub fn new(snapshot: Snapshot) -> Self {
        let parts = Parts::build(&snapshot);
        Self { snapshot, parts }
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
