//! Sums of demand by how surely it is covered.

use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::demand::WeightColumn;

/// Whether a place is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Cover {
    /// Enough stations that surely match reach it.
    Sure,
    /// Enough stations reach it only when those count that perhaps match.
    Perhaps,
    /// Not even then.
    Not,
}

impl Cover {
    /// Every case, in the order of answers.
    pub const ALL: [Self; 3] = [Self::Sure, Self::Perhaps, Self::Not];

    /// From whether enough stations surely reach a place, and whether enough perhaps do.
    pub const fn of(is_sure: bool, is_perhaps: bool) -> Self {
        match (is_sure, is_perhaps) {
            (true, _) => Self::Sure,
            (false, true) => Self::Perhaps,
            (false, false) => Self::Not,
        }
    }

    /// The word for it in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Perhaps => "perhaps",
            Self::Not => "not",
        }
    }
}

/// Places and their weights, added up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sums {
    /// How many places.
    pub places: u64,
    /// The sum of each weight, in the order of the demand's columns.
    pub weights: Vec<f64>,
}

impl Sums {
    /// Adds other sums.
    pub fn add(&mut self, other: &Self) {
        self.places += other.places;
        if self.weights.is_empty() {
            self.weights = vec![0.0; other.weights.len()];
        }
        for (sum, more) in self.weights.iter_mut().zip(&other.weights) {
            *sum += more;
        }
    }

    /// A weight's sum; 0 without places.
    pub fn weight(&self, column: usize) -> f64 {
        self.weights.get(column).copied().unwrap_or(0.0)
    }
}

/// Sums by cover.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tally {
    by_cover: [Sums; 3],
}

impl Tally {
    /// Adds sums that are covered like this.
    pub fn add(&mut self, cover: Cover, sums: &Sums) {
        self.by_cover[cover as usize].add(sums);
    }

    /// Adds another tally.
    pub fn add_all(&mut self, other: &Self) {
        for cover in Cover::ALL {
            self.add(cover, other.of(cover));
        }
    }

    /// What is covered like this.
    pub const fn of(&self, cover: Cover) -> &Sums {
        &self.by_cover[cover as usize]
    }

    /// Number of places, covered or not.
    pub fn places(&self) -> u64 {
        self.by_cover.iter().map(|sums| sums.places).sum()
    }

    /// A weight's total.
    pub fn total(&self, column: usize) -> f64 {
        self.by_cover.iter().map(|sums| sums.weight(column)).sum()
    }

    /// The share of a weight, 0 to 1; `None` when there is nothing to share.
    pub fn share(&self, cover: Cover, column: usize) -> Option<f64> {
        let total = self.total(column);
        (total > 0.0).then(|| self.of(cover).weight(column) / total)
    }
}

/// Sums by key, filled place by place. Neighbours mostly share their key, so the last one is remembered.
#[derive(Debug)]
pub struct Tallies<K> {
    slots: HashMap<K, usize>,
    sums: Vec<Sums>,
    last: Option<(K, usize)>,
}

impl<K> Default for Tallies<K> {
    fn default() -> Self {
        Self {
            slots: HashMap::new(),
            sums: Vec::new(),
            last: None,
        }
    }
}

impl<K: Copy + Eq + Hash + Ord> Tallies<K> {
    fn slot(&mut self, key: K, width: usize) -> usize {
        if let Some((last, slot)) = self.last
            && last == key
        {
            return slot;
        }
        let sums = &mut self.sums;
        let slot = *self.slots.entry(key).or_insert_with(|| {
            sums.push(Sums {
                places: 0,
                weights: vec![0.0; width],
            });
            sums.len() - 1
        });
        self.last = Some((key, slot));
        slot
    }

    /// Adds one place with its weights.
    #[inline]
    pub fn add(&mut self, key: K, weights: &[WeightColumn], place: usize) {
        let slot = self.slot(key, weights.len());
        let sums = &mut self.sums[slot];
        sums.places += 1;
        for (sum, column) in sums.weights.iter_mut().zip(weights) {
            *sum += column.values[place];
        }
    }

    /// Adds all of another; equal keys join.
    pub fn merge(&mut self, other: Self) {
        for (key, sums) in other.into_sorted() {
            let slot = self.slot(key, sums.weights.len());
            self.sums[slot].add(&sums);
        }
    }

    /// Every key with its sums, in the order of keys.
    pub fn into_sorted(self) -> Vec<(K, Sums)> {
        let mut sums: Vec<Option<Sums>> = self.sums.into_iter().map(Some).collect();
        let mut keys: Vec<(K, usize)> = self.slots.into_iter().collect();
        keys.sort_unstable();
        let taken = keys
            .into_iter()
            .map(|(key, slot)| (key, sums[slot].take().unwrap_or_default()));
        taken.collect()
    }
}
