//! How long ago records were last checked at the place.

use chrono::NaiveDate;

/// The ages that are counted, days.
pub const WITHIN_DAYS: [i64; 3] = [90, 180, 365];

/// How old the verification of some records is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Verification {
    /// Records that nobody has verified.
    pub never: usize,
    /// Records that say they were verified after the day of the audit; their age is not counted.
    pub after_today: usize,
    /// The median age in days of the others; between the two middle ones where their number is even.
    pub median_days: Option<f64>,
    /// Records verified within each of [`WITHIN_DAYS`], the last day included.
    pub within: [usize; 3],
}

/// Days from a verification to a day; negative when it lies after it.
pub fn days_since(verified_at: NaiveDate, today: NaiveDate) -> i64 {
    today.signed_duration_since(verified_at).num_days()
}

/// Counts ages; `None` stands for never. O(n log n).
pub fn summarise(ages_days: impl Iterator<Item = Option<i64>>) -> Verification {
    let mut summary = Verification::default();
    let mut known = Vec::new();
    for age in ages_days {
        match age {
            None => summary.never += 1,
            Some(days) if days < 0 => summary.after_today += 1,
            Some(days) => known.push(days),
        }
    }
    known.sort_unstable();
    for (count, limit) in summary.within.iter_mut().zip(WITHIN_DAYS) {
        *count = known.partition_point(|days| *days <= limit);
    }
    let middle = known.len() / 2;
    let upper = known.get(middle);
    let lower = if known.len() % 2 == 0 {
        middle.checked_sub(1).and_then(|below| known.get(below))
    } else {
        upper
    };
    summary.median_days = lower
        .zip(upper)
        .map(|(lower, upper)| (lower + upper) as f64 / 2.0);
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_lies_between_the_two_middle_ages_and_the_limits_are_inclusive() {
        let ages = [Some(0), None, Some(90), Some(91), Some(-1), Some(365)];
        let summary = summarise(ages.into_iter());
        assert_eq!((summary.never, summary.after_today), (1, 1));
        assert_eq!(summary.median_days, Some(90.5));
        assert_eq!(summary.within, [2, 3, 4]);
        assert_eq!(summarise([Some(7)].into_iter()).median_days, Some(7.0));
        assert_eq!(
            summarise([None, Some(-3)].into_iter()).median_days,
            None,
            "nothing has an age"
        );
    }

    #[test]
    fn days_are_counted_by_the_calendar() {
        let day = |text: &str| text.parse().unwrap();
        assert_eq!(days_since(day("2024-02-28"), day("2024-03-01")), 2);
        assert_eq!(days_since(day("2026-11-23"), day("2026-11-22")), -1);
    }
}
