//! Use cases over one snapshot of the register: nearest, along a route, items. Framework-free.
//!
//! Reads never wait for writes: a caller takes one [`Snapshot`] and answers from it; a reload makes a new one.

mod along_route;
mod changes;
mod district_table;
mod items;
mod nearest;
mod snapshot;
mod time;

pub use along_route::{AlongRouteFound, AlongRouteQuery, AlongRouteStation};
pub use changes::StationChange;
pub use district_table::{DistrictSet, DistrictTable, UnknownDistrict};
pub use items::{ItemsPage, ItemsQuery, Period};
pub use nearest::{NearestFound, NearestQuery};
pub use snapshot::{Reference, Snapshot};
pub use time::{Clock, Moment, OpenAsk};

use crate::domain::filter::StationFilter;
use crate::index::Wanted;

/// What every question may ask of a station.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// What the record must say.
    pub filter: StationFilter,
    /// The districts it may lie in; `None` for any.
    pub districts: Option<DistrictSet>,
    /// When it must be open.
    pub open: OpenAsk,
}

impl Conditions {
    /// The part of the conditions that the index knows.
    fn wanted(&self) -> Wanted<'_> {
        let districts = self.districts.as_ref().map_or(u64::MAX, DistrictSet::bits);
        Wanted {
            filter: &self.filter,
            districts,
        }
    }
}
