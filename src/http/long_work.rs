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
use super::plan::{EVENT_STREAM, PlanAnswer};
use crate::planner::watch::Watch;

/// Pieces of long work at a time; each uses every processor, so more would only be slower together.
pub const MAX_RUNNING: usize = 2;
/// How long a request waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// Time from one event of progress to the next.
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// Who may begin long work; a clone is another handle to the same.
#[derive(Debug, Clone)]
pub struct LongWork(Arc<Semaphore>);

impl Default for LongWork {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_RUNNING)))
    }
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
    async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let turn = tokio::time::timeout(MAX_WAIT, Arc::clone(&self.0).acquire_owned()).await;
        match turn {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(ApiError::Busy),
        }
    }

    async fn begin<W>(&self, work: W) -> Result<Running, ApiError>
    where
        W: FnOnce(&Watch) -> Result<PlanAnswer, ApiError> + Send + 'static,
    {
        let permit = self.turn().await?;
        let watch = Arc::new(Watch::default());
        let own = Arc::clone(&watch);
        let task = tokio::task::spawn_blocking(move || {
            let answer = work(&own);
            drop(permit);
            answer
        });
        Ok(Running { watch, task })
    }

    /// Does the work and gives its answer. A client that does not wait, or waits longer than `limit`, ends it.
    pub async fn answer<W>(&self, limit: Duration, work: W) -> Result<PlanAnswer, ApiError>
    where
        W: FnOnce(&Watch) -> Result<PlanAnswer, ApiError> + Send + 'static,
    {
        let mut running = self.begin(work).await?;
        match tokio::time::timeout(limit, &mut running.task).await {
            Ok(done) => finished(done),
            Err(_elapsed) => Err(ApiError::RequestTimeout {
                limit_s: limit.as_secs(),
            }),
        }
    }

    /// Does the work and streams how far it is; the last event holds the answer, or the problem. A stream that the client
    /// closes ends the work; there is no other limit of time.
    pub async fn events<W>(&self, work: W) -> Result<HttpResponse, ApiError>
    where
        W: FnOnce(&Watch) -> Result<PlanAnswer, ApiError> + Send + 'static,
    {
        let running = self.begin(work).await?;
        let events = stream::unfold(Some(running), |running| async {
            let mut running = running?;
            let (event, rest) = match tokio::time::timeout(PROGRESS_EVERY, &mut running.task).await {
                Ok(done) => (last_event(finished(done)), None),
                Err(_elapsed) => (progress_event(&running.watch), Some(running)),
            };
            Some((Ok::<_, actix_web::Error>(event), rest))
        });
        Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, EVENT_STREAM))
            .insert_header((CACHE_CONTROL, "no-store"))
            // Compression would hold events back.
            .insert_header((CONTENT_ENCODING, "identity"))
            .streaming(events))
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
