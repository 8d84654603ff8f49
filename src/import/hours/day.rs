//! The hours of one kind of day: what is certain, what may be, and why it only may be.

use super::span::{DAY, Span};

/// Sorted, disjoint spans.
pub(super) type Spans = Vec<Span>;

/// When a place is open on a day that begins these hours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hours {
    pub(super) sure: Spans,
    /// Not certain; disjoint from `sure`.
    pub(super) maybe: Spans,
    /// The words that make it uncertain.
    pub(super) why: String,
}

impl Hours {
    /// Certain hours.
    pub(super) fn sure(spans: Spans) -> Self {
        Self {
            sure: spans,
            ..Self::default()
        }
    }

    /// Hours that are not certain.
    pub(super) fn maybe(spans: Spans, why: &str) -> Self {
        Self {
            maybe: spans,
            why: why.to_owned(),
            ..Self::default()
        }
    }

    /// Unknown at all times of the day.
    pub(super) fn unknown(why: &str) -> Self {
        Self::maybe(vec![(0, DAY)], why)
    }

    /// Whether there are no hours at all.
    pub(super) fn is_empty(&self) -> bool {
        self.sure.is_empty() && self.maybe.is_empty()
    }

    /// Whether all 24 hours are certain.
    pub(super) fn is_always(&self) -> bool {
        self.sure == [(0, DAY)]
    }

    /// Whether nothing is certain about any of the 24 hours.
    pub(super) fn is_unknown(&self) -> bool {
        self.maybe == [(0, DAY)]
    }

    /// All of it, certain or not.
    pub(super) fn whole(&self) -> Spans {
        union(&self.sure, &self.maybe)
    }

    /// The same hours, none of them certain.
    pub(super) fn doubted(&self, why: &str) -> Self {
        Self::maybe(self.whole(), &joined(&self.why, why))
    }

    /// What is certain in both, and the rest of both.
    pub(super) fn either(&self, other: &Self, why: &str) -> Self {
        let sure = intersection(&self.sure, &other.sure);
        let maybe = difference(&union(&self.whole(), &other.whole()), &sure);
        let reason = joined(&joined(&self.why, &other.why), why);
        Self {
            sure,
            why: if maybe.is_empty() { String::new() } else { reason },
            maybe,
        }
    }

    /// Two statements about one day: the same, or one after the other. `None` when they contradict each other.
    pub(super) fn with(&self, other: &Self) -> Option<Self> {
        if self == other {
            return Some(self.clone());
        }
        let is_apart = intersection(&self.whole(), &other.whole()).is_empty();
        is_apart.then(|| Self {
            sure: union(&self.sure, &other.sure),
            maybe: union(&self.maybe, &other.maybe),
            why: joined(&self.why, &other.why),
        })
    }

    /// Takes a break out, which must lie within certain hours.
    pub(super) fn without(&self, pause: Span) -> Option<Self> {
        let is_within = self
            .sure
            .iter()
            .any(|span| span.0 <= pause.0 && pause.1 <= span.1);
        is_within.then(|| Self {
            sure: difference(&self.sure, &[pause]),
            ..self.clone()
        })
    }

    /// Doubts the certain hours within a span that they fill without a gap.
    pub(super) fn doubted_within(&self, span: Span, why: &str) -> Self {
        let part = intersection(&self.sure, &[span]);
        let is_whole = self.sure.iter().any(|own| own.0 <= span.0 && span.1 <= own.1);
        if !is_whole {
            return self.clone();
        }
        Self {
            sure: difference(&self.sure, &part),
            maybe: union(&self.maybe, &part),
            why: joined(&self.why, why),
        }
    }
}

/// Two reasons as one, without repeating.
fn joined(one: &str, other: &str) -> String {
    match (one, other) {
        ("", only) | (only, "") => only.to_owned(),
        (one, other) if one.contains(other) => one.to_owned(),
        (one, other) => format!("{one}/{other}"),
    }
}

/// What is in one or the other.
pub(super) fn union(one: &[Span], other: &[Span]) -> Spans {
    let mut all: Spans = one.iter().chain(other).copied().collect();
    all.sort_unstable();
    let mut merged: Spans = Vec::with_capacity(all.len());
    for span in all {
        match merged.last_mut() {
            Some(last) if span.0 < last.1 => last.1 = last.1.max(span.1),
            _ => merged.push(span),
        }
    }
    merged
}

fn intersection(one: &[Span], other: &[Span]) -> Spans {
    let pairs = one
        .iter()
        .flat_map(|a| other.iter().map(move |b| (a.0.max(b.0), a.1.min(b.1))));
    let mut common: Spans = pairs.filter(|span| span.0 < span.1).collect();
    common.sort_unstable();
    common
}

fn difference(from: &[Span], taken: &[Span]) -> Spans {
    let mut left = from.to_vec();
    for cut in taken {
        let pieces = left
            .iter()
            .flat_map(|span| [(span.0, span.1.min(cut.0)), (span.0.max(cut.1), span.1)]);
        left = pieces.filter(|span| span.0 < span.1).collect();
    }
    left
}
