//! Medians by the clock and of processor time; the latter moves less when others use the processors, too.

use std::hint::black_box;
use std::time::Instant;

/// Medians of five runs: seconds by the clock, and of processor time.
pub fn medians_s<T>(run: impl Fn() -> T) -> (f64, f64) {
    let runs: Vec<(f64, f64)> = (0..5)
        .map(|_| {
            let (begun, begun_processor_s) = (Instant::now(), processor_s());
            black_box(run());
            (begun.elapsed().as_secs_f64(), processor_s() - begun_processor_s)
        })
        .collect();
    let median = |of: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[2]
    };
    (median(|run| run.0), median(|run| run.1))
}

/// The processor time of this process so far, all threads, seconds; 0 where the system does not tell it. Hundredths.
fn processor_s() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    let ticks = ticks.filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
