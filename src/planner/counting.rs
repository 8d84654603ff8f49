//! Counts many yes-or-no questions at once: one bit each, and for each bit whether it was set once, twice, … times.

/// `64 × W` bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bits<const W: usize>(pub [u64; W]);

impl<const W: usize> Default for Bits<W> {
    fn default() -> Self {
        Self([0; W])
    }
}

impl<const W: usize> Bits<W> {
    /// Sets a bit; bits beyond the last are left out.
    pub fn set(&mut self, bit: usize) {
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    /// Whether a bit is set.
    pub fn has(&self, bit: usize) -> bool {
        self.0
            .get(bit / 64)
            .is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    /// Whether no bit is set.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The bits that both have.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }

    /// The bits that this has and the other has not.
    #[must_use]
    pub fn and_not(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] & !other.0[word]))
    }

    /// The bits that either has.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }
}

/// Largest number of stations that can be asked to reach a place.
pub const MAX_K: u8 = 5;

/// For each bit, whether it was set at least once, twice, … and so on up to one more than [`MAX_K`] times.
#[derive(Debug, Clone, Copy)]
pub struct Counted<const W: usize>([Bits<W>; MAX_K as usize + 1]);

impl<const W: usize> Default for Counted<W> {
    fn default() -> Self {
        Self([Bits::default(); MAX_K as usize + 1])
    }
}

impl<const W: usize> Counted<W> {
    /// Counts the bits of one station, as far as counts up to `most` are needed.
    #[inline]
    pub fn add(&mut self, bits: &Bits<W>, most: usize) {
        for count in (1..most).rev() {
            self.0[count] = self.0[count].or(&self.0[count - 1].and(bits));
        }
        self.0[0] = self.0[0].or(bits);
    }

    /// The bits that were set at least `k` times; `k` from 1 to as many as [`Counted::add`] was told.
    pub const fn at_least(&self, k: usize) -> Bits<W> {
        self.0[k - 1]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bits_are_counted_as_one_by_one(words in prop::collection::vec(any::<[u64; 2]>(), 0..12), k in 1..=6_usize) {
            let mut counted = Counted::<2>::default();
            for word in &words {
                counted.add(&Bits(*word), k);
            }
            for bit in 0..128 {
                let set = words.iter().filter(|word| Bits(**word).has(bit)).count();
                prop_assert_eq!(counted.at_least(k).has(bit), set >= k);
            }
        }
    }
}
