//! The smallest numbers of many, ascending: what a nearest search needs of its k best, without branches to guess.

/// Numbers that stand side by side.
const RUN: usize = 16;

/// Up to a given number of the smallest numbers seen, ascending.
#[derive(Debug)]
pub struct Best {
    /// Ascending within and from run to run; infinite where there is no number yet.
    runs: Vec<[f64; RUN]>,
    limit: usize,
}

impl Best {
    /// Room for `limit` numbers, at least one.
    pub fn new(limit: usize) -> Self {
        Self {
            runs: vec![[f64::INFINITY; RUN]; limit.div_ceil(RUN)],
            limit,
        }
    }

    /// Takes in a number. Each place takes the number before it, the new one or none, whichever keeps the order; the
    /// processor does several places at a time. O(limit).
    #[inline]
    pub fn take(&mut self, mut number: f64) {
        for run in &mut self.runs {
            let out = larger(run[RUN - 1], number);
            let mut before = [f64::NEG_INFINITY; RUN];
            before[1..].copy_from_slice(&run[..RUN - 1]);
            for (place, before) in run.iter_mut().zip(before) {
                *place = smaller(*place, larger(before, number));
            }
            number = out;
        }
    }

    /// The largest of the numbers kept, infinite as long as there are fewer than the limit.
    #[inline]
    pub fn worst(&self) -> f64 {
        let last = self.limit - 1;
        self.runs[last / RUN][last % RUN]
    }
}

// Written so that each becomes a single instruction; no number here is NaN.
#[inline]
fn smaller(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

#[inline]
fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_worst_of_the_best_is_that_of_all_in_order(
            numbers in proptest::collection::vec(prop_oneof![0.0..1e14, (0..5_i32).prop_map(f64::from)], 0..150),
            limit in 1..=100_usize,
        ) {
            let (mut best, mut all) = (Best::new(limit), Vec::new());
            for number in numbers {
                best.take(number);
                all.push(number);
                all.sort_by(f64::total_cmp);
                let expected = all.get(limit - 1).copied().unwrap_or(f64::INFINITY);
                prop_assert_eq!(best.worst().to_bits(), expected.to_bits());
            }
        }
    }
}
