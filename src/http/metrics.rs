//! What is counted, by route pattern and never by path: Prometheus' text format at `/metrics`.

use std::sync::Arc;

use prometheus::{Encoder as _, HistogramOpts, HistogramVec, IntGauge, Registry, TextEncoder};

/// Upper bounds of the buckets of answer times, seconds.
const BUCKETS_S: &[f64] = &[
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

/// Counters of one process; a clone is another handle to the same ones.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<Counters>);

#[derive(Debug)]
struct Counters {
    registry: Registry,
    duration_s: HistogramVec,
    stations: IntGauge,
    revision: IntGauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let registry = Registry::new();
        let options = HistogramOpts::new(
            "yizhan_http_request_duration_seconds",
            "Time to answer, by method, route and status",
        )
        .buckets(BUCKETS_S.to_vec());
        let known = "names and labels are constants that Prometheus allows";
        let counters = Counters {
            duration_s: HistogramVec::new(options, &["method", "route", "status"]).expect(known),
            stations: IntGauge::new("yizhan_stations", "Stations in the published snapshot").expect(known),
            revision: IntGauge::new("yizhan_revision", "Revision of the published snapshot").expect(known),
            registry,
        };
        let registry = &counters.registry;
        registry
            .register(Box::new(counters.duration_s.clone()))
            .expect(known);
        registry
            .register(Box::new(counters.stations.clone()))
            .expect(known);
        registry
            .register(Box::new(counters.revision.clone()))
            .expect(known);
        Self(Arc::new(counters))
    }
}

impl Metrics {
    /// Counts one answer.
    pub fn observe(&self, (method, route, status): (&str, &str, u16), duration_s: f64) {
        let mut digits = itoa::Buffer::new();
        self.0
            .duration_s
            .with_label_values(&[method, route, digits.format(status)])
            .observe(duration_s);
    }

    /// Notes the size and revision of a new snapshot.
    pub fn set_stations(&self, stations: usize, revision: u64) {
        self.0.stations.set(i64::try_from(stations).unwrap_or(i64::MAX));
        self.0.revision.set(i64::try_from(revision).unwrap_or(i64::MAX));
    }

    /// Everything that is counted, in Prometheus' text format.
    pub fn text(&self) -> prometheus::Result<String> {
        let mut bytes = Vec::new();
        TextEncoder::new().encode(&self.0.registry.gather(), &mut bytes)?;
        Ok(String::from_utf8(bytes).unwrap_or_default())
    }
}
