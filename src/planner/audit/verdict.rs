//! Whether a station meets one item of a standard, and what stands in the way when it does not.

use crate::domain::facility::{Facilities, Facility, FacilityState};
use crate::domain::standard::{MapService, Requirement};
use crate::domain::station::{MapListings, Station};
use crate::domain::words::vocabulary;

vocabulary! {
    /// How a station, or one item at it, stands against a standard. Without a fact nothing passes and nothing fails.
    Verdict, "verdict" {
        Pass = "pass", "达标", "pass";
        Fail = "fail", "不达标", "fail";
        Unknown = "unknown", "待核实", "not known";
    }
}

vocabulary! {
    /// Why an item does not pass.
    Cause, "cause" {
        Missing = "missing", "没有", "not there";
        OutOfOrder = "out_of_order", "坏了", "out of order";
        TooSmall = "too_small", "面积不够", "too small";
        TooFewSeats = "too_few_seats", "座位不够", "too few seats";
        NotListed = "not_listed", "地图上没有", "not on the map";
        NotStated = "not_stated", "没有记录", "not stated";
        NotRecorded = "not_recorded", "登记表不记此项", "nothing that a record holds";
    }
}

/// The verdict on one item, with the cause unless it passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// The record says that the item is met.
    Pass,
    /// The record says that it is not.
    Fail(Cause),
    /// The record does not say.
    Unknown(Cause),
}

impl Judgement {
    /// The verdict alone.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Pass => Verdict::Pass,
            Self::Fail(_) => Verdict::Fail,
            Self::Unknown(_) => Verdict::Unknown,
        }
    }

    /// Why it does not pass.
    pub const fn cause(self) -> Option<Cause> {
        match self {
            Self::Pass => None,
            Self::Fail(cause) | Self::Unknown(cause) => Some(cause),
        }
    }
}

/// Judges one item at one station by its record.
pub fn judge(station: &Station, requirement: &Requirement) -> Judgement {
    match requirement {
        Requirement::Facility(facility) => any_of(&station.facilities, &[*facility]),
        Requirement::AnyOf(facilities) => any_of(&station.facilities, facilities),
        Requirement::MinFloorAreaM2(least_m2) => match station.floor_area_m2 {
            None => Judgement::Unknown(Cause::NotStated),
            Some(area_m2) if area_m2 >= *least_m2 => Judgement::Pass,
            Some(_) => Judgement::Fail(Cause::TooSmall),
        },
        Requirement::MinSeats(least) => match station.seats {
            None => Judgement::Unknown(Cause::NotStated),
            Some(seats) if seats >= *least => Judgement::Pass,
            Some(_) => Judgement::Fail(Cause::TooFewSeats),
        },
        Requirement::MapListingAnyOf(services) => {
            let listed = |wanted| {
                services
                    .iter()
                    .any(|service| listing(station.map_listings, *service) == wanted)
            };
            if listed(Listing::Yes) {
                Judgement::Pass
            } else if listed(Listing::Unknown) {
                Judgement::Unknown(Cause::NotStated)
            } else {
                Judgement::Fail(Cause::NotListed)
            }
        }
        Requirement::NotRecorded(_) => Judgement::Unknown(Cause::NotRecorded),
    }
}

fn any_of(facilities: &Facilities, wanted: &[Facility]) -> Judgement {
    let has = |state| wanted.iter().any(|facility| facilities.state(*facility) == state);
    if has(FacilityState::Yes) {
        Judgement::Pass
    } else if has(FacilityState::Unknown) {
        Judgement::Unknown(Cause::NotStated)
    } else if has(FacilityState::OutOfOrder) {
        Judgement::Fail(Cause::OutOfOrder)
    } else {
        Judgement::Fail(Cause::Missing)
    }
}

vocabulary! {
    /// Whether a map service lists a station.
    Listing, "listing" {
        Yes = "yes", "有", "yes";
        No = "no", "没有", "no";
        Unknown = "unknown", "不清楚", "not known";
    }
}

/// Whether a map service lists the station; nothing is out of order on a map, so whatever is not `yes` there is `no`.
pub const fn listing(listings: MapListings, service: MapService) -> Listing {
    let state = match service {
        MapService::Amap => listings.amap,
        MapService::Baidu => listings.baidu,
        MapService::Tencent => listings.tencent,
    };
    match state {
        FacilityState::Yes => Listing::Yes,
        FacilityState::No | FacilityState::OutOfOrder => Listing::No,
        FacilityState::Unknown => Listing::Unknown,
    }
}
