//! PostgreSQL's word that another instance has written.

use sqlx::postgres::PgListener;

use super::{DatabaseAddress, StationStore, StorageError};

/// The channel on which PostgreSQL tells of new revisions.
pub(super) const CHANNEL: &str = "yizhan_revisions";

/// A connection that hears of new revisions.
#[derive(Debug)]
pub struct Notices {
    listener: PgListener,
    store: StationStore,
}

impl StationStore {
    /// Begins to listen; `None` on SQLite, which tells nobody anything.
    pub async fn notices(&self) -> Result<Option<Notices>, StorageError> {
        let failed = |source| self.failed("listening for new revisions", source);
        let DatabaseAddress::Server(url) = self.address() else {
            return Ok(None);
        };
        let mut listener = PgListener::connect(url).await.map_err(failed)?;
        listener.listen(CHANNEL).await.map_err(failed)?;
        Ok(Some(Notices {
            listener,
            store: self.clone(),
        }))
    }
}

impl Notices {
    /// Waits for the next notice. One that comes between two calls is kept; one that comes while the connection is lost is
    /// lost, and the loss of the connection is an error.
    pub async fn next(&mut self) -> Result<(), StorageError> {
        let failed = |source| self.store.failed("listening for new revisions", source);
        match self.listener.try_recv().await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(failed(sqlx::Error::PoolClosed)),
            Err(source) => Err(failed(source)),
        }
    }
}
