//! Watching long work from outside: how far it is, and stopping it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use thiserror::Error;

/// Shared between long work and whoever waits for it. The work adds to `done` in large steps and asks now and then
/// whether it is still wanted.
#[derive(Debug, Default)]
pub struct Watch {
    cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

/// The work was given up because nobody waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the work was cancelled")]
pub struct Cancelled;

impl Watch {
    /// Asks the work to stop; it does within a few milliseconds.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the work is no longer wanted, for a look in between that costs next to nothing.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Announces more work, in units that [`Watch::advance`] counts.
    pub fn expect(&self, units: usize) {
        self.total.fetch_add(units as u64, Ordering::Relaxed);
    }

    /// Counts finished work, and stops when it is no longer wanted.
    pub fn advance(&self, units: usize) -> Result<(), Cancelled> {
        self.done.fetch_add(units as u64, Ordering::Relaxed);
        if self.cancelled.load(Ordering::Relaxed) {
            Err(Cancelled)
        } else {
            Ok(())
        }
    }

    /// Units finished and units announced so far.
    pub fn progress(&self) -> (u64, u64) {
        (
            self.done.load(Ordering::Relaxed),
            self.total.load(Ordering::Relaxed),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_until_it_is_cancelled() {
        let watch = Watch::default();
        watch.expect(3);
        assert_eq!(watch.advance(1), Ok(()));
        watch.cancel();
        assert_eq!(watch.advance(1), Err(Cancelled));
        assert_eq!(watch.progress(), (2, 3));
    }
}
