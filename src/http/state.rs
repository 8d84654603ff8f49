//! What handlers share: the published snapshot, swapped as a whole, and the metrics.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use actix_web::HttpRequest;
use arc_swap::ArcSwapOption;
use geo::CoordsIter as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::access::Gates;
use super::base_map::BaseMap;
use super::covered::LastCovered;
use super::error::ApiError;
use super::metrics::Metrics;
use super::server::Limits;
use crate::export::parts::Parts;
use crate::locator::{Reference, Snapshot, StationChange};
use crate::planner::base::PlanBase;
use crate::planner::demand::DemandError;
use crate::register::keeper::{Keeper, NewState};

/// Clients that follow changes at a time.
pub const MAX_EVENT_STREAMS: usize = 1_000;

/// A snapshot and the parts that its answers are put together from.
#[derive(Debug)]
pub struct Published {
    /// The state of the register.
    pub snapshot: Snapshot,
    /// Its records, written as JSON.
    pub parts: Parts,
    /// A number for what stations are read against.
    reference_tag: u64,
    /// The demand that planners ask about, as the operator gave it.
    given: Option<Arc<PlanBase>>,
    /// An even grid in its place, made at the first question; shared by the revisions for which it is the same.
    grid: Arc<OnceLock<Result<Arc<PlanBase>, DemandError>>>,
    last_covered: LastCovered,
}

impl Published {
    /// Writes the parts of a snapshot. O(n), on all cores.
    pub fn new(snapshot: Snapshot) -> Self {
        let parts = Parts::build(&snapshot);
        Self {
            reference_tag: reference_tag(snapshot.reference()),
            snapshot,
            parts,
            given: None,
            grid: Arc::default(),
            last_covered: LastCovered::default(),
        }
    }

    /// What is to be published after some changes of the register: the same answers as from a new [`Snapshot`] of the
    /// same stations, made from this one where nothing changed.
    ///
    /// Costs are those of [`Snapshot::with_changes`] and [`Parts::following`]: some tens of milliseconds for one station
    /// of 200,000, so call it off the threads that serve.
    #[must_use]
    pub fn with_changes(&self, changes: Vec<StationChange>, revision: u64) -> Self {
        let snapshot = self.snapshot.with_changes(changes, revision);
        // A grid lies over the districts, and only where there are none over the extent of the stations.
        let has_same_grid =
            !snapshot.reference().districts.is_empty() || snapshot.extent() == self.snapshot.extent();
        Self {
            parts: self.parts.following(&self.snapshot, &snapshot),
            reference_tag: self.reference_tag,
            snapshot,
            given: self.given.clone(),
            grid: if has_same_grid {
                Arc::clone(&self.grid)
            } else {
                Arc::default()
            },
            last_covered: LastCovered::default(),
        }
    }

    /// Numbers that stand for all records and for what they are read against: the same for the same, on any machine,
    /// and whatever edits led there. For entity tags.
    pub const fn fingerprint(&self) -> [u64; 2] {
        [self.parts.fingerprint(), self.reference_tag]
    }

    /// What the stations cover, by the last question about it.
    pub const fn last_covered(&self) -> &LastCovered {
        &self.last_covered
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

/// A number for the calendar, the clock, the districts and the standards.
fn reference_tag(reference: &Reference) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{:?}", reference.calendar).hash(&mut hasher);
    reference.clock.zone_name().hash(&mut hasher);
    for district in &*reference.districts {
        (&district.name, &district.adcode, &district.source).hash(&mut hasher);
        for corner in district.outline().coords_iter() {
            [corner.x, corner.y].map(f64::to_bits).hash(&mut hasher);
        }
    }
    // Standards are plain lists of words, which always can be written.
    serde_json::to_string(&*reference.standards)
        .unwrap_or_default()
        .hash(&mut hasher);
    hasher.finish()
}

/// Shared by all workers; a clone is another handle to the same state.
#[derive(Debug, Clone, Default)]
pub struct ApiState {
    published: Arc<ArcSwapOption<Published>>,
    /// What was published before and is perhaps still read.
    retired: Arc<Mutex<Vec<Arc<Published>>>>,
    metrics: Metrics,
    /// The register that is written to; none where stations come from files.
    register: Arc<OnceLock<Arc<Keeper>>>,
    gates: Arc<OnceLock<Gates>>,
    base_map: Arc<OnceLock<BaseMap>>,
    event_seats: EventSeats,
    closing: Arc<watch::Sender<bool>>,
}

/// Places for clients that follow changes.
#[derive(Debug, Clone)]
struct EventSeats(Arc<Semaphore>);

impl Default for EventSeats {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_EVENT_STREAMS)))
    }
}

impl ApiState {
    /// Puts the register behind the state; once, before the server answers.
    pub fn keep(&self, register: Arc<Keeper>) {
        drop(self.register.set(register));
    }

    /// The register that is written to.
    pub fn register(&self) -> Result<Arc<Keeper>, ApiError> {
        self.register.get().cloned().ok_or(ApiError::ReadOnly)
    }

    /// Puts a base map below the pages' stations; once, before the server answers.
    pub fn draw_on(&self, base_map: BaseMap) {
        drop(self.base_map.set(base_map));
    }

    /// The base map that the operator configured.
    pub fn base_map(&self) -> Option<&BaseMap> {
        self.base_map.get()
    }

    /// How often somebody may ask.
    pub fn gates(&self, request: &HttpRequest) -> &Gates {
        self.gates.get_or_init(|| Gates::new(&Limits::of(request)))
    }

    /// A place for one more client that follows changes.
    pub fn event_seat(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        Arc::clone(&self.event_seats.0)
            .try_acquire_owned()
            .map_err(|_full| ApiError::Busy)
    }

    /// Ends the streams that would else keep the server from ending.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Word of the end.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Publishes what a register has become since.
    pub fn publish_changes(&self, state: NewState) {
        if let Ok(published) = self.published() {
            self.publish(published.with_changes(state.changes, state.revision));
        }
    }

    /// Puts a new snapshot in the place of the old one. Requests that have begun finish on the old one.
    ///
    /// To let go of a snapshot of 200,000 stations takes milliseconds, and no request should pay for them. So the old
    /// one is kept until nobody reads it, and goes here, on the thread of the writer, when something is published again.
    pub fn publish(&self, published: Published) {
        self.metrics
            .set_stations(published.snapshot.stations().len(), published.snapshot.revision());
        let old = self.published.swap(Some(Arc::new(published)));
        let mut retired = self.retired.lock().unwrap_or_else(PoisonError::into_inner);
        retired.extend(old);
        retired.retain(|old| Arc::strong_count(old) > 1);
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
