//! What somebody on the spot says is wrong with a station, and what became of it.

use super::facility::Facility;
use super::words::vocabulary;

vocabulary! {
    /// What is wrong.
    ReportKind, "kind" {
        DoorLocked = "door_locked", "门锁着", "the door is locked";
        NoWater = "no_water", "没有水", "there is no water";
        BrokenFacility = "broken_facility", "设施坏了", "a facility is broken";
        WrongPlace = "wrong_place", "位置不对", "the place is wrong";
        WrongHours = "wrong_hours", "开放时间不对", "the hours are wrong";
        ClosedForGood = "closed_for_good", "站点已撤销", "the station is closed for good";
        Other = "other", "其他", "something else";
    }
}

vocabulary! {
    /// What became of a ticket.
    TicketState, "state" {
        Open = "open", "待处理", "open";
        Acknowledged = "acknowledged", "处理中", "acknowledged";
        Resolved = "resolved", "已解决", "resolved";
        Rejected = "rejected", "不属实", "rejected";
    }
}

impl TicketState {
    /// Whether nothing more can become of the ticket; the next report about the same makes a new one.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Resolved | Self::Rejected)
    }
}

impl ReportKind {
    /// The facility that is out of order when an editor confirms such a report; `facility` is the one that it names.
    pub const fn broken(self, facility: Option<Facility>) -> Option<Facility> {
        match self {
            Self::BrokenFacility => facility,
            Self::NoWater => Some(Facility::DrinkingWater),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_broken_or_dry_can_be_out_of_order() {
        let microwave = Some(Facility::Microwave);
        assert_eq!(ReportKind::BrokenFacility.broken(microwave), microwave);
        assert_eq!(ReportKind::NoWater.broken(None), Some(Facility::DrinkingWater));
        let others = ReportKind::ALL
            .iter()
            .filter(|kind| !matches!(kind, ReportKind::BrokenFacility | ReportKind::NoWater));
        for kind in others {
            assert_eq!(kind.broken(microwave), None, "{kind}");
        }
        assert!(TicketState::Rejected.is_final() && !TicketState::Acknowledged.is_final());
    }
}
