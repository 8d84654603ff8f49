//! Which stations a question is about: facilities, host, status, and whether unknown counts.

use super::facility::{Facilities, FacilitySet};
use super::station::{Host, Status};

/// What to do with a station of which the asked-for facility or open state is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownPolicy {
    /// Leave it out: only what is surely so passes. The default.
    #[default]
    Refuse,
    /// Let it through; answers show it as unknown. What is surely not so is still left out.
    Allow,
}

/// A set of hosts, statuses or the like: one bit for each entry of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordSet(u16);

impl WordSet {
    /// Every entry.
    pub const ALL: Self = Self(u16::MAX);
    /// No entry.
    pub const EMPTY: Self = Self(0);

    /// The set of some hosts.
    pub fn of_hosts(hosts: &[Host]) -> Self {
        Self(
            hosts
                .iter()
                .fold(0, |bits, host| bits | Self::host_bit(Some(*host))),
        )
    }

    /// The set of some statuses.
    pub fn of_statuses(statuses: &[Status]) -> Self {
        Self(
            statuses
                .iter()
                .fold(0, |bits, status| bits | Self::status_bit(*status)),
        )
    }

    /// The bit of a host; a host that is not stated has a bit of its own, the highest.
    pub const fn host_bit(host: Option<Host>) -> u16 {
        match host {
            Some(host) => 1 << host as u8,
            None => 1 << 15,
        }
    }

    /// The bit of a status.
    pub const fn status_bit(status: Status) -> u16 {
        1 << status as u8
    }

    /// The bits.
    pub const fn bits(self) -> u16 {
        self.0
    }
}

/// The part of a question that a station's own record decides; time and district are decided elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StationFilter {
    /// Every one of these must be there.
    pub facilities: FacilitySet,
    /// At least one of these must be there; empty asks nothing.
    pub facilities_any: FacilitySet,
    /// What a facility that is not known counts as.
    pub unknown: UnknownPolicy,
    /// Whose place it may be.
    pub hosts: WordSet,
    /// Where it may stand in its life.
    pub statuses: WordSet,
}

impl Default for StationFilter {
    fn default() -> Self {
        Self::ANY
    }
}

impl StationFilter {
    /// Lets every station through.
    pub const ANY: Self = Self {
        facilities: FacilitySet::EMPTY,
        facilities_any: FacilitySet::EMPTY,
        unknown: UnknownPolicy::Refuse,
        hosts: WordSet::ALL,
        statuses: WordSet::ALL,
    };

    /// Whether nothing is asked.
    pub fn is_open_to_all(&self) -> bool {
        self.facilities.is_empty()
            && self.facilities_any.is_empty()
            && self.hosts == WordSet::ALL
            && self.statuses == WordSet::ALL
    }

    /// Whether a station passes. `unknown` and `out_of_order` are never `yes`; `out_of_order` is never unknown.
    pub fn matches(&self, facilities: &Facilities, host: Option<Host>, status: Status) -> bool {
        let usable = match self.unknown {
            UnknownPolicy::Refuse => facilities.yes().bits(),
            UnknownPolicy::Allow => facilities.yes().bits() | facilities.unknown().bits(),
        };
        self.matches_bits(usable, WordSet::host_bit(host), WordSet::status_bit(status))
    }

    /// The same rule over bits, for the search: `usable` are the facilities that count as there under the policy.
    #[inline]
    pub const fn matches_bits(&self, usable: u32, host_bits: u16, status_bits: u16) -> bool {
        usable & self.facilities.bits() == self.facilities.bits()
            && (self.facilities_any.is_empty() || usable & self.facilities_any.bits() != 0)
            && host_bits & self.hosts.bits() != 0
            && status_bits & self.statuses.bits() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facility::{Facility, FacilityState};

    fn with(state: FacilityState) -> Facilities {
        let mut facilities = Facilities::default();
        facilities.set(Facility::Microwave, state);
        facilities
    }

    fn asking(unknown: UnknownPolicy) -> StationFilter {
        StationFilter {
            facilities: [Facility::Microwave].into_iter().collect(),
            unknown,
            ..StationFilter::default()
        }
    }

    #[test]
    fn unknown_passes_only_when_allowed_and_no_or_broken_never() {
        use FacilityState::{No, OutOfOrder, Unknown, Yes};
        for (state, refused, allowed) in [
            (Yes, true, true),
            (Unknown, false, true),
            (No, false, false),
            (OutOfOrder, false, false),
        ] {
            let facilities = with(state);
            let passes = |policy| asking(policy).matches(&facilities, None, Status::Open);
            assert_eq!(
                (passes(UnknownPolicy::Refuse), passes(UnknownPolicy::Allow)),
                (refused, allowed),
                "{state}"
            );
        }
    }

    #[test]
    fn any_of_needs_one_and_all_of_needs_every_one() {
        let facilities = with(FacilityState::Yes);
        let pair: FacilitySet = [Facility::Microwave, Facility::Toilet].into_iter().collect();
        let all = StationFilter {
            facilities: pair,
            ..StationFilter::default()
        };
        let any = StationFilter {
            facilities_any: pair,
            ..StationFilter::default()
        };
        assert!(!all.matches(&facilities, None, Status::Open));
        assert!(any.matches(&facilities, None, Status::Open));
    }

    #[test]
    fn a_host_that_is_not_stated_is_none_of_the_hosts_asked_for() {
        let filter = StationFilter {
            hosts: WordSet::of_hosts(Host::ALL),
            ..StationFilter::default()
        };
        assert!(!filter.matches(&Facilities::default(), None, Status::Open));
        assert!(filter.matches(&Facilities::default(), Some(Host::Other), Status::Open));
    }
}
