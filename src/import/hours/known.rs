//! What was read before: registers use few different hours, and reading one costs more than the rest of a row.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::{HoursReading, is_syntax, read_hours};

/// How many different texts are remembered.
const MAX_KNOWN: usize = 10_000;

/// What a text is.
#[derive(Debug, Clone)]
pub(in crate::import) enum Known {
    /// `opening_hours` syntax, to be kept as it is.
    Osm,
    /// Prose, as it was read.
    Prose(Arc<HoursReading>),
}

/// The texts of a load with what they are, for all pieces of it.
#[derive(Debug, Default)]
pub(in crate::import) struct KnownHours(RwLock<HashMap<Box<str>, Known>>);

impl KnownHours {
    /// What a text is; read the first time it is seen.
    pub(in crate::import) fn look_up(&self, text: &str) -> Known {
        if let Some(known) = self.0.read().ok().and_then(|known| known.get(text).cloned()) {
            return known;
        }
        let answer = what_is(text);
        if let Ok(mut known) = self.0.write()
            && known.len() < MAX_KNOWN
        {
            known.insert(text.into(), answer.clone());
        }
        answer
    }
}

fn what_is(text: &str) -> Known {
    if is_syntax(text) {
        return Known::Osm;
    }
    let reading = read_hours(text);
    // `08:00-20:00` is both; nothing is added by keeping it twice.
    if reading.osm.as_deref() == Some(text) {
        return Known::Osm;
    }
    Known::Prose(Arc::new(reading))
}
