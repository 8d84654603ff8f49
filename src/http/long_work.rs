//! Long work: off the threads that serve, few at a time, given up when nobody waits, with progress as a stream of events.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::Bytes;
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use super::error::ApiError;
use super::plan::PlanAnswer;
use super::plan_form::EVENT_STREAM;
use super::server::Limits;
use crate::planner::watch::Watch;

/// Time from one event of progress to the next.
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// Large files at a time; each is held in memory.
pub const MAX_UPLOADS: usize = 4;

/// Who may begin long work; a clone is another handle to the same.
#[derive(Debug, Clone)]
pub struct LongWork {
    turns: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    wait: Duration,
}

/// Work that goes on; dropping it gives the work up.
struct Running {
    watch: Arc<Watch>,
    task: JoinHandle<Result<PlanAnswer, ApiError>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.watch.cancel();
    }
}

impl LongWork {
    /// As much at a time as the limits let.
    pub fn new(limits: &Limits) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(limits.long_work)),
            uploads: Arc::new(Semaphore::new(MAX_UPLOADS)),
            wait: limits.long_work_wait,
        }
    }

    /// A place for one more large file, from its first byte to the answer.
    pub fn upload_seat(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        Arc::clone(&self.uploads)
            .try_acquire_owned()
            .map_err(|_full| ApiError::Busy)
    }

    /// Waits for a turn. It lasts until it is dropped, or until the work that is begun with it ends.
    pub async fn turn(&self) -> Result<Turn, ApiError> {
        let turn = tokio::time::timeout(self.wait, Arc::clone(&self.turns).acquire_owned()).await;
        match turn {
            Ok(Ok(permit)) => Ok(Turn { _permit: permit }),
            Ok(Err(_)) | Err(_) => Err(ApiError::Busy),
        }
    }
}

/// Leave to do one piece of long work.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    fn begin<W>(self, work: W) -> Running
    where
        W: FnOnce(&Watch) -> Result<PlanAnswer, ApiError> + Send + 'static,
    {
        let watch = Arc::new(Watch::default());
        let own = Arc::clone(&watch);
        let task = tokio::task::spawn_blocking(move || {
            let answer = work(&own);
            drop(self);
            answer
        });
        Running { watch, task }
    }

    /// Does the work and gives its answer. A client that does not wait, or waits longer than `limit`, ends it.
    pub async fn answer<W>(self, limit: Duration, work: W) -> Result<PlanAnswer, ApiError>
    where
        W: FnOnce(&Watch) -> Result<PlanAnswer, ApiError> + Send + 'static,
    {
        let mut running = self.begin(work);
        match tokio::time::timeout(limit, &mut running.task).await {
            Ok(done) => finished(done),
            Err(_elapsed) => Err(ApiError::RequestTimeout {
                limit_s: limit.as_secs(),
            }),
        }
    }

    /// Does the work and streams how far it is; the last event holds the answer, or the problem. A stream that the client
    /// closes ends the work; there is no other limit of time.
    pub fn events<W>(self, work: W) -> HttpResponse
    where
        W: FnOnce(&Watch) -> Result<PlanAnswer, ApiError> + Send + 'static,
    {
        let running = self.begin(work);
        // The first event comes at once, so that a client knows that the work has begun.
        let events = stream::unfold(Some((running, Duration::ZERO)), |running| async {
            let (mut running, wait) = running?;
            let (event, rest) = match tokio::time::timeout(wait, &mut running.task).await {
                Ok(done) => (last_event(finished(done)), None),
                Err(_elapsed) => (progress_event(&running.watch), Some((running, PROGRESS_EVERY))),
            };
            Some((Ok::<_, actix_web::Error>(event), rest))
        });
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, EVENT_STREAM))
            .insert_header((CACHE_CONTROL, "no-store"))
            // Compression would hold events back.
            .insert_header((CONTENT_ENCODING, "identity"))
            .streaming(events)
    }
}

fn finished(
    done: Result<Result<PlanAnswer, ApiError>, tokio::task::JoinError>,
) -> Result<PlanAnswer, ApiError> {
    done.unwrap_or_else(|error| {
        tracing::error!(%error, "A thread that made an answer was lost");
        Err(ApiError::Internal)
    })
}

fn progress_event(watch: &Watch) -> Bytes {
    let (done, total) = watch.progress();
    Bytes::from(format!(
        "event: progress\ndata: {{\"done\":{done},\"total\":{total}}}\n\n"
    ))
}

fn last_event(answer: Result<PlanAnswer, ApiError>) -> Bytes {
    let (name, body) = match answer {
        Ok(answer) => ("result", answer.body),
        Err(error) => ("problem", error.body()),
    };
    let mut event = format!("event: {name}\n").into_bytes();
    // JSON of one line; of other forms each line is a line of data.
    for line in body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        event.extend_from_slice(b"data: ");
        event.extend_from_slice(line);
        event.push(b'\n');
    }
    event.push(b'\n');
    Bytes::from(event)
}
