//! What the rules state for a date, once for each way in which the date may be read.

use chrono::{NaiveDate, Weekday};
use opening_hours_syntax::rules::RuleOperator;

use super::answer::OpenState;
use super::rule::{Applies, DayReading, Rule};
use super::slot::{DAY_END, SPILL_END, Slot, overlay};

/// Most rules of which it may be open whether they apply to a date; each doubles the number of readings.
const MAX_UNCERTAIN_RULES: usize = 4;

const WORKED_AS: [Weekday; 5] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
];

/// The readings of one date; each is what the rules state for its 48 hours, sorted and disjoint.
#[derive(Debug)]
pub(super) struct Readings<'a> {
    rules: &'a [Rule],
    stated: Vec<Vec<Slot>>,
}

impl<'a> Readings<'a> {
    pub fn new(rules: &'a [Rule]) -> Self {
        Self {
            rules,
            stated: Vec::new(),
        }
    }

    /// What was added.
    pub fn stated(&self) -> &[Vec<Slot>] {
        &self.stated
    }

    /// Adds one reading for each combination of rules that may or may not apply.
    pub fn add(&mut self, reading: &DayReading<'_>) {
        let applies: Vec<Applies> = self.rules.iter().map(|rule| rule.applies(reading)).collect();
        let uncertain = applies
            .iter()
            .filter(|&&applies| applies == Applies::Maybe)
            .count();
        if uncertain > MAX_UNCERTAIN_RULES {
            // Two readings that agree nowhere.
            let open = Slot {
                from: 0,
                to: SPILL_END,
                state: OpenState::Open,
                comment: None,
            };
            self.stated.extend([Vec::new(), vec![open]]);
            return;
        }
        for combination in 0..1_u32 << uncertain {
            let mut undecided = combination;
            let decided = self
                .rules
                .iter()
                .zip(&applies)
                .filter(|&(_, &applies)| match applies {
                    Applies::No => false,
                    Applies::Yes => true,
                    Applies::Maybe => {
                        let is_taken = undecided & 1 == 1;
                        undecided >>= 1;
                        is_taken
                    }
                });
            self.stated.push(combine(decided.map(|(rule, _)| rule)));
        }
    }

    /// Adds the readings of a make-up workday: as each of the five workdays.
    pub fn add_worked(&mut self, ordinary: &DayReading<'_>) {
        for weekday in WORKED_AS {
            self.add(&DayReading {
                worked_as: Some(weekday),
                ..*ordinary
            });
        }
    }

    /// Adds the reading of a day off about which the hours say nothing.
    pub fn add_unknown(&mut self, date: NaiveDate) {
        self.stated.push(unknown_slots(self.rules, date));
    }
}

/// A whole day and all nights that any rule could open after it, as unknown; sorted and disjoint.
pub(super) fn unknown_slots(rules: &[Rule], date: NaiveDate) -> Vec<Slot> {
    let unknown = |from, to| Slot {
        from,
        to,
        state: OpenState::Unknown,
        comment: None,
    };
    let mut slots = vec![unknown(0, DAY_END)];
    let covering = rules
        .iter()
        .filter(|rule| rule.state != OpenState::Closed && rule.covers_date(date));
    for slot in covering
        .flat_map(|rule| &rule.slots)
        .filter(|slot| slot.to > DAY_END)
    {
        overlay(&mut slots, unknown(slot.from.max(DAY_END), slot.to));
    }
    slots
}

/// What a day states to which all of `rules` apply, by the operators between them.
fn combine<'a>(rules: impl Iterator<Item = &'a Rule>) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    for rule in rules {
        match (rule.operator, rule.state) {
            (RuleOperator::Normal, OpenState::Open | OpenState::Unknown) => slots = rule.slots.to_vec(),
            // A closing rule takes its hours away and leaves the rest of the day.
            (RuleOperator::Additional, _) | (RuleOperator::Normal, OpenState::Closed) => {
                for slot in &rule.slots {
                    overlay(&mut slots, slot.clone());
                }
            }
            // A fallback speaks for the minutes that the rules before it leave closed.
            (RuleOperator::Fallback, _) => {
                let preferred = std::mem::replace(&mut slots, rule.slots.to_vec());
                for slot in preferred
                    .into_iter()
                    .filter(|slot| slot.state != OpenState::Closed)
                {
                    overlay(&mut slots, slot);
                }
            }
        }
    }
    slots
}
